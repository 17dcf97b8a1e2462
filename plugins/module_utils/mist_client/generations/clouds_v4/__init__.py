# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``clouds`` generation: Mist of 2016 and later. Source: recordings/4.7/CONTRACT.md and CONTRACT-2.md.

All requests go to API v1. Servers before 4.3 have no v2. In v2 foreign keys are names by default, a list has at most
1000 items, and errors have another format. Its advantages, ``only`` and paging, do not help here: each record needs
nearly all fields, and v1 lists everything at once.
"""

from __future__ import annotations

from ...transport import Transport
from ..base import Generation
from .backends import Backends
from .catalogue import Catalogue
from .hints import HINTS
from .keys import Keys
from .machines import Machines
from .monitoring import Monitoring
from .paths import CLOUDS, V1
from .session import Session


class CloudsV4(Generation):
    name = "clouds"
    since = "Mist 4.7"
    reading_posts = (
        (*CLOUDS, "*", "images"),
        (*V1, "machines", "*", "probe"),
    )
    # [clouds-no-token], [clouds-post-no-token]
    login_refusals = (
        (401, "User not authenticated. Please log in"),
        (403, "Invalid csrf token\n"),
    )
    wrong_server = "For a server of 2014 or 2015, set mist_generation=auto."
    hints = HINTS

    def __init__(self, transport: Transport, *, has_login: bool = True, assumed: bool = False) -> None:
        super().__init__(transport, has_login=has_login, assumed=assumed)
        self.session = Session(self)
        self.backends = Backends(self)
        self.keys = Keys(self)
        self.machines = Machines(self)
        self.catalogue = Catalogue(self)
        self.monitoring = Monitoring(self)
