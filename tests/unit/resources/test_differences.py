# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences about what exists and is not what a task asks for, and the names that an error offers."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.differences import differences
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import choose
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.wording import nearest

REMEDIES = {"size": "Resize it.", "image": "Create it again."}
SIZES = [
    {"id": "a1", "external_id": "1", "name": "m1.small"},
    {"id": "a2", "external_id": "2", "name": "m1.medium"},
    {"id": "a3", "external_id": "3", "name": "M1.Medium"},
    {"id": "a4", "external_id": "4", "name": "big"},
    {"id": "a5", "external_id": "5", "name": "big"},
]


def test_each_difference_is_a_sentence_with_its_remedy():
    assert differences("Machine 'a'", {"size": "s", "image": "i"}, {"size": "m", "image": "i"}, REMEDIES) == [
        "Machine 'a' has size s, not m. Resize it."
    ]


def test_what_is_unknown_on_either_side_is_not_compared():
    assert differences("Machine 'a'", {"image": "i"}, {"size": "m"}, REMEDIES) == []


@pytest.mark.parametrize(("word", "found"), [("a1", "a1"), ("2", "a2"), ("m1.medium", "a2"), ("M1.Medium", "a3")])
def test_a_thing_is_chosen_by_either_id_or_its_exact_name(word, found):
    assert choose(word, SIZES, "size", "there")["id"] == found


@pytest.mark.parametrize("word", ["m1", "m1.smal", "M1.SMALL", "a", "", "small"])
def test_nothing_is_chosen_by_a_part_of_its_name_or_in_other_case(word):
    with pytest.raises(InvalidValue, match=f"Size '{word}' not found on there"):
        choose(word, SIZES, "size", "there")


def test_a_name_of_two_things_chooses_neither():
    with pytest.raises(
        InvalidValue, match=r"2 sizes on there match 'big': 'big' \(a4\) and 'big' \(a5\)\. Select one by"
    ):
        choose("big", SIZES, "size", "there")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("M1.SMALL", ["m1.small"]),
        ("m1.smal", ["m1.small"]),
        ("Ubuntu", ["Ubuntu 14.04 amd64", "Ubuntu 16.04 amd64"]),
        ("u", []),
        ("zzz", []),
    ],
)
def test_what_is_alike_is_offered_before_what_contains_the_word(word, meant):
    assert nearest(word, ["m1.small", "Ubuntu 14.04 amd64", "Ubuntu 16.04 amd64"]) == meant
