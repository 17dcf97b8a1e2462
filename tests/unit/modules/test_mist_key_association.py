# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_key_association, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.emulator.world import Reach

pytestmark = pytest.mark.usefixtures("clock")

MACHINE = {"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2"}


@pytest.fixture
def machine(run, mist, openstack, add_key):
    """web1, which was created with the key "deploy", so that Mist can log in; there is also a key "shop"."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    add_key("shop")
    made = run("mist_machine", backend=openstack["id"], name="web1", key="deploy", **MACHINE)["machine"]
    mist.forget()
    return made


@pytest.fixture
def at(run, mist, machine):
    """at(option=value ...): the module, about the key "shop" on web1 by default."""

    def run_there(*, check_mode=False, **options):
        there = {"key": "shop", "backend": machine["backend_id"], "machine": "web1"}
        return run("mist_key_association", check_mode=check_mode, **{**there, **options})

    return run_there


def association(mist, machine, key="shop"):
    return mist.world.keys[key].association(machine["backend_id"], machine["id"])


def test_a_key_is_put_on_a_machine_once(at, mist, machine):
    predicted = at(check_mode=True, ssh_user="root")
    assert mist.writes == []
    result = at(ssh_user="root")
    assert result["actions"] == ["associate key 'shop' with machine 'web1'"]
    assert {**predicted, "association": 0} == {**result, "association": 0}
    assert {**predicted["association"], "last_used": result["association"]["last_used"]} == result["association"]
    assert result["association"]["last_used"]
    assert mist.writes[-1].body == {"host": machine["public_ips"][0], "port": 22, "user": "root"}
    assert association(mist, machine)
    mist.forget()
    for again in (at(check_mode=True, ssh_user="root"), at(ssh_user="root"), at()):
        assert (again["changed"], again["association"]) == (False, result["association"])
    assert mist.writes == []


def test_an_association_as_another_user_is_made_anew(at, mist, machine):
    at()
    association(mist, machine).user = "admin"
    assert at(ssh_user="root")["changed"] is True
    assert association(mist, machine).user == "root"


def test_a_key_is_taken_off_once(at, mist, machine):
    at()
    mist.forget()
    predicted = at(check_mode=True, state="absent")
    assert mist.writes == []
    result = at(state="absent")
    assert result == predicted
    assert (result["actions"], result["association"]) == (["dissociate key 'shop'"], None)
    assert association(mist, machine) is None
    mist.forget()
    assert at(state="absent")["changed"] is False
    assert at(state="absent", key="nosuch")["changed"] is False
    assert mist.writes == []


def test_a_machine_that_is_gone_still_has_its_association_by_id(at, mist, machine):
    mist.world.associate(mist.world.keys["shop"], machine["backend_id"], "gone")
    assert at(state="absent", machine="gone")["changed"] is True
    assert mist.world.keys["shop"].associations == []


def test_the_machine_is_found_by_id_and_address(at, machine):
    assert at(machine=machine["id"])["changed"] is True
    assert at(machine=machine["public_ips"][0])["changed"] is False
    assert at(machine=machine["private_ips"][0])["changed"] is False


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"key": "sho"}, "Key 'sho' not found on"),
        ({"machine": "web"}, "Machine 'web' not found on backend"),
        ({"machine": "web9"}, "Machine 'web9' not found on backend"),
        ({"backend": "nosuch"}, "Backend 'nosuch' not found on"),
    ],
)
def test_what_is_not_there_is_reported(at, mist, options, said):
    result = at(**options)
    assert said in result["msg"]
    assert mist.writes == []


@pytest.mark.parametrize("port", [0, -1, 70000])
def test_a_port_that_is_none_is_refused(at, mist, port):
    assert f"Invalid ssh_port {port}: it must be a number from 1 to 65535." in at(ssh_port=port)["msg"]
    assert mist.writes == []


def test_a_key_that_somebody_else_takes_off_in_the_meantime_is_off(at, mist, machine):
    at()
    mist.fail(
        "answer", method="DELETE", after_work=True, status=400, body="Bad Request: Keypair 'shop' is not associated"
    )
    assert at(state="absent")["changed"] is True


def test_a_machine_without_an_address_is_reported(run, at, mist, machine):
    mist.settings.change(boot_seconds=100)
    run("mist_machine", backend=machine["backend_id"], name="web2", **MACHINE, wait=False)
    assert "has no address. Wait until it has one, or set host." in at(machine="web2")["msg"]


@pytest.mark.parametrize("was_there", [True, False])
def test_a_port_that_does_not_answer_is_the_servers_word(at, mist, machine, was_there):
    if was_there:
        at(ssh_user="root")
    result = at(ssh_port=2, ssh_user="root")
    assert (result["failed"], result["changed"]) == (True, False)
    assert (
        "answered 503: Service unavailable: SSH timed-out repeatedly. Mist cannot connect to the host" in result["msg"]
    )


def test_a_port_is_sent_with_the_user_that_the_server_knows_for_it_ignores_a_port_alone(at, mist, machine):
    at(ssh_user="root")
    assert "SSH timed-out repeatedly." in at(ssh_port=2)["msg"]
    assert mist.writes[-1].body["user"] == "root"


def test_a_port_that_the_server_would_ignore_is_refused(at, mist, machine):
    for check_mode in (True, False):
        msg = at(check_mode=check_mode, ssh_port=2)["msg"]
        assert msg == (
            "ssh_port=2 requires ssh_user. Without ssh_user, this server uses port 22, which it has stored"
            " for machine 'web1'."
            " Set ssh_user."
        )
    assert mist.writes == []
    assert at(ssh_port=22)["changed"] is True


def test_without_user_and_port_the_server_takes_those_that_it_knows(at, mist, machine):
    """As it was seen at the real server: the diff said port 22 and no user, the result 2222 and root."""
    (address,) = machine["public_ips"][:1]
    mist.world.hosts.insert(0, Reach(address, 2222, {"deploy"}))
    mist.world.associate(mist.world.keys["deploy"], machine["backend_id"], machine["id"], user="root", port=2222)
    predicted, result = at(check_mode=True), at()
    assert result.get("msg") is None
    assert (result["association"]["user"], result["association"]["port"]) == ("root", 2222)
    assert result["diff"] == predicted["diff"]
    assert {**predicted["association"], "last_used": 0} == {**result["association"], "last_used": 0}
    assert at()["changed"] is False


def test_only_later_servers_keep_what_failed(at, mist):
    result = at(keep_failed=True)
    assert "Servers of generation 'backends' (2014 and 2015) cannot keep an association" in result["msg"]
    assert mist.writes == []


@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_empty_machine_names_no_machine(at, mist, state):
    assert "machine is empty." in at(machine="", state=state)["msg"]
    assert mist.writes == []
