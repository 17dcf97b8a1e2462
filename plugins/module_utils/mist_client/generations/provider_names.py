# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a provider is called: today's names, their aliases, and the ids of 2014."""

from __future__ import annotations

from typing import Iterable

from ..errors import InvalidValue
from ..wording import did_you_mean, join_words, nearest
from .provider_table import BY_NAME, EC2_REGIONS_2014, GONE_SINCE_2014, PROVIDERS


def canonical_provider(name: str) -> str:
    """The driver, such as ``ec2``, of a driver, one of its aliases, or an id of 2014 such as ``ec2_us_east``."""
    return driver_and_region(name)[0]


def names_of_2014(name: str, region: str, known: Iterable[str]) -> list[str]:
    """Those of ``known``, ids of 2014, that mean the provider ``name``; those of its ``region`` if there are any."""
    if name not in BY_NAME:
        return []
    same = {each: driver_and_region(each)[1] for each in known if not each.startswith(tuple(GONE_SINCE_2014))}
    same = {each: its_region for each, its_region in same.items() if canonical_provider(each) == BY_NAME[name]}
    return [each for each in same if region and same[each] == region] or list(same)


def driver_and_region(name: str) -> tuple[str, str]:
    """The driver, and the region that an id of 2014 names, else ""."""
    word = name.strip().lower()
    if word in BY_NAME:
        return BY_NAME[word], ""
    if word in EC2_REGIONS_2014:
        return "ec2", EC2_REGIONS_2014[word]
    driver, _colon, region = word.partition(":")
    if driver == "rackspace_first_gen":
        # such a region has the whole id for its name: recordings/4.7, providers
        return "rackspace", word if region else ""
    if driver == "rackspace":
        return driver, region
    if driver in GONE_SINCE_2014:
        raise InvalidValue(f"{GONE_SINCE_2014[driver]} ({name}) is no provider of the clouds generation any more.")
    close = nearest(word, (*BY_NAME, *EC2_REGIONS_2014))
    raise InvalidValue(
        f"There is no provider {name!r}.{did_you_mean(close)}", f"There are: {join_words(PROVIDERS, 'and')}."
    )
