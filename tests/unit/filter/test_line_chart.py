# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter line_chart; how its pictures look in a browser, tests/browser sees."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.mistio.cloud.plugins.filter.line_chart import EXAMPLES, FilterModule
from ansible_collections.mistio.cloud.plugins.plugin_utils.line_chart import (
    clock,
    short,
    time_marks,
    unbroken,
    value_marks,
)
from ansible_collections.mistio.cloud.plugins.plugin_utils.trust import trust_as_template

NOON = 1413540000  # 2014-10-17T10:00:00Z
SVG = "{http://www.w3.org/2000/svg}"


def drawn(points, title="Load", unit="", name="web1", **options):
    return ET.fromstring(draw([{"name": name, "points": points}], title, unit, **options))


def draw(*given, **options):
    return FilterModule().filters()["line_chart"](*given, **options)


def texts(chart, kind=None):
    return [each.text for each in chart.iter(f"{SVG}text") if kind in (None, each.get("class"))]


def paths(chart):
    return [each.get("d") for each in chart.iter(f"{SVG}path")]


def test_a_chart_tells_what_it_shows_in_words_too():
    chart = drawn([[NOON, 1], [NOON + 60, 3], [NOON + 120, 2]], "Disk", "GB")
    title, desc = chart.find(f"{SVG}title"), chart.find(f"{SVG}desc")
    assert (title.text, desc.text) == ("Disk in GB", "web1: from 1 to 3, last 2 GB")
    assert chart.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert chart.get("role") == "img"
    assert texts(chart, "unit") == ["GB"]
    assert texts(chart, "when") == ["17 Oct 2014, 10:00 to 10:02 UTC"]


def test_a_line_is_broken_where_values_are_missing_and_a_lone_value_is_a_dot():
    points = [[0, 1], [10, 2], [20, None], [30, 3], [40, None], [50, 4], [60, 5]]
    chart = drawn(points)
    assert [path.count("M") for path in paths(chart)] == [2]
    assert len(list(chart.iter(f"{SVG}circle"))) == 1


def test_points_may_come_in_any_order():
    assert paths(drawn([[20, 3], [0, 1], [10, 2]])) == paths(drawn([[0, 1], [10, 2], [20, 3]]))


@pytest.mark.parametrize("points", [[], [[NOON, None]], [[NOON, float("nan")]], [[NOON, float("inf")], [NOON, -1e300]]])
def test_without_values_it_says_so(points):
    chart = drawn(points)
    assert "no values" in texts(chart)
    assert chart.find(f"{SVG}desc").text == "web1: no values"
    assert paths(chart) == []


@pytest.mark.parametrize("value", [0, 5, -5, 1e-12, 1e149, -1e149])
def test_one_value_makes_a_chart(value):
    assert len(list(drawn([[NOON, value]]).iter(f"{SVG}circle"))) == 1


def test_the_least_and_the_greatest_value_together_make_a_chart():
    assert paths(drawn([[0, -1e149], [10, 1e149], [20, 1e-300]])) != []


def test_all_text_is_escaped():
    evil = "<script>alert(1)</script>&\"'"
    text = draw([{"name": evil, "points": [[0, 1], [1, 2]]}], evil, evil)
    assert "<script" not in text
    assert set(texts(ET.fromstring(text), "name")) == {evil}


def test_control_characters_make_no_broken_picture():
    assert texts(drawn([[0, 1]], name="a\0b\x1bc\ud800"), "name") == ["a b c "]


def test_a_long_name_is_cut_in_the_legend_alone():
    chart = drawn([[0, 1], [1, 2]], name="x" * 99)
    assert texts(chart, "name") == ["x" * 39 + "…"]
    assert chart.find(f"{SVG}desc").text.startswith("x" * 99)


def test_many_lines_have_a_legend_of_several_rows_and_are_distinguished():
    lines = [{"name": f"machine-{number:02}", "points": [[0, number], [10, 1]]} for number in range(20)]
    chart = ET.fromstring(draw(lines, "Load"))
    looks = [(each.get("class"), each.get("stroke-dasharray")) for each in chart.iter(f"{SVG}path")]
    assert len(set(looks)) == 20
    assert int(chart.get("height")) > 280 + 20


def test_a_line_can_have_a_color_of_its_own():
    chart = ET.fromstring(draw([{"name": "web2", "points": [[0, 1], [1, 2]], "colour": 3}], "Load"))
    assert [each.get("class") for each in chart.iter(f"{SVG}path")] == ["line c3"]


def test_the_example_of_the_documentation_draws_a_line_for_each_monitored_machine():
    _read, drawing = yaml.safe_load(EXAMPLES)
    template = drawing["ansible.builtin.copy"]["content"]
    stats = {"system.load1": {"points": [[NOON, 0.5], [NOON + 60, None], [NOON + 120, 1.5]]}}
    machines = [{"name": name, "enabled": True, "stats": stats} for name in ("web1", "web2")]
    variables = {"mist": {"machines": [*machines, {"name": "db1", "enabled": False, "stats": {}}]}}
    text = Templar(DataLoader(), variables=variables).template(
        trust_as_template(template) if trust_as_template else template
    )
    assert texts(ET.fromstring(text), "name") == ["web1", "web2"]


# ---- axes


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (1.5, 2.1, [0, 1, 2, 3]),
        (0, 77, [0, 20, 40, 60, 80]),
        (-3, 3, [-4, -2, 0, 2, 4]),
        (-9, -1, [-10, -7.5, -5, -2.5, 0]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (3e6, 3.1e6, [0, 1e6, 2e6, 3e6, 4e6]),
    ],
)
def test_marks_of_values_are_round_and_hold_all(low, high, marks):
    assert value_marks(low, high) == pytest.approx(marks)


@pytest.mark.parametrize("seconds", [1, 10, 59, 600, 3600, 86400, 7 * 86400, 60 * 86400, 4000 * 86400])
def test_there_are_never_too_many_marks_of_time(seconds):
    marks, step = time_marks(NOON, NOON + seconds)
    assert 1 <= len(marks) <= 7
    labels = [clock(each, step) for each in marks]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("step", "text"), [(10, "10:00:05"), (60, "10:00"), (86400, "17 Oct"), (91 * 86400, "Oct 2014")]
)
def test_a_time_is_formatted_as_precisely_as_needed(step, text):
    assert clock(NOON + 5, step) == text


def test_midnight_is_formatted_as_the_day_that_begins():
    assert clock(1413504000, 3600) == "17 Oct"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (999, "999"),
        (1000, "1k"),
        (2.5e6, "2.5M"),
        (-3e9, "-3G"),
        (1e12, "1T"),
        (1e18, "1e+18"),
    ],
)
def test_numbers_are_short(number, text):
    assert short(number) == text


def test_parts_are_what_is_between_gaps():
    assert list(unbroken([(0, None), (1, 1), (2, 2), (3, None), (4, None), (5, 3)])) == [[(1, 1), (2, 2)], [(5, 3)]]


# ---- what cannot be drawn


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        ({"name": "web1"}, {}, "The input of line_chart must be a list of lines, not a dict."),
        ("web1", {}, "not a str."),
        ([{"points": []}], {}, "Invalid line of line_chart: it must be a dictionary with name and points"),
        ([{"name": "web1"}], {}, "Invalid line of line_chart: it must be a dictionary with name and points"),
        (["web1"], {}, "Invalid line of line_chart: it must be a dictionary with name and points"),
        (
            [{"name": "web1", "points": [[1]]}],
            {},
            "Invalid line of line_chart: it must be a dictionary with name and points",
        ),
        (
            [{"name": "web1", "points": [[1, "many"]]}],
            {},
            "Invalid line of line_chart: it must be a dictionary with name and points",
        ),
        (
            [{"name": "web1", "points": [[1e20, 1]]}],
            {},
            "Invalid line of line_chart: it must be a dictionary with name and points",
        ),
        (
            [{"name": "web1", "points": [[float("nan"), 1]]}],
            {},
            "Invalid line of line_chart: it must be a dictionary with name and points",
        ),
        ([], {"width": 10}, "Invalid width 10 of line_chart: it must be a number from 200 to 4000."),
        ([], {"height": "tall"}, "Invalid height 'tall' of line_chart: it must be"),
    ],
)
def test_what_cannot_be_drawn_is_reported(lines, options, said):
    with pytest.raises(AnsibleFilterError) as failure:
        draw(lines, "Load", **options)
    assert said in str(failure.value)
