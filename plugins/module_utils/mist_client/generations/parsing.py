# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parses answers into records, for all generations.

Raises TypeError, KeyError, AttributeError or ValueError if the answer has another shape.
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from ..records import MachineRecord, MachineSpec, MetricRecord

Record = TypeVar("Record")


def parse_list(items: Any, parse: Callable[[Any], Record]) -> list[Record]:
    if not isinstance(items, list):
        raise TypeError(f"expected a list, got {type(items).__name__}")
    return [parse(item) for item in items]


def by_id(items: Any, parse: Callable[[str, Any], Record]) -> dict[str, Record]:
    """The records of a dict by id. Stats also contain ``request_id``, which is not a record."""
    return {item_id: parse(item_id, item) for item_id, item in items.items() if item_id != "request_id"}


def text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise TypeError(f"expected a string, got {type(answer).__name__}")
    return answer


def addresses(listed: Any) -> list[str]:
    return [address for address in parse_list(listed or [], str) if address != "None"]


def metric(metric_id: str, item: dict[str, Any]) -> MetricRecord:
    return {"id": metric_id, "name": item.get("name") or metric_id, "unit": item.get("unit") or ""}


def new_machine(backend_id: str, spec: MachineSpec) -> MachineRecord:
    """The record of a machine before it is created. Values that only the server knows are None or empty."""
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
