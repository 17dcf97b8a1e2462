# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory as the commands of Ansible and as AWX use it, with machines whose names and tags are attacks."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from .attack import HOSTILE
from .commands import AWX, run, write_playbook, write_script


@pytest.fixture
def hostile(world, tmp_path):
    """Machines of which each tries another attack, in its name, its tag, the tag's key and its backend's title."""
    for text in HOSTILE:
        text = text.replace("CANARY", str(tmp_path / "CANARY"))
        world.machine(text, world.backend(text), tags={"role": text, text: "x"})
    world.machine("web", tags={"role": "web"})
    return {
        "compose": {"role": "mist_tags.role", "title": "mist_backend_title ~ mist_name", "decoded": "role | from_yaml"},
        "groups": {"a": "role == 'x'", "b": "mist_tags.role is defined"},
        "keyed_groups": [{"key": key} for key in ("mist_tags", "role", "decoded", "mist_state")],
        "filters": [{"exclude": "mist_tags.role == 'x'"}],
        "hostnames": ["mist_tags.role", "name"],
    }


def unsafe_in(value):
    """The texts that stand in the JSON of an inventory as unsafe ones."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return [value["__ansible_unsafe"]]
        return [text for each in value.values() for text in unsafe_in(each)]
    return [text for each in value for text in unsafe_in(each)] if isinstance(value, list) else []


def test_awx_gets_clean_json_that_is_no_attack_when_a_job_reads_it(hostile, write, tmp_path):
    output = tmp_path / "output.json"
    command = ["--list", "--export", "-i", write(**hostile), "--output", output, "--playbook-dir", tmp_path, "-vvv"]
    done = run("inventory", *command, directory=tmp_path, MIST_EMAIL="", MIST_API_TOKEN="", MIST_STATES="", **AWX)
    assert done.returncode == 0, done.stderr
    inventory = json.loads(output.read_text(encoding="utf-8"))
    hostvars = inventory["_meta"]["hostvars"]
    assert len(hostvars) == len(HOSTILE) + 1
    assert len({each["mist_unique_id"] for each in hostvars.values()}) == len(hostvars)
    for name, each in hostvars.items():
        assert not set(name) & set(":{}#[]'\" ")
        assert each["ansible_host"].startswith("192.0.2.")
        assert str(each["mist_state"]).lower() == "running"
        assert all(set(text) & set("{(\\") for text in unsafe_in(each))
    assert unsafe_in(hostvars["web"]) == []
    assert hostvars["web"]["title"] == "OpenStack oneweb"
    assert sorted(inventory["_running"]["hosts"]) == sorted(hostvars)
    job = run("playbook", "-i", write_script(tmp_path, output), write_playbook(tmp_path), directory=tmp_path)
    assert job.returncode == 0, job.stdout
    assert job.stdout.count("ok=") == len(hostvars)
    assert not (tmp_path / "CANARY").exists()


def test_a_playbook_may_do_what_it_likes_with_what_a_server_says(hostile, write, tmp_path):
    done = run("playbook", "-i", write(**hostile), write_playbook(tmp_path), directory=tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok=") == len(HOSTILE) + 1
    assert not (tmp_path / "CANARY").exists()


def test_a_server_that_refuses_the_login_is_a_failure_where_that_is_wanted(write, world, tmp_path):
    world.mist.fail("answer", status=401, body="Unauthorized")
    strict = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True"}
    done = run("inventory", "--list", "-i", write(), directory=tmp_path, **strict)
    assert done.returncode != 0
    assert (
        "/backends answered 401: Unauthorized. Authentication failed. Check mist_api_token, or mist_email and"
        " mist_password." in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_a_backend_that_is_down_is_a_warning_and_the_rest_is_there(write, world, tmp_path):
    world.machine("web")
    other = world.backend("Other")
    world.mist.fail("provider_error", backend=other.id)
    strict = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True"}
    done = run("inventory", "--list", "--export", "-i", write(retries=0), directory=tmp_path, **strict)
    assert done.returncode == 0
    assert f"[WARNING]: The backend 'Other' ({other.id}) could not be listed: GET " in done.stderr
    assert done.stderr.endswith("Its machines are missing.")
    inventory = json.loads(done.stdout)
    assert list(inventory["_meta"]["hostvars"]) == ["web"]
    hostvars = inventory["all"]["vars"]
    assert hostvars["mist_inventory_partial"] is True
    assert hostvars["mist_failed_backends"][0]["title"] == "Other"


def test_extra_vars_come_before_the_environment(write, world, tmp_path):
    world.machine("web")
    path = write("mist.yml", "plugin: mistio.cloud.mist\n")
    extra = ["-e", f"mist_uri={world.mist.uri}"]
    wrong = {"MIST_URI": "http://127.0.0.1:9", "MIST_RETRIES": "0"}
    done = run("inventory", "--list", "-i", path, *extra, directory=tmp_path, **wrong)
    assert list(json.loads(done.stdout)["_meta"]["hostvars"]) == ["web"]


def test_a_token_may_be_a_vault_string(write, world, tmp_path):
    world.machine("web")
    secret = "vault-password-for-tests-0123456789"
    (tmp_path / "secret").write_text(secret, encoding="utf-8")
    vault = VaultLib([("default", VaultSecret(secret.encode()))])
    text = vault.encrypt(b"token-for-tests-0123456789").decode()
    options = {"plugin": "mistio.cloud.mist", "mist_uri": world.mist.uri, "mist_generation": "backends"}
    path = write("mist.yml", yaml.safe_dump(options) + "mist_api_token: !vault |\n  " + text.replace("\n", "\n  "))
    done = run("inventory", "--list", "-i", path, "--vault-password-file", tmp_path / "secret", directory=tmp_path)
    assert list(json.loads(done.stdout)["_meta"]["hostvars"]) == ["web"]
    assert world.mist.requests[0].headers["Authorization"] == "token-for-tests-0123456789"
    assert "token-for-tests" not in done.stdout + done.stderr
