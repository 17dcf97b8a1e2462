# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenStack: instances that pend and reboot for a while, metadata as tags, a password in the create answer."""

from __future__ import annotations

import hashlib
import uuid

from ..errors import CreationRefused, ProviderDown
from ..settings import OpenStackAccount
from ..world import Backend, Machine, World
from .base import Item, Order, Provider

BAD_IMAGE = "400 Bad Request Can not find requested image"
BAD_SIZE = "400 Bad Request Invalid flavorRef provided."
TENANT_ID = "1337"
IMAGES: tuple[tuple[str, str], ...] = (
    ("3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "Ubuntu 14.04 amd64"),
    ("7b0f7f5e-6f0a-4f0e-9b55-2b9d3f1c7e02", "CentOS 6.5 x86_64"),
)
# id, name, ram, disk
SIZES: tuple[tuple[str, str, int, int], ...] = (
    ("1", "m1.tiny", 512, 1),
    ("2", "m1.small", 2048, 20),
    ("3", "m1.medium", 4096, 40),
)


def plain_url(url: str) -> str:
    """The url as it is stored: without the version of the identity service."""
    return url.rstrip("/").removesuffix("/v2.0").rstrip("/")


class OpenStack(Provider):
    failure_name = "OpenStack"
    actions = frozenset({"reboot", "destroy"})
    taggable = True
    static_sizes = False

    def accepts(self, world: World, backend: Backend) -> bool:
        accounts = [each for each in world.settings.accounts if isinstance(each, OpenStackAccount)]
        here = [each for each in accounts if plain_url(each.url) == plain_url(backend.apiurl)]
        if not here:
            raise ProviderDown
        wanted = (backend.apikey, backend.apisecret, backend.tenant_name)
        return wanted in {(each.user, each.password, each.tenant) for each in here}

    def images(self, backend: Backend) -> list[Item]:
        made = "2014-04-18T00:00:00Z"
        extra = {
            "status": "ACTIVE",
            "updated": made,
            "created": made,
            "minDisk": 0,
            "minRam": 0,
            "progress": 100,
            "serverId": None,
            "metadata": {},
        }
        return [{"id": id_, "name": name, "star": True, "extra": extra} for id_, name in IMAGES]

    def sizes(self, backend: Backend) -> list[Item]:
        fixed = {"price": 0.0, "driver": "OpenStack", "bandwidth": None}
        return [{"id": id_, "name": name, "ram": ram, "disk": disk, **fixed} for id_, name, ram, disk in SIZES]

    def locations(self, backend: Backend) -> list[Item]:
        return [{"id": "0", "name": "", "country": ""}]

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in dict(IMAGES):
            raise CreationRefused(BAD_IMAGE)
        if order.size not in {size[0] for size in SIZES}:
            raise CreationRefused(BAD_SIZE)

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        now = world.clock.now()
        return Machine(
            id=str(uuid.UUID(world.digest("server", 32))),
            name=order.name,
            number=world.count("machine"),
            status="pending",
            ready_at=now + world.settings.boot_seconds,
            made_at=now,
            image=order.image,
            size=order.size,
            key=order.name,
            authorized={order.public_key},
        )

    def settle(self, world: World, machine: Machine) -> None:
        if not machine.public_ips and machine.state(world.clock.now()) == "running":
            machine.public_ips = [world.public_address()]
            machine.private_ips = [world.private_address()]

    def created(self, backend: Backend, machine: Machine, now: float) -> Item:
        item = super().created(backend, machine, now)
        item["extra"]["password"] = "admin-" + hashlib.sha1(machine.id.encode()).hexdigest()[:8]
        return item

    def listed(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {**super().listed(backend, machine, now), "imageId": machine.image, "size": machine.size}

    def reboot(self, world: World, machine: Machine) -> None:
        machine.status = "rebooting"
        machine.ready_at = world.clock.now() + world.settings.boot_seconds

    def load(self, world: World, backend: Backend, number: int) -> None:
        order = Order(f"app-{number:05}", IMAGES[number % 2][0], SIZES[number % 3][0], "0", "", "")
        machine = self.make(world, backend, order)
        machine.status = "pending" if number % 20 == 19 else "running"
        machine.ready_at = float("inf") if machine.status == "pending" else machine.ready_at
        self.settle(world, machine)
        machine.tags = {"mist.io_tag-1": ("prod", "stage", "dev")[number % 3]}
        if number % 4 == 0:
            machine.public_ips = [*machine.public_ips, f"2001:db8::{number + 1:x}"]
        world.machines_of(backend)[machine.id] = machine

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        booted = bool(machine.public_ips)
        return {
            "updated": "2014-10-17T12:00:00Z",
            "created": "2014-10-17T11:59:00Z",
            "access_ip": "",
            "key_name": machine.key,
            "disk_config": "MANUAL",
            "uri": f"{plain_url(backend.apiurl)}/v2/{TENANT_ID}/servers/{machine.id}",
            "imageId": machine.image,
            "flavorId": machine.size,
            "metadata": dict(machine.tags),
            "password": None,
            "hostId": hashlib.sha224(machine.id.encode()).hexdigest() if booted else "",
            "availability_zone": "nova",
            "tenantId": TENANT_ID,
        }
