# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a world with many backends and machines, the same ones in each run."""

from __future__ import annotations

from .providers import provider_of
from .providers.unreachable import Unreachable
from .settings import Account, DigitalOceanAccount, DockerHost, Ec2Account, OpenStackAccount
from .world import Backend, World, base58_sha1

# The mixture, in turn: most of a real installation is EC2 and OpenStack.
PROVIDERS = ("ec2_us_east", "openstack", "digitalocean", "ec2_eu_west", "ec2_us_west_oregon", "docker")
SECRET = "load-secret-for-tests-0123456789"


def fill(world: World) -> None:
    """As many backends and machines in each as the settings say."""
    accounts: list[Account] = []
    for index in range(world.settings.backends):
        backend, account = _backend(index)
        accounts.append(account)
        world.backends[backend.id] = backend
        provider = provider_of(backend.provider) or Unreachable()
        for number in range(world.settings.machines):
            provider.load(world, backend, number)
    world.settings.accounts = (*world.settings.accounts, *accounts)


def _backend(index: int) -> tuple[Backend, Account]:
    name = PROVIDERS[index % len(PROVIDERS)]
    title, apikey, url = f"Load {index:03}", f"load-{index:03}", f"http://load-{index:03}.test"
    token = f"{SECRET}-{index:03}"
    if name == "openstack":
        backend = Backend("", title, name, apikey=apikey, apisecret=SECRET, apiurl=url, tenant_name="load")
        account: Account = OpenStackAccount(apikey, SECRET, "load", url)
    elif name == "digitalocean":
        backend, account = Backend("", title, name, apikey=token, apisecret=token), DigitalOceanAccount(token)
    elif name == "docker":
        backend, account = Backend("", title, name, apiurl=url), DockerHost(url)
    else:
        backend, account = Backend("", title, name, apikey=apikey, apisecret=SECRET), Ec2Account(apikey, SECRET)
    identity = f"docker{title}{url}" if name == "docker" else f"{name}{backend.apikey}"
    backend.id = base58_sha1(identity)
    return backend, account
