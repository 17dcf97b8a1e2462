# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``backends`` generation: mist.io of 2014 and 2015. Truth: recordings/2014/CONTRACT.md, sections 1, 2 and 4."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from functools import partial
from typing import Any, Mapping, Sequence

from ..errors import Conflict, InvalidValue, MistError, NotFound, NotMist, RequestFailed
from ..key_formats import RSA_PEM, kind_of
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ExpirationRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    LoginRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoredRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..wording import did_you_mean, listed, nearest
from . import answers
from . import shapes_2014 as shapes
from .base import Generation, check_parameters
from .paths_v4 import CLOUDS
from .plugin_ids import plugin_id
from .provider_values import check_url, secret_in_public
from .providers import options_2014
from .providers_v4 import names_of_2014

EC2_IMAGE = "ami-"
#: an instance of EC2; the ids of other providers are numbers, UUIDs and addresses (recordings/2014/CONTRACT.md 3)
EC2_MACHINE = re.compile("i-[0-9a-f]+")

#: the kinds of private keys that the server takes (recordings/2014/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM,)

#: where the server puts the code of plugins on a machine (R: its deploy script of that time; no recording shows it)
PLUGINS = "/opt/mistio-collectd/plugins/mist-python"

CORE_LOGIN = "Monitoring wants a login: set mist_email and mist_password."
MONITORING_OFF = "Monitoring is off there; mist_monitoring enables it."

#: what act_on_machine takes; resize wants a size as well
ACTIONS = ("start", "stop", "reboot", "destroy")
#: actions that are 400 whatever a machine's can_start and can_stop say, with the provider's name (recordings/2014,
#: machines.action.openstack_stop, openstack_start and resize)
REFUSED_ACTIONS = {
    ("openstack", "start"): "OpenStack",
    ("openstack", "stop"): "OpenStack",
    ("ec2", "resize"): "EC2",
}
#: what only later servers can be told of a machine to create
ONLY_2016 = ("custom_size", "networks", "volumes", "cloud_init", "tags")

#: BackendSpec's names where the server has others
BACKEND_FIELDS = {"api_key": "apikey", "api_secret": "apisecret", "api_url": "apiurl"}


#: what names an account or its address, and stands in no listing: recordings/2014/CONTRACT.md 2
UNSHOWN = ("api_url", "tenant_name", "compute_endpoint", "docker_port", "machine_port")


class Backends2014(Generation):
    name = "backends"
    since = "2014"
    reading_posts = (
        ("auth",),
        ("backends", "*", "images"),
        ("backends", "*", "machines", "*", "probe"),
    )
    login_refusals = ((401, "Not authorized"),)
    wrong_server = (
        "A server of 2016 or later wants mist_api_token, or mist_email and mist_password, and mist_generation=auto."
    )
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
            CORE_LOGIN,
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
        (503, "Service unavailable: Not authorized", CORE_LOGIN),
        (503, "Service unavailable: Method Not Allowed: Machine does", MONITORING_OFF),
        (503, "Service unavailable: Forbidden: Machine does", MONITORING_OFF),
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

    def requires_login(self) -> bool:
        # a server of 2016 or later shows its UI at the addresses of 2014, and refuses this one: [clouds-no-token]
        try:
            self.transport.exchange("GET", self.transport.address(*CLOUDS))
        except MistError as error:
            return isinstance(error, RequestFailed) and error.status == 401
        return False

    def log_in(self, email: str, password: str, org: str | None) -> None:
        if org:
            self.check_org(org)
        answer = self._json("POST", "auth", body={"email": email, "password": password})
        # a standalone server keeps the token for itself and wants none (recordings/2014/CONTRACT.md 1)
        token = answer.get("mist_api_token") if isinstance(answer, dict) else None
        if token:
            self.use_token(token, email)

    def log_out(self) -> None:
        """Nothing to give back: its tokens are the user's."""

    def check_org(self, org: str) -> None:
        raise self.not_supported("to choose an organisation (mist_org)")

    # ---- providers and backends

    def list_providers(self) -> list[ProviderRecord]:
        return self._record(shapes.providers, "a list of providers", "GET", "providers")

    def canonical_provider(self, provider: str) -> str:
        return provider

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

    def same_backend(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        # the account's, under whatever title: recordings/2014/CONTRACT.md 4.1
        backend_id = self.foresee_backend(spec)["id"]
        return next((each for each in backends if each["id"] == backend_id), None)

    def check_backend_spec(self, spec: BackendSpec) -> None:
        self._check_no_credentials(spec)
        self._check_no_secret_is_public(spec)
        self._check_provider(spec["provider"], spec.get("region", ""))
        if spec["provider"] != "bare_metal":
            self.check_backend_title(spec.get("title", ""))
        for option in ("api_url", "compute_endpoint"):
            # assumed: for OpenStack the server's library needs a scheme, for a docker it takes a host as well
            if spec.get(option) and spec["provider"].startswith(("openstack", "hpcloud")):
                check_url(option, spec[option])
        required = options_2014(spec["provider"]).required if spec.get("validate", True) else ()
        missing = [option for option in required if not spec.get(option)]
        if missing:
            raise InvalidValue(
                f"To add a backend of {spec['provider']}, {listed(missing, 'and')} must be given as well.",
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
                f"There is no provider {name!r} at {self.transport.uri}, which is a server of 2014 or 2015.",
                f"Write {listed(same, 'or')}.",
            )
        raise InvalidValue(
            f"There is no provider {name!r} at {self.transport.uri}.{did_you_mean(nearest(name, known))}",
            f"There are: {listed(known, 'and')}.",
        )

    def _check_no_credentials(self, spec: BackendSpec) -> None:
        if spec.get("credentials"):
            raise self.not_supported("to be told credentials by a provider's own names; give api_key and its like")

    def check_region(self, spec: BackendSpec) -> None:
        """Regions are a part of the provider's id, or nobody lists them."""

    def _check_no_secret_is_public(self, spec: BackendSpec) -> None:
        required, optional = options_2014(spec["provider"])
        if spec.get("api_key") and "api_secret" in required and "api_key" not in (*required, *optional):
            raise secret_in_public("api_key", spec["provider"], spec["api_key"])

    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        self._check_no_secret_is_public(spec)
        region = {} if "region" in spec else {"region": backend["region"] or ""}
        foreseen = shapes.foreseen_backend({**spec, **region})  # type: ignore[typeddict-item]
        if backend["provider"] != foreseen["provider"]:
            return f"its provider is {backend['provider']}, not {foreseen['provider']}"
        if backend["region"] != foreseen["region"]:
            return f"its region is {backend['region']}, not {foreseen['region']}"
        if shapes.names_account(spec) and backend["id"] != foreseen["id"]:
            return "it was added with other credentials than these"
        return ""

    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> list[str]:
        options = [option for option in UNSHOWN if spec.get(option)]
        foreseen = shapes.foreseen_backend({**spec, "title": backend["title"]})
        if backend["provider"] == "docker" and foreseen["id"] == backend["id"]:
            options.remove("api_url")  # the id is made of it: recordings/2014/CONTRACT.md 3
        return options

    def add_backend(self, spec: BackendSpec, warnings: list[str] | None = None) -> BackendRecord:
        self._check_no_credentials(spec)
        if spec["provider"] != "bare_metal":
            self.check_backend_title(spec["title"])
        body: dict[str, Any] = {BACKEND_FIELDS.get(name, name): value for name, value in spec.items()}
        body["remove_on_error"] = body.pop("validate", True)
        try:
            return self._record(shapes.backend, "a backend", "POST", "backends", body=body)
        except Conflict as error:
            error.existing = error.text.rpartition(": ")[2]
            raise

    def update_backend_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        raise self.not_supported("to change the credentials of a backend")

    def foresee_updated_backend(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        raise self.not_supported("to change the credentials of a backend")

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
        return self._record(lambda answer: answers.text(answer["priv"]), "a private key", "POST", "keys")

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

    def foresee_renamed_key(self, key: KeyRecord, name: str) -> KeyRecord:
        return {**key, "id": name, "name": name}

    def add_key(self, name: str, private: str) -> KeyRecord:
        self.check_key_name(name)
        return self._record(shapes.key, "a key", "PUT", "keys", body={"id": name, "priv": private})

    def replace_key(self, key_id: str, private: str) -> KeyRecord:
        # to rename a key onto another puts it in that one's place: recordings/2014/CONTRACT.md 4.3
        beside = f"{key_id}.{hashlib.sha256(private.encode()).hexdigest()[:12]}"
        with suppress(Conflict):  # left there when this was interrupted before
            self.add_key(beside, private)
        self.rename_key(beside, key_id)
        return self.foresee_key(key_id)

    def rename_key(self, key_id: str, name: str) -> None:
        self.check_key_name(name)
        self._json("PUT", "keys", key_id, body={"new_id": name})

    def make_key_default(self, key_id: str) -> None:
        self._done("POST", "keys", key_id)

    def remove_key(self, key_id: str) -> None:
        self._json("DELETE", "keys", key_id)

    def private_key(self, key_id: str) -> str:
        return self._record(answers.text, "a private key", "GET", "keys", key_id, "private")

    def public_key(self, key_id: str) -> str:
        return self._record(answers.text, "a public key", "GET", "keys", key_id, "public")

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
        body = {"host": host, "port": port, **({"user": user} if user else {})}
        return self._records(
            shapes.association, "associations", "PUT", *at(backend_id, machine_id, "keys", key_id), body=body
        )

    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        # R: shell.py, autoconfigure. Without a user it takes a port that it knows, whatever port is given
        ids = (machine["backend_id"], machine["id"])
        known = [
            (key["id"] != key_id, each)
            for key in keys
            for each in key["machines"]
            if (each["backend_id"], each["machine_id"]) == ids
        ]
        users = [each["user"] for _other, each in sorted(known, key=lambda pair: pair[0]) if each["user"]]
        known_port = next((each["port"] for _other, each in reversed(known) if each["port"]), None)
        if user is None and None not in (port, known_port) and port != known_port:
            if not users:
                raise InvalidValue(
                    f"This server knows port {known_port} of machine {machine['name']!r}, and takes ssh_port={port}"
                    " only together with ssh_user.",
                    "Give ssh_user as well.",
                )
            user = users[0]
        predicted = user or (users[0] if users else None)
        return {"user": user, "port": port or known_port or 22, "predicted_user": predicted}

    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        if keep_failed:
            raise self.not_supported("to keep an association though no login worked")

    def dissociate_key(
        self, key_id: str, backend_id: str, machine_id: str, host: str | None
    ) -> list[AssociationRecord]:
        body = {"host": host} if host else None
        path = at(backend_id, machine_id, "keys", key_id)
        return self._records(shapes.association, "associations", "DELETE", *path, body=body)

    # ---- machines and what they are made of

    def looks_like_backend_id(self, word: str) -> bool:
        return bool(re.fullmatch(f"[{shapes.BASE58}]{{24,28}}", word))

    def list_machines(self, backend_id: str) -> list[MachineRecord]:
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._records(shape, "machines", "GET", "backends", backend_id, "machines")

    def list_all_machines(self) -> list[MachineRecord] | None:
        return None

    def check_machine_spec(self, spec: MachineSpec) -> None:
        for option in ONLY_2016:
            if spec.get(option):
                raise self.not_supported(f"to create a machine with {option}")
        name = spec["name"]
        if not name.strip() or not name.isascii():
            # EC2 loses such a name, so that the machine would never be found again (recordings/2014, name_nonascii)
            raise InvalidValue(f"The machine name {name!r} is blank or holds letters beyond ASCII, and would be lost.")
        if not spec.get("script", "").isascii():
            raise InvalidValue("The script holds letters beyond ASCII, which this server refuses.")
        check_parameters(spec)

    def foresee_machine(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        foreseen = super().foresee_machine(backend_id, spec, size, location)
        # a location is an index on EC2, whose machines show its name; those of others show none that could be known
        # before (recordings/2014/CONTRACT.md 3)
        is_ec2 = spec["image"].startswith(EC2_IMAGE)
        return {**foreseen, "location": location["name"] if location and is_ec2 else None}

    def check_machine_names(self, backend_id: str, names: Sequence[str]) -> None:
        """What the providers take is the server's to tell; what it would lose, ``check_machine_spec`` tells."""

    def check_machine_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        if not {action for _provider, action in REFUSED_ACTIONS} & set(actions):
            return
        backend = next((each for each in self.list_backends() if each["id"] == backend_id), None)
        provider = backend["provider"].partition("_")[0] if backend else ""
        for action in actions:
            if (provider, action) in REFUSED_ACTIONS:
                raise self.not_supported(f"to {action} a machine of {REFUSED_ACTIONS[provider, action]}")

    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """Every location is possible, and so is none."""

    def check_machine_changes(self, changes: Mapping[str, Any]) -> None:
        if "new_name" in changes:
            raise self.not_supported("to rename a machine")
        if any(changes.get("tags", {}).values()):
            raise self.not_supported("to set a tag that has a value")
        if "expiration" in changes:
            raise self.not_supported("to let a machine expire")

    def create_machine(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_machine_spec(spec)
        body: dict[str, Any] = dict(spec)
        body.update(body.pop("parameters", {}))
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._record(shape, "a machine", "POST", "backends", backend_id, "machines", body=body)

    def act_on_machine(self, backend_id: str, machine_id: str, action: str) -> list[MachineRecord]:
        if action not in ACTIONS:
            raise self.not_supported(f"to {action} a machine")
        return self._act(backend_id, machine_id, action=action)

    def rename_machine(self, backend_id: str, machine_id: str, name: str) -> list[MachineRecord]:
        raise self.not_supported("to rename a machine")

    def resize_machine(self, backend_id: str, machine_id: str, size_id: str) -> list[MachineRecord]:
        return self._act(backend_id, machine_id, action="resize", plan_id=size_id)

    def remove_machine(self, backend_id: str, machine_id: str) -> list[MachineRecord]:
        raise self.not_supported("to remove a host but for removing its backend")

    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> list[tuple[Mapping[str, str], Mapping[str, str]]]:
        beyond_ascii = [tag for tag in added if not tag.isascii()]
        if beyond_ascii and EC2_MACHINE.fullmatch(machine["id"]):
            # 503 on the live server, and R (mist.io 2014: methods.set_machine_metadata)
            raise InvalidValue(
                f"Invalid tag {beyond_ascii[0]!r} for machine {machine['name']!r}: through this server, EC2 takes only"
                " ASCII tags.",
                "Write the tag with ASCII letters.",
            )
        requests: list[tuple[Mapping[str, str], Mapping[str, str]]] = [({tag: added[tag]}, {}) for tag in added]
        return requests + [({}, {tag: removed[tag]}) for tag in removed]

    def change_machine_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        if any(added.values()):
            raise self.not_supported("to set a tag that has a value")
        path = at(backend_id, machine_id, "metadata")
        for tag in added:
            self._done("POST", *path, body={"tag": tag})
        for name, value in removed.items():
            with suppress(NotFound):  # it may have gone in the meantime
                # R: the server looks for the value (mist.io 2014: methods.delete_machine_metadata)
                self._done("DELETE", *path, body={"tag": value or name})

    def expire_machine(self, backend_id: str, machine_id: str, expiration: ExpirationRecord | None) -> None:
        raise self.not_supported("to let a machine expire")

    def _act(self, backend_id: str, machine_id: str, **body: str) -> list[MachineRecord]:
        shape = partial(shapes.machine, backend_id=backend_id)
        return self._records(shape, "machines", "POST", *at(backend_id, machine_id), body=body)

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
        if any(not location["id"] for location in locations):
            # a placeholder without an id: [provider_500.list_locations], [provider_revoked.list_locations]. R: also
            # where libcloud's driver has no locations (mist.io 2014: methods.list_locations)
            self._check_provider_answers(backend_id)
            locations = self._list(shapes.location, "backends", backend_id, "locations")
        return [location for location in locations if location["id"]]

    def list_networks(self, backend_id: str) -> list[NetworkRecord]:
        networks = self._list(shapes.network, "backends", backend_id, "networks")
        if not networks:  # also when the provider fails: [provider_500.list_networks], [provider_revoked.list_networks]
            self._check_provider_answers(backend_id)
            networks = self._list(shapes.network, "backends", backend_id, "networks")
        return networks

    def _check_provider_answers(self, backend_id: str) -> None:
        """RequestFailed, with the reason, when the provider fails: a listing of machines does not hide it."""
        self.list_machines(backend_id)

    # ---- monitoring

    def list_monitored(self) -> list[MonitoredRecord]:
        try:
            return self._record(shapes.monitored, "what is monitored", "GET", "monitoring")
        except RequestFailed as error:
            # without a login, and when core fails, the server says the same: [monitoring.list.before_auth, .core_error]
            if (error.status, error.text) == (503, "Service unavailable"):
                error.hint = f"{CORE_LOGIN} Or else the core that the server asks cannot do it now."
            elif error.status == 500:
                error.hint = "The server cannot reach the core that it asks for monitoring."
            raise

    def enable_monitoring(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord:
        body = {
            "action": "enable",
            "name": machine["name"],
            "public_ips": machine["public_ips"] or machine["private_ips"],  # the first is where Mist logs in
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

    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        self._json("PUT", *at(backend_id, machine_id, "metrics"), body={"metric_id": metric_id})
        return None

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
        path = at(backend_id, machine_id, "plugins", plugin_id(name))
        try:
            deployed = self._record(shapes.plugin, "a plugin", "POST", *path, body=body)
            # R: then the agent is not restarted, and goes on with the code that it has; with a new import it is
            if "already imported" in deployed["output"]:
                self.remove_plugin(backend_id, machine_id, host, name)
                deployed = self._record(shapes.plugin, "a plugin", "POST", *path, body=body)
        except RequestFailed as error:
            if shapes.PLUGIN_FAILED in error.text:
                error.message = f"{error.asked} answered {error.status}: the machine tried the code of plugin {name!r}"
                error.message += f", and it failed: {shapes.last_words(error.text)}."
                error.hint = "Nothing of it was deployed."
                error.known = {"plugin_output": error.text}
            raise
        return deployed

    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        path = at(backend_id, machine_id, "plugins", plugin_id(name))
        body = {"plugin_type": "python", "host": host}
        removed = self._record(shapes.plugin, "a plugin", "DELETE", *path, body=body)
        # its metric stays: recordings/2014/CONTRACT.md 2
        return {**removed, "metrics": [self.plugin_metric(name)]}

    def check_plugin(self, name: str, code: str) -> None:
        plugin_id(name)
        # its syntax is that of the machine's own Python, which tries it before it is kept
        if not re.search(r"^def +read *\(", code, re.MULTILINE) or "\0" in code:
            raise InvalidValue(
                f"The code of plugin {name!r} is no python code with a function read().",
                "The server calls read() without arguments, and takes the number that it returns.",
            )

    def plugin_metric(self, name: str) -> str:
        return shapes.deployed_metric(plugin_id(name))

    def plugin_of(self, metric_id: str) -> str | None:
        return shapes.deployed_plugin(metric_id)

    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        look = "; ".join(
            f"$(command -v sudo) grep -o {word} {PLUGINS}/{plugin_id(name)}.py" for name, word in words.items()
        )
        query = {"command": look, "command_id": "mist_client", "host": host}
        shell = self.transport.address(*at(backend_id, machine_id, "shell"))
        try:
            page = self.transport.exchange("GET", shell, query=query).text
        except (RequestFailed, NotMist):  # Mist cannot log in, or has no shell
            return None
        return {name for name, word in words.items() if word in page}


def at(backend_id: str, machine_id: str, *rest: str) -> tuple[str, ...]:
    """The path of a machine, and of what is under it."""
    return ("backends", backend_id, "machines", machine_id, *rest)
