# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_backend at a server of 2014; test_mist_backend.py holds what is the same on both generations."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import DIGITALOCEAN, EC2, OPENSTACK, shown

from .backends import lines, refused, titles

HOST = {"provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "demo"}
JSON = {"Content-Type": "application/json; charset=UTF-8"}


@pytest.mark.parametrize("spec", [OPENSTACK, EC2, DIGITALOCEAN], ids=lambda spec: spec["provider"])
def test_a_backend_is_added_once(scenario, mist, spec):
    result = scenario("mist_backend", **spec)
    assert result["changed"] is True
    assert result["actions"] == [f"add backend '{spec['title']}' of {spec['provider']}"]
    assert result["diff"]["before"] == {}
    assert result["backend"] == result["diff"]["after"]
    assert result["backend"]["id"] in mist.world.backends
    assert titles(mist) == [spec["title"]]


def test_a_host_gets_its_title_by_a_rename(scenario, mist, add_key):
    """The server takes the address for the title of a new one (recordings/2014: backends.add.bare_ok)."""
    add_key("demo")
    result = scenario("mist_backend", title="bm one", **HOST)
    assert result["actions"] == ["add backend '192.0.2.10' of bare_metal", "rename to 'bm one'"]
    assert result["backend"]["title"] == "bm one"
    assert titles(mist) == ["bm one"]


def test_a_host_without_a_title_has_its_address_for_one(scenario, add_key):
    add_key("demo")
    assert scenario("mist_backend", **HOST)["backend"]["title"] == "192.0.2.10"


def test_a_host_that_was_added_and_not_renamed_is_renamed_by_the_next_run(run, mist, add_key):
    add_key("demo")
    mist.fail("cut", method="PUT", path="/backends/*")
    result = run("mist_backend", title="bm one", **HOST, retries=0)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["add backend '192.0.2.10' of bare_metal"]
    mist.heal()
    assert run("mist_backend", title="bm one", **HOST)["actions"] == ["rename to 'bm one'"]
    assert run("mist_backend", title="bm one", **HOST)["changed"] is False


def test_a_host_does_not_get_the_title_of_another_backend(run, mist, openstack, add_key):
    add_key("demo")
    mist.forget()
    result = run("mist_backend", title="OpenStack one", **HOST)
    assert f"The backend 'OpenStack one' ({openstack['id']}) already has the title 'OpenStack one'." in result["msg"]
    assert mist.writes == []


def test_a_title_that_the_server_would_alter_is_refused_for_a_host_too(run, mist, add_key):
    add_key("demo")
    mist.forget()
    assert "only ASCII" in run("mist_backend", title="größe", **HOST)["msg"]
    assert mist.writes == []


def test_what_the_server_does_not_show_is_a_warning_and_the_second_run_changes_nothing(run, mist):
    assert "warnings" not in run("mist_backend", **OPENSTACK)
    result = run("mist_backend", **{**OPENSTACK, "api_url": "http://elsewhere.test:5000/v2.0"})
    assert (result["changed"], result["backend"]["title"]) == (False, "OpenStack one")
    assert result["warnings"] == [
        f"The server does not return api_url and tenant_name of the backend 'OpenStack one'"
        f" ({result['backend']['id']}),"
        " so they were not compared."
        " To apply the values of this task, remove the backend (state=absent) and add it again."
    ]
    assert titles(mist) == ["OpenStack one"]


def test_the_address_of_a_docker_engine_can_be_compared_but_not_its_port(run):
    engine = {"title": "dock", "provider": "docker", "api_url": "http://docker.test"}
    run("mist_backend", **engine, docker_port=4243)
    (warning,) = run("mist_backend", **engine, docker_port=4244)["warnings"]
    assert warning.startswith("The server does not return docker_port of the backend 'dock' (")


def test_a_host_is_removed_by_its_address_alone(scenario, run, mist):
    run("mist_backend", machine_ip="192.0.2.77", validate=False)
    result = scenario("mist_backend", machine_ip="192.0.2.77", state="absent")
    assert result["changed"] is True
    assert titles(mist) == []


def test_a_host_can_be_given_a_title(scenario, mist):
    result = scenario("mist_backend", machine_ip="192.0.2.77", validate=False, new_name="db")
    assert result["actions"] == ["add backend '192.0.2.77' of bare_metal", "rename to 'db'"]
    assert titles(mist) == ["db"]


def test_a_region_in_the_provider_is_split_off(scenario):
    account = {"api_key": "rackspace-user", "api_secret": "rackspace-secret-for-tests-0123456789"}
    result = scenario("mist_backend", title="R", provider="rackspace:dfw", **account, validate=False)
    assert (result["backend"]["provider"], result["backend"]["region"]) == ("rackspace", "dfw")


def test_without_validation_nothing_is_tried_and_nothing_is_needed(scenario, mist):
    scenario("mist_backend", title="later", provider="ec2_us_west", validate=False)
    assert titles(mist) == ["later"]


def test_unchanged_costs_one_request(run, mist, openstack):
    mist.forget()
    assert run("mist_backend", **OPENSTACK)["changed"] is False
    assert lines(mist) == ["GET /backends"]


def test_no_backend_at_all_is_absent_without_a_provider(scenario):
    assert scenario("mist_backend", title="never there", state="absent")["changed"] is False


@pytest.mark.parametrize("provider", ["digitalocean", "linode"])
def test_a_token_in_the_public_option_is_refused_and_masked(run, run_module, mist, provider):
    token = f"token-of-{provider}-for-tests-0123456789"
    for check_mode in (True, False):
        result = run("mist_backend", title="x", provider=provider, api_key=token, check_mode=check_mode)
        assert result["msg"] == (
            f"Invalid option api_key for a backend of {provider}: the provider's key is secret, and this option is not."
            " Use api_secret instead."
        )
        assert token not in shown(run_module.printed)
    assert mist.writes == []


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"provider": "ec2"}, "Use ec2_ap_northeast, ec2_ap_southeast, ec2_ap_southeast_2, ec2_eu_west, "),
        ({"provider": "aws", "region": "us-east-1"}, "Use ec2_us_east."),
        ({"provider": "ec2", "region": "eu-west-1"}, "Use ec2_eu_west."),
        ({"provider": "other"}, "Use bare_metal."),
    ],
)
def test_a_provider_of_later_servers_is_reported_with_the_name_that_this_server_has(run, mist, given, hint):
    msg = refused(run, mist, **{**EC2, **given})
    assert f"Invalid provider '{given['provider']}' for {mist.uri}, which is a server of 2014 or 2015. {hint}" in msg
    assert "ec2_us_east" in msg or given["provider"] == "other" or given["region"] == "eu-west-1"


def test_an_unknown_key_of_a_host_is_reported_in_check_mode_as_for_real(run, mist, add_key):
    """The server would answer 404 (recordings/2014/CONTRACT.md 2)."""
    add_key("demo")
    host = {"provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "dem"}
    for check_mode in (True, False):
        result = run("mist_backend", check_mode, **host)
        assert (result.get("failed"), result["changed"], mist.writes) == (True, False, [])
        assert "Key 'dem' not found on" in result["msg"]
        assert "Did you mean 'demo'?" in result["msg"]


def test_a_misspelt_provider_is_reported_with_the_nearest(run, mist):
    msg = refused(run, mist, **{**EC2, "provider": "ec2_us_est"})
    assert f"Invalid provider 'ec2_us_est' for {mist.uri}. Did you mean ec2_us_west, ec2_us_east" in msg
    assert "digitalocean, docker" in msg


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"provider": "ec2_us_east"}, "api_key and api_secret"),
        ({"provider": "openstack", "api_key": "demo"}, "api_secret and api_url"),
        ({"provider": "digitalocean"}, "api_secret"),
        ({"provider": "docker"}, "api_url"),
        ({"provider": "bare_metal"}, "machine_ip and machine_key"),
    ],
)
def test_missing_fields_of_a_provider_are_named(run, mist, options, missing):
    assert f"A new backend of {options['provider']} requires {missing}." in refused(run, mist, title="x", **options)


def test_an_account_that_is_there_under_another_title_is_named(run, mist, openstack):
    msg = refused(run, mist, **{**OPENSTACK, "title": "other"})
    assert f"as the backend 'OpenStack one' ({openstack['id']})" in msg


def test_a_second_cloud_with_the_same_user_is_the_same_account_for_the_server(run, mist, openstack):
    other = {**OPENSTACK, "title": "other", "api_url": "http://other.test:5000/v2.0", "tenant_name": "other"}
    assert f"as the backend 'OpenStack one' ({openstack['id']})" in refused(run, mist, **other)


def test_another_account_under_the_same_title_is_refused(run, mist, ec2):
    msg = refused(run, mist, **{**EC2, "api_key": "second-ec2-key"})
    assert "was added with other credentials" in msg
    msg = refused(run, mist, **{**EC2, "provider": "ec2_eu_west"})
    assert "its provider is ec2_us_east, not ec2_eu_west" in msg


def test_wrong_credentials_are_the_providers_word(run, mist):
    result = run("mist_backend", **{**EC2, "api_secret": "wrong-secret-for-tests-0123456789"})
    assert result["failed"] is True
    assert result["msg"] == (
        f"POST {mist.uri}/backends answered 401: Invalid backend credentials."
        " The provider rejected the credentials of this backend."
    )
    assert titles(mist) == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({**OPENSTACK, "api_url": "http://nowhere.test:5000"}, "answered 503: Backend unavailable"),
        ({**HOST, "machine_user": "nobody"}, "answered 401: Invalid backend credentials"),
        (
            {**HOST, "machine_ip": "192.0.2.11"},
            "answered 503: Service unavailable: SSH timed-out",
        ),  # its ssh is at 2222
    ],
)
def test_an_account_or_host_that_cannot_be_reached_is_not_added(run, mist, add_key, spec, said):
    add_key("demo")
    result = run("mist_backend", **spec)
    assert (result["failed"], result["changed"], result["actions"]) == (True, False, [])
    assert f"POST {mist.uri}/backends {said}" in result["msg"]
    assert [arrived.line for arrived in mist.writes] == ["POST /backends"]
    assert titles(mist) == []


def test_a_conflict_that_could_not_be_predicted_names_the_other_backend(run, mist, openstack):
    """Somebody else adds the account between the look and the add."""
    mist.fail("answer", method="GET", path="/backends", status=200, body="[]", times=1, headers=JSON)
    result = run("mist_backend", **{**OPENSTACK, "title": "other"})
    assert result["failed"] is True
    assert f"as the backend 'OpenStack one' ({openstack['id']})" in result["msg"]


def test_a_backend_that_somebody_else_adds_in_the_meantime_is_there(run, mist, openstack):
    mist.fail("answer", method="GET", path="/backends", status=200, body="[]", times=1, headers=JSON)
    assert run("mist_backend", **OPENSTACK)["backend"] == openstack


def test_after_a_lost_answer_it_looks_before_it_gives_up(run, mist):
    mist.fail("cut", method="POST", path="/backends", after_work=True)
    result = run("mist_backend", **OPENSTACK)
    assert result["changed"] is True
    assert titles(mist) == ["OpenStack one"]
    assert [line for line in lines(mist) if line.startswith("POST")] == ["POST /backends"]


def test_a_lost_answer_of_an_add_that_was_not_done_is_a_failure(run, mist):
    mist.fail("cut", method="POST", path="/backends", after_work=False)
    result = run("mist_backend", **OPENSTACK)
    assert result["failed"] is True
    assert "the connection broke before the complete answer arrived" in result["msg"]
    assert titles(mist) == []


def test_a_failure_half_way_tells_what_was_done(run, mist):
    mist.fail("answer", method="POST", path="/backends/*", status=500)
    result = run("mist_backend", **OPENSTACK, enabled=False)
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["actions"] == ["add backend 'OpenStack one' of openstack"]
    assert "Done before this error: add backend 'OpenStack one' of openstack." in result["msg"]
    mist.heal()
    assert run("mist_backend", **OPENSTACK, enabled=False)["actions"] == ["disable"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 200, "body": "<html><title>Log in</title></html>"}, "answered 200 with 'Log in' instead of JSON"),
        (
            {"status": 200, "body": '{"hello": 1}', "headers": JSON},
            "expected a list of backends in the format of mist.io 2014",
        ),
        (
            {"status": 200, "body": '[{"hello": 1}]', "headers": JSON},
            "expected a list of backends in the format of mist.io 2014",
        ),
        ({"status": 404, "body": "<!DOCTYPE html><html></html>"}, "the server does not have this path"),
    ],
)
def test_a_server_that_is_not_mist_is_reported(run, mist, answer, said):
    mist.fail("answer", path="/backends", **answer)
    result = run("mist_backend", **OPENSTACK)
    assert result["failed"] is True
    assert said in result["msg"]
    assert mist.writes == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"title": "one", "provider": "ec2_us_east", "update_credentials": "always"},
            "cannot change the credentials of a backend",
        ),
        (
            {"title": "two", "provider": "docker", "credentials": {"host": "docker.test"}},
            "cannot accept the option credentials",
        ),
    ],
)
def test_what_this_generation_cannot_do_is_reported_with_both_generations(run, mist, options, said):
    run("mist_backend", title="one", provider="ec2_us_east", validate=False)
    mist.forget()
    result = run("mist_backend", **options)
    assert said in result["msg"]
    assert "'backends'" in result["msg"]
    assert "'clouds'" in result["msg"]
    assert mist.writes == []
