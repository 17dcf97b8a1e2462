# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_backend, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import DIGITALOCEAN, EC2, OPENSTACK, both_generations, shown

from .backends import refused, titles

pytestmark = both_generations


# ---- adding


def test_a_docker_engine_is_added_at_its_port(scenario, mist):
    result = scenario("mist_backend", title="dock", provider="docker", api_url="http://docker.test", docker_port=4243)
    assert result["backend"]["provider"] == "docker"


def test_what_is_not_given_and_what_is_secret_is_no_warning(run):
    run("mist_backend", **EC2)
    assert "warnings" not in run("mist_backend", **EC2)
    run("mist_backend", **OPENSTACK)
    assert "warnings" not in run("mist_backend", title="OpenStack one", enabled=True)
    assert "warnings" not in run("mist_backend", title="OpenStack one", state="absent")


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


@pytest.mark.parametrize("title", ["café", "", "  "])
def test_a_title_that_the_server_would_mangle_is_refused(run, mist, openstack, title):
    assert "title" in refused(run, mist, **{**EC2, "title": title})
    assert "title" in refused(run, mist, title="OpenStack one", new_name=title)
