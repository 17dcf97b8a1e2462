# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the machines of a backend are made of: images, sizes, locations, networks and keys."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from ...mist_client.errors import InvalidValue, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import choose
from ...mist_client.records import ImageRecord


class Catalogue:
    """The lists of one backend, each requested once and only when it is needed. ``where`` names it in errors."""

    def __init__(self, api: Generation, backend_id: str, where: str) -> None:
        self.api = api
        self.backend_id = backend_id
        self.where = where
        self._requests: dict[str, Callable[[], Sequence[Any]]] = {
            "image": lambda: api.catalogue.list_images(backend_id),
            "size": lambda: api.catalogue.list_sizes(backend_id),
            "location": lambda: api.catalogue.list_locations(backend_id),
            "network": lambda: api.catalogue.list_networks(backend_id),
            "key": api.keys.list,
        }
        self._listed: dict[str, Sequence[Any]] = {}

    def list_all(self, kind: str) -> Sequence[Any]:
        """All of a kind: image, size, location, network or key."""
        if kind not in self._listed:
            self._listed[kind] = self._requests[kind]()
        return self._listed[kind]

    def find(self, kind: str, word: str) -> Any:
        """The one of a kind that has exactly this id or name; InvalidValue when there is none, or several.

        An image that is not listed is searched for.
        """
        where = self.api.transport.uri if kind == "key" else self.where
        try:
            return choose(word, self.list_all(kind), kind, where)
        except InvalidValue:
            found = self._search_images(word) if kind == "image" else []
            if len({image["id"] for image in found}) != 1:
                raise
        return found[0]

    def _search_images(self, word: str) -> list[ImageRecord]:
        """Those with just this id or name: a search that finds one by a part of it may find anybody's."""
        try:
            found = self.api.catalogue.list_images(self.backend_id, word)
        except RequestFailed as error:
            if not error.unexplained:
                raise
            return []  # a provider that has no search: recordings/4.7, cat-other-images-search
        return [image for image in found if word in (image["id"], image["external_id"], image["name"])]
