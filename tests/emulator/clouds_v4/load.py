# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is full from the start: the same mixture of accounts as in 2014, as clouds."""

from __future__ import annotations

from ..load import SECRET
from ..settings import Account, DigitalOceanAccount, DockerHost, Ec2Account, OpenStackAccount
from ..world import World
from . import clouds, polling
from .state import Cloud, Database, Item

# (provider, region) in turn
MIXTURE = (
    ("ec2", "us-east-1"),
    ("openstack", ""),
    ("digitalocean", ""),
    ("ec2", "eu-west-1"),
    ("ec2", "us-west-2"),
    ("docker", ""),
)


def fill(world: World) -> None:
    """As many clouds and machines in each as the settings say."""
    accounts: list[Account] = []
    for index in range(world.settings.backends):
        cloud, account = _cloud(world, index)
        accounts.append(account)
        world.backends[cloud.id] = cloud
        driver = polling.driver_at(cloud)
        for number in range(world.settings.machines):
            driver.load(world, cloud, number)
        polling.fill_catalogue(world, cloud)
        polling.note(world, cloud)
    world.settings.accounts = (*world.settings.accounts, *accounts)


def _cloud(world: World, index: int) -> tuple[Cloud, Account]:
    provider, region = MIXTURE[index % len(MIXTURE)]
    user, token, host = f"load-{index:03}", f"{SECRET}-{index:03}", f"load-{index:03}.test"
    account: Account = Ec2Account(user, SECRET)
    fields: Item = {"apikey": user, "apisecret": SECRET, "region": region}
    if provider == "openstack":
        fields = {"username": user, "password": SECRET, "url": f"http://{host}", "tenant": "load"}
        account = OpenStackAccount(user, SECRET, "load", f"http://{host}")
    elif provider == "digitalocean":
        fields, account = {"token": token}, DigitalOceanAccount(token)
    elif provider == "docker":
        fields, account = {"host": host, "port": 4243}, DockerHost(f"http://{host}")
    data: Database = world.database
    cloud = clouds.new_cloud(world, clouds.known_fields(provider), f"Load-{index:03}", fields, data.user)
    return cloud, account
