# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All machines of all backends as hosts: from options to an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mist
short_description: Machines of all backends as hosts
version_added: 1.0.0
author: Mist Developers (@mistio)
description:
  - Makes a host of each machine that Mist manages, with the address, the user and the port that Mist itself logs in by.
  - The file must be named C(mist.yml) or C(mist.yaml), or end so, as C(prod.mist.yml).
  - What a server says is never taken for a template, so that a machine's tags cannot run code where Ansible runs.
  - Options of the server, and all but those with expressions, may be templates themselves, and vault strings.
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [mistio.cloud.mist]
  backends:
    description:
      - The backends whose machines are hosts, each by its id, its title or its provider; all, if none is given.
      - On servers of the generation V(backends), the provider V(ec2) means every region of EC2.
      - A backend that is disabled in Mist is left out in any case.
    type: list
    elements: str
    default: []
    env:
      - name: MIST_BACKENDS
  exclude_backends:
    description: The backends whose machines are no hosts, each by its id, its title or its provider.
    type: list
    elements: str
    default: []
    env:
      - name: MIST_EXCLUDE_BACKENDS
  states:
    description: The states in which a machine is a host. If not set, all but V(terminated).
    type: list
    elements: str
    choices:
      - running
      - rebooting
      - pending
      - stopped
      - terminated
      - starting
      - stopping
      - suspended
      - paused
      - updating
      - reconfiguring
      - migrating
      - normal
      - succeeded
      - failed
      - error
      - unknown
    env:
      - name: MIST_STATES
  filters:
    description:
      - Which machines become hosts. The first entry whose expression is true decides. A machine that none fits is a
        host.
      - The expressions see the variables of the host, save those that O(compose) makes.
      - One that fails, as for a tag that the machine does not have, does not fit; with O(strict) it is an error.
    type: list
    elements: dict
    default: []
    suboptions:
      include:
        description: An expression; a machine of which it is true is a host.
        type: str
      exclude:
        description: An expression; a machine of which it is true is no host.
        type: str
  hostnames:
    description:
      - What hosts are called, the first of them that is not empty.
      - Each is the name of a variable, with O(hostvars_prefix) or without, or else an expression.
      - Letters that cannot be in a host's name become underscores. If nothing is left, the machine's id is the name.
    type: list
    elements: str
    default: [name]
    env:
      - name: MIST_HOSTNAMES
  on_duplicate:
    description:
      - What to do when several machines come to the same name.
      - V(suffix) adds a short suffix to all of them. It is made from the ids of the machine and its backend, so it is
        the same on each run.
      - V(warn) does the same and says so.
      - V(fail) makes no inventory at all.
      - A machine that is called like a group, or like a machine of another inventory file, gets a suffix too.
    type: str
    choices: [suffix, warn, fail]
    default: suffix
    env:
      - name: MIST_ON_DUPLICATE
  connect_with:
    description: Which address becomes C(ansible_host), the first that the machine has.
    type: list
    elements: str
    choices: [public_ip, private_ip, dns_name]
    default: [public_ip, private_ip, dns_name]
    env:
      - name: MIST_CONNECT_WITH
  prefer_ipv6:
    description: Whether of several addresses of one kind an IPv6 one is taken, and not an IPv4 one.
    type: bool
    default: false
    env:
      - name: MIST_PREFER_IPV6
  use_key_associations:
    description:
      - Whether C(ansible_user) and C(ansible_port) come from the key that Mist used last on the machine, and
        C(mist_key) is the name of that key, or its id on servers of the generation V(clouds).
      - C(ansible_user) is not set where Mist has not logged in yet and knows no user, so that a group variable or
        C(ansible.cfg) can set it.
      - Costs one request on servers of the generation V(backends).
    type: bool
    default: true
    env:
      - name: MIST_USE_KEY_ASSOCIATIONS
  fresh:
    description:
      - Whether Mist asks the providers now, which costs a request for each backend, and does not tell what it saw last.
      - Servers of the generation V(backends) always ask them.
    type: bool
    default: false
    env:
      - name: MIST_FRESH
  hostvars_prefix:
    description: What the names of the variables that come from Mist begin with.
    type: str
    default: mist_
    env:
      - name: MIST_HOSTVARS_PREFIX
  workers:
    description: How many backends are listed at once.
    type: int
    default: 10
    env:
      - name: MIST_WORKERS
  on_backend_error:
    description:
      - What to do when a backend cannot be listed.
      - Servers of the generation V(clouds) tell all machines at once as they saw them last, and no backend fails. There
        it acts only with O(fresh=true).
      - V(warn) leaves its machines out. A warning tells why, and on the group C(all) C(mist_inventory_partial) is true
        and C(mist_failed_backends) tells which.
      - V(stale) does the same, but takes the machines of its last good listing from the cache, with
        C(mist_stale_since).
      - V(fail) makes no inventory at all.
    type: str
    choices: [warn, stale, fail]
    default: warn
    env:
      - name: MIST_ON_BACKEND_ERROR
  on_api_error:
    description:
      - What to do when Mist itself fails, or refuses the login.
      - V(fail) makes no inventory at all.
      - V(stale) takes the last good listing of everything from the cache.
    type: str
    choices: [fail, stale]
    default: fail
    env:
      - name: MIST_ON_API_ERROR
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - mistio.cloud.mist.plugin
seealso:
  - ref: ansible_collections.mistio.cloud.docsite.inventory
    description: The guide to the inventory.
  - plugin: mistio.cloud.private_key
    plugin_type: lookup
"""

EXAMPLES = r"""
# web.mist.yml: what runs and is tagged so; a dead backend's machines are those of its last good listing
plugin: mistio.cloud.mist
mist_uri: https://mist.example.com
mist_api_token: "{{ lookup('ansible.builtin.env', 'MIST_API_TOKEN') }}"
states: [running]
exclude_backends: [Sandbox]
filters:
  - include: mist_tags.role | default('') in ['web', 'db']
  - exclude: true
hostnames:
  - mist_tags.fqdn
  - name
compose:
  backend: mist_backend_title
groups:
  databases: mist_tags.role == 'db'
keyed_groups:
  - key: mist_provider
    prefix: provider
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/mist-inventory
cache_timeout: 300
on_backend_error: stale
"""

import hashlib
import math
import re
from datetime import datetime, timezone
from typing import Any, Iterator, NamedTuple

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable, get_cache_plugin
from ansible.utils.vars import combine_vars

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import MistError
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.records import BackendRecord, MachineRecord
from ansible_collections.mistio.cloud.plugins.plugin_utils import hosts as machine_hosts
from ansible_collections.mistio.cloud.plugins.plugin_utils import options as plugin_options
from ansible_collections.mistio.cloud.plugins.plugin_utils.expressions import holds, refuse_bad_syntax
from ansible_collections.mistio.cloud.plugins.plugin_utils.listing import (
    Failure,
    Listing,
    ListingCache,
    Policy,
    chosen,
    gather,
)
from ansible_collections.mistio.cloud.plugins.plugin_utils.staged_inventory import StagedInventory
from ansible_collections.mistio.cloud.plugins.plugin_utils.trust import neutralize, neutralize_before_templating

SHOWN = 8
EXPRESSIONS = ("compose", "filters", "groups", "hostnames", "keyed_groups")


class Host(NamedTuple):
    """A machine that becomes a host, with its variables, in which no expression meets a template."""

    machine: MachineRecord
    variables: dict[str, Any]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "mistio.cloud.mist"

    def verify_file(self, path: str) -> bool:
        return super().verify_file(path) and path.endswith(("mist.yml", "mist.yaml"))

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """As ansible-core does, but unknown options are refused, and templates in the file are rendered first."""
        if direct:
            plugin_options.refuse_unknown(direct, self.option_definitions)
            direct = plugin_options.rendered(self.templar, direct, EXPRESSIONS)
        unset = plugin_options.unset_by_empty(self.option_definitions, var_options or {})
        super().set_options(task_keys=task_keys, var_options=var_options, direct={**unset, **(direct or {})})

    def parse(self, inventory: InventoryData, loader: Any, path: str, cache: bool = True) -> None:
        """Nothing is put into the inventory before everything is known and made."""
        super().parse(inventory, loader, path, cache)
        self.templar.available_variables = self._vars
        if not isinstance(loader.load_from_file(path) or {}, dict):  # ansible-core fails on it without a word
            raise AnsibleParserError(f"{path} holds no options: each stands on a line, with a colon and its value.")
        self._read_config_data(path)
        self._check_options()
        memory = ListingCache(self._stored(path))
        try:
            listing = self._listing(memory, cache and self.get_option("cache"))
            staged, hosts = self._constructed(list(self._hosts(listing)))
        except MistError as error:
            raise AnsibleParserError(plugin_options.format_error(error)) from error
        if self.get_option("cache") and memory.changed:
            self._cache[self._cache_key(path)] = memory.to_store()
        self._warn_of(listing, hosts, staged)
        staged.merge_into(inventory)
        tell_failures(inventory, listing.failures, self.get_option("hostvars_prefix"))

    def _check_options(self) -> None:
        """AnsibleParserError for what ansible-core would let pass."""
        prefix = self.get_option("hostvars_prefix")
        if not re.fullmatch(r"(?!ansible_)[A-Za-z_][A-Za-z0-9_]*", prefix):
            raise AnsibleParserError(
                f"hostvars_prefix is {prefix!r}. It must be letters, digits and underscores, not begun by ansible_."
            )
        if self.get_option("workers") < 1:
            raise AnsibleParserError("workers must be at least 1.")
        for number, entry in enumerate(self.get_option("filters")):
            if not isinstance(entry, dict) or len(entry) != 1 or not entry.keys() <= {"include", "exclude"}:
                raise AnsibleParserError(f"filters[{number}] is {entry!r}. It must have either include or exclude.")
        wants_stale = "stale" in (self.get_option("on_backend_error"), self.get_option("on_api_error"))
        in_memory = self.get_option("cache_plugin") in ("memory", "ansible.builtin.memory")
        if wants_stale and (in_memory or not self.get_option("cache")):
            raise AnsibleParserError(
                "on_backend_error or on_api_error is stale, but nothing is kept from run to run. "
                "Set cache to true, and cache_plugin to one that lasts, such as ansible.builtin.jsonfile."
            )
        refuse_bad_syntax({name: self.get_option(name) for name in EXPRESSIONS})

    # ---- what the server says

    def _listing(self, memory: ListingCache, use_memory: bool) -> Listing:
        wanted, excluded = self.get_option("backends"), self.get_option("exclude_backends")
        uri = self.get_option("mist_uri")
        policy = Policy(
            lifetime=(self.get_option("cache_timeout") or math.inf) if use_memory else None,
            workers=self.get_option("workers"),
            on_backend_error=self.get_option("on_backend_error"),
            on_api_error=self.get_option("on_api_error"),
            with_keys=self.get_option("use_key_associations"),
            fresh=self.get_option("fresh"),
        )

        def choose(backends: list[BackendRecord]) -> list[BackendRecord]:
            return chosen(backends, wanted, excluded, uri)

        return gather(lambda: plugin_options.client_of(self), memory, policy, choose)

    def _stored(self, path: str) -> Any:
        """What the cache has, be it expired or not: how old is too old, each part of the memory says for itself."""
        if not self.get_option("cache"):
            return None
        names = {"_uri": "cache_connection", "_prefix": "cache_prefix"}
        given = {name: self.get_option(option) for name, option in names.items() if self.get_option(option) is not None}
        cache = get_cache_plugin(self.get_option("cache_plugin"), **given, _timeout=0)
        try:
            return cache.get(self._cache_key(path))
        except (AnsibleError, TypeError) as error:  # TypeError: of ansible-core from 2.19 on, for JSON of another shape
            self.display.warning(f"The cache of {path} cannot be read and is not used: {error}")
            return None

    def _cache_key(self, path: str) -> str:
        """One for each file, server and user, so that nobody is shown what another one may see."""
        identity = [self.get_option(name) for name in ("mist_uri", "mist_api_token", "mist_email", "mist_org")]
        return f"{self.get_cache_key(path)}_{hashlib.sha256(repr(identity).encode()).hexdigest()[:16]}"

    # ---- from machines to hosts

    def _hosts(self, listing: Listing) -> Iterator[Host]:
        """The hosts that the options let pass."""
        prefix = self.get_option("hostvars_prefix")
        rules = machine_hosts.HostOptions(prefix, self.get_option("connect_with"), self.get_option("prefer_ipv6"))
        logins = machine_hosts.logins_of(listing.keys)
        stale = {failure.backend["id"]: listed_at(failure) for failure in listing.failures if failure.instead}
        states = self.get_option("states")
        for backend in listing.backends:
            for machine in listing.machines[backend["id"]]:
                if machine["state"] not in states if states else machine["state"] == "terminated":
                    continue
                login = machine_hosts.login_of(machine, logins) if self.get_option("use_key_associations") else None
                variables = neutralize_before_templating(machine_hosts.variables_of(machine, backend, login, rules))
                if backend["id"] in stale:
                    variables[f"{prefix}stale_since"] = stale[backend["id"]]
                if self._passes(variables, machine):
                    yield Host(machine, variables)

    def _passes(self, variables: dict[str, Any], machine: MachineRecord) -> bool:
        for entry in self.get_option("filters"):
            ((verb, condition),) = entry.items()
            try:
                if holds(self.templar, condition, variables):
                    return bool(verb == "include")
            except Exception as error:  # before ansible-core 2.19 whatever a filter of Jinja raises comes here
                if self.get_option("strict"):
                    problem = f"The filter {condition!r} fails for {machine['name']!r}: {error}"
                    raise AnsibleParserError(problem) from error
        return True

    def _named(self, hosts: list[Host], groups: set[str]) -> dict[str, Host]:
        """The hosts by name; equal names are told apart, or are too much, as the options say.

        None is called like one of the ``groups``, nor like a machine of another inventory file.
        """
        by_id = {machine_hosts.unique_id(host.machine): host for host in hosts}
        names = {each: self._name(host) for each, host in by_id.items()}
        others = {name: self._elsewhere(name) for name in names.values()}
        elsewhere = {name: others[name] for each, name in names.items() if others[name] not in (None, each)}
        shared = machine_hosts.names_in_use_twice(names)
        for each, name in names.items():
            if name in elsewhere:
                shared[name] = [elsewhere[name], *shared.get(name, [each])]
        if shared and self.get_option("on_duplicate") != "suffix":
            told = "; ".join(f"{name!r}: {', '.join(ids)}" for name, ids in shared.items())
            problem = f"Several machines come to the same name of a host (backend's id/machine's id): {told}."
            if self.get_option("on_duplicate") == "fail":
                raise AnsibleParserError(f"{problem} Tell them apart with hostnames, or allow it with on_duplicate.")
            self.display.warning(f"{problem} Each of these names gets a suffix.")
        return {
            name: by_id[each] for each, name in machine_hosts.distinct_names(names, groups | elsewhere.keys()).items()
        }

    def _elsewhere(self, name: str) -> Any:
        """The unique id of the machine that another inventory file has made a host of this name of, or None."""
        host = self.inventory.hosts.get(name)
        return host.vars.get(f"{self.get_option('hostvars_prefix')}unique_id") if host else None

    def _name(self, host: Host) -> str:
        for wanted in self.get_option("hostnames"):
            name = machine_hosts.host_name(as_text(self._attribute(wanted, host)))
            if name:
                return name
        return machine_hosts.host_name(host.machine["id"]) or "machine"

    def _attribute(self, wanted: str, host: Host) -> Any:
        """The variable of this name, else what the expression gives, else None."""
        for name in (f"{self.get_option('hostvars_prefix')}{wanted}", wanted):
            if name in host.variables:
                return host.variables[name]
        try:
            return self._compose(wanted, host.variables)
        except Exception as error:  # as above
            if self.get_option("strict"):
                problem = f"The name {wanted!r} cannot be made for {host.machine['name']!r}: {error}"
                raise AnsibleParserError(problem) from error
            return None

    # ---- from hosts to an inventory

    def _constructed(self, hosts: list[Host]) -> tuple[StagedInventory, dict[str, Host]]:
        """An inventory of their own, and the hosts by name.

        Which groups there are shows only when all is made. If a host is called like one of them, it gets another name,
        and all is made once more.
        """
        groups = set(self.inventory.groups)
        while True:
            named = self._named(hosts, groups)
            staged = self._stage(named)
            clashes = staged.clashes()
            if not clashes:
                return staged, named
            groups |= clashes

    def _stage(self, hosts: dict[str, Host]) -> StagedInventory:
        """What fails on the way leaves no trace in the real inventory."""
        real = self.inventory
        self.inventory = StagedInventory()
        self.inventory.current_source = real.current_source
        try:
            for name, host in hosts.items():
                self._add(name, host.variables, real.hosts[name].vars if name in real.hosts else {})
            return self.inventory
        finally:
            self.inventory = real

    def _add(self, name: str, own: dict[str, Any], known: dict[str, Any]) -> None:
        """Expressions see also what is known of a host from elsewhere. In the end it has only what is its own."""
        strict = self.get_option("strict")
        self.inventory.add_host(name)
        made = self.inventory.hosts[name]
        seen = {**made.vars, **known, **own}
        made.vars = {}
        self._set_composite_vars(self.get_option("compose"), {**seen, **made.get_magic_vars()}, name, strict)
        composed = neutralize(made.vars)
        made.vars = combine_vars(seen, composed)
        self._add_host_to_composed_groups(self.get_option("groups"), {}, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, name, strict)
        made.vars = combine_vars(own, composed)

    def _warn_of(self, listing: Listing, hosts: dict[str, Host], staged: StagedInventory) -> None:
        if listing.server_error:
            self.display.warning(
                f"Mist failed, so what the cache has is taken: {plugin_options.format_error(listing.server_error)}"
            )
        for failure in listing.failures:
            instead = (
                f"Its machines are those of {listed_at(failure)}" if failure.instead else "Its machines are missing"
            )
            self.display.warning(failure.describe(f"{instead}.", explain=listing.server_error is None))
        silent = [
            name
            for name, host in hosts.items()
            if host.machine["state"] == "running" and "ansible_host" not in staged.hosts[name].vars
        ]
        if silent:
            more = f" and {len(silent) - SHOWN} more" if len(silent) > SHOWN else ""
            told = f"{', '.join(silent[:SHOWN])}{more}"
            self.display.warning(f"{len(silent)} running machines have no address, so ansible_host is not set: {told}.")


def as_text(value: Any) -> str:
    """A variable for a name: of a list the first item. A plain text, whatever Ansible made of it."""
    first = next(iter(value), None) if isinstance(value, (list, tuple)) else value
    return "" if first is None else str.__str__(first if isinstance(first, str) else str(first))


def listed_at(failure: Failure) -> str:
    """When the machines that stand in were listed, as ISO 8601."""
    at = failure.instead.at if failure.instead else 0
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_failures(inventory: InventoryData, failures: list[Failure], prefix: str) -> None:
    """Say on the group ``all`` what is missing or old, beside what another inventory file has said there."""
    if failures:
        before = inventory.groups["all"].vars.get(f"{prefix}failed_backends", [])
        failed = neutralize([failure.record for failure in failures])
        inventory.set_variable("all", f"{prefix}failed_backends", [*before, *failed])
        inventory.set_variable("all", f"{prefix}inventory_partial", True)
