# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guide of the client says beside its table of calls: the example, the arguments, the errors."""

from __future__ import annotations

import inspect
import re
import sys

from ansible_collections.mistio.cloud.plugins.module_utils import mist_client
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.transport import Transport

from .guide import GUIDE, LITERAL

TEXT = GUIDE.read_text(encoding="utf-8")
SECRET = "ec2-secret-for-tests-0123456789"


def example(emulator):
    """The code of the guide, for this server."""
    (block,) = re.findall(r"code-block:: python\n\n((?:   .*\n|\n)+)", TEXT)
    code = re.sub("^   ", "", block, flags=re.MULTILINE)
    login = {"https://mist.example.test": emulator.uri, "...": emulator.token}
    for shown, real in login.items():
        assert f'"{shown}"' in code
        code = code.replace(f'"{shown}"', repr(real))
    return compile(code, "the example of the guide", "exec")


def first_cells(header):
    """The names in the first column of the table with this header."""
    table = TEXT.partition(f"   * - {header}\n")[2].partition("\n\n")[0]
    return {name for line in re.findall(r"   \* - (.*)", table) for name in LITERAL.findall(line)}


def test_the_example_can_be_pasted(clouds, clouds_client, private_key, capsys, monkeypatch):
    key = clouds_client.add_key("web", private_key)
    backend = clouds_client.add_backend("Production", "ec2", "demo-ec2-key", SECRET, region="us-east-1")
    machine = backend.create_machine("web-1", key, "ami-1e749f67", "0", "t2.micro")
    monkeypatch.setitem(sys.modules, "mist_client", mist_client)
    exec(example(clouds), {})
    assert capsys.readouterr().out == f"Production web-1 running {machine.ips}\n"


def test_the_example_prints_an_error_as_a_sentence(capsys, monkeypatch, clouds):
    clouds.fail("answer", status=401, body="Not authorized")
    monkeypatch.setitem(sys.modules, "mist_client", mist_client)
    exec(example(clouds), {})
    assert capsys.readouterr().out.startswith(f"GET {clouds.uri}/api/v1/clouds answered 401: Not authorized. ")


def test_the_guide_lists_every_further_argument():
    taken = {**inspect.signature(mist_client.MistClient).parameters, **inspect.signature(Transport).parameters}
    further = {name for name, each in taken.items() if each.kind is each.KEYWORD_ONLY}
    assert first_cells("Argument") == further - {"api_token"}
    assert "Instead of ``api_token``" in TEXT


def test_the_guide_lists_every_error_that_the_client_hands_out():
    assert first_cells("Error") >= set(mist_client.__all__) - {"MistClient", "MistError"}
