# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication at servers of 2014. Source: recordings/2014/CONTRACT.md 1."""

from __future__ import annotations

from ...errors import (
    MistError,
    RequestFailed,
)
from .. import base

#: the path at which a server of 2016 or later lists its backends
CLOUDS_V1 = ("api", "v1", "clouds")


class Session(base.Session):
    def use_token(self, token: str, email: str | None) -> None:
        # the format "mist_1 email:token" is read in the server's source (recordings/2014/CONTRACT.md 1). A token that
        # already has this format is not changed
        is_complete = token.startswith("mist_1 ") or not email
        self.wire.transport.log_in(token if is_complete else f"mist_1 {email}:{token}")

    def requires_login(self) -> bool:
        # a server of 2016 or later answers with its web UI at the paths of 2014, and with 401 at this path:
        # [clouds-no-token]
        try:
            self.wire.transport.exchange("GET", self.wire.transport.address(*CLOUDS_V1))
        except MistError as error:
            return isinstance(error, RequestFailed) and error.status == 401
        return False

    def log_in(self, email: str, password: str, org: str | None) -> None:
        if org:
            self.check_org(org)
        answer = self.wire.json("POST", "auth", body={"email": email, "password": password})
        # a standalone server returns no token and requires none (recordings/2014/CONTRACT.md 1)
        token = answer.get("mist_api_token") if isinstance(answer, dict) else None
        if token:
            self.use_token(token, email)

    def log_out(self) -> None:
        """Nothing to revoke: servers of 2014 have one token for each user."""
