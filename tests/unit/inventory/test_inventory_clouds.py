# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of servers of 2016 and later: one list has the machines of all backends, and their logins."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleParserError

from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]

EC2 = {
    "provider": "ec2",
    "region": "us-east-1",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
DOCKER = {"provider": "docker", "api_url": "http://docker.test"}


@pytest.fixture
def fleet(run, mist):
    """Machines web1 and web2 on EC2, which let in the key "deploy", and box1 on Docker; the backends by title."""
    backends = {
        title: run("mist_backend", title=title, **account)["backend"]
        for title, account in {"Shop": EC2, "Builds": DOCKER}.items()
    }
    run("mist_key", name="deploy", generate=True)
    made = run(
        "mist_machine",
        backend="Shop",
        names=["web1", "web2"],
        image="ami-76817c1e",
        size="t2.micro",
        key="deploy",
        location="0",
    )
    assert made.get("msg") is None
    made = run("mist_machine", backend="Builds", name="box1", image="nginx:latest")
    assert made.get("msg") is None
    mist.forget()
    return backends


@pytest.fixture
def parse_there(parse, mist):
    def parsed(**options):
        mist.forget()
        return parse(**{"mist_uri": mist.uri, "mist_api_token": mist.token, **options})

    return parsed


def asked(mist):
    return [each.line for each in mist.requests]


def test_any_number_of_backends_costs_two_requests(parse_there, fleet, mist):
    inventory = parse_there()
    assert {"web1", "web2", "box1"} <= set(inventory.hosts)
    assert asked(mist) == ["GET /api/v1/clouds", "GET /api/v1/machines"]


def test_fresh_has_every_provider_asked(parse_there, fleet, mist):
    assert {"web1", "web2", "box1"} <= set(parse_there(fresh=True).hosts)
    paths = [f"GET /api/v1/clouds/{backend['id']}/machines" for backend in fleet.values()]
    assert asked(mist)[0] == "GET /api/v1/clouds"
    assert sorted(asked(mist)[1:]) == sorted(paths)


def test_a_host_has_what_its_machine_and_its_backend_tell(parse_there, fleet):
    facts = parse_there().hosts["web1"].vars
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


def test_the_login_is_that_of_the_key_that_the_machine_tells(parse_there, fleet, run, mist):
    for association in mist.world.keys["deploy"].associations:
        association.user = "deploy"  # as once Mist has logged in
    key = run("mist_key_info", name="deploy")["ssh_keys"][0]
    facts = parse_there().hosts["web1"].vars
    assert (facts["mist_key"], facts["ansible_port"]) == (key["id"], 22)
    assert facts["ansible_user"] == "deploy"
    assert "GET /api/v1/keys" not in asked(mist)
    without = parse_there(use_key_associations=False).hosts["web1"].vars
    assert without["mist_key"] is None
    assert "ansible_user" not in without


def test_a_user_that_mist_does_not_know_is_not_made_up(parse_there, fleet):
    """A variable of a host would outrank group_vars and ansible.cfg."""
    facts = parse_there().hosts["web1"].vars
    assert facts["mist_key"]
    assert "ansible_user" not in facts


def test_a_warm_cache_costs_no_request(parse_there, fleet, mist, tmp_path):
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = parse_there(**cache)
    again = parse_there(**cache)
    assert asked(mist) == []
    assert {name: host.vars for name, host in again.hosts.items()} == {
        name: host.vars for name, host in first.hosts.items()
    }
    assert mist.token not in "".join(each.read_text() for each in (tmp_path / "cache").iterdir())


def test_the_machines_of_a_backend_that_is_left_out_are_no_hosts(parse_there, fleet, run):
    assert "box1" not in parse_there(exclude_backends=["Builds"]).hosts
    assert set(parse_there(backends=["ec2"]).hosts) == {"web1", "web2"}
    assert run("mist_backend", title="Shop", enabled=False)["changed"]
    assert not {"web1", "web2"} & set(parse_there().hosts)


def test_one_list_that_fails_is_the_server_failing(parse_there, fleet, mist, tmp_path, warnings):
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    parse_there(**cache)
    mist.fail("answer", path="/api/v1/machines", status=500, body="Internal Server Error")
    with pytest.raises(AnsibleParserError, match="/api/v1/machines answered 500"):
        parse_there(**cache, cache_timeout=1, fresh_run=True)
    old = parse_there(**cache, fresh_run=True, on_api_error="stale")
    assert {"web1", "web2", "box1"} <= set(old.hosts)
    assert old.groups["all"].vars["mist_inventory_partial"] is True
    assert all(host.vars["mist_stale_since"] for host in old.hosts.values())
    assert any("/api/v1/machines answered 500" in warning for warning in warnings)


def test_with_fresh_one_dead_provider_does_not_hide_the_others(parse_there, fleet, mist, warnings):
    mist.fail("provider_error", backend=fleet["Builds"]["id"])
    hosts = parse_there(fresh=True, retries=0).hosts
    assert {"web1", "web2"} <= set(hosts)
    assert "box1" not in hosts
    assert any("The backend 'Builds'" in warning for warning in warnings)


def test_a_token_that_is_refused_is_reported(parse_there, mist):
    with pytest.raises(AnsibleParserError, match="answered 401"):
        parse_there(mist_api_token="0" * 64)


def test_a_token_of_ones_own_is_revoked_in_the_end(parse_there, fleet, mist):
    login = {
        "mist_api_token": None,
        "mist_email": "demo@mist.test",
        "mist_password": "core-password-for-tests-0123456789",
    }
    assert "web1" in parse_there(**login).hosts
    assert [line for line in asked(mist) if "tokens" in line] == ["POST /api/v1/tokens", "DELETE /api/v1/tokens"]
