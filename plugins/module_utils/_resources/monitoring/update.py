# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes of a machine's monitoring, one call each, and the wait for its data."""

from __future__ import annotations

import time
from typing import Any, Collection, Dict, Sequence

from ..._plan import having_done
from ...mist_client.errors import InvalidValue, WaitedTooLong
from ...mist_client.generations.base import Generation
from ...mist_client.matching import ambiguous_error, first_address, not_found_error, with_id
from ...mist_client.records import MachineRecord, MetricRecord, MonitoredRecord, SeriesRecord
from ...mist_client.waiting import Backoff, wait_until
from ...mist_client.wording import join_words
from .plugins import Plugin
from .stats import MIN_STEP, has_values

#: the maximum age in seconds of recent values
RECENT = 120

Record = Dict[str, Any]


class MonitoringChanges:
    """The calls of the steps: each takes the record before it and returns the record after it.

    ``seconds`` limits each wait. After monitoring was enabled, a call that needs the agent waits for the first data.
    """

    def __init__(self, api: Generation, machine: MachineRecord, seconds: float) -> None:
        self.api = api
        self.machine = machine
        self.seconds = seconds
        self.at = (machine["backend_id"], machine["id"])
        self._has_agent = True
        #: the ids of metrics, by the name or the predicted id that was known before
        self._ids: dict[str, list[str]] = {}
        #: sentences for the user
        self.warnings: list[str] = []

    def enable(self, record: Record, keep: Collection[str] | None) -> Record:
        """Enable monitoring. ``keep`` holds the ids or names of the remembered metrics to keep; None keeps all."""
        self.api.monitoring.enable(self.machine["backend_id"], self.machine)
        self._has_agent = False
        record = {**record, "enabled": True}
        if not self.api.monitoring.remembers_metrics:
            return record
        with having_done(f"enable monitoring of machine {self.machine['name']!r}"):
            return self._with_remembered(record, keep)

    def _with_remembered(self, record: Record, keep: Collection[str] | None) -> Record:
        """The record with the metrics of the last time. Removes those that are not in ``keep``."""
        remembered = monitored_at(self.api, self.at)
        for metric in remembered["metrics"] if remembered else []:
            record = with_metric(record, metric)
            if keep is not None and not {metric["id"], metric["name"]} & set(keep):
                name = self.api.monitoring.plugin_of(metric["id"])
                if name:
                    self.warn_of_file(name)
                record = self.take_off(record, name) if name else self.remove(record, metric["id"])
        return record

    def add(self, record: Record, metric: MetricRecord | str) -> Record:
        """Add a metric. A metric that is only an id or a name is looked up first."""
        self._await_agent()
        if isinstance(metric, str):
            word, there = metric, all_metrics(monitored_at(self.api, self.at))
            metric = find_metric(
                word, [*self.api.monitoring.list_metrics(*self.at).values(), *there.values()], self.machine
            )
            self._ids[word] = [metric["id"]]
            if metric["id"] in there:
                return record
        return with_metric(record, self.api.monitoring.add_metric(*self.at, metric["id"]) or metric)

    def remove(self, record: Record, metric_id: str) -> Record:
        if with_id(record["metrics"], metric_id) is None:  # it was removed with its plugin
            return record
        self.api.monitoring.remove_metric(*self.at, metric_id)
        return without_metric(record, metric_id)

    def deploy(self, record: Record, plugin: Plugin) -> Record:
        self._await_agent()
        host, name, before = host_of(self.machine), plugin.name, metrics_of(self.api, plugin.name, record)
        (predicted,) = plugin.metrics([plugin.metric_id], before)
        deployed = self.api.monitoring.deploy_plugin(
            *self.at, host, name, plugin.marked_code, plugin.value_type, predicted["unit"]
        )
        self._ids[plugin.metric_id] = deployed["metrics"]
        for metric in before:
            record = without_metric(record, metric["id"])
        for metric in plugin.metrics(deployed["metrics"], before):
            record = with_metric(record, metric)
        return record

    def take_off(self, record: Record, name: str) -> Record:
        left = self.api.monitoring.remove_plugin(*self.at, first_address(self.machine) or "", name)["metrics"]
        with having_done(f"remove plugin {name!r}"):
            for metric in metrics_of(self.api, name, record):
                if metric["id"] in left:
                    record = self.remove(record, metric["id"])
                record = without_metric(record, metric["id"])
        return record

    def warn_of_file(self, name: str) -> None:
        file = self.api.monitoring.plugin_file(self.machine["id"], name)
        if file:
            self.warnings.append(
                f"The code of plugin {name!r} stays on machine {self.machine['name']!r}, and the agent still runs it:"
                f" this server cannot remove it. Delete the file {file} on the machine."
            )

    def await_data(self, metrics: Sequence[str]) -> None:
        """Wait until each of these metrics (ids or names) has recent values; if empty, until any metric has."""
        is_of = self.api.monitoring.is_series_of
        ids = [metric_id for metric in metrics for metric_id in self._ids.get(metric, [metric])]
        waited = wait_until(self._recent_stats, lambda stats: has_values(stats, ids, is_of), Backoff(self.seconds))
        seen = waited.last()
        if not waited.done:
            lacking = [metric_id for metric_id in ids if not has_values(seen, [metric_id], is_of)]
            raise WaitedTooLong(
                f"Machine {self.machine['name']!r} ({self.machine['id']}) has no values of"
                f" {join_words(lacking, 'and') if lacking else 'any metric'} after {self.seconds:g} s.",
                "Run the task again to continue waiting, or increase wait_timeout. Check that Mist has a key that can"
                " log in to the machine and install the agent.",
            )

    def _recent_stats(self) -> dict[str, SeriesRecord]:
        now = int(time.time())
        return self.api.monitoring.get_stats(*self.at, now - RECENT, now, MIN_STEP)

    def _await_agent(self) -> None:
        if not self._has_agent:
            self.await_data([])
            self._has_agent = True


def monitored_at(api: Generation, at: tuple[str, str]) -> MonitoredRecord | None:
    """The monitoring of the machine ``at`` this backend's id and machine's id; None if it is off."""
    records = api.monitoring.list()
    return next((record for record in records if (record["backend_id"], record["machine_id"]) == at), None)


def find_metric(word: str, metrics: Sequence[MetricRecord], machine: MachineRecord) -> MetricRecord:
    """The metric with this id, else with this name. Raises InvalidValue, with suggestions, if there is none."""
    where = f"machine {machine['name']!r} ({machine['id']})"
    found = having(word, metrics)
    if len(found) > 1:
        raise ambiguous_error(word, found, "metric", where)
    if not found:
        error = not_found_error(word, metrics, "metric", where)
        error.hint = "A metric can be added only after the machine has sent values of it."
        raise error
    return found[0]


def having(word: str, metrics: Sequence[MetricRecord]) -> list[MetricRecord]:
    """The metrics with this id, else with this name. Of records with the same id, only the last."""
    found = [metric for metric in metrics if metric["id"] == word]
    found = found or [metric for metric in metrics if metric["name"] == word]
    return list({metric["id"]: metric for metric in found}.values())


def host_of(machine: MachineRecord) -> str:
    """The address at which Mist logs in to the machine. Raises InvalidValue if it has none."""
    host = first_address(machine)
    if host is None:
        raise InvalidValue(f"Machine {machine['name']!r} ({machine['id']}) has no address.", "Wait until it has one.")
    return host


# ---- records


def record_of(machine: MachineRecord | None, monitored: MonitoredRecord | None) -> Record | None:
    """The record of the result. A machine that is gone may still be monitored."""
    if machine is None and monitored is None:
        return None
    backend_id, machine_id, name = (
        (machine["backend_id"], machine["id"], machine["name"])
        if machine
        else (monitored["backend_id"], monitored["machine_id"], monitored["machine_id"])  # type: ignore[index]
    )
    return {
        "backend_id": backend_id,
        "machine_id": machine_id,
        "name": name,
        "enabled": monitored is not None,
        "metrics": sorted(monitored["metrics"], key=lambda metric: metric["id"]) if monitored else [],
    }


def all_metrics(monitored: MonitoredRecord | None) -> dict[str, MetricRecord]:
    """The metrics of a machine by id, also the built-in metrics."""
    metrics = (*monitored["metrics"], *monitored["builtin_metrics"]) if monitored else ()
    return {metric["id"]: metric for metric in metrics}


def with_metric(record: Record, metric: MetricRecord) -> Record:
    others = without_metric(record, metric["id"])["metrics"]
    return {**record, "metrics": sorted([*others, metric], key=lambda entry: str(entry["id"]))}


def without_metric(record: Record, metric_id: str) -> Record:
    return {**record, "metrics": [metric for metric in record["metrics"] if metric["id"] != metric_id]}


def metrics_of(api: Generation, plugin: str, record: Record) -> list[MetricRecord]:
    """The metrics of the plugin with this name."""
    return [metric for metric in record["metrics"] if api.monitoring.is_of_plugin(metric["id"], plugin)]
