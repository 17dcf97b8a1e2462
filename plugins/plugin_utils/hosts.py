# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From machines to inventory hosts: their names, addresses, logins and variables. Pure."""

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
    """How Mist itself logs in to a machine: by which key, as whom, at which port. ``user`` is None if it never did."""

    key: str
    user: str | None
    port: int


class HostOptions(NamedTuple):
    """How hosts are made: the beginning of each variable's name, and which address is taken."""

    prefix: str = "mist_"
    connect_with: Sequence[str] = ("public_ip", "private_ip", "dns_name")
    prefer_ipv6: bool = False


def unique_id(machine: MachineRecord) -> str:
    """What no other machine of the server is called; a machine's own id is one of its backend alone."""
    return f"{machine['backend_id']}/{machine['id']}"


def logins_of(keys: Iterable[KeyRecord]) -> dict[tuple[str, str], Login]:
    """By backend's and machine's id the login that was used last; before any was used, that of the default key."""
    found: dict[tuple[str, str], tuple[tuple[float, bool], Login]] = {}
    for key in sorted(keys, key=lambda each: each["name"]):
        for association in key["machines"]:
            at = (association["backend_id"], association["machine_id"])
            better = (association["last_used"] or 0.0, key["default"])
            if at not in found or better > found[at][0]:
                found[at] = (better, Login(key["name"], association["user"], association["port"]))
    return {at: login for at, (_better, login) in found.items()}


def login_of(machine: MachineRecord, logins: Mapping[tuple[str, str], Login]) -> Login | None:
    """The login that was used last: of those that the machine tells itself, else of ``logins``."""
    if machine["ssh_keys"] is None:
        return logins.get((machine["backend_id"], machine["id"]))
    last = max(machine["ssh_keys"], key=lambda key: key["last_used"] or 0.0, default=None)
    return Login(last["key_id"], last["user"], last["port"]) if last else None


def variables_of(
    machine: MachineRecord, backend: BackendRecord, login: Login | None, rules: HostOptions
) -> dict[str, Any]:
    """A host's variables. What Ansible connects by is checked, so that no text from a server gets there unseen."""
    facts = {
        **machine,
        "unique_id": unique_id(machine),
        "backend_title": backend["title"],
        "provider": backend["provider"],
        "region": backend["region"],
        "key": login.key if login else None,
    }
    # thousands of hosts share the texts of their variables' names
    variables = {sys.intern(f"{rules.prefix}{name}"): value for name, value in facts.items()}
    address = address_of(machine, rules)
    if address:
        variables["ansible_host"] = address
    if login and isinstance(login.user, str) and _USER.fullmatch(login.user):
        variables["ansible_user"] = login.user
    if login and isinstance(login.port, int) and login.port is not True and 0 < login.port < 65536:
        variables["ansible_port"] = login.port
    return variables


def address_of(machine: MachineRecord, rules: HostOptions) -> str | None:
    """The first address of the first kind that the machine has one of; of one kind those of the preferred version."""
    name = machine["dns_name"]
    is_name = isinstance(name, str) and len(name) < 254 and _DNS_NAME.fullmatch(name)
    candidates: dict[str, list[Any]] = {
        "public_ip": _by_version(machine["public_ips"], rules.prefer_ipv6),
        "private_ip": _by_version(machine["private_ips"], rules.prefer_ipv6),
        "dns_name": [name] if is_name else [],
    }
    return next((address for kind in rules.connect_with for address in candidates[kind]), None)


def _by_version(addresses: Iterable[str], prefer_ipv6: bool) -> list[str]:
    """The addresses that are some, as texts."""
    parsed = []
    for address in addresses:
        with suppress(ValueError):
            parsed.append(ipaddress.ip_address(address.partition("%")[0]))  # behind % a scope may be any text
    return [str(address) for address in sorted(parsed, key=lambda each: (each.version == 6) is not prefer_ipv6)]


def host_name(text: str) -> str:
    """A name that Ansible, its patterns, AWX and file systems can bear; "" when nothing of the text is left."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    name = _UNFIT_IN_NAMES.sub("_", text).lstrip("-.")[:LONGEST_NAME]
    return name if any(letter.isalnum() for letter in name) else ""


def distinct_names(names: Mapping[str, str], taken: Container[str] = ()) -> dict[str, str]:
    """By unique id a name that no other has: equal ones all get a short suffix, made from the unique id.

    So does a name that is ``taken``. A name depends on no order, and stays the same as long as it is shared.
    """
    shared = names_in_use_twice(names)
    marked = {each for each, name in names.items() if name in shared or name in taken or is_taken(name)}
    length = SHORTEST_SUFFIX
    while True:
        result = {each: f"{name}-{_digest(each, length)}" if each in marked else name for each, name in names.items()}
        clashes = {each for ids in names_in_use_twice(result).values() for each in ids}
        clashes |= {each for each in marked if result[each] in taken}
        if not clashes:
            return result
        if clashes <= marked:
            length += 1
        marked |= clashes  # a machine is called what another one becomes


def names_in_use_twice(names: Mapping[str, str]) -> dict[str, list[str]]:
    """The names that several have, with the unique ids of those."""
    having = defaultdict(list)
    for each, name in names.items():
        having[name].append(each)
    return {name: ids for name, ids in having.items() if len(ids) > 1}


def is_taken(name: str) -> bool:
    """Whether the name means something else to Ansible.

    A machine must not become the host on which a task is delegated to localhost, nor share a name with a group.
    """
    return name in ("localhost", "127.0.0.1", "all", "ungrouped")


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
