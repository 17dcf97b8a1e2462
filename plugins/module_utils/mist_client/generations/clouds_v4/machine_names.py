# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What machines may be called, by provider, on servers of 2016 and later. Pure.

A bad name is an error 500 of the server once it is at work (recordings/4.7/CONTRACT.md 5, R).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import InvalidValue


class Rule(NamedTuple):
    """A pattern for the whole name, and the rule in words."""

    pattern: str
    told: str


DOTS_AND_DASHES = Rule("[0-9a-zA-Z][0-9a-zA-Z.-]*[0-9a-zA-Z]", "two or more ASCII letters, digits, dots and dashes")
RULES = {
    "azure_arm": Rule("[0-9a-zA-Z][0-9a-zA-Z-]*[0-9a-zA-Z]", "two or more ASCII letters, digits and dashes"),
    "digitalocean": DOTS_AND_DASHES,
    "ec2": Rule("(?s:.{1,255})", "255 characters at most"),
    "equinixmetal": Rule("[0-9a-zA-Z.-]+", "ASCII letters, digits, dots and dashes"),
    "gce": Rule(
        "[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "63 characters at most: lower case letters, digits and dashes, a letter first and no dash last",
    ),
    "kubevirt": Rule(
        "[a-z]([a-z0-9.-]{0,61}[a-z0-9])?",
        "63 characters at most: lower case letters, digits, dots and dashes, a letter first, and no dot or dash last",
    ),
    "linode": Rule("[0-9a-zA-Z][0-9a-zA-Z_-]+[0-9a-zA-Z]", "three or more ASCII letters, digits, dashes and _"),
    "maxihost": DOTS_AND_DASHES,
    # a blank would become a dash, and the machine never be found again by the name that it was asked for (R)
    "onapp": Rule("[0-9a-zA-Z.-]+[0-9a-zA-Z.]", "two or more ASCII letters, digits, dots and dashes, no dash last"),
}


def check(name: str, provider: str) -> None:
    """InvalidValue when the server would refuse a machine of this name at this provider."""
    rule = RULES.get(provider)
    if rule and not re.fullmatch(rule.pattern, name):
        raise InvalidValue(f"The machine name {name!r} is none for the provider {provider}.", f"It takes {rule.told}.")
