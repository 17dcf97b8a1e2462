# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks a server of 2016 or later: by a token, or by a password, of which a token is made and given back."""

from __future__ import annotations

import os

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    InvalidValue,
    MistClient,
    MistError,
    NoAnswer,
    RequestFailed,
    WriteRefused,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4.session import (
    TOKEN_SECONDS,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.wire import LOGIN_REQUIRED

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
LOGIN = (
    "Authentication failed. Check mist_api_token, or mist_email and mist_password."
    " A token may have expired or been revoked."
)


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


def active_tokens(clouds):
    """Those that this server counts, but for the one that it has from the start."""
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        tokens = client.request("api/v1/tokens").get().json()
    return [token for token in tokens if token["name"].startswith("mistio.cloud ")]


def test_a_token_is_shown_bare(clouds):
    for options in ({}, {"generation": "clouds"}, {"email": EMAIL}, {"email": EMAIL, "password": PASSWORD}):
        clouds.forget()
        with MistClient(clouds.uri, api_token=f" {clouds.token}\n", **options) as client:
            assert client.backends == {}
        assert lines(clouds) == ["GET /api/v1/clouds"]
        assert clouds.requests[0].headers["Authorization"] == clouds.token


def test_a_password_makes_a_token_that_lives_no_longer_than_its_client(clouds):
    with MistClient(clouds.uri, EMAIL, PASSWORD) as client:
        assert client.backends == {}
        assert len(active_tokens(clouds)) == 1
    assert active_tokens(clouds) == []
    made = clouds.requests[0]
    assert made.line == "POST /api/v1/tokens"
    assert (made.body["email"], made.body["password"], made.body["ttl"]) == (EMAIL, PASSWORD, TOKEN_SECONDS)
    assert "Authorization" not in made.headers


def test_the_token_is_given_back_after_a_failure_too(clouds):
    with pytest.raises(RequestFailed, match="Key id does not exist"), MistClient(clouds.uri, EMAIL, PASSWORD) as client:
        client.api.keys.remove("nosuch")
    assert active_tokens(clouds) == []


def test_a_client_gives_back_no_token_that_it_was_given(clouds):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        assert client.backends == {}
    assert lines(clouds) == ["GET /api/v1/clouds"]


def test_fifty_tasks_leave_no_token_but_those_of_the_killed_and_these_expire(clouds):
    killed = []
    for number in range(50):
        client = MistClient(clouds.uri, EMAIL, PASSWORD)
        client.update_backends()
        if number % 10 == 0:
            killed.append(client)  # and is never closed
        else:
            client.close()
    left = active_tokens(clouds)
    assert len(left) == len({token["name"] for token in left}) == len(killed) == 5
    clouds.clock.stop()
    clouds.clock.advance(TOKEN_SECONDS + 1)
    assert active_tokens(clouds) == []


def test_a_token_outlives_a_long_wait():
    assert TOKEN_SECONDS >= 3600


def test_closing_twice_gives_back_once(clouds):
    client = MistClient(clouds.uri, EMAIL, PASSWORD)
    client.close()
    client.close()
    assert lines(clouds) == ["POST /api/v1/tokens", "DELETE /api/v1/tokens"]


def test_a_process_that_was_forked_off_does_not_give_back_the_token_of_all(clouds):
    client = MistClient(clouds.uri, EMAIL, PASSWORD)
    child = os.fork()
    if child == 0:
        client.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert client.update_backends() == {}
    client.close()


@pytest.mark.parametrize(
    "fault", [{"kind": "answer", "status": 500}, {"kind": "cut"}, {"kind": "answer", "status": 404}]
)
def test_a_token_that_cannot_be_given_back_hides_no_other_error(clouds, fault):
    clouds.fail(method="DELETE", path="/api/v1/tokens", **fault)
    with pytest.raises(RequestFailed, match="Key id does not exist"), MistClient(clouds.uri, EMAIL, PASSWORD) as client:
        client.api.keys.remove("nosuch")


def test_a_token_that_cannot_be_given_back_is_no_error_itself(clouds):
    with MistClient(clouds.uri, EMAIL, PASSWORD) as client:
        clouds.fail("answer", status=500, method="DELETE", path="/api/v1/tokens")
        assert client.backends == {}


def test_a_reader_makes_and_gives_back_its_token_and_writes_nothing_else(clouds):
    with MistClient(clouds.uri, EMAIL, PASSWORD, read_only=True) as client:
        assert client.backends == {}
        for write in (
            client.generate_key,
            lambda: client.api.keys.add("k", "private"),
            lambda: client.request("api/v1/tokens").delete(),
            lambda: client.request("api/v1/tokens").post(),
        ):
            with pytest.raises(WriteRefused):
                write()
    assert lines(clouds) == ["POST /api/v1/tokens", "GET /api/v1/clouds", "DELETE /api/v1/tokens"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.catalogue.list_images("b", "ubuntu"),
        lambda api: api.machines.probe("b", "m", "192.0.2.1", None, None),
    ],
    ids=["search", "probe"],
)
def test_a_reader_may_search_and_probe(clouds, ask):
    with MistClient(clouds.uri, api_token=clouds.token, read_only=True) as client, pytest.raises(RequestFailed):
        ask(client.api)  # 404, and not WriteRefused


# ---- what goes wrong


def failure(*args, **options):
    with pytest.raises(MistError) as caught, MistClient(*args, **{"retries": 0, **options}) as client:
        client.update_backends()
    return caught.value


def test_a_wrong_token(clouds):
    assert str(failure(clouds.uri, api_token="0" * 64)) == (
        f"GET {clouds.uri}/api/v1/clouds answered 401: User not authenticated. Please log in. {LOGIN}"
    )


def test_a_token_that_expired(clouds):
    client = MistClient(clouds.uri, EMAIL, PASSWORD)
    clouds.clock.stop()
    clouds.clock.advance(TOKEN_SECONDS + 1)
    with pytest.raises(RequestFailed, match="A token may have expired or been revoked"):
        client.update_backends()


def test_an_email_of_no_user(clouds):
    error = failure(clouds.uri, "nobody@mist.test", PASSWORD)
    assert str(error) == (
        f"POST {clouds.uri}/api/v1/tokens answered 401: User not authenticated. Please log in. {LOGIN}"
    )


def test_no_login_where_one_is_wanted(clouds):
    assert str(failure(clouds.uri, generation="clouds")) == (
        f"{LOGIN_REQUIRED} GET {clouds.uri}/api/v1/clouds answered 401: User not authenticated. Please log in."
    )
    with pytest.raises(RequestFailed) as refusal:
        MistClient(clouds.uri, generation="clouds").api.keys.add("k", "private")
    assert str(refusal.value) == f"{LOGIN_REQUIRED} PUT {clouds.uri}/api/v1/keys answered 403: Invalid csrf token."


def test_a_proxy_that_removes_the_header_with_the_token(clouds):
    clouds.fail("answer", status=403, body="Invalid csrf token\n")
    with pytest.raises(RequestFailed) as refusal:
        MistClient(clouds.uri, api_token=clouds.token).api.keys.add("k", "private")
    assert str(refusal.value).endswith(
        "Invalid csrf token. The request reached the server without its Authorization header. Check whether a proxy"
        " removes it."
    )


def test_too_many_tokens(clouds):
    held = [MistClient(clouds.uri, EMAIL, PASSWORD) for _number in range(19)]  # and the one from the start
    error = failure(clouds.uri, EMAIL, PASSWORD)
    assert (error.status, error.hint) == (
        400,
        "Revoke API tokens in Mist, or set mist_api_token to an existing token.",
    )
    held[0].close()
    with MistClient(clouds.uri, EMAIL, PASSWORD) as client:
        assert client.backends == {}


def test_an_organisation_is_asked_for_by_id_or_name(clouds):
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        (org,) = client.request("api/v1/orgs").get().json()
    for word in (org["id"], org["name"]):
        clouds.forget()
        with MistClient(clouds.uri, EMAIL, PASSWORD, org=word) as client:
            assert client.backends == {}
        assert clouds.requests[0].body["org_id"] == word
        with MistClient(clouds.uri, api_token=clouds.token, org=word) as client:
            assert client.backends == {}


@pytest.mark.parametrize("by", ["password", "token"])
def test_an_organisation_that_is_not_the_users(clouds, by):
    login = {"email": EMAIL, "password": PASSWORD} if by == "password" else {"api_token": clouds.token}
    error = failure(clouds.uri, org="somebody else's", **login)
    assert isinstance(error, InvalidValue)
    assert str(error).startswith(
        f"Invalid mist_org \"somebody else's\": the credentials are for the organization '{EMAIL}' ("
    )
    assert "Set mist_org to the id or the name of" in str(error)
    assert active_tokens(clouds) == []


def test_an_organisation_on_a_server_that_has_none(emulator):
    for login in ({}, {"email": EMAIL, "password": PASSWORD}, {"api_token": "mist_1 a:b"}):
        error = failure(emulator.uri, org="mine", **login)
        assert str(error).startswith(
            "Servers of generation 'backends' (2014 and 2015) cannot select an organization (mist_org)."
            " This requires a server of generation 'clouds' (2016 and later)."
        )
        assert ("No credentials were given" in str(error)) is (not login)


def test_no_error_of_a_login_tells_the_password(clouds):
    for fault in ({"kind": "cut"}, *({"kind": "answer", "status": status} for status in (200, 302, 401, 409, 500))):
        clouds.heal()
        clouds.fail(**fault)
        error = failure(clouds.uri, EMAIL, PASSWORD)
        assert PASSWORD not in str(error) + repr(error)


def test_a_login_whose_answer_was_lost_is_reported_as_that(clouds):
    clouds.fail("cut", after_work=True, times=1)
    error = failure(clouds.uri, EMAIL, PASSWORD)
    assert isinstance(error, NoAnswer)
    assert error.sent
    assert len(active_tokens(clouds)) == 1  # which nobody knows: it expires by itself
