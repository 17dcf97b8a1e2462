# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, sizes, locations, networks and volumes: from the database that polling fills."""

from __future__ import annotations

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, NotFound, ParameterMissing
from . import auth, find, polling
from .drivers import driver_of
from .errors import Said
from .state import Cloud, Item, database
from .wire import OK, date, of_json, parameters

MOST_HITS = 40


async def list_images(call: Call, cloud: str) -> Answer:
    auth.check(call)
    found = find.cloud_by_id(call, cloud)
    return of_json(call.ordered(_items(call, "images", found)))


def _items(call: Call, kind: str, cloud: Cloud) -> list[Item]:
    return list(database(call).catalogue(kind, cloud).values())


async def search_images(call: Call, cloud: str) -> Answer:
    """What the provider finds, with known images where its search has them; what is found has an id from now on."""
    auth.check(call)
    term = str(parameters(call).get("search_term") or "").lower()
    found = find.cloud_by_id(call, cloud)
    if not term:
        return of_json(call.ordered(_items(call, "images", found)))
    driver = await polling.ask(call, found)
    known = [each for each in _items(call, "images", found) if driver.finds_listed_images and _is_hit(each, term)]
    hits = [{**each, "id": _found_id(call, found, each)} for each in driver.search(found, term)]
    return of_json((known + [_as_found(found, each) for each in hits if each["id"]])[:MOST_HITS])


def _is_hit(image: Item, term: str) -> bool:
    return term in image["external_id"].lower() or term in image["name"].lower()


def _found_id(call: Call, cloud: Cloud, image: Item) -> str:
    """An image that a search found once has its id from then on; "" for one that is listed anyway."""
    data = database(call)
    if image["external_id"] in data.catalogue("images", cloud):
        return ""
    ids = data.found_images.setdefault(cloud.id, {})
    return ids.setdefault(image["external_id"], call.world.digest("images", 32))


def _as_found(cloud: Cloud, image: Item) -> Item:
    return {**image, "cloud": cloud.id, "last_seen": "None", "missing_since": ""}


async def star_image(call: Call, cloud: str, image: str) -> Answer:
    auth.check(call)
    found = database(call).item("images", find.cloud_by_id(call, cloud), image)
    if found is None:
        raise NotFound("CloudImage does not exist")
    found["starred"] = not found["starred"]
    return of_json(found)


async def list_sizes(call: Call, cloud: str) -> Answer:
    auth.check(call)
    found = database(call).find_cloud(cloud)
    if found is None:
        raise ApiError
    return of_json(call.ordered(_items(call, "sizes", found)))


async def list_locations(call: Call, cloud: str) -> Answer:
    auth.check(call)
    return of_json(call.ordered(_items(call, "locations", find.cloud_or_key_error(call, cloud))))


async def list_networks(call: Call, cloud: str) -> Answer:
    auth.check(call)
    return of_json(call.ordered(_items(call, "networks", find.cloud_or_key_error(call, cloud))))


async def list_all_networks(call: Call) -> Answer:
    auth.check(call)
    return of_json([each for cloud in database(call).clouds() for each in _items(call, "networks", cloud)])


async def create_network(call: Call, cloud: str) -> Answer:
    auth.check(call)
    given = parameters(call).get("network") or {}
    found = find.cloud_by_id(call, cloud)
    driver = driver_of(found.provider)
    if driver is None or not driver.networks_of(found):
        raise ApiError
    network = dict(driver.networks_of(found)[0])
    name = str(given.get("name", ""))
    network |= {
        "external_id": f"vpc-{call.world.digest('vpc', 17)}",
        "name": name,
        "cidr": given.get("cidr", ""),
        "subnets": {},
        "extra": {**network["extra"], "is_default": "false", "tags": {"Name": name}},
        "owned_by": database(call).user,
        "created_by": database(call).user,
    }
    kept = {"id": call.world.digest("networks", 32), "cloud": found.id, **network, "last_seen": "None"}
    database(call).catalogue("networks", found)[network["external_id"]] = kept
    return of_json(kept)


async def list_subnets(call: Call, cloud: str, network: str) -> Answer:
    auth.check(call)
    return of_json(list(_network(call, cloud, network)["subnets"].values()))


def _network(call: Call, cloud: str, network: str) -> Item:
    found = database(call).item("networks", find.cloud_or_key_error(call, cloud), network)
    if found is None:
        raise Said(404, "'Network not found'")
    return found


async def delete_network(call: Call, cloud: str, network: str) -> Answer:
    auth.check(call)
    found = _network(call, cloud, network)
    del database(call).catalogue("networks", find.cloud_by_id(call, cloud))[found["external_id"]]
    return OK


async def list_volumes(call: Call, cloud: str) -> Answer:
    auth.check(call)
    found = find.cloud_or_key_error(call, cloud)
    if found.enabled and not call.arrived.query.get("cached") and found.provider != "other":
        return of_json(polling.keep_volumes(call, found, await polling.ask(call, found)))
    return of_json(_items(call, "volumes", found))


async def list_all_volumes(call: Call) -> Answer:
    auth.check(call)
    return of_json([each for cloud in database(call).clouds() for each in _items(call, "volumes", cloud)])


async def create_volume(call: Call, cloud: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    for name in ("name", "size", "location"):
        if not given.get(name):
            raise ParameterMissing(name)
    found = find.cloud_by_id(call, cloud)
    driver = await polling.ask(call, found)
    if not driver.security_groups_supported:
        raise ApiError
    user = database(call).user
    volume = {
        "id": call.world.digest("volumes", 32),
        "cloud": found.id,
        "external_id": f"vol-{call.world.digest('volume', 17)}",
        "name": given["name"],
        "extra": {
            **dict.fromkeys(
                ("device", "snapshot_id", "iops", "attach_time", "attachment_status", "instance_id", "delete")
            ),
            "zone": given["location"],
            "create_time": date(call.now),
            "state": "available",
            "encrypted": False,
            "volume_type": "standard",
            "tags": {"Name": given["name"]},
        },
        "tags": {},
        "size": given["size"],
        "location": given["location"],
        "attached_to": [],
        "actions": {"attach": True, "detach": False, "delete": True, "tag": True},
        "owned_by": user,
        "created_by": user,
        "created": "None",
        "last_seen": date(call.now),
        "missing_since": "",
    }
    database(call).catalogue("volumes", found)[volume["external_id"]] = volume
    return of_json(volume)


async def delete_volume(call: Call, volume: str) -> Answer:
    auth.check(call)
    for cloud in database(call).clouds():
        found = database(call).item("volumes", cloud, volume)
        if found:
            del database(call).catalogue("volumes", cloud)[found["external_id"]]
            return OK
    raise Said(404, "Volume not found")


async def list_security_groups(call: Call, cloud: str) -> Answer:
    auth.check(call)
    found = find.cloud_by_id(call, cloud)
    driver = driver_of(found.provider)
    if driver is None or not driver.security_groups_supported:
        raise BadRequest(f"Listing security groups is not supported for provider {found.provider}")
    await polling.ask(call, found)
    return of_json([{"name": "default", "id": f"sg-{found.id[:17]}"}])


async def list_storage_classes(call: Call, cloud: str) -> Answer:
    auth.check(call)
    if find.cloud_by_id(call, cloud).provider in ("docker", "other"):
        raise ApiError
    raise BadRequest("Only available for KubeVirt & Openstack clouds")


async def list_nothing(call: Call, cloud: str) -> Answer:
    """Projects and zones, of which no recorded cloud has any."""
    auth.check(call)
    find.cloud_or_key_error(call, cloud)
    return of_json([])
