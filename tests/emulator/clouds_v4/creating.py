# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New machines: at once, or as a job whose log tells how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ..call import Answer, Call
from ..errors import (
    ApiError,
    BadRequest,
    CreationRefused,
    MachineCreationFailed,
    MachineUnauthorized,
    ProviderDown,
    ProviderRefuses,
    ServiceUnavailable,
)
from ..providers.base import Order
from ..world import Key, Machine
from . import access, auth, find, machines, monitoring, polling, stories
from .drivers.docker import ports_of
from .state import Cloud, Item, Record, Story, database
from .wire import Parameters, of_json, parameters

KIND = "create_machine"
NEVER_READY = float("inf")
# When a job looks for its machine, in `job_look_seconds`: recordings/4.7, job-no-listing-*, job-with-listing-*.
LOOKS = (0, 1, 3, 6, 10, 15)
NOT_CONNECTED = "Couldn't connect to run post deploy steps."


@dataclass
class Wish:
    """What a create asks for, in the provider's ids."""

    cloud: Cloud
    names: list[str]
    image: str
    size: str
    location: str
    key: Key | None
    is_default_key: bool
    tags: dict[str, str]
    monitoring: bool
    volumes: list[Item]
    port_bindings: Item = field(default_factory=dict)


@dataclass
class Job:
    """A create that goes on after its answer, and the story that it writes to."""

    call: Call
    story: Story
    cloud: Cloud
    names: list[str]

    def log(
        self, action: str, at: float, relation: str, more: Item, error: object = False, *, signed: bool = True
    ) -> None:
        own = {"cloud_id": self.cloud.id}
        stories.write(self.call.world, self.story, action, at, "job", relation, own, more, error, signed=signed)

    def log_failure(self, name: str, at: float, error: str) -> None:
        fields = {"machine_name": name, "external_id": ""}
        self.log("machine_creation_finished", at, "closes", fields, error)


class NoSuchZone(ApiError):
    """A synchronous create says no more than that; a job tells the exception."""

    exception = "UnboundLocalError(\"local variable 'ec2_location' referenced before assignment\")"


async def create(call: Call, cloud: str) -> Answer:
    """Missing fields are reported before permissions, and before a missing cloud."""
    given = parameters(call)
    machines.needed(given, "name", "image", "size")
    auth.check(call)
    found = find.cloud_by_id(call, cloud)
    tags = tags_of(given.get("tags"))
    if given.get("schedule_type") not in (None, "", "crontab", "interval", "one_off"):
        raise BadRequest("schedule type must be one of these (crontab, interval, one_off)]")
    if given.get("async"):
        # In the background the ids are looked up later: what is wrong with them stands in the job.
        names = names_of(given)
        story = stories.begin(call, KIND, {"cloud_id": found.id}, own_id=given.get("job_id"))
        _begin(Job(call, story, found, names), given, lambda: _wish(call, found, given, tags))
        return of_json(stories.named(story))
    return await _create_now(call, _wish(call, found, given, tags), given.get("job_id"))


def tags_of(given: object) -> dict[str, str]:
    """A dictionary, or a list of dictionaries of one."""
    if isinstance(given, list) and all(isinstance(each, dict) for each in given):
        return {name: value for each in given for name, value in each.items()}
    if given and not isinstance(given, dict):
        raise BadRequest(
            "Invalid tags format. Expecting either a dictionary of tags or a list of single-item dictionaries"
        )
    return dict(given) if isinstance(given, dict) else {}


def _wish(call: Call, cloud: Cloud, given: Parameters, tags: dict[str, str]) -> Wish:
    return Wish(
        cloud=cloud,
        names=names_of(given),
        image=_external(call, cloud, "images", given.get("image")),
        size=_external(call, cloud, "sizes", given.get("size")),
        location=_location(call, cloud, given.get("location")),
        key=key_of(call, cloud, given.get("key")),
        is_default_key=not given.get("key"),
        tags=tags,
        monitoring=bool(given.get("monitoring")),
        volumes=given.get("volumes") or [],
        port_bindings=given.get("docker_port_bindings") or {},
    )


def names_of(given: Parameters) -> list[str]:
    name, quantity = str(given["name"]), int(given.get("quantity") or 1)
    return [name] if quantity == 1 else [f"{name}-{number}" for number in range(1, quantity + 1)]


def _external(call: Call, cloud: Cloud, kind: str, given: object) -> str:
    """The provider's id for Mist's; anything else is handed on as it is."""
    if not isinstance(given, str):
        return ""
    data = database(call)
    found = data.item(kind, cloud, given)
    searched = {id_: external for external, id_ in data.found_images.get(cloud.id, {}).items()}
    return str(found["external_id"]) if found else searched.get(given, given)


def _location(call: Call, cloud: Cloud, given: object) -> str:
    """Only a zone will do on EC2 (recordings: job-no-location-at-4s, job-bad-location-at-4s, jobid-job-in-a-region)."""
    wanted = _external(call, cloud, "locations", given)
    known = database(call).catalogue("locations", cloud)
    if cloud.provider == "ec2" and known.get(wanted, {}).get("location_type") != "zone":
        raise NoSuchZone
    return wanted


def key_of(call: Call, cloud: Cloud, given: object) -> Key | None:
    """The key of this id; without one the default key, where the provider needs any."""
    every = call.world.keys.values()
    if given:
        found = next((each for each in every if each.id == given), None)
        if found is None:
            raise ApiError
        return found
    if not polling.driver_at(cloud).default_key:
        return None
    default = call.world.default_key()
    if default is None:
        raise ApiError
    return default


def _begin(job: Job, given: Parameters, wish_of: Callable[[], Wish]) -> None:
    """The job starts after a pause, takes as long as the provider does, and waits for ssh at its end."""
    call, world = job.call, job.call.world
    starts = call.now + world.settings.job_seconds
    made = starts + world.settings.create_seconds

    def start() -> None:
        _log_start(job, given, starts)
        try:
            wish = wish_of()
        except ApiError as error:
            text = error.exception if isinstance(error, NoSuchZone) else error.text
            for name in job.names:
                job.log_failure(name, starts, text)
            return
        world.create_begins()
        world.later(made, lambda: _finish(job, wish, made))

    world.later(starts, start)
    world.run_due_jobs()


def _log_start(job: Job, given: Parameters, at: float) -> None:
    """With the key that was asked for, not the default one (recordings: job-with-listing-at-3s)."""
    fields = {
        "script_id": "",
        "key_id": given.get("key"),
        "script": "",
        "script_params": "",
        "monitoring": bool(given.get("monitoring")),
        "persist": False,
        "quantity": len(job.names),
        "machine_names": job.names,
        "volumes": given.get("volumes") or [],
    }
    job.log("async_machine_creation_started", at, "updates", fields)


def _finish(job: Job, wish: Wish, made: float) -> None:
    job.call.world.create_ends()
    for name in wish.names:
        try:
            machine = _make(job.call, wish, name, made)
        except ApiError as error:
            job.log_failure(name, made, error.text)
            continue
        _look_for(job, wish, machine, made)


def _look_for(job: Job, wish: Wish, machine: Machine, made: float, looks: Sequence[float] = LOOKS) -> None:
    """The job goes on once a listing has put the machine into the database; at its last look it lists by itself (R:
    machines/methods.py, create_machine)."""
    call = job.call
    at = made + looks[0] * call.world.settings.job_look_seconds

    def look() -> None:
        if looks[1:] and database(call).find_record(wish.cloud, machine.id) is None:
            _look_for(job, wish, machine, made, looks[1:])
            return
        record = _adopt(call, wish, machine)
        fields = {"machine_name": machine.name, "external_id": machine.id}
        job.log("machine_creation_finished", at, "updates", fields)
        _plan_post_deploy(job, wish, machine, record, at)

    call.world.later(at, look)


def _plan_post_deploy(job: Job, wish: Wish, machine: Machine, record: Record, at: float) -> None:
    """Once ssh answers, monitoring is put on the machine and the job is over."""
    world = job.call.world
    wait = world.settings.post_deploy_seconds
    if wait is None or machine.ready_at == NEVER_READY:
        return
    due = max(machine.ready_at, at) + wait

    def deploy() -> None:
        polling.note_machine(world, wish.cloud, machine)
        try:
            is_connected = _connect_after(job.call, wish, record)
        except ServiceUnavailable:
            return  # the server tries again for hours, and the job stays open
        if wish.monitoring and is_connected:
            monitoring.switch_on(job.call, record)
        fields = {"external_id": machine.id, "enable_monitoring": wish.monitoring, "command": ""}
        job.log("post_deploy_finished", due, "closes", fields, not is_connected and NOT_CONNECTED, signed=False)

    world.later(due, deploy)


def _connect_after(call: Call, wish: Wish, record: Record) -> bool:
    """Whether the last steps of a create can be taken; without any key there is no login (R: tasks.py,
    post_deploy_steps).

    The default key is passed on by its name, and no key has that for an id (R: machines/methods.py, create_machine), so
    the error comes at once, whatever ssh would say: recordings/4.7, job-no-listing-after-list-at-25s, g-ec2-create-job.
    """
    if wish.key is None:
        return True
    if wish.is_default_key:
        return False
    try:
        access.log_in_anyhow(call.world, record, wish.key, "", 22)
    except MachineUnauthorized:
        return False
    return True


async def _create_now(call: Call, wish: Wish, own_id: object) -> Answer:
    world = call.world
    world.create_begins()
    try:
        with suppress(ProviderDown, ProviderRefuses):
            await call.provider(wish.cloud)
        await asyncio.sleep(world.settings.create_seconds)
        machines_made = [_make(call, wish, name, call.now) for name in wish.names]
    finally:
        world.create_ends()
    machine = machines_made[0]
    driver = polling.driver_at(wish.cloud)
    public, private = driver.created_addresses(machine)
    # The id of a synchronous create is the provider's.
    answer = {
        "id": machine.id,
        "name": machine.name,
        "extra": driver.created_extra(wish.cloud, machine, call.now),
        "public_ips": public,
        "private_ips": private,
    }
    fields = {"cloud_id": wish.cloud.id, "machine_id": machine.id}
    story = stories.begin(call, KIND, fields, answer, own_id)
    job = Job(call, story, wish.cloud, wish.names)
    for each in machines_made:
        _plan_post_deploy(job, wish, each, _adopt(call, wish, each), call.now)
    return of_json({**answer, **stories.named(story)})


def _make(call: Call, wish: Wish, name: str, at: float) -> Machine:
    """One machine at the provider, as of then; MachineCreationFailed."""
    world, driver, key = call.world, polling.driver_at(wish.cloud), wish.key
    order = Order(name, wish.image, wish.size, wish.location, key.name if key else "", key.public if key else "")
    try:
        call.provider_at_once(wish.cloud)
        driver.check_name(world, wish.cloud, name)
        if not world.settings.any_image_and_size:
            driver.check_order(wish.cloud, order)
        machine = driver.make(world, wish.cloud, order)
    except (CreationRefused, ProviderDown, ProviderRefuses) as refused:
        raise MachineCreationFailed(driver.failure(str(refused))) from None
    # Work in the background is done at the first request after it is due.
    machine.made_at, machine.ready_at = at, machine.ready_at - (call.now - at)
    machine.ports = ports_of(wish.port_bindings)
    world.machines_of(wish.cloud)[machine.id] = machine
    return machine


def _adopt(call: Call, wish: Wish, machine: Machine) -> Record:
    """The record of a machine that was made, with what only the create knows of it."""
    record = polling.note_machine(call.world, wish.cloud, machine)
    record.tags, record.owner = dict(wish.tags), database(call).user
    if wish.key:
        call.world.associate(wish.key, wish.cloud.id, record.id)
    return record
