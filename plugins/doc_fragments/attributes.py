# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the predicted changes without making them.
  diff_mode:
    description: In diff mode, returns details on what has changed, or would change in C(check_mode).
  idempotent:
    description: A second run with the same options reports no change, unless something else has changed in between.
  platform:
    description: The platform of the host that runs the module and sends the requests to the Mist server.
    platforms: posix
    support: full
  action_group:
    description: Use C(group/mistio.cloud.mist) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - mistio.cloud.mist
"""

    RESOURCE = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: This module only reads.
  diff_mode:
    support: N/A
    details: This module only reads.
  idempotent:
    support: full
"""
