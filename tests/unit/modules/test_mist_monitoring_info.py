# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_monitoring_info, as the author of a playbook sees it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.unit.conftest import both_generations

pytestmark = [both_generations, pytest.mark.usefixtures("clock")]

LOGIN = {
    "mist_generation": "backends",
    "mist_email": "demo@mist.test",
    "mist_password": "core-password-for-tests-0123456789",
}


@pytest.fixture
def login(generation):
    """Servers of 2014 monitor with the login of a user."""
    return LOGIN if generation == "backends" else {}


@pytest.fixture
def at(run, login):
    """at(option=value ...): the module."""

    def run_there(*, check_mode=False, **options):
        return run("mist_monitoring_info", check_mode=check_mode, **{**login, **options})

    return run_there


@pytest.fixture
def machines(run, mist, facts, add_key, login):
    """web1, which is monitored, and web2, which is not."""
    mist.settings.change(boot_seconds=0)
    add_key("deploy")
    backend = run("mist_backend", **facts.backend)["backend"]["id"]
    run("mist_machine", backend=backend, names=["web1", "web2"], **facts.machine)
    run("mist_monitoring", **login, backend=backend, machine="web1")
    mist.forget()


def names(result):
    return [each["name"] for each in result["machines"]]


def asked(mist):
    return [f"{each.method} {each.path.rstrip('/').split('/')[-1]}" for each in mist.requests]


def test_one_is_named_by_id_or_address(run, at, machines):
    (web1,) = run("mist_machine_info", name="web1")["machines"]
    for word in (web1["id"], web1["public_ips"][0], *web1["private_ips"]):
        assert names(at(machines=[word])) == ["web1"]
    assert names(at(machines=[web1["id"], "web2"])) == ["web1", "web2"]


def test_a_machine_that_is_not_there_is_a_failure_when_all_backends_answer(at, machines):
    assert "Machine 'nosuch' not found on" in at(machines=["nosuch"])["msg"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"machines": ["web9"]}, "Machine 'web9' not found on"),
        ({"machines": ["web"]}, "Machine 'web' not found on"),
        ({"machines": ["192.0.2.99"]}, "Machine '192.0.2.99' not found on"),
        ({"machines": [""]}, "machine is empty."),
        ({"backends": ["nosuch"]}, "Backend 'nosuch' not found on"),
        ({"start": "yesterday"}, "Invalid start 'yesterday': it is not a time. It must be a Unix time (1413540000)"),
        ({"start": "-10m", "stop": "-20m"}, "must be before stop"),
        ({"start": "10", "stop": "10"}, "start (1970-01-01T00:00:10Z) must be before stop (1970-01-01T00:00:10Z)."),
        ({"start": "-10m", "step": 0}, "Invalid step 0: it must be at least 1 second."),
        ({"start": "0", "stop": "2014-10-17", "step": 10}, "The maximum is 10000. Set step to at least 141351"),
        ({"start": "1413540000000"}, "it must be between 1970 and 2100. A Unix time is in seconds."),
        ({"stop": "now"}, "missing parameter(s) required by 'stop': start"),
    ],
)
def test_bad_input_is_reported(at, mist, machines, options, said):
    result = at(**options)
    assert result["failed"] is True
    assert said in result["msg"]
    assert "GET stats" not in asked(mist)
