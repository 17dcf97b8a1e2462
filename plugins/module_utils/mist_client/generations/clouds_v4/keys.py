# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of servers of 2016 and later, and on which machines they are. Source: recordings/4.7/CONTRACT.md 2."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any, List, Mapping, Sequence

from ...errors import (
    Conflict,
    InvalidValue,
    MistError,
    RequestFailed,
)
from ...key_formats import RSA_PEM, kind_of
from ...records import (
    AssociationRecord,
    KeyRecord,
    LoginRecord,
    MachineRecord,
)
from ...wording import join_words, nearest
from .. import base
from ..parsing import text
from . import parsing
from .paths import KEYS, at

#: the kinds of private keys that the server takes (recordings/4.7/CONTRACT.md 2)
TAKEN_KEYS = (RSA_PEM, "an RSA key in OpenSSH's format")
STAYS_RECORDED = (
    "Mist has recorded that login all the same, beside the one that was there, and the next run will take it for one"
    " that works. Only state=absent removes it, with all other records of this key on the machine."
)
#: the status of a failure that leaves its record behind: recordings/4.7, assoc-port-wrong-then, assoc-port-zero-then
LEAVES_RECORD = (500, 503)
#: what the server says when the port answers and no key is let in (R: keys/controllers.py, deploy)
NOBODY_LET_IN = "Couldn't authenticate to machine"
ALL_REMOVED = "Mist has removed all its records of this key on the machine."


class Keys(base.Keys):
    def list(self) -> List[KeyRecord]:
        return self.wire.shared_list(parsing.key, *KEYS)

    def generate(self) -> str:
        return self.wire.record(lambda answer: text(answer["priv"]), "a private key", "POST", *KEYS)

    def check_name(self, name: str) -> None:
        if not name.strip():
            raise InvalidValue("A key needs a name that is not empty.")

    def check_private(self, private: str) -> None:
        kind = kind_of(private)
        if kind in TAKEN_KEYS:
            return
        can_be_converted = kind.startswith(("an encrypted", "a key in PKCS#8"))
        raise InvalidValue(
            f"This is {kind}, and this server takes unencrypted RSA keys alone, in PEM or in OpenSSH's format.",
            "Convert a copy of it: ssh-keygen -p -m PEM -N '' -f COPY"
            if can_be_converted
            else "Make one: ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE",
        )

    def predict(self, name: str, is_first: bool = False) -> KeyRecord:
        return {"id": None, "name": name, "default": is_first, "machines": []}  # type: ignore[typeddict-item]

    def predict_renamed(self, key: KeyRecord, name: str) -> KeyRecord:
        return {**key, "name": name}

    def add(self, name: str, private: str) -> KeyRecord:
        self.check_name(name)
        return self.wire.record(parsing.key, "a key", "PUT", *KEYS, body={"name": name, "priv": private})

    def replace(self, key_id: str, private: str) -> KeyRecord:
        name = key_named(self.list(), key_id)["name"]
        beside = f"{name}.{hashlib.sha256(private.encode()).hexdigest()[:12]}"
        try:
            new = self.add(beside, private)
        except Conflict:  # left there when this was interrupted before
            new = key_named(self.list(), beside)
        self.remove(key_id)
        self.rename(new["id"], name)
        return self.predict_renamed(new, name)

    def rename(self, key_id: str, name: str) -> None:
        self.check_name(name)
        self.wire.json("PUT", *KEYS, key_id, body={"new_name": name})

    def make_default(self, key_id: str) -> None:
        self.wire.done("POST", *KEYS, key_id)

    def remove(self, key_id: str) -> None:
        # else its name could never be used again: recordings/4.7/CONTRACT.md 8.7
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
        """``host`` is not sent: the server goes to the machine's own address."""
        key = key_named(self.list(), key_id)
        before = [each for each in key["machines"] if each["machine_id"] == machine_id]
        # a user that is recorded already, for without one each request adds a record (R: keys/base.py, associate)
        user = user or next((each["user"] for each in before if each["port"] == port), None)
        path, body = at(machine_id, "keys", key["id"]), {"user": user or "", "port": port}
        login = {"machine_id": machine_id, "user": user or None, "port": port}
        try:
            self.wire.json("PUT", *path, body=body)
            there = key_named(self.list(), key["id"])["machines"]
            if user and not _holds(there, login):
                # the first record of the key gets the user that the server logged in as, and that is the one of the
                # machine's first record (recordings/4.7, assoc-other-user-then; R: keys/controllers.py, deploy)
                self.wire.json("PUT", *path, body=body)
                there = key_named(self.list(), key["id"])["machines"]
        except RequestFailed as error:
            if error.status in LEAVES_RECORD and before and not _holds(before, login):
                error.hint = f"{error.hint} {STAYS_RECORDED}"
            elif error.status in LEAVES_RECORD and not before and not keep_failed:
                with suppress(MistError):
                    self.wire.json("DELETE", *path)
            elif error.text.startswith(NOBODY_LET_IN) and before:
                error.hint = f"{error.hint} {ALL_REMOVED}"
            raise
        return there

    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        # R: keys/controllers.py, deploy: it is the user of the first record, unless that is root
        known = machine["ssh_keys"] or []
        users = list(dict.fromkeys(each["user"] for each in known))
        first = users[0] if users and (users[0] != "root" or len(users) == 1) else None
        return {
            "user": user or first,
            "port": port or (known[0]["port"] if known else 22),
            "predicted_user": user or first,
        }

    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        own = (*machine["public_ips"], *machine["private_ips"], machine["dns_name"])
        if host and host not in own:
            raise self.not_supported("log in to a machine at another address than its own, whatever host says")

    def dissociate(self, key_id: str, backend_id: str, machine_id: str, host: str | None) -> List[AssociationRecord]:
        """The key is removed from the machine's own address if Mist can log in there, whatever ``host`` says."""
        self.wire.json("DELETE", *at(machine_id, "keys", key_id))
        return key_named(self.list(), key_id)["machines"]


def _holds(associations: Sequence[AssociationRecord], login: Mapping[str, Any]) -> bool:
    return any(login.items() <= each.items() for each in associations)


def key_named(keys: Sequence[KeyRecord], word: str) -> KeyRecord:
    """The key whose id or name this is; InvalidValue when there is none."""
    found = next((key for field in ("id", "name") for key in keys if key[field] == word), None)
    if found is None:
        names = [key["name"] for key in keys]
        close = nearest(word, names) or names[:8]
        there = f"There are: {join_words(map(repr, close), 'and')}." if close else "There is none at all."
        raise InvalidValue(f"Mist has no key {word!r}. {there}")
    return found
