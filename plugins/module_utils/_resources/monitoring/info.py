# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitoring of many machines: whether it is on, the metrics, and their values in a range of time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Sequence, cast

from ...mist_client.generations.base import Generation
from ...mist_client.matching import machines_named, not_found_error
from ...mist_client.records import MachineRecord, MetricRecord, MonitoredRecord, SeriesRecord
from ..backend_failures import Survey
from ..machine.info import WORKERS, MachineInfoWanted, list_machines
from .stats import Range, RangeWanted, range_of, summary
from .update import Record, all_metrics, record_of


class MonitoringInfoWanted(RangeWanted, total=False):
    """The options of mist_monitoring_info."""

    backends: list[str]
    on_backend_error: str
    machines: list[str]
    available_metrics: bool


def list_monitoring(api: Generation, wanted: MonitoringInfoWanted) -> Survey:
    """The matching machines, sorted by name. Raises InvalidValue if a named machine is not found.

    If a backend failed, a missing machine is a warning instead: it may belong to that backend.
    """
    window = range_of(wanted, time.time()) if "start" in wanted else None
    words = wanted.get("machines")
    if words == []:
        return Survey([])
    options: MachineInfoWanted = {"on_backend_error": wanted["on_backend_error"], "probe": False}
    if "backends" in wanted:
        options["backends"] = wanted["backends"]
    survey = list_machines(api, options)
    machines, missing = (survey.records, []) if words is None else named(survey.records, words)
    if missing and not survey.failures:
        raise not_found_error(missing[0], survey.records, "machine", api.transport.uri)
    hint = "It may belong to a backend that could not be listed."
    notes = [f"Machine {word!r} was not found. {hint}" for word in missing]
    monitored = {(record["backend_id"], record["machine_id"]): record for record in api.monitoring.list()}

    def look(machine: dict[str, Any]) -> dict[str, Any]:
        record = monitored.get((machine["backend_id"], machine["id"]))
        result = cast(Record, record_of(cast(MachineRecord, machine), record))
        result["builtin_metrics"] = record["builtin_metrics"] if record else []
        if wanted["available_metrics"]:
            available = api.monitoring.list_metrics(machine["backend_id"], machine["id"]) if record else {}
            result["available_metrics"] = sorted(available.values(), key=lambda metric: metric["id"])
        if window:
            result["stats"] = stats_of(api, record, window) if record else {}
        return result

    with ThreadPoolExecutor(WORKERS) as pool:
        return Survey(list(pool.map(look, machines)), survey.failures, notes)


def named(machines: Sequence[dict[str, Any]], words: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The machines that the words name, and the words that match none."""
    found = {word: machines_named(cast(Sequence[MachineRecord], machines), word) for word in words}
    ids = {(machine["backend_id"], machine["id"]) for matches in found.values() for machine in matches}
    fitting = [machine for machine in machines if (machine["backend_id"], machine["id"]) in ids]
    return fitting, [word for word, matches in found.items() if not matches]


def stats_of(api: Generation, monitored: MonitoredRecord, window: Range) -> dict[str, Any]:
    """The values of each metric of the machine. A metric without values has no points."""
    found = api.monitoring.get_stats(monitored["backend_id"], monitored["machine_id"], *window)
    stats = dict(found)
    for metric_id, metric in all_metrics(monitored).items():
        own = [series for series in found.values() if api.monitoring.is_series_of(series["id"], metric_id)]
        for series in own or [cast(SeriesRecord, {**metric, "points": []})]:
            stats[series["id"]] = labeled(series, metric)
    return {series_id: summary(series, window.step) for series_id, series in sorted(stats.items())}


def labeled(series: SeriesRecord, metric: MetricRecord) -> SeriesRecord:
    """The series with the metric's name and unit: in stats they differ or are missing (recordings/4.7, stats).

    The series of a single device keeps its own name.
    """
    name = metric["name"] if series["id"] == metric["id"] else series["name"]
    return {**series, "name": name, "unit": metric["unit"] or series["unit"]}
