# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated server of v4.7 answers as the recorded one did, on the routes that the collection calls."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

from . import set_up_4_7 as set_up
from .comparing_4_7 import FILES, Exchange, differences, read, sent
from .materials import materials
from .walking import Heard
from .walking_4_7 import Walk47

# Exchanges of routes that the collection does not call, on whose effect later exchanges depend.
NEEDED = frozenset({"login-ok", "logout", "other-add-machine", "other-add-machine-x"})
SENT = sent(FILES[0], NEEDED)
# The one list of what is sent and not compared, with the reason.
LEFT_OUT: dict[str, str] = {
    "create-docker-stuck": "a create that fails at its last step and leaves a container behind; the set-up makes it",
    "v1-job-of-v2-create": "the job of a create by API v2, which has another log",
    **dict.fromkeys(
        ("script-run-job-early", "script-run-job-done", "script-run-ok-job-done", "script-run-exit-3-job-done"),
        "the job of a script that runs, which the emulator does not play",
    ),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Heard]:
    """Each exchange's answer by the emulator, from one walk through all of them."""
    good, bad = materials()
    with running(set_up.settings()) as emulator:
        emulator.clock.stop()
        walk = Walk47(emulator, bad, good)
        return walk.through(list(SENT), list(SENT.values()), set_up.BEFORE)


@pytest.mark.parametrize(
    ("name", "exchange"),
    [pytest.param(name, exchange, id=name) for name, exchange in SENT.items() if name not in LEFT_OUT],
)
def test_the_emulator_answers_as_recorded(name: str, exchange: Exchange, answers: dict[str, Heard]) -> None:
    assert differences(exchange, answers[name]) == []


def test_almost_every_exchange_of_a_called_route_is_compared_and_each_other_has_a_reason() -> None:
    assert (len(read(FILES[0])), len(SENT) > 350) == (590, True)
    assert LEFT_OUT.keys() <= SENT.keys()
    assert all(LEFT_OUT.values())
    assert len(LEFT_OUT) < len(SENT) / 50


def test_what_is_not_compared_differs(answers: dict[str, Heard]) -> None:
    assert [name for name in LEFT_OUT if not differences(SENT[name], answers[name])] == []


def test_every_step_of_the_set_up_has_its_exchange() -> None:
    assert set_up.BEFORE.keys() <= SENT.keys()
