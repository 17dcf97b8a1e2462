# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that the server lists and the emulator does not play: they can be stored, and never answer."""

from __future__ import annotations

from ..errors import ProviderDown
from ..world import Backend, World
from .base import Provider


class Unreachable(Provider):
    can_create = False
    static_sizes = False
    static_locations = False

    def accepts(self, world: World, backend: Backend) -> bool:
        raise ProviderDown
