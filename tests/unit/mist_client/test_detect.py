# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The generation of a server is detected from its answers to ordinary requests, and never from a web page."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    InvalidValue,
    MistClient,
    NoAnswer,
    NotMist,
    NotSupported,
    RequestFailed,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.base import (
    NOUNS,
    Generation,
    is_offline,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.detect import GENERATIONS
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.wire import LOGIN_REQUIRED
from ansible_collections.mistio.cloud.tests.emulator import running

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
PAGE = "<!DOCTYPE html><html><title>Mist</title></html>"


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


@pytest.fixture
def hosted():
    """A server of 2014 that wants a token with every call."""
    with running(require_login=True) as emulator:
        yield emulator


def test_without_a_login_it_is_a_server_of_2014_and_nothing_is_tried(emulator):
    client = MistClient(emulator.uri)
    assert client.api.name == "backends"
    assert emulator.requests == []


# ---- a server of 2016 or later


@pytest.mark.parametrize(
    ("ask", "asked"),
    [
        (lambda api: api.backends.list(), ["GET /api/v1/clouds"]),
        (lambda api: api.keys.list(), ["GET /api/v1/keys"]),
        (lambda api: api.keys.generate(), ["POST /api/v1/keys"]),
        (lambda api: api.machines.list_all(), ["GET /api/v1/machines"]),
    ],
    ids=["backends", "keys", "generate", "machines"],
)
def test_to_find_out_costs_no_request(clouds, ask, asked):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        ask(client.api)
        assert lines(clouds) == asked
        assert client.api.name == "clouds"
        assert lines(clouds) == asked


def test_what_asks_nothing_finds_out_by_the_list_of_backends_which_is_then_known(clouds):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        assert client.api.backends.looks_like_id("f" * 32)
        assert client.backends == {}
        assert lines(clouds) == ["GET /api/v1/clouds"]
        client.update_backends()
        assert lines(clouds) == ["GET /api/v1/clouds"] * 2


def test_a_list_from_before_a_change_is_not_used_after_it(clouds):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        client.api.backends.check_title("Docker")
        client.api.backends.add({"title": "Docker", "provider": "docker", "api_url": "http://docker.test"})
        assert [backend["title"] for backend in client.api.backends.list()] == ["Docker"]


def test_an_error_of_the_api_decides_nothing_and_is_reported(clouds):
    client = MistClient(clouds.uri, api_token=clouds.token, retries=0)
    for fault, kind in (
        ({"status": 401}, RequestFailed),
        ({"status": 403}, RequestFailed),
        ({"status": 500}, RequestFailed),
    ):
        clouds.forget()
        clouds.fail("answer", times=1, **fault)
        with pytest.raises(kind):
            client.update_keys()
        assert lines(clouds) == ["GET /api/v1/keys"]
    clouds.fail("cut", times=1)
    with pytest.raises(NoAnswer):
        client.update_keys()
    assert client.update_keys() == {}
    assert client.api.name == "clouds"


@pytest.mark.parametrize("status", [200, 404])
def test_once_it_is_known_a_web_page_is_no_reason_to_ask_in_another_way(clouds, status):
    client = MistClient(clouds.uri, api_token=clouds.token)
    client.update_keys()
    clouds.forget()
    clouds.fail("answer", status=status, body=PAGE)
    with pytest.raises(NotMist):
        client.update_keys()
    assert lines(clouds) == ["GET /api/v1/keys"]


def test_a_page_of_the_ui_is_never_taken_for_an_answer(clouds):
    client = MistClient(clouds.uri, api_token=clouds.token, generation="backends")
    with pytest.raises(NotMist, match=r"answered 200 with 'Mist.* instead of JSON"):
        client.update_keys()


def test_half_of_a_change_is_not_repeated_in_another_way(clouds):
    client = MistClient(clouds.uri, api_token=clouds.token)
    clouds.fail("answer", status=200, body='{"id": ', headers={"Content-Type": "application/json"}, after_work=True)
    with pytest.raises(NotMist, match="answered with invalid JSON"):
        client.api.backends.add({"title": "Docker", "provider": "docker", "api_url": "http://docker.test"})
    assert lines(clouds) == ["POST /api/v1/clouds"]


def test_a_web_page_after_a_change_is_not_repeated_in_another_way(clouds):
    for ask, line in (
        (lambda api: api.keys.make_default("k"), "POST /api/v1/keys/k"),
        (lambda api: api.keys.generate(), "POST /api/v1/keys"),
    ):
        client = MistClient(clouds.uri, api_token=clouds.token)
        clouds.forget()
        clouds.fail("answer", status=200, body=PAGE, after_work=True)
        with pytest.raises(NotMist):
            ask(client.api)
        assert lines(clouds) == [line]


def test_a_web_page_in_the_middle_of_an_operation_is_not_asked_about_in_another_way(clouds, private_key):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        key = client.add_key("demo", private_key)
    client = MistClient(clouds.uri, api_token=clouds.token)
    clouds.forget()
    clouds.fail("answer", status=404, body=PAGE, method="PUT")
    with pytest.raises(NotMist):
        client.api.keys.associate("demo", "b", "m", "192.0.2.10", None, 22)
    assert lines(clouds) == ["GET /api/v1/keys", f"PUT /api/v1/machines/m/keys/{key.id}"]


# ---- a server of 2014


def test_a_hosted_server_of_2014_is_asked_once_more_and_then_known(hosted):
    with MistClient(hosted.uri, EMAIL, api_token=hosted.token) as client:
        assert client.keys == {}
        assert lines(hosted) == ["GET /api/v1/keys", "GET /keys"]
        assert client.backends == {}
        assert lines(hosted)[2:] == ["GET /backends"]
        assert client.api.name == "backends"
    assert hosted.requests[-1].headers["Authorization"] == f"mist_1 {EMAIL}:{hosted.token}"


def test_a_login_by_password_finds_out_too(hosted):
    with MistClient(hosted.uri, EMAIL, PASSWORD) as client:
        assert client.backends == {}
    assert lines(hosted) == ["POST /api/v1/tokens", "POST /auth", "GET /backends"]


def test_what_asks_nothing_finds_out_by_the_list_of_backends_of_2014_as_well(hosted):
    with MistClient(hosted.uri, EMAIL, api_token=hosted.token) as client:
        assert not client.api.backends.looks_like_id("f" * 32)
        assert client.backends == {}
    assert lines(hosted) == ["GET /api/v1/clouds", "GET /backends"]


def test_a_change_is_made_once(hosted):
    with MistClient(hosted.uri, EMAIL, api_token=hosted.token) as client:
        client.api.backends.add({"title": "Docker", "provider": "docker", "api_url": "http://docker.test"})
        assert len(client.backends) == 1
    assert [each.status for each in hosted.writes] == [404, 200]


def test_a_wrong_token_of_2014_is_reported_in_its_own_words(hosted):
    with pytest.raises(RequestFailed, match=f"GET {hosted.uri}/backends answered 401: Not authorized"):
        MistClient(hosted.uri, EMAIL, api_token="wrong-token-for-tests-0123456789").update_backends()


def test_a_request_by_hand_shows_the_login_of_the_servers_generation(hosted):
    client = MistClient(hosted.uri, EMAIL, api_token=hosted.token)
    assert client.request("keys").get().json() == []


def test_many_threads_find_out_together(hosted, clouds):
    for server in (hosted, clouds):
        client = MistClient(server.uri, EMAIL, api_token=server.token)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _number, api=client.api: api.keys.list(), range(24)))
        assert found == [[]] * 24


# ---- neither, or the wrong one


def test_a_server_that_is_no_mist(hosted):
    with pytest.raises(NotMist) as refusal:
        MistClient(f"{hosted.uri}/elsewhere", EMAIL, api_token="a-token-for-tests-0123456789").update_backends()
    assert str(refusal.value).startswith(
        f"GET {hosted.uri}/elsewhere/backends answered 404 with a web page: the server does not have this path."
        " Check that mist_uri is the address of a Mist server, and that no login page or proxy answers in its place."
    )
    assert str(refusal.value).endswith("The API of servers of 2016 and later was tried too.")


def test_a_page_for_a_login_blames_no_generation(clouds):
    clouds.fail("answer", status=200, body=PAGE)
    with pytest.raises(NotMist) as refusal:
        MistClient(clouds.uri, EMAIL, PASSWORD)
    assert str(refusal.value).endswith("that no login page or proxy answers in its place.")


def test_the_wrong_generation_says_which_may_be_right(clouds, emulator):
    with pytest.raises(NotMist, match=r"For a server of 2016 or later, set mist_generation=auto and mist_api_token"):
        MistClient(clouds.uri, generation="backends").update_backends()
    with pytest.raises(NotMist, match="For a server of 2014 or 2015, set mist_generation=auto"):
        MistClient(emulator.uri, generation="clouds").update_backends()


@pytest.mark.parametrize(
    "ask", [lambda client: client.update_backends(), lambda client: client.update_keys()], ids=["404", "200"]
)
def test_a_forgotten_token_is_the_first_thing_that_the_error_names(clouds, ask):
    """The server answers with its UI at the addresses of 2014: [probe-2014-backends], [probe-bare-keys-is-ui]."""
    with pytest.raises(NotMist) as refusal:
        ask(MistClient(clouds.uri))
    assert str(refusal.value).startswith(f"{LOGIN_REQUIRED} GET {clouds.uri}/")
    assert "mist_uri" not in str(refusal.value)
    assert "CSRF" not in str(refusal.value)


def test_a_forgotten_token_is_named_too_where_2014_could_not_do_it_at_all(clouds):
    with pytest.raises(NotSupported) as refusal:
        MistClient(clouds.uri, org="demo")
    assert str(refusal.value) == LOGIN_REQUIRED


def test_a_web_page_of_a_server_that_is_no_mist_is_not_taken_for_a_forgotten_token(emulator):
    emulator.fail("answer", status=200, body=PAGE)
    with pytest.raises(NotMist, match="Check that mist_uri is the address of a Mist server") as refusal:
        MistClient(emulator.uri).update_backends()
    assert LOGIN_REQUIRED not in str(refusal.value)


def test_a_hosted_server_of_2014_requires_a_login_too(hosted):
    with pytest.raises(RequestFailed) as refusal:
        MistClient(hosted.uri).update_backends()
    assert str(refusal.value) == f"{LOGIN_REQUIRED} GET {hosted.uri}/backends answered 401: Not authorized."


def test_a_generation_that_does_not_exist():
    with pytest.raises(InvalidValue, match="it must be one of auto, backends or clouds"):
        MistClient("http://mist.example.test", generation="2016")


def test_what_only_the_other_generation_can_do_is_reported_with_both_names(emulator):
    message = (
        "Servers of generation 'backends' (2014 and 2015) cannot rename a machine."
        " This requires a server of generation 'clouds' (2016 and later)."
    )
    with pytest.raises(NotSupported) as refusal:
        MistClient(emulator.uri, generation="backends").api.machines.rename("b", "m", "web")
    assert str(refusal.value) == message
    with pytest.raises(NotSupported) as refusal:
        MistClient(emulator.uri).api.machines.rename("b", "m", "web")
    assert str(refusal.value) == (
        f"{message} No credentials were given, so this server is assumed to be a standalone server of 2014."
        " If it is not, set"
        " mist_api_token, or mist_email and mist_password."
    )


# ---- what it hands on


def test_it_is_known_of_every_operation_whether_it_asks_something():
    for noun, interface in NOUNS.items():
        for name, member in inspect.getmembers(interface, inspect.isfunction):
            if (
                name.startswith("_")
                or name in ("not_supported", "use_token")
                or (noun, name) == ("backends", "check_spec")
            ):
                continue  # check_spec sends something on some servers only
            sends_nothing = "Sends nothing" in (member.__doc__ or "") or name.startswith("looks_like")
            assert is_offline(member) == sends_nothing, f"{noun}.{name}"


def test_every_generation_has_every_kind_of_object():
    for name, generation in GENERATIONS.items():
        api = MistClient("http://mist.example.test", generation=name).api
        assert isinstance(api, generation)
        for noun, interface in NOUNS.items():
            assert isinstance(getattr(api, noun), interface)
    assert Generation.__annotations__.keys() >= NOUNS.keys()


def test_it_has_nothing_that_no_generation_has(clouds):
    client = MistClient(clouds.uri, api_token=clouds.token)
    assert not hasattr(client.api, "no_such_operation")
    assert clouds.requests == []


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_generation_can_be_chosen(name):
    assert MistClient("http://mist.example.test", generation=name).api.name == name
