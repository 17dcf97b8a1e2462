# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line chart as a self-contained SVG picture: without scripts, fonts and requests. Pure.

``_text`` and ``_label`` escape every text of the caller.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timezone
from html import escape
from typing import Any, Iterable, Iterator, NamedTuple, Sequence

LEFT, RIGHT, TOP, BOTTOM = 58, 26, 52, 50
LEGEND_ROW = 20
#: the approximate width of a letter, in units of the picture
LETTER = 6.8
LONGEST_NAME = 40
#: larger values are not measurements, and would overflow the arithmetic
LARGEST = 1e150
YEAR_9999 = 253370764800
MINUTE, HOUR, DAY = 60, 3600, 86400
TIME_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(count * MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * HOUR for count in (1, 2, 3, 6, 12)),
    *(count * DAY for count in (1, 2, 7, 14, 28, 91, 182, 364, 1820, 3640)),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# each color has a contrast of 3 to its background, and can be distinguished with red-green color blindness
ON_LIGHT = ("#0072b2", "#c8501e", "#007f5f", "#a8468b", "#8a6d00", "#2f8fc4", "#5b45b0", "#55606e")
ON_DARK = ("#58a6e8", "#f0883e", "#3fc19b", "#e38cc5", "#e0b93a", "#8fd0f5", "#a797f5", "#b0bac5")
COLOURS = len(ON_LIGHT)


def _style() -> str:
    """The style sheet. It is the same for all pictures, so that several fit on one page."""
    light, dark = ("".join(f" --c{n}: {c};" for n, c in enumerate(colours, 1)) for colours in (ON_LIGHT, ON_DARK))
    lines = "".join(
        f".mist-chart .c{n} {{ stroke: var(--c{n}) }} .mist-chart .dot.c{n} {{ fill: var(--c{n}) }}\n"
        for n in range(1, COLOURS + 1)
    )
    return f"""
.mist-chart {{ --paper: #ffffff; --ink: #1f2933; --soft: #616e7c; --grid: #e1e5ea;{light}
  background: var(--paper); font: 12px system-ui, sans-serif; max-width: 100%; height: auto }}
@media (prefers-color-scheme: dark) {{
  .mist-chart {{ --paper: #161b22; --ink: #e6edf3; --soft: #9aa5b1; --grid: #30363d;{dark} }}
}}
.mist-chart text {{ fill: var(--soft) }}
.mist-chart .title {{ fill: var(--ink); font-size: 15px; font-weight: 600 }}
.mist-chart .name {{ fill: var(--ink) }}
.mist-chart .grid {{ stroke: var(--grid) }}
.mist-chart .axis {{ stroke: var(--soft) }}
.mist-chart .line {{ fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }}
{lines}"""


class Line(NamedTuple):
    """A line of a chart. A point is ``(Unix time, value or None)``, the oldest first. ``colour`` counts from 1."""

    name: str
    points: Sequence[tuple[float, float | None]]
    colour: int

    @property
    def values(self) -> list[float]:
        return [value for _time, value in self.points if value is not None]


class Scale(NamedTuple):
    """A linear scale from numbers to positions on the picture."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, number: float) -> str:
        share = (number - self.low) / (self.high - self.low)
        return f"{self.begin + share * (self.end - self.begin):.1f}".rstrip("0").rstrip(".")


def line_of(item: Any, place: int) -> Line:
    """The line of a dict with ``name`` and ``points``. Raises KeyError, TypeError or ValueError for another shape.

    The default ``colour`` is the place of the line, which counts from 1.
    """
    points = sorted(((_time(time), _value(value)) for time, value in item["points"]), key=lambda point: point[0])
    return Line(str(item["name"]), points, max(int(item.get("colour", place)), 1))


def _time(value: Any) -> float:
    if not 0 <= float(value) < YEAR_9999:
        raise ValueError(f"invalid time {value!r}")
    return float(value)


def _value(value: Any) -> float | None:
    number = None if value is None or isinstance(value, bool) else float(value)
    return number if number is not None and abs(number) < LARGEST else None  # False for nan


def draw(lines: Sequence[Line], title: str, unit: str, width: int, height: int) -> str:
    """The picture. The rows of the legend add to its height."""
    legend, rows = _legend(lines, width, height - BOTTOM + 42)
    height += rows * LEGEND_ROW
    values = [value for line in lines for value in line.values]
    if values:
        body = _plot(lines, values, unit, width, height - rows * LEGEND_ROW)
    else:
        body = [_label(width / 2, (height - rows * LEGEND_ROW) / 2, "no values", anchor="middle")]
    description = "; ".join(_description(line, unit) for line in lines)
    key = hashlib.sha256(f"{title}\0{description}".encode(errors="replace")).hexdigest()[:12]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="mist-chart" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" role="img" aria-labelledby="t{key} d{key}">',
            f'<title id="t{key}">{_text(_with_unit(title, unit))}</title>',
            f'<desc id="d{key}">{_text(description or "no values")}</desc>',
            f"<style>{_style()}</style>",
            _label(LEFT - 44, 22, title, "title"),
            *body,
            *legend,
            "</svg>",
        ]
    )


def _plot(lines: Sequence[Line], values: Sequence[float], unit: str, width: int, height: int) -> list[str]:
    """The axes and the lines."""
    times = [time for line in lines for time, value in line.points]
    first, last = min(times), max(times)
    if first == last:
        first, last = first - MINUTE, last + MINUTE
    marks = value_marks(min(values), max(values))
    x = Scale(first, last, LEFT, width - RIGHT)
    y = Scale(marks[0], marks[-1], height - BOTTOM, TOP)
    return [
        _label(LEFT - 8, TOP - 14, unit, "unit", "end") if unit else "",
        *(_mark_of_value(mark, x, y) for mark in marks),
        *_marks_of_time(first, last, x, height),
        _label(width - RIGHT, height - BOTTOM + 36, f"{_span(first, last)} UTC", "when", "end"),
        *(drawn for line in lines for drawn in _line(line, x, y)),
    ]


# ---- axes


def value_marks(low: float, high: float) -> list[float]:
    """Four to seven round numbers, the first not above ``low`` and the last not below ``high``."""
    low, high = min(low, 0.0) if low > 0 else low, max(high, 0.0) if high < 0 else high
    if low == high:
        high = low + 1
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough), 10 * power)
    begin = math.floor(low / step + 1e-9)
    end = math.ceil(high / step - 1e-9)
    return [number * step for number in range(begin, max(end, begin + 1) + 1)]


def time_marks(first: float, last: float) -> tuple[list[int], int]:
    """At most seven round times, and the seconds from one to the next."""
    step = next((size for size in TIME_STEPS if (last - first) / size <= 6), math.ceil((last - first) / 6))
    begin = math.ceil(first / step)
    return [number * step for number in range(begin, math.floor(last / step) + 1)], step


def _mark_of_value(mark: float, x: Scale, y: Scale) -> str:
    at = y.at(mark)
    kind = "axis" if mark == 0 else "grid"
    line = f'<line class="{kind}" x1="{x.begin}" x2="{x.end}" y1="{at}" y2="{at}"/>'
    return line + _label(x.begin - 8, float(at) + 4, short(mark), "value", "end")


def _marks_of_time(first: float, last: float, x: Scale, height: int) -> Iterator[str]:
    marks, step = time_marks(first, last)
    bottom = height - BOTTOM
    for mark in marks:
        at = x.at(mark)
        yield f'<line class="axis" x1="{at}" x2="{at}" y1="{bottom}" y2="{bottom + 5}"/>'
        yield _label(float(at), bottom + 18, clock(mark, step), "time", "middle")


def clock(seconds: float, step: int) -> str:
    """A time in UTC, as precise as marks with a distance of ``step`` seconds require."""
    when = datetime.fromtimestamp(seconds, timezone.utc)
    if step >= 91 * DAY:
        return f"{MONTHS[when.month - 1]} {when.year}"
    if step >= DAY or (when.hour, when.minute, when.second) == (0, 0, 0):
        return f"{when.day} {MONTHS[when.month - 1]}"
    return when.strftime("%H:%M" if step >= MINUTE else "%H:%M:%S")


def _span(first: float, last: float) -> str:
    ends = [datetime.fromtimestamp(time, timezone.utc) for time in (first, last)]
    days = [f"{when.day} {MONTHS[when.month - 1]} {when.year}" for when in ends]
    times = [when.strftime("%H:%M") for when in ends]
    if days[0] == days[1]:
        return f"{days[0]}, {times[0]} to {times[1]}"
    return f"{days[0]}, {times[0]} to {days[1]}, {times[1]}"


def short(number: float) -> str:
    """A number with at most four digits: ``1.5M`` for 1500000."""
    for limit, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if limit <= abs(number) < 1e15:
            return f"{number / limit:.4g}{letter}"
    return f"{number:.4g}"


# ---- lines


def _line(line: Line, x: Scale, y: Scale) -> Iterator[str]:
    """The unbroken parts of a line as one path, and a dot for each single value between gaps."""
    parts = list(unbroken(line.points))
    path = " ".join(
        "M" + " L".join(f"{x.at(time)} {y.at(value)}" for time, value in part) for part in parts if len(part) > 1
    )
    colour, dashes = _look(line)
    name = f"<title>{_text(line.name)}</title>"
    if path:
        yield f'<path class="line {colour}"{dashes} d="{path}">{name}</path>'
    for part in parts:
        if len(part) == 1:
            time, value = part[0]
            yield f'<circle class="dot {colour}" cx="{x.at(time)}" cy="{y.at(value)}" r="2.5">{name}</circle>'


def unbroken(points: Iterable[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The parts of a line between its gaps."""
    part: list[tuple[float, float]] = []
    for time, value in points:
        if value is not None:
            part.append((time, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _look(line: Line) -> tuple[str, str]:
    """The colour of a line, and dashes if an earlier line has the same colour."""
    turn, number = divmod(line.colour - 1, COLOURS)
    return f"c{number + 1}", f' stroke-dasharray="{6 - min(turn, 4)} {2 + turn}"' if turn else ""


def _legend(lines: Sequence[Line], width: int, top: float) -> tuple[list[str], int]:
    """The names of the lines in rows, and the number of rows."""
    drawn: list[str] = []
    left, row = float(LEFT), 0
    for line in lines:
        name = line.name if len(line.name) <= LONGEST_NAME else line.name[: LONGEST_NAME - 1] + "…"
        room = 40 + len(name) * LETTER
        if drawn and left + room > width - RIGHT:
            left, row = LEFT, row + 1
        y, (colour, dashes) = top + row * LEGEND_ROW + 14, _look(line)
        drawn.append(f'<line class="line {colour}"{dashes} x1="{left:g}" x2="{left + 16:g}" y1="{y:g}" y2="{y:g}"/>')
        drawn.append(_label(left + 22, y + 4, name, "name"))
        left += room
    return drawn, row + 1 if lines else 0


def _description(line: Line, unit: str) -> str:
    values = line.values
    if not values:
        return f"{line.name}: no values"
    low, high, last = (short(value) for value in (min(values), max(values), values[-1]))
    return f"{line.name}: from {low} to {high}, last {last} {unit}".rstrip()


# ---- text


def _with_unit(title: str, unit: str) -> str:
    return f"{title} in {unit}" if unit else title


def _label(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{_text(text)}</text>'


def _text(text: str) -> str:
    """The text escaped, and without the control characters that are invalid in XML."""
    return escape("".join(char if char.isprintable() else " " for char in text))
