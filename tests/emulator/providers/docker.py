# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Docker: containers as machines. Listing and actions are not in the recordings: shapes are a guess (README.md)."""

from __future__ import annotations

from ..errors import CreationRefused, ProviderDown
from ..settings import DockerHost
from ..world import Backend, Machine, World
from .base import Item, Order, Provider

IMAGES: tuple[str, ...] = ("mist/ubuntu-14.04:latest", "mist/debian-wheezy:latest")


class Docker(Provider):
    failure_name = "Docker"
    actions = frozenset({"start", "stop", "reboot", "destroy"})

    def accepts(self, world: World, backend: Backend) -> bool:
        here = DockerHost(backend.apiurl.rstrip("/"), backend.docker_port)
        if here not in world.settings.accounts:
            raise ProviderDown
        return True

    def images(self, backend: Backend) -> list[Item]:
        return [{"id": name, "name": name, "star": True, "extra": {}} for name in IMAGES]

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in IMAGES:
            raise CreationRefused(f"No such image: {order.image}")

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        now = world.clock.now()
        return Machine(
            id=world.digest("container", 64),
            name=order.name,
            number=world.count("machine"),
            status="running",
            ready_at=now,
            made_at=now,
            image=order.image,
            public_ips=[world.public_address()],
            authorized={order.public_key},
        )

    def listed(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {**super().listed(backend, machine, now), "imageId": machine.image}

    def load(self, world: World, backend: Backend, number: int) -> None:
        machine = self.make(world, backend, Order(f"box-{number:05}", IMAGES[number % 2], "", "", "", ""))
        world.machines_of(backend)[machine.id] = machine

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {"image": machine.image, "command": "/usr/sbin/sshd -D", "status": machine.state(now), "ports": []}
