# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The format of a private key, and its public key. Nothing is decrypted, and the key is not verified."""

from __future__ import annotations

import base64
import binascii
import re
import struct

#: the format that ssh-keygen -m PEM writes, and the only one that all servers accept
RSA_PEM = "an RSA key in PEM"

_ARMOUR = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.DOTALL)
_PUBLIC = re.compile(r"^(ssh-|ecdsa-|sk-|---- BEGIN SSH2 PUBLIC)")
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_OPENSSH_ALGORITHMS = {b"ssh-rsa": "RSA", b"ssh-ed25519": "ed25519", b"ecdsa-sha2": "ECDSA", b"ssh-dss": "DSA"}


def kind_of(text: str) -> str:
    """A phrase such as ``an RSA key in PEM``, ``an encrypted key in PEM``, ``a public key``, ``not a private key``."""
    armour = _ARMOUR.search(text)
    if armour is None:
        return "a public key" if _PUBLIC.match(text.strip()) else "not a private key"
    label, body = armour.groups()
    if "PUBLIC" in label:
        return "a public key"
    if "ENCRYPTED" in label or "Proc-Type: 4,ENCRYPTED" in body:
        return "an encrypted key in PEM"
    if label == "OPENSSH PRIVATE KEY":
        return _kind_of_openssh(body)
    return {
        "RSA PRIVATE KEY": RSA_PEM,
        "PRIVATE KEY": "a key in PKCS#8",
        "EC PRIVATE KEY": "an ECDSA key in PEM",
        "DSA PRIVATE KEY": "a DSA key in PEM",
    }.get(label, f"a {label.lower()}")


def _kind_of_openssh(body: str) -> str:
    try:
        blob = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        return "not a private key"
    if b"\x00\x04none" not in blob[:32]:
        return "an encrypted key in OpenSSH's format"
    algorithm = next((name for mark, name in _OPENSSH_ALGORITHMS.items() if mark in blob), "unknown")
    article = "a" if algorithm in ("DSA", "unknown") else "an"
    return f"{article} {algorithm} key in OpenSSH's format"


def public_half(private: str) -> str | None:
    """The public half as servers return it: ``ssh-rsa AAAA...``, without a comment (recordings, keys.public).

    None if ``private`` is not an RSA key in PEM or in OpenSSH's format, or is encrypted PEM.
    """
    armour = _ARMOUR.search(private)
    reader = {"RSA PRIVATE KEY": _public_of_pem, "OPENSSH PRIVATE KEY": _public_of_openssh}.get(
        armour[1] if armour else ""
    )
    if armour is None or reader is None:
        return None
    try:
        public = reader(base64.b64decode("".join(armour[2].split()), validate=True))
    except (binascii.Error, IndexError, struct.error, ValueError):
        return None
    return f"ssh-rsa {base64.b64encode(public).decode()}" if public.startswith(_ssh_string(b"ssh-rsa")) else None


def _public_of_pem(der: bytes) -> bytes:
    """RSAPrivateKey of RFC 8017 is a sequence of the version, the modulus, the public exponent and private numbers."""
    at, _end = _der_value(der, 0)
    numbers = []
    for _field in range(3):
        at, end = _der_value(der, at)
        numbers.append(der[at:end])
        at = end
    _version, modulus, exponent = numbers
    # both formats have the same bytes for an integer
    return _ssh_string(b"ssh-rsa") + _ssh_string(exponent) + _ssh_string(modulus)


def _der_value(der: bytes, at: int) -> tuple[int, int]:
    """Where the value of the item at ``at`` begins and ends."""
    length, at = der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(der[at : at + size], "big"), at + size
    if at + length > len(der):
        raise ValueError("cut off")
    return at, at + length


def _public_of_openssh(blob: bytes) -> bytes:
    """The format is in PROTOCOL.key of OpenSSH: cipher, KDF and its options, the number of keys, the public key."""
    if not blob.startswith(_OPENSSH_MAGIC):
        raise ValueError("not OpenSSH's format")
    at = len(_OPENSSH_MAGIC)
    for _field in range(3):
        at += 4 + struct.unpack_from(">I", blob, at)[0]
    at += 4
    (length,) = struct.unpack_from(">I", blob, at)
    return blob[at + 4 : at + 4 + length]


def _ssh_string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value
