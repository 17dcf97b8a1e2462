# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What arrived: one entry a request, in order, for tests to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

READING_METHODS = frozenset({"GET", "HEAD"})
# Login, searches and probes of both generations. A token is no more than a login that has to be ended.
READING_LINES = re.compile(
    r"POST (/auth|/login|/backends/[^/]+/images|(/api/v1/clouds|/backends)/[^/]+/machines/[^/]+/probe)"
    r"|POST (/api/v1/clouds/[^/]+/images|/api/v1/machines/[^/]+/probe)|(POST|DELETE) /api/v1/tokens"
)


@dataclass
class Arrived:
    """One request. `path` is decoded and without the query, `raw_path` as it was sent; `query` has the first value
    of each name, `repeated` all of them.

    `body` is parsed JSON, else the text, else None. `status` is what was answered: None while the request
    is under way, 0 when the connection was cut."""

    method: str
    path: str
    raw_path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, list[str]] = field(default_factory=dict)
    status: int | None = None

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_write(self) -> bool:
        return self.method not in READING_METHODS and not READING_LINES.fullmatch(self.line)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class RequestLog:
    """The requests since the start or the last `clear`."""

    def __init__(self) -> None:
        self._arrived: list[Arrived] = []
        self._under_way = 0
        self.max_under_way = 0

    @contextmanager
    def under_way(self, arrived: Arrived) -> Iterator[None]:
        """Note a request for as long as it takes."""
        self._arrived.append(arrived)
        self._under_way += 1
        self.max_under_way = max(self.max_under_way, self._under_way)
        try:
            yield
        finally:
            self._under_way -= 1

    def all(self) -> list[Arrived]:
        return list(self._arrived)

    def writes(self) -> list[Arrived]:
        return [arrived for arrived in self._arrived if arrived.is_write]

    def clear(self) -> None:
        self._arrived.clear()
        self.max_under_way = self._under_way
