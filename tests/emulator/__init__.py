# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Mist server in memory: `running()` in tests, `python -m tests.emulator` for everything else."""

from __future__ import annotations

from .emulator import Emulator
from .faults import Fault
from .log import Arrived
from .server import running
from .settings import (
    CoreAccount,
    DigitalOceanAccount,
    DockerHost,
    Ec2Account,
    Host,
    OpenStackAccount,
    Settings,
)

__all__ = [
    "Arrived",
    "CoreAccount",
    "DigitalOceanAccount",
    "DockerHost",
    "Ec2Account",
    "Emulator",
    "Fault",
    "Host",
    "OpenStackAccount",
    "Settings",
    "running",
]
