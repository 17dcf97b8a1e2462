# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public half of a private key, without a server."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.key_formats import public_half

PEM, OPENSSH = PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH
PASSPHRASE = BestAvailableEncryption(b"a-passphrase-for-tests-0123456789")


def text(key, form, encryption=None):
    return key.private_bytes(Encoding.PEM, form, encryption or NoEncryption()).decode()


def armour(label, body):
    return f"-----BEGIN {label}-----\n{base64.b64encode(body).decode()}\n-----END {label}-----\n"


@pytest.mark.parametrize("form", [PEM, OPENSSH])
@pytest.mark.parametrize("bits", [1024, 2048, 4095])
@pytest.mark.parametrize("exponent", [3, 65537])
def test_the_public_half_is_what_ssh_keygen_writes(form, bits, exponent):
    key = rsa.generate_private_key(public_exponent=exponent, key_size=bits)
    expected = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    private = text(key, form)
    assert public_half(private) == public_half(private.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    "private",
    [
        "nothing of the kind",
        "ssh-rsa AAAA",
        armour("RSA PRIVATE KEY", b""),
        armour("RSA PRIVATE KEY", b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00cut off"),
        armour("OPENSSH PRIVATE KEY", b"another format"),
        armour("OPENSSH PRIVATE KEY", b"openssh-key-v1\0\0\0\0\x04none"),
        armour("PRIVATE KEY", b"\x30\x00"),
        "-----BEGIN RSA PRIVATE KEY-----\n(not base64)\n-----END RSA PRIVATE KEY-----\n",
    ],
)
def test_a_text_that_is_no_private_key_has_no_public_half(private):
    assert public_half(private) is None


def test_a_key_of_another_kind_or_with_a_passphrase_has_no_public_half():
    assert public_half(text(ed25519.Ed25519PrivateKey.generate(), OPENSSH)) is None
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    assert public_half(text(key, PEM, PASSPHRASE)) is None
