# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of a machine's monitoring: on or off, its metrics and its plugins."""

from __future__ import annotations

from functools import partial
from typing import Any, Mapping, NamedTuple, Sequence, TypedDict

from ..._plan import Plan, Step
from ...mist_client.errors import InvalidValue, MistError
from ...mist_client.generations.base import Generation
from ...mist_client.matching import first_address
from ...mist_client.records import MachineRecord, MetricRecord, MonitoredRecord
from ..base import Resource
from ..lookups import machines_of
from .plugins import Plugin, PluginOption, is_as_wanted, plugins_of
from .update import (
    MonitoringChanges,
    Record,
    all_metrics,
    find_metric,
    having,
    host_of,
    metrics_of,
    monitored_at,
    record_of,
    with_metric,
    without_metric,
)

ON = ("present", "enabled")
#: states in which Mist can log in; on servers of 2016 or later, the state of a host without a provider is unknown
RUNNING = ("running", "unknown")


class MonitoringWanted(TypedDict, total=False):
    """The options of mist_monitoring."""

    backend: str
    machine: str
    state: str
    metrics: list[str]
    exclusive_metrics: bool
    plugins: list[PluginOption]
    wait_for_stats: bool
    wait_timeout: int


class FoundMonitoring(NamedTuple):
    """What was found: the machine and its monitoring; each None if it does not exist.

    ``adding`` are the wanted metrics that are missing: ids or names until monitoring is enabled. ``kept`` are the ids
    of the wanted metrics that exist. ``plugins`` are the plugins of the task. ``deployed`` holds the names of the
    plugins whose code is on the machine, None if it is unknown.
    """

    machine: MachineRecord | None
    record: Record | None
    adding: Sequence[MetricRecord | str] = ()
    kept: Sequence[str] = ()
    plugins: Sequence[Plugin] = ()
    deployed: set[str] | None = None


class AwaitingPlan(Plan):
    """A plan that ends with a wait for values of the metrics ``awaited`` (ids or names), or of any if it is empty."""

    def __init__(self, plan: Plan, changes: MonitoringChanges, awaited: Sequence[str]) -> None:
        super().__init__(plan.before, plan.after, plan.steps, warnings=plan.warnings)
        self.changes = changes
        self.awaited = awaited

    def apply(self) -> Any:
        record = super().apply()
        try:
            self.changes.await_data(self.awaited)
        except MistError as error:
            error.done = [step.sentence for step in self.steps]
            error.known = {"monitoring": record}
            raise
        return record


class MonitoringResource(Resource[FoundMonitoring, MonitoringWanted]):
    """Found by the machine's id, name or address."""

    def find(self, wanted: MonitoringWanted) -> FoundMonitoring:
        on = wanted["state"] in ON
        if on:
            check_options(wanted)
        plugins = plugins_of(self.api, wanted.get("plugins", [])) if on else []
        backend = machines_of(self.api, wanted["backend"], to_change=True)
        machine = backend.find_named(wanted["machine"])
        if machine is None and on:
            raise backend.not_found_error(wanted["machine"])
        at = (backend.backend_id, machine["id"] if machine else wanted["machine"])
        monitored = monitored_at(self.api, at)
        record = record_of(machine, monitored)
        if machine is None or record is None or not on:
            return FoundMonitoring(machine, record)
        adding, kept = self._metrics(machine, monitored, wanted.get("metrics", []), plugins)
        return FoundMonitoring(machine, record, adding, kept, plugins, self._deployed(machine, record, plugins))

    def plan(self, found: FoundMonitoring, wanted: MonitoringWanted) -> Plan:
        if found.record is None:
            return Plan(None, None, [])
        if found.machine is None or wanted["state"] not in ON:
            return self._off(found.record)
        changes = MonitoringChanges(self.api, found.machine, wanted["wait_timeout"])
        steps, after = self._on(found.machine, found.record, found, changes, wanted["exclusive_metrics"])
        plan = Plan(found.record, after, steps, warnings=changes.warnings)
        if not wanted["wait_for_stats"]:
            return plan
        check_reachable(found.machine, "it sends no data to wait for")
        return AwaitingPlan(plan, changes, awaited_of(self.api, found))

    # ---- the current state

    def _metrics(
        self,
        machine: MachineRecord,
        monitored: MonitoredRecord | None,
        words: Sequence[str],
        plugins: Sequence[Plugin],
    ) -> tuple[list[MetricRecord | str], list[str]]:
        """The wanted metrics: those to add, and the ids of those that exist."""
        words = [
            word
            for word in dict.fromkeys(words)
            if not any(
                plugin.code is not None and self.api.monitoring.is_of_plugin(word, plugin.name) for plugin in plugins
            )
        ]
        if monitored is None:
            return list(words), []
        there = all_metrics(monitored)
        known = list(there.values())
        if not all(having(word, known) for word in words):
            known = [*self.api.monitoring.list_metrics(machine["backend_id"], machine["id"]).values(), *known]
        named = [find_metric(word, known, machine) for word in words]
        adding = {metric["id"]: metric for metric in named if metric["id"] not in there}
        return list(adding.values()), [metric["id"] for metric in named if metric["id"] in there]

    def _deployed(self, machine: MachineRecord, record: Record, plugins: Sequence[Plugin]) -> set[str] | None:
        """The names of the plugins whose wanted code is on the machine, of those for which it matters."""
        words = {
            plugin.name: plugin.mark
            for plugin in plugins
            if plugin.code is not None and plugin.redeploy == "changed" and metrics_of(self.api, plugin.name, record)
        }
        host = first_address(machine)
        if not words or host is None or machine["state"] not in RUNNING:
            return None
        return self.api.monitoring.find_in_plugins(machine["backend_id"], machine["id"], host, words)

    # ---- the plans

    def _on(
        self,
        machine: MachineRecord,
        record: Record,
        found: FoundMonitoring,
        changes: MonitoringChanges,
        exclusive: bool,
    ) -> tuple[list[Step], Record]:
        """The steps to the desired state, and the record after them."""
        steps, after = [], {**record, "enabled": True}
        if not record["enabled"]:
            check_reachable(machine, "monitoring cannot be enabled")
            enable = partial(changes.enable, keep=awaited_of(self.api, found) if exclusive else None)
            steps.append(Step(f"enable monitoring of machine {machine['name']!r}", enable))
        for metric in found.adding:
            predicted = self.api.monitoring.predict_metric(
                {"id": metric, "name": metric, "unit": ""} if isinstance(metric, str) else metric
            )
            steps.append(Step(f"add metric {predicted['id']!r}", partial(changes.add, metric=metric)))
            after = with_metric(after, predicted)
        for plugin in found.plugins:
            there = metrics_of(self.api, plugin.name, record)
            if plugin.code is not None and not is_as_wanted(plugin, there, found.deployed):
                check_reachable(machine, f"plugin {plugin.name!r} cannot be deployed")
                steps.append(Step(f"deploy plugin {plugin.name!r}", partial(changes.deploy, plugin=plugin)))
                ids = [metric["id"] for metric in there] or [plugin.metric_id]
                for metric in plugin.metrics(ids, there):
                    after = with_metric(after, metric)
        superfluous = self._superfluous(record, found, exclusive)
        steps += self._removals(machine, superfluous, changes)
        for metric_id in superfluous:
            after = without_metric(after, metric_id)
        return steps, after

    def _superfluous(self, record: Record, found: FoundMonitoring, exclusive: bool) -> dict[str, str | None]:
        """The ids of the metrics to remove, each with the name of its plugin, if it has one."""
        ids = [metric["id"] for metric in record["metrics"]]
        unwanted = {
            metric["id"]: plugin.name
            for plugin in found.plugins
            if plugin.code is None
            for metric in metrics_of(self.api, plugin.name, record)
        }
        if not exclusive:
            return {metric_id: unwanted[metric_id] for metric_id in ids if metric_id in unwanted}
        wanted = {*found.kept, *_ids_of_plugins(self.api, record, found.plugins)}
        return {
            metric_id: unwanted.get(metric_id) or self.api.monitoring.plugin_of(metric_id)
            for metric_id in ids
            if metric_id not in wanted
        }

    def _removals(
        self, machine: MachineRecord, superfluous: Mapping[str, str | None], changes: MonitoringChanges
    ) -> list[Step]:
        """One step for each metric, and one for each plugin, which removes its metrics too."""
        steps: dict[str, Step] = {}
        for metric_id, name in superfluous.items():
            if name is None:
                sentence, call = f"remove metric {metric_id!r}", partial(changes.remove, metric_id=metric_id)
            else:
                sentence, call = f"remove plugin {name!r}", partial(changes.take_off, name=name)
            if name is not None and sentence not in steps:
                changes.warn_of_file(name)
                if not self.api.monitoring.plugin_file(machine["id"], name):
                    check_reachable(machine, f"plugin {name!r} cannot be removed")
            steps[sentence] = Step(sentence, call)
        return list(steps.values())

    def _off(self, record: Record) -> Plan:
        if not record["enabled"]:
            return Plan(record, record, [])
        after = {**record, "enabled": False, "metrics": []}
        return Plan(record, after, [Step(f"disable monitoring of machine {record['name']!r}", self._disable)])

    def _disable(self, record: Record) -> Record:
        self.api.monitoring.disable(record["backend_id"], record["machine_id"])
        return {**record, "enabled": False, "metrics": []}


def check_options(wanted: MonitoringWanted) -> None:
    """Raises InvalidValue if an option is invalid."""
    if wanted["wait_timeout"] < 0:
        raise InvalidValue(f"Invalid wait_timeout {wanted['wait_timeout']}: it must be at least 0.")
    if wanted["exclusive_metrics"] and "metrics" not in wanted:
        raise InvalidValue("metrics is required with exclusive_metrics=true.", "It can be an empty list.")
    if not all(word.strip() for word in wanted.get("metrics", [])):
        raise InvalidValue("metrics contains an empty name.")


def check_reachable(machine: MachineRecord, consequence: str) -> None:
    """Raises InvalidValue if Mist cannot log in to the machine. ``consequence`` is the end of the message."""
    if machine["state"] not in RUNNING:
        raise InvalidValue(
            f"Machine {machine['name']!r} ({machine['id']}) is {machine['state']}: {consequence}.",
            "Start it first with mist_machine.",
        )
    host_of(machine)


def awaited_of(api: Generation, found: FoundMonitoring) -> list[str]:
    """The metrics of the task, by id; by name while the id is unknown."""
    adding = [metric if isinstance(metric, str) else metric["id"] for metric in found.adding]
    return [*found.kept, *adding, *_ids_of_plugins(api, found.record, found.plugins)]


def _ids_of_plugins(api: Generation, record: Record | None, plugins: Sequence[Plugin]) -> list[str]:
    """The ids of the metrics of the plugins with state=present, as far as they are known before the deployment."""
    ids: list[str] = []
    for plugin in plugins:
        if plugin.code is not None:
            there = metrics_of(api, plugin.name, record) if record else []
            ids += [metric["id"] for metric in there] or [plugin.metric_id]
    return ids
