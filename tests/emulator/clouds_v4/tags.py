# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags. The views of one machine are broken in v4.7; the batch works."""

from __future__ import annotations

from typing import Any

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound, ParameterMissing
from . import auth, clouds, keys
from .state import Item, database
from .wire import OK, parameters


async def of_machine(call: Call, cloud: str, machine: str) -> Answer:
    auth.check(call)
    raise NotFound("Resource with this id could not be located")


async def set_of_machine(call: Call, cloud: str, machine: str) -> Answer:
    auth.check(call)
    if not isinstance(parameters(call).get("tags"), dict):
        raise BadRequest("tags should be dictionary of tags")
    if database(call).find_record(clouds.find(call, cloud), machine) is None:
        raise NotFound("Resource with that id does not exist")
    raise ApiError


async def delete_of_machine(call: Call, cloud: str, machine: str, tag: str) -> Answer:
    auth.check(call)
    raise ApiError


async def batch(call: Call) -> Answer:
    """A list of operations; one that means nothing is skipped without a word."""
    auth.check(call)
    given = call.arrived.body
    operations = given if isinstance(given, list) else []
    for operation in operations:
        resource: Item = operation.get("resource", {})
        tags = _tags_of(call, resource)
        if tags is not None:
            for tag in operation.get("tags", []):
                _change(tags, tag)
    return OK


def _tags_of(call: Call, resource: Item) -> dict[str, str] | None:
    """The tags of a machine, a cloud, a key or whatever else has some; None for what is not there."""
    kind, id_ = resource.get("type", ""), str(resource.get("item_id", ""))
    if kind == "machine":
        if not resource.get("cloud_id"):
            raise ParameterMissing("cloud_id")
        record = database(call).records.get(id_)
        return record.tags if record else None
    if kind == "cloud":
        cloud = database(call).find_cloud(id_)
        return cloud.tags if cloud else None
    key = keys.find_or_none(call, id_) if kind == "key" else None
    return key.tags if key else None


def _change(tags: dict[str, str], tag: dict[str, Any]) -> None:
    if tag.get("op", "+") == "-":
        tags.pop(tag["key"], None)
    else:
        tags[tag["key"]] = tag.get("value", "")
