# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which generation a server is of."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, cast

from ..errors import InvalidValue, NoSuchAddress, NotMist
from ..records import BackendRecord
from ..transport import WRONG_SERVER, Transport
from ..wording import listed
from .backends_2014 import Backends2014
from .base import Generation
from .clouds_v4 import CloudsV4

GENERATIONS: dict[str, type[Generation]] = {each.name: each for each in (Backends2014, CloudsV4)}

#: what a generation can tell without a request, so that no answer would show which it is; a test holds it to base.py
SILENT = frozenset(
    {
        "account_mismatch",
        "can_update_backends",
        "canonical_provider",
        "check_association",
        "check_backend_spec",
        "check_backend_title",
        "check_key_name",
        "check_machine_changes",
        "check_machine_spec",
        "check_plugin",
        "check_private_key",
        "describe_backend_drift",
        "describe_host",
        "foresee_backend",
        "foresee_key",
        "foresee_machine",
        "foresee_metric",
        "foresee_renamed_key",
        "foresee_updated_backend",
        "is_of_plugin",
        "is_series_of",
        "looks_like_backend_id",
        "name",
        "not_supported",
        "plugin_file",
        "plugin_metric",
        "plugin_of",
        "predict_login",
        "remembers_metrics",
        "same_backend",
        "tag_requests",
        "unshown_options",
    }
)


def generation_of(transport: Transport, name: str, has_login: bool) -> Generation:
    """The generation called ``name``; with ``auto`` the one that the server's answers will show it to be.

    A server that wants no login is one of 2014: then nothing is tried.
    """
    assumed = False
    if name == "auto":
        if has_login:
            return cast(Generation, Undecided(transport))
        name = Backends2014.name
        assumed = True
    if name not in GENERATIONS:
        raise InvalidValue(f"There is no generation {name!r} of servers; it is {listed(['auto', *GENERATIONS], 'or')}.")
    generation = GENERATIONS[name](transport)
    generation.has_login, generation.assumed = has_login, assumed
    return generation


class Undecided:
    """Stands for the generation of a server until an answer has shown it, and hands everything on to that one then.

    What is asked first is asked in the way of ``clouds``. A web page for an answer tells that the server has no such
    address, so that nothing was done; then it is asked in the way of ``backends``. All other errors are told as they
    are, and decide nothing.
    """

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._clouds = CloudsV4(transport)
        self._decided: Generation | None = None
        self._token: tuple[str, str | None] | None = None
        self._seen: list[BackendRecord] | None = None
        self._lock = threading.RLock()  # while it is undecided, the login that is shown may change between requests

    def find_out(self) -> str:
        if self._decided is None:
            self._seen = self.list_backends()  # what a task would ask first, and so no request more
        return cast(Generation, self._decided).name

    def use_token(self, token: str, email: str | None) -> None:
        self._token = (token, email)

    def log_out(self) -> None:
        (self._decided or self._clouds).log_out()

    def list_backends(self) -> list[BackendRecord]:
        seen, self._seen = self._seen, None
        return self._ask("list_backends") if seen is None else seen

    def __getattr__(self, name: str) -> Any:
        if name in SILENT:
            self.find_out()
            return getattr(self._decided, name)
        if not hasattr(Generation, name):
            raise AttributeError(name)
        return partial(self._ask, name)

    def _ask(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        self._seen = None
        with self._lock:
            if self._decided is None:
                return self._find_out(operation, *args, **kwargs)
        return getattr(self._decided, operation)(*args, **kwargs)

    def _find_out(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._try(self._clouds, operation, *args, **kwargs)
        except NoSuchAddress:
            if self._clouds.confirmed:
                raise
        try:
            return self._try(Backends2014(self.transport), operation, *args, **kwargs)
        except NoSuchAddress as error:
            error.hint = f"{error.hint} It was asked as a server of 2016 or later as well."
            raise

    def _try(self, generation: Generation, operation: str, *args: Any, **kwargs: Any) -> Any:
        if self._token:
            generation.use_token(*self._token)
        try:
            return getattr(generation, operation)(*args, **kwargs)
        except NotMist as error:
            if not generation.confirmed:
                error.hint = WRONG_SERVER  # and nothing of the other generation, for the choice is none of the user's
            raise
        finally:
            if generation.confirmed:
                self._decided = generation
