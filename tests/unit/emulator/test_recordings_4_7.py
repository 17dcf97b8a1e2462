# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated server of v4.7 answers as the recorded ones did, on the routes that the collection calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

from . import set_up_4_7, set_up_4_7_2
from .comparing_4_7 import FILES, Exchange, differences, read, sent
from .left_out_4_7 import LEFT_OUT_1, LEFT_OUT_2, NEEDED_1, NEEDED_2
from .materials import materials
from .walking import Heard
from .walking_4_7 import Walk47


@dataclass(frozen=True, eq=False)
class Recording:
    """One file of exchanges. ``most`` is the part of those sent that may be left out, as a divisor."""

    exchanges: dict[str, Exchange]
    total: int
    left_out: dict[str, str]
    most: int
    set_up: ModuleType


RECORDINGS = {
    FILES[0]: Recording(sent(FILES[0], NEEDED_1), 590, LEFT_OUT_1, 50, set_up_4_7),
    # of several servers
    FILES[1]: Recording(sent(FILES[1], NEEDED_2), 988, LEFT_OUT_2, 7, set_up_4_7_2),
}
each_file = pytest.mark.parametrize("file", RECORDINGS)


@cache
def answers(file: str) -> dict[str, Heard]:
    """Each exchange's answer by the emulator, from one walk through all of them."""
    exchanges, set_up = RECORDINGS[file].exchanges, RECORDINGS[file].set_up
    good, bad = materials()
    with running(set_up.settings()) as emulator:
        emulator.clock.stop()
        walk = Walk47(emulator, bad, good)
        return walk.through(list(exchanges), list(exchanges.values()), set_up.BEFORE)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        pytest.param(file, name, id=name)
        for file, recording in RECORDINGS.items()
        for name in recording.exchanges
        if name not in recording.left_out
    ],
)
def test_the_emulator_answers_as_recorded(file: str, name: str) -> None:
    assert differences(RECORDINGS[file].exchanges[name], answers(file)[name]) == []


@each_file
def test_almost_every_exchange_of_a_called_route_is_compared_and_each_other_has_a_reason(file: str) -> None:
    recording = RECORDINGS[file]
    assert (len(read(file)), len(recording.exchanges) > 350) == (recording.total, True)
    assert recording.left_out.keys() <= recording.exchanges.keys()
    assert all(recording.left_out.values())
    assert len(recording.left_out) < len(recording.exchanges) / recording.most


@each_file
def test_what_is_not_compared_differs(file: str) -> None:
    recording = RECORDINGS[file]
    same = [name for name in recording.left_out if not differences(recording.exchanges[name], answers(file)[name])]
    assert same == []


@each_file
def test_every_step_of_the_set_up_has_its_exchange(file: str) -> None:
    assert RECORDINGS[file].set_up.BEFORE.keys() <= RECORDINGS[file].exchanges.keys()
