# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and checks the values of a provider's options, for all generations."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidValue

SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def check_url(option: str, url: str) -> None:
    """InvalidValue for a URL without a scheme. The error does not show the URL: it can contain a password."""
    if not url.startswith(("http://", "https://")):
        raise InvalidValue(
            f"Invalid {option}: it must begin with http:// or https://.",
            "Example: https://provider.example.test:5000.",
        )


def secret_in_public(option: str, provider: str, value: Any) -> InvalidValue:
    """The error for the secret of an account in a public ``option``, which results and logs show."""
    error = InvalidValue(
        f"Invalid option {option} for a backend of {provider}: the provider's key is secret, and this option is not.",
        "Use api_secret instead.",
    )
    error.secrets = {str(value)}
    return error


def read_text(word: str, value: Any) -> str:
    """The value of the option ``word`` as a string. InvalidValue for a boolean, a list or a dict."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InvalidValue(f"{word} must be a string.", "Put the value in quotes.")
    return str(value)


def read_number(word: str, value: Any) -> int:
    """The value of the option ``word`` as an integer. InvalidValue if it is none."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]+", str(value)):
        raise InvalidValue(f"{word} must be an integer, not {value!r}.")
    return int(value)


def read_switch(word: str, value: Any) -> bool:
    """The value of the option ``word`` as a boolean. InvalidValue if it is none."""
    known = SWITCHES.get(str(value).lower())
    if known is None:
        raise InvalidValue(f"{word} must be true or false, not {value!r}.")
    return known
