# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of one's own: a script that the agent on the machine runs (contract 4.7, part 2: plugins)."""

from __future__ import annotations

import re

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound
from . import access, auth, find, monitoring
from .errors import Forbidden, Said
from .state import Item, Record, database
from .wire import OK, Parameters, of_json, parameters, python_dict

SHEBANG = "#!"
#: a line that the agent can read, `measurement field=value[,field=value]`, as it stands in the script
SERIES = re.compile(r"(\w+) (\w+=[^\s,'\"]*(?:,\w+=[^\s,'\"]*)*)")
#: what a shell script writes to its standard error; the server takes any of that for a failure
STDERR = re.compile(r"echo (.*?) >&2")
BAD_NAME = "Alphanumeric characters and underscores are only allowed in custom script names"
TEST_FAILED = (
    "Test of read() function failed. Ensure the script's output is in the correct format for telegraf to parse."
    " Expected format is 'measurement_name field1=val1[,field2=val2,...]'.Error: {}\n"
)


async def deploy(call: Call, plugin: str, **where: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    record = find.record(call, **where)
    _check_type(given)
    _check_monitored(record)
    code = given.get("read_function")
    if not isinstance(code, str):
        raise ApiError
    _store(call, plugin, code)
    access.connect(call.world, record)
    metrics = _try(code)
    for metric in metrics:
        if metric in record.monitoring.metrics:
            raise BadRequest(f"Metric {metric} already exists")
    for metric in metrics:
        shown = f"derivative({metric})" if given.get("value_type") == "derive" else metric
        if shown not in record.monitoring.metrics:
            record.monitoring.metrics.append(shown)
        database(call).metric_names[shown] = (given.get("name") or plugin, given.get("unit"))
    return of_json({"metrics": metrics, "stdout": ""})


def _try(code: str) -> list[str]:
    """The metrics that the script feeds. It is looked at and not run."""
    said = STDERR.search(code)
    if said:
        raise BadRequest(TEST_FAILED.format(said[1]))
    found = [
        f"{series[1]}.{field.partition('=')[0]}" for series in SERIES.finditer(code) for field in series[2].split(",")
    ]
    if not found:
        raise BadRequest("No computed series found in stdout")
    return found


def _store(call: Call, name: str, code: str) -> None:
    """The script is kept, whether or not it will run (recordings/4.7, plugin-deploy-failing-again)."""
    data = database(call)
    _validate(call, re.fullmatch(r"\w+", name), BAD_NAME)
    _validate(call, code.startswith(SHEBANG), "Missing shebang")
    if name in {each["name"] for each in data.scripts.values()}:
        raise Said(409, "Script name exists")
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


def _validate(call: Call, is_valid: object, otherwise: str) -> None:
    if not is_valid:
        script = f"Script.TelegrafScript:{call.world.digest('invalid script', 32)}"
        message = f"ValidationError ({script}) ({otherwise}: ['__all__'])"
        raise BadRequest(python_dict(message, {"__all__": otherwise}))


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
    raise ApiError  # always: recordings/4.7, plugin-undeploy-good, ec2p-undeploy


def _check_type(given: Parameters) -> None:
    if given.get("plugin_type") != "python":
        raise BadRequest("Invalid plugin_type")


def _check_monitored(record: Record) -> None:
    if record.monitoring is None:
        raise Forbidden(monitoring.NO_MONITORING)
