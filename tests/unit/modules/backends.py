# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of mist_backend share."""

from __future__ import annotations


def lines(emulator):
    return [arrived.line for arrived in emulator.requests]


def titles(mist):
    return sorted(backend.title for backend in mist.world.backends.values())


def refused(run, mist, **options):
    """The error, the same in check mode; nothing was written."""
    mist.forget()
    predicted, real = run("mist_backend", check_mode=True, **options), run("mist_backend", **options)
    assert predicted["msg"].partition(" In check mode, ")[0] == real["msg"]
    assert real["failed"] is True
    assert real["changed"] is False
    assert mist.writes == []
    return real["msg"]
