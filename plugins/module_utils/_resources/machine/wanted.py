# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of mist_machine, by name and type."""

from __future__ import annotations

from typing import Any, TypedDict


class ExpirationOption(TypedDict, total=False):
    """The option expiration. Ansible sets a sub-option that is not given to None."""

    date: str | None
    action: str | None
    notify: int | None


class MachineWanted(TypedDict, total=False):
    """The options that are set."""

    backend: str
    name: str
    names: list[str]
    id: str
    ip: str
    state: str
    image: str
    size: str
    resize: bool
    custom_size: dict[str, Any]
    location: str
    key: str
    new_name: str
    tags: dict[str, Any]
    purge_tags: bool
    expiration: ExpirationOption
    networks: list[str]
    volumes: list[dict[str, Any]]
    cloud_init: str
    image_extra: str
    disk: str
    script: str
    ips: list[str]
    monitoring: bool
    parameters: dict[str, Any]
    wait: bool
    wait_for: str
    wait_timeout: int
    workers: int
