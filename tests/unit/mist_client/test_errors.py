# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person reads when something goes wrong: what was asked of which server, what came of it, what to do."""

from __future__ import annotations

import socket
import ssl

import pytest
import trustme
import urllib3.util.connection

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    Conflict,
    InvalidValue,
    MistClient,
    MistError,
    NoAnswer,
    NotFound,
    NotMist,
    RequestFailed,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import (
    BUSY,
    NoSuchAddress,
    NotSupported,
    WaitedTooLong,
    WriteRefused,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

from .servers import http_server

SECRET = "made-up-password-for-tests-0123456789"
JSON = {"Content-Type": "application/json"}
EC2 = ("EC2", "ec2_us_east", "demo-ec2-key", "ec2-secret-for-tests-0123456789")
WHOSE_PAGE = (
    "Check that mist_uri is the address of a Mist server, and that no login page or proxy answers in its place."
    " For a server of 2016 or later, set mist_generation=auto and mist_api_token (or mist_email and mist_password)."
)
WHICH_GENERATION = "Check that mist_uri is the address of a Mist server of generation 'backends'."
LOOKS_LIKE = (
    "Use an address such as https://mist.example.test, with the path prefix of a reverse proxy if there is one."
)
BROKE = "was sent, but the connection broke before the complete answer arrived"


def failure(kind, uri, ask=lambda client: client.backends, **options):
    """The error of asking this server; by default for its backends, and once."""
    with pytest.raises(MistError) as caught, MistClient(uri, **{"retries": 0, **options}) as client:
        ask(client)
    assert caught.value.__class__ is kind
    return caught.value


def add_ec2(client):
    client.add_backend(*EC2)


# ---- nobody answers


def test_nothing_listens():
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        error = failure(NoAnswer, uri)
    assert str(error) == (
        f"GET {uri}/backends failed: connection refused. Check the host and port in mist_uri, and that"
        " the server is running."
    )
    assert not error.sent


def test_the_host_name_is_unknown(monkeypatch):
    def no_such_name(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    error = failure(NoAnswer, "https://mist.invalid")
    assert str(error) == "GET https://mist.invalid/backends failed: the host name cannot be resolved. Check mist_uri."
    assert not error.sent


def test_a_host_name_that_cannot_be_one_was_not_asked_anything(monkeypatch):
    error = failure(NoAnswer, "https://\u2603.test")
    assert str(error).startswith("GET https://\u2603.test/backends failed: cannot connect: ")
    assert str(error).endswith(". Check mist_uri.")
    assert not error.sent


def test_the_network_is_unreachable(monkeypatch):
    def unreachable(*args, **kwargs):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(urllib3.util.connection, "create_connection", unreachable)
    error = failure(NoAnswer, "https://mist.example.test")
    assert str(error) == (
        "GET https://mist.example.test/backends failed: cannot connect: [Errno 101] Network is unreachable."
        " Check mist_uri."
    )
    assert not error.sent


def test_the_host_does_not_answer_a_connection(monkeypatch):
    def silent(*args, **kwargs):
        raise socket.timeout("timed out")

    monkeypatch.setattr(urllib3.util.connection, "create_connection", silent)
    error = failure(NoAnswer, "https://mist.example.test")
    assert str(error) == (
        "GET https://mist.example.test/backends failed: no connection within 10 s."
        " Check that the host that runs this task can reach the server."
    )
    assert not error.sent


def test_the_server_takes_too_long(emulator):
    emulator.fail("hang", seconds=0.3)
    error = failure(NoAnswer, emulator.uri, timeout=0.1)
    assert str(error) == (
        f"GET {emulator.uri}/backends was sent, but no complete answer arrived within 0.1 s."
        " Mist may be waiting for the provider. If the provider is slow or the answer is large, increase timeout."
    )
    assert error.sent


# ---- the answer breaks off


def test_the_connection_is_cut(emulator):
    emulator.fail("cut")
    error = failure(NoAnswer, emulator.uri)
    assert str(error) == (
        f"GET {emulator.uri}/backends {BROKE}: Remote end closed connection without response."
        " Check that the server is running, and check its log."
    )
    assert error.sent


def test_an_add_whose_answer_is_lost_may_have_worked(emulator):
    emulator.fail("cut", method="POST", after_work=True)
    error = failure(NoAnswer, emulator.uri, add_ec2)
    assert error.sent
    assert [backend.title for backend in MistClient(emulator.uri).backends.values()] == ["EC2"]


def test_half_of_the_body_comes(emulator):
    with MistClient(emulator.uri) as client:
        add_ec2(client)
    emulator.fail("half_body")
    error = failure(NoAnswer, emulator.uri)
    assert str(error).startswith(f"GET {emulator.uri}/backends {BROKE}: IncompleteRead(")
    assert str(error).endswith(" more expected). Check that the server is running, and check its log.")
    assert error.sent


def test_the_body_is_not_what_its_header_says(emulator):
    emulator.fail("answer", status=200, body="no gzip", headers={**JSON, "Content-Encoding": "gzip"})
    error = failure(NoAnswer, emulator.uri)
    assert str(error).startswith(f"GET {emulator.uri}/backends {BROKE}: ")


# ---- something else answers than Mist


def test_a_web_page_comes_where_json_is_due(emulator):
    emulator.fail("answer", status=200, body="<!DOCTYPE html>\n<html><title>Sign in</title> <p>to our proxy</p></html>")
    assert str(failure(NoSuchAddress, emulator.uri)) == (
        f"GET {emulator.uri}/backends answered 200 with 'Sign in' instead of JSON. {WHOSE_PAGE}"
    )


def test_a_web_page_comes_where_ok_is_due(emulator):
    with MistClient(emulator.uri) as client:
        add_ec2(client)
        (backend,) = client.backends.values()
    emulator.fail("answer", status=200, body="<html>Sign in</html>", method="DELETE")
    error = failure(NotMist, emulator.uri, lambda client: client.api.backends.remove(backend.id))
    assert str(error) == f"DELETE {emulator.uri}/backends/{backend.id} answered 200 with a web page. {WHOSE_PAGE}"


def test_a_long_answer_is_cut_to_a_sentence(emulator):
    emulator.fail("answer", status=200, body="word " * 1000)
    error = failure(NotMist, emulator.uri)
    assert len(str(error)) < 500
    assert "word ...' instead of JSON" in str(error)


def test_nothing_comes_where_json_is_due(emulator):
    emulator.fail("answer", status=204, body="")
    assert str(failure(NotMist, emulator.uri)) == (
        f"GET {emulator.uri}/backends answered 204 with '' instead of JSON. {WHOSE_PAGE}"
    )


def test_json_that_is_none(emulator):
    emulator.fail("answer", status=200, body='[{"id": ', headers=JSON)
    assert str(failure(NotMist, emulator.uri)) == (
        f"GET {emulator.uri}/backends answered with invalid JSON. {WHOSE_PAGE}"
    )


@pytest.mark.parametrize("body", ['{"error": "no"}', '[{"id": "b1"}]', '"backends"', "null"])
def test_other_json_comes_than_mist_has(emulator, body):
    emulator.fail("answer", status=200, body=body, headers=JSON)
    assert str(failure(NotMist, emulator.uri)) == (
        f"GET {emulator.uri}/backends answered with unexpected JSON: expected a list of backends in the"
        f" format of mist.io 2014. {WHICH_GENERATION}"
    )


@pytest.mark.parametrize("body", ["[]", "{}", "null", "17", "[1]", '[{"id": 1}]', '{"id": null}'])
@pytest.mark.parametrize(
    "ask",
    [
        lambda api: api.backends.list_providers(),
        lambda api: api.backends.add({"title": "t", "provider": "p"}),
        lambda api: api.keys.generate(),
        lambda api: api.keys.add("k", "private"),
        lambda api: api.keys.private("k"),
        lambda api: api.machines.create("b", {"name": "m"}),
        lambda api: api.monitoring.enable("b", {"id": "m", "name": "m", "public_ips": ["::1"], "dns_name": None}),
        lambda api: api.monitoring.deploy_plugin("b", "m", "host.test", "name", "code", "gauge", ""),
    ],
    ids=["providers", "backend", "generate", "key", "private", "create", "monitoring", "plugin"],
)
def test_no_json_makes_anything_but_a_sentence(emulator, ask, body):
    emulator.fail("answer", status=200, body=body, headers=JSON)
    with MistClient(emulator.uri) as client, pytest.raises(NotMist, match="answered with unexpected JSON: expected"):
        ask(client.api)


def test_the_address_is_not_mists(emulator):
    error = failure(NoSuchAddress, f"{emulator.uri}/elsewhere")
    assert str(error) == (
        f"GET {emulator.uri}/elsewhere/backends answered 404 with a web page: the server does not have this path."
        f" {WHOSE_PAGE}"
    )


# ---- Mist says no


def test_an_object_that_is_not_there(emulator):
    error = failure(NotFound, emulator.uri, lambda client: client.api.keys.remove("nosuch"))
    assert str(error) == (
        f"DELETE {emulator.uri}/keys/nosuch answered 404: u'Keypair not found: nosuch'. Mist has no key with this name."
    )
    assert (error.status, error.text) == (404, "u'Keypair not found: nosuch'")


def test_an_account_that_is_there_already(emulator):
    with MistClient(emulator.uri) as client:
        there = client.add_backend(*EC2)
    error = failure(Conflict, emulator.uri, add_ec2)
    assert str(error) == f"POST {emulator.uri}/backends answered 409: Backend exists: {there.id}."
    assert error.existing == there.id


def test_a_login_is_wanted(emulator):
    emulator.fail("answer", status=401, body="Not authorized")
    assert str(failure(RequestFailed, emulator.uri)) == (
        "No credentials were given, and this server requires authentication: set mist_api_token (MIST_API_TOKEN), or"
        " mist_email and mist_password (MIST_EMAIL and MIST_PASSWORD)."
        f" GET {emulator.uri}/backends answered 401: Not authorized."
    )


def test_the_provider_refuses_the_credentials(emulator):
    wrong = ("EC2", "ec2_us_east", "demo-ec2-key", SECRET)
    error = failure(RequestFailed, emulator.uri, lambda client: client.add_backend(*wrong))
    assert str(error) == (
        f"POST {emulator.uri}/backends answered 401: Invalid backend credentials."
        " The provider rejected the credentials of this backend."
    )


def test_the_provider_is_away(emulator):
    emulator.fail("provider_error")
    error = failure(RequestFailed, emulator.uri, add_ec2)
    assert str(error) == (
        f"POST {emulator.uri}/backends answered 503: Backend unavailable."
        " Mist cannot reach the provider, or the provider failed or rejected the credentials of this backend."
    )


def test_a_proxy_says_503_with_a_page(emulator):
    emulator.fail("answer", status=503, body="<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>")
    assert str(failure(RequestFailed, emulator.uri)) == f"GET {emulator.uri}/backends answered 503: (a web page)."


def test_of_a_page_an_error_shows_the_title_alone(emulator):
    page = (
        '<html><head><title> Mist </title><script>var CSRF_TOKEN = "secret-of-a-session";</script></head>Hello</html>'
    )
    emulator.fail("answer", status=500, body=page)
    assert str(failure(RequestFailed, emulator.uri)) == f"GET {emulator.uri}/backends answered 500: Mist."


@pytest.mark.parametrize(
    "text",
    [
        "<urlopen error [Errno 111] Connection refused>",
        "<class 'socket.timeout'>",
        '<?xml version="1.0"?><Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>',
    ],
)
def test_a_text_that_begins_with_an_angle_bracket_is_not_a_web_page(emulator, text):
    for status, kind in ((503, RequestFailed), (404, NotFound)):
        emulator.heal()
        emulator.fail("answer", status=status, body=text)
        error = failure(kind, emulator.uri, lambda client: client.api.keys.generate())
        assert error.message == f"POST {emulator.uri}/keys answered {status}: {text}."


def test_the_server_says_no_without_a_word(emulator):
    emulator.fail("answer", status=403, body="")
    assert str(failure(RequestFailed, emulator.uri)) == (
        f"GET {emulator.uri}/backends answered 403: no text. Authentication failed."
        " Check mist_api_token, or mist_email and mist_password."
    )


@pytest.mark.parametrize(
    ("status", "text", "hint"),
    [
        (401, "Couldn't authenticate to machine: b:m", "No key in Mist can log in to the machine."),
        (
            401,
            "Invalid backend credentials: Couldn't authenticate to machine: b:m",
            "Mist cannot log in to the host. Check machine_user and machine_port, and that the host accepts"
            " machine_key.",
        ),
        (
            401,
            "Not authorized: You need to authenticate to mist.io.",
            "Monitoring requires authentication: set mist_email and mist_password.",
        ),
        (402, "Payment required: no plan", "The plan of your Mist account does not include this."),
        (429, "Too many", "Too many requests. Try again later."),
        (500, "Internal Server Error", "The answer has no details. Check the log of the Mist server."),
        (
            503,
            "Service unavailable: SSH timed-out repeatedly.",
            "Mist cannot connect to the host by SSH. Check its address and port.",
        ),
        (
            503,
            "Machine currently unavailable: Error while attempting to stop machine",
            "The provider failed, or it does not have this machine.",
        ),
        (500, "Machine creation failed: EC2, got exception InvalidAMIID", ""),
    ],
)
def test_each_refusal_of_mist_has_its_hint(emulator, status, text, hint):
    emulator.fail("answer", status=status, body=text)
    error = failure(RequestFailed, emulator.uri, lambda client: client.api.keys.generate())
    assert error.hint == hint
    assert str(error) == f"POST {emulator.uri}/keys answered {status}: {text.rstrip('.')}. {hint}".rstrip()


def test_what_was_done_before_is_reported():
    error = RequestFailed("POST https://mist.example.test/keys", 500, "Internal Server Error", "Look at its log.")
    error.done = ["upload the key", "make default"]
    assert str(error) == (
        "POST https://mist.example.test/keys answered 500: Internal Server Error. Look at its log."
        " Done before this error: upload the key, make default."
    )


# ---- what an error means


def meaning(error):
    names = ("transient", "outcome_unknown", "still_running")
    return [name for name in names if getattr(error, name)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 422, 429])
def test_a_refused_request_changed_nothing_and_is_not_retried(status):
    assert meaning(RequestFailed("GET /", status, "no")) == []


@pytest.mark.parametrize("status", [500, 501, 503])
def test_a_server_that_fails_may_have_made_the_change(status):
    assert meaning(RequestFailed("POST /", status, "no")) == ["transient", "outcome_unknown"]


def test_a_busy_listing_is_retried_and_may_be_the_one_after_the_change():
    assert meaning(RequestFailed("POST /", BUSY, "busy")) == ["transient", "outcome_unknown"]


@pytest.mark.parametrize("status", [502, 504])
def test_behind_a_proxy_that_gave_up_the_server_may_still_be_working(status):
    assert meaning(RequestFailed("POST /", status, "")) == ["transient", "outcome_unknown", "still_running"]


def test_a_missing_answer_means_that_a_sent_request_may_have_worked():
    assert meaning(NoAnswer("failed", sent=True)) == ["transient", "outcome_unknown", "still_running"]
    assert meaning(NoAnswer("failed", sent=False)) == ["transient"]


def test_an_answer_of_another_server_leaves_the_outcome_unknown():
    assert meaning(NotMist("answered a web page")) == ["outcome_unknown", "still_running"]
    assert meaning(NoSuchAddress("answered 404 with a web page")) == ["outcome_unknown"]


@pytest.mark.parametrize("kind", [MistError, InvalidValue, NotSupported, WriteRefused, WaitedTooLong])
def test_an_error_of_the_client_itself_means_that_nothing_was_changed(kind):
    assert meaning(kind("no")) == []


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (500, "Internal Server Error", True),
        (500, "Machine creation failed", False),
        (503, "Internal Server Error", False),
        (404, "Not Found", False),
    ],
)
def test_a_bare_500_is_unexplained(status, text, expected):
    assert RequestFailed("GET /", status, text).unexplained is expected


# ---- mist_uri


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("", "it must begin with http:// or https://"),
        ("mist.example.test", "it must begin with http:// or https://"),
        ("//mist.example.test", "it must begin with http:// or https://"),
        ("ftp://mist.example.test", "it must begin with http:// or https://"),
        ("file:///etc/hosts", "it must begin with http:// or https://"),
        ("http://", "the host name is missing or invalid"),
        ("https:///backends", "the host name is missing or invalid"),
        ("https:mist.example.test", "the host name is missing or invalid"),
        ("http://:8080", "the host name is missing or invalid"),
        ("http://mist..test", "the host name is missing or invalid"),
        ("http://.test", "the host name is missing or invalid"),
        ("http://*.test", "the host name is missing or invalid"),
        ("http://%zz", "the host name is missing or invalid"),
        ("http://" + "a" * 64 + ".test", "the host name is missing or invalid"),
        ("http://mist.test\\other.test", "the host name is missing or invalid"),
        ("http://mist.test:0", "the port must not be 0"),
        ("http://mist.test:port", "Port could not be cast to integer value as 'port'"),
        ("http://mist.test:65536", "Port out of range 0-65535"),
        ("http://[::1", "Invalid IPv6 URL"),
        (" https://mist.test", "it must not contain spaces"),
        ("https://mist.test/ ", "it must not contain spaces"),
        ("https://mist.test\n", "it must not contain spaces"),
        ("https://my mist.test", "it must not contain spaces"),
        ("https://mist.test?x=1", "it must not contain a query or a fragment"),
        ("https://mist.test/?", "it must not contain a query or a fragment"),
        ("https://mist.test/#machines", "it must not contain a query or a fragment"),
    ],
)
def test_a_malformed_address_is_refused_with_the_reason(uri, why):
    error = failure(InvalidValue, uri)
    assert str(error) == f"Invalid mist_uri {uri!r}: {why}. {LOOKS_LIKE}"


@pytest.mark.parametrize(
    "uri",
    [
        f"https://someone:{SECRET}@mist.test",
        f"https://someone:{SECRET}@mist.test:8443/mist",
        f"https://someone:{SECRET}/x@mist.test",
        f"https://someone:{SECRET}#x@mist.test",
        f"https://someone:{SECRET}@mist.test:port",
        f"https://someone:80/{SECRET}@mist.test",
        f"https://{SECRET}@mist.test",
        f"someone:{SECRET}@mist.test",
        f"https://[{SECRET}@mist.test",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_shown(uri):
    error = failure(InvalidValue, uri)
    assert str(error) == (
        f"Invalid mist_uri: it must not contain a user name. Set mist_email and mist_password instead. {LOOKS_LIKE}"
    )
    assert SECRET not in repr(error) + repr(error.__cause__)


@pytest.mark.parametrize("uri", ["http://127.0.0.1", "HTTPS://Mist.Example.Test:8443/mist/", "http://[::1]:8080"])
def test_a_good_address_is_taken(uri):
    assert Transport(uri).uri == uri.rstrip("/")


def test_an_unknown_generation_names_the_known_ones():
    error = failure(InvalidValue, "https://mist.example.test", generation="cloud")
    assert str(error).startswith("Invalid generation 'cloud': it must be one of auto")
    assert "backends" in str(error)


# ---- TLS and proxies


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.server
def test_the_certificate_is_of_an_unknown_authority():
    with http_server(tls_context()) as server:
        error = failure(NoAnswer, server.uri)
    assert str(error).startswith(f"GET {server.uri}/backends failed with a TLS error: ")
    assert "certificate verify failed" in str(error)
    assert str(error).endswith(
        " If a private certificate authority signed the server's certificate, set ca_path to its CA bundle."
    )
    assert not error.sent


def test_the_server_speaks_no_tls(emulator):
    uri = emulator.uri.replace("http", "https")
    error = failure(NoAnswer, uri)
    assert str(error).startswith(f"GET {uri}/backends failed with a TLS error: ")
    assert str(error).endswith(" Check that the server uses TLS on this port.")


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        ("http://someone:{secret}@127.0.0.1:{port}", "Connection refused"),
        ("http://", "Please check proxy URL. It is malformed and could be missing the host"),
        ("socks5://someone:{secret}@127.0.0.1:{port}", "Missing dependencies for SOCKS support"),
    ],
    ids=["down", "malformed", "socks"],
)
def test_the_proxy_is_to_blame(monkeypatch, proxy, why):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = proxy.format(secret=SECRET, port=nobody_listens.getsockname()[1])
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("http_proxy", address)
        error = failure(NoAnswer, "http://mist.example.test")
    assert str(error).startswith("GET http://mist.example.test/backends failed with a proxy error: ")
    assert str(error).endswith(
        f"{why}. HTTP_PROXY or HTTPS_PROXY sets the proxy. To bypass it, add the server to NO_PROXY."
    )
    assert SECRET not in str(error)
    assert not error.sent


# ---- no secret


def test_no_error_tells_a_secret(emulator):
    """Whatever fails in a login or an add, what was sent with it is not shown."""
    for fault in ({"kind": "cut"}, *({"kind": "answer", "status": status} for status in (200, 302, 401, 409, 500))):
        emulator.heal()
        emulator.fail(**fault)
        for ask in (
            lambda client: client.add_backend("EC2", "ec2_us_east", SECRET, SECRET),
            lambda client: client.add_key("web", SECRET),
        ):
            with pytest.raises(MistError) as caught:
                ask(MistClient(emulator.uri, api_token=SECRET, retries=0))
            assert SECRET not in str(caught.value) + repr(caught.value)
        with pytest.raises(MistError) as caught:
            MistClient(emulator.uri, "someone@mist.test", SECRET, retries=0)
        assert SECRET not in str(caught.value) + repr(caught.value)
