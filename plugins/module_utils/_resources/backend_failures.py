# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backends that could not be listed, beside those that could: for the inventory and for info modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, NamedTuple, Sequence, TypeVar

from ..mist_client.errors import MistError
from ..mist_client.matching import describe
from ..mist_client.records import BackendRecord

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class BackendFailure:
    """A backend that could not be listed, and why."""

    backend: BackendRecord
    error: MistError

    @property
    def record(self) -> dict[str, str]:
        """An item of ``failed_backends``."""
        return {"id": self.backend["id"], "title": self.backend["title"], "error": str(self.error)}

    def describe(self, consequence: str, explain: bool = True) -> str:
        """The warning; ``consequence`` is its last sentence. ``explain`` is whether to add the error."""
        why = f": {self.error}" if explain else "."
        return f"The backend {describe([self.backend], 'title')} could not be listed{why} {consequence}"


class Survey(NamedTuple):
    """What several backends have: the records of those that answered, the other backends, and sentences to warn of."""

    records: list[dict[str, Any]]
    failures: Sequence[BackendFailure] = ()
    notes: Sequence[str] = ()

    @property
    def warnings(self) -> list[str]:
        return [failure.describe("Its machines are missing.") for failure in self.failures] + list(self.notes)


def attempt(backend: BackendRecord, look: Callable[[str], Seen]) -> Seen | BackendFailure:
    """What ``look`` shows of a backend's id. Each MistError is a failure of this backend and does not hide others."""
    try:
        return look(backend["id"])
    except MistError as error:
        return BackendFailure(backend, error)


def all_failed(failures: Sequence[BackendFailure]) -> MistError:
    """The error for a task or an inventory that must not do without these backends."""
    reasons = "; ".join(f"{failure.backend['title']!r}: {failure.error}" for failure in failures)
    error = MistError(f"{len(failures)} of the backends could not be listed: {reasons}")
    error.known = {"failed_backends": [failure.record for failure in failures]}
    return error
