# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making machines: what one is made of, the create, and what became of a create whose answer was lost."""

from __future__ import annotations

from typing import Any, Callable, Collection, Mapping, Sequence

from ..mist_client.errors import InvalidValue, MistError, NoAnswer, NoSuchAddress, NotMist, RequestFailed
from ..mist_client.generations.base import Generation
from ..mist_client.records import ImageRecord, MachineRecord, MachineSpec, SizeRecord
from ..mist_client.wording import listed
from .base import may_have_been_done
from .choice import choose, told, unknown
from .lookups import key_named, several_machines
from .machine_waiting import IN_TRANSITION, MachineWaiter

#: how long to look for a machine whose create was asked for, when the answer was lost and the provider may be at it yet
LOST_ANSWER_SECONDS = 120
#: what the server's refusal of a create is about, told by the words in it
BLAMED = {"key": ("Keypair",), "image": ("image", "AMI"), "size": ("flavor", "instance type", "InstanceType")}
#: states of a machine that was made, whatever the answer was
AT_WORK = ("running", *IN_TRANSITION)
PASSED_ON = ("image_extra", "disk", "script", "ips", "custom_size", "volumes", "cloud_init", "monitoring", "parameters")


class MachineMaker:
    """Makes machines of one backend; ``where`` is the word for it in errors."""

    def __init__(self, api: Generation, backend_id: str, where: str) -> None:
        self.api = api
        self.backend_id = backend_id
        self.where = where

    def spec(self, label: str, wanted: Mapping[str, Any]) -> tuple[MachineSpec, SizeRecord | None]:
        """What a machine is made of but for its name, by ids, and its size; None where that is not looked up.

        What can be nothing but an id that the server knows or refuses is not looked up.
        """
        spec: MachineSpec = {name: wanted[name] for name in PASSED_ON if name in wanted}  # type: ignore[assignment]
        word, size, location = self._size_word(label, wanted), None, None
        spec["image"] = self._image(wanted["image"])
        if word and self.api.looks_like_size_id(word, spec["image"]):
            spec["size"] = word
        elif word is not None:
            size = self.size(word) if word else None
            spec["size"] = size["id"] if size else ""
        if "location" in wanted:
            # also what may be an id: EC2 makes the machine elsewhere when it is none (recordings/2014/CONTRACT.md 4.15)
            locations = self.api.list_locations(self.backend_id)
            location = choose(wanted["location"], locations, "location", self.where)
            spec["location"] = location["id"]
        self.api.check_location(self.backend_id, location)
        if wanted.get("networks"):
            # by Mist's ids, as the rest of a create: no recording has one with networks
            networks = self.api.list_networks(self.backend_id)
            spec["networks"] = [choose(word, networks, "network", self.where)["id"] for word in wanted["networks"]]
        if "key" in wanted:
            spec["key"] = self._key(wanted["key"])
        if "tags" in wanted:
            spec["tags"] = {name: value for name, value in wanted["tags"].items() if value is not None}
        return spec, size

    def size(self, word: str) -> SizeRecord:
        """The size that a word names."""
        return choose(word, self.api.list_sizes(self.backend_id), "size", self.where)

    def _size_word(self, label: str, wanted: Mapping[str, Any]) -> str | None:
        """The word for the size, "" where there are none to choose from, None where ``custom_size`` is the size."""
        lacking = [option for option in ("image", "size") if not wanted.get(option)]
        word: str | None = wanted.get("size", "")
        if "custom_size" in wanted and "size" in lacking:
            lacking.remove("size")
            word = None
        if lacking == ["size"] and not self.api.list_sizes(self.backend_id):
            lacking = []  # a docker engine has no sizes
        if lacking:
            must = f"to create it {listed(lacking, 'and')} must be given as well"
            raise InvalidValue(f"There is no machine {label!r} at {self.where}, and {must}.")
        return word

    def _image(self, word: str) -> str:
        """The id of an image that is listed, else of the one that a search finds by just this id or name."""
        if self.api.looks_like_image_id(word):
            return word
        images = self.api.list_images(self.backend_id)
        try:
            return choose(word, images, "image", self.where)["id"]
        except InvalidValue:
            found = {image["id"] for image in self.api.list_images(self.backend_id, word) if is_called(image, word)}
            if len(found) != 1:
                raise
        return found.pop()

    def _key(self, word: str) -> str:
        """The id of a key, where it is another thing than its name."""
        if self.api.foresee_key(word)["id"] == word:
            return word
        return key_named(self.api, word)["id"]

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
            if isinstance(error, RequestFailed) and not may_be_at_it(error) and machine["state"] not in AT_WORK:
                error.hint = f"Machine {told([machine])} is there all the same, and is {machine['state']}."
                raise
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


def may_be_at_it(error: MistError) -> bool:
    """Whether the server may still be at work: nothing was answered, or a proxy in front of it gave up."""
    if isinstance(error, RequestFailed):
        return error.status in (502, 504)
    if isinstance(error, NotMist):  # a page of a proxy, or half an answer
        return not isinstance(error, NoSuchAddress)
    return error.sent if isinstance(error, NoAnswer) else False


def is_called(image: ImageRecord, word: str) -> bool:
    """Whether this is its whole id or name: a search that finds one by a part of it may find anybody's."""
    return word in (image["id"], image["external_id"], image["name"])
