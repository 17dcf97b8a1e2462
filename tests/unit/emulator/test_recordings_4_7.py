# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated server of v4.7 answers as the recorded one did, on the routes that the collection calls."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

from . import set_up_4_7 as set_up
from .called_4_7 import called_route
from .materials import materials
from .shapes import Comparison, Rules, seen_types, without_keys
from .walking import Heard, numbered_names
from .walking_4_7 import Walk47

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.7" / "exchanges.jsonl"
EXCHANGES: list[dict[str, Any]] = [json.loads(line) for line in RECORDINGS.read_text(encoding="utf-8").splitlines()]

NAMES = numbered_names(EXCHANGES)

# Exchanges of routes that the collection does not call, on whose effect later exchanges depend.
NEEDED = frozenset({"login-ok", "logout", "other-add-machine", "other-add-machine-x"})
SENT: dict[str, dict[str, Any]] = {
    name: exchange
    for name, exchange in zip(NAMES, EXCHANGES)
    if name in NEEDED or called_route(exchange["request"]["method"], exchange["request"]["path"])
}
# The one list of what is sent and not compared, with the reason.
LEFT_OUT: dict[str, str] = {
    "create-docker-stuck": "a create that fails at its last step and leaves a container behind; the set-up makes it",
    "v1-job-of-v2-create": "the job of a create by API v2, which has another log",
    **dict.fromkeys(
        ("script-run-job-early", "script-run-job-done", "script-run-ok-job-done", "script-run-exit-3-job-done"),
        "the job of a script that runs, which the emulator does not play",
    ),
}

RULES = Rules(
    telling=frozenset(
        {"state", "name", "provider", "enabled", "polling_interval", "region", "apikey", "host", "port", "show_all"}
        | {"machine_type", "size", "cloud", "image", "location", "network", "cloud_title", "hello", "auth", "redirect"}
        | {"isDefault", "ssh_user", "ssh_port", "sudo", "key", "machine", "machine_id", "cloud_id", "starred", "index"}
        | {"action", "type", "error", "machine_name", "machine_names", "quantity", "job", "new_name", "metric_id"}
        | {"unit", "column", "measurement", "request_id", "hasmonitoring", "country"}
        | {"location_type", "parent", "driver", "aliases", "category", "cidr"}
        | {"resource_count", "cost", "hourly", "monthly", "ttl", "errors", "attach", "detach", "delete"}
    ),
    data_keys=frozenset({"key_associations", "subnets"}),
    telling_below=frozenset({"tags", "actions"}),
    untold_below=frozenset({"extra"}),
    changing=((re.compile(r"api_token_\d+"), "api_token_N"),),
)
NAMED = re.compile(
    r"/(clouds|machines|keys|images|sizes|locations|networks|volumes|jobs|plugins|scripts|schedules|rules)/(?!stats)[^/]+"
)
# Parts of a text that differ from run to run on the real server too.
CHANGING = (
    (re.compile(r"(Cloud\.\w+|Script\.\w+):[0-9a-f]{32}"), r"\1:ID"),
    (re.compile(r"cloud \w+ \([0-9a-f]{32}\)|Machine \S+ \([0-9a-f]{32}\)"), "ONE"),
)
HTML_PAGE = "<!DOCTYPE html>"


def route_of(method: str, path: str) -> str:
    """The kind of a request: what its answers have in common."""
    return f"{method} " + NAMED.sub(r"/\1/*", path.partition("?")[0])


TYPES = seen_types(EXCHANGES, route_of, RULES.data_keys)


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
def test_the_emulator_answers_as_recorded(name: str, exchange: dict[str, Any], answers: dict[str, Heard]) -> None:
    recorded, heard = exchange["response"], answers[name]
    assert (heard.status, heard.content_type) == (recorded["status"], recorded["content_type"]), heard.body
    if isinstance(recorded["body"], str):
        assert plain(heard.body) == plain(recorded["body"])
    else:
        types = TYPES[route_of(exchange["request"]["method"], exchange["request"]["path"])]
        comparison = Comparison(types, cut="note" in exchange, rules=RULES)
        assert comparison.differences(recorded["body"], heard.body) == []


def plain(text: str) -> str:
    """A text as it is compared: an HTML page by its beginning."""
    if text.startswith(HTML_PAGE):
        return HTML_PAGE
    text = without_keys(text)
    for pattern, stand_in in CHANGING:
        text = pattern.sub(stand_in, text)
    return text


def test_almost_every_exchange_of_a_called_route_is_compared_and_each_other_has_a_reason() -> None:
    assert len(EXCHANGES) == 590
    assert len(SENT) > 350
    assert LEFT_OUT.keys() <= SENT.keys()
    assert all(LEFT_OUT.values())
    assert len(LEFT_OUT) < len(SENT) / 50


def test_every_step_of_the_set_up_has_its_exchange() -> None:
    assert set_up.BEFORE.keys() <= SENT.keys()
