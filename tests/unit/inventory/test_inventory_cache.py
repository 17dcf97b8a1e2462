# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept from run to run: what the server said, by backend, and for how long it is as good as new."""

from __future__ import annotations

import re

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mistio.cloud.plugins.plugin_utils import listing


@pytest.fixture
def now(monkeypatch):
    """now(seconds): that much later, for the plugin."""
    clock = [1_700_000_000.0]
    monkeypatch.setattr(listing.time, "time", lambda: clock[0])

    def later(seconds):
        clock[0] += seconds

    return later


@pytest.fixture
def cached(parse, tmp_path):
    """As ``parse``, with a cache that is good for 100 seconds."""

    def parsed(*args, **options):
        cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
        return parse(*args, **{**cache, "cache_timeout": 100, **options})

    return parsed


@pytest.fixture
def kept(tmp_path):
    """kept(): the files of the cache."""
    return lambda: sorted((tmp_path / "cache").iterdir())


def failed(inventory):
    return [each["title"] for each in inventory.groups["all"].vars.get("mist_failed_backends", [])]


def names(inventory):
    return sorted(inventory.hosts)


def test_a_warm_cache_is_asked_in_place_of_the_server(cached, world):
    world.machine("web")
    first = cached(keyed_groups=[{"key": "mist_state"}])
    assert len(world.asked()) == 3
    again = cached(keyed_groups=[{"key": "mist_state"}])
    assert world.asked() == []
    assert {name: host.vars for name, host in again.hosts.items()} == {
        name: host.vars for name, host in first.hosts.items()
    }


def test_options_act_at_once_on_what_is_kept(cached, world):
    for name in ("web", "db"):
        world.key("shop", world.machine(name), user="deploy")
    cached(filters=[{"include": "mist_name == 'web'"}, {"exclude": True}])
    world.asked()
    inventory = cached(hostvars_prefix="m_", hostnames=["m_name ~ '.test'"], compose={"a": "m_state"})
    assert world.asked() == []
    assert names(inventory) == ["db.test", "web.test"]
    assert inventory.hosts["db.test"].vars["a"] == "running"


def test_what_is_too_old_is_asked_for_anew(cached, world, now):
    world.machine("web")
    cached()
    now(99)
    cached()
    assert len(world.asked()) == 3
    world.machine("db")
    now(2)
    assert names(cached()) == ["db", "web"]
    assert len(world.asked()) == 3


def test_a_refresh_asks_anew_and_keeps_what_it_heard(cached, world):
    world.machine("web")
    cached()
    world.machine("db")
    world.asked()
    assert names(cached()) == ["web"]
    assert names(cached(fresh_run=True)) == ["db", "web"]
    assert len(world.asked()) == 3
    assert names(cached()) == ["db", "web"]
    assert world.asked() == []


def test_a_cache_without_an_age_is_good_for_ever(cached, world, now):
    cached(cache_timeout=0)
    world.asked()
    now(10**9)
    cached(cache_timeout=0)
    assert world.asked() == []


def test_a_backend_that_failed_is_asked_again_and_no_other(cached, world):
    world.machine("web")
    other = world.backend("Other")
    world.machine("db", other)
    world.mist.fail("answer", path=f"/backends/{other.id}/machines")
    assert names(cached()) == ["web"]
    world.mist.heal()
    world.asked()
    assert names(cached()) == ["db", "web"]
    assert world.asked() == [f"GET /backends/{other.id}/machines"]


def test_a_backend_that_is_down_is_stood_in_for_by_what_is_kept(cached, world, now, warnings, dump):
    world.machine("web")
    other = world.backend("Other")
    world.machine("db", other)
    cached(on_backend_error="stale")
    now(101)
    world.mist.fail("provider_error", backend=other.id)
    world.machine("new")
    inventory = cached(on_backend_error="stale", retries=0)
    assert names(inventory) == ["db", "new", "web"]
    assert dump(inventory.hosts["db"].vars)["mist_stale_since"] == "2023-11-14T22:13:20Z"
    assert "mist_stale_since" not in inventory.hosts["web"].vars
    assert failed(inventory) == ["Other"]
    assert inventory.groups["all"].vars["mist_inventory_partial"] is True
    (warning,) = warnings
    assert warning.startswith(f"The backend 'Other' ({other.id}) could not be listed: GET ")
    assert warning.endswith(". Its machines are from the listing of 2023-11-14T22:13:20Z.")
    now(1)
    world.mist.heal()
    inventory = cached(on_backend_error="stale")
    assert failed(inventory) == []
    assert "mist_stale_since" not in inventory.hosts["db"].vars


def test_a_backend_that_is_down_and_was_never_listed_is_missing(cached, world, warnings):
    world.mist.fail("answer", path="/backends/*/machines")
    inventory = cached(on_backend_error="stale")
    assert names(inventory) == []
    assert warnings[0].endswith("Its machines are missing.")


def test_what_is_kept_stands_in_only_if_that_is_wanted(cached, world, now):
    world.machine("web")
    cached()
    now(101)
    world.mist.fail("answer", path="/backends/*/machines")
    assert names(cached(on_backend_error="warn")) == []
    with pytest.raises(AnsibleError, match="1 backend could not be listed: 'OpenStack one': GET "):
        cached(on_backend_error="fail")


def test_all_is_stood_in_for_when_the_server_is_down(cached, world, now, warnings):
    world.key("shop", world.machine("web"), user="deploy")
    cached()
    now(101)
    world.mist.fail("answer", status=500)
    with pytest.raises(AnsibleError, match="answered 500"):
        cached()
    inventory = cached(on_api_error="stale")
    assert inventory.hosts["web"].vars["ansible_user"] == "deploy"
    assert failed(inventory) == ["OpenStack one"]
    assert re.fullmatch(
        r"The Mist server failed, so the hosts come from the cache: GET .*/backends answered 500: .*", warnings[0]
    )
    assert re.fullmatch(
        r"The backend 'OpenStack one' \(\w+\) could not be listed\. Its machines are from the listing of [-\dT:]+Z\.",
        warnings[1],
    )
    assert len(warnings) == 2


def test_nothing_can_stand_in_where_nothing_is_kept(cached, world):
    world.mist.fail("answer", status=500)
    with pytest.raises(AnsibleError, match="answered 500"):
        cached(on_api_error="stale")


def test_a_login_that_is_refused_is_reported_also_with_a_warm_cache_of_another_user(cached, world):
    world.machine("web")
    cached(mist_api_token="first-token-for-tests-0123456789", mist_generation="backends")
    world.mist.fail("answer", status=401)
    with pytest.raises(AnsibleError, match="Check mist_api_token"):
        cached(mist_api_token="other-token-for-tests-0123456789", mist_generation="backends")


def test_each_server_and_each_file_has_a_memory_of_its_own(cached, world, other_server):
    world.machine("web")
    other_server.machine("db")
    cached()
    assert names(cached(mist_uri=other_server.mist.uri)) == ["db"]
    assert names(cached()) == ["web"]
    with pytest.raises(AnsibleError, match="organization"):
        cached(mist_org="another")


def test_no_secret_is_kept(cached, world, kept):
    machine = world.machine("web")
    world.key("shop", machine)
    token, password = "some-token-for-tests-0123456789", "some-password-for-tests-0123456789"
    login = {"mist_email": "demo@mist.test", "mist_generation": "backends"}
    cached(mist_api_token=token, mist_password=password, **login)
    (file,) = kept()
    text = file.name + file.read_text(encoding="utf-8")
    secrets = [token, password, "openstack-password-for-tests-0123456789", "PRIVATE KEY"]
    assert [secret for secret in secrets if secret in text] == []
    assert "web" in text
    assert "shop" in text


def test_machines_of_a_backend_that_is_gone_are_forgotten(cached, world, kept, now):
    other = world.backend("Other")
    world.machine("db", other)
    cached()
    del world.mist.world.backends[other.id]
    now(101)
    cached()
    assert other.id not in kept()[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "x", "[]", "null", "{}", '{"format": 1}', '{"format": [], "parts": 5}'])
def test_a_cache_that_makes_no_sense_is_made_anew(text, cached, world, kept):
    world.machine("web")
    cached()
    (file,) = kept()
    file.write_text(text, encoding="utf-8")
    world.asked()
    for requests in (3, 0):
        assert names(cached()) == ["web"]
        assert len(world.asked()) == requests


def test_what_an_older_collection_has_kept_is_not_taken_for_its_own(cached, world, kept, monkeypatch):
    world.machine("web")
    with monkeypatch.context() as older:
        older.setattr(listing.ListingCache, "FORMAT", [["id", "name"]])
        cached()
    world.asked()
    cached()
    assert len(world.asked()) == 3


def test_the_memory_of_one_process_is_a_cache_that_does_not_last(parse, world):
    world.machine("web")
    for _run in range(2):
        assert names(parse(cache=True)) == ["web"]
        assert len(world.asked()) == 3
