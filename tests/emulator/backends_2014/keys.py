# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: add, generate, rename, default, delete, read."""

from __future__ import annotations

from typing import Any

from .. import keys as key_material
from ..call import Answer, Call
from ..errors import KeyExists, KeyInvalid, KeyNameMissing, KeyNotFound, ParameterMissing
from ..world import Association, Key, World
from .wire import OK, parameters, required


def find_key(world: World, name: str) -> Key:
    if name not in world.keys:
        raise KeyNotFound(name)
    return world.keys[name]


def associations_of(key: Key) -> list[list[Any]]:
    return [_as_list(association) for association in key.associations]


def _as_list(association: Association) -> list[Any]:
    return [
        association.backend,
        association.machine,
        association.last_login,
        association.user,
        association.sudo,
        association.port,
    ]


def _shown(key: Key) -> dict[str, Any]:
    return {"id": key.name, "isDefault": key.is_default, "machines": associations_of(key)}


def _listing(call: Call) -> Answer:
    return Answer.of_json(call.ordered([_shown(key) for key in call.world.keys.values()]))


async def list_keys(call: Call) -> Answer:
    return _listing(call)


async def add_key(call: Call) -> Answer:
    given = parameters(call)
    name, private = given.get("id"), given.get("priv")
    if not name:
        raise KeyNameMissing("")
    if not private:
        raise ParameterMissing("Private key is not provided")
    if name in call.world.keys:
        raise KeyExists(name)
    if key_material.public_half(private) is None:
        raise KeyInvalid
    return Answer.of_json(_shown(call.world.add_key(name, private)))


async def generate_key(call: Call) -> Answer:
    return Answer.of_json({"priv": call.world.new_keys.next()})


async def delete_key(call: Call, key: str) -> Answer:
    keys = call.world.keys
    removed = find_key(call.world, key)
    del keys[key]
    if removed.is_default and keys:
        next(iter(keys.values())).is_default = True
    return _listing(call)


async def rename_key(call: Call, key: str) -> Answer:
    """A key that has the new name already is overwritten, and its default flag is lost with it."""
    new_name = required(parameters(call), "new_id")
    renamed = find_key(call.world, key)
    del call.world.keys[key]
    renamed.name = new_name
    call.world.keys[new_name] = renamed
    return Answer.of_json({"new_id": new_name})


async def set_default(call: Call, key: str) -> Answer:
    chosen = find_key(call.world, key)
    for each in call.world.keys.values():
        each.is_default = each is chosen
    return OK


async def private_half(call: Call, key: str) -> Answer:
    return Answer.of_json(find_key(call.world, key).private)


async def public_half(call: Call, key: str) -> Answer:
    return Answer.of_json(find_key(call.world, key).public)
