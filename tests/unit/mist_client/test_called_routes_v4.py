# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the client send the routes in the table of called routes, and no others."""

from __future__ import annotations

import inspect
import time
from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.base import NOUNS, is_offline
from ansible_collections.mistio.cloud.tests.emulator.keys import generate
from ansible_collections.mistio.cloud.tests.unit.emulator.called_4_7 import CALLED, called_route

from .test_clouds_v4 import DOCKER, EC2, METAL, create

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
PLUGIN = ("load twice", "#!/bin/sh\necho load_twice value=2\n")

#: each operation with a call of it that succeeds; the calls are made in this order
CALLS = {
    "find_out": lambda scene: scene.api.find_out(),
    "session.log_in": lambda scene: scene.api.session.log_in(EMAIL, PASSWORD, None),
    "session.check_org": lambda scene: scene.api.session.check_org(EMAIL),
    "backends.list_providers": lambda scene: scene.api.backends.list_providers(),
    "backends.add": lambda scene: scene.api.backends.add(DOCKER),
    "backends.check_region": lambda scene: scene.api.backends.check_region(EC2),
    "backends.missing_hosts": lambda scene: scene.api.backends.missing_hosts(scene.metal, METAL),
    "backends.add_host": lambda scene: scene.api.backends.add_host(
        scene.metal["id"], {"machine_hostname": "192.0.2.11", "machine_port": 2222}
    ),
    "machines.check_location": lambda scene: scene.api.machines.check_location(scene.ec2["id"], scene.zone),
    "machines.describe_unlisted": lambda scene: scene.api.machines.describe_unlisted(scene.ec2["id"], []),
    "backends.list": lambda scene: scene.api.backends.list(),
    "backends.rename": lambda scene: scene.api.backends.rename(scene.ec2["id"], "Renamed"),
    "backends.enable": lambda scene: scene.api.backends.enable(scene.ec2["id"], True),
    "backends.update_credentials": lambda scene: scene.api.backends.update_credentials(scene.ec2["id"], EC2),
    "keys.generate": lambda scene: scene.api.keys.generate(),
    "keys.add": lambda scene: scene.api.keys.add("spare", scene.private),
    "keys.list": lambda scene: scene.api.keys.list(),
    "keys.private": lambda scene: scene.api.keys.private(scene.key["id"]),
    "keys.public": lambda scene: scene.api.keys.public(scene.key["id"]),
    "keys.make_default": lambda scene: scene.api.keys.make_default(scene.key["id"]),
    "keys.rename": lambda scene: scene.api.keys.rename(scene.api.keys.add("old", generate())["id"], "new"),
    "keys.replace": lambda scene: scene.api.keys.replace(scene.api.keys.add("weak", generate())["id"], generate()),
    "keys.remove": lambda scene: scene.api.keys.remove(scene.api.keys.add("gone", generate())["id"]),
    "catalogue.list_images": lambda scene: [
        scene.api.catalogue.list_images(scene.ec2["id"], search) for search in ("", "ubuntu")
    ],
    "catalogue.list_sizes": lambda scene: scene.api.catalogue.list_sizes(scene.ec2["id"]),
    "catalogue.list_locations": lambda scene: scene.api.catalogue.list_locations(scene.ec2["id"]),
    "catalogue.list_networks": lambda scene: scene.api.catalogue.list_networks(scene.ec2["id"]),
    "machines.list": lambda scene: scene.api.machines.list(scene.ec2["id"]),
    "machines.list_all": lambda scene: scene.api.machines.list_all(),
    "machines.check_names": lambda scene: scene.api.machines.check_names(scene.ec2["id"], ["web"]),
    "machines.create": lambda scene: create(scene.api, scene.ec2, name="other", key="demo"),
    "keys.associate": lambda scene: scene.api.keys.associate(scene.key["id"], *scene.at, "h", None, 22),
    "machines.probe": lambda scene: scene.api.machines.probe(*scene.at, "h", None, None),
    "machines.change_tags": lambda scene: scene.api.machines.change_tags(*scene.at, {"a": "b"}, ["c"]),
    "machines.expire": lambda scene: scene.api.machines.expire(
        *scene.at, {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 3600}
    ),
    "monitoring.enable": lambda scene: scene.api.monitoring.enable(scene.ec2["id"], scene.machine),
    "monitoring.list": lambda scene: scene.api.monitoring.list(),
    "monitoring.get_stats": lambda scene: scene.api.monitoring.get_stats(
        *scene.at, int(time.time()) - 60, int(time.time()), 10
    ),
    "monitoring.list_metrics": lambda scene: scene.api.monitoring.list_metrics(*scene.at),
    "monitoring.add_metric": lambda scene: scene.api.monitoring.add_metric(*scene.at, "system.load5"),
    "monitoring.remove_metric": lambda scene: scene.api.monitoring.remove_metric(*scene.at, "system.load5"),
    "monitoring.deploy_plugin": lambda scene: scene.api.monitoring.deploy_plugin(*scene.at, "h", *PLUGIN, "gauge", ""),
    "monitoring.find_in_plugins": lambda scene: scene.api.monitoring.find_in_plugins(
        *scene.at, "h", {PLUGIN[0]: "echo"}
    ),
    "monitoring.remove_plugin": lambda scene: scene.api.monitoring.remove_plugin(*scene.at, "h", PLUGIN[0]),
    "monitoring.disable": lambda scene: scene.api.monitoring.disable(*scene.at),
    "keys.dissociate": lambda scene: scene.api.keys.dissociate(scene.key["id"], *scene.at, None),
    "machines.rename": lambda scene: scene.api.machines.rename(*scene.at, "renamed"),
    "machines.act": lambda scene: scene.api.machines.act(*scene.at, "stop"),
    "machines.resize": lambda scene: scene.api.machines.resize(
        *scene.at, scene.api.catalogue.list_sizes(scene.ec2["id"])[0]["id"]
    ),
    "machines.remove": lambda scene: scene.api.machines.remove(scene.host["backend_id"], scene.host["id"]),
    "backends.remove": lambda scene: scene.api.backends.remove(scene.ec2["id"]),
    "session.log_out": lambda scene: scene.api.session.log_out(),
}
#: what this generation answers without a request
WITHOUT_REQUEST = {"session.use_token", "session.requires_login", "machines.check_actions"}


@pytest.fixture
def scene(clouds, clouds_client, private_key):
    """A running machine and a host, both with a key."""
    api = clouds_client.api
    scene = SimpleNamespace(api=api, private=private_key, key=api.keys.add("demo", private_key))
    scene.ec2 = api.backends.add(EC2)
    scene.machine = create(api, scene.ec2, key="demo")
    scene.at = (scene.ec2["id"], scene.machine["id"])
    scene.metal = api.backends.add(METAL)
    (scene.host,) = api.machines.list(scene.metal["id"])
    scene.zone = next(each for each in api.catalogue.list_locations(scene.ec2["id"]) if each["location_type"] == "zone")
    clouds.forget()
    return scene


def test_every_operation_that_sends_something_is_called_here():
    operations = {
        f"{noun}.{name}"
        for noun, interface in NOUNS.items()
        for name, member in inspect.getmembers(interface, inspect.isfunction)
        if not name.startswith("_") and name != "not_supported" and not is_offline(member)
    }
    assert CALLS.keys() - {"find_out"} == operations - WITHOUT_REQUEST


def test_the_table_has_the_routes_that_the_client_calls_and_no_others(clouds, scene):
    for call in CALLS.values():
        call(scene)
    sent = {called_route(request.method, request.path) or request.line for request in clouds.requests}
    assert sent == CALLED
