# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource must offer. None of them knows AnsibleModule, so that they can also run elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, Callable, Collection, Generic, Mapping, TypeVar

from .._plan import Plan
from ..mist_client.errors import MistError, NoAnswer, NotFound, NotMist, RequestFailed, is_passing
from ..mist_client.generations.base import Generation
from ..mist_client.waiting import Backoff

Seen = TypeVar("Seen")
Found = TypeVar("Found")
Wanted = TypeVar("Wanted")


class Resource(ABC, Generic[Found, Wanted]):
    """One kind of thing on the server that ``api`` asks.

    ``Wanted`` is a TypedDict of the module's options. ``wanted`` holds those that are set.
    """

    def __init__(self, api: Generation) -> None:
        self.api = api

    @abstractmethod
    def find(self, wanted: Wanted) -> Found:
        """What is there now. Reads only; InvalidValue when what is wanted cannot be."""

    @abstractmethod
    def plan(self, found: Found, wanted: Wanted) -> Plan:
        """How to get from what was found to what is wanted. Pure."""


def options_among(names: Collection[str], wanted: Mapping[str, object]) -> dict[str, Any]:
    """The options of these names that are set."""
    return {name: wanted[name] for name in names if name in wanted}


def patiently(look: Callable[[], Seen], backoff: Backoff) -> Seen:
    """What ``look`` shows; a server or provider that fails for a while does not end a long wait."""
    while True:
        try:
            return look()
        except (NoAnswer, RequestFailed) as error:
            if not is_passing(error) or not backoff.pause():
                raise


def remove(ask: Callable[[], None], is_gone: Callable[[], bool]) -> None:
    """Ask for a removal. That it is gone already is fine, and so is an error if a look shows that it ``is_gone``."""
    try:
        with suppress(NotFound):
            ask()
    except MistError as error:
        if not in_spite_of(error, is_gone):
            raise


def may_have_been_done(error: MistError) -> bool:
    """Whether what was asked for may have been done in spite of this error."""
    if isinstance(error, RequestFailed):
        return is_passing(error)  # 423 is that of a look after it
    return error.sent if isinstance(error, NoAnswer) else isinstance(error, NotMist)


def in_spite_of(error: MistError, look: Callable[[], Seen | None]) -> Seen | None:
    """What ``look`` shows of what may have been done all the same; None when it fails, for ``error`` is to be told."""
    if not may_have_been_done(error):
        return None
    try:
        return look()
    except MistError:
        return None
