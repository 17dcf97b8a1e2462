# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: takes requests, logs them, lets faults strike, and hands them to the generation."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote

from aiohttp import web

from . import control
from .call import Answer, Call
from .emulator import HOST, Emulator
from .faults import SERVER_KINDS, Fault
from .log import Arrived
from .settings import Settings

START_SECONDS = 10
STOP_SECONDS = 5
CANCEL_SECONDS = 1
CUT = 0


class _Handler:
    """Answers the requests to one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw_path, _mark, raw_query = request.raw_path.partition("?")
        repeated = parse_qs(raw_query, keep_blank_values=True)
        query = {name: values[0] for name, values in repeated.items()}
        raw_body = await request.read()
        path = unquote(raw_path)
        if path.startswith(control.PREFIX):
            return _response(control.answer(self._emulator, request.method, path, query, raw_body))
        arrived = Arrived(request.method, path, raw_path, query, _readable(raw_body), dict(request.headers), repeated)
        emulator = self._emulator
        with emulator.log.under_way(arrived):
            await asyncio.sleep(emulator.settings.latency_ms / 1000)
            emulator.world.run_due_jobs()
            call = Call(arrived, raw_body, emulator.world, emulator.faults, emulator.generation.provider_of)
            return await self._answer(request, call)

    async def _answer(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        faults = self._server_faults(call)
        await asyncio.sleep(sum(each.seconds for each in faults if each.kind == "hang"))
        fault = next((each for each in faults if each.kind != "hang"), None)
        if fault and not fault.after_work and fault.kind != "half_body":
            return self._strike(request, call, fault)
        answer = await self._emulator.generation.answer(call)
        if fault and fault.kind == "half_body":
            return await self._half(request, call, answer)
        if fault:
            return self._strike(request, call, fault)
        call.arrived.status = answer.status
        return _response(answer)

    def _server_faults(self, call: Call) -> list[Fault]:
        backend = self._emulator.generation.backend_of(self._emulator.world, call.arrived.path)
        return call.struck_by(SERVER_KINDS, backend)

    def _strike(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.StreamResponse:
        """Answer as the fault says, or cut the connection."""
        if fault.kind == "cut":
            call.arrived.status = CUT
            if request.transport:
                request.transport.close()
            return web.Response()
        call.arrived.status = fault.status
        headers = {"Content-Type": "text/html; charset=UTF-8"} | fault.headers
        return web.Response(status=fault.status, body=fault.body.encode(), headers=headers)

    async def _half(self, request: web.BaseRequest, call: Call, answer: Answer) -> web.StreamResponse:
        """Promise the whole body, send half of it and cut."""
        call.arrived.status = CUT
        response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type})
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
        if request.transport:
            request.transport.close()
        return response


async def serve(emulator: Emulator, until: asyncio.Event, started: Callable[[], None]) -> None:
    """Listen until the event is set."""
    server = web.Server(_Handler(emulator).handle, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HOST, emulator.settings.port)
    await site.start()
    emulator.port = runner.addresses[0][1]
    started()
    try:
        await until.wait()
    finally:
        await runner.cleanup()
        await _cancel_handlers()


async def _cancel_handlers() -> None:
    """End the handlers of clients that are gone; the cleanup ends only those that still have a connection."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=CANCEL_SECONDS)


def _readable(raw_body: bytes) -> Any:
    """Parsed JSON, else the text, else None."""
    try:
        return json.loads(raw_body)
    except ValueError:
        return raw_body.decode(errors="replace") or None


def _response(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type} | answer.headers
    return web.Response(status=answer.status, body=answer.body, headers=headers)


@contextmanager
def running(settings: Settings | None = None, **switches: Any) -> Iterator[Emulator]:
    """An emulator in a thread of this process, listening until the block ends; `switches` are fields of Settings."""
    emulator = Emulator(settings or Settings(**switches))
    loop, until, started = asyncio.new_event_loop(), asyncio.Event(), threading.Event()

    def run() -> None:
        loop.run_until_complete(serve(emulator, until, started.set))
        loop.close()

    thread = threading.Thread(target=run, daemon=True, name="emulator")
    thread.start()
    if not started.wait(START_SECONDS):
        raise RuntimeError("the emulator did not start")
    try:
        yield emulator
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join(STOP_SECONDS)
