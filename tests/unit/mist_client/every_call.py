# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A script without Ansible: drives a server, whose address is the argument, through every name of the first client."""

from __future__ import annotations

import sys
from pathlib import Path

from mist_client import MistClient, helpers, model

SECRET = "ec2-secret-for-tests-0123456789"


def keys(client: MistClient) -> None:
    private = client.generate_key()
    key = client.add_key("one", private)
    assert key.private == private
    assert key.public.startswith("ssh-rsa ")
    assert list(key.rename("two")) == ["two"]
    client.keys["two"].set_default()
    assert key.request("keys").get().ok
    client.update_keys()


def backends(client: MistClient) -> model.Backend:
    assert client.supported_providers
    backend = client.add_backend("EC2", "ec2_us_east", "demo-ec2-key", SECRET)
    assert helpers.backend_from_id(client, backend.id).title == "EC2"
    assert client.backend_from_id(backend.id) is client.backend_from_title("EC2")
    assert client.backend_from_provider("ec2_us_east") is client.search_backend("EC2")
    backend.rename("Cloud")
    backend.disable()
    backend.enable()
    assert backend.images
    assert backend.sizes
    assert backend.locations
    assert backend.search_image("ubuntu")
    assert backend.request(f"backends/{backend.id}/networks").get().ok
    return client.update_backends()[backend.id]


def machines(client: MistClient, backend: model.Backend) -> model.Machine:
    machine = backend.create_machine("web", client.keys["two"], "ami-76817c1e", "0", "t1.micro")
    assert helpers.machine_from_id(backend, machine.id) is backend.machine_from_id(machine.id)
    assert backend.machine_from_name("web") is backend.search_machine("web")
    assert backend.machine_from_ip(machine.ips[0]) is backend.machines[machine.id]
    machine.associate_key("two")
    client.keys["two"].associate_to_machine(backend.id, machine.id)
    assert machine.probe("two", "root")["ssh"]
    machine.reboot()
    machine.stop()
    machine.start()
    assert machine.request("backends").get().ok
    return backend.update_machines()[machine.id]


def monitoring(machine: model.Machine, plugin: Path) -> None:
    machine.enable_monitoring()
    assert machine.get_stats()
    assert machine.available_metrics
    machine.add_metric("entropy")
    machine.remove_metric("entropy")
    machine.add_python_plugin("one more", plugin)
    machine.disable_monitoring()


def requests_by_hand(client: MistClient) -> None:
    address = f"{client.transport.uri}/keys"
    handler = helpers.RequestsHandler(address, timeout=10)
    assert handler.response(handler.get()).json()
    private = handler.post().json()["priv"]
    helpers.RequestsHandler(address, {"id": "hand", "priv": private}).put()
    client.request("keys/hand").delete()


def main(uri: str, email: str, password: str, plugin: str) -> None:
    with MistClient(uri, email, password) as client:
        keys(client)
        backend = backends(client)
        machine = machines(client, backend)
        monitoring(machine, Path(plugin))
        requests_by_hand(client)
        machine.destroy()
        backend.delete()
        client.keys["two"].delete()
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
