# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets that no option with ``no_log`` holds, kept out of what Ansible prints."""

from __future__ import annotations

try:
    from ansible.module_utils.secrets import register_secret
except ImportError:  # ansible-core before 2.22
    register_secret = None


def keep_secret(value: str) -> str:
    """The value, which ansible-core from 2.22 on will mask in all output from now on."""
    if register_secret is not None:
        register_secret(value)
    return value
