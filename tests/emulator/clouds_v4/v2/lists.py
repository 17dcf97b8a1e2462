# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and single things of API v2, with names where v1 has ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...call import Answer, Call
from ...world import Key
from .. import clouds, keys, machines, stories
from ..errors import Said
from ..polling import HOST_ID
from ..state import Cloud, Database, Item, Record, database
from ..wire import iso, of_json
from . import search
from .wire import csv, missing, number, only

DEFAULT_LIMIT = 100


def _is_dereferenced(call: Call) -> bool:
    return call.arrived.query.get("deref", "auto") != "none"


def owner(call: Call, user: str) -> str:
    """The e-mail of a user; "" for nobody."""
    return database(call).email if user and _is_dereferenced(call) else user


def cloud(call: Call, found: Cloud) -> Item:
    config = dict(clouds.open_fields(found))
    if found.provider == "docker":
        config["show_all"] = bool(found.fields.get("show_all"))
    features = {
        "compute": True,
        "container": found.features["container_enabled"],
        "dns": found.features["dns_enabled"],
        "object_storage_enabled": found.features["object_storage_enabled"],
        "observations": found.features["observation_logs_enabled"],
        "polling": found.polling_interval,
    }
    return {
        "config": config,
        "created_by": owner(call, found.owner),
        "features": features,
        "id": found.id,
        "name": found.title,
        "owned_by": owner(call, found.owner),
        "provider": found.provider,
        "tags": dict(found.tags),
    }


def machine(call: Call, record: Record) -> Item:
    shown, data = machines.shown(call, record), database(call)
    names = _is_dereferenced(call)
    item: Item = {name: value for name, value in shown.items() if name not in NOT_IN_V2}
    item |= {
        "children": _children(data, record),
        "key_associations": [_association(each) for each in shown["key_associations"].values()],
        "ports": {"rdp": shown["rdp_port"], "ssh": shown["ssh_port"]},
        "probe": {"ssh": record.probe} if record.probe else {},
        "type": shown["machine_type"],
        "created_by": owner(call, record.owner),
        "owned_by": owner(call, record.owner),
    }
    item |= {name: _iso(shown[name]) for name in ("created", "last_seen", "missing_since", "unreachable_since")}
    if names:
        item |= _names(data, record, shown)
    else:
        item["size"] = data.item_id("sizes", record.cloud, record.seen["size_id"])
    return item


NOT_IN_V2 = frozenset({"cloud_title", "machine_type", "rdp_port", "ssh_port", "provider"})


def _names(data: Database, record: Record, shown: Item) -> Item:
    """What a machine belongs to, by name."""
    network = data.item("networks", record.cloud, shown["network"]) or {}
    subnet = network.get("subnets", {}).get(shown["subnet"], {})
    parent = data.records.get(shown["parent"])
    return {
        "cloud": record.cloud.title,
        "image": _name(data.item("images", record.cloud, shown["image"])),
        "location": _name(data.item("locations", record.cloud, shown["location"])),
        "network": _name(network),
        "subnet": _name(subnet),
        "parent": parent.name if parent else "",
    }


def _name(item: Item | None) -> str:
    return str(item.get("name", "")) if item else ""


def _children(data: Database, record: Record) -> int:
    if record.seen["machine_type"] != "container-host":
        return 0
    return sum(each.seen["parent"] == HOST_ID for each in data.records_of(record.cloud))


def _iso(date: str) -> str | None:
    return f"{date.replace(' ', 'T')}Z" if date else None


def _association(shown: Item) -> Item:
    found = {name: shown[name] for name in ("key", "last_used", "machine", "port", "sudo")}
    return {**found, "user": shown["ssh_user"]}


def key(call: Call, found: Key) -> Item:
    user = database(call).user
    associations = [
        {
            "key": found.id,
            "last_used": each["last_used"],
            "machine": each["machine_id"],
            "port": each["port"],
            "sudo": each["sudo"],
            "user": each["ssh_user"],
        }
        for each in keys.associations_of(found)
    ]
    return {
        "associations": associations,
        "created_by": owner(call, user),
        "default": found.is_default,
        "id": found.id,
        "name": found.name,
        "owned_by": owner(call, user),
        "tags": dict(found.tags),
    }


@dataclass(frozen=True)
class Kind:
    """What there is a list of: where it comes from, and how it is shown."""

    word: str
    sources: Callable[[Call], list[Any]]
    shape: Callable[[Call, Any], Item]
    id_of: Callable[[Any], str]
    name_of: Callable[[Any], str]


def _catalogue(kind: str, word: str, more: Item, left_out: frozenset[str]) -> Kind:
    """Images and the like: pairs of a cloud and what v1 lists of it."""

    def sources(call: Call) -> list[Any]:
        data = database(call)
        return [(each, item) for each in data.clouds() for item in data.catalogue(kind, each).values()]

    def shape(call: Call, source: Any) -> Item:
        found, item = source
        shown = {name: value for name, value in item.items() if name not in left_out}
        shown |= {**more, "cloud": found.title if _is_dereferenced(call) else found.id}
        return shown | ({"parent": shown["parent"] or ""} if "parent" in shown else {})

    return Kind(word, sources, shape, lambda source: str(source[1]["id"]), lambda source: str(source[1]["name"]))


def _clouds(call: Call) -> list[Any]:
    return list(database(call).clouds())


def _machines(call: Call) -> list[Any]:
    return [each for found in database(call).clouds() for each in database(call).records_of(found)]


def _keys(call: Call) -> list[Any]:
    return list(call.world.keys.values())


def _id(source: Any) -> str:
    return str(source.id)


NOBODY = {"created_by": "", "owned_by": ""}
_NEVER_SHOWN = frozenset({"origin", "created", "last_seen", "missing_since"})
_NO_PLACES = {**NOBODY, "available_images": {}, "available_sizes": {}}
KINDS: dict[str, Kind] = {
    "clouds": Kind("Cloud", _clouds, cloud, _id, lambda source: str(source.title)),
    "machines": Kind("Machine", _machines, machine, _id, lambda source: str(source.name)),
    "keys": Kind("Key", _keys, key, _id, lambda source: str(source.name)),
    "images": _catalogue("images", "Image", {**NOBODY, "locations": []}, _NEVER_SHOWN),
    "sizes": _catalogue("sizes", "Size", {"allowed_images": {}}, frozenset({"missing_since"})),
    "locations": _catalogue("locations", "Location", _NO_PLACES, frozenset({"missing_since"})),
    "networks": _catalogue("networks", "Network", NOBODY, frozenset({"cidr", "description", "instance_tenancy"})),
}


async def list_all(call: Call, kind: str) -> Answer:
    """`sort` is only told back: the recorded order does not follow it."""
    limit, start = number(call, "limit", DEFAULT_LIMIT), number(call, "start", 0)
    sources = _wanted(call, KINDS[kind])
    page = sources[start : start + limit] if limit else sources[start:]
    shown = only(call, [KINDS[kind].shape(call, source) for source in page])
    if call.arrived.headers.get("Accept") == "text/csv":
        return csv(shown)
    meta = {
        "kind": kind,
        "returned": len(shown),
        "sort": call.arrived.query.get("sort"),
        "start": start,
        "total": len(sources),
    }
    return of_json({"data": call.ordered(shown), "meta": meta})


def _wanted(call: Call, kind: Kind) -> list[Any]:
    """The sources that the search and the cloud leave over."""
    wanted, of_cloud = call.arrived.query.get("search", ""), call.arrived.query.get("cloud", "")
    sources = kind.sources(call)
    if not wanted and not of_cloud:
        return sources
    known = database(call).find_cloud(of_cloud)
    title = known.title if known else of_cloud
    found = []
    for source in sources:
        item = _with_names(call, kind.shape(call, source))
        if (not of_cloud or item.get("cloud") == title) and search.matches(item, wanted):
            found.append(source)
    return found


def _with_names(call: Call, item: Item) -> Item:
    """A search goes by the cloud's name also where the list shows its id."""
    found = database(call).find_cloud(str(item.get("cloud", "")))
    return {**item, "cloud": found.title} if found else item


def twins(call: Call, kind: str, name: str) -> list[Any]:
    """The sources of this id or name; where there is none, those whose name contains it. The oldest comes first."""
    known = KINDS[kind]
    every = known.sources(call)
    if kind == "machines":
        age = {id_: place for place, id_ in enumerate(database(call).records)}
        every.sort(key=lambda source: age[source.id])
    same = [source for source in every if name in (known.id_of(source), known.name_of(source))]
    return same or [source for source in every if name in known.name_of(source) or name in known.id_of(source)]


def find(call: Call, kind: str, name: str) -> Any:
    """The source that a path means."""
    found = twins(call, kind, name)
    if not found:
        raise missing(KINDS[kind].word)
    return found[0]


async def show(call: Call, kind: str, name: str) -> Answer:
    source = find(call, kind, name)
    item = KINDS[kind].shape(call, source)
    meta = {"kind": kind.removesuffix("s"), "returned": 1, "sort": "", "start": 0, "total": 1}
    if kind == "machines":
        meta["total"] = len(twins(call, kind, name))
    if kind == "keys":
        meta = {"returned": 1, "total": 1}
        if call.arrived.query.get("private") == "true":
            item["private"] = source.private
    return of_json({"data": only(call, [item])[0], "meta": meta})


async def show_job(call: Call, job: str) -> Answer:
    story = stories.find(call, job)
    if story is None:
        raise Said(404, "Job not found")
    data = database(call)
    shown = stories.shown(data, story)
    names = ("cloud_id", "error", "finished_at", "job_id", "script_id", "session_id", "started_at", "user_id")
    logs = [{("org" if name == "owner_id" else name): value for name, value in line.items()} for line in story.logs]
    found = {name: shown[name] for name in names if name in shown}
    return of_json(
        {"data": {**found, "action": story.kind, "logs": logs, "org": data.org}, "meta": {"returned": 1, "total": 1}}
    )


async def show_auth(call: Call) -> Answer:
    data = database(call)
    seen = iso(data.started_at)
    user = {
        "email": data.email,
        "first_name": "",
        "id": data.user,
        "last_active": seen,
        "last_login": seen,
        "last_name": "",
        "registration_date": "",
        "role": "Admin",
        "username": None,
    }
    org = {"id": data.org, "last_active": seen, "name": data.email}
    return of_json({"data": {"orgs": [org], "user": user}, "meta": {}})


async def show_tokens(call: Call) -> Answer:
    """A stub of the real server."""
    return of_json("do some magic!")
