# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks the recorded exchanges, in order, against one live emulator: what is sent, and which id stands for which."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from ansible_collections.mistio.cloud.tests.emulator import Emulator

PLACEHOLDERS = ("<RSA PRIVATE KEY PEM>", "<OPENSSH PRIVATE KEY PEM>", "<PRIVATE KEY PEM>")


@dataclass
class Heard:
    """What the emulator answered; JSON parsed, with the recorded ids put in place of its own."""

    status: int
    content_type: str
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Walk:
    """One emulator under the recorded requests."""

    def __init__(self, emulator: Emulator, materials: dict[str, str], material: str) -> None:
        self.emulator = emulator
        self._materials = materials
        self._material = material
        self._ours: dict[str, str] = {}

    def through(
        self, names: list[str], exchanges: list[dict[str, Any]], before: Mapping[str, Callable[[Any], None]]
    ) -> dict[str, Heard]:
        """Each exchange's answer by its name, in order; ``before`` some of them something is to be done."""
        heard = {}
        for name, exchange in zip(names, exchanges, strict=True):
            if name in before:
                before[name](self)
            heard[name] = self.go(exchange)
        return heard

    def go(self, exchange: dict[str, Any]) -> Heard:
        """Send a recorded request, learn from the answer which id stands for which."""
        request = exchange["request"]
        body = self._key_material(exchange["name"], request["body"])
        heard = self.send(request["method"], request["path"], body, request["headers"])
        self._learn(exchange, heard)
        return Heard(heard.status, heard.content_type, self._recorded_ids(heard.body))

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Heard:
        """Send with recorded ids; the answer has the emulator's own."""
        text = body if isinstance(body, str) else json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=20)
        payload = None if body is None else self._our_ids(text).encode()
        ours = {name: self._our_ids(value) for name, value in (headers or {}).items()}
        connection.request(method, self._our_ids(path), payload, ours)
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        content_type = response.headers["Content-Type"]
        return Heard(response.status, content_type, _parsed(raw, content_type), dict(response.headers))

    def start_anew(self) -> None:
        """A fresh server: it makes the ids of the one before again, so what they stood for is forgotten."""
        self.emulator.reset()
        self.emulator.clock.stop()
        self._ours.clear()

    def stands_for(self, recorded: str, ours: str) -> None:
        self._ours[recorded] = ours

    def _learn(self, exchange: dict[str, Any], heard: Heard) -> None:
        recorded = exchange["response"]["body"]
        made = exchange["request"]["method"] == "POST" and isinstance(recorded, dict) and isinstance(heard.body, dict)
        if made and "id" in recorded and "id" in heard.body:
            self.stands_for(recorded["id"], heard.body["id"])
        if exchange["request"]["path"].endswith("/networks") and heard.status == 200:
            for theirs, ours in zip(recorded, heard.body):
                self.stands_for(theirs["id"], ours["id"])

    def _our_ids(self, text: str) -> str:
        for recorded, ours in self._ours.items():
            text = text.replace(recorded, ours)
        return text

    def _recorded_ids(self, body: Any) -> Any:
        text = json.dumps(body)
        for recorded, ours in self._ours.items():
            text = text.replace(ours, recorded)
        return json.loads(text)

    def _key_material(self, name: str, body: Any) -> Any:
        """The body with a real key where the recording has a placeholder, bad in the way that the name tells."""
        for field_name in ("priv", "private"):
            if isinstance(body, dict) and isinstance(body.get(field_name), str):
                private = body[field_name]
                for placeholder in PLACEHOLDERS:
                    private = private.replace(placeholder, self._materials.get(name, self._material))
                return {**body, field_name: private}
        return body


def _parsed(raw: bytes, content_type: str) -> Any:
    is_json = content_type.startswith(("application/json", "application/problem+json"))
    return json.loads(raw) if is_json and raw else raw.decode(errors="replace")


def numbered_names(exchanges: list[dict[str, Any]]) -> list[str]:
    """The names in order, the second of a name with `#2`."""
    count: Counter[str] = Counter()
    names = []
    for exchange in exchanges:
        count[exchange["name"]] += 1
        times = count[exchange["name"]]
        names.append(exchange["name"] if times == 1 else f"{exchange['name']}#{times}")
    return names
