# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backend, Machine and Key: what a MistClient hands out. Names and meaning are those of the first client, mist.client.

Each wraps a record of the server, ``info``, and is a look-out over one id: methods ask the server through
``MistClient.api`` and then bring the client's memory up to date.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Protocol, Sequence, TypeVar

from .errors import InvalidValue
from .generations.base import Generation
from .helpers import RequestsHandler
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
    """The one that was found, if any; InvalidValue says ``what`` they all do when there are several."""
    if len(found) > 1:
        raise InvalidValue(f"{len(found)} {what}: {', '.join(each.id for each in found)}.", "Name one by id.")
    return found[0] if found else None


class Client(Protocol):
    """What these classes need of a MistClient."""

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
        """The client's backends that are left."""
        self.mist_client.api.backends.remove(self.id)
        return self.mist_client.update_backends()

    @property
    def images(self) -> list[ImageRecord]:
        return self.mist_client.api.catalogue.list_images(self.id)

    def search_image(self, search_term: str) -> list[ImageRecord]:
        """Images whose id or name holds the term; with EC2 also community and public ones. At most 40."""
        return self.mist_client.api.catalogue.list_images(self.id, search_term)

    @property
    def sizes(self) -> list[SizeRecord]:
        return self.mist_client.api.catalogue.list_sizes(self.id)

    @property
    def locations(self) -> list[LocationRecord]:
        return self.mist_client.api.catalogue.list_locations(self.id)

    @property
    def machines(self) -> dict[str, Machine]:
        """All machines by id; on EC2 those that were destroyed a while ago are among them, ``terminated``."""
        return self.update_machines() if self._machines is None else self._machines

    def update_machines(self) -> dict[str, Machine]:
        """Ask the server again for all machines."""
        return self._remember(self.mist_client.api.machines.list(self.id))

    def machine_from_id(self, machine_id: str) -> Machine | None:
        return self.machines.get(machine_id)

    def machine_from_name(self, machine_name: str) -> Machine | None:
        """A machine that is not terminated; InvalidValue when several have this name."""
        return self._only_one(f"machines have the name {machine_name!r}", lambda machine: machine.name == machine_name)

    def machine_from_ip(self, machine_ip: str) -> Machine | None:
        """A machine that has this address, be it public or private; InvalidValue when several have it."""
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
        """The new machine, which is not running yet. ``more`` is of MachineSpec: script, ips, monitoring, parameters.

        Without a key the server takes its default key.
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
        # a provider may list a machine only a while after it has made it
        return self.update_machines().get(created["id"]) or Machine(created, self)

    def _remember(self, records: list[MachineRecord]) -> dict[str, Machine]:
        self._machines = {record["id"]: Machine(record, self) for record in records}
        return self._machines

    def _only_one(self, what: str, fits: Any) -> Machine | None:
        alive = (machine for machine in self.machines.values() if machine.info["state"] != "terminated")
        return only_one([machine for machine in alive if fits(machine)], what)


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
        return self.info["public_ips"] + self.info["private_ips"]

    @property
    def host(self) -> str:
        """The address that Mist is told to log in to; InvalidValue when the machine has none (yet)."""
        if not self.ips:
            raise InvalidValue(f"Machine {self.name} ({self.id}) has no address.", "Is it running? Or give a host.")
        return self.ips[0]

    def start(self) -> dict[str, Machine]:
        """The backend's machines after it, as with ``stop``, ``reboot`` and ``destroy``."""
        return self._act("start")

    def stop(self) -> dict[str, Machine]:
        return self._act("stop")

    def reboot(self) -> dict[str, Machine]:
        return self._act("reboot")

    def destroy(self) -> dict[str, Machine]:
        return self._act("destroy")

    def probe(self, key_id: str | None = None, ssh_user: str | None = None) -> ProbeRecord:
        """What Mist sees of the machine by ping and ssh; it tries every key that it knows unless told which."""
        return self.mist_client.api.machines.probe(*self._at, self.host, key_id, ssh_user)

    def associate_key(
        self, key_id: str, host: str | None = None, ssh_user: str | None = None, ssh_port: int = 22
    ) -> None:
        """Put a key on the machine and remember it there. ``host`` is the machine's first address unless given."""
        self.mist_client.api.keys.associate(key_id, *self._at, host or self.host, ssh_user, ssh_port)
        self.mist_client.update_keys()

    # ---- monitoring

    def enable_monitoring(self) -> MonitoringRecord:
        return self.mist_client.api.monitoring.enable(self.backend.id, self.info)

    def disable_monitoring(self) -> None:
        self.mist_client.api.monitoring.disable(*self._at)

    def get_stats(self, start: int | None = None, stop: int | None = None, step: int = 10) -> dict[str, SeriesRecord]:
        """Values by metric id, one each ``step`` seconds, from ``start`` (Unix time; now) to ``stop`` (10 s later)."""
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
        """Make a metric of a python function ``read``. The machine tries it; if it raises, RequestFailed tells what."""
        code = Path(python_file).read_text(encoding="utf-8")
        return self.mist_client.api.monitoring.deploy_plugin(*self._at, self.host, name, code, value_type, unit or "")

    def remove_python_plugin(self, name: str) -> PluginRecord:
        """Remove a plugin; those of its metrics that are in ``metrics`` stay until ``remove_metric``."""
        return self.mist_client.api.monitoring.remove_plugin(*self._at, self.host, name)

    def _act(self, action: str) -> dict[str, Machine]:
        return self.backend._remember(self.mist_client.api.machines.act(*self._at, action))


class Key:
    """An ssh key pair in Mist."""

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
        """The private half, as it was uploaded."""
        return self.mist_client.api.keys.private(self.id)

    @property
    def public(self) -> str:
        """The public half: ``ssh-rsa AAAA...``."""
        return self.mist_client.api.keys.public(self.id)

    def rename(self, new_name: str) -> dict[str, Key]:
        """The client's keys, with the new name. InvalidValue when another key has it: the server would destroy that."""
        if any(key.name == new_name and key.id != self.id for key in self.mist_client.update_keys().values()):
            raise InvalidValue(
                f"There is a key {new_name!r} already, and a rename would destroy it.", "Remove it first."
            )
        self.mist_client.api.keys.rename(self.id, new_name)
        return self.mist_client.update_keys()

    def set_default(self) -> dict[str, Key]:
        """The client's keys, with this one as the default."""
        self.mist_client.api.keys.make_default(self.id)
        return self.mist_client.update_keys()

    def delete(self) -> dict[str, Key]:
        """The client's keys that are left."""
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
        """Put this key on a machine. ``host`` is the machine's first address unless given."""
        if host is None:
            backend = self.mist_client.backend_from_id(backend_id)
            machine = backend.machine_from_id(machine_id) if backend else None
            if machine is None:
                raise InvalidValue(
                    f"There is no machine {machine_id!r} in a backend {backend_id!r}.", "Are the ids right?"
                )
            host = machine.host
        self.mist_client.api.keys.associate(self.id, backend_id, machine_id, host, ssh_user, ssh_port)
        self.mist_client.update_keys()
