# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded exchanges of v4.7 that are sent for their effect alone, and those that are not compared."""

from __future__ import annotations

# Exchanges of routes that the collection does not call, on whose effect later exchanges depend.
NEEDED_1 = frozenset({"login-ok", "logout", "other-add-machine", "other-add-machine-x"})
NEEDED_2 = frozenset(
    {"cat-image-star-toggle", "cat-image-star-toggle-back"}
    | {"other-put-machines-add-host", "other-put-machines-same-host-again", "other-put-machines-dead-host"}
    | {"other-put-machines-no-name", "other-put-machines-no-key", "other-put-machines-with-monitoring-false"}
    | {"expiration-set-3", "f8-other-add-box1", "f8-other-add-box2", "f8-other-add-nokey"}
)

# All that is sent and not compared, with the reason.
LEFT_OUT_1: dict[str, str] = {
    "create-docker-stuck": "a create that fails at its last step and leaves a container behind; the set-up makes it",
    "v1-job-of-v2-create": "the job of a create by API v2, which has another log",
    **dict.fromkeys(
        ("script-run-job-early", "script-run-job-done", "script-run-ok-job-done", "script-run-exit-3-job-done"),
        "the job of a script that runs, which the emulator does not play",
    ),
}
LEFT_OUT_2: dict[str, str] = {
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
