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

#: the lifetime of a token, in case the run is killed and does not revoke it. It must be longer than the longest task,
#: but short, because a server allows only 20 tokens for each user
TOKEN_SECONDS = 2 * 3600
#: the timeout for revoking a token, so that a slow server does not delay the end of a task
REVOKE_SECONDS = 10


class Session(base.Session):
    def __init__(self, api: base.Generation) -> None:
        super().__init__(api)
        #: the token that ``log_in`` created, and the id of its process: a forked process must not revoke it
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
        options = {"secrets": [password], "even_if_read_only": True}
        created = self.wire.record(parsing.token, "a token", "POST", *TOKENS, body=body, **options)
        self.wire.transport.log_in(created.token)
        self._own_token = (created.id, os.getpid())
        if org and org not in created.orgs:  # the server does not report it: recordings/4.7, tokens-create-unknown-org
            self.log_out()
            raise self._of_another_org(org, created.orgs)

    def log_out(self) -> None:
        (token, pid), self._own_token = self._own_token, ("", 0)
        if token and pid == os.getpid():
            with suppress(MistError):  # the token expires anyway, and an error here must not hide an earlier one
                self.wire.transport.done(
                    "DELETE", *TOKENS, body={"id": token}, timeout=REVOKE_SECONDS, even_if_read_only=True
                )

    def check_org(self, org: str) -> None:
        orgs = self.wire.record(lambda answer: (answer["id"], answer["name"]), "an organization", "GET", *V1, "org")
        if org not in orgs:
            raise self._of_another_org(org, orgs)

    def _of_another_org(self, org: str, orgs: tuple[str, str]) -> InvalidValue:
        org_id, name = orgs
        return InvalidValue(
            f"Invalid mist_org {org!r}: the credentials are for the organization {name!r} ({org_id}).",
            "Set mist_org to the id or the name of an organization of which the user is a member.",
        )
