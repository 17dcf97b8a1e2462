# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: options, the address file, the lifetime and a clean end."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from .emulator import GENERATIONS, Emulator
from .server import serve
from .settings import (
    DEMO_ACCOUNTS,
    DEMO_CORE,
    DEMO_HOSTS,
    Account,
    CoreAccount,
    DigitalOceanAccount,
    DockerHost,
    Ec2Account,
    Host,
    OpenStackAccount,
    Settings,
)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    settings = Settings(
        port=options.port,
        generation=options.generation,
        lifetime=options.lifetime,
        latency_ms=options.latency_ms,
        backends=options.backends,
        machines=options.machines,
        boot_seconds=options.boot_seconds,
        create_seconds=options.create_seconds,
        first_data_seconds=options.first_data_seconds,
        terminated_seconds=options.terminated_seconds,
        require_login=options.require_login,
        token=options.token,
        first_poll_seconds=options.first_poll_seconds,
        story_seconds=options.story_seconds,
        job_seconds=options.job_seconds,
        job_look_seconds=options.job_look_seconds,
        post_deploy_seconds=options.post_deploy_seconds,
        shuffle=options.shuffle,
        accounts=DEMO_ACCOUNTS + tuple(options.account),
        hosts=DEMO_HOSTS + tuple(options.host),
        core=DEMO_CORE + tuple(options.login),
    )
    emulator = Emulator(settings)
    for fault in options.fail:
        emulator.fail(**fault)
    asyncio.run(_serve(emulator, options.address_file))


async def _serve(emulator: Emulator, address_file: Path | None) -> None:
    until = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, until.set)
    loop.call_later(emulator.settings.lifetime or 0, until.set)
    await serve(emulator, until, lambda: _announce(emulator, address_file))


def _announce(emulator: Emulator, address_file: Path | None) -> None:
    print(emulator.uri, flush=True)
    if address_file:
        address = {"uri": emulator.uri, "port": emulator.port, "pid": os.getpid()}
        unfinished = address_file.with_name(f"{address_file.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(address), encoding="utf-8")
        unfinished.replace(address_file)


def account(text: str) -> Account:
    """`ec2:KEY:SECRET`, `openstack:USER:PASSWORD:TENANT:URL`, `digitalocean:TOKEN`, `docker:URL`."""
    kind, _colon, rest = text.partition(":")
    if kind == "ec2":
        key, _colon, secret = rest.partition(":")
        return Ec2Account(key, secret)
    if kind == "openstack":
        return OpenStackAccount(*rest.split(":", 3))
    if kind == "digitalocean":
        return DigitalOceanAccount(rest)
    if kind == "docker":
        return DockerHost(rest)
    raise ValueError(text)


def host(text: str) -> Host:
    """`ADDRESS[:PORT[:KEY,KEY]]`; port 0 = ping answers and ssh does not."""
    address, port, names = (*text.split(":", 2), "", "")[:3]
    return Host(address, int(port or 22) or None, tuple(filter(None, names.split(","))))


def login(text: str) -> CoreAccount:
    """`EMAIL:PASSWORD`."""
    email, _colon, password = text.partition(":")
    return CoreAccount(email, password)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description="An emulated Mist server in memory.")
    add = parser.add_argument
    add("--port", type=int, default=0, help="0, the default, takes a free one")
    add("--address-file", type=Path, help='gets {"uri", "port", "pid"} as JSON once the server listens')
    add("--generation", choices=sorted(GENERATIONS), default="backends")
    add("--lifetime", type=float, default=600, help="seconds after which it ends itself")
    add("--backends", type=int, default=0, help="backends to start with")
    add("--machines", type=int, default=0, help="machines in each of them")
    add("--latency-ms", type=float, default=0, help="before each answer")
    add("--boot-seconds", type=float, default=2, help="from pending to running")
    add("--create-seconds", type=float, default=0, help="how long a provider takes for a create")
    add("--first-data-seconds", type=float, default=10, help="from monitoring on to the first points")
    add("--terminated-seconds", type=float, help="how long EC2 lists a terminated machine; default: for ever")
    add("--shuffle", type=int, metavar="SEED", help="give lists in another order at each call")
    add("--require-login", action="store_true", help="be a hosted server: POST /auth, then a token on every call")
    add("--token", help="the first login's token, 64 hex digits; default: made of e-mail and password")
    add("--first-poll-seconds", type=float, default=0, help="clouds: from the add to the first lists")
    add("--story-seconds", type=float, default=0, help="clouds: from the start of a job to its first log line")
    add("--job-seconds", type=float, default=1, help="clouds: how long a job waits before it begins")
    add("--job-look-seconds", type=float, default=10, help="clouds: first pause of a create that waits for a listing")
    add("--post-deploy-seconds", type=float, default=60, help="clouds: from a machine running to the end of its job")
    add("--account", type=account, action="append", default=[], help=account.__doc__)
    add("--host", type=host, action="append", default=[], help=host.__doc__)
    add("--login", type=login, action="append", default=[], help=login.__doc__)
    add("--fail", type=json.loads, action="append", default=[], metavar="JSON", help="as in POST /_emulator/fail")
    return parser


if __name__ == "__main__":
    main()
