# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every name of the first client means the same on a server of 2016 or later."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, RequestFailed, helpers, model
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.helpers import RequestsHandler
from ansible_collections.mistio.cloud.tests.emulator.keys import generate

from .seed import SEED

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
SECRET = "ec2-secret-for-tests-0123456789"


@pytest.fixture
def scene(clouds, clouds_client, private_key, tmp_path):
    """A backend with a running, monitored machine."""
    scene = SimpleNamespace(clouds=clouds, client=clouds_client, private=private_key)
    scene.key = clouds_client.add_key("web key", private_key)
    scene.backend = clouds_client.add_backend("Production", "ec2", "demo-ec2-key", SECRET, region="us-east-1")
    image, size = scene.backend.images[0]["id"], scene.backend.sizes[0]["id"]
    scene.made_of = (image, scene.backend.locations[1]["id"], size)
    scene.machine = scene.backend.create_machine("web-1", scene.key, *scene.made_of)
    scene.machine.enable_monitoring()
    scene.machine = scene.backend.update_machines()[scene.machine.id]
    scene.plugin = tmp_path / "plugin.py"
    scene.plugin.write_text("def read():\n    return 1\n", encoding="utf-8")
    scene.uri = f"{clouds.uri}/api/v1/keys"
    return scene


BEHAVIOURS = {}


def behaviour(*names):
    def keep(function):
        assert not set(names) & set(BEHAVIOURS)
        BEHAVIOURS.update(dict.fromkeys(names, function))
        return function

    return keep


@behaviour(
    "RequestsHandler",
    "RequestsHandler.get",
    "RequestsHandler.post",
    "RequestsHandler.put",
    "RequestsHandler.delete",
    "RequestsHandler.response",
)
def _requests_by_hand(scene):
    token = scene.clouds.token
    assert RequestsHandler(scene.uri, api_token=token).get().json()[0]["name"] == "web key"
    assert RequestsHandler(scene.uri, {}, token).post().json()["priv"].startswith("-----BEGIN RSA")
    added = RequestsHandler(scene.uri, {"name": "hand", "priv": generate()}, token).put().json()
    RequestsHandler(f"{scene.uri}/{added['id']}", None, token).delete()
    with pytest.raises(RequestFailed):
        RequestsHandler(f"{scene.uri}/{added['id']}", None, token).delete()


@behaviour("MistClient", "MistClient.request", "Backend.request", "Machine.request", "Key.request")
def _a_login_is_shown(scene):
    with MistClient(scene.clouds.uri, EMAIL, PASSWORD) as client:
        assert client.request("api/v1/ping").get().json() == {"hello": EMAIL}
    for thing in (scene.backend, scene.machine, scene.key):
        assert thing.request("api/v1/ping").get().json() == {"hello": EMAIL}


@behaviour("MistClient.supported_providers")
def _providers(scene):
    assert "ec2" in {each["provider"] for each in scene.client.supported_providers}


@behaviour(
    "backend_from_id",
    "MistClient.backends",
    "MistClient.update_backends",
    "MistClient.backend_from_id",
    "MistClient.backend_from_title",
    "MistClient.backend_from_provider",
    "MistClient.search_backend",
    "Backend",
)
def _backends(scene):
    client, found = scene.client, scene.client.backends[scene.backend.id]
    assert (found.title, found.provider, found.region, found.enabled) == ("Production", "ec2", "us-east-1", True)
    assert helpers.backend_from_id(client, found.id) is client.backend_from_id(found.id) is found
    assert client.backend_from_title("Production") is client.backend_from_provider("ec2") is found
    assert {client.search_backend(each) for each in (found.id, "Production", "ec2")} == {found}
    assert client.search_backend("nosuch") is None
    assert list(client.update_backends()) == [found.id]
    assert "demo-ec2-key" not in repr(found)


@behaviour("MistClient.add_backend", "Backend.rename", "Backend.enable", "Backend.disable", "Backend.delete")
def _a_backend_comes_and_goes(scene):
    added = scene.client.add_backend("Docker", "docker", apiurl="http://docker.test", docker_port=4243)
    assert added.rename("Engine")[added.id].title == "Engine"
    assert not added.disable()[added.id].enabled
    assert added.enable()[added.id].enabled
    assert added.id not in added.delete()


@behaviour("Backend.images", "Backend.search_image", "Backend.sizes", "Backend.locations")
def _what_machines_are_made_of(scene):
    backend = scene.backend
    assert {"id", "name", "starred", "extra"} <= set(backend.images[0])
    assert all("ubuntu" in image["name"].lower() for image in backend.search_image("ubuntu"))
    assert backend.sizes[0]["ram"]
    assert (backend.locations[0]["name"], backend.locations[0]["country"]) == ("us-east-1", "USA")


@behaviour(
    "machine_from_id",
    "Backend.machines",
    "Backend.update_machines",
    "Backend.machine_from_id",
    "Backend.machine_from_name",
    "Backend.machine_from_ip",
    "Backend.search_machine",
    "Machine",
)
def _machines(scene):
    backend, machine = scene.backend, scene.machine
    assert helpers.machine_from_id(backend, machine.id) is backend.machine_from_id(machine.id) is machine
    assert backend.machine_from_name("web-1") is machine
    assert {backend.machine_from_ip(each) for each in machine.ips} == {machine}
    assert {backend.search_machine(each) for each in (machine.id, "web-1", machine.ips[0])} == {machine}
    assert list(backend.update_machines()) == list(backend.machines) == [machine.id]
    assert model.Machine(machine.info, backend).host == machine.ips[0]


@behaviour("Backend.create_machine")
def _create(scene):
    made = scene.backend.create_machine("web-2", "web key", *scene.made_of, tags={"env": "test"})
    assert scene.backend.machines[made.id] is made
    assert made.info["tags"] == {"env": "test"}


@behaviour("Machine.stop", "Machine.start", "Machine.reboot", "Machine.destroy")
def _actions(scene):
    machine = scene.machine
    assert machine.stop()[machine.id].info["state"] == "stopped"
    assert machine.start()[machine.id].info["state"] == "running"
    assert machine.reboot()[machine.id].info["state"] == "running"
    machine.destroy()
    assert scene.backend.machine_from_name("web-1") is None


@behaviour("MistClient.keys", "MistClient.update_keys", "MistClient.generate_key", "MistClient.add_key", "Key")
def _keys(scene):
    added = scene.client.add_key("another", scene.client.generate_key())
    assert scene.client.keys[added.id] is added
    assert (added.name, added.is_default) == ("another", False)
    assert set(scene.client.update_keys()) == {added.id, scene.key.id}


@behaviour("Key.private", "Key.public", "Key.rename", "Key.set_default", "Key.delete")
def _a_key_comes_and_goes(scene):
    key = scene.key
    assert key.private == scene.private
    assert key.public.startswith("ssh-rsa ")
    assert key.rename("db key")[key.id].name == "db key"
    assert key.set_default()[key.id].is_default
    assert key.delete() == {}


@behaviour("Machine.associate_key", "Key.associate_to_machine", "Machine.probe")
def _keys_on_machines(scene):
    scene.machine.associate_key(scene.key.id)
    scene.key.associate_to_machine(scene.backend.id, scene.machine.id)
    assert [each["machine_id"] for each in scene.client.keys[scene.key.id].info["machines"]] == [scene.machine.id]
    assert scene.machine.probe(scene.key.id, "root")["ssh"]


@behaviour(
    "Machine.enable_monitoring",
    "Machine.disable_monitoring",
    "Machine.get_stats",
    "Machine.available_metrics",
    "Machine.add_metric",
    "Machine.remove_metric",
    "Machine.add_python_plugin",
)
def _monitoring(scene):
    machine = scene.machine
    assert machine.enable_monitoring()["command"]
    assert machine.get_stats()["system.load1"]["points"]
    assert "system.load5" in machine.available_metrics
    machine.add_metric("system.load5")
    machine.remove_metric("system.load5")
    assert machine.add_python_plugin("Disk usage", scene.plugin, unit="%")["metric_id"] == "disk_usage.value"
    machine.disable_monitoring()
    with pytest.raises(RequestFailed, match="Monitoring is not enabled on this machine"):
        machine.get_stats()


@pytest.mark.parametrize("what", dict.fromkeys(BEHAVIOURS.values()), ids=lambda function: function.__name__)
def test_it_behaves(scene, what):
    what(scene)


def test_there_is_a_behaviour_for_every_name_of_the_first_client():
    assert BEHAVIOURS.keys() == SEED.keys()
