# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating machines: the spec, the request, and the search for the machine if the answer was lost."""

from __future__ import annotations

from typing import cast

from ...mist_client.errors import InvalidValue, MistError, RequestFailed
from ...mist_client.generations.base import Generation
from ...mist_client.matching import ambiguous_machines_error, describe
from ...mist_client.records import LocationRecord, MachineRecord, MachineSpec, SizeRecord
from ...mist_client.wording import join_words
from ..base import options_among
from ..lookups import BackendMachines
from .catalogue import Catalogue
from .wait import IN_TRANSITION, MachineWaiter
from .wanted import MachineWanted

#: how long to look for a new machine if the answer was lost and the provider may still be creating it
LOST_ANSWER_SECONDS = 120
#: states of a machine whose create succeeded, even if the answer was an error
AT_WORK = ("running", *IN_TRANSITION)
PASSED_ON = ("image_extra", "disk", "script", "ips", "custom_size", "volumes", "cloud_init", "monitoring", "parameters")


class MachineMaker:
    """Creates machines of one backend, beside its existing machines. ``warnings`` are for the user."""

    def __init__(self, api: Generation, backend: BackendMachines) -> None:
        self.api = api
        self.backend = backend
        self.catalogue = Catalogue(api, backend.backend_id, backend.where)
        self.warnings: list[str] = []

    def spec(self, label: str, wanted: MachineWanted) -> tuple[MachineSpec, SizeRecord | None, LocationRecord | None]:
        """The spec of a machine without its name, and its size and location; None if they are not looked up.

        The spec holds ids. Ids from the task are looked up too: servers pass on an unknown id to the provider, so
        check mode would report success for a task that fails.
        """
        spec = cast(MachineSpec, options_among(PASSED_ON, wanted))
        word, size, location = self._size_word(label, wanted), None, None
        spec["image"] = self._image(wanted["image"])
        if word is not None:
            size = self.size(word) if word else None
            spec["size"] = size["id"] if size else ""
        if "location" in wanted:
            # EC2 ignores an unknown location and uses another (recordings/2014/CONTRACT.md 4.15)
            location = self.catalogue.find("location", wanted["location"])
            spec["location"] = location["id"]
        self.api.machines.check_location(self.backend.backend_id, location)
        if wanted.get("networks"):
            # assumed to be Mist's ids, as in the other fields of a create: no recording has a create with networks
            spec["networks"] = [self.catalogue.find("network", word)["id"] for word in wanted["networks"]]
        if "key" in wanted:
            spec["key"] = self.catalogue.find("key", wanted["key"])["id"]
        if "tags" in wanted:
            spec["tags"] = {name: value for name, value in wanted["tags"].items() if value is not None}
        return spec, size, location

    def size(self, word: str) -> SizeRecord:
        """The size with this id or name."""
        found: SizeRecord = self.catalogue.find("size", word)
        return found

    def _size_word(self, label: str, wanted: MachineWanted) -> str | None:
        """The id or name of the size. "" if the backend has no sizes, None if ``custom_size`` replaces it."""
        given = options_among(("image", "size"), wanted)
        lacking = [option for option in ("image", "size") if not given.get(option)]
        word: str | None = wanted.get("size", "")
        if "custom_size" in wanted and "size" in lacking:
            lacking.remove("size")
            word = None
        if lacking == ["size"] and not self.catalogue.list_all("size"):
            lacking = []  # a docker engine has no sizes
        if lacking:
            raise InvalidValue(
                f"Machine {label!r} was not found in {self.backend.where}.",
                f"To create it, set {join_words(lacking, 'and')}.",
            )
        return word

    def _image(self, word: str) -> str:
        """The id of an image. If images cannot be listed, it is sent unchecked, and the provider checks it."""
        try:
            image_id: str = self.catalogue.find("image", word)["id"]
        except RequestFailed as error:
            # on EC2 of 2014 the listing fails if one image of a fixed list is gone (recordings/2014/CONTRACT.md 2)
            if not error.transient:
                raise
            self.warnings.append(f"Image {word!r} was not checked, because Mist cannot list the images: {error}")
            return word
        return image_id

    def create(self, spec: MachineSpec) -> MachineRecord:
        """Create a machine and return it. Never returns a machine that existed before.

        If the answer is lost, it looks for the machine for a while, even with wait=false: a duplicate costs more.
        """
        try:
            return self.api.machines.create(self.backend.backend_id, spec)
        except MistError as error:
            machine = None
            if error.outcome_unknown:
                machine = self._look_again(spec["name"], LOST_ANSWER_SECONDS if error.still_running else 0)
            if machine is None:
                if error.still_running:
                    error.hint = "The machine may still be created. Run the task again: it first looks for the machine."
                raise
            if not error.still_running and machine["state"] not in AT_WORK:
                error.hint = (
                    f"The machine was created nevertheless: {describe([machine])} is in state {machine['state']}."
                )
                raise
        return machine

    def _look_again(self, name: str, seconds: float) -> MachineRecord | None:
        """A new machine of this name: created, although the answer was lost or was an error."""
        before = {machine["id"] for machine in self.backend.machines}
        waiter = MachineWaiter(self.api, self.backend.backend_id, seconds)
        try:
            found = waiter.appeared(lambda machine: machine["name"] == name and machine["id"] not in before)
        except MistError:
            return None  # the first error is the one to report
        if len(found) > 1:
            raise ambiguous_machines_error(found, self.backend.where)
        return found[0] if found else None
