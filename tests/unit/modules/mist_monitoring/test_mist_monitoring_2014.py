# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring at a server of 2014; test_mist_monitoring.py holds what is the same on both generations."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.usefixtures("clock")

USERS = {"id": "users", "name": "users", "unit": ""}
CODE = "def read():\n    return 42\n"
PLUGIN = {"name": "Disk usage!", "content": CODE, "unit": "GB"}
JSON = {"Content-Type": "application/json; charset=UTF-8"}


def asked(mist):
    """The requests without ids: ``GET machines``, ``POST monitoring``."""
    return [f"{each.method} {each.path.rstrip('/').split('/')[-1]}" for each in mist.requests if each.path != "/auth"]


def sent(mist, what):
    return [each for each in mist.writes if what in each.path]


def test_what_is_sent_tells_core_the_machines_name_and_addresses(at, mist, web1):
    at()
    (arrived,) = sent(mist, "monitoring")
    assert arrived.body == {
        "action": "enable",
        "name": "web1",
        "public_ips": web1["public_ips"],
        "dns_name": "n/a",
    }


def test_unchanged_costs_two_requests_by_id_and_three_by_title(at, mist, enabled):
    at()
    assert asked(mist) == ["GET machines", "GET monitoring"]
    mist.forget()
    at(backend="OpenStack one")
    assert asked(mist) == ["GET backends", "GET machines", "GET monitoring"]


def test_unchanged_metrics_cost_no_more_and_plugins_one_request(at, mist, enabled):
    options = {"metrics": ["users", "CPU"], "plugins": [PLUGIN, {**PLUGIN, "name": "other"}]}
    assert at(**options)["changed"] is True
    mist.forget()
    assert at(**options)["changed"] is False
    assert asked(mist) == ["GET machines", "GET monitoring", "GET shell"]


def test_a_machine_that_is_gone_is_disabled_by_its_id(run, at, mist, web1, enabled):
    mist.fail("core_error", method="POST")  # so that to destroy it leaves it monitored
    run("mist_machine", backend=web1["backend_id"], id=web1["id"], state="absent")
    mist.heal()
    gone = {"machine": web1["id"], "state": "absent"}
    assert at(**gone)["actions"] == [f"disable monitoring of machine '{web1['id']}'"]
    assert at(**gone)["changed"] is False


def test_metrics_are_added_once(four, enabled):
    result = four(metrics=["users", "df root free", "load.shortterm"])
    assert result["actions"] == ["add metric 'users'", "add metric 'df.root.df_complex.free'"]
    assert result["monitoring"]["metrics"] == [
        {"id": "df.root.df_complex.free", "name": "df root free", "unit": ""},
        USERS,
    ]


def test_what_was_done_before_a_failure_is_reported_and_the_next_run_goes_on(at, enabled):
    broken = {"name": "broken", "content": "def read():\n    return 1 / 0\n"}
    result = at(metrics=["users"], plugins=[broken])
    assert (result["failed"], result["changed"], result["actions"]) == (True, True, ["add metric 'users'"])
    assert "Done before this error: add metric 'users'." in result["msg"]
    assert at(metrics=["users"])["changed"] is False


def test_what_is_deployed_is_the_code_with_a_mark_behind_it(at, mist, web1, enabled):
    at(plugins=[{**PLUGIN, "value_type": "derive"}])
    assert "GET shell" not in asked(mist)
    (arrived,) = sent(mist, "plugins")
    assert arrived.path.endswith("/plugins/disk_usage")
    code = arrived.body.pop("read_function")
    assert code.startswith(CODE + "\n# mistio.cloud: ")
    assert len(code.split()[-1]) == 64
    assert arrived.body == {
        "plugin_type": "python",
        "name": "Disk usage!",
        "value_type": "derive",
        "unit": "GB",
        "host": web1["public_ips"][0],
    }


def test_another_machine_with_the_old_code_gets_the_new_code_too(facts, run, at, mist, web1, named, enabled):
    run("mist_machine", backend=web1["backend_id"], name="web2", **facts.machine)
    new = [{**PLUGIN, "content": "def read():\n    return 43\n"}]
    at(machine="web2", wait_for_stats=True, plugins=[PLUGIN])
    at(plugins=[PLUGIN])
    assert at(plugins=new)["changed"] is True
    assert at(machine="web2", plugins=new)["changed"] is True
    assert at(machine="web2", plugins=new)["changed"] is False


def test_a_plugin_whose_code_cannot_be_looked_at_is_deployed(at, mist, enabled):
    at(plugins=[PLUGIN])
    mist.fail("answer", path="*/shell", status=404, body="<html>Got lost in the clouds</html>")
    assert at(check_mode=True, plugins=[PLUGIN])["actions"] == ["deploy plugin 'Disk usage!'"]
    assert at(plugins=[PLUGIN])["changed"] is True


def test_an_agent_that_goes_on_with_the_old_code_is_made_to_take_the_new_one(at, mist, enabled):
    old = {"metric_id": "mist.python.disk_usage", "stdout": "Plugin already imported in include.conf\r\n"}
    mist.fail("answer", method="POST", path="*/plugins/*", times=1, status=200, headers=JSON, body=json.dumps(old))
    at(plugins=[PLUGIN])
    assert [each.method for each in sent(mist, "plugins")] == ["POST", "DELETE", "POST"]


def test_the_metric_of_a_plugin_may_be_named_as_well(four, enabled):
    result = four(metrics=["mist.python.disk_usage"], plugins=[PLUGIN], exclusive_metrics=True)
    assert result["actions"] == ["deploy plugin 'Disk usage!'"]


def test_a_plugin_that_raises_is_reported_with_all_that_the_machine_said(at, mist, enabled):
    result = at(plugins=[{**PLUGIN, "content": "def read():\n    return 1 / 0\n"}])
    assert result["msg"].endswith(
        "/plugins/disk_usage answered 400: the test run of plugin 'Disk usage!' failed on the machine:"
        " ZeroDivisionError: division by zero. The plugin was not deployed."
    )
    assert "line 2, in read\r\n    return 1 / 0" in result["plugin_output"]
    assert result["changed"] is False


def test_it_waits_for_values_of_the_metrics_that_are_named(at, mist, enabled):
    point = {"name": "x", "unit": "", "datapoints": [[1.5, 10]]}
    none = {"name": "users", "unit": "", "datapoints": [[None, 10]]}
    body = json.dumps({"load.shortterm": point, "users": none, "request_id": None})
    mist.fail("answer", path="*/stats", status=200, headers=JSON, body=body)
    late = at(metrics=["users", "Load"], wait_for_stats=True, wait_timeout=5)
    assert "has no values of users after 5 s" in late["msg"]


def test_an_unknown_metric_is_answered_with_each_metric_once(at, enabled):
    at(metrics=["users"])
    msg = at(metrics=["users", "zzz"])["msg"]
    assert "Metric 'zzz' not found on machine 'web1'" in msg
    assert msg.count("'users'") == 1


def test_a_file_that_is_no_text_is_reported(at, mist, tmp_path, enabled):
    (tmp_path / "a.py").write_bytes(b"\xff\xfe")
    assert "is not UTF-8." in at(plugins=[{"name": "a", "src": str(tmp_path / "a.py")}])["msg"]
    assert mist.writes == []


@pytest.fixture
def listed(mist, web1):
    """listed(public_ips): from now on web1 has these, and is listed so."""

    def change(public_ips, private_ips):
        item = {"id": web1["id"], "name": "web1", "state": "running", "tags": [], "extra": {}}
        body = json.dumps([{**item, "public_ips": public_ips, "private_ips": private_ips}])
        mist.fail("answer", method="GET", path="/backends/*/machines", status=200, headers=JSON, body=body)

    return change


def test_a_machine_without_an_address_is_reported(at, mist, listed):
    listed([], [])
    assert "has no address. Wait until it has one." in at()["msg"]
    assert mist.writes == []


def test_a_machine_with_a_private_address_alone_is_reached_there(at, mist, listed):
    listed([], ["10.0.0.7"])
    at()
    assert sent(mist, "monitoring")[0].body["public_ips"] == ["10.0.0.7"]


def test_without_a_login_one_is_asked_for(run, mist, web1):
    result = run("mist_monitoring", mist_generation="backends", backend=web1["backend_id"], machine="web1", retries=0)
    assert result["msg"] == (
        f"GET {mist.uri}/monitoring answered 503: Service unavailable. Monitoring requires"
        " authentication: set mist_email and"
        " mist_password. If they are set, the server's core service may be down. Try again later."
    )


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("core_down", "answered 500: Internal Server Error. The server cannot reach its core service"),
        ("core_error", "answered 503: Service unavailable. Monitoring requires authentication"),
        ("core_not_logged_in", "answered 503: Service unavailable. Monitoring requires authentication"),
    ],
)
def test_a_core_that_fails_is_reported_and_nothing_is_changed(at, mist, enabled, fault, said):
    mist.fail(fault, method="GET")
    for state in ("present", "absent"):
        assert said in at(state=state, retries=0)["msg"]
    assert mist.writes == []


def test_a_plan_that_is_to_be_paid_for_is_reported(at, mist):
    mist.fail("core_payment_required")
    assert at()["msg"].endswith(
        "answered 402: Payment required: You must have an active plan to enable monitoring."
        " The plan of your Mist account does not include this."
    )


def test_a_core_that_fails_half_way_is_reported_with_what_was_done(at, mist, enabled):
    mist.fail("core_error", method="PUT", path="*/metrics")
    result = at(metrics=["users"])
    assert "answered 503: Service unavailable: Internal Server Error." in result["msg"]
    assert result["changed"] is False


def test_a_login_that_fails_at_the_machine_is_reported(at, mist, web1, enabled):
    mist.world.machines[web1["backend_id"]][web1["id"]].authorized.clear()
    msg = at(plugins=[PLUGIN])["msg"]
    assert "Couldn't authenticate to machine" in msg
    assert "No key in Mist can log in to the machine." in msg


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"metrics": ["user"]}, "Metric 'user' not found on machine 'web1'"),
        ({"metrics": ["user"]}, "A metric can be added only after the machine has sent values of it."),
        ({"plugins": [{"name": "a", "content": "#!/bin/sh\n"}]}, "Invalid code of plugin 'a': it must be Python code"),
        ({"plugins": [{"name": "a", "content": ""}]}, "Invalid code of plugin 'a': it must be Python code that"),
    ],
)
def test_bad_input_is_reported_and_nothing_is_changed(at, mist, enabled, options, said):
    for result in (at(check_mode=True, **options), at(**options)):
        assert result["failed"] is True
        assert said in result["msg"]
    assert mist.writes == []


def test_a_plugin_that_is_removed_is_undeployed(at, mist, enabled):
    at(plugins=[PLUGIN])
    at(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert sent(mist, "plugins")[-1].method == "DELETE"


def test_a_plugin_is_reported_as_removed_although_its_metric_stays(at, mist, enabled):
    at(plugins=[PLUGIN])
    mist.fail("answer", method="DELETE", path="/backends/*/machines/*/metrics", status=400, body="Bad Request")
    result = at(plugins=[{"name": "Disk usage!", "state": "absent"}], retries=0)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["remove plugin 'Disk usage!'"]


def test_a_plugin_is_not_removed_from_a_machine_that_does_not_run(at, mist, web1, enabled):
    at(plugins=[PLUGIN])
    mist.world.machines[web1["backend_id"]][web1["id"]].status = "stopped"
    mist.forget()
    msg = at(plugins=[{"name": "Disk usage!", "state": "absent"}])["msg"]
    assert f"Machine 'web1' ({web1['id']}) is stopped: plugin 'Disk usage!' cannot be removed. Start it" in msg
    assert mist.writes == []


def test_a_machine_is_found_by_id_or_address_but_not_by_a_part_of_its_name(at, mist, web1, enabled):
    for word in (web1["id"], *web1["public_ips"], *web1["private_ips"]):
        assert at(machine=word)["changed"] is False
    assert "Machine 'web' not found on backend" in at(machine="web")["msg"]


def test_an_id_is_preferred_to_a_name_and_a_name_to_an_address(facts, run, at, web1):
    (address,) = web1["public_ips"]
    for name in (web1["id"], address):
        run("mist_machine", backend=web1["backend_id"], name=name, **facts.machine)
    assert at(machine=web1["id"], check_mode=True)["monitoring"]["name"] == "web1"
    assert at(machine=address, check_mode=True)["monitoring"]["name"] == address


@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_empty_machine_names_no_machine(at, mist, state):
    assert "machine is empty." in at(machine="", state=state)["msg"]
    assert mist.writes == []
