# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator answers as the real server of 2014 did: every recorded exchange, in order."""

from __future__ import annotations

import re

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running
from ansible_collections.mistio.cloud.tests.unit.recordings import Exchange, read_exchanges

from . import set_up
from .materials import materials
from .shapes import Comparison, route_of, seen_types
from .walking import Heard, Walk, numbered_names

EXCHANGES = read_exchanges("2014")
TYPES = seen_types(EXCHANGES)

# The one list of what is not compared, with the reason; an exchange is still sent, so that the state goes on.
LEFT_OUT: dict[str, str] = {}

# Parts of a text that differ from run to run on the real server too.
CHANGING = (
    (re.compile(r"mist-python-plugin-\d+"), "mist-python-plugin-N"),
    (re.compile(r"parent\.appendShell\(' .*load average.*<br/>'"), "parent.appendShell('UPTIME<br/>'"),
)
HTML_PAGE = "<!DOCTYPE html>"


NAMES = numbered_names(EXCHANGES)


@pytest.fixture(scope="module")
def answers() -> dict[str, Heard]:
    """Each exchange's answer by the emulator, from one walk through all of them."""
    good, bad = materials()
    with running(set_up.settings()) as emulator:
        walk = Walk(emulator, bad, good)
        return walk.through(NAMES, EXCHANGES, set_up.BEFORE)


@pytest.mark.parametrize(
    ("name", "exchange"),
    [pytest.param(name, exchange, id=name) for name, exchange in zip(NAMES, EXCHANGES) if name not in LEFT_OUT],
)
def test_the_emulator_answers_as_recorded(name: str, exchange: Exchange, answers: dict[str, Heard]) -> None:
    recorded, heard = exchange["response"], answers[name]
    assert (heard.status, heard.content_type) == (recorded["status"], recorded["content_type"]), heard.body
    if isinstance(recorded["body"], str) and not recorded["content_type"].startswith("application/json"):
        assert plain(heard.body) == plain(recorded["body"])
    else:
        types = TYPES[route_of(exchange["request"]["method"], exchange["request"]["path"])]
        comparison = Comparison(types, cut="list_truncated_from" in recorded)
        assert comparison.differences(recorded["body"], heard.body) == []


def plain(text: str) -> str:
    """A text as it is compared: an HTML page by its beginning, an image by its kind."""
    if text.startswith(HTML_PAGE) or text[1:4] == "PNG":
        return HTML_PAGE if text.startswith(HTML_PAGE) else "PNG"
    for pattern, stand_in in CHANGING:
        text = pattern.sub(stand_in, text)
    return text


def test_less_than_a_tenth_is_left_out_and_each_with_a_reason() -> None:
    assert len(EXCHANGES) == 519
    assert len(LEFT_OUT) < len(EXCHANGES) / 10
    assert LEFT_OUT.keys() <= set(NAMES)
    assert all(LEFT_OUT.values())


def test_every_step_of_the_set_up_has_its_exchange() -> None:
    assert set_up.BEFORE.keys() <= set(NAMES)
