# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_backend and mist_backend_info at a server of the clouds generation, as the author of a playbook sees them."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient
from ansible_collections.mistio.cloud.tests.unit.conftest import DOCK as DOCKER
from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds, shown

from .backends import lines, titles

pytestmark = only_clouds

EC2 = {
    "title": "ec2-one",
    "provider": "ec2",
    "region": "us-east-1",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
SECOND_EC2 = {"api_key": "second-ec2-key", "api_secret": "ec2-second-secret-for-tests-0123456789"}
DIGITALOCEAN = {
    "title": "do-one",
    "provider": "digitalocean",
    "api_secret": "digitalocean-token-for-tests-0123456789",
}
OPENSTACK = {
    "title": "stack",
    "provider": "openstack",
    "api_key": "demo",
    "api_secret": "openstack-password-for-tests-0123456789",
    "api_url": "http://openstack.test:5000/v2.0",
    "tenant_name": "demo",
}
WRONG_SECRET = "wrong-secret-for-tests-0123456789"
NOTHING_LISTED = {
    "path": "/api/v1/clouds",
    "times": 1,
    "status": 200,
    "body": "[]",
    "headers": {"Content-Type": "application/json"},
}
METAL = {"title": "metal", "provider": "bare_metal"}


@pytest.fixture
def run(mist, run_module):
    """run(option=value ...): one run of mist_backend."""

    def run_once(check_mode=False, module="mist_backend", **options):
        login = {"mist_uri": mist.uri, "mist_api_token": mist.token}
        return run_module(module, {**login, **options}, check_mode=check_mode)

    return run_once


@pytest.fixture
def scenario(mist, run):
    """As of the conftest, but for the id of what is added: only the server makes it."""

    def four_times(**options):
        mist.forget()
        predicted = run(check_mode=True, **options)
        assert mist.writes == [], "check mode wrote"
        first = run(**options)
        assert predicted.get("msg") is None, predicted
        assert {**predicted, "backend": None, "diff": None} == {**first, "backend": None, "diff": None}
        if predicted["backend"]:
            assert predicted["backend"]["id"] in (None, first["backend"]["id"])
            assert {**predicted["backend"], "id": ""} == {**first["backend"], "id": ""}
        mist.forget()
        predicted_again, again = run(check_mode=True, **options), run(**options)
        assert mist.writes == [], "the second run wrote"
        assert predicted_again == again
        assert again == {**first, "changed": False, "actions": [], "diff": again["diff"]}
        assert again["diff"]["before"] == again["diff"]["after"]
        return first

    return four_times


@pytest.fixture
def ec2(run):
    return run(**EC2)["backend"]


# ---- adding


@pytest.mark.parametrize("spec", [EC2, DOCKER, DIGITALOCEAN, OPENSTACK], ids=lambda spec: spec["provider"])
def test_a_backend_is_added_once(scenario, mist, spec):
    result = scenario(**spec)
    assert result["actions"] == [f"add backend '{spec['title']}' of {spec['provider']}"]
    assert result["diff"]["before"] == {}
    assert result["backend"]["id"] in mist.world.backends
    assert titles(mist) == [spec["title"]]


def test_the_record_shows_what_the_server_shows(ec2):
    assert {**ec2, "id": ""} == {
        "id": "",
        "title": "ec2-one",
        "provider": "ec2",
        "region": "us-east-1",
        "enabled": True,
        "settings": {"apikey": "demo-ec2-key", "region": "us-east-1"},
    }


def test_a_user_that_the_server_does_not_show_is_a_warning(run):
    account = {"api_key": "engine-user", "api_secret": "docker-password-for-tests-0123456789"}
    backend = run(**DOCKER, **account, validate=False)["backend"]
    assert run(**DOCKER, **account)["warnings"] == [
        f"The server does not return api_key of the backend 'dock' ({backend['id']}), so it was not compared."
        " To apply the values of this task, set update_credentials=always."
    ]


def test_what_the_server_shows_is_compared_without_a_warning(run):
    run(**OPENSTACK)
    assert "warnings" not in run(**OPENSTACK)
    result = run(**{**OPENSTACK, "api_url": "http://elsewhere.test:5000/v2.0"})
    assert "already exists, but its url is http://openstack.test:5000, not http://elsewhere.test:5000." in result["msg"]


def test_an_id_of_2014_means_a_provider_and_a_region(scenario):
    spec = {name: value for name, value in EC2.items() if name != "region"}
    result = scenario(**{**spec, "provider": "ec2_us_east"})
    assert (result["backend"]["provider"], result["backend"]["region"]) == ("ec2", "us-east-1")


def test_an_alias_of_a_provider_means_the_same(run, ec2):
    assert run(**{**EC2, "provider": "aws"})["changed"] is False


def test_a_docker_engine_is_added_by_the_options_of_2014(scenario):
    result = scenario(title="dock", provider="docker", api_url="http://docker.test", docker_port=4243)
    assert result["backend"]["settings"] == {"host": "docker.test", "port": 4243, "show_all": True}


def test_bare_metal_needs_no_host_yet(scenario):
    assert scenario(**METAL)["backend"]["provider"] == "other"


def test_a_host_is_added_with_the_name_of_its_key(scenario, mist):
    mist.world.add_key("demo")
    scenario(**METAL, machine_ip="192.0.2.10", machine_key="demo")
    assert titles(mist) == ["metal"]


def test_the_id_of_the_key_is_what_is_sent(run, mist):
    key = mist.world.add_key("demo")
    run(**METAL, machine_ip="192.0.2.10", machine_key="demo")
    (sent,) = [arrived.body for arrived in mist.writes]
    assert sent["machine_key"] == key.id


def test_a_key_that_does_not_exist_is_reported_in_check_mode_too(run, mist):
    mist.world.add_key("demo")
    for check_mode in (True, False):
        result = run(**METAL, machine_ip="192.0.2.10", machine_key="demmo", check_mode=check_mode)
        assert "Key 'demmo' not found" in result["msg"]
        assert "'demo'" in result["msg"]
    assert titles(mist) == []


def test_a_host_that_cannot_be_reached_leaves_no_backend_behind(run, mist):
    mist.world.add_key("demo")
    result = run(**METAL, machine_ip="192.0.2.12", machine_key="demo")
    assert result["failed"] is True
    assert titles(mist) == []


NO_EFFECT = "validate=false has no effect on this server: it tests each new backend, and rejects it if the test fails"


@pytest.mark.parametrize(
    "spec",
    [{**EC2, "api_secret": WRONG_SECRET}, {**DOCKER, "credentials": {"host": "nowhere.test"}}],
    ids=["refused", "unreachable"],
)
def test_without_validation_it_is_tried_all_the_same(run, mist, spec):
    result = run(**spec, validate=False)
    assert NO_EFFECT in result["msg"]
    assert NO_EFFECT not in run(**spec)["msg"]
    assert titles(mist) == []


def test_the_same_account_can_be_added_under_two_titles(run, mist, ec2):
    assert run(**{**EC2, "title": "ec2-two"})["changed"] is True
    assert titles(mist) == ["ec2-one", "ec2-two"]


# ---- what is there already


def test_unchanged_costs_one_request(run, mist, ec2):
    mist.forget()
    assert run(**EC2)["changed"] is False
    assert lines(mist) == ["GET /api/v1/clouds"]


def test_an_address_does_not_name_a_backend(run, mist):
    run(**METAL)
    result = run(machine_ip="192.0.2.10", state="absent")
    assert result["msg"] == "This server identifies a backend by its title or id. Set title or id."


@pytest.mark.parametrize(
    ("differing", "said"),
    [
        ({"region": "eu-west-1"}, "its region is us-east-1, not eu-west-1."),
        ({"api_key": "second-ec2-key"}, "its apikey is demo-ec2-key, not second-ec2-key."),
    ],
)
def test_what_differs_is_a_failure_and_no_change(run, mist, ec2, differing, said):
    mist.forget()
    result = run(**{**EC2, **differing})
    assert said in result["msg"]
    assert "Set update_credentials=always to send the credentials of this task to the server." in result["msg"]
    assert mist.writes == []


def test_another_provider_is_a_failure_that_no_update_mends(run, mist, ec2):
    result = run(**{**DOCKER, "title": "ec2-one"})
    assert "its provider is ec2, not docker. This cannot be changed" in result["msg"]
    mist.forget()
    result = run(**{**DOCKER, "title": "ec2-one"}, update_credentials="always")
    assert "The provider of a backend cannot be changed from ec2 to docker." in result["msg"]
    assert mist.writes == []


def test_a_region_is_compared_without_a_provider_too(run, ec2):
    assert "its region is us-east-1, not eu-west-1" in run(title="ec2-one", region="eu-west-1")["msg"]


# ---- credentials


def test_credentials_are_updated_on_each_run(run, mist, ec2):
    for _each in range(2):
        mist.forget()
        predicted = run(**{**EC2, **SECOND_EC2}, update_credentials="always", check_mode=True)
        assert mist.writes == []
        result = run(**{**EC2, **SECOND_EC2}, update_credentials="always")
        assert result["actions"] == predicted["actions"] == ["update the credentials"]
        assert result["backend"] == predicted["backend"]
        assert [arrived.line for arrived in mist.writes] == [f"PATCH /api/v1/clouds/{ec2['id']}"]
    assert run(title="ec2-one")["backend"] == result["backend"]
    assert result["backend"]["settings"]["apikey"] == "second-ec2-key"


def test_some_of_the_credentials_are_enough_for_an_update(run, mist, ec2):
    mist.forget()
    result = run(title="ec2-one", api_secret=EC2["api_secret"], update_credentials="always")
    assert result["actions"] == ["update the credentials"]
    assert [arrived.body for arrived in mist.writes] == [{"apisecret": EC2["api_secret"]}]


def test_an_update_goes_before_a_rename(run, ec2):
    result = run(**EC2, update_credentials="always", new_name="ec2-two", enabled=False)
    assert result["actions"] == ["update the credentials", "rename to 'ec2-two'", "disable"]


def test_an_update_that_the_provider_refuses_changes_nothing(run, ec2):
    result = run(**{**EC2, "api_secret": WRONG_SECRET}, update_credentials="always", enabled=False)
    assert (result["failed"], result["changed"], result["actions"]) == (True, False, [])
    assert WRONG_SECRET not in json.dumps(result)
    assert run(title="ec2-one")["backend"] == ec2


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_update_with_nothing_is_reported(run, mist, ec2, check_mode):
    result = run(title="ec2-one", update_credentials="always", check_mode=check_mode)
    assert result["msg"].startswith("No credentials are given for the update of the backend.")


def test_what_is_on_cannot_be_updated_to_be_off(run, mist):
    """The server ignores false and empty values (read in its source), so each run would report a change."""
    on, off = ({**DOCKER, "credentials": {**DOCKER["credentials"], "show_all": switch}} for switch in (True, False))
    run(**on)
    mist.forget()
    for options in ({}, {"update_credentials": "always"}):
        message = run(**off, **options)["msg"]
        assert "show_all" in message
        assert "backend first" in message
    assert mist.writes == []
    assert run(**on, update_credentials="always")["changed"] is True


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_update_of_hosts_without_hosts_is_reported(run, check_mode):
    run(**METAL)
    result = run(**METAL, update_credentials="always", check_mode=check_mode)
    assert "cannot change the hosts of a backend of other" in result["msg"]


# ---- stopped containers


@pytest.fixture
def dock(run):
    """A docker engine that was added without show_all, as by the web interface."""
    off = {**DOCKER["credentials"], "show_all": False}
    return run(**{**DOCKER, "credentials": off})["backend"]


def test_a_docker_engine_is_added_so_that_stopped_containers_are_listed(scenario, mist):
    assert scenario(**DOCKER)["backend"]["settings"]["show_all"] is True
    assert [cloud.fields["show_all"] for cloud in mist.world.backends.values()] == [True]


def test_the_settings_that_the_server_fills_in_are_predicted(scenario):
    result = scenario(title="dock", provider="docker", api_url="docker.test")
    assert result["backend"]["settings"] == {"host": "docker.test", "port": 4243, "show_all": True}


def test_an_engine_that_lists_no_stopped_containers_is_unchanged_with_a_warning(run, mist, dock):
    mist.forget()
    for check_mode in (True, False):
        result = run(**DOCKER, check_mode=check_mode)
        assert (result["changed"], result["backend"]) == (False, dock)
        (warning,) = result["warnings"]
        assert "lists only the running containers of the backend 'dock'" in warning
        assert "To turn it on, set update_credentials=always." in warning
    assert mist.writes == []


def test_an_update_switches_the_listing_of_stopped_containers_on(run, dock):
    result = run(title="dock", update_credentials="always")
    assert result["actions"] == ["update the credentials"]
    assert result["diff"]["before"]["settings"].get("show_all") is None
    assert result["backend"]["settings"]["show_all"] is True
    again = run(**DOCKER)
    assert (again["changed"], again["backend"], again.get("warnings")) == (False, result["backend"], None)


def test_an_engine_that_is_wanted_without_stopped_containers_gets_no_warning(scenario):
    result = scenario(**{**DOCKER, "credentials": {**DOCKER["credentials"], "show_all": False}})
    assert "show_all" not in result["backend"]["settings"]
    assert "warnings" not in result


# ---- lists of hosts


def metal(*hosts, **options):
    return {**METAL, "credentials": {"machines": list(hosts)}, **options}


GOOD = {"machine_hostname": "192.0.2.10", "machine_name": "good", "machine_key": "demo"}
SECOND = {"machine_hostname": "192.0.2.11", "machine_port": 2222, "machine_name": "second", "machine_key": "demo"}
DEAD = {"machine_hostname": "192.0.2.12", "machine_name": "dead", "machine_key": "demo"}


@pytest.fixture
def listed_hosts(mist):
    mist.world.add_key("demo")

    def names():
        return sorted(host.name for hosts in mist.world.machines.values() for host in hosts.values())

    return names


def test_a_list_with_a_dead_host_is_taken_back_and_the_host_is_named(run, mist, listed_hosts):
    result = run(**metal(GOOD, DEAD))
    assert "Mist could not add 'dead' (192.0.2.12, port 22) to the backend 'metal'" in result["msg"]
    assert "The backend was removed again." in result["msg"]
    assert titles(mist) == []


def test_a_backend_that_cannot_be_taken_back_is_reported_as_added(run, mist, listed_hosts):
    mist.fail("answer", method="DELETE", path="/api/v1/clouds/*", status=500, body="Internal Server Error")
    result = run(**metal(GOOD, DEAD))
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["add backend 'metal' without them"]
    assert "and could not be removed again." in result["msg"]
    assert titles(mist) == ["metal"]


@pytest.mark.parametrize("validate", [True, False])
def test_a_dead_host_is_a_warning_if_the_answer_was_lost(run, mist, listed_hosts, validate):
    mist.fail("cut", method="POST", path="/api/v1/clouds", after_work=True)
    result = run(**metal(GOOD, DEAD), validate=validate)
    assert (result.get("failed"), result["changed"]) == (None, True)
    (warning,) = result["warnings"]
    assert "The backend 'metal' (" in warning
    assert "does not have the host 'dead' (192.0.2.12, port 22)" in warning


def test_without_validation_a_dead_host_is_a_warning_and_stays_one(run, mist, listed_hosts):
    first = run(**metal(GOOD, DEAD), validate=False)
    assert (first["changed"], listed_hosts()) == (True, ["good"])
    assert "Mist could not add 'dead' (192.0.2.12, port 22)" in first["warnings"][0]
    mist.forget()
    for check_mode in (True, False):
        again = run(**metal(GOOD, DEAD), validate=False, check_mode=check_mode)
        assert again["changed"] is False
        assert "does not have the host 'dead' (192.0.2.12, port 22)" in again["warnings"][0]
        assert "Set update_credentials=always to add it." in again["warnings"][0]
    assert mist.writes == []


def test_a_host_is_added_to_a_list_that_is_there_once_and_with_its_key(scenario, run, mist, listed_hosts):
    run(**metal(GOOD))
    result = scenario(**metal(GOOD, SECOND), update_credentials="always")
    assert result["actions"] == ["add host 'second' (192.0.2.11, port 2222)"]
    assert listed_hosts() == ["good", "second"]
    assert len(mist.world.keys["demo"].associations) == 2


def test_a_single_host_is_added_to_a_list_that_is_there(scenario, run, mist, listed_hosts):
    run(**metal(GOOD))
    options = {"machine_ip": "192.0.2.11", "machine_port": 2222, "machine_key": "demo"}
    assert scenario(**METAL, **options, update_credentials="always")["actions"] == ["add host 192.0.2.11, port 2222"]
    assert listed_hosts() == ["192.0.2.11", "good"]


def test_a_dead_host_is_not_added_to_a_list_that_is_there(run, mist, listed_hosts):
    run(**metal(GOOD))
    result = run(**metal(GOOD, DEAD), update_credentials="always")
    assert "Mist cannot log in to the host" in result["msg"]
    assert listed_hosts() == ["good"]


def test_a_backend_that_is_disabled_gets_no_hosts(run, mist, listed_hosts):
    """Its machines may not be listed, so one that it has could be added twice."""
    run(**metal(GOOD), enabled=False)
    mist.forget()
    result = run(**metal(GOOD, SECOND), update_credentials="always")
    assert (result["changed"], lines(mist)) == (False, ["GET /api/v1/clouds"])


def test_after_a_lost_answer_the_host_is_looked_for(run, mist, listed_hosts):
    run(**metal(GOOD))
    mist.fail("cut", after_work=True, method="PUT", path="/api/v1/clouds/*/machines", times=1)
    result = run(**metal(GOOD, SECOND), update_credentials="always")
    assert (result.get("msg"), listed_hosts()) == (None, ["good", "second"])


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_a_key_of_a_host_that_does_not_exist_is_reported(run, mist, listed_hosts, check_mode, there):
    if there:
        run(**metal(GOOD))
    mist.forget()
    wrong = {**SECOND, "machine_key": "demmo"}
    result = run(**metal(GOOD, wrong), update_credentials="always", check_mode=check_mode)
    assert "Key 'demmo' not found" in result["msg"]
    assert mist.writes == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_same_host_twice_is_refused(run, mist, listed_hosts, check_mode):
    result = run(**metal(GOOD, {**GOOD, "machine_name": "again"}), check_mode=check_mode)
    assert "The list of hosts contains 192.0.2.10, port 22 more than once." in result["msg"]
    assert mist.writes == []


def test_one_host_may_have_a_name(scenario, mist, listed_hosts):
    options = {"machine_ip": "192.0.2.10", "machine_key": "demo", "credentials": {"machine_name": "db"}}
    scenario(**METAL, **options)
    assert listed_hosts() == ["db"]


def test_always_adds_what_is_not_there(run):
    result = run(**EC2, update_credentials="always")
    assert result["actions"] == ["add backend 'ec2-one' of ec2"]


def test_the_client_takes_credentials_as_well(mist):
    with MistClient(mist.uri, api_token=mist.token) as client:
        backend = client.add_backend("dock", "docker", credentials=DOCKER["credentials"])
    assert (backend.title, backend.info["settings"]["host"]) == ("dock", "docker.test")


# ---- mistakes, before anything is sent


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            {"provider": "ec2", "region": "us-east-1"},
            "A new backend of ec2 requires api_key and api_secret.",
        ),
        ({"provider": "dokcer"}, "Invalid provider 'dokcer'. Did you mean docker?"),
        ({"provider": "docker", "credentials": {"hst": "docker.test"}}, "Unsupported parameters for"),
        ({"provider": "docker", "credentials": {"url": "http://docker.test"}}, "Invalid field 'url' in credentials"),
        (
            {**EC2, "region": "us-est-1"},
            "Invalid region 'us-est-1' for a backend of ec2. Did you mean us-west-1, us-east-1 or us-west-2? region",
        ),
        ({**OPENSTACK, "api_url": "openstack.test:5000"}, "Invalid api_url: it must begin with http:// or https"),
        (
            {**OPENSTACK, "api_url": "", "credentials": {"url": "openstack.test:5000"}},
            "Invalid credentials.url: it must begin with http",
        ),
        ({**EC2, "tenant_name": "web"}, "Invalid option tenant_name for a backend of ec2."),
        ({**EC2, "title": "no/name"}, "Invalid backend title 'no/name': only ASCII letters"),
        ({**EC2, "title": " web"}, "Invalid backend title ' web': only ASCII letters"),
        (
            {**EC2, "credentials": {"region": "eu-west-1"}},
            "region and credentials.region set the field region to different values",
        ),
        (
            {"provider": "hpcloud:region-a.geo-1"},
            "Invalid provider 'hpcloud:region-a.geo-1': servers of 2016 and later do not support HP Helion Cloud",
        ),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_mistake_is_reported_before_anything_is_sent(run, mist, spec, said, check_mode):
    result = run(**{"title": "web", **spec}, check_mode=check_mode)
    assert result["failed"] is True
    assert result["msg"].startswith(said)
    assert mist.writes == []


def test_a_rename_to_a_name_that_the_server_refuses_is_reported(run, mist, ec2):
    mist.forget()
    for title in ("x", " ec2-two", "ec2-two "):
        said = run(title="ec2-one", new_name=title)["msg"]
        assert said.startswith(
            f"Invalid backend title {title!r}: only ASCII letters, digits, spaces, dots,"
            " dashes and underscores are allowed"
        )
    assert mist.writes == []


@pytest.mark.parametrize("title", ["Our EC2", "a_b", "x1"])
def test_a_title_may_have_blanks_and_underscores(scenario, mist, title):
    scenario(**{**EC2, "title": title})
    scenario(title=title, new_name=f"{title} old")
    assert titles(mist) == [f"{title} old"]


# ---- secrets


def test_no_secret_is_in_a_result_and_nothing_else_is_masked(run):
    spec = {"host": "docker.test", "port": "4", "username": "admin", "password": WRONG_SECRET}
    result = run(title="docker.test-admin", provider="docker", credentials=spec, check_mode=True)
    output = shown({**result, "address": "192.0.2.4"})
    assert WRONG_SECRET not in output
    assert '"title": "docker.test-admin"' in output
    assert '"port": 4' in output
    assert "192.0.2.4" in output


def test_a_secret_of_the_credentials_is_masked_wherever_it_stands(run):
    spec = {"host": "docker.test", "port": 4243, "password": WRONG_SECRET}
    result = run(title=f"dock-{WRONG_SECRET}", provider="docker", credentials=spec)
    assert result["changed"] is True
    assert WRONG_SECRET not in shown(result)


@pytest.mark.parametrize(
    ("provider", "options", "option"),
    [
        ("linode", {"api_key": WRONG_SECRET}, "api_key"),
        ("digitalocean", {"api_key": WRONG_SECRET}, "api_key"),
        ("rackspace:dfw", {"api_key": "me", "credentials": {"apikey": WRONG_SECRET}}, "credentials.apikey"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_secret_in_a_public_option_is_refused_and_masked(
    run, run_module, mist, provider, options, option, check_mode
):
    result = run(title="web", provider=provider, **options, check_mode=check_mode)
    assert result["msg"] == (
        f"Invalid option {option} for a backend of {provider.partition(':')[0]}: the provider's key is secret, and"
        " this option is not."
        " Use api_secret instead."
    )
    assert WRONG_SECRET not in shown(run_module.printed)
    assert mist.writes == []


def test_an_invalid_region_of_an_update_is_refused_in_check_mode_too(run, mist, ec2):
    mist.forget()
    for check_mode in (True, False):
        result = run(title="ec2-one", region="eu-wst-1", update_credentials="always", check_mode=check_mode)
        assert result["msg"].startswith("Invalid region 'eu-wst-1' for a backend of ec2. Did you mean eu-west-1")
    assert mist.writes == []


@pytest.mark.parametrize("secret", ["x" * 300, "it's-a-\\-secret-for-tests-0123456789"], ids=["long", "escaped"])
@pytest.mark.parametrize("options", [{}, {"update_credentials": "always"}], ids=["add", "update"])
def test_a_secret_that_the_server_echoes_in_part_or_escaped_is_not_shown(run, mist, secret, options):
    """An error is cut to a sentence, and the server tells values as Python writes them (cloud-add-title-...)."""
    spec = {**DIGITALOCEAN, **options}
    if options:
        run(**spec)
    echo = {"msg": "Invalid parameters ['token'].", "errors": {"token": f"Invalid parameter token={secret!r}"}}
    mist.fail("answer", status=400, body=f"Bad Request: {echo}", method="POST")
    mist.fail("answer", status=400, body=f"Bad Request: {echo}", method="PATCH")
    message = run(**{**spec, "api_secret": secret})["msg"]
    assert "Invalid parameters ['token']" in message
    assert not re.search("xxxx|it.{1,5}s-a|-secret-for-tests", message)


def test_an_account_is_not_masked_in_the_title(run):
    result = run(**{**EC2, "title": "demo-ec2-key-1"})
    assert result["backend"]["title"] == "demo-ec2-key-1"
    assert '"title": "demo-ec2-key-1"' in shown(result)
    assert EC2["api_secret"] not in shown(result)


# ---- races and lost answers


def test_a_backend_that_was_added_meanwhile_is_the_wanted_one(run, mist, ec2):
    mist.fail("answer", **NOTHING_LISTED)
    result = run(**EC2)
    assert result["backend"]["id"] == ec2["id"]
    assert titles(mist) == ["ec2-one"]


def test_what_was_added_meanwhile_is_reported_when_it_differs(run, mist, ec2):
    mist.fail("answer", **NOTHING_LISTED)
    assert "its region is us-east-1, not eu-west-1" in run(**{**EC2, "region": "eu-west-1"})["msg"]


LOST = [
    {"kind": "cut", "after_work": True},
    {"kind": "half_body"},
    {"kind": "answer", "status": 500, "body": "Internal Server Error", "after_work": True},
    {"kind": "answer", "status": 504, "body": "<html>Gateway Time-out</html>", "after_work": True},
]


@pytest.mark.parametrize("fault", LOST)
def test_after_a_lost_answer_it_is_looked_for(run, mist, fault):
    mist.fail(**fault, method="POST", path="/api/v1/clouds", times=1)
    result = run(**EC2)
    assert (result.get("msg"), result["changed"], result["backend"]["title"]) == (None, True, "ec2-one")
    assert titles(mist) == ["ec2-one"]


@pytest.mark.parametrize("fault", LOST)
def test_after_a_lost_answer_it_is_seen_that_it_was_removed(run, mist, ec2, fault):
    mist.fail(**fault, method="DELETE", path="/api/v1/clouds/*", times=1)
    result = run(title="ec2-one", state="absent")
    assert (result.get("msg"), result["changed"]) == (None, True)
    assert titles(mist) == []


def test_when_the_look_fails_too_the_first_error_is_reported(run, mist):
    mist.fail("answer", status=500, body="one", method="POST", path="/api/v1/clouds")
    mist.fail("answer", status=403, body="two", method="GET", path="/api/v1/clouds", every=2)
    assert "answered 500: one" in run(**EC2, mist_generation="clouds")["msg"]


# ---- which server


@pytest.mark.parametrize("given", ["auto", "clouds"])
def test_the_generation_is_detected_or_given(run, given):
    assert run(**EC2, mist_generation=given)["changed"] is True


def test_an_organisation_that_is_not_the_tokens_is_reported(run, mist):
    result = run(**EC2, mist_org="elsewhere")
    assert "elsewhere" in result["msg"]
    assert titles(mist) == []


# ---- mist_backend_info


def test_backends_are_listed_by_title(run, ec2):
    run(**DOCKER)
    found = run(module="mist_backend_info")
    assert [each["title"] for each in found["backends"]] == ["dock", "ec2-one"]
    assert found["backends"][1] == ec2


@pytest.mark.parametrize("provider", ["ec2", "aws", "ec2_us_east"])
def test_a_provider_goes_by_all_its_names(run, ec2, provider):
    run(**DOCKER)
    assert run(module="mist_backend_info", provider=provider)["backends"] == [ec2]


def test_providers_tell_their_options(run):
    providers = {each["provider"]: each for each in run(module="mist_provider_info")["providers"]}
    assert providers["ec2"]["required"] == ["api_key", "api_secret", "region"]
    assert "credentials.machines" in providers["other"]["optional"]
