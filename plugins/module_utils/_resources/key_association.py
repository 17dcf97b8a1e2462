# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The association of a key with a machine: Mist uses the key to log in to the machine."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence, TypedDict

from .._plan import Plan, Step
from ..mist_client.errors import InvalidValue, RequestFailed
from ..mist_client.matching import find_key, first_address, not_found_error, with_id
from ..mist_client.records import AssociationRecord, KeyRecord, LoginRecord, MachineRecord
from .base import Resource
from .lookups import machines_of


class KeyAssociationWanted(TypedDict, total=False):
    """The options of mist_key_association."""

    state: str
    key: str
    backend: str
    machine: str
    host: str
    ssh_user: str
    ssh_port: int
    keep_failed: bool


class FoundAssociation(NamedTuple):
    """The key, the machine and their association. With state=absent the key or the machine can be missing.

    ``login`` is how the server will log in; None if no new association is needed.
    """

    key: KeyRecord | None
    machine: MachineRecord | None
    association: AssociationRecord | None
    login: LoginRecord | None = None


class KeyAssociationResource(Resource[FoundAssociation, KeyAssociationWanted]):
    """Found by the key's id or name, and the machine's id, name or address."""

    def find(self, wanted: KeyAssociationWanted) -> FoundAssociation:
        port = wanted.get("ssh_port", 22)
        if not 0 < port < 65536:
            raise InvalidValue(f"Invalid ssh_port {port}: it must be a number from 1 to 65535.")
        keys = self.api.keys.list()
        backend = machines_of(self.api, wanted["backend"])
        key = find_key(keys, wanted["key"])
        machine = backend.find_named(wanted["machine"])
        if machine:
            self.api.keys.check_association(machine, wanted.get("host"), wanted["keep_failed"])
        if wanted["state"] == "present":
            if key is None:
                raise not_found_error(wanted["key"], keys, "key", self.api.transport.uri)
            if machine is None:
                raise backend.not_found_error(wanted["machine"])
        found = FoundAssociation(key, machine, _between(key, backend.backend_id, machine, wanted))
        return found._replace(login=self._login(found, keys, wanted))

    def _login(
        self, found: FoundAssociation, keys: Sequence[KeyRecord], wanted: KeyAssociationWanted
    ) -> LoginRecord | None:
        key, machine, current, _login = found
        login = login_options(wanted)
        if (
            wanted["state"] == "absent"
            or key is None
            or machine is None
            or (current and login.items() <= current.items())
        ):
            return None
        user, port = ({**(current or {}), **login}.get(field) for field in ("user", "port"))
        return self.api.keys.predict_login(machine, keys, key["id"], user, port)

    def plan(self, found: FoundAssociation, wanted: KeyAssociationWanted) -> Plan:
        key, machine, current, login = found
        host = wanted.get("host") or (first_address(machine) if machine else None)
        if key is None or machine is None or wanted["state"] == "absent":
            if current is None or key is None:
                return Plan(None, None, [])
            removal = Step(f"dissociate key {key['name']!r}", lambda association: self._remove(key, association, host))
            return Plan(current, None, [removal])
        if login is None:
            return Plan(current, current, [])
        if host is None:
            raise InvalidValue(
                f"Machine {machine['name']!r} ({machine['id']}) has no address.", "Wait until it has one, or set host."
            )
        after = {"user": login["predicted_user"], "port": login["port"], "last_used": None}
        after.update(backend_id=machine["backend_id"], machine_id=machine["id"])
        step = Step(
            f"associate key {key['name']!r} with machine {machine['name']!r}",
            lambda _association: self._add(key, machine, host, login, wanted["keep_failed"]),
        )
        return Plan(current, after, [step])

    def _add(
        self, key: KeyRecord, machine: MachineRecord, host: str, login: LoginRecord, keep_failed: bool
    ) -> AssociationRecord | None:
        at, user, port = (machine["backend_id"], machine["id"]), login["user"], login["port"]
        try:
            associations = self.api.keys.associate(key["id"], *at, host, user, port, keep_failed)
        except RequestFailed:
            associations = self._now(key)["machines"] if keep_failed else []
            if _at(associations, *at) is None:
                raise
        return _at(associations, *at, {"user": user, "port": port} if user else {"port": port})

    def _remove(self, key: KeyRecord, association: AssociationRecord, host: str | None) -> None:
        try:
            self.api.keys.dissociate(key["id"], association["backend_id"], association["machine_id"], host)
        except RequestFailed:
            if _at(self._now(key)["machines"], association["backend_id"], association["machine_id"]):
                raise  # otherwise another user removed the association in the meantime

    def _now(self, key: KeyRecord) -> KeyRecord:
        """The key as the server has it now; with no machines if it was removed."""
        return with_id(self.api.keys.list(), key["id"]) or {**key, "machines": []}


def _between(
    key: KeyRecord | None, backend_id: str, machine: MachineRecord | None, wanted: KeyAssociationWanted
) -> AssociationRecord | None:
    """The key's association with the machine. A machine that is gone is still found by its id."""
    machine_id = machine["id"] if machine else wanted["machine"]
    return _at(key["machines"], backend_id, machine_id, login_options(wanted)) if key else None


def login_options(wanted: KeyAssociationWanted) -> dict[str, Any]:
    """The fields of the association that the options set."""
    options = {"user": wanted.get("ssh_user"), "port": wanted.get("ssh_port")}
    return {field: value for field, value in options.items() if value}


def _at(
    associations: Sequence[AssociationRecord], backend_id: str, machine_id: str, login: Mapping[str, Any] | None = None
) -> AssociationRecord | None:
    """The association with this machine. Servers of 2016 or later have one for each user and port: prefer a match."""
    at = (backend_id, machine_id)
    found = [entry for entry in associations if (entry["backend_id"], entry["machine_id"]) == at]
    matching = (entry for entry in found if (login or {}).items() <= entry.items())
    return next(matching, found[0] if found else None)
