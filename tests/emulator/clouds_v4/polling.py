# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server's poller does: it asks a provider and writes into the database what it found."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import ProviderDown, ProviderRefuses
from ..world import Machine, World
from .drivers import Docker, Driver, driver_of
from .errors import CloudUnauthorized, CloudUnavailable
from .state import Cloud, Database, Item, Record, database
from .wire import date

HOST_ID = "host"


def driver_at(cloud: Cloud) -> Driver:
    """The driver without asking anybody."""
    driver = driver_of(cloud.provider)
    assert driver is not None, cloud.provider
    return driver


async def ask(call: Call, cloud: Cloud) -> Driver:
    """The driver, once the provider has answered and taken the credentials; CloudUnauthorized, CloudUnavailable."""
    try:
        await call.provider(cloud)
    except ProviderRefuses:
        raise CloudUnauthorized(driver_at(cloud).refusal) from None
    except ProviderDown as down:
        raise CloudUnavailable(str(down)) from None
    return driver_at(cloud)


async def poll(call: Call, cloud: Cloud) -> None:
    """Ask the provider now and bring the machines of the cloud up to date."""
    await ask(call, cloud)
    note(call.world, cloud)


def answers(world: World, cloud: Cloud) -> bool:
    """Whether the provider would take these credentials; faults are not looked at."""
    try:
        return driver_at(cloud).accepts(world, cloud)
    except ProviderDown:
        return False


def note(world: World, cloud: Cloud) -> None:
    """Write what is at the provider into the records; those that are gone are missing from now on."""
    data: Database = world.database
    driver, now = driver_at(cloud), world.clock.now()
    present = {machine.id for machine in driver.machines(world, cloud)}
    for machine in driver.machines(world, cloud):
        note_machine(world, cloud, machine)
    data.ghosts = [pair for pair in data.ghosts if pair[1].backend != cloud.id]
    unlisted = driver.unlisted(world, cloud)
    if isinstance(driver, Docker):
        _note_host(data, cloud, driver)
        present.add(HOST_ID)
    for record in data.records_of(cloud):
        if record.external_id not in present and not _is_host(record):
            record.missing_since = now
            if record.external_id not in unlisted:
                record.seen = {**record.seen, "state": "terminated"}


def note_machine(world: World, cloud: Cloud, machine: Machine) -> Record:
    data: Database = world.database
    record = data.find_record(cloud, machine.id) or data.new_record(cloud, machine.id)
    record.seen = _with_ids(data, cloud, driver_at(cloud).see(world, cloud, machine))
    record.name, record.last_seen, record.missing_since = machine.name, world.clock.now(), 0
    return record


def _with_ids(data: Database, cloud: Cloud, seen: Item) -> Item:
    """Mist's ids in place of the provider's, as far as they are known by now."""
    network = data.catalogue("networks", cloud).get(seen["network"], {})
    subnets = {each["external_id"]: each["id"] for each in network.get("subnets", {}).values()}
    return {
        **seen,
        "image": data.item_id("images", cloud, seen["image"]),
        "location": data.item_id("locations", cloud, seen["location"]),
        "network": network.get("id", ""),
        "subnet": subnets.get(seen["subnet"], ""),
    }


def _is_host(record: Record) -> bool:
    return bool(record.seen.get("machine_type") == "container-host")


def _note_host(data: Database, cloud: Cloud, driver: Docker) -> None:
    """The engine; its external id is Mist's own."""
    host = next((each for each in data.records_of(cloud) if _is_host(each)), None)
    if host is None:
        host = data.new_record(cloud)
    host.seen, host.name, host.last_seen = driver.host(cloud), cloud.title, data.world.clock.now()


def fill_catalogue(world: World, cloud: Cloud) -> None:
    """Images, sizes, locations and networks, as polled; ids stay what they are."""
    data: Database = world.database
    driver = driver_at(cloud)
    locations = driver.locations_of(cloud)
    _keep(data, cloud, "locations", locations)
    for each in data.catalogue("locations", cloud).values():
        if each["parent"]:
            each["parent"] = data.item_id("locations", cloud, each["parent"]) or each["parent"]
    _keep(data, cloud, "images", driver.images_of(cloud))
    _keep(data, cloud, "sizes", driver.sizes_of(cloud))
    for network in driver.networks_of(cloud):
        subnets = network.pop("subnets")
        [kept] = _keep(data, cloud, "networks", [network])
        kept.setdefault("subnets", {})
        for subnet in subnets:
            _keep_subnet(data, cloud, kept, subnet)


def _keep(data: Database, cloud: Cloud, kind: str, found: list[Item]) -> list[Item]:
    known = data.catalogue(kind, cloud)
    for item in found:
        external_id = item["external_id"]
        if external_id not in known:
            known[external_id] = {"id": data.world.digest(kind, 32), "cloud": cloud.id, **item}
            if kind != "networks":
                known[external_id]["missing_since"] = ""
        known[external_id]["last_seen"] = date(data.world.clock.now())
    return [known[item["external_id"]] for item in found]


def _keep_subnet(data: Database, cloud: Cloud, network: Item, subnet: Item) -> None:
    kept = {each["external_id"] for each in network["subnets"].values()}
    if subnet["external_id"] in kept:
        return
    id_ = data.world.digest("subnets", 32)
    seen = date(data.world.clock.now())
    network["subnets"][id_] = {"id": id_, "cloud": cloud.id, "network": network["id"], **subnet, "last_seen": seen}


def keep_volumes(call: Call, cloud: Cloud, driver: Driver) -> list[Item]:
    """The volumes that the provider has now; locations and machines by Mist's ids."""
    data = database(call)
    found = driver.volumes_of(call.world, cloud)
    for volume in _keep(data, cloud, "volumes", found):
        extra: dict[str, Any] = volume["extra"]
        machine = data.find_record(cloud, str(extra.get("instance_id")))
        volume["attached_to"] = [machine.id] if machine else []
        volume["location"] = data.item_id("locations", cloud, volume["location"]) or volume["location"]
    return list(data.catalogue("volumes", cloud).values())
