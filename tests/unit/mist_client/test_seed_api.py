# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every name of the first client, run against the emulator: its calls are those of the guide's table."""

from __future__ import annotations

import inspect
import json
import re
from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    Conflict,
    InvalidValue,
    MistClient,
    NotFound,
    RequestFailed,
    helpers,
    model,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.helpers import RequestsHandler

from .guide import rows
from .seed import SEED

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
SECRET = "ec2-secret-for-tests-0123456789"
IMAGE, SIZE, ZONE = "ami-76817c1e", "t1.micro", "0"
PLUGIN = "def read():\n    return 1\n"
ROWS = rows()


@pytest.fixture
def scene(emulator, private_key, tmp_path):
    """A backend with a running, monitored machine; a client that remembers nothing yet; and an empty log."""
    with MistClient(emulator.uri, EMAIL, PASSWORD) as first:
        first.add_key("web key", private_key)
        backend = first.add_backend("Production", "ec2_us_east", "demo-ec2-key", SECRET)
        machine = backend.create_machine("web-1", first.keys["web key"], IMAGE, ZONE, SIZE)
        machine.enable_monitoring()
        machine.add_metric("users")
        key, machine = first.keys["web key"], backend.update_machines()[machine.id]
    with MistClient(emulator.uri) as client:
        scene = SimpleNamespace(emulator=emulator, client=client, private=private_key)
        scene.key = model.Key(key.info, client)
        scene.backend = model.Backend(backend.info, client)
        scene.machine = model.Machine(machine.info, scene.backend)
        scene.address = machine.ips[0]
        scene.plugin = tmp_path / "plugin.py"
        scene.plugin.write_text(PLUGIN, encoding="utf-8")
        scene.ids = {"b": backend.id, "m": machine.id, "k": "web key", "plugin": "disk_usage"}
        emulator.forget()
        yield scene


# ---- a recipe for each row: it makes the call, and looks at what comes back

RECIPES = {}


def recipe(name):
    def keep(function):
        assert name not in RECIPES
        RECIPES[name] = function
        return function

    return keep


@recipe("RequestsHandler")
def _recipe(scene):
    handler = RequestsHandler(f"{scene.emulator.uri}/keys", {"a": 1}, "mist_1 a:b", 7)
    assert handler.data == {"a": 1}
    assert RequestsHandler(f"{scene.emulator.uri}/keys", '{"a": 1}').data == {"a": 1}


@recipe("RequestsHandler.get")
def _recipe(scene):
    assert [key["id"] for key in RequestsHandler(f"{scene.emulator.uri}/keys").get().json()] == ["web key"]


@recipe("RequestsHandler.post")
def _recipe(scene):
    assert RequestsHandler(f"{scene.emulator.uri}/keys").post().json()["priv"].startswith("-----BEGIN RSA")


@recipe("RequestsHandler.put")
def _recipe(scene):
    handler = RequestsHandler(f"{scene.emulator.uri}/keys/web%20key", json.dumps({"new_id": "db key"}))
    assert handler.put().json() == {"new_id": "db key"}


@recipe("RequestsHandler.delete")
def _recipe(scene):
    assert RequestsHandler(f"{scene.emulator.uri}/keys/web%20key").delete().json() == []


@recipe("RequestsHandler.response")
def _recipe(scene):
    handler = RequestsHandler(f"{scene.emulator.uri}/keys")
    request = SimpleNamespace(method="GET")
    fine = SimpleNamespace(ok=True)
    assert handler.response(fine) is fine
    with pytest.raises(RequestFailed) as failure:
        handler.response(
            SimpleNamespace(ok=False, status_code=418, text="Teapot", url=handler.mist_uri, request=request)
        )
    assert (failure.value.status, failure.value.text) == (418, "Teapot")


@recipe("backend_from_id")
def _recipe(scene):
    assert helpers.backend_from_id(scene.client, scene.backend.id).title == "Production"
    assert helpers.backend_from_id(scene.client, "nosuch") is None


@recipe("machine_from_id")
def _recipe(scene):
    assert helpers.machine_from_id(scene.backend, scene.machine.id).name == "web-1"
    assert helpers.machine_from_id(scene.backend, "nosuch") is None


@recipe("Backend")
def _recipe(scene):
    backend = model.Backend(scene.backend.info, scene.client)
    assert (backend.id, backend.title, backend.provider) == (scene.backend.id, "Production", "ec2_us_east")
    assert (backend.region, backend.enabled) == (None, True)
    assert repr(backend) == f"<Backend Production ({backend.id})>"
    assert "demo-ec2-key" not in repr(backend.info)


@recipe("Backend.create_machine")
def _recipe(scene):
    made = scene.backend.create_machine("web-2", scene.key, IMAGE, "1", SIZE, script="true", monitoring=False)
    assert (made.name, made.info["location"], made.info["size"]) == ("web-2", "us-east-1b", SIZE)
    assert scene.backend.machines[made.id] is made
    assert scene.emulator.requests[0].body == {
        "name": "web-2",
        "key": "web key",
        "image": IMAGE,
        "location": "1",
        "size": SIZE,
        "image_extra": "",
        "disk": "",
        "script": "true",
        "monitoring": False,
    }


@recipe("Backend.delete")
def _recipe(scene):
    assert scene.backend.delete() == {}
    assert scene.client.backends == {}


@recipe("Backend.disable")
def _recipe(scene):
    assert not scene.backend.disable()[scene.backend.id].enabled
    assert scene.emulator.requests[0].body == {"new_state": "0"}


@recipe("Backend.enable")
def _recipe(scene):
    assert scene.backend.enable()[scene.backend.id].enabled
    assert scene.emulator.requests[0].body == {"new_state": "1"}


@recipe("Backend.images")
def _recipe(scene):
    found = {image["id"]: image for image in scene.backend.images}
    assert found[IMAGE]["name"] == "Ubuntu Server 14.04 LTS (PV)"
    assert found[IMAGE]["starred"]


@recipe("Backend.locations")
def _recipe(scene):
    assert scene.backend.locations[0] == {
        "id": "0",
        "external_id": "0",
        "name": "us-east-1a",
        "country": "USA",
        "location_type": None,
    }


@recipe("Backend.machine_from_id")
def _recipe(scene):
    assert scene.backend.machine_from_id(scene.machine.id).name == "web-1"
    assert scene.backend.machine_from_id("nosuch") is None


@recipe("Backend.machine_from_ip")
def _recipe(scene):
    public, private = scene.machine.ips
    assert scene.backend.machine_from_ip(public).id == scene.machine.id
    assert scene.backend.machine_from_ip(private).id == scene.machine.id
    assert scene.backend.machine_from_ip("192.0.2.99") is None


@recipe("Backend.machine_from_name")
def _recipe(scene):
    assert scene.backend.machine_from_name("web-1").id == scene.machine.id
    assert scene.backend.machine_from_name("web") is None


@recipe("Backend.machines")
def _recipe(scene):
    assert list(scene.backend.machines) == [scene.machine.id]
    assert scene.backend.machines is scene.backend.machines


@recipe("Backend.rename")
def _recipe(scene):
    assert scene.backend.rename("Staging")[scene.backend.id].title == "Staging"
    with pytest.raises(InvalidValue, match="only ASCII"):
        scene.backend.rename("caf\u00e9")


@recipe("Backend.request")
def _recipe(scene):
    assert scene.backend.request(f"backends/{scene.backend.id}/networks").get().json()[0]["id"].startswith("vpc-")
    with pytest.raises(InvalidValue, match="is not a URL of the server"):
        scene.backend.request("https://other.example.test/backends").get()


@recipe("Backend.search_image")
def _recipe(scene):
    assert [image["name"] for image in scene.backend.search_image("Gentoo 2014")] == ["marketplace gentoo 2014"]
    assert scene.emulator.requests[0].body == {"search_term": "Gentoo 2014"}


@recipe("Backend.search_machine")
def _recipe(scene):
    found = [scene.backend.search_machine(each) for each in (scene.machine.id, "web-1", *scene.machine.ips)]
    assert [machine.id for machine in found] == [scene.machine.id] * 4
    assert scene.backend.search_machine("nosuch") is None


@recipe("Backend.sizes")
def _recipe(scene):
    expected = {"id": SIZE, "name": "Micro Instance", "ram": 613, "disk": 15, "price": "linux $0.02/hour"}
    assert scene.backend.sizes[0] == {**expected, "external_id": SIZE}


@recipe("Backend.update_machines")
def _recipe(scene):
    assert list(scene.backend.update_machines()) == [scene.machine.id]


@recipe("Key")
def _recipe(scene):
    key = model.Key(scene.key.info, scene.client)
    assert (key.id, key.name, key.is_default) == ("web key", "web key", True)
    assert repr(key) == "<Key web key>"


@recipe("Key.associate_to_machine")
def _recipe(scene):
    assert scene.key.associate_to_machine(scene.backend.id, scene.machine.id, ssh_user="root") is None
    assert scene.emulator.requests[2].body == {"host": scene.address, "port": 22, "user": "root"}
    (association,) = scene.client.keys["web key"].info["machines"]
    assert (association["machine_id"], association["user"]) == (scene.machine.id, "root")
    with pytest.raises(InvalidValue, match="Machine 'nosuch' not found"):
        scene.key.associate_to_machine(scene.backend.id, "nosuch")


@recipe("Key.delete")
def _recipe(scene):
    assert scene.key.delete() == {}


@recipe("Key.private")
def _recipe(scene):
    assert scene.key.private == scene.private


@recipe("Key.public")
def _recipe(scene):
    assert scene.key.public.startswith("ssh-rsa AAAA")


@recipe("Key.rename")
def _recipe(scene):
    assert list(scene.key.rename("db key")) == ["db key"]
    assert scene.emulator.requests[1].body == {"new_id": "db key"}


@recipe("Key.request")
def _recipe(scene):
    assert scene.key.request("keys/web%20key/public").get().json().startswith("ssh-rsa")


@recipe("Key.set_default")
def _recipe(scene):
    assert scene.key.set_default()["web key"].is_default


@recipe("Machine")
def _recipe(scene):
    machine = model.Machine(scene.machine.info, scene.backend)
    assert (machine.id, machine.name, machine.info["state"]) == (scene.machine.id, "web-1", "running")
    assert machine.ips == [scene.address, *machine.info["private_ips"]]
    assert repr(machine) == f"<Machine web-1 ({machine.id})>"


@recipe("Machine.add_metric")
def _recipe(scene):
    assert scene.machine.add_metric("entropy") is None
    assert scene.emulator.requests[0].body == {"metric_id": "entropy"}


@recipe("Machine.add_python_plugin")
def _recipe(scene):
    deployed = scene.machine.add_python_plugin("Disk usage!", str(scene.plugin), "derive", "GB")
    assert deployed["metric_id"] == "mist.python.disk_usage"
    assert "READ FUNCTION TEST PASSED" in deployed["output"]
    assert scene.emulator.requests[0].body == {
        "plugin_type": "python",
        "name": "Disk usage!",
        "read_function": PLUGIN,
        "value_type": "derive",
        "unit": "GB",
        "host": scene.address,
    }


@recipe("Machine.associate_key")
def _recipe(scene):
    assert scene.machine.associate_key("web key", ssh_user="root") is None
    assert scene.emulator.requests[0].body == {"host": scene.address, "port": 22, "user": "root"}


@recipe("Machine.available_metrics")
def _recipe(scene):
    assert scene.machine.available_metrics["entropy"] == {"id": "entropy", "name": "entropy", "unit": ""}


@recipe("Machine.destroy")
def _recipe(scene):
    assert scene.machine.destroy()[scene.machine.id].info["state"] == "terminated"
    assert scene.backend.machine_from_name("web-1") is None


@recipe("Machine.disable_monitoring")
def _recipe(scene):
    assert scene.machine.disable_monitoring() is None
    assert scene.emulator.requests[0].body == {"action": "disable"}


@recipe("Machine.enable_monitoring")
def _recipe(scene):
    enabled = scene.machine.enable_monitoring()
    assert enabled["host"] == scene.address
    assert enabled["command"].startswith("wget ")
    assert scene.emulator.requests[0].body["name"] == "web-1"


@recipe("Machine.get_stats")
def _recipe(scene):
    series = scene.machine.get_stats(start=1000, stop=1040, step=10)["load.shortterm"]
    assert series["points"] == [[1000, 1.5], [1010, 1.6], [1020, 1.7], [1030, 1.8]]
    assert scene.emulator.requests[0].query == {"start": "1000", "stop": "1040", "step": "10"}


@recipe("Machine.probe")
def _recipe(scene):
    seen = scene.machine.probe("web key", "root")
    assert (seen["ssh"], seen["ping"], seen["cores"], seen["uptime"]) == (True, True, 2, 1523.88)
    assert scene.emulator.requests[0].body == {"host": scene.address, "key": "web key"}
    assert scene.emulator.requests[0].query == {"ssh_user": "root"}


@recipe("Machine.reboot")
def _recipe(scene):
    assert scene.machine.reboot()[scene.machine.id].info["state"] == "running"
    assert scene.emulator.requests[0].body == {"action": "reboot"}


@recipe("Machine.remove_metric")
def _recipe(scene):
    assert scene.machine.remove_metric("users") is None
    assert scene.emulator.requests[0].body == {"metric_id": "users"}


@recipe("Machine.request")
def _recipe(scene):
    path = f"backends/{scene.backend.id}/machines/{scene.machine.id}/metrics"
    assert "users" in scene.machine.request(path).get().json()


@recipe("Machine.start")
def _recipe(scene):
    assert scene.machine.start()[scene.machine.id].info["state"] == "running"
    assert scene.emulator.requests[0].body == {"action": "start"}


@recipe("Machine.stop")
def _recipe(scene):
    assert scene.machine.stop()[scene.machine.id].info["state"] == "stopped"
    assert scene.emulator.requests[0].body == {"action": "stop"}


@recipe("MistClient")
def _recipe(scene):
    MistClient(scene.emulator.uri)
    assert scene.emulator.requests == []
    MistClient(scene.emulator.uri, EMAIL, PASSWORD, generation="backends")
    assert scene.emulator.requests[0].body == {"email": EMAIL, "password": PASSWORD}


@recipe("MistClient.add_backend")
def _recipe(scene):
    added = scene.client.add_backend(
        "Second", "ec2_us_east", "second-ec2-key", "ec2-second-secret-for-tests-0123456789"
    )
    assert scene.client.backends[added.id] is added
    assert (added.title, added.enabled) == ("Second", True)
    with pytest.raises(InvalidValue, match="only ASCII"):
        scene.client.add_backend("caf\u00e9", "ec2_us_east", "third", SECRET)


@recipe("MistClient.add_key")
def _recipe(scene):
    added = scene.client.add_key("db key", scene.private)
    assert (added.id, added.is_default) == ("db key", False)
    with pytest.raises(InvalidValue, match="Invalid name or id"):
        scene.client.add_key("a/b", scene.private)


@recipe("MistClient.backend_from_id")
def _recipe(scene):
    assert scene.client.backend_from_id(scene.backend.id).title == "Production"
    assert scene.client.backend_from_id("nosuch") is None


@recipe("MistClient.backend_from_provider")
def _recipe(scene):
    assert scene.client.backend_from_provider("ec2_us_east").title == "Production"
    assert scene.client.backend_from_provider("linode") is None


@recipe("MistClient.backend_from_title")
def _recipe(scene):
    assert scene.client.backend_from_title("Production").id == scene.backend.id
    assert scene.client.backend_from_title("production") is None


@recipe("MistClient.backends")
def _recipe(scene):
    assert list(scene.client.backends) == [scene.backend.id]
    assert scene.client.backends is scene.client.backends


@recipe("MistClient.generate_key")
def _recipe(scene):
    assert scene.client.generate_key().startswith("-----BEGIN RSA PRIVATE KEY-----")


@recipe("MistClient.keys")
def _recipe(scene):
    assert list(scene.client.keys) == ["web key"]
    assert scene.client.keys is scene.client.keys


@recipe("MistClient.request")
def _recipe(scene):
    assert len(scene.client.request(f"{scene.emulator.uri}/backends").get().json()) == 1


@recipe("MistClient.search_backend")
def _recipe(scene):
    found = [scene.client.search_backend(each) for each in (scene.backend.id, "Production", "ec2_us_east")]
    assert [backend.id for backend in found] == [scene.backend.id] * 3
    assert scene.client.search_backend("nosuch") is None


@recipe("MistClient.supported_providers")
def _recipe(scene):
    providers = {each["provider"]: each for each in scene.client.supported_providers}
    assert providers["ec2_us_east"]["required"] == ["api_key", "api_secret"]
    assert len(providers) == 26


@recipe("MistClient.update_backends")
def _recipe(scene):
    assert list(scene.client.update_backends()) == [scene.backend.id]


@recipe("MistClient.update_keys")
def _recipe(scene):
    assert list(scene.client.update_keys()) == ["web key"]


# ---- the table


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_call(row, scene, request):
    assert row.test == request.node.name
    RECIPES[row.name](scene)
    expected = [re.sub(r"\{(\w+)\}", lambda match: scene.ids[match[1]], call) for call in row.calls]
    assert [arrived.line for arrived in scene.emulator.requests] == expected


def test_the_table_has_a_row_for_every_name_of_the_first_client():
    assert sorted(row.name for row in ROWS) == sorted(SEED)


def test_there_is_a_recipe_for_every_row():
    assert RECIPES.keys() == {row.name for row in ROWS}


def test_every_row_says_what_is_returned_and_what_differs():
    assert all(row.returns.endswith(".") or row.returns.endswith(".*") for row in ROWS)
    assert all(row.differs.endswith(".") for row in ROWS)


# ---- the arguments


def attribute(name):
    found = {"MistClient": MistClient, **vars(helpers), **vars(model)}
    first, *rest = name.split(".")
    return getattr(found[first], rest[0]) if rest else found[first]


@pytest.mark.parametrize("name", [name for name, arguments in SEED.items() if arguments is None])
def test_a_property_of_the_first_client_is_one_here(name):
    assert isinstance(attribute(name), property)


@pytest.mark.parametrize("name", [name for name, arguments in SEED.items() if arguments is not None])
def test_the_arguments_of_the_first_client_have_their_names_places_and_defaults(name):
    parameters = [each for each in inspect.signature(attribute(name)).parameters.values() if each.name != "self"]
    ours = [
        (str(each).partition(":")[0],) if each.default is each.empty else (each.name, each.default)
        for each in parameters
    ]
    assert tuple(ours[: len(SEED[name])]) == SEED[name]
    assert all(each.kind in (each.KEYWORD_ONLY, each.VAR_KEYWORD) for each in parameters[len(SEED[name]) :])


# ---- what the rows cannot show, for it goes wrong


def test_what_is_there_already_is_a_conflict_with_its_id(scene):
    with pytest.raises(Conflict) as conflict:
        scene.client.add_backend("Other title", "ec2_us_east", "demo-ec2-key", SECRET)
    assert conflict.value.existing == scene.backend.id


def test_what_is_gone_cannot_be_deleted_twice(scene):
    scene.backend.delete()
    with pytest.raises(NotFound):
        scene.backend.delete()
    scene.key.delete()
    with pytest.raises(NotFound):
        scene.key.delete()
