# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generation of 2016 to v4.7: which view answers which method and path."""

from __future__ import annotations

import json
from pathlib import Path

from ..call import Answer, Call
from ..errors import ApiError
from ..generation import Generation
from ..routing import Route, Routes, View
from ..world import Backend, World
from . import (
    access,
    actions,
    auth,
    catalogue,
    clouds,
    creating,
    hosts,
    keys,
    load,
    machines,
    monitoring,
    plugins,
    stories,
    tags,
)
from .drivers import driver_of
from .state import Database
from .wire import of_json, refusal

PROVIDERS = json.loads((Path(__file__).parent / "supported_providers.json").read_text(encoding="utf-8"))


async def list_providers(call: Call) -> Answer:
    return of_json(PROVIDERS)


async def spec(call: Call) -> Answer:
    """A stub: what the real one describes is less exact than the recordings."""
    return Answer(200, b"openapi: 3.0.0\n", "application/octet-stream")


_C = "/api/v1/clouds/{cloud}"


def _of_machine(method: str, path: str, view: View) -> tuple[Route, Route]:
    """A view of one machine: by Mist's id, or by a cloud and the provider's id."""
    return (
        (method, "/api/v1/machines/{machine}" + path, view),
        (method, _C + "/machines/{machine}" + path, view),
    )


ROUTES: tuple[Route, ...] = (
    *(
        ("GET", path, auth.ui_page)
        for path in ("/", "/clouds", "/machines", "/keys", "/images", "/networks", "/sign-in")
    ),
    ("GET", "/version", auth.version),
    ("POST", "/login", auth.log_in),
    ("POST", "/logout", auth.log_out),
    ("OPTIONS", "/{path*}", auth.preflight),
    ("GET", "/api/v1/ping", auth.ping),
    ("GET", "/api/v1/spec", spec),
    ("GET", "/api/v1/providers", list_providers),
    ("GET", "/api/v1/tokens", auth.list_tokens),
    ("POST", "/api/v1/tokens", auth.create_token),
    ("DELETE", "/api/v1/tokens", auth.revoke_token),
    ("GET", "/api/v1/org", auth.show_org),
    ("GET", "/api/v1/orgs", auth.list_orgs),
    ("GET", "/api/v1/clouds", clouds.list_clouds),
    ("POST", "/api/v1/clouds", clouds.add_cloud),
    ("PUT", _C, clouds.rename_cloud),
    ("PATCH", _C, clouds.edit_cloud),
    ("POST", _C, clouds.switch_cloud),
    ("DELETE", _C, clouds.delete_cloud),
    ("GET", _C + "/images", catalogue.list_images),
    ("POST", _C + "/images", catalogue.search_images),
    ("POST", _C + "/images/{image*}", catalogue.star_image),
    ("GET", _C + "/sizes", catalogue.list_sizes),
    ("GET", _C + "/locations", catalogue.list_locations),
    ("GET", _C + "/networks", catalogue.list_networks),
    ("POST", _C + "/networks", catalogue.create_network),
    ("DELETE", _C + "/networks/{network}", catalogue.delete_network),
    ("GET", _C + "/networks/{network}/subnets", catalogue.list_subnets),
    ("GET", "/api/v1/networks", catalogue.list_all_networks),
    ("GET", _C + "/volumes", catalogue.list_volumes),
    ("POST", _C + "/volumes", catalogue.create_volume),
    ("GET", "/api/v1/volumes", catalogue.list_all_volumes),
    ("DELETE", "/api/v1/volumes/{volume}", catalogue.delete_volume),
    ("GET", _C + "/security-groups", catalogue.list_security_groups),
    ("GET", _C + "/storage-classes", catalogue.list_storage_classes),
    ("GET", _C + "/projects", catalogue.list_nothing),
    ("GET", _C + "/zones", catalogue.list_nothing),
    ("GET", "/api/v1/machines", machines.list_all),
    ("GET", _C + "/machines", machines.list_machines),
    ("POST", _C + "/machines", creating.create),
    ("PUT", _C + "/machines", hosts.add_host),
    ("GET", "/api/v1/machines/stats/load", monitoring.load),
    *_of_machine("PUT", "", machines.edit),
    *_of_machine("POST", "", actions.act),
    *_of_machine("POST", "/probe", access.probe),
    *_of_machine("POST", "/console", access.console),
    *_of_machine("POST", "/ssh", access.open_shell),
    *_of_machine("GET", "/rdp", access.desktop),
    *_of_machine("PUT", "/keys/{key}", access.associate),
    *_of_machine("DELETE", "/keys/{key}", access.disassociate),
    *_of_machine("GET", "/monitoring", monitoring.show),
    *_of_machine("POST", "/monitoring", monitoring.switch),
    *_of_machine("GET", "/stats", monitoring.stats),
    *_of_machine("GET", "/dashboard", monitoring.dashboard),
    *_of_machine("GET", "/metrics", monitoring.list_metrics_of_machine),
    *_of_machine("PUT", "/metrics", monitoring.add_metric),
    *_of_machine("DELETE", "/metrics", monitoring.remove_metric),
    *_of_machine("POST", "/plugins/{plugin}", plugins.deploy),
    *_of_machine("DELETE", "/plugins/{plugin}", plugins.undeploy),
    ("GET", _C + "/machines/{machine}/tags", tags.of_machine),
    ("POST", _C + "/machines/{machine}/tags", tags.set_of_machine),
    ("DELETE", _C + "/machines/{machine}/tags/{tag}", tags.delete_of_machine),
    ("POST", "/api/v1/tags", tags.batch),
    ("GET", "/api/v1/keys", keys.list_keys),
    ("PUT", "/api/v1/keys", keys.add_key),
    ("POST", "/api/v1/keys", keys.generate_key),
    ("DELETE", "/api/v1/keys/{key}", keys.delete_key),
    ("PUT", "/api/v1/keys/{key}", keys.rename_key),
    ("POST", "/api/v1/keys/{key}", keys.set_default),
    ("GET", "/api/v1/keys/{key}/private", keys.private_half),
    ("GET", "/api/v1/keys/{key}/public", keys.public_half),
    ("GET", "/api/v1/jobs/{job}", stories.show),
    ("GET", "/api/v1/monitoring", monitoring.overview),
    ("GET", "/api/v1/metrics", monitoring.list_metrics),
    ("PUT", "/api/v1/metrics/{metric}", monitoring.update_metric),
    ("GET", "/api/v1/scripts", plugins.list_scripts),
    ("DELETE", "/api/v1/scripts/{script}", plugins.delete_script),
)
WITHOUT_CSRF = frozenset({"/api/v1/tokens"})

_TABLE = Routes(ROUTES)


async def answer(call: Call) -> Answer:
    """The answer to a call, or the refusal of it."""
    path = call.arrived.path
    try:
        view, parts = _TABLE.find(call.arrived.method, path)
        if path not in WITHOUT_CSRF:
            auth.check_csrf(call)
        return await view(call, **parts)
    except ApiError as error:
        return refusal(error)
    except (AttributeError, KeyError, TypeError, ValueError):
        # What the server did not foresee is a 500 without a word.
        return refusal(ApiError())


def prepare(world: World) -> None:
    world.database = Database(world)
    load.fill(world)


def backend_of(world: World, path: str) -> Backend | None:
    """The cloud of a path, also where the path names only the machine."""
    parts = path.split("/")
    if len(parts) < 5:
        return None
    if parts[3] == "machines":
        record = world.database.records.get(parts[4])
        return record.cloud if record else None
    return world.backends.get(parts[4]) if parts[3] == "clouds" else None


GENERATION = Generation(answer, driver_of, prepare, backend_of)
