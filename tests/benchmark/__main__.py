# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: which inventories are measured at which sizes, and the table of what they cost."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .cost import Cost, cost_of, in_turn

HERE = Path(__file__).parent
BACKENDS = 10
WORKERS = 10  # of the inventory, by default
SLOW_BACKENDS, SLOW_MACHINES, LATENCY_MS = 50, 200, 200
HEAD = "{:<22}{:>8}{:>9}{:>9}{:>7}{:>12}{:>15}"
LINE = "{:<22}{:>8}{:>9.2f}{:>9.2f}{:>7.0f}{:>12.2f}{:>15.2f}"

tell = partial(print, flush=True)  # a line at a time, also into a pipe: a whole run takes minutes


class Server:
    """An emulated Mist server with machines, in a process of its own, and inventories of it."""

    def __init__(self, work: Path, uri: str) -> None:
        self.work = work
        self.uri = uri
        self.hosts_file = work / "hosts.json"

    def inventory(self, file: str, output: str = "output.json", **environment: str) -> Cost:
        """Puts the hosts of one of the files in ``inventories`` into the output, a file."""
        given = {
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",  # else an inventory that fails is an empty one
            "ANSIBLE_INVENTORY_PLUGINS": str(HERE / "plugins"),
            "BENCHMARK_HOSTS_FILE": str(self.hosts_file),
            "MIST_URI": self.uri,
            **environment,
        }
        program = str(Path(sys.executable).with_name("ansible-inventory"))
        source, target = str(HERE / "inventories" / file), str(self.work / output)
        return cost_of([program, "-i", source, "--list", "--export", "--output", target], {**os.environ, **given})

    def hosts(self) -> int:
        """How many hosts the floor reads. The file is not parsed, for this process must stay small."""
        with self.hosts_file.open(encoding="utf-8") as lines:
            return sum('"mist_unique_id":' in line for line in lines)

    def wait_before_answers(self, milliseconds: int) -> None:
        body = json.dumps({"latency_ms": milliseconds}).encode()
        urllib.request.urlopen(f"{self.uri}/_emulator/settings", body, timeout=10).close()


@contextmanager
def server(backends: int, machines: int) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as work:
        address = Path(work, "address")
        load = ["--backends", str(backends), "--machines", str(machines), "--lifetime", "86400"]
        command = [sys.executable, "-m", "tests.emulator", "--address-file", str(address), *load]
        emulator = subprocess.Popen(command, cwd=HERE.parents[1], stdout=subprocess.DEVNULL)
        try:
            while not address.exists():
                if emulator.poll() is not None:
                    raise SystemExit("the emulator did not start")
                time.sleep(0.1)
            yield Server(Path(work), json.loads(address.read_text(encoding="utf-8"))["uri"])
        finally:
            emulator.terminate()
            emulator.wait()


def measure(machines: int, rounds: int) -> Cost:
    """Prints what each inventory costs at this size; gives what the constructed one costs for one host."""
    with server(BACKENDS, machines // BACKENDS) as mist:
        cached = {
            "ANSIBLE_INVENTORY_CACHE": "true",
            "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(mist.work / "cache"),
        }
        mist.inventory("plain.mist.yml", output=mist.hosts_file.name)
        mist.inventory("constructed.mist.yml", **cached)
        costs = in_turn(
            {
                "floor": partial(mist.inventory, "floor.yml"),
                "constructed": partial(mist.inventory, "constructed.mist.yml"),
                "constructed, cached": partial(mist.inventory, "constructed.mist.yml", **cached),
                "nothing constructed": partial(mist.inventory, "plain.mist.yml"),
            },
            rounds,
        )
        hosts = mist.hosts()
    floor = costs["floor"]
    for name, cost in costs.items():
        tell(LINE.format(name, hosts, *cost, cost.cpu / floor.cpu, cost.megabytes / floor.megabytes))
    return Cost(*(each / hosts for each in costs["constructed"]))


def measure_latency(rounds: int) -> None:
    """Prints how much longer many backends take when each answer does."""

    def inventory(mist: Server, milliseconds: int) -> Cost:
        mist.wait_before_answers(milliseconds)
        return mist.inventory("plain.mist.yml")

    with server(SLOW_BACKENDS, SLOW_MACHINES) as mist:
        runs = {f"{each} ms": partial(inventory, mist, each) for each in (0, LATENCY_MS)}
        quick, slow = in_turn(runs, rounds).values()
    round_trips = math.ceil(SLOW_BACKENDS / WORKERS) + 2
    tell(f"\n{SLOW_BACKENDS} backends of {SLOW_MACHINES} machines, nothing constructed: {quick.wall:.2f} s on the wall")
    tell(f"with {LATENCY_MS} ms before each answer {slow.wall - quick.wall:+.2f} s", end=" ")
    tell(f"({round_trips} round trips take {round_trips * LATENCY_MS / 1000:.2f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description="What an inventory costs.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run; the report shows medians")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10000], metavar="MACHINES")
    parser.add_argument("--no-latency", action="store_true", help="leave out the many backends that answer late")
    options = parser.parse_args()
    tell(HEAD.format("inventory", "hosts", "CPU s", "wall s", "MB", "CPU/floor", "memory/floor"))
    each_host = [measure(machines, options.rounds) for machines in options.sizes]
    if len(each_host) > 1:
        growth = each_host[-1].cpu / each_host[0].cpu
        tell(f"\nCPU for one constructed host, {options.sizes[-1]} / {options.sizes[0]} machines: {growth:.2f}")
    if not options.no_latency:
        measure_latency(options.rounds)


if __name__ == "__main__":
    main()
