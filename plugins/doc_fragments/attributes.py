# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules promise."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what would change, without a request that changes anything.
  diff_mode:
    description: Returns details on what has changed, or would change in C(check_mode), when in diff mode.
  idempotent:
    description: A second run with the same options changes nothing and says so.
  platform:
    description: Where the module can run; that host talks to the Mist server.
    platforms: posix
    support: full
  action_group:
    description: Use C(group/mistio.cloud.mist) in C(module_defaults) to set the connection options once.
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
    details: It only reads.
  diff_mode:
    support: N/A
    details: It only reads.
  idempotent:
    support: full
"""
