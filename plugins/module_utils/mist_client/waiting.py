# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for something on the server, with a growing pause between the looks and a time limit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Generic, TypeVar, cast

from .errors import MistError

Seen = TypeVar("Seen")

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0


class Clock:
    """The time; tests replace it."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


CLOCK = Clock()


class Backoff:
    """Pauses, each longer than the one before, until a time limit of ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self._clock = CLOCK
        self._deadline = self._clock.now() + seconds
        self._pause = FIRST_PAUSE

    def left(self) -> float:
        """The seconds until the time limit."""
        return self._deadline - self._clock.now()

    def pause(self) -> bool:
        """Sleep. Returns False, without sleep, after the time limit."""
        left = self.left()
        if left <= 0:
            return False
        self._clock.sleep(min(self._pause, left))
        self._pause = min(self._pause * 1.5, LONGEST_PAUSE)
        return True


@dataclass(frozen=True)
class Waited(Generic[Seen]):
    """How a wait ended: whether it reached its aim, what the last look saw, and the error if that look failed.

    ``seen`` is from the last look that did not fail, and None if all failed.
    """

    done: bool
    seen: Seen | None
    error: MistError | None = None

    def last(self) -> Seen:
        """What the last look saw. Raises the error of that look if it failed."""
        if self.error:
            raise self.error
        return cast(Seen, self.seen)


def is_transient(error: MistError) -> bool:
    return error.transient


def wait_until(
    look: Callable[[], Seen],
    done: Callable[[Seen], bool],
    backoff: Backoff,
    tolerates: Callable[[MistError], bool] = is_transient,
) -> Waited[Seen]:
    """Look until the result is ``done`` or the time is over. An error that it ``tolerates`` does not end the wait."""
    seen: Seen | None = None
    while True:
        failure: MistError | None = None
        try:
            seen = look()
            if done(seen):
                return Waited(True, seen)
        except MistError as error:
            if not tolerates(error):
                raise
            failure = error
        if not backoff.pause():
            return Waited(False, seen, failure)
