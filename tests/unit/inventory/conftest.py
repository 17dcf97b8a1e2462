# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin as Ansible loads it, an emulated server, and machines there of any name and tag."""

from __future__ import annotations

import json
import os

import pytest
import yaml
from ansible import context
from ansible.cli.inventory import InventoryCLI
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.plugins import inventory as plugins
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display

from ansible_collections.mistio.cloud.tests.emulator import running
from ansible_collections.mistio.cloud.tests.emulator.world import Backend, Machine, base58_sha1

ACCOUNT = {
    "apikey": "demo",
    "apisecret": "openstack-password-for-tests-0123456789",
    "apiurl": "http://openstack.test:5000",
    "tenant_name": "demo",
}


class World:
    """What an emulated server knows, put there past all checks."""

    def __init__(self, mist):
        self.mist = mist

    def backend(self, title, provider="openstack", **account):
        backend = Backend(base58_sha1(title), title, provider, **{**ACCOUNT, **account})
        self.mist.world.backends[backend.id] = backend
        return backend

    def machine(self, name="web", backend=None, *, status="running", **fields):
        """A machine of the backend, or of the first one."""
        state = self.mist.world
        backend = backend or next(iter(state.backends.values()))
        number = state.count("machine")
        fields.setdefault("public_ips", [f"192.0.2.{number % 256}"])
        machine = Machine(f"m{number}", name, number, status, float("inf"), 0.0, **fields)
        state.machines_of(backend)[machine.id] = machine
        return machine

    def key(self, name, machine, backend=None, **login):
        """An association of the key of this name, with ``last_login``, ``user`` and ``port``."""
        state = self.mist.world
        backend = backend or next(iter(state.backends.values()))
        return state.associate(state.keys.get(name) or state.add_key(name), backend.id, machine.id, **login)

    def answer(self, body, path="/backends/*/machines", **fault):
        """Have the server answer this JSON, or this text as if it were JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        self.mist.fail("answer", **{"path": path, "status": 200, "body": text, "headers": headers, **fault})

    def asked(self):
        """What the server was asked since this was last called, such as ``GET /keys``."""
        lines = [each.line for each in self.mist.requests]
        self.mist.forget()
        return lines


@pytest.fixture
def world(mist):
    """A server with the one backend "OpenStack one"."""
    world = World(mist)
    world.backend("OpenStack one")
    return world


@pytest.fixture
def other_server():
    """Another server with one backend."""
    with running() as mist:
        world = World(mist)
        world.backend("OpenStack two")
        yield world


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """No option comes from a command line or from the environment."""
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict())
    for name in [name for name in os.environ if name.startswith(("MIST_", "ANSIBLE_INVENTORY_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def write(tmp_path, mist):
    """write(option=value ...): an inventory file for the emulated server; its path."""

    def to_file(name="mist.yml", text=None, /, **options):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        given = {"plugin": "mistio.cloud.mist", "mist_uri": mist.uri, **options}
        path.write_text(yaml.safe_dump(given) if text is None else text, encoding="utf-8")
        return str(path)

    return to_file


@pytest.fixture
def parse(write):
    """parse(option=value ...): what the plugin makes of such a file, in the way of Ansible; its errors rise.

    ``fresh_run`` is what --flush-cache and ``meta: refresh_inventory`` do.
    """

    def parsed(*args, fresh_run=False, **options):
        inventory, path = InventoryData(), write(*args, **options)
        inventory.current_source = path
        plugin = inventory_loader.get("mistio.cloud.mist")
        assert plugin.verify_file(path)
        plugin.parse(inventory, DataLoader(), path, cache=not fresh_run)
        if plugin.get_option("cache"):
            plugin.update_cache_if_changed()
        inventory.reconcile_inventory()
        return inventory

    return parsed


@pytest.fixture
def manage():
    """manage(path ...): the inventory of several files, as for ``-i``; an error is a warning there."""

    def managed(*paths):
        return InventoryManager(DataLoader(), [str(path) for path in paths])

    return managed


@pytest.fixture
def extra_vars(monkeypatch):
    """What ``-e`` gives."""
    given = {}
    monkeypatch.setattr(plugins, "load_extra_vars", lambda loader: given)
    return given


@pytest.fixture
def plugin_options():
    """All options of the plugin, as ansible-core read them from its documentation."""
    return inventory_loader.get("mistio.cloud.mist").option_definitions


@pytest.fixture
def canary(monkeypatch, tmp_path):
    """canary(): whether one of the texts of attack.py was rendered."""
    monkeypatch.chdir(tmp_path)
    return (tmp_path / "CANARY").exists


@pytest.fixture
def dump(monkeypatch):
    """dump(variables): the variables of a host as they stand in the JSON that ansible-inventory prints."""
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict(yaml=False, toml=False, export=True))

    def dumped(variables):
        return json.loads(InventoryCLI.dump({"_meta": {"hostvars": {"web": variables}}}))["_meta"]["hostvars"]["web"]

    return dumped


@pytest.fixture
def warnings(monkeypatch):
    """The texts of all warnings."""
    messages = []

    def warn(_self, msg, exception=None, **_options):
        messages.append(f"{msg} {exception}" if exception else msg)

    monkeypatch.setattr(Display, "warning", warn)
    monkeypatch.setattr(Display, "error_as_warning", warn, raising=False)  # from ansible-core 2.19 on
    return messages
