# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts the names of plugins to ids, as servers of all generations do."""

from __future__ import annotations

from ..errors import InvalidValue


def plugin_id(name: str) -> str:
    """The id for a plugin's name. The server allows a-z, 0-9 and ``_``, but no ``_`` at the ends."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in name.lower()).split()
    if not words:
        raise InvalidValue(f"Invalid plugin name {name!r}: it must contain at least one ASCII letter or digit.")
    return "_".join(words)
