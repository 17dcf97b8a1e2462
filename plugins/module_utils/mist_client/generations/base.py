# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a generation of servers offers: one small interface for each kind of object, in canonical words and records.

An id is what ``list`` returned. It is quoted on its way into a path. Every operation that sends a request may raise
``RequestFailed``, ``NoAnswer`` and ``NotMist``; the docstrings name only what else there is to know.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Callable, ClassVar, Dict, List, Mapping, Sequence, TypeVar

from ..errors import InvalidValue, NotSupported
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
from ..wording import join_words
from .wire import LOGIN_REQUIRED, Wire

Operation = TypeVar("Operation", bound=Callable[..., Any])

#: the generations by name, as users read of them
GENERATION_LABELS = {"backends": "2014 and 2015", "clouds": "2016 and later"}


class Noun(ABC):  # noqa: B024 (its interfaces are abstract)
    """One kind of object on a server. ``wire`` sends its requests, ``api`` has the other kinds.

    An operation that a generation may lack is not abstract: unless a generation has it, it raises NotSupported.
    """

    def __init__(self, api: Generation) -> None:
        self.api = api
        self.wire = api.wire

    def not_supported(self, what: str) -> NotSupported:
        """See Generation."""
        return self.api.not_supported(what)


def offline(operation: Operation) -> Operation:
    """Mark an operation that sends nothing, so that its answer cannot show of which generation a server is."""
    operation.is_offline = True  # type: ignore[attr-defined]
    return operation


def is_offline(operation: Callable[..., Any]) -> bool:
    """Whether an operation is marked as ``offline``."""
    return getattr(operation, "is_offline", False)


class Session(Noun):
    """Who uses the server: authentication and organization."""

    def requires_login(self) -> bool:
        """Whether the server turns out to be one of the other generation that requires a login; costs a request."""
        return False

    @abstractmethod
    def use_token(self, token: str, email: str | None) -> None:
        """Show this API token from now on."""

    @abstractmethod
    def log_in(self, email: str, password: str, org: str | None) -> None:
        """Get a token for this user and show it from now on; a server that wants none is fine too.

        InvalidValue when the user is in no organisation ``org``, an id or a name.
        """

    @abstractmethod
    def log_out(self) -> None:
        """Give back the token that ``log_in`` got. Whether or not that works, it raises no MistError."""

    def check_org(self, org: str) -> None:
        """InvalidValue when the token that is shown is of another organisation than this, an id or a name."""
        raise self.not_supported("choose an organization (mist_org)")


class Backends(Noun):
    """Cloud accounts, and the providers that there are."""

    #: whether a backend that is there can get other credentials
    can_update: ClassVar[bool] = False

    @abstractmethod
    def list_providers(self) -> List[ProviderRecord]: ...

    @offline
    @abstractmethod
    def canonical_provider(self, provider: str) -> str:
        """The name that ``list_providers`` and ``list`` have for it. Nothing is sent."""

    @abstractmethod
    def list(self) -> List[BackendRecord]: ...

    @offline
    @abstractmethod
    def check_title(self, title: str) -> None:
        """InvalidValue when the server would refuse or alter this title. Nothing is sent."""

    @offline
    @abstractmethod
    def predict(self, spec: BackendSpec) -> BackendRecord:
        """What ``list`` will show once ``spec`` is added; ``id`` is None if only the server makes it.

        Nothing is sent.
        """

    @offline
    @abstractmethod
    def find_same(self, backends: Sequence[BackendRecord], spec: BackendSpec) -> BackendRecord | None:
        """The one of ``backends`` for which the server would refuse to add ``spec``. Nothing is sent."""

    @offline
    @abstractmethod
    def check_spec(self, spec: BackendSpec) -> None:
        """InvalidValue when the server would refuse to add this, whatever is there already. Writes nothing."""

    @abstractmethod
    def check_region(self, spec: BackendSpec) -> None:
        """InvalidValue when the server has no such region for this provider. Writes nothing."""

    @offline
    @abstractmethod
    def account_mismatch(self, backend: BackendRecord, spec: BackendSpec) -> str:
        """Why ``backend``, of another account, is not what ``spec`` makes; "" if it may be. Nothing is sent."""

    @offline
    def describe_drift(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        """Sentences about what a new backend would have otherwise, though ``spec`` does not say it. Nothing is sent."""
        return []

    @offline
    @abstractmethod
    def unshown_options(self, backend: BackendRecord, spec: BackendSpec) -> List[str]:
        """The options of ``spec`` that name an account or its address and that the server does not show.

        Secrets are left out. Nothing is sent.
        """

    @abstractmethod
    def add(self, spec: BackendSpec, warnings: List[str] | None = None) -> BackendRecord:
        """Conflict, with the id of the backend, when the account is there already.

        ``warnings`` gets a sentence about what was not added with it, where that is no failure.
        """

    def missing_hosts(self, backend: BackendRecord, spec: BackendSpec) -> List[dict[str, Any]] | None:
        """The hosts of ``spec``, as ``add_host`` takes them, that a backend of hosts does not have. Writes nothing.

        None where ``spec`` gives no hosts, or the server has no way to add one.
        """
        return None

    @offline
    def describe_host(self, host: Mapping[str, Any]) -> str:
        """A host of ``missing_hosts`` in words. Nothing is sent."""
        raise self.not_supported("to add a host to a backend")

    def add_host(self, backend_id: str, host: Mapping[str, Any]) -> None:
        """Add it to a backend of hosts; a second call adds it twice."""
        raise self.not_supported("to add a host to a backend")

    def update_credentials(self, backend_id: str, spec: BackendSpec) -> None:
        """Put the fields that ``spec`` gives in the place of the old ones."""
        raise self.not_supported("change the credentials of a backend")

    @offline
    def predict_updated(self, backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
        """What ``list`` will show of ``backend`` once it has these credentials. Nothing is sent."""
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
        """Whether ``word`` is more likely a backend's id than its title."""


class Keys(Noun):
    """SSH key pairs, and the machines that they are on."""

    @abstractmethod
    def list(self) -> List[KeyRecord]: ...

    @abstractmethod
    def generate(self) -> str:
        """A fresh private key; the server does not store it."""

    @offline
    @abstractmethod
    def check_name(self, name: str) -> None:
        """InvalidValue when the server could not address a key of this name. Nothing is sent."""

    @offline
    @abstractmethod
    def check_private(self, private: str) -> None:
        """InvalidValue, with the command that mends it, when the server takes no key of this kind. Nothing is sent."""

    @offline
    @abstractmethod
    def predict(self, name: str, is_first: bool = False) -> KeyRecord:
        """What ``list`` will show once the key is added; the first one becomes the default.

        ``id`` is None if only the server makes it. Nothing is sent.
        """

    @offline
    @abstractmethod
    def predict_renamed(self, key: KeyRecord, name: str) -> KeyRecord:
        """What ``list`` will show once the key is renamed. Nothing is sent."""

    @abstractmethod
    def add(self, name: str, private: str) -> KeyRecord:
        """Conflict when the name is taken, also by the same key."""

    @abstractmethod
    def replace(self, key_id: str, private: str) -> KeyRecord:
        """Put another key in the place of one; the new one is returned.

        There is one at any time. The old one's associations are lost, and so it may be that it was the default.
        """

    @abstractmethod
    def rename(self, key_id: str, name: str) -> None:
        """On 2014's servers a key that has this name already is lost: look first."""

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
        """Make Mist log in to ``host`` and leave the key there. All associations of the key are returned.

        A server that records the association although it could not log in is made to forget it, unless it is told to
        ``keep_failed`` ones.
        """

    @offline
    @abstractmethod
    def check_association(self, machine: MachineRecord, host: str | None, keep_failed: bool) -> None:
        """NotSupported when ``associate`` cannot log in to this ``host``, or keep what failed. Nothing is sent."""

    @offline
    @abstractmethod
    def predict_login(
        self, machine: MachineRecord, keys: Sequence[KeyRecord], key_id: str, user: str | None, port: int | None
    ) -> LoginRecord:
        """How ``associate`` of one of these ``keys`` is to log in; what is not given is None.

        InvalidValue when the server would take another port than the one that is given. Nothing is sent.
        """

    @abstractmethod
    def dissociate(self, key_id: str, backend_id: str, machine_id: str, host: str | None) -> List[AssociationRecord]:
        """With ``host`` the key is removed from that host as well, if Mist can log in."""


class Machines(Noun):
    """The machines of backends."""

    @abstractmethod
    def list(self, backend_id: str) -> List[MachineRecord]: ...

    @abstractmethod
    def list_all(self) -> List[MachineRecord] | None:
        """The machines of all backends as the server saw them last; None when it has no such list."""

    @offline
    @abstractmethod
    def check_spec(self, spec: MachineSpec) -> None:
        """InvalidValue when the server would refuse, alter or lose a part of it. Nothing is sent."""

    @abstractmethod
    def check_names(self, backend_id: str, names: Sequence[str]) -> None:
        """InvalidValue when the backend takes no machine of one of these names. Writes nothing."""

    def describe_unlisted(self, backend_id: str, machines: Sequence[MachineRecord]) -> str:
        """What ``list``, which showed ``machines``, leaves out at this backend, and the cure; else ""."""
        return ""

    @abstractmethod
    def check_location(self, backend_id: str, location: LocationRecord | None) -> None:
        """InvalidValue when the backend makes no machine there. Writes nothing."""

    @abstractmethod
    def check_actions(self, backend_id: str, actions: Sequence[str]) -> None:
        """NotSupported when the backend's provider refuses one of these actions in every state. Writes nothing."""

    @offline
    @abstractmethod
    def check_changes(self, changes: Mapping[str, Any]) -> None:
        """NotSupported when a machine that is there cannot get such a ``new_name``, ``tags`` or ``expiration``.

        Nothing is sent.
        """

    @offline
    @abstractmethod
    def predict(
        self, backend_id: str, spec: MachineSpec, size: SizeRecord | None, location: LocationRecord | None = None
    ) -> MachineRecord:
        """What is known of a machine before it is made; what only the server can tell is None or empty.

        ``size`` and ``location`` are those of ``spec``, if they are known. Nothing is sent.
        """

    @abstractmethod
    def create(self, backend_id: str, spec: MachineSpec) -> MachineRecord:
        """Never the same twice: a second call makes a second machine, so look before calling it again.

        RequestFailed with status 500 when the provider could not; WaitedTooLong when nobody knows whether it could.
        """

    @abstractmethod
    def act(self, backend_id: str, machine_id: str, action: str) -> List[MachineRecord]:
        """start, stop, reboot, destroy and what else ``MachineRecord.actions`` has that needs no more to be told.

        The backend's machines after it are returned, as of the next three.
        """

    def rename(self, backend_id: str, machine_id: str, name: str) -> List[MachineRecord]:
        raise self.not_supported("rename a machine")

    @abstractmethod
    def resize(self, backend_id: str, machine_id: str, size_id: str) -> List[MachineRecord]: ...

    def remove(self, backend_id: str, machine_id: str) -> List[MachineRecord]:
        """Make Mist forget a host that is a machine only because Mist was told of it."""
        raise self.not_supported("remove a single host; remove its backend")

    @offline
    @abstractmethod
    def tag_requests(
        self, machine: MachineRecord, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> List[tuple[Mapping[str, str], Mapping[str, str]]]:
        """What to add and what to remove in each call of ``change_tags``, so that one call is one request.

        InvalidValue when the machine's provider would refuse a tag. Nothing is sent.
        """

    @abstractmethod
    def change_tags(
        self, backend_id: str, machine_id: str, added: Mapping[str, str], removed: Mapping[str, str]
    ) -> None:
        """Set the tags ``added``, of which some may be there with other values, and remove the tags ``removed``.

        Both are values by name.
        """

    def expire(self, backend_id: str, machine_id: str, expiration: ExpirationRecord | None) -> None:
        """Make Mist do something to a machine at a time; None takes that back."""
        raise self.not_supported("set the expiration of a machine")

    @abstractmethod
    def probe(self, backend_id: str, machine_id: str, host: str, key_id: str | None, user: str | None) -> ProbeRecord:
        """Look at a machine by ping and ssh; that neither works is an answer and no error."""


class Catalogue(Noun):
    """What the machines of a backend are made of: images, sizes, locations, networks."""

    @abstractmethod
    def list_images(self, backend_id: str, search: str = "") -> List[ImageRecord]: ...

    @abstractmethod
    def list_sizes(self, backend_id: str) -> List[SizeRecord]: ...

    @abstractmethod
    def list_locations(self, backend_id: str) -> List[LocationRecord]: ...

    @abstractmethod
    def list_networks(self, backend_id: str) -> List[NetworkRecord]: ...


class Monitoring(Noun):
    """Which machines are monitored, their metrics, plugins and stats."""

    #: whether a machine keeps its metrics while it is not monitored
    remembers_metrics: ClassVar[bool] = False

    @abstractmethod
    def list(self) -> List[MonitoredRecord]:
        """The machines of all backends that are monitored."""

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
        """What a metric will be once it is added, as far as that can be known. Nothing is sent."""
        return metric

    @offline
    def is_series_of(self, series_id: str, metric_id: str) -> bool:
        """Whether a series of stats is of a metric. Nothing is sent."""
        return series_id == metric_id

    @abstractmethod
    def add_metric(self, backend_id: str, machine_id: str, metric_id: str) -> MetricRecord | None:
        """What it is now; None where the server does not tell."""

    @abstractmethod
    def remove_metric(self, backend_id: str, machine_id: str, metric_id: str) -> None: ...

    @abstractmethod
    def deploy_plugin(
        self, backend_id: str, machine_id: str, host: str, name: str, code: str, value_type: str, unit: str
    ) -> PluginRecord:
        """Make a metric of python code that runs on the machine; ``value_type`` is gauge or derive.

        When it returns, the code runs: also where other code of the same name ran before. ``done`` of an error says
        what of that was removed.
        """

    @offline
    @abstractmethod
    def check_plugin(self, name: str, code: str) -> None:
        """InvalidValue when the server would refuse the name or the code at sight. Nothing is sent."""

    @offline
    @abstractmethod
    def plugin_metric(self, name: str) -> str:
        """The id of the metric that the plugin of this name feeds. Nothing is sent."""

    @offline
    def is_of_plugin(self, metric_id: str, name: str) -> bool:
        """Whether the plugin of this name feeds a metric; one may feed several. Nothing is sent."""
        return metric_id == self.plugin_metric(name)

    @offline
    @abstractmethod
    def plugin_of(self, metric_id: str) -> str | None:
        """The name of the plugin that feeds a metric, None when none does. Nothing is sent."""

    @abstractmethod
    def find_in_plugins(self, backend_id: str, machine_id: str, host: str, words: Mapping[str, str]) -> set[str] | None:
        """Which plugins have a word in their code as it is on the machine; ``words`` are letters and digits, by name.

        None when nobody can tell. Changes nothing.
        """

    @abstractmethod
    def remove_plugin(self, backend_id: str, machine_id: str, host: str, name: str) -> PluginRecord:
        """Remove a plugin, and its metrics but for those that are returned."""

    @offline
    def plugin_file(self, machine_id: str, name: str) -> str:
        """The file that stays on the machine when a plugin is removed; "" where Mist logs in and removes it.

        Nothing is sent.
        """
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
    """A server of one generation, by kinds of objects. The class attributes are facts about its API."""

    name: ClassVar[str]
    #: what its answers are like, for errors
    since: ClassVar[str]
    #: paths whose POST changes nothing, see Transport
    reading_posts: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: (status, beginning of the server's text, what to do about it); the first that fits is taken
    hints: ClassVar[tuple[tuple[int, str, str], ...]] = ()
    #: (status, text) of the answers to a request without a login where one is required
    login_refusals: ClassVar[tuple[tuple[int, str], ...]] = ()
    #: what to do about an answer that no server of this generation gives
    wrong_server: ClassVar[str] = ""

    session: Session
    backends: Backends
    keys: Keys
    machines: Machines
    catalogue: Catalogue
    monitoring: Monitoring

    def __init__(self, transport: Transport, *, has_login: bool = True, assumed: bool = False) -> None:
        """``has_login`` is whether the user gave credentials; if not, the generation may be merely ``assumed``."""
        self.transport = transport
        self.wire = Wire(transport, self, has_login)
        self.assumed = assumed
        transport.reading_posts = (*transport.reading_posts, *self.reading_posts)

    def find_out(self) -> str:
        """The name of the generation. Where it is not known yet, this costs a request."""
        return self.name

    def lacks_login(self) -> bool:
        """Whether the generation was assumed wrongly, because credentials are missing; may cost a request."""
        return self.assumed and self.session.requires_login()

    def not_supported(self, what: str) -> NotSupported:
        """The error for ``what`` only the other generation can do, such as ``rename a machine``.

        Without credentials, a missing token may be what makes the server seem to be of the wrong generation.
        """
        if self.lacks_login():
            return NotSupported(LOGIN_REQUIRED)
        (other,) = set(GENERATION_LABELS) - {self.name}
        hint = f"Servers of generation {other!r} ({GENERATION_LABELS[other]}) can."
        if self.assumed:
            hint += (
                " No credentials were given, so this server is assumed to be a standalone one of 2014."
                " If it is not, set mist_api_token, or mist_email and mist_password."
            )
        label = GENERATION_LABELS[self.name]
        return NotSupported(f"Servers of generation {self.name!r} ({label}) cannot {what}.", hint)


def check_parameters(spec: MachineSpec) -> None:
    """InvalidValue when the further fields of a machine hold one that is an option of its own."""
    doubled = sorted(set(spec.get("parameters", {})) & set(MachineSpec.__annotations__))
    if doubled:
        raise InvalidValue(f"parameters holds {join_words(doubled, 'and')}, for which there are options.")
