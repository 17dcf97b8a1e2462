# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small servers for what the emulator cannot be: one that counts connections, one behind TLS, a proxy, one in front."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers))
        self.send_response(302 if self.server.location else 200)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""


class Front(BaseHTTPRequestHandler):
    """Hands on what is under the server's prefix, and answers a page to all else."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        if not self.path.startswith(self.server.prefix + "/"):
            return self._tell(404, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html></html>")
        connection = HTTPConnection(urlsplit(self.server.behind).netloc, timeout=10)
        headers = {**self.headers, "X-Forwarded-Prefix": self.server.prefix}
        connection.request(self.command, self.path[len(self.server.prefix) :], body, headers)
        answer = connection.getresponse()
        self._tell(answer.status, {"Content-Type": answer.headers["Content-Type"]}, answer.read())
        connection.close()

    def _tell(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""


class Redirecting(BaseHTTPRequestHandler):
    """Sends everybody to the same path of the server at `behind`."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(301)
        self.send_header("Location", self.server.behind + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""


class Server(ThreadingHTTPServer):
    """`connections` is how many were opened, `asked` what came over them; with a `location` it redirects there.

    With a server `behind` it, it stands in front of that one, at the `prefix`.
    """

    daemon_threads = True

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        handler: type[BaseHTTPRequestHandler] = Handler,
        behind: str = "",
        prefix: str = "",
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.behind = behind
        self.prefix = prefix
        self.context = context
        self.location = ""
        self.connections = 0
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []

    @property
    def uri(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.server_port}{self.prefix}"

    def get_request(self):
        connection, address = super().get_request()
        self.connections += 1
        if self.context:
            connection.settimeout(10)
            connection = self.context.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, *args: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def http_server(
    context: ssl.SSLContext | None = None, *handler: type[BaseHTTPRequestHandler] | str
) -> Iterator[Server]:
    server = Server(context, *handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def reverse_proxy(context: ssl.SSLContext, behind: str, prefix: str = "") -> AbstractContextManager[Server]:
    """A server that speaks TLS for the one `behind` it, at a path of its own."""
    return http_server(context, Front, behind, prefix)


def redirecting_server(behind: str) -> AbstractContextManager[Server]:
    """A server without TLS that sends everybody to the one `behind` it."""
    return http_server(None, Redirecting, behind)
