# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths on a server of 2014, as segments."""

from __future__ import annotations


def at(backend_id: str, machine_id: str, *rest: str) -> tuple[str, ...]:
    """The path of a machine, or a path below it."""
    return ("backends", backend_id, "machines", machine_id, *rest)
