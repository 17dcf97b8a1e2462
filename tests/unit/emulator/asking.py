# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small helpers to ask an emulator over HTTP, and the accounts that it knows."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any

from ansible_collections.mistio.cloud.tests.emulator import Emulator

EC2 = {
    "provider": "ec2_us_east",
    "title": "Amazon",
    "apikey": "demo-ec2-key",
    "apisecret": "ec2-secret-for-tests-0123456789",
}
OPENSTACK = {
    "provider": "openstack",
    "title": "Stack",
    "apikey": "demo",
    "apisecret": "openstack-password-for-tests-0123456789",
    "apiurl": "http://openstack.test:5000/v2.0/",
    "tenant_name": "demo",
}
DIGITALOCEAN = {
    "provider": "digitalocean",
    "title": "Ocean",
    "apisecret": "digitalocean-token-for-tests-0123456789",
}
LOGIN = {"email": "demo@mist.test", "password": "core-password-for-tests-0123456789"}
ORDER = {"name": "web", "image": "ami-76817c1e", "size": "t1.micro", "location": "0"}


@dataclass
class Reply:
    status: int
    body: Any
    headers: dict[str, str]


def ask(emulator: Emulator, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        raw = response.read().decode()
    finally:
        connection.close()
    is_json = response.headers["Content-Type"].startswith(("application/json", "application/problem+json"))
    return Reply(response.status, json.loads(raw) if is_json else raw, dict(response.headers))


def add_backend(emulator: Emulator, account: dict[str, Any] | None = None) -> str:
    return str(ask(emulator, "POST", "/backends", account or EC2).body["id"])


def create(emulator: Emulator, backend: str, **order: Any) -> Any:
    return ask(emulator, "POST", f"/backends/{backend}/machines", {**ORDER, **order}).body


def states(emulator: Emulator, backend: str) -> list[str]:
    return [machine["state"] for machine in ask(emulator, "GET", f"/backends/{backend}/machines").body]
