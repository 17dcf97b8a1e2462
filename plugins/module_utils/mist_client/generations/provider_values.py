# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the values that a user gives for a provider, for all generations."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidValue


def check_url(option: str, url: str) -> None:
    """InvalidValue for an address without a scheme. The error does not show the address, which may hold a password."""
    if not url.startswith(("http://", "https://")):
        raise InvalidValue(
            f"{option} has no scheme.", "It must begin with http:// or https://, as https://provider.example.test:5000."
        )


def secret_in_public(option: str, provider: str, value: Any) -> InvalidValue:
    """The error for the secret of an account in an ``option`` whose value results and logs show."""
    error = InvalidValue(
        f"{option} is not a secret option, and the key of a backend of {provider} is a secret.",
        "Give it as api_secret.",
    )
    error.secrets = {str(value)}
    return error
