# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backends (clouds) and providers of servers of 2016 and later. Source: recordings/4.7/CONTRACT.md 2, 3 and 4."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Sequence

from ...errors import (
    Conflict,
    MistError,
    RequestFailed,
)
from ...matching import key_named
from ...records import (
    BackendRecord,
    BackendSpec,
    ProviderRecord,
)
from ...wording import join_words, snippet
from .. import base
from ..provider_names import canonical_provider
from . import parsing, providers
from .hints import LOG_IN
from .paths import CLOUDS, V1

#: the beginnings of the server's texts if the test of an account fails
REFUSALS = ("Unauthorized cloud credentials", "Cloud unavailable")
NOT_WITHOUT_VALIDATION = (
    "validate=false has no effect on this server: it tests each new backend, and rejects it if the test fails."
)
MIST_ID = re.compile("[0-9a-f]{32}")


class Backends(base.Backends):
    can_update = True

    def list_providers(self) -> List[ProviderRecord]:
        known = providers.providers()
        return self.wire.record(
            lambda answer: parsing.providers(answer, known), "a list of providers", "GET", *V1, "providers"
        )

    def canonical_provider(self, provider: str) -> str:
        return canonical_provider(provider)

    def list(self) -> List[BackendRecord]:
        return self.wire.list(parsing.backend, *CLOUDS)

    def check_title(self, title: str) -> None:
        providers.check_title(title)

    def predict(self, spec: BackendSpec) -> BackendRecord:
        body = {**providers.payload(spec), "id": None, "enabled": True}
        return {**parsing.backend(body), "settings": providers.public_fields(spec)}

    def find_same(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        return next((backend for backend in backends if backend["title"] == spec.get("title")), None)

    def check_spec(self, spec: BackendSpec) -> None:
        providers.payload(spec)
        self.check_region(spec)

    def check_region(self, spec: BackendSpec) -> None:
        driver, region = providers.given_region(spec)
        if region:
            # the server answers 503 to an invalid region, as if the provider were down: [cloud-add-ec2-bad-region]
            regions = self.wire.record(
                lambda answer: parsing.regions(answer, driver), "a list of providers", "GET", *V1, "providers"
            )
            providers.check_region(driver, region, regions)

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        return providers.mismatch(backend, spec)

    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        return providers.unshown_options(spec)

    def describe_drift(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        unlisted = providers.describe_unlisted(backend)
        if not unlisted or not providers.is_without_default(backend, spec):
            return []
        return [
            f"{unlisted} To turn it on, set update_credentials=always. To keep it off without this warning, set"
            " credentials.show_all=false."
        ]

    def add(self, spec: BackendSpec, warnings: List[str] | None = None) -> BackendRecord:
        body = self._with_key_ids(providers.payload(spec))
        secret = providers.secret_values(body["provider"], body)
        try:
            record, failed = self.wire.record(
                parsing.added_backend, "a backend", "POST", *CLOUDS, body=body, secrets=secret
            )
        except Conflict as error:
            existing = self.find_same(self.list(), spec)
            error.existing = existing["id"] if existing else ""
            raise
        except RequestFailed as error:
            if not spec.get("validate", True) and error.text.startswith(REFUSALS):
                error.hint = f"{error.hint} {NOT_WITHOUT_VALIDATION}".strip()
            raise
        if failed:
            self._report_hosts(record, spec, failed, [] if warnings is None else warnings)
        return record

    def _report_hosts(self, added: BackendRecord, spec: BackendSpec, failed: List[str], warnings: List[str]) -> None:
        """The server adds a backend without the hosts that fail, and its errors do not name them (CONTRACT-2.md 1)."""
        try:
            missing = join_words(map(self.describe_host, self.missing_hosts(added, spec) or ()), "and")
        except MistError:
            missing = ""
        errors = snippet("; ".join(failed)).rstrip(".")
        message = f"Mist could not add {missing or 'some hosts'} to the backend {added['title']!r}: {errors}."
        if not spec.get("validate", True):
            warnings.append(message)
            return
        error = MistError(f"{message} {LOG_IN}")
        error.hint = "The backend was removed again. To keep it without these hosts, set validate=false."
        try:
            self.remove(added["id"])
        except MistError:
            error.hint = f"The backend ({added['id']}) was added without them, and could not be removed again."
            error.done = [f"add backend {added['title']!r} without them"]
        raise error

    def missing_hosts(self, backend: BackendRecord, spec: BackendSpec) -> List[dict[str, Any]] | None:
        hosts = providers.hosts_of(spec)
        if not hosts:
            return None
        if not backend["enabled"]:
            return []  # its machines may not be listed, and a host must not be added twice
        listed = {
            (host.address, host.port) for host in self.wire.list(parsing.host, *CLOUDS, backend["id"], "machines")
        }
        return [host for host in hosts if providers.place_of(host) not in listed]

    def describe_host(self, host: Mapping[str, Any]) -> str:
        address, port = providers.place_of(host)
        return str(parsing.Host(host.get("machine_name") or address, address, port))

    def add_host(self, backend_id: str, host: Mapping[str, Any]) -> None:
        # without operating_system the server does not log in and associates no key (CONTRACT-2.md 0)
        body = self._with_key_ids({"provider": "other", "operating_system": "unix", **host})
        del body["provider"]
        self.wire.json("PUT", *CLOUDS, backend_id, "machines", body=body)

    def update_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        body = self._with_key_ids(providers.credentials_payload(spec))
        secret = providers.secret_values(spec["provider"], body)
        self.wire.done("PATCH", *CLOUDS, backend_id, body=body, secrets=secret)

    def predict_updated(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        return providers.updated(backend, spec)

    def rename(self, backend_id: str, title: str) -> None:
        self.check_title(title)
        self.wire.done("PUT", *CLOUDS, backend_id, body={"new_name": title})

    def enable(self, backend_id: str, enabled: bool) -> None:
        # the server accepts a number, but ignores it: recordings/4.7, cloud-toggle-int-state
        self.wire.done("POST", *CLOUDS, backend_id, body={"new_state": "1" if enabled else "0"})

    def remove(self, backend_id: str) -> None:
        # without delete_from_vault: it fails for some backends. A title can be reused: recordings/4.7/CONTRACT.md 8.7
        self.wire.done("DELETE", *CLOUDS, backend_id)

    def _with_key_ids(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, with ids in place of the names of keys."""
        hosts = [host for field in ("machines", "hosts") for host in body.get(field) or []]
        hosts += [body] if body.get("provider") == "other" else []
        named = [(host, field) for host in hosts for field in ("machine_key", "key") if host.get(field)]
        keys = self.api.keys.list() if named else []
        for host, field in named:
            host[field] = key_named(keys, host[field], self.wire.transport.uri)["id"]
        return body

    def looks_like_id(self, word: str) -> bool:
        return bool(MIST_ID.fullmatch(word))
