# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A backend's desired state: there or not, under which title, enabled or not."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Mapping, Sequence

from .._plan import Plan, Step
from ..mist_client.errors import Conflict, InvalidValue, NoAnswer, NotFound
from ..mist_client.records import BackendRecord, BackendSpec
from ..mist_client.wording import listed, nearest
from .base import Resource
from .choice import several, told, unknown, with_id


class BackendResource(Resource):
    """Found by id, else by address (bare metal), else by title or by the title it is to get."""

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
        return current

    def plan(self, found: BackendRecord | None, wanted: Mapping[str, Any]) -> Plan:
        if wanted["state"] == "absent":
            steps = [Step(f"remove backend {told([found], 'title')}", self._remove)] if found else []
            return Plan(found, None, steps)
        spec, steps = spec_of(wanted), []
        if found is None:
            after = self.api.foresee_backend(spec)
            steps.append(Step(f"add backend {after['title']!r} of {spec['provider']}", lambda _none: self._add(spec)))
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

    def not_secret(self, wanted: Mapping[str, Any]) -> set[str]:
        """The api_key where it is a user's name, which may well be a part of a title."""
        is_name = "api_key" in wanted and self.api.api_key_names_user(wanted.get("provider", ""))
        return {wanted["api_key"]} - {wanted.get("api_secret")} if is_name else set()

    # ---- which backend is meant

    def _match(self, backends: Sequence[BackendRecord], wanted: Mapping[str, Any]) -> BackendRecord | None:
        if "id" in wanted:
            return self._match_id(backends, wanted)
        spec = spec_of(wanted)
        if spec.get("provider") == "bare_metal" and "machine_ip" in spec:
            # the server takes the address for the identity, and for the title too
            return with_id(backends, self.api.foresee_backend(spec)["id"])
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
        self._check_provider(spec)
        if spec["provider"] != "bare_metal":
            self.api.check_backend_title(spec.get("title", ""))
        there = with_id(backends, self.api.foresee_backend(spec)["id"])
        if there:
            raise account_is_there(there)

    def _check_provider(self, spec: BackendSpec) -> None:
        by_name = {each["provider"]: each for each in self.api.list_providers()}
        name = spec["provider"]
        if name not in by_name:
            close = nearest(name, by_name)
            meant = f" Was {listed(close, 'or')} meant?" if close else ""
            raise InvalidValue(
                f"There is no provider {name!r} at {self.api.transport.uri}.{meant}",
                f"There are: {listed(sorted(by_name), 'and')}.",
            )
        missing = [option for option in by_name[name]["required"] if not spec.get(option)]
        if missing and spec.get("validate", True):
            raise InvalidValue(
                f"To add a backend of {name}, {listed(missing, 'and')} must be given as well.",
                "With validate=false it is added as it is, and nothing is tried.",
            )

    def _check_account(self, current: BackendRecord, spec: BackendSpec) -> None:
        mismatch = self.api.account_mismatch(current, spec) if "provider" in spec else ""
        if mismatch:
            raise InvalidValue(
                f"The backend {told([current], 'title')} is there, but {mismatch}, and that cannot be changed.",
                "Choose another title, or remove that backend first (state=absent).",
            )

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
        except NoAnswer as error:
            there = self._look_again(spec) if error.sent else None
            if there is None:
                raise
        return there

    def _look_again(self, spec: BackendSpec) -> BackendRecord | None:
        """After a lost answer: what was added all the same."""
        return with_id(self.api.list_backends(), self.api.foresee_backend(spec)["id"])

    def _remove(self, backend: BackendRecord) -> None:
        with suppress(NotFound):  # it may have gone in the meantime
            self.api.remove_backend(backend["id"])

    def _rename(self, backend: BackendRecord, title: str) -> BackendRecord:
        self.api.rename_backend(backend["id"], title)
        return {**backend, "title": title}

    def _enable(self, backend: BackendRecord, enabled: bool) -> BackendRecord:
        self.api.enable_backend(backend["id"], enabled)
        return {**backend, "enabled": enabled}


def spec_of(wanted: Mapping[str, Any]) -> BackendSpec:
    """What the options say of the backend itself. With an address and no provider, it is of bare metal."""
    spec: BackendSpec = {name: wanted[name] for name in BackendSpec.__annotations__ if name in wanted}  # type: ignore[assignment]
    if "machine_ip" in spec:
        spec.setdefault("provider", "bare_metal")
    if "new_name" in wanted:
        spec["title"] = wanted["new_name"]
    return spec


def account_is_there(there: BackendRecord) -> InvalidValue:
    return InvalidValue(
        f"The server takes this for an account that it has already, as the backend {told([there], 'title')}.",
        f"Name that by title={there['title']!r}, and give new_name if its title is to change.",
    )
