# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide docs/docsite/rst/providers.rst says what the table of providers says, and its examples can be pasted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.clouds_v4 import providers
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.generations.provider_table import (
    PROVIDERS,
    needs_option,
)

GUIDE = Path(__file__).parents[3] / "docs" / "docsite" / "rst" / "providers.rst"
TEXT = GUIDE.read_text(encoding="utf-8")


def rows():
    """The cells of each row by driver, without the header."""
    table = TEXT.partition(".. list-table::")[2]
    cells = [row.split("\n     - ") for row in table.split("\n   * - ")[2:]]
    return {re.findall("``(.*?)``", row[1])[0]: [cell.strip() for cell in row] for row in cells}


def test_the_table_has_a_row_for_each_provider():
    assert list(rows()) == list(PROVIDERS)


@pytest.mark.parametrize("driver", PROVIDERS)
def test_a_row_says_what_the_provider_takes(driver):
    title, names, required, optional = rows()[driver]
    provider = PROVIDERS[driver]
    (record,) = [each for each in providers.providers() if each["provider"] == driver]
    assert title == provider.title
    assert re.findall("``(.*?)``", names) == [driver, *provider.aliases]
    assert required == format_words(provider, record["required"])
    assert optional == format_words(provider, record["optional"])


def format_words(provider, words):
    fields = {field.option or f"credentials.{field.name}": field for field in provider.all_fields}
    return "; ".join(format_word(word, fields[word]) for word in words) or "Nothing."


def format_word(word, field):
    has_one_word = field.name in (word, word.partition(".")[2]) or needs_option(field)
    name = "" if has_one_word else f" (``{field.name}``)"
    return f"``{word}``{name}{', secret' if field.secret else ''}"


@pytest.mark.parametrize("block", re.findall(r"code-block:: yaml\n\n((?:   .*\n|\n)+)", TEXT))
def test_an_example_is_a_backend_that_can_be_added(block):
    for task in yaml.safe_load(block):
        options = task["mistio.cloud.mist_backend"]
        spec = {name: value for name, value in options.items() if not name.startswith("mist_")}
        assert providers.payload(spec)["name"] == spec["title"]


def test_the_two_ways_are_the_same():
    (both,) = [
        yaml.safe_load(block) for block in re.findall(r"yaml\n\n((?:   .*\n|\n)+)", TEXT) if "eu-central" in block
    ]
    first, second = [providers.payload(task["mistio.cloud.mist_backend"]) for task in both]
    assert first == second


@pytest.mark.parametrize("driver", ["other", "libvirt"])
def test_all_fields_of_a_host_are_returned(driver):
    (line,) = re.findall(rf"``credentials\.{PROVIDERS[driver].fields[0].name}``[^.]*\.", TEXT)[:1]
    assert {field.name for field in PROVIDERS[driver].hosts} <= set(re.findall("``(.*?)``", line))
