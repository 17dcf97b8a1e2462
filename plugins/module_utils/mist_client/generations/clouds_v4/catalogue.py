# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images, sizes, locations and networks of servers of 2016 and later. Source: recordings/4.7/CONTRACT.md 3."""

from __future__ import annotations

from typing import List

from ...records import (
    ImageRecord,
    LocationRecord,
    NetworkRecord,
    SizeRecord,
)
from .. import base
from . import parsing
from .paths import CLOUDS


class Catalogue(base.Catalogue):
    def list_images(self, backend_id: str, search: str = "") -> List[ImageRecord]:
        path = (*CLOUDS, backend_id, "images")
        if search:
            return self.wire.records(parsing.image, "images", "POST", *path, body={"search_term": search})
        return self.wire.list(parsing.image, *path)

    def list_sizes(self, backend_id: str) -> List[SizeRecord]:
        return self.wire.list(parsing.size, *CLOUDS, backend_id, "sizes")

    def list_locations(self, backend_id: str) -> List[LocationRecord]:
        return self.wire.list(parsing.location, *CLOUDS, backend_id, "locations")

    def list_networks(self, backend_id: str) -> List[NetworkRecord]:
        return self.wire.list(parsing.network, *CLOUDS, backend_id, "networks")
