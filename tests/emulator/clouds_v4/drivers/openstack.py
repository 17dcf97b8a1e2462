# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenStack in v4.7. No recording has it: the shapes are those of EC2, the behaviour is that of 2014's emulation."""

from __future__ import annotations

from ...providers import openstack as shared
from ...providers.base import Order
from ...world import Backend, Machine, World
from ..state import Cloud, Item
from .base import Driver, image, location, size


class OpenStack(shared.OpenStack, Driver):
    failure_name = "OpenStack"
    security_groups_supported = True

    def images_of(self, cloud: Cloud) -> list[Item]:
        return [
            image(id_, name, {"status": "ACTIVE", "metadata": {}}, distro="ubuntu" if "Ubuntu" in name else "centos")
            for id_, name in shared.IMAGES
        ]

    def sizes_of(self, cloud: Cloud) -> list[Item]:
        return [size(id_, name, max(1, ram // 2048), ram, disk, 0.0) for id_, name, ram, disk in shared.SIZES]

    def locations_of(self, cloud: Cloud) -> list[Item]:
        return [location("0", "default", "")]

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        machine = super().make(world, backend, order)
        machine.location = "0"
        return machine

    def possible(self, state: str) -> tuple[str, ...]:
        by_state = {"running": ("stop", "reboot"), "stopped": ("start",)}
        return (*by_state.get(state, ()), "destroy", "resize", "rename", "tag")
