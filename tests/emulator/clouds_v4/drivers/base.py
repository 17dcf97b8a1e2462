# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every driver of v4.7 tells of a cloud and its machines, over the provider that both generations share."""

from __future__ import annotations

from ...errors import CreationRefused
from ...providers import Provider
from ...providers.base import Order, utc
from ...world import Backend, Machine, World
from ..state import Cloud, Item

ACTIONS = (
    *("start", "stop", "reboot", "destroy", "resize", "rename", "remove", "tag", "resume", "expose", "suspend"),
    *("undefine", "clone", "power_cycle", "create_snapshot", "remove_snapshot", "revert_to_snapshot"),
)
HOURS_A_DAY, DAYS_A_MONTH = 24, 30
NO_COST = {"hourly": 0.0, "monthly": 0.0}


def actions(*possible: str) -> dict[str, bool]:
    return {name: name in possible for name in ACTIONS}


def image(external_id: str, name: str, extra: Item, os_type: str = "linux", distro: str = "other") -> Item:
    """An image as the lists show it, without Mist's id and cloud."""
    return {
        "external_id": external_id,
        "name": name,
        "starred": False,
        "extra": extra,
        "os_type": os_type,
        "os_distro": distro,
        "architecture": ["x86"],
        "min_disk_size": None,
        "min_memory_size": None,
        "tags": {},
        "origin": "system",
        "created": "None",
    }


def size(external_id: str, name: str, cpus: int, ram: int, disk: int, price: float, **more: object) -> Item:
    return {
        "external_id": external_id,
        "name": name,
        "cpus": cpus,
        "ram": ram,
        "bandwidth": None,
        "extra": {"price": price},
        "disk": disk,
        "architecture": "x86",
        "created": "None",
        **more,
    }


def location(external_id: str, name: str, country: str, kind: str = "zone", parent: str | None = None) -> Item:
    """`parent` is the external id of the region."""
    return {
        "extra": {},
        "external_id": external_id,
        "name": name,
        "country": country,
        "created": "None",
        "parent": parent,
        "location_type": kind,
        "images_location": None,
    }


class Driver(Provider):
    """One driver. Times come from the world's clock."""

    default_key = True
    """Whether a create without a key takes the organization's default key."""
    security_groups_supported = False
    finds_listed_images = True
    """Whether a search has the listed images that fit, beside what only the provider finds."""
    refusal = "'Invalid credentials with the provider'"
    """How libcloud words refused credentials (R: its InvalidCredsError)."""
    title = ""
    """What the provider is called where its creation fails."""

    def accepts(self, world: World, backend: Backend) -> bool:
        return True

    def account_of(self, world: World, cloud: Cloud) -> str:
        """What the machines behind these credentials belong to."""
        return ":".join([cloud.provider, cloud.region, cloud.apiurl, cloud.apikey or cloud.apisecret])

    def images_of(self, cloud: Cloud) -> list[Item]:
        return []

    def search(self, cloud: Cloud, term: str) -> list[Item]:
        """What the provider finds beside the images that are known."""
        return []

    def sizes_of(self, cloud: Cloud) -> list[Item]:
        return []

    def locations_of(self, cloud: Cloud) -> list[Item]:
        return []

    def networks_of(self, cloud: Cloud) -> list[Item]:
        return []

    def volumes_of(self, world: World, cloud: Cloud) -> list[Item]:
        return []

    def failure(self, text: str) -> str:
        """The text of the error of a creation that failed."""
        return f"{self.failure_name}, got exception {text}"

    def action_failure(self, text: str) -> str:
        return text

    def unlisted(self, world: World, backend: Backend) -> set[str]:
        """The provider's ids of machines that exist, but that its cloud does not list."""
        return set()

    def possible(self, state: str) -> tuple[str, ...]:
        return ("rename", "tag")

    def see(self, world: World, cloud: Cloud, machine: Machine) -> Item:
        """A machine as polling finds it; image, location, network and subnet by the provider's ids."""
        now = world.clock.now()
        self.settle(world, machine)
        state = machine.state(now)
        sizes = {each["external_id"]: each for each in self.sizes_of(cloud)}
        found = sizes.get(machine.size)
        hourly = found["extra"]["price"] if found and state == "running" else 0.0
        return {
            "name": machine.name,
            "hostname": self.hostname(cloud, machine),
            "public_ips": list(machine.public_ips),
            "private_ips": list(machine.private_ips),
            "os_type": self.os_type(cloud, machine),
            "state": state,
            "actions": actions(*self.possible(state)),
            "extra": self.extra(cloud, machine, now),
            "cost": {"hourly": hourly, "monthly": hourly * HOURS_A_DAY * DAYS_A_MONTH} if hourly else dict(NO_COST),
            "size": found["name"] if found else "",
            "size_id": machine.size if found else "",
            "image": machine.image,
            "location": machine.location,
            "network": "",
            "subnet": "",
            "machine_type": "machine",
            "parent": "",
            "cores": float(found["cpus"]) if found else 0.0,
            "created": utc(machine.made_at, "%Y-%m-%d %H:%M:%S"),
        }

    def hostname(self, cloud: Cloud, machine: Machine) -> str:
        return machine.public_ips[0] if machine.public_ips else ""

    def os_type(self, cloud: Cloud, machine: Machine) -> str:
        return "unix"

    def created_extra(self, cloud: Cloud, machine: Machine, now: float) -> Item:
        """`extra` in the answer of a create; where it differs from the list's."""
        return self.extra(cloud, machine, now)

    def created_addresses(self, machine: Machine) -> tuple[list[str], list[str]]:
        return list(machine.public_ips), list(machine.private_ips)

    def check_name(self, world: World, cloud: Cloud, name: str) -> None:
        """CreationRefused for a name that the provider has already."""

    def rename(self, machine: Machine, name: str) -> None:
        machine.name = name

    def change_size(self, world: World, machine: Machine, external_id: str) -> None:
        """CreationRefused with the provider's text when it is not possible now."""
        machine.size = external_id

    def clone(self, world: World, cloud: Cloud, machine: Machine, name: str) -> Machine:
        order = Order(name, machine.image, machine.size, machine.location, machine.key, "")
        copy = self.make(world, cloud, order)
        copy.authorized = set(machine.authorized)
        return copy

    def make(self, world: World, backend: Backend, order: Order) -> Machine:
        raise CreationRefused("not possible here")
