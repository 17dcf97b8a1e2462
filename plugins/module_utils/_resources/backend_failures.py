# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backends whose machines could not be listed: for the inventory and for info modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, NamedTuple, Sequence, TypeVar

from ..mist_client.errors import MistError
from ..mist_client.matching import describe
from ..mist_client.records import BackendRecord

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class BackendFailure:
    """A backend that could not be listed, and the error."""

    backend: BackendRecord
    error: MistError

    @property
    def record(self) -> dict[str, str]:
        """An item of ``failed_backends``."""
        return {"id": self.backend["id"], "title": self.backend["title"], "error": str(self.error)}

    def describe(self, consequence: str, explain: bool = True) -> str:
        """The warning. ``consequence`` is its last sentence. ``explain`` adds the error."""
        why = f": {self.error}" if explain else "."
        return f"The backend {describe([self.backend], 'title')} could not be listed{why} {consequence}"


class Survey(NamedTuple):
    """The records of the backends that answered, the backends that failed, and more warnings."""

    records: list[dict[str, Any]]
    failures: Sequence[BackendFailure] = ()
    notes: Sequence[str] = ()

    @property
    def warnings(self) -> list[str]:
        return [failure.describe("Its machines are missing.") for failure in self.failures] + list(self.notes)


def attempt(backend: BackendRecord, look: Callable[[str], Seen]) -> Seen | BackendFailure:
    """What ``look`` returns for a backend's id. A MistError becomes a failure of this backend alone."""
    try:
        return look(backend["id"])
    except MistError as error:
        return BackendFailure(backend, error)


def all_failed(failures: Sequence[BackendFailure]) -> MistError:
    """The error for a task or an inventory that requires all backends."""
    reasons = "; ".join(f"{failure.backend['title']!r}: {failure.error}" for failure in failures)
    count = "1 backend" if len(failures) == 1 else f"{len(failures)} backends"
    error = MistError(f"{count} could not be listed: {reasons}")
    error.known = {"failed_backends": [failure.record for failure in failures]}
    return error
