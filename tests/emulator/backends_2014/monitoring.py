# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring: the server as a proxy, and what it makes of core's refusals in each view."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from ..call import Answer, Call
from ..core import URI, CoreDown, CoreRefuses
from ..errors import ApiError, BadRequest, NotAuthorized, PaymentRequired, ServiceUnavailable
from .backends import find_backend
from .wire import OK, Parameters, parameters, parameters_anywhere, required

Result = TypeVar("Result")
NOT_LOGGED_IN = "You need to authenticate to mist.io."


def _ask(ask: Callable[[], Result], *, telling: bool) -> Result:
    """Core's answer; its refusal is a 503, with core's text where the view tells it."""
    try:
        return ask()
    except CoreDown:
        raise ApiError from None
    except CoreRefuses as refused:
        raise ServiceUnavailable(refused.text if telling else None) from None


def _ask_about_metrics(ask: Callable[[], Result]) -> Result:
    """As `_ask`, in the views that expect core to be down."""
    try:
        return ask()
    except CoreDown:
        raise ServiceUnavailable from None
    except CoreRefuses as refused:
        raise ServiceUnavailable(refused.text) from None


async def overview(call: Call) -> Answer:
    return Answer.of_json(_ask(lambda: call.world.core.overview(call), telling=False))


async def switch(call: Call, backend: str, machine: str) -> Answer:
    given = parameters(call)
    if "action" not in given:
        raise ApiError
    if given["action"] not in ("enable", "disable"):
        raise BadRequest
    if given["action"] == "enable":
        find_backend(call.world, backend)
    _log_in_on_the_way(call, given)
    if given["action"] == "enable":
        return _enable(call, (backend, machine), given)
    _ask(lambda: call.world.core.disable(call, (backend, machine)), telling=False)
    return Answer.of_json({"cmd_output": "" if given.get("no_ssh") else None})


def _log_in_on_the_way(call: Call, given: Parameters) -> None:
    """Without a stored token the e-mail and password of the same body log the server in."""
    core = call.world.core
    if core.token is not None:
        return
    try:
        token = core.log_in(call, given.get("email") or "", given.get("password") or "")
    except CoreDown:
        raise ApiError from None
    if token is None:
        raise NotAuthorized(NOT_LOGGED_IN)


def _enable(call: Call, pair: tuple[str, str], given: Parameters) -> Answer:
    addresses = given.get("public_ips", [])
    if not isinstance(addresses, list):
        raise ApiError
    try:
        answer = call.world.core.enable(
            call, pair, ",".join(addresses), given.get("dns_name") or "", dry=bool(given.get("dry"))
        )
    except CoreDown:
        raise ApiError from None
    except CoreRefuses as refused:
        if refused.status == PaymentRequired.status:
            raise PaymentRequired(refused.text) from None
        raise ServiceUnavailable from None
    script = f"{URI}/deploy_script?{urlencode(answer['deploy_kwargs'])}"
    return Answer.of_json({**answer, "command": f"wget -O -  '{script}' | `command -v sudo` bash"})


async def stats(call: Call, backend: str, machine: str) -> Answer:
    """Only the query string is read: a range in the body does nothing."""
    query = call.arrived.query
    wanted = [query.get(name) for name in ("start", "stop", "step")]
    found = _ask(lambda: call.world.core.stats(call, (backend, machine), *wanted), telling=True)
    return Answer.of_json({**found, "request_id": query.get("request_id")})


async def list_metrics(call: Call, backend: str, machine: str) -> Answer:
    return Answer.of_json(_ask_about_metrics(lambda: call.world.core.available_metrics(call, (backend, machine))))


async def add_metric(call: Call, backend: str, machine: str) -> Answer:
    metric = required(parameters_anywhere(call), "metric_id")
    _ask_about_metrics(lambda: call.world.core.add_metric(call, (backend, machine), metric))
    return Answer.of_json({})


async def remove_metric(call: Call, backend: str, machine: str) -> Answer:
    metric = required(parameters_anywhere(call), "metric_id")
    _ask_about_metrics(lambda: call.world.core.remove_metric(call, (backend, machine), metric))
    return Answer.of_json({})


async def update_metric(call: Call, metric: str) -> Answer:
    given = parameters_anywhere(call)
    pair = (given.get("backend_id"), given.get("machine_id"))
    tell_core(call, metric, given, pair if all(pair) else None)
    return Answer.of_json({})


def tell_core(call: Call, metric: str, given: Parameters, pair: Any) -> None:
    """Name and unit of a metric; here alone core's refusal is a 400."""
    try:
        call.world.core.update_metric(call, metric, given.get("name"), given.get("unit"), pair)
    except CoreDown:
        raise ServiceUnavailable from None
    except CoreRefuses as refused:
        raise BadRequest(refused.text) from None


async def add_rule(call: Call) -> Answer:
    given = parameters(call)
    return Answer.of_json(_ask(lambda: call.world.core.add_rule(call, given), telling=False))


async def delete_rule(call: Call, rule: str) -> Answer:
    _ask(lambda: call.world.core.delete_rule(call, rule), telling=False)
    return OK


async def load_image(call: Call, backend: str, machine: str) -> Answer:
    _ask(lambda: call.world.core.open(call), telling=False)
    return Answer(200, _one_pixel(), "image/png")


def _one_pixel() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
