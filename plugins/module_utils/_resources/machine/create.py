# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making machines: what one is made of, the create, and what became of a create whose answer was lost."""

from __future__ import annotations

from typing import cast

from ...mist_client.errors import InvalidValue, MistError, NoAnswer, NoSuchAddress, NotMist, RequestFailed, is_passing
from ...mist_client.generations.base import Generation
from ...mist_client.matching import ambiguous_machines_error, describe
from ...mist_client.records import LocationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from ..base import may_have_been_done, options_among
from ..lookups import BackendMachines
from .catalogue import Catalogue
from .wait import IN_TRANSITION, MachineWaiter
from .wanted import MachineWanted

#: how long to look for a machine whose create was asked for, when the answer was lost and the provider may be at it yet
LOST_ANSWER_SECONDS = 120
#: states of a machine that was made, whatever the answer was
AT_WORK = ("running", *IN_TRANSITION)
PASSED_ON = ("image_extra", "disk", "script", "ips", "custom_size", "volumes", "cloud_init", "monitoring", "parameters")


class MachineMaker:
    """Makes machines of one backend, beside those that it has. ``warnings`` are for the user."""

    def __init__(self, api: Generation, backend: BackendMachines) -> None:
        self.api = api
        self.backend = backend
        self.catalogue = Catalogue(api, backend.backend_id, backend.where)
        self.warnings: list[str] = []

    def spec(self, label: str, wanted: MachineWanted) -> tuple[MachineSpec, SizeRecord | None, LocationRecord | None]:
        """What a machine is made of but for its name, by ids, and its size and location; None what is not looked up.

        All is looked up, ids too: servers pass on an unknown id, so that check mode would promise what fails.
        """
        spec = cast(MachineSpec, options_among(PASSED_ON, wanted))
        word, size, location = self._size_word(label, wanted), None, None
        spec["image"] = self._image(wanted["image"])
        if word is not None:
            size = self.size(word) if word else None
            spec["size"] = size["id"] if size else ""
        if "location" in wanted:
            # EC2 makes the machine elsewhere when there is no such location (recordings/2014/CONTRACT.md 4.15)
            location = self.catalogue.find("location", wanted["location"])
            spec["location"] = location["id"]
        self.api.machines.check_location(self.backend.backend_id, location)
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

    def _size_word(self, label: str, wanted: MachineWanted) -> str | None:
        """The word for the size, "" where there are none to choose from, None where ``custom_size`` is the size."""
        given = options_among(("image", "size"), wanted)
        lacking = [option for option in ("image", "size") if not given.get(option)]
        word: str | None = wanted.get("size", "")
        if "custom_size" in wanted and "size" in lacking:
            lacking.remove("size")
            word = None
        if lacking == ["size"] and not self.catalogue.list_all("size"):
            lacking = []  # a docker engine has no sizes
        if lacking:
            must = f"to create it {join_words(lacking, 'and')} must be given as well"
            raise InvalidValue(f"There is no machine {label!r} at {self.backend.where}, and {must}.")
        return word

    def _image(self, word: str) -> str:
        """The id of an image. Where images cannot be listed it is passed on, and the provider judges it."""
        try:
            image_id: str = self.catalogue.find("image", word)["id"]
        except RequestFailed as error:
            # on EC2 of 2014 all fails when one image of its fixed list is gone (recordings/2014/CONTRACT.md 2)
            if not is_passing(error):
                raise
            self.warnings.append(f"Image {word!r} is not checked, for Mist cannot list the images: {error}")
            return word
        return image_id

    def create(self, spec: MachineSpec) -> MachineRecord:
        """The new machine. The machines that the backend had before are not taken for it.

        After a lost answer it looks for a while, also where nobody waits: to make it twice would cost more.
        """
        try:
            return self.api.machines.create(self.backend.backend_id, spec)
        except (NoAnswer, NotMist, RequestFailed) as error:
            machine = None
            if may_have_been_done(error):
                machine = self._look_again(spec["name"], LOST_ANSWER_SECONDS if may_be_at_it(error) else 0)
            if machine is None:
                if may_be_at_it(error):
                    error.hint = "It may be made yet: run the task again, and it will look for it first."
                raise
            if isinstance(error, RequestFailed) and not may_be_at_it(error) and machine["state"] not in AT_WORK:
                error.hint = f"Machine {describe([machine])} is there all the same, and is {machine['state']}."
                raise
        return machine

    def _look_again(self, name: str, seconds: float) -> MachineRecord | None:
        """A machine of this name that was not there before: what a create made whose answer was lost, or was wrong."""
        before = {machine["id"] for machine in self.backend.machines}
        waiter = MachineWaiter(self.api, self.backend.backend_id, seconds)
        try:
            made = waiter.appeared(lambda machine: machine["name"] == name and machine["id"] not in before)
        except MistError:
            return None  # then the first error is the one to tell
        if len(made) > 1:
            raise ambiguous_machines_error(made, self.backend.where)
        return made[0] if made else None


def may_be_at_it(error: MistError) -> bool:
    """Whether the server may still be at work: nothing was answered, or a proxy in front of it gave up."""
    if isinstance(error, RequestFailed):
        return error.status in (502, 504)
    if isinstance(error, NotMist):  # a page of a proxy, or half an answer
        return not isinstance(error, NoSuchAddress)
    return error.sent if isinstance(error, NoAnswer) else False
