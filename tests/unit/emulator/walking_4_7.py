# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk through the recordings of v4.7: tokens, cookies, forms, and ids that are learned wherever they appear."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from .walking import Heard, Walk

# Where an answer names something by an id that the server or the provider made.
ID_FIELDS = frozenset(
    {"id", "external_id", "job_id", "jobId", "association_id", "story_id", "log_id", "org_id", "user_id", "owner_id"}
    | {"owned_by", "created_by", "cloud", "parent", "network", "subnet", "image", "location", "key", "machine"}
    | {"token", "csrf_token", "session_id", "api_token_id", "network_id", "image_id", "vpc_id", "subnet_id", "$oid"}
    | {"collectd_password", "volume_id", "instance_id", "org"}
)
MADE_ID = re.compile(r"(sha256:)?[0-9a-f]{24,}|(i|vol|vpc|subnet|sg|eni)-[0-9a-f]{8,}")
UNKNOWN_ID = "0" * 32
SESSION = re.compile(r"session\.id=([0-9a-f]+)")


class Walk47(Walk):
    """One emulator of this generation under the recorded requests."""

    def go(self, exchange: dict[str, Any]) -> Heard:
        request = exchange["request"]
        body = self._key_material(exchange["name"], request["body"])
        if isinstance(body, dict) and "Content-Type" not in request["headers"]:
            body = urlencode(body)
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            heard = self.send(request["method"], request["path"], body, {**request["headers"], **form})
        else:
            heard = self.send(request["method"], request["path"], body, request["headers"])
        self._learn(exchange, heard)
        return Heard(heard.status, heard.content_type, self._recorded_ids(heard.body))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the first token's owner; the answer has the emulator's own ids."""
        return self.send(method, path, body, {"Authorization": self.emulator.token}).body

    def poll(self, cloud: str) -> None:
        """What the real server's poller did in the meantime."""
        self.ask("GET", f"/api/v1/clouds/{cloud}/machines")

    def _learn(self, exchange: dict[str, Any], heard: Heard) -> None:
        recorded = exchange["response"]
        self._pair(recorded["body"], heard.body)
        theirs, ours = (SESSION.search(each.get("Set-Cookie", "")) for each in (recorded["headers"], heard.headers))
        if theirs and ours:
            self.stands_for(theirs[1], ours[1])

    def _pair(self, recorded: Any, ours: Any) -> None:
        if isinstance(recorded, dict) and isinstance(ours, dict):
            self._pair_keys(recorded, ours)
            for name in recorded.keys() & ours.keys():
                if name in ID_FIELDS:
                    self._pair_ids(recorded[name], ours[name])
                self._pair(recorded[name], ours[name])
        elif isinstance(recorded, list) and isinstance(ours, list):
            for theirs, mine in self._twins(recorded, ours):
                self._pair(theirs, mine)

    def _pair_ids(self, recorded: Any, ours: Any) -> None:
        if not isinstance(recorded, str) or not isinstance(ours, str) or UNKNOWN_ID in (recorded, ours):
            return
        is_new = recorded not in self._ours and ours not in self._ours.values()
        if is_new and MADE_ID.fullmatch(recorded) and MADE_ID.fullmatch(ours):
            self.stands_for(recorded, ours)

    def _pair_keys(self, recorded: dict[str, Any], ours: dict[str, Any]) -> None:
        """Objects whose keys are ids, of as many."""
        theirs = [key for key in recorded if MADE_ID.fullmatch(key)]
        mine = [key for key in ours if MADE_ID.fullmatch(key)]
        if len(theirs) == len(mine) == 1:
            self._pair_ids(theirs[0], mine[0])

    def _twins(self, recorded: list[Any], ours: list[Any]) -> list[tuple[Any, Any]]:
        """Items of two lists that are the same thing: by an id that is known, else by name and cloud."""
        pairs, left = [], [each for each in ours if isinstance(each, dict)]
        for theirs in recorded:
            if not isinstance(theirs, dict):
                continue
            mine = next((each for each in left if self._is_same(theirs, each)), None)
            if mine is not None:
                left.remove(mine)
                pairs.append((theirs, mine))
        # What is called by its id has no name in common: it goes by its place.
        rest = [each for each in recorded if isinstance(each, dict) and MADE_ID.fullmatch(str(each.get("name")))]
        rest = [each for each in rest if all(each is not pair[0] for pair in pairs)]
        return pairs + (list(zip(rest, left)) if len(rest) == len(left) else [])

    def _is_same(self, theirs: dict[str, Any], mine: dict[str, Any]) -> bool:
        for name in ("id", "external_id"):
            known = self._ours.get(str(theirs.get(name)))
            if known:
                return known == mine.get(name)
        cloud = self._ours.get(str(theirs.get("cloud")), theirs.get("cloud"))
        marks = ("name", "machine_type", "action", "machine_name")
        return cloud == mine.get("cloud") and all(theirs.get(mark) == mine.get(mark) for mark in marks)
