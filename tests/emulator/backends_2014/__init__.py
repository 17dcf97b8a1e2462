# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generation of 2014: which view answers which method and path."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from ..call import Answer, Call
from ..core import CoreDown
from ..errors import ApiError, NoSuchRoute
from . import access, auth, backends, catalogue, keys, machines, monitoring, plugins
from .wire import refusal

View = Callable[..., Awaitable[Answer]]

_B = "/backends/{backend}"
_M = _B + "/machines/{machine}"
ROUTES: tuple[tuple[str, str, View], ...] = (
    ("POST", "/auth", auth.log_in),
    ("GET", "/providers", backends.list_providers),
    ("GET", "/backends", backends.list_backends),
    ("POST", "/backends", backends.add_backend),
    ("DELETE", _B, backends.delete_backend),
    ("PUT", _B, backends.rename_backend),
    ("POST", _B, backends.toggle_backend),
    ("GET", "/keys", keys.list_keys),
    ("PUT", "/keys", keys.add_key),
    ("POST", "/keys", keys.generate_key),
    ("DELETE", "/keys/{key}", keys.delete_key),
    ("PUT", "/keys/{key}", keys.rename_key),
    ("POST", "/keys/{key}", keys.set_default),
    ("GET", "/keys/{key}/private", keys.private_half),
    ("GET", "/keys/{key}/public", keys.public_half),
    ("GET", _B + "/images", catalogue.list_images),
    ("POST", _B + "/images", catalogue.list_images),
    ("POST", _B + "/images/{image*}", catalogue.toggle_star),
    ("GET", _B + "/sizes", catalogue.list_sizes),
    ("GET", _B + "/locations", catalogue.list_locations),
    ("GET", _B + "/networks", catalogue.list_networks),
    ("GET", _B + "/machines", machines.list_machines),
    ("POST", _B + "/machines", machines.create_machine),
    ("POST", _M, machines.act),
    ("POST", _M + "/metadata", machines.add_tag),
    ("DELETE", _M + "/metadata", machines.remove_tag),
    ("PUT", _M + "/keys/{key}", access.associate),
    ("DELETE", _M + "/keys/{key}", access.disassociate),
    ("POST", _M + "/probe", access.probe),
    ("GET", _M + "/shell", access.shell),
    ("GET", "/monitoring", monitoring.overview),
    ("POST", _M + "/monitoring", monitoring.switch),
    ("GET", _M + "/stats", monitoring.stats),
    ("GET", _M + "/metrics", monitoring.list_metrics),
    ("PUT", _M + "/metrics", monitoring.add_metric),
    ("DELETE", _M + "/metrics", monitoring.remove_metric),
    ("PUT", "/metrics/{metric}", monitoring.update_metric),
    ("POST", _M + "/plugins/{plugin}", plugins.deploy),
    ("DELETE", _M + "/plugins/{plugin}", plugins.undeploy),
    ("GET", _M + "/loadavg.png", monitoring.load_image),
    ("POST", "/rules", monitoring.add_rule),
    ("DELETE", "/rules/{rule}", monitoring.delete_rule),
)


def _pattern(path: str) -> re.Pattern[str]:
    """`{name}` is one segment, `{name*}` also takes slashes."""
    text = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.*)", path.replace(".", r"\."))
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", text), re.DOTALL)


_TABLE = [(method, _pattern(path), view) for method, path, view in ROUTES]


async def answer(call: Call) -> Answer:
    """The answer to a call. The path is decoded before it is routed: an escaped slash is a slash."""
    try:
        auth.check_hosted(call)
        view, parts = _route(call.arrived.method, call.arrived.path)
        return await view(call, **parts)
    except ApiError as error:
        return refusal(error)
    except (CoreDown, AttributeError, TypeError, ValueError):
        # What the server did not foresee, a number for a title say, is a 500 without a word.
        return refusal(ApiError())


def _route(method: str, path: str) -> tuple[View, dict[str, Any]]:
    method = "GET" if method == "HEAD" else method
    for each, pattern, view in _TABLE:
        match = pattern.fullmatch(path) if each == method else None
        if match:
            return view, match.groupdict()
    raise NoSuchRoute
