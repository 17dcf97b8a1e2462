# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As test_recordings_4_7, for the second recordings of v4.7, which are of several servers."""

from __future__ import annotations

import pytest

from ansible_collections.mistio.cloud.tests.emulator import running

from . import set_up_4_7_2 as set_up
from .comparing_4_7 import FILES, Exchange, differences, read, sent
from .materials import materials
from .walking import Heard
from .walking_4_7 import Walk47

# Exchanges of routes that the collection does not call, on whose effect later exchanges depend.
NEEDED = frozenset(
    {"cat-image-star-toggle", "cat-image-star-toggle-back"}
    | {"other-put-machines-add-host", "other-put-machines-same-host-again", "other-put-machines-dead-host"}
    | {"other-put-machines-no-name", "other-put-machines-no-key", "other-put-machines-with-monitoring-false"}
    | {"expiration-set-3", "f8-other-add-box1", "f8-other-add-box2", "f8-other-add-nokey"}
)
SENT = sent(FILES[1], NEEDED)
# The one list of what is sent and not compared, with the reason.
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        ("docker-images-now", "tag2-image-then"),
        "the simulated engine had one image more",
    ),
    **dict.fromkeys(
        ("cat-ec2-images-search-post", "cat-image-star-toggle", "cat-image-star-toggle-back"),
        "the simulated EC2 named a kernel and a ramdisk of its images",
    ),
    **dict.fromkeys(
        (
            *("plugin-metrics-of-machine", "plugin-metrics-of-machine-2", "plugin-metrics-after-undeploy"),
            "ec2p-metrics",
        ),
        "the simulated data store had other metrics",
    ),
    "cat-ec2-sizes": "3 of 281 sizes were recorded; the first recordings have 12",
    "org2-org": "the user had a name, and the organization counted its machines; the collection reads neither",
    **dict.fromkeys(
        (
            *("refuse-ec2-clone", "refuse-ec2-create_snapshot", "refuse-ec2-remove_snapshot"),
            *("refuse-ec2-revert_to_snapshot", "refuse-ec2-list_snapshots", "refuse-ec2-expose"),
            *("refuse-other-clone", "refuse-other-create_snapshot", "refuse-other-list_snapshots", "g-clone"),
            "g-clone-job",
        ),
        "clones, snapshots and exposed ports, which the collection does not ask for",
    ),
    "key-add-from-secret": "a key named as a secret, which the emulator does not play",
    **dict.fromkeys(
        ("net-list-after-create", "net-list-after-delete"),
        "networks with subnets, which the emulator does not play",
    ),
    **dict.fromkeys(
        (
            *("scr-list", "scr-run-ok-job", "scr-run-ok-machine-id-key-job"),
            *("scr-run-by-cloud-and-external-id-job", "scr-run-env-dict-job", "scr-run-fails-job"),
            *("scr-run-user-port-job", "scr-run-su-job", "scr-run-own-job-id-job", "scr-run-slow-job-0"),
            *("scr-run-slow-job-1", "scr-run-slow-job-2", "scr-run-slow-job-3", "scr-run-url-job"),
            *("scr-run-nokey-job", "scr-run-ansible-job", "scr-delete", "tag2-script-then", "ec2p-run-script-job"),
        ),
        "scripts of the user and their jobs, which the emulator does not play",
    ),
    **dict.fromkeys(
        ("g-docker-machines-after-rule", "g-monitoring-after", "g-story-incident"),
        "rules, which the emulator does not play",
    ),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Heard]:
    """Each exchange's answer by the emulator, from one walk through all of them."""
    good, bad = materials()
    with running(set_up.settings()) as emulator:
        emulator.clock.stop()
        walk = Walk47(emulator, bad, good)
        return walk.through(list(SENT), list(SENT.values()), set_up.BEFORE)


@pytest.mark.parametrize(
    ("name", "exchange"),
    [pytest.param(name, exchange, id=name) for name, exchange in SENT.items() if name not in LEFT_OUT],
)
def test_the_emulator_answers_as_recorded(name: str, exchange: Exchange, answers: dict[str, Heard]) -> None:
    assert differences(exchange, answers[name]) == []


def test_each_exchange_that_is_sent_and_not_compared_has_a_reason() -> None:
    assert (len(read(FILES[1])), len(SENT) > 350) == (988, True)
    assert LEFT_OUT.keys() <= SENT.keys()
    assert all(LEFT_OUT.values())
    assert len(LEFT_OUT) < len(SENT) / 7


def test_what_is_not_compared_differs(answers: dict[str, Heard]) -> None:
    assert [name for name in LEFT_OUT if not differences(SENT[name], answers[name])] == []


def test_every_step_of_the_set_up_has_its_exchange() -> None:
    assert set_up.BEFORE.keys() <= SENT.keys()
