# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the values of a provider's options, for all generations."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidValue


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
