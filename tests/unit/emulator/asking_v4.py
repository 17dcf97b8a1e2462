# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small helpers to ask an emulator of the generation `clouds`, and the accounts that it knows."""

from __future__ import annotations

from typing import Any

from ansible_collections.mistio.cloud.tests.emulator import Emulator

from .asking import Reply, ask

Item = dict[str, Any]

AWS: Item = {
    "name": "aws",
    "provider": "amazon",
    "apikey": "demo-ec2-key",
    "apisecret": "ec2-secret-for-tests-0123456789",
    "region": "us-east-1",
}
ENGINE: Item = {"name": "engine", "provider": "docker", "host": "docker.test"}
STACK: Item = {
    "name": "stack",
    "provider": "openstack",
    "username": "demo",
    "password": "openstack-password-for-tests-0123456789",
    "url": "http://openstack.test:5000/v2.0/",
    "tenant": "demo",
}
OCEAN: Item = {"name": "ocean", "provider": "digitalocean", "token": "digitalocean-token-for-tests-0123456789"}
UBUNTU = "ami-1e749f67"
ORDER: Item = {"name": "web", "image": UBUNTU, "size": "t2.micro", "location": "0"}


def asked(emulator: Emulator, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """With the token of the emulator, unless the headers say otherwise."""
    return ask(emulator, method, path, body, **{"Authorization": emulator.token, **headers})


def add_cloud(emulator: Emulator, account: Item | None = None, **fields: Any) -> str:
    return str(asked(emulator, "POST", "/api/v1/clouds", {**(account or AWS), **fields}).body["id"])


def listed(emulator: Emulator, cloud: str, kind: str = "machines") -> list[Item]:
    found: list[Item] = asked(emulator, "GET", f"/api/v1/clouds/{cloud}/{kind}").body
    return found


def create(emulator: Emulator, cloud: str, **order: Any) -> Any:
    """The answer of a create; its id is the provider's."""
    return asked(emulator, "POST", f"/api/v1/clouds/{cloud}/machines", {**ORDER, **order}).body


def make(emulator: Emulator, cloud: str, **order: Any) -> str:
    """Mist's id of a new machine that is running already."""
    external = create(emulator, cloud, **order)["id"]
    emulator.clock.advance(emulator.settings.boot_seconds)
    return next(str(each["id"]) for each in listed(emulator, cloud) if each["external_id"] == external)


def act(emulator: Emulator, machine: str, action: str, **more: Any) -> Reply:
    return asked(emulator, "POST", f"/api/v1/machines/{machine}", {"action": action, **more})
