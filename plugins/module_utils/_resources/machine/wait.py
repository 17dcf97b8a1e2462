# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for machines: one listing shows all of them, so many cost no more than one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Callable, Collection, Mapping, Sequence

from ...mist_client.errors import MistError, NoAnswer, RequestFailed, WaitedTooLong, is_passing
from ...mist_client.generations.base import Generation
from ...mist_client.matching import first_address, is_alive, with_id
from ...mist_client.records import MachineRecord
from ...mist_client.waiting import Backoff, wait_until
from ..base import patiently

#: what passes by itself; the last three from 2016 on (recordings/4.7/CONTRACT.md 3, R)
IN_TRANSITION = ("pending", "rebooting", "stopping", "updating", "reconfiguring", "migrating")


class Goal(Enum):
    """What is waited for."""

    LISTED = "listed"
    RUNNING = "running"
    IP = "ip"
    SSH = "ssh"
    STOPPED = "stopped"
    GONE = "gone"


#: what the machine does once it has reached a goal
REACHED = {
    Goal.LISTED: "it is listed",
    Goal.RUNNING: "it is running",
    Goal.IP: "it has an address",
    Goal.SSH: "Mist can log in to it (wait_for=ssh)",
    Goal.STOPPED: "it is stopped",
    Goal.GONE: "it is gone",
}


class MachineWaiter:
    """Watches the machines of one backend; each wait lasts ``seconds`` at most."""

    def __init__(self, api: Generation, backend_id: str, seconds: float, workers: int = 1) -> None:
        self.api = api
        self.backend_id = backend_id
        self.seconds = seconds
        self.workers = workers

    def appeared(self, fits: Callable[[MachineRecord], bool]) -> list[MachineRecord]:
        """The living machines that fit, as soon as there are any; empty when none came."""
        backoff = Backoff(self.seconds)
        found, _done = wait_until(
            lambda: [each for each in self._look(backoff) if is_alive(each) and fits(each)], bool, backoff
        )
        return found

    def steady(self, machine: MachineRecord) -> MachineRecord:
        """The machine once it is no longer in transition."""
        if machine["state"] not in IN_TRANSITION:
            return machine
        backoff = Backoff(self.seconds)
        seen, done = wait_until(
            lambda: with_id(self._look(backoff), machine["id"]) or machine,
            lambda now: now["state"] not in IN_TRANSITION,
            backoff,
        )
        if not done:
            raise self._too_long(seen, seen, "that ends")
        return seen

    def settle(
        self, machines: dict[str, MachineRecord | None], goals: Mapping[str, Goal], made: Collection[str]
    ) -> tuple[dict[str, MachineRecord | None], dict[str, MistError]]:
        """Wait until each machine has reached its goal: what was seen last of each, and the errors of the rest.

        Those just ``made`` are not yet seen in a listing. A machine that was terminated is not waited for.
        """
        seen, backoff, short = dict(machines), Backoff(self.seconds), list(goals)
        try:
            short = [*self._short_of_goal(seen, goals, [label for label in goals if label not in made])]
            short += [label for label in goals if label in made]
            while any(can_change(seen[label]) for label in short) and (short == [*made] or backoff.pause()):
                listing, made = self._look(backoff), ()
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

    def _look(self, backoff: Backoff) -> list[MachineRecord]:
        """The machines; a server or provider that fails for a while does not end a long wait."""
        return patiently(lambda: self.api.machines.list(self.backend_id), backoff)

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
        if machine["state"] != "running" or goal is Goal.RUNNING:
            return machine["state"] == "running"
        host = first_address(machine)
        return host is not None and (goal is Goal.IP or self._answers_ssh(machine, host))

    def _answers_ssh(self, machine: MachineRecord, host: str) -> bool:
        try:
            return self.api.machines.probe(self.backend_id, machine["id"], host, None, None)["ssh"]
        except (NoAnswer, RequestFailed) as error:
            if not is_passing(error):
                raise
            return False

    def _too_long(self, machine: MachineRecord | None, seen: MachineRecord | None, aim: str) -> WaitedTooLong:
        told = "The machine is gone"
        if machine:
            now = f"is {seen['state']}" if seen else f"was {machine['state']}, and is not listed any more"
            told = f"Machine {machine['name']!r} ({machine['id']}) {now}"
        if not self.seconds:
            return WaitedTooLong(
                f"{told}. The task does not wait until {aim}.",
                "Set wait=true with a wait_timeout, or run the task again later.",
            )
        return WaitedTooLong(
            f"{told}. The task waited up to {self.seconds:g} s until {aim}.",
            "Run the task again to go on waiting, or set wait_timeout higher.",
        )


def can_change(machine: MachineRecord | None, if_gone: bool = True) -> bool:
    """Whether waiting makes sense: one that is not listed may be listed yet, one that is terminated stays so."""
    return if_gone if machine is None else is_alive(machine)
