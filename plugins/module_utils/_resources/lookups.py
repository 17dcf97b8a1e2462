# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the backend and the machine that a task is about."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence, TypeVar

from ..mist_client.errors import InvalidValue, NotFound, RequestFailed
from ..mist_client.generations.base import Generation
from ..mist_client.records import BackendRecord, KeyRecord, MachineRecord
from .choice import several, told, unknown, with_id

Seen = TypeVar("Seen")


def backend_id_of(api: Generation, word: str, to_change: bool = False) -> str:
    """The id of the backend that has ``word`` for its id or its title; costs a request.

    A backend that is disabled is refused if something is ``to_change``: the server itself would not mind.
    """
    backend = backend_named(api.list_backends(), word, api.transport.uri)
    if to_change and not backend["enabled"]:
        raise InvalidValue(
            f"The backend {told([backend], 'title')} is disabled.", "Enable it first, with mist_backend."
        )
    return backend["id"]


def backend_named(backends: Sequence[BackendRecord], word: str, where: str) -> BackendRecord:
    """The one of ``backends`` that has ``word`` for its id, else for its title; InvalidValue when it is not one."""
    found = [each for each in backends if word == each["id"]] or [each for each in backends if word == each["title"]]
    if not found:
        raise unknown(word, backends, "backend", where, "title")
    if len(found) > 1:
        raise several(word, found, "backend", where, "title")
    return found[0]


def is_of_provider(backend: BackendRecord, word: str) -> bool:
    """Whether ``word`` is the backend's provider, with its region as in ``rackspace:dfw`` or without.

    On servers of 2014 each region of EC2 is a provider, and ``ec2`` is all of them.
    """
    provider = backend["provider"]
    family = "ec2" if provider.startswith("ec2_") else provider
    name, _colon, region = word.partition(":")
    return name in (provider, family) and region in ("", backend["region"])


def machines_of(api: Generation, word: str, to_change: bool = False) -> tuple[str, list[MachineRecord]]:
    """A backend's id and machines, see ``of_backend``."""
    return of_backend(api, word, lambda backend_id: (backend_id, api.list_machines(backend_id)), to_change)


def of_backend(api: Generation, word: str, look: Callable[[str], Seen], to_change: bool = False) -> Seen:
    """What ``look`` shows of the backend that is named by id or title: one request by id, two by title.

    Only by title it is known whether it is enabled, see ``backend_id_of``.
    """
    if api.looks_like_backend_id(word):
        try:
            return look(word)
        except RequestFailed as error:  # it may be a title all the same
            if not (isinstance(error, NotFound) or is_unforeseen(error)):
                raise
    return look(backend_id_of(api, word, to_change))


def is_unforeseen(error: RequestFailed) -> bool:
    """Whether the server stumbled without a word, as over an unknown backend (recordings/4.7/CONTRACT.md 2)."""
    return error.status == 500 and error.text == "Internal Server Error"


def with_name(keys: Sequence[KeyRecord], name: str) -> KeyRecord | None:
    """The key that has this name: there is one only."""
    return next((key for key in keys if key["name"] == name), None)


def find_key(keys: Sequence[KeyRecord], word: str) -> KeyRecord | None:
    """The key that has this id, else the one that has this name."""
    return with_id(keys, word) or with_name(keys, word)


def key_named(api: Generation, word: str) -> KeyRecord:
    """As ``find_key``, but InvalidValue when there is none; costs a request."""
    keys = api.list_keys()
    key = find_key(keys, word)
    if key is None:
        raise unknown(word, keys, "key", api.transport.uri)
    return key


def is_alive(machine: MachineRecord) -> bool:
    """Whether it still is a machine: EC2 lists those that were destroyed for a while."""
    return machine["state"] != "terminated"


def find_machine(machines: Sequence[MachineRecord], wanted: Mapping[str, Any], where: str) -> MachineRecord | None:
    """The machine that has the wanted ``id``, ``name`` and ``ip``, as far as they are set; None when there is none.

    InvalidValue when they are of different machines, or of several.
    """
    if not any(wanted.get(field) for field in ("id", "name", "ip")):
        raise InvalidValue("No machine is named: its id, name and address are all empty.")
    alive = [machine for machine in machines if is_alive(machine)]
    found: dict[str, list[MachineRecord]] = {}
    for field in ("id", "name", "ip"):
        if wanted.get(field):
            found[field] = [machine for machine in alive if has(machine, field, wanted[field])]
    check_is_mists_id(wanted.get("id") or "", alive)
    fitting = [machine for machine in alive if all(machine in each for each in found.values())]
    if not fitting and any(found.values()):
        seen = ", ".join(f"{field} {wanted[field]!r} is of {told(each) or 'none'}" for field, each in found.items())
        raise InvalidValue(f"No machine of {where} has all of what is given: {seen}.", "Give one of them.")
    if len(fitting) > 1:
        raise several_machines(fitting, where)
    return fitting[0] if fitting else None


def check_is_mists_id(word: str, machines: Sequence[MachineRecord]) -> None:
    """InvalidValue when ``word`` is the provider's id of a machine, for which Mist has one of its own.

    Such a machine must not be taken for one that is not there.
    """
    for machine in machines:
        if word and word == machine["external_id"] != machine["id"]:
            raise InvalidValue(
                f"{word!r} is the provider's id of machine {machine['name']!r}, and Mist has another.",
                f"Give id={machine['id']}.",
            )


def addresses_of(machine: MachineRecord) -> list[str]:
    """All addresses, public ones first."""
    return machine["public_ips"] + machine["private_ips"]


def first_address(machine: MachineRecord) -> str | None:
    """Where Mist logs in: the first public address, else the first private one."""
    return next(iter(addresses_of(machine)), None)


def several_machines(machines: Sequence[MachineRecord], where: str) -> InvalidValue:
    seen = "; ".join(f"{machine['id']} ({', '.join(addresses_of(machine)) or 'no address'})" for machine in machines)
    return InvalidValue(f"{len(machines)} machines of {where} are {machines[0]['name']!r}: {seen}.", "Name one by id.")


def has(machine: MachineRecord, field: str, value: str) -> bool:
    if field == "ip":
        return value in addresses_of(machine)
    return bool(machine[field] == value)  # type: ignore[literal-required]
