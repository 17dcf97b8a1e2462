# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making machines: what one is made of, the create, and what became of a create whose answer was lost."""

from __future__ import annotations

from typing import Any, Collection, Mapping

from ...mist_client.errors import InvalidValue, MistError, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import ambiguous_machines_error, describe
from ...mist_client.records import LocationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from .catalogue import Catalogue
from .wait import IN_TRANSITION, MachineWaiter

#: how long to look for a machine whose create was asked for, when the answer was lost and the provider may be at it yet
LOST_ANSWER_SECONDS = 120
#: states of a machine that was made, whatever the answer was
AT_WORK = ("running", *IN_TRANSITION)
PASSED_ON = ("image_extra", "disk", "script", "ips", "custom_size", "volumes", "cloud_init", "monitoring", "parameters")


class MachineMaker:
    """Makes machines of one backend; ``where`` is the word for it in errors. ``warnings`` are for the user."""

    def __init__(self, api: Generation, backend_id: str, where: str) -> None:
        self.api = api
        self.backend_id = backend_id
        self.where = where
        self.catalogue = Catalogue(api, backend_id, where)
        self.warnings: list[str] = []

    def spec(
        self, label: str, wanted: Mapping[str, Any]
    ) -> tuple[MachineSpec, SizeRecord | None, LocationRecord | None]:
        """What a machine is made of but for its name, by ids, and its size and location; None what is not looked up.

        All is looked up, ids too: servers pass on an unknown id, so that check mode would promise what fails.
        """
        spec: MachineSpec = {name: wanted[name] for name in PASSED_ON if name in wanted}  # type: ignore[assignment]
        word, size, location = self._size_word(label, wanted), None, None
        spec["image"] = self._image(wanted["image"])
        if word is not None:
            size = self.size(word) if word else None
            spec["size"] = size["id"] if size else ""
        if "location" in wanted:
            # EC2 makes the machine elsewhere when there is no such location (recordings/2014/CONTRACT.md 4.15)
            location = self.catalogue.find("location", wanted["location"])
            spec["location"] = location["id"]
        self.api.machines.check_location(self.backend_id, location)
        if wanted.get("networks"):
            # by Mist's ids, as the rest of a create: no recording has one with networks
            spec["networks"] = [self.catalogue.find("network", word)["id"] for word in wanted["networks"]]
        if "key" in wanted:
            spec["key"] = self.catalogue.find("key", wanted["key"])["id"]
        if "tags" in wanted:
            spec["tags"] = {name: value for name, value in wanted["tags"].items() if value is not None}
        return spec, size, location

    def size(self, word: str) -> SizeRecord:
        """The size that a word names."""
        found: SizeRecord = self.catalogue.find("size", word)
        return found

    def _size_word(self, label: str, wanted: Mapping[str, Any]) -> str | None:
        """The word for the size, "" where there are none to choose from, None where ``custom_size`` is the size."""
        lacking = [option for option in ("image", "size") if not wanted.get(option)]
        word: str | None = wanted.get("size", "")
        if "custom_size" in wanted and "size" in lacking:
            lacking.remove("size")
            word = None
        if lacking == ["size"] and not self.catalogue.list_all("size"):
            lacking = []  # a docker engine has no sizes
        if lacking:
            must = f"to create it {join_words(lacking, 'and')} must be given as well"
            raise InvalidValue(f"There is no machine {label!r} at {self.where}, and {must}.")
        return word

    def _image(self, word: str) -> str:
        """The id of an image. Where images cannot be listed it is passed on, and the provider judges it."""
        try:
            image_id: str = self.catalogue.find("image", word)["id"]
        except RequestFailed as error:
            # on EC2 of 2014 all fails when one image of its fixed list is gone (recordings/2014/CONTRACT.md 2)
            if not error.transient:
                raise
            self.warnings.append(f"Image {word!r} is not checked, for Mist cannot list the images: {error}")
            return word
        return image_id

    def create(self, spec: MachineSpec, before: Collection[str]) -> MachineRecord:
        """The new machine. ``before`` are the ids of those that were there already, and are not taken for it.

        After a lost answer it looks for a while, also where nobody waits: to make it twice would cost more.
        """
        try:
            return self.api.machines.create(self.backend_id, spec)
        except MistError as error:
            machine = None
            if error.outcome_unknown:
                machine = self._look_again(spec["name"], before, LOST_ANSWER_SECONDS if error.still_running else 0)
            if machine is None:
                if error.still_running:
                    error.hint = "It may be made yet: run the task again, and it will look for it first."
                raise
            if not error.still_running and machine["state"] not in AT_WORK:
                error.hint = f"Machine {describe([machine])} is there all the same, and is {machine['state']}."
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
            raise ambiguous_machines_error(made, self.where)
        return made[0] if made else None
