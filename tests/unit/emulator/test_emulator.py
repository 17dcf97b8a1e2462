# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulator does beyond the recordings: its clock, log, load, login and control endpoints."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.mistio.cloud.tests.emulator import Ec2Account, Emulator, Settings, running

from .asking import DIGITALOCEAN, LOGIN, OPENSTACK, add_backend, ask, create, states


def test_a_machine_runs_once_its_boot_time_is_over(emulator: Emulator, backend: str) -> None:
    create(emulator, backend)
    assert states(emulator, backend) == ["pending"]
    emulator.clock.advance(4.9)
    assert states(emulator, backend) == ["pending"]
    emulator.clock.advance(0.2)
    assert states(emulator, backend) == ["running"]


def test_a_terminated_instance_leaves_the_list_when_its_time_is_over(emulator: Emulator, backend: str) -> None:
    emulator.settings.change(terminated_seconds=60)
    machine = create(emulator, backend)["id"]
    ask(emulator, "POST", f"/backends/{backend}/machines/{machine}", {"action": "destroy"})
    assert states(emulator, backend) == ["terminated"]
    emulator.clock.advance(61)
    assert states(emulator, backend) == []


def test_a_clock_that_is_not_stopped_runs(emulator: Emulator) -> None:
    stopped_at = emulator.clock.now()
    time.sleep(0.02)
    assert emulator.clock.now() == stopped_at
    emulator.clock.run()
    assert emulator.clock.now() == pytest.approx(stopped_at, abs=0.01)
    time.sleep(0.02)
    assert emulator.clock.now() > stopped_at


def test_machines_are_there_again_when_their_backend_comes_back(emulator: Emulator, backend: str) -> None:
    create(emulator, backend)
    ask(emulator, "DELETE", f"/backends/{backend}")
    assert add_backend(emulator) == backend
    assert len(states(emulator, backend)) == 1


def test_the_key_of_a_create_logs_in_and_another_does_not(emulator: Emulator, backend: str) -> None:
    emulator.world.add_key("stranger")
    machine = create(emulator, backend, key="demo")
    emulator.clock.advance(6)
    path = f"/backends/{backend}/machines/{machine['id']}/probe"
    host = {"host": machine["public_ips"][0]}
    assert "uptime" in ask(emulator, "POST", path, {**host, "key": "demo"}).body
    assert "uptime" not in ask(emulator, "POST", path, {**host, "key": "stranger"}).body


@pytest.mark.parametrize(
    ("account", "order", "status", "left"),
    [
        (OPENSTACK, {"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2"}, 200, []),
        (DIGITALOCEAN, {"image": "6918990", "size": "512mb", "location": "nyc3"}, 503, ["demo"]),
    ],
)
def test_a_destroyed_machine_loses_its_keys_unless_the_destroy_is_answered_as_a_failure(
    emulator: Emulator, account: dict[str, Any], order: dict[str, Any], status: int, left: list[str]
) -> None:
    backend = add_backend(emulator, account)
    machine = create(emulator, backend, **order)["id"]
    assert ask(emulator, "POST", f"/backends/{backend}/machines/{machine}", {"action": "destroy"}).status == status
    assert states(emulator, backend) == []
    keys = ask(emulator, "GET", "/keys").body
    assert [key["id"] for key in keys for association in key["machines"] if association[1] == machine] == left


def test_monitoring_has_data_after_a_while_and_none_once_it_is_off(emulator: Emulator, backend: str) -> None:
    ask(emulator, "POST", "/auth", LOGIN)
    machine = f"/backends/{backend}/machines/{create(emulator, backend)['id']}"
    ask(emulator, "POST", f"{machine}/monitoring", {"action": "enable", "public_ips": []})
    assert ask(emulator, "GET", f"{machine}/stats").body == {"request_id": None}
    emulator.clock.advance(11)
    assert "load.shortterm" in ask(emulator, "GET", f"{machine}/stats").body
    ask(emulator, "POST", f"{machine}/monitoring", {"action": "disable"})
    assert ask(emulator, "GET", f"{machine}/stats").status == 503
    assert ask(emulator, "GET", "/monitoring").body["machines"] == []


def test_two_runs_make_the_same_ids() -> None:
    def ids() -> list[str]:
        with running() as emulator:
            emulator.world.add_key("demo")
            backend = add_backend(emulator)
            return [backend, *(create(emulator, backend)["id"] for _each in range(3))]

    assert ids() == ids()


def test_the_log_has_what_was_sent_and_answered(emulator: Emulator) -> None:
    ask(emulator, "PUT", "/keys/my%20key?why=test", {"new_id": "x"}, Authorization="mist_1 a:b")
    [arrived] = emulator.requests
    assert (arrived.method, arrived.path, arrived.raw_path) == ("PUT", "/keys/my key", "/keys/my%20key")
    assert (arrived.query, arrived.body, arrived.status) == ({"why": "test"}, {"new_id": "x"}, 404)
    assert arrived.headers["Authorization"] == "mist_1 a:b"


def test_posts_that_only_read_are_no_writes(emulator: Emulator, backend: str) -> None:
    ask(emulator, "POST", f"/backends/{backend}/images", {"search_term": "ubuntu"})
    ask(emulator, "POST", f"/backends/{backend}/machines/x/probe", {"host": "192.0.2.10"})
    ask(emulator, "POST", "/auth", LOGIN)
    ask(emulator, "GET", "/keys")
    assert emulator.writes == []
    ask(emulator, "POST", f"/backends/{backend}/images/ami-1")
    ask(emulator, "POST", "/keys")
    assert [arrived.line for arrived in emulator.writes] == [f"POST /backends/{backend}/images/ami-1", "POST /keys"]


def test_forgetting_the_log_keeps_the_state(emulator: Emulator, backend: str) -> None:
    assert emulator.requests == []
    assert len(ask(emulator, "GET", "/backends").body) == 1


def test_concurrent_creates_are_counted(emulator: Emulator, backend: str) -> None:
    emulator.settings.change(create_seconds=0.1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: create(emulator, backend, name=f"web{number}"), range(4)))
    assert emulator.world.max_concurrent_creates == emulator.max_concurrent_requests == 4
    assert len(states(emulator, backend)) == 4


def test_a_filled_emulator_has_so_many_backends_and_machines_at_once() -> None:
    begun = time.monotonic()
    with running(backends=50, machines=200) as emulator:
        backends = ask(emulator, "GET", "/backends").body
        machines = [ask(emulator, "GET", f"/backends/{each['id']}/machines").body for each in backends[:6]]
    assert time.monotonic() - begun < 5
    assert len(backends) == 50
    assert [len(each) for each in machines] == [200] * 6
    every = [machine for each in machines for machine in each]
    assert {machine["state"] for machine in every} == {"running", "stopped", "terminated", "pending"}
    assert len({machine["id"] for machine in every}) == 1200
    assert len({machine["name"] for machine in every}) < 1200


def test_shuffled_lists_differ_from_call_to_call_but_not_from_run_to_run() -> None:
    def orders() -> list[list[str]]:
        with running(backends=8, shuffle=7) as emulator:
            return [[each["title"] for each in ask(emulator, "GET", "/backends").body] for _each in range(3)]

    first, second, third = orders()
    assert sorted(first) == sorted(second)
    assert not first == second == third
    assert orders() == [first, second, third]


def test_a_hosted_server_wants_its_token_on_every_call() -> None:
    with running(require_login=True) as emulator:
        assert ask(emulator, "GET", "/backends").status == 401
        token = ask(emulator, "POST", "/auth", LOGIN).body["mist_api_token"]
        assert len(token) == 64
        assert ask(emulator, "GET", "/backends", Authorization=f"mist_1 {LOGIN['email']}:{token}").status == 200
        assert ask(emulator, "GET", "/backends", Authorization=f"mist_1 {LOGIN['email']}:wrong").status == 401
        assert ask(emulator, "GET", "/backends", Authorization=token).status == 401
        assert ask(emulator, "GET", "/backends", Authorization=f"Bearer {LOGIN['email']}:{token}").status == 401


def test_a_client_may_have_its_token_already() -> None:
    with running(require_login=True) as emulator:
        header = f"MIST_1 {LOGIN['email'].upper()}:{emulator.token}"
        assert ask(emulator, "GET", "/keys", Authorization=header).status == 200


def test_a_hosted_server_refuses_a_wrong_password() -> None:
    with running(require_login=True) as emulator:
        reply = ask(emulator, "POST", "/auth", {**LOGIN, "password": "wrong"})
    assert (reply.status, reply.body) == (401, "Not authorized")


def test_a_standalone_server_keeps_the_token_to_itself(emulator: Emulator) -> None:
    assert "mist_api_token" not in ask(emulator, "POST", "/auth", LOGIN).body
    assert ask(emulator, "GET", "/monitoring").status == 200


def test_accounts_are_what_the_settings_say() -> None:
    with running(Settings(accounts=(Ec2Account("mine", "my-secret-0123456789", ("ec2_eu_west",)),))) as emulator:
        mine = {"title": "t", "apikey": "mine", "apisecret": "my-secret-0123456789"}
        assert ask(emulator, "POST", "/backends", {**mine, "provider": "ec2_us_east"}).status == 401
        assert ask(emulator, "POST", "/backends", {**mine, "provider": "ec2_eu_west"}).status == 200


def test_what_the_server_did_not_foresee_is_a_500_without_a_word(emulator: Emulator, backend: str) -> None:
    reply = ask(emulator, "PUT", f"/backends/{backend}", {"new_name": 5})
    assert (reply.status, reply.body) == (500, "Internal Server Error")
    assert emulator.requests[-1].status == 500


def test_docker_containers_live_and_die(emulator: Emulator) -> None:
    backend = add_backend(emulator, {"provider": "docker", "title": "engine", "apiurl": "http://docker.test"})
    machine = create(emulator, backend, image="mist/ubuntu-14.04:latest", size="")["id"]
    path = f"/backends/{backend}/machines/{machine}"
    for action, left in (("stop", ["stopped"]), ("start", ["running"]), ("destroy", [])):
        assert [each["state"] for each in ask(emulator, "POST", path, {"action": action}).body] == left


def test_every_control_endpoint_does_over_http_what_the_python_api_does(emulator: Emulator, backend: str) -> None:
    control = "/_emulator/"
    ask(emulator, "POST", control + "fail", {"kind": "answer", "status": 503, "path": "/keys"})
    assert ask(emulator, "GET", "/keys").status == 503
    assert [fault["struck"] for fault in ask(emulator, "GET", control + "faults").body] == [1]
    ask(emulator, "DELETE", control + "faults")
    ask(emulator, "POST", "/keys")
    assert [each["path"] for each in ask(emulator, "GET", control + "requests").body] == ["/keys", "/keys"]
    assert [each["method"] for each in ask(emulator, "GET", control + "requests?writes=1").body] == ["POST"]
    ask(emulator, "DELETE", control + "requests")
    assert ask(emulator, "GET", control + "requests").body == []
    before = emulator.clock.now()
    assert ask(emulator, "POST", control + "clock", {"advance": 5}).body["now"] == before + 5
    assert ask(emulator, "POST", control + "settings", {"boot_seconds": 1}).body["settings"]["boot_seconds"] == 1
    assert ask(emulator, "GET", control + "state").body["backends"] == 1
    ask(emulator, "POST", control + "reset")
    assert ask(emulator, "GET", control + "state").body["backends"] == 0
    assert emulator.settings.boot_seconds == 5


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("fail", {"kind": "earthquake"}, "unknown fault"),
        ("fail", {"kind": "cut", "colour": "red"}, "colour"),
        ("settings", {"port": 1}, "port cannot be changed"),
    ],
)
def test_a_bad_control_request_is_answered_with_the_reason(
    emulator: Emulator, path: str, given: Any, said: str
) -> None:
    reply = ask(emulator, "POST", f"/_emulator/{path}", given)
    assert reply.status == 400
    assert said in reply.body


def test_the_token_of_the_first_login_may_be_chosen() -> None:
    with running(require_login=True, token="ab" * 32) as emulator:
        assert ask(emulator, "POST", "/auth", LOGIN).body["mist_api_token"] == emulator.token == "ab" * 32
        header = f"mist_1 {LOGIN['email']}:{emulator.token}"
        assert ask(emulator, "GET", "/keys", Authorization=header).status == 200
