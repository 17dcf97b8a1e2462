# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that hold a private key."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils._secret_file import SecretFile
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import InvalidValue


def test_a_path_with_a_null_in_it_is_refused(tmp_path):
    """Here and not through the module, whose own log fails on such a path with newer Pythons."""
    with pytest.raises(InvalidValue, match=r"cannot be used: .*embedded null"):
        SecretFile(f"{tmp_path}/nul\0byte")
