# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA key pairs: what the server takes as a private key, and the public half of it."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PKCS1_MARK = "-----BEGIN RSA PRIVATE KEY-----"
OPENSSH_MARK = "-----BEGIN OPENSSH PRIVATE KEY-----"


def generate() -> str:
    """A new RSA 2048 private key in PKCS#1: the one thing here that differs from run to run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        .decode()
        .strip()
    )


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
