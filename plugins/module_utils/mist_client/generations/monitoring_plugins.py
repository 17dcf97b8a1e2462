# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of the monitoring agent, for all generations: their ids, and the error of a failed test run."""

from __future__ import annotations

from ..errors import InvalidValue, RequestFailed


def plugin_id(name: str) -> str:
    """The id for a plugin's name. The server allows a-z, 0-9 and ``_``, but no ``_`` at the ends."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in name.lower()).split()
    if not words:
        raise InvalidValue(f"Invalid plugin name {name!r}: it must contain at least one ASCII letter or digit.")
    return "_".join(words)


def explain_failed_test(error: RequestFailed, name: str, reason: str) -> None:
    """Rewrite the error of a deployment whose test run failed on the machine."""
    asked = f"{error.asked} answered {error.status}"
    error.message = f"{asked}: the test run of plugin {name!r} failed on the machine: {reason}."
    error.hint = "The plugin was not deployed."
    error.known = {"plugin_output": error.text}
