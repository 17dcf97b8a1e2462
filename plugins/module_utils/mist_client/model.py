# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backend, Machine and Key of a MistClient. The names and semantics are those of the first client, mist.client.

Each wraps a record of the server, ``info``. The methods call the server through ``MistClient.api``, and then update the
cache of the client.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Protocol, Sequence, TypeVar

from .errors import InvalidValue
from .generations.base import Generation
from .helpers import RequestsHandler
from .matching import addresses_of, is_alive
from .records import (
    BackendRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoringRecord,
    PluginRecord,
    ProbeRecord,
    SeriesRecord,
    SizeRecord,
)

Thing = TypeVar("Thing", "Backend", "Machine")


def only_one(found: Sequence[Thing], what: str) -> Thing | None:
    """The only thing in ``found``, or None. InvalidValue, with ``what`` they have in common, if there are more."""
    if len(found) > 1:
        raise InvalidValue(f"{len(found)} {what}: {', '.join(thing.id for thing in found)}.", "Select one by its id.")
    return found[0] if found else None


class Client(Protocol):
    """The part of MistClient that these classes need."""

    api: Generation

    def request(self, mist_uri: str, data: Any = None, *, timeout: float | None = None) -> RequestsHandler: ...

    def backend_from_id(self, backend_id: str) -> Backend | None: ...

    def update_backends(self) -> dict[str, Backend]: ...

    def update_keys(self) -> dict[str, Key]: ...


class Backend:
    """A cloud account in Mist."""

    def __init__(self, backend: BackendRecord, mist_client: Client) -> None:
        self.info = backend
        self.mist_client = mist_client
        self.id = backend["id"]
        self.title = backend["title"]
        self.provider = backend["provider"]
        self.region = backend["region"]
        self.enabled = backend["enabled"]
        self._machines: dict[str, Machine] | None = None

    def __repr__(self) -> str:
        return f"<Backend {self.title} ({self.id})>"

    def request(self, *args: Any, **kwargs: Any) -> RequestsHandler:
        """See MistClient.request."""
        return self.mist_client.request(*args, **kwargs)

    def rename(self, new_name: str) -> dict[str, Backend]:
        """The client's backends, with the new title."""
        self.mist_client.api.backends.rename(self.id, new_name)
        return self.mist_client.update_backends()

    def enable(self) -> dict[str, Backend]:
        """The client's backends, with this one enabled."""
        self.mist_client.api.backends.enable(self.id, True)
        return self.mist_client.update_backends()

    def disable(self) -> dict[str, Backend]:
        """The client's backends, with this one disabled."""
        self.mist_client.api.backends.enable(self.id, False)
        return self.mist_client.update_backends()

    def delete(self) -> dict[str, Backend]:
        """The client's remaining backends."""
        self.mist_client.api.backends.remove(self.id)
        return self.mist_client.update_backends()

    @property
    def images(self) -> list[ImageRecord]:
        return self.mist_client.api.catalogue.list_images(self.id)

    def search_image(self, search_term: str) -> list[ImageRecord]:
        """At most 40 images whose id or name contains the term. On EC2 also community and public images."""
        return self.mist_client.api.catalogue.list_images(self.id, search_term)

    @property
    def sizes(self) -> list[SizeRecord]:
        return self.mist_client.api.catalogue.list_sizes(self.id)

    @property
    def locations(self) -> list[LocationRecord]:
        return self.mist_client.api.catalogue.list_locations(self.id)

    @property
    def machines(self) -> dict[str, Machine]:
        """All machines by id. EC2 includes recently destroyed machines, in the state ``terminated``."""
        return self.update_machines() if self._machines is None else self._machines

    def update_machines(self) -> dict[str, Machine]:
        """List all machines again."""
        return self._remember(self.mist_client.api.machines.list(self.id))

    def machine_from_id(self, machine_id: str) -> Machine | None:
        return self.machines.get(machine_id)

    def machine_from_name(self, machine_name: str) -> Machine | None:
        """A machine that is not terminated. InvalidValue if more than one has this name."""
        return self._only_one(f"machines have the name {machine_name!r}", lambda machine: machine.name == machine_name)

    def machine_from_ip(self, machine_ip: str) -> Machine | None:
        """A machine that has this public or private address. InvalidValue if more than one has it."""
        return self._only_one(f"machines have the address {machine_ip!r}", lambda machine: machine_ip in machine.ips)

    def search_machine(self, machine_key: str) -> Machine | None:
        """A machine by its id, else by its name, else by an address."""
        return (
            self.machine_from_id(machine_key)
            or self.machine_from_name(machine_key)
            or self.machine_from_ip(machine_key)
        )

    def create_machine(
        self,
        name: str,
        key: Key | str | None,
        image_id: str,
        location_id: str,
        size_id: str,
        image_extra: str = "",
        disk: str = "",
        **more: Any,
    ) -> Machine:
        """The new machine, which is not running yet. ``more`` are other fields of MachineSpec, such as ``script``.

        Without a key the server uses its default key.
        """
        spec: MachineSpec = {
            "name": name,
            "image": image_id,
            "location": location_id,
            "size": size_id,
            "image_extra": image_extra,
            "disk": disk,
            **more,  # type: ignore[typeddict-item]
        }
        if key:
            spec["key"] = key.id if isinstance(key, Key) else key
        created = self.mist_client.api.machines.create(self.id, spec)
        # a provider can list a new machine with a delay
        return self.update_machines().get(created["id"]) or Machine(created, self)

    def _remember(self, records: list[MachineRecord]) -> dict[str, Machine]:
        self._machines = {record["id"]: Machine(record, self) for record in records}
        return self._machines

    def _only_one(self, what: str, matches: Any) -> Machine | None:
        alive = (machine for machine in self.machines.values() if is_alive(machine.info))
        return only_one([machine for machine in alive if matches(machine)], what)


class Machine:
    """A machine of a backend."""

    def __init__(self, machine: MachineRecord, backend: Backend) -> None:
        self.info = machine
        self.backend = backend
        self.mist_client = backend.mist_client
        self.id = machine["id"]
        self.name = machine["name"]
        self._at = (backend.id, self.id)

    def __repr__(self) -> str:
        return f"<Machine {self.name} ({self.id})>"

    def request(self, *args: Any, **kwargs: Any) -> RequestsHandler:
        """See MistClient.request."""
        return self.mist_client.request(*args, **kwargs)

    @property
    def ips(self) -> list[str]:
        """All addresses, public ones first."""
        return addresses_of(self.info)

    @property
    def host(self) -> str:
        """The address at which Mist logs in. InvalidValue if the machine has no address yet."""
        if not self.ips:
            raise InvalidValue(
                f"Machine {self.name} ({self.id}) has no address.", "Check that it is running, or set host."
            )
        return self.ips[0]

    def start(self) -> dict[str, Machine]:
        """Returns the backend's machines afterwards, like ``stop``, ``reboot`` and ``destroy``."""
        return self._act("start")

    def stop(self) -> dict[str, Machine]:
        return self._act("stop")

    def reboot(self) -> dict[str, Machine]:
        return self._act("reboot")

    def destroy(self) -> dict[str, Machine]:
        return self._act("destroy")

    def probe(self, key_id: str | None = None, ssh_user: str | None = None) -> ProbeRecord:
        """The result of a probe by ping and SSH. Without ``key_id`` Mist tries all its keys."""
        return self.mist_client.api.machines.probe(*self._at, self.host, key_id, ssh_user)

    def associate_key(
        self, key_id: str, host: str | None = None, ssh_user: str | None = None, ssh_port: int = 22
    ) -> None:
        """Deploy a key to the machine and associate it. ``host`` defaults to the machine's first address."""
        self.mist_client.api.keys.associate(key_id, *self._at, host or self.host, ssh_user, ssh_port)
        self.mist_client.update_keys()

    # ---- monitoring

    def enable_monitoring(self) -> MonitoringRecord:
        return self.mist_client.api.monitoring.enable(self.backend.id, self.info)

    def disable_monitoring(self) -> None:
        self.mist_client.api.monitoring.disable(*self._at)

    def get_stats(self, start: int | None = None, stop: int | None = None, step: int = 10) -> dict[str, SeriesRecord]:
        """Values by metric id, one every ``step`` seconds.

        ``start`` is a Unix time and defaults to now. ``stop`` defaults to 10 s after ``start``.
        """
        begin = int(time.time()) if start is None else start
        return self.mist_client.api.monitoring.get_stats(*self._at, begin, begin + 10 if stop is None else stop, step)

    @property
    def available_metrics(self) -> dict[str, MetricRecord]:
        """The metrics that can be added, by id."""
        return self.mist_client.api.monitoring.list_metrics(*self._at)

    def add_metric(self, metric_id: str) -> None:
        self.mist_client.api.monitoring.add_metric(*self._at, metric_id)

    def remove_metric(self, metric_id: str) -> None:
        self.mist_client.api.monitoring.remove_metric(*self._at, metric_id)

    def add_python_plugin(
        self, name: str, python_file: str | Path, value_type: str = "gauge", unit: str | None = None
    ) -> PluginRecord:
        """Deploy a Python function ``read`` as a metric. RequestFailed if the test run on the machine fails."""
        code = Path(python_file).read_text(encoding="utf-8")
        return self.mist_client.api.monitoring.deploy_plugin(*self._at, self.host, name, code, value_type, unit or "")

    def remove_python_plugin(self, name: str) -> PluginRecord:
        """Remove a plugin. The metrics in ``metrics`` of the result stay until ``remove_metric``."""
        return self.mist_client.api.monitoring.remove_plugin(*self._at, self.host, name)

    def _act(self, action: str) -> dict[str, Machine]:
        return self.backend._remember(self.mist_client.api.machines.act(*self._at, action))


class Key:
    """An SSH key pair in Mist."""

    def __init__(self, key: KeyRecord, mist_client: Client) -> None:
        self.info = key
        self.mist_client = mist_client
        self.id = key["id"]
        self.name = key["name"]
        self.is_default = key["default"]

    def __repr__(self) -> str:
        return f"<Key {self.name}>"

    def request(self, *args: Any, **kwargs: Any) -> RequestsHandler:
        """See MistClient.request."""
        return self.mist_client.request(*args, **kwargs)

    @property
    def private(self) -> str:
        """The private key, as it was uploaded."""
        return self.mist_client.api.keys.private(self.id)

    @property
    def public(self) -> str:
        """The public key: ``ssh-rsa AAAA...``."""
        return self.mist_client.api.keys.public(self.id)

    def rename(self, new_name: str) -> dict[str, Key]:
        """The client's keys, with the new name. InvalidValue if another key has it: the server would overwrite it."""
        if any(key.name == new_name and key.id != self.id for key in self.mist_client.update_keys().values()):
            raise InvalidValue(
                f"The key {new_name!r} already exists, and a rename would overwrite it.", "Remove it first."
            )
        self.mist_client.api.keys.rename(self.id, new_name)
        return self.mist_client.update_keys()

    def set_default(self) -> dict[str, Key]:
        """The client's keys, with this one as the default."""
        self.mist_client.api.keys.make_default(self.id)
        return self.mist_client.update_keys()

    def delete(self) -> dict[str, Key]:
        """The client's remaining keys."""
        self.mist_client.api.keys.remove(self.id)
        return self.mist_client.update_keys()

    def associate_to_machine(
        self,
        backend_id: str,
        machine_id: str,
        host: str | None = None,
        ssh_user: str | None = None,
        ssh_port: int = 22,
    ) -> None:
        """Deploy this key to a machine. ``host`` defaults to the machine's first address."""
        if host is None:
            backend = self.mist_client.backend_from_id(backend_id)
            machine = backend.machine_from_id(machine_id) if backend else None
            if machine is None:
                raise InvalidValue(f"Machine {machine_id!r} not found on backend {backend_id!r}.", "Check both ids.")
            host = machine.host
        self.mist_client.api.keys.associate(self.id, backend_id, machine_id, host, ssh_user, ssh_port)
        self.mist_client.update_keys()
