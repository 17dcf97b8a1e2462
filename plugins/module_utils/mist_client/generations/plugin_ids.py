# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the name of a plugin becomes, on servers of all generations."""

from __future__ import annotations

from ..errors import InvalidValue


def plugin_id(name: str) -> str:
    """The id that a plugin's name becomes: the server takes a-z, 0-9 and ``_``, but no ``_`` at the ends."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in name.lower()).split()
    if not words:
        raise InvalidValue(f"The plugin name {name!r} has no letter or digit of ASCII to make an id of.")
    return "_".join(words)
