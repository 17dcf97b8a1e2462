# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``clouds`` generation: Mist of 2016 and later. Truth: recordings/4.7/CONTRACT.md.

Everything goes by API v1. Servers before 4.3 have no v2; there foreign keys come as names unless told otherwise, a list
has at most 1000 items, and its errors are of another kind. What it does better, ``only`` and paging, no record here
gains by: each wants nearly all of its thing, and v1 lists all at once.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import Any, Mapping, Sequence

from ..errors import BUSY, Conflict, InvalidValue, MistError, RequestFailed
from ..records import (
    BackendRecord,
    BackendSpec,
    ProviderRecord,
)
from ..transport import Transport
from ..wording import listed, snippet
from . import providers_v4
from . import shapes_v4 as shapes
from .keys_v4 import KeysV4, key_named
from .machines_v4 import MachinesV4
from .monitoring_v4 import MonitoringV4
from .paths_v4 import CLOUDS, TOKENS, V1

#: how long a token lives that nobody revokes, for its run was killed. It must outlive the longest wait of a task, and
#: die soon, for a server has 20 of them for a user and no more
TOKEN_SECONDS = 2 * 3600
#: a server that is slow to revoke keeps nobody waiting
REVOKE_SECONDS = 10
MONITORING_OFF = "Monitoring is off there; mist_monitoring enables it."
PROXY = "A proxy in front of Mist tells so: it got no answer from Mist, or not in time."
#: the beginnings of what the server answers when it tries an account in vain
REFUSALS = ("Unauthorized cloud credentials", "Cloud unavailable")
NOT_WITHOUT_VALIDATION = (
    "validate=false does not help: this server tries each new backend, and stores none that fails (Mist 4.7)."
)
LOG_IN = "Mist cannot log in to the host: check its address, port and user, and that the key is allowed there."
NO_LOGIN = "Check mist_api_token, or mist_email and mist_password. A token may have expired or been revoked."


class CloudsV4(KeysV4, MachinesV4, MonitoringV4):
    name = "clouds"
    since = "Mist 4.7"
    can_update_backends = True
    reading_posts = (
        (*CLOUDS, "*", "images"),
        (*V1, "machines", "*", "probe"),
    )
    # [clouds-no-token], [clouds-post-no-token]
    login_refusals = (
        (401, "User not authenticated. Please log in"),
        (403, "Invalid csrf token\n"),
    )
    wrong_server = "A server of 2014 or 2015 wants mist_generation=auto."
    hints = (
        (400, "Bad Request: MAX number", "Revoke some of them in Mist; or give one of them as mist_api_token."),
        (400, "Bad Request: Machine does not have monitoring", MONITORING_OFF),
        (
            400,
            "Bad Request: Private key is not a valid RSA key",
            "Mist takes RSA keys alone, and none with a passphrase.",
        ),
        (401, "Unauthorized cloud credentials: MachineUnauthorizedError", LOG_IN),
        (401, "Unauthorized cloud credentials", "The provider refuses the credentials of this backend."),
        (
            401,
            "Couldn't authenticate to machine",
            "No key of Mist is let in to the machine as that user: check ssh_user, and the keys on the machine.",
        ),
        (401, "", NO_LOGIN),
        (
            403,
            "Invalid csrf token",
            "The request reached the server without its Authorization header: check whether a proxy removes it.",
        ),
        (
            403,
            "Forbidden: Machine doesn't support",
            "Its provider does not offer that, or not in its state.",
        ),
        (403, "Forbidden: Machine doesn't seem to have monitoring", MONITORING_OFF),
        (403, "Forbidden: Machine doesn't have monitoring", MONITORING_OFF),
        (403, "", "The user of this login may not do that: ask an owner of the organisation."),
        (404, "404", "So does a proxy answer that knows no Mist at this address: is mist_uri right?"),
        (404, "Not Found: Key", "Mist has no key of this id."),
        (404, "Not Found: Machine", "Is it Mist's id of the machine, and not the provider's?"),
        (404, "Not Found: Story", "The server knows no such job."),
        (405, "Method Not Allowed: Machine doesn't have monitoring", MONITORING_OFF),
        (
            409,
            "Key name exists",
            "There is a key of this name, or there was one whose secret is still in the server's Vault: take another.",
        ),
        (409, "NotUniqueError", "Another key has this name."),
        (BUSY, "", "Mist is listing this backend already, for somebody else or by itself: try again."),
        (429, "", "Ask less often, or wait for a while."),
        (500, "Machine creation failed: Adding host", LOG_IN),
        (
            500,
            'Machine creation failed: Docker, got exception None {"message": "Conflict',
            "A container of this name exists. Mist lists a stopped one only if show_all of the backend is on.",
        ),
        (
            500,
            "UnboundLocalError(\"local variable 'ec2_location'",
            "EC2 creates machines in an availability zone: give one as the location.",
        ),
        (500, "Machine creation failed: Error validating name", "The provider takes no such name."),
        (500, "Error validating name", "The provider takes no such name."),
        (500, "Internal Server Error", "The server tells no more; its log does."),
        (502, "", PROXY),
        (503, "Cloud unavailable: Invalid region", "Check region."),
        (503, "Cloud unavailable", "Mist cannot reach the provider, or the provider fails."),
        (503, "Service unavailable: SSH", "Mist cannot log in to the host: check its address and port, and its keys."),
        (504, "", PROXY),
        (503, "Service unavailable", "What the server asks for it, such as the store of its stats, does not answer."),
    )

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        #: the token that ``log_in`` made, and the process that did: one that was forked off must not revoke it
        self._own_token = ("", 0)

    # ---- who is asking

    def use_token(self, token: str, email: str | None) -> None:
        self.transport.log_in(token)

    def log_in(self, email: str, password: str, org: str | None) -> None:
        body = {
            "email": email,
            "password": password,
            "name": f"mistio.cloud {secrets.token_hex(8)}",
            "ttl": TOKEN_SECONDS,
            **({"org_id": org} if org else {}),
        }
        secret = {"secrets": [password], "despite_wall": True}
        made = self._record(shapes.token, "a token", "POST", *TOKENS, body=body, **secret)
        self.transport.log_in(made.token)
        self._own_token = (made.id, os.getpid())
        if org and org not in made.orgs:  # the server says nothing: recordings/4.7, tokens-create-unknown-org
            self.log_out()
            raise self._of_another_org(org, made.orgs)

    def log_out(self) -> None:
        (token, pid), self._own_token = self._own_token, ("", 0)
        if token and pid == os.getpid():
            with suppress(MistError):  # it expires by itself, and what went before is what counts
                self.transport.done("DELETE", *TOKENS, body={"id": token}, timeout=REVOKE_SECONDS, despite_wall=True)

    def check_org(self, org: str) -> None:
        orgs = self._record(lambda it: (it["id"], it["name"]), "an organisation", "GET", *V1, "org")
        if org not in orgs:
            raise self._of_another_org(org, orgs)

    def _of_another_org(self, org: str, orgs: tuple[str, str]) -> InvalidValue:
        org_id, name = orgs
        return InvalidValue(
            f"This login is of the organisation {name!r} ({org_id}), not of {org!r}.",
            "Is mist_org the id or the name of an organisation that the user is a member of?",
        )

    # ---- providers and backends

    def list_providers(self) -> list[ProviderRecord]:
        known = providers_v4.providers()
        return self._record(lambda it: shapes.providers(it, known), "a list of providers", "GET", *V1, "providers")

    def canonical_provider(self, provider: str) -> str:
        return providers_v4.canonical_provider(provider)

    def list_backends(self) -> list[BackendRecord]:
        return self._list(shapes.backend, *CLOUDS)

    def check_backend_title(self, title: str) -> None:
        providers_v4.check_title(title)

    def foresee_backend(self, spec: BackendSpec) -> BackendRecord:
        body = {**providers_v4.payload(spec), "id": None, "enabled": True}
        return {**shapes.backend(body), "settings": providers_v4.public_fields(spec)}

    def same_backend(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        return next((each for each in backends if each["title"] == spec.get("title")), None)

    def check_backend_spec(self, spec: BackendSpec) -> None:
        providers_v4.payload(spec)
        self.check_region(spec)

    def check_region(self, spec: BackendSpec) -> None:
        driver, region = providers_v4.given_region(spec)
        if region:
            # the server answers 503 to an invalid one, as if the provider were down: [cloud-add-ec2-bad-region]
            regions = self._record(
                lambda it: shapes.regions(it, driver), "a list of providers", "GET", *V1, "providers"
            )
            providers_v4.check_region(driver, region, regions)

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        return providers_v4.mismatch(backend, spec)

    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> list[str]:
        return providers_v4.unshown_options(spec)

    def describe_backend_drift(self, backend: BackendRecord, spec: BackendSpec) -> list[str]:
        unlisted = providers_v4.describe_unlisted(backend)
        if not unlisted or not providers_v4.is_without_default(backend, spec):
            return []
        return [
            f"{unlisted} Set update_credentials=always to switch show_all on, or credentials.show_all=false to keep it"
            " off without this warning."
        ]

    def add_backend(self, spec: BackendSpec, warnings: list[str] | None = None) -> BackendRecord:
        body = self._with_key_ids(providers_v4.payload(spec))
        secret = providers_v4.secret_values(body["provider"], body)
        try:
            record, failed = self._record(shapes.added_backend, "a backend", "POST", *CLOUDS, body=body, secrets=secret)
        except Conflict as error:
            there = self.same_backend(self.list_backends(), spec)
            error.existing = there["id"] if there else ""
            raise
        except RequestFailed as error:
            if not spec.get("validate", True) and error.text.startswith(REFUSALS):
                error.hint = f"{error.hint} {NOT_WITHOUT_VALIDATION}".strip()
            raise
        if failed:
            self._report_hosts(record, spec, failed, [] if warnings is None else warnings)
        return record

    def _report_hosts(self, added: BackendRecord, spec: BackendSpec, failed: list[str], warnings: list[str]) -> None:
        """A backend of hosts is added without those that fail, whose errors do not name them (CONTRACT-2.md 1)."""
        try:
            missing = listed(map(self.describe_host, self.missing_hosts(added, spec) or ()), "and")
        except MistError:
            missing = ""
        errors = snippet("; ".join(failed)).rstrip(".")
        told = f"Mist could not add {missing or 'some hosts'} to the backend {added['title']!r}: {errors}."
        if not spec.get("validate", True):
            warnings.append(told)
            return
        hint = "The backend was removed again. With validate=false it stays, without these hosts."
        try:
            self.remove_backend(added["id"])
        except MistError:
            hint = f"The backend ({added['id']}) was added without them, and could not be removed again."
        raise MistError(f"{told} {LOG_IN}", hint)

    def missing_hosts(self, backend: BackendRecord, spec: BackendSpec) -> list[dict[str, Any]] | None:
        hosts = providers_v4.hosts_of(spec)
        if not hosts:
            return None
        if not backend["enabled"]:
            return []  # its machines may not be listed, and a host must not be added twice
        there = {(host.address, host.port) for host in self._list(shapes.host, *CLOUDS, backend["id"], "machines")}
        return [host for host in hosts if providers_v4.place_of(host) not in there]

    def describe_host(self, host: Mapping[str, Any]) -> str:
        address, port = providers_v4.place_of(host)
        return str(shapes.Host(host.get("machine_name") or address, address, port))

    def add_host(self, backend_id: str, host: Mapping[str, Any]) -> None:
        # without operating_system the server checks nothing and associates no key (CONTRACT-2.md 0)
        body = self._with_key_ids({"provider": "other", "operating_system": "unix", **host})
        del body["provider"]
        self._json("PUT", *CLOUDS, backend_id, "machines", body=body)

    def update_backend_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        body = self._with_key_ids(providers_v4.credentials_payload(spec))
        secret = providers_v4.secret_values(spec["provider"], body)
        self._done("PATCH", *CLOUDS, backend_id, body=body, secrets=secret)

    def foresee_updated_backend(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        return providers_v4.updated(backend, spec)

    def rename_backend(self, backend_id: str, title: str) -> None:
        self.check_backend_title(title)
        self._done("PUT", *CLOUDS, backend_id, body={"new_name": title})

    def enable_backend(self, backend_id: str, enabled: bool) -> None:
        # a number is taken and does nothing: recordings/4.7, cloud-toggle-int-state
        self._done("POST", *CLOUDS, backend_id, body={"new_state": "1" if enabled else "0"})

    def remove_backend(self, backend_id: str) -> None:
        # without delete_from_vault, which fails for some; a title can be taken again: recordings/4.7/CONTRACT.md 8.7
        self._done("DELETE", *CLOUDS, backend_id)

    def _with_key_ids(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with the ids of the keys that its hosts name."""
        hosts = [host for field in ("machines", "hosts") for host in body.get(field) or []]
        hosts += [body] if body.get("provider") == "other" else []
        named = [(host, field) for host in hosts for field in ("machine_key", "key") if host.get(field)]
        keys = self.list_keys() if named else []
        for host, field in named:
            host[field] = key_named(keys, host[field])["id"]
        return body
