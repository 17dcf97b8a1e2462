# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup of private keys, as a template calls it."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from ansible_collections.mistio.cloud.plugins.module_utils import _masking


@pytest.fixture
def look_up(mist):
    """look_up(key ..., option=value ...): what the lookup returns, given also the ``variables`` of a host."""

    def looked_up(*terms, variables=None, **options):
        templar = Templar(DataLoader(), variables=variables or {})
        lookup = lookup_loader.get("mistio.cloud.private_key", loader=DataLoader(), templar=templar)
        return lookup.run(list(terms), variables=variables, **options)

    return looked_up


def numbers(key):
    return key.private_numbers()


def test_a_key_comes_in_the_format_that_an_ssh_agent_takes(look_up, mist, add_key):
    uploaded = add_key("shop")
    (key,) = look_up("shop", mist_uri=mist.uri)
    assert key.startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert key.endswith("\n")
    same = load_pem_private_key(uploaded.encode(), password=None)
    assert numbers(load_ssh_private_key(key.encode(), password=None)) == numbers(same)


def test_a_key_comes_as_it_was_uploaded_if_that_is_wanted(look_up, mist, add_key):
    uploaded = [add_key("shop"), add_key("deploy")]
    assert look_up("deploy", "shop", mist_uri=mist.uri, format="stored") == uploaded[::-1]


def test_nothing_is_kept_and_nothing_is_written(look_up, mist, add_key):
    add_key("shop")
    for _run in range(2):
        look_up("shop", mist_uri=mist.uri)
    assert [each.line for each in mist.requests] == ["GET /keys", "GET /keys/shop/private"] * 2


def test_the_server_is_known_from_variables_and_those_may_be_templates(look_up, mist, add_key):
    add_key("shop")
    variables = {"server": mist.uri, "mist_uri": trusted("{{ server }}"), "mist_name": "web"}
    assert look_up("shop", variables=variables)


def trusted(text):
    """A text as of a playbook."""
    try:
        from ansible.template import trust_as_template
    except ImportError:  # ansible-core before 2.19
        return text
    return trust_as_template(text)


def test_the_server_is_known_from_the_environment_where_empty_is_as_good_as_unset(look_up, mist, add_key, monkeypatch):
    add_key("shop")
    monkeypatch.setenv("MIST_URI", mist.uri)
    for name in ("EMAIL", "GENERATION", "API_TOKEN", "CA_PATH", "TIMEOUT"):
        monkeypatch.setenv(f"MIST_{name}", "")
    assert look_up("shop")


def test_what_was_given_to_the_lookup_comes_before_variables_and_those_before_the_environment(
    look_up, mist, add_key, monkeypatch
):
    add_key("shop")
    wrong = "http://127.0.0.1:9"
    monkeypatch.setenv("MIST_URI", wrong)
    assert look_up("shop", variables={"mist_uri": mist.uri})
    assert look_up("shop", variables={"mist_uri": wrong}, mist_uri=mist.uri)


def test_the_key_is_registered_as_a_secret(look_up, mist, add_key, monkeypatch):
    registered = []
    uploaded = add_key("shop")
    monkeypatch.setattr(_masking, "register_secret", registered.append)
    made = look_up("shop", mist_uri=mist.uri)
    assert registered == [uploaded, *made]


def test_the_login_is_masked_as_that_of_a_module_is(look_up, clouds, monkeypatch):
    """The documentation of a plugin cannot say so: ansible-test before 2.19 refuses the word for it."""
    masked = []
    monkeypatch.setattr(_masking, "register_secret", masked.append)
    with pytest.raises(AnsibleError, match="Key 'shop' not found"):
        look_up("shop", mist_uri=clouds.uri, mist_api_token=clouds.token)
    assert masked == [clouds.token]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("shopp", "Key 'shopp' not found on http://127.0.0.1:"),
        ("shopp", "Did you mean 'shop'?"),
        ("", "The name of the key is empty. If it comes from the variable mist_key, Mist has no key for this machine."),
        (None, "The name of the key is empty."),
        ("../backends", "Key '../backends' not found"),
    ],
)
def test_a_key_that_is_not_there_is_reported(term, why, look_up, mist, add_key):
    add_key("shop")
    with pytest.raises(AnsibleError) as failed:
        look_up(term, mist_uri=mist.uri)
    assert why in str(failed.value)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "answer", "status": 401, "path": "/keys"}, "answered 401"),
        ({"kind": "answer", "status": 500, "path": "/keys/shop/private"}, "answered 500"),
        ({"kind": "half_body", "path": "/keys/shop/private"}, "before the complete answer arrived"),
        (
            {"kind": "answer", "status": 200, "body": "<html>Log in</html>"},
            "Check that mist_uri is the address of a Mist server",
        ),
    ],
)
def test_a_server_that_fails_is_reported_without_a_secret(fault, why, look_up, mist, add_key):
    uploaded = add_key("shop")
    mist.fail(fault.pop("kind"), **fault)
    with pytest.raises(AnsibleError) as failed:
        look_up("shop", mist_uri=mist.uri, retries=0)
    assert why in str(failed.value)
    assert not [line for line in uploaded.splitlines() if line in str(failed.value)]


@pytest.mark.parametrize("stored", ["no key at all", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_cannot_be_turned_into_that_format_is_reported_without_its_text(stored, look_up, mist, add_key):
    add_key("shop")
    mist.world.keys["shop"].private = stored
    with pytest.raises(AnsibleError) as failed:
        look_up("shop", mist_uri=mist.uri)
    assert "The key 'shop' cannot be converted to the OpenSSH format" in str(failed.value)
    assert stored not in str(failed.value)
    assert look_up("shop", mist_uri=mist.uri, format="stored") == [stored]


def test_the_server_must_be_named(look_up):
    with pytest.raises(AnsibleError, match=r"mist_uri is missing\. Set mist_uri or the .* MIST_URI\."):
        look_up("shop")


def test_a_forgotten_token_is_reported_without_the_token_of_the_page(look_up, clouds):
    """The server answers with a page that holds a CSRF token: [probe-bare-keys-is-ui]."""
    with pytest.raises(AnsibleError, match="No credentials were given, and this server requires") as failed:
        look_up("shop", mist_uri=clouds.uri)
    assert "CSRF" not in str(failed.value)
