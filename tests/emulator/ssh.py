# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who could log in where: hosts from the settings and the emulated machines, without connecting to anything."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .errors import MachineUnauthorized, ServiceUnavailable
from .world import Association, Key, Machine, Reach, World

TIMED_OUT = "SSH timed-out repeatedly."
# Whom a server tries to be when it knows no user (R of 2014; later servers try a few more).
USUAL_USERS = ("root", "ubuntu", "ec2-user", "user", "azureuser")


def find_host(world: World, address: str) -> Reach | None:
    """The host at an address: one of the settings, else a running machine with this address."""
    for host in world.hosts:
        if fnmatchcase(address, host.address):
            return host
    machine = _machine_at(world, address)
    return Reach(address, 22, machine.authorized) if machine else None


def _machine_at(world: World, address: str) -> Machine | None:
    now = world.clock.now()
    for machines in world.machines.values():
        for machine in machines.values():
            if address in machine.public_ips and machine.state(now) == "running":
                return machine
    return None


def log_in(
    world: World,
    backend: str,
    machine: str,
    host: str,
    *,
    key: Key | None = None,
    user: str | None = None,
    port: int = 22,
) -> Reach:
    """Log in with this key, else with those that the server would try; a success is noted in the association.

    ServiceUnavailable when nothing listens, MachineUnauthorized when no key is taken."""
    candidates = [key] if key else _candidates(world, backend, machine)
    reach = find_host(world, host)
    known = [association for _key, association in _associated(world, backend, machine)]
    if not user:  # then a port that is known counts more than the one that is given (R: shell.py, autoconfigure)
        port = next((each.port for each in reversed(known) if each.port), port)
    for candidate in candidates:
        if reach is None or not reach.listens_on(port):
            raise ServiceUnavailable(TIMED_OUT)
        own = candidate.association(backend, machine)
        users = [user] if user else [*(each.user for each in (own, *known) if each and each.user), *USUAL_USERS]
        for name in users:
            if _accepts(reach, candidate, name):
                noted = {"last_login": world.clock.now(), "user": name, "sudo": None, "port": port}
                world.associate(candidate, backend, machine, **noted)
                return reach
    raise MachineUnauthorized(f"{backend}:{machine}")


def _candidates(world: World, backend: str, machine: str) -> list[Key]:
    """Keys that logged in before (latest first), then the default key, then those associated on paper."""
    associated = list(_associated(world, backend, machine))
    used = sorted((pair for pair in associated if pair[1].last_login), key=lambda pair: -pair[1].last_login)
    ordered = [key for key, _association in used]
    default = world.default_key()
    ordered += [default] if default else []
    ordered += [key for key, _association in associated]
    return list({key.name: key for key in ordered}.values())


def _associated(world: World, backend: str, machine: str) -> Iterator[tuple[Key, Association]]:
    for key in world.keys.values():
        association = key.association(backend, machine)
        if association:
            yield key, association


def _accepts(reach: Reach, key: Key, user: str | None) -> bool:
    return user in (None, "", *reach.users) and bool({key.name, key.public} & reach.authorized)
