# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon EC2 in v4.7: every region, zones below a region, a network with a subnet in each zone, volumes."""

from __future__ import annotations

import hashlib

from ...errors import CreationRefused, ProviderDown
from ...providers import ec2 as shared
from ...providers import ec2_tables as tables_2014
from ...providers.base import Order, utc
from ...settings import Ec2Account
from ...world import Backend, Machine, World
from ..state import Cloud, Item
from . import ec2_tables as tables
from .base import Driver, image, location, size

STATES = ("running", "running", "running", "stopped", "running", "running", "terminated", "running", "pending")


class Ec2(shared.Ec2, Driver):
    failure_name = "EC2"
    refusal = "'AuthFailure: AWS was not able to validate the provided access credentials'"
    security_groups_supported = True

    def accepts(self, world: World, backend: Backend) -> bool:
        if backend.region not in tables.REGIONS:
            raise ProviderDown(f"Invalid region: {backend.region}")
        return any(
            isinstance(account, Ec2Account)
            and (account.access_key, account.secret) == (backend.apikey, backend.apisecret)
            and (not account.regions or bool({backend.region, _old_name(backend.region)} & set(account.regions)))
            for account in world.settings.accounts
        )

    def account_of(self, world: World, cloud: Cloud) -> str:
        """An account may have several access keys."""
        known = [each for each in world.settings.accounts if isinstance(each, Ec2Account)]
        owner = next((each.account for each in known if each.access_key == cloud.apikey), "")
        return f"ec2:{cloud.region}:{owner or cloud.apikey}"

    def images_of(self, cloud: Cloud) -> list[Item]:
        return [_image(*each) for each in tables.images(cloud.region)]

    def search(self, cloud: Cloud, term: str) -> list[Item]:
        found = tables.market_images(cloud.region)
        return [_image(*each) for each in found if term in each[0].lower() or term in each[1].lower()]

    def sizes_of(self, cloud: Cloud) -> list[Item]:
        return [
            size(
                id_,
                f"{id_} - {id_}",
                cpus,
                ram,
                disk,
                price,
                architecture=architecture,
                bandwidth=10 if architecture == "arm" else None,
                extra=_size_extra(id_, cpus, ram, price) | (ARM_EXTRA if architecture == "arm" else {}),
            )
            for id_, cpus, ram, disk, price, architecture in tables.SIZES
        ]

    def locations_of(self, cloud: Cloud) -> list[Item]:
        country, zones = tables.REGIONS[cloud.region]
        region = location(cloud.region, cloud.region, country, "region")
        return [region] + [
            location(str(index), f"{cloud.region}{zone}", country, parent=cloud.region)
            for index, zone in enumerate(zones)
        ]

    def networks_of(self, cloud: Cloud) -> list[Item]:
        network = _part("vpc", cloud.account)
        zones = [f"{cloud.region}{zone}" for zone in tables.REGIONS[cloud.region][1]]
        return [
            {
                "subnets": [_subnet(cloud, zone, index, network) for index, zone in enumerate(zones)],
                "external_id": network,
                "name": network,
                "cidr": "172.31.0.0/16",
                "description": None,
                "extra": {
                    "state": "available",
                    "dhcp_options_id": "default",
                    "instance_tenancy": "default",
                    "is_default": "true",
                    "tags": {},
                },
                "created": "None",
                "tags": {},
                "owned_by": "",
                "created_by": "",
                "location": "",
                "instance_tenancy": "default",
            }
        ]

    def volumes_of(self, world: World, cloud: Cloud) -> list[Item]:
        listed = [each for each in world.machines_of(cloud).values() if each.status != "terminated"]
        return [_volume(machine) for machine in listed]

    def possible(self, state: str) -> tuple[str, ...]:
        by_state = {"running": ("stop", "reboot", "destroy"), "stopped": ("start", "destroy"), "terminated": ()}
        return (*by_state.get(state, ("destroy",)), "resize", "rename", "tag")

    def check_order(self, backend: Backend, order: Order) -> None:
        if order.image not in {
            each[0] for each in tables.images(backend.region) + tables.market_images(backend.region)
        }:
            raise CreationRefused(shared.BAD_IMAGE.format(order.image))
        if order.size not in {each[0] for each in tables.SIZES}:
            raise CreationRefused(shared.BAD_SIZE.format(order.size))

    def _zone(self, backend: Backend, location: str) -> str:
        """The index of a zone; without one the provider takes the first."""
        return location if location.isdigit() else "0"

    def created_extra(self, cloud: Cloud, machine: Machine, now: float) -> Item:
        extra = self.extra(cloud, machine, now)
        for name in ("network", "subnet"):
            del extra[name]
        network = _part("eni", machine.id)
        return {
            **extra,
            "status": "pending",
            "network_interfaces": [f"<EC2NetworkInterface: id={network}, name={network}"],
        }

    def see(self, world: World, cloud: Cloud, machine: Machine) -> Item:
        seen = super().see(world, cloud, machine)
        return {**seen, "network": seen["extra"]["network"], "subnet": seen["extra"]["subnet"]}

    def hostname(self, cloud: Cloud, machine: Machine) -> str:
        return _dns_name(machine)

    def rename(self, machine: Machine, name: str) -> None:
        machine.name = name
        machine.tags["Name"] = name

    def change_size(self, world: World, machine: Machine, external_id: str) -> None:
        if machine.state(world.clock.now()) != "stopped":
            raise CreationRefused("Bad Request: The instance has to be stopped in order to be resized")
        machine.size = external_id
        self.start(world, machine)

    def load(self, world: World, backend: Backend, number: int) -> None:
        images = tables.images(backend.region)
        name = f"web-{number // 2:05}" if number % 40 < 2 else f"web-{number:05}"
        order = Order(name, images[number % 3][0], tables.SIZES[number % len(tables.SIZES)][0], str(number % 3), "", "")
        machine = self.make(world, backend, order)
        status = STATES[number % len(STATES)]
        if status in ("stopped", "terminated"):
            self._end(world, machine, status)
        machine.status = status
        machine.ready_at = float("inf") if status == "pending" else machine.ready_at
        world.machines_of(backend)[machine.id] = machine

    def extra(self, backend: Backend, machine: Machine, now: float) -> Item:
        zone = f"{backend.region}{tables.REGIONS[backend.region][1][int(machine.location)]}"
        attached = utc(machine.made_at, "%Y-%m-%dT%H:%M:%S+00:00")
        assert isinstance(backend, Cloud)
        place = {"subnet_id": _part("subnet", zone + backend.account), "vpc_id": _part("vpc", backend.account)}
        groups = [{"group_id": _part("sg", backend.account), "group_name": "mistio"}]
        disk = {"attach_time": attached, "delete": "true", "status": "attached", "volume_id": _part("vol", machine.id)}
        address = machine.private_ips[0]
        return {
            **FIXED_EXTRA,
            **place,
            "availability": zone,
            "dns_name": _dns_name(machine),
            "image_id": machine.image,
            "instance_id": machine.id,
            "instance_type": machine.size,
            "key_name": machine.key or None,
            "launch_time": utc(machine.made_at, "%Y-%m-%dT%H:%M:%S.000Z"),
            "private_dns": f"ip-{address.replace('.', '-')}.ec2.test",
            "reason": machine.reason,
            "status": machine.state(now),
            "block_device_mapping": [{"device_name": "/dev/sda1", "ebs": disk}] if machine.gone_at is None else [],
            "groups": groups,
            "network_interfaces": [_interface(machine, place, groups, attached)],
            "product_codes": [],
            "tags": dict(machine.tags),
            "network": place["vpc_id"],
            "subnet": place["subnet_id"],
        }


FIXED_EXTRA: Item = {
    "architecture": "x86_64",
    "client_token": "ABCDE",
    "hypervisor": "xen",
    "iam_profile": None,
    "instance_lifecycle": None,
    "instance_tenancy": "default",
    "launch_index": 0,
    "kernel_id": None,
    "monitoring": "disabled",
    "platform": None,
    "ramdisk_id": None,
    "root_device_type": "ebs",
    "root_device_name": "/dev/xvda",
    "source_dest_check": "true",
    "virtualization_type": "hvm",
    "ebs_optimized": "false",
}


def _old_name(region: str) -> str:
    """The id that the provider of this region had in 2014, which accounts in the settings may name."""
    names = {each[0]: id_ for id_, each in tables_2014.REGIONS.items()}
    return names.get(region, "")


def _part(kind: str, of: str) -> str:
    return f"{kind}-{hashlib.sha1(f'{kind}:{of}'.encode()).hexdigest()[:17]}"


def _dns_name(machine: Machine) -> str:
    return f"ec2-{machine.public_ips[0].replace('.', '-')}.compute.test" if machine.public_ips else ""


def _interface(machine: Machine, place: dict[str, str], groups: list[Item], attached: str) -> Item:
    attachment = {
        "attachment_id": _part("eni-attach", machine.id),
        "instance_id": None,
        "owner_id": None,
        "device_index": 0,
        "status": "attached",
        "attach_time": attached,
        "delete": "false",
    }
    extra = {
        **place,
        "zone": None,
        "description": "Primary network interface",
        "owner_id": tables.OWNER_SELF,
        "mac_address": "02:00:00:00:00:01",
        "private_dns_name": None,
        "source_dest_check": "true",
        "tags": {},
        "attachment": attachment,
        "private_ips": [{"private_ip": machine.private_ips[0], "private_dns": None, "primary": "true"}],
        "groups": groups,
    }
    return {"id": _part("eni", machine.id), "state": "in-use", "extra": extra}


def _subnet(cloud: Cloud, zone: str, index: int, network: str) -> Item:
    id_ = _part("subnet", zone + cloud.account)
    return {
        "external_id": id_,
        "name": id_,
        "cidr": f"172.31.{index * 16}.0/20",
        "description": None,
        "extra": {"available_ips": 4091, "zone": zone, "vpc_id": network, "default": "true", "tags": {}},
        "tags": {},
        "created": "None",
        "availability_zone": zone,
    }


def _volume(machine: Machine) -> Item:
    made = utc(machine.made_at, "%Y-%m-%d %H:%M:%S+00:00")
    return {
        "external_id": _part("vol", machine.id),
        "name": _part("vol", machine.id),
        "extra": {
            "device": "/dev/sda1",
            "snapshot_id": None,
            "iops": None,
            "zone": machine.location,
            "create_time": made,
            "state": "in-use",
            "encrypted": False,
            "attach_time": made,
            "attachment_status": "attached",
            "instance_id": machine.id,
            "delete": None,
            "volume_type": "gp2",
            "tags": {},
        },
        "tags": {},
        "size": 8,
        "location": machine.location,
        "attached_to": [machine.id],
        "actions": {"attach": False, "detach": True, "delete": False, "tag": True},
        "owned_by": "",
        "created_by": "",
        "created": "None",
    }


def _image(id_: str, name: str, owner: str, description: str, distro: str) -> Item:
    disk = {
        "snapshot_id": _part("snap", id_),
        "volume_id": None,
        "volume_size": 15,
        "delete": "false",
        "volume_type": "standard",
        "iops": None,
    }
    extra: Item = {
        "state": "available",
        "owner_id": owner,
        "owner_alias": "amazon",
        "is_public": "true",
        "architecture": "x86_64",
        "image_type": "machine",
        "image_location": "amazon/getting-started",
        "platform": None,
        "description": description,
        "root_device_type": "ebs",
        "virtualization_type": "hvm",
        "hypervisor": "xen",
        "kernel_id": None,
        "ramdisk_id": None,
        "ena_support": None,
        "tags": {},
        "block_device_mapping": [{"device_name": "/dev/sda1", "virtual_name": None, "ebs": disk}],
    }
    return image(id_, name, extra, "sles" if distro == "suse" else "linux", distro)


ARM_EXTRA = {"clockSpeed": "2.3 GHz", "dedicatedEbsThroughput": "Up to 3500 Mbps"}


def _size_extra(id_: str, cpus: int, ram: int, price: float) -> Item:
    return {
        "currentGeneration": "No",
        "ecu": "NA",
        "enhancedNetworkingSupported": "No",
        "instanceFamily": "General purpose",
        "instanceType": id_,
        "intelAvx2Available": "No",
        "intelAvxAvailable": "No",
        "intelTurboAvailable": "No",
        "memory": f"{ram / 1024:g} GiB",
        "networkPerformance": "Moderate",
        "normalizationSizeFactor": "2",
        "physicalProcessor": "Intel Xeon Family",
        "processorArchitecture": "64-bit",
        "servicecode": "AmazonEC2",
        "servicename": "Amazon Elastic Compute Cloud",
        "storage": "EBS only",
        "vcpu": str(cpus),
        "price": price,
    }
