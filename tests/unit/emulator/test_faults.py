# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures on demand strike the requests that they are meant for, in the way that they promise."""

from __future__ import annotations

import gc
import http.client
import time

import pytest

from ansible_collections.mistio.cloud.tests.emulator import Emulator, running

from .asking import OPENSTACK, add_backend, ask, create, states


def test_a_provider_that_fails_is_an_outage_for_its_backend_alone(emulator: Emulator, backend: str) -> None:
    other = add_backend(emulator, OPENSTACK)
    emulator.fail("provider_error", backend=backend)
    assert ask(emulator, "GET", f"/backends/{backend}/machines").status == 503
    assert ask(emulator, "GET", f"/backends/{other}/machines").status == 200
    emulator.heal()
    assert ask(emulator, "GET", f"/backends/{backend}/machines").status == 200


def test_revoked_credentials_are_a_401_of_the_listing(emulator: Emulator, backend: str) -> None:
    other = add_backend(emulator, OPENSTACK)
    emulator.fail("provider_revoked", provider="ec2_us_east")
    reply = ask(emulator, "GET", f"/backends/{backend}/machines")
    assert (reply.status, reply.body) == (401, "Invalid backend credentials")
    assert ask(emulator, "GET", f"/backends/{other}/machines").status == 200


def test_a_fault_strikes_so_many_times_and_no_more(emulator: Emulator) -> None:
    emulator.fail("answer", status=429, headers={"Retry-After": "1"}, body="slow down", times=2)
    replies = [ask(emulator, "GET", "/backends") for _each in range(3)]
    assert [reply.status for reply in replies] == [429, 429, 200]
    assert (replies[0].headers["Retry-After"], replies[0].body) == ("1", "slow down")


def test_a_fault_strikes_every_third_request_of_its_path(emulator: Emulator) -> None:
    emulator.fail("answer", status=503, path="/keys*", method="GET", every=3)
    found = []
    for _each in range(6):
        assert ask(emulator, "GET", "/backends").status == 200
        found.append(ask(emulator, "GET", "/keys").status)
    assert found == [200, 200, 503, 200, 200, 503]


@pytest.mark.parametrize(("after_work", "machines"), [(False, 0), (True, 1)])
def test_a_cut_create_has_happened_or_not(emulator: Emulator, backend: str, after_work: bool, machines: int) -> None:
    emulator.fail("cut", path="/backends/*/machines", method="POST", after_work=after_work, times=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        create(emulator, backend)
    assert len(states(emulator, backend)) == machines
    assert emulator.writes[0].status == 0


def test_a_500_may_come_after_the_work_is_done(emulator: Emulator, backend: str) -> None:
    emulator.fail("answer", status=500, method="DELETE", after_work=True)
    assert ask(emulator, "DELETE", f"/backends/{backend}").status == 500
    assert ask(emulator, "GET", "/backends").body == []


def test_half_a_body_arrives(emulator: Emulator) -> None:
    emulator.fail("half_body", path="/providers")
    with pytest.raises(http.client.IncompleteRead):
        ask(emulator, "GET", "/providers")


def test_a_hanging_request_is_answered_late(emulator: Emulator) -> None:
    emulator.fail("hang", seconds=0.2)
    begun = time.monotonic()
    assert ask(emulator, "GET", "/backends").status == 200
    assert time.monotonic() - begun >= 0.2


def test_a_slow_provider_delays_only_what_asks_it(emulator: Emulator, backend: str) -> None:
    emulator.fail("provider_slow", seconds=0.2, backend=backend)
    begun = time.monotonic()
    ask(emulator, "GET", "/backends")
    assert time.monotonic() - begun < 0.2
    states(emulator, backend)
    assert time.monotonic() - begun >= 0.2


def test_an_unknown_fault_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="unknown fault 'earthquake'"):
        emulator.fail("earthquake")


@pytest.mark.parametrize("gives_up", [True, False], ids=["client gone", "client waits"])
def test_an_emulator_ends_what_hangs_when_it_stops(caplog: pytest.LogCaptureFixture, gives_up: bool) -> None:
    with running() as emulator:
        emulator.fail("hang", seconds=3600, path="/keys")
        connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
        connection.request("GET", "/keys")
        while not emulator.requests:  # each turn waits for an answer of the same loop
            ask(emulator, "GET", "/_emulator/requests")
        if gives_up:
            connection.close()
            ask(emulator, "GET", "/_emulator/requests")
    connection.close()
    gc.collect()
    assert [record.getMessage() for record in caplog.records] == []
