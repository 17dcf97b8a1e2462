# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sent again and what is not, and how long is waited before."""

from __future__ import annotations

import socket
import threading

import pytest
import urllib3.util.connection

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import NoAnswer, RequestFailed, retrying
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

WRITES = ("POST", "PUT", "DELETE")
JSON = {"Content-Type": "application/json"}


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


@pytest.mark.parametrize("status", [423, 429, 502, 503, 504])
def test_a_read_is_sent_again_when_the_server_is_busy_or_away(emulator, status):
    emulator.fail("answer", status=status, times=2)
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert [arrived.status for arrived in emulator.requests] == [status, status, 200]


def test_a_read_is_sent_again_when_the_connection_was_cut(emulator):
    emulator.fail("cut", times=2)
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert lines(emulator) == ["GET /backends"] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_a_read_is_not_sent_again_when_the_server_has_said_no(emulator, status):
    emulator.fail("answer", status=status)
    with pytest.raises(RequestFailed):
        Transport(emulator.uri).json("GET", "backends")
    assert lines(emulator) == ["GET /backends"]


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_a_read_is_given_up_after_so_many_retries(emulator, retries):
    emulator.fail("answer", status=503, body="Backend unavailable")
    with pytest.raises(RequestFailed) as failure:
        Transport(emulator.uri, retries=retries).json("GET", "backends")
    assert failure.value.status == 503
    assert lines(emulator) == ["GET /backends"] * (1 + retries)


def test_a_read_over_a_connection_that_is_cut_again_and_again_is_given_up(emulator):
    emulator.fail("cut")
    with pytest.raises(NoAnswer) as failure:
        Transport(emulator.uri, retries=2).json("GET", "backends")
    assert failure.value.sent
    assert lines(emulator) == ["GET /backends"] * 3


def test_the_waits_grow(emulator, clock):
    emulator.fail("answer", status=503)
    with pytest.raises(RequestFailed):
        Transport(emulator.uri, retries=3).json("GET", "backends")
    first, second = clock.slept
    assert 1.0 <= first <= 1.5
    assert 2.0 <= second <= 3.0


def test_a_read_that_timed_out_is_not_sent_again(emulator):
    emulator.fail("hang", seconds=0.3)
    with pytest.raises(NoAnswer, match=r"no complete answer arrived within 0\.1 s"):
        Transport(emulator.uri, timeout=0.1).json("GET", "backends")
    assert lines(emulator) == ["GET /backends"]


# ---- what the server asks for with Retry-After


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_the_server_asks_for_is_kept(emulator, clock, status):
    emulator.fail("answer", status=status, headers={"Retry-After": "7"}, times=1)
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert clock.slept == [7]


def test_the_wait_may_be_asked_for_as_a_date(emulator, clock):
    clock.now = 784111767.0
    emulator.fail("answer", status=429, headers={"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, times=1)
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert clock.slept == [10]


def test_a_wait_that_is_too_long_is_not_begun(emulator, clock):
    emulator.fail("answer", status=429, body="Too many requests", headers={"Retry-After": "61"})
    with pytest.raises(RequestFailed, match="answered 429: Too many requests"):
        Transport(emulator.uri).json("GET", "backends")
    assert lines(emulator) == ["GET /backends"]
    assert clock.slept == []


def test_a_wait_that_is_no_time_is_as_if_it_were_not_there(emulator, clock):
    emulator.fail("answer", status=429, headers={"Retry-After": "soon"}, times=2)
    assert Transport(emulator.uri).json("GET", "backends") == []
    assert len(clock.slept) == 1


# ---- writes


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "fault",
    [{"kind": "cut"}, *({"kind": "answer", "status": status} for status in (500, 502, 503, 504))],
    ids=["cut", "500", "502", "503", "504"],
)
def test_a_write_that_may_have_worked_is_not_sent_again(emulator, method, fault):
    emulator.fail(**fault)
    with pytest.raises((NoAnswer, RequestFailed)):
        Transport(emulator.uri).json(method, "backends", "b", body={})
    assert lines(emulator) == [f"{method} /backends/b"]


def test_a_busy_server_that_says_when_it_is_back_does_not_get_a_write_again(emulator):
    emulator.fail("answer", status=503, headers={"Retry-After": "1"})
    with pytest.raises(RequestFailed):
        Transport(emulator.uri).json("POST", "backends", body={})
    assert lines(emulator) == ["POST /backends"]


@pytest.mark.parametrize("method", WRITES)
def test_a_write_that_timed_out_is_not_sent_again(emulator, method):
    emulator.fail("hang", seconds=0.3)
    with pytest.raises(NoAnswer) as failure:
        Transport(emulator.uri, timeout=0.1).json(method, "backends", "b", body={})
    assert failure.value.sent
    assert lines(emulator) == [f"{method} /backends/b"]


@pytest.mark.parametrize("method", WRITES)
def test_a_write_is_sent_again_after_429_for_nothing_was_done(emulator, method):
    emulator.fail("answer", status=429, times=1)
    emulator.fail("answer", status=200, body="[]", headers=JSON)
    assert Transport(emulator.uri).json(method, "backends", "b", body={"a": 1}) == []
    assert [(arrived.line, arrived.body) for arrived in emulator.requests] == [(f"{method} /backends/b", {"a": 1})] * 2


def test_a_write_is_given_up_when_429_does_not_end(emulator):
    emulator.fail("answer", status=429)
    with pytest.raises(RequestFailed) as failure:
        Transport(emulator.uri, retries=2).json("POST", "keys")
    assert failure.value.status == 429
    assert lines(emulator) == ["POST /keys"] * 3


@pytest.mark.parametrize("method", ["GET", *WRITES])
def test_what_was_never_sent_is_sent_again(emulator, monkeypatch, method):
    """Nothing listens at first, as while a server restarts."""
    emulator.fail("answer", status=200, body="[]", headers=JSON)
    connect, attempts = urllib3.util.connection.create_connection, []

    def refused_at_first(*args, **kwargs):
        attempts.append(args[0])
        if len(attempts) < 3:
            raise ConnectionRefusedError(111, "Connection refused")
        return connect(*args, **kwargs)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", refused_at_first)
    assert Transport(emulator.uri).json(method, "backends", "b") == []
    assert lines(emulator) == [f"{method} /backends/b"]
    assert len(attempts) == 3


def test_a_server_that_stays_down_is_given_up(clock):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        with pytest.raises(NoAnswer) as failure:
            Transport(f"http://127.0.0.1:{nobody_listens.getsockname()[1]}", retries=2).json("POST", "keys")
    assert not failure.value.sent
    assert len(clock.slept) == 1


# ---- one gate for all threads


class HeldClock:
    """A time in which a sleep lasts until the test lets it end."""

    def __init__(self):
        self.now = 0.0
        self.asleep = threading.Semaphore(0)
        self.awake = threading.Event()

    def sleep(self, seconds):
        until = self.now + seconds
        self.asleep.release()
        self.awake.wait(10)
        self.now = max(self.now, until)

    def monotonic(self):
        return self.now


def test_a_429_seen_by_one_thread_holds_back_the_others(emulator, monkeypatch):
    held = HeldClock()
    monkeypatch.setattr(retrying, "time", held)
    emulator.fail("answer", status=429, headers={"Retry-After": "30"}, times=1)
    transport = Transport(emulator.uri)
    threads = [
        threading.Thread(target=transport.json, args=("GET", path), daemon=True) for path in ("backends", "keys")
    ]
    for thread in threads:
        thread.start()
        assert held.asleep.acquire(timeout=10), "this thread was not held back"
    assert lines(emulator) == ["GET /backends"]
    held.awake.set()
    for thread in threads:
        thread.join(10)
    assert sorted(lines(emulator)) == ["GET /backends", "GET /backends", "GET /keys"]


def test_another_server_is_not_held_back(emulator, server, clock):
    emulator.fail("answer", status=429, headers={"Retry-After": "61"})
    with pytest.raises(RequestFailed):
        Transport(emulator.uri).json("GET", "backends")
    assert Transport(server.uri).json("GET", "backends") == []
    assert clock.slept == []
