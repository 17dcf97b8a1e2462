# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second recordings of v4.7 are of several servers: when each begins, and what was done between the exchanges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.mistio.cloud.tests.emulator import CoreAccount, DockerHost, Ec2Account, Host, Settings

from .set_up_4_7 import BOOT, placeholder, wait
from .walking_4_7 import Walk47

# Clouds, as they are called in the recordings.
AWS = "4e65c902b2fb436582d76d0a0c3c634f"
AWS_G = "eb9422e190504b69995dd4beed302bc0"
AWS_LAST = "3e1fb44b4d8045dd97bb223234da87a8"
DOCKER = "4f1cf0f4094f4ad99714730b38354a4d"
DOCKER_G = "3908922ba5df46b1b3c36b4bbbdcbd99"
EC2_ADDRESSES = "127.0.1.*"
AMAZON = "amzn-ami-hvm-2017.09.1.20171103-x86_64-gp2"
STARRED = "19f65237953e46a3b57168d182b148d1"
UBUNTU = "ami-1e749f67"
UBUNTU_NAME = "ubuntu/images/hvm-ssd/ubuntu-trusty-14.04-amd64-server-20170727"
SIZE = "t2.micro - t2.micro"


def settings() -> Settings:
    """The account, the engine and the hosts that the recordings were made with.

    No agent ever sent a value, and nobody could log in to the machines of EC2 at first.
    """
    return Settings(
        generation="clouds",
        boot_seconds=BOOT,
        first_data_seconds=3600,
        post_deploy_seconds=0,
        any_image_and_size=True,
        accounts=(Ec2Account("FAKEEXAMPLE", "s3cret", account="moto"), DockerHost("127.0.0.1", 4243)),
        hosts=(
            Host("127.0.2.2", authorized=("boxkey",), users=("root", "mistbox"), more_ports=(2222,), fixed_keys=True),
            Host("127.0.2.3", ssh_port=2222, authorized=("boxkey",), users=("root", "mistbox"), fixed_keys=True),
            Host(EC2_ADDRESSES, ssh_port=None),
        ),
        core=(CoreAccount("admin@example.com", "secret"),),
    )


def fresh_server(walk: Walk47) -> None:
    walk.start_anew()
    walk.stands_for(placeholder("000001"), walk.emulator.token)


def slow_first_poll(walk: Walk47) -> None:
    """The machines of the next cloud are listed before its images and locations are read."""
    walk.emulator.settings.change(first_poll_seconds=3600)


def second_server(walk: Walk47) -> None:
    fresh_server(walk)
    walk.emulator.settings.change(first_poll_seconds=0)


def know(walk: Walk47, cloud: str, kind: str, recorded: str, name: str) -> None:
    """The recorded client read an id in a list that is no line."""
    [ours] = [each["id"] for each in walk.ask("GET", f"/api/v1/clouds/{cloud}/{kind}") if each["name"] == name]
    walk.stands_for(recorded, ours)


def create_on_ec2(walk: Walk47, cloud: str, *names: str, **more: Any) -> None:
    """Machines that were created in parts that are no lines."""
    for name in names:
        made_of = {"image": UBUNTU, "size": "t2.micro", "location": "0"}
        walk.ask("POST", f"/api/v1/clouds/{cloud}/machines", {"name": name, **made_of, **more})
    wait(walk)
    walk.poll(cloud)


def earlier_machines(walk: Walk47) -> None:
    """Beside machines there was an image with a star."""
    know(walk, AWS, "images", STARRED, UBUNTU_NAME)
    walk.ask("POST", f"/api/v1/clouds/{AWS}/images/{STARRED}")
    know(walk, AWS, "sizes", "138200548c354b9c8b98e0e58e535d33", SIZE)
    create_on_ec2(walk, AWS, "e1", "e2", "e4-1", "e4-2")


def add_key_from_secret(walk: Walk47) -> None:
    """Its private half was named as a secret, which the emulator does not play."""
    walk.emulator.world.add_key("fromsecret")


def know_image_of_engine(walk: Walk47) -> None:
    know(walk, DOCKER_G, "images", "697a73b1a8da4669bd584915e1fe0116", "debian:bookworm")


def know_what_ec2_has(walk: Walk47) -> None:
    know(walk, AWS_G, "images", "24f63559004b41bea0b9c4973b097f33", AMAZON)
    know(walk, AWS_G, "sizes", "e5d05dd8a03d49678666dae4b00c24db", SIZE)
    know(walk, AWS_G, "locations", "30cfe33e6bb2406e9ecc76e7b0aeb0f0", "us-east-1a")


def last_server(walk: Walk47) -> None:
    """A server with a key and a machine on EC2."""
    fresh_server(walk)
    walk.emulator.world.add_key("boxkey")
    account = {"provider": "ec2", "apikey": "FAKEEXAMPLE", "apisecret": "s3cret", "region": "us-east-1"}
    added = walk.ask("POST", "/api/v1/clouds", {"name": "inflight", **account})
    walk.stands_for(AWS_LAST, added["id"])
    know(walk, AWS_LAST, "images", "4677e7673d35420fa4d12b741d198817", UBUNTU_NAME)
    know(walk, AWS_LAST, "sizes", "7a1b89477eec43d5b2f94946f1128d1e", SIZE)
    create_on_ec2(walk, AWS_LAST, "fly3", tags={"task": "abc123"})


def know_both_machines(walk: Walk47) -> None:
    """They have one name; the one with a tag was ordered first."""
    wait(walk)
    world = walk.emulator.world
    world.run_due_jobs()
    every = (machine for machines in world.machines.values() for machine in machines.values())
    first, second = (machine.id for machine in every if machine.name == "own1")
    walk.stands_for("i-40c27058e691c8e12", first)
    walk.stands_for("i-67f0eefd31376d42c", second)


def open_ssh_on_ec2(walk: Walk47) -> None:
    hosts = walk.emulator.world.hosts
    hosts[:] = [host for host in hosts if host.address != EC2_ADDRESSES]


def know_script(walk: Walk47) -> None:
    [script] = [each["id"] for each in walk.ask("GET", "/api/v1/scripts") if each["name"] == "ec2_plug"]
    walk.stands_for("d5c453ce3af64906957764cc18e4d68c", script)


def after(seconds: float) -> Callable[[Walk47], None]:
    return lambda walk: wait(walk, seconds)


# Before the exchange of this name; `#2` = before the second of the name.
BEFORE: dict[str, Callable[[Walk47], Any]] = {
    "r2-clouds-empty": fresh_server,
    "docker-add-show-all": slow_first_poll,
    "f2-key-add": second_server,
    "f6-key-add": fresh_server,
    "f7-key-add": fresh_server,
    "job-ec2-images": earlier_machines,
    "job-no-location-at-4s": after(4),
    "job-no-listing-at-1s": after(0.9),
    "job-no-listing-at-5s": after(4.1),
    "job-no-listing-at-12s": after(7),
    "job-no-listing-at-25s": after(13),
    "job-no-listing-at-40s": after(15),
    "job-no-listing-after-list-at-5s": after(5),
    "job-no-listing-after-list-at-15s": after(10),
    "job-no-listing-after-list-at-25s": after(10),
    "job-with-listing-at-1s": after(0.9),
    "job-with-listing-at-3s": after(2.1),
    "job-with-listing-at-5s": after(2),
    "job-with-listing-at-8s": after(3),
    "job-with-listing-at-12s": after(4),
    "job-bad-location-at-4s": after(4),
    "job-quantity-2-list": after(2),
    "job-quantity-2-at-17s": after(15),
    "ec2p-associate": open_ssh_on_ec2,
    "ec2p-delete-plugin-script": know_script,
    "tag2-key-then": add_key_from_secret,
    "tag2-image": lambda walk: know(
        walk, DOCKER, "images", "b5f022ff028d440489620522f6cf88fb", "Debian Bullseye with SSH server"
    ),
    "g-key-add": fresh_server,
    "g-docker-create": know_image_of_engine,
    "g-ec2-create": know_what_ec2_has,
    "g-ec2-machines": wait,
    "vol4-create-with-machine-job": after(5),
    "jobid-locations": last_server,
    "jobid-machines-1": know_both_machines,
    "jobid-machines-2": wait,
    "jobid-job-in-a-region": after(2),
}
