# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication at servers of 2016 and later: API tokens. Source: recordings/4.7/CONTRACT.md 1."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress

from ...errors import (
    InvalidValue,
    MistError,
)
from .. import base
from . import parsing
from .paths import TOKENS, V1

#: how long a token lives that nobody revokes, for its run was killed. It must outlive the longest wait of a task, and
#: die soon, for a server has 20 of them for a user and no more
TOKEN_SECONDS = 2 * 3600
#: a server that is slow to revoke keeps nobody waiting
REVOKE_SECONDS = 10


class Session(base.Session):
    def __init__(self, api: base.Generation) -> None:
        super().__init__(api)
        #: the token that ``log_in`` made, and the process that did: one that was forked off must not revoke it
        self._own_token = ("", 0)

    def use_token(self, token: str, email: str | None) -> None:
        self.wire.transport.log_in(token)

    def log_in(self, email: str, password: str, org: str | None) -> None:
        body = {
            "email": email,
            "password": password,
            "name": f"mistio.cloud {secrets.token_hex(8)}",
            "ttl": TOKEN_SECONDS,
            **({"org_id": org} if org else {}),
        }
        secret = {"secrets": [password], "despite_wall": True}
        made = self.wire.record(parsing.token, "a token", "POST", *TOKENS, body=body, **secret)
        self.wire.transport.log_in(made.token)
        self._own_token = (made.id, os.getpid())
        if org and org not in made.orgs:  # the server says nothing: recordings/4.7, tokens-create-unknown-org
            self.log_out()
            raise self._of_another_org(org, made.orgs)

    def log_out(self) -> None:
        (token, pid), self._own_token = self._own_token, ("", 0)
        if token and pid == os.getpid():
            with suppress(MistError):  # it expires by itself, and what went before is what counts
                self.wire.transport.done(
                    "DELETE", *TOKENS, body={"id": token}, timeout=REVOKE_SECONDS, despite_wall=True
                )

    def check_org(self, org: str) -> None:
        orgs = self.wire.record(lambda it: (it["id"], it["name"]), "an organisation", "GET", *V1, "org")
        if org not in orgs:
            raise self._of_another_org(org, orgs)

    def _of_another_org(self, org: str, orgs: tuple[str, str]) -> InvalidValue:
        org_id, name = orgs
        return InvalidValue(
            f"This login is of the organisation {name!r} ({org_id}), not of {org!r}.",
            "Is mist_org the id or the name of an organisation that the user is a member of?",
        )
