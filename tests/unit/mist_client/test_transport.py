# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP session to one server: who may be asked, what is shown to whom, and what stays unsent."""

from __future__ import annotations

import os
import ssl
import threading

import pytest
import requests
import trustme
import urllib3.util.connection

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    InvalidValue,
    MistClient,
    NoAnswer,
    NotMist,
    RequestFailed,
    WriteRefused,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import MAX_REDIRECTS, Transport
from ansible_collections.mistio.cloud.tests.emulator import running

from .servers import http_server

TOKEN = "mist_1 someone@mist.test:token-for-tests-that-opens-nothing-0123456789"
JSON = {"Content-Type": "application/json"}
WRITES = ("POST", "PUT", "DELETE")
ODD_NAMES = (
    "my key",
    " sp ",
    "pl+us",
    "per%cent",
    "%2e%2e",
    "ha#sh",
    "qu?est",
    "col:on",
    "at@sign",
    "gré",
    "\u65e5\u672c",
    "...",
)


@pytest.fixture
def transport(emulator):
    return Transport(emulator.uri)


# ---- one session


def test_many_requests_go_over_one_connection(server):
    transport = Transport(server.uri)
    for _number in range(5):
        transport.json("GET", "backends")
    transport.json("POST", "backends", body={})
    assert len(server.asked) == 6
    assert server.connections == 1


def test_a_closed_session_opens_a_connection_again_when_it_is_needed(server):
    transport = Transport(server.uri)
    transport.json("GET", "backends")
    transport.close()
    transport.json("GET", "backends")
    assert server.connections == 2


def test_the_user_agent_names_the_client(server):
    Transport(server.uri, user_agent="mistio.cloud/1.0.0").json("GET", "backends")
    assert server.headers[0]["User-Agent"] == f"mistio.cloud/1.0.0 python-requests/{requests.__version__}"


def test_a_path_prefix_of_a_proxy_stands_before_every_path(server):
    Transport(f"{server.uri}/mist/").json("GET", "backends", "b", "machines")
    assert server.asked == ["GET /mist/backends/b/machines"]


def test_no_cookie_is_kept(emulator, transport):
    cookie = {**JSON, "Set-Cookie": "session=made-up-session-0123456789; Path=/"}
    emulator.fail("answer", status=200, body="[]", headers=cookie)
    transport.json("GET", "backends")
    transport.json("GET", "backends")
    assert ["Cookie" in arrived.headers for arrived in emulator.requests] == [False, False]


def test_threads_share_one_client(emulator):
    transport = Transport(emulator.uri)
    transport.log_in(TOKEN)
    answers = []

    def ask():
        answers.extend(transport.json("GET", path) for path in ("backends", "keys", "backends", "keys"))

    threads = [threading.Thread(target=ask, daemon=True) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [[]] * 48
    assert [arrived.headers["Authorization"] for arrived in emulator.requests] == [TOKEN] * 48


def test_a_fork_opens_a_session_of_its_own(server):
    transport = Transport(server.uri)
    transport.json("GET", "before")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if transport.json("GET", "child") == [] else 2
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    transport.json("GET", "after")
    assert os.waitstatus_to_exitcode(status) == 0
    assert server.asked == ["GET /before", "GET /child", "GET /after"]
    assert server.connections == 2


# ---- the token


@pytest.fixture
def netrc(tmp_path, emulator):
    """A ~/.netrc that names the server."""
    path = tmp_path / ".netrc"
    path.write_text("machine 127.0.0.1 login somebody password netrc-password-for-tests\n", encoding="utf-8")
    path.chmod(0o600)
    assert requests.utils.get_netrc_auth(emulator.uri), "requests itself does not find the file"


@pytest.mark.usefixtures("netrc")
def test_the_token_beats_netrc(emulator, transport):
    transport.log_in(TOKEN)
    transport.json("GET", "backends")
    assert emulator.requests[0].headers["Authorization"] == TOKEN


@pytest.mark.usefixtures("netrc")
def test_without_a_token_netrc_is_not_asked(emulator, transport):
    transport.json("GET", "backends")
    assert "Authorization" not in emulator.requests[0].headers


@pytest.mark.parametrize("token", ["two\nlines", "caf\u00e9", "null\0"])
def test_a_token_that_cannot_be_one_is_refused(transport, token):
    with pytest.raises(InvalidValue) as refusal:
        transport.log_in(token)
    assert str(refusal.value) == (
        "Invalid API token: it contains characters that are not printable ASCII. Check that it was read"
        " from the right file."
    )


# ---- redirects


@pytest.fixture
def elsewhere():
    """Another server, to which nobody may be led."""
    with running() as other:
        yield other


def redirect(emulator, location, *, status=302, **options):
    emulator.fail("answer", status=status, body="", headers={"Location": location}, **options)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_read_follows_a_redirect_on_its_server(emulator, transport, status):
    redirect(emulator, "/keys", status=status, path="/old")
    transport.log_in(TOKEN)
    assert transport.json("GET", "old") == []
    assert [(each.line, each.headers["Authorization"]) for each in emulator.requests] == [
        ("GET /old", TOKEN),
        ("GET /keys", TOKEN),
    ]


def test_a_query_is_not_carried_along_a_redirect(emulator, transport):
    redirect(emulator, "/keys?from=old", path="/old")
    transport.json("GET", "old", query={"start": 1})
    assert [arrived.query for arrived in emulator.requests] == [{"start": "1"}, {"from": "old"}]


@pytest.mark.parametrize("hops", [MAX_REDIRECTS, MAX_REDIRECTS + 1])
def test_redirects_are_followed_so_many_times_and_not_more(emulator, transport, hops):
    redirect(emulator, "/backends", times=hops)
    if hops <= MAX_REDIRECTS:
        assert transport.json("GET", "backends") == []
    else:
        with pytest.raises(NotMist, match="/backends failed: more than 5 redirects"):
            transport.json("GET", "backends")
    assert len(emulator.requests) == MAX_REDIRECTS + 1


def test_a_read_follows_from_http_to_https_of_the_same_host(emulator, authority):
    with authority.server() as secure, authority.file() as ca_path:
        redirect(emulator, f"{secure.uri}/backends")
        transport = Transport(emulator.uri, ca_path=ca_path)
        transport.log_in(TOKEN)
        assert transport.json("GET", "backends") == []
    assert secure.headers[0]["Authorization"] == TOKEN


def test_a_read_does_not_follow_from_https_to_http(emulator, authority):
    with authority.server() as secure, authority.file() as ca_path:
        secure.location = f"{emulator.uri}/backends"
        with pytest.raises(RequestFailed, match="it leads to another server"):
            Transport(secure.uri, ca_path=ca_path).json("GET", "backends")
    assert emulator.requests == []


def test_a_read_is_not_led_to_another_server(emulator, elsewhere, transport):
    redirect(emulator, f"{elsewhere.uri}/backends?from=here")
    transport.log_in(TOKEN)
    with pytest.raises(RequestFailed) as refusal:
        transport.json("GET", "backends")
    assert str(refusal.value) == (
        f"GET {emulator.uri}/backends answered 302: a redirect to {elsewhere.uri}/backends. The redirect"
        " was not followed, because it"
        f" leads to another server. If that is your server, set mist_uri to {elsewhere.uri}."
    )
    assert elsewhere.requests == []


def test_a_read_is_not_led_to_another_name_of_the_server(emulator, transport):
    redirect(emulator, f"http://localhost:{emulator.port}/backends")
    with pytest.raises(RequestFailed, match=f"set mist_uri to http://localhost:{emulator.port}"):
        transport.json("GET", "backends")
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_follows_no_redirect_even_on_its_server(emulator, transport, method, status):
    redirect(emulator, "/keys", status=status)
    with pytest.raises(RequestFailed, match="because a write request must not be sent twice"):
        transport.json(method, "backends", body={"secret": "value-for-tests"})
    assert [arrived.line for arrived in emulator.requests] == [f"{method} /backends"]


@pytest.mark.parametrize("method", WRITES)
def test_a_write_is_not_led_to_another_server(emulator, elsewhere, transport, method):
    redirect(emulator, f"{elsewhere.uri}/backends", status=307)
    with pytest.raises(RequestFailed, match="it leads to another server"):
        transport.json(method, "backends", body={"secret": "value-for-tests"})
    assert elsewhere.requests == []


@pytest.mark.parametrize("location", ["http://[half", "http://127.0.0.1:port/backends", ""])
def test_a_redirect_to_no_address_is_an_error_that_says_so(emulator, transport, location):
    redirect(emulator, location)
    with pytest.raises((NotMist, NoAnswer), match=f"GET {emulator.uri}/backends"):
        transport.json("GET", "backends")


# ---- time limits


@pytest.mark.parametrize(("timeout", "connect"), [(60, 10), (3, 3)])
def test_connecting_and_answering_have_each_a_limit(server, monkeypatch, timeout, connect):
    create, limits = urllib3.util.connection.create_connection, []

    def noted(address, timeout, *args, **kwargs):
        limits.append(timeout)
        connection = create(address, timeout, *args, **kwargs)
        reading.append(connection)
        return connection

    reading = []
    monkeypatch.setattr(urllib3.util.connection, "create_connection", noted)
    Transport(server.uri, timeout=timeout).json("GET", "backends")
    assert limits == [connect]
    assert [connection.gettimeout() for connection in reading] == [timeout]


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"timeout": 0}, "Invalid timeout 0: it must be greater than 0."),
        ({"timeout": -1}, "Invalid timeout -1: it must be greater than 0."),
        ({"retries": -1}, "Invalid retries -1: it must be 0 or greater."),
    ],
)
def test_an_invalid_limit_is_refused_by_name(limit, sentence):
    with pytest.raises(InvalidValue) as refusal:
        Transport("https://mist.example.test", **limit)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/api/v2", "/mist/api/v1", "/api"])
def test_the_path_of_the_api_is_not_a_part_of_the_address(path):
    with pytest.raises(InvalidValue) as refusal:
        Transport(f"https://mist.example.test{path}")
    assert str(refusal.value).endswith(f"Remove {path.replace('/mist', '').rstrip('/')}.")


# ---- TLS


class Authority:
    """An authority that no system trusts, and servers that it vouches for."""

    def __init__(self):
        self._ca = trustme.CA()
        self._certificate = self._ca.issue_cert("127.0.0.1")

    def server(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        return http_server(context)

    def file(self):
        return self._ca.cert_pem.tempfile()


@pytest.fixture(scope="module")
def authority():
    return Authority()


def test_a_certificate_of_an_authority_in_ca_path_is_taken(authority):
    with authority.server() as secure, authority.file() as ca_path:
        assert Transport(secure.uri, ca_path=ca_path).json("GET", "backends") == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_certificate_is_refused_at_once(authority, clock, method):
    with authority.server() as secure, pytest.raises(NoAnswer, match="failed with a TLS error"):
        Transport(secure.uri).json(method, "backends")
    assert secure.connections == 1
    assert secure.asked == []
    assert clock.slept == []


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("ca_path", [None, "/no/such/file"])
def test_without_validate_certs_any_certificate_is_taken(authority, ca_path):
    with authority.server() as secure:
        assert Transport(secure.uri, validate_certs=False, ca_path=ca_path).json("GET", "backends") == []


def test_ca_path_beats_the_environment(authority, monkeypatch):
    with authority.server() as secure, authority.file() as ca_path, Authority().file() as other:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
        assert Transport(secure.uri, ca_path=ca_path).json("GET", "backends") == []


def test_the_right_authority_in_the_environment_does_not_help_against_a_wrong_ca_path(authority, monkeypatch):
    with authority.server() as secure, authority.file() as right, Authority().file() as wrong:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", right)
        with pytest.raises(NoAnswer, match="failed with a TLS error"):
            Transport(secure.uri, ca_path=wrong).json("GET", "backends")


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_without_validate_certs_the_environment_is_not_asked(authority, monkeypatch):
    with authority.server() as secure, Authority().file() as other:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
        assert Transport(secure.uri, validate_certs=False).json("GET", "backends") == []


def test_without_ca_path_the_authorities_of_the_environment_count(authority, monkeypatch):
    with authority.server() as secure, authority.file() as ca_path:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_path)
        assert Transport(secure.uri).json("GET", "backends") == []


def test_a_ca_path_that_is_not_there_is_reported_before_anything_is_sent():
    with pytest.raises(InvalidValue) as refusal:
        Transport("https://mist.example.test", ca_path="/no/such/file")
    assert str(refusal.value) == "Invalid ca_path '/no/such/file': file not found."


# ---- proxies


def test_a_proxy_of_the_environment_is_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.uri)
    monkeypatch.setenv("http_proxy", server.uri)
    assert Transport("http://mist.example.test").json("GET", "backends") == []
    assert server.asked == ["GET http://mist.example.test/backends"]


def test_no_proxy_lists_what_is_reached_without(server, emulator, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.uri)
    monkeypatch.setenv("http_proxy", server.uri)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert server.asked == []
    assert len(emulator.requests) == 1


# ---- the read-only wall


@pytest.fixture
def reader(emulator):
    """A client that may only read."""
    with MistClient(emulator.uri, read_only=True) as client:
        yield client


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "path",
    [
        (),
        ("backends",),
        ("backends", "b"),
        ("backends", "b", "machines"),
        ("backends", "b", "machines", "m"),
        ("backends", "b", "machines", "m", "monitoring"),
        ("backends", "b", "images", "i"),
        ("keys",),
        ("keys", "k"),
        ("images",),
        ("probe",),
    ],
    ids="/".join,
)
def test_a_reader_is_refused_every_write_before_anything_is_sent(emulator, reader, method, path):
    with pytest.raises(WriteRefused) as refusal:
        reader.transport.json(method, *path, body={})
    address = "/".join([emulator.uri, *path])
    assert (
        str(refusal.value) == f"{method} {address} was not sent: it is a write request, and this client is read-only."
    )
    assert emulator.requests == []


@pytest.mark.parametrize(
    "path",
    [("auth",), ("backends", "b", "images"), ("backends", "b", "machines", "m", "probe")],
    ids="/".join,
)
def test_a_reader_may_send_the_posts_that_only_read(emulator, reader, path):
    emulator.fail("answer", status=200, body="{}", headers=JSON)
    reader.transport.json("POST", *path, body={})
    assert [arrived.line for arrived in emulator.requests] == ["POST /" + "/".join(path)]
    assert emulator.writes == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_only_post_may_be_sent_where_posts_only_read(emulator, reader, method):
    with pytest.raises(WriteRefused):
        reader.transport.json(method, "backends", "b", "images")
    assert emulator.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "backends/b%2Fimages/images",  # the server decodes before it routes: a star of the image "images"
        "backends/b%2fmachines%2fm/images",
        "backends%2Fb%2Fmachines%2Fm",
        "backends/b?x=/images",
        "backends/b#/images",
        "backends/b?/machines/m/probe",
        "backends/./images",
        "backends/../images",
        "backends/%2e/images",
        "backends/b/machines/%2E%2E/probe",
        "backends/b/machines/../probe",
        "backends/b/images/",
        "//backends/b/images",
        "auth/../keys",
        "auth%2f..%2fkeys",
    ],
)
def test_no_address_sneaks_through_the_wall(emulator, reader, address):
    with pytest.raises(WriteRefused):
        reader.request(f"{emulator.uri}/{address}", {"new_state": "0"}).post()
    assert emulator.requests == []


def test_a_reader_may_read(emulator, reader):
    assert reader.backends == {}
    assert reader.request("keys?x=1").get().json() == []


# ---- addresses


@pytest.mark.parametrize("segment", ["", ".", "..", "a/b", "/"])
def test_what_no_server_can_address_is_refused_before_anything_is_sent(emulator, transport, segment):
    with pytest.raises(InvalidValue, match="Invalid name or id"):
        transport.json("GET", "keys", segment, "private")
    assert emulator.requests == []


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_name_arrives_as_it_was(emulator, client, private_key, name):
    key = client.add_key(name, private_key)
    emulator.forget()
    assert key.id == name
    assert key.private == private_key
    arrived = emulator.requests[0]
    assert arrived.path == f"/keys/{name}/private"
    assert arrived.raw_path.isascii()
    assert arrived.raw_path.count("/") == 3
    assert arrived.query == {}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("my key", "my%20key"),
        ("pl+us", "pl%2Bus"),
        ("per%cent", "per%25cent"),
        ("%2e%2e", "%252e%252e"),
        ("ha#sh", "ha%23sh"),
        ("qu?est", "qu%3Fest"),
        ("col:on", "col%3Aon"),
        ("at@sign", "at%40sign"),
        ("gr\u00e9", "gr%C3%A9"),
    ],
)
def test_a_name_is_quoted_on_the_wire(emulator, transport, name, raw):
    with pytest.raises(RequestFailed, match="Keypair not found"):
        transport.json("GET", "keys", name, "private")
    assert emulator.requests[0].raw_path == f"/keys/{raw}/private"


@pytest.mark.parametrize(
    "address",
    ["http://other.example.test/backends", "{uri}.other.example.test/backends", "{uri}0/backends", "{uri}@other.test/"],
)
def test_the_address_of_another_server_is_refused(emulator, transport, address):
    with pytest.raises(InvalidValue, match=f"is not a URL of the server {emulator.uri}. Requests only go to that"):
        transport.exchange("GET", address.format(uri=emulator.uri))
    assert emulator.requests == []
