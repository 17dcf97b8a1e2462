# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machine a path means: Mist's id, or a cloud and the provider's id."""

from __future__ import annotations

from ..call import Call
from ..errors import NotFound
from . import clouds
from .state import Record, database


def record(call: Call, machine: str, cloud: str | None = None) -> Record:
    """With a cloud `machine` is the provider's id and Mist's is not taken; without one the other way round."""
    data = database(call)
    found = data.find_record(clouds.find(call, cloud), machine) if cloud else data.records.get(machine)
    if found is None:
        raise NotFound(f"Machine {machine} doesn't exist")
    return found


def living_record(call: Call, machine: str, cloud: str | None = None) -> Record:
    """NotFound also for a terminated one."""
    found = record(call, machine, cloud)
    if found.state == "terminated":
        raise NotFound(f"Machine {machine} has been terminated")
    return found
