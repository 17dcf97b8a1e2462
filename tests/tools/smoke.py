# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Import every plugin of an installed collection, and let ansible-doc read those that have documentation."""

from __future__ import annotations

import importlib
import pathlib
import subprocess
import sys

from ansible.plugins.loader import init_plugin_loader

DOCUMENTED = ("modules", "inventory", "lookup", "filter", "test", "callback", "connection")

installed = pathlib.Path(sys.argv[1])
init_plugin_loader([str(installed.parents[2])])
sources = sorted((installed / "plugins").rglob("*.py"))
for source in sources:
    parts = source.relative_to(installed.parents[2]).with_suffix("").parts
    module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    assert pathlib.Path(module.__file__ or "") == source, f"{module.__file__} was imported in place of {source}"

documented = 0
for kind in DOCUMENTED:
    names = [f"mistio.cloud.{source.stem}" for source in (installed / "plugins" / kind).glob("[!_]*.py")]
    if names:
        subprocess.run(
            ["ansible-doc", "--type", kind.replace("modules", "module"), *names], check=True, stdout=subprocess.DEVNULL
        )
        documented += len(names)
if not documented:
    sys.exit("the package holds no plugin with documentation")
print(f"{len(sources)} files of the installed collection imported, the documentation of {documented} plugins read")
