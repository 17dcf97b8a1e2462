# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""MistClient: a server, its backends and its keys. Names and semantics are those of the first client, mist.client."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from .errors import InvalidValue
from .generations.base import Generation
from .generations.detect import generation_of
from .helpers import RequestsHandler
from .model import Backend, Key, only_one
from .records import BackendSpec, ProviderRecord
from .transport import Transport


class MistClient:
    """A Mist server, used by one user.

    Without ``email`` and ``api_token`` it is a standalone server, which requires no authentication. With ``email`` and
    ``password`` the client gets a token at once. If the token was created for this client, ``close`` revokes it.
    ``org`` is the id or name of the organization. ``generation`` is auto, backends or clouds. The other options are
    those of ``Transport``: validate_certs, ca_path, timeout, retries, workers, read_only, user_agent.

    ``backends`` and ``keys`` are cached until ``update_backends`` and ``update_keys``. ``api`` has all operations,
    without a cache. Use a client as a context manager, so that it is closed.
    """

    def __init__(
        self,
        mist_uri: str = "https://mist.io",
        email: str | None = None,
        password: str | None = None,
        *,
        api_token: str | None = None,
        org: str | None = None,
        generation: str = "auto",
        **transport: Any,
    ) -> None:
        if password and not email:
            raise InvalidValue("mist_password requires mist_email.", "Set both or neither.")
        if email and not (password or api_token):
            raise InvalidValue("mist_email requires mist_password.", "Set both or neither.")
        self.transport = Transport(mist_uri, **transport)
        self.api: Generation = generation_of(self.transport, generation, bool(api_token or email))
        if email and password and not api_token:
            self.api.session.log_in(email, password, org)
        else:
            if api_token:
                self.api.session.use_token(api_token.strip(), email)
            if org:
                self.api.session.check_org(org)
        self._backends: dict[str, Backend] | None = None
        self._keys: dict[str, Key] | None = None

    def __enter__(self) -> MistClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Revoke a token that was created for this client, and close the connections."""
        self.api.session.log_out()
        self.transport.close()

    def request(self, mist_uri: str, data: Any = None, *, timeout: float | None = None) -> RequestsHandler:
        """A request to any URL of this server, with this client's credentials. ``mist_uri`` is a URL or a path."""
        self.api.find_out()  # because the generations send credentials in different formats
        url = mist_uri if "://" in mist_uri else f"{self.transport.uri}/{mist_uri.lstrip('/')}"
        return RequestsHandler(url, data, timeout=timeout, transport=self.transport)

    @property
    def supported_providers(self) -> list[ProviderRecord]:
        """The providers that the server supports."""
        return self.api.backends.list_providers()

    # ---- backends

    @property
    def backends(self) -> dict[str, Backend]:
        """All backends by id."""
        return self.update_backends() if self._backends is None else self._backends

    def update_backends(self) -> dict[str, Backend]:
        """List all backends again."""
        self._backends = {record["id"]: Backend(record, self) for record in self.api.backends.list()}
        return self._backends

    def add_backend(
        self,
        title: str,
        provider: str,
        key: str | None = None,
        secret: str | None = None,
        tenant_name: str | None = None,
        region: str | None = None,
        apiurl: str | None = None,
        machine_ip: str | None = None,
        machine_key: str | None = None,
        machine_user: str | None = None,
        compute_endpoint: str | None = None,
        machine_port: int | None = None,
        *,
        docker_port: int | None = None,
        credentials: dict[str, Any] | None = None,
        validate: bool = True,
    ) -> Backend:
        """The new backend. ``supported_providers`` lists the values that each provider requires.

        ``credentials`` are the provider's own fields, which only servers of the clouds generation accept. With
        ``validate`` false the credentials are not tested. Raises Conflict if the account exists already.
        """
        given = {
            "title": title,
            "provider": provider,
            "api_key": key,
            "api_secret": secret,
            "tenant_name": tenant_name,
            "region": region,
            "api_url": apiurl,
            "machine_ip": machine_ip,
            "machine_key": machine_key,
            "machine_user": machine_user,
            "compute_endpoint": compute_endpoint,
            "machine_port": machine_port,
            "docker_port": docker_port,
            "credentials": credentials,
        }
        spec: BackendSpec = {name: value for name, value in given.items() if value is not None}  # type: ignore[assignment]
        added = self.api.backends.add({**spec, "validate": validate})
        return self.update_backends().get(added["id"]) or Backend(added, self)

    def backend_from_id(self, backend_id: str) -> Backend | None:
        return self.backends.get(backend_id)

    def backend_from_title(self, backend_title: str) -> Backend | None:
        """InvalidValue if more than one backend has this title: titles are not unique."""
        found = [backend for backend in self.backends.values() if backend.title == backend_title]
        return only_one(found, f"backends have the title {backend_title!r}")

    def backend_from_provider(self, backend_provider: str) -> Backend | None:
        """InvalidValue if more than one backend is of this provider."""
        found = [backend for backend in self.backends.values() if backend.provider == backend_provider]
        return only_one(found, f"backends are of the provider {backend_provider!r}")

    def search_backend(self, backend_key: str) -> Backend | None:
        """A backend by its id, else by its title, else by its provider."""
        return (
            self.backend_from_id(backend_key)
            or self.backend_from_title(backend_key)
            or self.backend_from_provider(backend_key)
        )

    # ---- keys

    @property
    def keys(self) -> dict[str, Key]:
        """All keys by id."""
        return self.update_keys() if self._keys is None else self._keys

    def update_keys(self) -> dict[str, Key]:
        """List all keys again."""
        self._keys = {record["id"]: Key(record, self) for record in self.api.keys.list()}
        return self._keys

    def search_key(self, key: str) -> Key | None:
        """A key by its id, else by its name. On servers of 2014 both are the same."""
        by_name = {candidate.name: candidate for candidate in self.keys.values()}
        return self.keys.get(key) or by_name.get(key)

    def generate_key(self) -> str:
        """A new private key. The server generates it and does not store it."""
        return self.api.keys.generate()

    def add_key(self, key_name: str, private: str) -> Key:
        """The new key. Raises Conflict if the name exists already."""
        added = self.api.keys.add(key_name, private)
        return self.update_keys().get(added["id"]) or Key(added, self)
