# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look-ups on the server: the backend, the machines and the key that a task names."""

from __future__ import annotations

from typing import Callable, TypeVar

from ..mist_client.errors import InvalidValue, NotFound, RequestFailed
from ..mist_client.generations.base import Generation
from ..mist_client.matching import backend_named, describe, find_key, not_found_error
from ..mist_client.records import KeyRecord, MachineRecord

Seen = TypeVar("Seen")


def backend_id_of(api: Generation, word: str, to_change: bool = False) -> str:
    """The id of the backend with this id or title. Costs a request.

    With ``to_change``, raises InvalidValue for a disabled backend: the server itself does not check that.
    """
    backend = backend_named(api.backends.list(), word, api.transport.uri)
    if to_change and not backend["enabled"]:
        raise InvalidValue(
            f"The backend {describe([backend], 'title')} is disabled.", "Enable it first with mist_backend."
        )
    return backend["id"]


def machines_of(api: Generation, word: str, to_change: bool = False) -> tuple[str, list[MachineRecord]]:
    """A backend's id and machines; see ``of_backend``."""
    return of_backend(api, word, lambda backend_id: (backend_id, api.machines.list(backend_id)), to_change)


def of_backend(api: Generation, word: str, look: Callable[[str], Seen], to_change: bool = False) -> Seen:
    """What ``look`` returns for the backend with this id or title. Costs one request by id, two by title.

    A disabled backend is detected only by title; see ``backend_id_of``.
    """
    if api.backends.looks_like_id(word):
        try:
            return look(word)
        except RequestFailed as error:  # a title can look like an id
            if not (isinstance(error, NotFound) or error.unexplained):
                raise
    return look(backend_id_of(api, word, to_change))


def key_named(api: Generation, word: str) -> KeyRecord:
    """As ``find_key``, but raises InvalidValue if there is none. Costs a request."""
    keys = api.keys.list()
    key = find_key(keys, word)
    if key is None:
        raise not_found_error(word, keys, "key", api.transport.uri)
    return key
