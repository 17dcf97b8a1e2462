# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring: switch it, see its numbers, choose metrics. Numbers come from a data store behind the server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound, ServiceUnavailable
from . import access, auth, find, metrics, stories
from .errors import MethodNotAllowed
from .state import Database, Item, Record, database
from .wire import of_json, parameters, required

ACTIONS = ("enable", "disable")
METHOD = "telegraf-influxdb"
GATEWAY = "http://monitoring.mist.test"
POINTS_STEP = 10
POINTS_RANGE = 300
SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
FUNCTION = re.compile(r"\w+\((.+)\)")
TIME = re.compile(r"-?(\d+)\s*([a-z]*)")
NO_MONITORING = "Machine doesn't have monitoring enabled"


@dataclass
class Monitoring:
    """Of one machine; `first_data_at` is when the agent's first numbers arrive."""

    password: str
    started_at: float
    first_data_at: float
    manual: bool
    metrics: list[str] = field(default_factory=list)
    finished_at: float = 0.0
    error: str = ""

    def status(self, now: float) -> Item:
        found: Item = {"state": "installing", "manual": self.manual, "started_at": int(self.started_at)}
        if not self.manual and self.finished_at:
            found |= {"finished_at": int(self.finished_at), "stdout": "", "error_msg": self.error}
        if now >= self.first_data_at:
            found |= {"state": "succeeded", "activated_at": int(self.first_data_at)}
        elif self.error:
            found |= {"state": "failed"}
        return found

    def shown(self, machine: str, now: float) -> Item:
        return {
            "hasmonitoring": True,
            "collectd_password": self.password,
            "metrics": list(self.metrics),
            "installation_status": self.status(now),
            "commands": commands(machine, self.password),
            "method": METHOD,
        }


def commands(machine: str, password: str) -> Item:
    """How to install the agent by hand."""
    target = f"-m {machine} -s {GATEWAY}/{password}"
    return {
        "unix": f"wget -O- {GATEWAY}/install-telegraf.sh | sudo sh -s -- {target}",
        "coreos": f"wget -O- {GATEWAY}/docker-telegraf.sh | $(command -v sudo) sh -s -- {target}",
        "windows": f"$TELEGRAF_MACHINE = '{machine}';\n$TELEGRAF_HOST = '{GATEWAY}/{password}';\n",
    }


def _password(call: Call, record: Record) -> str:
    return database(call).agent_passwords.setdefault(record.id, call.world.digest("agent password", 64))


def _ask_store(call: Call) -> None:
    """The data store's failures; no recording has one, so what the server says is a guess."""
    if call.core_faults() & {"core_down", "core_error"}:
        raise ServiceUnavailable


def monitored(call: Call) -> list[Record]:
    return [each for each in database(call).records.values() if each.monitoring and not each.missing_since]


async def overview(call: Call) -> Answer:
    auth.check(call)
    found = monitored(call)
    return of_json(
        {
            "machines": [[each.cloud.id, each.external_id] for each in found],
            "monitored_machines": {
                each.id: {
                    "cloud_id": each.cloud.id,
                    "machine_id": each.external_id,
                    "installation_status": each.monitoring.status(call.now),
                    "commands": commands(each.id, each.monitoring.password),
                }
                for each in found
            },
            "rules": {},
            "alerts_email": [],
            "custom_metrics": _custom(call, found),
            "builtin_metrics": metrics.builtin(),
            "builtin_metrics_influxdb": metrics.builtin(),
        }
    )


def _custom(call: Call, found: list[Record]) -> Item:
    custom: Item = {}
    for record in found:
        for metric in record.monitoring.metrics:
            name, unit = metric_name(database(call), metric)
            entry = custom.setdefault(metric, {"id": metric, "name": name, "unit": unit or "", "machines": []})
            entry["machines"].append([record.cloud.id, record.external_id])
    return custom


def metric_name(data: Database, metric: str) -> tuple[str, str | None]:
    """Name and unit: those that were set, else the id in words."""
    return data.metric_names.get(metric, (metric.replace(".", " ").capitalize(), None))


async def show(call: Call, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    return of_json({**commands(record.id, _password(call, record)), "rules": {}})


async def switch(call: Call, **where: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    action = required(given, "action")
    record = find.record(call, **where)
    if action not in ACTIONS:
        raise BadRequest(f"Action must be one of ({', '.join(ACTIONS)})")
    if action == "disable":
        return _disable(call, record)
    answer = _enabled(call, record)
    if given.get("dry"):
        return of_json(answer)
    switch_on(call, record, manual=bool(given.get("no_ssh")))
    if given.get("no_ssh"):
        return of_json(answer)
    return of_json(_install(call, record, answer))


def _disable(call: Call, record: Record) -> Answer:
    """The machine's metrics are kept for when it is monitored again: R."""
    if record.monitoring is None:
        raise BadRequest("Machine does not have monitoring enabled")
    database(call).kept_metrics[record.id] = record.monitoring.metrics
    record.monitoring = None
    return of_json({})


def _enabled(call: Call, record: Record) -> Item:
    found = commands(record.id, _password(call, record))
    return {
        "extra_vars": {"uuid": record.id, "monitor": GATEWAY},
        "unix_command": found["unix"],
        "coreos_command": found["coreos"],
        "windows_command": found["windows"],
        "command": found["unix"],
    }


def switch_on(call: Call, record: Record, *, manual: bool = False) -> None:
    if record.monitoring is None:
        first_data_at = call.now + call.world.settings.first_data_seconds
        kept = database(call).kept_metrics.pop(record.id, [])
        record.monitoring = Monitoring(_password(call, record), call.now, first_data_at, manual, kept)
    record.monitoring.manual = manual


def _install(call: Call, record: Record, answer: Item) -> Item:
    """A job puts the agent on the machine; that it goes well there is a guess, for no recording shows it."""
    story = stories.begin(call, "enable_monitoring", {"machine_id": record.id}, answer)
    # The action is not among the parameters that the log keeps.
    asked = {name: value for name, value in (call.arrived.body or {}).items() if name != "action"}
    story.logs[0] |= {"machine": record.id, "request_params": asked}
    own = {"cloud_id": record.cloud.id, "machine_id": record.id}
    error: str | bool = False
    try:
        access.connect(call.world, record)
    except ServiceUnavailable as failed:
        error = failed.text
    for action, relation, outcome in (
        ("telegraf_deployment_started", "updates", False),
        ("telegraf_deployment_finished", "closes", error),
    ):
        stories.write(call.world, story, action, call.now, "job", relation, own, {}, error=outcome, signed=False)
    record.monitoring.finished_at, record.monitoring.error = call.now, error or ""
    return {**answer, **stories.named(story)}


def _seconds(text: str | None, default: float) -> float:
    """Seconds of `5m`, `-300sec`, `10`."""
    match = TIME.fullmatch((text or "").strip())
    return int(match[1]) * SECONDS.get(match[2] or "s", 1) if match else default


def _moment(call: Call, text: str | None, default: float) -> float:
    """A time ago, or seconds since the epoch."""
    seconds = _seconds(text, default)
    return seconds if seconds > 10**9 else call.now - seconds


def _points(call: Call, record: Record) -> list[tuple[float, int]]:
    """(value, time) of each step since the first data came; every metric has the same."""
    query = call.arrived.query
    step = int(_seconds(query.get("step"), POINTS_STEP)) or POINTS_STEP
    first = max(_moment(call, query.get("start"), POINTS_RANGE), record.monitoring.first_data_at - POINTS_RANGE)
    last = _moment(call, query.get("stop"), 0)
    if call.now < record.monitoring.first_data_at:
        return []
    begin = int(first // step) * step
    return [(round(1.0 + at // step % 7 / 10, 1), at) for at in range(begin, int(last) + 1, step)]


async def stats(call: Call, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    if record.monitoring is None:
        raise MethodNotAllowed(NO_MONITORING)
    _ask_store(call)
    wanted = call.arrived.repeated.get("metrics")
    if wanted and any("." not in metric for metric in wanted):
        raise ApiError
    known = {*metrics.DEFAULT, *metrics.AVAILABLE, *record.monitoring.metrics}
    names = wanted or list(dict.fromkeys([*metrics.DEFAULT, *record.monitoring.metrics]))
    points = [[value, str(at)] for value, at in _points(call, record)]
    found = {_inner(name): _series(call, name, points) for name in names if name in known and points}
    return of_json({**found, "request_id": call.arrived.query.get("request_id")})


def _inner(metric: str) -> str:
    """`dv.value` of `derivative(dv.value)`: the values come under that name (R: influxdb/handlers.py, get_stats)."""
    match = FUNCTION.fullmatch(metric)
    return _inner(match[1]) if match else metric


def _series(call: Call, metric: str, points: list[list[object]]) -> Item:
    series = {**metrics.describe(_inner(metric), with_tag=True), "datapoints": points}
    given = database(call).metric_names.get(metric)
    return {**series, "name": given[0], "unit": given[1] or ""} if given else series


async def load(call: Call) -> Answer:
    """Times are numbers here, and texts in the stats of one machine."""
    auth.check(call)
    found = monitored(call)
    if not found:
        raise NotFound("No machine has monitoring enabled")
    _ask_store(call)
    series = {
        each.id: {
            "id": "system.load1",
            **metrics.describe("system.load1"),
            "name": each.id,
            "datapoints": [[value, at] for value, at in _points(call, each)],
        }
        for each in found
    }
    return of_json({**series, "request_id": call.arrived.query.get("request_id")})


async def list_metrics(call: Call) -> Answer:
    auth.check(call)
    query = call.arrived.query
    if not {"resource_type", "resource_id", "tags"} & query.keys():
        raise BadRequest("At least one of (resource_type, resource_id, tags) required")
    record = database(call).records.get(query.get("resource_id", ""))
    if record is None or record.monitoring is None:
        return of_json({})
    _ask_store(call)
    names = [*metrics.AVAILABLE, *record.monitoring.metrics]
    return of_json({name: {"id": name, **metrics.describe(name)} for name in names})


async def list_metrics_of_machine(call: Call, **where: str) -> Answer:
    """Without a filter in the query the path alone is not enough."""
    return await list_metrics(call)


async def add_metric(call: Call, **where: str) -> Answer:
    auth.check(call)
    metric = str(required(parameters(call), "metric_id"))
    record = find.record(call, **where)
    if record.monitoring is None:
        raise MethodNotAllowed(NO_MONITORING)
    if metric not in record.monitoring.metrics:
        record.monitoring.metrics.append(metric)
    name, unit = metric_name(database(call), metric)
    return of_json({"metric_id": metric, "name": name, "unit": unit})


async def remove_metric(call: Call, **where: str) -> Answer:
    auth.check(call)
    metric = required(parameters(call), "metric_id")
    record = find.record(call, **where)
    if record.monitoring is None or metric not in record.monitoring.metrics:
        raise NotFound("Metric isn't associated with this Machine")
    record.monitoring.metrics.remove(metric)
    return of_json({})


async def update_metric(call: Call, metric: str) -> Answer:
    """Also one that nobody has."""
    auth.check(call)
    given, data = parameters(call), database(call)
    name, unit = metric_name(data, metric)
    data.metric_names[metric] = (given.get("name") or name, given.get("unit") or unit)
    return of_json({})


async def dashboard(call: Call, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    if record.monitoring is None:
        raise MethodNotAllowed(NO_MONITORING)
    return of_json({"meta": {}, "dashboard": {"id": 1, "refresh": "10sec", "rows": []}})
