# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that draws a line chart."""

from __future__ import annotations

DOCUMENTATION = r"""
name: line_chart
short_description: Draw a line chart as SVG
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Draws a line chart of values over time, such as the load of several machines, with axes and a legend.
  - Returns one SVG element that you can insert into an HTML page or save as a file. It needs no script and no network
    access.
  - The chart uses the light or dark color scheme of the reader, and contains a description for screen readers.
  - Names, the title and the unit are escaped. Times are in UTC.
positional: title, unit
options:
  _input:
    description:
      - The lines. Each line is a dictionary with the keys C(name) and C(points).
      - Each point is a list of a Unix time and a value, like the points that M(mistio.cloud.mist_monitoring_info)
        returns. A null value interrupts the line.
      - The optional key C(colour) is the number of a color, from 1 on. Use it to give a line the same color in several
        charts. The default is the position of the line.
    type: list
    elements: dict
    required: true
  title:
    description: The title of the chart.
    type: str
    required: true
  unit:
    description: The unit of the values.
    type: str
    default: ""
  width:
    description: The width of the chart in pixels, from 200 to 4000.
    type: int
    default: 720
  height:
    description: The height of the chart in pixels without the legend, from 200 to 4000.
    type: int
    default: 280
seealso:
  - module: mistio.cloud.mist_monitoring_info
"""

EXAMPLES = r"""
- name: Get the stats of two machines
  mistio.cloud.mist_monitoring_info:
    mist_uri: https://mist.example.test
    mist_api_token: "{{ vault_mist_token }}"
    machines: [web1, web2]
    start: -1h
  register: mist

- name: Save a chart of their load
  ansible.builtin.copy:
    content: |-
      {%- set chart = namespace(lines=[]) -%}
      {%- for machine in mist.machines if machine.enabled -%}
      {%- set line = {"name": machine.name, "points": machine.stats["system.load1"].points} -%}
      {%- set chart.lines = chart.lines + [line] -%}
      {%- endfor -%}
      {{ chart.lines | mistio.cloud.line_chart("Load") }}
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

MINIMUM = 200
MAXIMUM = 4000


def line_chart(lines, title, unit="", width=720, height=280):
    if not isinstance(lines, (list, tuple)):
        raise AnsibleFilterError(f"The input of line_chart must be a list of lines, not a {type(lines).__name__}.")
    for name, size in (("width", width), ("height", height)):
        if isinstance(size, bool) or not isinstance(size, int) or not MINIMUM <= size <= MAXIMUM:
            raise AnsibleFilterError(
                f"Invalid {name} {size!r} of line_chart: it must be a number from {MINIMUM} to {MAXIMUM}."
            )
    try:
        drawn = [line_of(line, position) for position, line in enumerate(lines, 1)]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise AnsibleFilterError(
            "Invalid line of line_chart: it must be a dictionary with name and points, and each point must be a list of"
            f" a Unix time and a number or null ({error!r})."
        ) from error
    return draw(drawn, str(title), str(unit or ""), width, height)


class FilterModule:
    """The filters of this file."""

    def filters(self):
        """The filters by name."""
        return {"line_chart": line_chart}
