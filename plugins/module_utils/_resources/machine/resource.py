# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of one or many machines: present or absent, running or stopped, with which properties."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence, cast

from ..._plan import Plan, Step, having_done
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
from .update import CHANGES, MachineChanger, check_can, check_changes, is_of_size, request_change, tag_text
from .wait import IN_TRANSITION, Goal, MachineWaiter
from .wanted import MachineWanted

#: states from which a machine can be started
STOPPED = ("stopped", "stopping", "suspended", "paused")
ENDING = ("destroy", "remove")


class FoundMachines(NamedTuple):
    """What was found: the backend's machines, and the selected machines by the word that the task uses for them.

    ``spec`` describes the machines to create, without names. ``size`` is the wanted size; None if any is accepted or
    it is unknown. ``location`` is the wanted location, if a machine is missing. ``comparison`` compares the existing
    machines, ``warnings`` come from the look-up. ``unlisted`` says which machines the listing omits, if that matters.
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
    """Found by id, name and address, as far as they are set. Terminated machines that are still listed do not count."""

    def find(self, wanted: MachineWanted) -> FoundMachines:
        check_limits(wanted)
        if wanted.get("names") == []:  # no request is needed, not even to detect the generation
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
            error.hint = f"It may exist but be stopped. {unlisted}" if unlisted else error.hint
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

    # ---- the current state

    def _check(self, wanted: MachineWanted) -> None:
        """Checks that need no request."""
        if wanted["state"] == "absent":
            return
        check_changes(wanted)
        self.api.machines.check_changes(options_among(CHANGES, wanted))
        given = cast(MachineSpec, options_among((*PASSED_ON, "networks"), wanted))
        for name in (*wanted.get("names", ()), *options_among(("name", "new_name"), wanted).values()):
            self.api.machines.check_spec({**given, "name": name})

    def _check_names(self, found: FoundMachines, wanted: MachineWanted) -> None:
        """Raises InvalidValue if a new name is invalid for this backend."""
        new_name = wanted.get("new_name")
        new = [label for label, machine in found.targets.items() if machine is None]
        new += [new_name for machine in found.targets.values() if machine and machine["name"] != new_name and new_name]
        if new:
            self.api.machines.check_names(found.backend.backend_id, new)

    def _check_actions(self, found: FoundMachines, wanted: MachineWanted) -> None:
        """Raises NotSupported if the provider cannot do a planned action: a machine's own ``actions`` can be wrong."""
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
        others = [other for other in backend.machines if is_alive(other) and other is not machine]
        taken = [other for other in others if other["name"] == new_name]
        if machine and taken:
            raise InvalidValue(
                f"Another machine already has the name {new_name!r} in {backend.where}: {describe(taken)}.",
                "Choose another name: machines of the same name can only be selected by id.",
            )
        if machine or {"id", "ip"} & set(wanted):
            return {label: machine}
        # it is already renamed, or does not exist yet
        return {new_name: backend.find({"name": new_name})}

    def _unlisted(self, backend: BackendMachines, targets: Mapping[str, MachineRecord | None], state: str) -> str:
        """Which machines the listing omits, if one is missing. InvalidValue if it would omit a stopped machine."""
        stopping = [machine for machine in targets.values() if machine and action_for(state, machine) == "stop"]
        if not stopping and all(targets.values()):
            return ""
        unlisted = self.api.machines.describe_unlisted(backend.backend_id, backend.machines)
        if unlisted and stopping:
            raise InvalidValue(f"After a stop, the backend would no longer list {describe(stopping)}. {unlisted}")
        return unlisted


class MachinePlanner:
    """Plans the changes of the machines that were ``found``. ``waiter`` waits as long as the task allows."""

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
        """The plan for a machine that does not exist."""
        found, wanted = self.found, self.wanted
        warnings = [f"Machine {label!r} is not listed, but it may exist and be stopped. {found.unlisted}"]
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
            # it must run before it can be stopped, even with wait=false; the cost of a stopped machine is unknown
            waiter = MachineWaiter(self.api, found.backend.backend_id, wanted["wait_timeout"])
            after = {**after, "state": "stopped", "cost": None}
            steps.append(Step(f"stop machine {label!r}", lambda machine: self._act(waiter.steady(machine), "stop")))
        price = {"price": found.size["price"]} if found.size and found.size["price"] else {}
        return Plan(None, after, steps, ({}, price), warnings)

    def _to_go(self, machine: MachineRecord, label: str) -> Plan:
        # a host that no provider manages cannot be destroyed, only removed from Mist
        actions = machine["actions"]
        action = "remove" if actions.get("remove") and not actions.get("destroy") else "destroy"
        check_can(machine, action)
        return Plan(machine, None, [self._step(action, label)])

    def _to_become(self, machine: MachineRecord, label: str) -> Plan:
        """The plan for a machine that exists and stays."""
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
        # if the task both stops and resizes a machine, it is resized while it is stopped
        steps += acts + resizes if action == "stop" else resizes + acts
        return Plan(machine, after, steps, warnings=warnings)

    def _step(self, action: str, label: str) -> Step:
        return Step(f"{action} machine {label!r}", lambda machine: self._act(machine, action))

    def _keeping(self, resize: Step) -> Step:
        """EC2 starts a machine after a resize (recordings/4.7, action-resize): with state=stopped, stop it again."""

        def resize_and_stop(machine: MachineRecord) -> MachineRecord:
            resized: MachineRecord = resize.call(machine)
            again = action_for("stopped", resized) if self.wanted["state"] == "stopped" else None
            if not again:
                return resized
            with having_done(resize.sentence):
                return self._act(resized, again)

        return Step(resize.sentence, resize_and_stop)

    def _act(self, machine: MachineRecord, action: str) -> MachineRecord:
        if action not in ENDING:
            machine = self.waiter.steady(machine)
        if machine["state"] == {"start": "running", "stop": "stopped"}.get(action):
            return machine  # an earlier step started it, or it stopped by itself, as a container does
        check_can(machine, action)
        at = (machine["backend_id"], machine["id"])
        return request_change(
            self.api,
            machine,
            lambda: self.api.machines.remove(*at) if action == "remove" else self.api.machines.act(*at, action),
            lambda current: has_happened(action, current),
        )


def plain(wanted: MachineWanted) -> MachineWanted:
    """The options, with the values of tags as the server stores them."""
    tags = wanted.get("tags")
    return {**wanted, "tags": {str(name): tag_text(value) for name, value in tags.items()}} if tags else wanted


def may_be_created(wanted: MachineWanted) -> bool:
    """Whether the task can create a missing machine. With state=stopped, only if it names an image."""
    creates = wanted["state"] in ("present", "started") or (wanted["state"] == "stopped" and wanted.get("image"))
    return bool(creates) and not {"id", "ip"} & set(wanted)


def missing_machine_error(label: str, backend: BackendMachines, wanted: MachineWanted) -> InvalidValue:
    gone = with_id(backend.machines, label)
    if gone:
        return InvalidValue(f"Machine {gone['name']!r} ({gone['id']}) in {backend.where} is terminated.")
    error = backend.not_found_error(label)
    if wanted["state"] == "stopped" and not {"id", "ip"} & set(wanted):
        error.hint = "To create the machine and then stop it, set image and size."
    return error


def check_limits(wanted: MachineWanted) -> None:
    """Raises InvalidValue if a number or the list of names is invalid."""
    for option, value, minimum in (("workers", wanted["workers"], 1), ("wait_timeout", wanted["wait_timeout"], 0)):
        if value < minimum:
            raise InvalidValue(f"Invalid {option} {value}: it must be at least {minimum}.")
    names = wanted.get("names", ["one"])
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise InvalidValue(f"names contains {join_words(map(repr, duplicates), 'and')} more than once.")
    if not all(names):
        raise InvalidValue("names contains an empty name.")
    rounds = -(-len(names) // wanted["workers"])
    if "names" in wanted and wanted["wait"] and rounds > wanted["wait_timeout"]:
        raise InvalidValue(
            f"wait_timeout={wanted['wait_timeout']} is too short for {len(names)} machines with workers="
            f"{wanted['workers']}: at least {rounds} s are required.",
            "Increase workers or wait_timeout.",
        )


def goal_for(machine: MachineRecord | None, wanted: MachineWanted) -> Goal | None:
    """What to wait for after the steps; None for nothing, such as for a stopped machine with state=present."""
    stays = machine is not None and machine["state"] not in ("running", *IN_TRANSITION)
    if not wanted["wait"] or (wanted["state"] == "present" and stays):
        return None
    return {"absent": Goal.GONE, "stopped": Goal.STOPPED}.get(wanted["state"]) or Goal(wanted["wait_for"])


def action_for(state: str, machine: MachineRecord) -> str | None:
    """The action that leads to the state; None if the machine is in that state or in transition to it."""
    current = machine["state"]
    starts = "resume" if machine["actions"].get("resume") and not machine["actions"].get("start") else "start"
    return {
        "stopped": None if current in ("stopped", "stopping") else "stop",
        "started": starts if current in STOPPED else None,
        "restarted": starts if current in STOPPED else None if current in IN_TRANSITION else "reboot",
    }.get(state)


def has_happened(action: str, machine: MachineRecord | None) -> bool:
    """Whether an action was done although its answer was lost or an error. For a reboot this cannot be seen."""
    if action in ENDING:
        return machine is None or not is_alive(machine)
    expected = {"start": ("running", "pending"), "resume": ("running", "pending"), "stop": ("stopped", "stopping")}
    return machine is not None and machine["state"] in expected.get(action, ())
