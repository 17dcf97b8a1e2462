# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulated server: its world, clock, log and faults, and the switches that tests use."""

from __future__ import annotations

import dataclasses
from typing import Any

from .backends_2014 import GENERATION as BACKENDS_2014
from .clock import Clock
from .clouds_v4 import GENERATION as CLOUDS_V4
from .core import Core, token_of_login
from .faults import Fault, Faults
from .generation import Generation
from .log import Arrived, RequestLog
from .settings import Settings
from .world import World

HOST = "127.0.0.1"
GENERATIONS: dict[str, Generation] = {"backends": BACKENDS_2014, "clouds": CLOUDS_V4}


class Emulator:
    """One emulated Mist server with everything behind it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._at_start = settings or Settings()
        self.generation = GENERATIONS[self._at_start.generation]
        self.faults = Faults()
        self.log = RequestLog()
        self.port = 0
        self.reset()

    @property
    def uri(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def requests(self) -> list[Arrived]:
        return self.log.all()

    @property
    def writes(self) -> list[Arrived]:
        """The requests that meant to change something."""
        return self.log.writes()

    @property
    def max_concurrent_requests(self) -> int:
        """The most requests that were under way at once since the log was emptied."""
        return self.log.max_under_way

    def forget(self) -> None:
        self.log.clear()

    @property
    def token(self) -> str:
        """The token of the first login of the settings, for a client that has one already."""
        return token_of_login(self.settings, self.settings.core[0])

    def fail(self, kind: str, **options: Any) -> Fault:
        """Switch a fault on; README.md lists the kinds and options."""
        return self.faults.add(kind, **options)

    def heal(self, number: int | None = None) -> None:
        """Switch one fault off, by its number, or all."""
        self.faults.clear(number)

    def reset(self) -> None:
        """A fresh server: no log, no faults, the world as at the start."""
        self.settings = dataclasses.replace(self._at_start)
        self.clock = Clock()
        self.faults.clear()
        self.log.clear()
        self.world = World(self.settings, self.clock)
        self.world.core = Core()
        self.generation.prepare(self.world)
