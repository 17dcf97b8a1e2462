# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masking of secrets that are not in an option with ``no_log``."""

from __future__ import annotations

try:
    from ansible.module_utils.secrets import register_secret
except ImportError:  # ansible-core before 2.22
    register_secret = None


def keep_secret(value: str) -> str:
    """Return the value. From now on ansible-core 2.22 and later mask it in all output."""
    if register_secret is not None:
        register_secret(value)
    return value
