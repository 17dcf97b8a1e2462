# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the table of calls out of the guide of the client, docs/docsite/rst/client.rst."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

GUIDE = Path(__file__).parents[3] / "docs" / "docsite" / "rst" / "client.rst"
LABEL = ".. _ansible_collections.mistio.cloud.docsite.client.table:"
LITERAL = re.compile(r"``([^`]+)``")


class Row(NamedTuple):
    """One name of the first client, and the calls that it makes, such as `GET /backends/{b}/machines`."""

    name: str
    calls: list[str]
    returns: str
    differs: str
    test: str


def rows() -> list[Row]:
    """The rows of the table, its header left out."""
    table = GUIDE.read_text(encoding="utf-8").partition(LABEL)[2]
    cells: list[list[str]] = []
    for line in table.splitlines():
        if line.startswith("   * - "):
            cells.append([line[7:]])
        elif line.startswith("     - "):
            cells[-1].append(line[7:])
    return [
        Row(_literal(name), LITERAL.findall(calls), returns, differs, _literal(test))
        for name, calls, returns, differs, test in cells[1:]
    ]


def _literal(cell: str) -> str:
    (only,) = LITERAL.findall(cell)
    return only
