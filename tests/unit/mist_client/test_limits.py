# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request ends: in time, and in bounded memory, whatever the server sends."""

from __future__ import annotations

import gzip
import threading
import time
import zlib

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, NoAnswer, NotMist
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

from .raw_server import raw_server

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LIMIT = 0.3

pytestmark = pytest.mark.server


def drip(text, every=0.05):
    """Send a text byte by byte, for much longer than the limit."""

    def send(connection):
        for byte in text:
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return send


def whole(text):
    return lambda connection: connection.sendall(text)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drip(HEAD * 20), id="headers"),
        pytest.param(
            lambda connection: (whole(HEAD + b"Content-Length: 999\r\n\r\n")(connection), drip(b"[" * 999)(connection)),
            id="body",
        ),
        pytest.param(drip(b"HTTP/1.1 200 OK" + b" " * 999), id="status line"),
    ],
)
def test_a_server_that_sends_byte_by_byte_is_given_up_in_time(answer):
    with raw_server(answer) as server:
        with pytest.raises(NoAnswer, match=r"no complete answer arrived within 0\.3 s") as failure:
            Transport(server.uri, timeout=LIMIT).json("GET", "backends")
        assert failure.value.sent
        assert server.connections == 1, "what ran out of time was tried again"


def test_the_limit_is_one_for_each_attempt(emulator):
    emulator.fail("answer", status=503, headers={"Retry-After": "1"}, times=2)
    assert Transport(emulator.uri, timeout=LIMIT).json("GET", "backends") == []


def test_no_thread_is_left_behind(emulator):
    before = threading.active_count()
    transport = Transport(emulator.uri, timeout=30)
    for _number in range(20):
        transport.json("GET", "backends")
    transport.close()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)  # it ends as soon as it notices that it is cancelled, and not after 30 s
    assert threading.active_count() <= before


def chunked(body):
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(HEAD + b"Content-Length: %d\r\n\r\n" % (3 << 20) + b" " * (3 << 20), id="large"),
        pytest.param(chunked(b" " * (3 << 20)), id="chunked"),
        pytest.param(
            HEAD.replace(b"OK\r\n", b"OK\r\nContent-Encoding: gzip\r\n") + b"\r\n" + gzip.compress(b" " * (64 << 20)),
            id="compressed",
        ),
    ],
)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(answer):
    with raw_server(whole(answer)) as server, pytest.raises(NotMist) as failure:
        Transport(server.uri, max_response_mb=2, retries=0).json("GET", "backends")
    assert str(failure.value) == (
        f"GET {server.uri}/backends answered with more than 2 MB."
        " If an answer of this size is expected, increase max_response_mb."
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"[" * 200_000),
        ("application/json; charset=idna", b"\xff\xfe"),
        ("application/json; charset=no-such-charset", b"\xff"),
        ("application/json; charset=rot13", b"[\xff"),
        ("text/html; charset=idna", b"\xff"),
    ],
)
def test_no_body_is_more_than_an_error(content_type, body):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (content_type.encode(), len(body))
    with raw_server(whole(head + body)) as server, pytest.raises(NotMist):
        MistClient(server.uri, retries=0, generation="backends").update_backends()


def test_a_body_that_cannot_be_decompressed_is_an_error():
    answer = (
        HEAD.replace(b"OK\r\n", b"OK\r\nContent-Encoding: deflate\r\n") + b"\r\n" + zlib.compress(b"[]")[:-4] + b"xxxx"
    )
    with raw_server(whole(answer)) as server, pytest.raises(NoAnswer):
        Transport(server.uri, retries=0).json("GET", "backends")
