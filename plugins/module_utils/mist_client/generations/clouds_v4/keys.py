# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of servers of 2016 and later, and their associations with machines. Source: recordings/4.7/CONTRACT.md 2."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, List, Mapping, Sequence

from ...errors import (
    Conflict,
    InvalidValue,
    MistError,
    RequestFailed,
)
from ...key_formats import RSA_PEM
from ...matching import addresses_of, key_named
from ...records import (
    AssociationRecord,
    KeyRecord,
    LoginRecord,
    MachineRecord,
)
from .. import base
from ..parsing import text
from ..private_keys import check_private, temporary_name
from . import parsing
from .paths import KEYS, at

#: the formats of private keys that the server accepts (recordings/4.7/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM, "an RSA key in OpenSSH's format")
STAYS_RECORDED = (
    "Mist has stored this failed login in addition to the existing one, and the next run treats it as valid. To remove"
    " it, use state=absent, which removes all associations of this key with the machine."
)
MAY_BE_RECORDED = (
    "If the login failed, Mist may have stored it all the same, and the next run would treat it as valid. To remove it,"
    " use state=absent."
)
#: the status of a failed login that the server stores: recordings/4.7, assoc-port-wrong-then, assoc-port-zero-then
LEAVES_RECORD = (500, 503)
#: the text if the machine answers and accepts no key (read in the server's source: keys/controllers.py, deploy)
NO_KEY_ACCEPTED = "Couldn't authenticate to machine"
ALL_REMOVED = "Mist has removed all associations of this key with the machine."


class Keys(base.Keys):
    def list(self) -> List[KeyRecord]:
        return self.wire.shared_list(parsing.key, *KEYS)

    def _find(self, word: str) -> KeyRecord:
        """The key with this id or name. UnknownName if there is none."""
        return key_named(self.list(), word, self.wire.transport.uri)

    def generate(self) -> str:
        return self.wire.record(lambda answer: text(answer["priv"]), "a private key", "POST", *KEYS)

    def check_name(self, name: str) -> None:
        if not name.strip():
            raise InvalidValue("Invalid key name: it must not be empty.")

    def check_private(self, private: str) -> None:
        check_private(private, TAKEN_KEYS, "unencrypted RSA keys, in PEM or in OpenSSH's format")

    def predict(self, name: str, is_first: bool = False) -> KeyRecord:
        return {"id": None, "name": name, "default": is_first, "machines": []}  # type: ignore[typeddict-item]

    def predict_renamed(self, key: KeyRecord, name: str) -> KeyRecord:
        return {**key, "name": name}

    def add(self, name: str, private: str) -> KeyRecord:
        self.check_name(name)
        return self.wire.record(parsing.key, "a key", "PUT", *KEYS, body={"name": name, "priv": private})

    def replace(self, key_id: str, private: str) -> KeyRecord:
        name = self._find(key_id)["name"]
        temporary = temporary_name(name, private)
        try:
            new = self.add(temporary, private)
        except Conflict:  # an earlier call was interrupted
            new = self._find(temporary)
        self.remove(key_id)
        try:
            self.rename(new["id"], name)
        except MistError as error:
            error.done = [f"remove the old key {name!r}"]
            error.hint = (
                f"{error.hint} The new key is stored as {temporary!r}. Rename it with new_name={name!r}.".strip()
            )
            raise
        return self.predict_renamed(new, name)

    def rename(self, key_id: str, name: str) -> None:
        self.check_name(name)
        self.wire.json("PUT", *KEYS, key_id, body={"new_name": name})

    def make_default(self, key_id: str) -> None:
        self.wire.done("POST", *KEYS, key_id)

    def remove(self, key_id: str) -> None:
        # otherwise its name can never be used again: recordings/4.7/CONTRACT.md 8.7
        self.wire.done("DELETE", *KEYS, key_id, body={"delete_from_vault": True})

    def private(self, key_id: str) -> str:
        return self.wire.record(text, "a private key", "GET", *KEYS, key_id, "private")

    def public(self, key_id: str) -> str:
        return self.wire.record(text, "a public key", "GET", *KEYS, key_id, "public")

    def associate(
        self,
        key_id: str,
        backend_id: str,
        machine_id: str,
        host: str,
        user: str | None,
        port: int,
        keep_failed: bool = False,
    ) -> List[AssociationRecord]:
        """``host`` is not sent: the server uses the machine's own address."""
        key = self._find(key_id)
        before = [login for login in key["machines"] if login["machine_id"] == machine_id]
        # use a recorded user: without a user each request adds a record (read in the server's source: keys/base.py,
        # associate)
        user = user or next((login["user"] for login in before if login["port"] == port), None)
        path, body = at(machine_id, "keys", key["id"]), {"user": user or "", "port": port}
        wanted = {"machine_id": machine_id, "user": user or None, "port": port}
        try:
            self.wire.json("PUT", *path, body=body)
            after = self._find(key["id"])["machines"]
            if user and not _contains(after, wanted):
                # the server stores the first record of a key with the user of the machine's first record, not with the
                # given user (recordings/4.7, assoc-other-user-then; read in the source: keys/controllers.py, deploy)
                self.wire.json("PUT", *path, body=body)
                after = self._find(key["id"])["machines"]
        except RequestFailed as error:
            if error.status in LEAVES_RECORD and before and not _contains(before, wanted):
                error.hint = f"{error.hint} {STAYS_RECORDED}"
            elif error.status in LEAVES_RECORD and not before and not keep_failed:
                with suppress(MistError):
                    self.wire.json("DELETE", *path)
            elif error.text.startswith(NO_KEY_ACCEPTED) and before:
                error.hint = f"{error.hint} {ALL_REMOVED}"
            raise
        except MistError as error:
            if error.outcome_unknown:
                error.hint = f"{error.hint} {MAY_BE_RECORDED}".strip()
            raise
        return after

    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        # the user of the first record, unless that is root (read in the server's source: keys/controllers.py, deploy)
        known = machine["ssh_keys"] or []
        users = list(dict.fromkeys(login["user"] for login in known))
        first = users[0] if users and (users[0] != "root" or len(users) == 1) else None
        return {
            "user": user or first,
            "port": port or (known[0]["port"] if known else 22),
            "predicted_user": user or first,
        }

    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        own_addresses = (*addresses_of(machine), machine["dns_name"])
        if host and host not in own_addresses:
            raise self.not_supported("use a host that is not an address of the machine")

    def dissociate(self, key_id: str, backend_id: str, machine_id: str, host: str | None) -> List[AssociationRecord]:
        """``host`` is not sent. The server removes the key at the machine's own address, if Mist can log in there."""
        self.wire.json("DELETE", *at(machine_id, "keys", key_id))
        return self._find(key_id)["machines"]


def _contains(associations: Sequence[AssociationRecord], login: Mapping[str, Any]) -> bool:
    return any(login.items() <= association.items() for association in associations)
