# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: addressed by id, their material in a vault that remembers a name even when the key is gone."""

from __future__ import annotations

from .. import keys as key_material
from ..call import Answer, Call
from ..errors import BadRequest, NotFound, ParameterMissing
from ..world import Association, Key
from . import auth
from .errors import Said
from .state import Item, database
from .wire import OK, of_json, parameters, required

VAULT_HAS_IT = (
    "Key name exists: The path `mist/keys/{}` exists on Vault.                             Try changing the name of"
    " the key"
)
UNKNOWN = "Key id does not exist"
NOT_RSA = "Private key is not a valid RSA key."


def find_or_none(call: Call, key: str) -> Key | None:
    return next((each for each in call.world.keys.values() if each.id == key), None)


def find(call: Call, key: str, unknown: str = UNKNOWN) -> Key:
    found = find_or_none(call, key)
    if found is None:
        raise NotFound(unknown)
    return found


def associations_of(key: Key) -> list[Item]:
    return [_shown_association(each) for each in key.associations]


def _shown_association(association: Association) -> Item:
    return {
        "cloud_id": association.backend,
        "machine_id": association.machine,
        "last_used": int(association.last_login),
        "ssh_user": association.user or "",
        "sudo": bool(association.sudo),
        "port": association.port,
        "association_id": association.id,
    }


async def list_keys(call: Call) -> Answer:
    auth.check(call)
    user = database(call).user
    shown = [
        {
            "id": key.id,
            "name": key.name,
            "owned_by": user,
            "created_by": user,
            "isDefault": key.is_default,
            "machines": associations_of(key),
            "tags": dict(key.tags),
        }
        for key in call.world.keys.values()
    ]
    return of_json(call.ordered(shown))


async def generate_key(call: Call) -> Answer:
    """A pair that is stored nowhere."""
    auth.check(call)
    private = call.world.new_keys.next()
    return of_json({"priv": private, "public": key_material.rsa_public_half(private)})


async def add_key(call: Call) -> Answer:
    auth.check(call)
    given = parameters(call)
    name, private = given.get("name"), given.get("priv")
    if not name:
        raise BadRequest("Key name is not provided")
    if not private:
        raise ParameterMissing("Private key is not provided")
    key = add(call, str(name), private)
    return of_json({"id": key.id, "name": key.name, "machines": [], "isDefault": key.is_default})


def add(call: Call, name: str, private: object) -> Key:
    if key_material.rsa_public_half(private) is None:
        raise BadRequest(NOT_RSA)
    check_vault(call, name)
    key = call.world.add_key(name, str(private))
    database(call).vault[name] = key.id
    return key


def check_vault(call: Call, name: str) -> None:
    if name in call.world.keys or name in database(call).vault:
        raise Said(409, VAULT_HAS_IT.format(name))


async def rename_key(call: Call, key: str) -> Answer:
    auth.check(call)
    new_name = required(parameters(call), "new_name")
    rename(call, find(call, key, "Key with that id does not exist"), str(new_name))
    return of_json({"new_name": new_name})


def rename(call: Call, key: Key, new_name: str) -> None:
    """In its place; the vault goes on knowing it by the name that it was added with."""
    if new_name != key.name and new_name in call.world.keys:
        raise Said(409, "NotUniqueError")
    keys = list(call.world.keys.values())
    key.name = new_name
    call.world.keys.clear()
    call.world.keys.update({each.name: each for each in keys})


async def set_default(call: Call, key: str) -> Answer:
    auth.check(call)
    make_default(call, find(call, key))
    return OK


def make_default(call: Call, key: Key) -> None:
    for each in call.world.keys.values():
        each.is_default = each is key


async def delete_key(call: Call, key: str) -> Answer:
    auth.check(call)
    remove(call, find(call, key), from_vault=bool(parameters(call).get("delete_from_vault")))
    return OK


def remove(call: Call, key: Key, *, from_vault: bool) -> None:
    """The next key becomes the default one, as it did in 2014; no recording of v4.7 shows it."""
    keys, vault = call.world.keys, database(call).vault
    del keys[key.name]
    database(call).ghosts += [(key, each) for each in key.associations]
    for name in [name for name, id_ in vault.items() if from_vault and id_ == key.id]:
        del vault[name]
    if not from_vault and key.id not in vault.values():
        vault[key.name] = key.id
    if key.is_default and keys:
        next(iter(keys.values())).is_default = True


async def public_half(call: Call, key: str) -> Answer:
    auth.check(call)
    return of_json(find(call, key).public)


async def private_half(call: Call, key: str) -> Answer:
    auth.check(call)
    return of_json(find(call, key).private)
