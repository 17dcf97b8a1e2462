# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds files of a package that import each other in a circle. Imports for types and inside functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

Graph = dict[str, set[str]]


def import_cycles(folder: Path, package: str) -> list[tuple[str, ...]]:
    """The groups of modules of which each reaches each other; names are relative to ``package``, that of ``folder``."""
    files = {_dotted(path.relative_to(folder)): path for path in folder.rglob("*.py")}
    graph = {name: set(_imports(name, path, package, files)) for name, path in files.items()}
    reached = {name: _reached(graph, name) for name in graph}
    groups = {tuple(sorted(other for other in reached[name] if name in reached[other])) for name in graph}
    return sorted(group for group in groups if len(group) > 1)


def _dotted(path: Path) -> str:
    """clouds_v4.find of clouds_v4/find.py, clouds_v4 of clouds_v4/__init__.py."""
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


def _imports(name: str, path: Path, package: str, files: dict[str, Path]) -> Iterator[str]:
    here = [package, *filter(None, name.split("."))]
    if path.name != "__init__.py":
        here.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        imported: list[str] = []
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            imported = [f"{module}.{alias.name}" for alias in node.names]
        yield from (target for each in imported for target in _targets(each, package, files) if target != name)


def _targets(imported: str, package: str, files: dict[str, Path]) -> Iterator[str]:
    """The module of this name; for a name inside a module that module."""
    if not f"{imported}.".startswith(f"{package}."):
        return
    inside = imported[len(package) + 1 :]
    outside, _dot, _name = inside.rpartition(".")
    if inside in files:
        yield inside
    elif outside in files:
        yield outside


def _reached(graph: Graph, start: str) -> set[str]:
    reached: set[str] = set()
    left = list(graph[start])
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += graph[name]
    return reached
