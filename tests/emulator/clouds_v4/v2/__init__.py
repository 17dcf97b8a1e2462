# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API v2: an application of its own, with its own texts; the recorded part of it."""

from __future__ import annotations

from functools import partial

from ...call import Answer, Call
from ...errors import ApiError, NoSuchRoute
from ...routing import Route, Routes
from .. import auth
from ..wire import TEXT
from . import changes, lists, machines
from .wire import NoSuchPath, Problem, refusal

SPEC = "/api/v2/spec"


async def spec(call: Call) -> Answer:
    return Answer(200, b"openapi: 3.0.3\n", TEXT.replace("plain", "yaml"))


ROUTES: tuple[Route, ...] = (
    ("GET", SPEC, spec),
    ("GET", "/api/v2/auth", lists.show_auth),
    ("GET", "/api/v2/auth/tokens", lists.show_tokens),
    *(("GET", f"/api/v2/{kind}", partial(lists.list_all, kind=kind)) for kind in lists.KINDS),
    *(("GET", f"/api/v2/{kind}/{{name}}", partial(lists.show, kind=kind)) for kind in lists.KINDS),
    ("GET", "/api/v2/jobs/{job}", lists.show_job),
    ("POST", "/api/v2/clouds", changes.add_cloud),
    ("PUT", "/api/v2/clouds/{cloud}", changes.edit_cloud),
    ("DELETE", "/api/v2/clouds/{cloud}", changes.delete_cloud),
    ("POST", "/api/v2/keys", changes.add_key),
    ("PUT", "/api/v2/keys/{key}", changes.edit_key),
    ("DELETE", "/api/v2/keys/{key}", changes.delete_key),
    ("POST", "/api/v2/machines", machines.create),
    ("POST", "/api/v2/machines/{machine}/actions/{action}", machines.act),
    ("PUT", "/api/v2/machines/{machine}/actions/associate-key", machines.associate),
    ("DELETE", "/api/v2/machines/{machine}/actions/disassociate-key", machines.disassociate),
)

_TABLE = Routes(ROUTES)


async def answer(call: Call) -> Answer:
    try:
        view, parts = _TABLE.find(call.arrived.method, call.arrived.path)
        if call.arrived.path != SPEC:
            _check(call)
        return await view(call, **parts)
    except NoSuchRoute:
        return refusal(NoSuchPath())
    except ApiError as error:
        return refusal(error)
    except (AttributeError, KeyError, TypeError, ValueError):
        return refusal(ApiError())


def _check(call: Call) -> None:
    """A token, or a browser's session."""
    try:
        auth.check(call)
    except ApiError:
        has_token = "Authorization" in call.arrived.headers
        text = "Provided apikey is not valid" if has_token else "No authorization token provided"
        raise Problem(401, "Unauthorized", text) from None
