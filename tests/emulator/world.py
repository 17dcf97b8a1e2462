# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the emulated server and the providers behind it remember; knows no HTTP."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import keys as key_material
from .clock import Clock
from .settings import Host, Settings

BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
ADDRESSES_A_NET = 250


@dataclass
class Association:
    """A key on a machine; `last_login` 0 = never logged in, on paper only."""

    backend: str
    machine: str
    last_login: float = 0
    user: str | None = None
    sudo: bool | None = False
    port: int = 22
    id: str = ""
    made: int = 0


@dataclass
class Key:
    name: str
    private: str
    public: str
    is_default: bool = False
    associations: list[Association] = field(default_factory=list)
    id: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def association(self, backend: str, machine: str) -> Association | None:
        found = (each for each in self.associations if (each.backend, each.machine) == (backend, machine))
        return next(found, None)


@dataclass
class Reach:
    """How ssh and ping find one host."""

    address: str
    ssh_port: int | None
    authorized: set[str]
    ping: bool = True
    users: tuple[str, ...] = ("root",)
    more_ports: tuple[int, ...] = ()
    fixed_keys: bool = False

    @classmethod
    def of(cls, host: Host) -> Reach:
        authorized = set(host.authorized)
        return cls(host.address, host.ssh_port, authorized, host.ping, host.users, host.more_ports, host.fixed_keys)

    def authorize(self, key: Key) -> None:
        if not self.fixed_keys:
            self.authorized.add(key.public)

    def revoke(self, key: Key) -> None:
        if not self.fixed_keys:
            self.authorized -= {key.public, key.name}

    def listens_on(self, port: int) -> bool:
        return port in (self.ssh_port, *self.more_ports)


@dataclass
class Machine:
    """A machine at its provider. While `pending` or `rebooting` it counts as running from `ready_at` on."""

    id: str
    name: str
    number: int
    status: str
    ready_at: float
    made_at: float
    image: str = ""
    size: str = ""
    location: str = ""
    key: str = ""
    public_ips: list[str] = field(default_factory=list)
    private_ips: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    gone_at: float | None = None
    authorized: set[str] = field(default_factory=set)
    ports: list[dict[str, Any]] = field(default_factory=list)

    def state(self, now: float) -> str:
        return "running" if self.status in ("pending", "rebooting") and now >= self.ready_at else self.status


@dataclass
class Backend:
    id: str
    title: str
    provider: str
    region: str = ""
    apikey: str = ""
    apisecret: str = ""
    apiurl: str = ""
    tenant_name: str = ""
    enabled: bool = True
    address: str = ""
    docker_port: int = 4243
    stars: dict[str, bool] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """What its machines belong to at the provider; on this generation the id is made of the account."""
        return self.id


@dataclass
class Job:
    """Work in the background, done at the first request at or after `due`."""

    due: float
    work: Callable[[], None]


def base58_sha1(text: str) -> str:
    """The id that the server makes for a backend (contract 2014, section 3)."""
    rest, digits = int(hashlib.sha1(text.encode()).hexdigest(), 16), ""
    while rest:
        rest, digit = divmod(rest, 58)
        digits = BASE58[digit] + digits
    return digits


class World:
    """The state of one emulator. Ids and addresses come from counters and hashes, so each run makes the same ones."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.backends: dict[str, Backend] = {}
        self.keys: dict[str, Key] = {}
        self.new_keys = key_material.KeySource()
        self.machines: dict[str, dict[str, Machine]] = {}
        self.hosts = [Reach.of(host) for host in settings.hosts]
        self.core: Any = None
        self.database: Any = None
        self.plugins: dict[tuple[str, str, str], str] = {}  # code by backend, machine and plugin; stays when undeployed
        self.max_concurrent_creates = 0
        self._creates = 0
        self._jobs: list[Job] = []
        self._counters: Counter[str] = Counter()

    def count(self, what: str) -> int:
        """1, 2, 3 ... for each `what`."""
        self._counters[what] += 1
        return self._counters[what]

    def digest(self, what: str, length: int) -> str:
        """Hex digits, others at each call, the same in each run."""
        return hashlib.sha256(f"{what}:{self.count(what)}".encode()).hexdigest()[:length]

    def public_address(self) -> str:
        """127.0.1.2 and on: loopback only, so that nothing leaves the machine if a test connects to one."""
        net, last = divmod(self.count("public address") - 1, ADDRESSES_A_NET)
        high, low = divmod(net + 1, 256)
        return f"127.{high}.{low}.{last + 2}"

    def private_address(self) -> str:
        net, last = divmod(self.count("private address") - 1, ADDRESSES_A_NET)
        high, low = divmod(net, 256)
        return f"10.{high + 77}.{low}.{last + 2}"

    def machines_of(self, backend: Backend) -> dict[str, Machine]:
        """They belong to the account at the provider: they outlive the backend."""
        return self.machines.setdefault(backend.account, {})

    def add_key(self, name: str, private: str | None = None) -> Key:
        private = private or self.new_keys.next()
        public = key_material.rsa_public_half(private)
        if public is None:
            raise ValueError(f"{name}: not an RSA private key")
        self.keys[name] = Key(name, private, public, is_default=not self.keys, id=self.digest("key", 32))
        return self.keys[name]

    def default_key(self) -> Key | None:
        return next((key for key in self.keys.values() if key.is_default), None)

    def associate(self, key: Key, backend: str, machine: str, **login: Any) -> Association:
        """Make the association of this key and machine, or bring the one that is there up to date."""
        association = key.association(backend, machine) or self.associate_once_more(key, backend, machine)
        for name, value in login.items():
            setattr(association, name, value)
        return association

    def associate_once_more(self, key: Key, backend: str, machine: str, **login: Any) -> Association:
        """A new association, be there one already."""
        id_, made = self.digest("association", 24), self.count("made association")
        key.associations.append(Association(backend, machine, id=id_, made=made, **login))
        return key.associations[-1]

    def disassociate_all(self, backend: str, machine: str) -> None:
        for key in self.keys.values():
            key.associations = [each for each in key.associations if (each.backend, each.machine) != (backend, machine)]

    def later(self, due: float, work: Callable[[], None]) -> None:
        self._jobs.append(Job(due, work))

    def run_due_jobs(self) -> None:
        """In the order of their times; a job may plan another one that is due by now as well."""
        now = self.clock.now()
        while job := min((job for job in self._jobs if job.due <= now), key=lambda job: job.due, default=None):
            self._jobs.remove(job)
            job.work()

    def create_begins(self) -> None:
        self._creates += 1
        self.max_concurrent_creates = max(self.max_concurrent_creates, self._creates)

    def create_ends(self) -> None:
        self._creates -= 1
