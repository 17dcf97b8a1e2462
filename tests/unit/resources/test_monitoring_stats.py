# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ranges as people write them, and gaps; no server is needed."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._resources.monitoring.stats import (
    parse_time,
    range_of,
    with_gaps,
)
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import InvalidValue

NOW = 1413540000.9


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("now", 1413540000),
        ("-90s", 1413539910),
        ("-10m", 1413539400),
        ("-2h", 1413532800),
        ("-1d", 1413453600),
        ("-1w", 1412935200),
        (" -10m ", 1413539400),
        ("0", 0),
        ("1413540000", 1413540000),
        ("1413540000.75", 1413540000),
        ("2014-10-17T10:00:00Z", 1413540000),
        ("2014-10-17T10:00:00z", 1413540000),
        ("2014-10-17T10:00:00", 1413540000),
        ("2014-10-17 10:00", 1413540000),
        ("2014-10-17T12:00:00+02:00", 1413540000),
        ("2014-10-17 10:00:00+00:00", 1413540000),
        ("2014-10-17", 1413504000),
    ],
)
def test_a_time_is_taken_for_what_it_means(text, seconds):
    assert parse_time("start", text, NOW) == seconds


@pytest.mark.parametrize("text", ["", "-", "soon", "10m", "-10", "-10y", "1e9", "2014-13-01", "-1.5h", "+10m", "Zulu"])
def test_what_is_no_time_is_reported_with_what_is_one(text):
    with pytest.raises(InvalidValue, match=r"it is not a time\. It must be a Unix time"):
        parse_time("start", text, NOW)


@pytest.mark.parametrize(
    "text", ["-999999999d", "99999999999", "9" * 20, "1969-12-31", "2100-01-01", "0001-01-01T00:00:00"]
)
def test_times_of_other_centuries_are_refused(text):
    with pytest.raises(InvalidValue, match="must be between 1970 and 2100"):
        parse_time("stop", text, NOW)


def test_a_range_goes_up_to_now_by_default():
    assert range_of({"start": "-10m"}, NOW) == (1413539400, 1413540000, 10)


@pytest.mark.parametrize(
    ("start", "step"), [("-5s", 10), ("-6000s", 10), ("-6001s", 20), ("-1d", 150), ("-52w", 52420)]
)
def test_a_long_range_has_longer_steps(start, step):
    assert range_of({"start": start}, NOW).step == step


def test_a_step_of_ones_own_may_give_more_points_but_not_any_number():
    assert range_of({"start": "-10000s", "step": 1}, NOW).step == 1
    with pytest.raises(InvalidValue, match="Set step to at least 2"):
        range_of({"start": "-10001s", "step": 1}, NOW)


def test_what_is_missing_in_between_is_one_gap():
    assert with_gaps([[0, 1], [10, 2], [50, 3]], 10) == [[0, 1], [10, 2], [20, None], [50, 3]]


def test_values_that_the_server_keeps_at_longer_steps_have_no_gaps():
    assert with_gaps([[0, 1], [60, 2], [120, 3]], 10) == [[0, 1], [60, 2], [120, 3]]


def test_values_that_come_a_little_late_have_no_gaps():
    assert with_gaps([[0, 1], [10, 2], [24, 3]], 10) == [[0, 1], [10, 2], [24, 3]]


@pytest.mark.parametrize("points", [[], [[5, None]], [[5, 1], [5, 2]]])
def test_few_points_have_no_gaps(points):
    assert with_gaps(points, 10) == points
