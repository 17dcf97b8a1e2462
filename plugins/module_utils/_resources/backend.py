# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of a backend: present or absent, its title, enabled or not, its credentials."""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple, Sequence, cast

from .._plan import Plan, Step
from ..mist_client.errors import Conflict, InvalidValue, MistError
from ..mist_client.matching import ambiguous_error, describe, key_named, not_found_error, with_id
from ..mist_client.records import BackendRecord, BackendSpec
from ..mist_client.wording import join_words
from .base import Resource, in_spite_of, options_among, remove


class BackendWanted(BackendSpec, total=False):
    """The options of mist_backend: those that the backend is made of, and these."""

    id: str
    state: str
    new_name: str
    enabled: bool
    update_credentials: str


class FoundBackend(NamedTuple):
    """What was found. ``hosts`` are the wanted hosts that the backend lacks; None if the task names no hosts."""

    backend: BackendRecord | None
    hosts: Sequence[dict[str, Any]] | None = None


class BackendResource(Resource[FoundBackend, BackendWanted]):
    """Found by id, else by address (bare metal of 2014), else by title or new title."""

    def find(self, wanted: BackendWanted) -> FoundBackend:
        backends = self.api.backends.list()
        current = self._match(backends, wanted)
        if wanted["state"] == "absent":
            return FoundBackend(current)
        title = wanted_title(current["title"] if current else "", wanted)
        taken = [backend for backend in backends if backend["title"] == title and backend is not current]
        if taken and (current is None or current["title"] != title):
            raise InvalidValue(
                f"The backend {describe(taken, 'title')} already has the title {title!r}.",
                f"Choose another {'new_name' if 'new_name' in wanted else 'title'}, or first rename or remove that"
                " backend.",
            )
        if current is None:
            self._check_addable(backends, spec_of(wanted))
            return FoundBackend(None)
        spec = about(current, spec_of(wanted))
        hosts = (
            None
            if self.api.backends.account_mismatch(current, spec)
            else self.api.backends.missing_hosts(current, spec)
        )
        if wanted.get("update_credentials") == "always":
            self.api.backends.check_region(spec)
            self._check_keys(host.get("machine_key", "") for host in hosts or ())
        return FoundBackend(current, hosts)

    def plan(self, found: FoundBackend, wanted: BackendWanted) -> Plan:
        there = found.backend
        if wanted["state"] == "absent":
            removal = [Step(f"remove backend {describe([there], 'title')}", self._remove)] if there else []
            return Plan(there, None, removal)
        spec = spec_of(wanted)
        steps: list[Step] = []
        warnings: list[str] = []
        if there is None:
            after = self.api.backends.predict(spec)
            add = Step(f"add backend {after['title']!r} of {spec['provider']}", lambda _none: self._add(spec, warnings))
            steps.append(add)
        elif wanted.get("update_credentials") == "always":
            after, steps = self._updating(there, found.hosts, spec)
        else:
            after = there
            self._check_account(after, spec)
            warnings += self._drift(there, found.hosts, spec)
        new_name, enabled = wanted_title(after["title"], wanted), wanted.get("enabled", after["enabled"])
        if after["title"] != new_name:
            self.api.backends.check_title(new_name)
            after = {**after, "title": new_name}
            steps.append(Step(f"rename to {new_name!r}", lambda backend: self._rename(backend, new_name)))
        if after["enabled"] != enabled:
            after = {**after, "enabled": enabled}
            steps.append(Step("enable" if enabled else "disable", lambda backend: self._enable(backend, enabled)))
        return Plan(there, after, steps, warnings=warnings)

    def _updating(
        self, there: BackendRecord, hosts: Sequence[dict[str, Any]] | None, spec: BackendSpec
    ) -> tuple[BackendRecord, list[Step]]:
        """The record after an update, and the steps. To a backend of hosts, the missing hosts are added."""
        if hosts is None:
            after = self.api.backends.predict_updated(there, about(there, spec))
            return after, [Step("update the credentials", lambda backend: self._update(backend, spec))]

        def adding(host: dict[str, Any]) -> Step:
            return Step(
                f"add host {self.api.backends.describe_host(host)}", lambda backend: self._add_host(backend, host, spec)
            )

        return there, [adding(host) for host in hosts]

    # ---- the selected backend

    def _match(self, backends: Sequence[BackendRecord], wanted: BackendWanted) -> BackendRecord | None:
        if "id" in wanted:
            return self._match_id(backends, wanted)
        spec = spec_of(wanted)
        if "machine_ip" in spec and self.api.backends.canonical_provider(spec["provider"]) == "bare_metal":
            # the server of 2014 uses the address as the identity, and as the title
            return self.api.backends.find_same(backends, spec)
        if not spec.get("title"):
            raise InvalidValue("This server identifies a backend by its title or id.", "Set title or id.")
        for title in (wanted.get("title"), wanted.get("new_name")):
            found = [backend for backend in backends if backend["title"] == title]
            if len(found) > 1:
                raise ambiguous_error(found[0]["title"], found, "backend", self.api.transport.uri, "title")
            if found:
                return found[0]
        if wanted["state"] == "present" and "provider" not in spec:
            raise self._unknown(backends, wanted["title"])
        return None

    def _match_id(self, backends: Sequence[BackendRecord], wanted: BackendWanted) -> BackendRecord | None:
        found = with_id(backends, wanted["id"])
        if found is None and wanted["state"] == "present":
            raise self._unknown(backends, wanted["id"])
        if found and "title" in wanted and found["title"] not in (wanted["title"], wanted.get("new_name")):
            raise InvalidValue(
                f"The backend {wanted['id']} has the title {found['title']!r}, not {wanted['title']!r}.",
                "Remove the option title, or set new_name to rename the backend.",
            )
        return found

    def _unknown(self, backends: Sequence[BackendRecord], name: str) -> InvalidValue:
        error = not_found_error(name, backends, "backend", self.api.transport.uri, "title")
        error.hint = "To add one, set title, provider and the credentials of that provider."
        return error

    # ---- checks and comparison

    def _check_addable(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> None:
        self.api.backends.check_spec(spec)
        there = self.api.backends.find_same(backends, spec)
        if there:
            raise account_is_there(there)
        hosts = [host for field in ("machines", "hosts") for host in spec.get("credentials", {}).get(field) or ()]
        words = [host.get("machine_key") or host.get("key") or "" for host in hosts]
        # servers of 2014 need the key of a host only if they validate the host
        word = spec.get("machine_key") or ""
        needed = spec.get("validate", True) or (word and self.api.keys.predict(word)["id"] != word)
        self._check_keys([*words, word] if needed else words)

    def _check_account(self, current: BackendRecord, spec: BackendSpec) -> None:
        mismatch = self.api.backends.account_mismatch(current, about(current, spec))
        if not mismatch:
            return
        if not self._can_be_updated(current, spec):
            raise InvalidValue(
                f"The backend {describe([current], 'title')} already exists, but {mismatch}. This cannot be changed.",
                "Choose another title, or remove the backend first with state=absent.",
            )
        raise InvalidValue(
            f"The backend {describe([current], 'title')} already exists, but {mismatch}.",
            "Set update_credentials=always to send the credentials of this task to the server.",
        )

    def _can_be_updated(self, current: BackendRecord, spec: BackendSpec) -> bool:
        if not self.api.backends.can_update:
            return False
        try:
            self.api.backends.predict_updated(current, about(current, spec))
        except InvalidValue:
            return False
        return True

    def _not_compared(self, current: BackendRecord, spec: BackendSpec) -> list[str]:
        """The warning about options that cannot be compared, because the server does not return them."""
        options = self.api.backends.unshown_options(current, about(current, spec))
        if not options:
            return []
        they = "they were" if len(options) > 1 else "it was"
        warning = (
            f"The server does not return {join_words(options, 'and')} of the backend {describe([current], 'title')},"
            f" so {they} not compared."
        )
        if self._can_be_updated(current, spec):
            return [f"{warning} To apply the values of this task, set update_credentials=always."]
        return [f"{warning} To apply the values of this task, remove the backend (state=absent) and add it again."]

    def _check_keys(self, words: Iterable[str]) -> None:
        """Raises InvalidValue if a key with one of these ids or names is missing."""
        named = sorted({word for word in words if word})
        keys = self.api.keys.list() if named else []
        for word in named:
            key_named(keys, word, self.api.transport.uri)

    def _drift(self, there: BackendRecord, hosts: Sequence[dict[str, Any]] | None, spec: BackendSpec) -> list[str]:
        """Warnings about differences that do not fail the task."""
        drift = self.api.backends.describe_drift(there, about(there, spec))
        return [*self._lacking(there, hosts), *drift, *self._not_compared(there, spec)]

    def _lacking(self, there: BackendRecord, hosts: Sequence[dict[str, Any]] | None) -> list[str]:
        """Warnings about hosts that the backend lacks."""
        return [
            f"The backend {describe([there], 'title')} does not have the host {self.api.backends.describe_host(host)}."
            " Set update_credentials=always to add it."
            for host in hosts or ()
        ]

    # ---- the steps

    def _add(self, spec: BackendSpec, warnings: list[str]) -> BackendRecord:
        try:
            return self.api.backends.add(spec, warnings)
        except Conflict as error:
            there = with_id(self.api.backends.list(), error.existing)
            if there is None:
                raise
            if there["title"] != self.api.backends.predict(spec)["title"]:
                raise account_is_there(there) from error
            self._check_account(there, spec)
        except MistError as error:
            there = in_spite_of(error, lambda: self.api.backends.find_same(self.api.backends.list(), spec))
            if there is None:
                raise
            # the answer, which may have reported hosts that failed, was lost
            warnings += self._lacking(there, self.api.backends.missing_hosts(there, spec))
        return there

    def _update(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        self.api.backends.update_credentials(backend["id"], about(backend, spec))
        return self.api.backends.predict_updated(backend, about(backend, spec))

    def _add_host(self, backend: BackendRecord, host: dict[str, Any], spec: BackendSpec) -> BackendRecord:
        def is_there() -> bool:
            return host not in (self.api.backends.missing_hosts(backend, about(backend, spec)) or ())

        try:
            self.api.backends.add_host(backend["id"], host)
        except MistError as error:
            if not in_spite_of(error, is_there):
                raise
        return backend

    def _remove(self, backend: BackendRecord) -> None:
        remove(
            lambda: self.api.backends.remove(backend["id"]),
            lambda: with_id(self.api.backends.list(), backend["id"]) is None,
        )

    def _rename(self, backend: BackendRecord, title: str) -> BackendRecord:
        self.api.backends.rename(backend["id"], title)
        return {**backend, "title": title}

    def _enable(self, backend: BackendRecord, enabled: bool) -> BackendRecord:
        self.api.backends.enable(backend["id"], enabled)
        return {**backend, "enabled": enabled}


def spec_of(wanted: BackendWanted) -> BackendSpec:
    """The options that describe the backend itself. An address without a provider means bare metal."""
    spec = cast(BackendSpec, options_among(BackendSpec.__annotations__, wanted))
    if "credentials" in spec:  # Ansible sets missing sub-options to None
        spec["credentials"] = {name: value for name, value in spec["credentials"].items() if value is not None}
    if "machine_ip" in spec:
        spec.setdefault("provider", "bare_metal")
    if "new_name" in wanted:
        spec["title"] = wanted["new_name"]
    return spec


def wanted_title(title: str, wanted: BackendWanted) -> str:
    """The wanted title, by default ``title``. The title of bare metal of 2014 is its address until it is renamed."""
    result: str = wanted.get("new_name", wanted.get("title") or title)
    return result


def about(backend: BackendRecord, spec: BackendSpec) -> BackendSpec:
    """The spec for an existing backend: by default with its provider."""
    return {"provider": backend["provider"], **spec}


def account_is_there(there: BackendRecord) -> InvalidValue:
    return InvalidValue(
        f"The server already has this account as the backend {describe([there], 'title')}.",
        f"Set title={there['title']!r} to select that backend, and new_name to change its title.",
    )
