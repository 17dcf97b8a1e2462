# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings about differences between the desired and the current state that a plan does not remove."""

from __future__ import annotations

from typing import Mapping


def differences(
    what: str, current: Mapping[str, str], wanted: Mapping[str, str], remedies: Mapping[str, str]
) -> list[str]:
    """A sentence for each option whose current value differs from the wanted one, with its remedy. Pure.

    The values are readable text, by option. An option that is missing on either side is unknown and not compared.
    ``what`` begins the sentence: ``Machine 'web1'``.
    """
    return [
        f"{what} has {option} {current[option]}, not {value}. {remedies[option]}"
        for option, value in wanted.items()
        if option in current and current[option] != value
    ]
