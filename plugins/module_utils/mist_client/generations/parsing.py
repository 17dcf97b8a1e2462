# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From answers to records, for all generations.

Raises TypeError, KeyError, AttributeError or ValueError if the answer has another shape.
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from ..records import MachineRecord, MachineSpec

Record = TypeVar("Record")


def each(items: Any, shape: Callable[[Any], Record]) -> list[Record]:
    if not isinstance(items, list):
        raise TypeError(f"a {type(items).__name__} where a list is due")
    return [shape(item) for item in items]


def by_id(items: Any, shape: Callable[[str, Any], Record]) -> dict[str, Record]:
    """Of a dict by id; stats hold ``request_id`` as well, which is none."""
    return {name: shape(name, item) for name, item in items.items() if name != "request_id"}


def text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise TypeError(f"a {type(answer).__name__} where a text is due")
    return answer


def addresses(listed: Any) -> list[str]:
    return [address for address in each(listed or [], str) if address != "None"]


def new_machine(backend_id: str, spec: MachineSpec) -> MachineRecord:
    """A machine before it is made, as far as both generations know it. What only the server knows is None or empty."""
    return {
        "id": None,  # type: ignore[typeddict-item]
        "external_id": None,  # type: ignore[typeddict-item]
        "name": spec["name"],
        "backend_id": backend_id,
        "state": "pending",
        "public_ips": [],
        "private_ips": [],
        "dns_name": None,
        "image": spec["image"],
        "size": spec.get("size"),
        "location": None,
        "tags": {},
        "actions": {},
        "created": None,
        "extra": {},
        "machine_type": None,
        "monitored": None,
        "ssh_keys": None,
        "cost": None,
        "expiration": None,
    }
