# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon EC2: instances that stay listed once terminated, images with stars, zones as locations."""

from __future__ import annotations

import hashlib

from ..errors import CreationRefused
from ..settings import Ec2Account
from ..world import Backend, Machine, World
from . import ec2_tables as tables
from .base import Item, Order, Provider, utc

BAD_IMAGE = "InvalidAMIID.NotFound: The image id '[{}]' does not exist"
BAD_SIZE = "InvalidInstanceType.NotFound: The instance type '{}' does not exist"
LOADED_STATES = ("running", "running", "running", "stopped", "running", "running", "terminated", "running", "pending")


class Ec2(Provider):
    failure_name = "EC2"
    actions = frozenset({"start", "stop", "reboot", "destroy"})
    taggable = True
    takes_any_tag = False  # none beyond ASCII
    static_locations = False

    def accepts(self, world: World, backend: Backend) -> bool:
        return any(
            isinstance(account, Ec2Account)
            and (account.access_key, account.secret) == (backend.apikey, backend.apisecret)
            and (not account.regions or backend.provider in account.regions)
            for account in world.settings.accounts
        )

    def images(self, backend: Backend) -> list[Item]:
        starred = [_image(*image, tables.OWNER_AMAZON, star=True) for image in tables.starred_images(backend.provider)]
        return starred + [_image(*image, tables.OWNER_SELF) for image in tables.OWN_IMAGES]

    def found_images(self, backend: Backend) -> list[Item]:
        return self.images(backend) + [_image(*image, tables.OWNER_MARKET) for image in tables.MARKET_IMAGES]

    def sizes(self, backend: Backend) -> list[Item]:
        driver = tables.REGIONS[backend.provider][1]
        return [
            {
                "id": id_,
                "name": name,
                "ram": ram,
                "disk": disk,
                "bandwidth": None,
                "price": {"linux": f"${price}/hour"},
                "driver": driver,
            }
            for id_, name, ram, disk, price in tables.SIZES
        ]

    def locations(self, backend: Backend) -> list[Item]:
        region, _driver, country, zones = tables.REGIONS[backend.provider]
        return [{"id": str(index), "name": f"{region}{zone}", "country": country} for index, zone in enumerate(zones)]

    def networks(self, backend: Backend) -> list[Item]:
        extra = {
            "instance_tenancy": "default",
            "is_default": "true",
            "state": "available",
            "dhcp_options_id": "default",
            "tags": {},
        }
        return [{"id": _part("vpc", backend.id), "name": _part("vpc", backend.id), "extra": extra}]

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in {image["id"] for image in self.found_images(backend)}:
            raise CreationRefused(BAD_IMAGE.format(order.image))
        if order.size not in {size[0] for size in tables.SIZES}:
            raise CreationRefused(BAD_SIZE.format(order.size))

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        now = world.clock.now()
        machine_id = "i-" + world.digest("instance", 17)
        tagged = order.name.isascii()
        return Machine(
            id=machine_id,
            # The Name tag of a non-ASCII name is lost, and an untagged instance goes by its id.
            name=order.name if tagged else machine_id,
            tags={"Name": order.name} if tagged else {},
            number=world.count("machine"),
            status="pending",
            ready_at=now + world.settings.boot_seconds,
            made_at=now,
            image=order.image,
            size=order.size,
            location=self._zone(backend, order.location),
            key=order.key,
            public_ips=[world.public_address()],
            private_ips=[world.private_address()],
            authorized={order.public_key},
        )

    def _zone(self, backend: Backend, location: str) -> str:
        """The zone of a location id; an unknown id is the first zone, as if none were given."""
        region = tables.REGIONS[backend.provider][0]
        names = {each["id"]: str(each["name"]) for each in self.locations(backend)}
        return names.get(location, f"{region}a")

    def listed(self, backend: Backend, machine: Machine, now: float) -> Item:
        item = super().listed(backend, machine, now)
        names = item["extra"]["network_interfaces"]
        item["extra"]["network_interfaces"] = f"[{names[0]}>]"
        item["tags"] = [value for name, value in machine.tags.items() if name != "Name"] + [machine.location]
        return item

    def start(self, world: World, machine: Machine) -> None:
        # Also of a running or a terminated one: the recorded provider gives a new address and says running.
        machine.status, machine.reason = "running", ""
        machine.public_ips = [world.public_address()]

    def stop(self, world: World, machine: Machine) -> None:
        self._end(world, machine, "stopped")

    def destroy(self, world: World, backend: Backend, machine: Machine) -> None:
        self._end(world, machine, "terminated")

    def _end(self, world: World, machine: Machine, status: str) -> None:
        machine.status, machine.public_ips = status, []
        if status == "terminated":
            machine.gone_at = world.clock.now()
        machine.reason = utc(world.clock.now(), "User initiated (%Y-%m-%d %H:%M:%S UTC)")

    def load(self, world: World, backend: Backend, number: int) -> None:
        image = tables.starred_images(backend.provider)[number % len(tables.STARRED_NAMES)][0]
        size = tables.SIZES[number % len(tables.SIZES)][0]
        order = Order(
            f"web-{number // 2:05}" if number % 40 < 2 else f"web-{number:05}", image, size, str(number % 6), "", ""
        )
        machine = self.make(world, backend, order)
        machine.tags |= {"env": ("prod", "stage", "dev")[number % 3], "role": ("web", "db", "cache", "job")[number % 4]}
        status = LOADED_STATES[number % len(LOADED_STATES)]
        if status in ("stopped", "terminated"):
            self._end(world, machine, status)
        machine.status = status
        machine.ready_at = float("inf") if status == "pending" else machine.ready_at
        world.machines_of(backend)[machine.id] = machine

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        network = _part("eni", machine.id)
        address = machine.public_ips[0] if machine.public_ips else None
        return {
            **FIXED_EXTRA,
            "status": machine.state(now),
            "reason": machine.reason,
            "launch_time": utc(machine.made_at, "%Y-%m-%dT%H:%M:%S.000Z"),
            "availability": machine.location,
            "subnet_id": _part("subnet", machine.location + backend.id),
            "vpc_id": _part("vpc", backend.id),
            "groups": [{"group_id": _part("sg", backend.id), "group_name": "mistio"}],
            "block_device_mapping": [_disk(machine)] if machine.gone_at is None else [],
            "key_name": machine.key,
            "image_id": machine.image,
            "instance_id": machine.id,
            "instance_type": machine.size,
            "tags": dict(machine.tags),
            "dns_name": address and f"ec2-{address.replace('.', '-')}.compute.test",
            "private_dns": f"ip-{machine.private_ips[0].replace('.', '-')}.ec2.test",
            # The create answer cuts the closing bracket off each name and keeps the list; the listing makes it text.
            "network_interfaces": [f"<EC2NetworkInterface: id={network}, name={network}"],
        }


FIXED_EXTRA: Item = {
    "root_device_type": "ebs",
    "root_device_name": "/dev/sda1",
    "ramdisk_id": None,
    "kernel_id": None,
    "iam_profile": None,
    "source_dest_check": "true",
    "monitoring": "disabled",
    "ebs_optimized": "false",
    "instance_tenancy": "default",
    "instance_lifecycle": None,
    "platform": None,
    "client_token": "ABCDE",
    "virtualization_type": "paravirtual",
    "launch_index": 0,
    "architecture": "x86_64",
    "hypervisor": "xen",
    "product_codes": [],
}


def _part(kind: str, of: str) -> str:
    """The id of something that belongs to a machine or an account."""
    return f"{kind}-{hashlib.sha1(f'{kind}:{of}'.encode()).hexdigest()[:17]}"


def _disk(machine: Machine) -> Item:
    empty = dict.fromkeys(("snapshot_id", "volume_type", "volume_size", "iops"))
    ebs = {**empty, "volume_id": _part("vol", machine.id), "delete": "true"}
    return {"virtual_name": None, "device_name": "/dev/sda1", "ebs": ebs}


def _image(id_: str, name: str, owner: str, *, star: bool = False) -> Item:
    ebs = {
        "snapshot_id": _part("snap", id_),
        "volume_type": "standard",
        "volume_size": 15,
        "iops": None,
        "volume_id": None,
        "delete": "false",
    }
    extra: Item = {
        "image_location": f"amazon/{name}",
        "root_device_type": "ebs",
        "description": name,
        "owner_alias": "amazon",
        "kernel_id": None,
        "ramdisk_id": None,
        "hypervisor": "xen",
        "block_device_mapping": [{"virtual_name": None, "ebs": ebs, "device_name": "/dev/sda1"}],
        "image_type": "machine",
        "state": "available",
        "platform": None,
        "is_public": "true",
        "owner_id": owner,
        "virtualization_type": "paravirtual",
        "tags": {},
        "architecture": "x86_64",
    }
    return {"id": id_, "name": name, "star": star, "extra": extra}
