# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitoring of many machines: whether, what, and the values of a range."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Mapping, Sequence, cast

from ..mist_client.generations.base import Generation
from ..mist_client.records import MachineRecord, MetricRecord, MonitoredRecord, SeriesRecord
from .choice import unknown
from .lookups import has
from .machine_listing import WORKERS, list_machines
from .monitoring_changes import all_metrics
from .monitoring_stats import Range, range_of, summary

#: the options that name machines, by the field of their records
FIELDS = {"name": "names", "id": "ids", "ip": "ips"}


def list_monitoring(api: Generation, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The machines that fit, sorted by name; InvalidValue when one that is named is not there."""
    window = range_of(wanted, time.time()) if "start" in wanted else None
    asked = {option: wanted[option] for option in ("backends",) if option in wanted}
    machines = named(list_machines(api, {**asked, "probe": False}), wanted, api.transport.uri)
    monitored = {(each["backend_id"], each["machine_id"]): each for each in api.list_monitored()}

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
            available = api.list_metrics(machine["backend_id"], machine["id"]) if record else {}
            told["available_metrics"] = sorted(available.values(), key=lambda each: each["id"])
        if window:
            told["stats"] = stats_of(api, record, window) if record else {}
        return told

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(look, machines))


def named(machines: Sequence[dict[str, Any]], wanted: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """The machines that the task names; all, if it has none of the options for that."""
    words = [(field, word) for field, option in FIELDS.items() for word in wanted.get(option, [])]
    for field, word in words:
        if not any(_has(each, field, word) for each in machines):
            raise unknown(word, machines, "machine", where)
    everything = not any(option in wanted for option in FIELDS.values())
    return [each for each in machines if everything or any(_has(each, field, word) for field, word in words)]


def _has(machine: dict[str, Any], field: str, word: str) -> bool:
    return has(cast(MachineRecord, machine), field, word)


def stats_of(api: Generation, monitored: MonitoredRecord, window: Range) -> dict[str, Any]:
    """The values of each metric of the machine, with no points for those of which there are none."""
    found = api.get_stats(monitored["backend_id"], monitored["machine_id"], *window)
    stats = dict(found)
    for metric_id, metric in all_metrics(monitored).items():
        own = [each for each in found.values() if api.is_series_of(each["id"], metric_id)]
        for series in own or [cast(SeriesRecord, {**metric, "points": []})]:
            stats[series["id"]] = as_told(series, metric)
    return {each: summary(series, window.step) for each, series in sorted(stats.items())}


def as_told(series: SeriesRecord, metric: MetricRecord) -> SeriesRecord:
    """With the metric's name and unit, of which stats tell others or none (recordings/4.7, stats).

    One of a device's own keeps its name.
    """
    name = metric["name"] if series["id"] == metric["id"] else series["name"]
    return {**series, "name": name, "unit": metric["unit"] or series["unit"]}
