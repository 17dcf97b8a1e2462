# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How hosts come out of machines: names, addresses, logins and variables, without a server and without Ansible."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.mistio.cloud.plugins.plugin_utils import hosts as machine_hosts

BACKEND = {
    "id": "b1",
    "title": "EC2 one",
    "provider": "ec2_us_east",
    "region": None,
    "enabled": True,
    "settings": {},
}


def machine(**fields):
    given = {
        "id": "m1",
        "name": "web",
        "backend_id": "b1",
        "public_ips": [],
        "private_ips": [],
        "dns_name": None,
        "ssh_keys": None,
    }
    return {**given, **fields}


def key(name, *, user=None, port=22, last_used=None, default=False, at=("b1", "m1")):
    association = {"backend_id": at[0], "machine_id": at[1], "user": user, "port": port, "last_used": last_used}
    return {"id": name, "name": name, "default": default, "machines": [association]}


def login(*keys):
    return machine_hosts.logins_of(keys).get(("b1", "m1"))


def address(rules=None, **fields):
    return machine_hosts.address_of(machine(**fields), machine_hosts.HostOptions(**(rules or {})))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("web-1.example.test", "web-1.example.test"),
        ("Web Server", "Web_Server"),
        ("a:22", "a_22"),
        ("[::1]:22", "_1_22"),
        ("{{ 7*7 }}x", "_7_7_x"),
        ("#jinja2: a", "_jinja2_a"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/passwd", "_etc_passwd"),
        ("-oProxyCommand=x", "oProxyCommand_x"),
        (".hidden", "hidden"),
        ("a,b", "a_b"),
        ("a\nb\x00c", "a_b_c"),
        ("@group", "_group"),
        ("!not", "_not"),
        ("~regex", "_regex"),
        ("a&b", "a_b"),
        ("café", "cafe"),
        ("日本 1", "_1"),
        ("\ud800web", "_web"),
    ],
)
def test_a_name_keeps_what_ansible_awx_and_file_systems_can_bear(text, name):
    assert machine_hosts.host_name(text) == name


@pytest.mark.parametrize("text", ["", "   ", "..", "--", "___", "日本", "{{}}", "💥"])
def test_a_name_of_which_nothing_is_left_is_none(text):
    assert machine_hosts.host_name(text) == ""


def test_a_long_name_is_cut():
    assert machine_hosts.host_name("x" * 300) == "x" * 128


def test_names_that_differ_stay_as_they_are():
    assert machine_hosts.distinct_names({"b1/m1": "web", "b1/m2": "db"}) == {"b1/m1": "web", "b1/m2": "db"}


def test_each_of_several_equal_names_gets_a_suffix_whatever_the_order():
    machines = {"b1/m1": "web", "b1/m2": "web", "b2/m1": "web", "b2/m2": "db"}
    first = machine_hosts.distinct_names(machines)
    assert len(set(first.values())) == 4
    assert [name for name in first.values() if name.startswith("web-") and len(name) == 10] == list(first.values())[:3]
    for order in itertools.permutations(machines.items()):
        assert machine_hosts.distinct_names(dict(order)) == first


def test_a_suffix_stays_when_other_machines_come_and_go():
    before = machine_hosts.distinct_names({"b1/m1": "web", "b1/m2": "web"})
    after = machine_hosts.distinct_names({"b1/m1": "web", "b1/m3": "web", "b1/m4": "db"})
    assert before["b1/m1"] == after["b1/m1"]


def test_a_machine_that_is_called_what_another_one_becomes_is_distinguished_as_well():
    first = machine_hosts.distinct_names({"b1/m1": "web", "b1/m2": "web"})["b1/m1"]
    names = machine_hosts.distinct_names({"b1/m1": "web", "b1/m2": "web", "b1/m3": first})
    assert len(set(names.values())) == 3
    assert names["b1/m1"] == first


def test_no_choice_of_names_keeps_the_plugin_busy_for_ever():
    victim = {"b1/m1": "web", "b1/m2": "web"}
    digest = {length: machine_hosts._digest("b1/m1", length) for length in range(6, 65)}
    hostile = {f"b1/x{length}": f"web-{digest[length]}" for length in digest}
    names = machine_hosts.distinct_names({**victim, **hostile})
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "all", "ungrouped", "taken"])
def test_a_name_that_means_something_else_is_not_given(name):
    named = machine_hosts.distinct_names({"b1/m1": name}, {"taken"})["b1/m1"]
    assert named.startswith(f"{name}-")


def test_a_suffixed_name_that_is_taken_becomes_longer():
    first = machine_hosts.distinct_names({"b1/m1": "web"}, {"web"})["b1/m1"]
    assert machine_hosts.distinct_names({"b1/m1": "web"}, {"web", first})["b1/m1"].startswith(first)


def test_public_then_private_then_dns_is_the_address():
    there = {"public_ips": ["192.0.2.1"], "private_ips": ["10.0.0.1"], "dns_name": "web.test"}
    assert address(**there) == "192.0.2.1"
    assert address(**{**there, "public_ips": []}) == "10.0.0.1"
    assert address(dns_name="web.test") == "web.test"
    assert address() is None


def test_the_kinds_of_addresses_are_taken_as_asked():
    there = {"public_ips": ["192.0.2.1"], "private_ips": ["10.0.0.1"], "dns_name": "web.test"}
    assert address({"connect_with": ["dns_name", "private_ip"]}, **there) == "web.test"
    assert address({"connect_with": ["private_ip"]}, **there) == "10.0.0.1"
    assert address({"connect_with": ["private_ip"]}, public_ips=["192.0.2.1"]) is None


def test_ipv4_is_taken_first_unless_ipv6_is_preferred():
    both = ["2001:db8::1", "192.0.2.1"]
    assert address(public_ips=both) == "192.0.2.1"
    assert address({"prefer_ipv6": True}, public_ips=both) == "2001:db8::1"
    assert address(public_ips=["2001:db8::1"]) == "2001:db8::1"
    assert address({"prefer_ipv6": True}, public_ips=["192.0.2.1"]) == "192.0.2.1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "None",
        "web",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1 -oProxyCommand=x",
        "{{ 7*7 }}",
        "fe80::1%{{ 7*7 }}\n",
        "192.0.2.1\n",
    ],
)
def test_what_is_no_address_is_not_connected_to(text):
    found = address(public_ips=[text])
    assert found is None or found == "fe80::1"


@pytest.mark.parametrize(
    "text", ["", "-oProxyCommand=x", "a b", "web..test", "web_1.test", "{{ 7*7 }}", "x" * 64, "web.test\n", "é.test"]
)
def test_what_is_no_dns_name_is_not_connected_to(text):
    assert address(dns_name=text) is None


def test_the_key_that_was_used_last_is_the_login():
    assert login(key("old", user="a", last_used=1.0), key("new", user="b", port=2222, last_used=2.0)) == (
        "new",
        "b",
        2222,
    )


def test_before_any_key_was_used_the_default_one_is_the_login():
    assert login(key("a"), key("b", default=True), key("c")).key == "b"


def test_keys_in_any_order_make_the_same_login():
    keys = [key("c", last_used=5.0), key("a", last_used=5.0), key("b")]
    assert {login(*order).key for order in itertools.permutations(keys)} == {"a"}


def test_where_mist_knows_no_user_there_is_none():
    """A variable of a host would outrank group_vars and ansible.cfg."""
    assert login(key("a")).user is None
    assert "ansible_user" not in machine_hosts.variables_of(
        machine(), BACKEND, login(key("a")), machine_hosts.HostOptions()
    )


def test_a_key_on_the_machine_itself_without_a_user_names_none():
    on_it = {"key_id": "k1", "user": None, "port": 2222, "last_used": None}
    login = machine_hosts.login_of({**machine(), "ssh_keys": [on_it]}, {})
    assert login == ("k1", None, 2222)


def test_a_machine_of_the_same_id_at_another_backend_has_its_own_login():
    logins = machine_hosts.logins_of([key("a", at=("b1", "m1")), key("b", at=("b2", "m1"))])
    assert (logins["b1", "m1"].key, logins["b2", "m1"].key) == ("a", "b")


@pytest.mark.parametrize(
    ("user", "port", "expected"),
    [
        ("deploy", 22, {"ansible_user": "deploy", "ansible_port": 22}),
        ("DOMAIN\\admin", 22, {"ansible_user": "DOMAIN\\admin", "ansible_port": 22}),
        ("-oProxyCommand=x", 22, {"ansible_port": 22}),
        ("a b", 22, {"ansible_port": 22}),
        ("{{ 7*7 }}", 22, {"ansible_port": 22}),
        ("root\n", 22, {"ansible_port": 22}),
        ("root", 0, {"ansible_user": "root"}),
        ("root", 70000, {"ansible_user": "root"}),
        ("root", "{{ 7*7 }}", {"ansible_user": "root"}),
        ("root", None, {"ansible_user": "root"}),
        ("root", True, {"ansible_user": "root"}),
    ],
)
def test_user_and_port_are_taken_only_if_they_can_be_some(user, port, expected):
    variables = machine_hosts.variables_of(
        machine(), BACKEND, machine_hosts.Login("k", user, port), machine_hosts.HostOptions()
    )
    assert {name: value for name, value in variables.items() if name.startswith("ansible_")} == expected


def test_variables_are_all_of_the_machine_and_its_backend_under_the_prefix():
    variables = machine_hosts.variables_of(machine(), BACKEND, None, machine_hosts.HostOptions("m_"))
    assert variables == {
        **{f"m_{name}": value for name, value in machine().items()},
        "m_unique_id": "b1/m1",
        "m_backend_title": "EC2 one",
        "m_provider": "ec2_us_east",
        "m_region": None,
        "m_key": None,
    }
