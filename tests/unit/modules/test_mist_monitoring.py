# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring, as the author of a playbook sees it."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.usefixtures("clock")

LOGIN = {
    "mist_generation": "backends",
    "mist_email": "demo@mist.test",
    "mist_password": "core-password-for-tests-0123456789",
}
MACHINE = {"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2", "key": "deploy"}
USERS = {"id": "users", "name": "users", "unit": ""}
CODE = "def read():\n    return 42\n"
PLUGIN = {"name": "Disk usage!", "content": CODE, "unit": "GB"}
PLUGIN_METRIC = {"id": "mist.python.disk_usage", "name": "Disk usage!", "unit": "GB"}
JSON = {"Content-Type": "application/json; charset=UTF-8"}


@pytest.fixture
def web1(run, mist, openstack, add_key):
    """A machine that runs and that Mist can log in to, as the module tells it."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    made = run("mist_machine", backend=openstack["id"], name="web1", **MACHINE)["machine"]
    mist.forget()
    return made


@pytest.fixture
def named(web1):
    """The options that every task about web1 has."""
    return {**LOGIN, "backend": web1["backend_id"], "machine": "web1"}


@pytest.fixture
def at(run, named):
    """at(option=value ...): the module, about web1 by default."""

    def run_there(*, check_mode=False, **options):
        return run("mist_monitoring", check_mode=check_mode, **{**named, **options})

    return run_there


@pytest.fixture
def four(mist, scenario, named):
    """four(option=value ...): see scenario; what the login asks is no write of the task's."""

    def run_there(**options):
        return scenario("mist_monitoring", **{**named, **options})

    return run_there


@pytest.fixture
def enabled(at, mist):
    """Monitoring of web1 is enabled, and its data come."""
    at(wait_for_stats=True)
    mist.forget()


def asked(mist):
    """The requests without ids: ``GET machines``, ``POST monitoring``."""
    return [f"{each.method} {each.path.rstrip('/').split('/')[-1]}" for each in mist.requests if each.path != "/auth"]


def sent(mist, what):
    return [each for each in mist.writes if what in each.path]


# ---- on and off


def test_monitoring_is_enabled_once(four, web1):
    result = four()
    assert result["actions"] == ["enable monitoring of machine 'web1'"]
    assert result["monitoring"] == {
        "backend_id": web1["backend_id"],
        "machine_id": web1["id"],
        "name": "web1",
        "enabled": True,
        "metrics": [],
    }
    assert result["diff"]["before"]["enabled"] is False


def test_what_is_sent_tells_core_the_machines_name_and_addresses(at, mist, web1):
    at()
    (arrived,) = sent(mist, "monitoring")
    assert arrived.body == {
        "action": "enable",
        "name": "web1",
        "public_ips": web1["public_ips"],
        "dns_name": "n/a",
    }


def test_monitoring_is_disabled_once(four, enabled):
    result = four(state="absent")
    assert result["actions"] == ["disable monitoring of machine 'web1'"]
    assert (result["monitoring"]["enabled"], result["monitoring"]["metrics"]) == (False, [])


def test_enabled_and_disabled_are_other_words_for_present_and_absent(at):
    assert [at(state=state)["changed"] for state in ("enabled", "present", "disabled", "absent")] == [
        True,
        False,
        True,
        False,
    ]


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


def test_a_machine_that_is_gone_is_not_monitored(at, mist):
    result = at(state="absent", machine="web9")
    assert (result["changed"], result["monitoring"]) == (False, None)


def test_a_machine_that_is_gone_is_disabled_by_its_id(run, at, mist, web1, enabled):
    mist.fail("core_error", method="POST")  # so that to destroy it leaves it monitored
    run("mist_machine", backend=web1["backend_id"], id=web1["id"], state="absent")
    mist.heal()
    gone = {"machine": web1["id"], "state": "absent"}
    assert at(**gone)["actions"] == [f"disable monitoring of machine '{web1['id']}'"]
    assert at(**gone)["changed"] is False


def test_a_machine_is_found_by_id_or_address_but_not_by_a_part_of_its_name(at, mist, web1, enabled):
    for word in (web1["id"], *web1["public_ips"], *web1["private_ips"]):
        assert at(machine=word)["changed"] is False
    assert "Machine 'web' not found on backend" in at(machine="web")["msg"]


def test_an_id_is_preferred_to_a_name_and_a_name_to_an_address(run, at, web1):
    (address,) = web1["public_ips"]
    for name in (web1["id"], address):
        run("mist_machine", backend=web1["backend_id"], name=name, **MACHINE)
    assert at(machine=web1["id"], check_mode=True)["monitoring"]["name"] == "web1"
    assert at(machine=address, check_mode=True)["monitoring"]["name"] == address


@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_empty_machine_names_no_machine(at, mist, state):
    assert "machine is empty." in at(machine="", state=state)["msg"]
    assert mist.writes == []


# ---- metrics


def test_metrics_are_added_once(four, enabled):
    result = four(metrics=["users", "df root free", "load.shortterm"])
    assert result["actions"] == ["add metric 'users'", "add metric 'df.root.df_complex.free'"]
    assert result["monitoring"]["metrics"] == [
        {"id": "df.root.df_complex.free", "name": "df root free", "unit": ""},
        USERS,
    ]


def test_a_metric_may_be_named_twice(four, enabled):
    assert four(metrics=["users", "users", "entropy"])["actions"] == ["add metric 'users'", "add metric 'entropy'"]


def test_other_metrics_stay_by_default(at, enabled):
    at(metrics=["users"])
    assert at(metrics=["entropy"])["actions"] == ["add metric 'entropy'"]
    assert [each["id"] for each in at()["monitoring"]["metrics"]] == ["entropy", "users"]


def test_exclusive_metrics_are_all_that_there_are(four, at, enabled):
    at(metrics=["users", "entropy"])
    result = four(metrics=["users"], exclusive_metrics=True)
    assert result["actions"] == ["remove metric 'entropy'"]
    assert result["monitoring"]["metrics"] == [USERS]


def test_no_metrics_but_the_built_in_ones(four, at, enabled):
    at(metrics=["users", "entropy"])
    assert four(metrics=["CPU"], exclusive_metrics=True)["monitoring"]["metrics"] == []


def test_all_in_one_task_waits_for_the_agent_before_it_adds(four, mist, clock):
    mist.settings.change(first_data_seconds=60)
    result = four(metrics=["users"], plugins=[PLUGIN])
    assert result["actions"] == [
        "enable monitoring of machine 'web1'",
        "add metric 'users'",
        "deploy plugin 'Disk usage!'",
    ]
    assert result["monitoring"]["metrics"] == [PLUGIN_METRIC, USERS]
    assert sum(clock.slept) >= 60


def test_a_built_in_metric_need_not_be_added_to_a_machine_that_is_only_now_enabled(at, mist):
    result = at(metrics=["CPU", "users"], wait_for_stats=True)
    assert "failed" not in result
    assert result["monitoring"]["metrics"] == [USERS]
    assert [each.body["metric_id"] for each in sent(mist, "metrics")] == ["users"]


def test_what_was_done_before_a_failure_is_reported_and_the_next_run_goes_on(at, enabled):
    broken = {"name": "broken", "content": "def read():\n    return 1 / 0\n"}
    result = at(metrics=["users"], plugins=[broken])
    assert (result["failed"], result["changed"], result["actions"]) == (True, True, ["add metric 'users'"])
    assert "Done before this error: add metric 'users'." in result["msg"]
    assert at(metrics=["users"])["changed"] is False


# ---- plugins


def test_a_plugin_is_deployed_once(four, mist, web1, enabled):
    result = four(plugins=[PLUGIN])
    assert result["actions"] == ["deploy plugin 'Disk usage!'"]
    assert result["monitoring"]["metrics"] == [PLUGIN_METRIC]


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


@pytest.mark.parametrize(
    "change", [{"content": "def read():\n    return 43\n"}, {"value_type": "derive"}, {"unit": "B"}]
)
def test_a_plugin_is_deployed_again_when_it_changed(four, at, enabled, change):
    at(plugins=[PLUGIN])
    assert four(plugins=[{**PLUGIN, **change}])["actions"] == ["deploy plugin 'Disk usage!'"]


def test_another_machine_with_the_old_code_gets_the_new_code_too(run, at, mist, web1, named, enabled):
    run("mist_machine", backend=web1["backend_id"], name="web2", **MACHINE)
    new = [{**PLUGIN, "content": "def read():\n    return 43\n"}]
    at(machine="web2", wait_for_stats=True, plugins=[PLUGIN])
    at(plugins=[PLUGIN])
    assert at(plugins=new)["changed"] is True
    assert at(machine="web2", plugins=new)["changed"] is True
    assert at(machine="web2", plugins=new)["changed"] is False


def test_a_plugin_without_a_unit_keeps_the_one_that_it_has(at, enabled):
    at(plugins=[PLUGIN])
    again = {"name": "Disk usage!", "content": "def read():\n    return 43\n"}
    assert at(plugins=[again])["monitoring"]["metrics"] == [PLUGIN_METRIC]


def test_a_plugin_from_a_file(four, tmp_path, enabled):
    (tmp_path / "usage.py").write_text(CODE, encoding="utf-8")
    four(plugins=[{"name": "Disk usage!", "src": str(tmp_path / "usage.py")}])


def test_redeploy_says_when(at, mist, enabled):
    at(plugins=[PLUGIN])
    mist.forget()
    changed = {**PLUGIN, "content": "def read():\n    return 43\n"}
    assert at(plugins=[{**changed, "redeploy": "never"}])["changed"] is False
    assert "GET shell" not in asked(mist)
    assert at(plugins=[{**PLUGIN, "redeploy": "always"}])["changed"] is True


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


def test_a_plugin_is_removed_once_with_its_metric(four, at, mist, enabled):
    at(plugins=[PLUGIN])
    result = four(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert (result["actions"], result["monitoring"]["metrics"]) == (["remove plugin 'Disk usage!'"], [])


def test_a_plugin_that_was_removed_can_come_back(at, mist, enabled):
    at(plugins=[PLUGIN])
    at(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert sent(mist, "plugins")[-1].method == "DELETE"
    assert at(plugins=[PLUGIN])["actions"] == ["deploy plugin 'Disk usage!'"]


def test_exclusive_metrics_take_other_plugins_off_the_machine(four, at, mist, enabled):
    at(plugins=[PLUGIN, {**PLUGIN, "name": "other"}], metrics=["users"])
    result = four(metrics=[], plugins=[PLUGIN], exclusive_metrics=True)
    assert result["actions"] == ["remove plugin 'other'", "remove metric 'users'"]
    assert result["monitoring"]["metrics"] == [PLUGIN_METRIC]


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


# ---- waiting for data


def test_it_waits_until_data_flow(at, mist, clock):
    mist.settings.change(first_data_seconds=40)
    assert "failed" not in at(wait_for_stats=True)
    assert 40 <= sum(clock.slept) < 60
    assert asked(mist)[-1] == "GET stats"


def test_it_does_not_wait_by_default(at, clock):
    at()
    assert clock.slept == []


def test_a_timeout_tells_what_is_lacking_and_the_next_run_goes_on(at, mist):
    mist.settings.change(first_data_seconds=100)
    late = at(wait_for_stats=True, wait_timeout=20)
    assert (late["failed"], late["changed"]) == (True, True)
    assert "has no values of any metric after 20 s. Run the task again to continue waiting" in late["msg"]
    assert late["monitoring"]["enabled"] is True
    assert at(wait_for_stats=True)["changed"] is False


def test_it_waits_for_values_of_the_metrics_that_are_named(at, mist, enabled):
    point = {"name": "x", "unit": "", "datapoints": [[1.5, 10]]}
    none = {"name": "users", "unit": "", "datapoints": [[None, 10]]}
    body = json.dumps({"load.shortterm": point, "users": none, "request_id": None})
    mist.fail("answer", path="*/stats", status=200, headers=JSON, body=body)
    late = at(metrics=["users", "Load"], wait_for_stats=True, wait_timeout=5)
    assert "has no values of users after 5 s" in late["msg"]


def test_a_core_that_fails_for_a_while_does_not_end_a_long_wait(at, mist):
    mist.settings.change(first_data_seconds=60)
    mist.fail("core_error", method="GET", path="*/stats", every=2, times=3)
    assert "failed" not in at(wait_for_stats=True, retries=0)


# ---- what cannot be


def test_an_unknown_metric_is_answered_with_each_metric_once(at, enabled):
    at(metrics=["users"])
    msg = at(metrics=["users", "zzz"])["msg"]
    assert "Metric 'zzz' not found on machine 'web1'" in msg
    assert msg.count("'users'") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"machine": "web9"}, "Machine 'web9' not found on backend"),
        ({"backend": "nosuch"}, "Backend 'nosuch' not found on"),
        ({"metrics": ["user"]}, "Metric 'user' not found on machine 'web1'"),
        ({"metrics": ["user"]}, "A metric can be added only after the machine has sent values of it."),
        ({"metrics": ["users", " "]}, "metrics contains an empty name."),
        ({"exclusive_metrics": True}, "metrics is required with exclusive_metrics=true."),
        ({"wait_timeout": -1}, "Invalid wait_timeout -1: it must be at least 0."),
        ({"plugins": [{"name": "!?", "content": CODE}]}, "Invalid plugin name '!?': it must contain"),
        ({"plugins": [{"name": "a"}]}, "Plugin 'a' must have either src or content."),
        (
            {"plugins": [{"name": "a", "src": "/nosuch/a.py"}]},
            "src of plugin 'a' cannot be read: /nosuch/a.py: No",
        ),
        ({"plugins": [{"name": "a", "src": "/"}]}, "cannot be read: /: Is a directory."),
        ({"plugins": [{"name": "a", "content": "#!/bin/sh\n"}]}, "Invalid code of plugin 'a': it must be Python code"),
        (
            {"plugins": [{"name": "a", "content": ""}]},
            "Invalid code of plugin 'a': it must be Python code that defines a function read",
        ),
        (
            {"plugins": [PLUGIN, {**PLUGIN, "name": "disk usage"}]},
            "'Disk usage!' and 'disk usage' have the same id",
        ),
        ({"plugins": [{**PLUGIN, "value_type": "counter"}]}, "must be one of: gauge, derive, got: counter"),
    ],
)
def test_bad_input_is_reported_and_nothing_is_changed(at, mist, enabled, options, said):
    for result in (at(check_mode=True, **options), at(**options)):
        assert result["failed"] is True
        assert said in result["msg"]
    assert mist.writes == []


def test_a_file_that_is_no_text_is_reported(at, mist, tmp_path, enabled):
    (tmp_path / "a.py").write_bytes(b"\xff\xfe")
    assert "is not UTF-8." in at(plugins=[{"name": "a", "src": str(tmp_path / "a.py")}])["msg"]
    assert mist.writes == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "monitoring cannot be enabled"),
        ({"wait_for_stats": True}, "it sends no data to wait for"),
        ({"plugins": [PLUGIN]}, "plugin 'Disk usage!' cannot be deployed"),
        ({"plugins": [{"name": "Disk usage!", "state": "absent"}]}, "plugin 'Disk usage!' cannot be removed"),
    ],
)
def test_a_machine_that_does_not_run_is_reported(at, mist, web1, options, said):
    if options:
        at(wait_for_stats=True, plugins=[PLUGIN] if "absent" in str(options) else [])
    mist.world.machines[web1["backend_id"]][web1["id"]].status = "stopped"
    mist.forget()
    msg = at(**options)["msg"]
    assert f"Machine 'web1' ({web1['id']}) is stopped: {said}. Start it first with mist_machine." in msg
    assert mist.writes == []


def test_a_stopped_machine_that_is_monitored_is_fine(at, mist, web1, enabled):
    mist.world.machines[web1["backend_id"]][web1["id"]].status = "stopped"
    assert at()["changed"] is False
    assert at(metrics=["users"])["changed"] is True
    assert at(state="absent")["changed"] is True


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


# ---- what core says


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
