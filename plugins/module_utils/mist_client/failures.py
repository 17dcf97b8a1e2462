# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the exceptions of the library ``requests`` into errors that say why a request got no answer."""

from __future__ import annotations

import socket
import ssl
from typing import Any, Iterator

from .errors import NoAnswer
from .wording import snippet


def describe_failure(request_line: str, error: Exception, timeout: tuple[float, float]) -> NoAnswer:
    """The error for a request without an answer.

    ``request_line`` is method and URL, ``error`` the exception of requests, ``timeout`` (connect, read) in seconds.
    """
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    detail = snippet(str(causes[-1])).rstrip(".")
    if "SSLError" in names:
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            hint = "If a private certificate authority signed the server's certificate, set ca_path to its CA bundle."
            return NoAnswer(f"{request_line} failed with a TLS error: {detail}.", hint, sent=False)
        hint = "Check that the server uses TLS on this port."
        return NoAnswer(f"{request_line} failed with a TLS error: {detail}.", hint, sent=True)
    if names & {"ProxyError", "InvalidProxyURL", "ProxySchemeUnknown", "InvalidSchema"}:
        hint = "HTTP_PROXY or HTTPS_PROXY sets the proxy. To bypass it, add the server to NO_PROXY."
        return NoAnswer(f"{request_line} failed with a proxy error: {detail}.", hint, sent=False)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NoAnswer(f"{request_line} failed: the host name cannot be resolved.", "Check mist_uri.", sent=False)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        hint = "Check the host and port in mist_uri, and that the server is running."
        return NoAnswer(f"{request_line} failed: connection refused.", hint, sent=False)
    if names & {"ConnectTimeoutError", "ConnectTimeout"}:
        hint = "Check that the host that runs this task can reach the server."
        return NoAnswer(f"{request_line} failed: no connection within {timeout[0]:g} s.", hint, sent=False)
    if names & {"ReadTimeoutError", "ReadTimeout"}:
        return describe_timeout(request_line, timeout[1])
    if names & {"NewConnectionError", "InvalidURL"}:
        return NoAnswer(f"{request_line} failed: cannot connect: {detail}.", "Check mist_uri.", sent=False)
    message = f"{request_line} was sent, but the connection broke before the complete answer arrived: {detail}."
    return NoAnswer(message, "Check that the server is running, and check its log.", sent=True)


def describe_timeout(request_line: str, seconds: float) -> NoAnswer:
    """The error for an answer that was not complete after ``seconds``."""
    hint = "Mist may be waiting for the provider. If the provider is slow or the answer is large, increase timeout."
    return NoAnswer(f"{request_line} was sent, but no complete answer arrived within {seconds:g} s.", hint, sent=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes: requests wraps the errors of urllib3, which wrap those of the operating system."""
    cause: Any = error
    while isinstance(cause, BaseException):
        yield cause
        candidates = [getattr(cause, "reason", None), *cause.args, cause.__cause__, cause.__context__]
        cause = next((candidate for candidate in candidates if isinstance(candidate, BaseException)), None)
