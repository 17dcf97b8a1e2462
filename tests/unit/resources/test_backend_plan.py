# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a backend's plan says, as a table: no server, no HTTP."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.backend import BackendResource
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.backends_2014 import Backends2014
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

THERE = {"id": "3dvj", "title": "one", "provider": "openstack", "region": None, "enabled": True}
EC2 = {"provider": "ec2_us_east", "api_key": "key-for-tests-0123456789", "api_secret": "secret-for-tests-0123456789"}


@pytest.fixture
def resource():
    return BackendResource(Backends2014(Transport("http://mist.test", read_only=True)))


@pytest.mark.parametrize(
    ("current", "wanted", "sentences", "after"),
    [
        (None, {"state": "absent"}, [], None),
        (THERE, {"state": "absent"}, ["remove backend 'one' (3dvj)"], None),
        (THERE, {}, [], {}),
        (THERE, {"enabled": True, "new_name": "one"}, [], {}),
        (THERE, {"enabled": False}, ["disable"], {"enabled": False}),
        ({**THERE, "enabled": False}, {"enabled": True}, ["enable"], {"enabled": True}),
        ({**THERE, "enabled": False}, {}, [], {"enabled": False}),
        (THERE, {"new_name": "two"}, ["rename to 'two'"], {"title": "two"}),
        (
            THERE,
            {"new_name": "two", "enabled": False},
            ["rename to 'two'", "disable"],
            {"title": "two", "enabled": False},
        ),
    ],
)
def test_what_is_there_is_changed_as_little_as_can_be(resource, current, wanted, sentences, after):
    plan = resource.plan(current, {"state": "present", **wanted})
    assert [step.sentence for step in plan.steps] == sentences
    assert plan.before == current
    assert plan.after == (None if after is None else {**THERE, **after})


@pytest.mark.parametrize(
    ("wanted", "sentences"),
    [
        ({"title": "web"}, ["add backend 'web' of ec2_us_east"]),
        ({"title": "web", "enabled": False}, ["add backend 'web' of ec2_us_east", "disable"]),
        ({"title": "web", "new_name": "shop"}, ["add backend 'shop' of ec2_us_east"]),
    ],
)
def test_what_is_not_there_is_added(resource, wanted, sentences):
    plan = resource.plan(None, {"state": "present", **EC2, **wanted})
    assert [step.sentence for step in plan.steps] == sentences
    assert plan.before is None
    assert plan.after["enabled"] is wanted.get("enabled", True)
    assert set(plan.after) == set(THERE)
