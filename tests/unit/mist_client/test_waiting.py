# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wait looks again until it has what it waits for; an error that can pass does not end it."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import NoAnswer, NotMist, RequestFailed, waiting
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.waiting import Backoff, wait_until


class Waits(waiting.Clock):
    """A clock on which a pause takes no time; ``slept`` lists the pauses."""

    def __init__(self):
        self.slept = []

    def now(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


@pytest.fixture
def waits(monkeypatch):
    clock = Waits()
    monkeypatch.setattr(waiting, "CLOCK", clock)
    return clock


def looks(*results):
    """A look that gives each result in turn, and the last one from then on; errors are raised."""
    left = list(results)

    def look():
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, Exception):
            raise result
        return result

    return look


def is_three(seen):
    return seen == 3


def test_the_wait_ends_when_the_result_is_there(waits):
    waited = wait_until(looks(1, 2, 3), is_three, Backoff(60))
    assert (waited.done, waited.seen, waited.last()) == (True, 3, 3)
    assert waits.slept == [1, 1.5]


def test_without_time_it_looks_once(waits):
    assert wait_until(looks(3), is_three, Backoff(0)).done
    waited = wait_until(looks(1), is_three, Backoff(0))
    assert (waited.done, waited.last()) == (False, 1)
    assert waits.slept == []


def test_a_transient_error_does_not_end_the_wait(waits):
    look = looks(1, RequestFailed("GET /", 503, "no"), NoAnswer("no", sent=False), 3)
    assert wait_until(look, is_three, Backoff(60)).last() == 3


def test_any_other_error_ends_the_wait_at_once(waits):
    for error in (RequestFailed("GET /", 403, "no"), NotMist("no")):
        with pytest.raises(type(error)):
            wait_until(looks(error, 3), is_three, Backoff(60))
    assert waits.slept == []


def test_a_caller_can_tolerate_more(waits):
    waited = wait_until(looks(NotMist("a web page"), 3), is_three, Backoff(60), tolerates=lambda error: True)
    assert waited.last() == 3


def test_after_the_time_limit_the_last_error_is_raised_and_what_was_seen_before_it_is_kept(waits):
    error = RequestFailed("GET /", 503, "no")
    waited = wait_until(looks(1, 2, error), is_three, Backoff(60))
    assert (waited.done, waited.seen, waited.error) == (False, 2, error)
    with pytest.raises(RequestFailed):
        waited.last()
    assert sum(waits.slept) == pytest.approx(60)


def test_an_error_that_passed_is_not_kept(waits):
    waited = wait_until(looks(RequestFailed("GET /", 503, "no"), 1), is_three, Backoff(60))
    assert (waited.done, waited.last(), waited.error) == (False, 1, None)
