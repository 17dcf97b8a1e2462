# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time limit for a whole request: connecting, the headers and the last byte of the body.

The timeouts of requests only limit the time between two bytes, so a server that sends one byte a second could keep a
client busy for ever.
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
    """Cuts the connection that this thread uses when an attempt takes too long. ``expired`` tells whether it has.

    Use it as a context manager around one request. Its time begins with each attempt, and stands still in between.
    """

    _of_thread = threading.local()

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._seconds = seconds
        self._connection: Any = None
        self._timer: threading.Timer | None = None

    @classmethod
    def current(cls) -> Deadline | None:
        """The deadline of this thread's request, if there is one."""
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
        """Begin an attempt over this connection, unless it has begun. The connection may have no socket yet."""
        self._connection = connection
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self._cut)
            self._timer.daemon = True
            self._timer.start()

    def pause(self) -> None:
        """The attempt is over."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._connection = None

    def _cut(self) -> None:
        self.expired = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with suppress(OSError):  # it is closed already
                sock.shutdown(socket.SHUT_RDWR)


def watched(connection: Any) -> None:
    """Let this thread's deadline, if it has one, watch the connection."""
    deadline = Deadline.current()
    if deadline:
        deadline.watch(connection)


class WatchedConnection(HTTPConnection):
    """A connection that a deadline can cut."""

    def connect(self) -> None:
        watched(self)
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:
        watched(self)  # a connection that is kept from an earlier request is open already
        super().request(*args, **options)


class WatchedTLSConnection(HTTPSConnection):
    """The same over TLS; the handshake counts as well."""

    def connect(self) -> None:
        watched(self)
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:
        watched(self)
        super().request(*args, **options)


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class WatchedTLSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTLSConnection


class WatchedAdapter(HTTPAdapter):
    """requests' adapter, with connections that a deadline can cut, also those to a proxy."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        return self._watch(super().proxy_manager_for(*args, **options))

    @staticmethod
    def _watch(manager: Any) -> Any:
        manager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedTLSPool}
        return manager
