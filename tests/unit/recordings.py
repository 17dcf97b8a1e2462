# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the real servers answered; see tests/recordings/README.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Exchange = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "recordings"


def read_exchanges(server: str, file: str = "exchanges.jsonl") -> list[Exchange]:
    """The exchanges with a server, ``2014`` or ``4.7``: dicts with ``name``, ``request`` and ``response``."""
    return [json.loads(line) for line in (FOLDER / server / file).read_text(encoding="utf-8").splitlines()]


def successes(exchanges: Iterable[Exchange], asked: str) -> Iterator[Exchange]:
    """Those that were answered 200 and whose ``METHOD path`` matches the pattern ``asked``."""
    for exchange in exchanges:
        line = f"{exchange['request']['method']} {exchange['request']['path'].partition('?')[0]}"
        if exchange["response"]["status"] == 200 and re.fullmatch(asked, line):
            yield exchange
