# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Login: the standalone server as a proxy to core, and the hosted server with its tokens."""

from __future__ import annotations

from ..call import Answer, Call
from ..core import ACCOUNT, token_of_login
from ..errors import NotAuthorized
from .wire import parameters

OPEN_PATHS = frozenset({"/auth"})
SCHEME = "mist_1 "


async def log_in(call: Call) -> Answer:
    given = parameters(call)
    core = call.world.core
    token = core.log_in(call, given.get("email") or "", given.get("password") or "")
    if token is None:
        raise NotAuthorized
    shown = dict(ACCOUNT)
    if call.world.settings.require_login:
        shown["mist_api_token"] = token
    return Answer.of_json(shown)


def check_hosted(call: Call) -> None:
    """Refuse a call without a token where the server is a hosted one."""
    if not call.world.settings.require_login or call.arrived.path in OPEN_PATHS:
        return
    header = call.arrived.headers.get("Authorization", "")
    scheme, rest = header[: len(SCHEME)], header[len(SCHEME) :]
    email, colon, token = rest.partition(":")
    settings = call.world.settings
    tokens = {(each.email.lower(), token_of_login(settings, each)) for each in settings.core}
    if scheme.lower() != SCHEME or not colon or (email.lower(), token) not in tokens:
        raise NotAuthorized
