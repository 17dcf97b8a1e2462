# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what a server does by itself: a look every now and then, and not for ever."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

Seen = TypeVar("Seen")

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0


class Clock:
    """The time, for a test to put another in its place."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


CLOCK = Clock()


class Deadline:
    """So many seconds from its making."""

    def __init__(self, seconds: float) -> None:
        self._at = CLOCK.now() + seconds

    def first_seen(self, look: Callable[[], Seen | None]) -> Seen | None:
        """The first that ``look`` shows but None, each pause being longer than the one before; None when none came."""
        pause = FIRST_PAUSE
        while (seen := look()) is None and (left := self._at - CLOCK.now()) > 0:
            CLOCK.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE)
        return seen
