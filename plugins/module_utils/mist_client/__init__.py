# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for Mist, the multi-cloud management server. It requires ``requests``, and does not use Ansible.

from mist_client import MistClient

client = MistClient("https://mist.example.test", email="me@example.test", password="...")
for backend in client.backends.values():
    print(backend.title, [machine.name for machine in backend.machines.values()])
"""

from __future__ import annotations

from .client import MistClient
from .errors import (
    Conflict,
    InvalidValue,
    MissingLibrary,
    MistError,
    NoAnswer,
    NotFound,
    NotMist,
    NotSupported,
    RequestFailed,
    WaitedTooLong,
    WriteRefused,
)

__all__ = [
    "Conflict",
    "InvalidValue",
    "MissingLibrary",
    "MistClient",
    "MistError",
    "NoAnswer",
    "NotFound",
    "NotMist",
    "NotSupported",
    "RequestFailed",
    "WaitedTooLong",
    "WriteRefused",
]
