# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of an existing machine: name, tags, expiration, size."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, Callable, Collection, Mapping

from ..._plan import Step
from ...mist_client.errors import InvalidValue, MistError, NotFound, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import describe, with_id
from ...mist_client.records import ExpirationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from .wait import IN_TRANSITION
from .wanted import ExpirationOption, MachineWanted

#: the options for existing machines that not every generation supports
CHANGES = ("new_name", "tags", "expiration")
DATE = "%Y-%m-%d %H:%M:%S"


class MachineChanger:
    """Plans changes of a machine. Each is the record after the change and its step, None if nothing changes."""

    def __init__(self, api: Generation, wanted: MachineWanted) -> None:
        self.api = api
        self.wanted = wanted

    def plan(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, list[Step]]:
        """All changes except the size: the record after them, and the steps."""
        after, rename = self._renamed(machine, label)
        after, tags = self._tagged(after, label)
        after, expire = self.expiring(after, label)
        return after, [*([rename] if rename else []), *tags, *([expire] if expire else [])]

    def _renamed(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, Step | None]:
        name = self.wanted.get("new_name", machine["name"])
        if name == machine["name"]:
            return machine, None
        check_can(machine, "rename")
        return {**machine, "name": name}, Step(
            f"rename machine {label!r} to {name!r}", lambda current: self._rename(current, name)
        )

    def _tagged(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, list[Step]]:
        """Each request is a step, so that an error shows which tags were already changed."""
        tags = self.wanted.get("tags")
        if tags is None:
            return machine, []
        there = machine["tags"]
        added = {name: value for name, value in tags.items() if value is not None and there.get(name) != value}
        unwanted = [name for name in there if name not in tags and self.wanted["purge_tags"]]
        names = [name for name, value in tags.items() if value is None and name in there] + unwanted
        removed = {name: there[name] for name in names}
        if not added and not removed:
            return machine, []
        check_can(machine, "tag")
        requests = self.api.machines.tag_requests(machine, added, removed)
        return tagged(machine, added, removed), [self._tag_step(label, *request) for request in requests]

    def _tag_step(self, label: str, added: Mapping[str, str], removed: Mapping[str, str]) -> Step:
        changes = [
            f"{word} {join_words(map(repr, names), 'and')}"
            for word, names in (("set", added), ("remove", removed))
            if names
        ]
        return Step(f"tag machine {label!r} ({', '.join(changes)})", lambda current: self._tag(current, added, removed))

    def expiring(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, Step | None]:
        """Also for a machine that does not exist yet. Each request creates a new schedule, so compare first."""
        if "expiration" not in self.wanted:
            return machine, None
        expiration = expiration_of(self.wanted["expiration"])
        if expiration == machine["expiration"]:
            return machine, None
        sentence = f"remove the expiration of machine {label!r}"
        if expiration:
            check_future(expiration)
            sentence = f"set the expiration of machine {label!r}: {expiration['action']} at {expiration['date']}"
        return {**machine, "expiration": expiration}, Step(sentence, lambda current: self._expire(current, expiration))

    def resized(self, machine: MachineRecord, label: str, size: SizeRecord) -> tuple[MachineRecord, Step | None]:
        """The step itself checks whether the machine can be resized: an earlier step may have to stop it first."""
        if machine["size"] is None:
            raise InvalidValue(
                f"The server does not return the size of machine {machine['name']!r} ({machine['id']}).",
                "Set resize=false: the current size cannot be compared.",
            )
        if is_of_size(machine, size):
            return machine, None
        spec: MachineSpec = {"name": machine["name"], "image": "", "size": size["id"]}
        predicted = self.api.machines.predict(machine["backend_id"], spec, size)
        return {**machine, "size": predicted["size"], "cost": predicted["cost"]}, Step(
            f"resize machine {label!r} from {machine['size']!r} to {describe([size])}",
            lambda current: self._resize(current, size),
        )

    # ---- the steps

    def _rename(self, machine: MachineRecord, name: str) -> MachineRecord:
        at = (machine["backend_id"], machine["id"])
        return request_change(
            self.api,
            machine,
            lambda: self.api.machines.rename(*at, name),
            lambda current: current is not None and current["name"] == name,
        )

    def _tag(self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]) -> MachineRecord:
        self.api.machines.change_tags(machine["backend_id"], machine["id"], added, removed)
        return tagged(machine, added, removed)

    def _expire(self, machine: MachineRecord, expiration: ExpirationRecord | None) -> MachineRecord:
        self.api.machines.expire(machine["backend_id"], machine["id"], expiration)
        return {**machine, "expiration": expiration}

    def _resize(self, machine: MachineRecord, size: SizeRecord) -> MachineRecord:
        check_can(machine, "resize")
        at = (machine["backend_id"], machine["id"])
        try:
            return request_change(
                self.api,
                machine,
                lambda: self.api.machines.resize(*at, size["id"]),
                lambda current: current is not None and is_of_size(current, size),
            )
        except RequestFailed as error:
            if "stopped" in error.text:
                error.hint = "Set state=stopped to stop the machine before the resize."
            raise


def tagged(machine: MachineRecord, added: Mapping[str, str], removed: Collection[str]) -> MachineRecord:
    tags = {**machine["tags"], **added}
    return {**machine, "tags": {name: value for name, value in tags.items() if name not in removed}}


def request_change(
    api: Generation,
    machine: MachineRecord,
    send: Callable[[], list[MachineRecord]],
    has_happened: Callable[[MachineRecord | None], bool],
) -> MachineRecord:
    """Send a request and return the machine after it: terminated, if it is gone.

    An error of unknown outcome is ignored if a listing shows that the change ``has_happened``.
    """
    try:
        machines = send()
    except MistError as error:
        # the answer to a successful destroy at DigitalOcean is 503 (recordings/2014/CONTRACT.md 3), and to a second
        # destroy 404 (recordings/4.7, action-destroy-again)
        if not (error.outcome_unknown or isinstance(error, NotFound)):
            raise
        try:
            machines = api.machines.list(machine["backend_id"])
        except MistError:
            raise error from None
        if not has_happened(with_id(machines, machine["id"])):
            raise
    return with_id(machines, machine["id"]) or {**machine, "state": "terminated"}


def check_can(machine: MachineRecord, action: str) -> None:
    """Raises InvalidValue if the machine does not support this action now. In transition it is checked later.

    On servers of 2014 the record lacks some actions; then the server checks them.
    """
    in_transition = machine["state"] in IN_TRANSITION and action not in ("destroy", "remove")
    if machine["actions"].get(action, True) or in_transition:
        return
    hint = "The provider does not support this action through Mist, or not in this state."
    if action == "destroy":
        hint = (
            "If it is a host of your own (bare_metal), remove its backend: mist_backend with state=absent."
            " Otherwise, the provider does not support this action through Mist, or not in this state."
        )
    raise InvalidValue(
        f"Machine {machine['name']!r} ({machine['id']}) is {machine['state']} and does not support {action}.", hint
    )


def is_of_size(machine: MachineRecord, size: SizeRecord) -> bool:
    """The record of a machine holds the id or the name of its size."""
    return machine["size"] in (size["id"], size["name"])


def check_changes(wanted: MachineWanted) -> None:
    """Raises InvalidValue if an option of a change is invalid."""
    if wanted.get("resize") and not wanted.get("size"):
        raise InvalidValue("size is required with resize=true.")
    if wanted.get("new_name") == "":
        raise InvalidValue("new_name is empty.")
    check_tags(wanted.get("tags", {}))
    if "expiration" in wanted:
        expiration_of(wanted["expiration"])


def check_tags(tags: Mapping[Any, Any]) -> None:
    """Raises InvalidValue if a tag has no name, or its value is a list or a dict."""
    bad = [name for name, value in tags.items() if name in ("", None) or isinstance(value, (dict, list))]
    if bad:
        raise InvalidValue(
            f"Invalid tag {bad[0]!r}: it must have a name, and its value must be text, a number or null."
        )


def expiration_of(option: ExpirationOption) -> ExpirationRecord | None:
    """The wanted expiration, None to remove it.

    If the server refuses a date, it also drops the old expiration, so the date is checked here (recordings/4.7,
    expiration-bad-date-then and expiration-iso-date-then).
    """
    date, action, notify = option.get("date"), option.get("action"), option.get("notify")
    if date is None and (action or notify):
        given = join_words([name for name, value in (("action", action), ("notify", notify)) if value], "and")
        raise InvalidValue(f"expiration has {given} but no date.", "Set date; an empty date removes the expiration.")
    if not date:
        return None
    if notify is not None and notify < 0:
        raise InvalidValue(f"Invalid expiration.notify {notify}: it must be at least 0.")
    return {"date": utc_date(date), "action": action or "stop", "notify": notify or 0}


def utc_date(text: str) -> str:
    """The date in the form that the server requires. ``text`` has that form or is ISO 8601."""
    try:
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:Z|([+-]\d\d):?(\d\d))?", text.strip())
        date, time, hours, minutes = found.groups() if found else ("", "", "", "")
        offset = f"{hours}:{minutes}" if hours else "+00:00"
        return datetime.fromisoformat(f"{date}T{time}{offset}").astimezone(timezone.utc).strftime(DATE)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(
            f"Invalid expiration.date {text!r}: it is not a date.",
            "Use 'YYYY-MM-DD HH:MM:SS' in quotes and in UTC, or ISO 8601 such as 2027-11-23T18:00:00+02:00.",
        ) from error


def check_future(expiration: ExpirationRecord) -> None:
    """Raises InvalidValue for a date in the past: the server refuses it and drops the old expiration.

    Recorded in recordings/4.7, expiration-past-date-then. The reminder is a date too (assumed from the server's
    source: schedules/base.py, update).
    """
    now = datetime.now(timezone.utc)
    left = (datetime.strptime(expiration["date"], DATE).replace(tzinfo=timezone.utc) - now).total_seconds()
    if left <= 0:
        raise InvalidValue(f"expiration.date {expiration['date']} is in the past.", "Dates are in UTC.")
    if left <= expiration["notify"]:
        raise InvalidValue(
            f"The reminder would be in the past: expiration.notify is {expiration['notify']} seconds, but"
            f" {expiration['date']} is in {int(left)} seconds.",
            "Decrease expiration.notify or set a later date.",
        )


def tag_text(value: Any) -> str | None:
    """A tag's value as the server stores it."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
