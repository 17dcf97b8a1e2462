# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to machines. Whether it may be done is known since the last polling, not since the last action."""

from __future__ import annotations

from typing import Any

from ..call import Answer, Call
from ..errors import ApiError, BadRequest, CreationRefused, NotFound, ProviderDown, ProviderRefuses
from ..world import Machine
from . import access, auth, find, polling, stories
from .drivers import Driver
from .errors import CloudUnauthorized, Forbidden
from .state import Record, database
from .wire import OK, Parameters, of_json, parameters

ACTIONS = (
    *("start", "stop", "reboot", "destroy", "resize", "rename", "undefine", "suspend", "resume", "remove"),
    *("list_snapshots", "create_snapshot", "remove_snapshot", "revert_to_snapshot", "clone", "expose", "power_cycle"),
)
NOT_REMOVABLE = (
    "Machines on public clouds can't be removed.This is only supported in Bare Metal and  KVM/Libvirt clouds."
)


async def act(call: Call, **where: str) -> Answer:
    auth.check(call)
    given = parameters(call)
    action = given.get("action", "")
    record = find.living_record(call, **where)
    if action not in ACTIONS:
        raise BadRequest(f"Action '{action}' should be one of {ACTIONS!r}")
    if action == "rename" and not given.get("name"):
        raise BadRequest("You must give a name!")
    if action == "remove":
        return remove(call, record)
    check_allowed(record, action)
    copy = await apply(call, record, action, given)
    if copy is None:
        return OK
    # A clone's answer is read in the code only.
    story = stories.begin(call, "clone_machine", {"cloud_id": record.cloud.id})
    return of_json(stories.named(story))


def check_allowed(record: Record, action: str) -> None:
    if not record.actions.get(action):
        raise Forbidden(f"Machine doesn't support {action}.")


async def apply(call: Call, record: Record, action: str, given: Parameters) -> Machine | None:
    """Do it at the provider; the new machine of a clone. The record keeps what polling saw, save for a destroy."""
    driver = polling.driver_at(record.cloud)
    try:
        await call.provider(record.cloud)
    except ProviderDown as down:
        text = driver.action_failure(str(down))
        raise (BadRequest if action == "reboot" else ApiError)(text or None) from None
    except ProviderRefuses:
        raise CloudUnauthorized(driver.refusal) from None
    machine = call.world.machines_of(record.cloud).get(record.external_id)
    if machine is None:
        # The provider has lost it; the code that was read says so.
        raise NotFound(f"Machine with external_id '{record.external_id}'.")
    return _do(call, driver, record, machine, action, given)


def _do(call: Call, driver: Driver, record: Record, machine: Machine, action: str, given: Parameters) -> Machine | None:
    world = call.world
    if action == "destroy":
        _destroy(call, driver, record)
    elif action == "rename":
        driver.rename(machine, str(given["name"]))
    elif action == "resize":
        _resize(call, driver, record, machine, str(given.get("size", "")))
    elif action == "clone":
        name = str(given.get("name") or f"{machine.name}-clone")
        copy = driver.clone(world, record.cloud, machine, name)
        world.machines_of(record.cloud)[copy.id] = copy
        return copy
    else:
        verb: Any = {"start": driver.start, "stop": driver.stop, "reboot": driver.reboot}[action]
        verb(world, machine)
    return None


def _destroy(call: Call, driver: Driver, record: Record) -> None:
    driver.destroy(call.world, record.cloud, call.world.machines_of(record.cloud)[record.external_id])
    forget_keys(call, record)
    record.seen = {**record.seen, "state": "terminated"}


def forget_keys(call: Call, record: Record) -> None:
    for key, _association in access.associations_of(call.world, record):
        access.forget(key, record)


def _resize(call: Call, driver: Driver, record: Record, machine: Machine, size: str) -> None:
    found = database(call).item("sizes", record.cloud, size)
    try:
        if found is None:
            raise CreationRefused("CloudSize matching query does not exist.")
        driver.change_size(call.world, machine, found["external_id"])
    except CreationRefused as refused:
        raise BadRequest(f"Failed to resize node: {refused}") from None


def remove(call: Call, record: Record) -> Answer:
    """It is removed, and then the code fails at a polling schedule that such a cloud never gets.

    A removed one is not terminated, so the next remove fails alike (recordings/4.7, other-remove-box3-again)."""
    if record.cloud.provider != "other":
        raise BadRequest(NOT_REMOVABLE)
    check_allowed(record, "remove")
    call.world.machines_of(record.cloud).pop(record.external_id, None)
    forget_keys(call, record)
    record.missing_since = call.now
    raise ApiError
