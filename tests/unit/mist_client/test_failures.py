# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of requests, described without a server."""

from __future__ import annotations

import requests

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.failures import describe_failure


def test_a_read_timeout_of_requests_is_described_like_the_deadline():
    """Which of them ends a slow request first is a matter of chance."""
    error = describe_failure("GET http://mist.test/backends", requests.ReadTimeout("read timed out"), (10, 60))
    assert str(error).startswith("GET http://mist.test/backends was sent, but no complete answer arrived within 60 s.")
    assert error.sent is True
