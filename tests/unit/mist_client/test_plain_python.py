# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client as a plain Python library: in a process that knows nothing of Ansible, or not even of requests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .guide import rows

ROOT = Path(__file__).parents[3]
CLIENT_IN = ROOT / "plugins" / "module_utils"
SCRIPT = Path(__file__).with_name("every_call.py")

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""


def python(code, *arguments, missing):
    """Run code in a fresh Python whose path holds the client, and where some libraries cannot be imported."""
    environment = {**os.environ, "PYTHONPATH": str(CLIENT_IN), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=missing) + code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_ansible_is_really_missing_there():
    assert "No module named 'ansible'" in python("import ansible", missing=["ansible"]).stderr


def test_every_name_of_the_first_client_works_without_ansible(emulator, tmp_path):
    plugin = tmp_path / "plugin.py"
    plugin.write_text("def read():\n    return 1\n", encoding="utf-8")
    code = f"import runpy; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    login = ("demo@mist.test", "core-password-for-tests-0123456789")
    ended = python(code, emulator.uri, *login, str(plugin), missing=["ansible", "ansible_collections"])
    assert (ended.stdout, ended.stderr) == ("done\n", "")
    arrived = [each.line for each in emulator.requests]
    calls = {call for row in rows() for call in row.calls}
    unmade = {
        call for call in calls if not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", call), line) for line in arrived)
    }
    assert unmade == set()


@pytest.mark.parametrize("missing", [["requests"], ["requests", "urllib3"], ["urllib3"]], ids=" and ".join)
def test_a_missing_requests_is_reported_when_a_client_is_made(missing):
    code = """
from mist_client import MissingLibrary, MistClient
try:
    MistClient("https://mist.example.test")
except MissingLibrary as error:
    print(error.package, "|", error)
"""
    ended = python(code, missing=missing)
    expected = f"requests | The Python library requests cannot be imported: No module named '{missing[0]}'.\n"
    assert (ended.stdout, ended.stderr) == (expected, "")
