# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of several modules share."""

from __future__ import annotations

import pytest


@pytest.fixture
def refused(mist):
    """refused(run, option=value ...): the message of a task that fails and writes nothing."""

    def refuse(run, **options):
        mist.forget()
        result = run(**options)
        assert result["failed"] is True
        assert result["changed"] is False
        assert mist.writes == []
        return result["msg"].partition(" In check mode, ")[0]

    return refuse
