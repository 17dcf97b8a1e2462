# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generation of 2014: which view answers which method and path."""

from __future__ import annotations

from .. import load
from ..call import Answer, Call
from ..core import CoreDown
from ..errors import ApiError
from ..generation import Generation
from ..providers import provider_of
from ..routing import Route, Routes
from ..world import Backend, World
from . import access, auth, backends, catalogue, keys, machines, monitoring, plugins
from .wire import refusal

_B = "/backends/{backend}"
_M = _B + "/machines/{machine}"
ROUTES: tuple[Route, ...] = (
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

_TABLE = Routes(ROUTES)


async def answer(call: Call) -> Answer:
    """The answer to a call. The path is decoded before it is routed: an escaped slash is a slash."""
    try:
        view, parts = _TABLE.find(call.arrived.method, call.arrived.path)
        auth.check_hosted(call)
        return await view(call, **parts)
    except ApiError as error:
        return refusal(error)
    except (CoreDown, AttributeError, TypeError, ValueError):
        # What the server did not foresee, a number for a title say, is a 500 without a word.
        return refusal(ApiError())


def backend_of(world: World, path: str) -> Backend | None:
    parts = path.split("/")
    return world.backends.get(parts[2]) if len(parts) > 2 and parts[1] == "backends" else None


GENERATION = Generation(answer, provider_of, load.fill, backend_of)
