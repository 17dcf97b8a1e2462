# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machines of several backends, asked side by side, or as the server remembers them all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Mapping

from ..mist_client.generations.base import Generation
from ..mist_client.records import MachineRecord, ProbeRecord
from .lookups import check_is_mists_id, first_address, has, is_alive, machines_of

WORKERS = 10


def list_machines(api: Generation, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The machines that fit, sorted by name; of all enabled backends unless ``backends`` names some.

    Of all backends a server may have a list; else each that is enabled is asked.
    """

    def ask(backend: str) -> list[MachineRecord]:
        return machines_of(api, backend)[1] if "backends" in wanted else api.list_machines(backend)

    def look(machine: MachineRecord) -> ProbeRecord | None:
        host = first_address(machine)
        return api.probe_machine(machine["backend_id"], machine["id"], host, None, None) if host else None

    backends = wanted.get("backends")
    remembered = api.list_all_machines() if backends is None else None
    if backends is None and remembered is None:
        backends = [backend["id"] for backend in api.list_backends() if backend["enabled"]]
    with ThreadPoolExecutor(WORKERS) as pool:
        listings = [remembered] if remembered is not None else pool.map(ask, backends or [])
        found = {(it["backend_id"], it["id"]): it for listing in listings for it in listing}
        check_is_mists_id(wanted.get("id", ""), list(found.values()))
        fitting = sorted((it for it in found.values() if fits(it, wanted)), key=lambda it: (it["name"], it["id"]))
        if wanted["probe"]:
            return [{**machine, "probe": seen} for machine, seen in zip(fitting, pool.map(look, fitting))]
    return [{**machine} for machine in fitting]


def fits(machine: MachineRecord, wanted: Mapping[str, Any]) -> bool:
    """Whether a machine has what is asked for; the terminated ones only when asked for."""
    named = (has(machine, field, wanted[field]) for field in ("id", "name", "ip") if field in wanted)
    states = wanted.get("states")
    return all(named) and (is_alive(machine) if states is None else machine["state"] in states)
