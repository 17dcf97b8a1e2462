# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 offers to v4.7, as data; ids and names as recorded where they were (ec2-images, ec2-locations)."""

from __future__ import annotations

import hashlib

# region: (country, zones)
REGIONS: dict[str, tuple[str, str]] = {
    "us-east-1": ("USA", "abcdef"),
    "us-east-2": ("USA", "abc"),
    "us-west-1": ("USA", "abc"),
    "us-west-2": ("USA", "abcd"),
    "eu-west-1": ("Ireland", "abc"),
    "eu-west-2": ("England", "abc"),
    "eu-west-3": ("France", "abc"),
    "eu-central-1": ("Germany", "abc"),
    "eu-north-1": ("Sweden", "abc"),
    "ca-central-1": ("Canada", "abd"),
    "sa-east-1": ("Brazil", "abc"),
    "ap-northeast-1": ("Japan", "acd"),
    "ap-northeast-2": ("South Korea", "abc"),
    "ap-northeast-3": ("Japan", "abc"),
    "ap-southeast-1": ("Singapore", "abc"),
    "ap-southeast-2": ("Australia", "abc"),
    "ap-south-1": ("India", "abc"),
    "ap-east-1": ("Hong Kong", "abc"),
}
# id, cpus, ram, disk, price for an hour, architecture; by id, as the server lists them
SIZES: tuple[tuple[str, int, int, int, float, str], ...] = (
    ("a1.medium", 1, 2048, 0, 0.0255, "arm"),
    ("c1.medium", 2, 1740, 350, 0.13, "x86"),
    ("m1.large", 2, 7680, 840, 0.175, "x86"),
    ("m1.medium", 1, 3840, 410, 0.087, "x86"),
    ("m1.small", 1, 1740, 160, 0.044, "x86"),
    ("m1.xlarge", 4, 15360, 1680, 0.35, "x86"),
    ("m2.xlarge", 2, 17510, 420, 0.245, "x86"),
    ("t1.micro", 1, 613, 0, 0.02, "x86"),
    ("t2.medium", 2, 4096, 0, 0.0464, "x86"),
    ("t2.micro", 1, 1024, 0, 0.0116, "x86"),
    ("t2.nano", 1, 512, 0, 0.0058, "x86"),
    ("t2.small", 1, 2048, 0, 0.023, "x86"),
)
OWNER_SELF = "123456789012"
OWNER_MARKET = "679593333241"
# id in us-east-1, name, owner, description, distribution
_IMAGES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "ami-760aaa0f",
        "amzn-ami-hvm-2017.09.1.20171103-x86_64-gp2",
        "137112412989",
        "Amazon Linux AMI 2017.09.1.20171103 x86_64 HVM GP2",
        "other",
    ),
    (
        "ami-35e92e4c",
        "suse-sles-12-sp3-v20170907-hvm-ssd-x86_64",
        "013907871322",
        "SUSE Linux Enterprise Server 12 SP3 (HVM, 64-bit, SSD-Backed)",
        "suse",
    ),
    (
        "ami-1e749f67",
        "ubuntu/images/hvm-ssd/ubuntu-trusty-14.04-amd64-server-20170727",
        "099720109477",
        "Canonical, Ubuntu, 14.04 LTS, amd64 trusty image build on 2017-07-27",
        "ubuntu",
    ),
)
_MARKET: tuple[tuple[str, str, str, str, str], ...] = (
    ("ami-bbbb0001", "marketplace gentoo 2017", OWNER_MARKET, "Gentoo of the market place", "gentoo"),
    # Not recorded: that of 2014, which a search finds, for what is to run on both generations.
    ("ami-76817c1e", "Ubuntu Server 14.04 LTS (PV)", "099720109477", "Ubuntu Server 14.04 LTS (PV)", "ubuntu"),
)


def images(region: str) -> list[tuple[str, str, str, str, str]]:
    """Those that the server lists without a search."""
    return [(_id(region, each[0]), *each[1:]) for each in _IMAGES]


def market_images(region: str) -> list[tuple[str, str, str, str, str]]:
    """Those that only a search finds."""
    return [(_id(region, each[0]), *each[1:]) for each in _MARKET]


def _id(region: str, id_: str) -> str:
    return id_ if region == "us-east-1" else "ami-" + hashlib.sha1(f"{region}:{id_}".encode()).hexdigest()[:8]
