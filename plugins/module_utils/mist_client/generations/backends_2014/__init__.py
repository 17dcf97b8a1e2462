# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``backends`` generation: mist.io of 2014 and 2015. Source: recordings/2014/CONTRACT.md."""

from __future__ import annotations

from ...transport import Transport
from ..base import Generation
from .backends import Backends
from .catalogue import Catalogue
from .hints import HINTS
from .keys import Keys
from .machines import Machines
from .monitoring import Monitoring
from .session import Session


class Backends2014(Generation):
    name = "backends"
    since = "mist.io 2014"
    reading_posts = (
        ("auth",),
        ("backends", "*", "images"),
        ("backends", "*", "machines", "*", "probe"),
    )
    login_refusals = ((401, "Not authorized"),)
    wrong_server = (
        "For a server of 2016 or later, set mist_generation=auto and mist_api_token (or mist_email and mist_password)."
    )
    hints = HINTS

    def __init__(self, transport: Transport, *, has_login: bool = True, assumed: bool = False) -> None:
        super().__init__(transport, has_login=has_login, assumed=assumed)
        self.session = Session(self)
        self.backends = Backends(self)
        self.keys = Keys(self)
        self.machines = Machines(self)
        self.catalogue = Catalogue(self)
        self.monitoring = Monitoring(self)
