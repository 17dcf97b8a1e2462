# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about an error of a server of 2016 or later, by its status and the beginning of its text."""

from __future__ import annotations

from ...errors import BUSY

MONITORING_OFF = "Monitoring is off there; mist_monitoring enables it."
PROXY = "A proxy in front of Mist tells so: it got no answer from Mist, or not in time."
LOG_IN = "Mist cannot log in to the host: check its address, port and user, and that the key is allowed there."
NO_LOGIN = "Check mist_api_token, or mist_email and mist_password. A token may have expired or been revoked."

#: the first that fits is taken
HINTS: tuple[tuple[int, str, str], ...] = (
    (400, "Bad Request: MAX number", "Revoke some of them in Mist; or give one of them as mist_api_token."),
    (400, "Bad Request: Machine does not have monitoring", MONITORING_OFF),
    (
        400,
        "Bad Request: Private key is not a valid RSA key",
        "Mist takes RSA keys alone, and none with a passphrase.",
    ),
    (401, "Unauthorized cloud credentials: MachineUnauthorizedError", LOG_IN),
    (401, "Unauthorized cloud credentials", "The provider refuses the credentials of this backend."),
    (
        401,
        "Couldn't authenticate to machine",
        "No key of Mist is let in to the machine as that user: check ssh_user, and the keys on the machine.",
    ),
    (401, "", NO_LOGIN),
    (
        403,
        "Invalid csrf token",
        "The request reached the server without its Authorization header: check whether a proxy removes it.",
    ),
    (
        403,
        "Forbidden: Machine doesn't support",
        "Its provider does not offer that, or not in its state.",
    ),
    (403, "Forbidden: Machine doesn't seem to have monitoring", MONITORING_OFF),
    (403, "Forbidden: Machine doesn't have monitoring", MONITORING_OFF),
    (403, "", "The user of this login may not do that: ask an owner of the organisation."),
    (404, "404", "So does a proxy answer that knows no Mist at this address: is mist_uri right?"),
    (404, "Not Found: Key", "Mist has no key of this id."),
    (404, "Not Found: Machine", "Is it Mist's id of the machine, and not the provider's?"),
    (404, "Not Found: Story", "The server knows no such job."),
    (405, "Method Not Allowed: Machine doesn't have monitoring", MONITORING_OFF),
    (
        409,
        "Key name exists",
        "There is a key of this name, or there was one whose secret is still in the server's Vault: take another.",
    ),
    (409, "NotUniqueError", "Another key has this name."),
    (BUSY, "", "Mist is listing this backend already, for somebody else or by itself: try again."),
    (429, "", "Ask less often, or wait for a while."),
    (500, "Machine creation failed: Adding host", LOG_IN),
    (
        500,
        'Machine creation failed: Docker, got exception None {"message": "Conflict',
        "A container of this name exists. Mist lists a stopped one only if show_all of the backend is on.",
    ),
    (
        500,
        "UnboundLocalError(\"local variable 'ec2_location'",
        "EC2 creates machines in an availability zone: give one as the location.",
    ),
    (500, "Machine creation failed: Error validating name", "The provider takes no such name."),
    (500, "Error validating name", "The provider takes no such name."),
    (500, "Internal Server Error", "The server tells no more; its log does."),
    (502, "", PROXY),
    (503, "Cloud unavailable: Invalid region", "Check region."),
    (503, "Cloud unavailable", "Mist cannot reach the provider, or the provider fails."),
    (503, "Service unavailable: SSH", "Mist cannot log in to the host: check its address and port, and its keys."),
    (504, "", PROXY),
    (503, "Service unavailable", "What the server asks for it, such as the store of its stats, does not answer."),
)
