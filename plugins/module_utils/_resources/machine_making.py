# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making machines: what one is made of, the create, and what became of a create whose answer was lost."""

from __future__ import annotations

from typing import Any, Callable, Collection, Mapping, Sequence

from ..mist_client.errors import InvalidValue, MistError, NoAnswer, NotMist, RequestFailed
from ..mist_client.generations.base import Generation
from ..mist_client.records import MachineRecord, MachineSpec
from ..mist_client.wording import listed
from .choice import choose, unknown
from .lookups import several_machines
from .machine_waiting import MachineWaiter

#: how long to look for a machine whose create was asked for, when the answer was lost and the provider may be at it yet
LOST_ANSWER_SECONDS = 120
#: what the server's refusal of a create is about, told by the words in it
BLAMED = {"key": ("Keypair",), "image": ("image", "AMI"), "size": ("flavor", "instance type", "InstanceType")}
PASSED_ON = ("image_extra", "disk", "script", "ips", "monitoring", "parameters")


class MachineMaker:
    """Makes machines of one backend; ``where`` is the word for it in errors."""

    def __init__(self, api: Generation, backend_id: str, where: str) -> None:
        self.api = api
        self.backend_id = backend_id
        self.where = where

    def spec(self, label: str, wanted: Mapping[str, Any]) -> MachineSpec:
        """What a machine is made of but for its name, by ids; what can be nothing but an id is not looked up."""
        lacking = [option for option in ("image", "size") if not wanted.get(option)]
        if lacking == ["size"] and not self.api.list_sizes(self.backend_id):
            wanted, lacking = {**wanted, "size": ""}, []  # a docker engine has no sizes
        if lacking:
            must = f"to create it {listed(lacking, 'and')} must be given as well"
            raise InvalidValue(f"There is no machine {label!r} at {self.where}, and {must}.")
        spec: MachineSpec = {name: wanted[name] for name in PASSED_ON if name in wanted}  # type: ignore[assignment]
        image, size = wanted["image"], wanted["size"]
        if not self.api.looks_like_image_id(image):
            image = choose(image, self.api.list_images(self.backend_id), "image", self.where)["id"]
        if size and not self.api.looks_like_size_id(size, image):
            size = choose(size, self.api.list_sizes(self.backend_id), "size", self.where)["id"]
        spec = {**spec, "image": image, "size": size}
        if "location" in wanted:
            # also what may be an id: EC2 makes the machine elsewhere when it is none (recordings/2014/CONTRACT.md 4.15)
            locations = self.api.list_locations(self.backend_id)
            spec["location"] = choose(wanted["location"], locations, "location", self.where)["id"]
        if "key" in wanted:
            spec["key"] = wanted["key"]
        return spec

    def create(self, spec: MachineSpec, before: Collection[str]) -> MachineRecord:
        """The new machine. ``before`` are the ids of those that were there already, and are not taken for it.

        After a lost answer it looks for a while, also where nobody waits: to make it twice would cost more.
        """
        try:
            return self.api.create_machine(self.backend_id, spec)
        except (NoAnswer, NotMist, RequestFailed) as error:
            machine = None
            if may_have_been_done(error):
                machine = self._look_again(spec["name"], before, LOST_ANSWER_SECONDS if may_be_at_it(error) else 0)
            if machine is None:
                raise self._explained(error, spec) from error
        return machine

    def _look_again(self, name: str, before: Collection[str], seconds: float) -> MachineRecord | None:
        """A machine of this name that was not there before: what a create made whose answer was lost, or was wrong."""
        waiter = MachineWaiter(self.api, self.backend_id, seconds)
        try:
            made = waiter.appeared(lambda machine: machine["name"] == name and machine["id"] not in before)
        except MistError:
            return None  # then the first error is the one to tell
        if len(made) > 1:
            raise several_machines(made, self.where)
        return made[0] if made else None

    def _explained(self, error: MistError, spec: MachineSpec) -> MistError:
        """The error with what to do about it: what can be an id was not looked up, and is only now."""
        if may_be_at_it(error):
            error.hint = "It may be made yet: run the task again, and it will look for it first."
        elif isinstance(error, RequestFailed):
            refused = next((kind for kind, words in BLAMED.items() if any(word in error.text for word in words)), "")
            word, things = str(spec.get(refused, "")), self._there_are(refused)
            if word and things and word not in [each["id"] for each in things]:
                error.hint = str(unknown(word, things, refused, "what Mist lists"))
        return error

    def _there_are(self, kind: str) -> Sequence[Any]:
        looks: dict[str, Callable[[], Sequence[Any]]] = {
            "key": self.api.list_keys,
            "image": lambda: self.api.list_images(self.backend_id),
            "size": lambda: self.api.list_sizes(self.backend_id),
        }
        try:
            return looks[kind]() if kind else []
        except MistError:
            return []


def may_have_been_done(error: MistError) -> bool:
    """Whether what was asked for may have been done in spite of this error."""
    if isinstance(error, RequestFailed):
        return error.status >= 500
    return error.sent if isinstance(error, NoAnswer) else isinstance(error, NotMist)


def may_be_at_it(error: MistError) -> bool:
    """Whether the server may still be at work: nothing was answered, or a proxy in front of it gave up."""
    if isinstance(error, RequestFailed):
        return error.status in (502, 504)
    return error.sent if isinstance(error, NoAnswer) else False


def foreseen(spec: MachineSpec, backend_id: str, state: str) -> dict[str, Any]:
    """What a machine will be once it is made, as far as anybody can know."""
    return {
        "id": None,
        "external_id": None,
        "name": spec["name"],
        "backend_id": backend_id,
        "state": state,
        "public_ips": [],
        "private_ips": [],
        "dns_name": None,
        "image": spec["image"],
        "size": spec["size"],
        "location": None,
        "tags": {},
        "actions": dict.fromkeys(("start", "stop", "reboot", "destroy", "tag"), False),
        "created": None,
        "extra": {},
    }
