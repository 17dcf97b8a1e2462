# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which object a word names: by id, by name, by address; and what to say if it names none or several. Pure."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence, TypeVar

from .errors import InvalidValue, UnknownName
from .records import (
    BackendRecord,
    KeyRecord,
    MachineRecord,
)
from .wording import join_words, nearest

Thing = TypeVar("Thing", bound=Mapping[str, Any])
SHOWN = 8
IDS = ("id", "external_id")


def choose(word: str, things: Sequence[Thing], kind: str, where: str, label: str = "name") -> Thing:
    """The thing whose id or label is exactly ``word``: what is near is only offered in the error.

    The provider's id will do as well as Mist's. InvalidValue tells what there is when nothing fits, and what fits when
    several do. ``kind`` is the word for one of them, ``where`` says where they are.
    """
    found = [each for each in things if word in (each.get(field) for field in (*IDS, label))]
    if len(found) > 1:
        raise ambiguous_error(word, found, kind, where, label)
    if not found:
        raise not_found_error(word, things, kind, where, label)
    return found[0]


def with_id(things: Iterable[Thing], thing_id: str) -> Thing | None:
    """The thing that has this very id, if there is one."""
    return next((each for each in things if each["id"] == thing_id), None)


def ambiguous_error(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> InvalidValue:
    more = f" and {len(things) - SHOWN} more" if len(things) > SHOWN else ""
    return InvalidValue(
        f"{word!r} fits {len(things)} {kind}s at {where}: {describe(things[:SHOWN], label)}{more}.",
        "Name one by its id.",
    )


def not_found_error(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> UnknownName:
    """With the things whose names are nearest, or the first ones when none is near. Each is there once, by its id."""
    by_name = {name: each for each in things for name in (each["id"], each[label])}
    close = {each["id"]: each for each in (by_name[name] for name in nearest(word, by_name))}
    if close:
        there = f"The nearest: {describe(list(close.values()), label)}."
    elif things:
        distinct = list({each["id"]: each for each in things}.values())
        more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
        there = f"There are: {describe(distinct[:SHOWN], label)}{more}."
    else:
        there = "There is none at all."
    return UnknownName(kind, f"There is no {kind} {word!r} at {where}. {there}")


def describe(things: Sequence[Any], label: str = "name") -> str:
    """Things for a sentence: ``'EC2 one' (gTDX...)``."""
    return join_words(
        [f"{each[label]!r} ({each['id']})" if each[label] != each["id"] else repr(each["id"]) for each in things], "and"
    )


def backend_named(backends: Sequence[BackendRecord], word: str, where: str) -> BackendRecord:
    """The one of ``backends`` that has ``word`` for its id, else for its title; InvalidValue when it is not one."""
    found = [each for each in backends if word == each["id"]] or [each for each in backends if word == each["title"]]
    if not found:
        raise not_found_error(word, backends, "backend", where, "title")
    if len(found) > 1:
        raise ambiguous_error(word, found, "backend", where, "title")
    return found[0]


def has_selected(thing: Mapping[str, Any], selectors: Mapping[str, Any], label: str = "name") -> bool:
    """Whether a thing has the id, the label and one of the labels that are set in ``selectors``."""
    labels = selectors.get(f"{label}s")
    return all(thing[field] == selectors[field] for field in ("id", label) if field in selectors) and (
        labels is None or thing[label] in labels
    )


def is_of_provider(backend: BackendRecord, word: str) -> bool:
    """Whether ``word`` is the backend's provider, with its region as in ``rackspace:dfw`` or without.

    On servers of 2014 each region of EC2 is a provider, and ``ec2`` is all of them.
    """
    provider = backend["provider"]
    family = "ec2" if provider.startswith("ec2_") else provider
    name, _colon, region = word.partition(":")
    return name in (provider, family) and region in ("", backend["region"])


def with_name(keys: Sequence[KeyRecord], name: str) -> KeyRecord | None:
    """The key that has this name: there is one only."""
    return next((key for key in keys if key["name"] == name), None)


def find_key(keys: Sequence[KeyRecord], word: str) -> KeyRecord | None:
    """The key that has this id, else the one that has this name."""
    return with_id(keys, word) or with_name(keys, word)


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
        seen = ", ".join(f"{field} {wanted[field]!r} is of {describe(each) or 'none'}" for field, each in found.items())
        raise InvalidValue(f"No machine of {where} has all of what is given: {seen}.", "Give one of them.")
    if len(fitting) > 1:
        raise ambiguous_machines_error(fitting, where)
    return fitting[0] if fitting else None


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
    """InvalidValue when ``word`` is the provider's id of a machine, for which Mist has one of its own.

    Such a machine must not be taken for one that is not there.
    """
    for machine in machines:
        if word and word == machine["external_id"] != machine["id"]:
            raise InvalidValue(
                f"{word!r} is the provider's id of machine {machine['name']!r}, and Mist has another.",
                f"Give Mist's id: {machine['id']}.",
            )


def addresses_of(machine: MachineRecord) -> list[str]:
    """All addresses, public ones first."""
    return machine["public_ips"] + machine["private_ips"]


def first_address(machine: MachineRecord) -> str | None:
    """Where Mist logs in: the first public address, else the first private one."""
    return next(iter(addresses_of(machine)), None)


def ambiguous_machines_error(machines: Sequence[MachineRecord], where: str) -> InvalidValue:
    seen = "; ".join(f"{machine['id']} ({', '.join(addresses_of(machine)) or 'no address'})" for machine in machines)
    return InvalidValue(f"{len(machines)} machines of {where} are {machines[0]['name']!r}: {seen}.", "Name one by id.")


def has(machine: MachineRecord, field: str, value: str) -> bool:
    if field == "ip":
        return value in addresses_of(machine)
    return bool(machine[field] == value)  # type: ignore[literal-required]
