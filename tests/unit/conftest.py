# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated server, and modules run as Ansible runs them: real options in, real HTTP, real JSON out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import import_module

import pytest
from ansible.module_utils import basic
from ansible.plugins.loader import init_plugin_loader
from ansible.release import __version__
from ansible.utils.collection_loader import AnsibleCollectionConfig

try:
    from ansible.module_utils.secrets import mask_secrets
except ImportError:  # ansible-core before 2.22
    mask_secrets = None

if AnsibleCollectionConfig.collection_finder is None:  # ansible-test has done it already
    init_plugin_loader()  # before the first import of the collection, or Ansible would not find its plugins

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient, waiting
from ansible_collections.mistio.cloud.tests.emulator import Emulator, running

#: the fixtures that start a server
SERVERS = {
    *("mist", "clouds", "emulator", "other_server", "server", "hosted", "elsewhere", "replay"),
}
WITHOUT_SERVERS = "not server"

OPENSTACK = {
    "title": "OpenStack one",
    "provider": "openstack",
    "api_key": "demo",
    "api_secret": "openstack-password-for-tests-0123456789",
    "api_url": "http://openstack.test:5000/v2.0",
    "tenant_name": "demo",
}
EC2 = {
    "title": "EC2 one",
    "provider": "ec2_us_east",
    "api_key": "demo-ec2-key",
    "api_secret": "ec2-secret-for-tests-0123456789",
}
DIGITALOCEAN = {
    "title": "DO one",
    "provider": "digitalocean",
    "api_secret": "digitalocean-token-for-tests-0123456789",
}

# for servers of 2016 and later
AWS = {**EC2, "title": "aws", "provider": "ec2", "region": "us-east-1"}
DOCK = {"title": "dock", "provider": "docker", "credentials": {"host": "docker.test", "port": 4243}}


@dataclass(frozen=True)
class Facts:
    """What a test that runs on both generations must know of a server: its providers have other ids."""

    backend: dict  # the options of mist_backend for the backend that most tests use
    machine: dict  # the options of mist_machine for a machine there


FACTS = {
    "clouds": Facts(
        backend=AWS,
        machine={"image": "ami-1e749f67", "size": "t2.micro", "location": "us-east-1a", "key": "deploy"},
    ),
    "backends": Facts(
        backend=OPENSTACK,
        machine={"image": "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "size": "2", "key": "deploy"},
    ),
}
#: a mark for tests that hold on servers of both generations
both_generations = pytest.mark.parametrize("generation", FACTS)
#: a mark for tests of servers of 2016 and later alone
only_clouds = pytest.mark.parametrize("generation", ["clouds"])


def pytest_configure(config):
    """`make quick` leaves out the tests that start a server. One that starts it without the mark fails there."""
    config.addinivalue_line("markers", "server: the test starts a server")
    if config.getoption("markexpr", "") == WITHOUT_SERVERS:

        def refuse(*_args):
            raise RuntimeError("This test starts a server: mark it with pytest.mark.server.")

        Emulator.reset = refuse


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "emulator" in item.path.parts or SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


@pytest.fixture
def generation():
    """The generation of ``mist``; see ``both_generations`` and ``only_clouds``."""
    return "backends"


@pytest.fixture
def facts(generation):
    return FACTS[generation]


@pytest.fixture
def mist(generation):
    """A server without backends, keys and machines."""
    with running(generation=generation) as emulator:
        yield emulator


def login(emulator):
    """The options that name the server; servers of 2014 need no token."""
    token = {"mist_api_token": emulator.token} if emulator.settings.generation == "clouds" else {}
    return {"mist_uri": emulator.uri, **token}


class Clock(waiting.Clock):
    """A clock whose sleeping takes no time, and lets the emulated server's time go by instead."""

    def __init__(self, mist):
        self.mist = mist
        self.slept = []

    def now(self):
        return self.mist.clock.now()

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.mist.clock.advance(seconds)


@pytest.fixture
def clock(mist, monkeypatch):
    """The clock that waiting goes by, with what was ``slept``."""
    mist.clock.stop()
    clock = Clock(mist)
    monkeypatch.setattr(waiting, "CLOCK", clock)
    return clock


@pytest.fixture(autouse=True)
def _no_mist_in_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("MIST_")]:
        monkeypatch.delenv(name)


def shown(result):
    """A result as Ansible prints it: from ansible-core 2.22 on, only the output is masked, and not the result."""
    return json.dumps(result) if mask_secrets is None else mask_secrets(json.dumps(result))


@pytest.fixture
def run_module(monkeypatch, capsys, tmp_path):
    """run_module(name, options): the module's result, with ``failed`` when it failed, and ``warnings`` if it warned.

    ``printed`` is all its output.
    """

    def run(name, options, *, check_mode=False):
        warnings = []  # ansible-core itself would show them at once, as this process is a controller to it
        monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _module, warning, **_more: warnings.append(warning))
        internal = {
            "_ansible_check_mode": check_mode,
            "_ansible_diff": True,
            "_ansible_remote_tmp": str(tmp_path),
            "_ansible_version": __version__,
        }
        arguments = json.dumps({"ANSIBLE_MODULE_ARGS": {**options, **internal}}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", arguments)
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)  # wanted from ansible-core 2.19 on
        module = import_module(f"ansible_collections.mistio.cloud.plugins.modules.{name}")
        with pytest.raises(SystemExit):
            module.main()
        run.printed = capsys.readouterr().out
        result = json.loads(run.printed)
        result.pop("invocation", None)
        result.pop("_ansible_new_secrets", None)  # from ansible-core 2.22 on; see `shown`
        return {**result, "warnings": warnings} if warnings else result

    return run


@pytest.fixture
def run(mist, run_module):
    """run(name, option=value ...): one run against the emulated server."""

    def run_once(name, /, check_mode=False, **options):
        return run_module(name, {**login(mist), **options}, check_mode=check_mode)

    return run_once


@pytest.fixture
def scenario(mist, run):
    """scenario(name, option=value ...): a task that is run four times, as every task must bear it.

    In check mode, for real, in check mode again and for real again. What check mode predicts must come true without a
    write, and what is done must stay done. Warnings may differ once it is done. Returns the first real run's result.
    ``unknown`` are fields that are null until the server has made them.
    """
    if mist.settings.generation == "clouds":
        return later_scenario(mist, run)

    def four_times(name, /, unknown=(), **options):
        mist.forget()
        predicted = run(name, check_mode=True, **options)
        assert mist.writes == [], "check mode wrote"
        first = run(name, **options)
        assert predicted == without(first, unknown)
        mist.forget()
        predicted_again, again = run(name, check_mode=True, **options), run(name, **options)
        assert mist.writes == [], "the second run wrote"
        assert predicted_again == again
        after = first["diff"]["after"]
        done = {"changed": False, "actions": [], "diff": {"before": after, "after": after}, "warnings": 0}
        assert without({**again, "warnings": 0}, unknown) == without({**first, **done}, unknown)
        return first

    return four_times


def without(result, names):
    """A result in which the fields of these names are null."""
    if not isinstance(result, dict):
        return result
    return {name: None if name in names else without(value, names) for name, value in result.items()}


@pytest.fixture
def openstack(run):
    """A backend that is there, as the module tells it."""
    return run("mist_backend", **OPENSTACK)["backend"]


@pytest.fixture
def ec2(run):
    return run("mist_backend", **EC2)["backend"]


@pytest.fixture
def api(mist):
    """The client's operations at the server, to set things up with."""
    options = login(mist)
    with MistClient(options["mist_uri"], api_token=options.get("mist_api_token")) as client:
        yield client.api


@pytest.fixture
def add_key(mist, api):
    """add_key(name): a fresh key pair on the server; its private half."""

    def add(name):
        private = api.keys.generate()
        api.keys.add(name, private)
        mist.forget()
        return private

    return add


@pytest.fixture
def clouds():
    """A server of 2016 or later, beside ``mist``."""
    with running(generation="clouds") as emulator:
        yield emulator


def later_scenario(mist, run):
    """As ``scenario``, but for what only the server can tell of the future: it is None or empty when it is predicted.

    ``but`` are fields that cannot be predicted and keep their old values. ``unknown`` is as in ``scenario``.
    """

    def four_times(name, /, but=(), unknown=(), **options):
        mist.forget()
        predicted = run(name, check_mode=True, **options)
        assert mist.writes == [], "check mode wrote"
        first = run(name, **options)
        assert first.get("msg") is None
        assert all(without(predicted, unknown)[name] == predicted[name] for name in predicted), "known after all"
        agree(predicted, first, but)
        mist.forget()
        predicted_again, again = run(name, check_mode=True, **options), run(name, **options)
        assert mist.writes == [], "the second run wrote"
        assert predicted_again == again
        assert (again["changed"], again["actions"]) == (False, [])
        assert again["diff"]["before"] == again["diff"]["after"]
        varying = {"actions": 0, "diff": 0, "warnings": 0}
        assert {**again, "changed": True, **varying} == {**first, **varying}
        return first

    return four_times


def agree(predicted, real, but):
    """Assert that all that was predicted came true."""
    if isinstance(predicted, dict) and isinstance(real, dict):
        assert predicted.keys() <= real.keys()
        for name in predicted.keys() - set(but):
            agree(predicted[name], real[name], but)
    elif isinstance(predicted, list) and predicted:
        assert len(predicted) == len(real)
        for one, other in zip(predicted, real):
            agree(one, other, but)
    elif predicted not in (None, []):
        assert predicted == real
