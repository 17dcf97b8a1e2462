# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""mist_backend_info and mist_provider_info, as the author of a playbook sees them."""

from __future__ import annotations

import pytest


def test_the_backends_are_listed_by_title_in_one_request(run, mist, openstack, ec2):
    mist.forget()
    result = run("mist_backend_info")
    assert result == {"changed": False, "backends": [ec2, openstack]}
    assert [arrived.line for arrived in mist.requests] == ["GET /backends"]


def test_check_mode_reads_as_well(run, openstack):
    assert run("mist_backend_info", check_mode=True)["backends"] == [openstack]


def test_no_backends_are_an_empty_list(run, mist):
    assert run("mist_backend_info")["backends"] == []


@pytest.mark.parametrize("by", ["id", "title", "provider"])
def test_only_those_that_fit_are_listed(run, openstack, ec2, by):
    assert run("mist_backend_info", **{by: openstack[by]})["backends"] == [openstack]
    assert run("mist_backend_info", **{by: "nosuch"})["backends"] == []


def test_ec2_means_every_region_of_it(run, mist, openstack, ec2):
    """Servers of 2014 have one provider for each region."""
    west = run("mist_backend", title="West", provider="ec2_us_west", validate=False)["backend"]
    assert run("mist_backend_info", provider="ec2")["backends"] == [ec2, west]
    assert run("mist_backend_info", provider="ec2_us_west")["backends"] == [west]


def test_a_provider_with_its_region_means_that_region(run):
    account = {"api_key": "rackspace-user", "api_secret": "rackspace-secret-for-tests-0123456789", "validate": False}
    there = run("mist_backend", title="R", provider="rackspace:dfw", **account)["backend"]
    assert run("mist_backend_info", provider="rackspace:dfw")["backends"] == [there]
    assert run("mist_backend_info", provider="rackspace")["backends"] == [there]
    assert run("mist_backend_info", provider="rackspace:ord")["backends"] == []


def test_all_filters_must_fit(run, openstack, ec2):
    assert run("mist_backend_info", id=ec2["id"], title="OpenStack one")["backends"] == []
    assert run("mist_backend_info", titles=["OpenStack one", "EC2 one"], provider="openstack")["backends"] == [
        openstack
    ]


def test_the_providers_are_listed_with_what_they_need_in_one_request(run, mist):
    result = run("mist_provider_info")
    assert result["changed"] is False
    providers = {each["provider"]: each for each in result["providers"]}
    assert list(providers) == sorted(providers)
    assert len(providers) == 26  # what the server of 2014 lists, recordings/2014
    assert providers["openstack"] == {
        "provider": "openstack",
        "title": "OpenStack",
        "required": ["api_key", "api_secret", "api_url"],
        "optional": ["tenant_name", "region", "compute_endpoint"],
    }
    assert [arrived.line for arrived in mist.requests] == ["GET /providers"]


@pytest.mark.parametrize("module", ["mist_backend_info", "mist_provider_info"])
def test_a_server_that_fails_is_reported(run, mist, module):
    mist.fail("answer", status=500)
    result = run(module)
    assert result["failed"] is True
    assert (
        "answered 500: Internal Server Error. The answer has no details. Check the log of the Mist server."
        in result["msg"]
    )


def test_the_backends_of_a_list_of_titles_are_returned(run, mist, openstack, ec2):
    assert run("mist_backend_info", titles=["OpenStack one", "EC2 one", "nosuch"])["backends"] == [ec2, openstack]
    assert run("mist_backend_info", titles=["OpenStack"])["backends"] == []
    mist.forget()
    assert (run("mist_backend_info", titles=[])["backends"], mist.requests) == ([], [])
