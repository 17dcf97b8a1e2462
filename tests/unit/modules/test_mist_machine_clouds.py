# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_machine at a server of the clouds generation, as the author of a playbook sees it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import AWS as EC2
from ansible_collections.mistio.cloud.tests.unit.conftest import DOCK as DOCKER
from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]

IMAGE = "amzn-ami-hvm-2017.09.1.20171103-x86_64-gp2"
SPEC = {"image": IMAGE, "size": "t2.micro", "location": "us-east-1a", "key": "deploy"}
DIGITALOCEAN = {"title": "ocean", "provider": "digitalocean", "api_secret": "digitalocean-token-for-tests-0123456789"}
METAL = {"title": "metal", "provider": "bare_metal", "machine_ip": "192.0.2.10"}
NEW_YEAR = {"date": "2099-01-01 00:00:00", "action": "stop", "notify": 3600}
#: what comes and goes with a machine's state
CHANGING = ("actions", "public_ips", "private_ips", "dns_name", "extra", "cost")
CREATE = "/api/v1/clouds/*/machines"


@pytest.fixture
def deploy(api):
    """A key of that name; the default one."""
    return api.keys.add("deploy", api.keys.generate())


@pytest.fixture
def aws(api, deploy):
    return api.backends.add(EC2)


@pytest.fixture
def at(run, aws):
    """at(option=value ...): the module, at an EC2 backend."""

    def run_there(*, check_mode=False, **options):
        return run("mist_machine", check_mode=check_mode, **{"backend": aws["id"], **options})

    return run_there


@pytest.fixture
def four(scenario, aws):
    def four_times(**options):
        return scenario("mist_machine", CHANGING, **{"backend": aws["id"], **options})

    return four_times


@pytest.fixture
def web1(at, mist):
    """A machine that runs, as the module tells it."""
    made = at(name="web1", **SPEC)["machine"]
    mist.forget()
    return made


@pytest.fixture
def refused(at, mist):
    """refused(option=value ...): what the task says that fails, in check mode as for real, and changes nothing."""

    def refuse(run=at, **options):
        mist.forget()
        predicted, result = run(check_mode=True, **options), run(**options)
        assert (result["failed"], result["changed"], mist.writes) == (True, False, [])
        assert predicted["msg"].partition(" In check mode, ")[0] == result["msg"]
        return result["msg"]

    return refuse


def asked(mist):
    """The requests without ids: ``GET clouds machines``, ``POST machines stop``."""
    return [describe(arrived) for arrived in mist.requests]


def describe(arrived):
    parts = [part for part in arrived.path.strip("/").split("/") if part not in ("api", "v1")]
    action = [arrived.body["action"]] if isinstance(arrived.body, dict) and "action" in arrived.body else []
    return " ".join([arrived.method, *parts[::2], *action])


def names(mist):
    machines = [each for account in mist.world.machines.values() for each in account.values()]
    return sorted(each.name for each in machines if each.state(mist.clock.now()) != "terminated")


JSON = {"Content-Type": "application/json"}


# ---- creating


def test_a_machine_is_created_once_and_runs(four, mist):
    result = four(name="web1", **SPEC, tags={"env": "test"})
    assert result["actions"] == ["create machine 'web1'"]
    machine = result["machine"]
    assert (machine["state"], machine["size"], machine["tags"]) == ("running", "t2.micro - t2.micro", {"env": "test"})
    assert machine["public_ips"]
    assert names(mist) == ["web1"]


def test_unchanged_costs_one_request_by_id_and_two_by_title(at, mist, web1):
    by_id = {**SPEC, "image": "ami-760aaa0f"}
    assert at(name="web1", **by_id, mist_generation="clouds")["changed"] is False
    assert asked(mist) == ["GET clouds machines"]
    mist.forget()
    assert at(name="web1", **by_id)["changed"] is False
    assert asked(mist) == ["GET clouds", "GET clouds machines"]
    mist.forget()
    assert at(backend="aws", name="web1", **by_id)["changed"] is False
    assert asked(mist) == ["GET clouds", "GET clouds machines"]


def test_only_the_name_of_an_image_is_looked_up_for_a_machine_that_is_there(at, mist, web1):
    assert at(name="web1", **SPEC, mist_generation="clouds").get("warnings") is None
    assert asked(mist) == ["GET clouds machines", "GET clouds images"]


def test_another_size_image_location_or_key_is_a_warning_and_no_change(at, run, api, mist, web1):
    other = api.keys.add("other", api.keys.generate())
    images = run("mist_image_info", backend="aws")["images"]
    ubuntu = next(image for image in images if "ubuntu" in image["name"])
    mist.forget()
    wanted = {"image": ubuntu["name"], "size": "t2.small", "location": "us-east-1b", "key": "other"}
    for check_mode in (True, False):
        result = at(name="web1", **wanted, check_mode=check_mode)
        assert (result.get("msg"), result["changed"], mist.writes) == (None, False, [])
        image, size, location, key = result["warnings"]
        assert image.startswith(f"Machine 'web1' has image '{IMAGE}' ({web1['image']}), not '{ubuntu['name']}' (")
        assert size.startswith("Machine 'web1' has size 't2.micro - t2.micro' (")
        assert size.endswith("Set resize=true to change it, if the provider supports that.")
        assert location.startswith("Machine 'web1' has location 'us-east-1a' (")
        assert location.endswith("This cannot be changed: destroy the machine and create it again.")
        assert key.startswith("Machine 'web1' has key 'deploy' (")
        assert f"not 'other' ({other['id']}). Use mist_key_association to add a key to a machine." in key


def test_after_a_resize_the_size_is_no_difference(at, web1):
    assert at(name="web1", state="stopped", size="t2.small", resize=True).get("warnings") is None


def test_a_word_that_names_nothing_is_a_warning_also_where_nothing_is_created(at, mist, web1):
    result = at(name="web1", image="nope", size="t2.micr", networks=["nosuch"])
    assert (result.get("msg"), result["changed"], mist.writes) == (None, False, [])
    image, size, networks = result["warnings"]
    assert "Image 'nope' not found on" in image
    assert "Did you mean 't2.micro - t2.micro' (" in size
    assert "Existing machines were not compared with networks 'nosuch': Network 'nosuch' not found on" in networks


def test_a_network_is_compared_with_the_one_that_a_machine_tells(at, run, web1):
    (network,) = run("mist_network_info", backend="aws")["networks"]
    for word in (network["id"], network["name"]):
        assert at(name="web1", networks=[word]).get("warnings") is None


def test_a_container_is_compared_by_its_image(api, run, mist):
    api.backends.add(DOCKER)
    build1 = {"backend": "dock", "name": "build1"}
    run("mist_machine", **build1, image="nginx:latest")
    assert run("mist_machine", **build1, image="nginx:latest").get("warnings") is None
    (warning,) = run("mist_machine", **build1, image="debian:bookworm")["warnings"]
    assert warning.startswith("Machine 'build1' has image 'nginx:latest' (")


def test_a_machine_that_is_missing_is_created_and_stopped(four, mist):
    result = four(name="web1", state="stopped", **SPEC)
    assert result["actions"] == ["create machine 'web1'", "stop machine 'web1'"]
    assert result["machine"]["state"] == "stopped"
    result = four(names=["web1", "web2"], state="stopped", wait=False, **SPEC)
    assert [machine["state"] for machine in result["machines"]] == ["stopped", "stopped"]
    assert names(mist) == ["web1", "web2"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_no_names_are_no_change_and_nothing_is_asked(run, mist, check_mode):
    result = run("mist_machine", check_mode, backend="nosuch", names=[], **SPEC, tags={"env": "test"})
    assert (result.get("msg"), result["changed"], result["machines"], mist.requests) == (None, False, [], [])


def test_a_create_is_a_job_that_gets_mists_own_ids(at, run, mist, deploy):
    (network,) = run("mist_network_info", backend="aws")["networks"]
    mist.forget()
    at(name="web1", **SPEC, networks=[network["name"]], cloud_init="#!", volumes=[{"size": 1}], wait=False)
    (create,) = mist.writes
    ids = {create.body[field] for field in ("image", "size", "location", "key")} | set(create.body["networks"])
    assert all(len(id_) == 32 for id_ in ids)
    assert create.body["key"] == deploy["id"]
    assert {"async": True, "cloud_init": "#!", "volumes": [{"size": 1}]}.items() <= create.body.items()
    assert "quantity" not in create.body


def test_the_price_of_the_size_is_predicted(four):
    result = four(name="web1", **SPEC)
    assert result["diff"]["after"]["price"] == "0.0116"
    assert result["diff"]["after"]["cost"] == result["machine"]["cost"] == {"hourly": 0.0116, "monthly": 0.0116 * 720}


@pytest.mark.parametrize("image", [IMAGE, "ami-760aaa0f"])
@pytest.mark.parametrize("size", ["t2.micro", "t2.micro - t2.micro"])
def test_the_providers_ids_will_do(at, image, size):
    result = at(name="web1", **{**SPEC, "image": image, "size": size})
    assert (result["machine"]["size"], result["machine"]["extra"]["image_id"]) == (
        "t2.micro - t2.micro",
        "ami-760aaa0f",
    )


def test_an_image_that_is_not_listed_is_searched_by_its_id(at, run, aws):
    (found,) = run("mist_image_info", backend=aws["id"], search="gentoo")["images"][:1]
    result = at(name="web1", **{**SPEC, "image": found["external_id"]})
    assert result["machine"]["extra"]["image_id"] == found["external_id"]


def test_a_search_by_a_part_of_a_name_takes_nobodys_image(refused):
    assert "Image 'gentoo' not found on backend" in refused(name="web1", **{**SPEC, "image": "gentoo"})


def test_where_there_are_no_sizes_none_is_needed(api, scenario):
    api.backends.add(DOCKER)
    there = {"backend": "dock", "name": "build1", "image": "nginx:latest"}
    result = scenario("mist_machine", **there, parameters={"docker_command": "sleep 9"})
    assert (result["machine"]["machine_type"], result["machine"]["size"]) == ("container", None)


def test_a_size_in_numbers_is_sent_as_it_is(at, mist):
    mist.fail("answer", status=400, body="Bad Request: not here", path=CREATE, method="POST")
    mist.forget()
    at(name="web1", image=IMAGE, location="us-east-1a", custom_size={"cpu": 1, "ram": 512})
    (create,) = mist.writes
    assert create.body["size"] == {"cpu": 1, "ram": 512}
    assert "custom_size" not in create.body


def test_many_machines_are_created_each_by_a_job_of_its_own(four, mist):
    result = four(names=["c", "a", "b"], **SPEC, tags={"env": "test"})
    assert [machine["name"] for machine in result["machines"]] == ["c", "a", "b"]
    assert result["diff"]["after"]["a"]["price"] == "0.0116"
    assert names(mist) == ["a", "b", "c"]


def test_a_machine_is_created_with_an_expiration(four):
    result = four(name="web1", **SPEC, expiration=NEW_YEAR)
    assert result["actions"] == [
        "create machine 'web1'",
        "set the expiration of machine 'web1': stop at 2099-01-01 00:00:00",
    ]
    assert result["machine"]["expiration"] == NEW_YEAR


def test_when_only_the_expiration_fails_the_machine_is_reported(at, mist):
    mist.fail("answer", status=400, body="Bad Request: no", method="PUT", path="/api/v1/machines/*")
    result = at(name="web1", **SPEC, expiration=NEW_YEAR)
    assert (result["failed"], result["changed"], result["actions"]) == (True, True, ["create machine 'web1'"])
    assert result["machine"]["name"] == "web1"
    assert "Done before this error: create machine 'web1'." in result["msg"]
    assert at(name="web1", **SPEC)["changed"] is False


# ---- jobs, and lost answers


def test_a_job_that_fails_is_reported_in_the_providers_words_and_leaves_nothing(at, mist):
    mist.fail("provider_error", provider="ec2", method="POST", path=CREATE)
    result = at(name="web1", **SPEC)
    assert (result["failed"], result["changed"], result["machine"]) == (True, False, None)
    assert "Machine creation failed" in result["msg"]
    assert names(mist) == []


def test_a_job_that_never_ends_is_not_waited_for_for_ever(at, mist):
    mist.settings.change(create_seconds=10**6)
    result = at(name="web1", **SPEC)
    assert result["failed"] is True
    assert "its job has not ended" in result["msg"]
    assert result["job_id"]


def test_a_job_that_is_not_there_is_reported(at, mist):
    mist.settings.change(story_seconds=10**6)
    assert "the server does not find its job" in at(name="web1", **SPEC)["msg"]


PAGE = {"status": 200, "body": "<html>one moment</html>", "headers": {"Content-Type": "text/html"}}


@pytest.mark.parametrize("fault", [{"kind": "cut"}, {"kind": "answer", "status": 504}, {"kind": "answer", **PAGE}])
def test_after_a_lost_answer_it_looks_by_name_before_anything_else(at, mist, fault):
    mist.fail(**fault, method="POST", path=CREATE, after_work=True, times=1)
    result = at(name="web1", **SPEC)
    assert (result.get("failed"), result["changed"], result["machine"]["name"]) == (None, True, "web1")
    assert names(mist) == ["web1"]


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_of_a_proxy_does_not_end_the_wait_for_a_job(at, mist, status):
    mist.fail("answer", path="/api/v1/jobs/*", times=3, **{**PAGE, "status": status})
    result = at(name="web1", **SPEC)
    assert (result.get("msg"), result["changed"]) == (None, True)
    assert names(mist) == ["web1"]


def test_a_machine_that_was_made_but_does_not_run_is_reported_with_the_reason(at, mist, aws, web1):
    """As recorded of docker: a container that cannot be started is there (create-docker-stuck)."""
    reason = "Machine creation failed: EC2, got exception cannot start"
    stuck = json.dumps([{"id": "a" * 32, "cloud": aws["id"], "name": "web2", "state": "stopped"}])
    listing = {"path": CREATE, "method": "GET", "status": 200, "headers": {"Content-Type": "application/json"}}
    mist.fail("answer", **listing, body="[]", times=1)
    mist.fail("answer", **listing, body=stuck)
    mist.fail("answer", method="POST", path=CREATE, status=500, body=reason)
    result = at(name="web2", **SPEC)
    assert reason in result["msg"]
    assert f"The machine was created nevertheless: 'web2' ({'a' * 32}) is in state stopped." in result["msg"]


def test_a_backend_that_mist_is_listing_already_is_asked_again(at, mist, web1):
    """As the server answers when another listing goes on for a minute (R)."""
    busy = {"status": 423, "body": "Locked: Periodic task lock taken", "path": CREATE, "method": "GET"}
    mist.fail("answer", **busy, times=1)
    result = at(name="web1", state="stopped", mist_generation="clouds")
    assert (result.get("msg"), result["machine"]["state"]) == (None, "stopped")
    mist.fail("answer", **busy)
    assert "Mist is already listing this backend" in at(name="web1", retries=0, mist_generation="clouds")["msg"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_that_ends_while_a_job_is_waited_for_leaves_word_of_the_job(at, mist, status):
    mist.fail("answer", method="GET", path="/api/v1/jobs/*", status=status, body="User not authenticated.")
    result = at(name="web1", **SPEC)
    assert f"answered {status}: User not authenticated." in result["msg"]
    assert "The request to create machine 'web1' was accepted before that, so the machine may exist" in result["msg"]


def test_many_are_created_exactly_once_whatever_goes_wrong(at, mist):
    mist.fail("cut", method="POST", path=CREATE, after_work=True, every=5)
    mist.fail("answer", method="POST", path=CREATE, status=504, after_work=True, every=7)
    mist.fail("answer", method="GET", path="/api/v1/jobs/*", status=500, every=3)
    wanted = [f"web{number:02}" for number in range(20)]
    result = at(names=wanted, **SPEC, workers=5)
    assert (result.get("msg"), result["changed"], len(result["machines"])) == (None, True, 20)
    assert names(mist) == wanted
    assert at(names=wanted, **SPEC)["changed"] is False


# ---- states


def test_a_machine_is_stopped_started_rebooted_and_destroyed(four, at, mist, web1):
    for state, action, then in (
        ("stopped", "stop", "stopped"),
        ("started", "start", "running"),
        ("absent", "destroy", None),
    ):
        result = four(name="web1", state=state)
        assert result["actions"] == [f"{action} machine 'web1'"]
        assert (result["machine"] or {}).get("state") == then
        if state == "started":
            assert at(name="web1", state="restarted")["actions"] == ["reboot machine 'web1'"]
    assert names(mist) == []


def test_between_two_actions_the_backend_is_listed_for_flags_are_stale(at, mist, web1):
    result = at(name="web1", state="stopped", size="t2.small", resize=True)
    assert result.get("msg") is None
    acts = [line for line in asked(mist) if line.startswith("POST machines")]
    assert acts == ["POST machines stop", "POST machines resize", "POST machines stop"]
    assert all(after == "GET clouds machines" for line, after in zip(asked(mist), asked(mist)[1:]) if line in acts)


def test_a_resize_is_reported_although_the_stop_after_it_fails(at, mist, web1):
    at(name="web1", state="stopped")
    mist.fail("answer", method="POST", path="/api/v1/machines/*", status=403, body="Forbidden", every=2)
    result = at(name="web1", state="stopped", size="t2.small", resize=True)
    assert (result["failed"], result["changed"]) == (True, True)
    (resized,) = result["actions"]
    assert resized.startswith("resize machine 'web1' from ")
    mist.heal()
    assert at(name="web1", state="stopped", size="t2.small", resize=True)["actions"] == ["stop machine 'web1'"]


def test_a_terminated_machine_is_none(at, mist, web1):
    at(name="web1", state="absent")
    assert at(name="web1", state="absent")["changed"] is False
    assert at(id=web1["id"], state="absent")["changed"] is False
    assert f"Machine 'web1' ({web1['id']}) in backend" in at(id=web1["id"], state="started")["msg"]
    assert at(name="web1", **SPEC)["machine"]["id"] != web1["id"]


def test_a_machine_that_somebody_else_destroyed_meanwhile_is_gone(at, mist, web1):
    gone = {"status": 404, "body": f"Not Found: Machine {web1['id']} has been terminated"}
    mist.fail("answer", **gone, method="POST", path="/api/v1/machines/*", after_work=True)
    result = at(name="web1", state="absent")
    assert (result.get("msg"), result["changed"], result["machine"]) == (None, True, None)


def test_a_refusal_is_reported_also_when_the_look_after_it_fails(at, mist, web1):
    mist.fail("answer", status=500, body="one", method="POST", path="/api/v1/machines/*")
    mist.fail("answer", status=403, body="two", method="GET", path="/api/v1/clouds/*/machines", every=2)
    assert "answered 500: one" in at(name="web1", state="stopped")["msg"]


@pytest.mark.parametrize("state", ["absent", "stopped"])
def test_an_odd_machine_that_tells_nothing_of_itself_is_asked_all_the_same(at, mist, aws, web1, state):
    odd = json.dumps([{"id": web1["id"], "cloud": aws["id"], "name": "web1", "actions": None, "tags": None}])
    listed = {"Content-Type": "application/json"}
    mist.fail("answer", status=200, body=odd, headers=listed, method="GET", path="/api/v1/clouds/*/machines", times=1)
    assert at(name="web1", state=state).get("msg") is None


def test_a_host_of_ones_own_is_removed_and_not_destroyed(api, scenario, mist):
    backend = api.backends.add({**METAL, "validate": False})
    (host,) = api.machines.list(backend["id"])
    result = scenario("mist_machine", backend="metal", id=host["id"], state="absent")
    assert result["actions"] == [f"remove machine {host['id']!r}"]
    assert api.machines.list(backend["id"]) == []


def test_a_host_that_is_out_of_sight_is_present_and_not_waited_for(api, run, mist, clock):
    backend = api.backends.add({**METAL, "machine_ip": "192.0.2.99", "validate": False})
    (host,) = mist.world.machines[backend["id"]].values()
    host.status = "off"
    result = run("mist_machine", backend="metal", ip="192.0.2.99")
    assert (result.get("failed"), result["machine"]["state"], clock.slept) == (None, "unknown", [])


# ---- stopped containers


@pytest.fixture
def dock(api, aws):
    """A docker engine that was added without show_all."""
    off = {**DOCKER["credentials"], "show_all": False}
    return api.backends.add({**DOCKER, "credentials": off})


@pytest.fixture
def build1(run, dock, mist):
    run("mist_machine", backend="dock", name="build1", image="nginx:latest")
    mist.forget()


CURE = "run mist_backend with id={} and update_credentials=always."


@pytest.fixture
def stopped(mist, dock, build1):
    """build1, stopped behind Mist's back, by Mist's id."""
    cloud = mist.world.backends[dock["id"]]
    (container,) = mist.world.machines_of(cloud).values()
    container.status = "stopped"
    return mist.world.database.find_record(cloud, container.id).id


def test_a_container_is_stopped_and_started_again(api, aws, scenario, run):
    api.backends.add(DOCKER)
    run("mist_machine", backend="dock", name="build1", image="nginx:latest")
    there = {"backend": "dock", "name": "build1"}
    assert scenario("mist_machine", CHANGING, **there, state="stopped")["machine"]["state"] == "stopped"
    again = run("mist_machine", **there, image="nginx:latest")
    assert (again["changed"], again["machine"]["state"], again.get("warnings")) == (False, "stopped", None)
    assert scenario("mist_machine", CHANGING, **there, state="started")["machine"]["state"] == "running"


def test_a_container_that_would_not_be_listed_is_not_stopped(refused, run, mist, dock, build1):
    msg = refused(backend="dock", name="build1", state="stopped")
    assert "After a stop, the backend would no longer list 'build1' (" in msg
    assert "). The server lists only the running containers of the backend 'dock'" in msg
    assert CURE.format(dock["id"]) in msg
    run("mist_backend", id=dock["id"], update_credentials="always")
    assert run("mist_machine", backend="dock", name="build1", state="stopped")["changed"] is True


@pytest.mark.parametrize("state", ["started", "stopped", "restarted"])
def test_a_container_that_is_not_listed_may_be_stopped(refused, dock, stopped, state):
    msg = refused(backend="dock", id=stopped, state=state)
    assert "It may exist but be stopped. The server lists only the running containers" in msg
    assert CURE.format(dock["id"]) in msg


def test_a_container_that_may_exist_is_created_with_a_warning(run, dock, stopped):
    there = {"backend": "dock", "name": "build1", "image": "nginx:latest"}
    for check_mode in (True, False):
        result = run("mist_machine", **there, check_mode=check_mode)
        (warning,) = result["warnings"]
        assert "Machine 'build1' is not listed, but it may exist and be stopped. The server lists only" in warning
        assert CURE.format(dock["id"]) in warning
    assert "Conflict. The container name" in result["msg"]
    assert (
        "A container with this name exists. Mist lists stopped containers only if show_all of the backend is on."
        in (result["msg"])
    )


def test_a_container_that_is_absent_may_be_stopped(run, stopped):
    result = run("mist_machine", backend="dock", name="build1", state="absent")
    assert result["changed"] is False
    assert "Machine 'build1' is not listed, but it may exist and be stopped." in result["warnings"][0]


def test_a_machine_that_is_missing_elsewhere_is_not_warned_of(run, aws):
    assert "warnings" not in run("mist_machine", backend="aws", name="never", state="absent")


# ---- zones of EC2


ZONES = "location must be one of us-east-1a, us-east-1b,"


def test_ec2_needs_a_zone(refused):
    msg = refused(name="web1", image=IMAGE, size="t2.micro")
    assert "EC2 requires an availability zone, but location is not set. " + ZONES in msg
    msg = refused(name="web1", image=IMAGE, size="t2.micro", location="us-east-1")
    assert "but the location 'us-east-1' is a region. " + ZONES in msg


def test_without_a_list_of_zones_the_error_says_to_wait(refused, mist):
    mist.fail("answer", path="/api/v1/clouds/*/locations", status=200, body="[]", headers=JSON)
    assert "Mist has not listed the zones yet. Try again later." in refused(name="w", image=IMAGE, size="t2.micro")


def test_a_machine_that_is_there_needs_no_zone(at, web1):
    assert at(name="web1", image=IMAGE, size="t2.micro")["changed"] is False


# ---- renaming


def test_a_machine_is_renamed_once(four, mist, web1):
    result = four(name="web1", new_name="shop1")
    assert result["actions"] == ["rename machine 'web1' to 'shop1'"]
    assert (result["machine"]["id"], result["machine"]["name"]) == (web1["id"], "shop1")
    assert names(mist) == ["shop1"]


def test_what_is_not_there_is_created_by_its_new_name(at, mist):
    assert at(name="web1", new_name="shop1", **SPEC)["actions"] == ["create machine 'shop1'"]
    assert at(name="web1", new_name="shop1", **SPEC)["changed"] is False
    assert names(mist) == ["shop1"]


def test_a_name_that_is_taken_is_refused(at, refused, web1):
    other = at(name="shop1", **SPEC)["machine"]
    msg = refused(name="web1", new_name="shop1")
    assert "Another machine already has the name 'shop1' in backend" in msg
    assert f": 'shop1' ({other['id']})." in msg


def test_a_rename_whose_answer_was_lost_is_done(at, mist, web1):
    mist.fail("cut", method="POST", path="/api/v1/machines/*", after_work=True, times=1)
    result = at(name="web1", new_name="shop1")
    assert (result.get("failed"), result["machine"]["name"]) == (None, "shop1")


# ---- another size


def test_a_size_that_differs_never_resizes_by_itself(at, mist, web1):
    result = at(name="web1", **{**SPEC, "size": "t2.small"})
    assert (result["changed"], result["machine"]["size"]) == (False, "t2.micro - t2.micro")
    assert mist.writes == []


def test_a_stopped_machine_is_resized_once_and_started(at, four, web1):
    at(name="web1", state="stopped")
    result = four(name="web1", state="started", size="t2.small", resize=True)
    assert result["actions"][0].startswith(
        "resize machine 'web1' from 't2.micro - t2.micro' to 't2.small - t2.small' ("
    )
    assert result["actions"][1] == "start machine 'web1'"
    assert (result["machine"]["state"], result["machine"]["size"]) == ("running", "t2.small - t2.small")


def test_a_machine_that_is_to_be_stopped_is_resized_and_stays_so(four, web1):
    """EC2 starts what it has resized (recordings/4.7, action-resize and ec2-machines-tagged)."""
    result = four(name="web1", state="stopped", size="t2.small", resize=True)
    assert result["actions"][0] == "stop machine 'web1'"
    assert (result["machine"]["state"], result["machine"]["size"]) == ("stopped", "t2.small - t2.small")


@pytest.mark.parametrize("size", ["t2.micro", "t2.micro - t2.micro"])
def test_a_machine_of_that_size_is_not_resized(at, mist, web1, size):
    assert at(name="web1", size=size, resize=True)["changed"] is False
    assert mist.writes == []


def test_a_running_machine_that_must_be_stopped_to_be_resized_is_reported(at, web1):
    result = at(name="web1", size="t2.small", resize=True)
    assert (result["failed"], result["changed"]) == (True, False)
    assert (
        "has to be stopped in order to be resized. Set state=stopped to stop the machine before the resize."
        in result["msg"]
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"resize": True}, "size is required with resize=true."),
        ({"resize": True, "size": "t2.tiny"}, "Size 't2.tiny' not found on backend"),
        ({"new_name": ""}, "new_name is empty."),
        ({"tags": {"": "a"}}, "Invalid tag ''"),
        ({"tags": {"a": ["b"]}}, "Invalid tag 'a': it must have a name, and its value must be text, a number or null."),
        ({"expiration": {"date": "tomorrow"}}, "Invalid expiration.date 'tomorrow': it is not a date. Use"),
        (
            {"expiration": {"date": "2099-02-30 00:00:00"}},
            "Invalid expiration.date '2099-02-30 00:00:00': it is not a date",
        ),
        (
            {"expiration": {"date": "2020-01-01 00:00:00"}},
            "expiration.date 2020-01-01 00:00:00 is in the past",
        ),
        (
            {"expiration": {**NEW_YEAR, "notify": 10**10}},
            "The reminder would be in the past: expiration.notify is 10000000000 seconds",
        ),
        ({"expiration": {**NEW_YEAR, "notify": -1}}, "Invalid expiration.notify -1: it must be at least 0."),
        ({"expiration": {"action": "destroy"}}, "expiration has action but no date."),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(refused, web1, options, said):
    assert said in refused(name="web1", **options)


def test_a_container_cannot_be_resized(api, run, refused):
    api.backends.add(DOCKER)
    build1 = {"backend": "dock", "name": "build1"}
    run("mist_machine", **build1, image="nginx:latest")
    assert "Size 'big' not found" in refused(**build1, size="big", resize=True)


# ---- tags and expiration


def test_tags_are_set_changed_and_taken_off(four, at, web1):
    at(name="web1", tags={"env": "test", "team": "web", "old": ""})
    result = four(name="web1", tags={"env": "production", "old": None, "count": 3, "live": True})
    assert result["actions"] == ["tag machine 'web1' (set 'env', 'count' and 'live', remove 'old')"]
    assert result["machine"]["tags"] == {"env": "production", "team": "web", "count": "3", "live": "true"}


def test_only_the_named_tags_are_left_on_request(four, at, web1):
    at(name="web1", tags={"env": "test", "team": "web"})
    assert four(name="web1", tags={"env": "test"}, purge_tags=True)["machine"]["tags"] == {"env": "test"}
    assert four(name="web1", tags={}, purge_tags=True)["machine"]["tags"] == {}


def test_tags_that_are_not_named_are_left_alone(at, mist, web1):
    at(name="web1", tags={"env": "test"})
    mist.forget()
    assert at(name="web1", tags={})["changed"] is False
    assert at(name="web1", purge_tags=True)["changed"] is False
    assert mist.writes == []


def test_a_machine_is_made_to_expire_once(four, web1):
    result = four(name="web1", expiration=NEW_YEAR)
    assert result["machine"]["expiration"] == NEW_YEAR
    result = four(name="web1", expiration={**NEW_YEAR, "action": "destroy"})
    assert result["actions"] == ["set the expiration of machine 'web1': destroy at 2099-01-01 00:00:00"]


def test_a_machine_that_expires_is_stopped_by_default(four, web1):
    result = four(name="web1", expiration={"date": NEW_YEAR["date"]})
    assert result["machine"]["expiration"] == {**NEW_YEAR, "action": "stop", "notify": 0}


@pytest.mark.parametrize("empty", [{}, {"date": ""}, {"date": "", "action": "stop"}])
def test_an_expiration_is_taken_back_once(four, at, mist, web1, empty):
    at(name="web1", expiration=NEW_YEAR)
    result = four(name="web1", expiration=empty)
    assert result["actions"] == ["remove the expiration of machine 'web1'"]
    assert result["machine"]["expiration"] is None
    assert result["diff"]["before"]["expiration"] == NEW_YEAR


def test_taking_an_expiration_back_is_a_date_that_is_empty_to_the_server(at, mist, web1):
    at(name="web1", expiration=NEW_YEAR)
    mist.forget()
    at(name="web1", expiration={})
    assert [each.body for each in mist.writes] == [{"expiration": {"date": ""}}]


def test_a_new_machine_has_no_expiration_to_take_back(four):
    assert four(name="web2", **SPEC, expiration={})["actions"] == ["create machine 'web2'"]


@pytest.mark.parametrize(
    "date",
    ["2099-01-01T00:00:00", "2099-01-01T00:00:00Z", "2099-01-01T02:00:00+02:00", "2098-12-31 23:00-0100"],
)
def test_a_date_may_be_iso_8601(four, at, mist, web1, date):
    assert four(name="web1", expiration={**NEW_YEAR, "date": date})["machine"]["expiration"] == NEW_YEAR


# ---- bad input: a clear error, and nothing is changed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image_extra": "x"}, "create a machine with image_extra"),
        ({"disk": "10"}, "create a machine with disk"),
        ({"ips": ["192.0.2.1"]}, "create a machine with ips"),
    ],
)
def test_what_only_the_other_generation_has_is_refused(refused, web1, options, said):
    for name in ("web1", "web2"):
        msg = refused(name=name, **SPEC, **options)
        assert f"Servers of generation 'clouds' (2016 and later) cannot {said}." in msg
        assert "This requires a server of generation 'backends' (2014 and 2015)." in msg


@pytest.mark.parametrize("state", ["present", "absent", "stopped"])
def test_the_providers_id_of_a_machine_is_refused_with_the_id_of_mist(refused, mist, web1, state):
    msg = refused(id=web1["external_id"], state=state)
    assert f"{web1['external_id']!r}: it is the provider's id of machine 'web1'" in msg
    assert f"Use Mist's id: {web1['id']}." in msg
    assert names(mist) == ["web1"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image": "0" * 32}, f"Image '{'0' * 32}' not found on backend"),
        ({"size": "0" * 32}, f"Size '{'0' * 32}' not found on backend"),
        ({"location": "0" * 32}, f"Location '{'0' * 32}' not found on backend"),
        ({"key": "deplo"}, "Key 'deplo' not found on"),
        ({"size": "t2.smal"}, "Size 't2.smal' not found on backend"),
        ({"size": "T2.MICRO"}, "Did you mean 't2.micro - t2.micro' ("),
        ({"image": "amzn-ami"}, f"Did you mean '{IMAGE}' ("),
        ({"location": "us-east-1A"}, "Did you mean 'us-east-1a' ("),
        ({"networks": ["nosuch"]}, "Network 'nosuch' not found on backend"),
        ({"parameters": {"quantity": 2}}, "parameters must not contain quantity. To create many machines, set names."),
        ({"parameters": {"job_id": "0" * 32}}, "parameters must not contain job_id. Remove it. The server gives each"),
        ({"parameters": {"tags": {}}}, "parameters must not contain tags."),
        ({"backend": "0" * 32}, f"Backend '{'0' * 32}' not found on"),
        ({"name": "x" * 256}, "it must have 1 to 255 characters."),
    ],
)
def test_what_the_server_would_take_or_stumble_over_is_reported_before(refused, options, said):
    assert said in refused(**{"name": "web1", **SPEC, **options})


@pytest.mark.parametrize("name", ["my_web", "a", "büro", "-web"])
def test_a_name_that_the_provider_refuses_is_reported_with_its_rule(api, deploy, refused, name):
    api.backends.add(DIGITALOCEAN)
    there = {"backend": "ocean", "image": "6918990", "size": "512mb", "location": "nyc3"}
    msg = refused(name=name, **there)
    assert f"Invalid machine name {name!r} for provider digitalocean: " in msg
    assert "only ASCII letters, digits, dots and dashes are allowed, at least two" in msg


def test_the_2014_ids_of_digitalocean_still_name_what_they_named(api, deploy, run):
    api.backends.add(DIGITALOCEAN)
    there = {"backend": "ocean", "image": "6918990", "size": "512mb", "location": "nyc3"}
    result = run("mist_machine", name="web1", **there)
    assert (result.get("msg"), result["machine"]["state"]) == (None, "running")


def test_no_secret_is_shown(at):
    assert "password" not in json.dumps(at(name="web1", **SPEC)["machine"])


def test_a_machine_that_is_named_by_id_is_never_another_one_of_the_new_name(at, refused, web1):
    assert "Machine 'nosuch' not found on" in refused(id="nosuch", new_name="web1")


def test_a_new_name_that_the_provider_refuses_is_reported(refused, web1):
    assert "it must have 1 to 255 characters." in refused(name="web1", new_name="x" * 256)


def is_monitored_later(api, clock, backend_id, machine_id):
    """Whether the last steps of the machine's create have enabled it."""
    clock.sleep(300)
    [machine] = [each for each in api.machines.list(backend_id) if each["id"] == machine_id]
    return machine["monitored"]


@pytest.mark.parametrize("key", [{}, {"key": "deploy"}], ids=["default key", "key"])
def test_a_new_machine_is_monitored_with_the_default_key_too(at, api, clock, aws, key):
    """The server's own way to its default key ends in an error: recordings/4.7, job-no-listing-after-list-at-25s."""
    spec = {name: value for name, value in SPEC.items() if name != "key"}
    made = at(name="web1", monitoring=True, **spec, **key)["machine"]
    assert is_monitored_later(api, clock, aws["id"], made["id"])


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ({}, False),
        ({"monitoring": False}, False),
        ({"script": "#!/bin/sh\ntrue\n"}, True),
        ({"parameters": {"script_id": "0" * 32}}, True),
        ({"parameters": {"post_script_id": "0" * 32}}, True),
    ],
    ids=["nothing", "monitoring=false", "script", "script_id", "post_script_id"],
)
def test_a_create_names_the_default_key_where_something_runs_on_the_machine(at, mist, deploy, more, sent):
    spec = {name: value for name, value in SPEC.items() if name != "key"}
    mist.forget()
    at(name="web1", **spec, **more)
    [create] = mist.writes
    assert create.body.get("key") == (deploy["id"] if sent else None)


def test_a_container_gets_no_key_that_was_not_asked_for(api, run, mist, deploy):
    engine = api.backends.add(DOCKER)
    mist.forget()
    run("mist_machine", backend=engine["id"], name="c1", image="nginx:latest", monitoring=True)
    [create] = mist.writes
    assert "key" not in create.body
