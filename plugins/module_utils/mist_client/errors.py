# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong between a caller and a Mist server, told so that a person can act on it."""

from __future__ import annotations

from typing import Any

from .wording import snippet

#: the status of a server of 2016 or later that has been listing the same thing for somebody else for a minute (R)
BUSY = 423


class MistError(Exception):
    """Something the caller asked for could not be done. ``str()`` of it is the whole story.

    ``hint`` is the sentence that says what to do; it may be set after the error was made, by a layer that knows more.
    ``done`` are the sentences of the steps that had succeeded before; ``known`` is what a failed task is to return of
    what is there now, by result name. ``secrets`` are values that were given where no secret is expected, and that no
    output may show.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.done: list[str] = []
        self.known: dict[str, Any] = {}
        self.secrets: set[str] = set()

    def __str__(self) -> str:
        done = f"Already done before that: {', '.join(self.done)}." if self.done else ""
        return " ".join(filter(None, (self.message, self.hint, done)))


class InvalidValue(MistError):
    """What was asked for makes no sense, or names nothing or several things; nothing was changed."""


class UnknownName(InvalidValue):
    """Nothing on the server has this name or id. ``kind`` says of what kind it must be, such as ``backend``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class NotSupported(MistError):
    """This generation of servers has no way to do what was asked for."""


class MissingLibrary(MistError):
    """A Python library that the client needs cannot be imported; ``package`` names it."""

    def __init__(self, package: str, reason: str) -> None:
        super().__init__(f"The Python library {package} cannot be imported: {reason}.")
        self.package = package


class WriteRefused(MistError):
    """A read-only client was asked to write; nothing was sent."""


class NoAnswer(MistError):
    """The server could not be reached, or fell silent before it had answered.

    ``sent`` is true when the request may have reached the server, so that what it asked for may have been done.
    """

    def __init__(self, message: str, hint: str = "", *, sent: bool) -> None:
        super().__init__(message, hint)
        self.sent = sent


class WaitedTooLong(MistError):
    """What was waited for did not come; ``known`` tells what was seen last."""


class NotMist(MistError):
    """The answer is none that a Mist server gives to this request: a web page, other JSON, half a body."""


class NoSuchAddress(NotMist):
    """A web page came where the API should answer: the server has nothing at this address."""


class RequestFailed(MistError):
    """The server answered with an error.

    ``status`` is the HTTP status and ``text`` the server's own words, both as they came.
    """

    def __init__(self, asked: str, status: int, text: str, hint: str = "") -> None:
        super().__init__(f"{asked} answered {status}: {snippet(text).rstrip('.') or 'no text'}.", hint)
        self.asked = asked
        self.status = status
        self.text = text


class NotFound(RequestFailed):
    """404 about an object: the backend, key or machine is not there."""


class Conflict(RequestFailed):
    """409: something like it is there already; ``existing`` is its id where the server names it."""

    existing = ""


def is_passing(error: NoAnswer | RequestFailed) -> bool:
    """Whether it may go by itself, so that it makes sense to ask again."""
    return isinstance(error, NoAnswer) or error.status >= 500 or error.status == BUSY
