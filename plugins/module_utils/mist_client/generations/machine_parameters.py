# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the free parameters of a new machine, for all generations."""

from __future__ import annotations

from ..errors import InvalidValue
from ..records import MachineSpec
from ..wording import join_words


def check_parameters(spec: MachineSpec) -> None:
    """InvalidValue if ``parameters`` contains a field that has its own option."""
    duplicates = sorted(set(spec.get("parameters", {})) & set(MachineSpec.__annotations__))
    if duplicates:
        raise InvalidValue(
            f"parameters must not contain {join_words(duplicates, 'or')}.", "Use the option of the same name."
        )
