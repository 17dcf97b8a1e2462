# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many machines in one task: their plans run in parallel, and the failure of one does not stop the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ..._plan import Outcome, Plan
from ...mist_client.errors import MistError
from ...mist_client.matching import is_alive
from .wait import Goal, MachineWaiter


class Target(NamedTuple):
    """One machine. ``label`` is how the task names it, ``goal`` what to wait for after its steps."""

    label: str
    plan: Plan
    goal: Goal | None


class FleetPlan(Plan):
    """The plans of all targets as one plan. With ``many`` its records are lists, else the record of the only target."""

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
            ran = pool.map(lambda target: target.plan.run(), self.targets)
            outcomes = {target.label: outcome for target, outcome in zip(self.targets, ran)}
        errors = {label: outcome.error for label, outcome in outcomes.items() if outcome.error}
        goals = {target.label: target.goal for target in self.targets if target.goal and target.label not in errors}
        plans = {target.label: target.plan for target in self.targets}
        created = [label for label in goals if plans[label].before is None and plans[label].steps]
        machines = {label: outcome.record for label, outcome in outcomes.items()}
        seen, late = self.waiter.settle(machines, goals, created)
        if errors or late:
            raise self._failure(outcomes, seen, {**errors, **late})
        return self._records(machine if machine and is_alive(machine) else None for machine in seen.values())

    def _records(self, records: Iterable[Any]) -> Any:
        return [record for record in records if record] if self.many else next(iter(records))

    def _failure(
        self, outcomes: Mapping[str, Outcome], seen: Mapping[str, Any], errors: Mapping[str, MistError]
    ) -> MistError:
        """One error for all targets, with the steps that were done and the current machines."""
        texts = {label: str(errors[label]) for label in outcomes if label in errors}
        if self.many:
            details = " ".join(f"{label}: {text}" for label, text in texts.items())
            failure = MistError(f"{len(texts)} of {len(outcomes)} machines failed. {details}")
            failure.known = {"machines": self._records(seen.values()), "failures": texts}
        else:
            (failure,) = errors.values()
            failure.known = {**failure.known, "machine": self._records(seen.values())}
        failure.done = [sentence for outcome in outcomes.values() for sentence in outcome.done]
        return failure
