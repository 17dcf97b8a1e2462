# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shares one request between all threads that need the same result at the same time."""

from __future__ import annotations

import threading
from typing import Callable, Generic, TypeVar

from ..errors import MistError

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """Calls a function once for all threads that wait for it. No thread gets a result that is older than its call."""

    def __init__(self, fetch: Callable[[], Result]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._begun = 0
        self._ended = 0
        self._result: Callable[[], Result] = fetch

    def __call__(self) -> Result:
        begun_before = self._begun
        with self._lock:
            if self._ended <= begun_before:
                self._begun += 1
                self._result = self._outcome()
                self._ended = self._begun
            result = self._result
        return result()

    def _outcome(self) -> Callable[[], Result]:
        try:
            result = self._fetch()
        except MistError as error:
            failure = error
        else:
            return lambda: result

        def fail() -> Result:
            raise copy_of(failure)

        return fail


def copy_of(error: MistError) -> MistError:
    """A copy of the error for another thread. Each thread adds its own steps to ``done``."""
    twin = type(error).__new__(type(error), *error.args)
    twin.__dict__.update({**error.__dict__, "done": [*error.done], "known": {**error.known}})
    twin.__cause__ = error.__cause__
    return twin
