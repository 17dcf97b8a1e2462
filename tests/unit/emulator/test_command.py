# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `python -m tests.emulator`: its address file, its end, its options."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]


def start(address_file: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.emulator", "--address-file", str(address_file), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not address_file.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


def test_the_command_writes_its_address_and_ends_on_sigterm(tmp_path: Path) -> None:
    process = start(tmp_path / "address.json", "--lifetime", "30", "--backends", "1", "--machines", "2")
    address = json.loads((tmp_path / "address.json").read_text(encoding="utf-8"))
    assert address["pid"] == process.pid
    assert address["uri"] == f"http://127.0.0.1:{address['port']}"
    connection = http.client.HTTPConnection("127.0.0.1", address["port"], timeout=5)
    connection.request("GET", "/backends")
    assert len(json.loads(connection.getresponse().read())) == 1
    connection.close()
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(5) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["address.json"]


def test_the_command_ends_itself_when_its_lifetime_is_over(tmp_path: Path) -> None:
    process = start(tmp_path / "address.json", "--lifetime", "0.3")
    assert process.wait(10) == 0


def test_the_command_takes_accounts_hosts_and_faults(tmp_path: Path) -> None:
    options = ["--account", "ec2:mine:my-secret", "--host", "192.0.2.99:2222:mine,yours", "--login", "a@mist.test:pw"]
    fault = ["--fail", '{"kind": "answer", "status": 503, "path": "/keys"}']
    process = start(tmp_path / "address.json", "--lifetime", "30", *options, *fault)
    port = json.loads((tmp_path / "address.json").read_text(encoding="utf-8"))["port"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    account = {"provider": "ec2_us_east", "title": "t", "apikey": "mine", "apisecret": "my-secret"}
    found = []
    for method, path, body in (
        ("GET", "/keys", None),
        ("POST", "/backends", account),
        ("POST", "/auth", {"email": "a@mist.test", "password": "pw"}),
        ("POST", "/backends/b/machines/m/probe", {"host": "192.0.2.99"}),
    ):
        connection.request(method, path, json.dumps(body))
        response = connection.getresponse()
        found.append((response.status, b"rtt_avg" in response.read()))
    connection.close()
    process.terminate()
    process.wait(5)
    assert found == [(503, False), (200, False), (200, False), (200, True)]


def test_the_command_starts_a_server_of_the_other_generation(tmp_path: Path) -> None:
    options = ["--generation", "clouds", "--backends", "2", "--machines", "3", "--token", "ab" * 32]
    process = start(tmp_path / "address.json", "--lifetime", "30", *options, "--job-seconds", "0")
    port = json.loads((tmp_path / "address.json").read_text(encoding="utf-8"))["port"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/api/v1/machines", headers={"Authorization": "ab" * 32})
    machines = json.loads(connection.getresponse().read())
    connection.close()
    process.terminate()
    assert process.wait(5) == 0
    assert len(machines) == 6
