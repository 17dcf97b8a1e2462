# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of v4.7 that the collection calls. The emulator answers a request of one of them as it was recorded.

``tests/unit/mist_client/test_called_routes_v4.py`` compares this table with what the client sends.
"""

from __future__ import annotations

import re

#: method and path below /api/v1/; `*` stands for an id or a name
CALLED = frozenset(
    {
        ("POST", "tokens"),
        ("DELETE", "tokens"),
        ("GET", "org"),
        ("GET", "providers"),
        ("GET", "clouds"),
        ("POST", "clouds"),
        ("PUT", "clouds/*"),
        ("PATCH", "clouds/*"),
        ("POST", "clouds/*"),
        ("DELETE", "clouds/*"),
        ("GET", "clouds/*/images"),
        ("POST", "clouds/*/images"),
        ("GET", "clouds/*/sizes"),
        ("GET", "clouds/*/locations"),
        ("GET", "clouds/*/networks"),
        ("GET", "clouds/*/machines"),
        ("POST", "clouds/*/machines"),
        ("PUT", "clouds/*/machines"),
        ("GET", "machines"),
        ("PUT", "machines/*"),
        ("POST", "machines/*"),
        ("POST", "machines/*/probe"),
        ("PUT", "machines/*/keys/*"),
        ("DELETE", "machines/*/keys/*"),
        ("POST", "machines/*/monitoring"),
        ("GET", "machines/*/stats"),
        ("PUT", "machines/*/metrics"),
        ("DELETE", "machines/*/metrics"),
        ("POST", "machines/*/plugins/*"),
        ("GET", "monitoring"),
        ("GET", "metrics"),
        ("GET", "jobs/*"),
        ("GET", "keys"),
        ("PUT", "keys"),
        ("POST", "keys"),
        ("PUT", "keys/*"),
        ("POST", "keys/*"),
        ("DELETE", "keys/*"),
        ("GET", "keys/*/private"),
        ("GET", "keys/*/public"),
        ("POST", "tags"),
        ("GET", "scripts"),
        ("DELETE", "scripts/*"),
    }
)
V1 = "/api/v1/"
PATTERNS = {route: re.compile(V1 + re.escape(route[1]).replace(r"\*", "[^/]+")) for route in CALLED}


def called_route(method: str, path: str) -> tuple[str, str] | None:
    """The route of a request; None if the collection does not call it."""
    plain = path.partition("?")[0]
    found = (route for route, pattern in PATTERNS.items() if route[0] == method and pattern.fullmatch(plain))
    return next(found, None)
