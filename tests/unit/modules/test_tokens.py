# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens that tasks by e-mail and password leave at a server, which allows 20 of them."""

from __future__ import annotations

import os
import signal
import time

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4.session import (
    TOKEN_SECONDS,
)

LOGIN = {"mist_email": "demo@mist.test", "mist_password": "core-password-for-tests-0123456789"}
TASKS = (
    ("mist_backend_info", {}),
    ("mist_backend", {"title": "docker-1", "provider": "docker", "api_url": "http://docker.test"}),
    ("mist_key", {"name": "deploy", "generate": True}),
    ("mist_machine_info", {"backends": ["nosuch"]}),  # fails
    ("mist_backend", {"title": "docker-1", "state": "absent"}),
)


def tokens(clouds):
    """Those that are active, but for the one that the server has from the start."""
    with MistClient(clouds.uri, api_token=clouds.token) as client:
        listed = client.request("api/v1/tokens").get().json()
    return [token for token in listed if token["name"].startswith("mistio.cloud ")]


@pytest.fixture
def run_and_kill(clouds, run_module):
    """run_and_kill(): a task in a process of its own, which is killed while it waits for an answer."""

    def run_once():
        clouds.forget()
        hang = clouds.fail("hang", seconds=2, path="/api/v1/clouds", times=1)
        child = os.fork()
        if child == 0:
            try:
                run_module("mist_backend_info", {"mist_uri": clouds.uri, **LOGIN})
            finally:
                os._exit(1)
        deadline = time.monotonic() + 30
        while not any(arrived.line == "GET /api/v1/clouds" for arrived in clouds.requests):
            assert time.monotonic() < deadline, "the task asked nothing"
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        clouds.heal(hang.number)

    return run_once


def test_of_fifty_tasks_the_killed_alone_leave_tokens_and_these_expire(clouds, run_module, run_and_kill):
    for number in range(50):
        if number % 10 == 9:
            run_and_kill()
            continue
        name, options = TASKS[number % len(TASKS)]
        result = run_module(name, {"mist_uri": clouds.uri, **LOGIN, **options})
        assert bool(result.get("failed")) == (name == "mist_machine_info"), result
        assert len(tokens(clouds)) == number // 10
    left = tokens(clouds)
    assert len(left) == 5
    assert {token["ttl"] for token in left} == {TOKEN_SECONDS}
    clouds.clock.advance(TOKEN_SECONDS + 1)
    assert tokens(clouds) == []


def test_one_token_too_many_is_reported_with_what_to_do(clouds, run_module):
    held = [MistClient(clouds.uri, LOGIN["mist_email"], LOGIN["mist_password"]) for _number in range(19)]
    refused = run_module("mist_backend_info", {"mist_uri": clouds.uri, **LOGIN})
    assert refused["msg"] == (
        f"POST {clouds.uri}/api/v1/tokens answered 400: Bad Request: MAX number of 20 active tokens reached."
        " Revoke API tokens in Mist, or set mist_api_token to an existing token."
    )
    for client in held:
        client.close()
    assert tokens(clouds) == []
