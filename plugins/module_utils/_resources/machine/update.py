# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing a machine that is there: what it is called, its tags, when it expires, its size."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, Callable, Collection, Mapping

from ..._plan import Step
from ...mist_client.errors import InvalidValue, MistError, NoAnswer, NotFound, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import describe, with_id
from ...mist_client.records import ExpirationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from ..base import may_have_been_done
from .wait import IN_TRANSITION
from .wanted import ExpirationOption, MachineWanted

#: the options of a machine that is there which not every server has a way for
CHANGES = ("new_name", "tags", "expiration")
DATE = "%Y-%m-%d %H:%M:%S"


class MachineChanger:
    """Plans changes of machines, each as the record after it and the step that makes it, None when it is made."""

    def __init__(self, api: Generation, wanted: MachineWanted) -> None:
        self.api = api
        self.wanted = wanted

    def plan(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, list[Step]]:
        """All changes but that of the size: the record after them, and the steps."""
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
            f"rename machine {label!r} to {name!r}", lambda now: self._rename(now, name)
        )

    def _tagged(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, list[Step]]:
        """A step is a request, so that a failure tells which tags were changed before it."""
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
        return Step(f"tag machine {label!r} ({', '.join(changes)})", lambda now: self._tag(now, added, removed))

    def expiring(self, machine: MachineRecord, label: str) -> tuple[MachineRecord, Step | None]:
        """Also of a machine that is yet to be made. Each request makes a new schedule, so it is compared first."""
        if "expiration" not in self.wanted:
            return machine, None
        expiration = expiration_of(self.wanted["expiration"])
        if expiration == machine["expiration"]:
            return machine, None
        sentence = f"take back the expiration of machine {label!r}"
        if expiration:
            check_is_to_come(expiration)
            sentence = f"let machine {label!r} expire: {expiration['action']} at {expiration['date']}"
        return {**machine, "expiration": expiration}, Step(sentence, lambda now: self._expire(now, expiration))

    def resized(self, machine: MachineRecord, label: str, size: SizeRecord) -> tuple[MachineRecord, Step | None]:
        """Whether it can be resized is judged when the step is taken: it may have to be stopped before."""
        if machine["size"] is None:
            raise InvalidValue(
                f"The server does not tell the size of machine {machine['name']!r} ({machine['id']}).",
                "So nobody can tell whether it is to be resized: leave resize out.",
            )
        if is_of_size(machine, size):
            return machine, None
        spec: MachineSpec = {"name": machine["name"], "image": "", "size": size["id"]}
        foreseen = self.api.machines.predict(machine["backend_id"], spec, size)
        return {**machine, "size": foreseen["size"], "cost": foreseen["cost"]}, Step(
            f"resize machine {label!r} from {machine['size']!r} to {describe([size])}",
            lambda now: self._resize(now, size),
        )

    # ---- the steps

    def _rename(self, machine: MachineRecord, name: str) -> MachineRecord:
        at = (machine["backend_id"], machine["id"])
        return asked(
            self.api,
            machine,
            lambda: self.api.machines.rename(*at, name),
            lambda now: now is not None and now["name"] == name,
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
            return asked(
                self.api,
                machine,
                lambda: self.api.machines.resize(*at, size["id"]),
                lambda now: now is not None and is_of_size(now, size),
            )
        except RequestFailed as error:
            if "stopped" in error.text:
                error.hint = "With state=stopped it is stopped before."
            raise


def tagged(machine: MachineRecord, added: Mapping[str, str], removed: Collection[str]) -> MachineRecord:
    tags = {**machine["tags"], **added}
    return {**machine, "tags": {name: value for name, value in tags.items() if name not in removed}}


def asked(
    api: Generation,
    machine: MachineRecord,
    ask: Callable[[], list[MachineRecord]],
    has_happened: Callable[[MachineRecord | None], bool],
) -> MachineRecord:
    """The machine after ``ask``, terminated if it is gone. An error or a lost answer is none when a look shows that it
    ``has_happened`` all the same."""
    try:
        machines = ask()
    except (NoAnswer, RequestFailed) as error:
        # DigitalOcean's destroy is answered 503 when it was done (recordings/2014/CONTRACT.md 3), and 404 that it had
        # been done before (recordings/4.7, action-destroy-again)
        if not (may_have_been_done(error) or isinstance(error, NotFound)):
            raise
        try:
            machines = api.machines.list(machine["backend_id"])
        except MistError:
            raise error from None
        if not has_happened(with_id(machines, machine["id"])):
            raise
    return with_id(machines, machine["id"]) or {**machine, "state": "terminated"}


def check_can(machine: MachineRecord, action: str) -> None:
    """InvalidValue when the machine says that it cannot be asked for this now. One in transition is asked later.

    Before 2016 it does not tell of some actions; there the server does.
    """
    in_transition = machine["state"] in IN_TRANSITION and action not in ("destroy", "remove")
    if machine["actions"].get(action, True) or in_transition:
        return
    hint = "Its provider does not offer that through Mist, or not in this state."
    if action == "destroy":
        hint = (
            "If it is a host of your own (bare_metal), remove its backend: mist_backend with state=absent."
            " Otherwise, its provider does not offer that through Mist, or not in this state."
        )
    raise InvalidValue(
        f"Machine {machine['name']!r} ({machine['id']}) is {machine['state']}, and tells that it cannot {action}.", hint
    )


def is_of_size(machine: MachineRecord, size: SizeRecord) -> bool:
    """A machine tells its size by id or name."""
    return machine["size"] in (size["id"], size["name"])


def check_changes(wanted: MachineWanted) -> None:
    """InvalidValue when an option of a change cannot be what was meant."""
    if wanted.get("resize") and not wanted.get("size"):
        raise InvalidValue("With resize=true size must be given.")
    if wanted.get("new_name") == "":
        raise InvalidValue("new_name is empty.")
    check_tags(wanted.get("tags", {}))
    if "expiration" in wanted:
        expiration_of(wanted["expiration"])


def check_tags(tags: Mapping[Any, Any]) -> None:
    """InvalidValue when a tag has no name, or a value that no tag can have."""
    bad = [name for name, value in tags.items() if name in ("", None) or isinstance(value, (dict, list))]
    if bad:
        raise InvalidValue(f"A tag has a name and a text, a number or null for its value, and {bad[0]!r} has not.")


def expiration_of(option: ExpirationOption) -> ExpirationRecord | None:
    """What the option means, None to take an expiration back.

    The server refuses a date that it does not understand, and then the old expiration is lost: recordings/4.7,
    expiration-bad-date-then and expiration-iso-date-then.
    """
    date, action, notify = option.get("date"), option.get("action"), option.get("notify")
    if date is None and (action or notify):
        given = join_words([name for name, value in (("action", action), ("notify", notify)) if value], "and")
        raise InvalidValue(f"expiration has {given} and no date.", "Give a date, or an empty one for no expiration.")
    if not date:
        return None
    if notify is not None and notify < 0:
        raise InvalidValue(f"expiration.notify is {notify}, and must be 0 or more.")
    return {"date": utc_date(date), "action": action or "stop", "notify": notify or 0}


def utc_date(text: str) -> str:
    """The date as the server takes it, of that form or of ISO 8601."""
    try:
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:Z|([+-]\d\d):?(\d\d))?", text.strip())
        date, time, hours, minutes = found.groups() if found else ("", "", "", "")
        offset = f"{hours}:{minutes}" if hours else "+00:00"
        return datetime.fromisoformat(f"{date}T{time}{offset}").astimezone(timezone.utc).strftime(DATE)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(
            f"expiration.date is {text!r}, which is not a date.",
            "Give 'YYYY-MM-DD HH:MM:SS' in quotes, in UTC, or ISO 8601 such as 2027-11-23T18:00:00+02:00.",
        ) from error


def check_is_to_come(expiration: ExpirationRecord) -> None:
    """InvalidValue for a date in the past: the server refuses it, and the old expiration is lost (recordings/4.7,
    expiration-past-date-then). The reminder is a date too (R: schedules/base.py, update)."""
    now = datetime.now(timezone.utc)
    left = (datetime.strptime(expiration["date"], DATE).replace(tzinfo=timezone.utc) - now).total_seconds()
    if left <= 0:
        raise InvalidValue(f"expiration.date is {expiration['date']}, which is in the past.", "Dates are in UTC.")
    if left <= expiration["notify"]:
        raise InvalidValue(
            f"expiration.notify is {expiration['notify']} seconds, so the reminder would be in the past:"
            f" {expiration['date']} is in {int(left)} seconds."
        )


def tag_text(value: Any) -> str | None:
    """A tag's value as the server keeps it."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
