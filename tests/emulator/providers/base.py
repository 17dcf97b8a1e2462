# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all providers have in common: the life of a machine and how one looks in a listing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, ClassVar

from ..errors import CreationRefused
from ..world import Backend, Machine, World

Item = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What a create asks for."""

    name: str
    image: str
    size: str
    location: str
    key: str
    public_key: str


def utc(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime(form)


class Provider:
    """One kind of cloud. Everything here is pure state; time comes from the world's clock."""

    failure_name: ClassVar[str] = ""
    actions: ClassVar[frozenset[str]] = frozenset()
    taggable: ClassVar[bool] = False
    takes_any_tag: ClassVar[bool] = True
    can_create: ClassVar[bool] = True
    static_sizes: ClassVar[bool] = True
    static_locations: ClassVar[bool] = True
    destroy_answer_is_lost: ClassVar[bool] = False
    """Whether a destroy that worked is answered as a failure (contract 2014, section 3, DigitalOcean)."""

    def accepts(self, world: World, backend: Backend) -> bool:
        """Whether the account exists with these credentials; ProviderDown when nothing answers there."""
        raise NotImplementedError

    def images(self, backend: Backend) -> list[Item]:
        return []

    def found_images(self, backend: Backend) -> list[Item]:
        """What a search looks through; more than the listing where there is a market place."""
        return self.images(backend)

    def sizes(self, backend: Backend) -> list[Item]:
        return []

    def locations(self, backend: Backend) -> list[Item]:
        return []

    def networks(self, backend: Backend) -> list[Item]:
        return []

    def check_order(self, backend: Backend, order: Order) -> None:
        """CreationRefused with the provider's text for an image or a size that is not there."""

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        """The new machine, pending; not yet listed."""
        raise CreationRefused("not possible here")

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        return {}

    def created(self, backend: Backend, machine: Machine, now: float) -> Item:
        """What a create answers: no state, uuid, image, size or tags."""
        return {
            "id": machine.id,
            "name": machine.name,
            "public_ips": machine.public_ips,
            "private_ips": machine.private_ips,
            "extra": self.extra(backend, machine, now),
        }

    def listed(self, backend: Backend, machine: Machine, now: float) -> Item:
        state = machine.state(now)
        return {
            "id": machine.id,
            "uuid": hashlib.sha1(f"{machine.id}:{backend.provider}".encode()).hexdigest(),
            "name": machine.name,
            "state": state,
            "imageId": None,
            "size": None,
            "public_ips": machine.public_ips,
            "private_ips": machine.private_ips,
            "tags": list(machine.tags.values()),
            "extra": self.extra(backend, machine, now),
            **self.flags(state),
        }

    def flags(self, state: str) -> dict[str, bool]:
        return {
            "can_start": state == "stopped",
            "can_stop": state == "running",
            "can_reboot": state == "running",
            "can_destroy": state != "terminated",
            "can_tag": self.taggable and state != "terminated",
        }

    def is_listed(self, world: World, machine: Machine) -> bool:
        keep = world.settings.terminated_seconds
        if keep is None or machine.gone_at is None or machine.status != "terminated":
            return True
        return world.clock.now() < machine.gone_at + keep

    def machines(self, world: World, backend: Backend) -> list[Machine]:
        return [machine for machine in world.machines_of(backend).values() if self.is_listed(world, machine)]

    def settle(self, world: World, machine: Machine) -> None:
        """Bring what depends on time (addresses of a machine that has become ready) up to date."""

    def start(self, world: World, machine: Machine) -> None:
        machine.status = "running"

    def stop(self, world: World, machine: Machine) -> None:
        machine.status = "stopped"

    def reboot(self, world: World, machine: Machine) -> None:
        machine.status = "running"

    def destroy(self, world: World, backend: Backend, machine: Machine) -> None:
        del world.machines_of(backend)[machine.id]

    def resize(self, world: World, machine: Machine, plan: str) -> None:
        machine.size = plan

    def load(self, world: World, backend: Backend, number: int) -> None:
        """One machine of a filled backend, the `number`-th; images, states and tags are mixed."""
