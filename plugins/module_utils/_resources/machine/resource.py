# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines' desired state: there or not, running or not, and what is changed of them; one, or many in one task."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence, cast

from ..._plan import Plan, Step
from ...mist_client.errors import InvalidValue
from ...mist_client.generations.base import Generation
from ...mist_client.matching import describe, is_alive, with_id
from ...mist_client.records import LocationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from ..base import Resource, options_among
from ..lookups import BackendMachines, machines_of
from .create import PASSED_ON, MachineMaker
from .differences import MachineComparison
from .fleet import FleetPlan, Target
from .update import CHANGES, MachineChanger, asked, check_can, check_changes, is_of_size, tag_text
from .wait import IN_TRANSITION, Goal, MachineWaiter
from .wanted import MachineWanted

#: states in which a machine does not work, and can be started from
STOPPED = ("stopped", "stopping", "suspended", "paused")
ENDING = ("destroy", "remove")


class FoundMachines(NamedTuple):
    """What a look showed: the backend's machines, and the wanted ones among them by how they were named.

    ``spec`` is what those that are missing are made of, but for their names. ``size`` is the wanted one; None where
    any will do, or it is not known. ``location`` is the wanted one, if a machine is missing. ``comparison`` is of those
    that are there, ``warnings`` are about the look itself. ``unlisted`` says what the listing leaves out, where that
    matters to the task.
    """

    backend: BackendMachines
    targets: dict[str, MachineRecord | None]
    spec: MachineSpec
    size: SizeRecord | None
    location: LocationRecord | None = None
    comparison: MachineComparison | None = None
    warnings: Sequence[str] = ()
    unlisted: str = ""


class MachineResource(Resource[FoundMachines, MachineWanted]):
    """Found by id, name and address, as far as they are given; the terminated ones that are still listed are none."""

    def find(self, wanted: MachineWanted) -> FoundMachines:
        check_limits(wanted)
        if wanted.get("names") == []:  # nothing to ask the server for, not even its generation
            return FoundMachines(BackendMachines("", [], ""), {}, {}, None)
        self._check(wanted)
        wanted = plain(wanted)
        backend = machines_of(self.api, wanted["backend"], to_change=True)
        targets = self._targets(backend, wanted)
        unlisted = self._unlisted(backend, targets, wanted["state"])
        found = FoundMachines(backend, targets, {}, None, unlisted=unlisted)
        if wanted["state"] == "absent":
            return found
        missing = [label for label, machine in targets.items() if machine is None]
        if missing and not may_be_created(wanted):
            error = missing_machine_error(missing[0], backend, wanted)
            error.hint = f"It may be there and stopped. {unlisted}" if unlisted else error.hint
            raise error
        self._check_names(found, wanted)
        maker = MachineMaker(self.api, backend)
        if missing:
            spec, size, location = maker.spec(missing[0], wanted)
            found = found._replace(spec=spec, size=size, location=location)
        if wanted["resize"] and found.size is None:
            found = found._replace(size=maker.size(wanted["size"]))
        self._check_actions(found, wanted)
        comparison = MachineComparison(maker.catalogue, wanted)
        comparison.look_up([machine for machine in targets.values() if machine])
        return found._replace(comparison=comparison, warnings=[*maker.warnings, *comparison.warnings])

    def plan(self, found: FoundMachines, wanted: MachineWanted) -> Plan:
        return MachinePlanner(self.api, found, plain(wanted)).plan()

    # ---- what is there

    def _check(self, wanted: MachineWanted) -> None:
        """What can be told before anything is asked."""
        if wanted["state"] == "absent":
            return
        check_changes(wanted)
        self.api.machines.check_changes(options_among(CHANGES, wanted))
        given = cast(MachineSpec, options_among((*PASSED_ON, "networks"), wanted))
        for name in (*wanted.get("names", ()), *options_among(("name", "new_name"), wanted).values()):
            self.api.machines.check_spec({**given, "name": name})

    def _check_names(self, found: FoundMachines, wanted: MachineWanted) -> None:
        """That names which no machine has yet are possible at this backend."""
        new_name = wanted.get("new_name")
        new = [label for label, machine in found.targets.items() if machine is None]
        new += [new_name for machine in found.targets.values() if machine and machine["name"] != new_name and new_name]
        if new:
            self.api.machines.check_names(found.backend.backend_id, new)

    def _check_actions(self, found: FoundMachines, wanted: MachineWanted) -> None:
        """That the provider takes the planned actions: what a machine itself says of that is not always true."""
        there = [machine for machine in found.targets.values() if machine]
        actions = {action_for(wanted["state"], machine) or "" for machine in there} - {""}
        if wanted["state"] == "stopped" and len(there) < len(found.targets):
            actions.add("stop")  # after the create
        if wanted["resize"] and found.size and not all(is_of_size(machine, found.size) for machine in there):
            actions.add("resize")
        if actions:
            self.api.machines.check_actions(found.backend.backend_id, sorted(actions))

    def _targets(self, backend: BackendMachines, wanted: MachineWanted) -> dict[str, MachineRecord | None]:
        if "names" in wanted:
            return {name: backend.find({"name": name}) for name in wanted["names"]}
        label: str = next(iter(options_among(("name", "id", "ip"), wanted).values()))
        machine, new_name = backend.find(wanted), wanted.get("new_name")
        if new_name is None or wanted["state"] == "absent":
            return {label: machine}
        alive = [each for each in backend.machines if is_alive(each)]
        taken = [each for each in alive if each["name"] == new_name and each is not machine]
        if machine and taken:
            raise InvalidValue(
                f"The name {new_name!r} is taken by {describe(taken)} at {backend.where}.",
                "Names need not be unique, but then machines can be told apart by id alone: choose another.",
            )
        if machine or {"id", "ip"} & set(wanted):
            return {label: machine}
        # renamed already, or yet to be made
        return {new_name: backend.find({"name": new_name})}

    def _unlisted(self, backend: BackendMachines, targets: Mapping[str, MachineRecord | None], state: str) -> str:
        """What the listing leaves out, if a machine is missing; InvalidValue if one to be stopped would be left out."""
        stopping = [machine for machine in targets.values() if machine and action_for(state, machine) == "stop"]
        if not stopping and all(targets.values()):
            return ""
        unlisted = self.api.machines.describe_unlisted(backend.backend_id, backend.machines)
        if unlisted and stopping:
            raise InvalidValue(f"After a stop, {describe(stopping)} would not be listed any more. {unlisted}")
        return unlisted


class MachinePlanner:
    """Plans what is to be done to the machines that were ``found``. ``waiter`` waits as long as the task wants to."""

    def __init__(self, api: Generation, found: FoundMachines, wanted: MachineWanted) -> None:
        self.api = api
        self.found = found
        self.wanted = wanted
        seconds = wanted["wait_timeout"] if wanted["wait"] else 0
        self.waiter = MachineWaiter(api, found.backend.backend_id, seconds, wanted["workers"])

    def plan(self) -> Plan:
        """The plan for all of them."""
        targets = []
        for label, machine in self.found.targets.items():
            if machine is None:
                plan = self._to_be(label)
            elif self.wanted["state"] == "absent":
                plan = self._to_go(machine, label)
            else:
                plan = self._to_become(machine, label)
            targets.append(Target(label, plan, goal_for(machine, self.wanted)))
        fleet = FleetPlan(targets, self.waiter, many="names" in self.wanted)
        fleet.warnings = [*self.found.warnings, *fleet.warnings]
        return fleet

    def _to_be(self, label: str) -> Plan:
        """The plan for a machine that is not there."""
        found, wanted = self.found, self.wanted
        warnings = [f"Machine {label!r} is not listed, but may be there and stopped. {found.unlisted}"]
        warnings = warnings if found.unlisted else []
        if wanted["state"] == "absent":
            return Plan(None, None, [], warnings=warnings)
        spec: MachineSpec = {**found.spec, "name": label}
        self.api.machines.check_spec(spec)
        maker = MachineMaker(self.api, found.backend)
        after = self.api.machines.predict(found.backend.backend_id, spec, found.size, found.location)
        if wanted["wait"] and wanted["wait_for"] != "listed":
            after["state"] = "running"
        steps = [Step(f"create machine {label!r}", lambda _none: maker.create(spec))]
        after, expires = MachineChanger(self.api, wanted).expiring(after, label)
        steps += [expires] if expires else []
        if wanted["state"] == "stopped":
            # also without wait it must run before it can be stopped; what it costs then is not known
            waiter = MachineWaiter(self.api, found.backend.backend_id, wanted["wait_timeout"])
            after = {**after, "state": "stopped", "cost": None}
            steps.append(Step(f"stop machine {label!r}", lambda machine: self._act(waiter.steady(machine), "stop")))
        price = {"price": found.size["price"]} if found.size and found.size["price"] else {}
        return Plan(None, after, steps, ({}, price), warnings)

    def _to_go(self, machine: MachineRecord, label: str) -> Plan:
        # a host that Mist was told of cannot be destroyed, but be forgotten
        can = machine["actions"]
        action = "remove" if can.get("remove") and not can.get("destroy") else "destroy"
        check_can(machine, action)
        return Plan(machine, None, [self._step(action, label)])

    def _to_become(self, machine: MachineRecord, label: str) -> Plan:
        """The plan for a machine that is there and stays."""
        found, wanted = self.found, self.wanted
        changer = MachineChanger(self.api, wanted)
        after, steps = changer.plan(machine, label)
        resize = None
        if found.size and wanted["resize"]:
            after, resize = changer.resized(after, label, found.size)
        warnings = found.comparison.differences(after) if found.comparison else []
        action = action_for(wanted["state"], machine)
        if action:
            check_can(machine, action)
            after = {**after, "state": "stopped" if action == "stop" else "running"}
        acts = [self._step(action, label)] if action else []
        if resize and action != "stop":
            check_can(machine, "resize")
        resizes = [self._keeping(resize)] if resize else []
        # a machine is resized while it is stopped, when the task wants both
        steps += acts + resizes if action == "stop" else resizes + acts
        return Plan(machine, after, steps, warnings=warnings)

    def _step(self, action: str, label: str) -> Step:
        return Step(f"{action} machine {label!r}", lambda machine: self._act(machine, action))

    def _keeping(self, resize: Step) -> Step:
        """EC2 starts a machine that it has resized (recordings/4.7, action-resize): stop it again if it is to be so."""

        def resize_and_stop(machine: MachineRecord) -> MachineRecord:
            resized: MachineRecord = resize.call(machine)
            again = action_for("stopped", resized) if self.wanted["state"] == "stopped" else None
            return self._act(resized, again) if again else resized

        return Step(resize.sentence, resize_and_stop)

    def _act(self, machine: MachineRecord, action: str) -> MachineRecord:
        if action not in ENDING:
            machine = self.waiter.steady(machine)
        if machine["state"] == {"start": "running", "stop": "stopped"}.get(action):
            return machine  # what came before has started it, or it has ended by itself, as a container does
        check_can(machine, action)
        at = (machine["backend_id"], machine["id"])
        return asked(
            self.api,
            machine,
            lambda: self.api.machines.remove(*at) if action == "remove" else self.api.machines.act(*at, action),
            lambda now: has_happened(action, now),
        )


def plain(wanted: MachineWanted) -> MachineWanted:
    """The options with the values of tags as the server keeps them."""
    tags = wanted.get("tags")
    return {**wanted, "tags": {str(name): tag_text(value) for name, value in tags.items()}} if tags else wanted


def may_be_created(wanted: MachineWanted) -> bool:
    """Whether a machine that is missing is to be created; a stopped one only if the task tells of what."""
    made_of = wanted["state"] in ("present", "started") or (wanted["state"] == "stopped" and wanted.get("image"))
    return bool(made_of) and not {"id", "ip"} & set(wanted)


def missing_machine_error(label: str, backend: BackendMachines, wanted: MachineWanted) -> InvalidValue:
    gone = with_id(backend.machines, label)
    if gone:
        return InvalidValue(f"Machine {gone['name']!r} ({gone['id']}) of {backend.where} is terminated.")
    error = backend.not_found_error(label)
    if wanted["state"] == "stopped" and not {"id", "ip"} & set(wanted):
        error.hint = "Give image and size to create it and then stop it."
    return error


def check_limits(wanted: MachineWanted) -> None:
    """InvalidValue when a number or a list of names cannot be what was meant."""
    for option, value, least in (("workers", wanted["workers"], 1), ("wait_timeout", wanted["wait_timeout"], 0)):
        if value < least:
            raise InvalidValue(f"{option} is {value}, and must be {least} or more.")
    names = wanted.get("names", ["one"])
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise InvalidValue(f"names holds {join_words(map(repr, doubles), 'and')} more than once.")
    if not all(names):
        raise InvalidValue("names holds an empty name.")
    rounds = -(-len(names) // wanted["workers"])
    if "names" in wanted and wanted["wait"] and rounds > wanted["wait_timeout"]:
        raise InvalidValue(
            f"{len(names)} machines are {rounds} rounds of {wanted['workers']}, which wait_timeout="
            f"{wanted['wait_timeout']} gives less than a second each.",
            "Set workers or wait_timeout higher.",
        )


def goal_for(machine: MachineRecord | None, wanted: MachineWanted) -> Goal | None:
    """What is waited for in the end; a machine that is stopped, or of a state that nobody knows, is present."""
    stays = machine is not None and machine["state"] not in ("running", *IN_TRANSITION)
    if not wanted["wait"] or (wanted["state"] == "present" and stays):
        return None
    return {"absent": Goal.GONE, "stopped": Goal.STOPPED}.get(wanted["state"]) or Goal(wanted["wait_for"])


def action_for(state: str, machine: MachineRecord) -> str | None:
    """What brings a machine to the state, None when it is there or on its way."""
    now = machine["state"]
    starts = "resume" if machine["actions"].get("resume") and not machine["actions"].get("start") else "start"
    return {
        "stopped": None if now in ("stopped", "stopping") else "stop",
        "started": starts if now in STOPPED else None,
        "restarted": starts if now in STOPPED else None if now in IN_TRANSITION else "reboot",
    }.get(state)


def has_happened(action: str, machine: MachineRecord | None) -> bool:
    """Whether an action whose answer was an error or lost was done all the same; of a reboot nobody can tell."""
    if action in ENDING:
        return machine is None or not is_alive(machine)
    on_its_way = {"start": ("running", "pending"), "resume": ("running", "pending"), "stop": ("stopped", "stopping")}
    return machine is not None and machine["state"] in on_its_way.get(action, ())
