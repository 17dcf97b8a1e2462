# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of the 2014 server: a status and the text that it answers, Python 2 representations included."""

from __future__ import annotations


class ApiError(Exception):
    """An answer that is not a success. Its text is `title[: detail]`."""

    status = 500
    title = "Internal Server Error"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def text(self) -> str:
        return self.title if self.detail is None else f"{self.title}: {self.detail}"


class BadRequest(ApiError):
    status, title = 400, "Bad Request"


class ParameterMissing(ApiError):
    status, title = 400, "Required parameter not provided"


class KeyNameMissing(ApiError):
    status, title = 400, "Keypair id parameter missing"


class KeyInvalid(ApiError):
    status, title = 400, "Invalid private key"


class NotAuthorized(ApiError):
    status, title = 401, "Not authorized"


class BackendUnauthorized(ApiError):
    status, title = 401, "Invalid backend credentials"


class MachineUnauthorized(ApiError):
    status, title = 401, "Couldn't authenticate to machine"


class PaymentRequired(ApiError):
    status, title = 402, "Payment required"


class NotFound(ApiError):
    status, title = 404, "Not Found"


class NoSuchRoute(ApiError):
    """Answered as the HTML page, not as text."""

    status, title = 404, "Not Found"


class BackendExists(ApiError):
    status, title = 409, "Backend exists"


class KeyExists(ApiError):
    status, title = 409, "Keypair exists"


class MachineCreationFailed(ApiError):
    status, title = 500, "Machine creation failed"


class ServiceUnavailable(ApiError):
    status, title = 503, "Service unavailable"


class BackendUnavailable(ApiError):
    status, title = 503, "Backend unavailable"


class MachineUnavailable(ApiError):
    status, title = 503, "Machine currently unavailable"


class _LookupFailed(ApiError):
    """Python 2's KeyError: its text is the repr, with a `u` when the detail came out of a request."""

    status = 404

    def __init__(self, detail: str | None = None, *, from_request: bool = True) -> None:
        super().__init__(detail)
        self.from_request = from_request

    @property
    def text(self) -> str:
        prefix = "u" if self.detail is not None and self.from_request else ""
        return prefix + ascii(super().text)


class BackendNotFound(_LookupFailed):
    title = "Backend not found"


class KeyNotFound(_LookupFailed):
    title = "Keypair not found"


class ProviderDown(Exception):
    """The provider answers with an error or not at all; each view makes its own answer of it."""


class ProviderRefuses(Exception):
    """The provider does not accept the credentials any more; each view makes its own answer of it."""


class CreationRefused(Exception):
    """The provider does not make this machine; holds the provider's own text."""
