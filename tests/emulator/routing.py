# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which view answers which method and path."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from .call import Answer
from .errors import NoSuchRoute

View = Callable[..., Awaitable[Answer]]
Route = tuple[str, str, View]


class Routes:
    """A table of (method, path, view); in a path `{name}` is one segment, `{name*}` also takes slashes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._table = [(method, _pattern(path), view) for method, path, view in routes]

    def find(self, method: str, path: str) -> tuple[View, dict[str, Any]]:
        """The view and the named parts of the decoded path; NoSuchRoute when there is none."""
        method = "GET" if method == "HEAD" else method
        for each, pattern, view in self._table:
            match = pattern.fullmatch(path) if each == method else None
            if match:
                return view, match.groupdict()
        raise NoSuchRoute


def _pattern(path: str) -> re.Pattern[str]:
    text = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.*)", path.replace(".", r"\."))
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", text), re.DOTALL)
