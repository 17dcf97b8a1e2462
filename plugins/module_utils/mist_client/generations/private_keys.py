# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks private keys and names the copies that replace them, for all generations."""

from __future__ import annotations

import hashlib
from typing import Collection

from ..errors import InvalidValue
from ..key_formats import kind_of


def check_private(private: str, accepted: Collection[str], in_words: str) -> None:
    """InvalidValue, with a command as hint, if the kind of a private key is not one of those ``accepted``."""
    kind = kind_of(private)
    if kind in accepted:
        return
    can_be_converted = kind.startswith(("an encrypted", "a key in PKCS#8", "an RSA key"))
    raise InvalidValue(
        f"Invalid private key: it is {kind}, and this server only accepts {in_words}.",
        "Convert a copy of it: ssh-keygen -p -m PEM -N '' -f COPY"
        if can_be_converted
        else "Generate one: ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE",
    )


def temporary_name(name: str, private: str) -> str:
    """The name of a new key until it replaces the key ``name``. The same for each attempt with this key."""
    return f"{name}.{hashlib.sha256(private.encode()).hexdigest()[:12]}"
