# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A range of stats as people write it, and what is made of a metric's values. Pure."""

from __future__ import annotations

import math
import operator
import re
from datetime import datetime, timezone
from typing import Any, Callable, Mapping, NamedTuple, Sequence, TypedDict

from ...mist_client.errors import InvalidValue
from ...mist_client.records import SeriesRecord

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
#: how many points a metric has at most when the task sets no step, and when it does
USUAL_POINTS = 600
MOST_POINTS = 10000
LEAST_STEP = 10
#: Unix time of the year 2100
FAR_FUTURE = 4102444800

Point = Sequence[Any]


class RangeWanted(TypedDict, total=False):
    """The options that say from when to when."""

    start: str
    stop: str
    step: int


class Range(NamedTuple):
    """From when to when in Unix time, and how many seconds from value to value."""

    start: int
    stop: int
    step: int


def range_of(wanted: RangeWanted, now: float) -> Range:
    """The range that ``start``, ``stop`` and ``step`` tell; InvalidValue when it makes no sense or is too much."""
    start = parse_time("start", wanted["start"], now)
    stop = parse_time("stop", wanted.get("stop", "now"), now)
    if start >= stop:
        raise InvalidValue(f"start, {format_time(start)}, is not before stop, {format_time(stop)}.")
    step = wanted.get("step", LEAST_STEP * math.ceil((stop - start) / USUAL_POINTS / LEAST_STEP))
    if step < 1:
        raise InvalidValue(f"step is {step}, and must be 1 second or more.")
    points = math.ceil((stop - start) / step)
    if points > MOST_POINTS:
        raise InvalidValue(
            f"From {format_time(start)} to {format_time(stop)} are {points} values of each metric, one each {step} s."
            f" At most {MOST_POINTS} are possible.",
            f"Set step to {math.ceil((stop - start) / MOST_POINTS)} or more, or leave it out.",
        )
    return Range(start, stop, step)


def parse_time(option: str, text: str, now: float) -> int:
    """A Unix time of a Unix time, of ISO 8601, or of a time before now such as ``-10m``."""
    text = text.strip()
    relative = re.fullmatch(r"-(\d{1,9})([smhdw])", text)
    if text == "now" or relative:
        seen = int(now) - (int(relative[1]) * SECONDS[relative[2]] if relative else 0)
    elif re.fullmatch(r"\d{1,20}(\.\d{0,9})?", text):
        seen = int(float(text))
    else:
        seen = _parse_iso(option, text)
    if not 0 <= seen < FAR_FUTURE:
        raise InvalidValue(
            f"{option} is {text!r}, which is not between 1970 and 2100.",
            "A Unix time is in seconds." if seen > 0 else "",
        )
    return seen


def _parse_iso(option: str, text: str) -> int:
    try:
        # the Z, since fromisoformat takes it from Python 3.11 on only
        seen = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        return int(seen.replace(tzinfo=seen.tzinfo or timezone.utc).timestamp())
    except (ValueError, OverflowError) as error:
        raise InvalidValue(
            f"{option} is {text!r}, which is no time.",
            "It is a Unix time (1413540000), ISO 8601 (2014-10-17T10:00:00Z; UTC unless it tells), now, or before now"
            " (-10m; with s, m, h, d or w).",
        ) from error


def format_time(seconds: int) -> str:
    """A time for a sentence."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def summary(series: SeriesRecord, step: int) -> dict[str, Any]:
    """One metric's values and what to decide on; all but ``points`` is None while there are no values."""
    points = with_gaps([[int(time), _number(value)] for time, value in series["points"]], step)
    values = [value for _time, value in points if value is not None]
    return {
        **series,
        "points": points,
        "last": values[-1] if values else None,
        "min": min(values, default=None),
        "max": max(values, default=None),
        "mean": math.fsum(values) / len(values) if values else None,
    }


def _number(value: Any) -> int | float | None:
    """None also of what JSON has no number for: some Mist servers hand on an infinity."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


def with_gaps(points: Sequence[Point], step: int) -> list[list[Any]]:
    """The points, with one without a value where some are missing in between.

    How far apart they are is seen from the points: a server keeps old values at longer steps than it is asked for.
    """
    apart = max(step, min((after[0] - before[0] for before, after in zip(points, points[1:])), default=step))
    filled: list[list[Any]] = []
    for time, value in points:
        if filled and time - filled[-1][0] >= 2 * apart:
            filled.append([filled[-1][0] + apart, None])
        filled.append([time, value])
    return filled


def has_values(
    stats: Mapping[str, SeriesRecord], metrics: Sequence[str], is_of: Callable[[str, str], bool] = operator.eq
) -> bool:
    """Whether each of these metrics, by id or name, has a value; without any, whether some metric has.

    ``is_of`` tells of the ids of a series and of a metric whether they belong together.
    """
    full = [each for each in stats.values() if any(_number(value) is not None for _time, value in each["points"])]
    return bool(full) and all(any(is_of(each["id"], it) or each["name"] == it for each in full) for it in metrics)
