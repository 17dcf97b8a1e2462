# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detects the generation of a server."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, cast

from ..errors import InvalidValue, NoSuchAddress, NotMist
from ..transport import WRONG_SERVER, Transport
from ..wording import join_words
from .backends_2014 import Backends2014
from .base import NOUNS, Generation, is_offline
from .clouds_v4 import CloudsV4

GENERATIONS: dict[str, type[Generation]] = {generation.name: generation for generation in (Backends2014, CloudsV4)}


def generation_of(transport: Transport, name: str, has_login: bool) -> Generation:
    """The generation with this name. With ``auto``, it is detected from the server's first answer.

    Without credentials, the server is assumed to be a standalone server of 2014, and nothing is detected.
    """
    if name == "auto":
        if has_login:
            return cast(Generation, LazyGeneration(transport))
        return Backends2014(transport, has_login=False, assumed=True)
    if name not in GENERATIONS:
        raise InvalidValue(
            f"Invalid generation {name!r}: it must be one of {join_words(['auto', *GENERATIONS], 'or')}."
        )
    return GENERATIONS[name](transport, has_login=has_login)


class LazyGeneration:
    """A server whose generation is not known yet. After detection, all calls go to an object of that generation.

    The first operation is tried on ``clouds``. If the answer is a web page, the server does not have the path and
    nothing was changed. Then the operation is tried on ``backends``. All other errors are raised, and the generation
    stays unknown.
    """

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.session = LazySession(self)
        self._clouds = CloudsV4(transport)
        self._decided: Generation | None = None
        self._backends: list[Any] | None = None  # the list of find_out, until another operation is called
        self._lock = (
            threading.RLock()
        )  # until the generation is known, each try changes the credentials of the transport

    @property
    def name(self) -> str:
        return self.find_out()

    def find_out(self) -> str:
        """See Generation. It lists the backends. Most tasks need them first, so this costs no extra request."""
        if self._decided is None:
            self._backends = self.call("backends", "list")
        return self.decided.name

    @property
    def decided(self) -> Generation:
        """The generation. Use it only after ``find_out``."""
        return cast(Generation, self._decided)

    def __getattr__(self, name: str) -> Any:
        if name in NOUNS:
            return LazyNoun(self, name)
        if not hasattr(Generation, name):
            raise AttributeError(name)
        self.find_out()
        return getattr(self.decided, name)

    def call(self, noun: str, operation: str, *args: Any, **options: Any) -> Any:
        """Call an operation, and detect the generation from its answer."""
        known, self._backends = self._backends, None
        if known is not None and (noun, operation) == ("backends", "list"):
            return known
        with self._lock:
            if self._decided is None:
                return self._try_both(noun, operation, *args, **options)
        return getattr(getattr(self._decided, noun), operation)(*args, **options)

    def log_out(self) -> None:
        """See Session. It also revokes a token that was created before the generation was known."""
        (self._decided or self._clouds).session.log_out()

    def _try_both(self, noun: str, operation: str, *args: Any, **options: Any) -> Any:
        try:
            return self._try(self._clouds, noun, operation, *args, **options)
        except NoSuchAddress:
            if self._clouds.wire.confirmed:
                raise
        try:
            return self._try(Backends2014(self.transport), noun, operation, *args, **options)
        except NoSuchAddress as error:
            error.hint = f"{error.hint} The API of servers of 2016 and later was tried too."
            raise

    def _try(self, generation: Generation, noun: str, operation: str, *args: Any, **options: Any) -> Any:
        self.session.present_token(generation)
        try:
            return getattr(getattr(generation, noun), operation)(*args, **options)
        except NotMist as error:
            if not generation.wire.confirmed:
                error.hint = WRONG_SERVER  # without the hint of the generation, which the user did not choose
            raise
        finally:
            if generation.wire.confirmed:
                self._decided = generation


class LazyNoun:
    """One kind of object of a LazyGeneration."""

    def __init__(self, generation: LazyGeneration, noun: str) -> None:
        self._generation = generation
        self._noun = noun

    def __getattr__(self, name: str) -> Any:
        member = getattr(NOUNS[self._noun], name)
        if callable(member) and not is_offline(member):
            return partial(self._generation.call, self._noun, name)
        self._generation.find_out()
        return getattr(getattr(self._generation.decided, self._noun), name)


class LazySession(LazyNoun):
    """The session of a LazyGeneration. The two generations send the same token in different formats."""

    def __init__(self, generation: LazyGeneration) -> None:
        super().__init__(generation, "session")
        self._token: tuple[str, str | None] | None = None

    def use_token(self, token: str, email: str | None) -> None:
        """See Session."""
        self._token = (token, email)

    def present_token(self, generation: Generation) -> None:
        """Use the token, if there is one, in the format of this generation."""
        if self._token:
            generation.session.use_token(*self._token)

    def log_out(self) -> None:
        """See Session."""
        self._generation.log_out()
