# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that an inventory needs, requested in parallel or taken from a cache.

Independent of inventories and of the kind of cache: the cached records are JSON.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, ClassVar, NamedTuple, Sequence

from ..module_utils._resources.backend_failures import BackendFailure, all_failed, attempt
from ..module_utils.mist_client import MistClient
from ..module_utils.mist_client.errors import MistError
from ..module_utils.mist_client.generations.base import Generation
from ..module_utils.mist_client.matching import is_of_provider, not_found_error
from ..module_utils.mist_client.records import (
    AssociationRecord,
    BackendRecord,
    KeyRecord,
    MachineKeyRecord,
    MachineRecord,
)


def chosen(
    backends: Sequence[BackendRecord], wanted: Sequence[str], excluded: Sequence[str], where: str
) -> list[BackendRecord]:
    """The enabled backends that are ``wanted`` (by default all) and not ``excluded``, by id, title or provider.

    Raises InvalidValue if a wanted word matches no backend: otherwise hosts would silently be missing.
    """
    for word in wanted:
        if not any(fits(word, backend) for backend in backends):
            raise not_found_error(word, backends, "backend", where, "title")
    return [
        backend
        for backend in backends
        if backend["enabled"]
        and (not wanted or any(fits(word, backend) for word in wanted))
        and not any(fits(word, backend) for word in excluded)
    ]


def fits(word: str, backend: BackendRecord) -> bool:
    return word in (backend["id"], backend["title"]) or is_of_provider(backend, word)


class Part(NamedTuple):
    """A list of records that the server returned ``at`` a Unix time."""

    at: float
    records: list[Any]


class ListingCache:
    """The cached lists of one server: backends, keys, machines by backend. ``changed`` is true after an update."""

    #: the fields of the records. A cache with other fields, from another version of the collection, is ignored
    FORMAT: ClassVar[list[list[str]]] = [
        sorted(record.__annotations__)
        for record in (BackendRecord, MachineRecord, MachineKeyRecord, KeyRecord, AssociationRecord)
    ]

    def __init__(self, stored: Any = None) -> None:
        """``stored`` is a result of ``to_store``. Any other value, such as of another version, is ignored."""
        fitting = isinstance(stored, dict) and stored.get("format") == self.FORMAT
        self._parts = {name: Part(*part) for name, part in stored["parts"].items()} if fitting else {}
        self.changed = False

    def to_store(self) -> dict[str, Any]:
        """Plain JSON. Records contain no secrets."""
        return {"format": self.FORMAT, "parts": {name: list(part) for name, part in self._parts.items()}}

    def get(self, name: str) -> Part | None:
        return self._parts.get(name)

    def put(self, name: str, records: list[Any]) -> Part:
        part = Part(time.time(), records)
        self._parts[name] = part
        self.changed = True
        return part

    def forget_machines_but_of(self, backend_ids: set[str]) -> None:
        kept = {"backends", "keys", *map(machines_of, backend_ids)}
        self._parts = {name: part for name, part in self._parts.items() if name in kept}


def machines_of(backend_id: str) -> str:
    """The name of the part with a backend's machines."""
    return f"machines/{backend_id}"


class Policy(NamedTuple):
    """``lifetime`` is how many seconds a cached part is valid; None disables the use of valid parts.

    ``on_backend_error`` is fail, warn or stale; ``on_api_error`` is fail or stale. ``with_keys`` is whether to list the
    keys. With ``fresh`` the server queries each provider now, even if it has a list of all machines.
    """

    lifetime: float | None = None
    workers: int = 10
    on_backend_error: str = "warn"
    on_api_error: str = "fail"
    with_keys: bool = True
    fresh: bool = False


@dataclass(frozen=True)
class Failure(BackendFailure):
    """A failed backend, with the cached list of its machines to use instead, if there is one."""

    instead: Part | None


class Listing(NamedTuple):
    """The chosen backends, the machines by backend id, all keys, and the failures.

    ``server_error`` is the error if the whole server failed and the cache replaced it.
    """

    backends: list[BackendRecord]
    machines: dict[str, list[MachineRecord]]
    keys: list[KeyRecord]
    failures: list[Failure]
    server_error: MistError | None


def gather(
    connect: Callable[[], MistClient],
    cache: ListingCache,
    policy: Policy,
    choose: Callable[[list[BackendRecord]], list[BackendRecord]],
) -> Listing:
    """Get all lists, from the cache while they are valid. ``connect`` is called only if a request is needed.

    ``choose`` selects the backends whose machines are wanted. Raises the errors of ``choose``, and a MistError if the
    server fails, or if a backend fails and the policy is fail.
    """
    with Collector(connect, cache, policy) as collector:
        wanted = choose(collector.backends())
        if not policy.fresh:
            collector.all_machines_at_once(wanted)
        with ThreadPoolExecutor(max_workers=policy.workers) as pool:
            outcomes = list(pool.map(collector.machines, wanted))
        parts = [outcome.instead if isinstance(outcome, Failure) else outcome for outcome in outcomes]
        machines = {backend["id"]: part.records if part else [] for backend, part in zip(wanted, parts)}
        lacks_keys = any(machine["ssh_keys"] is None for records in machines.values() for machine in records)
        keys = (
            collector.keys() if policy.with_keys and lacks_keys else []
        )  # since 2016, machine records contain their keys
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    if failures and policy.on_backend_error == "fail" and not collector.server_error:
        raise all_failed(failures)
    return Listing(wanted, machines, keys, failures, collector.server_error)


class Collector:
    """One collection of lists. ``server_error`` is set after the whole server failed and the cache replaced it."""

    def __init__(self, connect: Callable[[], MistClient], cache: ListingCache, policy: Policy) -> None:
        self.cache = cache
        self.policy = policy
        self.server_error: MistError | None = None
        self._connect = connect
        self._client: MistClient | None = None
        self._refused: MistError | None = None
        self._connecting = threading.Lock()
        self._started = time.time()

    def __enter__(self) -> Collector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    def backends(self) -> list[BackendRecord]:
        part = self._of_the_server("backends", lambda api: api.backends.list())
        if not self.server_error:
            self.cache.forget_machines_but_of({backend["id"] for backend in part.records})
        return part.records

    def keys(self) -> list[KeyRecord]:
        return self._of_the_server("keys", lambda api: api.keys.list()).records

    def all_machines_at_once(self, backends: list[BackendRecord]) -> None:
        """Cache the machines of all these backends with one request, if needed and if the server supports it."""
        names = [machines_of(backend["id"]) for backend in backends]
        if self.server_error or all(map(self._fresh, names)):
            return
        try:
            machines = self._api().machines.list_all()
        except MistError as error:
            if self.policy.on_api_error == "fail":
                raise
            self.server_error = error
            return
        if machines is not None:
            by_backend: dict[str, list[MachineRecord]] = {backend["id"]: [] for backend in backends}
            for machine in machines:
                by_backend.get(machine["backend_id"], []).append(machine)
            for backend_id, records in by_backend.items():
                self.cache.put(machines_of(backend_id), records)

    def machines(self, backend: BackendRecord) -> Part | Failure:
        """The machines of a backend, or its failure with the cached list to use instead."""
        name = machines_of(backend["id"])
        outcome = attempt(backend, lambda backend_id: self._get(name, lambda api: api.machines.list(backend_id)))
        if not isinstance(outcome, BackendFailure):
            return outcome
        accepts_stale = self.server_error or self.policy.on_backend_error == "stale"
        return Failure(backend, outcome.error, self.cache.get(name) if accepts_stale else None)

    def _of_the_server(self, name: str, request: Callable[[Generation], list[Any]]) -> Part:
        """As ``_get``, for a list that every inventory needs."""
        try:
            return self._get(name, request)
        except MistError as error:
            old = self.cache.get(name)
            if self.policy.on_api_error == "fail" or old is None:
                raise
            self.server_error = self.server_error or error
            return old

    def _get(self, name: str, request: Callable[[Generation], list[Any]]) -> Part:
        """The cached part while it is valid, else the answer of the server."""
        fresh = self._fresh(name)
        if fresh:
            return fresh
        if self.server_error:
            raise self.server_error
        return self.cache.put(name, request(self._api()))

    def _fresh(self, name: str) -> Part | None:
        """The cached part if it is valid: from this collection, or not older than the lifetime."""
        part = self.cache.get(name)
        if part is None or part.at >= self._started:
            return part
        lifetime = self.policy.lifetime
        return part if lifetime is not None and self._started - part.at <= lifetime else None

    def _api(self) -> Generation:
        with self._connecting:
            if self._refused:
                raise self._refused
            if self._client is None:
                try:
                    self._client = self._connect()
                except MistError as error:
                    self._refused = error
                    raise
            return self._client.api
