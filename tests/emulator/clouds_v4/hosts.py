# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a cloud of one's own servers: added with the cloud, or later by PUT."""

from __future__ import annotations

import ipaddress

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, MachineCreationFailed, ParameterMissing
from ..world import Machine
from . import access, auth, find, keys, stories
from .drivers import Other
from .errors import NotImplementedThere
from .polling import driver_at
from .state import Cloud, Record, database
from .wire import Parameters, of_json, parameters, python_dict


async def add_host(call: Call, cloud: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    if not given.get("machine_hostname"):
        raise ParameterMissing("machine_hostname")
    found = find.cloud_by_id(call, cloud)
    if found.provider != "other":
        raise NotImplementedThere
    try:
        # Without it nothing is tried and no key associated (recordings: other-put-machines-dead-host, -no-name).
        record = add(call, found, given, checked=given.get("operating_system") == "unix")
    except ApiError as error:
        raise MachineCreationFailed(f"Adding host got exception {_python_name(error)}") from None
    answer = {
        "id": record.id,
        "name": record.name,
        "extra": {},
        "public_ips": record.seen["public_ips"],
        "private_ips": [],
    }
    story = stories.begin(call, "add_machine", {"cloud_id": found.id}, answer, own_id=given.get("job_id"))
    return of_json({**answer, **stories.named(story)})


class _HostError(ApiError):
    title = "Mist Error"


class LoginRefused(_HostError):
    """Nobody could log in. `exception` is the text if the host comes with its cloud."""

    def __init__(self, host: str, exception: str) -> None:
        super().__init__(f"Couldn't connect to host '{host}'.")
        self.exception = exception


class _NoSuchKey(ApiError):
    title = "Key matching query does not exist."


def _python_name(error: ApiError) -> str:
    """The repr of the exception that the server had."""
    return f"DoesNotExist({error.text!r})" if isinstance(error, _NoSuchKey) else f"MistError({error.text!r})"


def add(call: Call, cloud: Cloud, given: Parameters, checked: bool) -> Record:
    """`checked`: whether it is logged in to, which associates the key."""
    host = given.get("machine_hostname")
    if not host:
        text = python_dict("Invalid parameters ['host'].", {"host": "Required parameter host missing"})
        raise BadRequest(text)
    if not _is_host(call, str(host)):
        raise _HostError(f"Not a valid IP address or resolvable DNS name: '{host}'.")
    data, port = database(call), int(given.get("machine_port") or 22)
    key = keys.find_or_none(call, str(given["machine_key"])) if given.get("machine_key") else None
    if given.get("machine_key") and key is None:
        raise _NoSuchKey
    machine = Machine(
        id=call.world.digest("host", 32),
        name=str(given.get("machine_name") or host),
        number=call.world.count("machine"),
        status="running",
        ready_at=0,
        made_at=0,
        public_ips=[str(host)],
    )
    record = data.new_record(cloud, machine.id)
    driver = driver_at(cloud)
    assert isinstance(driver, Other)
    record.name, record.ssh_port, record.last_seen = machine.name, port, call.now
    record.seen = driver.unseen(machine)
    if key and checked:
        user = str(given.get("machine_user") or "root")
        if not access.log_in(call.world, record, key, user, port):
            data.forget_record(record)
            message = f"Couldn't authenticate to machine: {cloud.id}:{record.id}"
            raise LoginRefused(str(host), f'MachineUnauthorizedError("{message}")')
        call.world.associate(key, cloud.id, record.id, user=user, port=port, sudo=True)
    call.world.machines_of(cloud)[machine.id] = machine
    return record


def _is_host(call: Call, host: str) -> bool:
    """An address, or a name that the settings know; nothing is ever looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return any(reach.address == host for reach in call.world.hosts)
    return True
