# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated server of v4.7 answers as the recorded one did."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

from . import set_up_4_7 as set_up
from .materials import materials
from .shapes import Comparison, Rules, seen_types, without_keys
from .walking import Heard, numbered_names
from .walking_4_7 import Walk47

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.7" / "exchanges.jsonl"
EXCHANGES: list[dict[str, Any]] = [json.loads(line) for line in RECORDINGS.read_text(encoding="utf-8").splitlines()]

# The one list of what is not compared, with the reason; an exchange is still sent, so that the state goes on.
NOT_PLAYED = "not played: "
LEFT_OUT: dict[str, str] = {
    "create-docker-stuck": "a create that fails at its last step and leaves a container behind; the set-up makes it",
    "subnet-create": "the simulated EC2 took no zone by Mist's id; its text lists every zone there is",
    "v2-list-sizes": "281 sizes were recorded, the emulated EC2 has 12",
    "v2-list-sizes-of-cloud": "as v2-list-sizes",
    "volume-delete": "depends on a volume that was attached",
    **dict.fromkeys(
        ("volume-attach-missing-device", "volume-attach", "volume-detach", "v2-list-volumes"),
        f"{NOT_PLAYED}volumes attached and detached",
    ),
    **dict.fromkeys(("dashboard", "dashboard-home"), f"{NOT_PLAYED}dashboards"),
    **dict.fromkeys(("logs", "logs-filter"), f"{NOT_PLAYED}logs"),
    **dict.fromkeys(("secrets", "v2-list-secrets"), f"{NOT_PLAYED}secrets"),
    **dict.fromkeys(
        ("schedule-add", "schedules-list", "schedule-delete", "v2-list-schedules"), f"{NOT_PLAYED}schedules"
    ),
    **dict.fromkeys(("rules-list", "rule-add", "rule-delete", "v2-list-rules"), f"{NOT_PLAYED}rules"),
    **dict.fromkeys(
        ("v2-list-zones", "v2-list-clusters", "v2-list-users", "v2-list-orgs", "v2-list-tags"),
        f"{NOT_PLAYED}zones, clusters, users, organizations and tags of API v2",
    ),
    **dict.fromkeys(("v2-tags-post", "v2-datapoints"), f"{NOT_PLAYED}what API v2 itself refused or failed at"),
    **dict.fromkeys(
        (
            *("scripts-empty", "script-add-no-name", "script-add-bad-exec-type", "script-add-no-shebang", "script-add"),
            *("script-add-duplicate", "scripts-list", "script-show", "script-show-unknown", "script-file"),
            *("script-rename", "script-rename-no-name", "script-run-no-machine", "script-run-unknown-machine"),
            *("script-run-unknown-script", "script-run", "script-run-job-early", "script-run-job-done"),
            *("script-run-job-v2", "script-delete", "script-delete-again", "v2-list-scripts", "script-add-x"),
            *("script-run-ok", "script-run-ok-job-done", "script-add-fail-x", "script-run-exit-3"),
            "script-run-exit-3-job-done",
        ),
        f"{NOT_PLAYED}scripts",
    ),
}

RULES = Rules(
    telling=frozenset(
        {"state", "name", "provider", "enabled", "polling_interval", "region", "apikey", "host", "port", "show_all"}
        | {"machine_type", "size", "cloud", "image", "location", "network", "cloud_title", "hello", "auth", "redirect"}
        | {"isDefault", "ssh_user", "ssh_port", "sudo", "key", "machine", "machine_id", "cloud_id", "starred", "index"}
        | {"action", "type", "error", "machine_name", "machine_names", "quantity", "job", "new_name", "metric_id"}
        | {"unit", "column", "measurement", "request_id", "detail", "status", "title", "hasmonitoring", "country"}
        | {"location_type", "parent", "driver", "aliases", "category", "cidr", "total", "returned", "kind", "start"}
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
SPEC, NOT_RECORDED = "openapi:", "<see v1-spec.yml / v2-openapi.yaml>"


def route_of(method: str, path: str) -> str:
    """The kind of a request: what its answers have in common."""
    return f"{method} " + NAMED.sub(r"/\1/*", path.partition("?")[0])


TYPES = seen_types(EXCHANGES, route_of, RULES.data_keys)


NAMES = numbered_names(EXCHANGES)


@pytest.fixture(scope="module")
def answers() -> dict[str, Heard]:
    """Each exchange's answer by the emulator, from one walk through all of them."""
    good, bad = materials()
    with running(set_up.settings()) as emulator:
        emulator.clock.stop()
        walk = Walk47(emulator, bad, good)
        return walk.through(NAMES, EXCHANGES, set_up.BEFORE)


@pytest.mark.parametrize(
    ("name", "exchange"),
    [pytest.param(name, exchange, id=name) for name, exchange in zip(NAMES, EXCHANGES) if name not in LEFT_OUT],
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
    if text.startswith((HTML_PAGE, SPEC)) or text == NOT_RECORDED:
        return HTML_PAGE if text.startswith(HTML_PAGE) else SPEC
    text = without_keys(text)
    for pattern, stand_in in CHANGING:
        text = pattern.sub(stand_in, text)
    return text


def test_less_than_a_tenth_is_left_out_and_each_with_a_reason() -> None:
    assert len(EXCHANGES) == 590
    assert LEFT_OUT.keys() <= set(NAMES)
    assert all(LEFT_OUT.values())
    assert len(LEFT_OUT) < len(EXCHANGES) / 10
    wanted = [name for name, reason in LEFT_OUT.items() if not reason.startswith(NOT_PLAYED)]
    assert len(wanted) < len(EXCHANGES) / 100


def test_every_step_of_the_set_up_has_its_exchange() -> None:
    assert set_up.BEFORE.keys() <= set(NAMES)
