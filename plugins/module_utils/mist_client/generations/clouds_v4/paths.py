# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of API v1 on a server of 2016 or later, as segments."""

from __future__ import annotations

V1 = ("api", "v1")
TOKENS = (*V1, "tokens")
CLOUDS = (*V1, "clouds")
KEYS = (*V1, "keys")


def at(machine_id: str, *rest: str) -> tuple[str, ...]:
    """The path of a machine by its id in Mist, or a path below it."""
    return (*V1, "machines", machine_id, *rest)
