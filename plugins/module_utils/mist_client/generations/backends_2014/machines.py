# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines of servers of 2014. Source: recordings/2014/CONTRACT.md 2, 3 and 4."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import Any, List, Mapping, Sequence

from ...errors import (
    InvalidValue,
    NotFound,
)
from ...matching import with_id
from ...records import (
    LocationRecord,
    MachineRecord,
    MachineSpec,
    ProbeRecord,
    SizeRecord,
)
from .. import base
from ..machine_parameters import check_parameters
from ..parsing import new_machine
from . import parsing
from .paths import at

EC2_IMAGE = "ami-"
#: the id of an EC2 instance. Ids of other providers are numbers, UUIDs and addresses (recordings/2014/CONTRACT.md 3)
EC2_MACHINE = re.compile("i-[0-9a-f]+")
#: the actions of ``act``. ``resize`` is separate because it requires a size
ACTIONS = ("start", "stop", "reboot", "destroy")
#: actions that the server always answers with 400, whatever can_start and can_stop say; with the provider's name
#: (recordings/2014, machines.action.openstack_stop, openstack_start and resize)
REFUSED_ACTIONS = {
    ("openstack", "start"): "OpenStack",
    ("openstack", "stop"): "OpenStack",
    ("ec2", "resize"): "EC2",
}
#: options for new machines that only later servers support
ONLY_2016 = ("custom_size", "networks", "volumes", "cloud_init", "tags")


class Machines(base.Machines):
    def list(self, backend_id: str) -> List[MachineRecord]:
        parse = partial(parsing.machine, backend_id=backend_id)
        return self.wire.records(parse, "machines", "GET", "backends", backend_id, "machines")

    def list_all(self) -> List[MachineRecord] | None:
        return None

    def check_spec(self, spec: MachineSpec) -> None:
        for option in ONLY_2016:
            if spec.get(option):
                raise self.not_supported(f"create a machine with {option}")
        name = spec["name"]
        if not name.strip() or not name.isascii():
            # EC2 loses these names, so the machine could not be found by its name (recordings/2014, name_nonascii)
            raise InvalidValue(
                f"Invalid machine name {name!r}: only ASCII characters are allowed, and it must not be blank."
            )
        if not spec.get("script", "").isascii():
            raise InvalidValue("Invalid script: this server only accepts ASCII characters.")
        check_parameters(spec)

    def predict(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        predicted = new_machine(backend_id, spec)
        # on EC2 a location's id is an index, and machines show its name. The location that machines of other providers
        # show cannot be predicted (recordings/2014/CONTRACT.md 3)
        is_ec2 = spec["image"].startswith(EC2_IMAGE)
        return {**predicted, "location": location["name"] if location and is_ec2 else None}

    def check_names(self, backend_id: str, names: Sequence[str]) -> None:
        """Nothing to check: the server checks the provider's rules, and ``check_spec`` the rest."""

    def check_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        if not {action for _provider, action in REFUSED_ACTIONS} & set(actions):
            return
        backend = with_id(self.api.backends.list(), backend_id)
        provider = backend["provider"].partition("_")[0] if backend else ""
        for action in actions:
            if (provider, action) in REFUSED_ACTIONS:
                raise self.not_supported(f"{action} a machine of {REFUSED_ACTIONS[provider, action]}")

    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """Nothing to check: every location is valid, and it is optional."""

    def check_changes(self, changes: Mapping[str, Any]) -> None:
        if "new_name" in changes:
            raise self.not_supported("rename a machine")
        if any(changes.get("tags", {}).values()):
            raise self.not_supported("set a tag with a value")
        if "expiration" in changes:
            raise self.not_supported("set the expiration of a machine")

    def create(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        self.check_spec(spec)
        body: dict[str, Any] = dict(spec)
        body.update(body.pop("parameters", {}))
        parse = partial(parsing.machine, backend_id=backend_id)
        return self.wire.record(parse, "a machine", "POST", "backends", backend_id, "machines", body=body)

    def act(self, backend_id: str, machine_id: str, action: str) -> List[MachineRecord]:
        if action not in ACTIONS:
            raise self.not_supported(f"{action} a machine")
        return self._act(backend_id, machine_id, action=action)

    def resize(self, backend_id: str, machine_id: str, size_id: str) -> List[MachineRecord]:
        return self._act(backend_id, machine_id, action="resize", plan_id=size_id)

    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> List[tuple[Mapping[str, str], Mapping[str, str]]]:
        invalid_tags = [tag for tag in added if not tag.isascii()]
        if invalid_tags and EC2_MACHINE.fullmatch(machine["id"]):
            # the live server answers 503; read in the server's source: mist.io 2014, methods.set_machine_metadata
            raise InvalidValue(
                f"Invalid tag {invalid_tags[0]!r} for machine {machine['name']!r}: on this server, EC2 tags can only"
                " contain ASCII characters.",
            )
        requests: List[tuple[Mapping[str, str], Mapping[str, str]]] = [({tag: added[tag]}, {}) for tag in added]
        return requests + [({}, {tag: removed[tag]}) for tag in removed]

    def change_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        if any(added.values()):
            raise self.not_supported("set a tag with a value")
        path = at(backend_id, machine_id, "metadata")
        for tag in added:
            self.wire.done("POST", *path, body={"tag": tag})
        for name, value in removed.items():
            with suppress(NotFound):  # another client may have removed it
                # read in the server's source: it searches for the value (mist.io 2014: methods.delete_machine_metadata)
                self.wire.done("DELETE", *path, body={"tag": value or name})

    def _act(self, backend_id: str, machine_id: str, **body: str) -> List[MachineRecord]:
        parse = partial(parsing.machine, backend_id=backend_id)
        return self.wire.records(parse, "machines", "POST", *at(backend_id, machine_id), body=body)

    def probe(self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None) -> ProbeRecord:
        body = {"host": host, **({"key": key_id} if key_id else {})}
        query = {"ssh_user": user} if user else None
        path = at(backend_id, machine_id, "probe")
        return self.wire.record(parsing.probe, "a probe", "POST", *path, body=body, query=query)
