# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_backend, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running
from ansible_collections.mistio.cloud.tests.unit.conftest import DIGITALOCEAN, EC2, OPENSTACK, shown


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


def titles(mist):
    return sorted(backend.title for backend in mist.world.backends.values())


# ---- adding


@pytest.mark.parametrize("spec", [OPENSTACK, EC2, DIGITALOCEAN], ids=lambda spec: spec["provider"])
def test_a_backend_is_added_once(scenario, mist, spec):
    result = scenario("mist_backend", **spec)
    assert result["changed"] is True
    assert result["actions"] == [f"add backend '{spec['title']}' of {spec['provider']}"]
    assert result["diff"]["before"] == {}
    assert result["backend"] == result["diff"]["after"]
    assert result["backend"]["id"] in mist.world.backends
    assert titles(mist) == [spec["title"]]


def test_a_docker_engine_is_added_at_its_port(scenario, mist):
    result = scenario("mist_backend", title="dock", provider="docker", api_url="http://docker.test", docker_port=4243)
    assert result["backend"]["provider"] == "docker"


HOST = {"provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "demo"}


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


# ---- what the server does not show of a backend


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


def test_what_is_not_given_and_what_is_secret_is_no_warning(run):
    run("mist_backend", **EC2)
    assert "warnings" not in run("mist_backend", **EC2)
    run("mist_backend", **OPENSTACK)
    assert "warnings" not in run("mist_backend", title="OpenStack one", enabled=True)
    assert "warnings" not in run("mist_backend", title="OpenStack one", state="absent")


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


def test_a_new_backend_can_be_disabled_at_once(scenario):
    result = scenario("mist_backend", **EC2, enabled=False)
    assert result["actions"] == ["add backend 'EC2 one' of ec2_us_east", "disable"]
    assert result["backend"]["enabled"] is False


def test_a_new_backend_gets_its_new_name_at_once(scenario, mist):
    result = scenario("mist_backend", **EC2, new_name="EC2 two")
    assert result["actions"] == ["add backend 'EC2 two' of ec2_us_east"]
    assert titles(mist) == ["EC2 two"]


def test_the_words_of_the_first_client_and_of_the_wire_are_understood(scenario, mist):
    spec = {"name": "old", "provider": "ec2_us_east", "apikey": EC2["api_key"], "apisecret": EC2["api_secret"]}
    assert scenario("mist_backend", **spec)["backend"]["title"] == "old"


# ---- what is there already


def test_unchanged_costs_one_request(run, mist, openstack):
    mist.forget()
    assert run("mist_backend", **OPENSTACK)["changed"] is False
    assert lines(mist) == ["GET /backends"]


def test_a_title_alone_finds_it(run, mist, openstack):
    result = run("mist_backend", title="OpenStack one")
    assert result["changed"] is False
    assert result["backend"] == openstack


def test_it_is_renamed_and_disabled_by_title(scenario, mist, openstack):
    result = scenario("mist_backend", title="OpenStack one", new_name="OpenStack two", enabled=False)
    assert result["actions"] == ["rename to 'OpenStack two'", "disable"]
    assert result["diff"]["before"] == openstack
    assert result["diff"]["after"] == {**openstack, "title": "OpenStack two", "enabled": False}
    assert titles(mist) == ["OpenStack two"]


def test_it_is_renamed_by_id(scenario, mist, openstack):
    scenario("mist_backend", id=openstack["id"], new_name="OpenStack two")
    assert titles(mist) == ["OpenStack two"]


def test_it_is_still_the_same_account_after_a_rename(run, mist, openstack):
    run("mist_backend", title="OpenStack one", new_name="OpenStack two")
    assert run("mist_backend", **OPENSTACK, new_name="OpenStack two")["changed"] is False


def test_a_docker_engine_is_still_the_same_after_a_rename(run, mist):
    docker = {"provider": "docker", "api_url": "http://docker.test"}
    run("mist_backend", **docker, title="dock")
    run("mist_backend", title="dock", new_name="quay")
    assert run("mist_backend", **docker, title="quay")["changed"] is False


def test_it_is_enabled_again(scenario, run, openstack):
    run("mist_backend", title="OpenStack one", enabled=False)
    assert scenario("mist_backend", title="OpenStack one", enabled=True)["actions"] == ["enable"]


def test_enabled_is_left_alone_unless_given(run, openstack):
    run("mist_backend", title="OpenStack one", enabled=False)
    result = run("mist_backend", title="OpenStack one")
    assert (result["changed"], result["backend"]["enabled"]) == (False, False)


def test_it_is_removed(scenario, mist, openstack):
    result = scenario("mist_backend", title="OpenStack one", state="absent")
    assert result["actions"] == [f"remove backend 'OpenStack one' ({openstack['id']})"]
    assert result["backend"] is None
    assert result["diff"]["after"] == {}
    assert titles(mist) == []


def test_one_that_went_away_in_the_meantime_is_removed(run, mist, openstack):
    mist.fail("answer", method="DELETE", status=404, body="u'Backend not found: x'")
    assert run("mist_backend", title="OpenStack one", state="absent")["changed"] is True


def test_no_backend_at_all_is_absent_without_a_provider(scenario):
    assert scenario("mist_backend", title="never there", state="absent")["changed"] is False


# ---- secrets


def test_no_secret_comes_back(run, mist, add_key):
    """digitalocean's ``apikey`` in the server's listing is the token itself (CONTRACT 4.8)."""
    for spec in (OPENSTACK, EC2, DIGITALOCEAN):
        for result in (run("mist_backend", check_mode=True, **spec), run("mist_backend", **spec)):
            assert spec["api_secret"] not in shown(result)
    output = shown(run("mist_backend_info"))
    assert all(spec["api_secret"] not in output for spec in (OPENSTACK, EC2, DIGITALOCEAN))


def test_a_user_name_is_no_secret_and_is_not_masked_in_titles(scenario):
    result = scenario("mist_backend", **{**OPENSTACK, "title": "Our demo cloud"})
    assert result["backend"]["title"] == "Our demo cloud"
    assert result["actions"] == ["add backend 'Our demo cloud' of openstack"]


def test_a_user_name_that_is_the_password_too_stays_a_secret(run):
    word = "user-and-password-for-tests"
    result = run("mist_backend", title=word, provider="openstack", api_key=word, api_secret=word, validate=False)
    assert word not in shown(result)


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


# ---- what another generation calls otherwise, and addresses


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


@pytest.mark.parametrize("option", ["api_url", "compute_endpoint"])
def test_an_address_without_a_scheme_is_refused_by_the_name_of_its_option(run, mist, option):
    assert refused(run, mist, **{**OPENSTACK, option: "openstack.test:5000"}) == (
        f"Invalid {option}: it must begin with http:// or https://. Example: https://provider.example.test:5000."
    )


def test_check_mode_says_that_an_earlier_task_has_not_added_the_backend(run, mist):
    sentence = "In check mode, this error is expected if an earlier task adds the backend."
    for module, options in (("mist_machine", {"name": "web"}), ("mist_machine_info", {})):
        predicted, real = (run(module, backend="soon", check_mode=mode, **options) for mode in (True, False))
        assert predicted["msg"].endswith(sentence)
        assert sentence not in real["msg"]


# ---- bad input: a clear error, and nothing is changed


def refused(run, mist, **options):
    """The error, the same in check mode; nothing was written."""
    mist.forget()
    predicted, real = run("mist_backend", check_mode=True, **options), run("mist_backend", **options)
    assert predicted["msg"].partition(" In check mode, ")[0] == real["msg"]
    assert real["failed"] is True
    assert real["changed"] is False
    assert mist.writes == []
    return real["msg"]


def test_an_unknown_key_of_a_host_is_reported_in_check_mode_as_for_real(run, mist, add_key):
    """The server would answer 404 (recordings/2014/CONTRACT.md 2)."""
    add_key("demo")
    host = {"provider": "bare_metal", "machine_ip": "192.0.2.10", "machine_key": "dem"}
    for check_mode in (True, False):
        result = run("mist_backend", check_mode, **host)
        assert (result.get("failed"), result["changed"], mist.writes) == (True, False, [])
        assert "Key 'dem' not found on" in result["msg"]
        assert "Did you mean 'demo'?" in result["msg"]


def test_a_backend_must_be_named(run):
    assert run("mist_backend")["msg"] == "one of the following is required: title, id, machine_ip"


def test_an_unknown_backend_is_reported_with_the_nearest(run, mist, openstack):
    assert refused(run, mist, title="OpenStack on") == (
        f"Backend 'OpenStack on' not found on {mist.uri}. Did you mean 'OpenStack one' ({openstack['id']})?"
        " To add one, set title, provider and the credentials of that provider."
    )


def test_an_unknown_id_is_reported(run, mist):
    assert f"Backend 'nosuch' not found on {mist.uri}. The list of backends is empty." in refused(
        run, mist, id="nosuch", enabled=True
    )


@pytest.mark.parametrize("empty", ["id", "machine_ip"])
def test_an_empty_selector_beside_the_title_is_none(scenario, mist, openstack, empty):
    assert scenario("mist_backend", title="OpenStack one", **{empty: ""}, state="absent")["changed"] is True
    assert titles(mist) == []


def test_an_ambiguous_title_is_reported_with_the_ids(run, mist, openstack, ec2):
    mist.world.backends[ec2["id"]].title = "OpenStack one"
    msg = refused(run, mist, title="OpenStack one", enabled=False)
    assert f"2 backends on {mist.uri} match 'OpenStack one'" in msg
    assert openstack["id"] in msg
    assert ec2["id"] in msg
    assert refused(run, mist, title="OpenStack one", state="absent") == msg


def test_a_new_name_that_is_taken_is_refused(run, mist, openstack, ec2):
    assert refused(run, mist, title="OpenStack one", new_name="EC2 one") == (
        f"The backend 'EC2 one' ({ec2['id']}) already has the title 'EC2 one'."
        " Choose another new_name, or first rename or remove that backend."
    )


def test_a_title_that_the_id_has_not_is_refused(run, mist, openstack):
    assert "has the title 'OpenStack one', not 'EC2 one'" in refused(run, mist, id=openstack["id"], title="EC2 one")


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


@pytest.mark.parametrize("title", ["café", "", "  "])
def test_a_title_that_the_server_would_mangle_is_refused(run, mist, openstack, title):
    assert "title" in refused(run, mist, **{**EC2, "title": title})
    assert "title" in refused(run, mist, title="OpenStack one", new_name=title)


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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mist_uri": ""}, "mist_uri is missing. Set mist_uri or the environment variable MIST_URI."),
        ({"mist_uri": "http://mist.test/api/v1"}, "Remove /api/v1."),
        ({"mist_uri": "mist.test:8000"}, "it must begin with http:// or https://"),
        ({"mist_email": "me@mist.test"}, "mist_email requires mist_password"),
        ({"mist_password": "a-password-for-tests-0123456789"}, "mist_password requires mist_email"),
        ({"retries": -1}, "Invalid retries -1: it must be 0 or greater."),
        ({"timeout": 0}, "Invalid timeout 0: it must be greater than 0."),
    ],
)
def test_a_connection_that_makes_no_sense_is_reported(run, options, said):
    result = run("mist_backend", title="x", **options)
    assert result["failed"] is True
    assert said in result["msg"]


@pytest.mark.parametrize("module", ["mist_backend_info", "mist_backend"])
def test_a_server_that_is_not_named_is_reported_with_its_variable(run_module, module):
    result = run_module(module, {"title": "x"} if module == "mist_backend" else {})
    assert result["msg"] == "mist_uri is missing. Set mist_uri or the environment variable MIST_URI."


def test_the_environment_names_the_server(run_module, mist, monkeypatch):
    monkeypatch.setenv("MIST_URI", mist.uri)
    monkeypatch.setenv("MIST_EMAIL", "")
    assert run_module("mist_backend_info", {})["backends"] == []


# ---- what the server and the provider answer


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


JSON = {"Content-Type": "application/json; charset=UTF-8"}


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


@pytest.mark.server
def test_nothing_listening_is_reported(run_module):
    with running() as gone:
        uri = gone.uri
    result = run_module("mist_backend", {"mist_uri": uri, "retries": 0, **OPENSTACK})
    assert result["msg"] == (
        f"GET {uri}/backends failed: connection refused. Check the host and port in mist_uri, and that"
        " the server is running."
    )


def test_a_missing_library_is_reported(run, monkeypatch):
    from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import transport

    monkeypatch.setattr(transport, "IMPORT_ERROR", ImportError("No module named 'requests'"))
    result = run("mist_backend", **OPENSTACK)
    assert result["failed"] is True
    assert "Failed to import the required Python library (requests)" in result["msg"]
