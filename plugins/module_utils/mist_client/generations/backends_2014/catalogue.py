# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images, sizes, locations and networks of servers of 2014. Source: recordings/2014/CONTRACT.md 2 and 3."""

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


class Catalogue(base.Catalogue):
    def list_images(self, backend_id: str, search: str = "") -> List[ImageRecord]:
        if search:
            body = {"search_term": search}
            found = self.wire.records(parsing.image, "images", "POST", "backends", backend_id, "images", body=body)
        else:
            found = self.wire.list(parsing.image, "backends", backend_id, "images")
        # EC2 lists some images more than once: recordings/2014/CONTRACT.md 2
        return list({image["id"]: image for image in found}.values())

    def list_sizes(self, backend_id: str) -> List[SizeRecord]:
        return self.wire.list(parsing.size, "backends", backend_id, "sizes")

    def list_locations(self, backend_id: str) -> List[LocationRecord]:
        locations = self.wire.list(parsing.location, "backends", backend_id, "locations")
        if any(not location["id"] for location in locations):
            # a placeholder without an id: [provider_500.list_locations], [provider_revoked.list_locations]. Read in
            # the server's source: also if libcloud's driver has no locations (mist.io 2014: methods.list_locations)
            self._check_provider_answers(backend_id)
            locations = self.wire.list(parsing.location, "backends", backend_id, "locations")
        return [location for location in locations if location["id"]]

    def list_networks(self, backend_id: str) -> List[NetworkRecord]:
        networks = self.wire.list(parsing.network, "backends", backend_id, "networks")
        if not networks:  # also if the provider fails: [provider_500.list_networks], [provider_revoked.list_networks]
            self._check_provider_answers(backend_id)
            networks = self.wire.list(parsing.network, "backends", backend_id, "networks")
        return networks

    def _check_provider_answers(self, backend_id: str) -> None:
        """RequestFailed if the provider fails. Unlike other lists, the list of machines does not hide that error."""
        self.api.machines.list(backend_id)
