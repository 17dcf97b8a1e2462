# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipe "Add a resource" of CONTRIBUTING.md, followed with a made-up resource, so that it stays true.

The resource is a note: a text with a name, which only servers of the ``clouds`` generation keep. It is added to a copy
of the collection, where its own tests and those that look at every resource run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = "plugins/module_utils/mist_client"
GENERATIONS = f"{CLIENT}/generations"
EMULATOR = "tests/emulator/clouds_v4"
TARGETS = "tests/integration/targets"
COPYRIGHT = "".join(Path(__file__).read_text(encoding="utf-8").splitlines(keepends=True)[:3])
ALIASES = """
gather_facts/no
shippable/posix/group1
needs/target/setup_emulator
"""
MAIN = """
- name: Test it on each generation of servers
  ansible.builtin.include_tasks: ../../setup_emulator/tasks/each.yml
"""

#: the text of each new file below its copyright
CREATED = {
    f"{GENERATIONS}/clouds_v4/notes.py": '''
"""Notes of servers of 2016 and later."""

from __future__ import annotations

from typing import List

from ...records import NoteRecord
from .. import base
from . import parsing
from .paths import V1

NOTES = (*V1, "notes")


class Notes(base.Notes):
    def list(self) -> List[NoteRecord]:
        return self.wire.list(parsing.note, *NOTES)

    def predict(self, name: str, text: str) -> NoteRecord:
        return {"id": None, "name": name, "text": text}  # type: ignore[typeddict-item]

    def add(self, name: str, text: str) -> NoteRecord:
        return self.wire.record(parsing.note, "a note", "PUT", *NOTES, body={"name": name, "text": text})

    def update(self, note_id: str, text: str) -> None:
        self.wire.done("POST", *NOTES, note_id, body={"text": text})

    def remove(self, note_id: str) -> None:
        self.wire.done("DELETE", *NOTES, note_id)
''',
    "plugins/module_utils/_resources/note.py": '''
"""A note's desired state: present or absent, and with which text."""

from __future__ import annotations

from typing import Optional, TypedDict

from .._plan import Plan, Step
from ..mist_client.records import NoteRecord
from .base import Resource


class NoteWanted(TypedDict, total=False):
    """The options of mist_note."""

    state: str
    name: str
    text: str


class NoteResource(Resource[Optional[NoteRecord], NoteWanted]):
    """Found by its name."""

    def find(self, wanted: NoteWanted) -> NoteRecord | None:
        return next((note for note in self.api.notes.list() if note["name"] == wanted["name"]), None)

    def plan(self, found: NoteRecord | None, wanted: NoteWanted) -> Plan:
        name = wanted["name"]
        if wanted["state"] == "absent":
            return Plan(found, None, [Step(f"remove note {name!r}", self._remove)] if found else [])
        if found is None:
            after = self.api.notes.predict(name, wanted.get("text", ""))
            return Plan(None, after, [Step(f"add note {name!r}", lambda _none: self._add(after))])
        text = wanted.get("text", found["text"])
        steps = [Step(f"update note {name!r}", lambda note: self._update(note, text))] if text != found["text"] else []
        return Plan(found, {**found, "text": text}, steps)

    def _add(self, note: NoteRecord) -> NoteRecord:
        return self.api.notes.add(note["name"], note["text"])

    def _update(self, note: NoteRecord, text: str) -> NoteRecord:
        self.api.notes.update(note["id"], text)
        return {**note, "text": text}

    def _remove(self, note: NoteRecord) -> None:
        self.api.notes.remove(note["id"])
''',
    "plugins/modules/mist_note.py": '''
"""A note in Mist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_note
short_description: Manage the notes of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Adds, updates or removes a note. Servers of the generation V(backends) have no notes.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.state
  - mistio.cloud.attributes
  - mistio.cloud.attributes.resource
attributes:
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the note.
    type: str
    required: true
  text:
    description:
      - The text of the note. An empty text clears it.
    type: str
"""

EXAMPLES = r"""
- name: Add a note
  mistio.cloud.mist_note:
    mist_uri: https://mist.example.test
    name: door
    text: Closes at six.
"""

RETURN = r"""
note:
  description: The note after the task.
  returned: success
  type: dict
  contains:
    id:
      description: The id of the note. Null in check mode if the note does not exist yet.
      type: str
    name:
      description: The name of the note.
      type: str
    text:
      description: The text of the note.
      type: str
actions:
  description: The changes that the task makes, one sentence each.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import ResourceModule
from ansible_collections.mistio.cloud.plugins.module_utils._resources.note import NoteResource


class NoteModule(ResourceModule):
    resource = NoteResource
    returns = "note"
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True},
        "text": {"type": "str"},
    }


def main():
    NoteModule().run()


if __name__ == "__main__":
    main()
''',
    "plugins/modules/mist_note_info.py": '''
"""The notes in Mist."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mist_note_info
short_description: List the notes of a Mist server
version_added: 1.0.0
author:
  - Mist Developers (@mistio)
description:
  - Lists the notes. Servers of the generation V(backends) have no notes.
extends_documentation_fragment:
  - mistio.cloud.mist
  - mistio.cloud.attributes
  - mistio.cloud.attributes.info
"""

EXAMPLES = r"""
- name: List all notes
  mistio.cloud.mist_note_info:
    mist_uri: https://mist.example.test
"""

RETURN = r"""
notes:
  description: The notes, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the note.
      type: str
    name:
      description: The name of the note.
      type: str
    text:
      description: The text of the note.
      type: str
"""

from ansible_collections.mistio.cloud.plugins.module_utils._module import InfoModule


class NoteInfoModule(InfoModule):
    returns = "notes"

    def fetch(self, api, wanted):
        return sorted(api.notes.list(), key=lambda note: note["name"])


def main():
    NoteInfoModule().run()


if __name__ == "__main__":
    main()
''',
    f"{EMULATOR}/notes.py": '''
"""Notes: texts that people keep on the server."""

from __future__ import annotations

from ..call import Answer, Call
from ..errors import NotFound
from . import auth
from .state import Item, database
from .wire import OK, of_json, parameters, required


def find(call: Call, note: str) -> Item:
    if note not in database(call).notes:
        raise NotFound("Note does not exist")
    return database(call).notes[note]


async def list_notes(call: Call) -> Answer:
    auth.check(call)
    return of_json(call.ordered(list(database(call).notes.values())))


async def add_note(call: Call) -> Answer:
    auth.check(call)
    given = parameters(call)
    note = {"id": call.world.digest("note", 32), "name": required(given, "name"), "content": given.get("text", "")}
    database(call).notes[note["id"]] = note
    return of_json(note)


async def edit_note(call: Call, note: str) -> Answer:
    auth.check(call)
    find(call, note)["content"] = parameters(call).get("text", "")
    return OK


async def delete_note(call: Call, note: str) -> Answer:
    auth.check(call)
    del database(call).notes[find(call, note)["id"]]
    return OK
''',
    "tests/unit/modules/test_mist_note.py": '''
"""Notes, as playbooks see them."""

from __future__ import annotations

from ansible_collections.mistio.cloud.tests.unit.conftest import only_clouds

DOOR = {"name": "door", "text": "Closes at six."}


@only_clouds
def test_a_note_is_added_once(scenario):
    result = scenario("mist_note", **DOOR)
    assert (result["changed"], result["actions"]) == (True, ["add note 'door'"])
    assert result["note"] == {**DOOR, "id": result["note"]["id"]}


@only_clouds
def test_another_text_updates_the_note(scenario):
    scenario("mist_note", **DOOR)
    result = scenario("mist_note", name="door", text="Closes at seven.")
    assert (result["changed"], result["actions"]) == (True, ["update note 'door'"])


@only_clouds
def test_without_a_text_the_note_keeps_its_own(run):
    run("mist_note", **DOOR)
    result = run("mist_note", name="door")
    assert (result["changed"], result["note"]["text"]) == (False, "Closes at six.")


@only_clouds
def test_a_note_is_removed_once(scenario, run):
    scenario("mist_note", **DOOR)
    result = scenario("mist_note", name="door", state="absent")
    assert (result["changed"], result["actions"], result["note"]) == (True, ["remove note 'door'"], None)
    assert run("mist_note_info")["notes"] == []


@only_clouds
def test_notes_are_listed_by_name(run):
    for name in ("window", "door"):
        run("mist_note", name=name, text="")
    assert [note["name"] for note in run("mist_note_info")["notes"]] == ["door", "window"]


def test_a_server_of_2014_has_no_notes(run):
    assert "Servers of generation 'backends' (2014 and 2015) cannot keep notes." in run("mist_note", **DOOR)["msg"]
''',
    f"{TARGETS}/mist_note/aliases": ALIASES,
    f"{TARGETS}/mist_note/tasks/main.yml": MAIN,
    f"{TARGETS}/mist_note/tasks/try.yml": """
- name: Add a note
  mistio.cloud.mist_note:
    name: door
  when: generation == 'clouds'
""",
    f"{TARGETS}/mist_note_info/aliases": ALIASES,
    f"{TARGETS}/mist_note_info/tasks/main.yml": MAIN,
    f"{TARGETS}/mist_note_info/tasks/try.yml": """
- name: List the notes
  mistio.cloud.mist_note_info:
  when: generation == 'clouds'
""",
    "changelogs/fragments/notes.yml": """
major_changes:
  - mist_note, mist_note_info - notes on servers of 2016 and later.
""",
}

#: what is added to each file that exists, each time after the text before which it is inserted
CHANGED = {
    f"{CLIENT}/records.py": (
        "class MachineKeyRecord(",
        '''class NoteRecord(TypedDict):
    """A note in Mist."""

    id: str
    name: str
    text: str


''',
    ),
    f"{GENERATIONS}/base.py": (
        "NOUNS: ",
        '''class Notes(Noun):
    """Texts that people keep on the server."""

    def list(self) -> List[NoteRecord]:
        raise self.not_supported("keep notes")

    @offline
    def predict(self, name: str, text: str) -> NoteRecord:
        """What ``list`` shows after the note is added. Sends nothing."""
        raise self.not_supported("keep notes")

    def add(self, name: str, text: str) -> NoteRecord:
        raise self.not_supported("keep notes")

    def update(self, note_id: str, text: str) -> None:
        raise self.not_supported("keep notes")

    def remove(self, note_id: str) -> None:
        raise self.not_supported("keep notes")


''',
        "    PluginRecord,\n",
        "    NoteRecord,\n",
        '    "monitoring": Monitoring,\n',
        '    "notes": Notes,\n',
        "    monitoring: Monitoring\n",
        "    notes: Notes\n",
    ),
    f"{GENERATIONS}/clouds_v4/__init__.py": (
        "from .paths import ",
        "from .notes import Notes\n",
        "        self.monitoring = ",
        "        self.notes = Notes(self)\n",
    ),
    f"{GENERATIONS}/backends_2014/__init__.py": (
        "from ..base import Generation\n",
        "from .. import base\n",
        "        self.monitoring = ",
        "        self.notes = base.Notes(self)\n",
    ),
    f"{GENERATIONS}/clouds_v4/parsing.py": (
        "def association(",
        """def note(item: dict[str, Any]) -> NoteRecord:
    return {"id": item["id"], "name": item["name"], "text": item["content"]}


""",
        "    PluginRecord,\n",
        "    NoteRecord,\n",
    ),
    "meta/runtime.yml": ("    - mist_provider_info\n", "    - mist_note\n    - mist_note_info\n"),
    f"{EMULATOR}/__init__.py": (
        "    plugins,\n",
        "    notes,\n",
        '    ("GET", "/api/v1/scripts", ',
        """    ("GET", "/api/v1/notes", notes.list_notes),
    ("PUT", "/api/v1/notes", notes.add_note),
    ("POST", "/api/v1/notes/{note}", notes.edit_note),
    ("DELETE", "/api/v1/notes/{note}", notes.delete_note),
""",
    ),
    f"{EMULATOR}/state.py": ("        self.stories: ", "        self.notes: dict[str, Item] = {}\n"),
    "tests/unit/emulator/called_4_7.py": (
        '        ("GET", "scripts"),\n',
        """        ("GET", "notes"),
        ("PUT", "notes"),
        ("POST", "notes/*"),
        ("DELETE", "notes/*"),
""",
    ),
    "tests/unit/mist_client/test_called_routes_v4.py": (
        '    "backends.remove": ',
        """    "notes.list": lambda scene: scene.api.notes.list(),
    "notes.add": lambda scene: scene.api.notes.add("door", ""),
    "notes.update": lambda scene: scene.api.notes.update(scene.api.notes.list()[0]["id"], "Closes at six."),
    "notes.remove": lambda scene: scene.api.notes.remove(scene.api.notes.list()[0]["id"]),
""",
    ),
    "README.md": ("| `mist_image_info`, ", "| `mist_note`, `mist_note_info` | manage and list the notes |\n"),
}

#: the tests of the copy: those of the resource, and those that look at every resource
TESTS = (
    "tests/unit/modules/test_mist_note.py",
    "tests/unit/test_collection.py",
    "tests/unit/mist_client/test_imports.py",
    "tests/unit/mist_client/test_detect.py",
    "tests/unit/mist_client/test_called_routes_v4.py",
)
#: which of them: all of the first, and of the others those that a new resource can break
CHOSEN = "note or twin or group or readme or imports or kind_of_object or operation or routes"


@pytest.fixture
def copy(tmp_path):
    """A copy of the collection, where Ansible finds it."""
    copy = tmp_path / "ansible_collections" / "mistio" / "cloud"
    ignored = shutil.ignore_patterns("__pycache__", "recordings", "output", "browser", "benchmark")
    for folder in ("plugins", "meta", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("galaxy.yml", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, copy / file)
    return copy


def follow(copy):
    """Follow the recipe."""
    for name, text in CREATED.items():
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        start = "---\n" if path.suffix == ".yml" else ""
        path.write_text(start + COPYRIGHT + text, encoding="utf-8")
    for name, changes in CHANGED.items():
        text = (copy / name).read_text(encoding="utf-8")
        for place, added in zip(changes[::2], changes[1::2]):
            assert text.count(place) == 1, (
                f"{name} must have {place!r} once: correct this test, and the recipe too if it changed"
            )
            text = text.replace(place, added + place)
        (copy / name).write_text(text, encoding="utf-8")


def run_tests(copy):
    """The outcome of the chosen tests of the copy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "MIST_", "PYTEST_", "COV_", "COVERAGE_"))
    }
    tree = str(copy.parents[2])
    paths = [tree, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *TESTS, "-k", CHOSEN],
        cwd=copy,
        env={**kept, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": os.pathsep.join(paths), "HOME": tree},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.server
def test_a_resource_that_is_added_by_the_recipe_works(copy):
    follow(copy)
    done = run_tests(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout
    assert "skipped" not in done.stdout


def test_the_recipe_names_every_file_and_counts_them():
    recipe = " ".join(text_of("CONTRIBUTING.md").partition("## Add a resource")[2].partition("\n## ")[0].split())
    named = set(re.findall(r"`([\w./<>]+)`", recipe))
    assert {in_recipe(path) for path in (*CREATED, *CHANGED)} <= named
    assert f"{len(CREATED)} new files and changes in {len(CHANGED)} files that exist" in recipe


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def in_recipe(path):
    """A path as the recipe writes it."""
    return path.replace(f"{CLIENT}/", "").replace("note", "<noun>")
