# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DigitalOcean in v4.7. No recording has it: the shapes are those of EC2, the behaviour is that of 2014's emulation."""

from __future__ import annotations

from ...providers import digitalocean as shared
from ...world import Backend, Machine, World
from ..state import Cloud, Item
from .base import Driver, image, location, size


class DigitalOcean(shared.DigitalOcean, Driver):
    failure_name = "Digital Ocean"
    # The answer of 2014's server to a destroy was lost; nothing says that v4.7's is.
    destroy_answer_is_lost = False

    def images_of(self, cloud: Cloud) -> list[Item]:
        return [
            image(
                id_, f"{distribution} {name}", {"distribution": distribution, "slug": slug}, distro=distribution.lower()
            )
            for id_, name, distribution, slug in shared.IMAGES
        ]

    def sizes_of(self, cloud: Cloud) -> list[Item]:
        return [size(id_, id_, 1, memory, disk, float(hour)) for id_, memory, disk, hour, _month in shared.SIZES]

    def locations_of(self, cloud: Cloud) -> list[Item]:
        return [location(slug, name, "") for slug, name in shared.LOCATIONS]

    def possible(self, state: str) -> tuple[str, ...]:
        by_state = {"running": ("stop", "reboot"), "stopped": ("start", "resize")}
        return (*by_state.get(state, ()), "destroy", "rename", "tag")

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        known = machine.image in {each[0] for each in shared.IMAGES}
        return super().extra(backend, machine, now) if known else {}

    def change_size(self, world: World, machine: Machine, external_id: str) -> None:
        machine.size = external_id
