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
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from ansible_collections.mistio.cloud.plugins.module_utils import _masking
from ansible_collections.mistio.cloud.tests.unit.conftest import both_generations

pytestmark = both_generations


def generated():
    """The private half of a new key, in the form that servers of both generations take."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@pytest.fixture(scope="session")
def one():
    return generated()


@pytest.fixture(scope="session")
def other():
    return generated()


def stored(mist):
    return {name: key.private for name, key in mist.world.keys.items()}


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


# ---- adding


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


def test_a_key_file_that_cannot_be_read_is_reported(run, tmp_path):
    result = run("mist_key", name="deploy", src=str(tmp_path / "nowhere"))
    assert f"The key file {tmp_path / 'nowhere'} cannot be read: No such file or directory." in result["msg"]
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "it is not text" in run("mist_key", name="deploy", src=str(tmp_path / "binary"))["msg"]
    (tmp_path / "huge").write_text("x" * 100_000)
    assert "is too large for a key" in run("mist_key", name="deploy", src=str(tmp_path / "huge"))["msg"]
    assert "is not a regular file" in run("mist_key", name="deploy", src=str(tmp_path))["msg"]


# ---- mist_key_info


def test_the_keys_also_have_the_name_that_no_expression_can_reach_with_a_dot(run, add_key):
    add_key("first")
    result = run("mist_key_info")
    assert result["keys"] == result["ssh_keys"]


def test_one_key_is_listed_by_name(run, add_key):
    add_key("first")
    assert [key["name"] for key in run("mist_key_info", name="first")["ssh_keys"]] == ["first"]
    assert run("mist_key_info", name="nosuch")["ssh_keys"] == []


def test_a_private_half_is_returned_only_on_request_and_registered_where_core_can(run, add_key, monkeypatch):
    registered = []
    monkeypatch.setattr(_masking, "register_secret", registered.append)
    private = add_key("first")
    assert run("mist_key_info", private=True)["ssh_keys"][0]["private"] == private
    assert registered == [private]
