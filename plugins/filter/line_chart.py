# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stats as a picture."""

from __future__ import annotations

DOCUMENTATION = r"""
name: line_chart
short_description: Draw a line chart of stats as SVG
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Draws lines over time, one for each machine, with axes and a legend, as one SVG element to put into a page of HTML
    or a file of its own.
  - It needs no other library, and the picture needs no script and nothing from the network. It follows the reader's
    wish for light or dark, and tells what it shows to those who cannot see it.
  - All text in it is escaped.
positional: title, unit
options:
  _input:
    description:
      - The lines, each a dictionary with C(name) and C(points), such as those of
        M(mistio.cloud.mist_monitoring_info).
      - A point is a list of a Unix time and a value; where the value is null, the line is broken.
      - With C(colour), a number from 1 on, a line has the same colour in several charts. Unless given it is counted.
    type: list
    elements: dict
    required: true
  title:
    description: What is shown.
    type: str
    required: true
  unit:
    description: What it is measured in.
    type: str
    default: ""
  width:
    description: The width of the picture, at which its letters have their usual size.
    type: int
    default: 720
  height:
    description: The height of the picture but for the legend.
    type: int
    default: 280
seealso:
  - module: mistio.cloud.mist_monitoring_info
"""

EXAMPLES = r"""
- name: Get the stats of some machines
  mistio.cloud.mist_monitoring_info:
    mist_uri: http://mist.example.test:8000
    names: [web1, web2]
    start: -1h
  register: mist

- name: Draw their load
  ansible.builtin.copy:
    content: |-
      {%- set drawn = namespace(lines=[]) -%}
      {%- for machine in mist.machines if machine.enabled -%}
      {%- set line = {"name": machine.name, "points": machine.stats["system.load1"].points} -%}
      {%- set drawn.lines = drawn.lines + [line] -%}
      {%- endfor -%}
      {{ drawn.lines | mistio.cloud.line_chart("Load") }}
    dest: load.svg
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The SVG element.
  type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.mistio.cloud.plugins.plugin_utils.line_chart import draw, line_of

LEAST = 200
MOST = 4000


def line_chart(lines, title, unit="", width=720, height=280):
    if not isinstance(lines, (list, tuple)):
        raise AnsibleFilterError(f"line_chart draws a list of lines, and got a {type(lines).__name__}.")
    for name, size in (("width", width), ("height", height)):
        if isinstance(size, bool) or not isinstance(size, int) or not LEAST <= size <= MOST:
            raise AnsibleFilterError(f"The {name} of a line_chart is {size!r}, and must be from {LEAST} to {MOST}.")
    try:
        drawn = [line_of(each, place) for place, each in enumerate(lines, 1)]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise AnsibleFilterError(
            f"line_chart draws dicts with a name and points, pairs of a Unix time and a number or null: {error!r}."
        ) from error
    return draw(drawn, str(title), str(unit or ""), width, height)


class FilterModule:
    """Filters."""

    def filters(self):
        """By name."""
        return {"line_chart": line_chart}
