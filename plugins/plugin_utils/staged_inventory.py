# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An inventory in the making, which becomes part of the real one only when nothing can go wrong any more."""

from __future__ import annotations

from typing import Any

from ansible.inventory.data import InventoryData
from ansible.utils.display import Display

from .trust import neutralize


class StagedInventory(InventoryData):  # type: ignore[misc]  # ansible-core has no types
    """Made like any inventory, but whatever machines are called and tagged is no reason to fail.

    A host and a group may have the same name: ``clashes`` tells which, for ansible-core would mix them up.
    """

    def clashes(self) -> set[str]:
        return set(self.groups) & set(self.hosts)

    def add_group(self, group: str) -> str:
        """An empty name, as of an empty tag, becomes an underscore, as all that cannot be in a name does."""
        return str(super().add_group(group or "_"))

    def set_variable(self, entity: str, varname: str, value: Any) -> None:
        """Of the host, where a group has the same name: plugins set no group's variables."""
        if entity in self.hosts:
            self.hosts[entity].set_variable(varname, value)
        else:
            super().set_variable(entity, varname, value)

    def add_child(self, group: str, child: str) -> bool:
        if child in self.hosts:
            return bool(self.groups[group].add_host(self.hosts[child]))
        return not is_loop(self, group, child) and bool(super().add_child(group, child))

    def merge_into(self, inventory: InventoryData) -> None:
        """Groups first, so that hosts come only when all else is there. No variable is a template in the end."""
        for group in self.groups:
            inventory.add_group(group)
        for group in self.groups.values():
            for child in group.child_groups:
                if not is_loop(inventory, group.name, child.name):
                    inventory.add_child(group.name, child.name)
        for host in self.hosts.values():
            inventory.add_host(host.name)
            for name, value in host.vars.items():
                inventory.set_variable(host.name, name, neutralize(value))
        for group in self.groups.values():
            for host in group.hosts:
                inventory.add_child(group.name, host.name)


def is_loop(inventory: InventoryData, group: str, child: str) -> bool:
    """Whether the one group cannot be the child of the other, and a warning: some tag has come to a strange name."""
    parent, below = inventory.groups[group], inventory.groups[child]
    if child not in ("all", group) and parent not in below.get_descendants():
        return False
    Display().warning(f"The group {child} cannot be put under {group}, for {group} is under it already.")
    return True
