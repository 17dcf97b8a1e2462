# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No files of the emulator import each other in a circle."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mistio.cloud.tests.unit.import_cycles import import_cycles

EMULATOR = Path(__file__).parents[2] / "emulator"
PACKAGE = "ansible_collections.mistio.cloud.tests.emulator"


def test_no_files_of_the_emulator_import_each_other_in_a_circle() -> None:
    assert import_cycles(EMULATOR, PACKAGE) == []


@pytest.mark.parametrize(
    "back",
    [
        "from .front import NAME",
        "from . import front",
        "import package.front",
        "from package.front import NAME",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .front import NAME",
        "def late():\n    from .front import NAME",
    ],
)
def test_a_circle_is_found(tmp_path: Path, back: str) -> None:
    (tmp_path / "front.py").write_text("from .middle import NAME", encoding="utf-8")
    (tmp_path / "middle.py").write_text("from . import rear", encoding="utf-8")
    (tmp_path / "rear.py").write_text(back, encoding="utf-8")
    assert import_cycles(tmp_path, "package") == [("front", "middle", "rear")]


def test_a_package_and_its_files_may_not_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "__init__.py").write_text("from . import one\nNAME = 1", encoding="utf-8")
    (tmp_path / "inner" / "one.py").write_text("from . import NAME, two", encoding="utf-8")
    (tmp_path / "inner" / "two.py").write_text("from .. import other", encoding="utf-8")
    (tmp_path / "other.py").write_text("", encoding="utf-8")
    assert import_cycles(tmp_path, "package") == [("inner", "inner.one")]
