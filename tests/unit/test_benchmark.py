# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the benchmark measures, without a measurement."""

from __future__ import annotations

import sys
from functools import partial

import pytest

from ansible_collections.mistio.cloud.tests.benchmark.cost import Cost, cost_of, in_turn


def test_the_sides_run_alternately_and_their_medians_are_reported():
    turns = []
    seconds = {"a": [9, 1, 2], "b": [3, 3, 4]}

    def run(name):
        turns.append(name)
        return Cost(seconds[name].pop(0), 0, 0)

    costs = in_turn({name: partial(run, name) for name in seconds}, 3)
    assert turns == ["a", "b"] * 3
    assert (costs["a"].cpu, costs["b"].cpu) == (2, 3)


def test_a_run_that_fails_fails_the_benchmark_with_what_it_said():
    with pytest.raises(SystemExit, match="failed with 3:\nno such host"):
        cost_of([sys.executable, "-c", "import sys; print('no such host'); sys.exit(3)"], {})
