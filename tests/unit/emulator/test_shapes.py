# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison with the recordings sees what it has to see."""

from __future__ import annotations

from typing import Any

import pytest

from .shapes import Comparison, seen_types

MACHINE: dict[str, Any] = {"id": "i-1", "state": "running", "extra": {"dns": "a.test", "disks": [{"size": 1}]}}
RECORDED = [MACHINE, {**MACHINE, "id": "i-2", "extra": {"dns": None, "disks": []}}]


def differences(actual: Any, recorded: Any = None, *, cut: bool = False) -> list[str]:
    recorded = RECORDED if recorded is None else recorded
    request = {"method": "GET", "path": "/backends/b/machines"}
    types = seen_types([{"request": request, "response": {"body": recorded}}])
    return Comparison(types["GET /backends/*/machines"], cut=cut).differences(recorded, actual)


def test_the_same_answer_does_not_differ() -> None:
    assert differences(RECORDED) == []


def test_null_fits_where_null_was_seen() -> None:
    assert differences([{**MACHINE, "extra": {"dns": None, "disks": [{"size": 9}]}}, RECORDED[1]]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "stopped"}, "[]/state: 'stopped', recorded 'running'"),
        ({"state": None}, "[]/state: null, recorded ['string']"),
        ({"more": 1}, "[]: more is not recorded"),
        ({"extra": {"dns": "a.test"}}, "[]/extra: no disks"),
        ({"extra": {"dns": "a.test", "disks": []}}, "[]/extra/disks: 0 items, recorded 1"),
        ({"extra": {"dns": "a.test", "disks": [{"size": "1"}]}}, "[]/extra/disks/[]/size: string, recorded ['number']"),
    ],
)
def test_a_difference_in_a_machine_is_reported(change: dict[str, Any], said: str) -> None:
    assert differences([{**MACHINE, **change}, RECORDED[1]]) == [said]


def test_a_missing_item_is_reported_unless_the_recorded_list_was_cut() -> None:
    assert differences([MACHINE]) == ["body: no item i-2"]
    assert differences([MACHINE], cut=True) == []


def test_an_empty_list_is_reported() -> None:
    assert differences([]) == ["body: 0 items, recorded 2"]


def test_members_of_a_tuple_each_have_their_own_type() -> None:
    keys = [{"id": "k", "isDefault": True, "machines": [["b", "m", 0, None]]}]
    assert differences(keys, keys) == []
    assert differences([{**keys[0], "machines": [["b", "m", "0", None]]}], keys) == [
        "[]/machines/[]/[2]: string, recorded ['number']"
    ]
    assert differences([{**keys[0], "isDefault": False}], keys) == ["body: 0 default keys, recorded 1"]
