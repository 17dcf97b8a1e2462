# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine_info and what machines are made of, at a server of the clouds generation."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import AWS as EC2
from ansible_collections.mistio.cloud.tests.unit.conftest import DOCK as DOCKER
from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]


@pytest.fixture
def aws(api):
    return api.backends.add(EC2)


@pytest.fixture
def machines(run, api, aws, mist):
    """web1 and old1, which is terminated, at EC2, and build1 at a docker engine."""
    api.keys.add("deploy", api.keys.generate())
    api.backends.add(DOCKER)
    run(
        "mist_machine",
        backend="aws",
        names=["web1", "old1"],
        image="ami-760aaa0f",
        size="t2.micro",
        location="us-east-1a",
    )
    run("mist_machine", backend="aws", name="old1", state="absent")
    run("mist_machine", backend="dock", name="build1", image="nginx:latest")
    mist.forget()


def named(result):
    return [machine["name"] for machine in result["machines"]]


def test_one_is_found_by_name_with_one_request(run, mist, machines):
    result = run("mist_machine_info", name="web1")
    assert (named(result), len(mist.requests)) == (["web1"], 1)


def test_what_a_machine_costs_is_returned(run, machines):
    (web1,) = run("mist_machine_info", name="web1")["machines"]
    assert web1["cost"] == {"hourly": 0.0116, "monthly": 0.0116 * 720}
    assert (web1["machine_type"], web1["size"]) == ("machine", "t2.micro - t2.micro")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["build1", "dock", "web1"]),
        ({"backends": ["aws"]}, ["web1"]),
        ({"states": ["terminated"]}, ["old1"]),
        ({"states": ["unknown"]}, ["dock"]),
    ],
)
def test_only_those_that_fit_are_listed(run, machines, options, names):
    assert named(run("mist_machine_info", **options)) == names


def test_backends_that_are_named_are_asked_now(run, mist, machines):
    (machine,) = [each for each in mist.world.machines[aws_account(mist)].values() if each.name == "web1"]
    machine.name = "shop1"
    assert named(run("mist_machine_info", backends=["aws"])) == ["shop1"]


def aws_account(mist):
    return next(cloud.account for cloud in mist.world.backends.values() if cloud.title == "aws")


def test_the_providers_id_of_a_machine_is_refused_with_the_id_of_mist(run, machines):
    (web1,) = run("mist_machine_info", name="web1")["machines"]
    assert run("mist_machine_info", id=web1["id"])["machines"] == [web1]
    assert f"Use Mist's id: {web1['id']}." in run("mist_machine_info", id=web1["external_id"])["msg"]


# ---- what machines are made of


@pytest.mark.parametrize(
    ("module", "result", "first"),
    [
        ("mist_size_info", "sizes", {"external_id": "a1.medium", "name": "a1.medium - a1.medium", "price": "0.0255"}),
        ("mist_location_info", "locations", {"name": "us-east-1", "country": "USA", "location_type": "region"}),
    ],
)
def test_what_a_backend_offers_is_listed_by_name(run, aws, module, result, first):
    listed = run(module, backend=aws["id"])
    assert first.items() <= listed[result][0].items()
    assert run(module, backend="aws") == listed


def test_networks_are_returned_with_their_subnets(run, aws):
    (network,) = run("mist_network_info", backend="aws")["networks"]
    assert network["external_id"].startswith("vpc-")
    assert {"id", "name", "cidr"} == network["extra"]["subnets"][0].keys()


def test_only_starred_images_are_returned_on_request(run, mist, aws):
    star = next(iter(mist.world.database.images[aws["id"]].values()))
    star["starred"] = True
    assert [image["id"] for image in run("mist_image_info", backend="aws", starred=True)["images"]] == [star["id"]]
    others = run("mist_image_info", backend="aws", starred=False)["images"]
    assert others
    assert star["id"] not in [image["id"] for image in others]


@pytest.mark.parametrize("kind", ["image", "size", "location", "network"])
def test_a_backend_that_is_not_there_is_reported(run, aws, kind):
    """Of sizes the server stumbles over it (recordings/4.7, unknown-cloud-sizes)."""
    assert f"Backend '{'0' * 32}' not found on" in run(f"mist_{kind}_info", backend="0" * 32)["msg"]


def test_machines_are_found_by_names_with_one_request(run, mist, machines):
    result = run("mist_machine_info", names=["web1", "build1"])
    assert (named(result), len(mist.requests)) == (["build1", "web1"], 1)


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"env": "test"}, ["web1"]),
        ({"env": "tes"}, []),
        ({"env": None}, ["build1", "web1"]),
        ({"env": ""}, ["build1", "web1"]),
        ({"env": None, "tier": 1}, ["build1"]),
        ({"backup": True}, ["build1"]),
        ({"nosuch": None}, []),
        ({}, ["build1", "dock", "web1"]),
    ],
)
def test_machines_are_filtered_by_tags_that_must_all_match(run, machines, tags, names):
    run("mist_machine", backend="aws", name="web1", tags={"env": "test"})
    run("mist_machine", backend="dock", name="build1", tags={"env": "live", "tier": 1, "backup": True})
    assert named(run("mist_machine_info", tags=tags)) == names


def test_a_tag_that_cannot_be_is_an_error_before_anything_is_sent(run, mist, machines):
    assert "'env'" in run("mist_machine_info", tags={"env": ["test"]})["msg"]
    assert mist.requests == []
