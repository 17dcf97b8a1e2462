# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_key and mist_key_info, as the author of a playbook sees them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ansible_collections.mistio.cloud.plugins.module_utils import _masking
from ansible_collections.mistio.cloud.plugins.module_utils._secret_file import SecretFile
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue

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


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


# ---- adding


def test_a_key_is_uploaded_once(scenario, mist, one):
    result = scenario("mist_key", name="deploy", private_key=one)
    assert result["actions"] == ["add key 'deploy'"]
    public = mist.world.keys["deploy"].public
    assert result["key"] == {"id": "deploy", "name": "deploy", "default": True, "machines": [], "public": public}
    assert stored(mist) == {"deploy": one}


def test_a_key_is_uploaded_from_a_file(scenario, mist, one, tmp_path):
    (tmp_path / "key").write_text(one)
    scenario("mist_key", name="deploy", src=str(tmp_path / "key"))
    assert stored(mist) == {"deploy": one}


def test_a_key_is_generated_once(scenario, mist):
    result = scenario("mist_key", unknown=("public",), name="deploy", generate=True)
    assert result["actions"] == ["generate and add key 'deploy'"]
    assert "RSA PRIVATE KEY" in stored(mist)["deploy"]


def test_line_ends_and_blanks_make_no_other_key(run, mist, one):
    run("mist_key", name="deploy", private_key=one)
    assert run("mist_key", name="deploy", private_key=one.strip().replace("\n", "\r\n"))["changed"] is False


def test_the_same_material_under_another_name_is_another_key(scenario, mist, one, run):
    run("mist_key", name="deploy", private_key=one)
    assert scenario("mist_key", name="copy", private_key=one)["key"]["default"] is False


def test_after_a_lost_answer_it_looks_before_it_gives_up(run, mist, one):
    mist.fail("cut", method="PUT", path="/keys", after_work=True)
    assert run("mist_key", name="deploy", private_key=one)["changed"] is True
    assert [arrived.line for arrived in mist.writes] == ["PUT /keys"]


# ---- changing


def test_a_key_is_made_the_default(scenario, run, mist, one, other):
    run("mist_key", name="first", private_key=one)
    result = scenario("mist_key", name="deploy", private_key=other, default=True)
    assert result["actions"] == ["add key 'deploy'", "make it the default"]
    assert mist.world.default_key().name == "deploy"


def test_a_key_is_renamed(scenario, run, mist, one):
    run("mist_key", name="deploy", private_key=one)
    result = scenario("mist_key", name="deploy", new_name="shop")
    assert result["actions"] == ["rename to 'shop'"]
    assert result["key"]["default"] is True
    assert stored(mist) == {"shop": one}


def test_a_key_of_another_material_is_replaced_only_on_request(run, scenario, mist, one, other):
    run("mist_key", name="deploy", private_key=one)
    mist.forget()
    result = run("mist_key", name="deploy", private_key=other)
    assert result["failed"] is True
    assert "with a different private key" in result["msg"]
    assert mist.writes == []
    result = scenario("mist_key", name="deploy", private_key=other, replace=True)
    assert result["actions"] == ["replace key 'deploy'", "make it the default again"]
    assert result["key"]["default"] is True
    assert stored(mist) == {"deploy": other}


def test_a_replaced_key_stays_the_default_among_others(run, mist, one, other, add_key):
    run("mist_key", name="deploy", private_key=one)
    add_key("second")
    run("mist_key", name="deploy", private_key=other, replace=True)
    assert mist.world.default_key().name == "deploy"


def test_what_a_replacement_loses_is_reported(run, mist, one, other, openstack):
    run("mist_key", name="deploy", private_key=one)
    mist.world.associate(mist.world.keys["deploy"], openstack["id"], "m1")
    result = run("mist_key", name="deploy", private_key=other, replace=True)
    assert result["actions"][0] == "replace key 'deploy' (associations lost: 1)"
    assert result["key"]["machines"] == []


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


def test_a_key_is_removed(scenario, run, mist, one):
    run("mist_key", name="deploy", private_key=one)
    result = scenario("mist_key", name="deploy", state="absent")
    assert result["actions"] == ["remove key 'deploy'"]
    assert result["key"] is None
    assert stored(mist) == {}


def test_the_diff_tells_another_private_half_by_its_fingerprint(run, one, other):
    run("mist_key", name="deploy", private_key=one)
    diff = run("mist_key", name="deploy", private_key=other, replace=True)["diff"]
    assert diff["before"]["private_half"].startswith("sha256:")
    assert diff["after"]["private_half"].startswith("sha256:")
    assert diff["before"] != diff["after"]


def test_a_server_that_echoes_a_key_does_not_make_an_error_tell_it(run, mist, one):
    mist.fail("answer", method="PUT", path="/keys", status=500, body=f"Traceback: {one} and more")
    msg = run("mist_key", name="deploy", private_key=one)["msg"]
    assert "Traceback: (a private key) and more" in msg
    assert one.split()[5] not in msg


# ---- by id, and the public half


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


# ---- saving


def test_a_key_is_saved_for_its_owner_alone(scenario, mist, one, tmp_path):
    dest = tmp_path / "saved"
    result = scenario("mist_key", name="deploy", private_key=one, dest=str(dest))
    assert result["actions"] == ["add key 'deploy'", f"save it to {dest}"]
    assert dest.read_text() == one
    assert mode(dest) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert "PRIVATE KEY" not in json.dumps(result)


def test_a_generated_key_is_saved(scenario, mist, tmp_path):
    scenario("mist_key", unknown=("public",), name="deploy", generate=True, dest=str(tmp_path / "saved"))
    assert (tmp_path / "saved").read_text() == stored(mist)["deploy"].rstrip("\n") + "\n"


def test_a_key_that_is_there_is_saved(scenario, add_key, tmp_path):
    private = add_key("deploy")
    result = scenario("mist_key", name="deploy", generate=True, dest=str(tmp_path / "saved"))
    assert result["actions"] == [f"save it to {tmp_path / 'saved'}"]
    assert (tmp_path / "saved").read_text().split() == private.split()


def test_a_file_that_others_can_read_is_closed(scenario, run, one, tmp_path):
    dest = tmp_path / "saved"
    run("mist_key", name="deploy", private_key=one, dest=str(dest))
    dest.chmod(0o644)
    result = scenario("mist_key", name="deploy", private_key=one, dest=str(dest))
    assert result["actions"] == [f"restrict the permissions of {dest}"]
    assert mode(dest) == 0o600


def test_a_file_that_holds_something_else_is_overwritten_only_on_request(run, scenario, mist, one, tmp_path):
    dest = tmp_path / "saved"
    dest.write_text("something else")
    diff = run("mist_key", check_mode=True, name="deploy", private_key=one, dest=str(dest), force=True)["diff"]
    assert (diff["before"]["dest"], diff["after"]["dest"]) == ("another content", "this key")
    result = run("mist_key", name="deploy", private_key=one, dest=str(dest))
    assert "already exists and does not contain this key" in result["msg"]
    assert (dest.read_text(), stored(mist)) == ("something else", {})
    scenario("mist_key", name="deploy", private_key=one, dest=str(dest), force=True)
    assert dest.read_text() == one


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "is not a regular file"),
        (lambda path: path.symlink_to(path.parent / "elsewhere"), "is a symbolic link"),
    ],
)
def test_a_dest_that_is_no_file_is_refused(run, mist, one, tmp_path, make, said):
    make(tmp_path / "saved")
    result = run("mist_key", name="deploy", private_key=one, dest=str(tmp_path / "saved"))
    assert said in result["msg"]
    assert (result["changed"], stored(mist)) == (False, {})


def test_a_dest_that_nobody_may_write_to_is_refused_before_anything_is_sent(run, mist, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    result = run("mist_key", name="deploy", generate=True, dest=str(tmp_path / "saved"))
    assert "is not writable" in result["msg"]
    assert mist.writes == []


def test_a_dest_that_no_file_can_be_called_is_refused(run, mist, tmp_path):
    result = run("mist_key", name="deploy", generate=True, dest=f"{tmp_path}/{'x' * 300}")
    assert "cannot be used: File name too long." in result["msg"]
    assert mist.writes == []


def test_a_path_with_a_null_in_it_is_refused(tmp_path):
    """Not through the module: under newer Pythons AnsibleModule itself stumbles over it, at its syslog."""
    with pytest.raises(InvalidValue, match=r"cannot be used: .*embedded null"):
        SecretFile(f"{tmp_path}/nul\0byte")


def test_a_pipe_is_neither_read_nor_replaced(run, mist, one, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for options in (
        {"private_key": one, "dest": str(tmp_path / "pipe"), "force": True},
        {"src": str(tmp_path / "pipe")},
    ):
        assert "is not a regular file" in run("mist_key", name="deploy", **options)["msg"]
    assert mist.writes == []


def test_line_ends_of_windows_are_saved_as_plain_ones_once(scenario, one, tmp_path):
    scenario("mist_key", name="deploy", private_key=one.replace("\n", "\r\n"), dest=str(tmp_path / "saved"))
    assert (tmp_path / "saved").read_bytes() == one.encode()


def test_a_file_that_not_even_its_owner_can_write_is_left_so(run, one, tmp_path):
    run("mist_key", name="deploy", private_key=one, dest=str(tmp_path / "saved"))
    (tmp_path / "saved").chmod(0o400)
    assert run("mist_key", name="deploy", private_key=one, dest=str(tmp_path / "saved"))["changed"] is False


def test_a_dest_in_no_directory_is_refused(run, mist, one, tmp_path):
    result = run("mist_key", name="deploy", private_key=one, dest=str(tmp_path / "nowhere" / "saved"))
    assert "does not exist. Create it first." in result["msg"]
    assert stored(mist) == {}


# ---- bad input


def test_a_rename_onto_another_key_is_refused_for_it_would_destroy_it(run, mist, one, other):
    run("mist_key", name="deploy", private_key=one)
    run("mist_key", name="shop", private_key=other)
    mist.forget()
    for check_mode in (True, False):
        result = run("mist_key", check_mode=check_mode, name="deploy", new_name="shop")
        assert "The key 'shop' already exists, so 'deploy' cannot be renamed to it." in result["msg"]
    assert mist.writes == []


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


def test_a_key_needs_a_name_or_an_id_but_not_both(run, mist, one):
    assert "One of name or id is required and must not be empty." in run("mist_key", name="", private_key=one)["msg"]
    assert "mutually exclusive: name|id" in run("mist_key", name="deploy", id="deploy")["msg"]
    assert mist.writes == []


def test_the_default_key_cannot_be_made_no_default(run, mist, one):
    assert (
        "and Mist requires one"
        in [
            run("mist_key", name="deploy", private_key=one),
            run("mist_key", name="deploy", default=False),
        ][1]["msg"]
    )


def test_a_key_has_one_source(run, mist, one, tmp_path):
    result = run("mist_key", name="deploy", private_key=one, src=str(tmp_path / "key"))
    assert "mutually exclusive" in result["msg"]
    assert mist.requests == []


CONVERT = "ssh-keygen -p -m PEM -N '' -f COPY"
MAKE = "ssh-keygen -t rsa -b 4096 -m PEM -N '' -f FILE"


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


def test_a_key_file_that_cannot_be_read_is_reported(run, tmp_path):
    result = run("mist_key", name="deploy", src=str(tmp_path / "nowhere"))
    assert f"The key file {tmp_path / 'nowhere'} cannot be read: No such file or directory." in result["msg"]
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "it is not text" in run("mist_key", name="deploy", src=str(tmp_path / "binary"))["msg"]
    (tmp_path / "huge").write_text("x" * 100_000)
    assert "is too large for a key" in run("mist_key", name="deploy", src=str(tmp_path / "huge"))["msg"]
    assert "is not a regular file" in run("mist_key", name="deploy", src=str(tmp_path))["msg"]


# ---- mist_key_info


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


def test_the_keys_also_have_the_name_that_no_expression_can_reach_with_a_dot(run, add_key):
    add_key("first")
    result = run("mist_key_info")
    assert result["keys"] == result["ssh_keys"]


def test_one_key_is_listed_by_name(run, add_key):
    add_key("first")
    assert [key["name"] for key in run("mist_key_info", name="first")["ssh_keys"]] == ["first"]
    assert run("mist_key_info", name="nosuch")["ssh_keys"] == []


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


def test_a_private_half_is_returned_only_on_request_and_registered_where_core_can(run, add_key, monkeypatch):
    registered = []
    monkeypatch.setattr(_masking, "register_secret", registered.append)
    private = add_key("first")
    assert run("mist_key_info", private=True)["ssh_keys"][0]["private"] == private
    assert registered == [private]
