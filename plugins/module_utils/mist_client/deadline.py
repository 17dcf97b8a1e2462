# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time limit for a whole request: connecting, the headers and the last byte of the body.

The timeouts of the library ``requests`` only limit the time between two bytes. A server that sends one byte a second
could keep a client busy forever.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:  # the transport reports a missing requests before any of this is used
    HTTPAdapter = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment,misc]
    HTTPConnection = HTTPSConnection = object  # type: ignore[assignment,misc]


class Deadline:
    """Closes the connection of this thread if an attempt takes too long. ``expired`` is then true.

    Use it as a context manager around one request. The time starts anew with each attempt and does not run in between.
    """

    _of_thread = threading.local()

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._seconds = seconds
        self._connection: Any = None
        self._timer: threading.Timer | None = None

    @classmethod
    def current(cls) -> Deadline | None:
        """The deadline of this thread's request, or None."""
        return getattr(cls._of_thread, "deadline", None)

    def __enter__(self) -> Deadline:
        self._of_thread.deadline = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.pause()
        self._of_thread.deadline = None

    def watch(self, connection: Any) -> None:
        """Start an attempt on this connection, unless it has started. The connection may have no socket yet."""
        self._connection = connection
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self._cut)
            self._timer.daemon = True
            self._timer.start()

    def pause(self) -> None:
        """End the attempt."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._connection = None

    def _cut(self) -> None:
        self.expired = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with suppress(OSError):  # already closed
                sock.shutdown(socket.SHUT_RDWR)


def watched(connection: Any) -> None:
    """Start an attempt of this thread's deadline, if it has one, on the connection."""
    deadline = Deadline.current()
    if deadline:
        deadline.watch(connection)


class WatchedConnection(HTTPConnection):
    """A connection that a deadline can close."""

    def connect(self) -> None:
        watched(self)
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:
        watched(self)  # a pooled connection is already open, so connect() is not called
        super().request(*args, **options)


class WatchedTLSConnection(WatchedConnection, HTTPSConnection):
    """The same over TLS. The handshake counts towards the time limit."""


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class WatchedTLSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTLSConnection


class WatchedAdapter(HTTPAdapter):
    """The adapter of requests, with connections that a deadline can close, also those to a proxy."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        return self._watch(super().proxy_manager_for(*args, **options))

    @staticmethod
    def _watch(manager: Any) -> Any:
        manager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedTLSPool}
        return manager
