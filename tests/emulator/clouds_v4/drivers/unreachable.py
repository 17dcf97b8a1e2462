# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that v4.7 lists and the emulator does not play: fields are checked, nothing answers."""

from __future__ import annotations

from ...errors import ProviderDown
from ...world import Backend, World
from .base import Driver


class Unreachable(Driver):
    failure_name = "Provider"
    can_create = False

    def accepts(self, world: World, backend: Backend) -> bool:
        raise ProviderDown("Could not connect to the provider")
