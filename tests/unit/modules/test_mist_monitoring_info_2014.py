# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring_info, at a server of 2014."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.usefixtures("clock")

LOGIN = {
    "mist_generation": "backends",
    "mist_email": "demo@mist.test",
    "mist_password": "core-password-for-tests-0123456789",
}
MACHINE = {"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2"}
BUILTIN = [
    "cpu.total.nonidle",
    "disk.total.disk_octets.read",
    "disk.total.disk_octets.write",
    "interface.total.if_octets.rx",
    "interface.total.if_octets.tx",
    "load.shortterm",
    "memory.nonfree_percent",
]
JSON = {"Content-Type": "application/json; charset=UTF-8"}


@pytest.fixture
def at(run):
    """at(option=value ...): the module, with a login."""

    def run_there(*, check_mode=False, **options):
        return run("mist_monitoring_info", check_mode=check_mode, **{**LOGIN, **options})

    return run_there


@pytest.fixture
def machines(run, mist, openstack, ec2, add_key):
    """web1, which is monitored and has data and the metric users, web2 and db1, which are not."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    run("mist_machine", backend=openstack["id"], names=["web1", "web2"], **MACHINE)
    run("mist_machine", backend=ec2["id"], name="db1", image="ami-76817c1e", size="t1.micro")
    there = {**LOGIN, "backend": openstack["id"], "machine": "web1"}
    run("mist_monitoring", **there, metrics=["users"])
    mist.forget()


def names(result):
    return [each["name"] for each in result["machines"]]


def asked(mist):
    return [f"{each.method} {each.path.rstrip('/').split('/')[-1]}" for each in mist.requests if each.path != "/auth"]


def test_all_machines_are_returned_monitored_or_not(at, mist, machines):
    result = at()
    assert (result["changed"], names(result)) == (False, ["db1", "web1", "web2"])
    db1, web1, _web2 = result["machines"]
    assert (db1["enabled"], db1["metrics"], db1["builtin_metrics"]) == (False, [], [])
    assert web1["enabled"] is True
    assert web1["metrics"] == [{"id": "users", "name": "users", "unit": ""}]
    assert [each["id"] for each in web1["builtin_metrics"]] == BUILTIN
    assert "stats" not in web1
    assert "available_metrics" not in web1
    assert asked(mist) == ["GET backends", "GET machines", "GET machines", "GET monitoring"]


def test_check_mode_is_no_other(at, machines):
    assert at(check_mode=True, start="0", stop="60") == at(start="0", stop="60")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"backends": ["EC2 one"]}, ["db1"]),
        ({"machines": ["web1", "db1"]}, ["db1", "web1"]),
        ({"machine": "web2"}, ["web2"]),
        ({"backends": ["OpenStack one"], "machines": ["web2"]}, ["web2"]),
        ({"machines": []}, []),
    ],
)
def test_only_those_that_are_named_are_returned(at, machines, options, found):
    assert names(at(**options)) == found


def test_the_machines_of_a_failed_backend_are_missing_with_a_warning(at, mist, ec2, machines):
    mist.fail("provider_error", backend=ec2["id"])
    result = at(retries=0)
    assert names(result) == ["web1", "web2"]
    assert [each["title"] for each in result["failed_backends"]] == ["EC2 one"]
    (warning,) = result["warnings"]
    assert warning.startswith(f"The backend 'EC2 one' ({ec2['id']}) could not be listed: GET ")


def test_machines_that_are_named_are_returned_though_another_backend_failed(run, at, mist, ec2, machines):
    (web1,) = run("mist_machine_info", name="web1")["machines"]
    mist.fail("provider_error", backend=ec2["id"])
    result = at(machines=[web1["id"], "db1"], retries=0)
    assert names(result) == ["web1"]
    assert result["warnings"][1:] == [
        "Machine 'db1' was not found. It may belong to a backend that could not be listed."
    ]


def test_a_failed_backend_can_fail_the_task(at, mist, ec2, machines):
    mist.fail("provider_error", backend=ec2["id"])
    result = at(on_backend_error="fail", retries=0)
    assert "1 backend could not be listed: 'EC2 one': GET " in result["msg"]
    assert [each["id"] for each in result["failed_backends"]] == [ec2["id"]]


def test_one_backend_that_is_named_and_fails_is_a_failure(at, mist, ec2, machines):
    mist.fail("provider_error", backend=ec2["id"])
    assert "answered 503: Backend unavailable." in at(backends=["EC2 one"], retries=0)["msg"]


def test_available_metrics_are_those_that_can_be_added(at, mist, machines):
    db1, web1, _web2 = at(available_metrics=True)["machines"]
    assert db1["available_metrics"] == []
    assert [each["id"] for each in web1["available_metrics"]] == ["df.root.df_complex.free", "entropy", "users"]
    assert asked(mist).count("GET metrics") == 1


def test_stats_are_returned_with_what_to_decide_on(at, mist, machines):
    (web1,) = at(machine="web1", start="1413540000", stop="1413540040", step=10)["machines"]
    assert sorted(web1["stats"]) == [*BUILTIN, "users"]
    assert web1["stats"]["memory.nonfree_percent"] == {
        "id": "memory.nonfree_percent",
        "name": "RAM",
        "unit": "%",
        "points": [[1413540000, 1.5], [1413540010, 1.6], [1413540020, 1.7], [1413540030, 1.8]],
        "last": 1.8,
        "min": 1.5,
        "max": 1.8,
        "mean": 1.65,
    }
    assert mist.requests[-1].query == {"start": "1413540000", "stop": "1413540040", "step": "10"}


def test_gaps_are_null_and_do_not_count(at, mist, machines):
    points = [[None, 10], [3, 20], [None, 30], [5, 60]]
    body = json.dumps({"load.shortterm": {"name": "Load", "unit": "", "datapoints": points}, "request_id": None})
    mist.fail("answer", path="*/stats", status=200, headers=JSON, body=body)
    load = at(machine="web1", start="0", stop="70", step=10)["machines"][0]["stats"]["load.shortterm"]
    assert load["points"] == [[10, None], [20, 3], [30, None], [40, None], [60, 5]]
    assert (load["last"], load["min"], load["max"], load["mean"]) == (5, 3, 5, 4)


def test_a_metric_without_values_is_there_all_the_same(at, mist, machines):
    mist.fail("answer", path="*/stats", status=200, headers=JSON, body='{"request_id": null}')
    (web1,) = at(machine="web1", start="-10m")["machines"]
    assert web1["stats"]["load.shortterm"] == {
        "id": "load.shortterm",
        "name": "Load",
        "unit": "",
        "points": [],
        "last": None,
        "min": None,
        "max": None,
        "mean": None,
    }
    assert sorted(web1["stats"]) == [*BUILTIN, "users"]


def test_a_machine_that_is_not_monitored_has_no_stats(at, mist, machines):
    (web2,) = at(machine="web2", start="-10m", available_metrics=True)["machines"]
    assert (web2["enabled"], web2["stats"], web2["available_metrics"]) == (False, {}, [])
    assert "GET stats" not in asked(mist)


def test_what_is_no_number_is_a_gap(at, mist, machines):
    points = '[[NaN, 10], [Infinity, 20], ["7", 30], [true, 40], [1, 50]]'
    body = f'{{"load.shortterm": {{"name": "Load", "unit": null, "datapoints": {points}}}}}'
    mist.fail("answer", path="*/stats", status=200, headers=JSON, body=body)
    load = at(machine="web1", start="0", stop="60", step=10)["machines"][0]["stats"]["load.shortterm"]
    assert load["points"] == [[10, None], [20, None], [30, None], [40, None], [50, 1]]
    assert load["unit"] == ""


@pytest.mark.parametrize(
    ("fault", "path", "said"),
    [
        ("core_down", "/monitoring", "The server cannot reach its core service, which provides monitoring."),
        ("core_error", "/monitoring", "Monitoring requires authentication: set mist_email and mist_password."),
        ("core_not_logged_in", "/monitoring", "Monitoring requires authentication: set mist_email and mist_password."),
        ("core_down", "*/stats", "stats answered 500: Internal Server Error. The answer has no details"),
        (
            "core_error",
            "*/stats",
            "stats answered 503: Service unavailable: Internal Server Error. The Mist server or its",
        ),
        (
            "core_not_logged_in",
            "*/stats",
            "Not authorized. Monitoring requires authentication: set mist_email and mist_password.",
        ),
        ("core_error", "*/metrics", "metrics answered 503: Service unavailable: Internal Server Error."),
    ],
)
def test_a_core_that_fails_is_reported(at, mist, machines, fault, path, said):
    mist.fail(fault, path=path, method="GET")
    result = at(machine="web1", start="-10m", available_metrics=True, retries=0)
    assert result["failed"] is True
    assert said in " ".join(result["msg"].replace("?", " ").split())


def test_monitoring_that_is_switched_off_in_between_is_reported(at, mist, machines):
    mist.fail(
        "answer",
        path="*/stats",
        status=503,
        body="Service unavailable: Method Not Allowed: Machine does not have monitoring enabled",
    )
    msg = at(machine="web1", start="-10m", retries=0)["msg"]
    assert msg.endswith(
        "monitoring enabled. Monitoring is not enabled on this machine. Enable it with mist_monitoring."
    )


def test_an_empty_list_of_machines_sends_no_request(at, mist, machines):
    assert (at(machines=[])["machines"], asked(mist)) == ([], [])
