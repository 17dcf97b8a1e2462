# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring_info at a server of the clouds generation, as the author of a playbook sees it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import AWS as EC2
from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]

MACHINE = {"image": "ami-1e749f67", "size": "t2.micro", "location": "us-east-1a", "key": "demo"}
METAL = {"title": "metal", "provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "demo"}
BUILTIN = [
    "cpu.cpu=cpu-total.usage_user",
    "disk.bytes_read",
    "disk.bytes_write",
    "mem.used_percent",
    "net.bytes_recv",
    "net.bytes_sent",
    "system.load1",
]
LOAD5 = {"id": "system.load5", "name": "System load5", "unit": ""}
JSON = {"Content-Type": "application/json"}
STATS = "/api/v1/machines/*/stats"
SINCE = "1795428620"
COLLECTION = Path(__file__).parents[3]
DOCS = (
    "plugins/modules/mist_monitoring.py",
    "plugins/modules/mist_monitoring_info.py",
    "plugins/filter/line_chart.py",
    "docs/docsite/rst/monitoring.rst",
)


@pytest.fixture
def at(run):
    """at(option=value ...): the module."""

    def run_there(*, check_mode=False, **options):
        return run("mist_monitoring_info", check_mode=check_mode, **{"mist_generation": "clouds", **options})

    return run_there


@pytest.fixture
def machines(run, mist, api):
    """web1, which is monitored and has data and the metric system.load5, web2 and the host metal, which are not."""
    mist.settings.change(boot_seconds=0)
    api.keys.add("demo", api.keys.generate())
    aws = api.backends.add(EC2)["id"]
    api.backends.add(METAL)
    run("mist_machine", backend=aws, names=["web1", "web2"], **MACHINE)
    run("mist_monitoring", backend=aws, machine="web1", metrics=["system.load5"])
    mist.forget()


@pytest.fixture
def answers(mist):
    """answers(stats): what the server tells from now on when it is asked for stats."""

    def change(stats):
        body = json.dumps({**stats, "request_id": None})
        mist.fail("answer", path=STATS, status=200, headers=JSON, body=body)

    return change


def names(result):
    return [each["name"] for each in result["machines"]]


def asked(mist):
    return [f"{each.method} {' '.join(each.path.split('/')[3::2])}" for each in mist.requests]


def series(*points):
    """As the server tells it: the name made of the id, no unit, the times as texts."""
    return {"name": "SYSTEM load1", "column": "load1", "unit": "", "datapoints": [[value, at] for value, at in points]}


def test_all_machines_are_returned_monitored_or_not_with_two_requests(at, mist, machines):
    result = at()
    assert (result["changed"], names(result)) == (False, ["metal", "web1", "web2"])
    metal, web1, _web2 = result["machines"]
    assert (metal["enabled"], metal["metrics"], metal["builtin_metrics"]) == (False, [], [])
    assert (web1["enabled"], web1["metrics"]) == (True, [LOAD5])
    assert [each["id"] for each in web1["builtin_metrics"]] == BUILTIN
    assert "stats" not in web1
    assert "available_metrics" not in web1
    assert asked(mist) == ["GET machines", "GET monitoring"]


def test_check_mode_is_no_other(at, answers, machines):
    answers({"system.load1": series((1, SINCE))})
    assert at(check_mode=True, start="-10m") == at(start="-10m")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"backends": ["metal"]}, ["metal"]),
        ({"machines": ["web1", "metal"]}, ["metal", "web1"]),
        ({"machines": ["192.0.2.10"]}, ["metal"]),
        ({"backends": ["aws"], "machines": ["web2"]}, ["web2"]),
    ],
)
def test_only_those_that_are_named_are_returned(at, machines, options, found):
    assert names(at(**options)) == found


def test_available_metrics_are_those_that_can_be_added(at, mist, machines):
    metal, web1, _web2 = at(available_metrics=True)["machines"]
    assert metal["available_metrics"] == []
    available = {each["id"]: each["name"] for each in web1["available_metrics"]}
    assert (available["system.load15"], available["mem.cached"]) == ("SYSTEM load15", "MEM cached")
    assert list(available) == sorted(available)
    assert asked(mist).count("GET metrics") == 1


def test_stats_are_returned_with_what_to_decide_on(at, answers, machines):
    answers({"system.load1": series((3, "1795428640"), (1.5, "1795428620"), (2, "1795428630"))})
    (web1,) = at(machine="web1", start="-10m", step=10)["machines"]
    assert web1["stats"]["system.load1"] == {
        "id": "system.load1",
        "name": "system.load1",
        "unit": "",
        "points": [[1795428620, 1.5], [1795428630, 2], [1795428640, 3]],
        "last": 3,
        "min": 1.5,
        "max": 3,
        "mean": 6.5 / 3,
    }


def test_a_metric_has_the_name_and_the_unit_that_it_has_elsewhere(at, answers, machines):
    answers({"mem.used_percent": {**series((1, SINCE)), "name": "MEM used percent"}})
    stats = at(machine="web1", start="-10m")["machines"][0]["stats"]
    assert [stats["mem.used_percent"][field] for field in ("name", "unit", "last")] == ["RAM", "%", 1]
    assert [stats["system.load5"][field] for field in ("name", "unit", "last")] == ["System load5", "", None]


def test_a_metric_that_each_device_has_comes_once_for_each(at, machines):
    stats = at(machine="web1", start="-10m")["machines"][0]["stats"]
    assert stats["net.interface=eth0.bytes_recv"]["unit"] == "B/s"
    assert stats["net.interface=eth0.bytes_recv"]["name"] == "NET eth0 bytes recv"
    assert "net.bytes_recv" not in stats
    assert stats["disk.bytes_read"]["points"] == []


def test_a_range_is_asked_for_as_long_ago(at, mist, machines):
    at(machine="web1", start="-10m", stop="-5m")
    query = mist.requests[-1].query
    assert (query["step"], abs(int(query["start"][:-3]) + 600) < 60) == ("10sec", True)
    assert abs(int(query["stop"][:-3]) + 300) < 60


def test_gaps_are_null_and_do_not_count(at, answers, machines):
    answers({"system.load1": series((None, "10"), (3, "20"), (None, "30"), (5, "60"))})
    load = at(machine="web1", start="0", stop="70", step=10)["machines"][0]["stats"]["system.load1"]
    assert load["points"] == [[10, None], [20, 3], [30, None], [40, None], [60, 5]]
    assert (load["last"], load["min"], load["max"], load["mean"]) == (5, 3, 5, 4)


def test_a_metric_without_values_is_there_all_the_same(at, answers, machines):
    answers({})
    (web1,) = at(machine="web1", start="-10m")["machines"]
    assert sorted(web1["stats"]) == sorted([*BUILTIN, "system.load5"])
    assert web1["stats"]["mem.used_percent"] == {
        "id": "mem.used_percent",
        "name": "RAM",
        "unit": "%",
        "points": [],
        "last": None,
        "min": None,
        "max": None,
        "mean": None,
    }


def test_a_machine_that_is_not_monitored_has_no_stats(at, mist, machines):
    (web2,) = at(machine="web2", start="-10m", available_metrics=True)["machines"]
    assert (web2["enabled"], web2["stats"], web2["available_metrics"]) == (False, {}, [])
    assert asked(mist) == ["GET machines", "GET monitoring"]


def test_a_plugin_has_stats_like_any_other_metric(run, at, answers, machines):
    plugin = {"name": "Disk usage", "content": "def read():\n    return 42\n", "unit": "GB"}
    run("mist_monitoring", backend="aws", machine="web1", plugins=[plugin])
    answers({"disk_usage.value": series((42, SINCE))})
    usage = at(machine="web1", start="-10m")["machines"][0]["stats"]["disk_usage.value"]
    assert (usage["name"], usage["unit"], usage["last"]) == ("Disk usage", "GB", 42)


# ---- what cannot be


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (STATS, "/stats"),
        ("/api/v1/metrics", "/api/v1/metrics"),
    ],
)
def test_a_data_store_that_is_down_is_reported(at, mist, machines, path, said):
    mist.fail("core_down", path=path, method="GET")
    msg = at(machine="web1", start="-10m", available_metrics=True, retries=0)["msg"]
    assert said in msg
    assert msg.endswith(
        "answered 503: Service unavailable."
        " A service that Mist depends on, such as its metrics database, does not respond."
    )


def test_monitoring_that_is_switched_off_in_between_is_reported(at, mist, machines):
    off = "Method Not Allowed: Machine doesn't have monitoring enabled"
    mist.fail("answer", path=STATS, status=405, body=off)
    msg = at(machine="web1", start="-10m")["msg"]
    assert msg.endswith(
        f"answered 405: {off}. Monitoring is not enabled on this machine. Enable it with mist_monitoring."
    )


def test_a_login_that_is_not_accepted_is_reported(at, machines):
    msg = at(mist_api_token="0" * 64)["msg"]
    assert "answered 401: User not authenticated. Please log in" in msg
    assert "Check mist_api_token" in msg


# ---- what the documentation shows


def metrics_of_examples(file):
    """The metrics that the examples of a file add, and those that they read."""
    text = (COLLECTION / file).read_text(encoding="utf-8")
    added = [word.strip() for found in re.findall(r" metrics: \[(.+?)\]", text) for word in found.split(",")]
    return added, re.findall(r"\.stats\[[\"'](.+?)[\"']\]", text) + re.findall(r"\.stats\.(\w+)", text)


@pytest.mark.parametrize("file", DOCS)
def test_the_examples_work_on_a_server_of_today(run, at, machines, clock, file):
    added, read = metrics_of_examples(file)
    assert added or read
    monitored = run("mist_monitoring", backend="aws", machine="web1", metrics=added, wait_for_stats=True)
    assert monitored.get("msg") is None
    (web1,) = at(machines=["web1"], start="-10m")["machines"]
    assert {*read} <= {*web1["stats"]}
    assert all(web1["stats"][metric]["last"] is not None for metric in read)
