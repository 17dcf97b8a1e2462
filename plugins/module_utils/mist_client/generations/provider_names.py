# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of providers: current names, their aliases, and the ids of servers of 2014."""

from __future__ import annotations

from typing import Iterable

from ..errors import InvalidValue
from ..wording import did_you_mean, join_words, nearest
from .provider_table import BY_NAME, EC2_REGIONS_2014, PROVIDERS, REMOVED_SINCE_2014


def canonical_provider(name: str) -> str:
    """The driver, such as ``ec2``, for a driver, one of its aliases, or an id of 2014 such as ``ec2_us_east``."""
    return driver_and_region(name)[0]


def names_of_2014(name: str, region: str, known: Iterable[str]) -> list[str]:
    """The ids of 2014 in ``known`` for the provider ``name``, and only those of ``region`` if there are any."""
    if name not in BY_NAME:
        return []
    regions = {}
    for old_id in known:
        if not old_id.startswith(tuple(REMOVED_SINCE_2014)):
            driver, old_region = driver_and_region(old_id)
            if driver == BY_NAME[name]:
                regions[old_id] = old_region
    return [old_id for old_id in regions if region and regions[old_id] == region] or list(regions)


def driver_and_region(name: str) -> tuple[str, str]:
    """The driver, and the region in an id of 2014, else ""."""
    word = name.strip().lower()
    if word in BY_NAME:
        return BY_NAME[word], ""
    if word in EC2_REGIONS_2014:
        return "ec2", EC2_REGIONS_2014[word]
    driver, _colon, region = word.partition(":")
    if driver == "rackspace_first_gen":
        # the name of these regions is the complete id: recordings/4.7, providers
        return "rackspace", word if region else ""
    if driver == "rackspace":
        return driver, region
    if driver in REMOVED_SINCE_2014:
        raise InvalidValue(
            f"Invalid provider {name!r}: servers of 2016 and later do not support {REMOVED_SINCE_2014[driver]}."
        )
    close = nearest(word, (*BY_NAME, *EC2_REGIONS_2014))
    raise InvalidValue(
        f"Invalid provider {name!r}.{did_you_mean(close)}", f"provider must be one of {join_words(PROVIDERS, 'or')}."
    )
