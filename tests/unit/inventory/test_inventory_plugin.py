# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of an inventory file: hosts, their names, variables and groups, and the errors of a bad file."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.vars import combine_vars
from ansible.vars.reserved import get_reserved_names

from .attack import HOSTILE

EC2 = {"provider": "ec2_us_east", "apikey": "demo-ec2-key", "apisecret": "ec2-secret-for-tests-0123456789"}


def members(inventory):
    """The hosts of each group."""
    return {name: [host.name for host in group.hosts] for name, group in inventory.groups.items()}


def variables(inventory, name=None):
    """What is said of the host of this name, or of the only one."""
    found = inventory.hosts[name] if name else next(iter(inventory.hosts.values()))
    return found.vars


# ---- which machines are hosts


def test_a_server_without_backends_has_no_hosts(parse, mist):
    assert list(parse().hosts) == []
    assert [each.line for each in mist.requests] == ["GET /backends"]


def test_all_machines_of_seven_backends_are_hosts_for_nine_requests(parse, world):
    for number in range(6):
        world.machine(f"web{number}", world.backend(f"B{number}"))
    world.machine("web6")
    assert sorted(parse().hosts) == [f"web{number}" for number in range(7)]
    assert len(world.asked()) == 9
    parse(use_key_associations=False)
    assert len(world.asked()) == 8


def test_ten_thousand_machines_cost_no_more_requests(parse, world):
    for number in range(10_000):
        world.machine(f"web{number}")
    inventory = parse()
    assert len(inventory.hosts) == len(inventory.groups["ungrouped"].hosts) == 10_000
    assert len(world.asked()) == 3


def test_no_more_backends_are_listed_at_once_than_there_are_workers(parse, world):
    for number in range(6):
        world.backend(f"B{number}")
    world.mist.settings.change(latency_ms=20)
    parse(workers=2)
    assert world.mist.max_concurrent_requests == 2


def test_a_backend_that_is_disabled_is_not_asked(parse, world):
    world.machine()
    world.backend("Off").enabled = False
    parse()
    assert len([line for line in world.asked() if "machines" in line]) == 1


@pytest.mark.parametrize("word", ["EC2 one", "ec2_us_east", "id"])
def test_backends_are_chosen_and_left_out_by_title_provider_and_id(word, parse, world):
    world.machine("here")
    other = world.backend("EC2 one", **EC2)
    world.machine("there", other, private_ips=["10.0.0.1"])
    word = other.id if word == "id" else word
    assert list(parse(backends=[word]).hosts) == ["there"]
    assert list(parse(exclude_backends=[word]).hosts) == ["here"]


def test_terminated_machines_are_no_hosts_unless_asked_for(parse, world):
    for status in ("running", "stopped", "terminated"):
        world.machine(status, status=status)
    assert list(parse().hosts) == ["running", "stopped"]
    assert list(parse(states=["terminated"]).hosts) == ["terminated"]


def test_the_first_filter_that_fits_decides(parse, world):
    for name in ("web1", "web2", "db1"):
        world.machine(name, tags={"role": name[:-1]})
    assert list(parse(filters=[{"include": "mist_tags.role == 'web'"}, {"exclude": "true"}]).hosts) == ["web1", "web2"]
    assert list(parse(filters=[{"exclude": "mist_name == 'web2'"}]).hosts) == ["web1", "db1"]
    assert list(parse(filters=[{"include": "ansible_host == '192.0.2.1'"}, {"exclude": True}]).hosts) == ["web1"]


# ---- what hosts are called


def test_equal_names_get_the_same_suffixes_whatever_the_order(parse, world):
    other = world.backend("Other")
    for backend in (None, other):
        world.machine("web", backend)
    world.machine("db")
    first = sorted(parse().hosts)
    assert len(first) == 3
    assert [name for name in first if name.startswith("web-")] == first[1:]
    world.mist.settings.change(shuffle=1)
    for _run in range(3):
        assert sorted(parse().hosts) == first


def test_equal_names_can_be_refused_and_the_error_tells_which(parse, world):
    backend = world.mist.world.backends
    world.machine("web"), world.machine("web"), world.machine("db")
    with pytest.raises(AnsibleError) as failed:
        parse(on_duplicate="fail")
    (one,) = backend
    assert f"'web': {one}/m1, {one}/m2." in str(failed.value)
    assert "db" not in str(failed.value)


def test_equal_names_can_be_warned_of(parse, world, warnings):
    world.machine("web"), world.machine("web")
    inventory = parse(on_duplicate="warn")
    assert len(inventory.hosts) == 2
    assert warnings[0].startswith("Several machines have the same host name (backend id/machine id): 'web'")


@pytest.mark.parametrize(
    ("hostnames", "name"),
    [
        (["name"], "web"),
        (["mist_name"], "web"),
        (["mist_tags.fqdn", "name"], "web.test"),
        (["mist_tags.nosuch", "nosuch", "id"], "m1"),
        (["mist_name ~ '.' ~ mist_backend_title"], "web.OpenStack_one"),
        (["public_ips"], "192.0.2.1"),
        (["mist_key", "mist_name"], "web"),
        ([], "m1"),
        (["nosuch"], "m1"),
        (["1 / 0"], "m1"),
    ],
)
def test_the_first_name_that_is_not_empty_is_taken(hostnames, name, parse, world):
    world.machine("web", tags={"fqdn": "web.test"})
    assert list(parse(hostnames=hostnames).hosts) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "日本",
        "a b",
        "a:22",
        "{{ 7*7 }}",
        "../../x",
        "[1:9]",
        "x" * 300,
        "#jinja2: x",
        "-",
        "a\n b",
        "é",
        "\0",
    ],
)
def test_a_strange_name_makes_a_host_that_can_be_meant(name, parse, world, manage, write):
    world.machine(name)
    (host,) = parse().hosts
    assert 0 < len(host) <= 128
    assert [each.name for each in manage(write()).get_hosts(host)] == [host]


def test_a_machine_that_is_called_like_a_group_gets_another_name(parse, world):
    for name in ("web", "db", "web1"):
        world.machine(name, tags={"role": name.rstrip("1")})
    inventory = parse(keyed_groups=[{"key": "mist_tags.role", "separator": ""}])
    assert members(inventory)["web"][0].startswith("web-")
    assert members(inventory)["web"][1] == "web1"
    assert inventory.groups["web"].vars == inventory.groups["db"].vars == {}
    assert all("mist_name" in host.vars for host in inventory.hosts.values())


@pytest.mark.parametrize("name", ["all", "ungrouped", "localhost", "127.0.0.1"])
def test_a_machine_is_never_the_controller_nor_everything(name, parse, world):
    world.machine(name)
    (host,) = parse().hosts
    assert host.startswith(f"{name}-")


# ---- what is known of hosts


def test_a_host_has_all_of_its_machine_and_is_clean_json(parse, world, dump):
    machine = world.machine("Web 1", tags={"role": "web"}, private_ips=["10.0.0.1"])
    world.key("old", machine, last_login=1.0, user="nobody")
    world.key("shop", machine, last_login=2.0, user="deploy", port=2222)
    hostvars = variables(parse())
    hostvars = {name: value for name, value in hostvars.items() if not name.startswith("inventory_")}
    assert dump(hostvars) == json.loads(json.dumps(hostvars))
    expected = {
        "ansible_host": "192.0.2.1",
        "ansible_user": "deploy",
        "ansible_port": 2222,
        "mist_key": "shop",
        "mist_name": "Web 1",
        "mist_tags": {"role": "web"},
        "mist_backend_title": "OpenStack one",
        "mist_provider": "openstack",
        "mist_region": None,
        "mist_unique_id": f"{machine_backend(world)}/m1",
        "mist_public_ips": ["192.0.2.1"],
        "mist_private_ips": ["10.0.0.1"],
        "mist_state": "running",
    }
    assert {name: hostvars[name] for name in expected} == expected


def machine_backend(world):
    return next(iter(world.mist.world.backends))


def test_no_variable_has_the_name_of_one_of_ansibles_own(parse, world):
    machine = world.machine(tags=dict.fromkeys(["environment", "ansible_host", "become", "vars"], "x"))
    world.key("shop", machine, user="deploy")
    hostvars = set(variables(parse())) - {"inventory_file", "inventory_dir"}
    assert not hostvars & get_reserved_names()
    assert {name for name in hostvars if not name.startswith("mist_")} == {
        "ansible_host",
        "ansible_user",
        "ansible_port",
    }


def test_a_user_that_mist_does_not_know_is_not_made_up(parse, world):
    """As of a machine that was just created (recordings/2014: keys.list.*); the user would outrank group_vars."""
    world.key("shop", world.machine())
    hostvars = variables(parse())
    assert (hostvars["mist_key"], hostvars["ansible_port"]) == ("shop", 22)
    assert "ansible_user" not in hostvars


def test_the_login_is_not_asked_for_where_it_is_not_wanted(parse, world):
    world.key("shop", world.machine())
    hostvars = variables(parse(use_key_associations=False))
    assert hostvars["mist_key"] is None
    assert "ansible_user" not in hostvars
    assert not any("/keys" in line for line in world.asked())


def test_the_prefix_of_the_variables_can_be_chosen(parse, world):
    world.machine()
    hostvars = variables(parse(hostvars_prefix="cloud_", hostnames=["cloud_name"]), "web")
    assert hostvars["cloud_name"] == "web"
    assert not any(name.startswith("mist_") for name in hostvars)


def test_ipv6_alone_is_an_address_as_good_as_any(parse, world):
    world.machine(public_ips=["2001:db8::1"])
    assert variables(parse())["ansible_host"] == "2001:db8::1"


def test_running_machines_without_an_address_are_hosts_and_warned_of_once(parse, world, warnings):
    for number in range(10):
        world.machine(f"web{number}", public_ips=["None"])
    world.machine("off", public_ips=[], status="stopped")
    inventory = parse()
    assert len(inventory.hosts) == 11
    assert not any("ansible_host" in host.vars for host in inventory.hosts.values())
    names = ", ".join(f"web{number}" for number in range(8))
    assert warnings == [f"10 running machines have no address, so ansible_host is not set: {names} and 2 more."]


# ---- constructed


def test_groups_see_what_compose_made_and_keyed_groups_too(parse, world):
    world.machine("web1", tags={"role": "web"})
    inventory = parse(
        compose={"role": "mist_tags.role | upper", "ansible_host": "'10.9.9.9'"},
        groups={"servers": "role == 'WEB'"},
        keyed_groups=[{"key": "role", "prefix": "role", "parent_group": "roles"}],
    )
    assert members(inventory) == {"all": [], "ungrouped": [], "servers": ["web1"], "role_WEB": ["web1"], "roles": []}
    assert [group.name for group in inventory.groups["roles"].child_groups] == ["role_WEB"]
    assert variables(inventory)["ansible_host"] == "10.9.9.9"


def test_extra_vars_are_seen_by_expressions_if_wanted(parse, world, extra_vars):
    world.machine()
    extra_vars["stage"] = "prod"
    assert "_prod" in parse(use_extra_vars=True, keyed_groups=[{"key": "stage"}]).groups
    assert "_prod" not in parse(keyed_groups=[{"key": "stage"}]).groups


def test_the_leading_separator_can_go(parse, world):
    world.machine()
    assert "running" in parse(leading_separator=False, keyed_groups=[{"key": "mist_state"}]).groups


def test_strict_makes_an_error_of_what_is_not_there(parse, world):
    world.machine()
    for option in (
        {"compose": {"a": "nosuch"}},
        {"groups": {"a": "nosuch"}},
        {"keyed_groups": [{"key": "nosuch"}]},
        {"filters": [{"include": "nosuch"}]},
        {"hostnames": ["nosuch"]},
    ):
        assert list(parse(**option).hosts) in (["web"], ["m1"])
        with pytest.raises(AnsibleError, match="nosuch"):
            parse(strict=True, **option)


@pytest.mark.parametrize("expression", ["1 / 0", "mist_name | to_datetime", "mist_name()", "mist_name + 1"])
def test_an_expression_that_fails_for_a_machine_is_no_reason_to_fail_for_all(expression, parse, world):
    world.machine()
    assert list(parse(filters=[{"exclude": expression}]).hosts) == ["web"]
    assert list(parse(hostnames=[expression, "name"]).hosts) == ["web"]


@pytest.mark.parametrize("role", ["all", "ungrouped", "roles", "", "web", "日本", "x" * 300, "1", "a-b", "{{ 7*7 }}"])
def test_no_tag_breaks_the_groups(role, parse, world):
    world.machine("web", tags={"role": role})
    world.machine("db", tags={"role": "db"})
    options = {"separator": "", "parent_group": "roles"}
    keyed = [{"key": "mist_tags.role", **options}, {"key": "mist_tags.values() | list", **options}]
    inventory = parse(keyed_groups=keyed)
    assert len(inventory.hosts) == 2
    assert [group.name for group in inventory.groups["roles"].child_groups][-1] == "db"
    assert inventory.groups["db"].get_hosts() == [
        inventory.hosts["db"] if "db" in inventory.hosts else hosts(inventory)[1]
    ]


def hosts(inventory):
    return list(inventory.hosts.values())


def test_groups_of_tags_make_no_loop(parse, world, warnings):
    world.machine("a", tags={"role": "x", "parent": "y"})
    world.machine("b", tags={"role": "y", "parent": "x"})
    keyed = [{"key": "mist_tags.role", "separator": "", "parent_group": "{{ mist_tags.parent }}"}]
    assert len(parse(keyed_groups=keyed).hosts) == 2
    assert warnings == ["Group y was not added to group x, because x already belongs to y."]


# ---- texts that would like to be templates


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_server_says_is_rendered(text, parse, world, dump, canary):
    backend = world.backend(text)
    world.machine(text, backend, tags={"role": text, text: "x"})
    options = {
        "hostnames": ["mist_tags.role", "name"],
        "compose": {
            "role": "mist_tags.role",
            "title": "mist_backend_title ~ mist_name",
            "tags": "mist_tags",
            "decoded": "mist_tags.role | from_yaml",
        },
        "groups": {"a": "role == 'x'", "b": "mist_tags.role is defined", "c": "decoded == 'x'"},
        "keyed_groups": [
            {"key": "mist_tags"},
            {"key": "role"},
            {"key": "decoded"},
            {"key": "mist_tags.role | from_yaml"},
        ],
        "filters": [{"exclude": "mist_tags.role == 'x' or mist_backend_title == 'x'"}],
        "cache": True,
        "cache_plugin": "jsonfile",
        "cache_connection": "cache",
    }
    for _cold_then_warm in range(2):
        inventory = parse(**options)
        (host,) = hosts(inventory)
        hostvars = host.get_vars()
        show(hostvars)
        assert hostvars["ansible_host"] == "192.0.2.1"
        assert hostvars["mist_tags"]["role"] == hostvars["role"] == hostvars["mist_backend_title"] == text
        printed = dump(hostvars)
        assert printed["ansible_host"] == "192.0.2.1"
        assert printed["mist_state"] == "running"
        assert printed["mist_tags"]["role"] == {"__ansible_unsafe": text}
        assert not set(host.name) & set("{}#[]'\"\\")
    assert not canary()


def show(hostvars):
    """As ``debug: var=hostvars`` in a playbook."""
    templar = Templar(DataLoader(), variables=hostvars)
    templar.template(hostvars)
    for name in hostvars:
        templar.template(templar.template(hostvars[name]))


def test_an_error_of_the_server_is_not_rendered(parse, world, canary):
    world.answer(HOSTILE[0], status=500, headers={})
    hostvars = parse().groups["all"].vars
    show(hostvars)
    assert "touch CANARY" in hostvars["mist_failed_backends"][0]["error"]
    assert not canary()


# ---- bad files


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a: [b", "YAML"),
        ("[a]", "mist.yml: it must contain options, such as 'plugin: mistio.cloud.mist'."),
        ("just words", "it must contain options"),
        ("plugin: amazon.aws.aws_ec2", "Incorrect plugin name in file: amazon.aws.aws_ec2"),
        ("a: b", "Incorrect plugin name in file: none found"),
    ],
)
def test_a_file_of_another_plugin_is_refused(text, said, parse):
    with pytest.raises(AnsibleError) as failed:
        parse("mist.yml", text)
    assert said in str(failed.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"keyd_groups": []}, "Unknown option 'keyd_groups'. Did you mean keyed_groups or groups?"),
        ({"zzzzz": 1}, "Unknown option 'zzzzz'. Options are: backends, "),
        ({"mist_uri": "mist.example.test"}, "it must begin with http:// or https://"),
        ({"mist_uri": ""}, "mist_uri is missing. Set mist_uri or the environment variable MIST_URI."),
        ({"mist_uri": "{{ nosuch }}"}, "The template of option mist_uri failed: 'nosuch' is undefined"),
        ({"compose": {"a": "b +"}}, "Invalid expression 'b +' in compose.a: "),
        ({"groups": {"a": "{{ b }}"}}, "Remove the braces: the value is an expression."),
        ({"keyed_groups": [{"key": "a b"}]}, "Invalid expression 'a b' in keyed_groups[0].key: "),
        ({"keyed_groups": [{"prefix": "a"}]}, "Invalid keyed_groups[0] {'prefix': 'a'}: it must be a dict with a key."),
        ({"keyed_groups": ["a"]}, "Invalid keyed_groups[0] 'a': it must be a dict with a key."),
        ({"filters": [{"include": "a =="}]}, "Invalid expression 'a ==' in filters[0].include: "),
        ({"filters": ["a"]}, "Invalid filters[0] 'a': it must have either include or exclude."),
        ({"filters": [{"include": "a", "exclude": "b"}]}, "it must have either include or exclude."),
        (
            {"filters": [{"include": None}]},
            "Invalid filters[0].include None: it must be an expression in quotes.",
        ),
        ({"hostnames": [5]}, "Invalid hostnames[0] 5: it must be an expression in quotes."),
        (
            {"compose": {"ansible_port": 22}},
            "Invalid compose.ansible_port 22: it must be an expression in quotes.",
        ),
        ({"states": ["up"]}, "states"),
        ({"workers": 0}, "Invalid workers 0: it must be 1 or more."),
        ({"hostvars_prefix": "ansible_"}, "Invalid hostvars_prefix 'ansible_': only letters, digits and underscores"),
        ({"hostvars_prefix": "a-"}, "Invalid hostvars_prefix 'a-': "),
        ({"backends": ["OpenStack won"]}, "Backend 'OpenStack won' not found on "),
        ({"backends": ["OpenStack won"]}, "Did you mean 'OpenStack one' ("),
        ({"backends": ["zzz"]}, "Available backends: 'OpenStack one' ("),
        ({"timeout": 0}, "Invalid timeout 0: it must be greater than 0."),
        ({"retries": -1}, "Invalid retries -1: it must be 0 or greater."),
        ({"ca_path": "/nosuch/file"}, "Invalid ca_path '/nosuch/file': file not found."),
        ({"on_backend_error": "stale"}, "Set cache to true, and cache_plugin to a persistent plugin"),
        ({"on_api_error": "stale", "cache": True}, "Set cache to true, and cache_plugin to a persistent plugin"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_bad_option_is_reported(options, said, strict, parse, world):
    world.machine()
    with pytest.raises(AnsibleError) as failed:
        parse(strict=strict, **options)
    assert said in str(failed.value)
    assert str(failed.value).count(said) == 1


def test_a_server_that_is_not_named_is_reported_with_its_variable(parse):
    with pytest.raises(AnsibleError, match=r"mist_uri is missing\. Set mist_uri or the .* MIST_URI\."):
        parse("mist.yml", "plugin: mistio.cloud.mist\n")


def test_an_option_that_is_no_text_is_reported(parse):
    with pytest.raises(AnsibleError, match="Unknown option 1"):
        parse("mist.yml", "plugin: mistio.cloud.mist\n1: 1")


# ---- where options come from


def test_a_template_in_the_file_is_rendered(parse, world, monkeypatch):
    world.machine()
    monkeypatch.setenv("SOME_URI", world.mist.uri)
    assert list(parse(mist_uri="{{ lookup('ansible.builtin.env', 'SOME_URI') }}").hosts) == ["web"]


def test_a_template_in_the_environment_is_not_rendered(parse, world, monkeypatch, canary):
    world.machine()
    monkeypatch.setenv("MIST_API_TOKEN", HOSTILE[0])
    monkeypatch.setenv("MIST_GENERATION", "backends")
    parse()
    assert world.mist.requests[0].headers["Authorization"] == HOSTILE[0]
    assert not canary()


def test_extra_vars_come_before_the_environment(parse, world, monkeypatch, extra_vars):
    world.machine()
    monkeypatch.setenv("MIST_URI", "http://127.0.0.1:9")
    extra_vars["mist_uri"] = world.mist.uri
    assert list(parse("mist.yml", "plugin: mistio.cloud.mist").hosts) == ["web"]


def test_the_environment_is_enough_for_a_file_with_nothing_but_the_plugin(parse, world, monkeypatch):
    world.machine("web1", tags={"fqdn": "web.test"})
    world.machine("db1", status="stopped")
    for name, value in (
        ("URI", world.mist.uri),
        ("STATES", "running,pending"),
        ("HOSTNAMES", "mist_tags.fqdn,name"),
        ("BACKENDS", "openstack"),
        ("USE_KEY_ASSOCIATIONS", "False"),
        ("WORKERS", "2"),
        ("VALIDATE_CERTS", "True"),
    ):
        monkeypatch.setenv(f"MIST_{name}", value)
    assert list(parse("mist.yml", "plugin: mistio.cloud.mist").hosts) == ["web.test"]


def test_empty_variables_of_the_environment_are_as_good_as_none(parse, world, monkeypatch, plugin_options):
    world.machine()
    names = {each["name"] for spec in plugin_options.values() for each in spec.get("env") or []}
    for name in names - {"MIST_URI"}:
        if name.startswith("MIST_"):
            monkeypatch.setenv(name, "")
    assert list(parse().hosts) == ["web"]
    monkeypatch.setenv("MIST_URI", "")
    with pytest.raises(AnsibleError, match="mist_uri"):
        parse("mist.yml", "plugin: mistio.cloud.mist")


# ---- beside other inventories


def test_a_static_host_of_the_same_name_is_the_same_host(manage, write, world, tmp_path):
    world.machine("web")
    static = tmp_path / "a.yml"
    static.write_text("shop: {hosts: {web: {ansible_host: 10.9.9.9, color: red}}}", encoding="utf-8")
    mist = write(keyed_groups=[{"key": "color"}])
    inventory = manage(static, mist)
    (host,) = inventory.get_hosts()
    assert host.vars["ansible_host"] == "192.0.2.1"
    assert {"shop", "_red"} < {group.name for group in host.get_groups()}
    (host,) = manage(mist, static).get_hosts()
    assert host.vars["ansible_host"] == "10.9.9.9"


def test_a_machine_that_is_called_like_a_group_of_another_file_gets_another_name(manage, write, world, tmp_path):
    world.machine("shop")
    static = tmp_path / "a.yml"
    static.write_text("shop: {hosts: {web: {}}}", encoding="utf-8")
    inventory = manage(static, write())
    assert sorted(host.name for host in inventory.get_hosts())[0].startswith("shop-")
    assert inventory.groups["shop"].vars == {}


def test_machines_of_two_servers_stay_apart(manage, write, world, other_server):
    world.machine("web")
    other_server.machine("web", public_ips=["192.0.2.99"])
    inventory = manage(write("a.mist.yml"), write("b.mist.yml", mist_uri=other_server.mist.uri))
    first, second = inventory.get_hosts()
    assert first.name == "web"
    assert second.name.startswith("web-")
    assert (first.vars["ansible_host"], second.vars["ansible_host"]) == ("192.0.2.1", "192.0.2.99")


def test_the_same_machine_in_two_files_is_one_host(manage, write, world):
    world.machine("web", tags={"role": "db"})
    first = write("a.mist.yml", keyed_groups=[{"key": "mist_state"}])
    second = write("b.mist.yml", keyed_groups=[{"key": "mist_tags.role"}])
    (host,) = manage(first, second).get_hosts()
    assert {"_running", "_db"} < {group.name for group in host.get_groups()}


def test_what_fails_leaves_no_half_inventory(manage, write, world, warnings):
    for number in range(3):
        world.machine(f"web{number}", tags={} if number == 2 else {"role": "web"})
    inventory = manage(write(strict=True, keyed_groups=[{"key": "mist_state"}, {"key": "mist_tags.role.x"}]))
    assert inventory.hosts == {}
    assert set(inventory.groups) == {"all", "ungrouped"}
    assert any("mist_tags.role.x" in text for text in warnings)


def test_variables_of_a_static_host_are_kept_where_compose_has_nothing(manage, write, world, tmp_path):
    world.machine("web")
    static = tmp_path / "a.yml"
    static.write_text('all: {hosts: {web: {color: "{{ 6 * 7 }}"}}}', encoding="utf-8")
    inventory = manage(static, write(compose={"color": "mist_tags.color"}))
    (host,) = inventory.get_hosts()
    hostvars = combine_vars(host.vars, {})
    assert Templar(DataLoader(), variables=hostvars).template(hostvars["color"]) in (42, "42")
