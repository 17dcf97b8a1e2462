# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report, as those see it who open it in a browser.

`make browser SCREENSHOT=docs/docsite/rst/images/report.png` writes the picture that the guide shows.
"""

from __future__ import annotations

import os
import re
from itertools import combinations
from pathlib import Path

import pytest


@pytest.fixture
def fleet(machine):
    """Three monitored machines, one of which was silent for a while."""
    machine("web1", 1)
    machine("web2", 2, gap=range(22, 31))
    machine("db1", 0, metrics={"load.shortterm": ("Load", ""), "memory.nonfree_percent": ("RAM", "%")})


def texts(chart, kind):
    return [each["text"] for each in chart["texts"] if each["kind"] == kind]


def overlap(one, other):
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 4


def is_inside(inner, outer):
    right = inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    return inner["x"] >= outer["x"] - 1 and right and inner["y"] >= outer["y"] - 1


def test_each_metric_has_a_chart_with_axes_units_and_the_machines_names(fleet, report, browser):
    load, memory, network = browser.seen(report())["charts"]
    assert [each["title"] for each in (load, memory, network)] == ["Load", "RAM in %", "Network in B/s"]
    assert [texts(each, "unit") for each in (load, memory, network)] == [[], ["%"], ["B/s"]]
    assert texts(load, "name") == texts(memory, "name") == ["db1", "web1", "web2"]
    assert texts(network, "name") == ["web1", "web2"]
    assert [each["colour"] for each in network["lines"]] == [each["colour"] for each in load["lines"][1:]]
    assert texts(network, "value") == ["0", "1M", "2M", "3M", "4M"][: len(texts(network, "value"))]
    assert texts(load, "time")[0] == "10:00"
    assert texts(load, "when") == ["17 Oct 2014, 10:00 to 11:00 UTC"]
    assert [len(each["lines"]) for each in (load, memory, network)] == [3, 3, 2]
    assert "web2: from " in load["desc"]


def test_metrics_without_values_are_reported_in_a_sentence(fleet, report):
    page = report().read_text(encoding="utf-8")
    assert "<p>No values in this time: CPU, Disks Read, Disks Write, Ifaces Rx, Ifaces Tx.</p>" in page


@pytest.mark.parametrize("width", [1280, 600])
def test_nothing_is_cut_off_or_covers_another_text(fleet, report, browser, width):
    seen = browser.seen(report(), width)
    assert seen["width"] <= width
    for chart in seen["charts"]:
        assert chart["width"] > 300
        assert all(line["length"] > 100 and is_inside(line, chart) for line in chart["lines"])
        assert all(is_inside(text, chart) for text in chart["texts"])
        assert [pair for pair in combinations(chart["texts"], 2) if overlap(*pair)] == []


def test_a_gap_is_seen(fleet, report):
    page = report(report_machines=["web2"]).read_text(encoding="utf-8")
    (path,) = re.findall('<path class="line c1" d="([^"]*)"><title>web2', page)[:1]
    assert path.count("M") == 2


def test_names_from_the_server_are_text_and_nothing_else(machine, report, browser):
    evil = "<script>window.owned=true</script>"
    machine(
        evil,
        0,
        metrics={"load.shortterm": (f"{evil}'\"&", evil), '"><img src=x onerror=window.owned=true>': (evil, "")},
    )
    page = report(report_title=evil)
    seen = browser.seen(page)
    assert seen["owned"] is False
    load = seen["charts"][-1]
    assert (texts(load, "name"), texts(load, "unit")) == ([evil], [evil])
    assert evil not in page.read_text(encoding="utf-8")


def test_the_page_asks_for_nothing_else(fleet, report):
    page = report().read_text(encoding="utf-8")
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=|url\(|@import", page) == []
    assert set(re.findall(r"https?://[^\"' <]*", page)) == {"http://www.w3.org/2000/svg"}
    assert "Content-Security-Policy\" content=\"default-src 'none';" in page


def test_machines_of_one_name_are_distinguished(machine, report):
    twins = [machine("web1", turn).id for turn in range(2)]
    page = report().read_text(encoding="utf-8")
    assert all(f'<th scope="row">web1 ({each})</th>' in page for each in twins)


def test_the_picture_of_it(fleet, report, browser, tmp_path):
    file = Path(os.environ.get("SCREENSHOT") or tmp_path / "report.png").absolute()
    page = report(report_title="Our machines this morning")
    light = browser.picture(page, file, "--window-size=1160,940")
    dark = browser.picture(page, tmp_path / "dark.png", "--window-size=1160,940", "--force-dark-mode")
    assert min(len(light), len(dark)) > 20_000
    assert light != dark
