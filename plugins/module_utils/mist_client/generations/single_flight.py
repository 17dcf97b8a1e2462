# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request for all threads that want to see the same at the same time."""

from __future__ import annotations

import threading
from typing import Callable, Generic, TypeVar

from ..errors import MistError

Seen = TypeVar("Seen")


class SingleFlight(Generic[Seen]):
    """A look is shared by those who asked before it began, so that nobody is told what is older than the question."""

    def __init__(self, look: Callable[[], Seen]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._begun = 0
        self._ended = 0
        self._tell: Callable[[], Seen] = look

    def __call__(self) -> Seen:
        asked = self._begun
        with self._lock:
            if self._ended <= asked:
                self._begun += 1
                self._tell = self._outcome()
                self._ended = self._begun
            tell = self._tell
        return tell()

    def _outcome(self) -> Callable[[], Seen]:
        try:
            seen = self._look()
        except MistError as error:
            failure = error
        else:
            return lambda: seen

        def fail() -> Seen:
            raise copy_of(failure)

        return fail


def copy_of(error: MistError) -> MistError:
    """The same error for one more thread: each adds to its own what had been done before."""
    twin = type(error).__new__(type(error), *error.args)
    twin.__dict__.update({**error.__dict__, "done": [*error.done], "known": {**error.known}})
    twin.__cause__ = error.__cause__
    return twin
