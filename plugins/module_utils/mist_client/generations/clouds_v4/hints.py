# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hints for errors of a server of 2016 or later, by status and the beginning of the server's text."""

from __future__ import annotations

from ...errors import BUSY

MONITORING_OFF = "Monitoring is not enabled on this machine. Enable it with mist_monitoring."
PROXY = "A proxy in front of Mist sent this answer because Mist did not respond in time."
LOG_IN = "Mist cannot log in to the host. Check its address, port and user, and that it accepts the key."
LOGIN_FAILED = (
    "Authentication failed. Check mist_api_token, or mist_email and mist_password."
    " A token may have expired or been revoked."
)
NAME_REJECTED = "The provider rejected the machine name."

#: the first match is used. Not recorded, but read in the server's source: "MAX number" (auth/views.py), the 403 about
#: monitoring (monitoring/views.py and foundationdb/methods.py), "Error validating name" (recordings/4.7/CONTRACT.md 5),
#: and "Couldn't authenticate to machine" (exceptions.py)
HINTS: tuple[tuple[int, str, str], ...] = (
    (400, "Bad Request: MAX number", "Revoke API tokens in Mist, or set mist_api_token to an existing token."),
    (400, "Bad Request: Machine does not have monitoring", MONITORING_OFF),
    (400, "Bad Request: Private key is not a valid RSA key", "Mist only accepts RSA keys without a passphrase."),
    (401, "Unauthorized cloud credentials: MachineUnauthorizedError", LOG_IN),
    (401, "Unauthorized cloud credentials", "The provider rejected the credentials of this backend."),
    (
        401,
        "Couldn't authenticate to machine",
        "The machine accepts no key of Mist for this user. Check ssh_user, and the authorized keys on the machine.",
    ),
    (401, "", LOGIN_FAILED),
    (
        403,
        "Invalid csrf token",
        "The request reached the server without its Authorization header. Check whether a proxy removes it.",
    ),
    (
        403,
        "Forbidden: Machine doesn't support",
        "The provider does not support this action, or the current state of the machine does not allow it.",
    ),
    (403, "Forbidden: Machine doesn't seem to have monitoring", MONITORING_OFF),
    (403, "Forbidden: Machine doesn't have monitoring", MONITORING_OFF),
    (403, "", "The user does not have permission for this. Ask an owner of the organization."),
    (404, "404", "A proxy that does not route to Mist can also answer this; check mist_uri."),
    (404, "Not Found: Key", "Mist has no key with this id."),
    (404, "Not Found: Machine", "Check that this is the machine's id in Mist, not the provider's id."),
    (404, "Not Found: Story", "The server has no job with this id."),
    (405, "Method Not Allowed: Machine doesn't have monitoring", MONITORING_OFF),
    (
        409,
        "Key name exists",
        "A key with this name exists, or the secret of a deleted one is still in the server's Vault."
        " Choose another name.",
    ),
    (409, "NotUniqueError", "Another key has this name."),
    (BUSY, "", "Mist is already listing this backend for another request. Try again later."),
    (429, "", "Too many requests. Try again later."),
    (500, "Machine creation failed: Adding host", LOG_IN),
    (
        500,
        'Machine creation failed: Docker, got exception None {"message": "Conflict',
        "A container with this name exists. Mist lists stopped containers only if show_all of the backend is on.",
    ),
    (
        500,
        "UnboundLocalError(\"local variable 'ec2_location'",
        "EC2 requires an availability zone. Set location to a zone.",
    ),
    (500, "Machine creation failed: Error validating name", NAME_REJECTED),
    (500, "Error validating name", NAME_REJECTED),
    (500, "Internal Server Error", "The answer has no details. Check the log of the Mist server."),
    (502, "", PROXY),
    (503, "Cloud unavailable: Invalid region", "Check region."),
    (503, "Cloud unavailable", "Mist cannot reach the provider, or the provider failed."),
    (503, "Service unavailable: SSH", "Mist cannot log in to the host by SSH. Check its address, port and keys."),
    (504, "", PROXY),
    (503, "Service unavailable", "A service that Mist depends on, such as its metrics database, does not respond."),
)
