# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done between the recorded exchanges and is no line of its own: set-up calls, switches, waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.mistio.cloud.tests.emulator import (
    CoreAccount,
    DigitalOceanAccount,
    Ec2Account,
    Host,
    OpenStackAccount,
    Settings,
)

from .walking import Walk

# Backends, as they are called in the recordings.
EC2 = "gTDXbrXoFQ3thFFroWR2dMViHkj"
OPENSTACK = "3dvjMvfQuWaXScLXAddDvXoKz9eh"
REMOVED_BEFORE_THE_FINAL_LIST = (
    "P5ZNDys73yv389hQge7JDA4Cicy",
    "MHu46T4BMEznnh35EHUYvzvDssa",
    "4drXT7cH5XKQjmNaJ6e17maj5CY",
    "BmYid3ZN3ruS5DPXf2k2Tpe4huD",
    "3MFrQ3cwEYAwzpqdfUcPZcjN75h7",
    "uX8RNa8JnJnapopdpk6Hqkvhoqe",
    "2WFZTdSabV8n5GbuBAFj96CqdWiD",
)
EC2_ACCOUNT = {
    "provider": "ec2_us_east",
    "title": "EC2 one",
    "apikey": "FAKELOOPBACKUSEAST01",
    "apisecret": "secret-one",
}
OPENSTACK_ACCOUNT = {
    "provider": "openstack",
    "title": "OpenStack one",
    "apikey": "demo",
    "apisecret": "demo-pass",
    "apiurl": "http://127.0.0.1:18884/v2.0/",
    "tenant_name": "demo",
}
BARE_METAL = {"provider": "bare_metal", "machine_ip": "127.0.0.1", "remove_on_error": False}
LINODE = {"provider": "linode", "apisecret": "any", "remove_on_error": False}
BOOT = 4.0


def settings() -> Settings:
    """The accounts and hosts that the recordings were made with."""
    return Settings(
        boot_seconds=BOOT,
        first_data_seconds=20,
        accounts=(
            Ec2Account("FAKELOOPBACKUSEAST01", "secret-one"),
            Ec2Account("FAKELOOPBACKEUWEST02", "secret-two"),
            Ec2Account("FAKELOOPBACKOTHER003", "secret-three"),
            OpenStackAccount("demo", "demo-pass", "demo", "http://127.0.0.1:18884"),
            DigitalOceanAccount("do-token-0123456789abcdef"),
        ),
        hosts=(
            Host("127.0.0.1", ssh_port=2222, authorized=("lab",)),
            Host("127.0.0.*", ssh_port=None),
            Host("127.0.1.*", authorized=("lab",)),
        ),
        core=(CoreAccount("demo@mist.test", "demo-password"),),
    )


def wait(walk: Walk, seconds: float = BOOT + 1) -> None:
    walk.emulator.clock.advance(seconds)


def heal(walk: Walk) -> None:
    walk.emulator.heal()


def fail(walk: Walk, kind: str, **options: Any) -> None:
    walk.emulator.heal()
    walk.emulator.fail(kind, **options)


def keys(walk: Walk, *names: str) -> None:
    """Only these keys, each with material of its own."""
    walk.emulator.world.keys.clear()
    for name in names:
        walk.emulator.world.add_key(name)


def add_backend(walk: Walk, recorded: str | None, account: dict[str, Any]) -> None:
    heard = walk.send("POST", "/backends", account)
    assert heard.status == 200, heard.body
    if recorded:
        walk.stands_for(recorded, heard.body["id"])


def add_machine(walk: Walk, recorded: str, name: str, key: str = "lab") -> None:
    order = {"name": name, "key": key, "image": "ami-76817c1e", "location": "0", "size": "t1.micro"}
    heard = walk.send("POST", f"/backends/{EC2}/machines", order)
    assert heard.status == 200, heard.body
    walk.stands_for(recorded, heard.body["id"])
    wait(walk)


def before_the_final_list(walk: Walk) -> None:
    for backend in REMOVED_BEFORE_THE_FINAL_LIST:
        assert walk.send("DELETE", f"/backends/{backend}").status == 200


def rename_back(walk: Walk) -> None:
    """The list that follows shows the title from before the rename to a used one."""
    walk.send("PUT", "/backends/295uFaUPEh6QnCwJSdVu6BZoEq1Y", {"new_name": "EC2 two"})


def before_the_monitored_machine(walk: Walk) -> None:
    heal(walk)
    add_machine(walk, "i-79124f90aad6a63cc", "web6")
    path = f"/backends/{EC2}/machines/i-79124f90aad6a63cc/monitoring"
    assert walk.send("POST", path, {"action": "enable", "public_ips": ["127.0.1.11"]}).status == 200


def fresh_server_without_login(walk: Walk) -> None:
    walk.start_anew()
    keys(walk, "lab")
    add_backend(walk, EC2, EC2_ACCOUNT)
    add_machine(walk, "i-f920dfa2a6b5f5ecd", "web1")


def fresh_server_with_a_stranger(walk: Walk) -> None:
    walk.start_anew()
    keys(walk, "stranger")
    add_backend(walk, EC2, EC2_ACCOUNT)
    add_backend(walk, OPENSTACK, OPENSTACK_ACCOUNT)
    add_backend(walk, None, BARE_METAL)
    add_backend(walk, None, LINODE)
    assert walk.send("POST", "/auth", {"email": "demo@mist.test", "password": "demo-password"}).status == 200


# Before the exchange of this name; `#2` = before the second of the name.
BEFORE: dict[str, Callable[[Walk], None]] = {
    "backends.add.malformed_json": lambda walk: keys(walk, "k1", "lab"),
    "backends.add.ec2_provider_error": lambda walk: fail(walk, "provider_error", provider="ec2_us_east"),
    "backends.add.ec2_ok": heal,
    "backends.disable.ok": rename_back,
    "backends.list.final": before_the_final_list,
    "machines.list.ec2.after_failed_creates": wait,
    "keys.list.after_create": wait,
    "provider_500.list_machines": lambda walk: fail(walk, "provider_error", provider="ec2_us_east"),
    "provider_revoked.list_machines": lambda walk: fail(walk, "provider_revoked", provider="ec2_us_east"),
    "machines.create.openstack_bad_image": heal,
    "machines.list.openstack_running": wait,
    "machines.list.openstack.after_reboot": wait,
    "provider_500.openstack_list": lambda walk: fail(walk, "provider_error", provider="openstack"),
    "machines.create.digitalocean_bad_image": heal,
    "machines.list.digitalocean_running": wait,
    "monitoring.enable.payment_required": lambda walk: fail(walk, "core_payment_required"),
    "monitoring.enable.core_error": lambda walk: fail(walk, "core_error"),
    "monitoring.enable.ok_like_client": heal,
    "stats.query_string": lambda walk: wait(walk, 30),
    "machines.create.ec2_monitoring_true": before_the_monitored_machine,
    "metrics.remove.again": lambda walk: wait(walk, 30),
    "client2014.Backend.create_machine#2": wait,
    "client2014.Machine.get_stats": lambda walk: wait(walk, 30),
    "client2014.DO.machine_id_type": wait,
    "shell.ok": lambda walk: add_machine(walk, "i-ed58838beaca8f175", "web8"),
    "machines.list.provider_slow": lambda walk: fail(walk, "provider_slow", seconds=0.05, provider="openstack"),
    "machines.create.empty_key_string": heal,
    "machines.create.no_keys_at_all": lambda walk: add_backend(walk, EC2, EC2_ACCOUNT),
    "noauth.stats": fresh_server_without_login,
    "core_down.auth": lambda walk: fail(walk, "core_down"),
    "backends.add.openstack_same_user_other_cloud": fresh_server_with_a_stranger,
    "metrics.update.core_error": lambda walk: fail(walk, "core_error"),
    "provider_500.openstack_list_images": lambda walk: fail(walk, "provider_error", provider="openstack"),
    "machines.action.openstack_reboot_unknown": heal,
}
