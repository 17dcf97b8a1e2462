# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded machines of both generations, compared with recorded lists of images, sizes, locations and keys."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.catalogue import Catalogue
from ansible_collections.mistio.cloud.plugins.module_utils._resources.machine.differences import MachineComparison
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.backends_2014 import (
    parsing as parsing_2014,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import (
    parsing as parsing_v4,
)
from ansible_collections.mistio.cloud.tests.unit.recordings import read_exchanges

IMAGE = "amzn-ami-hvm-2017.09.1.20171103-x86_64-gp2"


def recorded(generation, shape, name):
    """The records of one recorded list."""
    answer = next(each["response"]["body"] for each in read_exchanges(generation) if each["name"] == name)
    return [shape(item) for item in (json.loads(answer) if isinstance(answer, str) else answer)]


@pytest.fixture
def compare():
    """compare(machines, lists, option=value ...): the beginnings of the warnings, and which lists were requested."""

    def compare_once(machines, lists, **wanted):
        requested = []

        def request(kind):
            def list_(*_args):
                requested.append(kind)
                return lists.get(kind, [])

            return list_

        kinds = ("images", "sizes", "locations", "networks")
        api = SimpleNamespace(
            transport=SimpleNamespace(uri="mist"),
            catalogue=SimpleNamespace(**{f"list_{kind}": request(kind) for kind in kinds}),
            keys=SimpleNamespace(list=request("keys")),
        )
        comparison = MachineComparison(Catalogue(api, "b", "backend 'b'"), wanted)
        comparison.look_up(machines)
        found = [warning for machine in machines for warning in comparison.differences(machine)]
        return [warning.split(" (")[0].split(", not")[0] for warning in [*comparison.warnings, *found]], requested

    return compare_once


@pytest.fixture
def ec2():
    """A machine of EC2 at v4.7, and the lists of its backend."""
    machine = next(
        each
        for each in recorded("4.7", parsing_v4.machine, "ec2-machines-live")
        if each["size"] and each["image"] and each["ssh_keys"]
    )
    shapes = {"images": parsing_v4.image, "sizes": parsing_v4.size, "locations": parsing_v4.location}
    return [machine], {kind: recorded("4.7", shape, f"ec2-{kind}") for kind, shape in shapes.items()}


def test_a_machine_of_ec2_shows_the_words_of_its_provider(ec2, compare):
    wanted = {"image": "ami-760aaa0f", "size": "t2.micro", "location": "us-east-1a", "key": "k2b"}
    assert compare(*ec2, **wanted) == ([], [])


def test_the_name_of_its_image_is_looked_up(ec2, compare):
    assert compare(*ec2, image=IMAGE, size="t2.micro - t2.micro") == ([], ["images"])


def test_each_difference_of_it_is_found(ec2, compare):
    wanted = {"image": ec2[1]["images"][1]["name"], "size": "a1.large", "location": "us-east-1b"}
    warnings, requested = compare(*ec2, **wanted)
    assert warnings == [
        f"Machine 'e0' has image '{IMAGE}'",
        "Machine 'e0' has size 't2.micro'",
        "Machine 'e0' has location 'us-east-1a'",
    ]
    assert requested == ["images", "sizes", "locations"]


def test_a_container_differs_by_its_image_and_its_engine_does_not(compare):
    lists = {
        "images": recorded("4.7", parsing_v4.image, "docker-images"),
        "locations": recorded("4.7", parsing_v4.location, "docker-locations"),
    }
    machines = recorded("4.7", parsing_v4.machine, "docker-machines")
    warnings, _requested = compare(machines, lists, image="nginx:latest", location="default")
    assert warnings == ["Machine 'db1' has image 'debian:bookworm'"]


@pytest.mark.parametrize(
    ("recording", "wanted"),
    [
        ("machines.list.ec2_after_create", {"image": "ami-76817c1e", "size": "t1.micro", "location": "us-east-1a"}),
        ("machines.list.openstack_running", {"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2"}),
        ("machines.list.digitalocean_running", {"image": "6918990"}),
    ],
)
def test_machines_of_2014_show_ids(compare, recording, wanted):
    machines = recorded("2014", lambda item: parsing_2014.machine(item, "b"), recording)[:1]
    assert compare(machines, {}, **wanted) == ([], [])


def test_the_zone_of_openstack_of_2014_is_not_among_its_locations(compare):
    machines = recorded("2014", lambda item: parsing_2014.machine(item, "b"), "machines.list.openstack_running")
    locations = recorded("2014", parsing_2014.location, "locations.list.openstack")
    assert compare(machines, {"locations": locations}, location="0") == ([], ["locations"])
