# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of a key: present or absent, its private key, the default or not, saved to a file or not."""

from __future__ import annotations

import hashlib
from typing import Any, Callable, NamedTuple, Sequence, TypedDict

from .._plan import Plan, Step
from .._secret_file import SecretFile, read_key_file
from ..mist_client.errors import Conflict, InvalidValue, MistError, NotFound
from ..mist_client.key_formats import public_half
from ..mist_client.matching import not_found_error, with_id, with_name
from ..mist_client.records import KeyRecord
from .base import Resource, in_spite_of, remove


class KeyWanted(TypedDict, total=False):
    """The options of mist_key."""

    state: str
    name: str
    id: str
    private_key: str
    src: str
    generate: bool
    replace: bool
    default: bool
    new_name: str
    dest: str
    force: bool


class PublicKeyRecord(KeyRecord):
    """A key with its public half. None if the server has not generated the key yet."""

    public: str | None


class FoundKey(NamedTuple):
    """What was found. ``private`` is the wanted private key: None if any is accepted or a new one is generated.

    ``stored`` is the private key on the server, None if it was not requested.
    """

    key: KeyRecord | None
    is_first: bool
    private: str | None
    stored: str | None
    file: SecretFile | None


class KeyResource(Resource[FoundKey, KeyWanted]):
    """Found by its id or name, or by the new name if it is already renamed."""

    def find(self, wanted: KeyWanted) -> FoundKey:
        keys = self.api.keys.list()
        new_name = wanted.get("new_name")
        key = with_id(keys, wanted["id"]) if "id" in wanted else with_name(keys, wanted["name"])
        if wanted["state"] == "absent":
            return FoundKey(key, False, None, None, None)
        # an id of a server of 2014 changes with the name
        if new_name and ("id" not in wanted or self.api.keys.predict(new_name)["id"] == new_name):
            key = key or with_name(keys, new_name)
        private = self._wanted_material(wanted)
        if key is None and ("id" in wanted or (private is None and not wanted["generate"])):
            raise self._not_found(keys, wanted)
        if new_name and key and key["name"] != new_name and with_name(keys, new_name):
            raise InvalidValue(
                f"The key {new_name!r} already exists, so {key['name']!r} cannot be renamed to it.",
                "Choose another new_name, or remove that key first (state=absent).",
            )
        needs_stored = key and (private is not None or "dest" in wanted)
        stored = self.api.keys.private(key["id"]) if key and needs_stored else None
        there: PublicKeyRecord | None = {**key, "public": self._public(key, stored)} if key else None
        file = SecretFile(wanted["dest"]) if "dest" in wanted else None
        found = FoundKey(there, not keys, private, stored, file)
        self._check(found, wanted)
        return found

    def plan(self, found: FoundKey, wanted: KeyWanted) -> Plan:
        key = found.key
        if wanted["state"] == "absent":
            return Plan(key, None, [Step(f"remove key {key['name']!r}", self._remove)] if key else [])
        name = name_after(key, wanted)
        steps = []
        public = public_half(found.private) if found.private else None
        after: Any
        if key is None:
            after = {**self.api.keys.predict(name, is_first=found.is_first), "public": public}
            how = "add" if found.private else "generate and add"
            steps.append(Step(f"{how} key {name!r}", lambda _none: self._add(name, found.private)))
        else:
            after = {**key}
            private = found.private or ""
            if _differs(found):
                after = {**after, "id": self.api.keys.predict(key["name"])["id"], "machines": [], "public": public}
                lost = f" (associations lost: {len(key['machines'])})" if key["machines"] else ""
                steps.append(Step(f"replace key {key['name']!r}{lost}", lambda old: self._replace(old, private)))
                if key["default"]:
                    steps.append(Step("make it the default again", self._make_default))
            if key["name"] != name:
                self.api.keys.check_name(name)
                after = self.api.keys.predict_renamed(after, name)
                steps.append(Step(f"rename to {name!r}", lambda old: self._rename(old, name)))
        if wanted.get("default") and not after["default"]:
            after = {**after, "default": True}
            steps.append(Step("make it the default", self._make_default))
        return Plan(key, after, steps + self._file_steps(found), beside(found))

    # ---- the desired state

    def _not_found(self, keys: Sequence[KeyRecord], wanted: KeyWanted) -> InvalidValue:
        error = not_found_error(wanted.get("id") or wanted["name"], keys, "key", self.api.transport.uri)
        error.hint = "To add one, set private_key, src or generate=true."
        if "id" in wanted:
            error.hint = "To add a key, give its name instead of an id."
        return error

    def _public(self, key: KeyRecord, private: str | None) -> str | None:
        """The public half of a key. Requested only if it cannot be derived from the private half."""
        return (public_half(private) if private else None) or half_of(key, self.api.keys.public)

    def _wanted_material(self, wanted: KeyWanted) -> str | None:
        private = read_key_file(wanted["src"]) if "src" in wanted else wanted.get("private_key")
        if private is not None:
            self.api.keys.check_private(private)
        return private

    def _check(self, found: FoundKey, wanted: KeyWanted) -> None:
        key = found.key
        name = name_after(key, wanted)
        if key is None:
            self.api.keys.check_name(name)
        if key and _differs(found) and not wanted["replace"]:
            raise InvalidValue(
                f"The key {key['name']!r} already exists with a different private key.",
                "Choose another name, or set replace=true: then its associations with machines are lost.",
            )
        if key and key["default"] and wanted.get("default") is False:
            raise InvalidValue(
                f"The key {name!r} is the default key, and Mist requires one.", "Make another key the default instead."
            )
        if found.file and found.file.is_there and _file_differs(found) and not wanted["force"]:
            raise InvalidValue(
                f"dest {found.file.path} already exists and does not contain this key.",
                "Set force=true to overwrite it.",
            )

    def _file_steps(self, found: FoundKey) -> list[Step]:
        file = found.file
        if file is None:
            return []
        if _file_differs(found):
            return [Step(f"save it to {file.path}", lambda key: self._save(key, file))]
        return (
            [] if file.is_private else [Step(f"restrict the permissions of {file.path}", lambda key: _close(key, file))]
        )

    # ---- the steps

    def _add(self, name: str, private: str | None) -> PublicKeyRecord:
        material = private or self.api.keys.generate()
        key: KeyRecord | None
        try:
            key = self.api.keys.add(name, material)
        except Conflict:
            key = self._stored(name, material)
            if key is None:
                raise
        except MistError as error:
            key = in_spite_of(error, lambda: self._stored(name, material))
            if key is None:
                raise
        return {**key, "public": self._public(key, material)}

    def _stored(self, name: str, material: str) -> KeyRecord | None:
        """The key of this name, if it has this private key."""
        key = with_name(self.api.keys.list(), name)
        return key if key and same_material(self.api.keys.private(key["id"]), material) else None

    def _replace(self, old: KeyRecord, private: str) -> PublicKeyRecord:
        key = self.api.keys.replace(old["id"], private)
        return {**key, "public": self._public(key, private)}

    def _rename(self, key: KeyRecord, name: str) -> KeyRecord:
        self.api.keys.rename(key["id"], name)
        return self.api.keys.predict_renamed(key, name)

    def _make_default(self, key: KeyRecord) -> KeyRecord:
        self.api.keys.make_default(key["id"])
        return {**key, "default": True}

    def _save(self, key: KeyRecord, file: SecretFile) -> KeyRecord:
        file.write(as_file(self.api.keys.private(key["id"])))
        return key

    def _remove(self, key: KeyRecord) -> None:
        remove(lambda: self.api.keys.remove(key["id"]), lambda: with_id(self.api.keys.list(), key["id"]) is None)


def name_after(key: KeyRecord | None, wanted: KeyWanted) -> str:
    """The name of the key after the task."""
    return wanted.get("new_name") or (key["name"] if key else wanted["name"])


def half_of(key: KeyRecord, get: Callable[[str], str]) -> str | None:
    """The private or the public key. None if its name cannot be part of a URL, or it was removed after the listing."""
    try:
        return get(key["id"])
    except (InvalidValue, NotFound):
        return None


def same_material(first: str, second: str) -> bool:
    """Whether two texts are the same key. White space makes no difference."""
    return first.split() == second.split()


def beside(found: FoundKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields for the diff: a fingerprint of the private key, and what the file contains."""
    before, after = {}, {}
    if found.private:
        before = {"private_half": fingerprint(found.stored)} if found.stored else {}
        after = {"private_half": fingerprint(found.private)}
    if found.file:
        same = "this key" + ("" if found.file.is_private else ", readable by other users")
        content = "another content" if _file_differs(found) else same
        before["dest"] = content if found.file.is_there else "no file"
        after["dest"] = "this key"
    return before, after


def fingerprint(material: str) -> str:
    return "sha256:" + hashlib.sha256("".join(material.split()).encode()).hexdigest()


def _differs(found: FoundKey) -> bool:
    return found.stored is not None and found.private is not None and not same_material(found.stored, found.private)


def _file_differs(found: FoundKey) -> bool:
    """Whether the file must be written. A key that does not exist yet is in no file."""
    material = found.private if found.key is None or _differs(found) else found.stored
    return found.file is not None and not (material and same_material(found.file.text or "", material))


def as_file(material: str) -> str:
    """A key in the form that ssh requires of a file: Unix line ends, one at the end."""
    return "\n".join(material.strip().splitlines()) + "\n"


def _close(key: KeyRecord, file: SecretFile) -> KeyRecord:
    file.make_private()
    return key
