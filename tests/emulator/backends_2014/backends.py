# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers and backends: list, add with its checks, rename, enable, delete."""

from __future__ import annotations

from typing import Any

from .. import ssh
from ..call import Answer, Call
from ..errors import (
    BackendExists,
    BackendNotFound,
    BackendUnauthorized,
    BackendUnavailable,
    BadRequest,
    MachineUnauthorized,
    ParameterMissing,
    ProviderDown,
    ProviderRefuses,
)
from ..providers import SUPPORTED, provider_of
from ..providers.bare_metal import machine_id
from ..providers.openstack import plain_url
from ..world import Backend, Key, World, base58_sha1
from .keys import find_key
from .wire import OK, Parameters, parameters, required, to_ascii

POLL_INTERVAL = 10000
WITHOUT_APIKEY = frozenset({"digitalocean", "linode", "docker"})
WITHOUT_SECRET = frozenset({"docker"})
STORED_SECRET = "getsecretfromdb"
STATES = {"1": True, "0": False}


def find_backend(world: World, backend: str) -> Backend:
    if backend not in world.backends:
        raise BackendNotFound(backend)
    return world.backends[backend]


async def list_providers(call: Call) -> Answer:
    return Answer.of_json({"supported_providers": [{"provider": id_, "title": title} for id_, title in SUPPORTED]})


async def list_backends(call: Call) -> Answer:
    shown = [
        {
            "id": backend.id,
            "title": backend.title or backend.provider,
            "provider": backend.provider,
            "apikey": backend.apikey,
            "region": backend.region,
            "poll_interval": POLL_INTERVAL,
            "state": "online" if backend.enabled else "offline",
            "enabled": backend.enabled,
        }
        for backend in call.world.backends.values()
    ]
    return Answer.of_json(call.ordered(shown))


async def add_backend(call: Call) -> Answer:
    given = parameters(call)
    required(given, "provider")
    # False is the one value that switches the checks off; absent and null mean checked.
    checked = given.get("remove_on_error") is not False
    if given["provider"] == "bare_metal":
        backend = await _add_bare_metal(call, given, checked)
    else:
        backend = await _add_cloud(call, given, checked)
    return Answer.of_json(_added(call.world, backend))


async def _add_cloud(call: Call, given: Parameters, checked: bool) -> Backend:
    backend = cloud_backend(call.world, given)
    if checked:
        # The key is looked for as it was sent: a missing one is named before the token takes its place.
        if backend.provider not in WITHOUT_APIKEY:
            required(given, "apikey")
        if backend.provider not in WITHOUT_SECRET:
            required(given, "apisecret")
    if backend.id in call.world.backends:
        raise BackendExists(backend.id)
    if checked:
        await _check_account(call, backend)
    call.world.backends[backend.id] = backend
    return backend


def cloud_backend(world: World, given: Parameters) -> Backend:
    """The backend that these parameters describe, not stored yet."""

    def text(name: str) -> str:
        return given.get(name) or ""

    provider, _colon, region = text("provider").partition(":")
    region = region or text("region")
    secret = _secret(world, text("apikey"), text("apisecret"))
    apikey = secret if provider == "digitalocean" else text("apikey")
    url = text("apiurl")
    identity = [provider, text("title"), url] if provider == "docker" else [provider, region, apikey]
    return Backend(
        id=base58_sha1("".join(identity)),
        title=to_ascii(text("title")),
        provider=provider,
        region=region,
        apikey=apikey,
        apisecret=secret,
        apiurl=plain_url(url) if provider == "openstack" else url,
        tenant_name=text("tenant_name"),
        docker_port=given.get("docker_port") or 4243,
    )


def _secret(world: World, apikey: str, secret: str) -> str:
    """The secret, or for the magic word the one that is stored with the same key."""
    if secret == STORED_SECRET:
        stored = (each.apisecret for each in world.backends.values() if each.apikey == apikey)
        return next(stored, secret)
    return secret


async def _check_account(call: Call, backend: Backend) -> None:
    if provider_of(backend.provider) is None:
        raise BackendUnauthorized
    try:
        await call.provider(backend)
    except ProviderRefuses:
        raise BackendUnauthorized from None
    except ProviderDown:
        raise BackendUnavailable from None


async def _add_bare_metal(call: Call, given: Parameters, checked: bool) -> Backend:
    address = given.get("machine_ip")
    if not address:
        raise ParameterMissing("machine_hostname")
    key = _login_key(call.world, given) if checked else None
    backend = Backend(base58_sha1(f"bare_metal{address}"), to_ascii(address), "bare_metal", address=address)
    if backend.id in call.world.backends:
        raise BackendExists(backend.id)
    if key:
        _try_login(call.world, backend, key, given)
    call.world.backends[backend.id] = backend
    return backend


def _login_key(world: World, given: Parameters) -> Key:
    return find_key(world, required(given, "machine_key"))


def _try_login(world: World, backend: Backend, key: Key, given: Parameters) -> None:
    user, port = given.get("machine_user") or "root", int(given.get("machine_port") or 22)
    machine = machine_id(backend.address)
    try:
        ssh.log_in(world, backend.id, machine, backend.address, key=key, user=user, port=port)
    except MachineUnauthorized as refused:
        raise BackendUnauthorized(refused.text) from None


def _added(world: World, backend: Backend) -> dict[str, Any]:
    """What an add answers; not the shape of the listing."""
    return {
        "id": backend.id,
        "index": len(world.backends) - 1,
        "title": backend.title,
        "provider": backend.provider,
        "apikey": backend.apikey,
        "apiurl": backend.apiurl,
        "tenant_name": backend.tenant_name,
        "region": backend.region,
        "poll_interval": POLL_INTERVAL,
        "status": "off",
        "enabled": True,
    }


async def delete_backend(call: Call, backend: str) -> Answer:
    """Its associations and the machines at the provider stay."""
    del call.world.backends[find_backend(call.world, backend).id]
    return OK


async def rename_backend(call: Call, backend: str) -> Answer:
    new_name = required(parameters(call), "new_name")
    find_backend(call.world, backend).title = to_ascii(new_name)
    return OK


async def toggle_backend(call: Call, backend: str) -> Answer:
    new_state = required(parameters(call), "new_state")
    if not isinstance(new_state, str) or new_state not in STATES:
        raise BadRequest("Invalid backend state")
    if backend not in call.world.backends:
        raise BackendNotFound
    call.world.backends[backend].enabled = STATES[new_state]
    return OK
