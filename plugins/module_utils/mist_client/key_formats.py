# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognizes the format of a private key by its header. Nothing is decrypted or verified."""

from __future__ import annotations

import base64
import binascii
import re

#: the format that ssh-keygen -m PEM writes, and the only one that all servers accept
RSA_PEM = "an RSA key in PEM"

_ARMOUR = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.DOTALL)
_PUBLIC = re.compile(r"^(ssh-|ecdsa-|sk-|---- BEGIN SSH2 PUBLIC)")
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
