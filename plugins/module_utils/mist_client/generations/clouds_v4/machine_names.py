# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for machine names, by provider, on servers of 2016 and later. Sends nothing.

The server answers 500 to an invalid name, after it has started to create the machine. The rules are read in the
server's source (recordings/4.7/CONTRACT.md 5).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import InvalidValue


class Rule(NamedTuple):
    """A pattern for the whole name, and the rule in words."""

    pattern: str
    description: str


DOTS_AND_DASHES = Rule(
    "[0-9a-zA-Z][0-9a-zA-Z.-]*[0-9a-zA-Z]",
    "only ASCII letters, digits, dots and dashes are allowed, at least two, with a letter or digit at both ends",
)
RULES = {
    "azure_arm": Rule(
        "[0-9a-zA-Z][0-9a-zA-Z-]*[0-9a-zA-Z]",
        "only ASCII letters, digits and dashes are allowed, at least two, with a letter or digit at both ends",
    ),
    "digitalocean": DOTS_AND_DASHES,
    "ec2": Rule("(?s:.{1,255})", "it must have 1 to 255 characters"),
    "equinixmetal": Rule("[0-9a-zA-Z.-]+", "only ASCII letters, digits, dots and dashes are allowed"),
    "gce": Rule(
        "[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "only lower case letters, digits and dashes are allowed, at most 63. The name must start with a letter"
        " and must not end with a dash",
    ),
    "kubevirt": Rule(
        "[a-z]([a-z0-9.-]{0,61}[a-z0-9])?",
        "only lower case letters, digits, dots and dashes are allowed, at most 63. The name must start with a letter"
        " and must not end with a dot or a dash",
    ),
    "linode": Rule(
        "[0-9a-zA-Z][0-9a-zA-Z_-]+[0-9a-zA-Z]",
        "only ASCII letters, digits, dashes and underscores are allowed, at least three, with a letter or digit"
        " at both ends",
    ),
    "maxihost": DOTS_AND_DASHES,
    # read in the server's source: it replaces a space with a dash, so the machine would not be found by its name
    "onapp": Rule(
        "[0-9a-zA-Z.-]+[0-9a-zA-Z.]",
        "only ASCII letters, digits, dots and dashes are allowed, at least two. The name must not end with a dash",
    ),
}


def check(name: str, provider: str) -> None:
    """InvalidValue if the server would reject the name for a machine of this provider."""
    rule = RULES.get(provider)
    if rule and not re.fullmatch(rule.pattern, name):
        raise InvalidValue(f"Invalid machine name {name!r} for provider {provider}: {rule.description}.")
