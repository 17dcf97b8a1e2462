# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``backends`` generation: mist.io of 2014 and 2015. Truth: recordings/2014/CONTRACT.md, sections 1, 2 and 4."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from functools import partial
from typing import Any, Callable, TypeVar

from ..errors import Conflict, InvalidValue, NotMist
from ..key_formats import RSA_PEM, kind_of
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..wording import listed
from . import shapes_2014 as shapes
from .base import Generation
from .providers import options_2014

Record = TypeVar("Record")

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

#: the kinds of private keys that the server takes (recordings/2014/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM,)

#: BackendSpec's names where the server has others
BACKEND_FIELDS = {"api_key": "apikey", "api_secret": "apisecret", "api_url": "apiurl"}


class Backends2014(Generation):
    name = "backends"
    reading_posts = (
        ("auth",),
        ("backends", "*", "images"),
        ("backends", "*", "machines", "*", "probe"),
    )
    wrong_server = "Servers of 2016 and later have another API, which this version of the client does not know."
    hints = (
        (
            401,
            "Invalid backend credentials: Couldn't authenticate to machine",
            "Mist cannot log in to the host: check machine_user, machine_port, and that machine_key is allowed there.",
        ),
        (401, "Invalid backend credentials", "The provider refuses the credentials of this backend."),
        (401, "Couldn't authenticate to machine", "Mist has no key that can log in to the machine."),
        (
            401,
            "Not authorized: You need to authenticate",
            "Monitoring wants a login: set mist_email and mist_password.",
        ),
        (401, "", "Check mist_api_token, or mist_email and mist_password."),
        (404, "u'Keypair not found", "Mist has no key of this name."),
        (402, "", "The plan of this account at Mist does not cover it."),
        (403, "", "Check mist_api_token, or mist_email and mist_password."),
        (429, "", "Ask less often, or wait for a while."),
        (500, "Internal Server Error", "The server tells no more; its log does."),
        (
            503,
            "Backend unavailable",
            "Mist cannot reach the provider, or the provider fails or refuses the credentials of this backend.",
        ),
        (503, "Service unavailable: SSH timed-out", "Mist cannot reach the host's ssh: check its address and port."),
        (503, "Service unavailable", "The server, or the core that it asks, cannot do it now."),
        (400, "Bad Request: Provider unknown", "No machine can be created at this backend."),
        (404, '"Keypair not found', "Mist has no key at all: add one, with mist_key."),
        (503, "Machine currently unavailable", "The provider fails, or knows no such machine."),
    )

    # ---- who is asking

    def use_token(self, token: str, email: str | None) -> None:
        # "mist_1 email:token" is R of recordings/2014/CONTRACT.md 1; a token that is whole already is left as it is
        whole = token.startswith("mist_1 ") or not email
        self.transport.log_in(token if whole else f"mist_1 {email}:{token}")

    def log_in(self, email: str, password: str) -> None:
        answer = self._json("POST", "auth", body={"email": email, "password": password})
        # a standalone server keeps the token for itself and wants none (recordings/2014/CONTRACT.md 1)
        token = answer.get("mist_api_token") if isinstance(answer, dict) else None
        if token:
            self.use_token(token, email)

    # ---- providers and backends

    def list_providers(self) -> list[ProviderRecord]:
        return self._record(shapes.providers, "a list of providers", "GET", "providers")

    def list_backends(self) -> list[BackendRecord]:
        return self._list(shapes.backend, "backends")

    def check_backend_title(self, title: str) -> None:
        if not title.strip():
            raise InvalidValue("A backend needs a title that is not empty.")
        if not title.isascii():
            raise InvalidValue(
                f"The backend title {title!r} holds letters beyond ASCII, and this server would store '?' for each.",
                "Choose a title of ASCII letters.",
            )

    def foresee_backend(self, spec: BackendSpec) -> BackendRecord:
        return shapes.foreseen_backend(spec)

    def api_key_names_user(self, provider: str) -> bool:
        return options_2014(provider).names_user

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        region = {} if "region" in spec else {"region": backend["region"] or ""}
        foreseen = shapes.foreseen_backend({**spec, **region})  # type: ignore[typeddict-item]
        if backend["provider"] != foreseen["provider"]:
            return f"its provider is {backend['provider']}, not {foreseen['provider']}"
        if backend["region"] != foreseen["region"]:
            return f"its region is {backend['region']}, not {foreseen['region']}"
        if shapes.names_account(spec) and backend["id"] != foreseen["id"]:
            return "it was added with other credentials than these"
        return ""

    def add_backend(self, spec: BackendSpec) -> BackendRecord:
        if spec["provider"] != "bare_metal":
            self.check_backend_title(spec["title"])
        body: dict[str, Any] = {BACKEND_FIELDS.get(name, name): value for name, value in spec.items()}
        body["remove_on_error"] = body.pop("validate", True)
        try:
            return self._record(shapes.backend, "a backend", "POST", "backends", body=body)
        except Conflict as error:
            error.existing = error.text.rpartition(": ")[2]
            raise

    def rename_backend(self, backend_id: str, title: str) -> None:
        self.check_backend_title(title)
        self._done("PUT", "backends", backend_id, body={"new_name": title})

    def enable_backend(self, backend_id: str, enabled: bool) -> None:
        # a number or a bool is 400: recordings/2014/CONTRACT.md 4.11
        self._done("POST", "backends", backend_id, body={"new_state": "1" if enabled else "0"})

    def remove_backend(self, backend_id: str) -> None:
        self._done("DELETE", "backends", backend_id)

    # ---- keys

    def list_keys(self) -> list[KeyRecord]:
        return self._list(shapes.key, "keys")

    def generate_key(self) -> str:
        return self._record(lambda answer: shapes.text(answer["priv"]), "a private key", "POST", "keys")

    def check_key_name(self, name: str) -> None:
        self.transport.address(name)  # one with a slash could be added, but never be read, renamed or removed again

    def check_private_key(self, private: str) -> None:
        kind = kind_of(private)
        if kind in TAKEN_KEYS:
            return
        can_be_converted = kind.startswith(("an encrypted", "a key in PKCS#8", "an RSA key"))
        raise InvalidValue(
            f"This is {kind}, and this server takes unencrypted RSA keys in PEM alone.",
            "Convert a copy of it: ssh-keygen -p -m PEM -N '' -f COPY"
            if can_be_converted
            else "Make one: ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE",
        )

    def foresee_key(self, name: str, is_first: bool = False) -> KeyRecord:
        return {"id": name, "name": name, "default": is_first, "machines": []}

    def add_key(self, name: str, private: str) -> KeyRecord:
        self.check_key_name(name)
        return self._record(shapes.key, "a key", "PUT", "keys", body={"id": name, "priv": private})

    def replace_key(self, key_id: str, private: str) -> None:
        # to rename a key onto another puts it in that one's place: recordings/2014/CONTRACT.md 4.3
        beside = f"{key_id}.{hashlib.sha256(private.encode()).hexdigest()[:12]}"
        with suppress(Conflict):  # left there when this was interrupted before
            self.add_key(beside, private)
        self.rename_key(beside, key_id)

    def rename_key(self, key_id: str, name: str) -> None:
        self.check_key_name(name)
        self._json("PUT", "keys", key_id, body={"new_id": name})

    def make_key_default(self, key_id: str) -> None:
        self._done("POST", "keys", key_id)

    def remove_key(self, key_id: str) -> None:
        self._json("DELETE", "keys", key_id)

    def private_key(self, key_id: str) -> str:
        return self._record(shapes.text, "a private key", "GET", "keys", key_id, "private")

    def public_key(self, key_id: str) -> str:
        return self._record(shapes.text, "a public key", "GET", "keys", key_id, "public")

    def associate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str, user: str | None, port: int
    ) -> list[AssociationRecord]:
        body = {"host": host, "port": port, **({"user": user} if user else {})}
        return self._records(
            shapes.association, "associations", "PUT", *at(backend_id, machine_id, "keys", key_id), body=body
        )

    def dissociate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str | None
    ) -> list[AssociationRecord]:
        body = {"host": host} if host else None
        path = at(backend_id, machine_id, "keys", key_id)
        return self._records(shapes.association, "associations", "DELETE", *path, body=body)

    # ---- machines and what they are made of

    def looks_like_backend_id(self, word: str) -> bool:
        return bool(re.fullmatch(f"[{shapes.BASE58}]{{24,28}}", word))

    def looks_like_image_id(self, word: str) -> bool:
        return bool(re.fullmatch(rf"ami-[0-9a-f]+|[0-9]+|{UUID}", word))

    def looks_like_size_id(self, word: str, image_id: str) -> bool:
        # m1.small is an id on EC2, whose images are ami-..., and a name on OpenStack
        return bool(re.fullmatch(rf"[0-9]+|{UUID}", word)) or (image_id.startswith("ami-") and "." in word)

    def list_machines(self, backend_id: str) -> list[MachineRecord]:
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._records(shape, "machines", "GET", "backends", backend_id, "machines")

    def check_machine_spec(self, spec: MachineSpec) -> None:
        name = spec["name"]
        if not name.strip() or not name.isascii():
            # EC2 loses such a name, so that the machine would never be found again (recordings/2014, name_nonascii)
            raise InvalidValue(f"The machine name {name!r} is blank or holds letters beyond ASCII, and would be lost.")
        if not spec.get("script", "").isascii():
            raise InvalidValue("The script holds letters beyond ASCII, which this server refuses.")
        doubled = sorted(set(spec.get("parameters", {})) & set(MachineSpec.__annotations__))
        if doubled:
            raise InvalidValue(f"parameters holds {listed(doubled, 'and')}, for which there are options.")

    def create_machine(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_machine_spec(spec)
        body: dict[str, Any] = dict(spec)
        body.update(body.pop("parameters", {}))
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._record(shape, "a machine", "POST", "backends", backend_id, "machines", body=body)

    def act_on_machine(self, backend_id: str, machine_id: str, action: str) -> list[MachineRecord]:
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._records(shape, "machines", "POST", *at(backend_id, machine_id), body={"action": action})

    def probe_machine(
        self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None
    ) -> ProbeRecord:
        body = {"host": host, **({"key": key_id} if key_id else {})}
        query = {"ssh_user": user} if user else None
        path = at(backend_id, machine_id, "probe")
        return self._record(shapes.probe, "a probe", "POST", *path, body=body, query=query)

    def list_images(self, backend_id: str, search: str = "") -> list[ImageRecord]:
        if search:
            body = {"search_term": search}
            found = self._records(shapes.image, "images", "POST", "backends", backend_id, "images", body=body)
        else:
            found = self._list(shapes.image, "backends", backend_id, "images")
        # EC2 lists an image more than once: recordings/2014/CONTRACT.md 2
        return list({image["id"]: image for image in found}.values())

    def list_sizes(self, backend_id: str) -> list[SizeRecord]:
        return self._list(shapes.size, "backends", backend_id, "sizes")

    def list_locations(self, backend_id: str) -> list[LocationRecord]:
        locations = self._list(shapes.location, "backends", backend_id, "locations")
        # when the provider fails, EC2's only "location" has no id: recordings/2014/CONTRACT.md 2
        return [location for location in locations if location["id"]]

    def list_networks(self, backend_id: str) -> list[NetworkRecord]:
        return self._list(shapes.network, "backends", backend_id, "networks")

    # ---- monitoring

    def enable_monitoring(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        body = {
            "action": "enable",
            "name": machine["name"],
            "public_ips": machine["public_ips"],
            "dns_name": machine["dns_name"] or "n/a",
        }
        return self._record(
            shapes.monitoring, "what monitoring needs", "POST", *at(backend_id, machine["id"], "monitoring"), body=body
        )

    def disable_monitoring(self, backend_id: str, machine_id: str) -> None:
        self._json("POST", *at(backend_id, machine_id, "monitoring"), body={"action": "disable"})

    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        # the range is read from the query string alone: recordings/2014/CONTRACT.md 4.20
        query = {"start": start, "stop": stop, "step": step}
        return self._by_id(shapes.series, "stats", "GET", *at(backend_id, machine_id, "stats"), query=query)

    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        return self._by_id(shapes.metric, "metrics", "GET", *at(backend_id, machine_id, "metrics"))

    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None:
        self._json("PUT", *at(backend_id, machine_id, "metrics"), body={"metric_id": metric_id})

    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None:
        self._json("DELETE", *at(backend_id, machine_id, "metrics"), body={"metric_id": metric_id})

    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        body = {
            "plugin_type": "python",
            "name": name,
            "read_function": code,
            "value_type": value_type,
            "unit": unit,
            "host": host,
        }
        path = at(backend_id, machine_id, "plugins", shapes.plugin_id(name))
        return self._record(shapes.plugin, "a plugin", "POST", *path, body=body)

    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        path = at(backend_id, machine_id, "plugins", shapes.plugin_id(name))
        body = {"plugin_type": "python", "host": host}
        return self._record(shapes.plugin, "a plugin", "DELETE", *path, body=body)

    # ---- from answers to records

    def _list(self, shape: Callable[[Any], Record], *segments: str) -> list[Record]:
        return self._records(shape, segments[-1], "GET", *segments)

    def _records(self, shape: Callable[[Any], Record], what: str, *asked: str, **request: Any) -> list[Record]:
        return self._record(lambda items: shapes.each(items, shape), f"a list of {what}", *asked, **request)

    def _by_id(self, shape: Callable[[str, Any], Record], what: str, *asked: str, **request: Any) -> dict[str, Record]:
        return self._record(lambda items: shapes.by_id(items, shape), f"a dict of {what}", *asked, **request)

    def _record(self, shape: Callable[[Any], Record], what: str, method: str, *segments: str, **request: Any) -> Record:
        """What ``shape`` makes of the answer; NotMist when that is not ``what`` it ought to be."""
        answer = self._json(method, *segments, **request)
        try:
            return shape(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NotMist(
                f"{method} {self.transport.address(*segments)} answered JSON that is not {what} as in 2014.",
                "Is mist_uri the address of a Mist server of the backends generation?",
            ) from error


def at(backend_id: str, machine_id: str, *rest: str) -> tuple[str, ...]:
    """The path of a machine, and of what is under it."""
    return ("backends", backend_id, "machines", machine_id, *rest)
