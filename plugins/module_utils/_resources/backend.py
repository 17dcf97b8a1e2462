# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A backend's desired state: there or not, under which title, enabled or not, with which credentials."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._plan import Plan, Step
from ..mist_client.errors import Conflict, InvalidValue, MistError, NotSupported
from ..mist_client.records import BackendRecord, BackendSpec
from .base import Resource, in_spite_of, remove
from .choice import several, told, unknown, with_id
from .lookups import key_named


class BackendResource(Resource):
    """Found by id, else by address (bare metal of 2014), else by title or by the title it is to get."""

    def find(self, wanted: Mapping[str, Any]) -> BackendRecord | None:
        backends = self.api.list_backends()
        current = self._match(backends, wanted)
        if wanted["state"] == "absent":
            return current
        taken = [each for each in backends if each["title"] == wanted.get("new_name") and each is not current]
        if taken:
            raise InvalidValue(
                f"The title {wanted['new_name']!r} is taken by the backend {told(taken, 'title')}.",
                "Choose another new_name, or rename or remove that backend first.",
            )
        if current is None:
            self._check_addable(backends, spec_of(wanted))
        elif wanted.get("update_credentials") == "always":
            self.api.check_region(about(current, spec_of(wanted)))
        return current

    def plan(self, found: BackendRecord | None, wanted: Mapping[str, Any]) -> Plan:
        if wanted["state"] == "absent":
            steps = [Step(f"remove backend {told([found], 'title')}", self._remove)] if found else []
            return Plan(found, None, steps)
        spec, steps = spec_of(wanted), []
        if found is None:
            after = self.api.foresee_backend(spec)
            steps.append(Step(f"add backend {after['title']!r} of {spec['provider']}", lambda _none: self._add(spec)))
        elif wanted.get("update_credentials") == "always":
            after = self.api.foresee_updated_backend(found, about(found, spec))
            steps.append(Step("update the credentials", lambda backend: self._update(backend, spec)))
        else:
            after = found
            self._check_account(after, spec)
        new_name, enabled = wanted.get("new_name", after["title"]), wanted.get("enabled", after["enabled"])
        if after["title"] != new_name:
            self.api.check_backend_title(new_name)
            after = {**after, "title": new_name}
            steps.append(Step(f"rename to {new_name!r}", lambda backend: self._rename(backend, new_name)))
        if after["enabled"] != enabled:
            after = {**after, "enabled": enabled}
            steps.append(Step("enable" if enabled else "disable", lambda backend: self._enable(backend, enabled)))
        return Plan(found, after, steps)

    # ---- which backend is meant

    def _match(self, backends: Sequence[BackendRecord], wanted: Mapping[str, Any]) -> BackendRecord | None:
        if "id" in wanted:
            return self._match_id(backends, wanted)
        spec = spec_of(wanted)
        if "machine_ip" in spec and self.api.canonical_provider(spec["provider"]) == "bare_metal":
            # 2014's server takes the address for the identity, and for the title too
            return self.api.same_backend(backends, spec)
        if not spec.get("title"):
            raise InvalidValue("A backend of this server is named by its title or id alone.", "Give title.")
        for title in (wanted.get("title"), wanted.get("new_name")):
            found = [each for each in backends if each["title"] == title]
            if len(found) > 1:
                raise several(found[0]["title"], found, "backend", self.api.transport.uri, "title")
            if found:
                return found[0]
        if wanted["state"] == "present" and "provider" not in spec:
            raise self._unknown(backends, wanted["title"])
        return None

    def _match_id(self, backends: Sequence[BackendRecord], wanted: Mapping[str, Any]) -> BackendRecord | None:
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
        error = unknown(name, backends, "backend", self.api.transport.uri, "title")
        error.hint = "To add one, give title, provider and what that provider needs."
        return error

    # ---- whether it can be added, or is what was wanted

    def _check_addable(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> None:
        self.api.check_backend_spec(spec)
        there = self.api.same_backend(backends, spec)
        if there:
            raise account_is_there(there)
        self._check_key(spec.get("machine_key", ""))

    def _check_account(self, current: BackendRecord, spec: BackendSpec) -> None:
        mismatch = self.api.account_mismatch(current, about(current, spec))
        if not mismatch:
            return
        try:
            self.api.foresee_updated_backend(current, about(current, spec))
        except (InvalidValue, NotSupported):
            raise InvalidValue(
                f"The backend {told([current], 'title')} is there, but {mismatch}, and that cannot be changed.",
                "Choose another title, or remove that backend first (state=absent).",
            ) from None
        raise InvalidValue(
            f"The backend {told([current], 'title')} is there, but {mismatch}.",
            "With update_credentials=always the server is given what the task says.",
        )

    def _check_key(self, word: str) -> None:
        """That there is the key, where the client has to look for its id anyhow."""
        if word and self.api.foresee_key(word)["id"] != word:
            key_named(self.api, word)

    # ---- the steps

    def _add(self, spec: BackendSpec) -> BackendRecord:
        try:
            return self.api.add_backend(spec)
        except Conflict as error:
            there = with_id(self.api.list_backends(), error.existing)
            if there is None:
                raise
            if there["title"] != spec.get("title"):
                raise account_is_there(there) from error
            self._check_account(there, spec)
        except MistError as error:
            there = in_spite_of(error, lambda: self.api.same_backend(self.api.list_backends(), spec))
            if there is None:
                raise
        return there

    def _update(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        self.api.update_backend_credentials(backend["id"], about(backend, spec))
        return self.api.foresee_updated_backend(backend, about(backend, spec))

    def _remove(self, backend: BackendRecord) -> None:
        remove(
            lambda: self.api.remove_backend(backend["id"]),
            lambda: with_id(self.api.list_backends(), backend["id"]) is None,
        )

    def _rename(self, backend: BackendRecord, title: str) -> BackendRecord:
        self.api.rename_backend(backend["id"], title)
        return {**backend, "title": title}

    def _enable(self, backend: BackendRecord, enabled: bool) -> BackendRecord:
        self.api.enable_backend(backend["id"], enabled)
        return {**backend, "enabled": enabled}


def spec_of(wanted: Mapping[str, Any]) -> BackendSpec:
    """What the options say of the backend itself. With an address and no provider, it is of bare metal."""
    spec: BackendSpec = {name: wanted[name] for name in BackendSpec.__annotations__ if name in wanted}  # type: ignore[assignment]
    if "credentials" in spec:  # Ansible sets each sub-option that is not given to None
        spec["credentials"] = {name: value for name, value in spec["credentials"].items() if value is not None}
    if "machine_ip" in spec:
        spec.setdefault("provider", "bare_metal")
    if "new_name" in wanted:
        spec["title"] = wanted["new_name"]
    return spec


def about(backend: BackendRecord, spec: BackendSpec) -> BackendSpec:
    """The spec of a backend that is there, which need not name the provider."""
    return {"provider": backend["provider"], **spec}


def account_is_there(there: BackendRecord) -> InvalidValue:
    return InvalidValue(
        f"The server takes this for an account that it has already, as the backend {told([there], 'title')}.",
        f"Name that by title={there['title']!r}, and give new_name if its title is to change.",
    )
