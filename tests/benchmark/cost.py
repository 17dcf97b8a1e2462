# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process costs, and what several cost that run in turn. Knows nothing of inventories."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from typing import Callable, Mapping, NamedTuple, Sequence


class Cost(NamedTuple):
    """Seconds of user and system time, seconds on the wall, and the most megabytes that were resident."""

    cpu: float
    wall: float
    megabytes: float


def cost_of(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Runs the command; SystemExit with what it said when it fails.

    On Linux the peak is at least that of the process that started it, so that this one must stay small.
    """
    with tempfile.TemporaryFile("w+") as said:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen would take it for still running
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed with {process.returncode}:\n{said.read()}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def in_turn(runs: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """The medians of each run. They alternate, so that a machine that is busy for a while strikes all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            costs[name].append(run())
    return {name: Cost(*map(statistics.median, zip(*each))) for name, each in costs.items()}
