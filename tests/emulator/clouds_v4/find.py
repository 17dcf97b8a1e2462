# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cloud and which machine a path means; a machine by Mist's id, or by a cloud and the provider's id."""

from __future__ import annotations

from ..call import Call
from ..errors import NotFound
from .errors import cloud_not_found
from .state import Cloud, Record, database


def cloud_by_id(call: Call, cloud: str) -> Cloud:
    found = database(call).find_cloud(cloud)
    if found is None:
        raise NotFound("Cloud does not exist")
    return found


def cloud_or_key_error(call: Call, cloud: str) -> Cloud:
    """In views that say it as a KeyError."""
    found = database(call).find_cloud(cloud)
    if found is None:
        raise cloud_not_found()
    return found


def record(call: Call, machine: str, cloud: str | None = None) -> Record:
    """With a cloud `machine` is the provider's id and Mist's is not taken; without one the other way round."""
    data = database(call)
    found = data.find_record(cloud_by_id(call, cloud), machine) if cloud else data.records.get(machine)
    if found is None:
        raise NotFound(f"Machine {machine} doesn't exist")
    return found


def living_record(call: Call, machine: str, cloud: str | None = None) -> Record:
    """NotFound also for a terminated one."""
    found = record(call, machine, cloud)
    if found.state == "terminated":
        raise NotFound(f"Machine {machine} has been terminated")
    return found
