# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look-ups on the server: the backend and the machines that a task names."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, TypeVar

from ..mist_client.errors import InvalidValue, NotFound, RequestFailed, UnknownName
from ..mist_client.generations.base import Generation
from ..mist_client.matching import (
    ambiguous_machines_error,
    backend_named,
    describe,
    find_machine,
    is_alive,
    machines_named,
    not_found_error,
)
from ..mist_client.records import MachineRecord

Seen = TypeVar("Seen")


class BackendMachines(NamedTuple):
    """The machines of a backend. ``where`` names the backend in errors, as the task does."""

    backend_id: str
    machines: list[MachineRecord]
    where: str

    def find(self, selectors: Mapping[str, Any]) -> MachineRecord | None:
        """The machine that ``selectors`` (id, name and ip) name. See ``find_machine``."""
        return find_machine(self.machines, selectors, self.where)

    def find_named(self, word: str) -> MachineRecord | None:
        """The machine that a task refers to by id, exact name or address."""
        found = machines_named(self.machines, word)
        if len(found) > 1:
            raise ambiguous_machines_error(found, self.where)
        return found[0] if found else None

    def not_found_error(self, word: str) -> UnknownName:
        """The error for a machine that must exist. Names the nearest machines."""
        return not_found_error(word, [each for each in self.machines if is_alive(each)], "machine", self.where)


def backend_id_of(api: Generation, word: str, to_change: bool) -> str:
    """The id of the backend with this id or title. Costs a request.

    With ``to_change``, raises InvalidValue for a disabled backend: the server itself does not check that.
    """
    backend = backend_named(api.backends.list(), word, api.transport.uri)
    if to_change and not backend["enabled"]:
        raise InvalidValue(
            f"The backend {describe([backend], 'title')} is disabled.", "Enable it first with mist_backend."
        )
    return backend["id"]


def machines_of(api: Generation, word: str, to_change: bool = False) -> BackendMachines:
    """The machines of the backend that ``word`` names; see ``of_backend``."""

    def look(backend_id: str) -> BackendMachines:
        return BackendMachines(backend_id, api.machines.list(backend_id), f"backend {word!r}")

    return of_backend(api, word, look, to_change)


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
