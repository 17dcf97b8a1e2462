# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine_info and what machines are made of, as the author of a playbook sees them."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import both_generations

pytestmark = [both_generations, pytest.mark.usefixtures("clock")]


@pytest.fixture
def machines(run, mist, facts, add_key):
    """web1 and web2, and old1, which is destroyed."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    run("mist_backend", **facts.backend)
    run("mist_machine", backend=facts.backend["title"], names=["web1", "web2", "old1"], **facts.machine)
    run("mist_machine", backend=facts.backend["title"], name="old1", state="absent")
    mist.forget()


def test_one_is_listed_by_id_or_address(run, machines):
    (web1,) = run("mist_machine_info", name="web1")["machines"]
    for how in ({"id": web1["id"]}, {"ip": web1["public_ips"][0]}, {"ip": web1["private_ips"][0]}):
        assert run("mist_machine_info", **how)["machines"] == [web1]


def test_a_probe_tells_whether_mist_can_log_in(run, machines):
    (web1,) = run("mist_machine_info", name="web1", probe=True)["machines"]
    assert web1["probe"]["ssh"] is True
    assert web1["probe"]["cores"] > 0


def test_an_unknown_backend_is_reported(run, machines):
    assert "Backend 'nosuch' not found on" in run("mist_machine_info", backends=["nosuch"])["msg"]


def test_the_list_of_failed_backends_is_there_when_all_is_well(run, machines):
    result = run("mist_machine_info")
    assert (result["failed_backends"], result.get("warnings")) == ([], None)


def test_images_are_searched(run, ec2, mist):
    images = run("mist_image_info", backend=ec2["id"], search="Gentoo")["images"]
    assert images
    assert all("gentoo" in (image["external_id"] + image["name"]).lower() for image in images)
