# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory hosts from machines: their names, addresses, logins and variables. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import sys
import unicodedata
from collections import defaultdict
from contextlib import suppress
from typing import Any, Container, Iterable, Mapping, NamedTuple, Sequence

from ..module_utils.mist_client.records import BackendRecord, KeyRecord, MachineRecord

LONGEST_NAME = 128
SHORTEST_SUFFIX = 6

_UNFIT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_DNS_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@\\+-]*\$?")


class Login(NamedTuple):
    """How Mist logs in to a machine: key, user and port. ``user`` is None if Mist has never logged in."""

    key: str
    user: str | None
    port: int


class HostOptions(NamedTuple):
    """The prefix of the variables, and the kinds of address in order of preference."""

    prefix: str = "mist_"
    connect_with: Sequence[str] = ("public_ip", "private_ip", "dns_name")
    prefer_ipv6: bool = False


def unique_id(machine: MachineRecord) -> str:
    """An id that is unique on the server: a machine's own id is unique only within its backend."""
    return f"{machine['backend_id']}/{machine['id']}"


def logins_of(keys: Iterable[KeyRecord]) -> dict[tuple[str, str], Login]:
    """The login that was used last, by backend id and machine id. Before the first use, that of the default key."""
    found: dict[tuple[str, str], tuple[tuple[float, bool], Login]] = {}
    for key in sorted(keys, key=lambda key: key["name"]):
        for association in key["machines"]:
            at = (association["backend_id"], association["machine_id"])
            rank = (association["last_used"] or 0.0, key["default"])
            if at not in found or rank > found[at][0]:
                found[at] = (rank, Login(key["name"], association["user"], association["port"]))
    return {at: login for at, (_rank, login) in found.items()}


def login_of(machine: MachineRecord, logins: Mapping[tuple[str, str], Login]) -> Login | None:
    """The login that was used last: from the machine's own record, or else from ``logins``."""
    if machine["ssh_keys"] is None:
        return logins.get((machine["backend_id"], machine["id"]))
    last = max(machine["ssh_keys"], key=lambda key: key["last_used"] or 0.0, default=None)
    return Login(last["key_id"], last["user"], last["port"]) if last else None


def variables_of(
    machine: MachineRecord, backend: BackendRecord, login: Login | None, options: HostOptions
) -> dict[str, Any]:
    """A host's variables. Connection variables are validated, because their values come from a server."""
    facts = {
        **machine,
        "unique_id": unique_id(machine),
        "backend_title": backend["title"],
        "provider": backend["provider"],
        "region": backend["region"],
        "key": login.key if login else None,
    }
    # interned, because thousands of hosts have variables of the same names
    variables = {sys.intern(f"{options.prefix}{name}"): value for name, value in facts.items()}
    address = address_of(machine, options)
    if address:
        variables["ansible_host"] = address
    if login and isinstance(login.user, str) and _USER.fullmatch(login.user):
        variables["ansible_user"] = login.user
    if login and isinstance(login.port, int) and login.port is not True and 0 < login.port < 65536:
        variables["ansible_port"] = login.port
    return variables


def address_of(machine: MachineRecord, options: HostOptions) -> str | None:
    """The first address of the first kind that the machine has. Within a kind, the preferred IP version comes first."""
    name = machine["dns_name"]
    is_name = isinstance(name, str) and len(name) < 254 and _DNS_NAME.fullmatch(name)
    candidates: dict[str, list[Any]] = {
        "public_ip": _by_version(machine["public_ips"], options.prefer_ipv6),
        "private_ip": _by_version(machine["private_ips"], options.prefer_ipv6),
        "dns_name": [name] if is_name else [],
    }
    return next((address for kind in options.connect_with for address in candidates[kind]), None)


def _by_version(addresses: Iterable[str], prefer_ipv6: bool) -> list[str]:
    """The valid addresses, as text."""
    parsed = []
    for address in addresses:
        with suppress(ValueError):
            parsed.append(ipaddress.ip_address(address.partition("%")[0]))  # the scope after % can be any text
    return [str(address) for address in sorted(parsed, key=lambda ip: (ip.version == 6) is not prefer_ipv6)]


def host_name(text: str) -> str:
    """A name that Ansible, its patterns, AWX and file systems accept; "" if the text has no usable character."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    name = _UNFIT_IN_NAMES.sub("_", text).lstrip("-.")[:LONGEST_NAME]
    return name if any(letter.isalnum() for letter in name) else ""


def distinct_names(names: Mapping[str, str], taken: Container[str] = ()) -> dict[str, str]:
    """Distinct names by unique id. Equal names, and names that are ``taken``, get a short suffix.

    The suffix is a digest of the unique id, so a name does not depend on the order of the machines.
    """
    shared = names_in_use_twice(names)
    marked = {host_id for host_id, name in names.items() if name in shared or name in taken or is_taken(name)}
    length = SHORTEST_SUFFIX
    while True:
        result = {
            host_id: f"{name}-{_digest(host_id, length)}" if host_id in marked else name
            for host_id, name in names.items()
        }
        clashes = {host_id for ids in names_in_use_twice(result).values() for host_id in ids}
        clashes |= {host_id for host_id in marked if result[host_id] in taken}
        if not clashes:
            return result
        if clashes <= marked:
            length += 1
        marked |= clashes  # another machine already has a name with this suffix


def names_in_use_twice(names: Mapping[str, str]) -> dict[str, list[str]]:
    """The names that more than one machine has, with their unique ids."""
    by_name = defaultdict(list)
    for host_id, name in names.items():
        by_name[name].append(host_id)
    return {name: ids for name, ids in by_name.items() if len(ids) > 1}


def is_taken(name: str) -> bool:
    """Whether Ansible reserves the name.

    A machine must not become the target of tasks that are delegated to localhost, nor have the name of a built-in
    group.
    """
    return name in ("localhost", "127.0.0.1", "all", "ungrouped")


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
