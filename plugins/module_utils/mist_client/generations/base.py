# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of a generation of servers: one small class for each kind of object, with canonical names and records.

Ids are those that ``list`` returned. They are quoted in paths. Every operation that sends a request can raise
``RequestFailed``, ``NoAnswer`` and ``NotMist``. The docstrings name only other errors.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Callable, ClassVar, Dict, List, Mapping, Sequence, TypeVar

from ..errors import NotSupported
from ..records import (
    AssociationRecord,
    BackendRecord,
    BackendSpec,
    ExpirationRecord,
    ImageRecord,
    KeyRecord,
    LocationRecord,
    LoginRecord,
    MachineRecord,
    MachineSpec,
    MetricRecord,
    MonitoredRecord,
    MonitoringRecord,
    NetworkRecord,
    PluginRecord,
    ProbeRecord,
    ProviderRecord,
    SeriesRecord,
    SizeRecord,
)
from ..transport import Transport
from .wire import LOGIN_REQUIRED, Wire

Operation = TypeVar("Operation", bound=Callable[..., Any])

#: by name of a generation, the years of its servers for messages
GENERATION_LABELS = {"backends": "2014 and 2015", "clouds": "2016 and later"}


class Noun(ABC):  # noqa: B024 (its subclasses are abstract)
    """One kind of object on a server. ``wire`` sends its requests, ``api`` has the other kinds.

    An operation that not all generations have is not abstract. By default it raises NotSupported.
    """

    def __init__(self, api: Generation) -> None:
        self.api = api
        self.wire = api.wire

    def not_supported(self, act: str) -> NotSupported:
        """See Generation."""
        return self.api.not_supported(act)


def offline(operation: Operation) -> Operation:
    """Mark an operation that sends no request. It cannot detect the generation of a server."""
    operation.is_offline = True  # type: ignore[attr-defined]
    return operation


def is_offline(operation: Callable[..., Any]) -> bool:
    """Whether an operation is marked as ``offline``."""
    return getattr(operation, "is_offline", False)


class Session(Noun):
    """Authentication and organization."""

    def requires_login(self) -> bool:
        """Whether the server is of the other generation and requires authentication. Costs a request."""
        return False

    @abstractmethod
    def use_token(self, token: str, email: str | None) -> None:
        """Send this API token from now on."""

    @abstractmethod
    def log_in(self, email: str, password: str, org: str | None) -> None:
        """Get a token for this user and send it from now on. A server that requires no token is accepted too.

        InvalidValue if the user is not a member of the organization ``org``, an id or a name.
        """

    @abstractmethod
    def log_out(self) -> None:
        """Revoke the token that ``log_in`` got. Never raises a MistError."""

    def check_org(self, org: str) -> None:
        """InvalidValue if the token is not for the organization ``org``, an id or a name."""
        raise self.not_supported("select an organization (mist_org)")


class Backends(Noun):
    """Cloud accounts, and the available providers."""

    #: whether the credentials of an existing backend can be changed
    can_update: ClassVar[bool] = False

    @abstractmethod
    def list_providers(self) -> List[ProviderRecord]: ...

    @offline
    @abstractmethod
    def canonical_provider(self, provider: str) -> str:
        """The name of the provider in ``list_providers`` and ``list``. Sends nothing."""

    @abstractmethod
    def list(self) -> List[BackendRecord]: ...

    @offline
    @abstractmethod
    def check_title(self, title: str) -> None:
        """InvalidValue if the server would reject or change this title. Sends nothing."""

    @offline
    @abstractmethod
    def predict(self, spec: BackendSpec) -> BackendRecord:
        """The record that ``list`` returns after ``add``. ``id`` is None if the server generates it.

        Sends nothing.
        """

    @offline
    @abstractmethod
    def find_same(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        """The backend with which ``spec`` conflicts: the server would reject ``add``. Sends nothing."""

    @offline
    @abstractmethod
    def check_spec(self, spec: BackendSpec) -> None:
        """InvalidValue if the server would reject ``spec``, whatever backends exist. Changes nothing."""

    @abstractmethod
    def check_region(self, spec: BackendSpec) -> None:
        """InvalidValue if the server does not list the region for this provider. Changes nothing."""

    @offline
    @abstractmethod
    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        """Why ``backend`` is not of the account in ``spec``; "" if it can be. Sends nothing."""

    @offline
    def describe_drift(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        """Sentences about the defaults of a new backend that ``backend`` does not have. Sends nothing."""
        return []

    @offline
    @abstractmethod
    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        """The options of ``spec`` that identify an account or its address and that the server does not list.

        Without secrets. Sends nothing.
        """

    @abstractmethod
    def add(self, spec: BackendSpec, warnings: List[str] | None = None) -> BackendRecord:
        """Raises Conflict, with the id of the backend, if the account exists already.

        Appends a sentence to ``warnings`` for each part that was not added, if that is not an error.
        """

    def missing_hosts(self, backend: BackendRecord, spec: BackendSpec) -> List[dict[str, Any]] | None:
        """The hosts of ``spec`` that the backend does not have, as arguments for ``add_host``. Changes nothing.

        None if ``spec`` has no hosts, or if the server cannot add a host.
        """
        return None

    @offline
    def describe_host(self, host: Mapping[str, Any]) -> str:
        """A host of ``missing_hosts`` in words. Sends nothing."""
        raise self.not_supported("add a host to a backend")

    def add_host(self, backend_id: str, host: Mapping[str, Any]) -> None:
        """Add a host to a backend of hosts. Not idempotent: a second call adds it twice."""
        raise self.not_supported("add a host to a backend")

    def update_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        """Replace the fields that ``spec`` sets."""
        raise self.not_supported("change the credentials of a backend")

    @offline
    def predict_updated(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        """The record that ``list`` returns after ``update_credentials``. Sends nothing."""
        raise self.not_supported("change the credentials of a backend")

    @abstractmethod
    def rename(self, backend_id: str, title: str) -> None: ...

    @abstractmethod
    def enable(self, backend_id: str, enabled: bool) -> None: ...

    @abstractmethod
    def remove(self, backend_id: str) -> None: ...

    @offline
    @abstractmethod
    def looks_like_id(self, word: str) -> bool:
        """Whether ``word`` looks more like the id of a backend than like a title."""


class Keys(Noun):
    """SSH key pairs, and their associations with machines."""

    @abstractmethod
    def list(self) -> List[KeyRecord]: ...

    @abstractmethod
    def generate(self) -> str:
        """A new private key. The server does not store it."""

    @offline
    @abstractmethod
    def check_name(self, name: str) -> None:
        """InvalidValue if a key with this name could not be used later. Sends nothing."""

    @offline
    @abstractmethod
    def check_private(self, private: str) -> None:
        """InvalidValue, with a command as hint, if the server does not accept keys of this kind. Sends nothing."""

    @offline
    @abstractmethod
    def predict(self, name: str, is_first: bool = False) -> KeyRecord:
        """The record that ``list`` returns after ``add``. The first key becomes the default.

        ``id`` is None if the server generates it. Sends nothing.
        """

    @offline
    @abstractmethod
    def predict_renamed(self, key: KeyRecord, name: str) -> KeyRecord:
        """The record that ``list`` returns after ``rename``. Sends nothing."""

    @abstractmethod
    def add(self, name: str, private: str) -> KeyRecord:
        """Raises Conflict if the name exists already, even for the same key."""

    @abstractmethod
    def replace(self, key_id: str, private: str) -> KeyRecord:
        """Replace the key pair of a key, and return the new key.

        One of them exists at any time. The associations of the old key are lost, and it may no longer be the default.
        """

    @abstractmethod
    def rename(self, key_id: str, name: str) -> None:
        """Servers of 2014 overwrite an existing key with this name. Check the name first."""

    @abstractmethod
    def make_default(self, key_id: str) -> None: ...

    @abstractmethod
    def remove(self, key_id: str) -> None: ...

    @abstractmethod
    def private(self, key_id: str) -> str: ...

    @abstractmethod
    def public(self, key_id: str) -> str: ...

    @abstractmethod
    def associate(
        self,
        key_id: str,
        backend_id: str,
        machine_id: str,
        host: str,
        user: str | None,
        port: int,
        keep_failed: bool = False,
    ) -> List[AssociationRecord]:
        """Let Mist log in to ``host`` and deploy the key there. Returns all associations of the key.

        Some servers store the association even if the login failed. It is then removed, unless ``keep_failed`` is set.
        """

    @offline
    @abstractmethod
    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        """NotSupported if ``associate`` cannot use this ``host`` or ``keep_failed``. Sends nothing."""

    @offline
    @abstractmethod
    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        """The login that ``associate`` will use for one of ``keys``. A ``user`` or ``port`` that is not given is None.

        InvalidValue if the server would use another port than ``port``. Sends nothing.
        """

    @abstractmethod
    def dissociate(self, key_id: str, backend_id: str, machine_id: str, host: str | None) -> List[AssociationRecord]:
        """Remove an association. With ``host``, the key is also removed from that host, if Mist can log in."""


class Machines(Noun):
    """The machines of backends."""

    @abstractmethod
    def list(self, backend_id: str) -> List[MachineRecord]: ...

    @abstractmethod
    def list_all(self) -> List[MachineRecord] | None:
        """The machines of all backends from the server's last poll; None if the server has no such list."""

    @offline
    @abstractmethod
    def check_spec(self, spec: MachineSpec) -> None:
        """InvalidValue if the server would reject, change or lose a part of ``spec``. Sends nothing."""

    @abstractmethod
    def check_names(self, backend_id: str, names: Sequence[str]) -> None:
        """InvalidValue if the backend does not allow one of these names. Changes nothing."""

    def describe_unlisted(self, backend_id: str, machines: Sequence[MachineRecord]) -> str:
        """Which machines ``list`` leaves out on this backend, and how to list them; else "".

        ``machines`` is the result of ``list``.
        """
        return ""

    @abstractmethod
    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """InvalidValue if the backend cannot create machines there. Changes nothing."""

    @abstractmethod
    def check_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        """NotSupported if the backend's provider always rejects one of these actions. Changes nothing."""

    @offline
    @abstractmethod
    def check_changes(self, changes: Mapping[str, Any]) -> None:
        """NotSupported if ``new_name``, ``tags`` or ``expiration`` cannot be changed this way. Sends nothing."""

    @offline
    @abstractmethod
    def predict(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        """The record of a machine before it is created. Values that only the server knows are None or empty.

        ``size`` and ``location`` are those of ``spec``, if they are known. Sends nothing.
        """

    @abstractmethod
    def create(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        """Not idempotent: a second call creates a second machine. List the machines before you call it again.

        RequestFailed with status 500 if the provider failed; WaitedTooLong if the result is unknown.
        """

    @abstractmethod
    def act(self, backend_id: str, machine_id: str, action: str) -> List[MachineRecord]:
        """Run start, stop, reboot, destroy, or another of ``MachineRecord.actions`` that requires no arguments.

        Returns the backend's machines after it, like the next three operations.
        """

    def rename(self, backend_id: str, machine_id: str, name: str) -> List[MachineRecord]:
        raise self.not_supported("rename a machine")

    @abstractmethod
    def resize(self, backend_id: str, machine_id: str, size_id: str) -> List[MachineRecord]: ...

    def remove(self, backend_id: str, machine_id: str) -> List[MachineRecord]:
        """Remove a host that was added to a backend of hosts. The host itself is not changed."""
        raise self.not_supported("remove a single host from a backend")

    @offline
    @abstractmethod
    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> List[tuple[Mapping[str, str], Mapping[str, str]]]:
        """The tags to add and to remove in each call of ``change_tags``, so that each call is one request.

        InvalidValue if the machine's provider would reject a tag. Sends nothing.
        """

    @abstractmethod
    def change_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        """Set the tags ``added``, and remove the tags ``removed``. Existing values are replaced.

        Both are dicts of values by name.
        """

    def expire(self, backend_id: str, machine_id: str, expiration: ExpirationRecord | None) -> None:
        """Set the expiration of a machine; None removes it."""
        raise self.not_supported("set the expiration of a machine")

    @abstractmethod
    def probe(self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None) -> ProbeRecord:
        """Probe a machine by ping and SSH. It is not an error if neither works."""


class Catalogue(Noun):
    """The images, sizes, locations and networks of a backend."""

    @abstractmethod
    def list_images(self, backend_id: str, search: str = "") -> List[ImageRecord]: ...

    @abstractmethod
    def list_sizes(self, backend_id: str) -> List[SizeRecord]: ...

    @abstractmethod
    def list_locations(self, backend_id: str) -> List[LocationRecord]: ...

    @abstractmethod
    def list_networks(self, backend_id: str) -> List[NetworkRecord]: ...


class Monitoring(Noun):
    """The monitored machines, and their metrics, plugins and stats."""

    #: whether a machine keeps its metrics while monitoring is disabled
    remembers_metrics: ClassVar[bool] = False

    @abstractmethod
    def list(self) -> List[MonitoredRecord]:
        """The monitored machines of all backends."""

    @abstractmethod
    def enable(self, backend_id: str, machine: MachineRecord) -> MonitoringRecord: ...

    @abstractmethod
    def disable(self, backend_id: str, machine_id: str) -> None: ...

    @abstractmethod
    def get_stats(self, backend_id: str, machine_id: str, start: int, stop: int, step: int) -> dict[str, SeriesRecord]:
        """Values by metric id; ``start`` and ``stop`` are Unix times, ``step`` is in seconds."""

    @abstractmethod
    def list_metrics(self, backend_id: str, machine_id: str) -> dict[str, MetricRecord]:
        """The metrics that can be added to a monitored machine, by id."""

    @offline
    def predict_metric(self, metric: MetricRecord) -> MetricRecord:
        """The record of a metric after it is added, as far as it can be predicted. Sends nothing."""
        return metric

    @offline
    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """Whether a series of stats belongs to a metric. Sends nothing."""
        return series_id == metric_id

    @abstractmethod
    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        """The record of the added metric; None if the server does not return it."""

    @abstractmethod
    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None: ...

    @abstractmethod
    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        """Deploy Python code that feeds a metric from the machine. ``value_type`` is gauge or derive.

        Replaces an existing plugin with the same name. ``done`` of an error lists what was already removed.
        """

    @offline
    @abstractmethod
    def check_plugin(self, name: str, code: str) -> None:
        """InvalidValue if the server would reject the name or the code without running it. Sends nothing."""

    @offline
    @abstractmethod
    def plugin_metric(self, name: str) -> str:
        """The id of the metric that the plugin with this name feeds. Sends nothing."""

    @offline
    def is_of_plugin(self, metric_id: str, name: str) -> bool:
        """Whether the plugin with this name feeds a metric. A plugin can feed more than one. Sends nothing."""
        return metric_id == self.plugin_metric(name)

    @offline
    @abstractmethod
    def plugin_of(self, metric_id: str) -> str | None:
        """The name of the plugin that feeds a metric, or None. Sends nothing."""

    @abstractmethod
    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """The names of the plugins whose code contains their word. ``words`` are letters and digits, by plugin name.

        None if the code cannot be read. Changes nothing.
        """

    @abstractmethod
    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        """Remove a plugin and its metrics, except the metrics that are returned."""

    @offline
    def plugin_file(self, machine_id: str, name: str) -> str:
        """The file that stays on the machine after a plugin is removed; "" if Mist removes it. Sends nothing."""
        return ""


NOUNS: Dict[str, type[Noun]] = {
    "session": Session,
    "backends": Backends,
    "keys": Keys,
    "machines": Machines,
    "catalogue": Catalogue,
    "monitoring": Monitoring,
}


class Generation:
    """A server of one generation, with one attribute for each kind of object. Class attributes describe its API."""

    name: ClassVar[str]
    #: the server whose answers have this format, for errors
    since: ClassVar[str]
    #: paths whose POST changes nothing, see Transport
    reading_posts: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: (status, beginning of the server's text, hint); the first match is used
    hints: ClassVar[tuple[tuple[int, str, str], ...]] = ()
    #: (status, text) of the answers to a request without the required authentication
    login_refusals: ClassVar[tuple[tuple[int, str], ...]] = ()
    #: the hint for an answer that does not come from a server of this generation
    wrong_server: ClassVar[str] = ""

    session: Session
    backends: Backends
    keys: Keys
    machines: Machines
    catalogue: Catalogue
    monitoring: Monitoring

    def __init__(self, transport: Transport, *, has_login: bool = True, assumed: bool = False) -> None:
        """``has_login`` is whether the user gave credentials. If not, the generation may only be ``assumed``."""
        self.transport = transport
        self.wire = Wire(transport, self, has_login)
        self.assumed = assumed
        transport.reading_posts = (*transport.reading_posts, *self.reading_posts)

    def find_out(self) -> str:
        """The name of the generation. Costs a request if it is not known yet."""
        return self.name

    def lacks_login(self) -> bool:
        """Whether the assumed generation is wrong because credentials are missing. May cost a request."""
        return self.assumed and self.session.requires_login()

    def not_supported(self, act: str) -> NotSupported:
        """The error for an operation that only the other generation supports, such as ``rename a machine``.

        Without credentials, the generation may only be assumed. The error then says that credentials are required.
        """
        if self.lacks_login():
            return NotSupported(LOGIN_REQUIRED)
        (other,) = set(GENERATION_LABELS) - {self.name}
        hint = f"This requires a server of generation {other!r} ({GENERATION_LABELS[other]})."
        if self.assumed:
            hint += (
                " No credentials were given, so this server is assumed to be a standalone server of 2014."
                " If it is not, set mist_api_token, or mist_email and mist_password."
            )
        return NotSupported(f"Servers of generation {self.name!r} ({GENERATION_LABELS[self.name]}) cannot {act}.", hint)
