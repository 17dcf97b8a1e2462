# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bare metal: one backend is one host, reached over ssh; running when its ssh port or ping answers."""

from __future__ import annotations

from ..ssh import find_host
from ..world import Backend, Machine, World
from .base import Item, Provider


def machine_id(address: str) -> str:
    return address.replace(".", "").replace(" ", "")


class BareMetal(Provider):
    actions = frozenset({"stop", "reboot"})
    can_create = False

    def accepts(self, world: World, backend: Backend) -> bool:
        return True

    def machines(self, world: World, backend: Backend) -> list[Machine]:
        reach = find_host(world, backend.address)
        up = reach is not None and (reach.ssh_port is not None or reach.ping)
        machine = Machine(
            id=machine_id(backend.address),
            name=backend.address,
            number=0,
            status="running" if up else "stopped",
            ready_at=0,
            made_at=0,
            public_ips=[backend.address],
        )
        return [machine]

    def flags(self, state: str) -> dict[str, bool]:
        return {
            "can_start": False,
            "can_stop": False,
            "can_reboot": True,
            "can_destroy": False,
            "can_tag": False,
        }

    def stop(self, world: World, machine: Machine) -> None:
        """Answered with success, and does nothing."""

    def reboot(self, world: World, machine: Machine) -> None:
        """Whether the command over ssh worked is not looked at."""

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {}
