# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about an error of a server of 2014, by its status and the beginning of its text."""

from __future__ import annotations

CORE_LOGIN = "Monitoring wants a login: set mist_email and mist_password."
MONITORING_OFF = "Monitoring is off there; mist_monitoring enables it."

#: the first that fits is taken
HINTS: tuple[tuple[int, str, str], ...] = (
    (
        401,
        "Invalid backend credentials: Couldn't authenticate to machine",
        "Mist cannot log in to the host: check machine_user, machine_port, and that machine_key is allowed there.",
    ),
    (401, "Invalid backend credentials", "The provider refuses the credentials of this backend."),
    (401, "Couldn't authenticate to machine", "Mist has no key that can log in to the machine."),
    (
        401,
        "Not authorized: You need to authenticate",
        CORE_LOGIN,
    ),
    (401, "", "Check mist_api_token, or mist_email and mist_password."),
    (404, "u'Keypair not found", "Mist has no key of this name."),
    (402, "", "The plan of this account at Mist does not cover it."),
    (403, "", "Check mist_api_token, or mist_email and mist_password."),
    (429, "", "Ask less often, or wait for a while."),
    (500, "Internal Server Error", "The server tells no more; its log does."),
    (
        503,
        "Backend unavailable",
        "Mist cannot reach the provider, or the provider fails or refuses the credentials of this backend.",
    ),
    (503, "Service unavailable: Not authorized", CORE_LOGIN),
    (503, "Service unavailable: Method Not Allowed: Machine does", MONITORING_OFF),
    (503, "Service unavailable: Forbidden: Machine does", MONITORING_OFF),
    (503, "Service unavailable: SSH timed-out", "Mist cannot reach the host's ssh: check its address and port."),
    (503, "Service unavailable", "The server, or the core that it asks, cannot do it now."),
    (400, "Bad Request: Provider unknown", "No machine can be created at this backend."),
    (404, '"Keypair not found', "Mist has no key at all: add one, with mist_key."),
    (503, "Machine currently unavailable", "The provider fails, or knows no such machine."),
)
