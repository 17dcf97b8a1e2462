# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: list, create, actions, tags."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

from .. import ssh
from ..call import Answer, Call
from ..core import CoreDown, CoreRefuses
from ..errors import (
    ApiError,
    BackendNotFound,
    BackendUnauthorized,
    BackendUnavailable,
    BadRequest,
    CreationRefused,
    KeyNotFound,
    MachineCreationFailed,
    MachineUnauthorized,
    MachineUnavailable,
    NotFound,
    ParameterMissing,
    ProviderDown,
    ProviderRefuses,
    ServiceUnavailable,
)
from ..providers import Provider
from ..providers.base import Order, utc
from ..world import Backend, Key, Machine, World
from .backends import find_backend
from .keys import find_key
from .wire import OK, Parameters, parameters, required

ACTIONS = frozenset({"start", "stop", "reboot", "destroy", "resize"})


async def list_machines(call: Call, backend: str) -> Answer:
    return await _listing(call, find_backend(call.world, backend))


async def _listing(call: Call, backend: Backend) -> Answer:
    try:
        provider = await call.provider(backend)
    except ProviderRefuses:
        raise BackendUnauthorized from None
    except ProviderDown:
        raise BackendUnavailable from None
    now = call.now
    machines = provider.machines(call.world, backend)
    for machine in machines:
        provider.settle(call.world, machine)
    return Answer.of_json(call.ordered([provider.listed(backend, machine, now) for machine in machines]))


async def create_machine(call: Call, backend: str) -> Answer:
    given = _creation_parameters(call)
    here = find_backend(call.world, backend)
    key = _creation_key(call.world, given.get("key"))
    provider = call.provider_table(here)
    if not provider.can_create:
        raise BadRequest("Provider unknown.")
    order = Order(
        str(given["name"]), str(given["image"]), str(given["size"]), str(given.get("location")), key.name, key.public
    )
    machine = await _at_the_provider(call, here, order)
    call.world.associate(key, here.id, machine.id)
    _plan_post_deploy(call, here, machine, key, given)
    return Answer.of_json(provider.created(here, machine, call.now))


def _creation_parameters(call: Call) -> Parameters:
    try:
        given = json.loads(call.raw_body)
    except ValueError as error:
        raise ParameterMissing(_python2_wording(str(error))) from None
    if not isinstance(given, dict):
        raise ApiError
    for name in ("name", "image", "size"):
        if name not in given:
            raise ParameterMissing(repr(name))
    _check_script(given.get("script") or "")
    return given


def _python2_wording(text: str) -> str:
    return "No JSON object could be decoded" if text.startswith("Expecting value") else text


def _check_script(script: str) -> None:
    for position, character in enumerate(script):
        if not character.isascii():
            raise ParameterMissing(
                f"'ascii' codec can't encode character u{character!a} in position {position}: ordinal not in range(128)"
            )


def _creation_key(world: World, name: str | None) -> Key:
    """The key of this name; without a name the default key."""
    default = world.default_key()
    if name:
        return find_key(world, name)
    if default is None and name is None:
        raise KeyNotFound("Couldn't find default keypair", from_request=False)
    if default is None:
        raise KeyNotFound("")
    return default


async def _at_the_provider(call: Call, backend: Backend, order: Order) -> Machine:
    world = call.world
    world.create_begins()
    try:
        provider = await call.provider(backend)
        provider.check_order(backend, order)
        await asyncio.sleep(world.settings.create_seconds)
        machine = provider.make(world, backend, order)
    except CreationRefused as refused:
        name = call.provider_table(backend).failure_name
        raise MachineCreationFailed(f"{name}, got exception {refused}") from None
    except (ProviderDown, ProviderRefuses):
        raise ApiError from None
    finally:
        world.create_ends()
    world.machines_of(backend)[machine.id] = machine
    return machine


def _plan_post_deploy(call: Call, backend: Backend, machine: Machine, key: Key, given: Parameters) -> None:
    """Script and monitoring are work in the background, once the machine is up; nothing tells how it went."""
    if given.get("script") or given.get("monitoring"):
        work = partial(_post_deploy, call, backend, machine, key, monitoring=bool(given.get("monitoring")))
        call.world.later(machine.ready_at, work)


def _post_deploy(call: Call, backend: Backend, machine: Machine, key: Key, *, monitoring: bool) -> None:
    world, host = call.world, ",".join(machine.public_ips)
    try:
        ssh.log_in(world, backend.id, machine.id, host, key=key)
        if monitoring:
            world.core.enable(call, (backend.id, machine.id), host, "", dry=False)
    except (MachineUnauthorized, ServiceUnavailable, CoreDown, CoreRefuses):
        return


async def act(call: Call, backend: str, machine: str) -> Answer:
    given = parameters(call)
    action = given.get("action")
    if action not in ACTIONS:
        raise BadRequest
    if backend not in call.world.backends:
        raise BackendNotFound
    here = call.world.backends[backend]
    if action not in call.provider_table(here).actions:
        raise BadRequest(f"Action {action} not supported for this machine")
    unavailable = MachineUnavailable(f"Error while attempting to {action} machine")
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        raise unavailable from None
    found = _find(call.world, provider, here, machine)
    if found is None:
        raise unavailable
    _act_on(call, provider, here, found, given)
    if action == "destroy" and provider.destroy_answer_is_lost:
        raise unavailable
    return await _listing(call, here)


def _find(world: World, provider: Provider, backend: Backend, machine: str) -> Machine | None:
    return next((each for each in provider.machines(world, backend) if each.id == machine), None)


def _act_on(call: Call, provider: Provider, backend: Backend, machine: Machine, given: Parameters) -> None:
    world, action = call.world, given["action"]
    if action == "destroy":
        _stop_monitoring(call, backend, machine)
        provider.destroy(world, backend, machine)
        if not provider.destroy_answer_is_lost:
            world.disassociate_all(backend.id, machine.id)
    elif action == "resize":
        provider.resize(world, machine, str(given.get("plan_id") or ""))
    else:
        verb: Any = {"start": provider.start, "stop": provider.stop, "reboot": provider.reboot}[action]
        verb(world, machine)


def _stop_monitoring(call: Call, backend: Backend, machine: Machine) -> None:
    """Core is notified before a destroy. Its answer is ignored."""
    try:
        call.world.core.disable(call, (backend.id, machine.id))
    except (CoreDown, CoreRefuses):
        return


async def add_tag(call: Call, backend: str, machine: str) -> Answer:
    tag = required(parameters(call), "tag")
    tagged = await _taggable(call, backend, machine, ApiError("error creating tag"))
    if not (tag.isascii() or call.provider_table(find_backend(call.world, backend)).takes_any_tag):
        # seen on the live server; the text is R (mist.io 2014: methods.set_machine_metadata)
        raise BackendUnavailable(backend)
    stamp = utc(call.now, "%Y-%m-%dT%H:%M:%S")
    tagged.tags[f"mist.io_tag-{stamp}.{call.world.count('tag'):06}"] = tag
    return OK


async def remove_tag(call: Call, backend: str, machine: str) -> Answer:
    tag = required(parameters(call), "tag")
    tagged = await _taggable(call, backend, machine, ApiError("error deleting tag"))
    name = next((name for name, value in tagged.tags.items() if value == tag), None)
    if name is None:
        raise NotFound("tag not found")
    del tagged.tags[name]
    return OK


async def _taggable(call: Call, backend: str, machine: str, failed: ApiError) -> Machine:
    here = find_backend(call.world, backend)
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        raise BackendUnavailable(backend) from None  # R: as above
    found = _find(call.world, provider, here, machine)
    if found is None or not provider.taggable:
        raise failed
    return found
