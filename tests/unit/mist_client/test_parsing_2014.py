# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every recorded answer of 2014's server becomes canonical records: complete, ready for JSON, and without a secret."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import InvalidValue, records
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.backends_2014 import parsing
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.monitoring_plugins import plugin_id
from ansible_collections.mistio.cloud.tests.unit.recordings import read_exchanges, successes

EXCHANGES = read_exchanges("2014")

MACHINE = r"/backends/[^/]+/machines/[^/]+"


def machines(answer):
    return parsing.parse_list(answer, lambda item: parsing.machine(item, "some backend"))


# (what is asked, how its answer becomes records, what each record must hold)
SHAPES = {
    "providers": ("GET /providers", parsing.providers, records.ProviderRecord),
    "backends": ("GET /backends", lambda answer: parsing.parse_list(answer, parsing.backend), records.BackendRecord),
    "added backend": ("POST /backends", lambda answer: [parsing.backend(answer)], records.BackendRecord),
    "keys": ("GET /keys", lambda answer: parsing.parse_list(answer, parsing.key), records.KeyRecord),
    "keys after a delete": (
        "DELETE /keys/[^/]+",
        lambda answer: parsing.parse_list(answer, parsing.key),
        records.KeyRecord,
    ),
    "added key": ("PUT /keys", lambda answer: [parsing.key(answer)], records.KeyRecord),
    "associations": (
        f"(PUT|DELETE) {MACHINE}/keys/[^/]+",
        lambda answer: parsing.parse_list(answer, parsing.association),
        records.AssociationRecord,
    ),
    "machines": ("GET /backends/[^/]+/machines", machines, records.MachineRecord),
    "machines after an action": (f"POST {MACHINE}", machines, records.MachineRecord),
    "created machine": ("POST /backends/[^/]+/machines", lambda answer: machines([answer]), records.MachineRecord),
    "images": (
        "(GET|POST) /backends/[^/]+/images",
        lambda answer: parsing.parse_list(answer, parsing.image),
        records.ImageRecord,
    ),
    "sizes": ("GET /backends/[^/]+/sizes", lambda answer: parsing.parse_list(answer, parsing.size), records.SizeRecord),
    "locations": (
        "GET /backends/[^/]+/locations",
        lambda answer: parsing.parse_list(answer, parsing.location),
        records.LocationRecord,
    ),
    "networks": (
        "GET /backends/[^/]+/networks",
        lambda answer: parsing.parse_list(answer, parsing.network),
        records.NetworkRecord,
    ),
    "probe": (f"POST {MACHINE}/probe", lambda answer: [parsing.probe(answer)], records.ProbeRecord),
    "monitored": ("GET /monitoring", parsing.monitored, records.MonitoredRecord),
    "metrics": (
        f"GET {MACHINE}/metrics",
        lambda answer: list(parsing.by_id(answer, parsing.metric).values()),
        records.MetricRecord,
    ),
    "stats": (
        f"GET {MACHINE}/stats",
        lambda answer: list(parsing.by_id(answer, parsing.series).values()),
        records.SeriesRecord,
    ),
    "plugin": (f"(POST|DELETE) {MACHINE}/plugins/[^/]+", lambda answer: [parsing.plugin(answer)], records.PluginRecord),
}


def answers_of(what):
    asked, shape, _record = SHAPES[what]
    return [shape(exchange["response"]["body"]) for exchange in successes(EXCHANGES, asked)]


@pytest.mark.parametrize("what", SHAPES)
def test_every_recorded_answer_makes_records(what):
    record = SHAPES[what][2]
    answers = answers_of(what)
    assert any(answers), "nothing of this kind was recorded"
    for each in (each for answer in answers for each in answer):
        assert each.keys() == record.__annotations__.keys()
        assert json.loads(json.dumps(each)) == each


@pytest.mark.parametrize("what", SHAPES)
def test_no_record_holds_a_secret(what):
    text = json.dumps(answers_of(what)).lower()
    for token in tokens():
        assert token.lower() not in text
    assert '"password"' not in text
    assert "apikey" not in text
    assert "begin rsa" not in text


def tokens():
    """All secrets that were sent or came back in the recordings: digitalocean's token is shown as an apikey."""
    secrets = {"admin-[0-9a-f]{8}"}
    for exchange in EXCHANGES:
        sent = exchange["request"]["body"] if isinstance(exchange["request"]["body"], dict) else {}
        secrets |= {sent.get(name) for name in ("apisecret", "password")}
    return {secret for secret in secrets if isinstance(secret, str) and len(secret) > 8}


def test_the_recordings_hold_secrets_that_could_leak():
    text = json.dumps([exchange["response"]["body"] for exchange in EXCHANGES])
    assert '"password": "' in text
    assert any(token in text for token in tokens())


@pytest.mark.parametrize("what", SHAPES)
def test_an_absent_value_is_none_and_not_an_empty_text(what):
    optional = {
        name
        for name, kind in SHAPES[what][2].__annotations__.items()
        if "None" in str(getattr(kind, "__forward_arg__", kind))
    }
    for each in (each for answer in answers_of(what) for each in answer):
        assert [name for name in optional if each[name] == ""] == []


# ---- ids predicted


def spec_of(sent):
    """The BackendSpec of a recorded add."""
    names = {"apikey": "api_key", "apisecret": "api_secret", "apiurl": "api_url", "remove_on_error": "validate"}
    return {names.get(name, name): value for name, value in sent.items() if value is not None}


ADDED = {
    exchange["name"]: exchange
    for exchange in successes(EXCHANGES, "POST /backends")
    # their access keys were altered in the recordings, and their ids were not
    if not exchange["request"]["body"]["provider"].startswith("ec2_")
}


def test_adds_of_each_kind_of_identity_are_among_the_recordings():
    providers = {exchange["request"]["body"]["provider"] for exchange in ADDED.values()}
    expected = {"bare_metal", "digitalocean", "docker", "linode", "nephoscale", "openstack", "rackspace:dfw"}
    assert expected <= providers


@pytest.mark.parametrize("name", ADDED)
def test_the_record_of_an_added_backend_is_predicted(name):
    answer = ADDED[name]["response"]["body"]
    predicted = parsing.predicted_backend(spec_of(ADDED[name]["request"]["body"]))
    predicted["title"] = predicted["title"].encode("ascii", "replace").decode()  # such a title the client refuses
    assert predicted == parsing.backend(answer)


def test_an_id_that_is_not_28_characters_long_is_predicted_too():
    lengths = {
        len(parsing.predicted_backend({"provider": "ec2_us_east", "api_key": f"key-{number}", "title": "t"})["id"])
        for number in range(300)
    }
    assert {27, 28} <= lengths <= {25, 26, 27, 28}


def test_the_same_account_is_the_same_backend_under_any_title_but_docker_goes_by_it():
    account = {"provider": "openstack", "api_key": "demo", "api_url": "http://one.test"}
    predicted = [parsing.predicted_backend({**account, "title": title})["id"] for title in ("a", "b")]
    assert predicted[0] == predicted[1]
    docker = {"provider": "docker", "api_url": "http://docker.test", "api_key": "somebody"}
    predicted = [parsing.predicted_backend({**docker, "title": title})["id"] for title in ("a", "b")]
    assert predicted[0] != predicted[1]
    assert parsing.names_account({**account, "title": "a"})
    assert not parsing.names_account({**docker, "title": "a"})


# ---- what the providers show in ways of their own


def machine_of(name):
    exchange = next(each for each in EXCHANGES if each["name"] == name)
    body = exchange["response"]["body"]
    return parsing.machine(body[0] if isinstance(body, list) else body, "b")


def listed(*, key, kind):
    """The first recorded machine whose extra has this key."""
    for exchange in successes(EXCHANGES, "GET /backends/[^/]+/machines"):
        for item in exchange["response"]["body"]:
            if key in item["extra"] and item["state"] == kind:
                return item, parsing.machine(item, "b")
    raise AssertionError(f"no {kind} machine with {key} was recorded")


def test_image_and_size_of_an_ec2_machine_are_found_in_extra():
    item, machine = listed(key="instance_type", kind="running")
    assert (item["imageId"], item["size"]) == (None, None)
    assert machine["image"] == item["extra"]["image_id"]
    assert machine["size"] == item["extra"]["instance_type"]
    assert machine["location"] == item["extra"]["availability"]
    assert machine["dns_name"] == item["extra"]["dns_name"]
    assert "Name" not in machine["tags"]
    assert machine["actions"] == {
        action: item[f"can_{action}"] for action in ("start", "stop", "reboot", "destroy", "tag")
    }
    assert machine["actions"]["stop"]


def test_a_terminated_machine_has_no_dns_name_and_takes_no_action():
    _item, machine = listed(key="instance_type", kind="terminated")
    assert machine["dns_name"] is None
    assert set(machine["actions"].values()) == {False}


def test_image_and_size_of_an_openstack_machine_are_its_own():
    item, machine = listed(key="flavorId", kind="running")
    assert (machine["image"], machine["size"]) == (item["imageId"], item["size"])
    assert machine["location"] == item["extra"]["availability_zone"]


def test_the_image_of_a_droplet_is_an_id_inside_extra():
    item, machine = listed(key="kernel", kind="running")
    assert machine["image"] == str(item["extra"]["image"]["id"])
    assert machine["size"] is None


@pytest.mark.parametrize(
    ("shown", "number"), [(512, 512), ("512mb", 512), ("1gb", 1024), ("20G SSD", 20), (None, None), ("", None)]
)
def test_numbers_of_sizes_come_in_many_ways(shown, number):
    size = parsing.size({"id": "1", "name": "one", "ram": shown, "disk": 1, "price": 0.0})
    assert size["ram"] == number
    assert size["price"] is None


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ({"linux": "$1", "aix": "$2"}, "aix $2, linux $1"),
        ("$1/month", "$1/month"),
        (0.5, "0.5"),
        (0.0, None),
        ("", None),
    ],
)
def test_a_price_becomes_a_text(price, text):
    assert parsing.size({"id": "1", "name": "one", "ram": 1, "disk": 1, "price": price})["price"] == text


def test_a_probe_without_ssh_holds_what_ping_returned():
    seen = parsing.probe({"packets_tx": 10, "packets_rx": 0, "packets_loss": 1.0})
    assert (seen["ssh"], seen["ping"], seen["packets_loss"]) == (False, False, 1.0)
    assert (seen["uptime"], seen["cores"], seen["load"], seen["public_ips"]) == (None, None, [], [])


def test_an_association_on_paper_has_no_user_and_no_time():
    association = parsing.association(["b", "m", 0, "", False, 22])
    assert association == {"backend_id": "b", "machine_id": "m", "user": None, "port": 22, "last_used": None}


def test_points_come_oldest_first_with_the_time_before_the_value():
    series = parsing.series("m", {"name": "n", "unit": "", "datapoints": [[2.5, 20], [None, 10]]})
    assert series["points"] == [[10, None], [20, 2.5]]


@pytest.mark.parametrize(
    ("name", "plugin"),
    [
        ("Disk usage", "disk_usage"),
        ("disk_usage", "disk_usage"),
        ("__disk--usage!!", "disk_usage"),
        ("caf\u00e9 2", "caf_2"),
        ("x", "x"),
    ],
)
def test_a_plugin_name_becomes_an_id_that_the_server_takes(name, plugin):
    assert plugin_id(name) == plugin
    assert re.fullmatch("[a-z0-9]([a-z0-9_]*[a-z0-9])?", plugin)


@pytest.mark.parametrize("name", ["", "___", "\u65e5\u672c"])
def test_a_plugin_name_without_a_letter_is_refused(name):
    with pytest.raises(InvalidValue, match="it must contain at least one ASCII letter or digit"):
        plugin_id(name)


def test_a_monitored_machine_has_its_own_metrics_and_the_built_in_ones():
    answer = {
        "machines": [["b", "m1"], ["b", "m2"]],
        "builtin_metrics": {"load": {"name": "Load", "unit": ""}},
        "custom_metrics": {
            "users": {"name": None, "unit": None, "machines": [["b", "m2"], ["c", "m1"]]},
            "entropy": {"name": "Entropy", "unit": "bit", "machines": []},
        },
    }
    load = {"id": "load", "name": "Load", "unit": ""}
    users = {"id": "users", "name": "users", "unit": ""}
    assert parsing.monitored(answer) == [
        {"backend_id": "b", "machine_id": "m1", "metrics": [], "builtin_metrics": [load]},
        {"backend_id": "b", "machine_id": "m2", "metrics": [users], "builtin_metrics": [load]},
    ]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (
            "Traceback\r\nZeroDivisionError: division by zero.\r\n\nERROR DEPLOYING PLUGIN\n",
            "ZeroDivisionError: division by zero",
        ),
        ("\nERROR DEPLOYING PLUGIN\n", "no reason given"),
    ],
)
def test_the_last_line_of_a_failed_plugin_is_its_error(output, said):
    assert parsing.last_line(output) == said
