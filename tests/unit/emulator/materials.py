# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys for the walk: a good one, and those that the server refuses, each bad in its own way."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

Format = serialization.PrivateFormat


def materials() -> tuple[str, dict[str, str]]:
    """A good PKCS#1 key, and what stands behind the placeholder in the exchanges of these names."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = _pem(key, Format.TraditionalOpenSSL)
    lines = good.splitlines()
    return good, {
        "keys.add.garbage_rsa_pem": "\n".join([lines[0], "bm90IGEga2V5", lines[-1]]),
        "keys.add.openssh_format_ed25519": _pem(ed25519.Ed25519PrivateKey.generate(), Format.OpenSSH),
        "keys.add.openssh_format_ecdsa": _pem(ec.generate_private_key(ec.SECP256R1()), Format.OpenSSH),
        "keys.add.openssh_format_rsa": _pem(key, Format.OpenSSH),
        "keys.add.encrypted_rsa": _pem(key, Format.TraditionalOpenSSL, b"passphrase"),
        "key-add-ed25519": _pem(ed25519.Ed25519PrivateKey.generate(), Format.OpenSSH),
        "key-add-ecdsa": _pem(ec.generate_private_key(ec.SECP256R1()), Format.OpenSSH),
        "key-add-rsa-openssh-format": _pem(key, Format.OpenSSH),
        "keys.add.pkcs8_rsa": _pem(key, Format.PKCS8),
    }


def _pem(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey,
    form: serialization.PrivateFormat,
    passphrase: bytes | None = None,
) -> str:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode().strip()
