# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that name the server, and servers that cannot be reached."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running
from ansible_collections.mistio.cloud.tests.unit.conftest import OPENSTACK


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mist_uri": ""}, "mist_uri is missing. Set mist_uri or the environment variable MIST_URI."),
        ({"mist_uri": "http://mist.test/api/v1"}, "Remove /api/v1."),
        ({"mist_uri": "mist.test:8000"}, "it must begin with http:// or https://"),
        ({"mist_email": "me@mist.test"}, "mist_email requires mist_password"),
        ({"mist_password": "a-password-for-tests-0123456789"}, "mist_password requires mist_email"),
        ({"retries": -1}, "Invalid retries -1: it must be 0 or greater."),
        ({"timeout": 0}, "Invalid timeout 0: it must be greater than 0."),
    ],
)
def test_a_connection_that_makes_no_sense_is_reported(run, options, said):
    result = run("mist_backend", title="x", **options)
    assert result["failed"] is True
    assert said in result["msg"]


@pytest.mark.parametrize("module", ["mist_backend_info", "mist_backend"])
def test_a_server_that_is_not_named_is_reported_with_its_variable(run_module, module):
    result = run_module(module, {"title": "x"} if module == "mist_backend" else {})
    assert result["msg"] == "mist_uri is missing. Set mist_uri or the environment variable MIST_URI."


def test_the_environment_names_the_server(run_module, mist, monkeypatch):
    monkeypatch.setenv("MIST_URI", mist.uri)
    monkeypatch.setenv("MIST_EMAIL", "")
    assert run_module("mist_backend_info", {})["backends"] == []


@pytest.mark.server
def test_nothing_listening_is_reported(run_module):
    with running() as gone:
        uri = gone.uri
    result = run_module("mist_backend", {"mist_uri": uri, "retries": 0, **OPENSTACK})
    assert result["msg"] == (
        f"GET {uri}/backends failed: connection refused. Check the host and port in mist_uri, and that"
        " the server is running."
    )


def test_a_missing_library_is_reported(run, monkeypatch):
    from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import transport

    monkeypatch.setattr(transport, "IMPORT_ERROR", ImportError("No module named 'requests'"))
    result = run("mist_backend", **OPENSTACK)
    assert result["failed"] is True
    assert "Failed to import the required Python library (requests)" in result["msg"]
