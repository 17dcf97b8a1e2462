# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the client send the routes in the table of called routes, and no others."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.base import Generation
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.detect import SILENT
from ansible_collections.mistio.cloud.tests.emulator.keys import generate
from ansible_collections.mistio.cloud.tests.unit.emulator.called_4_7 import CALLED, called_route

from .test_clouds_v4 import DOCKER, EC2, METAL, create

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
PLUGIN = ("load twice", "#!/bin/sh\necho load_twice value=2\n")

#: each operation with a call of it that succeeds; the calls are made in this order
CALLS = {
    "find_out": lambda scene: scene.api.find_out(),
    "log_in": lambda scene: scene.api.log_in(EMAIL, PASSWORD, None),
    "check_org": lambda scene: scene.api.check_org(EMAIL),
    "list_providers": lambda scene: scene.api.list_providers(),
    "add_backend": lambda scene: scene.api.add_backend(DOCKER),
    "check_region": lambda scene: scene.api.check_region(EC2),
    "missing_hosts": lambda scene: scene.api.missing_hosts(scene.metal, METAL),
    "add_host": lambda scene: scene.api.add_host(
        scene.metal["id"], {"machine_hostname": "192.0.2.11", "machine_port": 2222}
    ),
    "check_location": lambda scene: scene.api.check_location(scene.ec2["id"], scene.zone),
    "describe_unlisted": lambda scene: scene.api.describe_unlisted(scene.ec2["id"], []),
    "list_backends": lambda scene: scene.api.list_backends(),
    "rename_backend": lambda scene: scene.api.rename_backend(scene.ec2["id"], "Renamed"),
    "enable_backend": lambda scene: scene.api.enable_backend(scene.ec2["id"], True),
    "update_backend_credentials": lambda scene: scene.api.update_backend_credentials(scene.ec2["id"], EC2),
    "generate_key": lambda scene: scene.api.generate_key(),
    "add_key": lambda scene: scene.api.add_key("spare", scene.private),
    "list_keys": lambda scene: scene.api.list_keys(),
    "private_key": lambda scene: scene.api.private_key(scene.key["id"]),
    "public_key": lambda scene: scene.api.public_key(scene.key["id"]),
    "make_key_default": lambda scene: scene.api.make_key_default(scene.key["id"]),
    "rename_key": lambda scene: scene.api.rename_key(scene.api.add_key("old", generate())["id"], "new"),
    "replace_key": lambda scene: scene.api.replace_key(scene.api.add_key("weak", generate())["id"], generate()),
    "remove_key": lambda scene: scene.api.remove_key(scene.api.add_key("gone", generate())["id"]),
    "list_images": lambda scene: [scene.api.list_images(scene.ec2["id"], search) for search in ("", "ubuntu")],
    "list_sizes": lambda scene: scene.api.list_sizes(scene.ec2["id"]),
    "list_locations": lambda scene: scene.api.list_locations(scene.ec2["id"]),
    "list_networks": lambda scene: scene.api.list_networks(scene.ec2["id"]),
    "list_machines": lambda scene: scene.api.list_machines(scene.ec2["id"]),
    "list_all_machines": lambda scene: scene.api.list_all_machines(),
    "check_machine_names": lambda scene: scene.api.check_machine_names(scene.ec2["id"], ["web"]),
    "create_machine": lambda scene: create(scene.api, scene.ec2, name="other", key="demo"),
    "associate_key": lambda scene: scene.api.associate_key(scene.key["id"], *scene.at, "h", None, 22),
    "probe_machine": lambda scene: scene.api.probe_machine(*scene.at, "h", None, None),
    "change_machine_tags": lambda scene: scene.api.change_machine_tags(*scene.at, {"a": "b"}, ["c"]),
    "expire_machine": lambda scene: scene.api.expire_machine(
        *scene.at, {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 3600}
    ),
    "enable_monitoring": lambda scene: scene.api.enable_monitoring(scene.ec2["id"], scene.machine),
    "list_monitored": lambda scene: scene.api.list_monitored(),
    "get_stats": lambda scene: scene.api.get_stats(*scene.at, int(time.time()) - 60, int(time.time()), 10),
    "list_metrics": lambda scene: scene.api.list_metrics(*scene.at),
    "add_metric": lambda scene: scene.api.add_metric(*scene.at, "system.load5"),
    "remove_metric": lambda scene: scene.api.remove_metric(*scene.at, "system.load5"),
    "deploy_plugin": lambda scene: scene.api.deploy_plugin(*scene.at, "h", *PLUGIN, "gauge", ""),
    "find_in_plugins": lambda scene: scene.api.find_in_plugins(*scene.at, "h", {PLUGIN[0]: "echo"}),
    "remove_plugin": lambda scene: scene.api.remove_plugin(*scene.at, "h", PLUGIN[0]),
    "disable_monitoring": lambda scene: scene.api.disable_monitoring(*scene.at),
    "dissociate_key": lambda scene: scene.api.dissociate_key(scene.key["id"], *scene.at, None),
    "rename_machine": lambda scene: scene.api.rename_machine(*scene.at, "renamed"),
    "act_on_machine": lambda scene: scene.api.act_on_machine(*scene.at, "stop"),
    "resize_machine": lambda scene: scene.api.resize_machine(*scene.at, scene.api.list_sizes(scene.ec2["id"])[0]["id"]),
    "remove_machine": lambda scene: scene.api.remove_machine(scene.host["backend_id"], scene.host["id"]),
    "remove_backend": lambda scene: scene.api.remove_backend(scene.ec2["id"]),
    "log_out": lambda scene: scene.api.log_out(),
}
#: what this generation answers without a request
WITHOUT_REQUEST = {"use_token", "check_machine_actions", "requires_login"}


@pytest.fixture
def scene(clouds, clouds_client, private_key):
    """A running machine and a host, both with a key."""
    api = clouds_client.api
    scene = SimpleNamespace(api=api, private=private_key, key=api.add_key("demo", private_key))
    scene.ec2 = api.add_backend(EC2)
    scene.machine = create(api, scene.ec2, key="demo")
    scene.at = (scene.ec2["id"], scene.machine["id"])
    scene.metal = api.add_backend(METAL)
    (scene.host,) = api.list_machines(scene.metal["id"])
    scene.zone = next(each for each in api.list_locations(scene.ec2["id"]) if each["location_type"] == "zone")
    clouds.forget()
    return scene


def test_every_operation_that_sends_something_is_called_here():
    operations = {name for name in vars(Generation) if not name.startswith("_") and callable(getattr(Generation, name))}
    assert CALLS.keys() == operations - SILENT - WITHOUT_REQUEST


def test_the_table_has_the_routes_that_the_client_calls_and_no_others(clouds, scene):
    for call in CALLS.values():
        call(scene)
    sent = {called_route(request.method, request.path) or request.line for request in clouds.requests}
    assert sent == CALLED
