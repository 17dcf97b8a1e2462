# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_key, mist_key_info and mist_key_association at a server of the clouds generation."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

pytestmark = [only_clouds, pytest.mark.usefixtures("clock")]

METAL = {"title": "metal", "provider": "bare_metal", "machine_ip": "192.0.2.10", "validate": False}


def text(key, form):
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.fixture(scope="session")
def rsa_keys():
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _number in range(2)]


@pytest.fixture(scope="session")
def one(rsa_keys):
    return text(rsa_keys[0], PrivateFormat.OpenSSH)


@pytest.fixture(scope="session")
def other(rsa_keys):
    return text(rsa_keys[1], PrivateFormat.TraditionalOpenSSL)


@pytest.fixture
def host(api, run, other):
    """A host at which Mist can log in with the key "demo"; there is also a key "shop"."""
    run("mist_key", name="demo", generate=True)
    run("mist_key", name="shop", private_key=other)
    backend = api.backends.add({**METAL, "machine_key": "demo", "machine_user": "root"})
    (machine,) = api.machines.list(backend["id"])
    return machine


@pytest.fixture
def at(run, mist, host):
    """at(option=value ...): mist_key_association, about the key "shop" on that host by default."""
    mist.forget()

    def run_there(*, check_mode=False, **options):
        there = {"key": "shop", "backend": "metal", "machine": host["id"]}
        return run("mist_key_association", check_mode=check_mode, **{**there, **options})

    return run_there


@pytest.fixture
def locked(mist, host):
    """That host lets nobody in any more."""
    for reach in mist.world.hosts:
        reach.authorized.clear()


def stored(mist):
    return {name: key.private for name, key in mist.world.keys.items()}


# ---- keys


def test_a_key_is_uploaded_once_by_a_name_of_any_letters(scenario, mist, one):
    result = scenario("mist_key", name="team/schlüssel", private_key=one)
    assert (result["actions"], result["key"]["default"]) == (["add key 'team/schlüssel'"], True)
    assert len(result["key"]["id"]) == 32
    assert stored(mist) == {"team/schlüssel": one}


def test_a_key_is_replaced_on_request_and_stays_the_default(scenario, run, mist, one, other):
    old = run("mist_key", name="deploy", private_key=one)["key"]
    run("mist_key", name="second", generate=True)
    result = scenario("mist_key", name="deploy", private_key=other, replace=True)
    assert result["actions"] == ["replace key 'deploy'", "make it the default again"]
    assert (result["key"]["default"], result["key"]["id"] == old["id"]) == (True, False)
    assert stored(mist)["deploy"] == other


def test_a_key_is_renamed_once_and_keeps_its_id(scenario, run, mist, one):
    old = run("mist_key", name="deploy", private_key=one)["key"]
    result = scenario("mist_key", name="deploy", new_name="shop")
    assert (result["actions"], result["key"]) == (["rename to 'shop'"], {**old, "name": "shop"})
    assert stored(mist) == {"shop": one}


def test_a_key_becomes_the_default_once(scenario, run, mist):
    run("mist_key", name="one", generate=True)
    run("mist_key", name="two", generate=True)
    assert scenario("mist_key", name="two", default=True)["key"]["default"] is True
    assert [name for name, key in mist.world.keys.items() if key.is_default] == ["two"]


def test_a_key_that_was_removed_can_be_added_again(scenario, run, mist, one):
    run("mist_key", name="deploy", private_key=one)
    assert scenario("mist_key", name="deploy", state="absent")["actions"] == ["remove key 'deploy'"]
    assert run("mist_key", name="deploy", private_key=one)["changed"] is True
    assert stored(mist) == {"deploy": one}


def test_a_replacement_that_ends_half_way_says_where_the_new_key_is(run, mist, one, other):
    run("mist_key", name="deploy", private_key=one)
    mist.fail("answer", method="PUT", path="/api/v1/keys/*", status=503, body="Service unavailable")
    result = run("mist_key", name="deploy", private_key=other, replace=True, retries=0)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["actions"] == ["remove the old key 'deploy'"]
    (name,) = stored(mist)
    assert f"The new key is stored as '{name}'. Rename it with new_name='deploy'." in result["msg"]
    mist.heal()
    assert run("mist_key", name=name, new_name="deploy")["changed"] is True
    assert stored(mist) == {"deploy": other}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut", "after_work": True},
        {"kind": "half_body"},
        {"kind": "answer", "status": 500, "body": "Internal Server Error", "after_work": True},
        {"kind": "answer", "status": 504, "body": "<html>Gateway Time-out</html>", "after_work": True},
    ],
)
def test_what_was_done_in_spite_of_an_error_is_seen(run, mist, one, fault):
    mist.fail(**fault, method="PUT", path="/api/v1/keys", times=1)
    added = run("mist_key", name="deploy", private_key=one)
    assert (added.get("msg"), added["changed"], stored(mist)) == (None, True, {"deploy": one})
    mist.fail(**fault, method="DELETE", path="/api/v1/keys/*", times=1)
    removed = run("mist_key", name="deploy", state="absent")
    assert (removed.get("msg"), removed["changed"], stored(mist)) == (None, True, {})


def test_a_name_that_only_the_vault_still_has_is_reported(run, mist, one):
    mist.world.database.vault["deploy"] = "somebody's"
    result = run("mist_key", name="deploy", private_key=one)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "or the secret of a deleted one is still in the server's Vault. Choose another name." in result["msg"]


def test_a_key_that_is_not_rsa_is_refused_before_anything_is_sent(run, mist):
    private = text(ed25519.Ed25519PrivateKey.generate(), PrivateFormat.OpenSSH)
    result = run("mist_key", name="deploy", private_key=private)
    assert "this server only accepts unencrypted RSA keys" in result["msg"]
    assert mist.writes == []


def test_keys_are_listed_with_their_halves(run, mist, one):
    run("mist_key", name="deploy", private_key=one)
    (key,) = run("mist_key_info", name="deploy", private=True)["ssh_keys"]
    assert (key["private"], key["public"].split()[0]) == (one, "ssh-rsa")


# ---- associations


def test_a_key_is_put_on_a_machine_once(scenario, mist, host):
    there = {"key": "shop", "backend": "metal", "machine": host["id"], "ssh_user": "root"}
    result = scenario("mist_key_association", **there)
    assert result["actions"] == [f"associate key 'shop' with machine {host['name']!r}"]
    assert (result["association"]["user"], associated(mist)) == ("root", 1)
    assert scenario("mist_key_association", **there, state="absent")["association"] is None


def test_a_key_is_named_by_its_id_too(at, mist):
    by_id = at(key=mist.world.keys["shop"].id, check_mode=True)
    assert by_id["actions"] == at(check_mode=True)["actions"]


def associated(mist, name="shop"):
    return len(mist.world.keys[name].associations)


@pytest.mark.parametrize("status", [503, 500])
def test_an_association_that_failed_is_taken_back(at, mist, host, status):
    if status == 500:
        mist.fail("answer", path="*/keys/*", method="PUT", after_work=True, status=500, body="Internal Server Error")
    result = at(ssh_port=2299 if status == 503 else 22)
    assert (result["failed"], result["changed"]) == (True, False)
    assert f"answered {status}: " in result["msg"]
    assert associated(mist) == 0


def test_a_host_that_lets_nobody_in_is_reported(at, mist, host, locked):
    msg = at()["msg"]
    assert (
        "answered 401: Couldn't authenticate to machine: Couldn't connect to deploy new SSH key. The"
        " machine accepts no key of" in msg
    )
    assert associated(mist) == 0


def test_the_port_that_mist_knows_is_taken(scenario, mist, host, api):
    backend = api.backends.add(
        {**METAL, "title": "metal2", "machine_ip": "192.0.2.11", "machine_port": 2222, "machine_key": "demo"}
    )
    (machine,) = api.machines.list(backend["id"])
    result = scenario("mist_key_association", key="shop", backend="metal2", machine=machine["id"])
    assert (result["association"]["user"], result["association"]["port"]) == ("root", 2222)


def test_a_user_that_mist_does_not_log_in_as_is_recorded_all_the_same(scenario, mist, host):
    """The server rewrites the first record of a key with the user of the machine's first record."""
    for reach in mist.world.hosts:
        reach.users = ("root", "admin")
    mist.world.keys["demo"].associations[0].user = "admin"
    there = {"key": "shop", "backend": "metal", "machine": host["id"]}
    assert scenario("mist_key_association", **there, ssh_user="root")["association"]["user"] == "root"
    assert [each.user for each in mist.world.keys["shop"].associations] == ["admin", "root"]


def test_a_login_that_may_have_failed_unseen_may_stay_recorded(at, mist, host):
    mist.fail("cut", method="PUT", path="/api/v1/machines/*/keys/*")
    assert "Mist may have stored it all the same" in at(ssh_port=2299, retries=0)["msg"]


def test_an_association_that_failed_is_kept_on_request(scenario, mist, host, locked):
    there = {"key": "shop", "backend": "metal", "machine": host["id"], "ssh_port": 2, "keep_failed": True}
    result = scenario("mist_key_association", **there)
    assert (result["association"]["port"], result["association"]["last_used"]) == (2, None)
    assert associated(mist) == 1


def test_an_association_that_was_there_survives_a_change_that_fails(at, mist, host, locked):
    mist.world.associate(mist.world.keys["shop"], host["backend_id"], host["id"], user="root")
    result = at(ssh_port=2)
    assert result["failed"] is True
    assert "Mist has stored this failed login in addition to the existing one" in result["msg"]
    assert {each.port for each in mist.world.keys["shop"].associations} == {22, 2}


def test_a_key_goes_by_several_logins_to_one_machine(scenario, at, mist, host):
    for reach in mist.world.hosts:
        reach.users = ("root", "admin")
    for user in ("root", "admin"):
        there = {"key": "shop", "backend": "metal", "machine": host["id"], "ssh_user": user}
        result = scenario("mist_key_association", **there)
        assert (result["changed"], result["association"]["user"]) == (True, user)
    # the login as admin has rewritten the first record: recordings/4.7, assoc-other-user-then
    assert [each.user for each in mist.world.keys["shop"].associations] == ["admin", "admin"]
    assert scenario("mist_key_association", **{**there, "ssh_user": "root"})["association"]["user"] == "root"
    assert at()["changed"] is False
    assert associated(mist) == 3
    assert scenario("mist_key_association", **{**there, "state": "absent"})["association"] is None
    assert associated(mist) == 0


def test_another_address_than_the_machines_own_is_refused(at, mist):
    result = at(host="192.0.2.99")
    assert "cannot use a host that is not an address of the machine" in result["msg"]
    assert "This requires a server of generation 'backends' (2014 and 2015)." in result["msg"]
    assert mist.writes == []
    assert at(host="192.0.2.10", check_mode=True)["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
def test_the_providers_id_of_a_machine_is_refused_with_the_id_of_mist(at, mist, host, state):
    assert f"Use Mist's id: {host['id']}." in at(machine=host["external_id"], state=state)["msg"]
    assert mist.writes == []


def test_a_key_is_named_by_its_id(scenario, run, mist, one):
    key = run("mist_key", name="deploy", private_key=one)["key"]
    assert scenario("mist_key", id=key["id"], new_name="shop")["key"] == {**key, "name": "shop"}
    assert "Key 'deploy' not found on" in run("mist_key", id="deploy")["msg"]
    assert run("mist_key_info", id=key["id"])["ssh_keys"] == [{**key, "name": "shop"}]
    assert scenario("mist_key", id=key["id"], state="absent")["key"] is None


@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH])
def test_the_public_half_is_returned_for_both_formats(scenario, run, mist, form):
    private = text(rsa.generate_private_key(public_exponent=65537, key_size=2048), form)
    result = scenario("mist_key", name="deploy", private_key=private)
    assert result["key"]["public"] == mist.world.keys["deploy"].public
    mist.forget()
    assert run("mist_key", name="deploy")["key"] == result["key"]
    assert len(mist.requests) == 2
