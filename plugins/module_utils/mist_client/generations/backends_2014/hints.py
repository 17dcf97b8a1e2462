# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hints for errors of a server of 2014, by status and the beginning of the server's text."""

from __future__ import annotations

CORE_LOGIN = "Monitoring requires authentication: set mist_email and mist_password."
MONITORING_OFF = "Monitoring is not enabled on this machine. Enable it with mist_monitoring."
LOGIN_FAILED = "Authentication failed. Check mist_api_token, or mist_email and mist_password."

#: the first match is used
HINTS: tuple[tuple[int, str, str], ...] = (
    (
        401,
        "Invalid backend credentials: Couldn't authenticate to machine",
        "Mist cannot log in to the host. Check machine_user and machine_port, and that the host accepts machine_key.",
    ),
    (401, "Invalid backend credentials", "The provider rejected the credentials of this backend."),
    (401, "Couldn't authenticate to machine", "No key in Mist can log in to the machine."),
    (401, "Not authorized: You need to authenticate", CORE_LOGIN),
    (401, "", LOGIN_FAILED),
    (404, "u'Keypair not found", "Mist has no key with this name."),
    (402, "", "The plan of your Mist account does not include this."),
    (403, "", LOGIN_FAILED),
    (429, "", "Too many requests. Try again later."),
    (500, "Internal Server Error", "The answer has no details. Check the log of the Mist server."),
    (
        503,
        "Backend unavailable",
        "Mist cannot reach the provider, or the provider failed or rejected the credentials of this backend.",
    ),
    (503, "Service unavailable: Not authorized", CORE_LOGIN),
    (503, "Service unavailable: Method Not Allowed: Machine does", MONITORING_OFF),
    (503, "Service unavailable: Forbidden: Machine does", MONITORING_OFF),
    (503, "Service unavailable: SSH timed-out", "Mist cannot connect to the host by SSH. Check its address and port."),
    (503, "Service unavailable", "The Mist server or its core service is unavailable. Try again later."),
    (400, "Bad Request: Provider unknown", "Mist cannot create machines on this backend."),
    (404, '"Keypair not found', "Mist has no keys. Add one with mist_key."),
    (503, "Machine currently unavailable", "The provider failed, or it does not have this machine."),
)
