# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine_info and what machines are made of, at a server of 2014."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

pytestmark = pytest.mark.usefixtures("clock")

JSON = {"Content-Type": "application/json; charset=UTF-8"}
IMAGE = "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01"


@pytest.fixture
def machines(run, mist, openstack, ec2, add_key):
    """web1 and web2 at OpenStack, db1 at EC2, and old1 at EC2, which is terminated."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    run("mist_machine", backend=openstack["id"], names=["web1", "web2"], image=IMAGE, size="2")
    run("mist_machine", backend=ec2["id"], names=["db1", "old1"], image="ami-76817c1e", size="t1.micro")
    run("mist_machine", backend=ec2["id"], name="old1", state="absent")
    mist.forget()


def named(result):
    return [machine["name"] for machine in result["machines"]]


def test_all_machines_are_listed_by_name(run, mist, machines):
    result = run("mist_machine_info")
    assert (result["changed"], named(result)) == (False, ["db1", "web1", "web2"])
    assert len(mist.requests) == 3


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"backends": ["OpenStack one"]}, ["web1", "web2"]),
        ({"backends": ["EC2 one", "OpenStack one"]}, ["db1", "web1", "web2"]),
        ({"name": "web1"}, ["web1"]),
        ({"name": "nosuch"}, []),
        ({"names": ["web1", "db1", "nosuch"]}, ["db1", "web1"]),
        ({"names": ["web"]}, []),
        ({"names": ["web1", "db1"], "backends": ["EC2 one"]}, ["db1"]),
        ({"names": ["web1", "old1"], "states": ["terminated"]}, ["old1"]),
        ({"states": ["terminated"]}, ["old1"]),
        ({"states": ["running", "terminated"]}, ["db1", "old1", "web1", "web2"]),
    ],
)
def test_only_those_that_fit_are_listed(run, machines, options, names):
    assert named(run("mist_machine_info", **options)) == names


def test_a_disabled_backend_is_asked_only_by_name(run, machines):
    run("mist_backend", title="OpenStack one", enabled=False)
    assert named(run("mist_machine_info")) == ["db1"]
    assert named(run("mist_machine_info", backends=["OpenStack one"])) == ["web1", "web2"]


def test_a_machine_without_an_address_is_not_probed(run, mist, machines):
    mist.settings.change(boot_seconds=100)
    run("mist_machine", backend="OpenStack one", name="web3", image=IMAGE, size="2", wait=False)
    (web3,) = run("mist_machine_info", name="web3", probe=True)["machines"]
    assert web3["probe"] is None


def test_the_machines_of_the_other_backends_are_returned_and_a_warning_names_the_failed_one(run, mist, ec2, machines):
    mist.fail("provider_revoked", backend=ec2["id"])
    result = run("mist_machine_info")
    assert named(result) == ["web1", "web2"]
    (failed,) = result["failed_backends"]
    assert (failed["id"], failed["title"]) == (ec2["id"], "EC2 one")
    asked = f"GET {mist.uri}/backends/{ec2['id']}/machines"
    assert failed["error"].startswith(f"{asked} answered 401: Invalid backend credentials.")
    assert result["warnings"] == [
        f"The backend 'EC2 one' ({ec2['id']}) could not be listed: {failed['error']} Its machines are missing."
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "answer", "status": 200, "body": "<html>a proxy</html>"},
        {"kind": "half_body"},
        {"kind": "cut"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_whatever_happens_while_one_backend_is_listed_is_its_own_failure(run, mist, ec2, machines, fault):
    mist.fail(fault.pop("kind"), path=f"/backends/{ec2['id']}/machines", **fault)
    result = run("mist_machine_info", retries=0)
    assert (named(result), len(result["failed_backends"])) == (["web1", "web2"], 1)


def test_a_failed_backend_of_several_that_are_named_is_a_warning(run, mist, ec2, machines):
    mist.fail("provider_error", backend=ec2["id"])
    result = run("mist_machine_info", backends=["OpenStack one", ec2["id"]], retries=0)
    assert named(result) == ["web1", "web2"]
    assert [each["title"] for each in result["failed_backends"]] == ["EC2 one"]


@pytest.mark.parametrize("word", ["title", "id"])
def test_one_backend_that_is_named_and_fails_is_a_failure(run, mist, ec2, machines, word):
    mist.fail("provider_error", backend=ec2["id"])
    for backends in ([ec2[word]], [ec2["id"], ec2["title"]]):
        msg = run("mist_machine_info", backends=backends, retries=0)["msg"]
        assert f"GET {mist.uri}/backends/{ec2['id']}/machines answered 503: Backend unavailable." in msg


def test_a_failed_backend_can_be_a_failure_of_the_task(run, mist, ec2, machines):
    mist.fail("provider_error", backend=ec2["id"])
    result = run("mist_machine_info", on_backend_error="fail", retries=0)
    assert result["msg"].startswith("1 backend could not be listed: 'EC2 one': GET ")
    assert [each["id"] for each in result["failed_backends"]] == [ec2["id"]]


def test_several_backends_that_are_named_cost_one_request_and_one_each(run, mist, ec2, openstack, machines):
    run("mist_machine_info", backends=[ec2["id"], "OpenStack one", "EC2 one"])
    assert len(mist.requests) == 3


@pytest.mark.server
def test_many_backends_are_asked_side_by_side(run_module):
    with running(backends=8, machines=2, latency_ms=50) as mist:
        result = run_module("mist_machine_info", {"mist_uri": mist.uri, "states": ["running", "stopped", "pending"]})
        assert result["machines"]
        assert mist.max_concurrent_requests > 1


def test_what_no_recording_shows_but_a_provider_may_tell_is_taken_for_what_it_means(run, mist, ec2):
    odd = {"id": 7, "name": None, "state": None, "public_ips": [None], "private_ips": None, "tags": [], "extra": None}
    body = json.dumps([{**odd, "size": {"id": "s1", "name": "small"}}])
    mist.fail("answer", status=200, body=body, headers=JSON, path="/backends/*/machines")
    (machine,) = run("mist_machine_info", backends=[ec2["id"]])["machines"]
    expected = {"id": "7", "name": "7", "state": "pending", "public_ips": [], "private_ips": [], "size": "s1"}
    assert expected.items() <= machine.items()


def test_images_and_sizes_may_lack_what_no_machine_needs(run, mist, ec2):
    mist.fail("answer", status=200, body='[{"id": 1, "name": null}]', headers=JSON)
    assert run("mist_image_info", backend=ec2["id"])["images"] == [
        {"id": "1", "external_id": "1", "name": "", "starred": False, "extra": {}}
    ]
    size = {"id": "1", "external_id": "1", "name": "", "ram": None, "disk": None, "price": None}
    assert run("mist_size_info", backend=ec2["id"])["sizes"] == [size]


@pytest.mark.parametrize(
    ("module", "result", "first"),
    [
        ("mist_image_info", "images", {"name": "CentOS 6.5 x86_64", "starred": True}),
        ("mist_size_info", "sizes", {"name": "m1.medium", "ram": 4096, "disk": 40, "price": None}),
        ("mist_location_info", "locations", {"id": "0", "name": "", "country": None, "location_type": None}),
    ],
)
def test_what_a_backend_offers_is_listed_by_name(run, mist, openstack, module, result, first):
    mist.forget()
    listed = run(module, backend=openstack["id"])
    assert listed["changed"] is False
    assert first.items() <= listed[result][0].items()
    assert [each["name"] for each in listed[result]] == sorted(each["name"] for each in listed[result])
    assert len(mist.requests) == 1
    assert run(module, backend="OpenStack one") == listed


def test_networks_are_listed(run, ec2):
    assert run("mist_network_info", backend="EC2 one")["networks"][0]["id"].startswith("vpc-")


def test_prices_are_in_the_providers_words(run, ec2):
    prices = {size["id"]: size["price"] for size in run("mist_size_info", backend=ec2["id"])["sizes"]}
    assert prices["t1.micro"] == "linux $0.02/hour"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("provider_error", "answered 503: Backend unavailable. Mist cannot reach the provider"),
        ("provider_revoked", "answered 401: Invalid backend credentials. The provider rejected the credentials"),
    ],
)
@pytest.mark.parametrize("module", ["mist_location_info", "mist_network_info"])
def test_a_provider_that_fails_is_not_taken_for_one_that_has_none(run, mist, ec2, fault, why, module):
    """The server answers a placeholder, or an empty list (recordings/2014: provider_500.*, provider_revoked.*)."""
    mist.fail(fault)
    result = run(module, backend=ec2["id"], retries=0)
    assert result["failed"] is True
    assert why in result["msg"]


def test_images_of_a_provider_that_fails_are_a_failure(run, mist, ec2):
    mist.fail("provider_error")
    assert "Mist cannot reach the provider" in run("mist_image_info", backend=ec2["id"], retries=0)["msg"]


def test_a_provider_that_has_no_locations_has_none(run, mist, ec2):
    """So does libcloud's driver of a docker engine: the server answers its placeholder (R: methods.list_locations)."""
    body = json.dumps([{"id": "", "name": "default", "country": ""}])
    mist.fail("answer", status=200, body=body, headers=JSON, path="/backends/*/locations")
    assert run("mist_location_info", backend=ec2["id"])["locations"] == []


def test_locations_are_asked_for_again_when_the_provider_is_back(run, mist, ec2):
    mist.fail("provider_error", times=1)
    assert run("mist_location_info", backend=ec2["id"])["locations"][0]["name"] == "us-east-1a"


def test_an_empty_list_of_names_returns_nothing_and_sends_no_request(run, mist, machines):
    assert (run("mist_machine_info", names=[])["machines"], mist.requests) == ([], [])


def test_name_and_names_exclude_each_other(run, machines):
    msg = run("mist_machine_info", name="web1", names=["web2"])["msg"]
    assert msg == "parameters are mutually exclusive: name|names"


def test_machines_are_filtered_by_tag(run, machines):
    """Tags have no values at a server of 2014."""
    run("mist_machine", backend="EC2 one", name="db1", tags={"prod": ""})
    for value in (None, ""):
        assert named(run("mist_machine_info", tags={"prod": value})) == ["db1"]
    assert named(run("mist_machine_info", tags={"prod": "yes"})) == []
