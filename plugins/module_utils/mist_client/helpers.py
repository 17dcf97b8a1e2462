# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The helpers of the first client, mist.client: a request to any URL of a server, and look-ups by id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .errors import InvalidValue, RequestFailed
from .transport import Transport

if TYPE_CHECKING:
    import requests

Found_co = TypeVar("Found_co", covariant=True)


class HasBackends(Protocol[Found_co]):
    """The part of MistClient that ``backend_from_id`` needs."""

    def backend_from_id(self, backend_id: str) -> Found_co | None: ...


class HasMachines(Protocol[Found_co]):
    """The part of Backend that ``machine_from_id`` needs."""

    def machine_from_id(self, machine_id: str) -> Found_co | None: ...


class RequestsHandler:
    """Sends one request: ``RequestsHandler(url, data).post()``.

    ``mist_uri`` is the complete URL of the request. ``data`` is its JSON body, as a dict or as text. ``api_token`` is
    the complete ``Authorization`` header. ``timeout`` is in seconds. With ``transport``, the request uses the session
    and the credentials of a client. Each method returns the Response of requests, or raises RequestFailed.
    """

    def __init__(
        self,
        mist_uri: str,
        data: dict[str, Any] | str | None = None,
        api_token: str | None = None,
        timeout: float | None = None,
        *,
        transport: Transport | None = None,
    ) -> None:
        self.mist_uri = mist_uri
        self.data = _parsed(data) if isinstance(data, str) else data
        self.timeout = timeout
        server = "/".join(mist_uri.split("/", 3)[:3])
        self.transport = transport or Transport(server)
        if api_token:
            self.transport.log_in(api_token)

    def get(self) -> requests.Response:
        return self.response(self._send("GET"))

    def post(self) -> requests.Response:
        return self.response(self._send("POST"))

    def put(self) -> requests.Response:
        return self.response(self._send("PUT"))

    def delete(self) -> requests.Response:
        return self.response(self._send("DELETE"))

    def response(self, resp: requests.Response) -> requests.Response:
        """The response. Raises RequestFailed, with the server's status and text, if its status is an error."""
        if not resp.ok:
            raise RequestFailed(f"{resp.request.method} {resp.url}", resp.status_code, resp.text)
        return resp

    def _send(self, method: str) -> requests.Response:
        return self.transport.exchange(method, self.mist_uri, body=self.data, timeout=self.timeout)


def _parsed(data: str) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError as error:
        raise InvalidValue(f"Invalid JSON in the data of the request: {error}.") from error


def backend_from_id(client: HasBackends[Found_co], id: str) -> Found_co | None:
    """The client's backend with this id, or None."""
    return client.backend_from_id(id)


def machine_from_id(backend: HasMachines[Found_co], id: str) -> Found_co | None:
    """The backend's machine with this id, or None."""
    return backend.machine_from_id(id)
