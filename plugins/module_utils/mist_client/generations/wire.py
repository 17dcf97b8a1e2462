# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests of one generation: sent by the transport, their errors explained, their answers made into records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, ClassVar, Iterator, List, Protocol, TypeVar

from ..errors import NotMist, RequestFailed
from ..transport import Transport
from .parsing import by_id, each
from .single_flight import SingleFlight

Record = TypeVar("Record")

LOGIN_REQUIRED = (
    "No credentials were given, and this server requires authentication: set mist_api_token (MIST_API_TOKEN), or"
    " mist_email and mist_password (MIST_EMAIL and MIST_PASSWORD)."
)


class Facts(Protocol):
    """What the wire must know of a Generation."""

    name: ClassVar[str]
    since: ClassVar[str]
    hints: ClassVar[tuple[tuple[int, str, str], ...]]
    login_refusals: ClassVar[tuple[tuple[int, str], ...]]
    wrong_server: ClassVar[str]

    def lacks_login(self) -> bool: ...


class Wire:
    """Requests to a server of one ``generation``. ``has_login`` is whether the user gave credentials.

    ``confirmed`` is whether an answer has shown that the server is of this generation.
    """

    def __init__(self, transport: Transport, generation: Facts, has_login: bool) -> None:
        self.transport = transport
        self.confirmed = False
        self._generation = generation
        self._has_login = has_login
        #: by path, the lists that the threads of one task ask for at the same time
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
        """What ``parse`` makes of the answer. NotMist if the answer does not have the shape of ``what``."""
        answer = self.json(method, *segments, **request)
        try:
            return parse(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            came = f"{method} {self.transport.address(*segments)} answered JSON"
            raise NotMist(
                f"{came} that is not {what} as in {self._generation.since}.",
                f"Is mist_uri the address of a Mist server of the {self._generation.name} generation?",
            ) from error

    def records(self, parse: Callable[[Any], Record], what: str, *asked: str, **request: Any) -> List[Record]:
        """As ``record``, of a list."""
        return self.record(lambda items: each(items, parse), f"a list of {what}", *asked, **request)

    def by_id(self, parse: Callable[[str, Any], Record], what: str, *asked: str, **request: Any) -> dict[str, Record]:
        """As ``record``, of a dict by id."""
        return self.record(lambda items: by_id(items, parse), f"a dict of {what}", *asked, **request)

    def list(self, parse: Callable[[Any], Record], *segments: str) -> List[Record]:
        """The records at a path that ends in their name."""
        return self.records(parse, segments[-1], "GET", *segments)

    def shared_list(self, parse: Callable[[Any], Any], *segments: str) -> List[Any]:
        """As ``list``, with one request for all threads that ask for it at the same time. Never change its records."""
        return self._flights.setdefault(segments, SingleFlight(lambda: self.list(parse, *segments)))()

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Errors from inside get the hint of the generation that fits them."""
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
        fitting = (hint for status, text, hint in hints if error.status == status and error.text.startswith(text))
        return next(fitting, "")
