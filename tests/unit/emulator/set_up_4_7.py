# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done between the recorded exchanges of v4.7: set-up calls, switches, waiting, and what the poller did."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.mistio.cloud.tests.emulator import CoreAccount, DockerHost, Ec2Account, Host, Settings
from ansible_collections.mistio.cloud.tests.emulator.clouds_v4 import clouds, drivers
from ansible_collections.mistio.cloud.tests.emulator.clouds_v4.state import Database
from ansible_collections.mistio.cloud.tests.emulator.providers.base import Order

from .walking_4_7 import Walk47

# Clouds and machines, as they are called in the recordings.
AWS = "34c61163c2bf4d0690430c6cf8653f0f"
DOCKER = "699f52e154ac43d88128d85cfc1deba0"
LEGACY = "072992100e12497490815125d208f24a"
METAL_2 = "95d85c00c3e34ef8903c1a0339b52574"
METAL_3 = "4a8fb7a555d14fd0b5c917e043d5d5b0"
K1 = "bf41433574124baab857074d85aaa452"
OWN_SCRIPT = "58421207ad224485b40cc87d390482ec"
V2_MACHINE = "b10bc18baf774cedabf9a226a4722db3"
STUCK = "9e2c278fba054820abd0baab5f2ab81e"
UPPER_CASE_TOKEN = "<TOKEN IN UPPER CASE>"
BOOT = 0.5


def placeholder(number: str) -> str:
    """What stands for a secret in the recordings."""
    return f"{'0' * 53}a11ce{number}"


def settings() -> Settings:
    """The accounts and hosts that the recordings were made with; its EC2 took every key, image and size."""
    pairs = (("a", "b"), ("FAKEEXAMPLE", "secretexample"), ("FAKEOTHER", "othersecret"), ("FAKEV2", "s"), ("A", "s"))
    return Settings(
        generation="clouds",
        boot_seconds=BOOT,
        first_data_seconds=1,
        post_deploy_seconds=None,
        job_look_seconds=0,  # the jobs of these recordings were made to wait less
        any_image_and_size=True,
        accounts=(*(Ec2Account(*pair, account="moto") for pair in pairs), DockerHost("127.0.0.1", 2376)),
        hosts=(Host("127.0.0.1", ssh_port=28822, authorized=("k1", "kx1"), users=("mistssh",), fixed_keys=True),),
        core=(CoreAccount("admin@example.com", "Passw0rd-admin"),),
    )


def wait(walk: Walk47, seconds: float = 6) -> None:
    walk.emulator.clock.advance(seconds)


def heal(walk: Walk47) -> None:
    walk.emulator.heal()


def engine_fails(walk: Walk47, text: str) -> None:
    walk.emulator.fail("provider_error", provider="docker", body=f"fake engine: {text}")


def open_page(walk: Walk47, cookie: str, csrf: str) -> None:
    heard = walk.send("GET", "/")
    session = re.search(r"session\.id=(\w+)", heard.headers["Set-Cookie"])
    token = re.search(r'CSRF_TOKEN = "(\w+)"', heard.body)
    assert session
    assert token
    walk.stands_for(placeholder(cookie), session[1])
    walk.stands_for(placeholder(csrf), token[1])


def know_tokens(walk: Walk47) -> None:
    walk.stands_for(placeholder("000001"), walk.emulator.token)
    walk.stands_for(UPPER_CASE_TOKEN, walk.emulator.token.upper())


def start_containers(walk: Walk47) -> None:
    """The engine has two before the server knows it."""
    world = walk.emulator.world
    fields = {"host": "127.0.0.1", "port": 2376}
    cloud = clouds.new_cloud(world, clouds.known_fields("docker"), "engine", fields, "")
    driver = drivers.driver_of("docker")
    assert driver
    for name, image in (("web1", "nginx:latest"), ("db1", "debian:bookworm")):
        machine = driver.make(world, cloud, Order(name, image, "", "", "", ""))
        world.machines_of(cloud)[machine.id] = machine


def know_sizes(walk: Walk47) -> None:
    sizes = {each["external_id"]: each["id"] for each in walk.ask("GET", f"/api/v1/clouds/{AWS}/sizes")}
    walk.stands_for("686b9711295d4b22a07876d3db511a43", sizes["t2.micro"])
    walk.stands_for("5fd960339b8841fe92c963a156ac24b5", sizes["t2.small"])


def stuck_container(walk: Walk47) -> None:
    """A create that failed at its last step left a container behind."""
    heal(walk)
    order = {"name": "stuck1", "image": "9ca409e649aa4a98b33f9860d606758a", "size": ""}
    walk.ask("POST", f"/api/v1/clouds/{DOCKER}/machines", order)
    database: Database = walk.emulator.world.database
    record = next(each for each in database.records.values() if each.name == "stuck1")
    walk.emulator.world.machines_of(record.cloud)[record.external_id].status = "stopped"
    walk.stands_for(STUCK, record.id)
    walk.poll(DOCKER)
    engine_fails(walk, "cannot start container")


def by_api_v2(walk: Walk47) -> None:
    """API v2 added a key, created a machine on EC2 and destroyed it."""
    walk.emulator.world.add_key("v2key")
    made_of = {"image": "ami-760aaa0f", "size": "t2.micro", "location": "0", "key": K1}
    walk.ask("POST", f"/api/v1/clouds/{AWS}/machines", {"name": "v2m1", **made_of, "tags": {"env": "v2"}})
    wait(walk)
    walk.poll(AWS)
    [found] = [each for each in walk.ask("GET", "/api/v1/machines") if each["name"] == "v2m1"]
    walk.stands_for(V2_MACHINE, found["id"])
    walk.ask("POST", f"/api/v1/machines/{V2_MACHINE}", {"action": "destroy"})


def own_script(walk: Walk47) -> None:
    """A script of the user, beside those of plugins."""
    database: Database = walk.emulator.world.database
    database.scripts[OWN_SCRIPT] = {
        "id": OWN_SCRIPT,
        "name": "s1",
        "description": "d",
        "exec_type": "executable",
        "location": {"source_code": "#!/bin/sh\necho hello $1; id -un\n", "type": "inline"},
        "owned_by": database.user,
        "created_by": database.user,
        "tags": {},
    }


def no_ssh(walk: Walk47) -> None:
    """What EC2 was simulated by has machines without ssh."""
    for machines in walk.emulator.world.machines.values():
        for machine in machines.values():
            machine.authorized.clear()


def poll_rest(walk: Walk47) -> None:
    walk.poll(LEGACY)
    walk.poll(METAL_2)
    walk.poll(METAL_3)


# Before the exchange of this name; `#2` = before the second of the name.
BEFORE: dict[str, Callable[[Walk47], Any]] = {
    "providers": know_tokens,
    "login-ok": lambda walk: open_page(walk, "00000c", "00000d"),
    "clouds-with-expired-token": wait,
    "cloud-add-legacy-docker-fields": start_containers,
    "all-machines-query-params": poll_rest,
    "create-docker-provider-failure-sync": lambda walk: engine_fails(walk, "no space left on device"),
    "create-docker-async": heal,
    "job-create-machine-running": wait,
    "create-docker-async-provider-failure": lambda walk: engine_fails(walk, "no space left on device"),
    "job-create-machine-failed": wait,
    "job-unknown": heal,
    "create-ec2-no-key": know_sizes,
    "job-ec2-create": wait,
    "action-stop-when-stopped": lambda walk: walk.poll(AWS),
    "docker-stop": lambda walk: walk.poll(AWS),
    "docker-reboot": lambda walk: walk.poll(DOCKER),
    "docker-provider-failure-stop": stuck_container,
    "tags-batch": heal,
    "action-destroy": no_ssh,
    "stats": wait,
    "monitoring-enabled-machine-in-list": wait,
    "scripts-list": own_script,
    "rate-0": by_api_v2,
}
