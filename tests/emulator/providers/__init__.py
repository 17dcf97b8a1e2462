# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers by their ids, and those that can only be stored."""

from __future__ import annotations

from .bare_metal import BareMetal
from .base import Provider
from .digitalocean import DigitalOcean
from .docker import Docker
from .ec2 import Ec2
from .ec2_tables import REGIONS
from .openstack import OpenStack
from .unreachable import Unreachable

__all__ = ["SUPPORTED", "Provider", "provider_of"]

# What GET /providers lists: (id, title).
SUPPORTED: tuple[tuple[str, str], ...] = (
    ("bare_metal", "Bare Metal Server"),
    ("ec2_ap_northeast", "EC2 AP NORTHEAST"),
    ("ec2_ap_southeast", "EC2 AP SOUTHEAST"),
    ("ec2_ap_southeast_2", "EC2 AP Sydney"),
    ("ec2_eu_west", "EC2 EU Ireland"),
    ("ec2_sa_east", "EC2 SA EAST"),
    ("ec2_us_east", "EC2 US EAST"),
    ("ec2_us_west", "EC2 US WEST"),
    ("ec2_us_west_oregon", "EC2 US WEST OREGON"),
    ("gce", "Google Compute Engine"),
    ("nephoscale", "NephoScale"),
    ("digitalocean", "DigitalOcean"),
    ("linode", "Linode"),
    ("openstack", "OpenStack"),
    ("rackspace:dfw", "Rackspace DFW"),
    ("rackspace:ord", "Rackspace ORD"),
    ("rackspace:iad", "Rackspace IAD"),
    ("rackspace:lon", "Rackspace LON"),
    ("rackspace:syd", "Rackspace AU"),
    ("rackspace:hkg", "Rackspace HKG"),
    ("rackspace_first_gen:us", "Rackspace US (OLD)"),
    ("rackspace_first_gen:uk", "Rackspace UK (OLD)"),
    ("softlayer", "SoftLayer"),
    ("hpcloud:region-a.geo-1", "HP Helion Cloud - US West"),
    ("hpcloud:region-b.geo-1", "HP Helion Cloud - US East"),
    ("docker", "Docker"),
)

_EMULATED: dict[str, Provider] = {
    "openstack": OpenStack(),
    "digitalocean": DigitalOcean(),
    "bare_metal": BareMetal(),
    "docker": Docker(),
    **dict.fromkeys(REGIONS, Ec2()),
}
_STORED_ONLY = {id_.partition(":")[0]: Unreachable() for id_, _title in SUPPORTED}


def provider_of(name: str) -> Provider | None:
    """The provider behind a backend; None for a name that the server does not know."""
    return _EMULATED.get(name) or _STORED_ONLY.get(name)
