# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import both_generations

pytestmark = [both_generations, pytest.mark.usefixtures("clock")]

#: two metrics that can be added
METRICS = {
    "clouds": (
        {"id": "system.load5", "name": "System load5", "unit": ""},
        {"id": "mem.cached", "name": "Mem cached", "unit": ""},
    ),
    "backends": (
        {"id": "users", "name": "users", "unit": ""},
        {"id": "entropy", "name": "entropy", "unit": ""},
    ),
}
CODE = "def read():\n    return 42\n"
PLUGIN = {"name": "Disk usage!", "content": CODE, "unit": "GB"}
NEW_CODE = {"content": "def read():\n    return 43\n"}


@pytest.fixture
def first(generation):
    return METRICS[generation][0]


@pytest.fixture
def second(generation):
    return METRICS[generation][1]


@pytest.fixture
def plugin_metric(generation):
    ids = {"clouds": "disk_usage.value", "backends": "mist.python.disk_usage"}
    return {"id": ids[generation], "name": "Disk usage!", "unit": "GB"}


@pytest.fixture
def stop(mist, web1):
    """stop(): somebody stops web1."""

    def change():
        for machines in mist.world.machines.values():
            for machine in machines.values():
                machine.status = "stopped"

    return change


def asked(mist):
    """The requests by the last word of their paths: ``GET stats``."""
    return [f"{each.method} {each.path.rstrip('/').split('/')[-1]}" for each in mist.requests]


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


def test_a_machine_that_is_gone_is_not_monitored(at, mist):
    result = at(state="absent", machine="web9")
    assert (result["changed"], result["monitoring"]) == (False, None)


# ---- metrics


def test_a_metric_may_be_named_twice(four, enabled, first, second):
    result = four(metrics=[first["id"], first["id"], second["id"]])
    assert result["actions"] == [f"add metric '{first['id']}'", f"add metric '{second['id']}'"]


def test_other_metrics_stay_by_default(at, enabled, first, second):
    at(metrics=[first["id"]])
    assert at(metrics=[second["id"]])["actions"] == [f"add metric '{second['id']}'"]
    assert sorted(each["id"] for each in at()["monitoring"]["metrics"]) == sorted([first["id"], second["id"]])


def test_exclusive_metrics_are_all_that_there_are(four, at, enabled, first, second):
    at(metrics=[first["id"], second["id"]])
    result = four(metrics=[first["id"]], exclusive_metrics=True)
    assert result["actions"] == [f"remove metric '{second['id']}'"]
    assert result["monitoring"]["metrics"] == [first]


def test_no_metrics_but_the_built_in_ones(four, at, enabled, first, second):
    at(metrics=[first["id"], second["id"]])
    assert four(metrics=["CPU"], exclusive_metrics=True)["monitoring"]["metrics"] == []


def test_all_in_one_task_waits_for_the_agent_before_it_adds(four, mist, clock, first, plugin_metric):
    mist.settings.change(first_data_seconds=60)
    result = four(metrics=[first["id"]], plugins=[PLUGIN], wait_for_stats=True)
    assert result["actions"] == [
        "enable monitoring of machine 'web1'",
        f"add metric '{first['id']}'",
        "deploy plugin 'Disk usage!'",
    ]
    assert result["monitoring"]["metrics"] == [plugin_metric, first]
    assert sum(clock.slept) >= 60


def test_a_built_in_metric_need_not_be_added_to_a_machine_that_is_only_now_enabled(at, mist, first):
    result = at(metrics=["CPU", first["id"]], wait_for_stats=True)
    assert "failed" not in result
    assert result["monitoring"]["metrics"] == [first]
    assert [each.body["metric_id"] for each in sent(mist, "metrics")] == [first["id"]]


# ---- plugins


def test_a_plugin_is_deployed_once(four, enabled, plugin_metric):
    result = four(plugins=[PLUGIN])
    assert result["actions"] == ["deploy plugin 'Disk usage!'"]
    assert result["monitoring"]["metrics"] == [plugin_metric]


@pytest.mark.parametrize("change", [NEW_CODE, {"value_type": "derive"}, {"unit": "B"}])
def test_a_plugin_is_deployed_again_when_it_changed(four, at, enabled, change, plugin_metric):
    at(plugins=[PLUGIN])
    result = four(plugins=[{**PLUGIN, **change}])
    assert result["actions"] == ["deploy plugin 'Disk usage!'"]
    assert result["monitoring"]["metrics"] == [{**plugin_metric, "unit": change.get("unit", "GB")}]


def test_a_plugin_without_a_unit_keeps_the_one_that_it_has(at, enabled, plugin_metric):
    at(plugins=[PLUGIN])
    again = {"name": "Disk usage!", **NEW_CODE}
    assert at(plugins=[again])["monitoring"]["metrics"] == [plugin_metric]


def test_a_plugin_from_a_file(four, tmp_path, enabled):
    (tmp_path / "usage.py").write_text(CODE, encoding="utf-8")
    four(plugins=[{"name": "Disk usage!", "src": str(tmp_path / "usage.py")}])


def test_redeploy_says_when(at, mist, enabled):
    at(plugins=[PLUGIN])
    mist.forget()
    assert at(plugins=[{**PLUGIN, **NEW_CODE, "redeploy": "never"}])["changed"] is False
    assert not {"GET shell", "GET scripts"} & set(asked(mist))
    assert at(plugins=[{**PLUGIN, "redeploy": "always"}])["changed"] is True


def test_a_plugin_is_removed_once_with_its_metric(four, at, mist, enabled):
    at(plugins=[PLUGIN])
    result = four(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert (result["actions"], result["monitoring"]["metrics"]) == (["remove plugin 'Disk usage!'"], [])


def test_a_plugin_that_was_removed_can_come_back(four, at, enabled):
    at(plugins=[PLUGIN])
    at(plugins=[{"name": "Disk usage!", "state": "absent"}])
    assert four(plugins=[PLUGIN])["actions"] == ["deploy plugin 'Disk usage!'"]


def test_exclusive_metrics_take_other_plugins_off_the_machine(four, at, enabled, first, plugin_metric):
    at(plugins=[PLUGIN, {**PLUGIN, "name": "other"}], metrics=[first["id"]])
    result = four(metrics=[], plugins=[PLUGIN], exclusive_metrics=True)
    assert result["actions"] == ["remove plugin 'other'", f"remove metric '{first['id']}'"]
    assert result["monitoring"]["metrics"] == [plugin_metric]


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


def test_a_core_that_fails_for_a_while_does_not_end_a_long_wait(at, mist):
    mist.settings.change(first_data_seconds=60)
    mist.fail("core_error", method="GET", path="*/stats", every=2, times=3)
    assert "failed" not in at(wait_for_stats=True, retries=0)


# ---- what cannot be


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"machine": "web9"}, "Machine 'web9' not found on backend"),
        ({"backend": "nosuch"}, "Backend 'nosuch' not found on"),
        ({"metrics": ["CPU", " "]}, "metrics contains an empty name."),
        ({"exclusive_metrics": True}, "metrics is required with exclusive_metrics=true."),
        ({"wait_timeout": -1}, "Invalid wait_timeout -1: it must be at least 0."),
        ({"plugins": [{"name": "!?", "content": CODE}]}, "Invalid plugin name '!?': it must contain"),
        ({"plugins": [{"name": "a"}]}, "Plugin 'a' must have either src or content."),
        (
            {"plugins": [{"name": "a", "src": "/nosuch/a.py"}]},
            "src of plugin 'a' cannot be read: /nosuch/a.py: No",
        ),
        ({"plugins": [{"name": "a", "src": "/"}]}, "cannot be read: /: Is a directory."),
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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "monitoring cannot be enabled"),
        ({"wait_for_stats": True}, "it sends no data to wait for"),
        ({"plugins": [PLUGIN]}, "plugin 'Disk usage!' cannot be deployed"),
    ],
)
def test_a_machine_that_does_not_run_is_reported(at, mist, web1, stop, options, said):
    if options:
        at(wait_for_stats=True)
    stop()
    mist.forget()
    msg = at(**options)["msg"]
    assert f"Machine 'web1' ({web1['id']}) is stopped: {said}. Start it first with mist_machine." in msg
    assert mist.writes == []


def test_a_stopped_machine_that_is_monitored_is_fine(at, stop, enabled, first):
    stop()
    assert at()["changed"] is False
    assert at(metrics=[first["id"]])["changed"] is True
    assert at(state="absent")["changed"] is True


# ---- what core says
