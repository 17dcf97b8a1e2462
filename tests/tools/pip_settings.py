# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the settings of pip on this machine (files, PIP_*, proxy, certificates) as one configuration file.

ansible-test runs pip with a HOME of its own and without these variables: it would look for another package index.
"""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys

lines = subprocess.run(
    [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
).stdout.splitlines()
settings = configparser.RawConfigParser()
settings.add_section("global")
# global.index-url='...' comes from a file; :env:.index-url='...' from a variable, which pip lets win.
for line in sorted(lines, key=lambda line: line.startswith(":env:")):
    name, value = line.split("=", 1)
    section, option = name.rsplit(".", 1)
    section = "global" if section == ":env:" else section
    if option in ("config-file", "no-input"):
        continue
    if not settings.has_section(section):
        settings.add_section(section)
    settings.set(section, option, str(ast.literal_eval(value)).replace("\n", "\n  "))

for option, variables in {
    "proxy": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
    "cert": ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
}.items():
    found = [os.environ[name] for name in variables if os.environ.get(name)]
    if found and not settings.has_option("global", option):
        settings.set("global", option, found[0])

# What is said of each download would bury the tests in CI's log.
if not settings.has_section("install"):
    settings.add_section("install")
settings.set("install", "quiet", "1")
settings.write(sys.stdout)
