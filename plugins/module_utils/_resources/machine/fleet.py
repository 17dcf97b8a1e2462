# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many machines in one task: their plans side by side, so many at once, no one's failure stopping the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ..._plan import Plan
from ...mist_client.errors import MistError
from ...mist_client.matching import is_alive
from .wait import Goal, MachineWaiter


class Target(NamedTuple):
    """One machine, by how the task names it; ``goal`` is what is waited for after its steps."""

    label: str
    plan: Plan
    goal: Goal | None


class Outcome(NamedTuple):
    """What came of a target's plan."""

    machine: Any
    done: list[str]
    error: MistError | None


class FleetPlan(Plan):
    """The plans of all targets as one. With ``many`` its records are lists of them, else those of the only one."""

    def __init__(self, targets: Sequence[Target], waiter: MachineWaiter, *, many: bool) -> None:
        self.targets = targets
        self.waiter = waiter
        self.many = many
        super().__init__(
            before=self._records(target.plan.before for target in targets),
            after=self._records(target.plan.after for target in targets),
            steps=[step for target in targets for step in target.plan.steps],
            warnings=[warning for target in targets for warning in target.plan.warnings],
        )

    @property
    def diff(self) -> dict[str, Any]:
        if not self.many:
            return self.targets[0].plan.diff
        return {
            "before": {target.label: target.plan.diff["before"] for target in self.targets},
            "after": {target.label: target.plan.diff["after"] for target in self.targets},
        }

    def apply(self) -> Any:
        with ThreadPoolExecutor(self.waiter.workers) as pool:
            outcomes = dict(zip((each.label for each in self.targets), pool.map(carry_out, self.targets)))
        errors = {label: each.error for label, each in outcomes.items() if each.error}
        goals = {each.label: each.goal for each in self.targets if each.goal and each.label not in errors}
        made = [
            each.label for each in self.targets if each.label in goals and each.plan.before is None and each.plan.steps
        ]
        seen, late = self.waiter.settle({label: each.machine for label, each in outcomes.items()}, goals, made)
        if errors or late:
            raise self._failure(outcomes, seen, {**errors, **late})
        return self._records(machine if machine and is_alive(machine) else None for machine in seen.values())

    def _records(self, records: Iterable[Any]) -> Any:
        return [record for record in records if record] if self.many else next(iter(records))

    def _failure(
        self, outcomes: Mapping[str, Outcome], seen: Mapping[str, Any], errors: Mapping[str, MistError]
    ) -> MistError:
        """One error for all, with what was done and what is there."""
        told = {label: str(errors[label]) for label in outcomes if label in errors}
        if self.many:
            each = " ".join(f"{label}: {text}" for label, text in told.items())
            failure = MistError(f"{len(told)} of {len(outcomes)} machines failed. {each}")
            failure.known = {"machines": self._records(seen.values()), "failures": told}
        else:
            (failure,) = errors.values()
            failure.known = {**failure.known, "machine": self._records(seen.values())}
        failure.done = [sentence for outcome in outcomes.values() for sentence in outcome.done]
        return failure


def carry_out(target: Target) -> Outcome:
    """Take the steps of one plan, and keep its failure to itself: the machine is then as the last good step left it."""
    machine = target.plan.before
    done: list[str] = []
    for step in target.plan.steps:
        try:
            machine = step.call(machine)
        except MistError as error:
            error.done = done
            return Outcome(machine, done, error)
        done.append(step.sentence)
    return Outcome(machine, done, None)
