# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for machines: one listing shows all of them, so many cost no more than one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Callable, Mapping, Sequence

from .._waiting import Patience, wait_until
from ..mist_client.errors import NoAnswer, RequestFailed, WaitedTooLong
from ..mist_client.generations.base import Generation
from ..mist_client.records import MachineRecord
from .lookups import is_alive

IN_TRANSITION = ("pending", "rebooting")


class Goal(Enum):
    """What is waited for."""

    LISTED = "listed"
    RUNNING = "running"
    IP = "ip"
    SSH = "ssh"
    STOPPED = "stopped"
    GONE = "gone"


class MachineWaiter:
    """Watches the machines of one backend; each wait lasts ``seconds`` at most."""

    def __init__(self, api: Generation, backend_id: str, seconds: float, workers: int = 1) -> None:
        self.api = api
        self.backend_id = backend_id
        self.seconds = seconds
        self.workers = workers

    def look(self) -> list[MachineRecord]:
        return self.api.list_machines(self.backend_id)

    def appeared(self, fits: Callable[[MachineRecord], bool]) -> list[MachineRecord]:
        """The living machines that fit, as soon as there are any; empty when none came."""
        found, _done = wait_until(
            lambda: [each for each in self.look() if is_alive(each) and fits(each)], bool, Patience(self.seconds)
        )
        return found

    def steady(self, machine: MachineRecord) -> MachineRecord:
        """The machine once it is neither pending nor rebooting any more."""
        seen, done = wait_until(
            lambda: among(self.look(), machine) or machine,
            lambda now: now["state"] not in IN_TRANSITION,
            Patience(self.seconds),
        )
        if not done:
            raise self._too_long(seen, "something else")
        return seen

    def settle(
        self, machines: Mapping[str, MachineRecord | None], goals: Mapping[str, Goal]
    ) -> tuple[dict[str, MachineRecord | None], dict[str, WaitedTooLong]]:
        """Wait until each machine has reached its goal: what was seen last of each, and the errors of the rest.

        A machine that was terminated reaches nothing more, and is not waited for.
        """
        seen, patience = dict(machines), Patience(self.seconds)
        short = self._short_of_goal(seen, goals, list(goals))
        while any(can_change(seen[label]) for label in short) and patience.pause():
            listing = self._look_through_trouble(patience)
            for label in short:
                machine = machines[label]
                seen[label] = among(listing, machine) if machine else None
            short = self._short_of_goal(seen, goals, short)
        return seen, {label: self._too_long(seen[label] or machines[label], goals[label].value) for label in short}

    def _look_through_trouble(self, patience: Patience) -> list[MachineRecord]:
        """Like ``look``, but a server or provider that fails for a while does not end a long wait."""
        while True:
            try:
                return self.look()
            except (NoAnswer, RequestFailed) as error:
                passing = isinstance(error, NoAnswer) or error.status >= 500
                if not passing or not patience.pause():
                    raise

    def _short_of_goal(
        self, seen: Mapping[str, MachineRecord | None], goals: Mapping[str, Goal], labels: Sequence[str]
    ) -> list[str]:
        with ThreadPoolExecutor(self.workers) as pool:  # for the probes, which take seconds each
            reached = pool.map(lambda label: self._reached(seen[label], goals[label]), labels)
            return [label for label, done in zip(labels, reached) if not done]

    def _reached(self, machine: MachineRecord | None, goal: Goal) -> bool:
        if goal is Goal.GONE or machine is None:
            return goal is Goal.GONE and not can_change(machine, if_gone=False)
        if goal in (Goal.LISTED, Goal.STOPPED):
            return goal is Goal.LISTED or machine["state"] == "stopped"
        addresses = machine["public_ips"] + machine["private_ips"]
        if machine["state"] != "running" or (goal is not Goal.RUNNING and not addresses):
            return False
        return goal is not Goal.SSH or self._answers_ssh(machine, addresses[0])

    def _answers_ssh(self, machine: MachineRecord, host: str) -> bool:
        return self.api.probe_machine(self.backend_id, machine["id"], host, None, None)["ssh"]

    def _too_long(self, machine: MachineRecord | None, goal: str) -> WaitedTooLong:
        told = (
            f"Machine {machine['name']!r} ({machine['id']}) is {machine['state']}" if machine else "The machine is gone"
        )
        error = WaitedTooLong(
            f"{told}; for up to {self.seconds:g} s it was waited for: {goal}.",
            "Run the task again to go on waiting, or set wait_timeout higher.",
        )
        error.left = {"machine": machine}
        return error


def among(listing: Sequence[MachineRecord], machine: MachineRecord) -> MachineRecord | None:
    """How a listing shows this machine."""
    return next((each for each in listing if each["id"] == machine["id"]), None)


def can_change(machine: MachineRecord | None, if_gone: bool = True) -> bool:
    """Whether waiting makes sense: one that is not listed may be listed yet, one that is terminated stays so."""
    return if_gone if machine is None else is_alive(machine)
