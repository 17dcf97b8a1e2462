# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a backend's plan says, as a table: no server, no HTTP."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.backend import BackendResource, FoundBackend
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import InvalidValue, NotSupported
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.backends_2014 import Backends2014
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import CloudsV4
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

THERE = {"id": "3dvj", "title": "one", "provider": "openstack", "region": None, "enabled": True, "settings": {}}
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
    plan = resource.plan(FoundBackend(current), {"state": "present", **wanted})
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
    plan = resource.plan(FoundBackend(None), {"state": "present", **EC2, **wanted})
    assert [step.sentence for step in plan.steps] == sentences
    assert plan.before is None
    assert plan.after["enabled"] is wanted.get("enabled", True)
    assert set(plan.after) == set(THERE)


# ---- the clouds generation

CLOUD = {**THERE, "id": "ab12", "provider": "ec2", "region": "us-east-1"}
CLOUD["settings"] = {"apikey": "me", "region": "us-east-1"}
UPDATE = "update the credentials"


@pytest.fixture
def clouds():
    return BackendResource(CloudsV4(Transport("http://mist.test", read_only=True)))


@pytest.mark.parametrize(
    ("wanted", "sentences", "after"),
    [
        ({}, [], {}),
        ({"provider": "aws", "api_key": "me", "api_secret": "any"}, [], {}),
        ({"provider": "ec2_us_east"}, [], {}),
        ({"api_secret": "any", "update_credentials": "never"}, [], {}),
        ({"api_secret": "any", "update_credentials": "always"}, [UPDATE], {}),
        (
            {"api_key": "you", "update_credentials": "always"},
            [UPDATE],
            {"settings": {"apikey": "you", "region": "us-east-1"}},
        ),
        (
            {
                "credentials": {"region": "eu-west-1"},
                "update_credentials": "always",
                "new_name": "two",
                "enabled": False,
            },
            [UPDATE, "rename to 'two'", "disable"],
            {
                "region": "eu-west-1",
                "settings": {"apikey": "me", "region": "eu-west-1"},
                "title": "two",
                "enabled": False,
            },
        ),
    ],
)
def test_credentials_of_a_cloud_are_updated_when_that_is_wanted(clouds, wanted, sentences, after):
    plan = clouds.plan(FoundBackend(CLOUD), {"state": "present", "title": "one", **wanted})
    assert [step.sentence for step in plan.steps] == sentences
    assert plan.after == {**CLOUD, **after}


@pytest.mark.parametrize(
    "wanted", [{"region": "eu-west-1"}, {"provider": "docker"}, {"credentials": {"apikey": "you"}}, {"api_key": "you"}]
)
def test_what_the_server_shows_otherwise_is_refused(clouds, wanted):
    with pytest.raises(InvalidValue, match="already exists, but its"):
        clouds.plan(FoundBackend(CLOUD), {"state": "present", "title": "one", **wanted})


def test_the_id_of_a_new_cloud_is_the_servers(clouds):
    plan = clouds.plan(FoundBackend(None), {"state": "present", "title": "one", **EC2})
    settings = {"apikey": EC2["api_key"], "region": "us-east-1"}
    assert plan.after == {**CLOUD, "id": None, "settings": settings}


def test_2014_cannot_update_credentials(resource):
    with pytest.raises(NotSupported):
        resource.plan(FoundBackend(THERE), {"state": "present", "title": "one", "update_credentials": "always"})
