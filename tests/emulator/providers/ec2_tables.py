# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 offers in each region, as data: zones, sizes, images. Ids and values as recorded where they were."""

from __future__ import annotations

import hashlib

# provider id: (AWS region, the driver's name, country of its zones, zones). A region without zones lists no locations.
REGIONS: dict[str, tuple[str, str, str, str]] = {
    "ec2_us_east": ("us-east-1", "Amazon EC2", "USA", "abcdef"),
    "ec2_us_west": ("us-west-1", "Amazon EC2 (us-west-1)", "USA", "abc"),
    "ec2_us_west_oregon": ("us-west-2", "Amazon EC2 (us-west-2)", "US", "abcd"),
    "ec2_eu_west": ("eu-west-1", "Amazon EC2 (eu-west-1)", "Ireland", ""),
    "ec2_sa_east": ("sa-east-1", "Amazon EC2 (sa-east-1)", "Brazil", "ab"),
    "ec2_ap_northeast": ("ap-northeast-1", "Amazon EC2 (ap-northeast-1)", "Japan", "ab"),
    "ec2_ap_southeast": ("ap-southeast-1", "Amazon EC2 (ap-southeast-1)", "Singapore", "ab"),
    "ec2_ap_southeast_2": ("ap-southeast-2", "Amazon EC2 (ap-southeast-2)", "Australia", "ab"),
}

# id, name, ram, disk, price for an hour
SIZES: tuple[tuple[str, str, int, int, str], ...] = (
    ("t1.micro", "Micro Instance", 613, 15, "0.02"),
    ("m1.small", "Small Instance", 1740, 160, "0.044"),
    ("m1.medium", "Medium Instance", 3700, 410, "0.087"),
    ("m1.large", "Large Instance", 7680, 850, "0.175"),
    ("m1.xlarge", "Extra Large Instance", 15360, 1690, "0.35"),
    ("m2.xlarge", "High-Memory Extra Large Instance", 17510, 420, "0.245"),
)

UBUNTU = "Ubuntu Server 14.04 LTS (PV)"
STARRED_NAMES: tuple[str, ...] = (
    UBUNTU,
    "Ubuntu Server 14.04 LTS (PV), SSD Volume Type (32-bit)",
    "SuSE Linux Enterprise Server 11 sp3 (PV), SSD Volume Type (32-bit)",
    "Amazon Linux AMI 2014.03.2 (PV)",
    "Red Hat Enterprise Linux 6.5 (PV) (32-bit)",
)
STARRED_IDS: dict[tuple[str, str], str] = {
    ("ec2_us_east", UBUNTU): "ami-76817c1e",
    ("ec2_us_east", STARRED_NAMES[1]): "ami-384d8450",
    ("ec2_us_east", STARRED_NAMES[2]): "ami-7a2bd512",
    ("ec2_us_east", STARRED_NAMES[3]): "ami-7c807d14",
    ("ec2_us_east", STARRED_NAMES[4]): "ami-88ac51e0",
    ("ec2_eu_west", STARRED_NAMES[2]): "ami-0f915978",
    ("ec2_us_west_oregon", STARRED_NAMES[3]): "ami-1b3b462b",
}

OWNER_AMAZON, OWNER_MARKET, OWNER_SELF = "137112412989", "679593333241", "123456789012"
# An own image comes twice: from the own list and from the owners' lists. The last is dropped for its name.
OWN_IMAGES: tuple[tuple[str, str], ...] = (
    ("ami-cccc0001", "my own gentoo"),
    ("ami-cccc0001", "my own gentoo"),
    ("ami-cccc0002", "my own windows 2012"),
)
MARKET_IMAGES: tuple[tuple[str, str], ...] = (("ami-bbbb0001", "marketplace gentoo 2014"),)


def starred_images(provider: str) -> list[tuple[str, str]]:
    """(id, name) of the images that the server knows by heart for this region."""
    return [(STARRED_IDS.get((provider, name)) or _made_up_id(provider, name), name) for name in STARRED_NAMES]


def _made_up_id(provider: str, name: str) -> str:
    return "ami-" + hashlib.sha1(f"{provider}:{name}".encode()).hexdigest()[:8]
