# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of a resource. Resources do not use AnsibleModule, so that other programs can use them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, Callable, Collection, Generic, Mapping, TypeVar

from .._plan import Plan
from ..mist_client.errors import MistError, NotFound
from ..mist_client.generations.base import Generation

Seen = TypeVar("Seen")
Found = TypeVar("Found")
Wanted = TypeVar("Wanted")


class Resource(ABC, Generic[Found, Wanted]):
    """One kind of object on the server of ``api``.

    ``Wanted`` is a TypedDict of the module's options. ``wanted`` holds those that are set.
    """

    def __init__(self, api: Generation) -> None:
        self.api = api

    @abstractmethod
    def find(self, wanted: Wanted) -> Found:
        """The current state. Sends only reads. Raises InvalidValue if the desired state is impossible."""

    @abstractmethod
    def plan(self, found: Found, wanted: Wanted) -> Plan:
        """How to get from the current state to the desired state. Pure."""


def options_among(names: Collection[str], wanted: Mapping[str, object]) -> dict[str, Any]:
    """The options of these names that are set."""
    return {name: wanted[name] for name in names if name in wanted}


def remove(send: Callable[[], None], is_gone: Callable[[], bool]) -> None:
    """Send a removal. Ignores NotFound, and an error of unknown outcome if the object ``is_gone``."""
    try:
        with suppress(NotFound):
            send()
    except MistError as error:
        if not in_spite_of(error, is_gone):
            raise


def in_spite_of(error: MistError, look: Callable[[], Seen | None]) -> Seen | None:
    """What ``look`` finds after an error of unknown outcome; None if it finds nothing or fails."""
    if not error.outcome_unknown:
        return None
    try:
        return look()
    except MistError:
        return None
