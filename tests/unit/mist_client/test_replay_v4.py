# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each operation asks Mist 4.7 what was recorded, word by word, and takes the recorded answer, byte by byte.

The server here knows nothing but the recordings: it answers a request that succeeded there with the same method, path
and body, and has a web page for all else.
"""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistClient
from ansible_collections.mistio.cloud.plugins.module_utils.mist_client.errors import NoSuchAddress
from ansible_collections.mistio.cloud.tests.unit.recordings import read_exchanges

from .servers import http_server

EXCHANGES = read_exchanges("4.7")
BY_NAME = {exchange["name"]: exchange for exchange in EXCHANGES}
DOCKER, EC2 = "699f52e154ac43d88128d85cfc1deba0", "34c61163c2bf4d0690430c6cf8653f0f"
METAL, SPARE = "c4bf53538b3d4a7ba8cd2f46c548d218", "dfb7d017bdd84f59bb40e9ecdfc324f0"
E1, H1, HX = "68cffc2622d74d5e889e958af7d44a86", "a66deed38bcf4ccaa140c3c913ff0936", "682f5888bee245ac81208725a4e9f29e"
K1, K2, KX = "bf41433574124baab857074d85aaa452", "6bdf5cd835bd4c2ab8ce87a25742679c", "4a5d0373ee124095999a2c6afd03d70d"
PEM = "<RSA PRIVATE KEY PEM>"
AWS = {"title": "awsx", "provider": "ec2", "api_key": "A", "api_secret": "s", "region": "us-east-1"}
ENGINE = {"title": "docker1", "provider": "docker", "api_url": "127.0.0.1", "docker_port": 2376}
HOST = {"machine_ip": "127.0.0.1", "machine_port": 28822, "machine_user": "mistssh"}
NEW_YEAR = {"date": "2030-01-01 00:00:00", "action": "stop", "notify": 3600}
MADE_OF = {name: value for name, value in BY_NAME["create-ec2-async"]["request"]["body"].items() if name != "async"}
NOW = 1795428900


class Replay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = (self.command, self.path, json.loads(sent) if sent else None)
        self.server.asked.append(asked)
        fitting = [each["response"] for each in EXCHANGES if request_of(each) == asked and succeeded(each)]
        status, kind, body = 404, "text/html", "<!DOCTYPE html>"
        if fitting:
            status, kind, body = (fitting[-1][field] for field in ("status", "content_type", "body"))
        payload = (body if kind.startswith("text/") else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args):
        """Nothing is printed."""


def request_of(exchange):
    request = exchange["request"]
    return request["method"], request["path"], request["body"]


def succeeded(exchange):
    return exchange["response"]["status"] == 200 or exchange["name"] == "machine-remove-other"


@pytest.fixture
def replay():
    with http_server(None, Replay) as server:
        yield server


@pytest.fixture
def api(replay):
    with MistClient(replay.uri, api_token="a-token-for-tests-0123456789", generation="clouds", retries=0) as client:
        yield client.api


RECORDED = {
    "providers": lambda api: api.backends.list_providers(),
    "org": lambda api: api.session.check_org("admin@example.com") or True,
    "backends": lambda api: api.backends.list(),
    "keys": lambda api: api.keys.list(),
    "machines": lambda api: api.machines.list(EC2),
    "hosts": lambda api: api.machines.list(METAL),
    "all machines": lambda api: api.machines.list_all(),
    "images": lambda api: api.catalogue.list_images(DOCKER) and api.catalogue.list_images(EC2),
    "search": lambda api: api.catalogue.list_images(DOCKER, "redis"),
    "sizes": lambda api: api.catalogue.list_sizes(EC2),
    "locations": lambda api: api.catalogue.list_locations(DOCKER) and api.catalogue.list_locations(EC2),
    "networks": lambda api: api.catalogue.list_networks(EC2),
    "add ec2": lambda api: api.backends.add(AWS),
    "add docker": lambda api: api.backends.add({**ENGINE, "credentials": {"show_all": True}}),
    "add hosts": lambda api: api.backends.add({"title": "metal1", "provider": "other"}),
    "add a host": lambda api: api.backends.add(
        {"title": "metal2", "provider": "other", **HOST, "credentials": {"operating_system": "unix"}}
    ),
    "rename a backend": lambda api: api.backends.rename(DOCKER, "docker-renamed") is None,
    "enable": lambda api: api.backends.enable(DOCKER, True) is None,
    "disable": lambda api: api.backends.enable(DOCKER, False) is None,
    "remove a backend": lambda api: api.backends.remove(DOCKER) is None,
    "credentials": lambda api: (
        api.backends.update_credentials(EC2, {"provider": "ec2", "api_key": "FAKEOTHER", "api_secret": "othersecret"})
        is None
    ),
    "generate": lambda api: api.keys.generate(),
    "add a key": lambda api: api.keys.add("k1", PEM),
    "rename a key": lambda api: api.keys.rename(K2, "k2b") is None,
    "default": lambda api: api.keys.make_default(K2) is None,
    "remove a key": lambda api: api.keys.remove(KX) is None,
    "halves": lambda api: api.keys.private(K1) and api.keys.public(K1),
    "stop": lambda api: api.machines.act(EC2, E1, "stop"),
    "rename a machine": lambda api: api.machines.rename(EC2, E1, "e1-renamed"),
    "resize": lambda api: api.machines.resize(EC2, E1, BY_NAME["action-resize"]["request"]["body"]["size"]),
    "forget a host": lambda api: api.machines.remove(SPARE, HX) == [],
    "expire": lambda api: api.machines.expire(EC2, E1, NEW_YEAR) is None,
    "tags": lambda api: api.machines.change_tags(EC2, E1, {"k": "v"}, {"flag": ""}) is None,
    "monitored": lambda api: api.monitoring.list(),
    "enable monitoring": lambda api: api.monitoring.enable(METAL, {"id": H1})["command"],
    "stats": lambda api: api.monitoring.get_stats(METAL, H1, NOW - 300, NOW, 10),
    "metrics": lambda api: api.monitoring.list_metrics(METAL, H1),
    "add a metric": lambda api: api.monitoring.add_metric(METAL, H1, "system.load5") or True,
    "remove a metric": lambda api: api.monitoring.remove_metric(METAL, H1, "system.load5") is None,
    "remove a plugin": lambda api: api.monitoring.remove_plugin(METAL, H1, "h", "p")["metrics"] == [],
    "scripts": lambda api: api.monitoring.find_in_plugins(METAL, H1, "h", {"a": "b"}) == set(),
}

#: what is sent otherwise than it was recorded
ASSUMED = {
    "log in": lambda api: api.session.log_in("admin@example.com", "a-password-for-tests-0123456789", None),
    "probe": lambda api: api.machines.probe(SPARE, HX, "127.0.0.1", None, None),
    "disable monitoring": lambda api: api.monitoring.disable(METAL, H1),
    "deploy a plugin": lambda api: api.monitoring.deploy_plugin(METAL, H1, "h", "p", "#!/bin/sh\n", "gauge", ""),
}


@pytest.mark.parametrize("operation", RECORDED)
def test_what_is_asked_was_recorded_and_its_answer_is_understood(api, monkeypatch, operation):
    monkeypatch.setattr(time, "time", lambda: NOW)
    assert RECORDED[operation](api)


def test_a_create_goes_by_the_recorded_job_to_the_recorded_machine(api, replay, monkeypatch):
    monkeypatch.setattr(api.keys, "list", lambda: [{"id": K1, "name": "k1"}])  # it was removed in the end
    made = api.machines.create(EC2, MADE_OF)
    assert (made["name"], made["external_id"]) == ("e2", "i-f1147028265e1a0f3")
    assert [asked[0] for asked in replay.asked] == ["POST", "GET", "GET"]


@pytest.mark.parametrize("operation", ASSUMED)
def test_what_was_never_recorded_is_known(api, operation):
    with pytest.raises(NoSuchAddress):
        ASSUMED[operation](api)
