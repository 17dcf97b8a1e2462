# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of modules that query several backends."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  backends:
    description:
      - Only the machines of these backends, each by id or exact title.
      - By default, the machines of all enabled backends. On servers of the generation V(clouds), the machines of
        disabled backends too.
    type: list
    elements: str
    aliases: [backend]
  on_backend_error:
    description:
      - What to do when a backend cannot be listed.
      - With V(warn), the result lacks its machines. A warning gives the reason, and RV(failed_backends) names the
        backend.
      - With V(fail), the task fails.
      - If O(backends) names exactly one backend, the task always fails.
      - Without O(backends), servers of the generation V(clouds) return the machines that they saw last. No backend can
        fail then.
    type: str
    choices: [fail, warn]
    default: warn
"""
