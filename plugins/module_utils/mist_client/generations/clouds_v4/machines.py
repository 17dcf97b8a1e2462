# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines of servers of 2016 and later. Source: recordings/4.7/CONTRACT.md 5 and 6, CONTRACT-2.md 1."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, List, Mapping, Sequence, TypeVar

from ...errors import InvalidValue, MistError, NotFound, RequestFailed, WaitedTooLong
from ...matching import key_named, with_id
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
from ..machine_parameters import check_parameters
from ..parsing import new_machine
from . import machine_names, parsing, providers
from .paths import CLOUDS, V1, at

Seen = TypeVar("Seen")

#: fields of a create that this client does not support, with what to do
REFUSED_PARAMETERS = {
    **dict.fromkeys(("async", "quantity"), "To create many machines, set names."),
    # two creates with one id share a job, which shows the machine of the first: recordings/4.7, jobid-job-of-both
    "job_id": "Remove it. The server gives each create its own id.",
}

#: the maximum duration of a create: some providers need ten minutes
CREATE_SECONDS = 900
#: the maximum time until the server knows a job whose id it has returned (recordings/4.7/CONTRACT.md 6: a few seconds)
UNKNOWN_JOB_SECONDS = 120

#: fields of a create that run something on the machine over ssh, once it is made
LAST_STEPS = ("monitoring", "script", "script_id", "post_script_id")
#: providers whose machines get no default key (read in the server's source: machines/methods.py, create_machine)
NO_DEFAULT_KEY = ("docker", "libvirt", "onapp", "azure_arm", "vsphere", "kubevirt", "lxd")

ONLY_2014 = ("image_extra", "disk", "ips")


class Machines(base.Machines):
    def __init__(self, api: base.Generation) -> None:
        super().__init__(api)
        self._providers: dict[str, str] = {}

    def list(self, backend_id: str) -> List[MachineRecord]:
        """The server polls the provider, which also updates the ``actions`` of each machine."""
        return self.wire.shared_list(parsing.machine, *CLOUDS, backend_id, "machines")

    def list_all(self) -> List[MachineRecord] | None:
        return self.wire.list(parsing.machine, *V1, "machines")

    def check_spec(self, spec: MachineSpec) -> None:
        for option in ONLY_2014:
            if spec.get(option):
                raise self.not_supported(f"create a machine with {option}")
        if not spec["name"].strip():
            raise InvalidValue(f"Invalid machine name {spec['name']!r}: it must not be blank.")
        check_parameters(spec)
        for forbidden, hint in REFUSED_PARAMETERS.items():
            if forbidden in spec.get("parameters", {}):
                raise InvalidValue(f"parameters must not contain {forbidden}.", hint)

    def check_names(self, backend_id: str, names: Sequence[str]) -> None:
        provider = self._provider(backend_id)
        for name in names:
            machine_names.check(name, provider)

    def _backend(self, backend_id: str) -> BackendRecord | None:
        backend = with_id(self.api.backends.list(), backend_id)
        if backend:
            self._providers[backend_id] = backend["provider"]
        return backend

    def _provider(self, backend_id: str) -> str:
        """The provider of a backend, "" for an unknown one. It never changes, so it is cached."""
        if backend_id not in self._providers:
            self._backend(backend_id)
        return self._providers.get(backend_id, "")

    def describe_unlisted(self, backend_id: str, machines: Sequence[MachineRecord]) -> str:
        # a docker engine is itself a machine of this type, so it is always listed: recordings/4.7, docker-machines
        if not any((machine["machine_type"] or "").startswith("container") for machine in machines):
            return ""
        backend = self._backend(backend_id)
        unlisted = providers.describe_unlisted(backend) if backend else ""
        advice = f" To list all, run mist_backend with id={backend_id} and update_credentials=always."
        return f"{unlisted}{advice}" if unlisted else ""

    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """EC2 only creates machines in zones. Its list of locations also contains the region (CONTRACT-2.md 1)."""
        if location and location["location_type"] != "region":
            return
        if self._provider(backend_id) != "ec2":
            return
        locations = self.api.catalogue.list_locations(backend_id)
        zones = join_words((zone["name"] for zone in locations if zone["location_type"] == "zone"), "or")
        reason = f"the location {location['name']!r} is a region" if location else "location is not set"
        raise InvalidValue(
            f"EC2 requires an availability zone, but {reason}.",
            f"location must be one of {zones}." if zones else "Mist has not listed the zones yet. Try again later.",
        )

    def check_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        """Nothing to check: the ``actions`` of each machine are reliable."""

    def check_changes(self, changes: Mapping[str, Any]) -> None:
        """Nothing to check: all changes are supported."""

    def predict(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        machine = new_machine(backend_id, spec)
        return {**machine, **parsing.predicted_machine(spec, size)}  # type: ignore[typeddict-item]

    def create(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_spec(spec)
        # asynchronous: a synchronous request takes minutes, and returns the provider's id (CONTRACT.md 6)
        given = {name: value for name, value in spec.items() if value != ""}
        body: dict[str, Any] = {"size": given.pop("custom_size", ""), **given, "async": True}
        body.update(body.pop("parameters", {}))
        if (
            "key" in body
        ):  # the server answers 500 without a reason to an unknown one: recordings/4.7, create-ec2-unknown-key
            body["key"] = key_named(self.api.keys.list(), body["key"], self.wire.transport.uri)["id"]
        elif any(body.get(step) for step in LAST_STEPS):
            body.update(self._default_key(backend_id))
        path = (*CLOUDS, backend_id, "machines")
        job_id = self.wire.record(parsing.job_id, "a job", "POST", *path, body=body)
        deadline = Backoff(CREATE_SECONDS)
        try:
            request_line = f"POST {self.wire.transport.address(*path)}"
            external_id = self._wait_for_job(backend_id, job_id, request_line, spec["name"], deadline)
            waited = _wait_for(lambda: self._listed(backend_id, external_id), deadline.left())
        except MistError as error:
            error.known.setdefault("job_id", job_id)
            if isinstance(error, RequestFailed) and not error.transient:  # for example, the token expired
                created = f"The request to create machine {spec['name']!r} was accepted before that"
                error.hint = f"{error.hint} {created}, so the machine may exist."
            raise
        if waited.seen is None:
            what = f"Machine {spec['name']!r} ({external_id}) was created, but Mist does not list it yet"
            raise self._too_long(job_id, what, waited.error)
        return waited.seen

    def _default_key(self, backend_id: str) -> dict[str, str]:
        """The default key by its id, as a field of a create.

        For the last steps the server looks up its default key by the name instead of the id, and finds none (read in
        the server's source: machines/methods.py, create_machine). They fail at once: recordings/4.7,
        job-no-listing-after-list-at-25s.
        """
        if self._provider(backend_id) in NO_DEFAULT_KEY:
            return {}
        default = next((key["id"] for key in self.api.keys.list() if key["default"]), None)
        return {"key": default} if default else {}

    def _wait_for_job(self, backend_id: str, job_id: str, request_line: str, name: str, deadline: Backoff) -> str:
        """Wait for the job of a create. Returns the provider's id of the machine."""
        requested = f"The creation of machine {name!r} was requested"
        waited = _wait_for(lambda: self._creation(job_id), UNKNOWN_JOB_SECONDS)
        if waited.seen is None:
            raise self._too_long(job_id, f"{requested}, but the server does not find its job", waited.error)
        if not waited.seen.ended:
            waited = _wait_for(lambda: self._ended_creation(backend_id, job_id), deadline.left())
        creation = waited.seen
        if creation is None:
            raise self._too_long(job_id, f"{requested}, but its job has not ended", waited.error)
        if creation.error:
            with self.wire.explaining():
                raise RequestFailed(f"{request_line}, job {job_id},", 500, creation.error)
        return creation.external_id

    def _ended_creation(self, backend_id: str, job_id: str) -> parsing.Creation | None:
        """The creation if it has ended, else None.

        Lists the machines, because the job waits for its machine in the server's database, which only a list updates.
        Otherwise the job sleeps for 150 s (recordings/4.7/CONTRACT-2.md 1, job-no-listing-*, job-with-listing-*).
        """
        creation = self._creation(job_id)
        if creation and creation.ended:
            return creation
        with suppress(MistError):  # without the list, the job only ends later
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
            "Before you run the task again, check the job in Mist's log or at"
            f" {self.wire.transport.address(*V1, 'jobs', job_id)}, and check the provider. A machine that Mist does not"
            " list yet would be created twice.",
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
            # the server answers 500 although it removed the machine: recordings/4.7, machine-remove-other
            if error.status != 500:
                raise
            machines = self.list(backend_id)
            if with_id(machines, machine_id):
                raise
            return machines

    def _act(self, backend_id: str, machine_id: str, **body: str) -> List[MachineRecord]:
        """The list afterwards is required: it updates ``actions``, by which the server accepts the next action."""
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
        # the server ignores null and {}: recordings/4.7, expiration-clear-*
        self.wire.json("PUT", *at(machine_id), body={"expiration": expiration or {"date": ""}})

    def probe(self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None) -> ProbeRecord:
        """``user`` is not sent: the server tries all users that it knows. ``host`` is only recorded for a failure."""
        key = {"key": key_named(self.api.keys.list(), key_id, self.wire.transport.uri)["id"]} if key_id else {}
        body = {"host": host, **key}
        try:
            return self.wire.record(parsing.probe, "a probe", "POST", *at(machine_id, "probe"), body=body)
        except RequestFailed as error:
            if error.status == 503 and error.text.startswith("Service unavailable"):
                return parsing.probe({"ssh": None, "ping": None})
            raise


def _wait_for(look: Callable[[], Seen | None], seconds: float) -> Waited[Seen | None]:
    """Look until something is there. A web page does not end the wait: a proxy sends it while the server restarts."""
    return wait_until(
        look,
        lambda seen: seen is not None,
        Backoff(seconds),
        tolerates=lambda error: error.transient or error.outcome_unknown,
    )
