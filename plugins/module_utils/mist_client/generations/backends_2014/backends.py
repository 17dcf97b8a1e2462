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

#: BackendSpec's names where the server has others
BACKEND_FIELDS = {"api_key": "apikey", "api_secret": "apisecret", "api_url": "apiurl"}
#: what names an account or its address, and stands in no listing: recordings/2014/CONTRACT.md 2
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
            raise InvalidValue("A backend needs a title that is not empty.")
        if not title.isascii():
            raise InvalidValue(
                f"The backend title {title!r} holds letters beyond ASCII, and this server would store '?' for each.",
                "Choose a title of ASCII letters.",
            )

    def predict(self, spec: BackendSpec) -> BackendRecord:
        return parsing.predicted_backend(spec)

    def find_same(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        # the account's, under whatever title: recordings/2014/CONTRACT.md 4.1
        backend_id = self.predict(spec)["id"]
        return next((each for each in backends if each["id"] == backend_id), None)

    def check_spec(self, spec: BackendSpec) -> None:
        self._check_no_credentials(spec)
        self._check_no_secret_is_public(spec)
        self._check_provider(spec["provider"], spec.get("region", ""))
        if spec["provider"] != "bare_metal":
            self.check_title(spec.get("title", ""))
        for option in ("api_url", "compute_endpoint"):
            # assumed: for OpenStack the server's library needs a scheme, for a docker it takes a host as well
            if spec.get(option) and spec["provider"].startswith(("openstack", "hpcloud")):
                check_url(option, spec[option])
        required = options_2014(spec["provider"]).required if spec.get("validate", True) else ()
        missing = [option for option in required if not spec.get(option)]
        if missing:
            raise InvalidValue(
                f"To add a backend of {spec['provider']}, {join_words(missing, 'and')} must be given as well.",
                "With validate=false it is added as it is, and nothing is tried.",
            )

    def _check_provider(self, name: str, region: str) -> None:
        # the server says "Invalid backend credentials" of an unknown one: recordings/2014/CONTRACT.md 2
        known = sorted(each["provider"] for each in self.list_providers())
        if name in known:
            return
        same = names_of_2014(name, region, known)
        if same:
            raise InvalidValue(
                f"There is no provider {name!r} at {self.wire.transport.uri}, which is a server of 2014 or 2015.",
                f"Write {join_words(same, 'or')}.",
            )
        raise InvalidValue(
            f"There is no provider {name!r} at {self.wire.transport.uri}.{did_you_mean(nearest(name, known))}",
            f"There are: {join_words(known, 'and')}.",
        )

    def _check_no_credentials(self, spec: BackendSpec) -> None:
        if spec.get("credentials"):
            raise self.not_supported("take credentials by a provider's own names: give api_key and the other options")

    def check_region(self, spec: BackendSpec) -> None:
        """Regions are a part of the provider's id, or nobody lists them."""

    def _check_no_secret_is_public(self, spec: BackendSpec) -> None:
        required, optional = options_2014(spec["provider"])
        if spec.get("api_key") and "api_secret" in required and "api_key" not in (*required, *optional):
            raise secret_in_public("api_key", spec["provider"], spec["api_key"])

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        self._check_no_secret_is_public(spec)
        region = {} if "region" in spec else {"region": backend["region"] or ""}
        foreseen = parsing.predicted_backend({**spec, **region})  # type: ignore[typeddict-item]
        if backend["provider"] != foreseen["provider"]:
            return f"its provider is {backend['provider']}, not {foreseen['provider']}"
        if backend["region"] != foreseen["region"]:
            return f"its region is {backend['region']}, not {foreseen['region']}"
        if parsing.names_account(spec) and backend["id"] != foreseen["id"]:
            return "it was added with other credentials than these"
        return ""

    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        options = [option for option in UNSHOWN if spec.get(option)]
        foreseen = parsing.predicted_backend({**spec, "title": backend["title"]})
        if backend["provider"] == "docker" and foreseen["id"] == backend["id"]:
            options.remove("api_url")  # the id is made of it: recordings/2014/CONTRACT.md 3
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
        # a number or a bool is 400: recordings/2014/CONTRACT.md 4.11
        self.wire.done("POST", "backends", backend_id, body={"new_state": "1" if enabled else "0"})

    def remove(self, backend_id: str) -> None:
        self.wire.done("DELETE", "backends", backend_id)

    def looks_like_id(self, word: str) -> bool:
        return bool(re.fullmatch(f"[{parsing.BASE58}]{{24,28}}", word))
