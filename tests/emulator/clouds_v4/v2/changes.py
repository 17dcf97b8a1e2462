# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds and keys added, changed and deleted through API v2."""

from __future__ import annotations

from typing import Any

from ...call import Answer, Call
from ...errors import ApiError
from ...world import Key
from .. import clouds, keys
from ..errors import CloudUnavailable
from ..state import Cloud, database
from ..tables import V2_NAMES
from ..wire import of_json
from . import lists
from .wire import bad_request, body

# What the credentials are called here, where it is not the same.
SNAKE = {
    "showAll": "show_all",
    "tlsKey": "key_file",
    "tlsCert": "cert_file",
    "tlsCaCert": "ca_cert_file",
    "tenantId": "tenant_id",
    "subscriptionId": "subscription_id",
    "projectId": "project_id",
    "privateKey": "private_key",
    "computeEndpoint": "compute_endpoint",
}
ENGINE_TEXTS = ("port",)


def _cloud(call: Call, name: str) -> Cloud:
    found: Cloud = lists.find(call, "clouds", name)
    return found


async def add_cloud(call: Call) -> Answer:
    given = body(call)
    provider = given.get("provider")
    if provider is not None and provider not in V2_NAMES:
        raise bad_request(f"{provider!r} is not one of {list(V2_NAMES)!r} - 'provider'")
    credentials = given.get("credentials")
    if provider is None or not given.get("name") or not _are_valid(provider, credentials):
        raise bad_request(f"{given!r} is not valid under any of the given schemas")
    own = {SNAKE.get(name, name): value for name, value in (credentials or {}).items()}
    if str(own.get("port", "")).isdigit():
        own["port"] = int(own["port"])
    try:
        cloud, _errors = await clouds.add(call, {"provider": provider, "name": given["name"], **own})
    except CloudUnavailable:
        # 503 in v1; here nobody foresaw it.
        raise ApiError from None
    return of_json({**lists.cloud(call, cloud), "index": len(database(call).clouds()) - 1})


def _are_valid(provider: str, credentials: Any) -> bool:
    """A host of one's own needs none; an engine's port is a text."""
    if provider == "other":
        return True
    if not isinstance(credentials, dict):
        return False
    return not (provider == "docker" and isinstance(credentials.get("port"), int))


async def edit_cloud(call: Call, cloud: str) -> Answer:
    given, found = body(call), _cloud(call, cloud)
    if given.get("name"):
        clouds.check_name(given["name"])
        clouds.check_taken(call, given["name"], found)
        found.title = given["name"]
    if given.get("credentials"):
        await clouds.edit(call, found, {SNAKE.get(name, name): each for name, each in given["credentials"].items()})
    return of_json("Cloud updated successfully")


async def delete_cloud(call: Call, cloud: str) -> Answer:
    """A part of the name is enough, as everywhere in this API."""
    clouds.remove(call, _cloud(call, cloud))
    return of_json("Cloud removed successfully")


def key_of(call: Call, name: str) -> Key:
    found: Key = lists.find(call, "keys", name)
    return found


async def add_key(call: Call) -> Answer:
    given = body(call)
    private = given.get("private") or (call.world.new_keys.next() if given.get("generate") else None)
    if not given.get("name") or not private:
        raise bad_request(f"{given!r} is not valid under any of the given schemas")
    return of_json({"id": keys.add(call, given["name"], private).id})


async def edit_key(call: Call, key: str) -> Answer:
    """What it is called in the answer is what it was called in the request."""
    query, found = call.arrived.query, key_of(call, key)
    if query.get("name"):
        keys.rename(call, found, query["name"])
    if query.get("default") == "true":
        keys.make_default(call, found)
    return of_json(f"Updated key `{found.name}`")


async def delete_key(call: Call, key: str) -> Answer:
    found = key_of(call, key)
    keys.remove(call, found, from_vault=False)
    return of_json(f"Deleted key `{found.name}`")
