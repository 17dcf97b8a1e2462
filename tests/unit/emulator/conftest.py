# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator with a stopped clock and one key, and a backend on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.mistio.cloud.tests.emulator import Emulator, running

from .asking import add_backend


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running(boot_seconds=5) as emulator:
        emulator.clock.stop()
        emulator.world.add_key("demo")
        yield emulator


@pytest.fixture
def backend(emulator: Emulator) -> str:
    backend = add_backend(emulator)
    emulator.forget()
    return backend
