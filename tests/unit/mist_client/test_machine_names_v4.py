# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What machines may be called at which provider (recordings/4.7/CONTRACT.md 5, read only)."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import (
    machine_names,
    providers,
)

TAKEN = {
    "azure_arm": ("web1", "web-1"),
    "digitalocean": ("web1", "web-1.example.test"),
    "docker": ("web_1", "büro"),
    "ec2": ("web_1", "my büro", "x" * 255),
    "equinixmetal": ("w", "web-1.example.test"),
    "gce": ("w", "web-1", "a" * 63),
    "kubevirt": ("w", "web-1.a"),
    "linode": ("web", "web_1-a"),
    "maxihost": ("web1", "web.1"),
    "onapp": ("w1", "Web.1"),
}
REFUSED = {
    "azure_arm": ("web.1", "web_1", "-web", "w"),
    "digitalocean": ("web_1", "web.", "w", "web\n"),
    "ec2": ("x" * 256,),
    "equinixmetal": ("web_1", "büro"),
    "gce": ("Web", "1web", "web-", "a" * 64),
    "kubevirt": ("Web", "web."),
    "linode": ("we", "web.1", "_web"),
    "maxihost": ("web_1",),
    "onapp": ("my web", "web-"),
}


@pytest.mark.parametrize(("provider", "name"), [(provider, name) for provider in TAKEN for name in TAKEN[provider]])
def test_a_name_that_the_provider_takes_is_taken(provider, name):
    machine_names.check(name, provider)


@pytest.mark.parametrize(("provider", "name"), [(provider, name) for provider in REFUSED for name in REFUSED[provider]])
def test_a_name_that_it_refuses_is_reported_with_its_rule(provider, name):
    with pytest.raises(InvalidValue, match=f"for provider {provider}: "):
        machine_names.check(name, provider)


def test_the_providers_are_called_as_the_server_calls_them():
    assert machine_names.RULES.keys() <= {record["provider"] for record in providers.providers()}
