# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own endpoints under /_emulator/, for tests that have HTTP only; never in the log."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from .call import Answer
from .emulator import Emulator

PREFIX = "/_emulator/"


def answer(emulator: Emulator, method: str, path: str, query: dict[str, str], raw_body: bytes) -> Answer:
    """The answer of a control endpoint; 404 for one that is not there, 400 with the reason for a bad request."""
    action = ACTIONS.get((method, path.removeprefix(PREFIX)))
    if action is None:
        return Answer.of_text(
            f"no such control endpoint; there are: {', '.join(' '.join(each) for each in ACTIONS)}", 404
        )
    try:
        given = json.loads(raw_body or b"{}") | query
        return Answer.of_json(action(emulator, given))
    except (TypeError, ValueError) as error:
        return Answer.of_text(str(error), 400)


def _requests(emulator: Emulator, given: dict[str, Any]) -> Any:
    arrived = emulator.writes if given.get("writes") else emulator.requests
    return [each.as_json() for each in arrived]


def _forget(emulator: Emulator, given: dict[str, Any]) -> Any:
    emulator.forget()
    return {}


def _fail(emulator: Emulator, given: dict[str, Any]) -> Any:
    return dataclasses.asdict(emulator.fail(**given))


def _faults(emulator: Emulator, given: dict[str, Any]) -> Any:
    return [dataclasses.asdict(fault) for fault in emulator.faults.all()]


def _heal(emulator: Emulator, given: dict[str, Any]) -> Any:
    emulator.heal(int(given["number"]) if "number" in given else None)
    return {}


def _reset(emulator: Emulator, given: dict[str, Any]) -> Any:
    emulator.reset()
    return {}


def _clock(emulator: Emulator, given: dict[str, Any]) -> Any:
    if given.get("stop"):
        emulator.clock.stop()
    if given.get("run"):
        emulator.clock.run()
    emulator.clock.advance(float(given.get("advance", 0)))
    return {"now": emulator.clock.now()}


def _change(emulator: Emulator, given: dict[str, Any]) -> Any:
    emulator.settings.change(**given)
    return _state(emulator, {})


def _state(emulator: Emulator, given: dict[str, Any]) -> Any:
    world, settings = emulator.world, emulator.settings
    return {
        "backends": len(world.backends),
        "keys": len(world.keys),
        "machines": sum(len(machines) for machines in world.machines.values()),
        "max_concurrent_creates": world.max_concurrent_creates,
        "max_concurrent_requests": emulator.max_concurrent_requests,
        "settings": {name: getattr(settings, name) for name in sorted(settings.changeable)},
    }


ACTIONS = {
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget,
    ("GET", "faults"): _faults,
    ("POST", "fail"): _fail,
    ("DELETE", "faults"): _heal,
    ("POST", "reset"): _reset,
    ("POST", "clock"): _clock,
    ("POST", "settings"): _change,
    ("GET", "state"): _state,
}
