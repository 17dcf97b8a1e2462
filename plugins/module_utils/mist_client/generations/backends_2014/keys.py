# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of servers of 2014, and their associations with machines. Source: recordings/2014/CONTRACT.md 2 and 4."""

from __future__ import annotations

from contextlib import suppress
from typing import List, Sequence

from ...errors import (
    Conflict,
    InvalidValue,
)
from ...key_formats import RSA_PEM
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
from .paths import at

#: the formats of private keys that the server accepts (recordings/2014/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM,)


class Keys(base.Keys):
    def list(self) -> List[KeyRecord]:
        return self.wire.list(parsing.key, "keys")

    def generate(self) -> str:
        return self.wire.record(lambda answer: text(answer["priv"]), "a private key", "POST", "keys")

    def check_name(self, name: str) -> None:
        # the server accepts a name with a slash, but cannot read, rename or remove that key later
        self.wire.transport.address(name)

    def check_private(self, private: str) -> None:
        check_private(private, TAKEN_KEYS, "unencrypted RSA keys in PEM")

    def predict(self, name: str, is_first: bool = False) -> KeyRecord:
        return {"id": name, "name": name, "default": is_first, "machines": []}

    def predict_renamed(self, key: KeyRecord, name: str) -> KeyRecord:
        return {**key, "id": name, "name": name}

    def add(self, name: str, private: str) -> KeyRecord:
        self.check_name(name)
        return self.wire.record(parsing.key, "a key", "PUT", "keys", body={"id": name, "priv": private})

    def replace(self, key_id: str, private: str) -> KeyRecord:
        # renaming a key to the name of another replaces that key: recordings/2014/CONTRACT.md 4.3
        temporary = temporary_name(key_id, private)
        with suppress(Conflict):  # an earlier call was interrupted
            self.add(temporary, private)
        self.rename(temporary, key_id)
        return self.predict(key_id)

    def rename(self, key_id: str, name: str) -> None:
        self.check_name(name)
        self.wire.json("PUT", "keys", key_id, body={"new_id": name})

    def make_default(self, key_id: str) -> None:
        self.wire.done("POST", "keys", key_id)

    def remove(self, key_id: str) -> None:
        self.wire.json("DELETE", "keys", key_id)

    def private(self, key_id: str) -> str:
        return self.wire.record(text, "a private key", "GET", "keys", key_id, "private")

    def public(self, key_id: str) -> str:
        return self.wire.record(text, "a public key", "GET", "keys", key_id, "public")

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
        body = {"host": host, "port": port, **({"user": user} if user else {})}
        return self.wire.records(
            parsing.association, "associations", "PUT", *at(backend_id, machine_id, "keys", key_id), body=body
        )

    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        # read in the server's source: shell.py, autoconfigure. Without a user it ignores the given port if it has a
        # recorded one
        ids = (machine["backend_id"], machine["id"])
        known = [
            (key["id"] != key_id, login)
            for key in keys
            for login in key["machines"]
            if (login["backend_id"], login["machine_id"]) == ids
        ]
        users = [login["user"] for _other, login in sorted(known, key=lambda pair: pair[0]) if login["user"]]
        known_port = next((login["port"] for _other, login in reversed(known) if login["port"]), None)
        if user is None and None not in (port, known_port) and port != known_port:
            if not users:
                raise InvalidValue(
                    f"ssh_port={port} requires ssh_user. Without ssh_user, this server uses port {known_port}, which"
                    f" it has stored for machine {machine['name']!r}.",
                    "Set ssh_user.",
                )
            user = users[0]
        predicted = user or (users[0] if users else None)
        return {"user": user, "port": port or known_port or 22, "predicted_user": predicted}

    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        if keep_failed:
            raise self.not_supported("keep an association if the login fails")

    def dissociate(self, key_id: str, backend_id: str, machine_id: str, host: str | None) -> List[AssociationRecord]:
        body = {"host": host} if host else None
        path = at(backend_id, machine_id, "keys", key_id)
        return self.wire.records(parsing.association, "associations", "DELETE", *path, body=body)
