# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the client on a server of 2016 or later, over real HTTP."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    Conflict,
    InvalidValue,
    MistClient,
    MistError,
    NotFound,
    NotMist,
    NotSupported,
    RequestFailed,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import monitoring
from ansible_collections.mistio.cloud.tests.emulator.keys import generate

EC2 = {
    "title": "EC2",
    "provider": "ec2",
    "region": "us-east-1",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
DOCKER = {"title": "Docker", "provider": "docker", "api_url": "http://docker.test", "docker_port": 4243}
METAL = {"title": "Metal", "provider": "other", "machine_ip": "192.0.2.10", "machine_key": "demo"}
UNKNOWN = "0" * 32


@pytest.fixture
def api(clouds_client):
    return clouds_client.api


@pytest.fixture
def key(clouds, api, private_key):
    """The key that opens the emulated hosts."""
    added = api.keys.add("demo", private_key)
    clouds.forget()
    return added


@pytest.fixture
def ec2(clouds, api, key):
    backend = api.backends.add(EC2)
    clouds.forget()
    return backend


@pytest.fixture
def machine(clouds, api, ec2, key):
    """A running machine that lets the key in."""
    made = create(api, ec2, key="demo")
    clouds.forget()
    return made


@pytest.fixture
def host(clouds, api, key):
    """A host of a backend of hosts."""
    backend = api.backends.add(METAL)
    (found,) = api.machines.list(backend["id"])
    clouds.forget()
    return found


def create(api, backend, name="web", **more):
    image = next(each for each in api.catalogue.list_images(backend["id"]) if "ubuntu" in each["name"])
    size = next(each for each in api.catalogue.list_sizes(backend["id"]) if "t2.micro" in each["name"])
    location = next(each for each in api.catalogue.list_locations(backend["id"]) if each["name"] == "us-east-1a")
    spec = {"name": name, "image": image["id"], "size": size["id"], "location": location["id"], **more}
    return api.machines.create(backend["id"], spec)


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


def refused(kind, ask, *args):
    with pytest.raises(kind) as caught:
        ask(*args)
    return caught.value


# ---- what stands in front of Mist


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (404, "404 page not found\n", "A proxy that does not route to Mist can also answer this"),
        (502, "<html><title>502 Bad Gateway</title></html>", "A proxy in front of Mist sent this answer"),
        (504, "<html><title>504 Gateway Time-out</title></html>", "A proxy in front of Mist sent this answer"),
        (423, "Locked: Periodic task lock taken", "Mist is already listing this backend"),
    ],
)
def test_an_answer_that_is_not_mists_is_reported(clouds, api, status, body, hint):
    clouds.fail("answer", status=status, body=body)
    assert refused(RequestFailed, api.backends.list).hint.startswith(hint)


# ---- backends


def test_a_backend_is_added_renamed_disabled_and_removed(api):
    added = api.backends.add(EC2)
    assert api.backends.list() == [added]
    assert (added["provider"], added["region"], added["enabled"]) == ("ec2", "us-east-1", True)
    api.backends.rename(added["id"], "AWS")
    api.backends.enable(added["id"], False)
    assert api.backends.list() == [{**added, "title": "AWS", "enabled": False}]
    api.backends.enable(added["id"], True)
    assert api.backends.list()[0]["enabled"]
    api.backends.remove(added["id"])
    assert api.backends.list() == []
    assert api.backends.add(EC2)["title"] == "EC2"


def test_an_added_backend_is_predicted_but_for_its_id(api):
    for spec in (EC2, DOCKER, {**METAL, "machine_key": ""}):
        predicted = api.backends.predict(spec)
        assert predicted["id"] is None
        added = api.backends.add(spec)
        assert added == {**predicted, "id": added["id"]}


def test_a_title_that_is_taken_is_a_conflict_with_the_backend_that_has_it(api, ec2):
    assert refused(Conflict, api.backends.add, {**DOCKER, "title": "EC2"}).existing == ec2["id"]
    assert api.backends.find_same(api.backends.list(), {**DOCKER, "title": "EC2"}) == ec2
    docker = api.backends.add(DOCKER)
    refused(Conflict, api.backends.rename, docker["id"], "EC2")


@pytest.mark.parametrize("title", ["x", "", "bad/name!", "caf\u00e9"])
def test_a_title_that_the_server_refuses_is_refused_before(clouds, clouds_client, title):
    clouds_client.api.find_out()
    clouds.forget()
    for ask in (
        lambda: clouds_client.api.backends.add({**DOCKER, "title": title}),
        lambda: clouds_client.api.backends.rename("b", title),
        lambda: clouds_client.api.backends.check_title(title),
    ):
        assert "only ASCII letters, digits, spaces, dots, dashes and underscores are allowed" in str(
            refused(InvalidValue, ask)
        )
    assert clouds.requests == []


def test_credentials_are_updated_in_place(clouds, api, ec2):
    other = {"provider": "ec2", "api_key": "second-ec2-key", "api_secret": "ec2-second-secret-for-tests-0123456789"}
    predicted = api.backends.predict_updated(ec2, other)
    api.backends.update_credentials(ec2["id"], other)
    (update,) = clouds.writes
    assert (update.line, set(update.body)) == (f"PATCH /api/v1/clouds/{ec2['id']}", {"apikey", "apisecret"})
    assert api.backends.list() == [predicted]


def test_a_backend_of_hosts_names_their_key_by_name_or_id(clouds, api, key):
    for number, word in enumerate((key["name"], key["id"])):
        added = api.backends.add({**METAL, "title": f"Metal-{number}", "machine_key": word})
        (host,) = api.machines.list(added["id"])
        assert host["public_ips"] == ["192.0.2.10"]
        assert [each["key_id"] for each in host["ssh_keys"]] == [key["id"]]
    assert f"Key 'nosuch' not found on {clouds.uri}. Available keys: 'demo' ({key['id']})." in str(
        refused(InvalidValue, api.backends.add, {**METAL, "machine_key": "nosuch"})
    )


def test_a_backend_whose_host_cannot_be_reached_is_not_left_behind(api, key):
    bad = {**METAL, "machine_ip": "192.0.2.12"}
    error = refused(MistError, api.backends.add, bad)
    assert "answered 401: Unauthorized cloud credentials: MachineUnauthorizedError" in str(error)
    assert error.hint.startswith("Mist cannot log in to the host. Check its address, port and user")
    assert api.backends.list() == []


def hosts(*addresses):
    return [
        {"machine_hostname": address, "machine_name": f"box-{address[-2:]}", "machine_key": "demo"}
        for address in addresses
    ]


def test_the_hosts_that_a_backend_was_added_without_are_reported(api, key):
    metal = {"title": "Metal", "provider": "other", "credentials": {"machines": hosts("192.0.2.12", "192.0.2.10")}}
    error = refused(MistError, api.backends.add, metal)
    assert "Mist could not add 'box-12' (192.0.2.12, port 22) to the backend 'Metal': Unauthorized cloud" in str(error)
    assert error.hint == "The backend was removed again. To keep it without these hosts, set validate=false."
    assert api.backends.list() == []
    warnings = []
    added = api.backends.add({**metal, "validate": False}, warnings)
    assert [host["name"] for host in api.machines.list(added["id"])] == ["box-10"]
    (warning,) = warnings
    assert "could not add 'box-12' (192.0.2.12, port 22) to the backend 'Metal'" in warning


def test_a_single_host_that_fails_is_refused_without_validation_too(api, key):
    bad = {**METAL, "machine_ip": "192.0.2.12", "validate": False}
    assert (
        "validate=false has no effect on this server: it tests each new"
        in refused(MistError, api.backends.add, bad).hint
    )
    assert api.backends.list() == []


def test_a_backend_without_its_hosts_that_cannot_be_removed_again_is_reported(api, key, clouds):
    clouds.fail("answer", method="DELETE", path="/api/v1/clouds/*", status=500, body="Internal Server Error")
    metal = {"title": "Metal", "provider": "other", "credentials": {"machines": hosts("192.0.2.12")}}
    error = refused(MistError, api.backends.add, metal)
    (left,) = api.backends.list()
    assert error.hint == f"The backend ({left['id']}) was added without them, and could not be removed again."


@pytest.mark.parametrize(
    ("spec", "status", "hint"),
    [
        ({**DOCKER, "api_url": "http://nowhere.test"}, 503, "Mist cannot reach the provider, or the provider failed."),
        ({**EC2, "api_secret": "wrong-secret-for-tests-0123456789"}, 401, "The provider rejected the credentials"),
    ],
)
def test_a_provider_that_says_no_is_reported(api, spec, status, hint):
    error = refused(RequestFailed, api.backends.add, spec)
    assert error.status == status
    assert error.hint.startswith(hint)


def test_the_providers_of_the_server_come_with_what_they_need(api):
    providers = {each["provider"]: each for each in api.backends.list_providers()}
    assert providers["ec2"]["title"] == "Amazon Web Services"
    assert providers["ec2"]["required"] == ["api_key", "api_secret", "region"]
    assert len(providers) == len(api.backends.list_providers())
    assert api.backends.canonical_provider("amazon") == api.backends.canonical_provider("ec2_us_east") == "ec2"


def test_what_is_gone_is_not_found(api, ec2, key):
    for ask in (
        lambda: api.backends.remove(UNKNOWN),
        lambda: api.machines.list(UNKNOWN),
        lambda: api.catalogue.list_images(UNKNOWN),
        lambda: api.catalogue.list_locations(UNKNOWN),
        lambda: api.keys.remove(UNKNOWN),
        lambda: api.keys.private("demo"),  # by its name
        lambda: api.machines.act(ec2["id"], UNKNOWN, "stop"),
    ):
        refused(NotFound, ask)


# ---- keys


def test_a_key_is_added_renamed_made_the_default_and_removed(api, private_key):
    first, second = api.keys.add("one", private_key), api.keys.add("two", generate())
    assert (first["default"], second["default"]) == (True, False)
    assert api.keys.private(first["id"]) == private_key
    assert api.keys.public(first["id"]).startswith("ssh-rsa ")
    api.keys.rename(second["id"], "three")
    api.keys.make_default(second["id"])
    assert {each["name"]: each["default"] for each in api.keys.list()} == {"one": False, "three": True}
    assert api.keys.predict_renamed(second, "three")["id"] == second["id"]
    api.keys.remove(first["id"])
    assert [each["name"] for each in api.keys.list()] == ["three"]


def test_the_name_of_a_removed_key_can_be_used_again(clouds, api, key, private_key):
    api.keys.remove(key["id"])
    assert clouds.writes[-1].body == {"delete_from_vault": True}
    assert api.keys.add("demo", private_key)["id"] != key["id"]


def test_a_name_that_is_taken_is_a_conflict_and_nothing_is_overwritten(api, key, private_key):
    error = refused(Conflict, api.keys.add, "demo", generate())
    assert error.hint.startswith("A key with this name exists, or the secret of a deleted one is still in")
    other = api.keys.add("other", generate())
    assert refused(Conflict, api.keys.rename, other["id"], "demo").hint == "Another key has this name."
    assert api.keys.private(key["id"]) == private_key


def test_a_name_with_a_slash_is_fine_for_keys_go_by_ids(api, private_key):
    added = api.keys.add("my key/1", private_key)
    assert api.keys.private(added["id"]) == private_key
    api.keys.remove(added["id"])


def test_an_empty_name_is_refused_before(clouds, api):
    clouds.forget()
    for ask in (
        lambda: api.keys.add(" ", "private"),
        lambda: api.keys.rename("k", ""),
        lambda: api.keys.check_name(""),
    ):
        refused(InvalidValue, ask)
    assert clouds.writes == []


def test_a_key_is_replaced_under_its_name(api, key):
    other = generate()
    new = api.keys.replace(key["id"], other)
    assert new["name"] == "demo"
    assert [each["id"] for each in api.keys.list()] == [new["id"]]
    assert api.keys.private(new["id"]) == other


def test_a_replacement_that_was_interrupted_is_finished_by_the_next(clouds, api, key):
    other = generate()
    clouds.fail("answer", status=500, method="DELETE", times=1)
    refused(RequestFailed, api.keys.replace, key["id"], other)
    assert len(api.keys.list()) == 2
    new = api.keys.replace(key["id"], other)
    assert [(each["id"], each["name"]) for each in api.keys.list()] == [(new["id"], "demo")]


def test_keys_that_the_server_refuses_are_refused_before(clouds, clouds_client):
    clouds_client.api.find_out()
    clouds.forget()
    for armour, hint in (
        ("EC PRIVATE KEY", "Generate one: ssh-keygen -t rsa"),
        ("ENCRYPTED PRIVATE KEY", "Convert a copy of it: ssh-keygen -p"),
    ):
        private = f"-----BEGIN {armour}-----\nAAAA\n-----END {armour}-----\n"
        error = refused(InvalidValue, clouds_client.api.keys.check_private, private)
        assert error.hint.startswith(hint)
    assert clouds.requests == []


# ---- keys on machines


def test_a_key_is_put_on_a_machine_and_taken_off(api, machine, key):
    at = (machine["backend_id"], machine["id"])
    (there,) = api.keys.associate(key["id"], *at, "ignored.test", None, 22)
    assert (there["backend_id"], there["machine_id"], there["user"], there["port"]) == (*at, "root", 22)
    assert api.keys.dissociate(key["id"], *at, None) == []


@pytest.fixture
def locked(api, host):
    """Where a machine is that no key opens, with the id of a key, and a port that does not answer."""
    api.keys.dissociate(api.keys.list()[0]["id"], host["backend_id"], host["id"], None)
    return (api.keys.add("other", generate())["id"], host["backend_id"], host["id"], "h", "root", 2299)


def associations(api, key_id):
    return next(each for each in api.keys.list() if each["id"] == key_id)["machines"]


def test_an_association_that_failed_is_taken_back(clouds, api, locked):
    error = refused(RequestFailed, api.keys.associate, *locked)
    assert (error.status, error.text) == (503, "Service unavailable: SSH timed-out repeatedly.")
    assert error.hint == "Mist cannot log in to the host by SSH. Check its address, port and keys."
    assert lines(clouds)[-1] == f"DELETE /api/v1/machines/{locked[2]}/keys/{locked[0]}"
    assert associations(api, locked[0]) == []


def test_an_association_that_failed_is_kept_if_that_is_wanted(api, locked):
    refused(RequestFailed, lambda: api.keys.associate(*locked, keep_failed=True))
    (kept,) = associations(api, locked[0])
    assert (kept["user"], kept["port"], kept["last_used"]) == ("root", 2299, None)


def test_an_association_that_was_there_before_is_not_taken_back(api, locked):
    refused(RequestFailed, lambda: api.keys.associate(*locked, keep_failed=True))
    refused(RequestFailed, api.keys.associate, *locked)
    assert len(associations(api, locked[0])) == 1


def test_a_key_may_be_named_by_its_name(api, machine, key):
    at = (machine["backend_id"], machine["id"])
    assert api.keys.associate("demo", *at, "h", None, 22)
    assert api.machines.probe(*at, "h", "demo", None)["ssh"]


# ---- machines


def test_a_machine_is_stopped_started_and_rebooted_without_a_pause(clouds, api, machine):
    at = (machine["backend_id"], machine["id"])
    for action, state in (("stop", "stopped"), ("start", "running"), ("reboot", "running"), ("stop", "stopped")):
        (after,) = api.machines.act(*at, action)
        assert after["state"] == state
    act, look = f"POST /api/v1/machines/{machine['id']}", f"GET /api/v1/clouds/{machine['backend_id']}/machines"
    assert lines(clouds) == [act, look] * 4


def test_what_a_machine_does_not_take_now_is_reported(api, machine):
    at = (machine["backend_id"], machine["id"])
    for action in ("start", "suspend"):
        error = refused(RequestFailed, api.machines.act, *at, action)
        assert str(error).endswith(
            f"answered 403: Forbidden: Machine doesn't support {action}."
            " The provider does not support this action, or the current state of the machine does not allow it."
        )


def test_a_machine_is_renamed_and_resized(api, machine):
    at = (machine["backend_id"], machine["id"])
    (renamed,) = api.machines.rename(*at, "db")
    assert renamed["name"] == "db"
    size = next(each for each in api.catalogue.list_sizes(at[0]) if "t2.small" in each["name"])
    api.machines.act(*at, "stop")
    (resized,) = api.machines.resize(*at, size["id"])
    assert resized["size"] == size["name"]


def test_tags_are_added_changed_and_removed(clouds, api, machine):
    at = (machine["backend_id"], machine["id"])
    api.machines.change_tags(*at, {"env": "test", "role": "web"}, {})
    clouds.forget()
    api.machines.change_tags(*at, {"env": "prod", "empty": ""}, {"role": "web", "nosuch": ""})
    assert lines(clouds) == ["POST /api/v1/tags"]
    (tagged,) = api.machines.list(at[0])
    assert tagged["tags"] == {"env": "prod", "empty": ""}


def test_a_machine_can_expire(api, machine):
    expiration = {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 3600}
    api.machines.expire(machine["backend_id"], machine["id"], expiration)
    (after,) = api.machines.list(machine["backend_id"])
    assert after["expiration"] == expiration


def test_a_destroyed_machine_is_terminated_and_cannot_be_destroyed_twice(api, machine):
    at = (machine["backend_id"], machine["id"])
    assert [each["state"] for each in api.machines.act(*at, "destroy")] in ([], ["terminated"])
    assert "has been terminated" in refused(NotFound, api.machines.act, *at, "destroy").text


def test_a_host_is_removed_though_the_server_says_that_it_failed(clouds, api, host):
    assert api.machines.remove(host["backend_id"], host["id"]) == []
    assert [each.status for each in clouds.requests] == [500, 200]


def test_a_host_that_could_not_be_removed_is_reported(clouds, api, host):
    clouds.fail("answer", status=500, body="Internal Server Error", method="POST")
    error = refused(RequestFailed, api.machines.remove, host["backend_id"], host["id"])
    assert error.status == 500


def test_a_machine_of_a_provider_is_not_removed(api, machine):
    error = refused(RequestFailed, api.machines.remove, machine["backend_id"], machine["id"])
    assert error.text.startswith("Bad Request: Machines on public clouds can't be removed.")


def test_all_machines_are_one_request(clouds, api, machine, host):
    clouds.forget()
    everything = api.machines.list_all()
    assert {each["id"] for each in everything} == {machine["id"], host["id"]}
    assert lines(clouds) == ["GET /api/v1/machines"]


def test_the_id_of_a_machine_is_mists_and_the_providers_is_not_taken_for_it(api, machine):
    assert machine["id"] != machine["external_id"]
    error = refused(NotFound, api.machines.act, machine["backend_id"], machine["external_id"], "stop")
    assert str(error).endswith(
        f"answered 404: Not Found: Machine {machine['external_id']} doesn't exist."
        " Check that this is the machine's id in Mist, not the provider's id."
    )


def test_a_probe_without_ssh_is_an_answer(api, machine, key):
    at = (machine["backend_id"], machine["id"])
    assert api.machines.probe(*at, "h", None, None)["ssh"]
    api.keys.dissociate(key["id"], *at, None)
    seen = api.machines.probe(*at, "h", None, None)
    assert (seen["ssh"], seen["ping"], seen["uptime"]) == (False, False, None)


# ---- what machines are made of


def test_images_are_searched_and_listed(clouds, api, ec2):
    found = api.catalogue.list_images(ec2["id"], "ubuntu")
    assert found
    assert all("ubuntu" in each["name"].lower() for each in found)
    assert clouds.requests[0].body == {"search_term": "ubuntu"}
    assert len(api.catalogue.list_images(ec2["id"])) > len(found)
    assert {each["starred"] for each in found} == {False}


def test_a_starred_image_is_returned(api, clouds_client, ec2):
    image = api.catalogue.list_images(ec2["id"])[0]
    clouds_client.request(f"api/v1/clouds/{ec2['id']}/images/{image['id']}").post()
    assert next(each for each in api.catalogue.list_images(ec2["id"]) if each["id"] == image["id"])["starred"]


def test_sizes_locations_and_networks_go_by_mists_ids(api, ec2):
    for listing in (api.catalogue.list_sizes, api.catalogue.list_locations, api.catalogue.list_networks):
        found = listing(ec2["id"])
        assert found
        assert all(len(each["id"]) == 32 for each in found)


@pytest.mark.parametrize(
    ("word", "backend"), [("f" * 32, True), ("ami-0123abcd", False), ("t2.micro", False), ("Ubuntu", False)]
)
def test_only_a_backends_id_is_known_by_its_looks(api, word, backend):
    assert api.backends.looks_like_id(word) is backend


# ---- monitoring


def test_monitoring_is_switched_on_and_off(api, machine):
    at = (machine["backend_id"], machine["id"])
    answer = api.monitoring.enable(at[0], machine)
    assert answer["command"].startswith("wget")
    assert api.machines.list(at[0])[0]["monitored"]
    assert [each["machine_id"] for each in api.monitoring.list()] == [machine["id"]]
    api.monitoring.disable(*at)
    assert not api.machines.list(at[0])[0]["monitored"]
    assert api.monitoring.list() == []


def test_where_monitoring_is_off_it_is_reported(api, machine):
    at = (machine["backend_id"], machine["id"])
    for ask in (
        lambda: api.monitoring.get_stats(*at, 0, 10, 10),
        lambda: api.monitoring.disable(*at),
        lambda: api.monitoring.deploy_plugin(*at, "h", "disk usage", "def read(): return 1", "gauge", ""),
    ):
        assert (
            refused(RequestFailed, ask).hint
            == "Monitoring is not enabled on this machine. Enable it with mist_monitoring."
        )


def test_stats_are_asked_for_as_long_ago(clouds, api, machine, monkeypatch):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    now = 1_795_000_000
    monkeypatch.setattr(monitoring, "time", SimpleNamespace(time=lambda: float(now)))
    clouds.forget()
    assert "system.load1" in api.monitoring.get_stats(*at, now - 300, now + 10, 10)
    api.monitoring.get_stats(*at, now - 300, now - 100, 10)
    api.monitoring.get_stats(*at, now, now + 10, 10)
    assert [each.query for each in clouds.requests] == [
        {"start": "-300sec", "step": "10sec"},
        {"start": "-300sec", "stop": "-100sec", "step": "10sec"},
        {"start": "-10sec", "step": "10sec"},
    ]


def test_metrics_are_listed_added_and_removed(api, machine):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    assert api.monitoring.list_metrics(*at)["system.load5"]["name"] == "SYSTEM load5"
    api.monitoring.add_metric(*at, "system.load5")
    assert [metric["id"] for metric in api.monitoring.list()[0]["metrics"]] == ["system.load5"]
    api.monitoring.remove_metric(*at, "system.load5")
    refused(NotFound, api.monitoring.remove_metric, *at, "system.load5")


@pytest.mark.parametrize("code", ["def read():\n    return 1\n", '#!/bin/sh\necho "disk_usage value=1"\n'])
def test_a_plugin_is_a_python_function_or_a_script(clouds, api, machine, code):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    clouds.forget()
    deployed = api.monitoring.deploy_plugin(*at, "h", "Disk usage", code, "gauge", "%")
    assert deployed["metric_id"] == api.monitoring.plugin_metric("Disk usage") == "disk_usage.value"
    assert (api.monitoring.plugin_of(deployed["metric_id"]), api.monitoring.plugin_of("system.load1")) == (
        "disk_usage",
        None,
    )
    sent = clouds.requests[0].body
    assert sent["read_function"].startswith("#!/")
    assert code.rstrip() in sent["read_function"]
    assert (sent["plugin_type"], sent["name"], sent["unit"], sent["value_type"]) == (
        "python",
        "Disk usage",
        "%",
        "gauge",
    )
    assert [metric["id"] for metric in api.monitoring.list()[0]["metrics"]] == ["disk_usage.value"]
    api.monitoring.remove_plugin(*at, "h", "Disk usage")


def test_the_script_of_a_python_function_prints_what_the_agent_reads(capsys):
    exec(monitoring.as_script("disk_usage", "def read():\n    return 1.5\n"), {})
    assert capsys.readouterr().out == "disk_usage value=1.5\n"


def deploy(api, machine, number, value_type="gauge"):
    code = f"def read():\n    return {number}  # mark{number}\n"
    return api.monitoring.deploy_plugin(machine["backend_id"], machine["id"], "h", "Disk usage", code, value_type, "")


def scripts(clouds_client):
    return [each["name"] for each in clouds_client.request("api/v1/scripts").get().json()]


def test_a_plugin_is_put_in_the_place_of_an_older_one(api, machine, clouds_client):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    for number in (1, 2):
        assert deploy(api, machine, number)["metric_id"] == "disk_usage.value"
        found = api.monitoring.find_in_plugins(*at, "h", {"Disk usage": f"mark{number}", "other": "mark1"})
        assert found == {"Disk usage"}
    assert api.monitoring.find_in_plugins(*at, "h", {"Disk usage": "mark1"}) == set()
    assert len(scripts(clouds_client)) == 1
    api.monitoring.remove_plugin(*at, "h", "Disk usage")
    assert scripts(clouds_client) == []
    assert deploy(api, machine, 3)["metric_id"] == "disk_usage.value"  # though the old metric is still there


def test_each_machine_has_a_plugin_of_its_own(api, ec2, machine):
    other = create(api, ec2, "db", key="demo")
    for each, number in ((machine, 1), (other, 2)):
        api.monitoring.enable(ec2["id"], each)
        deploy(api, each, number)
    assert api.monitoring.find_in_plugins(ec2["id"], machine["id"], "h", {"Disk usage": "mark1"})
    assert not api.monitoring.find_in_plugins(ec2["id"], other["id"], "h", {"Disk usage": "mark1"})


def test_a_plugin_that_could_not_be_deployed_is_not_found_there(api, machine, key, clouds_client):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    deploy(api, machine, 1)
    api.keys.dissociate(key["id"], *at, None)
    assert refused(RequestFailed, deploy, api, machine, 2).status == 503
    assert api.monitoring.find_in_plugins(*at, "h", {"Disk usage": "mark2"}) == set()
    assert scripts(clouds_client) == []


def test_a_derived_plugin_goes_by_the_same_metric(api, machine):
    at = (machine["backend_id"], machine["id"])
    api.monitoring.enable(at[0], machine)
    assert deploy(api, machine, 1, "derive")["metric_id"] == "disk_usage.value"
    assert [metric["id"] for metric in api.monitoring.list()[0]["metrics"]] == ["disk_usage.value"]
    api.monitoring.remove_metric(*at, "disk_usage.value")
    assert api.monitoring.list()[0]["metrics"] == []


def test_where_scripts_cannot_be_listed_nobody_can_tell(clouds, api, machine):
    clouds.fail("answer", status=404, body="<html></html>", path="/api/v1/scripts")
    assert api.monitoring.find_in_plugins(machine["backend_id"], machine["id"], "h", {"x": "y"}) is None


@pytest.mark.parametrize("code", ["print(1)", ""])
def test_code_that_is_no_plugin_is_refused_before(clouds, api, code):
    clouds.forget()
    refused(InvalidValue, api.monitoring.deploy_plugin, "b", "m", "h", "disk usage", code, "gauge", "")
    assert clouds.requests == [] or lines(clouds) == ["GET /api/v1/clouds"]


# ---- what only the other generation can do


@pytest.mark.parametrize("option", ["image_extra", "disk", "ips"])
def test_an_option_of_2014_is_reported_as_one(clouds, api, ec2, option):
    spec = {"name": "web", "image": "f" * 32, "size": "", option: ["x"]}
    for ask in (lambda: api.machines.check_spec(spec), lambda: api.machines.create(ec2["id"], spec)):
        assert str(refused(NotSupported, ask)) == (
            "Servers of generation 'clouds' (2016 and later) cannot create a machine with"
            f" {option}. This requires a server of generation 'backends' (2014 and 2015)."
        )
    assert clouds.writes == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.machines.rename("b", "m", "web"),
        lambda api: api.machines.remove("b", "m"),
        lambda api: api.machines.expire("b", "m", {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 0}),
        lambda api: api.machines.act("b", "m", "suspend"),
        lambda api: api.machines.change_tags("b", "m", {"env": "prod"}, {}),
        lambda api: api.backends.update_credentials("b", {"api_key": "k"}),
        lambda api: api.machines.check_spec({"name": "web", "image": "i", "size": "s", "tags": {"a": "b"}}),
        lambda api: api.machines.check_spec({"name": "web", "image": "i", "size": "s", "networks": ["n"]}),
        lambda api: api.session.check_org("mine"),
    ],
)
def test_an_operation_of_2016_is_reported_as_one(emulator, ask):
    error = refused(NotSupported, ask, MistClient(emulator.uri, generation="backends").api)
    assert "'backends' (2014 and 2015)" in str(error)
    assert "'clouds' (2016 and later)" in str(error)
    assert emulator.requests == []


def test_2014_has_no_list_of_all_machines(emulator):
    assert MistClient(emulator.uri).api.machines.list_all() is None


def test_a_tag_of_2014_has_no_value(emulator):
    api = MistClient(emulator.uri).api
    backend = api.backends.add({**EC2, "provider": "ec2_us_east", "region": ""})
    api.keys.add("demo", generate())
    made = api.machines.create(
        backend["id"], {"name": "web", "image": "ami-76817c1e", "size": "t1.micro", "location": "0"}
    )
    at = (backend["id"], made["id"])
    api.machines.change_tags(*at, {"prod": "", "role": ""}, {})
    api.machines.change_tags(*at, {}, {"role": "", "nosuch": ""})
    (tagged,) = api.machines.list(backend["id"])
    assert tagged["tags"] == {"prod": ""}


# ---- through the classes of the first client


def test_a_key_is_found_by_its_id_and_by_its_name(clouds_client, key):
    assert clouds_client.search_key(key["id"]) is clouds_client.search_key("demo") is clouds_client.keys[key["id"]]
    assert clouds_client.search_key("nosuch") is None


def test_the_first_clients_way_to_make_a_machine(clouds_client, ec2, key):
    backend = clouds_client.search_backend("EC2")
    image, size = backend.search_image("ubuntu")[0], backend.sizes[0]
    made = backend.create_machine(
        "web", clouds_client.keys[key["id"]], image["id"], backend.locations[1]["id"], size["id"]
    )
    assert backend.machine_from_name("web") is backend.machines[made.id]
    assert made.id in backend.machines
    assert made.stop()[made.id].info["state"] == "stopped"


# ---- answers that are none


@pytest.mark.parametrize("body", ["[]", "{}", "null", "17", "[1]", '[{"id": 1}]', '{"id": null}', '"OK"'])
@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.backends.list_providers(),
        lambda api: api.backends.add(DOCKER),
        lambda api: api.keys.generate(),
        lambda api: api.keys.add("k", "private"),
        lambda api: api.machines.create("b", {"name": "m", "image": "i"}),
        lambda api: api.monitoring.list(),
        lambda api: api.monitoring.enable("b", {"id": "m"}),
        lambda api: api.machines.probe("b", "m", "h", None, None),
        lambda api: api.monitoring.deploy_plugin("b", "m", "h", "name", "#!/bin/sh", "gauge", ""),
        lambda api: api.session.log_in("me@mist.test", "password-for-tests-0123456789", None),
        lambda api: api.session.check_org("mine"),
    ],
)
def test_no_json_makes_anything_but_a_sentence(clouds, api, ask, body):
    clouds.fail("answer", status=200, body=body, headers={"Content-Type": "application/json"})
    assert "answered with unexpected JSON: expected" in str(refused(NotMist, ask, api))


@pytest.mark.parametrize("body", ["{}", "null", "17", "[1]", '[{"id": 1}]', '"OK"'])
@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.backends.list(),
        lambda api: api.keys.list(),
        lambda api: api.machines.list("b"),
        lambda api: api.machines.list_all(),
        lambda api: api.catalogue.list_images("b"),
        lambda api: api.catalogue.list_sizes("b"),
        lambda api: api.catalogue.list_locations("b"),
        lambda api: api.catalogue.list_networks("b"),
    ],
)
def test_no_json_makes_a_list_but_one_of_the_right_things(clouds, api, ask, body):
    clouds.fail("answer", status=200, body=body, headers={"Content-Type": "application/json"})
    assert "answered with unexpected JSON: expected a list of" in str(refused(NotMist, ask, api))
