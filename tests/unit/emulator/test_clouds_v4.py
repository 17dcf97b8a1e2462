# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulated server of v4.7 does beyond its recordings: time, limits, faults, the providers behind it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.mistio.cloud.tests.emulator import Ec2Account, Emulator, Host, Settings, running
from ansible_collections.mistio.cloud.tests.emulator.clouds_v4.tables import PROVIDERS
from ansible_collections.mistio.cloud.tests.emulator.world import Reach

from .asking import LOGIN, ask
from .asking_v4 import AWS, ENGINE, OCEAN, STACK, act, add_cloud, asked, create, listed, make


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running(generation="clouds", boot_seconds=5) as emulator:
        emulator.clock.stop()
        emulator.world.add_key("demo")
        yield emulator


@pytest.fixture
def cloud(emulator: Emulator) -> str:
    cloud = add_cloud(emulator)
    emulator.forget()
    return cloud


def actions_of(emulator: Emulator, job: str) -> list[str]:
    story = asked(emulator, "GET", f"/api/v1/jobs/{job}").body
    return [line["action"] for line in story["logs"]]


def test_the_token_may_be_chosen() -> None:
    with running(generation="clouds", token="f" * 64) as emulator:
        assert emulator.token == "f" * 64
        assert asked(emulator, "GET", "/api/v1/ping").body == {"hello": "demo@mist.test"}


def test_a_token_expires_by_the_clock(emulator: Emulator) -> None:
    made = ask(emulator, "POST", "/api/v1/tokens", {**LOGIN, "ttl": 60}).body
    assert asked(emulator, "GET", "/api/v1/ping", Authorization=made["token"]).status == 200
    emulator.clock.advance(61)
    assert asked(emulator, "GET", "/api/v1/ping", Authorization=made["token"]).status == 401
    assert made["id"] not in [each["id"] for each in asked(emulator, "GET", "/api/v1/tokens").body]


def test_a_token_without_an_end_does_not_expire(emulator: Emulator) -> None:
    token = ask(emulator, "POST", "/api/v1/tokens", {**LOGIN, "ttl": 0}).body["token"]
    emulator.clock.advance(10**9)
    assert asked(emulator, "GET", "/api/v1/ping", Authorization=token).status == 200


def test_there_are_twenty_active_tokens_and_no_more(emulator: Emulator) -> None:
    made = [ask(emulator, "POST", "/api/v1/tokens", LOGIN) for _each in range(20)]
    assert [each.status for each in made] == [200] * 19 + [400]
    asked(emulator, "DELETE", "/api/v1/tokens", {"id": made[0].body["id"]})
    assert ask(emulator, "POST", "/api/v1/tokens", LOGIN).status == 200


def test_tokens_are_no_writes(emulator: Emulator, cloud: str) -> None:
    token = ask(emulator, "POST", "/api/v1/tokens", LOGIN).body["id"]
    asked(emulator, "DELETE", "/api/v1/tokens", {"id": token})
    asked(emulator, "POST", f"/api/v1/clouds/{cloud}/images", {"search_term": "ubuntu"})
    asked(emulator, "POST", "/api/v1/machines/x/probe", {})
    assert emulator.writes == []
    asked(emulator, "POST", f"/api/v1/clouds/{cloud}/images/x")
    assert [each.line for each in emulator.writes] == [f"POST /api/v1/clouds/{cloud}/images/x"]


@pytest.mark.parametrize("account", [AWS, ENGINE, STACK, OCEAN], ids=lambda account: account["provider"])
def test_a_demo_account_is_accepted_and_lists_something_to_create(emulator: Emulator, account: dict[str, Any]) -> None:
    cloud = add_cloud(emulator, account)
    images, sizes = listed(emulator, cloud, "images"), listed(emulator, cloud, "sizes")
    size = sizes[-1]["id"] if sizes else ""
    key = emulator.world.keys["demo"].id
    location = listed(emulator, cloud, "locations")[-1]["id"]
    made = create(emulator, cloud, image=images[-1]["id"], size=size, location=location, key=key)
    emulator.clock.advance(5)
    [machine] = [each for each in listed(emulator, cloud) if each["external_id"] == made["id"]]
    assert (machine["state"], machine["name"]) == ("running", "web")
    assert machine["public_ips"][0].startswith("127.")
    assert machine["image"] == images[-1]["id"]
    assert asked(emulator, "POST", f"/api/v1/machines/{machine['id']}/probe", {}).status == 200


@pytest.mark.parametrize("fields", PROVIDERS, ids=lambda fields: fields.driver)
def test_every_provider_checks_its_fields(emulator: Emulator, fields: Any) -> None:
    given = {"provider": (*fields.aliases, fields.driver)[0], "name": "one"}
    own = dict.fromkeys(fields.required, "x")
    answer = asked(emulator, "POST", "/api/v1/clouds", {**given, **own, "colour": "red"}).body
    assert "'errors': {'colour': \"Invalid parameter colour='red'.\"}" in answer
    if fields.required:
        reply = asked(emulator, "POST", "/api/v1/clouds", given)
        assert reply.status == 400
        assert f"(Cloud.{fields.model}:" in reply.body
        assert repr(dict.fromkeys(fields.required, "Field is required")) in reply.body
        assert asked(emulator, "POST", "/api/v1/clouds", {**given, **own}).status in (401, 503)


@pytest.mark.parametrize("more", [{}, {"fail_on_error": False}], ids=["default", "fail_on_error=false"])
def test_an_add_with_wrong_credentials_stores_nothing(emulator: Emulator, more: dict[str, Any]) -> None:
    """As in the recordings: ec2-add-bad-credentials-fail-on-error-false, docker-add-unreachable-..."""
    reply = asked(emulator, "POST", "/api/v1/clouds", {**AWS, "apisecret": "wrong", **more})
    refused = (
        "Unauthorized cloud credentials: 'AuthFailure: AWS was not able to validate the provided access credentials'"
    )
    assert (reply.status, reply.body) == (401, refused)
    assert asked(emulator, "POST", "/api/v1/clouds", {**ENGINE, "port": 4299, **more}).status == 503
    assert asked(emulator, "GET", "/api/v1/clouds").body == []


@pytest.mark.parametrize("name", ["ab", "a b", "a_b", "a.b-c", " ab", "ab "])
def test_a_name_may_have_blanks_and_underscores_and_loses_blanks_at_its_ends(emulator: Emulator, name: str) -> None:
    cloud = add_cloud(emulator, name=name)
    [shown] = asked(emulator, "GET", "/api/v1/clouds").body
    assert (shown["id"], shown["name"]) == (cloud, name.strip())


@pytest.mark.parametrize("name", ["a", "-ab", "ab-", "a/b", "a:b", "\u00e4b"])
def test_a_bad_name_is_refused_by_an_add_and_by_a_rename(emulator: Emulator, cloud: str, name: str) -> None:
    assert asked(emulator, "POST", "/api/v1/clouds", {**AWS, "name": name}).status == 400
    assert asked(emulator, "PUT", f"/api/v1/clouds/{cloud}", {"new_name": name}).status == 400


def test_a_stopped_container_is_listed_with_show_all_only(emulator: Emulator) -> None:
    """As in the recordings: docker-machines-after-stop-no-show-all to docker-start-c1-now-seen."""
    cloud = add_cloud(emulator, ENGINE)
    machine = make(emulator, cloud, image="nginx:latest", size="")
    act(emulator, machine, "stop")
    assert [each["machine_type"] for each in listed(emulator, cloud)] == ["container-host"]
    assert machine not in [each["id"] for each in listed(emulator, cloud, "machines?cached=true")]
    assert machine not in [each["id"] for each in asked(emulator, "GET", "/api/v1/machines").body]
    refused = act(emulator, machine, "start")
    assert (refused.status, refused.body) == (403, "Forbidden: Machine doesn't support start.")
    assert asked(emulator, "PATCH", f"/api/v1/clouds/{cloud}", {"show_all": True}).body == "OK"
    [seen] = [each for each in listed(emulator, cloud) if each["machine_type"] == "container"]
    assert (seen["id"], seen["state"]) == (machine, "stopped")
    assert act(emulator, machine, "start").body == "OK"


def test_an_edit_ignores_what_is_empty_and_refuses_what_is_no_switch(emulator: Emulator) -> None:
    """As in the recordings: docker-edit-show-all-off, docker-edit-show-all-text, docker-edit-name-in-patch."""
    cloud = add_cloud(emulator, {**ENGINE, "show_all": True})
    path = f"/api/v1/clouds/{cloud}"
    assert asked(emulator, "PATCH", path, {"show_all": False, "host": ""}).body == "OK"
    [shown] = asked(emulator, "GET", "/api/v1/clouds").body
    assert (shown["show_all"], shown["host"]) == (True, "docker.test")
    refused = asked(emulator, "PATCH", path, {"show_all": "no"})
    assert refused.status == 400
    assert "'errors': {'show_all': 'BooleanField only accepts boolean values'}" in refused.body
    assert "Invalid parameters ['name']" in asked(emulator, "PATCH", path, {"name": "dock9"}).body


HOST = {"machine_hostname": "192.0.2.10", "machine_user": "root"}


def test_of_a_list_of_hosts_those_that_answer_are_added(emulator: Emulator) -> None:
    """As in the recording other-add-three-hosts-one-dead: the errors name no host."""
    key = emulator.world.keys["demo"].id
    good = {**HOST, "machine_key": key, "machine_name": "good"}
    dead = {**good, "machine_hostname": "192.0.2.99", "machine_name": "dead"}
    metal = {"name": "metal", "provider": "other"}
    added = asked(emulator, "POST", "/api/v1/clouds", {**metal, "machines": [dead, good]}).body
    [error] = added["errors"]
    assert "192.0.2.99" not in error
    assert error.startswith("Unauthorized cloud credentials: MachineUnauthorizedError(")
    assert [each["name"] for each in listed(emulator, added["id"])] == ["good"]


def test_a_single_host_that_is_refused_leaves_no_cloud(emulator: Emulator) -> None:
    """The first as in the recording other-add-flat-dead-host; the second is R."""
    metal = {**HOST, "name": "metal", "provider": "other", "machine_key": emulator.world.keys["demo"].id}
    named = asked(emulator, "POST", "/api/v1/clouds", {**metal, "machine_name": "box"})
    assert (named.status, "Invalid parameters ['machine_name']" in named.body) == (400, True)
    assert asked(emulator, "POST", "/api/v1/clouds", {**metal, "machine_hostname": "192.0.2.99"}).status == 401
    assert asked(emulator, "GET", "/api/v1/clouds").body == []


def test_a_host_that_is_put_without_its_system_is_neither_tried_nor_given_a_key(emulator: Emulator) -> None:
    """As in the recordings other-put-machines-dead-host, other-put-machines-same-host-again."""
    cloud = add_cloud(emulator, {"name": "metal", "provider": "other", "machines": []})
    path, host = f"/api/v1/clouds/{cloud}/machines", {**HOST, "machine_key": emulator.world.keys["demo"].id}
    assert asked(emulator, "PUT", path, {**host, "machine_hostname": "192.0.2.99"}).status == 200
    for _twice in range(2):
        assert asked(emulator, "PUT", path, {**host, "operating_system": "unix"}).status == 200
    keys = {each["id"]: len(each["key_associations"]) for each in listed(emulator, cloud)}
    assert sorted(keys.values()) == [0, 1, 1]


@pytest.mark.parametrize("place", ["", "nowhere", "us-east-1"])
def test_only_a_zone_will_do_for_a_create_on_ec2(emulator: Emulator, cloud: str, place: str) -> None:
    """As in the recordings job-no-location-at-4s, job-bad-location-at-4s and jobid-job-in-a-region."""
    job = create(emulator, cloud, location=place, **{"async": True})["job_id"]
    emulator.clock.advance(60)
    error = asked(emulator, "GET", f"/api/v1/jobs/{job}").body["error"]
    assert error == "UnboundLocalError(\"local variable 'ec2_location' referenced before assignment\")"


def test_the_last_steps_of_a_create_with_the_default_key_fail_whatever_ssh_would_say(
    emulator: Emulator, cloud: str
) -> None:
    """As in the recordings job-no-listing-after-list-at-25s and g-ec2-create-job: the machine is fine."""
    in_background = create(emulator, cloud, monitoring=True, **{"async": True})["job_id"]
    at_once = create(emulator, cloud, name="web2")["job_id"]
    for job in (in_background, at_once):
        for _step in range(4):
            emulator.clock.advance(60)  # after 150 s the job lists the cloud itself
            story = asked(emulator, "GET", f"/api/v1/jobs/{job}").body
        errors = {each["action"]: each["error"] for each in story["logs"]}
        assert set(errors.values()) == {False, story["error"]}
        assert errors["post_deploy_finished"] == story["error"] == "Couldn't connect to run post deploy steps."
    assert [each["monitoring"] for each in listed(emulator, cloud)] == ["", ""]


def test_the_last_steps_of_a_create_without_a_key_need_no_login(emulator: Emulator) -> None:
    order = {"image": "nginx:latest", "size": "", "location": ""}
    job = create(emulator, add_cloud(emulator, ENGINE), **order)["job_id"]
    emulator.clock.advance(100)
    assert actions_of(emulator, job)[-1] == "post_deploy_finished"
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body["error"] is False


def test_a_job_stays_open_while_ssh_does_not_answer(cloud: str, emulator: Emulator) -> None:
    emulator.world.hosts.append(Reach("127.0.1.*", None, set()))
    key = emulator.world.keys["demo"].id
    job = create(emulator, cloud, key=key, monitoring=True)["job_id"]
    emulator.clock.advance(1000)
    assert actions_of(emulator, job) == ["create_machine"]
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body["finished_at"] == 0


def test_a_create_and_a_host_go_by_the_job_that_they_bring(emulator: Emulator, cloud: str) -> None:
    """As in the recordings jobid-create-same-id-again and jobid-job-of-both."""
    for _twice in range(2):
        made = create(emulator, cloud, job_id="own 1", **{"async": True})
        assert made == {"job_id": "own 1", "job": None}
    emulator.clock.advance(5)
    assert [each["name"] for each in listed(emulator, cloud)] == ["web", "web"]
    assert actions_of(emulator, "own%201") == ["create_machine"] * 2 + ["async_machine_creation_started"] * 2
    metal = add_cloud(emulator, {"name": "metal", "provider": "other", "machines": []})
    host = {**HOST, "job_id": "own2"}
    put = asked(emulator, "PUT", f"/api/v1/clouds/{metal}/machines", host).body
    assert (put["job_id"], put["job"]) == ("own2", None)
    assert actions_of(emulator, "own2") == ["add_machine"]


def test_a_host_with_fixed_keys_takes_none_from_the_server_and_loses_none() -> None:
    """As in the recordings assoc-wrong-key and assoc-back."""
    hosts = (Host("192.0.2.10", authorized=("demo",), fixed_keys=True),)
    with running(generation="clouds", hosts=hosts) as emulator:
        demo, other = emulator.world.add_key("demo").id, emulator.world.add_key("other").id
        metal = {"name": "metal", "provider": "other", "machines": [{**HOST, "machine_key": demo}]}
        [machine] = listed(emulator, add_cloud(emulator, metal))
        path = f"/api/v1/machines/{machine['id']}/keys"
        assert asked(emulator, "PUT", f"{path}/{other}", {"user": "root"}).status == 401
        assert asked(emulator, "DELETE", f"{path}/{demo}").status == 200
        assert asked(emulator, "DELETE", f"{path}/{other}").status == 200
        assert asked(emulator, "PUT", f"{path}/{demo}", {"user": "root"}).status == 200


def test_a_new_cloud_has_empty_lists_until_it_is_polled(emulator: Emulator) -> None:
    emulator.settings.change(first_poll_seconds=10)
    cloud = add_cloud(emulator)
    assert (listed(emulator, cloud, "images"), listed(emulator, cloud, "sizes")) == ([], [])
    emulator.clock.advance(10)
    assert len(listed(emulator, cloud, "images")) == 3
    assert "t2.micro" in [each["external_id"] for each in listed(emulator, cloud, "sizes")]


def test_actions_are_allowed_as_the_last_listing_saw_them(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    assert act(emulator, machine, "stop").body == "OK"
    assert act(emulator, machine, "start").body == "Forbidden: Machine doesn't support start."
    assert [each["state"] for each in asked(emulator, "GET", "/api/v1/machines").body] == ["running"]
    assert [each["state"] for each in listed(emulator, cloud, "machines?cached=true")] == ["running"]
    assert [each["state"] for each in listed(emulator, cloud)] == ["stopped"]
    assert act(emulator, machine, "start").body == "OK"


def test_a_name_changes_in_the_lists_with_the_next_polling(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    act(emulator, machine, "rename", name="db")
    assert [each["name"] for each in asked(emulator, "GET", "/api/v1/machines").body] == ["web"]
    assert [each["name"] for each in listed(emulator, cloud)] == ["db"]


def test_a_destroyed_instance_stays_listed_and_a_container_does_not(emulator: Emulator, cloud: str) -> None:
    engine = add_cloud(emulator, ENGINE)
    instance, container = make(emulator, cloud), make(emulator, engine, image="nginx:latest", size="")
    for machine in (instance, container):
        assert act(emulator, machine, "destroy").status == 200
        assert act(emulator, machine, "destroy").body == f"Not Found: Machine {machine} has been terminated"
    assert [each["state"] for each in listed(emulator, cloud)] == ["terminated"]
    assert [each["machine_type"] for each in listed(emulator, engine)] == ["container-host"]


def test_a_terminated_instance_vanishes_when_the_settings_say_so(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(terminated_seconds=60)
    act(emulator, make(emulator, cloud), "destroy")
    assert len(listed(emulator, cloud)) == 1
    emulator.clock.advance(61)
    assert listed(emulator, cloud) == []


def test_a_job_grows_by_the_clock_and_ends_after_its_machine_runs(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(create_seconds=20, job_seconds=2, job_look_seconds=0, post_deploy_seconds=30)
    job = create(emulator, cloud, **{"async": True})["job_id"]
    expected = ["create_machine"]
    for seconds, action in ((2, "async_machine_creation_started"), (20, "machine_creation_finished")):
        assert actions_of(emulator, job) == expected
        emulator.clock.advance(seconds)
        expected.append(action)
    assert actions_of(emulator, job) == expected
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body["finished_at"] == 0
    emulator.clock.advance(5 + 30)
    assert actions_of(emulator, job) == [*expected, "post_deploy_finished"]
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body["finished_at"] > 0


def test_a_job_stays_at_its_start_until_somebody_lists_the_machines(emulator: Emulator, cloud: str) -> None:
    """As recorded in job-no-listing-*: nobody lists for 40 s, and it ends at the next look, 61 s after the create."""
    job = create(emulator, cloud, **{"async": True})["job_id"]
    for seconds in (5, 7, 13, 15):
        emulator.clock.advance(seconds)
        assert actions_of(emulator, job)[1:] == ["async_machine_creation_started"]
        assert asked(emulator, "GET", f"/api/v1/clouds/{cloud}/machines?cached=true").body == []
    assert len(listed(emulator, cloud)) == 1
    emulator.clock.advance(15)
    assert actions_of(emulator, job)[1:] == ["async_machine_creation_started"]
    emulator.clock.advance(7)
    assert actions_of(emulator, job)[1:] == ["async_machine_creation_started", "machine_creation_finished"]


def test_a_job_whose_machine_is_listed_from_the_start_ends_within_twelve_seconds(
    emulator: Emulator, cloud: str
) -> None:
    """As recorded in job-with-listing-*."""
    job = create(emulator, cloud, **{"async": True})["job_id"]
    for _second in range(8):
        emulator.clock.advance(1)
        listed(emulator, cloud)
    assert actions_of(emulator, job)[-1] == "async_machine_creation_started"
    emulator.clock.advance(4)
    assert actions_of(emulator, job)[-1] == "machine_creation_finished"


def test_a_job_lists_the_machines_by_itself_after_150_seconds(emulator: Emulator, cloud: str) -> None:
    job = create(emulator, cloud, tags={"env": "test"}, **{"async": True})["job_id"]
    emulator.clock.advance(1 + 149)
    assert actions_of(emulator, job)[-1] == "async_machine_creation_started"
    emulator.clock.advance(2)
    assert actions_of(emulator, job)[-1] == "machine_creation_finished"
    [machine] = asked(emulator, "GET", f"/api/v1/clouds/{cloud}/machines?cached=true").body
    assert machine["tags"] == {"env": "test"}


def test_a_machine_that_nobody_can_log_in_to_closes_its_job_with_an_error(emulator: Emulator, cloud: str) -> None:
    """As recorded in job-with-listing-at-12s: the machine is fine all the same."""
    key = emulator.world.keys["demo"].id
    job = create(emulator, cloud, key=key, **{"async": True})["job_id"]
    emulator.clock.advance(2)
    [machine] = listed(emulator, cloud)
    record = emulator.world.database.records[machine["id"]]
    emulator.world.machines_of(record.cloud)[record.external_id].authorized.clear()
    emulator.clock.advance(10)
    assert actions_of(emulator, job)[-1] == "machine_creation_finished"
    emulator.clock.advance(100)
    story = asked(emulator, "GET", f"/api/v1/jobs/{job}").body
    assert [line["error"] for line in story["logs"]] == [False, False, False, story["error"]]
    assert story["error"] == "Couldn't connect to run post deploy steps."
    assert story["logs"][-1]["external_id"] == machine["external_id"]


def test_a_job_may_never_end(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(post_deploy_seconds=None)
    job = create(emulator, cloud, **{"async": True})["job_id"]
    emulator.clock.advance(10**6)
    assert actions_of(emulator, job)[-1] == "machine_creation_finished"
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body["finished_at"] == 0


def test_a_job_is_unknown_until_its_log_has_arrived(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(story_seconds=3)
    job = create(emulator, cloud, **{"async": True})["job_id"]
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").body == f"Not Found: Story {job}"
    emulator.clock.advance(3)
    assert asked(emulator, "GET", f"/api/v1/jobs/{job}").status == 200


def test_each_machine_of_a_quantity_finishes_on_its_own(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(job_look_seconds=0)
    job = create(emulator, cloud, quantity=3, **{"async": True})["job_id"]
    emulator.clock.advance(5)
    logs = asked(emulator, "GET", f"/api/v1/jobs/{job}").body["logs"]
    made = {line["machine_name"]: line["external_id"] for line in logs if line["action"] == "machine_creation_finished"}
    assert made == {each["name"]: each["external_id"] for each in listed(emulator, cloud)}
    assert list(made) == ["web-1", "web-2", "web-3"]


def test_creates_in_the_background_are_counted(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(create_seconds=10)
    for number in range(3):
        create(emulator, cloud, name=f"web{number}", **{"async": True})
    emulator.clock.advance(100)
    assert len(listed(emulator, cloud)) == 3
    assert emulator.world.max_concurrent_creates == 3


def test_what_the_provider_does_not_have_fails_the_create_and_the_job(emulator: Emulator, cloud: str) -> None:
    order = {"image": "ami-nothing"}
    text = (
        "Machine creation failed: EC2, got exception InvalidAMIID.NotFound: The image id '[ami-nothing]' does not exist"
    )
    assert create(emulator, cloud, **order) == text
    job = create(emulator, cloud, **order, **{"async": True})["job_id"]
    emulator.clock.advance(5)
    story = asked(emulator, "GET", f"/api/v1/jobs/{job}").body
    assert story["error"] == text
    assert story["finished_at"] > 0


def test_an_image_that_a_search_found_can_be_created_from(emulator: Emulator, cloud: str) -> None:
    [found] = asked(emulator, "POST", f"/api/v1/clouds/{cloud}/images", {"search_term": "gentoo"}).body
    again = asked(emulator, "POST", f"/api/v1/clouds/{cloud}/images", {"search_term": "gentoo"}).body
    assert [each["id"] for each in again] == [found["id"]]
    assert found["id"] not in [each["id"] for each in listed(emulator, cloud, "images")]
    assert create(emulator, cloud, image=found["id"])["extra"]["image_id"] == found["external_id"]


def test_a_provider_that_fails_says_so_for_its_cloud_alone(emulator: Emulator, cloud: str) -> None:
    machine, other = make(emulator, cloud), add_cloud(emulator, ENGINE)
    fault = emulator.fail("provider_error", backend=cloud, body="not today")
    assert asked(emulator, "GET", f"/api/v1/clouds/{cloud}/machines").body == "Cloud unavailable: not today"
    assert create(emulator, cloud) == "Machine creation failed: EC2, got exception not today"
    assert act(emulator, machine, "stop").body == "Internal Server Error: not today"
    assert asked(emulator, "GET", f"/api/v1/clouds/{other}/machines").status == 200
    assert len(asked(emulator, "GET", "/api/v1/machines").body) == 2
    assert fault.struck == 3


def test_revoked_credentials_are_a_401_of_the_listing(emulator: Emulator, cloud: str) -> None:
    emulator.fail("provider_revoked", provider="ec2")
    assert asked(emulator, "GET", f"/api/v1/clouds/{cloud}/machines").status == 401
    assert asked(emulator, "GET", "/api/v1/clouds").status == 200


def test_a_fault_of_a_cloud_strikes_its_machines_too(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    emulator.fail("answer", status=502, backend=cloud)
    assert act(emulator, machine, "stop").status == 502
    assert asked(emulator, "GET", "/api/v1/keys").status == 200


@pytest.mark.parametrize(("after_work", "machines"), [(False, 0), (True, 1)])
def test_a_cut_create_has_happened_or_not(emulator: Emulator, cloud: str, after_work: bool, machines: int) -> None:
    emulator.fail("cut", path="/api/v1/clouds/*/machines", method="POST", after_work=after_work, times=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        create(emulator, cloud)
    assert len(listed(emulator, cloud)) == machines


def test_keys_of_one_account_show_the_same_machines(emulator: Emulator) -> None:
    accounts = (Ec2Account("old", "one", account="mine"), Ec2Account("new", "two", account="mine"))
    with running(Settings(generation="clouds", accounts=accounts, any_image_and_size=True)) as emulator:
        emulator.world.add_key("demo")
        cloud = add_cloud(emulator, apikey="old", apisecret="one")
        create(emulator, cloud)
        reply = asked(emulator, "PATCH", f"/api/v1/clouds/{cloud}", {"apikey": "new", "apisecret": "two"})
        assert reply.body == "OK"
        assert [each["name"] for each in listed(emulator, cloud)] == ["web"]


def test_a_refused_edit_leaves_the_credentials(emulator: Emulator, cloud: str) -> None:
    assert asked(emulator, "PATCH", f"/api/v1/clouds/{cloud}", {"apisecret": "wrong"}).status == 401
    assert asked(emulator, "GET", f"/api/v1/clouds/{cloud}/machines").status == 200


def test_a_host_of_ones_own_is_reached_with_its_key(emulator: Emulator) -> None:
    emulator.world.add_key("stranger")
    cloud = add_cloud(emulator, {"name": "metal", "provider": "other", "machines": []})
    path = f"/api/v1/clouds/{cloud}/machines"
    host = {"machine_hostname": "192.0.2.11", "machine_port": 2222, "machine_user": "root", "machine_name": "db"}
    host["operating_system"] = "unix"
    keys = emulator.world.keys
    assert asked(emulator, "PUT", path, {**host, "machine_key": keys["stranger"].id}).status == 500
    assert asked(emulator, "PUT", path, {**host, "machine_key": keys["demo"].id}).status == 200
    [machine] = listed(emulator, cloud)
    assert (machine["name"], machine["state"], machine["ssh_port"]) == ("db", "running", 2222)
    assert asked(emulator, "POST", f"/api/v1/machines/{machine['id']}/probe", {}).body["ssh"]["cores"] == 2


def test_a_key_put_on_a_machine_opens_it_until_it_is_taken_off(emulator: Emulator, cloud: str) -> None:
    machine, key = make(emulator, cloud), emulator.world.add_key("second")
    path = f"/api/v1/machines/{machine}/keys/{key.id}"
    assert asked(emulator, "PUT", path, {}).status == 200
    probe = {"key": key.id}
    assert asked(emulator, "POST", f"/api/v1/machines/{machine}/probe", probe).status == 200
    assert asked(emulator, "DELETE", path).status == 200
    assert asked(emulator, "POST", f"/api/v1/machines/{machine}/probe", probe).status == 503


def test_a_renamed_key_keeps_its_place_in_the_vault(emulator: Emulator) -> None:
    material = emulator.world.keys["demo"].private
    key = asked(emulator, "PUT", "/api/v1/keys", {"name": "old", "priv": material}).body["id"]
    asked(emulator, "PUT", f"/api/v1/keys/{key}", {"new_name": "new"})
    again = {"name": "old", "priv": material}
    assert asked(emulator, "PUT", "/api/v1/keys", again).status == 409
    asked(emulator, "DELETE", f"/api/v1/keys/{key}", {"delete_from_vault": True})
    assert asked(emulator, "PUT", "/api/v1/keys", again).status == 200


def test_the_first_points_come_after_a_while(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    path = f"/api/v1/machines/{machine}"
    asked(emulator, "POST", f"{path}/monitoring", {"action": "enable"})
    assert asked(emulator, "GET", f"{path}/stats?request_id=r").body == {"request_id": "r"}
    status = listed(emulator, cloud)[0]["monitoring"]["installation_status"]
    assert (status["state"], status["error_msg"]) == ("installing", "")
    emulator.clock.advance(10)
    assert len(asked(emulator, "GET", f"{path}/stats?start=60s").body["system.load1"]["datapoints"]) == 7
    assert listed(emulator, cloud)[0]["monitoring"]["installation_status"]["state"] == "succeeded"


def test_a_data_store_that_is_down_is_an_outage_of_the_numbers_alone(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    asked(emulator, "POST", f"/api/v1/machines/{machine}/monitoring", {"action": "enable", "no_ssh": True})
    emulator.fail("core_down")
    assert asked(emulator, "GET", f"/api/v1/machines/{machine}/stats").status == 503
    assert asked(emulator, "GET", "/api/v1/monitoring").status == 200


def test_a_plugin_is_deployed_where_ssh_works(emulator: Emulator, cloud: str) -> None:
    machine = make(emulator, cloud)
    path = f"/api/v1/machines/{machine}"
    asked(emulator, "POST", f"{path}/monitoring", {"action": "enable", "no_ssh": True})
    script = {"plugin_type": "python", "read_function": "#!/bin/sh\necho mine value=1\n", "unit": "x"}
    metric = asked(emulator, "POST", f"{path}/plugins/mine", script).body["metrics"][0]
    emulator.clock.advance(10)
    assert asked(emulator, "GET", f"{path}/stats").body[metric]["unit"] == "x"


def test_a_plugin_cannot_be_undeployed_nor_deployed_twice_until_script_and_metric_are_gone(
    emulator: Emulator, cloud: str
) -> None:
    """As recorded in ec2p-*."""
    path = f"/api/v1/machines/{make(emulator, cloud)}"
    asked(emulator, "POST", f"{path}/monitoring", {"action": "enable", "no_ssh": True})
    script = {"plugin_type": "python", "read_function": "#!/bin/sh\necho mine value=1,other=2\n"}
    assert asked(emulator, "POST", f"{path}/plugins/my-mine", script).status == 400
    assert asked(emulator, "POST", f"{path}/plugins/mine", script).body["metrics"] == ["mine.value", "mine.other"]
    assert asked(emulator, "POST", f"{path}/plugins/mine", script).body == "Script name exists"
    assert asked(emulator, "DELETE", f"{path}/plugins/mine", {"plugin_type": "python"}).status == 500
    for metric in ("mine.value", "mine.other"):
        assert asked(emulator, "DELETE", f"{path}/metrics", {"metric_id": metric}).status == 200
    [kept] = asked(emulator, "GET", "/api/v1/scripts").body
    assert asked(emulator, "DELETE", f"/api/v1/scripts/{kept['id']}").body == "OK"
    assert asked(emulator, "POST", f"{path}/plugins/mine", script).status == 200


def test_a_plugin_that_fails_leaves_its_script_behind(emulator: Emulator, cloud: str) -> None:
    """As recorded in plugin-deploy-failing and plugin-deploy-failing-again."""
    path = f"/api/v1/machines/{make(emulator, cloud)}"
    asked(emulator, "POST", f"{path}/monitoring", {"action": "enable", "no_ssh": True})
    script = {"plugin_type": "python", "read_function": "#!/bin/sh\necho oops >&2; exit 3\n"}
    assert asked(emulator, "POST", f"{path}/plugins/mine", script).body.endswith("Error: oops\n")
    assert asked(emulator, "POST", f"{path}/plugins/mine", script).status == 409


@pytest.mark.parametrize("date", ["tomorrow", "2099-01-01T00:00:00Z", "2020-01-01 00:00:00"])
def test_a_date_that_is_refused_loses_the_old_expiration(emulator: Emulator, cloud: str, date: str) -> None:
    """As recorded in expiration-bad-date-then, expiration-iso-date-then and expiration-past-date-then."""
    path = f"/api/v1/machines/{make(emulator, cloud)}"
    asked(emulator, "PUT", path, {"expiration": {"date": "2099-01-01 00:00:00"}})
    assert listed(emulator, cloud)[0]["expiration"]["action"] == "stop"
    assert asked(emulator, "PUT", path, {"expiration": {"action": "stop"}}).status == 500
    assert asked(emulator, "PUT", path, {"expiration": {}}).status == 200
    assert listed(emulator, cloud)[0]["expiration"]["date"] == "2099-01-01T00:00:00"
    assert asked(emulator, "PUT", path, {"expiration": {"date": date}}).status == 400
    assert listed(emulator, cloud)[0]["expiration"] is None


def test_port_0_and_a_wrong_port_leave_dead_records(emulator: Emulator, cloud: str) -> None:
    """As recorded in assoc-port-zero-then and assoc-port-wrong-then."""
    machine, key = make(emulator, cloud), emulator.world.default_key()
    assert key
    for port, status in ((0, 500), (2299, 503)):
        body = {"user": "root", "port": port}
        assert asked(emulator, "PUT", f"/api/v1/machines/{machine}/keys/{key.id}", body).status == status
    assert [each.port for each in key.associations] == [22, 0, 2299]


def test_monitoring_asked_for_with_a_create_is_on_once_the_job_is_over(emulator: Emulator, cloud: str) -> None:
    emulator.settings.change(job_look_seconds=0)
    create(emulator, cloud, monitoring=True, key=emulator.world.keys["demo"].id, **{"async": True})
    emulator.clock.advance(10)
    assert listed(emulator, cloud)[0]["monitoring"] == ""
    emulator.clock.advance(60)
    assert listed(emulator, cloud)[0]["monitoring"]["hasmonitoring"] is True


def test_two_runs_make_the_same_ids() -> None:
    def ids() -> list[str]:
        with running(generation="clouds") as emulator:
            emulator.world.add_key("demo")
            cloud = add_cloud(emulator)
            return [cloud, emulator.token, *(create(emulator, cloud)["job_id"] for _each in range(3))]

    assert ids() == ids()


def test_a_filled_emulator_has_so_many_clouds_and_machines() -> None:
    with running(generation="clouds", backends=12, machines=50) as emulator:
        clouds = asked(emulator, "GET", "/api/v1/clouds").body
        machines = asked(emulator, "GET", "/api/v1/machines").body
        lives = [asked(emulator, "GET", f"/api/v1/clouds/{each['id']}/machines").status for each in clouds]
    hosts = [each for each in machines if each["machine_type"] == "container-host"]
    assert (len(clouds), len(machines) - len(hosts), len(hosts)) == (12, 600, 2)
    assert lives == [200] * 12
    assert {each["state"] for each in machines} == {"running", "stopped", "terminated", "pending", "unknown"}


def test_shuffled_lists_come_in_another_order_each_time() -> None:
    with running(generation="clouds", backends=8, shuffle=7) as emulator:
        first, second = ([each["name"] for each in asked(emulator, "GET", "/api/v1/clouds").body] for _each in range(2))
    assert sorted(first) == sorted(second)
    assert first != second


def test_a_browser_logs_in_with_its_csrf_token(emulator: Emulator) -> None:
    page = ask(emulator, "GET", "/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    csrf = page.body.partition('CSRF_TOKEN = "')[2].partition('"')[0]
    assert ask(emulator, "POST", "/login", LOGIN, Cookie=cookie).status == 403
    reply = ask(emulator, "POST", "/login", LOGIN, Cookie=cookie, **{"Csrf-Token": csrf})
    cookie = reply.headers["Set-Cookie"].partition(";")[0]
    assert ask(emulator, "GET", "/api/v1/clouds", Cookie=cookie).status == 200
    assert ask(emulator, "POST", "/api/v1/keys", {}, Cookie=cookie).status == 403
    csrf = reply.body["csrf_token"]
    assert ask(emulator, "POST", "/api/v1/keys", {}, Cookie=cookie, **{"Csrf-Token": csrf}).status == 200
