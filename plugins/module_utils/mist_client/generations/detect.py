# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which generation a server is of."""

from __future__ import annotations

from ..errors import InvalidValue
from ..transport import Transport
from ..wording import listed
from .backends_2014 import Backends2014
from .base import Generation

GENERATIONS: dict[str, type[Generation]] = {Backends2014.name: Backends2014}


def generation_of(transport: Transport, name: str) -> Generation:
    """The generation called ``name``; ``auto`` is the only one there is as yet, and costs no request."""
    if name == "auto":
        return Backends2014(transport)
    if name not in GENERATIONS:
        raise InvalidValue(f"There is no generation {name!r} of servers; it is {listed(['auto', *GENERATIONS], 'or')}.")
    return GENERATIONS[name](transport)
