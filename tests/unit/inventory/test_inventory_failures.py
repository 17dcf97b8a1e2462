# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers and backends that fail: what is there in spite of it, and what is said."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError

PAGE = "<!DOCTYPE html><html><body>Bad gateway</body></html>"


@pytest.fixture
def down(world):
    """A second backend, whose machines are asked for in vain."""
    world.machine("web")
    world.machine("db", world.backend("Other"))
    return world.backend("Other")


def all_vars(inventory):
    return inventory.groups["all"].vars


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "answer", "status": 401, "body": "Invalid backend credentials"}, "answered 401"),
        ({"kind": "answer", "status": 503, "body": "Backend unavailable"}, "answered 503"),
        ({"kind": "answer", "status": 200, "body": PAGE}, "instead of JSON"),
        ({"kind": "answer", "status": 502, "body": PAGE}, "answered 502"),
        ({"kind": "half_body"}, "before the complete answer arrived"),
        ({"kind": "cut"}, "before the complete answer arrived"),
        ({"kind": "hang", "seconds": 5}, "no complete answer arrived within 1 s"),
        ({"kind": "provider_revoked"}, "The provider rejected the credentials"),
        ({"kind": "provider_slow", "seconds": 5}, "no complete answer arrived within 1 s"),
    ],
)
def test_the_machines_of_the_others_are_there_and_a_warning_tells_why(fault, why, parse, world, down, warnings):
    where = {"backend": down.id} if fault["kind"].startswith("provider") else {"path": f"/backends/{down.id}/machines"}
    world.mist.fail(fault.pop("kind"), **where, **fault)
    inventory = parse(retries=0, timeout=1)
    assert list(inventory.hosts) == ["web"]
    assert all_vars(inventory)["mist_inventory_partial"] is True
    (failed,) = all_vars(inventory)["mist_failed_backends"]
    assert (failed["id"], failed["title"]) == (down.id, "Other")
    assert why in failed["error"]
    assert warnings == [
        f"The backend 'Other' ({down.id}) could not be listed: {failed['error']} Its machines are missing."
    ]


def test_a_failed_backend_can_be_reason_enough_to_fail(parse, world, down):
    world.mist.fail("provider_error", backend=down.id)
    with pytest.raises(AnsibleError) as failed:
        parse(on_backend_error="fail", retries=0)
    assert str(failed.value).startswith("1 backend could not be listed: 'Other': GET ")


def test_nothing_is_said_of_failures_where_there_are_none(parse, world, warnings):
    world.machine("web")
    assert all_vars(parse()) == {}
    assert warnings == []


def test_all_backends_may_fail(parse, world, down):
    world.mist.fail("provider_error")
    inventory = parse(retries=0)
    assert list(inventory.hosts) == []
    assert len(all_vars(inventory)["mist_failed_backends"]) == 2


def test_a_backend_that_is_overloaded_for_a_moment_is_asked_again(parse, world):
    world.machine("web")
    world.mist.fail("answer", path="/backends/*/machines", status=503, times=1)
    assert list(parse().hosts) == ["web"]


def test_the_failures_of_two_files_are_both_reported(manage, write, world, other_server):
    for each in (world, other_server):
        each.mist.fail("provider_error")
    options = {"retries": 0}
    inventory = manage(write("a.mist.yml", **options), write("b.mist.yml", mist_uri=other_server.mist.uri, **options))
    titles = [each["title"] for each in all_vars(inventory)["mist_failed_backends"]]
    assert titles == ["OpenStack one", "OpenStack two"]
    inventory.refresh_inventory()
    assert len(all_vars(inventory)["mist_failed_backends"]) == 2


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "m1"},
        5,
        None,
        [],
        {"id": None, "name": None, "public_ips": None, "private_ips": None, "extra": None},
        {"id": "m1", "name": "web", "public_ips": "x", "private_ips": 5, "extra": {}},
        {"id": "m1", "name": "web", "public_ips": [], "private_ips": [], "extra": {"tags": {"a": ["b"]}}, "state": 5},
        {"id": "m1", "name": "web", "public_ips": [{}], "private_ips": [None], "extra": {"tags": [1]}, "tags": [{}]},
        {"id": "m1", "name": ["x"], "public_ips": [], "private_ips": [], "extra": {"dns_name": 5, "image": [1]}},
    ],
)
def test_a_strange_machine_is_a_host_or_its_backend_has_failed(item, parse, world):
    world.machine("db", world.backend("Other"))
    first = next(iter(world.mist.world.backends))
    world.answer([item], f"/backends/{first}/machines")
    inventory = parse()
    assert "db" in inventory.hosts
    assert len(inventory.hosts) == 2 or all_vars(inventory)["mist_failed_backends"][0]["id"] == first


@pytest.mark.parametrize(
    "association",
    [
        ["b", "m", 0, 5, None, 22],
        ["b", "m", "x", None, None, "22"],
        ["b", "m", 1.5, ["root"], None, None],
        ["b", "m", None, "root", None, 10**9],
    ],
)
def test_a_strange_association_is_no_login_or_half_of_one(association, parse, world):
    machine = world.machine("web")
    first = next(iter(world.mist.world.backends))
    key = {"id": "shop", "isDefault": False, "machines": [[first, machine.id, *association[2:]]]}
    world.answer([key, {**key, "id": "other"}], "/keys")
    hostvars = parse().hosts["web"].vars
    assert isinstance(hostvars.get("ansible_user", ""), str)
    assert hostvars.get("ansible_port", 22) == 22


@pytest.mark.parametrize("body", [{}, [5], [{}], None, "x", [{"id": None}]])
@pytest.mark.parametrize("path", ["/backends", "/keys"])
def test_a_server_that_is_no_mist_is_reported(path, body, parse, world):
    world.machine("web")
    world.answer(body, path)
    with pytest.raises(AnsibleError) as failed:
        parse()
    assert f"{path} answered" in str(failed.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "answer", "status": 401, "body": "Unauthorized"}, "Check mist_api_token"),
        ({"kind": "answer", "status": 200, "body": PAGE}, "Check that mist_uri is the address of a Mist server"),
        ({"kind": "cut"}, "the connection broke"),
        ({"kind": "hang", "seconds": 5}, "no complete answer arrived within 1 s"),
    ],
)
def test_a_server_that_fails_makes_no_inventory(fault, said, parse, world):
    world.mist.fail(fault.pop("kind"), **fault)
    with pytest.raises(AnsibleError) as failed:
        parse(retries=0, timeout=1)
    assert said in str(failed.value)


def test_a_server_that_is_not_there_is_reported(parse):
    with pytest.raises(AnsibleError, match="connection refused"):
        parse(mist_uri="http://127.0.0.1:9", retries=0)
