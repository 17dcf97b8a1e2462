# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_key and mist_key_info at a server of 2014; test_mist_key.py holds what is the same on both generations."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PASSPHRASE = BestAvailableEncryption(b"a-passphrase-for-tests-0123456789")


def text(key, form=PrivateFormat.TraditionalOpenSSL, encryption=None):
    return key.private_bytes(Encoding.PEM, form, encryption or NoEncryption()).decode()


@pytest.fixture(scope="session")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def one(rsa_key):
    """The private half of a key that a server of 2014 takes."""
    return text(rsa_key)


@pytest.fixture(scope="session")
def other():
    return text(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def stored(mist):
    return {name: key.private for name, key in mist.world.keys.items()}


CONVERT = "ssh-keygen -p -m PEM -N '' -f COPY"
MAKE = "ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE"


def test_a_key_is_uploaded_once(scenario, mist, one):
    result = scenario("mist_key", name="deploy", private_key=one)
    assert result["actions"] == ["add key 'deploy'"]
    public = mist.world.keys["deploy"].public
    assert result["key"] == {"id": "deploy", "name": "deploy", "default": True, "machines": [], "public": public}
    assert stored(mist) == {"deploy": one}


def test_after_a_lost_answer_it_looks_before_it_gives_up(run, mist, one):
    mist.fail("cut", method="PUT", path="/keys", after_work=True)
    assert run("mist_key", name="deploy", private_key=one)["changed"] is True
    assert [arrived.line for arrived in mist.writes] == ["PUT /keys"]


@pytest.mark.parametrize("path", ["/keys", "/keys/*"])
@pytest.mark.parametrize("fault", [{"kind": "cut"}, {"kind": "answer", "status": 500}, {"kind": "answer", "body": "<"}])
def test_a_replacement_that_fails_half_way_loses_no_key_and_is_done_the_next_time(run, mist, one, other, path, fault):
    run("mist_key", name="deploy", private_key=one)
    mist.fail(**fault, method="PUT", path=path, times=1)
    result = run("mist_key", name="deploy", private_key=other, replace=True)
    assert (result["failed"], result["changed"]) == (True, False)
    assert stored(mist)["deploy"] == one
    assert run("mist_key", name="deploy", private_key=other, replace=True)["changed"] is True
    assert stored(mist) == {"deploy": other}
    assert mist.world.default_key().name == "deploy"


def test_a_server_that_echoes_a_key_does_not_make_an_error_tell_it(run, mist, one):
    mist.fail("answer", method="PUT", path="/keys", status=500, body=f"Traceback: {one} and more")
    msg = run("mist_key", name="deploy", private_key=one)["msg"]
    assert "Traceback: (a private key) and more" in msg
    assert one.split()[5] not in msg


def test_an_unknown_key_without_material_is_reported_with_the_nearest(run, add_key):
    add_key("deploy")
    msg = run("mist_key", name="deplo", default=True)["msg"]
    assert "Key 'deplo' not found on" in msg
    assert "Did you mean 'deploy'? To add one, set private_key, src or generate=true." in msg


@pytest.mark.parametrize("name", ["a/b", ".", ".."])
def test_a_name_that_no_request_could_address_is_refused(run, mist, one, name):
    result = run("mist_key", name=name, private_key=one)
    assert result["failed"] is True
    assert "Invalid name or id" in result["msg"]
    assert mist.writes == []


@pytest.mark.parametrize(
    ("kind", "command", "make"),
    [
        ("an encrypted key in PEM", CONVERT, lambda rsa_key: text(rsa_key, encryption=PASSPHRASE)),
        ("a key in PKCS#8", CONVERT, lambda rsa_key: text(rsa_key, PrivateFormat.PKCS8)),
        ("an encrypted key in PEM", CONVERT, lambda rsa_key: text(rsa_key, PrivateFormat.PKCS8, PASSPHRASE)),
        ("an RSA key in OpenSSH's format", CONVERT, lambda rsa_key: text(rsa_key, PrivateFormat.OpenSSH)),
        (
            "an ed25519 key in OpenSSH's format",
            MAKE,
            lambda _key: text(ed25519.Ed25519PrivateKey.generate(), PrivateFormat.OpenSSH),
        ),
        (
            "an ECDSA key in OpenSSH's format",
            MAKE,
            lambda _key: text(ec.generate_private_key(ec.SECP256R1()), PrivateFormat.OpenSSH),
        ),
        ("an ECDSA key in PEM", MAKE, lambda _key: text(ec.generate_private_key(ec.SECP256R1()))),
        (
            "a public key",
            MAKE,
            lambda rsa_key: rsa_key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
        ),
        (
            "a public key",
            MAKE,
            lambda rsa_key: rsa_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        ),
        ("not a private key", MAKE, lambda _key: "nothing of the kind"),
    ],
)
def test_a_kind_of_key_that_the_server_refuses_is_reported_before_sending(run, mist, rsa_key, kind, command, make):
    result = run("mist_key", name="deploy", private_key=make(rsa_key))
    assert result["msg"].startswith(
        f"Invalid private key: it is {kind}, and this server only accepts unencrypted RSA keys in PEM."
    )
    assert command in result["msg"]
    assert mist.writes == []


def test_the_keys_are_listed_by_name_with_their_public_halves(run, mist, add_key):
    add_key("second")
    add_key("first")
    result = run("mist_key_info")
    assert [key["name"] for key in result["ssh_keys"]] == ["first", "second"]
    assert result["ssh_keys"][0]["public"] == mist.world.keys["first"].public
    assert "PRIVATE KEY" not in json.dumps(result)
    assert [arrived.line for arrived in mist.requests] == [
        "GET /keys",
        "GET /keys/first/public",
        "GET /keys/second/public",
    ]


def test_a_key_that_no_request_can_address_is_listed_without_its_halves(run, mist, add_key):
    add_key("first")
    mist.world.add_key("a/b")
    keys = run("mist_key_info", private=True)["ssh_keys"]
    assert [(key["name"], key["public"] is None, key["private"] is None) for key in keys] == [
        ("a/b", True, True),
        ("first", False, False),
    ]


def test_a_key_is_named_by_its_id(scenario, run, mist, add_key):
    add_key("deploy")
    assert scenario("mist_key", id="deploy", new_name="shop")["actions"] == ["rename to 'shop'"]
    assert scenario("mist_key", id="shop", state="absent")["actions"] == ["remove key 'shop'"]
    assert run("mist_key", id="shop", state="absent")["changed"] is False


def test_an_id_that_no_key_has_adds_no_key(run, mist, one):
    for options in ({"private_key": one}, {"generate": True}, {"default": True}):
        assert "Key 'nosuch' not found on" in run("mist_key", id="nosuch", **options)["msg"]
    assert mist.writes == []


def test_the_public_half_of_a_key_that_is_given_is_known_before_it_is_added(scenario, mist, one, other):
    assert scenario("mist_key", name="deploy", private_key=one)["key"]["public"] == mist.world.keys["deploy"].public
    replaced = scenario("mist_key", name="deploy", private_key=other, replace=True)
    assert replaced["key"]["public"] == mist.world.keys["deploy"].public
    assert replaced["diff"]["before"]["public"] != replaced["diff"]["after"]["public"]


def test_the_public_half_of_a_generated_key_is_null_in_check_mode(run, mist):
    assert run("mist_key", name="deploy", generate=True, check_mode=True)["key"]["public"] is None
    assert run("mist_key", name="deploy", generate=True)["key"]["public"] == mist.world.keys["deploy"].public


def test_the_public_half_costs_a_request_only_where_the_private_half_is_not_read(run, mist, add_key, tmp_path):
    private = add_key("deploy")
    dest = str(tmp_path / "saved")
    run("mist_key", name="deploy", dest=dest)
    for options, half in (({}, "public"), ({"private_key": private}, "private"), ({"dest": dest}, "private")):
        mist.forget()
        result = run("mist_key", name="deploy", **options)
        assert (result["changed"], result["key"]["public"]) == (False, mist.world.keys["deploy"].public)
        assert [arrived.line for arrived in mist.requests] == ["GET /keys", f"GET /keys/deploy/{half}"]


def test_the_server_is_asked_for_a_public_half_that_cannot_be_derived(run, mist, add_key, tmp_path):
    add_key("deploy")
    mist.world.keys["deploy"].private = "of a format that is not known here"
    key = run("mist_key", name="deploy", dest=str(tmp_path / "saved"))["key"]
    assert key["public"] == mist.world.keys["deploy"].public


def test_a_key_needs_a_name_or_an_id_but_not_both(run, mist, one):
    assert "One of name or id is required and must not be empty." in run("mist_key", name="", private_key=one)["msg"]
    assert "mutually exclusive: name|id" in run("mist_key", name="deploy", id="deploy")["msg"]
    assert mist.writes == []


def test_keys_are_listed_by_names_and_by_id(run, mist, add_key):
    for name in ("first", "second", "third"):
        add_key(name)
    for options, found in (
        ({"names": ["third", "first", "nosuch"]}, ["first", "third"]),
        ({"names": ["fir"]}, []),
        ({"id": "second"}, ["second"]),
        ({"id": "second", "name": "first"}, []),
    ):
        assert [key["name"] for key in run("mist_key_info", **options)["ssh_keys"]] == found
    mist.forget()
    assert (run("mist_key_info", names=[])["ssh_keys"], mist.requests) == ([], [])
