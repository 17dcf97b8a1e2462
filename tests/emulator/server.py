# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: takes requests, logs them, lets faults strike, and hands them to the generation."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote

from aiohttp import web

from . import control
from .backends_2014 import GENERATION as BACKENDS_2014
from .call import Answer, Call
from .clock import Clock
from .clouds_v4 import GENERATION as CLOUDS_V4
from .core import Core, token_of_login
from .faults import SERVER_KINDS, Fault, Faults
from .generation import Generation
from .log import Arrived, RequestLog
from .settings import Settings
from .world import World

HOST = "127.0.0.1"
START_SECONDS = 10
STOP_SECONDS = 5
CUT = 0
GENERATIONS: dict[str, Generation] = {"backends": BACKENDS_2014, "clouds": CLOUDS_V4}


class Emulator:
    """One emulated Mist server with everything behind it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._at_start = settings or Settings()
        self._generation = GENERATIONS[self._at_start.generation]
        self.faults = Faults()
        self.log = RequestLog()
        self.port = 0
        self.reset()

    @property
    def uri(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def requests(self) -> list[Arrived]:
        return self.log.all()

    @property
    def writes(self) -> list[Arrived]:
        """The requests that meant to change something."""
        return self.log.writes()

    @property
    def max_concurrent_requests(self) -> int:
        """The most requests that were under way at once since the log was emptied."""
        return self.log.max_under_way

    def forget(self) -> None:
        self.log.clear()

    @property
    def token(self) -> str:
        """The token of the first login of the settings, for a client that has one already."""
        return token_of_login(self.settings, self.settings.core[0])

    def fail(self, kind: str, **options: Any) -> Fault:
        """Switch a fault on; README.md lists the kinds and options."""
        return self.faults.add(kind, **options)

    def heal(self, number: int | None = None) -> None:
        """Switch one fault off, by its number, or all."""
        self.faults.clear(number)

    def reset(self) -> None:
        """A fresh server: no log, no faults, the world as at the start."""
        self.settings = dataclasses.replace(self._at_start)
        self.clock = Clock()
        self.faults.clear()
        self.log.clear()
        self.world = World(self.settings, self.clock)
        self.world.core = Core()
        self._generation.prepare(self.world)

    async def serve(self, until: asyncio.Event, started: Callable[[], None]) -> None:
        """Listen until the event is set."""
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, HOST, self.settings.port)
        await site.start()
        self.port = runner.addresses[0][1]
        started()
        try:
            await until.wait()
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw_path, _mark, raw_query = request.raw_path.partition("?")
        repeated = parse_qs(raw_query, keep_blank_values=True)
        query = {name: values[0] for name, values in repeated.items()}
        raw_body = await request.read()
        path = unquote(raw_path)
        if path.startswith(control.PREFIX):
            return _response(control.answer(self, request.method, path, query, raw_body))
        arrived = Arrived(request.method, path, raw_path, query, _readable(raw_body), dict(request.headers), repeated)
        with self.log.under_way(arrived):
            await asyncio.sleep(self.settings.latency_ms / 1000)
            self.world.run_due_jobs()
            return await self._answer(
                request, Call(arrived, raw_body, self.world, self.faults, self._generation.provider_of)
            )

    async def _answer(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        faults = self._server_faults(call)
        await asyncio.sleep(sum(each.seconds for each in faults if each.kind == "hang"))
        fault = next((each for each in faults if each.kind != "hang"), None)
        if fault and not fault.after_work and fault.kind != "half_body":
            return self._strike(request, call, fault)
        answer = await self._generation.answer(call)
        if fault and fault.kind == "half_body":
            return await self._half(request, call, answer)
        if fault:
            return self._strike(request, call, fault)
        call.arrived.status = answer.status
        return _response(answer)

    def _server_faults(self, call: Call) -> list[Fault]:
        backend = self._generation.backend_of(self.world, call.arrived.path)
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

    def serve() -> None:
        loop.run_until_complete(emulator.serve(until, started.set))
        loop.close()

    thread = threading.Thread(target=serve, daemon=True, name="emulator")
    thread.start()
    if not started.wait(START_SECONDS):
        raise RuntimeError("the emulator did not start")
    try:
        yield emulator
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join(STOP_SECONDS)
