# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one clock that every life cycle is computed from; it runs in real time unless a test moves or stops it."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch, movable: `advance` jumps, `stop` freezes, `run` lets it tick again."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        return (time.time() if self._frozen_at is None else self._frozen_at) + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def stop(self) -> None:
        if self._frozen_at is None:
            self._frozen_at = time.time()

    def run(self) -> None:
        if self._frozen_at is not None:
            self._ahead -= time.time() - self._frozen_at
            self._frozen_at = None
