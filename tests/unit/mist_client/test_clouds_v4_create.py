# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine is made by a job of the server of 2016 or later: what it is asked for, and how long it is waited for."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import (
    InvalidValue,
    NotFound,
    NotMist,
    RequestFailed,
    WaitedTooLong,
    waiting,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import machines

EC2 = {
    "title": "EC2",
    "provider": "ec2",
    "region": "us-east-1",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
DOCKER = {"title": "Docker", "provider": "docker", "api_url": "http://docker.test"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def api(clouds_client):
    return clouds_client.api


@pytest.fixture
def ec2(clouds, api, private_key):
    api.keys.add("demo", private_key)
    return api.backends.add(EC2)["id"]


@pytest.fixture
def spec(clouds, api, ec2):
    made_of = {
        "name": "web",
        "image": api.catalogue.list_images(ec2)[0]["id"],
        "size": api.catalogue.list_sizes(ec2)[0]["id"],
        "location": api.catalogue.list_locations(ec2)[1]["id"],
        "key": "demo",
    }
    clouds.forget()
    return made_of


def lines(clouds):
    return [arrived.line for arrived in clouds.requests]


def jobs_asked(clouds):
    return [each for each in lines(clouds) if each.startswith("GET /api/v1/jobs/")]


def test_a_machine_is_made_in_the_background_and_returned_by_mists_id(clouds, api, ec2, spec, job_clock):
    made = api.machines.create(ec2, spec)
    assert made == api.machines.list(ec2)[0]
    assert made["external_id"].startswith("i-")
    assert len(made["id"]) == 32
    (create,) = clouds.writes
    (key,) = api.keys.list()
    assert create.line == f"POST /api/v1/clouds/{ec2}/machines"
    assert create.body == {**spec, "key": key["id"], "async": True}
    assert [each["key_id"] for each in made["ssh_keys"]] == [key["id"]]


def test_tags_networks_monitoring_and_parameters_are_passed_on(clouds, api, ec2, spec, job_clock):
    more = {"tags": {"env": "test"}, "networks": ["n"], "monitoring": False, "script": "#!/bin/sh\n"}
    api.machines.create(ec2, {**spec, **more, "parameters": {"subnet_id": "s"}, "image_extra": "", "disk": ""})
    (create,) = clouds.writes
    assert create.body == {**spec, **more, "key": create.body["key"], "subnet_id": "s", "async": True}


def test_a_container_has_no_size_and_needs_no_key(clouds, api, job_clock):
    docker = api.backends.add(DOCKER)["id"]
    image = api.catalogue.list_images(docker)[0]["id"]
    clouds.forget()
    made = api.machines.create(docker, {"name": "web", "image": image})
    assert made["machine_type"] == "container"
    assert clouds.writes[0].body == {"name": "web", "image": image, "size": "", "async": True}


def test_a_machine_of_the_same_name_is_not_taken_for_the_new_one(api, ec2, spec, job_clock):
    first, second = api.machines.create(ec2, spec), api.machines.create(ec2, spec)
    assert first["name"] == second["name"]
    assert first["id"] != second["id"]


def test_many_machines_of_one_create_are_never_asked_for(clouds, api, ec2, spec):
    for parameters in ({"quantity": 2}, {"async": False}):
        with pytest.raises(InvalidValue, match="To create many machines, set names"):
            api.machines.create(ec2, {**spec, "parameters": parameters})
    with pytest.raises(InvalidValue, match="parameters must not contain size"):
        api.machines.create(ec2, {**spec, "parameters": {"size": "x"}})
    with pytest.raises(InvalidValue, match="must not be blank"):
        api.machines.create(ec2, {**spec, "name": " "})
    assert clouds.requests == []


def test_a_key_that_does_not_exist_is_reported_before(clouds, api, ec2, spec):
    with pytest.raises(InvalidValue, match=rf"Key 'dmo' not found on {clouds.uri}\. Did you mean 'demo'"):
        api.machines.create(ec2, {**spec, "key": "dmo"})
    assert clouds.writes == []


# ---- how long it is waited for


def test_a_job_that_takes_its_time_is_waited_for_with_longer_and_longer_pauses(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(job_seconds=60)
    assert api.machines.create(ec2, spec)["name"] == "web"
    assert job_clock.slept[:4] == [1, 1.5, 2.25, 3.375]
    assert max(job_clock.slept) <= waiting.LONGEST_PAUSE
    assert 60 <= sum(job_clock.slept) < 90
    assert len(jobs_asked(clouds)) < 15


def test_the_machines_are_listed_meanwhile_so_that_the_job_does_not_sleep_for_150_s(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(job_seconds=1, job_look_seconds=10)
    assert api.machines.create(ec2, spec)["name"] == "web"
    assert sum(job_clock.slept) < 20


def test_a_listing_that_fails_meanwhile_does_not_end_the_wait(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(job_seconds=1, job_look_seconds=10)
    clouds.fail("answer", status=403, body="Forbidden", path="/api/v1/clouds/*/machines", method="GET", times=1)
    clouds.fail("cut", path="/api/v1/clouds/*/machines", method="GET", times=1)
    assert api.machines.create(ec2, spec)["name"] == "web"


def test_a_job_whose_last_steps_fail_has_made_its_machine(clouds, api, ec2, spec, job_clock):
    """As recorded in job-with-listing-at-12s; the log may tell of the last step before it tells of the machine."""
    error = "Couldn't connect to run post deploy steps."
    made = api.machines.create(ec2, spec)
    last = {"action": "post_deploy_finished", "error": error, "external_id": made["external_id"]}
    story = json.dumps({"logs": [last], "error": error, "finished_at": 1})
    clouds.fail("answer", status=200, body=story, headers=JSON, path="/api/v1/jobs/*")
    assert api.machines.create(ec2, {**spec, "name": "web2"})["id"] == made["id"]


def test_a_job_that_is_not_known_yet_is_waited_for(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(story_seconds=5)
    assert api.machines.create(ec2, spec)["name"] == "web"
    assert [each.status for each in clouds.requests if each.path.startswith("/api/v1/jobs/")][:3] == [404] * 3


def test_a_job_is_not_waited_for_until_it_is_over(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(post_deploy_seconds=3600)
    api.machines.create(ec2, spec)
    assert job_clock.slept == []


def test_a_server_that_fails_for_a_while_does_not_end_the_wait(clouds, api, ec2, spec, job_clock):
    clouds.fail("answer", status=503, path="/api/v1/jobs/*", times=2)
    clouds.fail("cut", path="/api/v1/jobs/*", times=1)
    clouds.fail("answer", status=503, path="/api/v1/clouds/*/machines", method="GET", times=1)
    assert api.machines.create(ec2, spec)["name"] == "web"


def test_a_login_that_ends_meanwhile_ends_the_wait(clouds, api, ec2, spec, job_clock):
    clouds.fail("answer", status=401, body="User not authenticated. Please log in", path="/api/v1/jobs/*")
    with pytest.raises(RequestFailed, match="A token may have expired"):
        api.machines.create(ec2, spec)


def too_long(api, backend_id, spec):
    with pytest.raises(WaitedTooLong) as late:
        api.machines.create(backend_id, spec)
    job_id = late.value.known["job_id"]
    assert len(job_id) == 32
    assert late.value.hint == (
        f"Before you run the task again, check the job in Mist's log or at {api.transport.uri}/api/v1/jobs/{job_id},"
        " and check the provider. A machine that Mist does not list yet would be created twice."
    )
    return late.value.message.replace(job_id, "JOB")


def test_a_job_that_never_ends_is_reported_with_what_to_do(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(job_seconds=100_000)
    assert (
        too_long(api, ec2, spec) == "The creation of machine 'web' was requested, but its job has not ended (job JOB)."
    )
    assert sum(job_clock.slept) == pytest.approx(machines.CREATE_SECONDS)


def test_a_job_that_the_server_does_not_know_is_reported(clouds, api, ec2, spec, job_clock):
    clouds.settings.change(story_seconds=100_000)
    assert (
        too_long(api, ec2, spec)
        == "The creation of machine 'web' was requested, but the server does not find its job (job JOB)."
    )
    assert sum(job_clock.slept) == pytest.approx(machines.UNKNOWN_JOB_SECONDS)


def test_the_last_failure_of_a_wait_is_in_its_error(clouds, api, ec2, spec, job_clock):
    clouds.fail("answer", status=503, body="Service unavailable", path="/api/v1/jobs/*")
    message = too_long(api, ec2, spec)
    assert message.startswith(
        "The creation of machine 'web' was requested, but the server does not find its job (job JOB)."
    )
    assert "The last request failed: GET " in message
    assert "answered 503: Service unavailable." in message


def test_a_web_page_of_a_proxy_does_not_end_the_wait(clouds, api, ec2, spec, job_clock):
    page = "<html><title>Back soon</title></html>"
    clouds.fail("answer", status=200, body=page, path="/api/v1/jobs/*", times=2)
    assert api.machines.create(ec2, spec)["name"] == "web"


def test_a_machine_that_is_made_and_never_listed_is_reported(clouds, api, ec2, spec, job_clock):
    clouds.fail(
        "answer", status=200, body="[]", headers={"Content-Type": "application/json"}, path="*/machines", method="GET"
    )
    assert too_long(api, ec2, spec).startswith("Machine 'web' (i-")


# ---- what goes wrong


def test_a_job_that_fails_tells_why(clouds, api, job_clock):
    docker = api.backends.add(DOCKER)["id"]
    image = api.catalogue.list_images(docker)[0]["id"]
    api.machines.create(docker, {"name": "web", "image": image})
    with pytest.raises(RequestFailed) as failure:
        api.machines.create(docker, {"name": "web", "image": image})  # the engine takes a name once
    assert failure.value.status == 500
    assert failure.value.text.startswith("Machine creation failed: Docker, got exception")
    assert str(failure.value).startswith(f"POST {clouds.uri}/api/v1/clouds/{docker}/machines, job ")


def test_an_error_of_a_job_that_begins_with_an_angle_bracket_is_shown_whole(clouds, api, ec2, spec, job_clock):
    said = "<Fault InvalidParameterValue: 'the <size> t9.big'> at <Endpoint us-east-1>"
    finished = {"action": "machine_creation_finished", "error": said, "external_id": ""}
    story = json.dumps({"logs": [finished], "error": said, "finished_at": 1})
    clouds.fail("answer", status=200, body=story, headers=JSON, path="/api/v1/jobs/*")
    with pytest.raises(RequestFailed) as failure:
        api.machines.create(ec2, spec)
    assert failure.value.message.endswith(f" answered 500: {said}.")


def test_a_provider_that_fails_fails_the_job(clouds, api, ec2, spec, job_clock):
    clouds.fail("provider_error", provider="ec2")
    with pytest.raises(RequestFailed, match="answered 500: Machine creation failed: EC2, got exception"):
        api.machines.create(ec2, spec)


def test_a_backend_that_is_gone_is_not_found(clouds, api, ec2, spec):
    with pytest.raises(NotFound, match="Cloud does not exist"):
        api.machines.create("0" * 32, spec)


@pytest.mark.parametrize("body", ["[]", "{}", '{"job_id": null}', "null", '"OK"'])
def test_an_answer_without_a_job_is_reported(clouds, api, ec2, spec, body):
    clouds.fail("answer", status=200, body=body, headers={"Content-Type": "application/json"}, path="*/machines")
    with pytest.raises(NotMist, match=r"answered with unexpected JSON: expected a job in the format of Mist 4\.7"):
        api.machines.create(ec2, spec)


# ---- the clock itself


def test_the_real_clock_goes_on_and_sleeps():
    before = waiting.CLOCK.now()
    waiting.CLOCK.sleep(0.001)
    assert waiting.CLOCK.now() > before
