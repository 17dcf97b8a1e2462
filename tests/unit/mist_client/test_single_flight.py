# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads that ask for the same list at the same time share one request, and nobody gets an outdated list."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import InvalidValue, NoAnswer, RequestFailed
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.single_flight import (
    SingleFlight,
    copy_of,
)

WORKERS = 8


class Door:
    """A lock that tells who has come to it."""

    def __init__(self):
        self.come = threading.Semaphore(0)
        self.lock = threading.Lock()

    def __enter__(self):
        self.come.release()
        self.lock.acquire()

    def __exit__(self, *error):
        self.lock.release()


def ask_at_once(answer):
    """How many looks there were, and what each of many threads saw, who all ask while the first look goes on."""
    looks = []

    def go_and_see():
        looks.append(len(looks) + 1)
        for _asker in range(WORKERS if looks == [1] else 0):
            assert look._lock.come.acquire(timeout=10)
        return answer(looks[-1])

    def ask(_asker):
        try:
            return look()
        except NoAnswer as error:
            return error

    look = SingleFlight(go_and_see)
    look._lock = Door()
    with ThreadPoolExecutor(WORKERS) as pool:
        seen = list(pool.map(ask, range(WORKERS)))
    return len(looks), seen


def test_who_asks_while_a_look_goes_on_waits_for_the_next_and_shares_it():
    looks, seen = ask_at_once(lambda number: number)
    assert (looks, sorted(seen)) == (2, [1] + [2] * (WORKERS - 1))


def test_a_caller_that_asks_alone_gets_the_newest():
    counting = iter(range(5))
    look = SingleFlight(lambda: next(counting))
    assert [look(), look(), look()] == [0, 1, 2]


def test_a_failure_is_shared_too_and_is_each_ones_own():
    def fail(number):
        raise NoAnswer("no answer", "wait", sent=True)

    looks, errors = ask_at_once(fail)
    assert looks == 2
    assert len({id(error) for error in errors}) == WORKERS
    assert {(str(error), error.sent) for error in errors} == {("no answer wait", True)}


@pytest.mark.parametrize(
    "error", [InvalidValue("a", "b"), NoAnswer("a", sent=False), RequestFailed("GET x", 503, "down", "hint")]
)
def test_a_copy_of_an_error_tells_the_same_and_is_added_to_by_itself(error):
    error.done = ["one"]
    twin = copy_of(error)
    assert type(twin) is type(error)
    assert (str(twin), vars(twin)) == (str(error), vars(error))
    twin.done.append("two")
    twin.known["a"] = 1
    assert (error.done, error.known) == (["one"], {})
