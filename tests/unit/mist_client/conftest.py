# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated server for each test, and a time in which nobody has to wait."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, retrying, waiting
from ansible_collections.mistio.cloud.tests.emulator import running
from ansible_collections.mistio.cloud.tests.emulator.keys import generate

from .servers import http_server

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Clock:
    """Stands in for the module `time`: a sleep is noted, and time jumps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


class JobClock(waiting.Clock):
    """Whose sleeping takes no time."""

    def __init__(self, emulator) -> None:
        self.emulator = emulator
        self.slept: list[float] = []

    def now(self) -> float:
        return self.emulator.clock.now()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.emulator.clock.advance(seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time of everything that waits before it tries again."""
    clock = Clock()
    monkeypatch.setattr(retrying, "time", clock)
    monkeypatch.setattr("urllib3.util.retry.time", clock)
    return clock


@pytest.fixture(autouse=True)
def _nothing_of_the_environment(monkeypatch, tmp_path):
    """No proxy, no certificates and no ~/.netrc of whoever runs the tests."""
    for name in (*PROXIES, *AUTHORITIES, "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def emulator():
    """A server without backends, keys and machines, where a machine runs as soon as it is made."""
    with running(boot_seconds=0, first_data_seconds=0) as emulator:
        yield emulator


@pytest.fixture
def client(emulator):
    with MistClient(emulator.uri) as client:
        yield client


@pytest.fixture
def clouds():
    """A server of the clouds generation, likewise; who waits for its jobs sees its time go by."""
    settings = {"boot_seconds": 0, "first_data_seconds": 0, "job_seconds": 0, "job_look_seconds": 0}
    with running(generation="clouds", **settings) as emulator:
        yield emulator


@pytest.fixture
def job_clock(clouds, monkeypatch):
    """The clock that jobs are waited for by: a sleep lets the server's time go by."""
    clouds.clock.stop()
    clock = JobClock(clouds)
    monkeypatch.setattr(waiting, "CLOCK", clock)
    return clock


@pytest.fixture
def clouds_client(clouds):
    """A client of that server, by a token."""
    with MistClient(clouds.uri, api_token=clouds.token, retries=0) as client:
        yield client


@pytest.fixture
def server():
    """A server that answers `[]` to everything, and tells who connected and what was asked."""
    with http_server() as server:
        yield server


@pytest.fixture(scope="session")
def private_key():
    return generate()
