# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every recorded answer of Mist 4.7 becomes canonical records: complete, ready for JSON, and without a secret."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import records
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations import parsing as answers
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import parsing, providers
from ansible_collections.mistio.cloud.tests.unit.recordings import read_exchanges, successes

EXCHANGES = read_exchanges("4.7")
BY_NAME = {exchange["name"]: exchange for exchange in EXCHANGES}

C = "/api/v1/clouds/[^/]+"
M = "/api/v1/machines/[^/]+"


def listed(shape):
    return lambda answer: answers.parse_list(answer, shape)


def by_id(shape):
    return lambda answer: list(answers.by_id(answer, shape).values())


# (what is asked, how its answer becomes records, what each record must hold)
SHAPES = {
    "providers": (
        "GET /api/v1/providers",
        lambda answer: parsing.providers(answer, providers.providers()),
        records.ProviderRecord,
    ),
    "backends": ("GET /api/v1/clouds", listed(parsing.backend), records.BackendRecord),
    "added backend": (
        "POST /api/v1/clouds",
        lambda answer: [parsing.added_backend(answer)[0]],
        records.BackendRecord,
    ),
    "keys": ("GET /api/v1/keys", listed(parsing.key), records.KeyRecord),
    "added key": ("PUT /api/v1/keys", lambda answer: [parsing.key(answer)], records.KeyRecord),
    "associations": (
        "GET /api/v1/keys",
        lambda answer: [each for key in answers.parse_list(answer, parsing.key) for each in key["machines"]],
        records.AssociationRecord,
    ),
    "machines": (f"GET {C}/machines", listed(parsing.machine), records.MachineRecord),
    "all machines": ("GET /api/v1/machines", listed(parsing.machine), records.MachineRecord),
    "keys on machines": (
        "GET /api/v1/machines",
        lambda answer: [each for item in answer for each in parsing.machine(item)["ssh_keys"]],
        records.MachineKeyRecord,
    ),
    "costs": (
        "GET /api/v1/machines",
        lambda answer: [parsing.machine(item)["cost"] for item in answer],
        records.CostRecord,
    ),
    "expirations": (
        f"GET {C}/machines",
        lambda answer: [each for item in answer for each in [parsing.machine(item)["expiration"]] if each],
        records.ExpirationRecord,
    ),
    "images": (f"(GET|POST) {C}/images", listed(parsing.image), records.ImageRecord),
    "sizes": (f"GET {C}/sizes", listed(parsing.size), records.SizeRecord),
    "locations": (f"GET {C}/locations", listed(parsing.location), records.LocationRecord),
    "networks": (f"GET {C}/networks", listed(parsing.network), records.NetworkRecord),
    "probe": (f"POST {M}/probe", lambda answer: [parsing.probe(answer)], records.ProbeRecord),
    "monitored": ("GET /api/v1/monitoring", parsing.monitored, records.MonitoredRecord),
    "metrics": ("GET /api/v1/metrics", by_id(parsing.metric), records.MetricRecord),
    "stats": (f"GET {M}/stats", by_id(parsing.series), records.SeriesRecord),
    "load of all": ("GET /api/v1/machines/stats/load", by_id(parsing.series), records.SeriesRecord),
}


def answers_of(what):
    asked, shape, _record = SHAPES[what]
    return [shape(exchange["response"]["body"]) for exchange in successes(EXCHANGES, asked)]


@pytest.mark.parametrize("what", SHAPES)
def test_every_recorded_answer_makes_records(what):
    record = SHAPES[what][2]
    found = answers_of(what)
    assert any(found), "nothing of this kind was recorded"
    for each in (each for answer in found for each in answer):
        assert each.keys() == record.__annotations__.keys()
        assert json.loads(json.dumps(each)) == each


def test_no_record_holds_a_secret():
    text = json.dumps([answers_of(what) for what in SHAPES])
    secrets = {"secretexample", "othersecret", "a11ce00002f"}  # the last one is the agent's password, in each command
    recordings = json.dumps(EXCHANGES)
    for secret in secrets:
        assert secret in recordings
        assert secret not in text
    assert '"password"' not in text
    assert "begin rsa" not in text.lower()


@pytest.mark.parametrize("what", SHAPES)
def test_an_absent_value_is_none_and_not_an_empty_text(what):
    optional = {
        name
        for name, kind in SHAPES[what][2].__annotations__.items()
        if "None" in str(getattr(kind, "__forward_arg__", kind))
    }
    for each in (each for answer in answers_of(what) for each in answer):
        assert [name for name in optional if each[name] in ("", "None")] == []


# ---- machines


def machine_of(name, machine_name):
    found = [item for item in BY_NAME[name]["response"]["body"] if item["name"] == machine_name]
    return found[0], parsing.machine(found[0])


def test_a_machine_is_known_by_mists_id_and_by_the_providers():
    item, machine = machine_of("ec2-machines-tagged", "e1-renamed")
    assert (machine["id"], machine["external_id"]) == (item["id"], "i-ef1442d5df0dc8b37")
    assert machine["backend_id"] == item["cloud"]
    assert machine["tags"] == {"env": "test", "k": "v"}
    assert machine["expiration"] == {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 3600}
    assert machine["size"] == item["size"] == "t2.small - t2.small"
    assert machine["cost"] == item["cost"]
    assert machine["monitored"] is False


def test_a_name_is_a_dns_name_and_an_address_is_none():
    item, machine = machine_of("ec2-machines-after-create", "e0")
    assert machine["dns_name"] == item["hostname"] == "ec2-54-214-15-212.compute-1.amazonaws.com"
    item, machine = machine_of("docker-machines", "web1")
    assert (item["hostname"], machine["dns_name"]) == ("127.0.0.1", None)
    assert machine["machine_type"] == "container"


def test_a_machine_that_is_terminated_is_known_as_such():
    _item, machine = machine_of("all-machines-after-destroy", "e1-renamed")
    assert (machine["state"], machine["public_ips"]) == ("terminated", [])
    assert not machine["actions"]["start"]


def test_all_that_a_machine_can_be_asked_for_is_returned():
    _item, machine = machine_of("ec2-machines-after-stop", "e1")
    can = {action for action, flag in machine["actions"].items() if flag}
    assert can == {"start", "destroy", "resize", "rename", "tag"}


def test_a_starting_machine_is_pending_in_the_words_of_all_generations():
    item, _machine = machine_of("docker-machines", "web1")
    assert parsing.machine({**item, "state": "starting"})["state"] == "pending"


def test_the_keys_on_a_machine_are_returned_with_their_logins():
    _item, machine = machine_of("other-machines-with-key", "h1")
    assert {each["key_id"] for each in machine["ssh_keys"]} == {
        "6bdf5cd835bd4c2ab8ce87a25742679c",
        "bf41433574124baab857074d85aaa452",
    }
    logins = {(each["user"], each["port"], each["last_used"]) for each in machine["ssh_keys"]}
    assert logins == {("mistssh", 28822, None)}


def test_a_machine_that_is_monitored_tells_so_and_not_how():
    _item, machine = machine_of("monitoring-enabled-machine-in-list", "h1")
    assert machine["monitored"] is True
    assert "wget" not in json.dumps(machine)


def test_a_password_that_a_provider_made_up_is_left_out():
    item, _machine = machine_of("docker-machines", "web1")
    extra = {"password": "x", "default_password": "x", "rootPassword": "x", "a": 1}
    assert parsing.machine({**item, "extra": extra})["extra"] == {"a": 1}


@pytest.mark.parametrize("nothing", [False, True], ids=["missing", "null"])
def test_an_odd_machine_is_described_by_what_it_has(nothing):
    item, usual = machine_of("docker-machines", "web1")
    odd = dict.fromkeys(item) if nothing else {}
    machine = parsing.machine({**odd, "id": "a", "cloud": "b"})
    assert machine.keys() == usual.keys()
    assert (machine["name"], machine["external_id"], machine["state"]) == ("a", "", "unknown")
    assert (machine["tags"], machine["actions"], machine["extra"], machine["ssh_keys"]) == ({}, {}, {}, [])
    assert (machine["cost"], machine["expiration"], machine["monitored"]) == (None, None, False)


def test_a_tag_keeps_a_value_that_counts_as_nothing():
    item, _machine = machine_of("docker-machines", "web1")
    tags = parsing.machine({**item, "tags": {"zero": 0, "none": None, "empty": "", "é": "ü"}})["tags"]
    assert tags == {"zero": "0", "none": "", "empty": "", "é": "ü"}


@pytest.mark.parametrize(
    ("shape", "record"),
    [
        (parsing.image, records.ImageRecord),
        (parsing.size, records.SizeRecord),
        (parsing.location, records.LocationRecord),
        (parsing.network, records.NetworkRecord),
        (parsing.key, None),
    ],
)
def test_an_odd_thing_is_described_by_what_it_has(shape, record):
    odd = shape({"id": "a", **({} if record else {"name": "n", "isDefault": False})})
    assert odd["id"] == "a"
    assert record is None or (odd.keys() == record.__annotations__.keys() and odd["name"] == "a")


# ---- the rest


def test_a_backend_is_of_its_driver_and_region():
    backend = parsing.backend(BY_NAME["cloud-add-ec2"]["response"]["body"])
    assert (backend["title"], backend["provider"], backend["region"]) == ("aws1", "ec2", "us-east-1")
    assert backend["enabled"]


def test_hosts_that_could_not_be_added_are_reported():
    answer = BY_NAME["cloud-add-other-machines-list-bad-one"]["response"]["body"]
    _backend, failed = parsing.added_backend(answer)
    assert failed == answer["errors"]


def test_a_probe_tells_what_ssh_showed():
    seen = parsing.probe(BY_NAME["probe-ok"]["response"]["body"])
    assert (seen["ssh"], seen["ping"], seen["uptime"], seen["cores"]) == (True, False, 3767.81, 2)
    assert seen["load"] == [1.28, 2.03, 2.5]
    assert seen["public_ips"] == ["192.0.2.2"]


def test_a_probe_tells_what_ping_showed():
    ping = {"packets_tx": 4, "packets_rx": 4, "packets_loss": 0.0, "rtt_min": 1.0, "rtt_avg": 2.0, "rtt_max": 3.0}
    seen = parsing.probe({"ping": ping, "ssh": None})
    assert (seen["ping"], seen["ssh"], seen["rtt_avg"]) == (True, False, 2.0)
    known = {"ssh": False, "load": [], "public_ips": [], "private_ips": [], "ping": False}
    unknown = ("uptime", "cores", "users", "packets_loss", "rtt_min", "rtt_avg", "rtt_max")
    assert parsing.probe({"ping": None, "ssh": None}) == {**known, **dict.fromkeys(unknown)}


def test_times_of_points_are_numbers_also_where_they_come_as_text():
    points = parsing.series("m", {"name": "n", "unit": None, "datapoints": [[2.5, "20"], [None, "10"]]})["points"]
    assert points == [[10, None], [20, 2.5]]


def test_a_monitored_machine_has_the_metrics_that_were_added_to_it():
    answer = {
        **BY_NAME["monitoring-all-on"]["response"]["body"],
        "custom_metrics": {
            "a.value": {"name": "A", "unit": "", "machines": [["c4bf53538b3d4a7ba8cd2f46c548d218", "x"]]},
            "b.value": {
                "name": "B",
                "unit": "",
                "machines": [["c4bf53538b3d4a7ba8cd2f46c548d218", "fccf5c4fda7f4497b8bdc73dd3edb648"]],
            },
        },
    }
    (monitored,) = parsing.monitored(answer)
    assert monitored["machine_id"] == "a66deed38bcf4ccaa140c3c913ff0936"
    assert [metric["id"] for metric in monitored["metrics"]] == ["b.value"]
    assert "system.load1" in [metric["id"] for metric in monitored["builtin_metrics"]]


def story_of(name):
    return BY_NAME[name]["response"]["body"]


@pytest.mark.parametrize(
    ("name", "external_id"),
    [
        ("job-just-started", ""),
        ("job-create-machine-running", "00000000000000000000000000000000000000000000000000000a11ce00002d"),
        ("job-ec2-create", "i-f1147028265e1a0f3"),
        ("v1-job-of-v2-create", None),
    ],
)
def test_a_create_is_over_when_its_job_says_so_and_not_when_the_job_is(name, external_id):
    creation = parsing.creation(story_of(name))
    assert story_of(name)["finished_at"] == 0
    assert creation.error == ""
    if external_id is not None:
        assert (creation.external_id, creation.ended) == (external_id, bool(external_id))


def test_a_create_that_failed_tells_why():
    creation = parsing.creation(story_of("job-create-machine-failed"))
    assert creation.ended
    assert creation.error.startswith("Machine creation failed: Docker, got exception")


@pytest.mark.parametrize("external_id", ["", None])
def test_a_job_that_made_nothing_is_over_when_it_ends(external_id):
    log = {"action": "machine_creation_finished", "error": False, "external_id": external_id}
    story = {"logs": [{"type": "job"}, log], "error": False, "finished_at": 0}
    assert not parsing.creation(story).ended
    assert parsing.creation({**story, "finished_at": 1795428860.4}).ended


@pytest.mark.parametrize("without", ["", "machine_creation_finished"])
def test_a_machine_is_made_though_the_steps_after_it_fail(without):
    """The recording, and one in which the log of the create is not to be found yet."""
    exchanges = read_exchanges("4.7", "exchanges-2.jsonl")
    (recorded,) = [each for each in exchanges if each["name"] == "job-no-listing-after-list-at-25s"]
    story = recorded["response"]["body"]
    assert story["error"] == "Couldn't connect to run post deploy steps."
    logs = [log for log in story["logs"] if log["action"] != without]
    assert parsing.creation({**story, "logs": logs}) == parsing.Creation("i-3e148b8f3d7d96d0f", "")


def test_a_job_that_ends_without_a_word_is_over_too():
    creation = parsing.creation({"logs": [], "error": False, "finished_at": 1795428860.4})
    assert creation.error == "the job ended without a result for the machine"
