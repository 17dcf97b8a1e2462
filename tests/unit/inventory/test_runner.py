# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory under ansible-runner, which is what AWX runs it by, on its own node and on far ones."""

from __future__ import annotations

import subprocess
import sys

import ansible_runner
import pytest
import yaml

from .attack import BRACES
from .commands import AWX, environment


@pytest.fixture
def directory(tmp_path, world):
    """What ansible-runner calls a private data directory: an inventory, a playbook and the environment."""
    world.machine(BRACES, tags={"role": BRACES.replace("CANARY", str(tmp_path / "CANARY"))})
    world.key("shop", world.machine("web"), user="deploy")
    show = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.debug": {"var": "hostvars"}}]}
    variables = {**environment(tmp_path), **AWX, "MIST_URI": world.mist.uri}
    for path, content in (
        ("inventory/mist.yml", {"plugin": "mistio.cloud.mist", "keyed_groups": [{"key": "mist_tags.role"}]}),
        ("project/show.yml", [show]),
        ("env/envvars", variables),
    ):
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return tmp_path / "data"


def test_the_runner_gets_the_inventory(directory, tmp_path, monkeypatch):
    variables = yaml.safe_load((directory / "env" / "envvars").read_text(encoding="utf-8"))
    monkeypatch.setenv("PATH", variables["PATH"])
    inventory, complaints = ansible_runner.get_inventory(
        "list",
        inventories=[str(directory / "inventory" / "mist.yml")],
        response_format="json",
        export=True,
        quiet=True,
        envvars=variables,
    )
    hostvars = inventory["_meta"]["hostvars"]
    assert not complaints
    assert hostvars["web"]["ansible_host"] == "192.0.2.2"
    assert hostvars["web"]["ansible_user"] == "deploy"
    assert len(hostvars) == 2
    assert not (tmp_path / "CANARY").exists()


def test_a_job_runs_on_a_far_node(directory, tmp_path):
    (tmp_path / "back").mkdir()

    def step(*arguments, **streams):
        command = [sys.executable, "-m", "ansible_runner", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=True, env=environment(tmp_path), **streams).stdout

    payload = step("transmit", directory, "-p", "show.yml")
    answers = step("worker", "--private-data-dir", tmp_path / "far", input=payload)
    shown = step("process", tmp_path / "back", input=answers).decode()
    assert shown.count("failed=0") == 2
    assert '"ansible_user": "deploy"' in shown
    assert not (tmp_path / "CANARY").exists()
