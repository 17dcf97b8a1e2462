# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource must offer. None of them knows AnsibleModule, so that they can also run elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Mapping

from .._plan import Plan
from ..mist_client.generations.base import Generation


class Resource(ABC):
    """One kind of thing on the server that ``api`` asks. ``wanted`` holds the options that are set, by name."""

    def __init__(self, api: Generation) -> None:
        self.api = api

    @abstractmethod
    def find(self, wanted: Mapping[str, Any]) -> Any:
        """What is there now. Reads only; InvalidValue when what is wanted cannot be."""

    @abstractmethod
    def plan(self, found: Any, wanted: Mapping[str, Any]) -> Plan:
        """How to get from what was found to what is wanted. Pure."""

    def not_secret(self, wanted: Mapping[str, Any]) -> set[str]:
        """Values of secret options that are none this time: ansible-core would blot them out of the whole result."""
        return set()
