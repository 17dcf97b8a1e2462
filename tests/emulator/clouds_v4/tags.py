# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags. The views of one machine are broken in v4.7; the batch works."""

from __future__ import annotations

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound, ParameterMissing
from . import auth, find, keys
from .errors import Unforeseen
from .state import Item, database
from .wire import OK, parameters

Tags = dict[str, str]


async def of_machine(call: Call, cloud: str, machine: str) -> Answer:
    auth.check(call)
    raise NotFound("Resource with this id could not be located")


async def set_of_machine(call: Call, cloud: str, machine: str) -> Answer:
    auth.check(call)
    if not isinstance(parameters(call).get("tags"), dict):
        raise BadRequest("tags should be dictionary of tags")
    if database(call).find_record(find.cloud_by_id(call, cloud), machine) is None:
        raise NotFound("Resource with that id does not exist")
    raise ApiError


async def delete_of_machine(call: Call, cloud: str, machine: str, tag: str) -> Answer:
    auth.check(call)
    raise ApiError


#: kinds of things that are found through their cloud, and those that have tags without one
IN_A_CLOUD = ("machine", "image", "network", "volume")
WITHOUT_CLOUD = ("cloud", "key", "script", "schedule", "zone", "secret")


async def batch(call: Call) -> Answer:
    """A list of operations; one on something that is not there is skipped without a word."""
    auth.check(call)
    given = call.arrived.body
    if not isinstance(given, list):
        raise ApiError
    for operation in given:
        _apply(call, operation)
    return OK


def _apply(call: Call, operation: Item) -> None:
    resource: Item | None = operation.get("resource")
    if resource is None:
        raise Unforeseen
    if not operation.get("tags"):
        raise ParameterMissing("tags")
    if not resource.get("type") or not resource.get("item_id"):
        raise BadRequest("No type or rid provided for some of the resources")
    tags = _tags_of(call, resource)
    for tag in operation["tags"]:
        _change(tags, tag)


def _tags_of(call: Call, resource: Item) -> Tags:
    """The tags of a thing; a dictionary that nobody reads for one that is not there, and for what is not played."""
    kind, id_, data = resource["type"], str(resource["item_id"]), database(call)
    if kind in IN_A_CLOUD:
        if not resource.get("cloud_id"):
            raise ParameterMissing("cloud_id")
        if kind == "machine":
            record = data.records.get(id_)
            return record.tags if record else {}
        cloud = data.find_cloud(str(resource["cloud_id"]))
        return _shown_tags(data.item(f"{kind}s", cloud, id_) if cloud else None)
    if kind not in WITHOUT_CLOUD:
        raise ApiError
    if kind == "script":
        return _shown_tags(data.scripts.get(id_))
    thing = data.find_cloud(id_) if kind == "cloud" else keys.find_or_none(call, id_)
    return thing.tags if thing else {}


def _shown_tags(item: Item | None) -> Tags:
    tags: Tags = item["tags"] if item else {}
    return tags


def _change(tags: Tags, tag: Item) -> None:
    """A removal needs the tag's value, whichever it is (tag2-machine-remove-no-value). Nothing else is checked."""
    operation = tag.get("op", "+")
    if operation == "-":
        if "value" not in tag:
            raise ApiError
        tags.pop(tag["key"], None)
    elif operation == "+":
        tags[tag["key"]] = tag.get("value", "")
