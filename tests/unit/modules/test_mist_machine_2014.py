# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine at a server of 2014; test_mist_machine.py holds what is the same on both generations."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import DIGITALOCEAN

pytestmark = pytest.mark.usefixtures("clock")

IMAGE = "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01"
SPEC = {"image": IMAGE, "size": "2", "key": "deploy"}
EC2_SPEC = {"image": "ami-76817c1e", "size": "t1.micro", "location": "0", "key": "deploy"}
CREATE = "/backends/*/machines"


@pytest.fixture
def deploy(add_key):
    """A key of that name on the server."""
    return add_key("deploy")


@pytest.fixture
def at(run, openstack, deploy):
    """at(option=value ...): the module, at an OpenStack backend."""

    def run_there(*, check_mode=False, **options):
        return run("mist_machine", check_mode=check_mode, **{"backend": openstack["id"], **options})

    return run_there


@pytest.fixture
def at_ec2(run, ec2, deploy):

    def run_there(*, check_mode=False, **options):
        return run("mist_machine", check_mode=check_mode, **{"backend": ec2["id"], **options})

    return run_there


@pytest.fixture
def web1(at, mist):
    """A machine that runs, as the module tells it."""
    made = at(name="web1", **SPEC)["machine"]
    mist.forget()
    return made


def asked(mist):
    """The requests without ids: ``GET machines``, ``POST machine stop``."""
    return [describe(arrived) for arrived in mist.requests]


def describe(arrived):
    parts = arrived.path.strip("/").split("/")
    words = [part for place, part in enumerate(parts) if place % 2 == 0 and part not in ("backends",)] or ["backends"]
    if isinstance(arrived.body, dict) and "action" in arrived.body:
        words = ["machine", arrived.body["action"]]
    return " ".join([arrived.method, *words])


def names(mist):
    machines = [each for account in mist.world.machines.values() for each in account.values()]
    return sorted(each.name for each in machines if each.state(mist.clock.now()) != "terminated")


# ---- creating


def test_a_machine_is_created_once_and_runs(at, mist):
    predicted = at(check_mode=True, name="web1", **SPEC)
    assert names(mist) == []
    result = at(name="web1", **SPEC)
    assert (result["changed"], result["actions"]) == (True, ["create machine 'web1'"])
    assert {**predicted, "machine": 0} == {**result, "machine": 0}
    assert set(predicted["machine"]) == set(result["machine"])
    assert predicted["machine"]["state"] == result["machine"]["state"] == "running"
    assert result["machine"]["public_ips"]
    for again in (at(check_mode=True, name="web1", **SPEC), at(name="web1", **SPEC)):
        assert (again["changed"], again["actions"], again["machine"]) == (False, [], result["machine"])
    assert names(mist) == ["web1"]


def test_the_location_is_predicted_by_its_name(at_ec2):
    """The machine shows the name of its zone, of which a create takes the id."""
    options = {"name": "web1", **EC2_SPEC, "location": "us-east-1b"}
    predicted, result = at_ec2(check_mode=True, **options), at_ec2(**options)
    assert predicted["machine"]["location"] == result["machine"]["location"] == "us-east-1b"
    assert predicted["diff"]["after"]["location"] == result["diff"]["after"]["location"] == "us-east-1b"


def test_a_location_that_no_machine_shows_is_not_predicted(run, deploy):
    run("mist_backend", **DIGITALOCEAN)
    options = {"backend": "DO one", "name": "web1", "image": "6918990", "size": "512mb", "location": "nyc3"}
    predicted, result = run("mist_machine", check_mode=True, **options), run("mist_machine", **options)
    assert (predicted["machine"]["location"], result["machine"]["location"]) == (None, None)


def test_unchanged_costs_one_request_by_id_and_two_by_title(at, mist, web1):
    assert at(name="web1", image=IMAGE, size="2")["changed"] is False
    assert asked(mist) == ["GET machines"]
    mist.forget()
    assert at(backend="OpenStack one", name="web1", image=IMAGE, size="2")["changed"] is False
    assert asked(mist) == ["GET backends", "GET machines"]


def test_what_a_machine_does_not_show_costs_one_request_for_each_option(at, at_ec2, mist, web1):
    """OpenStack shows the ids of the image and the size, and no key of Mist; EC2 shows the key's name."""
    assert at(name="web1", image="Ubuntu 14.04 amd64", size="m1.small", key="deploy")["changed"] is False
    assert asked(mist) == ["GET machines", "GET images", "GET sizes", "GET keys"]
    at_ec2(name="web2", **EC2_SPEC)
    mist.forget()
    assert at_ec2(name="web2", **{**EC2_SPEC, "location": "us-east-1a"})["changed"] is False
    assert asked(mist) == ["GET machines"]


@pytest.mark.parametrize("given", [SPEC, {"image": "Ubuntu 14.04 amd64", "size": "m1.small", "key": "deploy"}])
def test_a_create_costs_one_request_for_each_option_by_id_or_name(at, mist, given):
    mist.forget()
    at(name="web1", **given, wait=False)
    assert asked(mist) == ["GET machines", "GET images", "GET sizes", "GET keys", "POST machines"]


def test_check_mode_asks_what_the_real_run_asks_before_a_create(at, mist):
    mist.forget()
    at(name="web1", **SPEC, location="0", check_mode=True)
    predicted = asked(mist)
    mist.forget()
    at(name="web1", **SPEC, location="0", wait=False)
    assert asked(mist) == [*predicted, "POST machines"]


def test_what_is_asked_for_is_sent_as_it_is(at, mist):
    at(name="web1", **SPEC, script="echo hi", disk="10", monitoring=False, parameters={"image_name": "x"}, wait=False)
    assert mist.writes[-1].body == {
        "name": "web1",
        "image": IMAGE,
        "size": "2",
        "key": "deploy",
        "script": "echo hi",
        "disk": "10",
        "monitoring": False,
        "image_name": "x",
    }


@pytest.mark.parametrize("image", ["Ubuntu 14.04 amd64", IMAGE])
def test_an_image_is_found_by_its_id_or_its_exact_name(at, image):
    assert at(name="web1", image=image, size="2")["machine"]["image"] == IMAGE


def test_an_image_list_that_fails_stops_no_create_by_id(at_ec2, mist):
    """EC2's whole list fails when one image of it is gone (recordings/2014/CONTRACT.md 2)."""
    mist.fail("answer", status=503, body="Backend unavailable: b", method="GET", path="/backends/*/images")
    predicted = at_ec2(name="web1", **EC2_SPEC, retries=0, check_mode=True)
    result = at_ec2(name="web1", **EC2_SPEC, retries=0)
    assert (result.get("msg"), result["changed"]) == (None, True)
    assert predicted["warnings"] == result["warnings"]
    assert "Image 'ami-76817c1e' was not checked, because Mist cannot list the images" in result["warnings"][0]


def test_where_there_are_no_sizes_none_is_needed(run, mist, deploy):
    run("mist_backend", title="dock", provider="docker", api_url="http://docker.test")
    there = {"backend": "dock", "name": "build1", "image": "mist/ubuntu-14.04:latest"}
    assert run("mist_machine", **there)["changed"] is True
    assert mist.writes[-1].body == {"name": "build1", "image": "mist/ubuntu-14.04:latest", "size": ""}


def test_without_a_key_the_server_takes_its_default(at, mist):
    at(name="web1", image=IMAGE, size="2")
    assert [each.machine for each in mist.world.keys["deploy"].associations]


def test_two_machines_of_one_name_that_was_terminated_are_one(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    at_ec2(name="web1", state="absent")
    assert at_ec2(name="web1", state="absent")["changed"] is False
    assert at_ec2(name="web1", **EC2_SPEC)["changed"] is True
    assert names(mist) == ["web1"]


# ---- waiting


def test_it_waits_with_longer_and_longer_pauses(at, mist, clock):
    mist.settings.change(boot_seconds=30)
    assert at(name="web1", **SPEC)["machine"]["state"] == "running"
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] == 1
    assert 3 < len(clock.slept) < 12


def test_it_does_not_wait_by_default(at, mist, clock):
    result = at(name="web1", **SPEC, wait=False)
    assert result["machine"]["state"] == "pending"
    assert clock.slept == []


def test_it_waits_for_a_login_by_mist_itself(at, mist):
    result = at(name="web1", **SPEC, wait_for="ssh")
    assert asked(mist)[-1] == "POST machines probe"
    assert result["machine"]["state"] == "running"


def test_a_provider_that_fails_for_a_while_does_not_end_a_long_wait(at, mist):
    mist.settings.change(boot_seconds=60)
    mist.fail("provider_error", method="GET", path=CREATE, every=2, times=3)
    result = at(name="web1", **SPEC, retries=0)
    assert (result.get("failed"), result["machine"]["state"]) == (None, "running")


def test_credentials_that_die_during_a_wait_end_it(at, mist, clock, monkeypatch):
    mist.settings.change(boot_seconds=60)
    monkeypatch.setattr(clock, "sleep", lambda seconds: mist.fail("provider_revoked"))
    result = at(name="web1", **SPEC)
    assert "answered 401: Invalid backend credentials" in result["msg"]


def test_a_machine_that_is_pending_is_waited_for_and_not_started(at, mist):
    at(name="web1", **SPEC, wait=False)
    mist.forget()
    result = at(name="web1", state="started")
    assert (result["changed"], result["machine"]["state"]) == (False, "running")
    assert mist.writes == []


def test_killed_between_the_create_and_the_wait_nothing_is_made_twice(at, mist, monkeypatch, clock):
    def killed(seconds):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(clock, "sleep", killed)
        with pytest.raises(KeyboardInterrupt):
            at(name="web1", **SPEC)
    result = at(name="web1", **SPEC)
    assert (result["changed"], result["machine"]["state"]) == (False, "running")
    assert names(mist) == ["web1"]


# ---- a lost answer


@pytest.mark.parametrize(
    "fault", [{"kind": "cut"}, {"kind": "answer", "status": 500}, {"kind": "answer", "status": 503}]
)
def test_after_a_lost_answer_it_looks_by_name_before_anything_else(at, mist, fault):
    mist.fail(**fault, method="POST", path=CREATE, after_work=True, times=1)
    mist.forget()
    result = at(name="web1", **SPEC, location="0")
    assert (result.get("failed"), result["changed"], result["machine"]["name"]) == (None, True, "web1")
    assert asked(mist)[:7] == [
        *("GET machines", "GET images", "GET sizes", "GET locations", "GET keys"),
        *("POST machines", "GET machines"),
    ]
    assert asked(mist).count("POST machines") == 1
    assert names(mist) == ["web1"]


@pytest.mark.parametrize("answer", [{"status": 200, "body": "<html>"}, {"status": 504, "body": "<html>"}])
def test_an_answer_that_is_not_mists_is_a_lost_one(at, mist, answer):
    mist.fail("answer", **answer, method="POST", path=CREATE, after_work=True, times=1)
    assert at(name="web1", **SPEC)["changed"] is True
    assert names(mist) == ["web1"]


def test_a_look_after_a_lost_answer_that_fails_is_made_again(at, mist):
    mist.fail("cut", method="POST", path=CREATE, after_work=True, times=1)
    mist.fail("answer", status=500, method="GET", path=CREATE, every=2, times=1)
    assert at(name="web1", **SPEC)["changed"] is True
    assert names(mist) == ["web1"]


def test_a_lost_create_that_may_come_yet_is_reported(at, mist, clock):
    mist.fail("cut", method="POST", path=CREATE, times=1)
    msg = at(name="web1", **SPEC)["msg"]
    assert "The machine may still be created. Run the task again: it first looks for the machine." in msg
    assert sum(clock.slept) == 120


@pytest.mark.parametrize("fault", [{"kind": "cut"}, {"kind": "answer", "status": 500}])
def test_a_create_that_was_not_done_fails_and_is_not_tried_again(at, mist, fault):
    mist.fail(**fault, method="POST", path=CREATE, times=1)
    assert at(name="web1", **SPEC)["failed"] is True
    assert asked(mist).count("POST machines") == 1
    assert at(name="web1", **SPEC)["changed"] is True
    assert names(mist) == ["web1"]


def test_a_machine_of_that_name_in_another_state_is_not_taken_for_the_new_one(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    at_ec2(name="web1", state="absent")
    mist.fail("answer", method="POST", path=CREATE, status=500, times=1)
    assert at_ec2(name="web1", **EC2_SPEC)["failed"] is True


@pytest.mark.parametrize("names_or_name", [{"name": "web1"}, {"names": ["web1", "web2"]}])
def test_when_waiting_fails_what_was_done_is_reported_all_the_same(at, mist, clock, monkeypatch, names_or_name):
    mist.settings.change(boot_seconds=60)
    monkeypatch.setattr(clock, "sleep", lambda seconds: mist.fail("provider_revoked"))
    result = at(**names_or_name, **SPEC)
    assert (result["failed"], result["changed"], result["actions"][0]) == (True, True, "create machine 'web1'")
    seen = result.get("machines") or [result["machine"]]
    assert [machine["state"] for machine in seen] == ["pending"] * len(seen)


def test_a_probe_that_fails_once_is_made_again(at, mist):
    mist.fail("cut", method="POST", path="*/probe", times=2)
    assert at(name="web1", **SPEC, wait_for="ssh")["machine"]["state"] == "running"


def test_listed_is_waited_for_in_a_listing(at):
    result = at(name="web1", **SPEC, wait_for="listed")
    assert result["machine"]["state"] == "pending"
    assert result["machine"]["size"] == "2"
    assert result["machine"]["actions"]["destroy"] is True


def test_a_machine_that_vanishes_is_reported(at, mist, clock, monkeypatch):
    mist.settings.change(boot_seconds=900)
    sleep = clock.sleep

    def sleep_and_lose(seconds):
        sleep(seconds)
        for account in mist.world.machines.values():
            account.clear()

    monkeypatch.setattr(clock, "sleep", sleep_and_lose)
    assert "was pending and is no longer listed" in at(name="web1", **SPEC)["msg"]


# ---- states


def test_a_machine_is_stopped_started_rebooted_and_destroyed(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    for state, action, then in (
        ("stopped", "stop", "stopped"),
        ("started", "start", "running"),
        ("restarted", "reboot", "running"),
        ("absent", "destroy", None),
    ):
        mist.forget()
        predicted = at_ec2(name="web1", state=state, check_mode=True)
        assert mist.writes == []
        result = at_ec2(name="web1", state=state)
        assert (result["changed"], result["actions"]) == (True, [f"{action} machine 'web1'"])
        assert (predicted["changed"], predicted["actions"], predicted["diff"]) == (
            True,
            result["actions"],
            result["diff"],
        )
        assert (result["machine"] or {}).get("state") == then
        if state != "restarted":
            mist.forget()
            again = at_ec2(name="web1", state=state)
            assert (again["changed"], again["actions"], mist.writes) == (False, [], [])
    assert names(mist) == []


def test_a_stopped_machine_is_present_and_is_left_alone(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    at_ec2(name="web1", state="stopped")
    result = at_ec2(name="web1", state="present")
    assert (result["changed"], result["machine"]["state"]) == (False, "stopped")


def test_a_stopped_machine_is_started_by_a_restart(at_ec2):
    at_ec2(name="web1", **EC2_SPEC)
    at_ec2(name="web1", state="stopped")
    assert at_ec2(name="web1", state="restarted")["actions"] == ["start machine 'web1'"]


def test_a_pending_machine_is_stopped_once_it_runs(at_ec2, mist):
    mist.settings.change(boot_seconds=30)
    at_ec2(name="web1", **EC2_SPEC, wait=False)
    assert at_ec2(name="web1", state="stopped")["machine"]["state"] == "stopped"


def test_a_pending_machine_is_not_waited_for_to_stop_it_without_wait(at_ec2, mist):
    mist.settings.change(boot_seconds=30)
    at_ec2(name="web1", **EC2_SPEC, wait=False)
    result = at_ec2(name="web1", state="stopped", wait=False)
    assert result["msg"].endswith(
        " is pending. The task does not wait for it to leave this state."
        " Set wait=true with a wait_timeout, or run the task again later."
    )


LOST_ANSWERS = [
    {"kind": "cut"},
    {"kind": "answer", "status": 503},
    {"kind": "answer", "status": 200, "body": "<html><title>Back soon</title></html>"},
]


@pytest.mark.parametrize("state", ["stopped", "absent"])
@pytest.mark.parametrize("fault", LOST_ANSWERS)
def test_an_action_that_was_done_although_its_answer_was_lost_is_done(at_ec2, mist, state, fault):
    at_ec2(name="web1", **EC2_SPEC)
    mist.fail(**fault, method="POST", path="/backends/*/machines/*", after_work=True)
    result = at_ec2(name="web1", state=state)
    assert (result.get("failed"), result["changed"]) == (None, True)


@pytest.mark.parametrize("fault", LOST_ANSWERS)
def test_an_action_that_was_not_done_is_a_failure(at_ec2, mist, fault):
    at_ec2(name="web1", **EC2_SPEC)
    mist.fail(**fault, method="POST", path="/backends/*/machines/*")
    result = at_ec2(name="web1", state="stopped")
    assert (result["failed"], result["changed"]) == (True, False)


@pytest.mark.parametrize("status", ["stopping", "shutting-down"])
def test_ec2s_own_words_tell_what_the_server_calls_stopped(at_ec2, mist, ec2, status):
    """The server tells both as stopped (CONTRACT 3, R): one comes to be, the other is all but gone."""
    listed = {"id": "i-1", "name": "web1", "state": "stopped", "public_ips": [], "private_ips": [], "tags": []}
    body = json.dumps([{**listed, "extra": {"status": status}, "can_start": True, "can_stop": False}])
    json_type = {"Content-Type": "application/json; charset=UTF-8"}
    mist.fail("answer", status=200, body=body, headers=json_type, method="GET", path=CREATE)
    stopped = at_ec2(name="web1", state="stopped", wait=False)
    if status == "stopping":
        assert (stopped["changed"], stopped["machine"]["state"]) == (False, "stopping")
        assert at_ec2(name="web1", state="started", check_mode=True)["actions"] == ["start machine 'web1'"]
    else:
        assert "Machine 'web1' not found" in stopped["msg"]


def test_digitaloceans_destroy_is_done_although_it_answers_503(run, mist, deploy):
    run("mist_backend", **DIGITALOCEAN)
    there = {"backend": "DO one", "name": "web1"}
    run("mist_machine", **there, image="6918990", size="512mb", location="nyc3")
    result = run("mist_machine", **there, state="absent")
    assert (result.get("failed"), result["changed"], result["machine"]) == (None, True, None)
    assert names(mist) == []


def test_a_host_cannot_be_destroyed(run, mist):
    run("mist_backend", machine_ip="192.0.2.12", validate=False)
    result = run("mist_machine", backend="192.0.2.12", ip="192.0.2.12", state="absent")
    assert result["failed"] is True
    assert result["msg"] == (
        "Machine '192.0.2.12' (1920212) is running and does not support destroy."
        " If it is a host of your own (bare_metal), remove its backend: mist_backend with state=absent."
        " Otherwise, the provider does not support this action through Mist, or not in this state."
    )


# ---- many at once


def test_many_machines_are_created_and_returned_in_order(at, mist):
    result = at(names=["c", "a", "b"], **SPEC)
    assert [machine["name"] for machine in result["machines"]] == ["c", "a", "b"]
    assert result["actions"] == ["create machine 'c'", "create machine 'a'", "create machine 'b'"]
    assert all(machine["state"] == "running" for machine in result["machines"])
    mist.forget()
    again = at(names=["c", "a", "b"], image=IMAGE, size="2")
    assert (again["changed"], again["machines"]) == (False, result["machines"])
    assert asked(mist) == ["GET machines"]


def test_no_names_are_no_change_and_nothing_is_asked(scenario, mist):
    for state in ("present", "absent", "started", "stopped"):
        result = scenario("mist_machine", backend="nosuch", names=[], state=state, **SPEC)
        assert (result.get("msg"), result["changed"], result["machines"]) == (None, False, [])
        assert mist.requests == []


def test_a_hundred_are_created_ten_at_a_time_and_exactly_once_whatever_goes_wrong(at, mist):
    mist.settings.change(create_seconds=0.02)
    mist.fail("answer", method="POST", path=CREATE, status=500, after_work=True, every=7)
    mist.fail("cut", method="POST", path=CREATE, after_work=True, every=11)
    wanted = [f"web{number:03}" for number in range(100)]
    result = at(names=wanted, **SPEC, workers=10)
    assert (result.get("failed"), result["changed"], len(result["machines"])) == (None, True, 100)
    assert names(mist) == wanted
    assert 1 < mist.world.max_concurrent_creates <= 10
    mist.forget()
    assert at(names=wanted, image=IMAGE, size="2")["changed"] is False
    assert asked(mist) == ["GET machines"]
    mist.forget()
    assert at(names=wanted, **SPEC)["changed"] is False
    assert asked(mist) == ["GET machines", "GET keys"]


def test_one_failure_stops_no_other_and_all_are_reported(at, mist):
    mist.fail("answer", method="POST", path=CREATE, status=500, times=1)
    result = at(names=["a", "b", "c"], **SPEC, workers=1)
    assert result["failed"] is True
    assert list(result["failures"]) == ["a"]
    assert "1 of 3 machines failed. a: POST" in result["msg"]
    assert [machine["name"] for machine in result["machines"]] == ["b", "c"]
    assert result["actions"] == ["create machine 'b'", "create machine 'c'"]
    assert at(names=["a", "b", "c"], **SPEC)["actions"] == ["create machine 'a'"]
    assert names(mist) == ["a", "b", "c"]


# ---- bad input: a clear error, and nothing is changed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"backend": "OpenStack on"}, "Backend 'OpenStack on' not found on"),
        ({"image": "ubunto 14.04"}, "Image 'ubunto 14.04' not found on backend"),
        (
            {"image": "ubuntu"},
            f"Image 'ubuntu' not found on backend 'B'. Did you mean 'Ubuntu 14.04 amd64' ({IMAGE})?",
        ),
        ({"image": "ubuntu 14.04 AMD64"}, f"Did you mean 'Ubuntu 14.04 amd64' ({IMAGE})?"),
        ({"size": "m1.smal"}, "Size 'm1.smal' not found on backend 'B'. Did you mean 'm1.small' (2)"),
        ({"size": "M1.SMALL"}, "Size 'M1.SMALL' not found on backend 'B'. Did you mean 'm1.small' (2)"),
        ({"size": "m1.huge"}, "Size 'm1.huge' not found on backend"),
        ({"location": "mars"}, "Location 'mars' not found on backend"),
        ({"script": "echo é"}, "this server only accepts ASCII characters"),
        ({"image": None}, "To create it, set image."),
        ({"image": None, "size": None}, "To create it, set image and size."),
    ],
)
def test_what_is_unknown_or_not_one_thing_is_reported(at, refused, options, said):
    given = {name: value for name, value in {"name": "web1", **SPEC, **options}.items() if value is not None}
    assert said in re.sub(r"backend '[^']{26,28}'", "backend 'B'", refused(at, **given))


@pytest.mark.parametrize("name", ["büro", " "])
def test_a_name_that_the_server_would_lose_is_refused(at, refused, name):
    assert "only ASCII characters are allowed, and it must not be blank" in refused(at, name=name, **SPEC)


def test_parameters_cannot_say_what_options_say(at, refused):
    msg = refused(at, name="a", **SPEC, parameters={"name": "b", "image": "c", "hostname": "d"})
    assert "parameters must not contain image or name" in msg


def test_a_refusal_that_is_about_something_else_is_not_blamed_on_the_image(at, mist):
    mist.fail("answer", method="POST", path=CREATE, status=500, body="Machine creation failed: quota exceeded")
    assert at(name="web1", **SPEC)["msg"].endswith("quota exceeded.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"key": "deplo"}, "Key 'deplo' not found on"),
        ({"image": IMAGE[:-2] + "99"}, f"Did you mean 'Ubuntu 14.04 amd64' ({IMAGE})"),
        ({"size": "9"}, "Size '9' not found on backend"),
    ],
)
def test_check_mode_tells_an_unknown_id_as_the_real_run_does(at, mist, refused, options, said):
    given = {"name": "web1", **SPEC, **options}
    assert refused(at, **given) == refused(at, check_mode=True, **given)
    assert said in refused(at, **given)


@pytest.mark.parametrize("options", [{"image": "ami-ffffffff"}, {"size": "z9.huge"}])
def test_check_mode_tells_an_unknown_id_of_ec2_as_the_real_run_does(at_ec2, refused, options):
    """The server itself would answer 500 (recordings/2014, machines.create.bad_image and bad_size)."""
    given = {"name": "web1", **EC2_SPEC, **options}
    assert refused(at_ec2, **given) == refused(at_ec2, check_mode=True, **given)


def test_several_machines_of_one_name_are_reported_with_ids_and_addresses(at, mist, refused, web1):
    other = at(name="web2", **SPEC)["machine"]
    mist.world.machines[web1["backend_id"]][other["id"]].name = "web1"
    msg = refused(at, name="web1")
    for machine in (web1, other):
        assert f"{machine['id']} ({machine['public_ips'][0]}, {machine['private_ips'][0]})" in msg
    assert at(id=web1["id"])["changed"] is False


def test_what_is_not_there_cannot_be_stopped_and_is_created_only_of_an_image(at, at_ec2, refused, web1):
    msg = refused(at, name="web9", state="stopped")
    assert "Machine 'web9' not found on" in msg
    assert "'web1'" in msg
    assert "To create the machine and then stop it, set image and size." in msg
    assert "To create it, set size." in refused(at_ec2, name="web9", state="stopped", image=EC2_SPEC["image"])
    assert "Machine 'nosuch' not found on" in refused(at_ec2, id="nosuch", state="stopped", **EC2_SPEC)


@pytest.mark.parametrize("wait", [True, False])
def test_a_machine_that_is_missing_is_created_and_stopped(at_ec2, mist, wait):
    mist.settings.change(boot_seconds=30)
    given = {"state": "stopped", "wait": wait, **EC2_SPEC}
    predicted, result = at_ec2(name="web1", check_mode=True, **given), at_ec2(name="web1", **given)
    assert result.get("msg") is None
    assert result["actions"] == ["create machine 'web1'", "stop machine 'web1'"]
    assert (predicted["changed"], predicted["actions"]) == (True, result["actions"])
    assert predicted["machine"]["state"] == result["machine"]["state"] == "stopped"
    mist.forget()
    again = at_ec2(name="web1", **given)
    assert (again["changed"], again["machine"], mist.writes) == (False, result["machine"], [])
    assert names(mist) == ["web1"]


def test_many_are_created_and_stopped_and_those_that_run_are_stopped(at_ec2, mist):
    at_ec2(name="a", **EC2_SPEC)
    result = at_ec2(names=["a", "b", "c"], state="stopped", **EC2_SPEC)
    assert [machine["state"] for machine in result["machines"]] == ["stopped"] * 3
    assert result["actions"] == [
        *("stop machine 'a'", "create machine 'b'", "stop machine 'b'", "create machine 'c'", "stop machine 'c'"),
    ]
    assert at_ec2(names=["a", "b", "c"], state="stopped", **EC2_SPEC)["changed"] is False


@pytest.mark.parametrize("boot_seconds", [0, 60])
def test_openstack_cannot_be_stopped_and_check_mode_tells_it_too(at, mist, refused, boot_seconds):
    """Its machines say can_stop, and the server answers 400 (recordings/2014, machines.action.openstack_stop)."""
    mist.settings.change(boot_seconds=boot_seconds)
    at(name="web1", **SPEC, wait=False)
    given = {"name": "web1", "state": "stopped"}
    said = "cannot stop a machine of OpenStack."
    assert said in refused(at, check_mode=True, **given)
    assert said in refused(at, **given)
    assert said in refused(at, **{**given, "name": "web2"}, **SPEC)
    assert names(mist) == ["web1"]


def test_dead_credentials_are_reported(at, mist, web1):
    mist.fail("provider_revoked")
    result = at(name="web2", **SPEC)
    assert "answered 401: Invalid backend credentials" in result["msg"]


def test_a_disabled_backend_is_reported(at, run, refused, web1):
    run("mist_backend", title="OpenStack one", enabled=False)
    assert "is disabled" in refused(at, backend="OpenStack one", name="web2", **SPEC)


def test_the_admin_password_is_not_shown(at):
    """OpenStack's create answers one, there and only there (recordings/2014/CONTRACT.md 3)."""
    result = at(name="web1", **SPEC, wait=False)
    assert "password" not in json.dumps(result["machine"])


# ---- what later servers have


@pytest.mark.parametrize(
    "options",
    [
        {"tags": {"env": "test"}},
        {"expiration": {"date": "2099-01-01 00:00:00", "action": "stop"}},
        {"networks": ["a"]},
        {"volumes": [{}]},
        {"cloud_init": "#!"},
        {"custom_size": {"cpu": 1}},
        {"new_name": "web2"},
    ],
)
def test_what_only_later_servers_have_is_refused_and_both_generations_named(at, mist, options):
    given = {"image": IMAGE} if "custom_size" in options else SPEC
    result = at(name="web1", **given, **options)
    assert (result["failed"], result["changed"], names(mist)) == (True, False, [])
    assert "Servers of generation 'backends' (2014 and 2015) cannot " in result["msg"]
    assert "This requires a server of generation 'clouds' (2016 and later)." in result["msg"]


def test_a_machine_that_is_there_is_tagged_without_values(at, at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    result = at_ec2(name="web1", tags={"blue": "", "old": None})
    assert result["actions"] == ["tag machine 'web1' (set 'blue')"]
    assert "blue" in result["machine"]["tags"]
    mist.forget()
    assert at_ec2(name="web1", tags={"blue": "", "old": None})["changed"] is False
    assert at_ec2(name="web1", tags={"blue": None})["machine"]["tags"] == {}
    assert at_ec2(name="web1", tags={"blue": None})["changed"] is False


def test_ec2_cannot_be_resized_and_check_mode_tells_it_too(at_ec2, refused):
    """The server answers 400 (recordings/2014, machines.action.resize)."""
    at_ec2(name="web1", **EC2_SPEC)
    for check_mode in (True, False):
        msg = refused(at_ec2, check_mode=check_mode, name="web1", size="m1.small", resize=True)
        assert "cannot resize a machine of EC2." in msg
    assert at_ec2(name="web1", size="t1.micro", resize=True)["changed"] is False


def test_each_tag_is_a_step_of_its_own(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    at_ec2(name="web1", tags={"old": ""})
    predicted = at_ec2(check_mode=True, name="web1", tags={"blue": "", "green": "", "old": None})
    result = at_ec2(name="web1", tags={"blue": "", "green": "", "old": None})
    assert result["actions"] == [
        "tag machine 'web1' (set 'blue')",
        "tag machine 'web1' (set 'green')",
        "tag machine 'web1' (remove 'old')",
    ]
    assert result["machine"]["tags"] == {"blue": "", "green": ""}
    assert {**predicted, "machine": 0, "diff": 0} == {**result, "machine": 0, "diff": 0}


def test_tags_that_were_set_before_a_failure_are_described(at_ec2, mist):
    at_ec2(name="web1", **EC2_SPEC)
    # the second tag alone
    mist.fail("provider_error", path="/backends/*/machines/*/metadata", every=2)
    result = at_ec2(name="web1", tags={"blue": "", "green": ""})
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["tag machine 'web1' (set 'blue')"]
    assert result["machine"]["tags"] == {"blue": ""}
    mist.heal()
    assert at_ec2(name="web1", tags={"blue": "", "green": ""})["actions"] == ["tag machine 'web1' (set 'green')"]


def test_a_tag_that_ec2_cannot_store_is_refused_before_anything_is_sent(at_ec2, mist):
    """The server answers 503 to it, after the tags before it were set."""
    at_ec2(name="web1", **EC2_SPEC)
    mist.forget()
    result = at_ec2(name="web1", tags={"blue": "", "größe": ""})
    assert (result["failed"], result["changed"], result["actions"], mist.writes) == (True, False, [], [])
    assert result["msg"] == (
        "Invalid tag 'größe' for machine 'web1': on this server, EC2 tags can only contain ASCII characters."
    )


def test_a_tag_with_a_value_that_another_client_set_is_removed(at_ec2, mist):
    """The server looks for the value (R: methods.delete_machine_metadata)."""
    at_ec2(name="web1", **EC2_SPEC)
    ((machine,),) = [account.values() for account in mist.world.machines.values()]
    machine.tags["env"] = "prod"
    assert at_ec2(name="web1", tags={"env": None})["machine"]["tags"] == {}
    assert at_ec2(name="web1", tags={"env": None})["changed"] is False


def test_other_providers_take_tags_in_any_letters(at, web1):
    assert at(name="web1", tags={"größe": ""})["machine"]["tags"] == {"größe": ""}


def test_a_resize_that_the_provider_has_not_is_the_servers_word(at, web1):
    result = at(name="web1", size="m1.medium", resize=True)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "Action resize not supported for this machine" in result["msg"]


# ---- a machine that is there, and is not what the task asks for


def test_another_size_or_image_is_a_warning_and_no_change(at, mist, web1):
    result = at(name="web1", image="CentOS 6.5 x86_64", size="m1.tiny", key="deploy")
    assert (result["changed"], mist.writes) == (False, [])
    image, size = sorted(result["warnings"])
    assert image == (
        "Machine 'web1' has image 'Ubuntu 14.04 amd64' (3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01), not 'CentOS 6.5 x86_64'"
        " (7b0f7f5e-6f0a-4f0e-9b55-2b9d3f1c7e02). This cannot be changed: destroy the machine and create it again."
    )
    assert size == (
        "Machine 'web1' has size 'm1.small' (2), not 'm1.tiny' (1)."
        " Set resize=true to change it, if the provider supports that."
    )
    assert at(check_mode=True, name="web1", image="CentOS 6.5 x86_64", size="m1.tiny")["warnings"]


def test_ec2s_machines_are_compared_by_what_their_extra_tells(at_ec2, add_key, mist):
    """imageId and size of the listing are null there (recordings/2014/CONTRACT.md 3)."""
    add_key("other")
    at_ec2(name="web1", **EC2_SPEC)
    assert at_ec2(name="web1", **EC2_SPEC).get("warnings") is None
    wanted = {"image": "ami-384d8450", "size": "m1.small", "location": "us-east-1b", "key": "other"}
    result = at_ec2(name="web1", **wanted)
    assert (result["changed"], [each.split(", not")[0] for each in sorted(result["warnings"])]) == (
        False,
        [
            "Machine 'web1' has image 'Ubuntu Server 14.04 LTS (PV)' (ami-76817c1e)",
            "Machine 'web1' has key 'deploy'",
            "Machine 'web1' has location 'us-east-1a' (0)",
            "Machine 'web1' has size 'Micro Instance' (t1.micro)",
        ],
    )
    assert "mist_key_association" in sorted(result["warnings"])[1]


def test_a_word_that_names_nothing_is_a_warning_also_where_nothing_is_created(at, web1):
    result = at(name="web1", image="nope", size="m1.smal", key="deplo", location="mars")
    assert (result.get("msg"), result["changed"]) == (None, False)
    assert [each.split(":")[0] for each in result["warnings"]] == [
        f"Existing machines were not compared with {option}"
        for option in ("image 'nope'", "size 'm1.smal'", "location 'mars'", "key 'deplo'")
    ]
    assert "Image 'nope' not found on" in result["warnings"][0]
    assert "Did you mean 'm1.small' (2)" in result["warnings"][1]


def test_a_machine_with_another_key_is_reported_by_the_keys_of_mist(at, add_key, web1):
    add_key("other")
    (warning,) = at(name="web1", key="other")["warnings"]
    assert warning.startswith("Machine 'web1' has key 'deploy', not 'other'.")


def test_what_a_machine_does_not_show_is_not_compared(run, deploy):
    run("mist_backend", **DIGITALOCEAN)
    given = {"backend": "DO one", "name": "web1", "image": "6918990", "size": "512mb", "location": "nyc3"}
    run("mist_machine", **given)
    result = run("mist_machine", **{**given, "size": "1gb", "location": "Amsterdam 2"})
    assert (result["changed"], result.get("warnings")) == (False, None)
    assert "Size '2gb' not found on" in run("mist_machine", **{**given, "size": "2gb"})["warnings"][0]


def test_a_list_that_fails_is_reported_and_the_machine_is_still_ok(at, mist, web1):
    mist.fail("answer", status=503, body="Backend unavailable: b", method="GET", path="/backends/*/images")
    result = at(name="web1", image="CentOS 6.5 x86_64", retries=0)
    assert (result.get("msg"), result["changed"]) == (None, False)
    assert "Existing machines were not compared with image 'CentOS 6.5 x86_64': GET" in result["warnings"][0]


def test_of_many_each_that_differs_is_named(at, mist):
    at(names=["a", "b"], **SPEC)
    at(name="c", **{**SPEC, "size": "1"})
    mist.forget()
    result = at(names=["a", "b", "c"], image=IMAGE, size="m1.small")
    assert (result["changed"], len(result["warnings"])) == (False, 1)
    assert result["warnings"][0].startswith("Machine 'c' has size 'm1.tiny' (1), not 'm1.small' (2).")
    assert asked(mist) == ["GET machines", "GET sizes"]
    mist.forget()
    at(names=["a", "b", "c", "d"], image=IMAGE, size="m1.small")
    assert asked(mist)[:4] == ["GET machines", "GET images", "GET sizes", "POST machines"]
