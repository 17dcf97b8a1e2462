# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine on servers of both generations, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import both_generations

pytestmark = [both_generations, pytest.mark.usefixtures("clock")]


@pytest.fixture
def spec(facts, add_key):
    """The options of a new machine; its key is on the server."""
    add_key("deploy")
    return facts.machine


@pytest.fixture
def at(run, facts):
    """at(option=value ...): the module, at a backend."""
    backend = run("mist_backend", **facts.backend)["backend"]["id"]

    def run_there(*, check_mode=False, **options):
        return run("mist_machine", check_mode=check_mode, **{"backend": backend, **options})

    return run_there


@pytest.fixture
def web1(at, mist, spec):
    """A machine that runs, as the module tells it."""
    made = at(name="web1", **spec)["machine"]
    mist.forget()
    return made


def names(mist):
    machines = [each for account in mist.world.machines.values() for each in account.values()]
    return sorted(each.name for each in machines if each.state(mist.clock.now()) != "terminated")


def test_a_timeout_tells_the_machine_and_the_next_run_goes_on(at, mist, spec):
    mist.settings.change(boot_seconds=100)
    late = at(name="web1", **spec, wait_timeout=20)
    assert late["failed"] is True
    assert late["changed"] is True
    assert late["machine"]["state"] == "pending"
    assert late["msg"].startswith(
        f"Machine 'web1' ({late['machine']['id']}) is pending. The task waited up to 20 s for it to run."
    )
    again = at(name="web1", **spec, state="started")
    assert (again["changed"], again["machine"]["id"]) == (False, late["machine"]["id"])
    assert again["machine"]["state"] == "running"
    assert names(mist) == ["web1"]


def test_a_timeout_says_that_it_waited_for_a_login(at, mist, spec):
    mist.settings.change(boot_seconds=100)
    late = at(name="web1", **spec, wait_for="ssh", wait_timeout=20)
    assert (late["failed"], late["machine"]["state"]) == (True, "pending")
    assert "for it to accept a login of" in late["msg"]


def test_it_is_found_by_id_and_by_any_address(at, web1):
    for how in ({"id": web1["id"]}, {"ip": web1["public_ips"][0]}, {"ip": web1["private_ips"][0]}):
        assert at(**how)["machine"]["id"] == web1["id"]
    assert at(id=web1["id"], state="absent")["changed"] is True


def test_the_diff_of_many_is_reported_by_name(at, spec):
    diff = at(names=["a", "b"], **spec)["diff"]
    assert diff["before"] == {"a": {}, "b": {}}
    assert {name: machine["state"] for name, machine in diff["after"].items()} == {"a": "running", "b": "running"}


def test_many_are_destroyed(at, mist, spec):
    at(names=["a", "b"], **spec)
    result = at(names=["a", "b", "never-there"], state="absent")
    assert (result["changed"], result["machines"]) == (True, [])
    assert names(mist) == []


@pytest.mark.parametrize("selector", ["name", "id", "ip"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_empty_selector_names_nothing_and_must_not_fit_all(at, mist, refused, web1, selector, state, spec):
    assert "One of name, names, id or ip is required and must not be empty." in refused(
        at, **{selector: ""}, state=state, **spec
    )
    assert names(mist) == ["web1"]


def test_an_empty_selector_beside_another_one_is_none(at, web1):
    assert at(name="web1", ip="", id="")["machine"]["id"] == web1["id"]


def test_a_machine_that_is_named_by_id_is_never_created(at, refused, web1, spec):
    assert "Machine 'web9' not found on" in refused(at, name="web9", id="nosuch", **spec)


def test_a_name_and_an_id_of_two_machines_are_refused(at, refused, web1, spec):
    other = at(name="web2", **spec)["machine"]
    msg = refused(at, name="web1", id=other["id"])
    assert "matches all selectors" in msg
    assert other["id"] in msg
    assert web1["id"] in msg


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"names": ["a", "b", "a"]}, "names contains 'a' more than once"),
        ({"names": ["a", ""]}, "names contains an empty name"),
        (
            {"names": [f"m{n}" for n in range(30)], "workers": 1, "wait_timeout": 20},
            "wait_timeout=20 is too short for 30 machines with workers=1: at least 30 s are required.",
        ),
        ({"name": "web1", "workers": 0}, "Invalid workers 0: it must be at least 1"),
    ],
)
def test_a_list_of_names_that_makes_no_sense_is_refused(at, refused, options, said, spec):
    assert said in refused(at, **options, **spec)


def test_what_is_not_there_cannot_be_restarted(at, refused, web1, spec):
    msg = refused(at, name="web9", state="restarted", **spec)
    assert "Machine 'web9' not found on" in msg
    assert "'web1'" in msg


def test_an_unknown_id_is_reported(at, refused, web1):
    assert "Machine 'nosuch' not found on" in refused(at, id="nosuch", state="started")
    assert at(id="nosuch", state="absent")["changed"] is False
