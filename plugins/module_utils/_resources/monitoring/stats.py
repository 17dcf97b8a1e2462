# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The range of stats in the options, and the summary of a metric's values. Pure."""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from typing import Any, Callable, Mapping, NamedTuple, Sequence, TypedDict

from ...mist_client.errors import InvalidValue
from ...mist_client.records import SeriesRecord

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
#: the maximum number of points of a metric without the option step, and with it
DEFAULT_POINTS = 600
MAX_POINTS = 10000
MIN_STEP = 10
#: Unix time of the year 2100
FAR_FUTURE = 4102444800

Point = Sequence[Any]


class RangeWanted(TypedDict, total=False):
    """The options that say from when to when."""

    start: str
    stop: str
    step: int


class Range(NamedTuple):
    """Start and stop as Unix time, and the step from value to value in seconds."""

    start: int
    stop: int
    step: int


def range_of(wanted: RangeWanted, now: float) -> Range:
    """The range of the options ``start``, ``stop`` and ``step``. Raises InvalidValue if it is invalid or too large."""
    start = parse_time("start", wanted["start"], now)
    stop = parse_time("stop", wanted.get("stop", "now"), now)
    if start >= stop:
        raise InvalidValue(f"start ({format_time(start)}) must be before stop ({format_time(stop)}).")
    step = wanted.get("step", MIN_STEP * math.ceil((stop - start) / DEFAULT_POINTS / MIN_STEP))
    if step < 1:
        raise InvalidValue(f"Invalid step {step}: it must be at least 1 second.")
    points = math.ceil((stop - start) / step)
    if points > MAX_POINTS:
        raise InvalidValue(
            f"The range {format_time(start)} to {format_time(stop)} with step={step} has {points} values per metric."
            f" The maximum is {MAX_POINTS}.",
            f"Set step to at least {math.ceil((stop - start) / MAX_POINTS)}, or omit it.",
        )
    return Range(start, stop, step)


def parse_time(option: str, text: str, now: float) -> int:
    """The Unix time of a text: Unix time, ISO 8601, or a time before now such as ``-10m``."""
    text = text.strip()
    relative = re.fullmatch(r"-(\d{1,9})([smhdw])", text)
    if text == "now" or relative:
        parsed = int(now) - (int(relative[1]) * SECONDS[relative[2]] if relative else 0)
    elif re.fullmatch(r"\d{1,20}(\.\d{0,9})?", text):
        parsed = int(float(text))
    else:
        parsed = _parse_iso(option, text)
    if not 0 <= parsed < FAR_FUTURE:
        raise InvalidValue(
            f"Invalid {option} {text!r}: it must be between 1970 and 2100.",
            "A Unix time is in seconds." if parsed > 0 else "",
        )
    return parsed


def _parse_iso(option: str, text: str) -> int:
    try:
        # fromisoformat accepts Z only on Python 3.11 and later
        parsed = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        return int(parsed.replace(tzinfo=parsed.tzinfo or timezone.utc).timestamp())
    except (ValueError, OverflowError) as error:
        raise InvalidValue(
            f"Invalid {option} {text!r}: it is not a time.",
            "It must be a Unix time (1413540000), ISO 8601 (2014-10-17T10:00:00Z; the default time zone is UTC), now,"
            " or a time before now (-10m; the units are s, m, h, d and w).",
        ) from error


def format_time(seconds: int) -> str:
    """A time as text."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def summary(series: SeriesRecord, step: int) -> dict[str, Any]:
    """A metric's values and their summary. The summary is None while there are no values."""
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
    """The value if it is a finite number, else None: some Mist servers return an infinity."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


def with_gaps(points: Sequence[Point], step: int) -> list[list[Any]]:
    """The points, with an additional point without a value in each gap.

    The distance is computed from the points: a server stores old values at longer steps than requested.
    """
    apart = max(step, min((after[0] - before[0] for before, after in zip(points, points[1:])), default=step))
    filled: list[list[Any]] = []
    for time, value in points:
        if filled and time - filled[-1][0] >= 2 * apart:
            filled.append([filled[-1][0] + apart, None])
        filled.append([time, value])
    return filled


def has_values(stats: Mapping[str, SeriesRecord], metrics: Sequence[str], is_of: Callable[[str, str], bool]) -> bool:
    """Whether each of these metrics, by id or name, has a value; without metrics, whether any metric has one.

    ``is_of`` returns whether the id of a series belongs to the id of a metric.
    """
    full = [series for series in stats.values() if any(_number(value) is not None for _time, value in series["points"])]
    return bool(full) and all(
        any(is_of(series["id"], metric) or series["name"] == metric for series in full) for metric in metrics
    )
