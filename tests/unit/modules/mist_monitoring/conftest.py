# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine to monitor, and tasks about it, on the generation of ``mist``."""

from __future__ import annotations

import pytest

LOGIN = {
    "mist_generation": "backends",
    "mist_email": "demo@mist.test",
    "mist_password": "core-password-for-tests-0123456789",
}


@pytest.fixture
def key(api):
    """A key that opens the emulated hosts."""
    return api.keys.add("deploy", api.keys.generate())


@pytest.fixture
def web1(run, mist, facts, key, clock):
    """A machine that runs and that Mist can log in to, as the module returns it."""
    mist.settings.change(boot_seconds=0)
    backend = run("mist_backend", **facts.backend)["backend"]
    made = run("mist_machine", backend=backend["id"], name="web1", **facts.machine)["machine"]
    clock.slept.clear()
    mist.forget()
    return made


@pytest.fixture
def named(generation, web1):
    """The options that every task about web1 has; servers of 2014 monitor with the login of a user."""
    login = LOGIN if generation == "backends" else {}
    return {**login, "backend": web1["backend_id"], "machine": "web1"}


@pytest.fixture
def at(run, named):
    """at(option=value ...): the module, about web1 by default."""

    def run_there(*, check_mode=False, **options):
        return run("mist_monitoring", check_mode=check_mode, **{**named, **options})

    return run_there


@pytest.fixture
def four(scenario, named):
    """four(option=value ...): see scenario."""

    def run_there(**options):
        return scenario("mist_monitoring", **{**named, **options})

    return run_there


@pytest.fixture
def enabled(at, mist):
    """Monitoring of web1 is enabled, and its data come."""
    at(wait_for_stats=True)
    mist.forget()
