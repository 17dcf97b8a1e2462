# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images, sizes, locations, networks and keys from which machines of a backend are created."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from ...mist_client.errors import InvalidValue, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import choose
from ...mist_client.records import ImageRecord


class Catalogue:
    """The lists of one backend. Each is requested once, when it is needed. ``where`` names the backend in errors."""

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
        """All objects of a kind: image, size, location, network or key."""
        if kind not in self._listed:
            self._listed[kind] = self._requests[kind]()
        return self._listed[kind]

    def find(self, kind: str, word: str) -> Any:
        """The object with exactly this id or name. Raises InvalidValue if there is none, or more than one.

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
        """Search results with exactly this id or name. A search by part of a name can find images of strangers."""
        try:
            found = self.api.catalogue.list_images(self.backend_id, word)
        except RequestFailed as error:
            if not error.unexplained:
                raise
            return []  # this provider does not support the search: recordings/4.7, cat-other-images-search
        return [image for image in found if word in (image["id"], image["external_id"], image["name"])]
