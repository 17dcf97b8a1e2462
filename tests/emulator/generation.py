# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generation of servers is to the rest of the emulator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .call import Answer, Call
from .providers import Provider
from .world import Backend, World


@dataclass(frozen=True)
class Generation:
    """One kind of server: what it answers, the providers behind it, and what its world starts with."""

    answer: Callable[[Call], Awaitable[Answer]]
    provider_of: Callable[[str], Provider | None]
    prepare: Callable[[World], None]
    backend_of: Callable[[World, str], Backend | None]
    """The backend that a path is about."""
