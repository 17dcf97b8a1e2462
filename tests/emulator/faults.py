# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures on demand: which are switched on, and which of them strike a given request."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

PROVIDER_KINDS = frozenset({"provider_error", "provider_revoked", "provider_slow"})
CORE_KINDS = frozenset({"core_down", "core_error", "core_payment_required", "core_not_logged_in"})
SERVER_KINDS = frozenset({"answer", "cut", "half_body", "hang"})
KINDS = PROVIDER_KINDS | CORE_KINDS | SERVER_KINDS


@dataclass
class Fault:
    """One switch. It strikes the requests that it matches: each, or every `every`-th, at most `times` times."""

    kind: str
    backend: str | None = None
    provider: str | None = None
    method: str | None = None
    path: str | None = None
    times: int | None = None
    every: int = 1
    seconds: float = 0.0
    status: int = 500
    body: str = "Internal Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    after_work: bool = False
    number: int = 0
    matched: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(sorted(KINDS))}")

    def matches(self, call: dict[str, str | None]) -> bool:
        return (
            self.method in (None, call["method"])
            and self.backend in (None, call["backend"])
            and self.provider in (None, call["provider"])
            and (self.path is None or fnmatchcase(call["path"] or "", self.path))
        )

    def strikes(self) -> bool:
        """Count one matching request; whether the fault strikes it."""
        if self.times is not None and self.struck >= self.times:
            return False
        self.matched += 1
        if self.matched % self.every:
            return False
        self.struck += 1
        return True


class Faults:
    """All switches of one emulator."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._made = 0

    def add(self, kind: str, **options: Any) -> Fault:
        self._made += 1
        fault = Fault(kind, **options, number=self._made)
        self._faults.append(fault)
        return fault

    def clear(self, number: int | None = None) -> None:
        self._faults = [fault for fault in self._faults if number not in (None, fault.number)]

    def all(self) -> list[Fault]:
        return list(self._faults)

    def strike(
        self, kinds: frozenset[str], *, method: str, path: str, backend: str | None, provider: str | None
    ) -> list[Fault]:
        """The faults of these kinds that strike this request; each that matches is counted."""
        call = {"method": method, "path": path, "backend": backend, "provider": provider}
        return [fault for fault in self._faults if fault.kind in kinds and fault.matches(call) and fault.strikes()]
