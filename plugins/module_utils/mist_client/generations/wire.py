# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends the requests of one generation, adds hints to their errors, and parses their answers into records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, ClassVar, Iterator, List, Protocol, TypeVar

from ..errors import NotMist, RequestFailed
from ..transport import Transport
from .parsing import by_id, parse_list
from .single_flight import SingleFlight

Record = TypeVar("Record")

LOGIN_REQUIRED = (
    "No credentials were given, and this server requires authentication: set mist_api_token (MIST_API_TOKEN), or"
    " mist_email and mist_password (MIST_EMAIL and MIST_PASSWORD)."
)


class Facts(Protocol):
    """The attributes of a Generation that Wire needs."""

    name: ClassVar[str]
    since: ClassVar[str]
    hints: ClassVar[tuple[tuple[int, str, str], ...]]
    login_refusals: ClassVar[tuple[tuple[int, str], ...]]
    wrong_server: ClassVar[str]

    def lacks_login(self) -> bool: ...


class Wire:
    """Sends requests to a server of one ``generation``. ``has_login`` is whether the user gave credentials.

    ``confirmed`` is true once an answer has shown that the server is of this generation.
    """

    def __init__(self, transport: Transport, generation: Facts, has_login: bool) -> None:
        self.transport = transport
        self.confirmed = False
        self._generation = generation
        self._has_login = has_login
        #: by path, the lists that the threads of one task request at the same time
        self._flights: dict[tuple[str, ...], SingleFlight[List[Any]]] = {}

    def json(self, method: str, *segments: str, **request: Any) -> Any:
        """See Transport.json."""
        with self.explaining():
            answer = self.transport.json(method, *segments, **request)
        self.confirmed = True
        return answer

    def done(self, method: str, *segments: str, **request: Any) -> None:
        """See Transport.done."""
        with self.explaining():
            self.transport.done(method, *segments, **request)
        self.confirmed = True

    def record(self, parse: Callable[[Any], Record], what: str, method: str, *segments: str, **request: Any) -> Record:
        """The answer, parsed. NotMist if ``parse`` fails. ``what`` names the expected content in that error."""
        answer = self.json(method, *segments, **request)
        try:
            return parse(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NotMist(
                f"{method} {self.transport.address(*segments)} answered with unexpected JSON: expected {what} in the"
                f" format of {self._generation.since}.",
                f"Check that mist_uri is the address of a Mist server of generation {self._generation.name!r}.",
            ) from error

    def records(self, parse: Callable[[Any], Record], what: str, *path: str, **request: Any) -> List[Record]:
        """A list of records; see ``record``. ``path`` is the method and the segments."""
        return self.record(lambda items: parse_list(items, parse), f"a list of {what}", *path, **request)

    def by_id(self, parse: Callable[[str, Any], Record], what: str, *path: str, **request: Any) -> dict[str, Record]:
        """A dict of records by id; see ``record``. ``path`` is the method and the segments."""
        return self.record(lambda items: by_id(items, parse), f"a dict of {what}", *path, **request)

    def list(self, parse: Callable[[Any], Record], *segments: str) -> List[Record]:
        """The records at a path. Its last segment is their name in errors."""
        return self.records(parse, segments[-1], "GET", *segments)

    def shared_list(self, parse: Callable[[Any], Any], *segments: str) -> List[Any]:
        """Like ``list``, with one request for all threads that call it at the same time. Do not change the records."""
        return self._flights.setdefault(segments, SingleFlight(lambda: self.list(parse, *segments)))()

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Add the hint of the generation to errors that are raised inside."""
        try:
            yield
        except NotMist as error:
            error.hint = f"{error.hint} {self._generation.wrong_server}"
            if self._generation.lacks_login():
                error.message, error.hint = f"{LOGIN_REQUIRED} {error.message}", ""
            raise
        except RequestFailed as error:
            if not self._has_login and (error.status, error.text) in self._generation.login_refusals:
                error.message, error.hint = f"{LOGIN_REQUIRED} {error.message}", ""
            else:
                error.hint = error.hint or self._hint_for(error)
            raise

    def _hint_for(self, error: RequestFailed) -> str:
        hints = self._generation.hints
        matches = (hint for status, text, hint in hints if error.status == status and error.text.startswith(text))
        return next(matches, "")
