# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Picking the one thing that a word names, or saying clearly why not."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence, TypeVar

from ..mist_client.errors import InvalidValue, UnknownName
from ..mist_client.wording import listed, nearest

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
        raise several(word, found, kind, where, label)
    if not found:
        raise unknown(word, things, kind, where, label)
    return found[0]


def with_id(things: Iterable[Thing], thing_id: str) -> Thing | None:
    """The thing that has this very id, if there is one."""
    return next((each for each in things if each["id"] == thing_id), None)


def several(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> InvalidValue:
    more = f" and {len(things) - SHOWN} more" if len(things) > SHOWN else ""
    return InvalidValue(
        f"{word!r} fits {len(things)} {kind}s at {where}: {told(things[:SHOWN], label)}{more}.", "Name one by its id."
    )


def unknown(word: str, things: Sequence[Any], kind: str, where: str, label: str = "name") -> UnknownName:
    """With the things whose names are nearest, or the first ones when none is near. Each is there once, by its id."""
    by_name = {name: each for each in things for name in (each["id"], each[label])}
    close = {each["id"]: each for each in (by_name[name] for name in nearest(word, by_name))}
    if close:
        there = f"The nearest: {told(list(close.values()), label)}."
    elif things:
        distinct = list({each["id"]: each for each in things}.values())
        more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
        there = f"There are: {told(distinct[:SHOWN], label)}{more}."
    else:
        there = "There is none at all."
    return UnknownName(kind, f"There is no {kind} {word!r} at {where}. {there}")


def told(things: Sequence[Any], label: str = "name") -> str:
    """Things for a sentence: ``'EC2 one' (gTDX...)``."""
    return listed(
        [f"{each[label]!r} ({each['id']})" if each[label] != each["id"] else repr(each["id"]) for each in things], "and"
    )
