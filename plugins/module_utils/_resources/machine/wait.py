# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for machines. One listing shows all of them, so many machines cost no more requests than one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Callable, Collection, Mapping, Sequence

from ...mist_client.errors import MistError, WaitedTooLong
from ...mist_client.generations.base import Generation
from ...mist_client.matching import first_address, is_alive, with_id
from ...mist_client.records import MachineRecord
from ...mist_client.waiting import Backoff, wait_until

#: states that end without an action; the last three exist on servers of 2016 or later (recordings/4.7/CONTRACT.md 3,
#: read in the server's source, not recorded)
IN_TRANSITION = ("pending", "rebooting", "stopping", "updating", "reconfiguring", "migrating")


class Goal(Enum):
    """What to wait for."""

    LISTED = "listed"
    RUNNING = "running"
    IP = "ip"
    SSH = "ssh"
    STOPPED = "stopped"
    GONE = "gone"


#: each goal as the end of a sentence: wait for it ...
REACHED = {
    Goal.LISTED: "to be listed",
    Goal.RUNNING: "to run",
    Goal.IP: "to get an address",
    Goal.SSH: "to accept a login of Mist (wait_for=ssh)",
    Goal.STOPPED: "to stop",
    Goal.GONE: "to disappear",
}


class MachineWaiter:
    """Waits for machines of one backend. Each wait lasts at most ``seconds``."""

    def __init__(self, api: Generation, backend_id: str, seconds: float, workers: int = 1) -> None:
        self.api = api
        self.backend_id = backend_id
        self.seconds = seconds
        self.workers = workers

    def appeared(self, fits: Callable[[MachineRecord], bool]) -> list[MachineRecord]:
        """The machines that match, as soon as there are any, without terminated ones. Empty after the time limit."""
        return wait_until(
            lambda: [machine for machine in self._list() if is_alive(machine) and fits(machine)],
            bool,
            Backoff(self.seconds),
        ).last()

    def steady(self, machine: MachineRecord) -> MachineRecord:
        """The machine once it is no longer in transition."""
        if machine["state"] not in IN_TRANSITION:
            return machine
        waited = wait_until(
            lambda: with_id(self._list(), machine["id"]) or machine,
            lambda seen: seen["state"] not in IN_TRANSITION,
            Backoff(self.seconds),
        )
        seen = waited.last()
        if not waited.done:
            raise self._too_long(seen, seen, "to leave this state")
        return seen

    def settle(
        self, machines: dict[str, MachineRecord | None], goals: Mapping[str, Goal], created: Collection[str]
    ) -> tuple[dict[str, MachineRecord | None], dict[str, MistError]]:
        """Wait until each machine has reached its goal. Returns the last record of each, and the errors of the rest.

        Machines that were just ``created`` need a listing first. It does not wait for terminated machines.
        """
        seen, backoff, short = dict(machines), Backoff(self.seconds), list(goals)
        try:
            short = [*self._short_of_goal(seen, goals, [label for label in goals if label not in created])]
            short += [label for label in goals if label in created]
            while any(can_change(seen[label]) for label in short) and (short == [*created] or backoff.pause()):
                listing, created = wait_until(self._list, lambda _listing: True, backoff).last(), ()
                for label in short:
                    machine = machines[label]
                    seen[label] = with_id(listing, machine["id"]) if machine else None
                short = self._short_of_goal(seen, goals, short)
        except MistError as error:
            return {label: seen[label] or machines[label] for label in machines}, dict.fromkeys(short, error)
        late: dict[str, MistError] = {
            label: self._too_long(machines[label], seen[label], REACHED[goals[label]]) for label in short
        }
        return seen, late

    def _list(self) -> list[MachineRecord]:
        return self.api.machines.list(self.backend_id)

    def _short_of_goal(
        self, seen: Mapping[str, MachineRecord | None], goals: Mapping[str, Goal], labels: Sequence[str]
    ) -> list[str]:
        with ThreadPoolExecutor(self.workers) as pool:  # each probe takes seconds
            reached = pool.map(lambda label: self._reached(seen[label], goals[label]), labels)
            return [label for label, done in zip(labels, reached) if not done]

    def _reached(self, machine: MachineRecord | None, goal: Goal) -> bool:
        if goal is Goal.GONE or machine is None:
            return goal is Goal.GONE and not can_change(machine, if_gone=False)
        if goal in (Goal.LISTED, Goal.STOPPED):
            return goal is Goal.LISTED or machine["state"] == "stopped"
        if machine["state"] != "running" or goal is Goal.RUNNING:
            return machine["state"] == "running"
        host = first_address(machine)
        return host is not None and (goal is Goal.IP or self._answers_ssh(machine, host))

    def _answers_ssh(self, machine: MachineRecord, host: str) -> bool:
        try:
            return self.api.machines.probe(self.backend_id, machine["id"], host, None, None)["ssh"]
        except MistError as error:
            if not error.transient:
                raise
            return False

    def _too_long(self, machine: MachineRecord | None, seen: MachineRecord | None, aim: str) -> WaitedTooLong:
        state = "The machine is no longer listed"
        if machine:
            current = f"is {seen['state']}" if seen else f"was {machine['state']} and is no longer listed"
            state = f"Machine {machine['name']!r} ({machine['id']}) {current}"
        if not self.seconds:
            return WaitedTooLong(
                f"{state}. The task does not wait for it {aim}.",
                "Set wait=true with a wait_timeout, or run the task again later.",
            )
        return WaitedTooLong(
            f"{state}. The task waited up to {self.seconds:g} s for it {aim}.",
            "Run the task again to continue waiting, or increase wait_timeout.",
        )


def can_change(machine: MachineRecord | None, if_gone: bool = True) -> bool:
    """Whether waiting makes sense. A machine that is not listed may appear; a terminated machine stays terminated."""
    return if_gone if machine is None else is_alive(machine)
