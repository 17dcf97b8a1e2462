# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of v4.7, as data: telegraf's names, and which of them a machine has without being asked for."""

from __future__ import annotations

from .state import Item

# id: (name, unit, max_value)
BUILTIN: dict[str, tuple[str, str, int]] = {
    "cpu.cpu=cpu-total.usage_user": ("CPU", "%", 100),
    "system.load1": ("system.load1", "", 64),
    "mem.used_percent": ("RAM", "%", 100),
    "disk.bytes_read": ("Disks Read", "B/s", 750000000),
    "disk.bytes_write": ("Disks Write", "B/s", 750000000),
    "net.bytes_recv": ("Ifaces Rx", "B/s", 1250000000),
    "net.bytes_sent": ("Ifaces Tx", "B/s", 1250000000),
}
# What stats have when no metric is named.
DEFAULT: tuple[str, ...] = (
    *("cpu.cpu=cpu-total.usage_user", "system.load1", "mem.used_percent"),
    *("net.interface=eth0.bytes_recv", "net.interface=eth0.bytes_sent"),
)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "system": ("load1", "load5", "load15", "n_cpus", "uptime"),
    "net.interface=eth0": ("bytes_recv", "bytes_sent"),
    "mem": ("total", "available", "used", "used_percent", "buffered", "cached"),
    "disk.device=vda1": ("total", "used", "free", "used_percent"),
    "disk.fstype=ext4": ("total", "used", "free", "used_percent"),
    "cpu.cpu=cpu0": ("usage_user", "usage_system", "usage_idle", "usage_active"),
    "cpu.cpu=cpu-total": ("usage_user", "usage_system", "usage_idle", "usage_active"),
    "diskio.name=vda": ("read_bytes", "write_bytes", "reads", "writes"),
}
AVAILABLE: tuple[str, ...] = tuple(f"{group}.{column}" for group, columns in _COLUMNS.items() for column in columns)


def describe(metric: str, *, with_tag: bool = False) -> Item:
    """A metric as made of its id, `measurement[.tag=value].column`; some lists put the tag's value in the name."""
    measurement, *tags, column = metric.split(".")
    words = [measurement.upper()]
    if with_tag:
        words += [tag.partition("=")[2] for tag in tags]
    return {
        "name": " ".join([*words, column.replace("_", " ")]),
        "column": column,
        "measurement": measurement,
        "max_value": None,
        "min_value": None,
        "priority": 0,
        "unit": "",
    }


def builtin() -> Item:
    return {
        id_: {"name": name, "unit": unit, "max_value": highest, "min_value": 0, "id": id_}
        for id_, (name, unit, highest) in BUILTIN.items()
    }
