# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a request got no answer, told from what requests raised."""

from __future__ import annotations

import socket
import ssl
from typing import Any, Iterator

from .errors import NoAnswer
from .wording import snippet


def describe_failure(asked: str, error: Exception, timeout: tuple[float, float]) -> NoAnswer:
    """The error for a request without an answer; ``error`` is what requests raised, ``timeout`` (connect, read)."""
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    detail = snippet(str(causes[-1])).rstrip(".")
    if "SSLError" in names:
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            hint = (
                "If the server's certificate is of an authority of your own, name that authority's file with ca_path."
            )
            return NoAnswer(f"{asked} failed at TLS: {detail}.", hint, sent=False)
        return NoAnswer(f"{asked} failed at TLS: {detail}.", "Does the server speak TLS at this port?", sent=True)
    if names & {"ProxyError", "InvalidProxyURL", "ProxySchemeUnknown", "InvalidSchema"}:
        hint = "The proxy is named by HTTP_PROXY or HTTPS_PROXY; NO_PROXY lists what to reach without."
        return NoAnswer(f"{asked} failed at the proxy: {detail}.", hint, sent=False)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NoAnswer(f"{asked} failed: its host name is unknown.", "Is mist_uri right?", sent=False)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        hint = "Is mist_uri right, with its port, and is the server up?"
        return NoAnswer(f"{asked} failed: nothing listens there.", hint, sent=False)
    if names & {"ConnectTimeoutError", "ConnectTimeout"}:
        hint = "Can the host that runs this reach the server?"
        return NoAnswer(f"{asked} failed: no connection within {timeout[0]:g} s.", hint, sent=False)
    if names & {"ReadTimeoutError", "ReadTimeout"}:
        return describe_overdue(asked, timeout[1])
    if names & {"NewConnectionError", "InvalidURL"}:
        return NoAnswer(f"{asked} failed: no connection: {detail}.", "Is mist_uri right?", sent=False)
    hint = "Is the server up? Its log may tell more."
    return NoAnswer(
        f"{asked} was sent, but the connection broke before the answer was whole: {detail}.", hint, sent=True
    )


def describe_overdue(asked: str, seconds: float) -> NoAnswer:
    """The error for an answer that was not complete in time."""
    hint = "Mist itself waits for the provider; if that is slow, or the answer is large, increase timeout."
    return NoAnswer(f"{asked} was sent, but no complete answer came within {seconds:g} s.", hint, sent=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies under it: requests wraps urllib3's errors, and those wrap the system's."""
    cause: Any = error
    while isinstance(cause, BaseException):
        yield cause
        under = [getattr(cause, "reason", None), *cause.args, cause.__cause__, cause.__context__]
        cause = next((each for each in under if isinstance(each, BaseException)), None)
