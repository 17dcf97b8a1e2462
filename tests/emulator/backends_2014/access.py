# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that goes over ssh: a key put on a machine or taken off it, the probe, the shell."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from .. import ssh
from ..call import HTML, Answer, Call
from ..errors import ApiError, BadRequest, MachineUnauthorized, ParameterMissing, ServiceUnavailable
from ..world import Key, Reach
from .backends import find_backend
from .keys import associations_of, find_key
from .wire import Parameters, parameters, parameters_or_none, required

CANNOT_DEPLOY = "Couldn't connect to deploy new SSH keypair."
PINGS = 10
GREP = re.compile(r"grep -o (\w+) \S+/(\w+)\.py")
COMMAND_OUTPUT = {"uptime": " 12:00:00 up 1 day,  0 user,  load average: 0.10, 0.20, 0.30"}


async def associate(call: Call, backend: str, machine: str, key: str) -> Answer:
    given = parameters(call)
    host = required(given, "host")
    chosen = find_key(call.world, key)
    here = find_backend(call.world, backend)
    login = {"user": given.get("user"), "port": int(given.get("port") or 22)}
    _deploy(call, chosen, here.id, machine, host, login)
    return Answer.of_json(associations_of(chosen))


def _deploy(call: Call, key: Key, backend: str, machine: str, host: str, login: Parameters) -> None:
    """Log in with a key that is let in and leave this one there, then log in with it; that alone may do, too (R:
    methods.py, associate_key)."""
    try:
        ssh.log_in(call.world, backend, machine, host, **login).authorize(key)
    except MachineUnauthorized:
        try:
            ssh.log_in(call.world, backend, machine, host, key=key, **login)
        except MachineUnauthorized:
            raise MachineUnauthorized(CANNOT_DEPLOY) from None
    else:
        ssh.log_in(call.world, backend, machine, host, key=key, **login)


def _forget(key: Key, backend: str, machine: str) -> None:
    key.associations = [each for each in key.associations if (each.backend, each.machine) != (backend, machine)]


async def disassociate(call: Call, backend: str, machine: str, key: str) -> Answer:
    host = parameters_or_none(call).get("host")
    chosen = find_key(call.world, key)
    if chosen.association(backend, machine) is None:
        raise BadRequest(f"Keypair '{key}' is not associated with machine '{machine}'")
    if host:
        _undeploy(call, chosen, backend, machine, host)
    _forget(chosen, backend, machine)
    return Answer.of_json(associations_of(chosen))


def _undeploy(call: Call, key: Key, backend: str, machine: str, host: str) -> None:
    """Remove the key from the host. If that fails, the answer does not show it."""
    try:
        reach = ssh.log_in(call.world, backend, machine, host)
    except (MachineUnauthorized, ServiceUnavailable):
        return
    reach.revoke(key)


async def probe(call: Call, backend: str, machine: str) -> Answer:
    """Unknown backends, machines and keys and a failed login are all the same success without ssh's fields."""
    given = parameters(call)
    host = required(given, "host")
    found = _ping(ssh.find_host(call.world, host), host)
    name = given.get("key")
    if not found or (name and name not in call.world.keys):
        return Answer.of_json(found)
    try:
        ssh.log_in(call.world, backend, machine, host, key=call.world.keys[name] if name else None)
    except (MachineUnauthorized, ServiceUnavailable):
        return Answer.of_json(found)
    return Answer.of_json({**found, **_seen_over_ssh(call)})


def _ping(reach: Reach | None, host: str) -> dict[str, Any]:
    if reach and reach.ping:
        counted = {"packets_tx": PINGS, "packets_rx": PINGS, "packets_loss": 0.0}
        return {**counted, "rtt_min": 0.03, "rtt_avg": 0.04, "rtt_max": 0.08}
    return {"packets_tx": PINGS, "packets_rx": 0, "packets_loss": 1.0} if reach or _is_address(host) else {}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _seen_over_ssh(call: Call) -> dict[str, Any]:
    return {
        "uptime": "1523.88 1199.50",
        "loadavg": ["0.10", "0.20", "0.30"],
        "cores": "2",
        "users": "0",
        "pub_ips": [],
        "priv_ips": [],
        "timestamp": call.now,
    }


async def shell(call: Call, backend: str, machine: str) -> Answer:
    query = call.arrived.query
    command_id = query.get("command_id", "")
    try:
        if not query.get("host"):
            raise ParameterMissing("host")
        ssh.log_in(call.world, backend, machine, query["host"])
    except ApiError as error:
        return _shell_page(500, ["Failed to execute command", f"Error: {error.text} "], command_id)
    return _shell_page(200, _output(call, backend, machine, query.get("command", "")), command_id)


def _output(call: Call, backend: str, machine: str, command: str) -> list[str]:
    """Of the commands that are played: those above, and searches for a word in the code of a plugin."""
    searched = GREP.findall(command)
    code = {plugin: call.world.plugins.get((backend, machine, plugin), "") for _word, plugin in searched}
    found = [word for word, plugin in searched if word in code[plugin]]
    return found if searched else [COMMAND_OUTPUT.get(command, "")]


def _shell_page(status: int, lines: list[str], command_id: str) -> Answer:
    calls = [f"parent.appendShell('{line}<br/>', '{command_id}');" for line in lines]
    calls.append(f"parent.completeShell(1, '{command_id}');")
    scripts = "".join(f"<script type='text/javascript'>{each}</script>\n" for each in calls)
    return Answer(status, f"<html><body>\n{scripts}</body></html>\n".encode(), HTML)
