# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA key pairs: what the server takes as a private key, and the public half of it."""

from __future__ import annotations

import threading
from typing import ClassVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PKCS1_MARK = "-----BEGIN RSA PRIVATE KEY-----"
OPENSSH_MARK = "-----BEGIN OPENSSH PRIVATE KEY-----"


def generate() -> str:
    """A new RSA 2048 private key in PKCS#1."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        .decode()
        .strip()
    )


class KeySource:
    """Key pairs for one server. To make one takes a tenth of a second, so all servers of a process share them.

    The n-th key of a server is the n-th key of every other server: the keys of one server all differ.
    """

    _made: ClassVar[list[str]] = []
    _lock = threading.Lock()

    def __init__(self) -> None:
        self._given = 0

    def next(self) -> str:
        with self._lock:
            if self._given == len(self._made):
                self._made.append(generate())
            self._given += 1
            return self._made[self._given - 1]


def public_half(private: object) -> str | None:
    """`ssh-rsa AAAA...` without a comment, or None for what a server of 2014 refuses: all but PKCS#1 RSA."""
    return rsa_public_half(private) if isinstance(private, str) and PKCS1_MARK in private else None


def rsa_public_half(private: object) -> str | None:
    """The same for RSA in PKCS#1, PKCS#8 or OpenSSH's format; None for every other kind and for encrypted ones."""
    if not isinstance(private, str):
        return None
    load = serialization.load_ssh_private_key if OPENSSH_MARK in private else serialization.load_pem_private_key
    try:
        key = load(private.strip().encode() + b"\n", password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, rsa.RSAPrivateKey):
        return None
    form = serialization.PublicFormat.OpenSSH
    return key.public_key().public_bytes(serialization.Encoding.OpenSSH, form).decode().strip()
