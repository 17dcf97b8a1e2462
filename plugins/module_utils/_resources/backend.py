# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A backend's desired state: there or not, under which title, enabled or not, with which credentials."""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple, Sequence, cast

from .._plan import Plan, Step
from ..mist_client.errors import Conflict, InvalidValue, MistError
from ..mist_client.matching import ambiguous_error, describe, not_found_error, with_id
from ..mist_client.records import BackendRecord, BackendSpec
from ..mist_client.wording import join_words
from .base import Resource, in_spite_of, options_among, remove
from .lookups import key_named


class BackendWanted(BackendSpec, total=False):
    """The options of mist_backend: those that the backend is made of, and these."""

    id: str
    state: str
    new_name: str
    enabled: bool
    update_credentials: str


class FoundBackend(NamedTuple):
    """What a look showed. ``hosts`` are the wanted ones that a backend of hosts lacks, None if the task names none."""

    backend: BackendRecord | None
    hosts: Sequence[dict[str, Any]] | None = None


class BackendResource(Resource[FoundBackend, BackendWanted]):
    """Found by id, else by address (bare metal of 2014), else by title or by the title it is to get."""

    def find(self, wanted: BackendWanted) -> FoundBackend:
        backends = self.api.backends.list()
        current = self._match(backends, wanted)
        if wanted["state"] == "absent":
            return FoundBackend(current)
        title = wanted_title(current["title"] if current else "", wanted)
        taken = [each for each in backends if each["title"] == title and each is not current]
        if taken and (current is None or current["title"] != title):
            raise InvalidValue(
                f"The title {title!r} is taken by the backend {describe(taken, 'title')}.",
                f"Choose another {'new_name' if 'new_name' in wanted else 'title'}, or rename or remove that backend"
                " first.",
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
        """The record after an update, and its steps. A backend of hosts gets those that it lacks."""
        if hosts is None:
            after = self.api.backends.predict_updated(there, about(there, spec))
            return after, [Step("update the credentials", lambda backend: self._update(backend, spec))]

        def adding(host: dict[str, Any]) -> Step:
            return Step(
                f"add host {self.api.backends.describe_host(host)}", lambda backend: self._add_host(backend, host, spec)
            )

        return there, [adding(host) for host in hosts]

    # ---- which backend is meant

    def _match(self, backends: Sequence[BackendRecord], wanted: BackendWanted) -> BackendRecord | None:
        if "id" in wanted:
            return self._match_id(backends, wanted)
        spec = spec_of(wanted)
        if "machine_ip" in spec and self.api.backends.canonical_provider(spec["provider"]) == "bare_metal":
            # 2014's server takes the address for the identity, and for the title too
            return self.api.backends.find_same(backends, spec)
        if not spec.get("title"):
            raise InvalidValue("A backend of this server is named by its title or id alone.", "Give title.")
        for title in (wanted.get("title"), wanted.get("new_name")):
            found = [each for each in backends if each["title"] == title]
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
                "Leave title out, or give new_name to rename it.",
            )
        return found

    def _unknown(self, backends: Sequence[BackendRecord], name: str) -> InvalidValue:
        error = not_found_error(name, backends, "backend", self.api.transport.uri, "title")
        error.hint = "To add one, give title, provider and what that provider needs."
        return error

    # ---- whether it can be added, or is what was wanted

    def _check_addable(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> None:
        self.api.backends.check_spec(spec)
        there = self.api.backends.find_same(backends, spec)
        if there:
            raise account_is_there(there)
        hosts = [host for field in ("machines", "hosts") for host in spec.get("credentials", {}).get(field) or ()]
        words = [host.get("machine_key") or host.get("key") or "" for host in hosts]
        # servers of 2014 do not need the key of a host that they do not validate
        word = spec.get("machine_key") or ""
        needed = spec.get("validate", True) or (word and self.api.keys.predict(word)["id"] != word)
        self._check_keys([*words, word] if needed else words)

    def _check_account(self, current: BackendRecord, spec: BackendSpec) -> None:
        mismatch = self.api.backends.account_mismatch(current, about(current, spec))
        if not mismatch:
            return
        if not self._can_be_updated(current, spec):
            raise InvalidValue(
                f"The backend {describe([current], 'title')} is there, but {mismatch}, and that cannot be changed.",
                "Choose another title, or remove that backend first (state=absent).",
            )
        raise InvalidValue(
            f"The backend {describe([current], 'title')} is there, but {mismatch}.",
            "With update_credentials=always the server is given what the task says.",
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
        """The warning about options that may differ from the backend, as the server does not show them."""
        options = self.api.backends.unshown_options(current, about(current, spec))
        if not options:
            return []
        they = "they were" if len(options) > 1 else "it was"
        warning = (
            f"The server does not show {join_words(options, 'and')} of the backend {describe([current], 'title')},"
            f" so {they} not compared with this task."
        )
        if self._can_be_updated(current, spec):
            return [f"{warning} To be sure, set update_credentials=always."]
        return [f"{warning} To be sure, remove the backend (state=absent) and add it again."]

    def _check_keys(self, words: Iterable[str]) -> None:
        """That there are the keys of these ids or names."""
        for word in sorted({word for word in words if word}):
            key_named(self.api, word)

    def _drift(self, there: BackendRecord, hosts: Sequence[dict[str, Any]] | None, spec: BackendSpec) -> list[str]:
        """Sentences about what is otherwise than wanted, and no failure."""
        lacking = [
            f"The backend {describe([there], 'title')} does not have the host {self.api.backends.describe_host(host)}."
            " Set update_credentials=always to add it."
            for host in hosts or ()
        ]
        drift = self.api.backends.describe_drift(there, about(there, spec))
        return [*lacking, *drift, *self._not_compared(there, spec)]

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
    """What the options say of the backend itself. With an address and no provider, it is of bare metal."""
    spec = cast(BackendSpec, options_among(BackendSpec.__annotations__, wanted))
    if "credentials" in spec:  # Ansible sets each sub-option that is not given to None
        spec["credentials"] = {name: value for name, value in spec["credentials"].items() if value is not None}
    if "machine_ip" in spec:
        spec.setdefault("provider", "bare_metal")
    if "new_name" in wanted:
        spec["title"] = wanted["new_name"]
    return spec


def wanted_title(title: str, wanted: BackendWanted) -> str:
    """The title that a backend with this one must have; bare metal of 2014 has its address until it is renamed."""
    result: str = wanted.get("new_name", wanted.get("title") or title)
    return result


def about(backend: BackendRecord, spec: BackendSpec) -> BackendSpec:
    """The spec of a backend that is there, which need not name the provider."""
    return {"provider": backend["provider"], **spec}


def account_is_there(there: BackendRecord) -> InvalidValue:
    return InvalidValue(
        f"The server takes this for an account that it has already, as the backend {describe([there], 'title')}.",
        f"Name that by title={there['title']!r}, and give new_name if its title is to change.",
    )
