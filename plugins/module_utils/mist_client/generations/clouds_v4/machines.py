# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines of servers of 2016 and later. Source: recordings/4.7/CONTRACT.md 5 and 6, CONTRACT-2.md 1."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, List, Mapping, Sequence, TypeVar

from ...errors import InvalidValue, MistError, NotFound, RequestFailed, WaitedTooLong
from ...records import (
    BackendRecord,
    ExpirationRecord,
    LocationRecord,
    MachineRecord,
    MachineSpec,
    ProbeRecord,
    SizeRecord,
)
from ...waiting import Backoff, Waited, wait_until
from ...wording import join_words
from .. import base
from ..base import check_parameters
from ..parsing import new_machine
from . import machine_names, parsing, providers
from .keys import key_named
from .paths import CLOUDS, V1, at

Seen = TypeVar("Seen")

#: how long a create may take: some providers take ten minutes
CREATE_SECONDS = 900
#: how long a job may be unknown after the answer that named it (recordings/4.7/CONTRACT.md 6: seconds)
UNKNOWN_JOB_SECONDS = 120

#: fields of a create that run something on the machine over ssh, once it is made
LAST_STEPS = ("monitoring", "script", "script_id", "post_script_id")
#: providers whose machines get no default key (R: machines/methods.py, create_machine)
NO_DEFAULT_KEY = ("docker", "libvirt", "onapp", "azure_arm", "vsphere", "kubevirt", "lxd")

ONLY_2014 = ("image_extra", "disk", "ips")


class Machines(base.Machines):
    def __init__(self, api: base.Generation) -> None:
        super().__init__(api)
        self._providers: dict[str, str] = {}

    def list(self, backend_id: str) -> List[MachineRecord]:
        """The server asks the provider now, and so learns which actions each machine takes."""
        return self.wire.shared_list(parsing.machine, *CLOUDS, backend_id, "machines")

    def list_all(self) -> List[MachineRecord] | None:
        return self.wire.list(parsing.machine, *V1, "machines")

    def check_spec(self, spec: MachineSpec) -> None:
        for option in ONLY_2014:
            if spec.get(option):
                raise self.not_supported(f"create a machine with {option}")
        if not spec["name"].strip():
            raise InvalidValue(f"The machine name {spec['name']!r} is blank.")
        check_parameters(spec)
        for forbidden in ("async", "quantity"):
            if forbidden in spec.get("parameters", {}):
                raise InvalidValue(f"parameters must not hold {forbidden}.", "For many machines, give names.")

    def check_names(self, backend_id: str, names: Sequence[str]) -> None:
        provider = self._provider(backend_id)
        for name in names:
            machine_names.check(name, provider)

    def _backend(self, backend_id: str) -> BackendRecord | None:
        backend = next((backend for backend in self.api.backends.list() if backend["id"] == backend_id), None)
        if backend:
            self._providers[backend_id] = backend["provider"]
        return backend

    def _provider(self, backend_id: str) -> str:
        """A backend never gets another provider, so this is asked for once. It is "" for an unknown backend."""
        if backend_id not in self._providers:
            self._backend(backend_id)
        return self._providers.get(backend_id, "")

    def describe_unlisted(self, backend_id: str, machines: Sequence[MachineRecord]) -> str:
        # a docker engine is a machine of that type itself, so it is always listed: recordings/4.7, docker-machines
        if not any((machine["machine_type"] or "").startswith("container") for machine in machines):
            return ""
        backend = self._backend(backend_id)
        unlisted = providers.describe_unlisted(backend) if backend else ""
        cure = f" To list all, run mist_backend with id={backend_id} and update_credentials=always."
        return f"{unlisted}{cure}" if unlisted else ""

    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """EC2 makes machines in zones only, and the first of its locations is the region (CONTRACT-2.md 1)."""
        if location and location["location_type"] != "region":
            return
        if self._provider(backend_id) != "ec2":
            return
        places = self.api.catalogue.list_locations(backend_id)
        zones = join_words((place["name"] for place in places if place["location_type"] == "zone"), "or")
        given = f"the location {location['name']!r} is a region, not a zone" if location else "location is not given"
        raise InvalidValue(
            f"EC2 creates machines in an availability zone, and {given}.",
            f"Set location to one of: {zones}." if zones else "Mist has not listed the zones yet: try again later.",
        )

    def check_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        """Each machine tells in its ``actions`` what it takes."""

    def check_changes(self, changes: Mapping[str, Any]) -> None:
        """All of them are possible."""

    def predict(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        foreseen = new_machine(backend_id, spec)
        return {**foreseen, **parsing.predicted_machine(spec, size)}  # type: ignore[typeddict-item]

    def create(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_spec(spec)
        # in the background: the request itself would take minutes, and answer the provider's id (CONTRACT.md 6)
        given = {name: value for name, value in spec.items() if value != ""}
        body: dict[str, Any] = {"size": given.pop("custom_size", ""), **given, "async": True}
        body.update(body.pop("parameters", {}))
        if "key" in body:  # an unknown one is a 500 without a word: recordings/4.7, create-ec2-unknown-key
            body["key"] = key_named(self.api.keys.list(), body["key"])["id"]
        elif any(body.get(step) for step in LAST_STEPS):
            body.update(self._default_key(backend_id))
        path = (*CLOUDS, backend_id, "machines")
        job_id = self.wire.record(parsing.job_id, "a job", "POST", *path, body=body)
        deadline = Backoff(CREATE_SECONDS)
        try:
            asked = f"POST {self.wire.transport.address(*path)}"
            external_id = self._made_by(backend_id, job_id, asked, spec["name"], deadline)
            waited = _wait_for(lambda: self._listed(backend_id, external_id), deadline.left())
        except MistError as error:
            error.known.setdefault("job_id", job_id)
            if isinstance(error, RequestFailed) and not error.transient:  # such as a login that ended meanwhile
                error.hint = f"{error.hint} Machine {spec['name']!r} was asked for before that, and may be made."
            raise
        if waited.seen is None:
            what = f"Machine {spec['name']!r} ({external_id}) was created, but is not listed"
            raise self._too_long(job_id, what, waited.error)
        return waited.seen

    def _default_key(self, backend_id: str) -> dict[str, str]:
        """The default key by its id, as a field of a create.

        For its last steps the server looks up the default key by its name in place of its id, and finds none (R:
        machines/methods.py, create_machine): they fail at once, as in recordings/4.7, job-no-listing-after-list-at-25s.
        """
        if self._provider(backend_id) in NO_DEFAULT_KEY:
            return {}
        default = next((key["id"] for key in self.api.keys.list() if key["default"]), None)
        return {"key": default} if default else {}

    def _made_by(self, backend_id: str, job_id: str, asked: str, name: str, deadline: Backoff) -> str:
        """The provider's id of the machine that a job makes; ``deadline`` is when to stop waiting."""
        waited = _wait_for(lambda: self._creation(job_id), UNKNOWN_JOB_SECONDS)
        if waited.seen is None:
            what = f"Machine {name!r} was requested, but the server does not know the job"
            raise self._too_long(job_id, what, waited.error)
        if not waited.seen.ended:
            waited = _wait_for(lambda: self._ended_creation(backend_id, job_id), deadline.left())
        made = waited.seen
        if made is None:
            raise self._too_long(job_id, f"Machine {name!r} was requested, but the job has not ended", waited.error)
        if made.error:
            with self.wire.explaining():
                raise RequestFailed(f"{asked}, job {job_id},", 500, made.error)
        return made.external_id

    def _ended_creation(self, backend_id: str, job_id: str) -> parsing.Creation | None:
        """The job looks for its machine in the server's database, which only a listing updates. So list the machines:
        otherwise the job sleeps for 150 s (recordings/4.7/CONTRACT-2.md 1, job-no-listing-*, job-with-listing-*)."""
        creation = self._creation(job_id)
        if creation and creation.ended:
            return creation
        with suppress(MistError):  # without it the job ends later
            self.list(backend_id)
        return None

    def _creation(self, job_id: str) -> parsing.Creation | None:
        """What a job says about the machine that it creates; None while the server does not know the job yet."""
        with suppress(NotFound):
            return self.wire.record(parsing.creation, "a job", "GET", *V1, "jobs", job_id)
        return None

    def _listed(self, backend_id: str, external_id: str) -> MachineRecord | None:
        return next((machine for machine in self.list(backend_id) if machine["external_id"] == external_id), None)

    def _too_long(self, job_id: str, what: str, last_error: MistError | None) -> WaitedTooLong:
        failed = f" The last request failed: {last_error}" if last_error else ""
        error = WaitedTooLong(
            f"{what} (job {job_id}).{failed}",
            f"Before you run the task again, check the job in Mist's log or at"
            f" {self.wire.transport.address(*V1, 'jobs', job_id)}, and check the provider: a machine that is not"
            " listed yet would be created twice.",
        )
        error.known = {"job_id": job_id}
        return error

    def act(self, backend_id: str, machine_id: str, action: str) -> List[MachineRecord]:
        return self._act(backend_id, machine_id, action=action)

    def rename(self, backend_id: str, machine_id: str, name: str) -> List[MachineRecord]:
        return self._act(backend_id, machine_id, action="rename", name=name)

    def resize(self, backend_id: str, machine_id: str, size_id: str) -> List[MachineRecord]:
        return self._act(backend_id, machine_id, action="resize", size=size_id)

    def remove(self, backend_id: str, machine_id: str) -> List[MachineRecord]:
        try:
            return self._act(backend_id, machine_id, action="remove")
        except RequestFailed as error:
            # it was removed: recordings/4.7, machine-remove-other
            machines = self.list(backend_id) if error.status == 500 else []
            if error.status != 500 or any(each["id"] == machine_id for each in machines):
                raise
        return machines

    def _act(self, backend_id: str, machine_id: str, **body: str) -> List[MachineRecord]:
        """The listing after it is more than a courtesy: without one, the next action would be judged by old flags."""
        self.wire.done("POST", *at(machine_id), body=body)
        return self.list(backend_id)

    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> List[tuple[Mapping[str, str], Mapping[str, str]]]:
        return [(added, removed)]

    def change_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        tags = [{"key": key, "value": value} for key, value in added.items()]
        tags += [{"key": key, "value": "", "op": "-"} for key in removed]
        resource = {"type": "machine", "item_id": machine_id, "cloud_id": backend_id}
        self.wire.done("POST", *V1, "tags", body=[{"resource": resource, "tags": tags}])

    def expire(self, backend_id: str, machine_id: str, expiration: ExpirationRecord | None) -> None:
        # null and {} do nothing: recordings/4.7, expiration-clear-*
        self.wire.json("PUT", *at(machine_id), body={"expiration": expiration or {"date": ""}})

    def probe(self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None) -> ProbeRecord:
        """The server takes no ``user``: it tries those that it knows. ``host`` was recorded in a failure alone."""
        key = {"key": key_named(self.api.keys.list(), key_id)["id"]} if key_id else {}
        body = {"host": host, **key}
        try:
            return self.wire.record(parsing.probe, "a probe", "POST", *at(machine_id, "probe"), body=body)
        except RequestFailed as error:
            if error.status == 503 and error.text.startswith("Service unavailable"):
                return parsing.NO_PROBE
            raise


def _wait_for(look: Callable[[], Seen | None], seconds: float) -> Waited[Seen | None]:
    """Look until something is there. A web page does not end the wait: a proxy sends it while the server restarts."""
    return wait_until(
        look,
        lambda seen: seen is not None,
        Backoff(seconds),
        tolerates=lambda error: error.transient or error.outcome_unknown,
    )
