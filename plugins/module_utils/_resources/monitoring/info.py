# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitoring of many machines: whether, what, and the values of a range."""

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
from .update import all_metrics


class MonitoringInfoWanted(RangeWanted, total=False):
    """The options of mist_monitoring_info."""

    backends: list[str]
    on_backend_error: str
    machines: list[str]
    available_metrics: bool


def list_monitoring(api: Generation, wanted: MonitoringInfoWanted) -> Survey:
    """The machines that fit, sorted by name; InvalidValue when one that is named is not there.

    When a backend failed, it may be there: then it is a note.
    """
    window = range_of(wanted, time.time()) if "start" in wanted else None
    words = wanted.get("machines")
    if words == []:
        return Survey([])
    of: MachineInfoWanted = {"on_backend_error": wanted["on_backend_error"], "probe": False}
    if "backends" in wanted:
        of["backends"] = wanted["backends"]
    survey = list_machines(api, of)
    machines, missing = (survey.records, []) if words is None else named(survey.records, words)
    if missing and not survey.failures:
        raise not_found_error(missing[0], survey.records, "machine", api.transport.uri)
    hint = "It may be one of a backend that could not be listed."
    notes = [f"Machine {word!r} was not found. {hint}" for word in missing]
    monitored = {(each["backend_id"], each["machine_id"]): each for each in api.monitoring.list()}

    def look(machine: dict[str, Any]) -> dict[str, Any]:
        record = monitored.get((machine["backend_id"], machine["id"]))
        told = {
            "backend_id": machine["backend_id"],
            "machine_id": machine["id"],
            "name": machine["name"],
            "enabled": record is not None,
            "metrics": record["metrics"] if record else [],
            "builtin_metrics": record["builtin_metrics"] if record else [],
        }
        if wanted["available_metrics"]:
            available = api.monitoring.list_metrics(machine["backend_id"], machine["id"]) if record else {}
            told["available_metrics"] = sorted(available.values(), key=lambda each: each["id"])
        if window:
            told["stats"] = stats_of(api, record, window) if record else {}
        return told

    with ThreadPoolExecutor(WORKERS) as pool:
        return Survey(list(pool.map(look, machines)), survey.failures, notes)


def named(machines: Sequence[dict[str, Any]], words: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The machines that the words name, and the words that name none."""
    found = {word: machines_named(cast(Sequence[MachineRecord], machines), word) for word in words}
    ids = {(machine["backend_id"], machine["id"]) for matches in found.values() for machine in matches}
    fitting = [machine for machine in machines if (machine["backend_id"], machine["id"]) in ids]
    return fitting, [word for word, matches in found.items() if not matches]


def stats_of(api: Generation, monitored: MonitoredRecord, window: Range) -> dict[str, Any]:
    """The values of each metric of the machine, with no points for those of which there are none."""
    found = api.monitoring.get_stats(monitored["backend_id"], monitored["machine_id"], *window)
    stats = dict(found)
    for metric_id, metric in all_metrics(monitored).items():
        own = [each for each in found.values() if api.monitoring.is_series_of(each["id"], metric_id)]
        for series in own or [cast(SeriesRecord, {**metric, "points": []})]:
            stats[series["id"]] = as_told(series, metric)
    return {each: summary(series, window.step) for each, series in sorted(stats.items())}


def as_told(series: SeriesRecord, metric: MetricRecord) -> SeriesRecord:
    """With the metric's name and unit, of which stats tell others or none (recordings/4.7, stats).

    One of a device's own keeps its name.
    """
    name = metric["name"] if series["id"] == metric["id"] else series["name"]
    return {**series, "name": name, "unit": metric["unit"] or series["unit"]}
