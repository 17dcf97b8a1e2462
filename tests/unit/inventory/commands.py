# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Ansible in processes of their own, as people and AWX run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

#: AWX runs these (awx/main/tasks/jobs.py, RunInventoryUpdate), with what a source's variables and a credential add
AWX = {
    "ANSIBLE_INVENTORY_EXPORT": "True",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_VERBOSE_TO_STDERR": "True",
    "ANSIBLE_HOST_PATTERN_MISMATCH": "error",
    "INVENTORY_SOURCE_ID": "1",
    "INVENTORY_UPDATE_ID": "2",
}

#: does with what is known of a host what playbooks do, and more than they should
PLAYBOOK = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {"ansible.builtin.debug": {"var": "hostvars[inventory_hostname]"}},
            {"ansible.builtin.set_fact": {"tags_again": "{{ mist_tags }}", "title": "{{ mist_backend_title }}"}},
            {"ansible.builtin.debug": {"msg": "{{ tags_again }} {{ title }} {{ mist_name }} {{ role | default('') }}"}},
            {
                "ansible.builtin.debug": {"msg": "{{ inventory_hostname }} {{ group_names }} {{ groups.keys() }}"},
                "when": "{{ mist_tags.role }}",
                "ignore_errors": True,
            },
        ],
    }
]


def environment(directory, **variables):
    """What a process is to see: nothing of a user's settings, but where the collection is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MIST_", "ANSIBLE_"))}
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_LOCAL_TEMP": str(directory / "temporary"),
        "ANSIBLE_NOCOLOR": "1",
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        **variables,
    }


def run(command, *arguments, directory, **variables):
    """The outcome of ``ansible-COMMAND``, with its ``stderr`` in one line."""
    done = subprocess.run(
        [sys.executable, "-m", f"ansible.cli.{command}", *map(str, arguments)],
        cwd=directory,
        env=environment(directory, **variables),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    done.stderr = " ".join(done.stderr.split())
    return done


def write_playbook(directory):
    path = directory / "playbook.yml"
    path.write_text(yaml.safe_dump(PLAYBOOK), encoding="utf-8")
    return path


def write_script(directory, output):
    """An executable inventory that prints this file: so AWX hands an inventory to a job."""
    path = directory / "hosts.sh"
    path.write_text(f"#!/bin/sh\ncat '{output}'\n", encoding="utf-8")
    path.chmod(0o755)
    return path
