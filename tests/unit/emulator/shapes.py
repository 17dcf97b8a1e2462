# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares an answer with a recorded one: keys, JSON types, emptiness, and the values that cannot depend on the run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

# Words, not ids or times: where an item is the same one, these must be too.
TELLING = frozenset(
    {"state", "name", "title", "provider", "region", "enabled", "poll_interval", "tenant_name", "apiurl", "driver"}
    | {
        "can_start",
        "can_stop",
        "can_reboot",
        "can_destroy",
        "can_tag",
        "status",
        "priv",
        "new_id",
        "unit",
        "cmd_output",
    }
)
# Objects whose keys are data: only their values are compared. (The key of a tag holds the time it was made.)
DATA_KEYS = frozenset({"metadata", "tags"})
PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
PUBLIC_KEY = re.compile(r"ssh-rsa [A-Za-z0-9+/=]+")

Item = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """What the comparison of a generation's answers goes by."""

    telling: frozenset[str] = TELLING
    data_keys: frozenset[str] = DATA_KEYS
    telling_below: frozenset[str] = frozenset()
    """Objects whose values are all telling."""
    unreported_below: frozenset[str] = frozenset({"user_details"})
    """Objects whose values are never telling, unless they are below one of those."""
    changing: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Parts of texts that differ from run to run."""


Place = tuple[str, ...]
Types = dict[Place, set[str]]
RULES_2014 = Rules()


def json_type(value: Any) -> str:
    """The type that JSON knows: there is one kind of number."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def without_keys(text: str) -> str:
    """The text with key material replaced as the recordings do."""
    return PUBLIC_KEY.sub("ssh-rsa KEY", PEM.sub(r"<\1 PEM>", text))


def route_of(method: str, path: str) -> str:
    """The kind of a request: what its answers have in common, and the recordings are looked through by."""
    parts = path.partition("?")[0].split("/")
    names = {2: "*", 4: "*", 6: "*"} if parts[1] in ("backends", "keys", "metrics", "rules") else {}
    return f"{method} {'/'.join(names.get(index, part) for index, part in enumerate(parts))}"


def seen_types(
    exchanges: list[dict[str, Any]],
    route_of: Callable[[str, str], str] = route_of,
    data_keys: frozenset[str] = DATA_KEYS,
) -> dict[str, Types]:
    """For each kind of request and each place in its answers: the types seen there."""
    seen: dict[str, Types] = defaultdict(lambda: defaultdict(set))
    for exchange in exchanges:
        route = route_of(exchange["request"]["method"], exchange["request"]["path"])
        for place, value in _places(exchange["response"]["body"], (), data_keys):
            seen[route][place].add(json_type(value))
    return seen


def _places(value: Any, place: Place, data_keys: frozenset[str]) -> Iterator[tuple[Place, Any]]:
    yield place, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _places(each, (*place, _step(place, key, data_keys)), data_keys)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _places(each, (*place, _index(place, value, index)), data_keys)


def _step(place: Place, key: str, data_keys: frozenset[str]) -> str:
    return "[]" if place and place[-1] in data_keys else key


def _index(place: Place, values: list[Any], index: int) -> str:
    """Items of a list are one place, but the members of a tuple (a list of plain values in a list) are each one."""
    is_tuple = bool(place) and place[-1].startswith("[") and not any(isinstance(each, (dict, list)) for each in values)
    return f"[{index}]" if is_tuple else "[]"


class Comparison:
    """The differences between one recorded answer and one of the emulator, as sentences.

    Keys and types must fit everywhere; emptiness and telling values where it is the same item."""

    def __init__(self, types: Types, *, cut: bool, rules: Rules = RULES_2014) -> None:
        self.types = types
        self.cut = cut
        self.rules = rules

    def differences(self, recorded: Any, actual: Any, place: Place = (), *, same: bool = True) -> list[str]:
        where = "/".join(place) or "body"
        if json_type(actual) not in self.types[place]:
            return [f"{where}: {json_type(actual)}, recorded {sorted(self.types[place])}"]
        if isinstance(recorded, dict) and isinstance(actual, dict):
            return self._of_objects(recorded, actual, place, same)
        if isinstance(recorded, list) and isinstance(actual, list):
            return self._of_lists(recorded, actual, place, same)
        return self._of_values(recorded, actual, where) if same and self._is_telling(place) else []

    def _plain(self, text: str) -> str:
        text = without_keys(text)
        for pattern, stand_in in self.rules.changing:
            text = pattern.sub(stand_in, text)
        return text

    def _is_telling(self, place: Place) -> bool:
        if not place or place == ("isDefault",) or self.rules.telling_below & set(place):
            return True
        return place[-1] in self.rules.telling and not self.rules.unreported_below & set(place)

    def _of_values(self, recorded: Any, actual: Any, where: str) -> list[str]:
        if isinstance(recorded, str) and isinstance(actual, str):
            recorded, actual = self._plain(recorded), self._plain(actual)
        return [] if recorded == actual else [f"{where}: {actual!r}, recorded {recorded!r}"]

    def _of_objects(self, recorded: Item, actual: Item, place: Place, same: bool) -> list[str]:
        if place and place[-1] in self.rules.data_keys:
            return self._of_lists(list(recorded.values()), list(actual.values()), place, same)
        where = "/".join(place) or "body"
        found = [f"{where}: no {key}" for key in sorted(recorded.keys() - actual.keys())]
        found += [f"{where}: {key} is not recorded" for key in sorted(actual.keys() - recorded.keys())]
        for key in recorded.keys() & actual.keys():
            found += self.differences(recorded[key], actual[key], (*place, key), same=same)
        return found

    def _of_lists(self, recorded: list[Any], actual: list[Any], place: Place, same: bool) -> list[str]:
        where = "/".join(place) or "body"
        if bool(recorded) != bool(actual):
            return [f"{where}: {len(actual)} items, recorded {len(recorded)}"] if same else []
        found = []
        for index, item in enumerate(actual):
            found += self._of_item(recorded, item, index, (*place, _index(place, actual, index)), same)
        return found if place or self.cut else found + _missing(recorded, actual)

    def _of_item(self, recorded: list[Any], item: Any, index: int, place: Place, same: bool) -> list[str]:
        """Against the recorded item of the same id or place in a tuple; without one, against the nearest."""
        if place[-1] != "[]":
            if index >= len(recorded):
                return [f"{'/'.join(place)}: is not recorded"]
            return self.differences(recorded[index], item, place, same=same)
        twins = [each for each in recorded if isinstance(item, dict) and "id" in item and each.get("id") == item["id"]]
        same = same and (bool(twins) or not isinstance(item, dict))
        return min((self.differences(each, item, place, same=same) for each in twins or recorded), key=len)


def _missing(recorded: list[Any], actual: list[Any]) -> list[str]:
    """Items of a whole list that are not there, and a default key too many or too few."""
    found = [f"body: no item {id_}" for id_ in sorted(_ids(recorded) - _ids(actual))]
    if _defaults(recorded) != _defaults(actual):
        found.append(f"body: {_defaults(actual)} default keys, recorded {_defaults(recorded)}")
    return found


def _ids(items: list[Any]) -> set[str]:
    return {item["id"] for item in items if isinstance(item, dict) and "id" in item}


def _defaults(items: list[Any]) -> int:
    """How many are the default; which one it is after a delete is arbitrary."""
    return sum(bool(item.get("isDefault")) for item in items if isinstance(item, dict))
