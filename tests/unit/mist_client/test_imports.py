# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports run one way only, through the layers of ARCHITECTURE.md: reads every import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.base import NOUNS
from ansible_collections.mistio.cloud.tests.unit.import_cycles import import_cycles

PLUGINS = Path(__file__).parents[3] / "plugins"
PACKAGE = "ansible_collections.mistio.cloud.plugins."

# The client, from the bottom up: a file imports what stands above it in this list, never what stands below or beside.
CLIENT = (
    {"deadline", "key_formats", "records", "wording"},
    {"errors"},
    {"failures", "matching", "reading", "retrying", "waiting"},
    {"transport"},
    {"generations"},
    {"helpers"},
    {"model"},
    {"client"},
    {"__init__"},
)
#: the same below generations/, where backends_2014/ and clouds_v4/ do not import each other
GENERATIONS = (
    {
        "__init__",
        "machine_parameters",
        "parsing",
        "monitoring_plugins",
        "private_keys",
        "provider_table",
        "provider_values",
        "single_flight",
    },
    {"provider_names"},
    {"wire"},
    {"base"},
    {"backends_2014", "clouds_v4"},
    {"detect"},
)
#: the same inside each of these two
GENERATION = (
    {"hints", "machine_names", "paths"},
    {"providers"},
    {"parsing"},
    NOUNS.keys(),
    {"__init__"},
)

# Outside the client: what each part may import of the others. A new part must be given its place here.
BELOW = {
    "module_utils._plan": set(),
    "module_utils._secret_file": set(),
    "module_utils._masking": set(),
    "module_utils._argspec": set(),
    "module_utils._resources": {"module_utils._plan", "module_utils._secret_file"},
    "module_utils._module": {
        "module_utils._argspec",
        "module_utils._masking",
        "module_utils._plan",
        "module_utils._resources",
    },
    "modules": {"module_utils._argspec", "module_utils._module", "module_utils._resources", "module_utils._masking"},
    "plugin_utils": {"module_utils._argspec", "module_utils._masking", "module_utils._resources"},
    "inventory": {"plugin_utils"},
    "lookup": {"plugin_utils", "module_utils._masking", "module_utils._resources"},
    "filter": {"plugin_utils"},
    "action": {"plugin_utils", "module_utils._argspec", "module_utils._plan", "module_utils._resources"},
    "doc_fragments": set(),
}
# and of the client: not its transport and its generations, except for the table of providers, which is data
OF_THE_CLIENT = {
    *("", "errors", "generations.base", "generations.provider_table", "key_formats", "matching", "model", "records"),
    *("waiting", "wording"),
}

#: ansible-core and what it needs itself
WITH_ANSIBLE = ("ansible.", "cryptography.", "jinja2.")
CONTROLLER = {"plugin_utils", "inventory", "lookup", "filter", "action"}
FILES = sorted(PLUGINS.rglob("*.py"))


def dotted(path: Path) -> str:
    """module_utils._module of plugins/module_utils/_module.py; a package ends in __init__."""
    return ".".join(path.relative_to(PLUGINS).with_suffix("").parts)


def imported(path: Path) -> Iterator[str]:
    """What the file imports when it runs, with full names; of this collection without the package's own."""
    here = dotted(path).split(".")
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) - node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from (target(module, alias.name).removeprefix(PACKAGE) for alias in node.names)


def target(module: str, name: str) -> str:
    """The module that `from module import name` runs: the name may be one itself."""
    folder = PLUGINS.joinpath(*module.removeprefix(PACKAGE).split("."))
    whole = (folder / name).is_dir() or (folder / f"{name}.py").is_file()
    return f"{module}.{name}" if whole else module


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield node
            yield from running(node)


def is_ours(name: str) -> bool:
    return (PLUGINS / name.partition(".")[0]).is_dir()


def part(name: str) -> str:
    """module_utils._resources of module_utils._resources.backend; modules of modules.mist_key."""
    return ".".join(name.split(".")[: 2 if name.startswith("module_utils.") else 1])


CLIENT_FILES = [path for path in FILES if dotted(path).startswith("module_utils.mist_client.")]
OTHER_FILES = [path for path in FILES if path not in CLIENT_FILES]


def test_the_files_are_found():
    assert {dotted(path) for path in FILES} >= {"module_utils._module", "module_utils.mist_client.client"}


def rank(layers, name):
    """How high a file stands in its layers; a file that is in none must be given a place there."""
    ranks = [number for number, layer in enumerate(layers) if name in layer]
    assert ranks, f"{name} is in no layer"
    return ranks[0]


@pytest.mark.parametrize("path", CLIENT_FILES, ids=dotted)
def test_the_client_imports_downwards(path):
    inside = dotted(path).removeprefix("module_utils.mist_client.").split(".")
    for name in imported(path):
        if not is_ours(name):
            continue
        assert name.startswith("module_utils.mist_client"), f"the client imports {name} of the collection"
        other = name.split(".")[2:] or ["__init__"]
        if inside[0] == other[0] == "generations":
            layers, inside_there, other = GENERATIONS, inside[1:], other[1:] or ["__init__"]
            if inside_there[0] == other[0]:
                layers, inside_there, other = GENERATION, inside_there[1:], other[1:] or ["__init__"]
            assert rank(layers, other[0]) < rank(layers, inside_there[0]), name
        else:
            assert rank(CLIENT, other[0]) < rank(CLIENT, inside[0]), name


@pytest.mark.parametrize("path", CLIENT_FILES, ids=dotted)
def test_the_client_needs_requests_and_nothing_of_ansible(path):
    outside = {name.partition(".")[0] for name in imported(path) if not is_ours(name)}
    assert outside <= sys.stdlib_module_names | {"requests", "urllib3"}


@pytest.mark.parametrize("path", OTHER_FILES, ids=dotted)
def test_the_collection_imports_downwards(path):
    here = part(dotted(path))
    assert here in BELOW, f"{here} has no place in BELOW"
    for name in imported(path):
        if is_ours(name) and part(name) == "module_utils.mist_client":
            assert ".".join(name.split(".")[2:]) in OF_THE_CLIENT, name
        elif is_ours(name) and part(name) != here:
            assert part(name) in BELOW[here], name


@pytest.mark.parametrize("path", OTHER_FILES, ids=dotted)
def test_what_runs_on_a_target_needs_nothing_of_the_controller(path):
    outside = {name for name in imported(path) if not is_ours(name)}
    allowed = WITH_ANSIBLE if part(dotted(path)) in CONTROLLER else ("ansible.module_utils.",)
    strange = {
        name
        for name in outside
        if name.partition(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith(allowed)
    }
    assert strange == set()


def test_one_file_knows_ansible_module():
    knowing = [
        dotted(path)
        for path in FILES
        if any(
            isinstance(node, ast.ImportFrom) and any(alias.name == "AnsibleModule" for alias in node.names)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert knowing == ["module_utils._module"]


def test_no_files_import_each_other_in_a_circle():
    assert import_cycles(PLUGINS, PACKAGE.rstrip(".")) == []
