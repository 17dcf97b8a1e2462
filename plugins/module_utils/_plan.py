# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan, then apply: what a task will do, decided before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, NamedTuple

from .mist_client.errors import MistError


class Step(NamedTuple):
    """One change: a sentence that says it, and the call that does it, from the record before to the record after."""

    sentence: str
    call: Callable[[Any], Any]


@dataclass
class Plan:
    """What is there, what will be there, and the steps between; no steps, no change.

    ``before`` and ``after`` are canonical records, None where there is nothing. ``beside`` is what else there is before
    and after, that no record tells, for the diff alone. ``warnings`` are sentences for the user, such as a difference
    that the plan does not remove; a step may add to them.
    """

    before: Any
    after: Any
    steps: list[Step]
    beside: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    warnings: list[str] = field(default_factory=list)

    @property
    def diff(self) -> dict[str, Any]:
        """What Ansible shows with --diff."""
        before, after = self.beside
        return {"before": {**(self.before or {}), **before}, "after": {**(self.after or {}), **after}}

    def apply(self) -> Any:
        """Take the steps; what is there then. A MistError tells in ``done`` what had been done, parts of a step too."""
        record = self.before
        for count, step in enumerate(self.steps):
            try:
                record = step.call(record)
            except MistError as error:
                error.done = [*(done.sentence for done in self.steps[:count]), *error.done]
                raise
        return record
