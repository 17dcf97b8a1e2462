# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A temporary inventory, which is merged into the real one only after it is complete."""

from __future__ import annotations

from typing import Any

from ansible.inventory.data import InventoryData
from ansible.utils.display import Display

from .trust import neutralize


class StagedInventory(InventoryData):  # type: ignore[misc]  # ansible-core has no types
    """An inventory that accepts any name and tag of a machine.

    A host and a group can have the same name here. ``clashes`` returns these names: ansible-core confuses them.
    """

    def clashes(self) -> set[str]:
        return set(self.groups) & set(self.hosts)

    def add_group(self, group: str) -> str:
        """An empty name, such as of an empty tag, becomes an underscore, like every invalid character."""
        return str(super().add_group(group or "_"))

    def set_variable(self, entity: str, varname: str, value: Any) -> None:
        """Prefers the host if a group has the same name: plugins set no variables of groups."""
        if entity in self.hosts:
            self.hosts[entity].set_variable(varname, value)
        else:
            super().set_variable(entity, varname, value)

    def add_child(self, group: str, child: str) -> bool:
        if child in self.hosts:
            return bool(self.groups[group].add_host(self.hosts[child]))
        return not is_loop(self, group, child) and bool(super().add_child(group, child))

    def merge_into(self, inventory: InventoryData) -> None:
        """Add the groups, then the hosts. All variables are neutralized, so that none is a template."""
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
    """Whether ``child`` cannot become a child of ``group``. Then it also warns: a tag caused this name."""
    parent, child_group = inventory.groups[group], inventory.groups[child]
    if child not in ("all", group) and parent not in child_group.get_descendants():
        return False
    Display().warning(f"Group {child} was not added to group {group}, because {group} already belongs to {child}.")
    return True
