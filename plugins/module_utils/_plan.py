# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan, then apply: a task decides what to change before it sends any change."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, NamedTuple

from .mist_client.errors import MistError


class Step(NamedTuple):
    """One change: a sentence for the user, and a call that turns the record before it into the record after it."""

    sentence: str
    call: Callable[[Any], Any]


@contextmanager
def having_done(sentence: str) -> Iterator[None]:
    """For the rest of a step that has already made a change: an error lists the change in ``done``."""
    try:
        yield
    except MistError as error:
        error.done = [sentence, *error.done]
        raise


class Outcome(NamedTuple):
    """How far a plan got. ``record`` is that of the last step that succeeded, ``done`` what was done."""

    record: Any
    done: list[str]
    error: MistError | None


@dataclass
class Plan:
    """The current state, the state afterwards, and the steps between. Without steps nothing changes.

    ``before`` and ``after`` are canonical records, None if the object does not exist. ``beside`` holds more fields for
    the diff, before and after, that are not in the records. ``warnings`` are sentences for the user, for example about
    a difference that the plan does not remove. A step can add warnings while it runs.
    """

    before: Any
    after: Any
    steps: list[Step]
    beside: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    warnings: list[str] = field(default_factory=list)

    @property
    def diff(self) -> dict[str, Any]:
        """What Ansible shows with ``--diff``."""
        before, after = self.beside
        return {"before": {**(self.before or {}), **before}, "after": {**(self.after or {}), **after}}

    def apply(self) -> Any:
        """Run the steps and return the last record. A MistError lists in ``done`` what was done before it."""
        outcome = self.run()
        if outcome.error:
            raise outcome.error
        return outcome.record

    def run(self) -> Outcome:
        """Run the steps up to the first that fails, and return how far they got."""
        record = self.before
        done: list[str] = []
        for step in self.steps:
            try:
                record = step.call(record)
            except MistError as error:
                error.done = [*done, *error.done]
                return Outcome(record, error.done, error)
            done.append(step.sentence)
        return Outcome(record, done, None)
