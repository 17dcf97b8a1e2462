# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines made and acted on through API v2."""

from __future__ import annotations

import hashlib

from ...call import Answer, Call
from ...errors import MachineUnauthorized, NotFound, ServiceUnavailable
from .. import access, actions, creating, polling, stories
from ..drivers import Docker
from ..errors import Forbidden, Said
from ..state import Cloud, Item, Record, Story, database
from ..wire import of_json
from . import changes, lists
from .wire import NoSuchPath, NotSupported, bad_request, body, query

DONE = {
    "start": "Started",
    "stop": "Stopped",
    "reboot": "Rebooted",
    "destroy": "Destroyed",
    "suspend": "Suspended",
    "resume": "Resumed",
    "undefine": "Undefined",
    "clone": "Cloned",
}
# What the answers of these are is a guess, save for rename.
SAID = {"rename": "Machine renamed successfully", "resize": "Machine resize issued successfully"}


async def create(call: Call) -> Answer:
    given = body(call)
    for name in ("name", "cloud"):
        if not given.get(name):
            raise bad_request(f"'{name}' is a required property")
    cloud = _cloud(call, given["cloud"])
    found = {kind: _of_cloud(call, cloud, kind, given) for kind in ("image", "size", "location")}
    key = changes.key_of(call, given["key"]) if given.get("key") else None
    plan = _plan(call, cloud, given, found)
    if key:
        plan["key"] = {"id": key.id, "name": key.name}
    if given.get("dry"):
        return of_json({"plan": plan})
    story = _open(call, cloud, plan)
    wish = creating.Wish(
        cloud,
        creating.names_of(given),
        _external(found["image"]),
        _external(found["size"]),
        _external(found["location"]),
        key or creating.key_of(call, cloud, None),
        creating.tags_of(given.get("tags")),
        bool(given.get("monitoring")),
        given.get("volumes") or [],
    )
    creating.finish_later(call, story, wish)
    return of_json({"jobId": story.id, "plan": plan})


def _cloud(call: Call, name: str) -> Cloud:
    found: list[Cloud] = lists.twins(call, "clouds", name)
    if not found:
        raise Said(404, "Cloud not found")
    return found[0]


def _of_cloud(call: Call, cloud: Cloud, kind: str, given: Item) -> Item | None:
    """By Mist's id, the provider's id or the name."""
    wanted = given.get(kind)
    if not wanted:
        return None
    for item in database(call).catalogue(f"{kind}s", cloud).values():
        if wanted in (item["id"], item["external_id"], item["name"]):
            return item
    raise NotFound(f"{kind.capitalize()} not found")


def _external(item: Item | None) -> str:
    return str(item["external_id"]) if item else ""


def _plan(call: Call, cloud: Cloud, given: Item, found: dict[str, Item | None]) -> Item:
    size = found["size"]
    plan: Item = {
        "cloud": {"id": cloud.id, "name": cloud.title},
        "cost": size["extra"].get("price", 0.0) if size else 0.0,
        "machine_name": given["name"],
        "monitoring": bool(given.get("monitoring")),
        "networks": _networks(cloud),
        "quantity": int(given.get("quantity") or 1),
    }
    plan |= {kind: {"id": item["id"], "name": item["name"]} for kind, item in found.items() if item}
    return plan | ({"tags": given["tags"]} if given.get("tags") else {})


def _networks(cloud: Cloud) -> Item:
    if isinstance(polling.driver_at(cloud), Docker):
        return {"port_bindings": {}}
    group = f"sg-{hashlib.sha1(f'sg:{cloud.account}'.encode()).hexdigest()[:17]}"
    return {"security_group": {"id": group, "name": "mistio"}}


def _open(call: Call, cloud: Cloud, plan: Item) -> Story:
    """The worker was quicker than the log of the request: its first line comes before it."""
    story = stories.new(call, creating.KIND, {"cloud_id": cloud.id})
    own = {"cloud_id": cloud.id}
    _log(call, story, "async_machine_creation_started", {}, plan)
    stories.write_request(call, story, {"job": None}, {"jobId": story.id, "plan": plan}, "request_body")
    _log(call, story, "sending_create_machine_request", own, {"machine_name": plan["machine_name"]})
    return story


def _record(call: Call, name: str) -> Record:
    """By id also one that is terminated already."""
    record: Record = database(call).records.get(name) or lists.find(call, "machines", name)
    return record


def _log(call: Call, story: Story, action: str, own: Item, more: Item) -> None:
    stories.write(call.world, story, action, call.now, "job", "updates", own, more)


async def act(call: Call, machine: str, action: str) -> Answer:
    if action not in DONE and action not in SAID:
        raise NoSuchPath
    given = {}
    if action == "rename":
        given = {"name": query(call, "name")}
    elif action == "resize":
        given = {"size": query(call, "size")}
    record = _record(call, machine)
    try:
        actions.check_allowed(record, action)
    except Forbidden:
        raise NotSupported from None
    await actions.apply(call, record, action, given)
    return of_json(SAID.get(action) or f"{DONE[action]} machine `{record.name}`")


async def associate(call: Call, machine: str) -> Answer:
    given, record = body(call), _record(call, machine)
    key = changes.key_of(call, str(given.get("key", "")))
    try:
        access.put(call, record, key, given.get("username") or "", int(given.get("port") or 22))
    except (MachineUnauthorized, ServiceUnavailable):
        raise Said(503, "Could not connect to target machine") from None
    return of_json("Association successful")


async def disassociate(call: Call, machine: str) -> Answer:
    record = _record(call, machine)
    access.take_off(call, record, changes.key_of(call, str(body(call).get("key", ""))))
    return of_json("Disassociation successful")
