# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of servers of 2016 and later: one list has the machines of all backends, and their logins."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleParserError

pytestmark = pytest.mark.usefixtures("clouds_clock")

EC2 = {
    "provider": "ec2",
    "region": "us-east-1",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
DOCKER = {"provider": "docker", "api_url": "http://docker.test"}


@pytest.fixture
def fleet(run_clouds, clouds):
    """Machines web1 and web2 on EC2, which let in the key "deploy", and box1 on Docker; the backends by title."""
    backends = {
        title: run_clouds("mist_backend", title=title, **account)["backend"]
        for title, account in {"Shop": EC2, "Builds": DOCKER}.items()
    }
    run_clouds("mist_key", name="deploy", generate=True)
    made = run_clouds(
        "mist_machine",
        backend="Shop",
        names=["web1", "web2"],
        image="ami-76817c1e",
        size="t2.micro",
        key="deploy",
        location="0",
    )
    assert made.get("msg") is None
    made = run_clouds("mist_machine", backend="Builds", name="box1", image="nginx:latest")
    assert made.get("msg") is None
    clouds.forget()
    return backends


@pytest.fixture
def parse_clouds(parse, clouds):
    def parsed(**options):
        clouds.forget()
        return parse(**{"mist_uri": clouds.uri, "mist_api_token": clouds.token, **options})

    return parsed


def asked(clouds):
    return [each.line for each in clouds.requests]


def test_any_number_of_backends_costs_two_requests(parse_clouds, fleet, clouds):
    inventory = parse_clouds()
    assert {"web1", "web2", "box1"} <= set(inventory.hosts)
    assert asked(clouds) == ["GET /api/v1/clouds", "GET /api/v1/machines"]


def test_fresh_has_every_provider_asked(parse_clouds, fleet, clouds):
    assert {"web1", "web2", "box1"} <= set(parse_clouds(fresh=True).hosts)
    paths = [f"GET /api/v1/clouds/{backend['id']}/machines" for backend in fleet.values()]
    assert asked(clouds)[0] == "GET /api/v1/clouds"
    assert sorted(asked(clouds)[1:]) == sorted(paths)


def test_a_host_has_what_its_machine_and_its_backend_tell(parse_clouds, fleet):
    facts = parse_clouds().hosts["web1"].vars
    found = {
        name: facts[f"mist_{name}"] for name in ("name", "state", "backend_id", "backend_title", "provider", "region")
    }
    shop = fleet["Shop"]["id"]
    assert found == {
        "name": "web1",
        "state": "running",
        "backend_id": shop,
        "backend_title": "Shop",
        "provider": "ec2",
        "region": "us-east-1",
    }
    assert len(facts["mist_id"]) == 32
    assert facts["mist_external_id"].startswith("i-")
    assert facts["ansible_host"].startswith("127.")
    assert facts["mist_unique_id"] == f"{shop}/{facts['mist_id']}"


def test_the_login_is_that_of_the_key_that_the_machine_tells(parse_clouds, fleet, run_clouds, clouds):
    for association in clouds.world.keys["deploy"].associations:
        association.user = "deploy"  # as once Mist has logged in
    key = run_clouds("mist_key_info", name="deploy")["ssh_keys"][0]
    facts = parse_clouds().hosts["web1"].vars
    assert (facts["mist_key"], facts["ansible_port"]) == (key["id"], 22)
    assert facts["ansible_user"] == "deploy"
    assert "GET /api/v1/keys" not in asked(clouds)
    without = parse_clouds(use_key_associations=False).hosts["web1"].vars
    assert without["mist_key"] is None
    assert "ansible_user" not in without


def test_a_user_that_mist_does_not_know_is_not_made_up(parse_clouds, fleet):
    """A variable of a host would outrank group_vars and ansible.cfg."""
    facts = parse_clouds().hosts["web1"].vars
    assert facts["mist_key"]
    assert "ansible_user" not in facts


def test_a_warm_cache_costs_no_request(parse_clouds, fleet, clouds, tmp_path):
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = parse_clouds(**cache)
    again = parse_clouds(**cache)
    assert asked(clouds) == []
    assert {name: host.vars for name, host in again.hosts.items()} == {
        name: host.vars for name, host in first.hosts.items()
    }
    assert clouds.token not in "".join(each.read_text() for each in (tmp_path / "cache").iterdir())


def test_the_machines_of_a_backend_that_is_left_out_are_no_hosts(parse_clouds, fleet, run_clouds):
    assert "box1" not in parse_clouds(exclude_backends=["Builds"]).hosts
    assert set(parse_clouds(backends=["ec2"]).hosts) == {"web1", "web2"}
    assert run_clouds("mist_backend", title="Shop", enabled=False)["changed"]
    assert not {"web1", "web2"} & set(parse_clouds().hosts)


def test_one_list_that_fails_is_the_server_failing(parse_clouds, fleet, clouds, tmp_path, warnings):
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    parse_clouds(**cache)
    clouds.fail("answer", path="/api/v1/machines", status=500, body="Internal Server Error")
    with pytest.raises(AnsibleParserError, match="/api/v1/machines answered 500"):
        parse_clouds(**cache, cache_timeout=1, fresh_run=True)
    old = parse_clouds(**cache, fresh_run=True, on_api_error="stale")
    assert {"web1", "web2", "box1"} <= set(old.hosts)
    assert old.groups["all"].vars["mist_inventory_partial"] is True
    assert all(host.vars["mist_stale_since"] for host in old.hosts.values())
    assert any("/api/v1/machines answered 500" in warning for warning in warnings)


def test_with_fresh_one_dead_provider_does_not_hide_the_others(parse_clouds, fleet, clouds, warnings):
    clouds.fail("provider_error", backend=fleet["Builds"]["id"])
    hosts = parse_clouds(fresh=True, retries=0).hosts
    assert {"web1", "web2"} <= set(hosts)
    assert "box1" not in hosts
    assert any("The backend 'Builds'" in warning for warning in warnings)


def test_a_token_that_is_refused_is_reported(parse_clouds, clouds):
    with pytest.raises(AnsibleParserError, match="answered 401"):
        parse_clouds(mist_api_token="0" * 64)


def test_a_token_of_ones_own_is_revoked_in_the_end(parse_clouds, fleet, clouds):
    login = {
        "mist_api_token": None,
        "mist_email": "demo@mist.test",
        "mist_password": "core-password-for-tests-0123456789",
    }
    assert "web1" in parse_clouds(**login).hosts
    assert [line for line in asked(clouds) if "tokens" in line] == ["POST /api/v1/tokens", "DELETE /api/v1/tokens"]
