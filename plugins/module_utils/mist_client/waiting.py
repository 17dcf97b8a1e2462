# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for something on the server, patiently and not for ever."""

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


class Backoff:
    """How long to wait, counted from its making; each pause is longer than the one before."""

    def __init__(self, seconds: float) -> None:
        self._clock = CLOCK
        self._deadline = self._clock.now() + seconds
        self._pause = FIRST_PAUSE

    def left(self) -> float:
        """How many seconds it lasts yet."""
        return self._deadline - self._clock.now()

    def pause(self) -> bool:
        """Sleep for a while; False when backoff is over and nothing was slept."""
        left = self.left()
        if left <= 0:
            return False
        self._clock.sleep(min(self._pause, left))
        self._pause = min(self._pause * 1.5, LONGEST_PAUSE)
        return True


def wait_until(look: Callable[[], Seen], done: Callable[[Seen], bool], backoff: Backoff) -> tuple[Seen, bool]:
    """Look until it is done or backoff is over: what was seen last, and whether it was done."""
    while not done(seen := look()):
        if not backoff.pause():
            return seen, False
    return seen, True


def first_seen(look: Callable[[], Seen | None], seconds: float) -> Seen | None:
    """The first that ``look`` shows but None; None when nothing came."""
    seen, _done = wait_until(look, lambda it: it is not None, Backoff(seconds))
    return seen
