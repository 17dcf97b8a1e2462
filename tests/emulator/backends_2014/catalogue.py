# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, sizes, locations and networks of a backend, and what is answered for them when its provider fails."""

from __future__ import annotations

from typing import Any

from ..call import Answer, Call
from ..errors import BackendUnavailable, ProviderDown, ProviderRefuses
from ..world import Backend
from .backends import find_backend
from .wire import parameters_or_none

MOST_HITS = 40
DROPPED_NAMES = ("hvm", "windows")
DROPPED_IDS = ("aki", "ari")
DUMMY_LOCATION = {"id": "", "name": "default", "country": ""}


async def list_images(call: Call, backend: str) -> Answer:
    here = find_backend(call.world, backend)
    term = str(parameters_or_none(call).get("search_term") or "").lower()
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        raise BackendUnavailable(backend) from None
    if term:
        hits = [image for image in provider.found_images(here) if _is_hit(image, term)]
        images = [image for image in hits if not _is_dropped(image)][:MOST_HITS]
    else:
        images = [image for image in provider.images(here) if not _is_dropped(image)]
    return Answer.of_json(call.ordered([_with_star(here, image) for image in images]))


def _is_hit(image: dict[str, Any], term: str) -> bool:
    return term in image["id"].lower() or term in image["name"].lower()


def _is_dropped(image: dict[str, Any]) -> bool:
    name = image["name"].lower()
    return not name or any(word in name for word in DROPPED_NAMES) or image["id"].startswith(DROPPED_IDS)


def _with_star(backend: Backend, image: dict[str, Any]) -> dict[str, Any]:
    return {**image, "star": backend.stars.get(image["id"], image["star"])}


async def toggle_star(call: Call, backend: str, image: str) -> Answer:
    """The new state; whether there is such an image is not looked at."""
    here = find_backend(call.world, backend)
    known = call.provider_table(here).images(here)
    starred = here.stars.get(image, any(each["id"] == image and each["star"] for each in known))
    here.stars[image] = not starred
    return Answer.of_json(not starred)


async def list_sizes(call: Call, backend: str) -> Answer:
    here = find_backend(call.world, backend)
    if call.provider_table(here).static_sizes:
        return Answer.of_json(call.provider_table(here).sizes(here))
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        raise BackendUnavailable(backend) from None
    return Answer.of_json(call.ordered(provider.sizes(here)))


async def list_locations(call: Call, backend: str) -> Answer:
    here = find_backend(call.world, backend)
    if call.provider_table(here).static_locations:
        return Answer.of_json(call.provider_table(here).locations(here))
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        return Answer.of_json([DUMMY_LOCATION])
    return Answer.of_json(call.ordered(provider.locations(here)))


async def list_networks(call: Call, backend: str) -> Answer:
    here = find_backend(call.world, backend)
    try:
        provider = await call.provider(here)
    except (ProviderDown, ProviderRefuses):
        return Answer.of_json([])
    return Answer.of_json(provider.networks(here))
