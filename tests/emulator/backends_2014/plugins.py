# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python plugins on a machine: checked, deployed over ssh, taken off. A read function is looked at, never run."""

from __future__ import annotations

import ast
import re

from .. import ssh
from ..call import Answer, Call
from ..errors import BadRequest, ParameterMissing
from .backends import find_backend
from .monitoring import tell_core
from .wire import Parameters, parameters_anywhere, required

VALUE_TYPES = ("gauge", "derive")
DEPLOYED = "READ FUNCTION TEST PASSED\r\nAdding Import line for plugin\r\nRestarting collectd\r\n"
REMOVED = "Removing Include line for plugin\r\nRestarting collectd\r\n"
END = "\nERROR DEPLOYING PLUGIN\n"
NOT_A_NUMBER = """Traceback (most recent call last):
  File "TMP/{folder}/test.py", line 9, in <module>
    raise Exception("read() must return a single int or float "
Exception: read() must return a single int or float (or None to not submit any sample to collectd)
"""
DIVISION_BY_ZERO = """Traceback (most recent call last):
  File "TMP/{folder}/test.py", line 7, in <module>
    val = read()
          ^^^^^^
  File "TMP/{folder}/{plugin}_read.py", line {line}, in read
    {source}
    {carets}
ZeroDivisionError: division by zero
"""


async def deploy(call: Call, backend: str, machine: str, plugin: str) -> Answer:
    given = parameters_anywhere(call)
    _check_type(given)
    host = _host_of(given, "read_function")
    _check_name(plugin)
    value_type = given.get("value_type") or "gauge"
    if value_type not in VALUE_TYPES:
        raise BadRequest(f"Invalid value_type '{value_type}'. Must be 'gauge' or 'derive'.")
    find_backend(call.world, backend)
    ssh.log_in(call.world, backend, machine, host)
    complaint = read_complaint(given["read_function"], plugin, f"mist-python-plugin-{call.world.count('plugin')}")
    if complaint:
        # The remote terminal ends its lines with CR LF, the server's own line after them does not.
        raise BadRequest(complaint.replace("\n", "\r\n") + END)
    metric = f"mist.python.{plugin}"
    call.world.plugins[backend, machine, plugin] = given["read_function"]
    tell_core(call, metric, given, (backend, machine))
    return Answer.of_json({"metric_id": metric, "stdout": DEPLOYED})


async def undeploy(call: Call, backend: str, machine: str, plugin: str) -> Answer:
    """The metric stays at core."""
    given = parameters_anywhere(call)
    _check_type(given)
    host = _host_of(given)
    ssh.log_in(call.world, backend, machine, host)
    return Answer.of_json({"metric_id": None, "stdout": REMOVED})


def _check_type(given: Parameters) -> None:
    kind = given.get("plugin_type")
    if kind != "python":
        raise BadRequest(f"Invalid plugin_type: '{kind}'")


def _host_of(given: Parameters, *before: str) -> str:
    for name in before:
        required(given, name)
    if not given.get("host"):
        raise ParameterMissing("host")
    return str(given["host"])


def _check_name(plugin: str) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", plugin):
        raise BadRequest(
            f"Invalid plugin_id '{plugin}'.plugin_id can only lower case chars, numeric digits andunderscores"
        )
    if plugin.startswith("_") or plugin.endswith("_"):
        raise BadRequest(f"Invalid plugin_id '{plugin}'. plugin_id can't start or end with an underscore.")


def read_complaint(source: str, plugin: str, folder: str) -> str | None:
    """What the remote test of a read function would say of its first `return`; None when it looks right."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return f"SyntaxError: {error.msg}\n"
    returned = next((node.value for node in ast.walk(tree) if isinstance(node, ast.Return)), None)
    if isinstance(returned, ast.Constant) and not isinstance(returned.value, (int, float, type(None))):
        return NOT_A_NUMBER.format(folder=folder)
    if isinstance(returned, ast.BinOp) and _divides_by_zero(returned):
        line = source.splitlines()[returned.lineno - 1]
        indent = len(line) - len(line.lstrip())
        carets = " " * (returned.col_offset - indent) + _carets(returned)
        return DIVISION_BY_ZERO.format(
            folder=folder, plugin=plugin, line=returned.lineno, source=line.strip(), carets=carets
        )
    return None


def _divides_by_zero(node: ast.BinOp) -> bool:
    divides = isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mod))
    return divides and isinstance(node.right, ast.Constant) and node.right.value == 0


def _carets(node: ast.BinOp) -> str:
    """The operator under `^`, its operands under `~`."""
    begin, left_end = node.col_offset, node.left.end_col_offset or node.col_offset
    right_begin, right_end = node.right.col_offset, node.right.end_col_offset or node.right.col_offset
    return "~" * (left_end - begin) + "^" * (right_begin - left_end) + "~" * (right_end - right_begin)
