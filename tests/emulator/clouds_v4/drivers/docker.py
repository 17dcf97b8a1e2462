# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Docker in v4.7: an engine is itself a machine in the list; sizes are none, the location is "default"."""

from __future__ import annotations

import hashlib
import json

from ...errors import CreationRefused, ProviderDown
from ...providers import docker as shared
from ...providers.base import Order, utc
from ...settings import DockerHost
from ...world import Backend, Machine, World
from ..state import Cloud, Item
from .base import Driver, actions, image, location

UNREACHABLE = "Make sure host is accessible and docker port is specified"
MIST_IMAGE = ("mist/debian-ssh", "Debian Bullseye with SSH server", "debian")
# name, distribution, size
IMAGES: tuple[tuple[str, str, int], ...] = (
    ("debian:bookworm", "debian", 124000000),
    ("nginx:latest", "other", 142000000),
)
FOUND = ("redis", "postgres", "nginx-img0", "nginx-img1", "nginx-img2")


def image_id(name: str) -> str:
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def plain_host(host: str) -> str:
    return host.partition("://")[2] or host


class Docker(shared.Docker, Driver):
    failure_name = "Docker"
    default_key = False
    # A search asks a registry, not the engine (recordings: cat-docker-images-search).
    finds_listed_images = False

    def accepts(self, world: World, backend: Backend) -> bool:
        known = [each for each in world.settings.accounts if isinstance(each, DockerHost)]
        here = (plain_host(backend.apiurl).rstrip("/"), backend.docker_port)
        if here not in {(plain_host(each.url).rstrip("/"), each.port) for each in known}:
            raise ProviderDown(UNREACHABLE)
        return True

    def images_of(self, cloud: Cloud) -> list[Item]:
        found = [image(MIST_IMAGE[0], MIST_IMAGE[1], {}, distro=MIST_IMAGE[2])]
        for name, distro, bytes_ in IMAGES:
            extra = {"created": 1672531200, "size": bytes_, "virtual_size": bytes_}
            found.append(image(image_id(name), name, extra, distro=distro))
        return found

    def search(self, cloud: Cloud, term: str) -> list[Item]:
        extra = {"description": "found", "is_official": True, "is_trusted": None, "star_count": 3}
        return [image(name, name, dict(extra)) for name in FOUND if term in name]

    def locations_of(self, cloud: Cloud) -> list[Item]:
        return [location("", "default", "")]

    def networks_of(self, cloud: Cloud) -> list[Item]:
        return []

    def failure(self, text: str) -> str:
        return f"{self.failure_name}, got exception None {json.dumps({'message': text})}"

    def action_failure(self, text: str) -> str:
        return json.dumps({"message": text})

    def possible(self, state: str) -> tuple[str, ...]:
        return (*(("stop", "reboot") if state == "running" else ("start",)), "destroy", "rename", "tag")

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in _names():
            raise CreationRefused(f"No such image: {order.image}")

    def check_name(self, world: World, cloud: Cloud, name: str) -> None:
        if name in {machine.name for machine in world.machines_of(cloud).values()}:
            raise CreationRefused(f'Conflict. The container name "/{name}" is already in use')

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        machine = super().make(world, backend, order)
        # An engine knows an image by its name and by its digest; the listing goes by the digest.
        machine.image = {name: image_id(name) for name, _distro, _size in IMAGES}.get(order.image, order.image)
        return machine

    def machines(self, world: World, backend: Backend) -> list[Machine]:
        """Without show_all only the running ones (recordings: docker-machines-after-stop-no-show-all)."""
        unlisted = self.unlisted(world, backend)
        return [machine for machine in super().machines(world, backend) if machine.id not in unlisted]

    def unlisted(self, world: World, backend: Backend) -> set[str]:
        assert isinstance(backend, Cloud)
        if backend.fields.get("show_all"):
            return set()
        every = world.machines_of(backend).values()
        return {machine.id for machine in every if machine.state(world.clock.now()) == "stopped"}

    def load(self, world: World, backend: Backend, number: int) -> None:
        machine = self.make(world, backend, Order(f"box-{number:05}", IMAGES[number % 2][0], "", "", "", ""))
        world.machines_of(backend)[machine.id] = machine

    def see(self, world: World, cloud: Cloud, machine: Machine) -> Item:
        seen = super().see(world, cloud, machine)
        return {**seen, "machine_type": "container", "parent": "host", "cores": None, "location": ""}

    def os_type(self, cloud: Cloud, machine: Machine) -> str:
        return "linux" if machine.image in _names() else "unix"

    def host(self, cloud: Cloud) -> Item:
        """The engine as a machine."""
        address = plain_host(cloud.apiurl)
        return {
            "name": cloud.title,
            "hostname": address,
            "public_ips": [address] if address.replace(".", "").isdigit() else [],
            "private_ips": [],
            "os_type": "unix",
            "state": "unknown",
            "actions": actions("tag"),
            "extra": {},
            "cost": {"hourly": 0.0, "monthly": 0.0},
            "size": "",
            "size_id": "",
            "image": "",
            "location": "",
            "network": "",
            "subnet": "",
            "machine_type": "container-host",
            "parent": "",
            "cores": None,
            "created": "",
        }

    def created_addresses(self, machine: Machine) -> tuple[list[str], list[str]]:
        return [], []

    def created_extra(self, cloud: Cloud, machine: Machine, now: float) -> Item:
        extra = self.extra(cloud, machine, now)
        created = utc(machine.made_at, "%Y-%m-%dT%H:%M:%S.000000000Z")
        return {**extra, "status": None, "created": created, "image": machine.image, "command": None, "ports": []}

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        names = {image_id(name): name for name, _distro, _size in IMAGES}
        return {
            "id": machine.id,
            "status": "Up 5 minutes" if machine.state(now) == "running" else "Exited (0) 1 minute ago",
            "created": int(machine.made_at),
            "image": names.get(machine.image, machine.image),
            "ports": list(machine.ports),
            "command": "sleep infinity",
            "sizerw": None,
            "sizerootfs": None,
        }


def ports_of(bindings: Item) -> list[Item]:
    """`{"80/tcp": [{"HostPort": "8099"}]}` as the engine lists it."""
    found = []
    for name, hosts in bindings.items():
        port, _slash, kind = name.partition("/")
        for host in hosts:
            public = int(host["HostPort"])
            found.append({"IP": "0.0.0.0", "PrivatePort": int(port), "PublicPort": public, "Type": kind or "tcp"})
    return found


def _names() -> set[str]:
    own = {each for name, _distro, _size in IMAGES for each in (name, image_id(name))}
    return own | {MIST_IMAGE[0], *FOUND}
