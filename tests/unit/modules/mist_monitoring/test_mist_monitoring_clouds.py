# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring at a server of the clouds generation, as the author of a playbook sees it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.monitoring_plugins import plugin_id
from ansible_collections.mistio.cloud.tests.unit.conftest import DOCK as DOCKER
from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]

METAL = {"title": "metal", "provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "demo"}
LOAD5 = {"id": "system.load5", "name": "System load5", "unit": ""}
CACHED = {"id": "mem.cached", "name": "Mem cached", "unit": ""}
CODE = "def read():\n    return 42\n"
PLUGIN = {"name": "Disk usage!", "content": CODE, "unit": "GB"}
PLUGIN_METRIC = {"id": "disk_usage.value", "name": "Disk usage!", "unit": "GB"}
NEW_CODE = {"content": "def read():\n    return 43\n"}
JSON = {"Content-Type": "application/json"}
STATS = "/api/v1/machines/*/stats"


def asked(mist):
    """The requests without ids: ``GET clouds machines``, ``POST machines plugins``."""
    return [f"{each.method} {' '.join(each.path.split('/')[3::2])}" for each in mist.requests]


def sent(mist, what):
    return [each for each in mist.writes if what in each.path]


def stored(mist):
    """The names of the scripts that the server keeps."""
    return [each["name"] for each in mist.world.database.scripts.values()]


# ---- on and off


def test_mist_is_asked_to_install_the_agent_and_nothing_else(at, mist, web1):
    at()
    (arrived,) = sent(mist, "monitoring")
    assert (arrived.path, arrived.body) == (f"/api/v1/machines/{web1['id']}/monitoring", {"action": "enable"})


def test_unchanged_costs_two_requests_by_id_and_three_by_title(at, mist, enabled):
    at(mist_generation="clouds")
    assert asked(mist) == ["GET clouds machines", "GET monitoring"]
    mist.forget()
    at(backend="aws", mist_generation="clouds")
    assert asked(mist) == ["GET clouds", "GET clouds machines", "GET monitoring"]


def test_unchanged_metrics_cost_no_more_and_plugins_one_request(at, mist, enabled):
    options = {"metrics": ["system.load5", "CPU"], "plugins": [PLUGIN, {**PLUGIN, "name": "other"}]}
    assert at(**options)["changed"] is True
    mist.forget()
    assert at(mist_generation="clouds", **options)["changed"] is False
    assert asked(mist) == ["GET clouds machines", "GET monitoring", "GET scripts"]


def test_a_host_of_ones_own_is_monitored_though_no_provider_knows_its_state(scenario, api):
    api.keys.add("demo", api.keys.generate())  # which opens the emulated host
    backend = api.backends.add(METAL)
    there = {"backend": backend["id"], "machine": "192.0.2.10"}
    assert scenario("mist_monitoring", **there)["actions"] == ["enable monitoring of machine 'metal'"]
    assert scenario("mist_monitoring", **there, wait_for_stats=True, plugins=[PLUGIN])["changed"] is True


def test_a_container_is_monitored_but_takes_no_plugin(run, mist, api, key):
    mist.settings.change(boot_seconds=0)
    backend = api.backends.add(DOCKER)
    there = {"backend": backend["id"], "machine": "box1"}
    run("mist_machine", backend=backend["id"], name="box1", image="nginx:latest", size="")
    assert run("mist_monitoring", **there, wait_for_stats=True)["changed"] is True
    msg = run("mist_monitoring", **there, plugins=[PLUGIN], retries=0)["msg"]
    assert "answered 503: Service unavailable: SSH timed-out repeatedly. Mist cannot log in to the host" in msg
    assert stored(mist) == []


# ---- metrics


@pytest.mark.parametrize("words", [["system.load5", "mem.cached"], ["SYSTEM load5", "MEM cached", "CPU"]])
def test_metrics_are_added_once_by_id_and_by_name(four, enabled, words):
    result = four(metrics=words)
    assert result["actions"] == ["add metric 'system.load5'", "add metric 'mem.cached'"]
    assert result["monitoring"]["metrics"] == [CACHED, LOAD5]


def test_a_metric_that_was_added_goes_by_the_name_that_it_then_has_too(at, enabled):
    at(metrics=["SYSTEM load5"])
    assert at(metrics=["System load5"])["changed"] is False


def test_a_metric_that_was_renamed_at_the_server_keeps_that_name(at, mist, enabled, api):
    api.transport.json("PUT", "api", "v1", "metrics", "system.load5", body={"name": "Slow", "unit": "x"})
    renamed = {"id": "system.load5", "name": "Slow", "unit": "x"}
    assert at(metrics=["system.load5"])["monitoring"]["metrics"] == [renamed]
    assert at(metrics=["Slow"])["changed"] is False


def test_exclusive_metrics_are_all_that_there_are(four, at, enabled):
    at(metrics=["system.load5", "mem.cached"])
    result = four(metrics=["SYSTEM load5"], exclusive_metrics=True)
    assert result["actions"] == ["remove metric 'mem.cached'"]
    assert result["monitoring"]["metrics"] == [LOAD5]


def test_metrics_that_the_server_remembers_are_there_again(at, enabled):
    at(metrics=["system.load5"], plugins=[PLUGIN])
    at(state="absent")
    assert at()["monitoring"]["metrics"] == [PLUGIN_METRIC, LOAD5]
    assert at()["changed"] is False


def test_exclusive_metrics_take_away_what_the_server_remembers(at, enabled):
    at(metrics=["system.load5", "mem.cached"], plugins=[PLUGIN])
    at(state="absent")
    options = {"metrics": ["mem.cached"], "exclusive_metrics": True}
    assert at(**options)["monitoring"]["metrics"] == [CACHED]
    assert at(**options)["changed"] is False


def test_monitoring_is_reported_as_enabled_although_a_remembered_metric_stays(at, mist, enabled):
    at(metrics=["system.load5", "mem.cached"])
    at(state="absent")
    mist.fail("answer", method="DELETE", path="/api/v1/machines/*/metrics", status=500, body="Internal Server Error")
    result = at(metrics=["mem.cached"], exclusive_metrics=True, retries=0)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["enable monitoring of machine 'web1'"]
    mist.heal()
    assert at(metrics=["mem.cached"], exclusive_metrics=True)["actions"] == ["remove metric 'system.load5'"]


# ---- plugins


def test_a_plugin_is_deployed_once(four, mist, enabled, web1):
    result = four(plugins=[PLUGIN])
    assert result["actions"] == ["deploy plugin 'Disk usage!'"]
    assert result["monitoring"]["metrics"] == [PLUGIN_METRIC]
    assert stored(mist) == [f"disk_usage_{web1['id'][:8]}"]


def test_what_is_deployed_is_a_script_that_prints_what_the_function_returns(at, mist, enabled, capsys):
    at(plugins=[{**PLUGIN, "value_type": "derive"}])
    (arrived,) = sent(mist, "plugins")
    script = arrived.body.pop("read_function")
    assert arrived.body == {"plugin_type": "python", "name": "Disk usage!", "value_type": "derive", "unit": "GB"}
    assert script.startswith("#!/usr/bin/env python3\n" + CODE + "\n# mistio.cloud: ")
    exec(script, {})
    assert capsys.readouterr().out == "disk_usage value=42.0\n"


def test_a_function_that_has_no_value_now_and_then_prints_nothing_then(at, mist, enabled, capsys):
    at(plugins=[{**PLUGIN, "content": "def read():\n    return None\n"}])
    exec(sent(mist, "plugins")[0].body["read_function"], {})
    assert capsys.readouterr().out == ""


def test_a_script_of_ones_own_is_deployed_as_it_is(four, mist, enabled):
    script = "#!/bin/sh\necho disk_usage value=1.5\n"
    four(plugins=[{**PLUGIN, "content": script}])
    assert sent(mist, "plugins") == []  # the scenario ends with runs that change nothing
    (kept,) = mist.world.database.scripts.values()
    assert kept["location"]["source_code"].startswith(script + "\n# mistio.cloud: ")


def test_each_machine_has_its_own_code(facts, run, at, web1, enabled):
    run("mist_machine", backend=web1["backend_id"], name="web2", **facts.machine)
    at(machine="web2", wait_for_stats=True, plugins=[PLUGIN])
    at(plugins=[PLUGIN])
    new = [{**PLUGIN, **NEW_CODE}]
    assert at(plugins=new)["changed"] is True
    assert at(machine="web2", plugins=[PLUGIN])["changed"] is False
    assert at(machine="web2", plugins=new)["changed"] is True


def test_a_plugin_whose_code_cannot_be_looked_at_is_deployed(at, mist, enabled):
    at(plugins=[PLUGIN])
    mist.fail("answer", path="/api/v1/scripts", method="GET", times=2, status=404, body="<html></html>")
    assert at(check_mode=True, plugins=[PLUGIN])["actions"] == ["deploy plugin 'Disk usage!'"]
    assert at(plugins=[PLUGIN])["changed"] is True


def test_a_plugin_is_removed_once_with_its_metric_and_its_script(four, at, mist, enabled):
    at(plugins=[PLUGIN])
    result = four(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert (result["actions"], result["monitoring"]["metrics"]) == (["remove plugin 'Disk usage!'"], [])
    assert stored(mist) == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_code_that_stays_on_the_machine_is_reported(at, enabled, web1, check_mode):
    name = f"reported in check mode: {check_mode}"  # ansible-core does not repeat a warning
    at(plugins=[{**PLUGIN, "name": name}])
    (warning,) = at(check_mode=check_mode, plugins=[{"name": name, "state": "absent"}])["warnings"]
    assert warning.startswith(f"The code of plugin {name!r} stays on machine 'web1', and the agent still runs it")
    file = f"/opt/mistio/mist-telegraf/custom/{plugin_id(name)}_{web1['id'][:8]}"
    assert warning.endswith(f" Delete the file {file} on the machine.")


def test_the_code_of_a_plugin_that_the_server_remembered_is_reported_too(at, enabled):
    at(plugins=[{**PLUGIN, "name": "remembered"}])
    at(state="absent")
    (warning,) = at(metrics=[], exclusive_metrics=True)["warnings"]
    assert warning.startswith("The code of plugin 'remembered' stays on machine 'web1'")


def test_a_derived_plugin_is_removed_once(four, at, enabled):
    assert "failed" not in at(plugins=[{**PLUGIN, "value_type": "derive"}], wait_for_stats=True, wait_timeout=5)
    assert four(plugins=[{"name": "Disk usage!", "state": "absent"}])["monitoring"]["metrics"] == []


def test_exclusive_metrics_take_other_plugins_off_the_machine(four, at, mist, enabled):
    at(plugins=[PLUGIN, {**PLUGIN, "name": "other"}], metrics=["system.load5"])
    result = four(metrics=[], plugins=[PLUGIN], exclusive_metrics=True)
    assert result["actions"] == ["remove plugin 'other'", "remove metric 'system.load5'"]
    assert result["monitoring"]["metrics"] == [PLUGIN_METRIC]
    assert [each.rpartition("_")[0] for each in stored(mist)] == ["disk_usage"]


SEVERAL = {"name": "disks", "content": "#!/bin/sh\necho disks used=1,free=2\n", "unit": "GB"}


def ids(result):
    return [metric["id"] for metric in result["monitoring"]["metrics"]]


def test_a_script_that_prints_several_fields_has_as_many_metrics(at, enabled):
    first = at(plugins=[SEVERAL], wait_for_stats=True)
    assert first["monitoring"]["metrics"] == [
        {"id": f"disks.{field}", "name": "disks", "unit": "GB"} for field in ("free", "used")
    ]
    for check_mode in (True, False):
        again = at(check_mode=check_mode, plugins=[SEVERAL], wait_for_stats=True)
        assert (again["changed"], again["monitoring"]) == (False, first["monitoring"])


def test_a_script_with_several_fields_is_replaced_and_removed_as_a_whole(four, at, mist, enabled):
    at(plugins=[SEVERAL], metrics=["system.load5"])
    derived = {**SEVERAL, "value_type": "derive"}
    assert at(plugins=[derived])["actions"] == ["deploy plugin 'disks'"]
    again = at(plugins=[derived], wait_for_stats=True)
    assert ("failed" in again, again["changed"]) == (False, False)
    new = {**SEVERAL, "content": "#!/bin/sh\necho disks all=3\n"}
    assert ids(at(plugins=[new])) == ["disks.all", "system.load5"]
    at(plugins=[SEVERAL])
    result = four(plugins=[{"name": "disks", "state": "absent"}])
    assert (result["actions"], ids(result)) == (["remove plugin 'disks'"], ["system.load5"])
    assert stored(mist) == []


def test_a_script_whose_lines_begin_with_another_word_is_taken_off_again(at, mist, enabled):
    msg = at(plugins=[{**SEVERAL, "name": "other"}])["msg"]
    assert "Invalid script of plugin 'other': it prints values of disks.used and disks.free, but the plugin's id" in msg
    assert "Change the script to print lines such as: other value=1.5." in msg
    assert at()["monitoring"]["metrics"] == []
    assert stored(mist) == []


def test_a_plugin_that_fails_on_the_machine_leaves_no_script_and_can_be_mended(four, at, mist, enabled):
    broken = {**SEVERAL, "content": "#!/bin/sh\necho no such disk. >&2; exit 3\n"}
    result = at(plugins=[broken])
    assert "answered 400: the test run of plugin 'disks' failed on the machine: no such disk." in result["msg"]
    assert result["plugin_output"].startswith("Bad Request: Test of read() function failed.")
    assert stored(mist) == []
    assert at(plugins=[SEVERAL])["actions"] == ["deploy plugin 'disks'"]


def test_a_script_that_an_earlier_failure_left_behind_is_replaced(four, at, mist, enabled):
    """As recorded in plugin-deploy-failing-again; here the clean-up fails too."""
    broken = {**SEVERAL, "content": "#!/bin/sh\necho oops >&2; exit 3\n"}
    mist.fail("answer", path="/api/v1/scripts/*", method="DELETE", times=1, status=500, body="Internal Server Error")
    at(plugins=[broken])
    assert len(stored(mist)) == 1
    assert at(plugins=[SEVERAL])["changed"] is True
    assert at(plugins=[SEVERAL])["changed"] is False
    assert len(stored(mist)) == 1


def test_a_redeploy_that_fails_half_way_says_what_was_removed(at, mist, web1, enabled):
    at(plugins=[SEVERAL])
    broken = {**SEVERAL, "content": "#!/bin/sh\necho oops >&2; exit 3\n"}
    result = at(metrics=["system.load5"], plugins=[broken])
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == [
        "add metric 'system.load5'",
        f"delete script 'disks_{web1['id'][:8]}'",
        "remove metric 'disks.used'",
        "remove metric 'disks.free'",
    ]
    assert "Done before this error: add metric 'system.load5', delete script 'disks_" in result["msg"]
    assert stored(mist) == []
    assert at(plugins=[SEVERAL])["changed"] is True


def test_a_script_that_this_user_may_not_see_is_reported(at, mist, enabled):
    at(plugins=[SEVERAL])
    mist.fail("answer", path="/api/v1/scripts", method="GET", status=200, headers=JSON, body="[]")
    result = at(plugins=[{**SEVERAL, "redeploy": "always"}])
    assert (
        "answered 409: Script name exists. The user does not have permission to list the script 'disks_"
        in result["msg"]
    )
    assert (result["changed"], result["actions"]) == (False, [])


def test_a_plugin_is_never_undeployed_by_the_way_that_always_fails(at, mist, enabled):
    at(plugins=[PLUGIN])
    at(plugins=[{**PLUGIN, **NEW_CODE}])
    at(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert [each.line for each in mist.requests if each.method == "DELETE" and "/plugins/" in each.path] == []
    assert [each.status for each in mist.requests if each.status >= 400] == [409]


# ---- waiting for data


def test_it_waits_until_data_flow(at, mist, clock):
    mist.settings.change(first_data_seconds=40)
    assert "failed" not in at(wait_for_stats=True)
    assert 40 <= sum(clock.slept) < 60
    assert asked(mist)[-1] == "GET machines stats"
    assert mist.requests[-1].query == {"start": "-120sec", "step": "10sec"}


def test_it_waits_for_values_of_the_metrics_that_are_named(at, mist, enabled):
    """The times are texts, and null is no value."""
    series = {"name": "x", "unit": "", "datapoints": [[1.5, "1795428620"]]}
    none = {"name": "y", "unit": "", "datapoints": [[None, "1795428620"]]}
    body = json.dumps({"system.load1": series, "system.load5": none, "request_id": None})
    mist.fail("answer", path=STATS, status=200, headers=JSON, body=body)
    late = at(metrics=["system.load5", "system.load1"], wait_for_stats=True, wait_timeout=5)
    assert "has no values of system.load5 after 5 s" in late["msg"]


def test_a_built_in_metric_of_which_each_device_has_values_is_waited_for_as_well(at, enabled):
    assert "failed" not in at(metrics=["Ifaces Rx"], wait_for_stats=True, wait_timeout=5)


def test_monitoring_that_is_switched_off_meanwhile_ends_the_wait(at, mist):
    off = "Method Not Allowed: Machine doesn't have monitoring enabled"
    mist.fail("answer", path=STATS, status=405, body=off)
    msg = at(wait_for_stats=True)["msg"]
    assert f"answered 405: {off}. Monitoring is not enabled on this machine. Enable it with mist_monitoring." in msg
    assert "Done before this error: enable monitoring of machine 'web1'." in msg


# ---- what cannot be


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"metrics": ["system.load"]}, "Metric 'system.load' not found on machine 'web1'"),
        ({"metrics": ["SYSTEM load"]}, "Did you mean 'SYSTEM load5' (system.load5), 'SYSTEM"),
        (
            {"plugins": [{"name": "System", "content": CODE}]},
            "Invalid plugin name 'System': its id 'system' is reserved for metrics",
        ),
        (
            {"plugins": [{"name": "a", "content": "print(1)"}]},
            "Invalid code of plugin 'a': it must be Python code that defines a function read(), or a script"
            " that begins with #!. A script must print a line such as: a value=1.5",
        ),
        (
            {"plugins": [PLUGIN, {**PLUGIN, "name": "disk usage"}]},
            "'Disk usage!' and 'disk usage' have the same id",
        ),
    ],
)
def test_bad_input_is_reported_and_nothing_is_changed(at, mist, enabled, options, said):
    for result in (at(check_mode=True, **options), at(**options)):
        assert result["failed"] is True
        assert said in result["msg"]
    assert mist.writes == []


def test_a_stopped_machine_that_is_monitored_is_fine(run, at, web1, enabled):
    at(plugins=[PLUGIN])
    run("mist_machine", backend=web1["backend_id"], name="web1", state="stopped")
    assert at()["changed"] is False
    assert at(metrics=["system.load5"])["changed"] is True
    assert at(plugins=[{"name": "Disk usage!", "state": "absent"}])["changed"] is True
    assert at(state="absent")["changed"] is True


# ---- what the server says


def test_a_data_store_that_is_down_is_reported_and_only_where_it_is_needed(at, mist, enabled):
    mist.fail("core_down", method="GET")
    result = at(metrics=["system.load5"], retries=0)
    assert "/api/v1/metrics answered 503: Service unavailable" in result["msg"]
    assert mist.writes == []
    assert at(state="absent", retries=0)["changed"] is True


def test_a_failure_half_way_is_reported_with_what_was_done(at, mist, enabled):
    mist.fail("answer", method="PUT", path="*/metrics", status=500, body="Internal Server Error", times=1, every=2)
    result = at(metrics=["system.load5", "mem.cached"])
    assert (result["failed"], result["changed"]) == (True, True)
    assert (
        "answered 500: Internal Server Error. The answer has no details. Check the log of the Mist server."
        in result["msg"]
    )
    assert "Done before this error: add metric 'system.load5'." in result["msg"]
    assert at(metrics=["system.load5", "mem.cached"])["actions"] == ["add metric 'mem.cached'"]


def test_a_login_that_fails_at_the_machine_is_reported_and_leaves_nothing(at, mist, web1, api, key, enabled):
    at(plugins=[PLUGIN])
    api.keys.dissociate(key["id"], web1["backend_id"], web1["id"], None)
    for plugin in (PLUGIN, {**PLUGIN, "name": "other"}):
        result = at(plugins=[{**plugin, **NEW_CODE}], retries=0)
        assert "answered 503: Service unavailable: SSH timed-out repeatedly. Mist cannot log in" in result["msg"]
        assert result["changed"] is (plugin is PLUGIN)  # the code that was there is removed before the new one is sent
    assert stored(mist) == []


def test_a_plugin_whose_output_the_agent_cannot_read_is_reported_and_leaves_no_script(at, mist, enabled):
    result = at(plugins=[{**PLUGIN, "content": "#!/bin/sh\nuptime\n"}])
    assert "answered 400: Bad Request: No computed series found in stdout." in result["msg"]
    assert stored(mist) == []
