# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request on its way through the emulator, and the answer it gets; the generations share both."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .errors import ProviderDown, ProviderRefuses
from .faults import CORE_KINDS, PROVIDER_KINDS, Fault, Faults
from .log import Arrived
from .providers import Provider, provider_of
from .providers.unreachable import Unreachable
from .world import Backend, World

Item = TypeVar("Item")

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


@dataclass
class Answer:
    status: int
    body: bytes
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any) -> Answer:
        return cls(200, json.dumps(value).encode(), JSON)

    @classmethod
    def of_text(cls, text: str, status: int = 200) -> Answer:
        return cls(status, text.encode())


class Call:
    """A request, the world that it meets and the faults that strike it."""

    def __init__(
        self,
        arrived: Arrived,
        raw_body: bytes,
        world: World,
        faults: Faults,
        provider_of: Callable[[str], Provider | None] = provider_of,
    ) -> None:
        self.arrived = arrived
        self.raw_body = raw_body
        self.world = world
        self._faults = faults
        self._provider_of = provider_of
        self._struck: dict[tuple[frozenset[str], str | None], list[Fault]] = {}

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def struck_by(self, kinds: frozenset[str], backend: Backend | None = None) -> list[Fault]:
        """The faults of these kinds that strike this request: looked up, and so counted, once."""
        at = (kinds, backend.id if backend else None)
        if at not in self._struck:
            self._struck[at] = self._faults.strike(
                kinds,
                method=self.arrived.method,
                path=self.arrived.path,
                backend=backend.id if backend else None,
                provider=backend.provider if backend else None,
            )
        return self._struck[at]

    def core_faults(self) -> set[str]:
        return {fault.kind for fault in self.struck_by(CORE_KINDS)}

    async def provider(self, backend: Backend) -> Provider:
        """The provider behind a backend, once it has answered and taken the credentials."""
        for fault in self.struck_by(PROVIDER_KINDS, backend):
            if fault.kind == "provider_slow":
                await asyncio.sleep(fault.seconds)
        return self.provider_at_once(backend)

    def provider_at_once(self, backend: Backend) -> Provider:
        """As `provider`, for work in the background: nothing is slow there."""
        provider = self.provider_table(backend)
        for fault in self.struck_by(PROVIDER_KINDS, backend):
            if fault.kind == "provider_error":
                raise ProviderDown(fault.body)
            if fault.kind == "provider_revoked":
                raise ProviderRefuses
        if not provider.accepts(self.world, backend):
            raise ProviderRefuses
        return provider

    def provider_table(self, backend: Backend) -> Provider:
        """The provider without asking it: what the server knows by heart."""
        return self._provider_of(backend.provider) or Unreachable()

    def ordered(self, items: Sequence[Item]) -> list[Item]:
        """The items as a listing gives them: as they came, or shuffled anew at each call, the same way in each run."""
        items = list(items)
        seed = self.world.settings.shuffle
        if seed is not None:
            random.Random(f"{seed}:{self.world.count('shuffle')}").shuffle(items)
        return items
