# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines as the lists show them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, ParameterMissing
from ..world import Association, Key
from . import access, auth, clouds, find, polling
from .state import Item, Record, database
from .wire import date, of_json, parameters

DATE = "%Y-%m-%d %H:%M:%S"


async def list_machines(call: Call, cloud: str) -> Answer:
    """The provider is asked now, unless the cloud is disabled or the cache will do."""
    auth.check(call)
    found = find.cloud_by_id(call, cloud)
    if found.enabled and not call.arrived.query.get("cached"):
        await polling.poll(call, found)
    records = database(call).records_of(found)
    return of_json(call.ordered([shown(call, record) for record in records]))


async def list_all(call: Call) -> Answer:
    """From the database; no parameter is looked at."""
    auth.check(call)
    data = database(call)
    records = [record for cloud in data.clouds() for record in data.records_of(cloud)]
    return of_json(call.ordered([shown(call, record) for record in records]))


def shown(call: Call, record: Record) -> Item:
    seen = record.seen
    cloud = record.cloud
    return {
        "id": record.id,
        "hostname": seen["hostname"],
        "public_ips": seen["public_ips"],
        "private_ips": seen["private_ips"],
        "name": record.name,
        "ssh_port": record.ssh_port,
        "os_type": seen["os_type"],
        "rdp_port": 3389,
        "external_id": record.external_id,
        "actions": seen["actions"],
        "extra": seen["extra"],
        "cost": seen["cost"],
        "state": record.state,
        "tags": dict(record.tags),
        "monitoring": record.monitoring.shown(record.id, call.now) if record.monitoring else "",
        "key_associations": _associations(call, record),
        "cloud": cloud.id,
        "location": seen["location"],
        "size": seen["size"],
        "image": seen["image"],
        "cloud_title": cloud.title,
        "last_seen": date(record.last_seen),
        "missing_since": date(record.missing_since),
        "unreachable_since": "",
        "created": seen["created"],
        "machine_type": seen["machine_type"],
        "parent": _parent(call, record),
        "probe": {"ping": access.NO_PING, "ssh": record.probe or access.NO_SSH},
        "cores": seen["cores"],
        "network": seen["network"],
        "subnet": seen["subnet"],
        "owned_by": record.owner,
        "created_by": record.owner,
        "expiration": record.expiration,
        "provider": cloud.provider,
        "cluster": "",
    }


def _associations(call: Call, record: Record) -> Item:
    return {
        each.id: {
            "_id": {"$oid": each.id},
            "_cls": "KeyMachineAssociation",
            "key": key.id,
            "machine": record.id,
            "last_used": int(each.last_login),
            "ssh_user": each.user or "",
            "sudo": bool(each.sudo),
            "port": each.port,
        }
        for key, each in [*access.associations_of(call.world, record), *_ghosts(call, record)]
    }


def _ghosts(call: Call, record: Record) -> list[tuple[Key, Association]]:
    return [pair for pair in database(call).ghosts if pair[1].machine == record.id]


def _parent(call: Call, record: Record) -> str:
    """The engine of a container."""
    if record.seen["parent"] != polling.HOST_ID:
        return ""
    every = database(call).records_of(record.cloud)
    return next((each.id for each in every if each.seen["machine_type"] == "container-host"), "")


async def edit(call: Call, **where: str) -> Answer:
    """The answer describes the machine in words."""
    auth.check(call)
    data, given = database(call), parameters(call)
    record = _of_either_id(call, **where)
    if given.get("expiration"):
        _expire(call, record, given["expiration"])
    cloud = record.cloud
    model = clouds.known_fields(cloud.provider).model
    return of_json(
        f"Machine {record.name} ({record.id}) in <class 'mist.api.clouds.models.{model}'> cloud {cloud.title}"
        f" ({cloud.id}) of Org {data.email} (1 teams - 1 members)"
    )


def _of_either_id(call: Call, machine: str, cloud: str | None = None) -> Record:
    """This view alone takes both ids after a cloud."""
    if cloud is not None and machine in database(call).records:
        return find.living_record(call, machine)
    return find.living_record(call, machine, cloud)


def _expire(call: Call, record: Record, wanted: Any) -> None:
    """The old one is deleted before the new one is looked at: recordings/4.7, expiration-bad-date-then. Without a date
    there is none: expiration-clear-empty-date-stays-or-goes-then."""
    try:
        date, action, notify = wanted["date"], wanted.get("action", "stop"), int(wanted.get("notify", 0) or 0)
    except (KeyError, TypeError, ValueError):
        raise ApiError from None
    if action not in ("stop", "destroy"):
        raise ApiError
    record.expiration = None
    if not date:
        return
    try:
        at = datetime.fromtimestamp(date, timezone.utc) if isinstance(date, int) else datetime.strptime(date, DATE)
    except (TypeError, ValueError):
        raise BadRequest("Date value was not valid") from None
    # the reminder is another such schedule (R: schedules/base.py, update)
    if at.replace(tzinfo=timezone.utc).timestamp() - notify < call.now:
        raise BadRequest("Date of future task is in the past. Please contact Marty McFly")
    record.expiration = {
        "id": call.world.digest("schedule", 32),
        "action": action,
        "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "notify": notify,
    }


def needed(given: Item, *names: str) -> None:
    """In the order that the server looks; `size` may be empty, but has to be there."""
    for name in names:
        if name not in given or (name != "size" and not given[name]):
            raise ParameterMissing(name)
