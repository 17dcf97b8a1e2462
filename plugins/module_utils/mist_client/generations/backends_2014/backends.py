# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backends and providers of servers of 2014. Source: recordings/2014/CONTRACT.md, sections 1, 2 and 4."""

from __future__ import annotations

import re
from typing import Any, List, Sequence

from ...errors import (
    Conflict,
    InvalidValue,
)
from ...matching import with_id
from ...records import (
    BackendRecord,
    BackendSpec,
    ProviderRecord,
)
from ...wording import did_you_mean, join_words, nearest
from .. import base
from ..provider_names import names_of_2014
from ..provider_values import check_url, secret_in_public
from . import parsing
from .providers import options_2014

#: by option of BackendSpec, the server's name where it differs
BACKEND_FIELDS = {"api_key": "apikey", "api_secret": "apisecret", "api_url": "apiurl"}
#: options that identify an account or its address and are not listed: recordings/2014/CONTRACT.md 2
UNSHOWN = ("api_url", "tenant_name", "compute_endpoint", "docker_port", "machine_port")


class Backends(base.Backends):
    def list_providers(self) -> List[ProviderRecord]:
        return self.wire.record(parsing.providers, "a list of providers", "GET", "providers")

    def canonical_provider(self, provider: str) -> str:
        return provider

    def list(self) -> List[BackendRecord]:
        return self.wire.list(parsing.backend, "backends")

    def check_title(self, title: str) -> None:
        if not title.strip():
            raise InvalidValue("Invalid backend title: it must not be empty.")
        if not title.isascii():
            raise InvalidValue(
                f"Invalid backend title {title!r}: only ASCII characters are allowed.",
                "This server would replace all other characters with '?'.",
            )

    def predict(self, spec: BackendSpec) -> BackendRecord:
        return parsing.predicted_backend(spec)

    def find_same(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        # the account conflicts, whatever its title: recordings/2014/CONTRACT.md 4.1
        return with_id(backends, self.predict(spec)["id"])

    def check_spec(self, spec: BackendSpec) -> None:
        self._check_no_credentials(spec)
        self._check_no_secret_is_public(spec)
        self._check_provider(spec["provider"], spec.get("region", ""))
        if spec["provider"] != "bare_metal":
            self.check_title(spec.get("title", ""))
        for option in ("api_url", "compute_endpoint"):
            # assumed: the server's library requires a scheme for OpenStack, but not for Docker
            if spec.get(option) and spec["provider"].startswith(("openstack", "hpcloud")):
                check_url(option, spec[option])
        required = options_2014(spec["provider"]).required if spec.get("validate", True) else ()
        missing = [option for option in required if not spec.get(option)]
        if missing:
            raise InvalidValue(
                f"A new backend of {spec['provider']} requires {join_words(missing, 'and')}.",
                "To add it without a test of the credentials, set validate=false.",
            )

    def _check_provider(self, name: str, region: str) -> None:
        # the server answers "Invalid backend credentials" for an unknown one: recordings/2014/CONTRACT.md 2
        known = sorted(provider["provider"] for provider in self.list_providers())
        if name in known:
            return
        same = names_of_2014(name, region, known)
        if same:
            raise InvalidValue(
                f"Invalid provider {name!r} for {self.wire.transport.uri}, which is a server of 2014 or 2015.",
                f"Use {join_words(same, 'or')}.",
            )
        raise InvalidValue(
            f"Invalid provider {name!r} for {self.wire.transport.uri}.{did_you_mean(nearest(name, known))}",
            f"provider must be one of {join_words(known, 'or')}.",
        )

    def _check_no_credentials(self, spec: BackendSpec) -> None:
        if spec.get("credentials"):
            raise self.not_supported("accept the option credentials (use api_key and the other options)")

    def check_region(self, spec: BackendSpec) -> None:
        """Nothing to check: a region is part of the provider's id, or the server does not list regions."""

    def _check_no_secret_is_public(self, spec: BackendSpec) -> None:
        required, optional = options_2014(spec["provider"])
        if spec.get("api_key") and "api_secret" in required and "api_key" not in (*required, *optional):
            raise secret_in_public("api_key", spec["provider"], spec["api_key"])

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        self._check_no_secret_is_public(spec)
        region = {} if "region" in spec else {"region": backend["region"] or ""}
        predicted = parsing.predicted_backend({**spec, **region})  # type: ignore[typeddict-item]
        if backend["provider"] != predicted["provider"]:
            return f"its provider is {backend['provider']}, not {predicted['provider']}"
        if backend["region"] != predicted["region"]:
            return f"its region is {backend['region']}, not {predicted['region']}"
        if parsing.names_account(spec) and backend["id"] != predicted["id"]:
            return "it was added with other credentials"
        return ""

    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        options = [option for option in UNSHOWN if spec.get(option)]
        predicted = parsing.predicted_backend({**spec, "title": backend["title"]})
        if backend["provider"] == "docker" and predicted["id"] == backend["id"]:
            options.remove("api_url")  # the id is computed from it: recordings/2014/CONTRACT.md 3
        return options

    def add(self, spec: BackendSpec, warnings: List[str] | None = None) -> BackendRecord:
        self._check_no_credentials(spec)
        if spec["provider"] != "bare_metal":
            self.check_title(spec["title"])
        body: dict[str, Any] = {BACKEND_FIELDS.get(name, name): value for name, value in spec.items()}
        body["remove_on_error"] = body.pop("validate", True)
        try:
            return self.wire.record(parsing.backend, "a backend", "POST", "backends", body=body)
        except Conflict as error:
            error.existing = error.text.rpartition(": ")[2]
            raise

    def rename(self, backend_id: str, title: str) -> None:
        self.check_title(title)
        self.wire.done("PUT", "backends", backend_id, body={"new_name": title})

    def enable(self, backend_id: str, enabled: bool) -> None:
        # the server answers 400 to a number or a bool: recordings/2014/CONTRACT.md 4.11
        self.wire.done("POST", "backends", backend_id, body={"new_state": "1" if enabled else "0"})

    def remove(self, backend_id: str) -> None:
        self.wire.done("DELETE", "backends", backend_id)

    def looks_like_id(self, word: str) -> bool:
        return bool(re.fullmatch(f"[{parsing.BASE58}]{{24,28}}", word))
