# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done, and waited for, in each state that a machine may be in; most of 2016 and later are read only."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.resource import action_for, goal_for
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.update import check_can
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.wait import Goal
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue

ALL = {"start": True, "stop": True, "reboot": True, "destroy": True}


def machine(state, **actions):
    return {"id": "1", "name": "web1", "state": state, "actions": actions or ALL}


@pytest.mark.parametrize(
    ("state", "started", "stopped", "restarted"),
    [
        ("running", None, "stop", "reboot"),
        ("pending", None, "stop", None),
        ("rebooting", None, "stop", None),
        ("updating", None, "stop", None),
        ("reconfiguring", None, "stop", None),
        ("migrating", None, "stop", None),
        ("stopping", "start", None, "start"),
        ("stopped", "start", None, "start"),
        ("suspended", "start", "stop", "start"),
        ("paused", "start", "stop", "start"),
        ("unknown", None, "stop", "reboot"),
        ("error", None, "stop", "reboot"),
    ],
)
def test_what_brings_a_machine_to_a_state(state, started, stopped, restarted):
    it = machine(state)
    assert [action_for(wanted, it) for wanted in ("started", "stopped", "restarted")] == [started, stopped, restarted]
    assert action_for("present", it) is None


def test_a_machine_that_can_only_be_resumed_is_resumed():
    assert action_for("started", machine("suspended", start=False, resume=True)) == "resume"


@pytest.mark.parametrize("state", ["stopped", "suspended", "unknown", "error", "failed"])
def test_a_machine_that_nothing_happens_to_is_present_and_not_waited_for(state):
    wanted = {"wait": True, "wait_for": "running", "state": "present"}
    assert goal_for(machine(state), wanted) is None
    assert goal_for(machine(state), {**wanted, "state": "started"}) is Goal.RUNNING


@pytest.mark.parametrize("state", ["running", "pending", "updating", "migrating"])
def test_a_machine_that_something_happens_to_is_waited_for(state):
    assert goal_for(machine(state), {"wait": True, "wait_for": "ip", "state": "present"}) is Goal.IP


def test_a_machine_in_transition_is_asked_later_but_to_be_destroyed():
    check_can(machine("migrating", stop=False), "stop")
    for action in ("destroy", "remove"):
        with pytest.raises(InvalidValue, match=f"is migrating and does not support {action}"):
            check_can(machine("migrating", **{action: False}), action)


def test_what_a_machine_does_not_tell_of_is_the_servers_to_tell():
    check_can(machine("running", stop=True), "resize")
