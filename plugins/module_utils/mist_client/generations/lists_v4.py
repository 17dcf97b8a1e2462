# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the ``clouds`` generation that threads ask for at once."""

from __future__ import annotations

from typing import Any, Callable

from ..transport import Transport
from .base import Generation
from .shared_look import SharedLook


class ListsV4(Generation):
    """What the operations about keys and about machines share."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        #: by path, for lists that the threads of one task ask for at once
        self._looks: dict[tuple[str, ...], SharedLook[list[Any]]] = {}

    def _shared_list(self, shape: Callable[[Any], Any], *segments: str) -> list[Any]:
        """As ``_list``, of which the records are never changed."""
        return self._looks.setdefault(segments, SharedLook(lambda: self._list(shape, *segments)))()
