# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines' desired state: there or not, running or not; one of them, or many in one task."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .._plan import Plan, Step
from ..mist_client.errors import InvalidValue, NoAnswer, RequestFailed
from ..mist_client.records import MachineRecord, MachineSpec
from ..mist_client.wording import listed
from .base import Resource
from .choice import unknown, with_id
from .lookups import find_machine, is_alive, machines_of
from .machine_fleet import FleetPlan, Target
from .machine_making import MachineMaker, foreseen, may_have_been_done
from .machine_waiting import IN_TRANSITION, Goal, MachineWaiter


class FoundMachines(NamedTuple):
    """What a look showed: the backend's machines, and the wanted ones among them by how they were named.

    ``spec`` is what those that are missing are made of, but for their names.
    """

    backend_id: str
    machines: list[MachineRecord]
    targets: dict[str, MachineRecord | None]
    spec: MachineSpec


class MachineResource(Resource):
    """Found by id, name and address, as far as they are given; the terminated ones that EC2 still lists are none."""

    def find(self, wanted: Mapping[str, Any]) -> FoundMachines:
        check_limits(wanted)
        backend_id, machines = machines_of(self.api, wanted["backend"], to_change=True)
        where = f"backend {wanted['backend']!r}"
        if "names" in wanted:
            targets = {name: find_machine(machines, {"name": name}, where) for name in wanted["names"]}
        else:
            label = next(wanted[option] for option in ("name", "id", "ip") if option in wanted)
            targets = {label: find_machine(machines, wanted, where)}
        missing = next((label for label, machine in targets.items() if machine is None), None)
        if missing is None or wanted["state"] == "absent":
            return FoundMachines(backend_id, machines, targets, {})
        if wanted["state"] not in ("present", "started") or {"id", "ip"} & set(wanted):
            raise unknown(missing, [machine for machine in machines if is_alive(machine)], "machine", where)
        spec = MachineMaker(self.api, backend_id, where).spec(missing, wanted)
        return FoundMachines(backend_id, machines, targets, spec)

    def plan(self, found: FoundMachines, wanted: Mapping[str, Any]) -> Plan:
        seconds = wanted["wait_timeout"] if wanted["wait"] else 0
        waiter = MachineWaiter(self.api, found.backend_id, seconds, wanted["workers"])
        targets = []
        for label, machine in found.targets.items():
            plan = (
                self._to_state(machine, label, wanted["state"], waiter)
                if machine
                else self._to_be(label, found, wanted)
            )
            targets.append(Target(label, plan, goal_for(machine, wanted)))
        return FleetPlan(targets, waiter, many="names" in wanted)

    def _to_be(self, label: str, found: FoundMachines, wanted: Mapping[str, Any]) -> Plan:
        """The plan for a machine that is not there."""
        if wanted["state"] == "absent":
            return Plan(None, None, [])
        spec: MachineSpec = {**found.spec, "name": label}
        self.api.check_machine_spec(spec)
        before = {machine["id"] for machine in found.machines}
        maker = MachineMaker(self.api, found.backend_id, f"backend {wanted['backend']!r}")
        runs = wanted["wait"] and wanted["wait_for"] != "listed"
        after = foreseen(spec, found.backend_id, "running" if runs else "pending")
        return Plan(None, after, [Step(f"create machine {label!r}", lambda _none: maker.create(spec, before))])

    def _to_state(self, machine: MachineRecord, label: str, state: str, waiter: MachineWaiter) -> Plan:
        """The plan for a machine that is there."""
        action = action_for(state, machine)
        if action is None:
            return Plan(machine, machine, [])
        check_can(machine, action)
        after = None if action == "destroy" else {**machine, "state": {"stop": "stopped"}.get(action, "running")}
        return Plan(machine, after, [Step(f"{action} machine {label!r}", lambda it: self._act(it, action, waiter))])

    # ---- the steps

    def _act(self, machine: MachineRecord, action: str, waiter: MachineWaiter) -> MachineRecord | None:
        if machine["state"] in IN_TRANSITION and action != "destroy":
            machine = waiter.steady(machine)
            check_can(machine, action)
        try:
            machines = self.api.act_on_machine(machine["backend_id"], machine["id"], action)
        except (NoAnswer, RequestFailed) as error:
            if not may_have_been_done(error):
                raise
            # DigitalOcean's destroy is answered 503 when it was done (recordings/2014/CONTRACT.md 3)
            machines = self.api.list_machines(machine["backend_id"])
            if not has_happened(action, with_id(machines, machine["id"])):
                raise
        return with_id(machines, machine["id"])


def check_limits(wanted: Mapping[str, Any]) -> None:
    """InvalidValue when a number or a list of names cannot be what was meant."""
    for option, least in (("workers", 1), ("wait_timeout", 0)):
        if wanted[option] < least:
            raise InvalidValue(f"{option} is {wanted[option]}, and must be {least} or more.")
    names = wanted.get("names", ["one"])
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise InvalidValue(f"names holds {listed(map(repr, doubles), 'and')} more than once.")
    if not names or not all(names):
        raise InvalidValue("names holds no name, or an empty one.")
    rounds = -(-len(names) // wanted["workers"])
    if "names" in wanted and wanted["wait"] and rounds > wanted["wait_timeout"]:
        raise InvalidValue(
            f"{len(names)} machines are {rounds} rounds of {wanted['workers']}, which wait_timeout="
            f"{wanted['wait_timeout']} gives less than a second each.",
            "Set workers or wait_timeout higher.",
        )


def goal_for(machine: MachineRecord | None, wanted: Mapping[str, Any]) -> Goal | None:
    """What is waited for in the end; a machine that is stopped is there, and need not run to be."""
    if not wanted["wait"] or (wanted["state"] == "present" and machine and machine["state"] == "stopped"):
        return None
    return {"absent": Goal.GONE, "stopped": Goal.STOPPED}.get(wanted["state"]) or Goal(wanted["wait_for"])


def action_for(state: str, machine: MachineRecord) -> str | None:
    """What brings a machine to the state, None when it is there or on its way."""
    now = machine["state"]
    stopped = now in ("stopped", "stopping")
    return {
        "absent": "destroy",
        "stopped": None if stopped else "stop",
        "started": "start" if stopped else None,
        "restarted": "start" if stopped else None if now in IN_TRANSITION else "reboot",
    }.get(state)


def check_can(machine: MachineRecord, action: str) -> None:
    """InvalidValue when the machine says that it cannot be asked for this now. One in transition is asked later."""
    if machine["actions"].get(action) or (machine["state"] in IN_TRANSITION and action != "destroy"):
        return
    raise InvalidValue(
        f"Machine {machine['name']!r} ({machine['id']}) is {machine['state']}, and tells that it cannot {action}.",
        "Its provider does not offer that through Mist, or not in this state.",
    )


def has_happened(action: str, machine: MachineRecord | None) -> bool:
    """Whether an action whose answer was an error or lost was done all the same; of a reboot nobody can tell."""
    if action == "destroy":
        return machine is None or not is_alive(machine)
    on_its_way = {"start": ("running", "pending"), "stop": ("stopped", "stopping")}.get(action, ())
    return machine is not None and machine["state"] in on_its_way
