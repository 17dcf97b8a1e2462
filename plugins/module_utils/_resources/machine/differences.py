# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences between existing machines and the options of a task. None are changed, except the size on request."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ...mist_client.errors import MistError
from ...mist_client.matching import IDS, describe
from ...mist_client.records import MachineRecord
from ...mist_client.wording import join_words
from ..base import options_among
from ..differences import differences
from .catalogue import Catalogue
from .wanted import MachineWanted

UNCHANGEABLE = "This cannot be changed: destroy the machine and create it again."
#: the options that are compared, with what the user can do about a difference
REMEDIES = {
    "image": UNCHANGEABLE,
    "size": "Set resize=true to change it, if the provider supports that.",
    "location": UNCHANGEABLE,
    "networks": UNCHANGEABLE,
    "key": "Use mist_key_association to add a key to a machine.",
}
#: the fields of ``extra`` that hold them for EC2, OpenStack and Docker (machine lists in recordings/2014 and 4.7)
IN_EXTRA = {
    "image": ("image_id", "imageId", "image"),
    "size": ("instance_type", "flavorId"),
    "location": ("availability", "availability_zone"),
    "networks": ("network", "vpc_id"),
    "key": ("key_name",),
}
#: options whose value in a record is compared only if Mist lists it: OpenStack of 2014 has the location 0, but its
#: machines are in nova
ONLY_LISTED = ("location", "networks")


class MachineComparison:
    """Compares machines with the options ``wanted``. ``warnings`` are about options that cannot be compared."""

    def __init__(self, catalogue: Catalogue, wanted: MachineWanted) -> None:
        self.catalogue = catalogue
        self.warnings: list[str] = []
        self._words = {option: words_of(value) for option, value in options_among(REMEDIES, wanted).items() if value}
        self._found: dict[str, list[Any]] = {}

    def look_up(self, machines: Sequence[MachineRecord]) -> None:
        """Look up the wanted options that the records of these machines do not confirm. Requests a list for each."""
        for option, words in self._words.items():
            if all(set(names_of(machine, option)) & set(words) for machine in machines):
                continue
            try:
                self._found[option] = [self.catalogue.find(kind_of(option), word) for word in words]
            except MistError as error:
                named = join_words(map(repr, words), "and")
                self.warnings.append(f"Existing machines were not compared with {option} {named}: {error}")

    def differences(self, machine: MachineRecord) -> list[str]:
        """Warnings about one machine. Sends no request."""
        current = {option: self._describe(machine, option) for option in self._found}
        known = {option: text for option, text in current.items() if text}
        wanted = {option: describe(things) for option, things in self._found.items()}
        return differences(f"Machine {machine['name']!r}", known, wanted, REMEDIES)

    def _describe(self, machine: MachineRecord, option: str) -> str:
        """The current value as text: the text of the wanted value if they match, "" if it is unknown."""
        wanted, things = self._found[option], self.catalogue.list_all(kind_of(option))
        names = names_of(machine, option)
        if option == "key":
            names += [key["id"] for key in things if is_on(key, machine)]
        has = {name: thing for thing in (*things, *wanted) for name in all_names(thing) if name in names}
        if any(thing in has.values() for thing in wanted) or set(names) & set(self._words[option]):
            return describe(wanted)
        if has:
            return describe(list({thing["id"]: thing for thing in has.values()}.values()))
        return repr(names[0]) if names and option not in ONLY_LISTED else ""


def words_of(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def kind_of(option: str) -> str:
    return "network" if option == "networks" else option


def all_names(thing: Mapping[str, Any]) -> list[str]:
    return [thing[field] for field in (*IDS, "name") if thing.get(field)]


def names_of(machine: MachineRecord, option: str) -> list[str]:
    """The ids and names that a machine's record holds for an option; empty if it holds none."""
    names = [machine["extra"].get(field) for field in IN_EXTRA[option]] + [machine.get(option)]
    if option == "key":
        # OpenStack names the provider's key pair after the machine (recordings/2014, machines.list.openstack_running)
        names = [name for name in names if name != machine["name"]]
        names += [key["key_id"] for key in machine["ssh_keys"] or []]
    return [name for name in names if name and isinstance(name, str)]


def is_on(key: Mapping[str, Any], machine: MachineRecord) -> bool:
    """Whether this key is associated with the machine."""
    at = (machine["backend_id"], machine["id"])
    return any((entry["backend_id"], entry["machine_id"]) == at for entry in key["machines"])
