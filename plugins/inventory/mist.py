# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin: reads its options, lists the machines and adds them to the inventory as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mist
short_description: Inventory of the machines that Mist manages
version_added: 1.0.0
author: Mist Developers (@mistio)
description:
  - Creates a host for each machine that Mist manages. The host has the address, the user and the port that Mist uses
    for its own login.
  - The name of the inventory file must end in C(mist.yml) or C(mist.yaml), such as C(prod.mist.yml).
  - Options can be templates or vault strings, except O(compose), O(filters), O(groups), O(hostnames) and
    O(keyed_groups), which contain expressions.
  - Ansible does not render values from the server as templates. For example, a tag of a machine cannot run code on the
    Ansible controller.
options:
  plugin:
    description: The name of this plugin. It marks the file as an inventory file for the plugin.
    type: str
    required: true
    choices: [mistio.cloud.mist]
  backends:
    description:
      - The backends whose machines become hosts, each by its id, its title or its provider.
      - If not set, the machines of all backends become hosts. Machines of a disabled backend never become hosts.
      - It is an error if a value matches no backend.
      - On servers of the generation V(backends), the provider V(ec2) means all regions of EC2.
    type: list
    elements: str
    default: []
    env:
      - name: MIST_BACKENDS
  exclude_backends:
    description: The backends whose machines do not become hosts, each by its id, its title or its provider.
    type: list
    elements: str
    default: []
    env:
      - name: MIST_EXCLUDE_BACKENDS
  states:
    description:
      - The states of the machines that become hosts.
      - If not set, machines in all states except V(terminated) become hosts.
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
      - Filters for the machines that become hosts. Each filter has one expression, O(filters[].include) or
        O(filters[].exclude).
      - The first expression that is true decides. If no expression is true, the machine becomes a host.
      - Expressions can use the variables of the host, except those of O(compose).
      - An expression that fails counts as false, for example because the machine does not have a tag. With
        O(strict=true), it is an error.
    type: list
    elements: dict
    default: []
    suboptions:
      include:
        description: An expression. If it is true, the machine becomes a host.
        type: str
      exclude:
        description: An expression. If it is true, the machine does not become a host.
        type: str
  hostnames:
    description:
      - The sources of the host name, in order of preference. The first value that is not empty is used.
      - Each entry is the name of a variable, with or without O(hostvars_prefix), or an expression.
      - Characters that are not allowed in host names are replaced by underscores. If all values are empty, the id of
        the machine is used.
    type: list
    elements: str
    default: [name]
    env:
      - name: MIST_HOSTNAMES
  on_duplicate:
    description:
      - What to do if several machines have the same host name.
      - V(suffix) adds a short suffix to the name of each of them. The suffix is the same at each run, because it is
        derived from the ids of the machine and its backend.
      - V(warn) also adds the suffixes, and shows a warning.
      - V(fail) is an error, and no host is added.
      - A machine also gets a suffix if its name is the name of a group, or of a machine of another inventory file.
    type: str
    choices: [suffix, warn, fail]
    default: suffix
    env:
      - name: MIST_ON_DUPLICATE
  connect_with:
    description: The kinds of addresses for C(ansible_host), in order of preference.
    type: list
    elements: str
    choices: [public_ip, private_ip, dns_name]
    default: [public_ip, private_ip, dns_name]
    env:
      - name: MIST_CONNECT_WITH
  prefer_ipv6:
    description: Whether to prefer IPv6 to IPv4 among addresses of the same kind.
    type: bool
    default: false
    env:
      - name: MIST_PREFER_IPV6
  use_key_associations:
    description:
      - Whether to set C(ansible_user), C(ansible_port) and C(mist_key) from the SSH key that Mist used last on the
        machine. C(mist_key) is the id of the key.
      - C(ansible_user) is not set if Mist has not logged in yet and does not know the user. Then you can set it in a
        group variable or in C(ansible.cfg).
      - On servers of the generation V(backends), C(mist_key) is the name of the key, and this option costs one request.
    type: bool
    default: true
    env:
      - name: MIST_USE_KEY_ASSOCIATIONS
  fresh:
    description:
      - Whether Mist queries the providers for the machines now. This costs one request for each backend.
      - With V(false), Mist returns the machines of all backends as it listed them last, in one request.
      - Servers of the generation V(backends) always query the providers.
    type: bool
    default: false
    env:
      - name: MIST_FRESH
  hostvars_prefix:
    description: The prefix for the names of the host variables from Mist.
    type: str
    default: mist_
    env:
      - name: MIST_HOSTVARS_PREFIX
  workers:
    description: The maximum number of backends that are listed at the same time.
    type: int
    default: 10
    env:
      - name: MIST_WORKERS
  on_backend_error:
    description:
      - What to do if a backend cannot be listed.
      - V(warn) leaves out its machines and shows a warning. It also sets C(mist_inventory_partial) to true and
        C(mist_failed_backends) to the list of these backends, as variables of the group C(all).
      - V(stale) does the same, but uses the machines of the last successful listing in the cache. These hosts have the
        variable C(mist_stale_since). V(stale) requires a persistent cache.
      - V(fail) is an error, and no host is added.
      - With O(fresh=false), a server of the generation V(clouds) lists all machines without the providers, so no single
        backend can fail.
    type: str
    choices: [warn, stale, fail]
    default: warn
    env:
      - name: MIST_ON_BACKEND_ERROR
  on_api_error:
    description:
      - What to do if the Mist server fails or rejects the authentication.
      - V(fail) is an error, and no host is added.
      - V(stale) uses the last successful listing in the cache, and requires a persistent cache.
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
# minimal.mist.yml: all machines, with the token from the environment variable MIST_API_TOKEN
plugin: mistio.cloud.mist
mist_uri: https://mist.example.test

---
# web.mist.yml: the running web and database servers, grouped by role and provider
plugin: mistio.cloud.mist
mist_uri: https://mist.example.test
mist_api_token: "{{ lookup('ansible.builtin.file', '~/.mist-token') }}"
exclude_backends: [Sandbox]
states: [running]
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

---
# cached.mist.yml: if Mist or a provider is down, use the last successful listing
plugin: mistio.cloud.mist
mist_uri: https://mist.example.test
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/mist-inventory
cache_timeout: 300
fresh: true
on_backend_error: stale
on_api_error: stale
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
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.matching import is_alive
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
    """A machine that becomes a host, with its variables. An expression that reads them does not render a template."""

    machine: MachineRecord
    variables: dict[str, Any]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "mistio.cloud.mist"

    def verify_file(self, path: str) -> bool:
        return super().verify_file(path) and path.endswith(("mist.yml", "mist.yaml"))

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Like ansible-core, but unknown options are an error, and templates in the file are rendered first."""
        if direct:
            plugin_options.refuse_unknown(direct, self.option_definitions)
            direct = plugin_options.rendered(self.templar, direct, EXPRESSIONS)
        unset = plugin_options.unset_by_empty(self.option_definitions, var_options or {})
        super().set_options(task_keys=task_keys, var_options=var_options, direct={**unset, **(direct or {})})

    def parse(self, inventory: InventoryData, loader: Any, path: str, cache: bool = True) -> None:
        """Change the inventory only after all hosts and groups have been created without an error."""
        super().parse(inventory, loader, path, cache)
        self.templar.available_variables = self._vars
        if not isinstance(loader.load_from_file(path) or {}, dict):  # ansible-core fails without an explanation
            raise AnsibleParserError(
                f"Invalid inventory file {path}: it must contain options, such as 'plugin: mistio.cloud.mist'."
            )
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
        set_failure_variables(inventory, listing.failures, self.get_option("hostvars_prefix"))

    def _check_options(self) -> None:
        """Raise AnsibleParserError for invalid options that ansible-core accepts."""
        prefix = self.get_option("hostvars_prefix")
        if not re.fullmatch(r"(?!ansible_)[A-Za-z_][A-Za-z0-9_]*", prefix):
            raise AnsibleParserError(
                f"Invalid hostvars_prefix {prefix!r}: only letters, digits and underscores are allowed, and it must not"
                " begin with a digit or with ansible_."
            )
        if self.get_option("workers") < 1:
            raise AnsibleParserError(f"Invalid workers {self.get_option('workers')}: it must be 1 or more.")
        for number, entry in enumerate(self.get_option("filters")):
            if not isinstance(entry, dict) or len(entry) != 1 or not entry.keys() <= {"include", "exclude"}:
                raise AnsibleParserError(
                    f"Invalid filters[{number}] {entry!r}: it must have either include or exclude."
                )
        wants_stale = "stale" in (self.get_option("on_backend_error"), self.get_option("on_api_error"))
        in_memory = self.get_option("cache_plugin") in ("memory", "ansible.builtin.memory")
        if wants_stale and (in_memory or not self.get_option("cache")):
            raise AnsibleParserError(
                "on_backend_error=stale and on_api_error=stale require a persistent cache. "
                "Set cache to true, and cache_plugin to a persistent plugin such as ansible.builtin.jsonfile."
            )
        refuse_bad_syntax({name: self.get_option(name) for name in EXPRESSIONS})

    # ---- from the server to machines

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
        """The content of the cache, expired or not, because the ListingCache decides this for each of its parts."""
        if not self.get_option("cache"):
            return None
        names = {"_uri": "cache_connection", "_prefix": "cache_prefix"}
        given = {name: self.get_option(option) for name, option in names.items() if self.get_option(option) is not None}
        cache = get_cache_plugin(self.get_option("cache_plugin"), **given, _timeout=0)
        try:
            return cache.get(self._cache_key(path))
        except (AnsibleError, TypeError) as error:  # ansible-core from 2.19 on raises TypeError for other JSON
            self.display.warning(f"The cache of {path} cannot be read, so it is not used: {error}")
            return None

    def _cache_key(self, path: str) -> str:
        """A key for each file, server and user, so that no user gets the machines of another user."""
        identity = [self.get_option(name) for name in ("mist_uri", "mist_api_token", "mist_email", "mist_org")]
        return f"{self.get_cache_key(path)}_{hashlib.sha256(repr(identity).encode()).hexdigest()[:16]}"

    # ---- from machines to hosts

    def _hosts(self, listing: Listing) -> Iterator[Host]:
        """The machines that become hosts."""
        prefix = self.get_option("hostvars_prefix")
        options = machine_hosts.HostOptions(prefix, self.get_option("connect_with"), self.get_option("prefer_ipv6"))
        logins = machine_hosts.logins_of(listing.keys)
        stale = {failure.backend["id"]: listed_at(failure) for failure in listing.failures if failure.instead}
        states = self.get_option("states")
        for backend in listing.backends:
            for machine in listing.machines[backend["id"]]:
                if machine["state"] not in states if states else not is_alive(machine):
                    continue
                login = machine_hosts.login_of(machine, logins) if self.get_option("use_key_associations") else None
                variables = neutralize_before_templating(machine_hosts.variables_of(machine, backend, login, options))
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
            except Exception as error:  # before ansible-core 2.19, a Jinja filter can raise any exception
                if self.get_option("strict"):
                    problem = f"The filter {condition!r} fails for machine {machine['name']!r}: {error}"
                    raise AnsibleParserError(problem) from error
        return True

    def _named(self, hosts: list[Host], groups: set[str]) -> dict[str, Host]:
        """The hosts by unique names. ``on_duplicate`` decides about equal names.

        No name is that of one of the ``groups`` or of a machine of another inventory file.
        """
        by_id = {machine_hosts.unique_id(host.machine): host for host in hosts}
        names = {machine_id: self._name(host) for machine_id, host in by_id.items()}
        others = {name: self._elsewhere(name) for name in names.values()}
        elsewhere = {name: others[name] for machine_id, name in names.items() if others[name] not in (None, machine_id)}
        shared = machine_hosts.names_in_use_twice(names)
        for machine_id, name in names.items():
            if name in elsewhere:
                shared[name] = [elsewhere[name], *shared.get(name, [machine_id])]
        if shared and self.get_option("on_duplicate") != "suffix":
            duplicates = "; ".join(f"{name!r}: {', '.join(ids)}" for name, ids in shared.items())
            problem = f"Several machines have the same host name (backend id/machine id): {duplicates}."
            if self.get_option("on_duplicate") == "fail":
                raise AnsibleParserError(f"{problem} Set hostnames to get other names, or set on_duplicate to suffix.")
            self.display.warning(f"{problem} Each of these hosts gets a suffix.")
        distinct = machine_hosts.distinct_names(names, groups | elsewhere.keys())
        return {name: by_id[machine_id] for machine_id, name in distinct.items()}

    def _elsewhere(self, name: str) -> Any:
        """The unique id of the machine that is a host with this name in another inventory file, or None."""
        host = self.inventory.hosts.get(name)
        return host.vars.get(f"{self.get_option('hostvars_prefix')}unique_id") if host else None

    def _name(self, host: Host) -> str:
        for wanted in self.get_option("hostnames"):
            name = machine_hosts.host_name(as_text(self._attribute(wanted, host)))
            if name:
                return name
        return machine_hosts.host_name(host.machine["id"]) or "machine"

    def _attribute(self, wanted: str, host: Host) -> Any:
        """The value of the variable with this name, or else of the expression. None if the expression fails."""
        for name in (f"{self.get_option('hostvars_prefix')}{wanted}", wanted):
            if name in host.variables:
                return host.variables[name]
        try:
            return self._compose(wanted, host.variables)
        except Exception as error:  # see _passes
            if self.get_option("strict"):
                problem = f"The entry {wanted!r} of hostnames fails for machine {host.machine['name']!r}: {error}"
                raise AnsibleParserError(problem) from error
            return None

    # ---- from hosts to an inventory

    def _constructed(self, hosts: list[Host]) -> tuple[StagedInventory, dict[str, Host]]:
        """A staged inventory of the hosts, and the hosts by name.

        The groups are known only after all of them have been created. If a host then has the name of a group, it gets
        another name and the inventory is created again.
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
        """The hosts and their groups in an inventory of their own, so that an error does not change the real one."""
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
        """Add a host. Expressions can use its variables from other inventory files, but these are not added again."""
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
                f"The Mist server failed, so the hosts come from the cache:"
                f" {plugin_options.format_error(listing.server_error)}"
            )
        for failure in listing.failures:
            instead = (
                f"Its machines are from the listing of {listed_at(failure)}"
                if failure.instead
                else "Its machines are missing"
            )
            self.display.warning(failure.describe(f"{instead}.", explain=listing.server_error is None))
        unreachable = [
            name
            for name, host in hosts.items()
            if host.machine["state"] == "running" and "ansible_host" not in staged.hosts[name].vars
        ]
        if unreachable:
            more = f" and {len(unreachable) - SHOWN} more" if len(unreachable) > SHOWN else ""
            names = f"{', '.join(unreachable[:SHOWN])}{more}"
            self.display.warning(
                f"{len(unreachable)} running machines have no address, so ansible_host is not set: {names}."
            )


def as_text(value: Any) -> str:
    """The value of a variable as a plain string, without the tags of Ansible. Of a list, the first item."""
    first = next(iter(value), None) if isinstance(value, (list, tuple)) else value
    return "" if first is None else str.__str__(first if isinstance(first, str) else str(first))


def listed_at(failure: Failure) -> str:
    """The time of the cached listing that replaces the failed one, in ISO 8601 format."""
    at = failure.instead.at if failure.instead else 0
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def set_failure_variables(inventory: InventoryData, failures: list[Failure], prefix: str) -> None:
    """Set variables of the group ``all`` about missing or old machines. Keep the values of another inventory file."""
    if failures:
        before = inventory.groups["all"].vars.get(f"{prefix}failed_backends", [])
        failed = neutralize([failure.record for failure in failures])
        inventory.set_variable("all", f"{prefix}failed_backends", [*before, *failed])
        inventory.set_variable("all", f"{prefix}inventory_partial", True)
