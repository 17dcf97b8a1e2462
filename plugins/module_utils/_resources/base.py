# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource must offer. None of them knows AnsibleModule, so that they can also run elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, Callable, Mapping, TypeVar

from .._plan import Plan
from ..mist_client.errors import MistError, NotFound
from ..mist_client.generations.base import Generation

Seen = TypeVar("Seen")


class Resource(ABC):
    """One kind of thing on the server that ``api`` asks. ``wanted`` holds the options that are set, by name."""

    def __init__(self, api: Generation) -> None:
        self.api = api

    @abstractmethod
    def find(self, wanted: Mapping[str, Any]) -> Any:
        """What is there now. Reads only; InvalidValue when what is wanted cannot be."""

    @abstractmethod
    def plan(self, found: Any, wanted: Mapping[str, Any]) -> Plan:
        """How to get from what was found to what is wanted. Pure."""


def remove(ask: Callable[[], None], is_gone: Callable[[], bool]) -> None:
    """Ask for a removal. That it is gone already is fine, and so is an error if a look shows that it ``is_gone``."""
    try:
        with suppress(NotFound):
            ask()
    except MistError as error:
        if not in_spite_of(error, is_gone):
            raise


def in_spite_of(error: MistError, look: Callable[[], Seen | None]) -> Seen | None:
    """What ``look`` shows of what may have been done all the same; None when it fails, for ``error`` is to be told."""
    if not error.outcome_unknown:
        return None
    try:
        return look()
    except MistError:
        return None
