# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes that a task makes to a machine's monitoring, one call each, and waiting for its data."""

from __future__ import annotations

import time
from typing import Any, Collection, Dict, Sequence

from ...mist_client.errors import InvalidValue, WaitedTooLong
from ...mist_client.generations.base import Generation
from ...mist_client.matching import ambiguous_error, first_address, not_found_error, with_id
from ...mist_client.records import MachineRecord, MetricRecord, MonitoredRecord, SeriesRecord
from ...mist_client.waiting import Backoff, wait_until
from ...mist_client.wording import join_words
from .plugins import Plugin
from .stats import LEAST_STEP, has_values

#: how old the newest values may be, in seconds, for data to flow
RECENT = 120

Record = Dict[str, Any]


class MonitoringChanges:
    """The calls of the steps, each from the record before to the record after. ``seconds`` bounds each wait.

    A machine that has just been enabled has an agent only once its first data come: what needs one waits for them.
    """

    def __init__(self, api: Generation, machine: MachineRecord, seconds: float) -> None:
        self.api = api
        self.machine = machine
        self.seconds = seconds
        self.at = (machine["backend_id"], machine["id"])
        self._has_agent = True
        #: the ids of the metrics that were words before, or of which only the plugin was known
        self._ids: dict[str, list[str]] = {}
        #: what the user is to know of the changes
        self.warnings: list[str] = []

    def enable(self, record: Record, keep: Collection[str] | None) -> Record:
        """Of the metrics that the server remembers, those stay that are to ``keep``, by id or name; None means all."""
        self.api.monitoring.enable(self.machine["backend_id"], self.machine)
        self._has_agent = False
        record = {**record, "enabled": True}
        remembered = monitored_at(self.api, self.at) if self.api.monitoring.remembers_metrics else None
        for metric in remembered["metrics"] if remembered else []:
            record = with_metric(record, metric)
            if keep is not None and not {metric["id"], metric["name"]} & set(keep):
                name = self.api.monitoring.plugin_of(metric["id"])
                if name:
                    self.warn_of_file(name)
                record = self.take_off(record, name) if name else self.remove(record, metric["id"])
        return record

    def add(self, record: Record, metric: MetricRecord | str) -> Record:
        """Of a metric that is still a word it is looked up now which one that is."""
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
        if with_id(record["metrics"], metric_id) is None:  # it went with its plugin
            return record
        self.api.monitoring.remove_metric(*self.at, metric_id)
        return without_metric(record, metric_id)

    def deploy(self, record: Record, plugin: Plugin) -> Record:
        self._await_agent()
        host, name, before = host_of(self.machine), plugin.name, metrics_of(self.api, plugin.name, record)
        (foreseen,) = plugin.metrics([plugin.metric_id], before)
        deployed = self.api.monitoring.deploy_plugin(
            *self.at, host, name, plugin.marked_code, plugin.value_type, foreseen["unit"]
        )
        self._ids[plugin.metric_id] = deployed["metrics"]
        for metric in before:
            record = without_metric(record, metric["id"])
        for metric in plugin.metrics(deployed["metrics"], before):
            record = with_metric(record, metric)
        return record

    def take_off(self, record: Record, name: str) -> Record:
        left = self.api.monitoring.remove_plugin(*self.at, first_address(self.machine) or "", name)["metrics"]
        for metric in metrics_of(self.api, name, record):
            record = self.remove(record, metric["id"]) if metric["id"] in left else without_metric(record, metric["id"])
        return record

    def warn_of_file(self, name: str) -> None:
        file = self.api.monitoring.plugin_file(self.machine["id"], name)
        if file:
            self.warnings.append(
                f"The code of plugin {name!r} stays on machine {self.machine['name']!r}, and its agent goes on running"
                f" it: this server cannot remove it. Delete the file {file} there."
            )

    def await_data(self, metrics: Sequence[str]) -> None:
        """Wait until each of these metrics, by id or name, has recent values, or any metric if none is named."""
        is_of = self.api.monitoring.is_series_of
        ids = [metric_id for each in metrics for metric_id in self._ids.get(each, [each])]
        waited = wait_until(self._recent_stats, lambda stats: has_values(stats, ids, is_of), Backoff(self.seconds))
        seen = waited.last()
        if not waited.done:
            lacking = [each for each in ids if not has_values(seen, [each], is_of)]
            raise WaitedTooLong(
                f"Machine {self.machine['name']!r} ({self.machine['id']}) has no values of"
                f" {join_words(lacking, 'and') if lacking else 'any metric'} yet, after {self.seconds:g} s.",
                "Run the task again to go on waiting, or set wait_timeout higher. Does Mist have a key that can log in"
                " to the machine, and install the agent?",
            )

    def _recent_stats(self) -> dict[str, SeriesRecord]:
        now = int(time.time())
        return self.api.monitoring.get_stats(*self.at, now - RECENT, now, LEAST_STEP)

    def _await_agent(self) -> None:
        if not self._has_agent:
            self.await_data([])
            self._has_agent = True


def monitored_at(api: Generation, at: tuple[str, str]) -> MonitoredRecord | None:
    """What is monitored of the machine with these ids of its backend and its own; None when nothing is."""
    return next((each for each in api.monitoring.list() if (each["backend_id"], each["machine_id"]) == at), None)


def find_metric(word: str, metrics: Sequence[MetricRecord], machine: MachineRecord) -> MetricRecord:
    """The metric of this id, else of this name; InvalidValue tells the nearest when there is none."""
    where = f"machine {machine['name']!r} ({machine['id']})"
    found = having(word, metrics)
    if len(found) > 1:
        raise ambiguous_error(word, found, "metric", where)
    if not found:
        error = not_found_error(word, metrics, "metric", where)
        error.hint = "A metric can be added once the machine has sent values of it."
        raise error
    return found[0]


def having(word: str, metrics: Sequence[MetricRecord]) -> list[MetricRecord]:
    """Those of this id, else of this name. One metric may go by two names, but is told once: as the last tells it."""
    found = [each for each in metrics if each["id"] == word] or [each for each in metrics if each["name"] == word]
    return list({each["id"]: each for each in found}.values())


def host_of(machine: MachineRecord) -> str:
    """Where Mist logs in to the machine; InvalidValue when it has no address."""
    host = first_address(machine)
    if host is None:
        raise InvalidValue(f"Machine {machine['name']!r} ({machine['id']}) has no address.", "Wait until it has one.")
    return host


# ---- records


def all_metrics(monitored: MonitoredRecord | None) -> dict[str, MetricRecord]:
    """The metrics of a machine, also the built-in ones, by id."""
    return {each["id"]: each for each in (*monitored["metrics"], *monitored["builtin_metrics"])} if monitored else {}


def with_metric(record: Record, metric: MetricRecord) -> Record:
    others = without_metric(record, metric["id"])["metrics"]
    return {**record, "metrics": sorted([*others, metric], key=lambda each: str(each["id"]))}


def without_metric(record: Record, metric_id: str) -> Record:
    return {**record, "metrics": [each for each in record["metrics"] if each["id"] != metric_id]}


def metrics_of(api: Generation, plugin: str, record: Record) -> list[MetricRecord]:
    """The metrics that a plugin of this name feeds."""
    return [metric for metric in record["metrics"] if api.monitoring.is_of_plugin(metric["id"], plugin)]
