# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds an object by id, name or address, and makes the error if none or more than one matches. Sends nothing."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence, TypeVar

from .errors import InvalidValue, UnknownName
from .records import (
    BackendRecord,
    KeyRecord,
    MachineRecord,
)
from .wording import did_you_mean, join_words, nearest

Thing = TypeVar("Thing", bound=Mapping[str, Any])
SHOWN = 8
IDS = ("id", "external_id")


def choose(word: str, things: Sequence[Thing], kind: str, where: str) -> Thing:
    """The thing whose id, provider's id or name is exactly ``word``.

    Raises UnknownName, with similar names, if nothing matches, and InvalidValue if more than one thing matches.
    ``kind`` is the noun for one thing, ``where`` is the server or backend that has them.
    """
    found = [thing for thing in things if word in (thing.get(field) for field in (*IDS, "name"))]
    if len(found) > 1:
        raise ambiguous_error(word, found, kind, where)
    if not found:
        raise not_found_error(word, things, kind, where)
    return found[0]


def with_id(things: Iterable[Thing], thing_id: str) -> Thing | None:
    """The thing that has this id, or None."""
    return next((thing for thing in things if thing["id"] == thing_id), None)


def ambiguous_error(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> InvalidValue:
    more = f" and {len(things) - SHOWN} more" if len(things) > SHOWN else ""
    return InvalidValue(
        f"{len(things)} {kind}s on {where} match {word!r}: {describe(things[:SHOWN], label)}{more}.",
        "Select one by its id.",
    )


def not_found_error(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> UnknownName:
    """Suggests the things with similar names, else lists the first ones. Lists each id only once."""
    by_name = {name: thing for thing in things for name in (thing["id"], thing[label])}
    close = {thing["id"]: thing for thing in (by_name[name] for name in nearest(word, by_name))}
    if close:
        advice = did_you_mean(labels(list(close.values()), label))
    elif things:
        distinct = list({thing["id"]: thing for thing in things}.values())
        more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
        advice = f" Available {kind}s: {describe(distinct[:SHOWN], label)}{more}."
    else:
        advice = f" The list of {kind}s is empty."
    return UnknownName(kind, f"{kind.capitalize()} {word!r} not found on {where}.{advice}")


def describe(things: Sequence[Any], label: str = "name") -> str:
    """Things for a sentence: ``'EC2 one' (gTDX...) and 'EC2 two' (hRwZ...)``."""
    return join_words(labels(things, label), "and")


def labels(things: Sequence[Any], label: str = "name") -> list[str]:
    """``'EC2 one' (gTDX...)`` for each thing; only the id where both are equal."""
    return [
        f"{thing[label]!r} ({thing['id']})" if thing[label] != thing["id"] else repr(thing["id"]) for thing in things
    ]


def backend_named(backends: Sequence[BackendRecord], word: str, where: str) -> BackendRecord:
    """The backend with this id, else the one with this title. InvalidValue if none or more than one matches."""
    found = [backend for backend in backends if backend["id"] == word]
    found = found or [backend for backend in backends if backend["title"] == word]
    if not found:
        raise not_found_error(word, backends, "backend", where, "title")
    if len(found) > 1:
        raise ambiguous_error(word, found, "backend", where, "title")
    return found[0]


def has_selected(thing: Mapping[str, Any], selectors: Mapping[str, Any], label: str = "name") -> bool:
    """Whether a thing matches ``selectors``: an id, a label, and a list of labels, as far as they are set."""
    labels = selectors.get(f"{label}s")
    return all(thing[field] == selectors[field] for field in ("id", label) if field in selectors) and (
        labels is None or thing[label] in labels
    )


def is_of_provider(backend: BackendRecord, word: str) -> bool:
    """Whether ``word`` is the backend's provider, with or without its region: ``rackspace:dfw`` or ``rackspace``.

    On servers of 2014 each region of EC2 is a provider. ``ec2`` matches all of them.
    """
    provider = backend["provider"]
    family = "ec2" if provider.startswith("ec2_") else provider
    name, _colon, region = word.partition(":")
    return name in (provider, family) and region in ("", backend["region"])


def with_name(keys: Sequence[KeyRecord], name: str) -> KeyRecord | None:
    """The key that has this name, or None. Key names are unique."""
    return next((key for key in keys if key["name"] == name), None)


def find_key(keys: Sequence[KeyRecord], word: str) -> KeyRecord | None:
    """The key that has this id, else the one that has this name, else None."""
    return with_id(keys, word) or with_name(keys, word)


def key_named(keys: Sequence[KeyRecord], word: str, where: str) -> KeyRecord:
    """As ``find_key``, but raises UnknownName if there is none. ``where`` is the server."""
    key = find_key(keys, word)
    if key is None:
        raise not_found_error(word, keys, "key", where)
    return key


def is_alive(machine: MachineRecord) -> bool:
    """Whether the machine still exists. EC2 lists destroyed machines for a while."""
    return machine["state"] != "terminated"


def find_machine(machines: Sequence[MachineRecord], wanted: Mapping[str, Any], where: str) -> MachineRecord | None:
    """The machine that has the wanted ``id``, ``name`` and ``ip``, as far as they are set; None if there is none.

    InvalidValue if they belong to different machines, or to more than one.
    """
    if not any(wanted.get(field) for field in ("id", "name", "ip")):
        raise InvalidValue("No machine is selected: its id, name and address are all empty.")
    alive = [machine for machine in machines if is_alive(machine)]
    found: dict[str, list[MachineRecord]] = {}
    for field in ("id", "name", "ip"):
        if wanted.get(field):
            found[field] = [machine for machine in alive if has(machine, field, wanted[field])]
    check_is_mists_id(wanted.get("id") or "", alive)
    matches = [machine for machine in alive if all(machine in machines_found for machines_found in found.values())]
    if not matches and any(found.values()):
        details = ", ".join(
            f"{field} {wanted[field]!r} matches {describe(machines_found) or 'no machine'}"
            for field, machines_found in found.items()
        )
        raise InvalidValue(f"No machine on {where} matches all selectors: {details}.", "Use only one of them.")
    if len(matches) > 1:
        raise ambiguous_machines_error(matches, where)
    return matches[0] if matches else None


def machines_named(machines: Sequence[MachineRecord], word: str) -> list[MachineRecord]:
    """The living machines that have ``word`` for their id, else for their name, else for an address.

    InvalidValue when it is empty, or the provider's id of a machine that has another id in Mist.
    """
    if not word:
        raise InvalidValue("machine is empty.", "Give the id, the exact name or an address of a machine.")
    alive = [machine for machine in machines if is_alive(machine)]
    for field in ("id", "name", "ip"):
        found = [machine for machine in alive if has(machine, field, word)]
        if found:
            return found
    check_is_mists_id(word, alive)
    return []


def check_is_mists_id(word: str, machines: Sequence[MachineRecord]) -> None:
    """InvalidValue if ``word`` is the provider's id of a machine and Mist has another id for it.

    Without this check, the machine would count as missing.
    """
    for machine in machines:
        if word and word == machine["external_id"] != machine["id"]:
            raise InvalidValue(
                f"Invalid machine id {word!r}: it is the provider's id of machine {machine['name']!r}, not Mist's id.",
                f"Use Mist's id: {machine['id']}.",
            )


def addresses_of(machine: MachineRecord) -> list[str]:
    """All addresses, public ones first."""
    return machine["public_ips"] + machine["private_ips"]


def first_address(machine: MachineRecord) -> str | None:
    """The address at which Mist logs in: the first public one, else the first private one."""
    return next(iter(addresses_of(machine)), None)


def ambiguous_machines_error(machines: Sequence[MachineRecord], where: str) -> InvalidValue:
    details = "; ".join(f"{machine['id']} ({', '.join(addresses_of(machine)) or 'no address'})" for machine in machines)
    return InvalidValue(
        f"{len(machines)} machines on {where} match {machines[0]['name']!r}: {details}.", "Select one by its id."
    )


def has(machine: MachineRecord, field: str, value: str) -> bool:
    if field == "ip":
        return value in addresses_of(machine)
    return bool(machine[field] == value)  # type: ignore[literal-required]
