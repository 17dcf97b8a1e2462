# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""MistClient and what it hands out: the login, what is remembered, look-ups, and what the server would do badly."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    Conflict,
    InvalidValue,
    MistClient,
    NoAnswer,
    RequestFailed,
    WriteRefused,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.helpers import RequestsHandler
from ansible_collections.mistio.cloud.tests.emulator import running

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
EC2 = ("ec2_us_east", "demo-ec2-key", "ec2-secret-for-tests-0123456789")
SECOND_EC2 = ("ec2_us_east", "second-ec2-key", "ec2-second-secret-for-tests-0123456789")
OPENSTACK = {
    "provider": "openstack",
    "key": "demo",
    "secret": "openstack-password-for-tests-0123456789",
    "tenant_name": "demo",
    "apiurl": "http://openstack.test:5000",
}
IMAGE, SIZE = "ami-76817c1e", "t1.micro"


@pytest.fixture
def backend(client, private_key):
    """An EC2 account, on a server that has one key."""
    client.add_key("web", private_key)
    return client.add_backend("Production", *EC2)


def create(backend, name, **more):
    return backend.create_machine(name, None, IMAGE, "0", SIZE, **more)


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


# ---- login


@pytest.fixture
def hosted():
    """A server that wants a token with every call."""
    with running(require_login=True) as emulator:
        yield emulator


def token_of(hosted):
    """A token that the server gave to this user, as the header that was sent with it."""
    assert MistClient(hosted.uri, EMAIL, PASSWORD).backends == {}
    header = hosted.requests[-1].headers["Authorization"]
    hosted.forget()
    return header


def test_a_login_gives_a_token_that_is_shown_from_then_on(hosted):
    client = MistClient(hosted.uri, EMAIL, PASSWORD)
    assert (client.backends, client.keys) == ({}, {})
    _of_2016, log_in, *later = hosted.requests
    assert (log_in.line, log_in.body) == ("POST /auth", {"email": EMAIL, "password": PASSWORD})
    assert "Authorization" not in log_in.headers
    token = later[0].headers["Authorization"].removeprefix(f"mist_1 {EMAIL}:")
    assert len(token) == 64
    assert [each.headers["Authorization"] for each in later] == [f"mist_1 {EMAIL}:{token}"] * 2


def test_a_standalone_server_takes_a_login_and_wants_no_token(emulator):
    client = MistClient(emulator.uri, EMAIL, PASSWORD)
    assert client.backends == {}
    assert lines(emulator) == ["POST /api/v1/tokens", "POST /auth", "GET /backends"]
    assert "Authorization" not in emulator.requests[-1].headers


def test_a_wrong_password_is_reported_and_not_shown(hosted):
    with pytest.raises(RequestFailed) as failure:
        MistClient(hosted.uri, EMAIL, "wrong-password-for-tests-0123456789")
    assert str(failure.value) == (
        f"POST {hosted.uri}/auth answered 401: Not authorized. Authentication failed."
        " Check mist_api_token, or mist_email and mist_password."
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_token_may_be_given_whole_or_bare(hosted, whole):
    header = token_of(hosted)
    if whole:
        client = MistClient(hosted.uri, api_token=f"  {header}\n")
    else:
        client = MistClient(hosted.uri, EMAIL, api_token=header.partition(":")[2])
    assert client.backends == {}
    assert lines(hosted) == ["GET /api/v1/clouds", "GET /backends"]
    assert hosted.requests[-1].headers["Authorization"] == header


def test_a_token_beats_a_password(hosted):
    header = token_of(hosted)
    MistClient(hosted.uri, EMAIL, PASSWORD, api_token=header).update_keys()
    assert lines(hosted) == ["GET /api/v1/keys", "GET /keys"]


def test_without_a_login_a_hosted_server_refuses(hosted):
    with pytest.raises(RequestFailed, match="answered 401: Not authorized"):
        MistClient(hosted.uri).update_backends()


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        (EMAIL, None, "mist_email requires mist_password. Set both or neither."),
        (EMAIL, "", "mist_email requires mist_password. Set both or neither."),
        (None, PASSWORD, "mist_password requires mist_email. Set both or neither."),
    ],
)
def test_half_a_login_is_refused_before_anything_is_sent(emulator, email, password, said):
    with pytest.raises(InvalidValue) as refusal:
        MistClient(emulator.uri, email, password)
    assert str(refusal.value) == said
    assert emulator.requests == []


def test_a_client_alone_asks_nothing(emulator):
    MistClient(emulator.uri)
    MistClient(emulator.uri, "", "", api_token="")
    assert emulator.requests == []


def test_a_reader_can_log_in(hosted):
    with MistClient(hosted.uri, EMAIL, PASSWORD, read_only=True) as client:
        assert client.backends == {}
        with pytest.raises(WriteRefused):
            client.generate_key()


# ---- what is remembered


def test_backends_keys_and_machines_are_asked_for_once(emulator, client, backend):
    fresh = MistClient(emulator.uri)
    emulator.forget()
    for _time in range(3):
        assert len(fresh.backends) == 1
        assert len(fresh.keys) == 1
        assert fresh.backends[backend.id].machines == {}
    assert lines(emulator) == ["GET /backends", "GET /keys", f"GET /backends/{backend.id}/machines"]


def test_what_another_client_did_is_seen_after_an_update(emulator, client):
    assert client.backends == {}
    added = MistClient(emulator.uri).add_backend("Production", *EC2)
    assert client.backends == {}
    assert list(client.update_backends()) == [added.id]
    assert list(client.backends) == [added.id]


def test_that_there_is_nothing_is_remembered_too(emulator, client):
    assert (client.backends, client.backends) == ({}, {})
    assert lines(emulator) == ["GET /backends"]


def test_a_failed_update_leaves_what_was_remembered(emulator, client, backend):
    emulator.fail("answer", status=500)
    with pytest.raises(RequestFailed):
        client.update_backends()
    assert list(client.backends) == [backend.id]


def test_an_action_brings_the_machines_up_to_date_without_asking_again(emulator, backend):
    machine = create(backend, "web-1")
    emulator.forget()
    assert machine.stop()[machine.id].info["state"] == "stopped"
    assert backend.machines[machine.id].info["state"] == "stopped"
    assert lines(emulator) == [f"POST /backends/{backend.id}/machines/{machine.id}"]


# ---- backends


def test_two_backends_with_one_title_cannot_be_distinguished_by_it(client):
    ids = [client.add_backend("Production", *account).id for account in (EC2, SECOND_EC2)]
    with pytest.raises(InvalidValue) as refusal:
        client.backend_from_title("Production")
    said = str(refusal.value)
    assert said.startswith("2 backends have the title 'Production': ")
    assert said.endswith(" Select one by its id.")
    assert all(each in said for each in ids)
    with pytest.raises(InvalidValue, match="2 backends are of the provider 'ec2_us_east'"):
        client.search_backend("ec2_us_east")
    assert client.search_backend(ids[0]).id == ids[0]


def test_a_title_beats_a_provider(client):
    client.add_backend("one", *EC2)
    named = client.add_backend("ec2_us_east", **OPENSTACK)
    assert client.search_backend("ec2_us_east").id == named.id


def test_add_sends_what_is_set_under_the_names_of_the_server(emulator, client):
    client.add_backend("Stack", region="north", compute_endpoint="http://compute.test", **OPENSTACK)
    assert emulator.requests[0].body == {
        "title": "Stack",
        "provider": "openstack",
        "apikey": "demo",
        "apisecret": OPENSTACK["secret"],
        "tenant_name": "demo",
        "region": "north",
        "apiurl": "http://openstack.test:5000",
        "compute_endpoint": "http://compute.test",
        "remove_on_error": True,
    }


def test_a_backend_can_be_added_without_trying_its_credentials(client):
    added = client.add_backend("Later", "linode", secret="linode-key-for-tests-0123456789", validate=False)
    assert (added.title, added.provider) == ("Later", "linode")


def test_a_host_is_added_under_its_address_whatever_its_title(emulator, client):
    client.add_key("demo", client.generate_key())
    host = client.add_backend("caf\u00e9", "bare_metal", machine_ip="192.0.2.11", machine_key="demo", machine_port=2222)
    assert (host.title, list(host.machines)) == ("192.0.2.11", ["1920211"])
    assert emulator.requests[3].body["machine_port"] == 2222


def test_a_docker_engine_has_a_port(emulator, client):
    added = client.add_backend("Docker", "docker", apiurl="http://docker.test", docker_port=4243)
    assert added.provider == "docker"
    assert emulator.requests[0].body["docker_port"] == 4243


@pytest.mark.parametrize("title", ["", "  ", "caf\u00e9"])
def test_a_title_that_the_server_would_alter_is_refused(emulator, client, title):
    with pytest.raises(InvalidValue):
        client.add_backend(title, *EC2)
    assert emulator.requests == []


# ---- machines


@pytest.mark.server
def test_a_new_machine_is_there_before_it_runs(private_key):
    with running(boot_seconds=60) as emulator, MistClient(emulator.uri) as client:
        client.add_key("web", private_key)
        machine = create(client.add_backend("Production", *EC2), "web-1")
        assert machine.info["state"] == "pending"


def test_the_admin_password_of_a_create_is_not_kept(emulator, client, private_key):
    client.add_key("web", private_key)
    stack = client.add_backend("Stack", **OPENSTACK)
    (image,) = [image["id"] for image in stack.images if image["name"].startswith("Ubuntu")]
    emulator.fail("answer", status=200, body="[]", headers={"Content-Type": "application/json"}, method="GET")
    machine = stack.create_machine("db", client.keys["web"], image, "0", "1")
    assert machine.info["state"] == "pending"
    assert "password" not in machine.info["extra"]
    assert stack.machines == {}


def test_a_terminated_machine_gives_its_name_and_address_free(backend):
    old = create(backend, "web-1")
    old.destroy()
    new = create(backend, "web-1")
    assert sorted(backend.machines) == sorted([old.id, new.id])
    assert backend.machine_from_name("web-1").id == new.id
    assert backend.search_machine(old.id).info["state"] == "terminated"


def test_two_machines_with_one_name_cannot_be_distinguished_by_it(backend):
    ids = [create(backend, "web-1").id for _number in range(2)]
    with pytest.raises(InvalidValue, match="2 machines have the name 'web-1'"):
        backend.machine_from_name("web-1")
    assert [backend.search_machine(each).id for each in ids] == ids


def test_further_fields_of_a_create_reach_the_server(emulator, backend):
    emulator.forget()
    create(backend, "web-1", script="true", ips=["192.0.2.1"], parameters={"image_name": "Ubuntu"})
    sent = emulator.requests[0].body
    assert (sent["script"], sent["ips"], sent["image_name"]) == ("true", ["192.0.2.1"], "Ubuntu")
    assert "parameters" not in sent
    assert "key" not in sent


def test_a_script_that_the_server_refuses_is_refused_before_it_is_sent(emulator, backend):
    emulator.forget()
    with pytest.raises(InvalidValue, match="Invalid script: this server only accepts ASCII"):
        create(backend, "web-1", script="echo caf\u00e9")
    assert emulator.requests == []


def test_a_machine_whose_create_lost_its_answer_is_there(emulator, backend):
    emulator.fail("cut", method="POST", after_work=True)
    with pytest.raises(NoAnswer) as failure:
        create(backend, "web-1")
    assert failure.value.sent
    assert backend.update_machines()
    assert backend.machine_from_name("web-1")


def test_a_machine_without_an_address_cannot_be_probed(emulator, backend):
    machine = create(backend, "web-1")
    machine.info.update(public_ips=[], private_ips=[])
    emulator.forget()
    for ask in (machine.probe, lambda: machine.associate_key("web")):
        with pytest.raises(InvalidValue) as refusal:
            ask()
        assert str(refusal.value) == (
            f"Machine web-1 ({machine.id}) has no address. Check that it is running, or set host."
        )
    assert emulator.requests == []


def test_a_plugin_that_raises_tells_what_the_machine_said(emulator, client, private_key, tmp_path):
    with MistClient(emulator.uri, EMAIL, PASSWORD) as client:
        client.add_key("web", private_key)
        machine = create(client.add_backend("Production", *EC2), "web-1")
        plugin = tmp_path / "broken.py"
        plugin.write_text("def read():\n    return 1 / 0\n", encoding="utf-8")
        with pytest.raises(RequestFailed) as failure:
            machine.add_python_plugin("broken", plugin)
    assert "ZeroDivisionError" in failure.value.text


def test_a_plugin_can_be_taken_off_again(emulator, private_key, tmp_path):
    with MistClient(emulator.uri, EMAIL, PASSWORD) as client:
        client.add_key("web", private_key)
        machine = create(client.add_backend("Production", *EC2), "web-1")
        emulator.forget()
        assert machine.remove_python_plugin("Disk usage")["metric_id"] is None
    assert lines(emulator)[0].endswith("/plugins/disk_usage")


def test_stats_begin_now_by_default(emulator, private_key, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1234.9)
    with MistClient(emulator.uri, EMAIL, PASSWORD) as client:
        client.add_key("web", private_key)
        machine = create(client.add_backend("Production", *EC2), "web-1")
        machine.enable_monitoring()
        machine.get_stats()
    assert emulator.requests[-1].query == {"start": "1234", "stop": "1244", "step": "10"}


# ---- keys


def test_a_rename_never_destroys_another_key(emulator, client, private_key):
    one, two = client.add_key("one", private_key), client.add_key("two", private_key)
    emulator.forget()
    with pytest.raises(InvalidValue) as refusal:
        one.rename("two")
    assert str(refusal.value) == ("The key 'two' already exists, and a rename would overwrite it. Remove it first.")
    assert emulator.writes == []
    assert list(two.rename("two")) == ["one", "two"]


def test_a_key_of_another_client_is_seen_before_a_rename(emulator, client, private_key):
    one = client.add_key("one", private_key)
    MistClient(emulator.uri).add_key("two", private_key)
    with pytest.raises(InvalidValue, match="would overwrite it"):
        one.rename("two")


def test_a_key_that_is_there_is_a_conflict(client, private_key):
    client.add_key("one", private_key)
    with pytest.raises(Conflict, match="Keypair exists: one"):
        client.add_key("one", private_key)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b"])
def test_a_name_under_which_a_key_could_not_be_read_is_refused(emulator, client, private_key, name):
    key = client.add_key("one", private_key)
    emulator.forget()
    with pytest.raises(InvalidValue):
        client.add_key(name, private_key)
    with pytest.raises(InvalidValue):
        key.rename(name)
    assert emulator.writes == []


# ---- requests by hand


def test_a_request_by_hand_needs_no_client(emulator):
    assert RequestsHandler(f"{emulator.uri}/backends").get().json() == []
    assert "Authorization" not in emulator.requests[0].headers


def test_a_request_by_hand_shows_the_token_that_it_is_given(hosted):
    header = token_of(hosted)
    assert RequestsHandler(f"{hosted.uri}/backends", api_token=header).get().json() == []
    assert hosted.requests[0].headers["Authorization"] == header


def test_a_request_of_a_client_shows_its_token(hosted):
    client = MistClient(hosted.uri, EMAIL, PASSWORD)
    assert client.request("backends").get().json() == []
    assert client.request(f"{hosted.uri}/backends").get().json() == []
    assert hosted.requests[-1].headers["Authorization"] == hosted.requests[-2].headers["Authorization"] != ""


@pytest.mark.parametrize("data", [{"id": "k", "priv": "p"}, '{"id": "k", "priv": "p"}'], ids=["dict", "text"])
def test_data_is_a_dict_or_text(emulator, client, data):
    for handler in (RequestsHandler(f"{emulator.uri}/keys", data), client.request("keys", data)):
        with pytest.raises(RequestFailed, match="Invalid private key"):
            handler.put()
    assert [arrived.body for arrived in emulator.requests] == [{"id": "k", "priv": "p"}] * 2


@pytest.mark.parametrize("data", [None, ""])
def test_without_data_there_is_no_body(emulator, client, data):
    assert client.request("keys", data).post().ok
    assert emulator.requests[0].body is None


def test_data_that_is_no_json_is_refused(emulator, client):
    with pytest.raises(InvalidValue, match="Invalid JSON in the data of the request: Expecting value"):
        client.request("keys", "id=k")
    assert emulator.requests == []


def test_an_address_may_have_a_query_and_any_name(emulator, client, private_key):
    client.add_key("at@sign", private_key)
    assert RequestsHandler(f"{emulator.uri}/keys/at@sign/public?x=1").get().json().startswith("ssh-rsa")
    assert client.request("keys?x=1").get().ok
    assert [arrived.query for arrived in emulator.requests[-2:]] == [{"x": "1"}, {"x": "1"}]


@pytest.mark.parametrize(
    "address", ["https://other.example.test/keys", "http://127.0.0.1:1/keys", "http://127.0.0.1/keys"]
)
def test_a_client_asks_no_other_server(emulator, client, address):
    with pytest.raises(InvalidValue, match="is not a URL of the server"):
        client.request(address).get()
    assert emulator.requests == []


def test_a_time_limit_of_one_request(emulator):
    emulator.fail("hang", seconds=0.3)
    with pytest.raises(NoAnswer, match=r"no complete answer arrived within 0\.1 s"):
        RequestsHandler(f"{emulator.uri}/backends", timeout=0.1).get()


def test_a_failed_request_by_hand_keeps_its_status(emulator):
    with pytest.raises(RequestFailed) as failure:
        RequestsHandler(f"{emulator.uri}/keys/nosuch").delete()
    assert (failure.value.status, failure.value.text) == (404, "u'Keypair not found: nosuch'")
