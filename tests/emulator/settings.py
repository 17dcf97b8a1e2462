# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of an emulator at its start: limits, times, and the accounts and hosts that it pretends exist."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ec2Account:
    """An access key that EC2 accepts; `regions` empty = in every region.

    Keys of the same `account` show the same machines on the generation `clouds`; empty = the key's own account."""

    access_key: str
    secret: str
    regions: tuple[str, ...] = ()
    account: str = ""


@dataclass(frozen=True)
class OpenStackAccount:
    user: str
    password: str
    tenant: str
    url: str


@dataclass(frozen=True)
class DigitalOceanAccount:
    token: str


@dataclass(frozen=True)
class DockerHost:
    """A docker engine that answers; it asks for no credentials."""

    url: str
    port: int = 4243


@dataclass(frozen=True)
class Host:
    """A machine that ssh and ping can reach. `address` may be a glob; `authorized` holds key names or public halves.

    With `fixed_keys` its sshd does not read the file that a Mist server writes keys to."""

    address: str
    ssh_port: int | None = 22
    authorized: tuple[str, ...] = ()
    ping: bool = True
    users: tuple[str, ...] = ("root",)
    more_ports: tuple[int, ...] = ()
    fixed_keys: bool = False


@dataclass(frozen=True)
class CoreAccount:
    """A login at monitoring's core; on a hosted server the same login opens the whole API."""

    email: str
    password: str


Account = Ec2Account | OpenStackAccount | DigitalOceanAccount | DockerHost

DEMO_ACCOUNTS: tuple[Account, ...] = (
    Ec2Account("demo-ec2-key", "ec2-secret-for-tests-0123456789"),
    Ec2Account("second-ec2-key", "ec2-second-secret-for-tests-0123456789"),
    OpenStackAccount("demo", "openstack-password-for-tests-0123456789", "demo", "http://openstack.test:5000"),
    DigitalOceanAccount("digitalocean-token-for-tests-0123456789"),
    DockerHost("http://docker.test"),
)
DEMO_HOSTS: tuple[Host, ...] = (
    Host("192.0.2.10", authorized=("demo",)),
    Host("192.0.2.11", ssh_port=2222, authorized=("demo",)),
    Host("192.0.2.12", ssh_port=None),
)
DEMO_CORE: tuple[CoreAccount, ...] = (CoreAccount("demo@mist.test", "core-password-for-tests-0123456789"),)


@dataclass
class Settings:
    """All switches of one emulator. Times are by its clock; `latency_ms` and `create_seconds` are real time."""

    port: int = 0
    generation: str = "backends"
    lifetime: float | None = None
    latency_ms: float = 0
    backends: int = 0
    machines: int = 0
    boot_seconds: float = 2.0
    create_seconds: float = 0.0
    first_data_seconds: float = 10.0
    terminated_seconds: float | None = None
    require_login: bool = False
    shuffle: int | None = None
    token: str | None = None
    first_poll_seconds: float = 0.0
    story_seconds: float = 0.0
    job_seconds: float = 1.0
    job_look_seconds: float = 10.0
    post_deploy_seconds: float | None = 60.0
    any_image_and_size: bool = False
    accounts: tuple[Account, ...] = DEMO_ACCOUNTS
    hosts: tuple[Host, ...] = DEMO_HOSTS
    core: tuple[CoreAccount, ...] = DEMO_CORE
    changeable: frozenset[str] = field(
        default=frozenset(
            {"latency_ms", "boot_seconds", "create_seconds", "first_data_seconds", "terminated_seconds", "shuffle"}
            | {"first_poll_seconds", "story_seconds", "job_seconds", "job_look_seconds", "post_deploy_seconds"}
        ),
        repr=False,
    )

    def change(self, **values: object) -> None:
        """Change switches of a running emulator; a ValueError names one that is unknown or fixed at the start."""
        for name, value in values.items():
            if name not in self.changeable:
                raise ValueError(f"{name} cannot be changed; these can: {', '.join(sorted(self.changeable))}")
            setattr(self, name, value)
