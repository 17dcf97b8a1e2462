# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers as they stand in the world: TLS and a path prefix in front of them, http that redirects to https."""

from __future__ import annotations

import ssl

import pytest
import trustme

from ansible_collections.mistio.cloud.tests.emulator import running

from ..mist_client.servers import redirecting_server, reverse_proxy

EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
DOCKER = {"title": "docker-1", "provider": "docker", "api_url": "http://docker.test"}


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(params=["backends", "clouds"])
def hosted(request):
    """A server of each generation that wants a login."""
    with running(
        generation=request.param, require_login=True, boot_seconds=0, job_seconds=0, job_look_seconds=0
    ) as emulator:
        yield emulator


@pytest.fixture
def front(authority, hosted):
    """What stands in front of it, as https://127.0.0.1/mist."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with reverse_proxy(context, hosted.uri, "/mist") as front:
        yield front


@pytest.fixture
def ask(run_module, authority, tmp_path):
    """ask(uri, module, option=value ...): one run by e-mail and password."""
    ca_path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    login = {"mist_email": EMAIL, "mist_password": PASSWORD, "ca_path": str(ca_path), "retries": 0}

    def run_once(uri, name, /, **options):
        return run_module(name, {"mist_uri": uri, **login, **options})

    return run_once


def test_a_server_behind_tls_and_a_path_prefix_does_all_that_one_without_does(ask, front, hosted):
    for slash in ("", "/"):
        added = ask(front.uri + slash, "mist_backend", **DOCKER)
        assert (added["changed"], added["backend"]["title"]) == (slash == "", "docker-1")
    assert ask(front.uri, "mist_key", name="deploy", generate=True)["changed"] is True
    assert ask(front.uri, "mist_backend_info")["backends"] == [added["backend"]]
    image = ask(front.uri, "mist_image_info", backend="docker-1")["images"][0]["id"]
    made = ask(front.uri, "mist_machine", backend="docker-1", name="web1", image=image, wait_for="listed")
    assert made["machine"]["name"] == "web1"
    assert ask(front.uri, "mist_machine", backend="docker-1", name="web1", state="absent")["machine"] is None
    assert all(line.split()[1].startswith("/mist/") for line in front.asked)
    assert len(front.asked) == len(hosted.requests)


def test_the_prefix_left_out_is_a_wrong_address(ask, front, hosted):
    refused = ask(front.uri[: -len("/mist")], "mist_backend_info")
    assert "answered 404 with a web page" in refused["msg"] or "instead of JSON" in refused["msg"]
    assert "Check that mist_uri is the address of a Mist server" in refused["msg"]
    assert PASSWORD not in str(refused)
    assert hosted.requests == []


@pytest.mark.parametrize(("name", "options"), [("mist_backend_info", {}), ("mist_backend", DOCKER)])
def test_a_login_at_http_that_redirects_to_https_says_what_to_set(ask, front, hosted, name, options):
    with redirecting_server(front.uri) as plain:
        refused = ask(plain.uri, name, **options)
        assert plain.asked == ["POST /api/v1/tokens"]
    assert refused["msg"] == (
        f"POST {plain.uri}/api/v1/tokens answered 301: a redirect to {front.uri}/api/v1/tokens. The"
        " redirect was not followed,"
        f" because a write request must not be sent twice. If that is your server, set mist_uri to {front.uri}."
    )
    assert hosted.requests == []


def test_by_a_token_http_that_redirects_to_https_can_be_read(ask, front, hosted):
    token = {"mist_email": EMAIL, "mist_password": None, "mist_api_token": hosted.token}
    with redirecting_server(front.uri) as plain:
        assert ask(plain.uri, "mist_backend_info", **token)["backends"] == []
        refused = ask(plain.uri, "mist_key", name="deploy", generate=True, **token)
    assert f"set mist_uri to {front.uri}." in refused["msg"]
    assert [arrived.method for arrived in hosted.requests if arrived.status == 200] == ["GET", "GET"]
