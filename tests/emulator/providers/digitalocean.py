# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DigitalOcean, API v2: droplets with integer ids as text; a destroy that works and is answered as a failure."""

from __future__ import annotations

from ..errors import CreationRefused
from ..settings import DigitalOceanAccount
from ..world import Backend, Machine, World
from .base import Item, Order, Provider

FIRST_ID = 3164443
REFUSAL = "{{u'message': u'You specified an invalid {} for Droplet creation.', u'id': u'unprocessable_entity'}}"
# id, name, distribution, slug
IMAGES: tuple[tuple[str, str, str, str], ...] = (
    ("6918990", "14.04 x64", "Ubuntu", "ubuntu-14-04-x64"),
    ("6372321", "6.5 x64", "CentOS", "centos-6-5-x64"),
    ("7555620", "my snapshot", "Ubuntu", "my-snapshot"),
)
# id, memory, disk, price for an hour, for a month
SIZES: tuple[tuple[str, int, int, str, str], ...] = (
    ("512mb", 512, 20, "0.00744", "5.0"),
    ("1gb", 1024, 30, "0.01488", "10.0"),
)
LOCATIONS: tuple[tuple[str, str], ...] = (("nyc3", "New York 3"), ("ams2", "Amsterdam 2"))


class DigitalOcean(Provider):
    failure_name = "Digital Ocean"
    actions = frozenset({"start", "stop", "reboot", "destroy", "resize"})
    static_sizes = False
    static_locations = False
    destroy_answer_is_lost = True

    def accepts(self, world: World, backend: Backend) -> bool:
        accounts = world.settings.accounts
        return any(isinstance(each, DigitalOceanAccount) and each.token == backend.apisecret for each in accounts)

    def images(self, backend: Backend) -> list[Item]:
        return [
            {"id": id_, "name": name, "star": True, "extra": {"distribution": distribution}}
            for id_, name, distribution, _slug in IMAGES
        ]

    def sizes(self, backend: Backend) -> list[Item]:
        return [
            {
                "id": id_,
                "name": id_,
                "ram": id_,
                "disk": f"{disk}G SSD",
                "bandwidth": 0,
                "price": f"${hour}/hour, ${month}/month",
                "driver": "Digital Ocean",
            }
            for id_, _memory, disk, hour, month in SIZES
        ]

    def locations(self, backend: Backend) -> list[Item]:
        return [{"id": slug, "name": name, "country": None} for slug, name in LOCATIONS]

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in {image[0] for image in IMAGES}:
            raise CreationRefused(REFUSAL.format("image"))
        if order.size not in {size[0] for size in SIZES}:
            raise CreationRefused(REFUSAL.format("size"))

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        now = world.clock.now()
        return Machine(
            id=str(FIRST_ID + world.count("droplet")),
            name=order.name,
            number=world.count("machine"),
            status="pending",
            ready_at=now + world.settings.boot_seconds,
            made_at=now,
            image=order.image,
            size=order.size,
            location=order.location,
            key=order.key,
            authorized={order.public_key},
        )

    def settle(self, world: World, machine: Machine) -> None:
        if not machine.public_ips and machine.state(world.clock.now()) == "running":
            machine.public_ips = [world.public_address()]

    def load(self, world: World, backend: Backend, number: int) -> None:
        order = Order(
            f"drop-{number:05}", IMAGES[number % 3][0], SIZES[number % 2][0], LOCATIONS[number % 2][0], "", ""
        )
        machine = self.make(world, backend, order)
        machine.status = "running"
        self.settle(world, machine)
        machine.status = "stopped" if number % 10 == 9 else "running"
        world.machines_of(backend)[machine.id] = machine

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        image = next(each for each in IMAGES if each[0] == machine.image)
        size = next((each for each in SIZES if each[0] == machine.size), SIZES[0])
        return {
            "name": machine.name,
            "image": {
                "id": image[0],
                "name": image[1],
                "distribution": image[2],
                "slug": image[3],
                "public": True,
                "regions": ["nyc3"],
                "created_at": "2014-10-17T00:00:00Z",
                "min_disk_size": 20,
            },
            "kernel": {
                "id": 2233,
                "name": "Ubuntu 14.04 x64 vmlinuz-3.13.0-37-generic",
                "version": "3.13.0-37-generic",
            },
            "backup_ids": [],
            "created_at": "2014-10-17T12:00:00Z",
            "memory": size[1],
            "disk": size[2],
            "features": ["private_networking"],
        }
