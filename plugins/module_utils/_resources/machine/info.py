# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machines of several backends, queried in parallel, or the server's cached list of all machines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Mapping, Sequence, TypedDict

from ...mist_client.generations.base import Generation
from ...mist_client.matching import backend_named, check_is_mists_id, first_address, has, has_selected, is_alive
from ...mist_client.records import BackendRecord, MachineRecord, ProbeRecord
from ..backend_failures import BackendFailure, Survey, all_failed, attempt
from ..lookups import machines_of
from .update import check_tags, tag_text

WORKERS = 10


class MachineInfoWanted(TypedDict, total=False):
    """The options of mist_machine_info."""

    backends: list[str]
    on_backend_error: str
    name: str
    names: list[str]
    id: str
    ip: str
    tags: dict[str, Any]
    states: list[str]
    probe: bool


def list_machines(api: Generation, wanted: MachineInfoWanted) -> Survey:
    """The matching machines, sorted by name.

    With ``backends``, those backends are queried. Without it, the result comes from the server's list of all machines,
    or from a query of each enabled backend if the server has no such list.
    """

    def look(machine: MachineRecord) -> ProbeRecord | None:
        host = first_address(machine)
        return api.machines.probe(machine["backend_id"], machine["id"], host, None, None) if host else None

    check_tags(wanted.get("tags", {}))
    if wanted.get("names") == []:
        return Survey([])
    machines, failures = ask_backends(api, wanted)
    found = {(machine["backend_id"], machine["id"]): machine for machine in machines}
    check_is_mists_id(wanted.get("id", ""), list(found.values()))
    matching = (machine for machine in found.values() if fits(machine, wanted))
    fitting = sorted(matching, key=lambda machine: (machine["name"], machine["id"]))
    if not wanted["probe"]:
        return Survey([{**machine} for machine in fitting], failures)
    with ThreadPoolExecutor(WORKERS) as pool:
        return Survey([{**machine, "probe": seen} for machine, seen in zip(fitting, pool.map(look, fitting))], failures)


def ask_backends(api: Generation, wanted: MachineInfoWanted) -> tuple[Sequence[MachineRecord], list[BackendFailure]]:
    """The machines of the backends, and the backends that failed. If only one is named, its failure is an error."""
    words = wanted.get("backends")
    remembered = api.machines.list_all() if words is None else None
    if remembered is not None:
        return remembered, []
    if words and len(set(words)) == 1:
        return machines_of(api, words[0]).machines, []
    backends = chosen(api.backends.list(), words, api.transport.uri)
    if words and len(backends) == 1:
        return api.machines.list(backends[0]["id"]), []
    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = list(pool.map(lambda backend: attempt(backend, api.machines.list), backends))
    failures = [outcome for outcome in outcomes if isinstance(outcome, BackendFailure)]
    if failures and wanted["on_backend_error"] == "fail":
        raise all_failed(failures)
    return [machine for outcome in outcomes if not isinstance(outcome, BackendFailure) for machine in outcome], failures


def chosen(backends: Sequence[BackendRecord], words: Sequence[str] | None, where: str) -> list[BackendRecord]:
    """The backends that ``words`` name, without duplicates. Without words, the enabled backends."""
    if words is None:
        return [backend for backend in backends if backend["enabled"]]
    named = (backend_named(backends, word, where) for word in words)
    return list({backend["id"]: backend for backend in named}.values())


def fits(machine: MachineRecord, wanted: MachineInfoWanted) -> bool:
    """Whether a machine matches the options. Terminated machines match only if ``states`` names that state."""
    states = wanted.get("states")
    return (
        has_selected(machine, wanted)
        and ("ip" not in wanted or has(machine, "ip", wanted["ip"]))
        and has_tags(machine["tags"], wanted.get("tags", {}))
        and (is_alive(machine) if states is None else machine["state"] in states)
    )


def has_tags(tags: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
    """Whether all wanted tags are there. One that is wanted with None or an empty text may have any value."""
    texts = {str(name): tag_text(value) for name, value in wanted.items()}
    return all(name in tags and text in (None, "", tags[name]) for name, text in texts.items())
