# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report made by the real playbook, and a browser without a window to look at it."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient
from ansible_collections.mistio.cloud.tests.emulator import running

ROOT = Path(__file__).parents[2]
EMAIL, PASSWORD = "demo@mist.test", "core-password-for-tests-0123456789"
OPENSTACK = ("Office", "openstack", "demo", "openstack-password-for-tests-0123456789", "demo")
URL = "http://openstack.test:5000/v2.0"
IMAGE, SIZE = "3c7a8a3c-0e0c-4d33-a1a4-8c6d4b0a5e01", "2"
JSON = {"Content-Type": "application/json; charset=UTF-8"}
NOON = 1413540000  # 2014-10-17T10:00:00Z
METRICS = {"load.shortterm": ("Load", ""), "memory.nonfree_percent": ("RAM", "%"), "net.rx": ("Network", "B/s")}
SIZES = {"load.shortterm": 1.2, "memory.nonfree_percent": 60, "net.rx": 2_400_000}
# what the page has when it is shown: the boxes of all charts and of the texts in them, and whether a foreign script ran
PROBE = """<script>
const box = it => { const {x, y, width, height} = it.getBoundingClientRect(); return {x, y, width, height} };
const textOf = (svg, kind) => svg.querySelector(kind).textContent;
const texts = svg => [...svg.querySelectorAll("text")].map(it =>
  ({text: it.textContent, kind: it.getAttribute("class"), ...box(it)}));
const charts = [...document.querySelectorAll("svg")].map(it =>
  ({...box(it), texts: texts(it), title: textOf(it, "title"), desc: textOf(it, "desc"),
    lines: [...it.querySelectorAll("path.line")].map(
      path => ({length: path.getTotalLength(), colour: getComputedStyle(path).stroke, ...box(path)}))}));
const seen = {charts, owned: window.owned === true, width: document.documentElement.scrollWidth};
document.body.insertAdjacentHTML("beforeend", "<pre id=seen></pre>");
document.getElementById("seen").textContent = JSON.stringify(seen);
</script>"""


@pytest.fixture
def mist():
    """A server that is logged in to monitoring's core, with a backend and a key."""
    with running(boot_seconds=0, first_data_seconds=0) as emulator:
        with MistClient(emulator.uri, EMAIL, PASSWORD, generation="backends") as client:
            client.add_key("deploy", client.generate_key())
            client.add_backend(*OPENSTACK, apiurl=URL)
        yield emulator


@pytest.fixture
def machine(mist):
    """machine(name, turn, ...): a monitored machine with an hour of values that is not like that of another turn."""

    def make(name, turn, gap=range(0), metrics=None):
        with MistClient(mist.uri, generation="backends") as client:
            backend = client.backend_from_title("Office")
            made = backend.create_machine(name, client.keys["deploy"], IMAGE, None, SIZE)
            backend.update_machines()[made.id].enable_monitoring()
        stats = {each: series(each, turn, gap, *named) for each, named in (metrics or METRICS).items()}
        path = f"/backends/*/machines/{made.id}/stats"
        mist.fail("answer", path=path, status=200, headers=JSON, body=json.dumps(stats))
        return made

    return make


def series(metric, turn, gap, name, unit):
    size = SIZES.get(metric, 1)
    values = [
        size * (1.4 + math.sin(at / 9 + turn * 1.7) + math.sin(at * (1.3 + turn / 5)) / 5) / 2 for at in range(61)
    ]
    points = [[None if at in gap else round(value, 3), NOON + at * 60] for at, value in enumerate(values)]
    return {"name": name, "unit": unit, "datapoints": points}


@pytest.fixture
def report(mist, tmp_path):
    """report(variable=value ...): the page that playbooks/report.yml writes."""

    def write(**variables):
        page = tmp_path / "report.html"
        given = {"report_start": str(NOON), "report_stop": str(NOON + 3601), "report_file": str(page), **variables}
        environment = {
            **os.environ,
            "MIST_URI": mist.uri,
            "MIST_GENERATION": "backends",
            "ANSIBLE_LOCALHOST_WARNING": "0",
        }
        done = subprocess.run(
            ["ansible-playbook", str(ROOT / "playbooks" / "report.yml"), "-e", json.dumps(given)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return page

    return write


class Browser:
    """Chromium, which may reach nothing but the files that it is shown."""

    def __init__(self, folder):
        self.folder = folder

    def ask(self, page, *options):
        profile = self.folder / f"profile{len(list(self.folder.iterdir()))}"
        limits = [
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--disable-component-update",
        ]
        shown = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
        command = [os.environ["CHROMIUM"], *shown, *limits, *options, page.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    def seen(self, page, width=1280):
        """What PROBE tells of a page, whose own ban on scripts is lifted for that and guards nothing here."""
        probed = page.with_name("probed.html")
        html = page.read_text(encoding="utf-8")
        allowed = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert allowed != html
        probed.write_text(allowed.replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
        dom = self.ask(probed, f"--window-size={width},1000", "--dump-dom")
        return json.loads(unescape(re.search('<pre id="seen">(.*?)</pre>', dom, re.DOTALL)[1]))

    def picture(self, page, file, *options):
        self.ask(page, f"--screenshot={file}", *options)
        return file.read_bytes()


@pytest.fixture
def browser(tmp_path_factory):
    return Browser(tmp_path_factory.mktemp("browser"))
