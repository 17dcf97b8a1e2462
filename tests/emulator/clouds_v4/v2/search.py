# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search of the lists (contract 4.7, section 7): words, and comparisons with a field."""

from __future__ import annotations

import re
import shlex

from ..state import Item

TERM = re.compile(r"(\w+)(!=|:|=|<|>)(.*)", re.DOTALL)


def matches(item: Item, wanted: str) -> bool:
    """Every word and every comparison has to fit. `item` has names where it names something else."""
    return all(_fits(item, term) for term in _terms(wanted))


def _terms(wanted: str) -> list[str]:
    try:
        return shlex.split(wanted, posix=False)
    except ValueError:
        return wanted.split()


def _fits(item: Item, term: str) -> bool:
    match = TERM.fullmatch(term)
    if match is None:
        return any(term.lower() in str(item.get(name, "")).lower() for name in ("id", "name"))
    name, sign, value = match.groups()
    if name in ("tag", "tags"):
        return _has_tag(item.get("tags", {}), value)
    return _compares(str(item.get(name, "")), sign, value, is_name=name in ("name", "id", "cloud"))


def _has_tag(tags: dict[str, str], wanted: str) -> bool:
    """`key` or `key,value`."""
    key, comma, value = wanted.partition(",")
    return key in tags and (not comma or tags[key] == value)


def _compares(actual: str, sign: str, value: str, *, is_name: bool) -> bool:
    exact = value.strip('"')
    if sign in ("<", ">"):
        return actual < exact if sign == "<" else actual > exact
    if sign == "!=":
        return actual != exact
    if value != exact or not is_name:
        return actual == exact
    if value[:1] == "^" or value[-1:] == "$":
        return re.search(value, actual) is not None
    return exact.lower() in actual.lower()
