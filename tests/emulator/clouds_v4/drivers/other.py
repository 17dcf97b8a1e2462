# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of one's own: hosts that users add, without a provider."""

from __future__ import annotations

from ...errors import ApiError
from ...providers.base import Order
from ...ssh import find_host
from ...world import Backend, Machine, World
from ..state import Cloud, Item
from .base import Driver, actions


class Other(Driver):
    can_create = False
    default_key = False

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        """The server did not foresee this either (4.7, other-post-machines-create-fields)."""
        raise ApiError

    def search(self, cloud: Cloud, term: str) -> list[Item]:
        """It has no images, and the server did not foresee the question (4.7, cat-other-images-search)."""
        raise ApiError

    def account_of(self, world: World, cloud: Cloud) -> str:
        return cloud.id

    def see(self, world: World, cloud: Cloud, machine: Machine) -> Item:
        """One with a key can be rebooted over ssh (recordings: other-machines, machines-after-key-delete,
        assoc-delete-b1-then)."""
        record = world.database.find_record(cloud, machine.id)
        return {
            **super().see(world, cloud, machine),
            "hostname": machine.public_ips[0],
            "actions": actions("remove", "tag", *(("reboot",) if world.database.has_key(record) else ())),
            "state": "running" if find_host(world, machine.public_ips[0]) else "unknown",
            "cores": None,
            "created": "",
        }

    def unseen(self, machine: Machine) -> Item:
        """As it is in the list until the cloud is polled."""
        return {
            "name": machine.name,
            "hostname": machine.public_ips[0],
            "public_ips": list(machine.public_ips),
            "private_ips": [],
            "os_type": "unix",
            "state": "unknown",
            "actions": actions(),
            "extra": {},
            "cost": {"hourly": 0.0, "monthly": 0.0},
            "size": "",
            "size_id": "",
            "image": "",
            "location": "",
            "network": "",
            "subnet": "",
            "machine_type": "machine",
            "parent": "",
            "cores": None,
            "created": "",
        }

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {}
