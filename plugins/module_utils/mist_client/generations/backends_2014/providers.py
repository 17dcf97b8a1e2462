# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of each provider, as data."""

from __future__ import annotations

from typing import NamedTuple


class Options(NamedTuple):
    """Options of ``BackendSpec`` in addition to title and provider."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


# Whether the server requires key and secret: recordings/2014/CONTRACT.md 2. Assumed: OpenStack and Docker also require
# api_url, because the server has no default address for them.
BACKENDS_2014: dict[str, Options] = {
    "bare_metal": Options(("machine_ip", "machine_key"), ("machine_user", "machine_port")),
    "digitalocean": Options(("api_secret",)),
    "docker": Options(("api_url",), ("docker_port", "api_key", "api_secret")),
    "ec2": Options(("api_key", "api_secret")),
    "gce": Options(("api_key", "api_secret"), ("tenant_name",)),
    "hpcloud": Options(("api_key", "api_secret"), ("tenant_name", "api_url")),
    "linode": Options(("api_secret",)),
    "openstack": Options(("api_key", "api_secret", "api_url"), ("tenant_name", "region", "compute_endpoint")),
    "rackspace": Options(("api_key", "api_secret")),
    "rackspace_first_gen": Options(("api_key", "api_secret")),
    "softlayer": Options(("api_key", "api_secret")),
}
ANY_OTHER_2014 = Options(("api_key", "api_secret"))


def options_2014(provider: str) -> Options:
    """The options of a provider, by its id, such as ``ec2_us_east`` or ``rackspace:dfw``."""
    driver = "ec2" if provider.startswith("ec2_") else provider.partition(":")[0]
    return BACKENDS_2014.get(driver, ANY_OTHER_2014)
