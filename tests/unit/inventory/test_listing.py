# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which backends are asked, and what stands in for what could not be heard, with a server that is a few lines long."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.mistio.cloud.plugins.module_utils.mist_client import MistError
from ansible_collections.mistio.cloud.plugins.plugin_utils.listing import ListingCache, Policy, chosen, gather


def backend(name, **fields):
    return {"id": name, "title": name.upper(), "provider": "ec2", "region": None, "enabled": True, **fields}


class Server:
    """Stands in for the client and its generation; what is in ``down`` fails."""

    def __init__(self, *down):
        self.down = set(down)
        self.asked = []
        self.api = self
        self.backends = SimpleNamespace(list=lambda: self._ask("backends", [backend("a"), backend("b")]))
        self.machines = SimpleNamespace(list=self.list_machines, list_all=lambda: None)
        self.keys = SimpleNamespace(list=lambda: self._ask("keys", [{"name": "shop"}]))

    def connect(self):
        self._ask("connect")
        return self

    def close(self):
        self.asked.append("close")

    def list_machines(self, backend_id):
        return self._ask(backend_id, [{"id": "m1", "backend_id": backend_id, "ssh_keys": None}])

    def _ask(self, what, answer=None):
        self.asked.append(what)
        if what in self.down:
            raise MistError(f"{what} is down.")
        return answer


def hear(server, memory=None, **policy):
    return gather(server.connect, memory or ListingCache(), Policy(**policy), lambda backends: backends)


def remembered(*names):
    """A memory in which only these are left of what was heard."""
    memory = ListingCache()
    hear(Server(), memory)
    stored = memory.to_store()
    return ListingCache({**stored, "parts": {name: stored["parts"][name] for name in names}})


ALL = ("backends", "machines/a", "machines/b", "keys")


@pytest.mark.parametrize(
    ("wanted", "excluded", "found"),
    [
        ([], [], ["a", "b"]),
        (["A"], [], ["a"]),
        (["a", "b"], ["B"], ["a"]),
        (["ec2"], [], ["a", "b"]),
        (["x"], [], ["off"]),
        ([], ["nosuch"], ["a", "b"]),
    ],
)
def test_backends_are_chosen_by_id_title_or_provider_if_they_are_enabled(wanted, excluded, found):
    there = [backend("a"), backend("b"), backend("off", enabled=False, provider="x")]
    expected = [name for name in found if name != "off"]
    assert [each["id"] for each in chosen(there, wanted, excluded, "http://mist.test")] == expected


def test_ec2_chooses_every_region_of_a_server_of_2014():
    there = [backend("a", provider="ec2_us_east"), backend("b", provider="openstack")]
    assert chosen(there, ["ec2"], [], "http://mist.test") == there[:1]
    assert chosen(there, [], ["ec2"], "http://mist.test") == there[1:]


def test_a_word_that_fits_no_backend_is_refused():
    with pytest.raises(MistError, match=r"Backend 'c' not found on http://mist\.test"):
        chosen([backend("a")], ["a", "c"], [], "http://mist.test")


def test_the_server_is_left_alone_when_all_is_remembered():
    server = Server("connect")
    heard = hear(server, remembered(*ALL), lifetime=60)
    assert server.asked == []
    assert heard.machines["b"][0]["id"] == "m1"
    assert heard.keys == [{"name": "shop"}]


def test_only_what_is_missing_is_asked_for_and_the_client_is_closed():
    server = Server()
    hear(server, remembered("backends", "machines/a", "keys"), lifetime=60)
    assert server.asked == ["connect", "b", "close"]


def test_keys_are_not_asked_for_where_they_are_not_wanted():
    server = Server()
    assert hear(server, with_keys=False).keys == []
    assert "keys" not in server.asked


def test_the_client_is_closed_also_when_the_server_fails():
    server = Server("backends")
    with pytest.raises(MistError, match="backends is down"):
        hear(server)
    assert server.asked[-1] == "close"


def test_a_login_that_is_refused_is_tried_once():
    server = Server("connect")
    with pytest.raises(MistError, match="connect is down"):
        hear(server, remembered("backends"), lifetime=60, on_backend_error="warn")
    assert server.asked == ["connect"]


@pytest.mark.parametrize("policy", ["warn", "stale"])
def test_a_failed_backend_is_reported_beside_the_others(policy):
    heard = hear(Server("a"), on_backend_error=policy)
    assert [(failure.backend["id"], str(failure.error), failure.instead) for failure in heard.failures] == [
        ("a", "a is down.", None)
    ]
    assert heard.machines == {"a": [], "b": [{"id": "m1", "backend_id": "b", "ssh_keys": None}]}


def test_a_failed_backend_fails_all_where_that_is_wanted():
    with pytest.raises(MistError, match=r"^1 backend could not be listed: 'A': a is down\.$"):
        hear(Server("a"), on_backend_error="fail")


def test_old_machines_stand_in_for_those_of_a_failed_backend():
    heard = hear(Server("a"), remembered(*ALL), on_backend_error="stale")
    assert heard.machines["a"][0]["id"] == "m1"
    assert heard.failures[0].instead is not None
    assert heard.server_error is None


@pytest.mark.parametrize("down", ["connect", "backends"])
def test_what_is_remembered_stands_in_for_a_server_that_is_down(down):
    heard = hear(Server(down), remembered(*ALL), on_api_error="stale")
    assert str(heard.server_error) == f"{down} is down."
    assert heard.machines["a"]
    assert heard.machines["b"]
    assert heard.keys


def test_old_keys_stand_in_when_the_keys_alone_cannot_be_heard():
    heard = hear(Server("keys"), remembered(*ALL), on_api_error="stale")
    assert heard.keys == [{"name": "shop"}]
    assert heard.failures == []


def test_a_memory_survives_json_and_anything_else_is_none():
    memory = remembered(*ALL)
    assert ListingCache(memory.to_store()).get("keys") == memory.get("keys")
    for strange in (None, [], "x", {"format": 1, "parts": 5}, {}):
        assert ListingCache(strange).get("keys") is None
