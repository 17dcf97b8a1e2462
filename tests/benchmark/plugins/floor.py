# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that an inventory plugin can do with the same hosts: its cost is Ansible's own."""

from __future__ import annotations

DOCUMENTATION = r"""
name: floor
short_description: Hosts from a file of JSON
author: Mist Developers (@mistio)
description:
  - Makes the hosts that C(ansible-inventory --list --export) has put into a file, with their variables.
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [floor]
  hosts_file:
    description: The file.
    type: path
    required: true
    env:
      - name: BENCHMARK_HOSTS_FILE
"""

import json
from pathlib import Path
from typing import Any

from ansible.inventory.data import InventoryData
from ansible.plugins.inventory import BaseInventoryPlugin


class InventoryModule(BaseInventoryPlugin):
    NAME = "floor"
    trusted_by_default = True  # else ansible-core from 2.19 on tells each text as a dict, and ours are plain

    def parse(self, inventory: InventoryData, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        listing = json.loads(Path(self.get_option("hosts_file")).read_text(encoding="utf-8"))
        for name, variables in listing["_meta"]["hostvars"].items():
            inventory.add_host(name)
            for variable, value in variables.items():
                inventory.set_variable(name, variable, value)
