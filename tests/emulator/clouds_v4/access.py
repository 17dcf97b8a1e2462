# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that goes over ssh: keys put on machines and taken off them, the probe."""

from __future__ import annotations

from itertools import product
from typing import Any

from .. import ssh
from ..call import Answer, Call
from ..errors import ApiError, MachineUnauthorized, ServiceUnavailable
from ..world import Association, Key, World
from . import auth, find, keys
from .errors import NotImplementedThere
from .state import Item, Record
from .wire import date, of_json, parameters

NO_PING: Item = dict.fromkeys(
    (
        *("packets_tx", "packets_rx", "packets_loss", "rtt_min", "rtt_max", "rtt_avg", "rtt_std"),
        *("updated_at", "unreachable_since"),
    )
)
NO_SSH: Item = {
    "uptime": None,
    "loadavg": [],
    "cores": None,
    "users": None,
    "pub_ips": [],
    "priv_ips": [],
    "df": None,
    "macs": [],
    **dict.fromkeys(("kernel", "os", "os_version", "distro", "dirty_cow", "updated_at", "unreachable_since")),
}


def address_of(record: Record) -> str:
    addresses = [*record.seen["public_ips"], *record.seen["private_ips"], record.seen["hostname"]]
    return str(addresses[0])


def log_in(world: World, record: Record, key: Key, user: str | None, port: int) -> bool:
    """Whether this key opens the machine, as this user at this port."""
    reach = ssh.find_host(world, address_of(record))
    if reach is None or not reach.listens_on(port):
        return False
    return user in (None, "", *reach.users) and bool({key.name, key.public} & reach.authorized)


def associations_of(world: World, record: Record) -> list[tuple[Key, Association]]:
    """The keys of a machine, the oldest association first."""
    found = [
        (key, each)
        for key in world.keys.values()
        for each in key.associations
        if (each.backend, each.machine) == (record.cloud.id, record.id)
    ]
    return sorted(found, key=lambda pair: pair[1].made)


def connect(world: World, record: Record, key: Key | None = None) -> Association:
    """Log in with this key, else with the first of the machine; the server tries no second one.

    ServiceUnavailable for whatever goes wrong (contract 4.7, section 9: a wrong key's record is in the way)."""
    pairs = [pair for pair in associations_of(world, record) if key in (None, pair[0])]
    if not pairs:
        raise ServiceUnavailable(ssh.TIMED_OUT)
    first, association = pairs[0]
    if not log_in(world, record, first, association.user, association.port):
        raise ServiceUnavailable(ssh.TIMED_OUT)
    association.last_login, association.sudo = world.clock.now(), True
    return association


async def associate(call: Call, key: str, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    given = parameters(call)
    put(call, record, keys.find(call, key), given.get("user"), _port(given.get("port", 22)))
    return of_json(None)


def _port(given: Any) -> int:
    """What is no number is 22: recordings/4.7, assoc-port-not-a-number."""
    try:
        return int(given)
    except (TypeError, ValueError):
        return 22


def put(call: Call, record: Record, key: Key, user: str | None, port: int) -> None:
    """The association is recorded before ssh is tried, and stays when ssh fails; with another user or port it is
    another one beside those that are there (recordings/4.7, assoc-*). Without `user` at all that is root."""
    world = call.world
    user = "root" if user is None else user
    there = [each for each in key.associations if (each.backend, each.machine) == (record.cloud.id, record.id)]
    if (user, port) not in [(each.user or "", each.port) for each in there]:
        world.associate_once_more(key, record.cloud.id, record.id, user=user, port=port)
    if not 0 < port < 65536:
        raise ApiError  # recordings/4.7, assoc-port-zero
    first = associations_of(world, record)[0][1]
    if first.user != "root":  # R: keys/controllers.py, deploy
        user = first.user or ""
    try:
        log_in_anyhow(world, record, None, user, port)
    except MachineUnauthorized:
        unauthorized = True
    else:
        unauthorized = False
        reach = ssh.find_host(world, address_of(record))
        if reach:
            reach.authorize(key)
    try:
        log_in_anyhow(world, record, key, user, port)
    except MachineUnauthorized:
        if unauthorized:
            forget(key, record)
            raise MachineUnauthorized("Couldn't connect to deploy new SSH key.") from None
        raise


def log_in_anyhow(world: World, record: Record, key: Key | None, user: str, port: int) -> None:
    """Try keys, users and ports (R: shell.py, autoconfigure): ServiceUnavailable for a port where nothing listens,
    MachineUnauthorized when nothing is let in. The first association of the key that does gets the user that did."""
    known = associations_of(world, record)
    candidates = [key] if key else [each for each, _association in known]
    users = [user] if user else [each.user for _key, each in known if each.user] or list(ssh.USUAL_USERS)
    ports = [port] if port != 22 else [each.port for _key, each in known]
    reach = ssh.find_host(world, address_of(record))
    for candidate, name, at_port in product(candidates, users, dict.fromkeys([*ports, 22])):
        if reach is None or not reach.listens_on(at_port):
            raise ServiceUnavailable(ssh.TIMED_OUT)
        if log_in(world, record, candidate, name, at_port):
            next(each for other, each in known if other is candidate).user = name
            return
    raise MachineUnauthorized(f"{record.cloud.id}:{record.id}")


async def disassociate(call: Call, key: str, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    # another text than that of `associate`: recordings/4.7, assoc-delete-b1-unknown-key
    take_off(call, record, keys.find(call, key, f"Key {key} doesn't exist"))
    return of_json(None)


def take_off(call: Call, record: Record, key: Key) -> None:
    """Also off the machine where any of its keys opens it (R: keys/controllers.py, undeploy); no failure shows."""
    try:
        log_in_anyhow(call.world, record, None, "", 22)
    except (MachineUnauthorized, ServiceUnavailable):
        pass
    else:
        reach = ssh.find_host(call.world, address_of(record))
        if reach:
            reach.revoke(key)
    forget(key, record)


def forget(key: Key, record: Record) -> None:
    key.associations = [each for each in key.associations if each.machine != record.id]


async def probe(call: Call, **where: str) -> Answer:
    auth.check(call)
    record = find.record(call, **where)
    given: Any = parameters(call)
    key = keys.find(call, given["key"]) if given.get("key") else None
    connect(call.world, record, key)
    found = {
        **NO_SSH,
        "uptime": 3767.81,
        "loadavg": [0.1, 0.2, 0.3],
        "cores": 2,
        "users": 0,
        "pub_ips": [address_of(record)],
        "df": "Filesystem  Size  Used Avail Use% Mounted on\n/dev/vda     20G  5.0G   15G  25% /",
        "macs": ["02:00:00:00:00:01"],
        "kernel": "5.10.0",
        "os": "debian",
        "os_version": "12",
        "distro": "",
        "dirty_cow": False,
        "updated_at": date(call.now),
    }
    record.probe = found
    return of_json({"ping": None, "ssh": found})


async def open_shell(call: Call, **where: str) -> Answer:
    auth.check(call)
    connect(call.world, find.record(call, **where))
    raise NotImplementedThere


async def console(call: Call, **where: str) -> Answer:
    auth.check(call)
    find.record(call, **where)
    raise NotImplementedThere("VNC console only supported for vSphere, OpenStack, Vexxhost or KVM")


async def desktop(call: Call, **where: str) -> Answer:
    auth.check(call)
    query = call.arrived.query
    text = f"full address:s:{query.get('host', '')}:{query.get('rdp_port', '3389')}\nprompt for credentials:i:1"
    return Answer(200, text.encode(), "application/octet-stream")
