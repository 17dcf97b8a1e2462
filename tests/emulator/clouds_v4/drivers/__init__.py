# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drivers of v4.7, one file each."""

from __future__ import annotations

from ..tables import PROVIDERS
from .base import Driver
from .digitalocean import DigitalOcean
from .docker import Docker
from .ec2 import Ec2
from .openstack import OpenStack
from .other import Other
from .unreachable import Unreachable

__all__ = ["Docker", "Driver", "Other", "driver_of"]

_DRIVERS: dict[str, Driver] = {fields.driver: Unreachable() for fields in PROVIDERS} | {
    "ec2": Ec2(),
    "docker": Docker(),
    "openstack": OpenStack(),
    "digitalocean": DigitalOcean(),
    "other": Other(),
}


def driver_of(name: str) -> Driver | None:
    return _DRIVERS.get(name)
