# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of the client. An error knows what it means: whether to retry, and whether the change was made.

Callers read ``transient``, ``outcome_unknown`` and ``still_running``; they compare no statuses for that.
"""

from __future__ import annotations

from typing import Any

from .wording import snippet

#: the status with which a server of 2016 or later refuses a listing while the same listing has run for a minute
#: (read in its source, not recorded)
BUSY = 423
#: the statuses of a proxy that got no answer from the server in time
PROXY_GAVE_UP = (502, 504)


class MistError(Exception):
    """An operation failed. ``str()`` gives the full text: the cause, what to do, and what was already done.

    ``hint`` is the sentence that says what to do; a layer that knows more may set it later.
    ``done`` holds the sentences of the steps that succeeded before. ``known`` holds the current records that a failed
    task returns, by result name. ``secrets`` are values of options that are not secret by themselves; they must not
    appear in any output.
    """

    #: whether the same request may succeed later, so that it makes sense to retry
    transient = False
    #: whether the requested change may have been made in spite of this error
    outcome_unknown = False
    #: whether the server may still be working on the request
    still_running = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.done: list[str] = []
        self.known: dict[str, Any] = {}
        self.secrets: set[str] = set()

    def __str__(self) -> str:
        done = f"Done before this error: {', '.join(self.done)}." if self.done else ""
        return " ".join(filter(None, (self.message, self.hint, done)))


class InvalidValue(MistError):
    """A value is invalid, not found or ambiguous. Nothing was changed."""


class UnknownName(InvalidValue):
    """The server has no object with this name or id. ``kind`` is the kind of object, such as ``backend``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class NotSupported(MistError):
    """This generation of servers does not support the operation."""


class MissingLibrary(MistError):
    """A Python library that the client needs cannot be imported; ``package`` names it."""

    def __init__(self, package: str, reason: str) -> None:
        super().__init__(f"The Python library {package} cannot be imported: {reason}.")
        self.package = package


class WriteRefused(MistError):
    """A read-only client refused to send a request that writes."""


class NoAnswer(MistError):
    """The server could not be reached, or its answer did not arrive completely.

    ``sent`` is true when the request may have reached the server.
    """

    transient = True

    def __init__(self, message: str, hint: str = "", *, sent: bool) -> None:
        super().__init__(message, hint)
        self.sent = self.outcome_unknown = self.still_running = sent


class WaitedTooLong(MistError):
    """A wait timed out. ``known`` holds what was seen last."""


class NotMist(MistError):
    """The answer is not one of a Mist server: a web page, JSON of another shape, or part of a body.

    A proxy may have sent it in place of the server's own answer.
    """

    outcome_unknown = True
    still_running = True


class NoSuchAddress(NotMist):
    """The server answered with a web page where the API should be: it does not have this address."""

    still_running = False


class RequestFailed(MistError):
    """The server answered with an error.

    ``status`` is the HTTP status and ``text`` the body, both unchanged.
    """

    def __init__(self, asked: str, status: int, text: str, hint: str = "") -> None:
        super().__init__(f"{asked} answered {status}: {snippet(text).rstrip('.') or 'no text'}.", hint)
        self.asked = asked
        self.status = status
        self.text = text
        self.transient = status >= 500 or status == BUSY
        self.outcome_unknown = self.transient  # the change is made, and the listing after it fails
        self.still_running = status in PROXY_GAVE_UP

    @property
    def unexplained(self) -> bool:
        """Whether it is the bare 500 with which servers answer an unknown id (recordings/4.7/CONTRACT.md 2)."""
        return self.status == 500 and self.text == "Internal Server Error"


class NotFound(RequestFailed):
    """404 of the API: the backend, key or machine was not found."""


class Conflict(RequestFailed):
    """409: the object already exists. ``existing`` is its id if the server returns it."""

    existing = ""
