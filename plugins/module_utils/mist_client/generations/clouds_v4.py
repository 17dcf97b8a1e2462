# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``clouds`` generation: Mist of 2016 and later. Truth: recordings/4.7/CONTRACT.md.

Everything goes by API v1. Servers before 4.3 have no v2; there foreign keys come as names unless told otherwise, a list
has at most 1000 items, and its errors are of another kind. What it does better, ``only`` and paging, no record here
gains by: each wants nearly all of its thing, and v1 lists all at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from typing import Any, Callable, Mapping, Sequence

from ..errors import BUSY, Conflict, InvalidValue, MistError, NoAnswer, NotFound, NotMist, RequestFailed, WaitedTooLong
from ..key_formats import RSA_PEM, kind_of
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ExpirationRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineRecord,
    MachineSpec,
    NetworkRecord,
    ProbeRecord,
    ProviderRecord,
    SizeRecord,
)
from ..transport import Transport
from ..waiting import Patience, first_seen
from ..wording import listed, nearest, snippet
from . import answers, machine_names_v4, providers_v4
from . import shapes_v4 as shapes
from .monitoring_v4 import MonitoringV4
from .paths_v4 import CLOUDS, KEYS, TOKENS, V1, at
from .shared_look import SharedLook

MIST_ID = re.compile("[0-9a-f]{32}")

#: how long a token lives that nobody revokes, for its run was killed. It must outlive the longest wait of a task, and
#: die soon, for a server has 20 of them for a user and no more
TOKEN_SECONDS = 2 * 3600
#: a server that is slow to revoke keeps nobody waiting
REVOKE_SECONDS = 10
#: how long a create may take: some providers take ten minutes
CREATE_SECONDS = 900
#: how long a job may be unknown after the answer that named it (recordings/4.7/CONTRACT.md 6: seconds)
UNKNOWN_JOB_SECONDS = 120

#: the kinds of private keys that the server takes (recordings/4.7/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM, "an RSA key in OpenSSH's format")
ONLY_2014 = ("image_extra", "disk", "ips")
STAYS_RECORDED = (
    "Mist has recorded that login beside the one that was there, all the same: state=absent takes all of the key off."
)
MONITORING_OFF = "Monitoring is off there; mist_monitoring enables it."
PROXY = "A proxy in front of Mist tells so: it got no answer from Mist, or not in time."
NO_LOGIN = "Check mist_api_token, or mist_email and mist_password. A token may have expired or been revoked."


class CloudsV4(MonitoringV4):
    name = "clouds"
    since = "Mist 4.7"
    reading_posts = (
        (*CLOUDS, "*", "images"),
        (*V1, "machines", "*", "probe"),
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
        (401, "Unauthorized cloud credentials", "The provider refuses the credentials of this backend."),
        (401, "", NO_LOGIN),
        (
            403,
            "Invalid csrf token",
            "That is how the server says that the request carried no login: set mist_api_token, or mist_email and"
            " mist_password.",
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
        (
            500,
            "Machine creation failed: Adding host",
            "Mist cannot log in to the host: check its address, port and user, and that the key is allowed there.",
        ),
        (500, "Machine creation failed: Error validating name", "The provider takes no such name."),
        (500, "Error validating name", "The provider takes no such name."),
        (500, "Internal Server Error", "The server tells no more; its log does."),
        (502, "", PROXY),
        (503, "Cloud unavailable", "Mist cannot reach the provider, or the provider fails."),
        (503, "Service unavailable: SSH", "Mist cannot log in to the host: check its address and port, and its keys."),
        (504, "", PROXY),
        (503, "Service unavailable", "What the server asks for it, such as the store of its stats, does not answer."),
    )

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        #: the token that ``log_in`` made, and the process that did: one that was forked off must not revoke it
        self._own_token = ("", 0)
        #: by path, for lists that the threads of one task ask for at once
        self._looks: dict[tuple[str, ...], SharedLook[list[Any]]] = {}

    def _shared_list(self, shape: Callable[[Any], Any], *segments: str) -> list[Any]:
        """As ``_list``, of which the records are never changed."""
        return self._looks.setdefault(segments, SharedLook(lambda: self._list(shape, *segments)))()

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

    def public_values(self, spec: BackendSpec) -> set[str]:
        return providers_v4.public_values(spec)

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        return providers_v4.mismatch(backend, spec)

    def add_backend(self, spec: BackendSpec) -> BackendRecord:
        body = self._with_key_ids(providers_v4.payload(spec))
        secret = providers_v4.secret_values(body["provider"], body)
        try:
            record, failed = self._record(shapes.added_backend, "a backend", "POST", *CLOUDS, body=body, secrets=secret)
        except Conflict as error:
            there = self.same_backend(self.list_backends(), spec)
            error.existing = there["id"] if there else ""
            raise
        if failed and spec.get("validate", True):
            # a cloud that is a list of hosts is there though some hosts are not: recordings/4.7/CONTRACT.md 4
            hint = "The backend was removed again; with validate=false it stays, without these hosts."
            try:
                self.remove_backend(record["id"])
            except MistError:
                hint = f"The backend ({record['id']}) is there, without these hosts, and could not be removed again."
            told = snippet("; ".join(failed)).rstrip(".")
            raise MistError(f"POST {self.transport.address(*CLOUDS)} could not add all hosts: {told}.", hint)
        return record

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

    # ---- keys

    def list_keys(self) -> list[KeyRecord]:
        return self._shared_list(shapes.key, *KEYS)

    def generate_key(self) -> str:
        return self._record(lambda answer: answers.text(answer["priv"]), "a private key", "POST", *KEYS)

    def check_key_name(self, name: str) -> None:
        if not name.strip():
            raise InvalidValue("A key needs a name that is not empty.")

    def check_private_key(self, private: str) -> None:
        kind = kind_of(private)
        if kind in TAKEN_KEYS:
            return
        can_be_converted = kind.startswith(("an encrypted", "a key in PKCS#8"))
        raise InvalidValue(
            f"This is {kind}, and this server takes unencrypted RSA keys alone, in PEM or in OpenSSH's format.",
            "Convert a copy of it: ssh-keygen -p -m PEM -N '' -f COPY"
            if can_be_converted
            else "Make one: ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE",
        )

    def foresee_key(self, name: str, is_first: bool = False) -> KeyRecord:
        return {"id": None, "name": name, "default": is_first, "machines": []}  # type: ignore[typeddict-item]

    def foresee_renamed_key(self, key: KeyRecord, name: str) -> KeyRecord:
        return {**key, "name": name}

    def add_key(self, name: str, private: str) -> KeyRecord:
        self.check_key_name(name)
        return self._record(shapes.key, "a key", "PUT", *KEYS, body={"name": name, "priv": private})

    def replace_key(self, key_id: str, private: str) -> KeyRecord:
        name = key_named(self.list_keys(), key_id)["name"]
        beside = f"{name}.{hashlib.sha256(private.encode()).hexdigest()[:12]}"
        try:
            new = self.add_key(beside, private)
        except Conflict:  # left there when this was interrupted before
            new = key_named(self.list_keys(), beside)
        self.remove_key(key_id)
        self.rename_key(new["id"], name)
        return self.foresee_renamed_key(new, name)

    def rename_key(self, key_id: str, name: str) -> None:
        self.check_key_name(name)
        self._json("PUT", *KEYS, key_id, body={"new_name": name})

    def make_key_default(self, key_id: str) -> None:
        self._done("POST", *KEYS, key_id)

    def remove_key(self, key_id: str) -> None:
        # else its name could never be used again: recordings/4.7/CONTRACT.md 8.7
        self._done("DELETE", *KEYS, key_id, body={"delete_from_vault": True})

    def private_key(self, key_id: str) -> str:
        return self._record(answers.text, "a private key", "GET", *KEYS, key_id, "private")

    def public_key(self, key_id: str) -> str:
        return self._record(answers.text, "a public key", "GET", *KEYS, key_id, "public")

    def associate_key(
        self,
        key_id: str,
        backend_id: str,
        machine_id: str,
        host: str,
        user: str | None,
        port: int,
        keep_failed: bool = False,
    ) -> list[AssociationRecord]:
        """``host`` is not sent: the server goes to the machine's own address."""
        key = key_named(self.list_keys(), key_id)
        was_there = any(each["machine_id"] == machine_id for each in key["machines"])
        path = at(machine_id, "keys", key["id"])
        try:
            self._json("PUT", *path, body={"user": user or "", "port": port})
        except RequestFailed as error:
            # recorded all the same: recordings/4.7/CONTRACT.md 2. A delete takes all of the key's from the machine.
            if error.status == 503 and was_there:
                error.hint = f"{error.hint} {STAYS_RECORDED}"
            elif error.status == 503 and not keep_failed:
                with suppress(MistError):
                    self._json("DELETE", *path)
            raise
        return key_named(self.list_keys(), key["id"])["machines"]

    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        own = (*machine["public_ips"], *machine["private_ips"], machine["dns_name"])
        if host and host not in own:
            raise self.not_supported("to log in to a machine at another address than its own, whatever host says")

    def dissociate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str | None
    ) -> list[AssociationRecord]:
        """The key is removed from the machine's own address if Mist can log in there, whatever ``host`` says."""
        self._json("DELETE", *at(machine_id, "keys", key_id))
        return key_named(self.list_keys(), key_id)["machines"]

    # ---- machines and what they are made of

    def looks_like_backend_id(self, word: str) -> bool:
        return bool(MIST_ID.fullmatch(word))

    def looks_like_image_id(self, word: str) -> bool:
        # an id that the server does not know is handed on to the provider: recordings/4.7, create-unknown-image
        return False

    def looks_like_size_id(self, word: str, image_id: str) -> bool:
        return False

    def list_machines(self, backend_id: str) -> list[MachineRecord]:
        """The server asks the provider now, and so learns which actions each machine takes."""
        return self._shared_list(shapes.machine, *CLOUDS, backend_id, "machines")

    def list_all_machines(self) -> list[MachineRecord] | None:
        return self._list(shapes.machine, *V1, "machines")

    def check_machine_spec(self, spec: MachineSpec) -> None:
        for option in ONLY_2014:
            if spec.get(option):
                raise self.not_supported(f"to create a machine with {option}")
        if not spec["name"].strip():
            raise InvalidValue(f"The machine name {spec['name']!r} is blank.")
        parameters = spec.get("parameters", {})
        doubled = sorted(set(parameters) & set(MachineSpec.__annotations__))
        if doubled:
            raise InvalidValue(f"parameters holds {listed(doubled, 'and')}, for which there are options.")
        for forbidden in ("async", "quantity"):
            if forbidden in parameters:
                raise InvalidValue(f"parameters must not hold {forbidden}.", "For many machines, give names.")

    def check_machine_names(self, backend_id: str, names: Sequence[str]) -> None:
        backend = next((each for each in self.list_backends() if each["id"] == backend_id), None)
        for name in names:
            machine_names_v4.check(name, backend["provider"] if backend else "")

    def check_machine_changes(self, changes: Mapping[str, Any]) -> None:
        """All of them are possible."""

    def foresee_machine(self, backend_id: str, spec: MachineSpec, size: SizeRecord | None) -> MachineRecord:
        return {**super().foresee_machine(backend_id, spec, size), **shapes.foreseen_machine(spec, size)}  # type: ignore[typeddict-item]

    def create_machine(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_machine_spec(spec)
        # in the background: the request itself would take minutes, and answer the provider's id (CONTRACT.md 6)
        given = {name: value for name, value in spec.items() if value != ""}
        body: dict[str, Any] = {"size": given.pop("custom_size", ""), **given, "async": True}
        body.update(body.pop("parameters", {}))
        if "key" in body:  # an unknown one is a 500 without a word: recordings/4.7, create-ec2-unknown-key
            body["key"] = key_named(self.list_keys(), body["key"])["id"]
        path = (*CLOUDS, backend_id, "machines")
        job_id = self._record(shapes.job_id, "a job", "POST", *path, body=body)
        deadline = Patience(CREATE_SECONDS)
        try:
            external_id = self._made_by(job_id, f"POST {self.transport.address(*path)}", spec["name"], deadline)
            machine = first_seen(lambda: self._listed(backend_id, external_id), deadline.left())
        except MistError as error:
            error.known.setdefault("job_id", job_id)
            if isinstance(error, RequestFailed) and error.status < 500:  # such as a login that ended meanwhile
                error.hint = f"{error.hint} Machine {spec['name']!r} was asked for before that, and may be made."
            raise
        if machine is None:
            raise self._too_long(job_id, f"Machine {spec['name']!r} ({external_id}) was made, but is not listed")
        return machine

    def _made_by(self, job_id: str, asked: str, name: str, deadline: Patience) -> str:
        """The provider's id of the machine that a job makes; ``deadline`` is when to stop waiting."""
        made = first_seen(lambda: self._creation(job_id), UNKNOWN_JOB_SECONDS)
        if made is None:
            raise self._too_long(job_id, f"Machine {name!r} was asked for, but the server knows nothing of its job")
        if not made.ended:
            made = first_seen(lambda: self._ended_creation(job_id), deadline.left())
        if made is None:
            raise self._too_long(job_id, f"Machine {name!r} was asked for, and its job goes on and on")
        if made.error:
            with self._explaining():
                raise RequestFailed(f"{asked}, job {job_id},", 500, made.error)
        return made.external_id

    def _ended_creation(self, job_id: str) -> shapes.Creation | None:
        creation = self._creation(job_id)
        return creation if creation and creation.ended else None

    def _creation(self, job_id: str) -> shapes.Creation | None:
        """What a job tells of the machine that it makes; None while the server does not know it yet, or cannot tell."""
        try:
            return self._record(shapes.creation, "a job", "GET", *V1, "jobs", job_id)
        except (NoAnswer, NotMist, RequestFailed) as error:  # NotMist: a proxy in front of a server that starts anew
            if isinstance(error, RequestFailed) and error.status < 500 and not isinstance(error, NotFound):
                raise
            return None

    def _listed(self, backend_id: str, external_id: str) -> MachineRecord | None:
        try:
            machines = self.list_machines(backend_id)
        except (NoAnswer, NotMist, RequestFailed) as error:
            if isinstance(error, RequestFailed) and error.status < 500 and error.status != BUSY:
                raise
            return None
        return next((each for each in machines if each["external_id"] == external_id), None)

    def _too_long(self, job_id: str, what: str) -> WaitedTooLong:
        error = WaitedTooLong(
            f"{what} (job {job_id}).",
            f"Look at the job in Mist's log, or at {self.transport.address(*V1, 'jobs', job_id)}, and at the provider"
            " before the task is run again: a machine that is not listed yet would be made twice.",
        )
        error.known = {"job_id": job_id}
        return error

    def act_on_machine(self, backend_id: str, machine_id: str, action: str) -> list[MachineRecord]:
        return self._act(backend_id, machine_id, action=action)

    def rename_machine(self, backend_id: str, machine_id: str, name: str) -> list[MachineRecord]:
        return self._act(backend_id, machine_id, action="rename", name=name)

    def resize_machine(self, backend_id: str, machine_id: str, size_id: str) -> list[MachineRecord]:
        return self._act(backend_id, machine_id, action="resize", size=size_id)

    def remove_machine(self, backend_id: str, machine_id: str) -> list[MachineRecord]:
        try:
            return self._act(backend_id, machine_id, action="remove")
        except RequestFailed as error:
            # it was removed: recordings/4.7, machine-remove-other
            machines = self.list_machines(backend_id) if error.status == 500 else []
            if error.status != 500 or any(each["id"] == machine_id for each in machines):
                raise
        return machines

    def _act(self, backend_id: str, machine_id: str, **body: str) -> list[MachineRecord]:
        """The listing after it is more than a courtesy: without one, the next action would be judged by old flags."""
        self._done("POST", *at(machine_id), body=body)
        return self.list_machines(backend_id)

    def change_machine_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Sequence[str]
    ) -> None:
        tags = [{"key": key, "value": value} for key, value in added.items()]
        tags += [{"key": key, "value": "", "op": "-"} for key in removed]
        resource = {"type": "machine", "item_id": machine_id, "cloud_id": backend_id}
        self._done("POST", *V1, "tags", body=[{"resource": resource, "tags": tags}])

    def expire_machine(self, backend_id: str, machine_id: str, expiration: ExpirationRecord) -> None:
        self._json("PUT", *at(machine_id), body={"expiration": expiration})

    def probe_machine(
        self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None
    ) -> ProbeRecord:
        """The server takes no ``user``: it tries those that it knows. ``host`` was recorded in a failure alone."""
        key = {"key": key_named(self.list_keys(), key_id)["id"]} if key_id else {}
        body = {"host": host, **key}
        try:
            return self._record(shapes.probe, "a probe", "POST", *at(machine_id, "probe"), body=body)
        except RequestFailed as error:
            if error.status == 503 and error.text.startswith("Service unavailable"):
                return shapes.NO_PROBE
            raise

    def list_images(self, backend_id: str, search: str = "") -> list[ImageRecord]:
        path = (*CLOUDS, backend_id, "images")
        if search:
            return self._records(shapes.image, "images", "POST", *path, body={"search_term": search})
        return self._list(shapes.image, *path)

    def list_sizes(self, backend_id: str) -> list[SizeRecord]:
        return self._list(shapes.size, *CLOUDS, backend_id, "sizes")

    def list_locations(self, backend_id: str) -> list[LocationRecord]:
        return self._list(shapes.location, *CLOUDS, backend_id, "locations")

    def list_networks(self, backend_id: str) -> list[NetworkRecord]:
        return self._list(shapes.network, *CLOUDS, backend_id, "networks")


def key_named(keys: Sequence[KeyRecord], word: str) -> KeyRecord:
    """The key whose id or name this is; InvalidValue when there is none."""
    found = next((key for field in ("id", "name") for key in keys if key[field] == word), None)
    if found is None:
        names = [key["name"] for key in keys]
        close = nearest(word, names) or names[:8]
        there = f"There are: {listed(map(repr, close), 'and')}." if close else "There is none at all."
        raise InvalidValue(f"Mist has no key {word!r}. {there}")
    return found
