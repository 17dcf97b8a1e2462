# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of one's own: a script that the agent on the machine runs. A deploy that goes well is R of the contract."""

from __future__ import annotations

import re

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound, ServiceUnavailable
from . import access, auth, find, monitoring
from .errors import Conflict, Forbidden
from .state import Item, Record, database
from .wire import OK, Parameters, of_json, parameters, python_dict

SHEBANG = "#!"
#: a line that the agent can read, `measurement field=value`, as it stands in the script
SERIES = re.compile(r"(\w+) (\w+)=")


async def deploy(call: Call, plugin: str, **where: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    record = find.record(call, **where)
    _check_type(given)
    _check_monitored(record)
    if not str(given.get("read_function") or "").startswith(SHEBANG):
        script = f"Script.TelegrafScript:{call.world.digest('invalid script', 32)}"
        message = f"ValidationError ({script}) (Missing shebang: ['__all__'])"
        raise BadRequest(python_dict(message, {"__all__": "Missing shebang"}))
    _store(call, plugin, given["read_function"])
    access.connect(call.world, record)
    series = SERIES.search(given["read_function"])
    if series is None:
        raise BadRequest("No computed series found in stdout")
    metric = f"{series[1]}.{series[2]}"
    if metric in record.monitoring.metrics:
        raise BadRequest(f"Metric {metric} already exists")
    shown = f"derivative({metric})" if given.get("value_type") == "derive" else metric
    record.monitoring.metrics.append(shown)
    database(call).metric_names[shown] = (given.get("name") or plugin, given.get("unit"))
    return of_json({"metrics": [metric], "stdout": ""})


def _store(call: Call, name: str, code: str) -> None:
    """The script is kept, whether or not it will run."""
    data = database(call)
    if name in {each["name"] for each in data.scripts.values()}:
        raise Conflict("Script name exists")
    id_ = call.world.digest("script", 32)
    data.scripts[id_] = {
        "id": id_,
        "name": name,
        "description": "python plugin",
        "exec_type": "executable",
        "location": {"source_code": code, "type": "inline"},
        "owned_by": "",
        "created_by": "",
        "tags": {},
    }


async def list_scripts(call: Call) -> Answer:
    auth.check(call)
    return of_json(list(database(call).scripts.values()))


async def delete_script(call: Call, script: str) -> Answer:
    auth.check(call)
    found: Item | None = database(call).scripts.pop(script, None)
    if found is None:
        raise NotFound("Script id not found")
    return OK


async def undeploy(call: Call, plugin: str, **where: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    record = find.record(call, **where)
    _check_type(given)
    _check_monitored(record)
    try:
        access.connect(call.world, record)
    except ServiceUnavailable:
        raise ApiError from None
    # The executable goes; the script and the metric stay.
    return of_json({"metric_id": None, "stdout": ""})


def _check_type(given: Parameters) -> None:
    if given.get("plugin_type") != "python":
        raise BadRequest("Invalid plugin_type")


def _check_monitored(record: Record) -> None:
    if record.monitoring is None:
        raise Forbidden(monitoring.NO_MONITORING)
