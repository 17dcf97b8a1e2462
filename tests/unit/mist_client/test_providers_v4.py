# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The providers of the clouds generation: the table against what was recorded, and an error for every mistake."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import InvalidValue, NotSupported
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import providers
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.provider_names import (
    canonical_provider,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.provider_table import (
    BY_NAME,
    GENERAL,
    HOSTS,
    KEY_FILE,
    NUMBER,
    PROVIDERS,
    SWITCH,
    URL,
)
from ansible_collections.mistio.cloud.tests.unit.recordings import FOLDER, read_exchanges

SECRET = "secret-for-tests-0123456789"
RECORDED = [
    each
    for each in read_exchanges("4.7")
    if each["request"]["path"].startswith(("/api/v1/clouds", "/api/v1/providers"))
]
# what was refused for the login, and for a form in place of JSON, tells nothing of the fields
ADDS = {
    each["name"]: each
    for each in RECORDED
    if (each["request"]["method"], each["request"]["path"]) == ("POST", "/api/v1/clouds")
    and isinstance(each["request"]["body"], dict)
    and each["response"]["status"] not in (401, 403)
    and each["name"] != "cloud-add-form-encoded"
}
TAKEN = sorted(name for name, each in ADDS.items() if each["response"]["status"] in (200, 409, 503))
REFUSED = sorted(set(ADDS) - set(TAKEN) - {"cloud-add-other-nothing-else"})
(PROVIDERS_LISTED,) = [
    each["response"]["body"]["supported_providers"] for each in RECORDED if each["name"] == "providers"
]
PROVIDERS_2014 = next(
    each["response"]["body"]["supported_providers"]
    for each in read_exchanges("2014")
    if each["request"]["path"] == "/providers" and each["response"]["status"] == 200
)


def spec_of(body):
    """The spec that says a recorded body by the server's own names."""
    own = {name: value for name, value in body.items() if name not in ("name", "provider")}
    return {"title": body.get("name", ""), "provider": body.get("provider", ""), "credentials": own}


def error(spec, asked=providers.payload):
    with pytest.raises(InvalidValue) as caught:
        asked(spec)
    return str(caught.value)


# ---- the table against the recordings


@pytest.mark.parametrize("name", TAKEN)
def test_a_body_that_the_server_took_is_made(name):
    body = ADDS[name]["request"]["body"]
    if "errors" in ADDS[name]["response"]["body"]:
        assert "credentials.machines[1] requires machine_hostname" in error(spec_of(body))
        return
    older = {"docker_host": "host", "docker_port": "port"}
    expected = {older.get(field, field): value for field, value in body.items()}
    driver = BY_NAME[body["provider"]]
    # that stopped containers are listed is this client's default, not the recorded one's
    default = {"show_all": True} if driver == "docker" else {}
    assert providers.payload(spec_of(body)) == {**default, **expected, "provider": driver}


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_the_server_refused_is_not_sent(name):
    assert error(spec_of(ADDS[name]["request"]["body"]))


@pytest.mark.parametrize("name", ["v2-cloud-add", "v2-cloud-add-ec2"])
def test_the_credentials_that_the_other_api_took_are_fields_too(name):
    (taken,) = [each for each in read_exchanges("4.7") if each["name"] == name]
    given = taken["request"]["body"]
    credentials = {**given["credentials"], **({"show_all": False} if given["provider"] == "docker" else {})}
    body = providers.payload({**given, "credentials": credentials, "title": given["name"]})
    assert body["provider"] == taken["response"]["body"]["provider"]
    shown = {field: value for field, value in taken["response"]["body"]["config"].items() if value}
    assert providers.listed_fields(body) == shown


def test_there_are_recordings_of_both():
    assert len(TAKEN) > 10
    assert len(REFUSED) > 5


def test_hosts_are_an_empty_list_where_none_is_given():
    assert ADDS["cloud-add-other-nothing-else"]["response"]["status"] == 500
    assert providers.payload({"title": "metal0", "provider": "other"})["machines"] == []


@pytest.mark.parametrize("name", sorted(name for name in TAKEN if ADDS[name]["response"]["status"] == 200))
def test_the_answer_shows_what_was_predicted(name):
    body, cloud = ADDS[name]["request"]["body"], ADDS[name]["response"]["body"]
    if "errors" in cloud:
        return
    if cloud["provider"] == "docker":
        body = {"show_all": False, **body}
    assert providers.public_fields(spec_of(body)) == providers.listed_fields(cloud)
    assert providers.region_of(cloud) == body.get("region")
    record = {"provider": cloud["provider"], "settings": providers.listed_fields(cloud)}
    assert providers.mismatch(record, spec_of(body)) == ""


@pytest.mark.parametrize("item", PROVIDERS_LISTED, ids=lambda item: item["name"])
def test_every_listed_provider_is_in_the_table_with_its_aliases(item):
    names = {item["driver"], *item["aliases"]} - {""}
    drivers = {canonical_provider(name) for name in names}
    assert len(drivers) == 1
    title = {"Vexxhost": "OpenStack"}.get(item["name"], item["name"])
    assert PROVIDERS[drivers.pop()].title == title


def documented_fields():
    """The rows of the contract's table: names of providers, and the text about their fields."""
    table = (FOLDER / "4.7" / "CONTRACT.md").read_text(encoding="utf-8")
    table = table.partition("## 4.")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ", 1) for line in table.splitlines() if line.startswith("| ")]
    return [(re.findall(r"[a-z0-9_.]+(?: cloud)?", names), fields) for names, fields in rows[1:]]


@pytest.mark.parametrize(
    ("names", "fields"), documented_fields(), ids=lambda value: value[0] if isinstance(value, list) else ""
)
def test_the_table_says_what_the_contract_says(names, fields):
    assert all(name in BY_NAME for name in names)
    provider = PROVIDERS[BY_NAME[names[0]]]
    for field in provider.all_fields:
        (said,) = re.findall(rf"(?<![a-z_]){field.name}(?![a-z_])(\*?(?:\(s\))?)", fields)[:1] or [None]
        assert said is not None, field.name
        if field not in provider.hosts:
            assert field.required == said.startswith("*"), field.name
            assert field.secret or "(s)" not in said, field.name
    demanded = set(re.findall(r"([a-z_]+)\*(?!\*)", fields))
    assert demanded <= {field.name for field in provider.all_fields if field.required}


# ---- general options


def example(field):
    if field.kind == HOSTS:
        return []
    return {NUMBER: 4711, SWITCH: True, URL: f"http://{field.name}.test", KEY_FILE: SECRET}.get(
        field.kind, f"{field.name}.test"
    )


OPTIONS = [
    pytest.param(driver, field, id=f"{driver}-{field.option}")
    for driver, provider in PROVIDERS.items()
    for field in provider.all_fields
    if field.option
]


@pytest.mark.parametrize(("driver", "field"), OPTIONS)
def test_a_general_option_becomes_exactly_its_field(driver, field):
    spec = {"title": "x1", "provider": driver, field.option: example(field)}
    if PROVIDERS[driver].hosts:
        others = {each.option: example(each) for each in PROVIDERS[driver].hosts if each.required}
        body = providers.payload({**spec, **others})
        body = body["hosts"][0] if driver == "libvirt" else body
        assert body[field.name] == example(field)
    else:
        defaults = {each.name: each.default for each in PROVIDERS[driver].fields if each.default is not None}
        assert providers.credentials_payload(spec) == {**defaults, field.name: example(field)}


@pytest.mark.parametrize("driver", PROVIDERS)
def test_the_required_options_are_enough_to_add_a_backend(driver):
    (record,) = [each for each in providers.providers() if each["provider"] == driver]
    fields = {word(field): field for field in PROVIDERS[driver].all_fields}
    spec = {"title": "x1", "provider": driver, "credentials": {}}
    for required in [*record["required"], *(["api_key"] if driver == "gce" else [])]:
        within = spec["credentials"] if required.startswith("credentials.") else spec
        within[required.replace("credentials.", "")] = example(fields[required])
    assert providers.payload(spec)["provider"] == driver
    for required in record["required"]:
        if required in spec:
            assert required in error({name: value for name, value in spec.items() if name != required})


@pytest.mark.parametrize("driver", PROVIDERS)
def test_an_option_that_a_provider_has_no_field_for_is_reported(driver):
    taken = {field.option for field in PROVIDERS[driver].all_fields}
    for option in GENERAL - taken:
        message = error({"title": "x1", "provider": driver, option: "1"})
        if option == "api_key" and "api_secret" in taken:
            assert message.startswith("Invalid option api_key for a backend of ")
        else:
            assert message.startswith(
                f"Invalid option {option} for a backend of {driver}. A backend of {driver} accepts "
            )


@pytest.mark.parametrize("driver", PROVIDERS)
def test_the_secret_is_where_the_one_rule_says(driver):
    for field in PROVIDERS[driver].all_fields:
        assert field.secret or field.option != "api_secret"
        assert not field.secret or field.option in ("api_secret", "")


def word(field):
    return field.option or f"credentials.{field.name}"


def test_every_provider_is_listed_with_all_that_it_takes():
    for record in providers.providers():
        listed = [*record["required"], *record["optional"]]
        assert sorted(listed) == sorted(word(field) for field in PROVIDERS[record["provider"]].all_fields)


# ---- ids of 2014


@pytest.mark.parametrize("name", [item["provider"] for item in PROVIDERS_2014])
def test_an_id_of_2014_is_understood_or_reported_as_gone(name):
    if name.startswith(("hpcloud", "nephoscale")):
        assert "servers of 2016 and later do not support" in error({"provider": name})
    else:
        assert canonical_provider(name) in PROVIDERS


@pytest.mark.parametrize(
    ("name", "driver", "region"),
    [
        ("ec2_us_east", "ec2", "us-east-1"),
        ("ec2_us_west_oregon", "ec2", "us-west-2"),
        ("ec2_ap_southeast_2", "ec2", "ap-southeast-2"),
        ("rackspace:dfw", "rackspace", "dfw"),
        ("rackspace_first_gen:uk", "rackspace", "rackspace_first_gen:uk"),
    ],
)
def test_an_id_of_2014_names_the_region(name, driver, region):
    body = providers.payload({"title": "x1", "provider": name, "api_key": "me", "api_secret": SECRET})
    assert (body["provider"], body["region"]) == (driver, region)
    (listed,) = [item for item in PROVIDERS_LISTED if item["driver"] == driver]
    assert region in [each["id"] for each in listed["regions"]]


def test_two_regions_are_one_too_many():
    message = error(
        {"title": "x1", "provider": "ec2_us_east", "api_key": "me", "api_secret": "s", "region": "eu-west-1"}
    )
    assert message == "provider=ec2_us_east and region set the field region to different values. Use only one of them."


# ---- addresses, key files, hosts


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://docker.test:2376", "docker.test", 2376),
        ("tcp://docker.test:2376/", "docker.test", 2376),
        ("docker.test:2376", "docker.test", 2376),
        ("docker.test", "docker.test", None),
        ("http://[::1]:2376", "::1", 2376),
        ("127.0.0.1", "127.0.0.1", None),
    ],
)
def test_an_address_is_taken_apart(address, host, port):
    body = providers.payload({"title": "x1", "provider": "docker", "api_url": address})
    assert (body["host"], body.get("port")) == (host, port)


@pytest.mark.parametrize(
    "address", ["http://", "docker.test:many", "http://[::1", "a.test/v1", "https://me:secret@a.test"]
)
def test_what_is_no_address_is_reported(address):
    assert "Invalid api_url: it must be host" in error({"title": "x1", "provider": "docker", "api_url": address})


def test_a_port_that_is_said_twice_must_be_the_same():
    spec = {"title": "x1", "provider": "docker", "api_url": "http://docker.test:2376"}
    assert providers.payload({**spec, "docker_port": 2376})["port"] == 2376
    assert "api_url and docker_port set the field port to different values" in error({**spec, "docker_port": 4243})


def test_a_port_for_which_there_is_no_field_is_reported():
    spec = {"title": "x1", "provider": "vsphere", "api_key": "me", "api_secret": "s", "api_url": "https://vc.test:8443"}
    assert error(spec) == "Invalid api_url: a backend of vsphere does not accept a port. Remove the port."


@pytest.mark.parametrize("url", ["http://os.test:5000/v2.0", "http://os.test:5000/v2.0/", "http://os.test:5000/"])
def test_the_version_in_the_url_of_openstack_is_left_out_as_the_server_does(url):
    assert providers.public_fields({"provider": "openstack", "api_url": url}) == {"url": "http://os.test:5000"}


@pytest.mark.parametrize("shape", [dict, json.dumps, repr])
def test_googles_key_file_tells_the_email(shape):
    key_file = shape({"private_key": SECRET, "client_email": "robot@gce.test"})
    spec = {"title": "x1", "provider": "gce", "tenant_name": "shop", "credentials": {"private_key": key_file}}
    body = {"name": "x1", "provider": "gce", "project_id": "shop", "private_key": SECRET, "email": "robot@gce.test"}
    assert providers.payload(spec) == body
    assert "and the client_email of the key file set the field email to different values" in error(
        {**spec, "api_key": "me@gce.test"}
    )


def test_without_googles_key_file_the_email_is_needed():
    spec = {"title": "x1", "provider": "gce", "tenant_name": "shop", "api_secret": SECRET}
    assert "A new backend of gce requires api_key, the email" in error(spec)
    assert providers.payload({**spec, "api_key": "robot@gce.test"})["email"] == "robot@gce.test"


def test_one_host_is_sent_so_that_its_failure_is_the_answers():
    spec = {
        "title": "x1",
        "provider": "bare_metal",
        "machine_ip": "192.0.2.7",
        "machine_key": "ab12",
        "machine_port": 22,
    }
    assert providers.payload(spec) == {
        "name": "x1",
        "provider": "other",
        "machine_hostname": "192.0.2.7",
        "machine_key": "ab12",
        "machine_port": 22,
    }


def test_a_host_beside_a_list_of_hosts_is_reported():
    spec = {"title": "x1", "provider": "other", "machine_ip": "192.0.2.7", "credentials": {"machines": []}}
    assert (
        error(spec)
        == "credentials.machines cannot be combined with the options for a single host. Put all hosts in the list."
    )


def test_a_kvm_host_goes_into_the_list():
    spec = {"title": "x1", "provider": "kvm", "machine_ip": "192.0.2.7", "machine_key": "ab12", "machine_user": "root"}
    host = {"host": "192.0.2.7", "key": "ab12", "username": "root"}
    assert providers.payload(spec) == {"name": "x1", "provider": "libvirt", "hosts": [host]}
    assert "requires machine_key" in error({**spec, "machine_key": ""})


# ---- mistakes


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"provider": "ec2"}, "A new backend of ec2 requires api_key, api_secret and region. "),
        (
            {"provider": "digitalocen"},
            "Invalid provider 'digitalocen'. Did you mean digitalocean? provider must be one of ",
        ),
        (
            {"provider": "rackspce:dfw"},
            "Invalid provider 'rackspce:dfw'. Did you mean rackspace? provider must be one of ",
        ),
        (
            {"provider": "ec2", "credentials": {"apisecrt": SECRET}},
            "Invalid field 'apisecrt' in credentials for a backend of ec2. Did you mean apisecret? "
            "A backend of ec2 accepts api_key, api_secret and region, and these fields in credentials:"
            " apikey, apisecret and region.",
        ),
        (
            {"provider": "digitalocean", "api_secret": SECRET, "credentials": {"token": "another"}},
            "api_secret and credentials.token set the field token to different values. Use only one of them.",
        ),
        (
            {"provider": "azure", "tenant_name": "t", "api_key": "k", "api_secret": SECRET},
            "A new backend of azure_arm requires credentials.subscription_id. ",
        ),
        (
            {"provider": "kvm", "credentials": {"hosts": [{"host": "a", "kye": "b"}]}},
            "Invalid field 'kye' in credentials.hosts[0] for a backend of libvirt. Did you mean key? ",
        ),
        ({"provider": "kvm", "credentials": {"hosts": [{"host": "a"}]}}, "credentials.hosts[0] requires key."),
        ({"provider": "kvm", "credentials": {"hosts": {"host": "a"}}}, "credentials.hosts must be a list of hosts, "),
        ({"provider": "docker", "credentials": {"port": "many"}}, "credentials.port must be an integer, not 'many'."),
        ({"provider": "docker", "credentials": {"port": "22 "}}, "credentials.port must be an integer, not '22 '."),
        ({"provider": "docker", "credentials": {"port": True}}, "credentials.port must be an integer, not True."),
        ({"provider": "docker", "credentials": {"show_all": 7}}, "credentials.show_all must be true or false, not 7."),
        ({"provider": "digitalocean", "credentials": {"token": [SECRET]}}, "credentials.token must be a string. "),
        (
            {"provider": "linode", "credentials": {"apikey": SECRET}},
            "Invalid option credentials.apikey for a backend of linode: the provider's key is secret, and"
            " this option is not. Use ",
        ),
    ],
)
def test_a_mistake_is_reported_in_the_users_words(spec, sentence):
    message = error({"title": "x1", **spec})
    assert message.startswith(sentence)
    assert SECRET not in message


def test_the_same_said_twice_is_no_mistake():
    spec = {"title": "x1", "provider": "maxihost", "api_secret": SECRET, "credentials": {"token": SECRET}}
    assert providers.payload(spec) == {"name": "x1", "provider": "maxihost", "token": SECRET}


def test_what_is_empty_is_not_given():
    spec = {"title": "x1", "provider": "linode", "api_secret": SECRET, "api_key": "", "credentials": {"colour": None}}
    assert providers.payload(spec) == {"name": "x1", "provider": "linode", "apikey": SECRET}


def test_a_port_becomes_a_number_with_every_provider():
    for driver, provider in PROVIDERS.items():
        if "port" in {field.name for field in provider.fields}:
            body = providers.credentials_payload({"provider": driver, "credentials": {"port": "4711"}})
            assert body["port"] == 4711


def test_texts_become_numbers_and_switches():
    given = {"host": "docker.test", "port": "2376", "show_all": "yes"}
    body = providers.payload({"title": "x1", "provider": "docker", "credentials": given})
    assert body == {"name": "x1", "provider": "docker", "host": "docker.test", "port": 2376, "show_all": True}


def test_unvalidated_is_said_and_nothing_less_is_demanded():
    spec = {"title": "x1", "provider": "linode", "api_secret": SECRET, "validate": False}
    assert providers.payload(spec)["fail_on_error"] is False
    assert "requires api_secret" in error({**spec, "api_secret": ""})


@pytest.mark.parametrize("title", ["x1", "docker1", "docker-renamed", "a.b", "Our EC2", "a_b"])
def test_a_title_is_taken(title):
    assert providers.check_title(title) is None


@pytest.mark.parametrize("title", ["", "x", "bad/name!", "café", "-x1", "x1-", "x1\n", " x1", "x1 ", "a:b"])
def test_a_title_that_the_server_refuses_or_strips_is_reported(title):
    assert error(title, providers.check_title).startswith(f"Invalid backend title {title!r}: only ASCII letters")


# ---- what is given where nothing is said, and what the server ignores


def test_stopped_containers_are_listed_unless_the_task_says_otherwise():
    engine = {"title": "x1", "provider": "docker", "api_url": "a.test"}
    assert providers.payload(engine)["show_all"] is True
    assert providers.payload({**engine, "credentials": {"show_all": "no"}})["show_all"] is False
    assert "show_all" not in providers.payload({**engine, "provider": "lxd"})


def test_a_switch_that_the_server_keeps_on_is_refused():
    onapp = {"title": "x1", "provider": "onapp", "api_key": "me", "api_secret": SECRET, "api_url": "a.test"}
    message = error({**onapp, "credentials": {"verify": False}})
    assert message == (
        "Invalid verify=False for a backend of onapp: the server ignores empty and false values, and"
        " uses the default, True. Remove verify."
    )
    assert providers.payload({**onapp, "credentials": {"verify": True}})["verify"] is True


@pytest.mark.parametrize(
    ("second", "place"),
    [
        ({"machine_hostname": "192.0.2.7"}, "192.0.2.7, port 22"),
        ({"machine_hostname": "192.0.2.7", "machine_port": 22, "machine_name": "other"}, "192.0.2.7, port 22"),
        ({"machine_hostname": "http://192.0.2.7/x"}, "192.0.2.7, port 22"),
    ],
)
def test_the_same_host_twice_in_a_list_is_refused(second, place):
    hosts = [{"machine_hostname": "192.0.2.7"}, second]
    message = error({"title": "x1", "provider": "other", "credentials": {"machines": hosts}})
    assert message == f"The list of hosts contains {place} more than once. Mist would add each of them as a machine."


@pytest.mark.parametrize(
    "second",
    [{"machine_hostname": "2001:db8::1", "machine_port": 2222}, {"machine_hostname": "2001:db8::2"}],
)
def test_two_ports_or_addresses_are_two_hosts(second):
    hosts = [{"machine_hostname": "2001:db8::1"}, second]
    spec = {"title": "x1", "provider": "other", "credentials": {"machines": hosts}}
    assert providers.payload(spec)["machines"] == hosts


# ---- updates


@pytest.mark.parametrize("name", ["cloud-edit-creds", "cloud-edit-unreachable"])
def test_an_update_that_the_server_took_or_tried_is_made(name):
    (body,) = [each["request"]["body"] for each in RECORDED if each["name"] == name]
    provider = "ec2" if "apikey" in body else "docker"
    default = {"show_all": True} if provider == "docker" else {}
    assert providers.credentials_payload({"provider": provider, "credentials": body}) == {**default, **body}


def test_an_update_that_the_server_refused_is_not_sent():
    (body,) = [each["request"]["body"] for each in RECORDED if each["name"] == "cloud-edit-bad-param"]
    assert "Invalid field 'colour' in credentials" in error(
        {"provider": "ec2", "credentials": body}, providers.credentials_payload
    )


def test_an_update_holds_what_is_given_alone():
    spec = {"title": "x1", "provider": "ec2", "api_secret": SECRET}
    assert providers.credentials_payload(spec) == {"apisecret": SECRET}
    untried = {"apisecret": SECRET, "fail_on_error": False}
    assert providers.credentials_payload({**spec, "validate": False}) == untried


def test_an_update_leaves_out_what_the_server_ignores():
    spec = {"provider": "docker", "credentials": {"host": "a.test", "show_all": False}}
    assert providers.credentials_payload(spec) == {"host": "a.test"}
    nothing = {"provider": "docker", "credentials": {"show_all": False}}
    assert error(nothing, providers.credentials_payload).startswith("No credentials are given")


def test_an_update_with_nothing_is_reported():
    assert error({"provider": "ec2"}, providers.credentials_payload).startswith("No credentials are given")


@pytest.mark.parametrize("driver", ["other", "libvirt"])
def test_hosts_cannot_be_updated(driver):
    with pytest.raises(NotSupported, match=f"of generation 'clouds' cannot change the hosts of a backend of {driver}"):
        providers.credentials_payload({"provider": driver, "machine_ip": "192.0.2.7"})


THERE = {"id": "ab12", "title": "x1", "provider": "ec2", "region": "us-east-1", "enabled": True}
THERE["settings"] = {"apikey": "me", "region": "us-east-1"}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"provider": "amazon"}, ""),
        ({"provider": "ec2_us_east", "api_key": "me", "api_secret": SECRET}, ""),
        ({"provider": "ec2_eu_west"}, "its region is us-east-1, not eu-west-1"),
        (
            {"provider": "ec2", "api_key": "you", "region": "x"},
            "its apikey is me, not you and its region is us-east-1, not x",
        ),
        ({"provider": "docker", "api_url": "a.test"}, "its provider is ec2, not docker"),
    ],
)
def test_what_the_server_shows_is_compared(spec, said):
    assert providers.mismatch(THERE, spec) == said


def test_a_switch_that_is_off_is_not_shown():
    there = {**THERE, "provider": "docker", "settings": {"host": "a.test"}}
    off = {"provider": "docker", "credentials": {"show_all": False}}
    assert providers.mismatch(there, off) == ""
    assert providers.mismatch({**there, "settings": {"show_all": True}}, off) == "its show_all is True, not False"


def test_an_update_is_predicted():
    updated = providers.updated(THERE, {"provider": "ec2", "region": "eu-west-1", "api_secret": SECRET})
    settings = {"apikey": "me", "region": "eu-west-1"}
    assert updated == {**THERE, "region": "eu-west-1", "settings": settings}


def test_neither_secrets_nor_hosts_are_settings():
    fields = {"host": "a.test", "username": "me", "password": SECRET}
    assert providers.listed_fields({"provider": "docker", **fields}) == {"host": "a.test"}
    shown = {"host": "a.test", "port": 4243, "show_all": True}
    assert providers.public_fields({"provider": "docker", "credentials": fields}) == shown
    hosts = [{"host": "a.test", "key": "ab12"}]
    assert providers.public_fields({"provider": "kvm", "credentials": {"hosts": hosts}}) == {}


def test_a_cloud_of_an_unknown_provider_is_what_it_is():
    there = {**THERE, "provider": "gig_g8", "settings": {}}
    assert providers.mismatch(there, {"provider": "gig_g8"}) == ""
    assert providers.mismatch(there, {"provider": "ec2"}) == "its provider is gig_g8, not ec2"


def test_a_cloud_of_an_unknown_provider_shows_no_settings():
    assert providers.listed_fields({"provider": "gig_g8", "url": "http://gig.test"}) == {}


# ---- secrets


def test_a_secret_is_known_under_all_its_names():
    names = {"password", "auth_password", "key_file", "cert_file", "ca_cert_file"}
    assert providers.secret_fields("docker") == names
    assert providers.secret_fields("ec2_us_east") == {"apisecret"}


@pytest.mark.parametrize("name", TAKEN)
def test_no_secret_is_ever_listed(name):
    if isinstance(ADDS[name]["response"]["body"], dict):
        cloud = ADDS[name]["response"]["body"]
        assert not providers.secret_fields(cloud["provider"]) & set(cloud)
