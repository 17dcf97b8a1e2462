# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired state of a key: present or absent, its private key, the default or not, saved to a file or not."""

from __future__ import annotations

import hashlib
from typing import Any, Callable, Mapping, NamedTuple

from .._plan import Plan, Step
from .._secret_file import SecretFile, read_key_file
from ..mist_client.errors import Conflict, InvalidValue, MistError, NotFound
from ..mist_client.matching import not_found_error, with_id, with_name
from ..mist_client.records import KeyRecord
from .base import Resource, in_spite_of, remove


class FoundKey(NamedTuple):
    """What was found. ``private`` is the wanted private key: None if any is accepted or a new one is generated.

    ``stored`` is the private key on the server, None if it was not requested.
    """

    key: KeyRecord | None
    is_first: bool
    private: str | None
    stored: str | None
    file: SecretFile | None


class KeyResource(Resource):
    """Found by its name, or by the new name if it is already renamed."""

    def find(self, wanted: Mapping[str, Any]) -> FoundKey:
        keys = self.api.keys.list()
        name, new_name = wanted["name"], wanted.get("new_name")
        key = with_name(keys, name)
        if wanted["state"] == "absent":
            return FoundKey(key, False, None, None, None)
        key = key or (with_name(keys, new_name) if new_name else None)
        private = self._wanted_material(wanted)
        if key is None and private is None and not wanted.get("generate"):
            error = not_found_error(name, keys, "key", self.api.transport.uri)
            error.hint = "To add one, set private_key, src or generate=true."
            raise error
        if new_name and key and key["name"] == name != new_name and with_name(keys, new_name):
            raise InvalidValue(
                f"The key {new_name!r} already exists, so {name!r} cannot be renamed to it.",
                "Choose another new_name, or remove that key first (state=absent).",
            )
        needs_stored = key and (private is not None or "dest" in wanted)
        stored = self.api.keys.private(key["id"]) if key and needs_stored else None
        found = FoundKey(key, not keys, private, stored, SecretFile(wanted["dest"]) if "dest" in wanted else None)
        self._check(found, wanted)
        return found

    def plan(self, found: FoundKey, wanted: Mapping[str, Any]) -> Plan:
        key = found.key
        if wanted["state"] == "absent":
            return Plan(key, None, [Step(f"remove key {key['name']!r}", self._remove)] if key else [])
        name = wanted.get("new_name", wanted["name"])
        steps = []
        if key is None:
            after = self.api.keys.predict(name, is_first=found.is_first)
            how = "add" if found.private else "generate and add"
            steps.append(Step(f"{how} key {name!r}", lambda _none: self._add(name, found.private)))
        else:
            after = {**key}
            private = found.private or ""
            if _differs(found):
                after = {**after, "id": self.api.keys.predict(key["name"])["id"], "machines": []}
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

    def _wanted_material(self, wanted: Mapping[str, Any]) -> str | None:
        private = read_key_file(wanted["src"]) if "src" in wanted else wanted.get("private_key")
        if private is not None:
            self.api.keys.check_private(private)
        return private

    def _check(self, found: FoundKey, wanted: Mapping[str, Any]) -> None:
        key, name = found.key, wanted.get("new_name", wanted["name"])
        if key is None:
            self.api.keys.check_name(name)
        if _differs(found) and not wanted["replace"]:
            raise InvalidValue(
                f"The key {wanted['name']!r} already exists with a different private key.",
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

    def _add(self, name: str, private: str | None) -> KeyRecord:
        material = private or self.api.keys.generate()
        try:
            return self.api.keys.add(name, material)
        except Conflict:
            key = self._stored(name, material)
            if key is None:
                raise
        except MistError as error:
            key = in_spite_of(error, lambda: self._stored(name, material))
            if key is None:
                raise
        return key

    def _stored(self, name: str, material: str) -> KeyRecord | None:
        """The key of this name, if it has this private key."""
        key = with_name(self.api.keys.list(), name)
        return key if key and same_material(self.api.keys.private(key["id"]), material) else None

    def _replace(self, old: KeyRecord, private: str) -> KeyRecord:
        return self.api.keys.replace(old["id"], private)

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
