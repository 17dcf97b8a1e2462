# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ``BackendSpec`` is on the wire of the clouds generation, by the table of providers. Sends nothing.

Whatever is missing, unknown or said twice is an InvalidValue in the words that the user gave.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Iterable, Mapping
from urllib.parse import urlsplit

from ...errors import InvalidValue, NotSupported
from ...records import BackendRecord, BackendSpec, ProviderRecord
from ...wording import did_you_mean, join_words, nearest
from ..provider_names import canonical_provider, driver_and_region
from ..provider_table import (
    ADDRESS,
    BY_NAME,
    GENERAL,
    HOSTS,
    KEY_FILE,
    NUMBER,
    PROVIDERS,
    REGION,
    SWITCH,
    URL,
    Field,
    Provider,
    needs_option,
)
from ..provider_values import check_url, secret_in_public

# V: recordings/4.7/CONTRACT-2.md 1. Blanks and underscores are taken, though the server's own error does not say so.
TITLE = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z_ .-]*[0-9a-zA-Z]")
REMOVE_FIRST = "Choose another title, or remove that backend first (state=absent)."
SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


# ---- what there is


def given_region(spec: BackendSpec) -> tuple[str, str]:
    """The driver, and the given region if the server lists those of the provider; an OpenStack has its own."""
    driver = canonical_provider(spec["provider"])
    region = _given(spec).get("region", "") if REGION in PROVIDERS[driver].fields else ""
    return driver, region


def check_region(driver: str, region: str, regions: Iterable[str]) -> None:
    """InvalidValue for a region that is not one of ``regions``, if the server lists any for this provider."""
    known = list(regions)
    if known and region not in known:
        raise InvalidValue(
            f"Invalid region {region!r} for a backend of {driver}.{did_you_mean(nearest(region, known))}",
            f"region must be one of {join_words(known, 'or')}.",
        )


def providers() -> list[ProviderRecord]:
    """The whole table; a field that no general option says is told as ``credentials.<field>``."""
    return [_record(driver, provider) for driver, provider in PROVIDERS.items()]


def secret_fields(provider: str) -> frozenset[str]:
    """The fields whose values must never be shown, under all their names."""
    fields = PROVIDERS[canonical_provider(provider)].fields
    return frozenset(name for field in fields if field.secret for name in (field.name, *field.spellings))


def secret_values(provider: str, body: Mapping[str, Any]) -> set[str]:
    """What must never be told of the body of a request."""
    return {str(body[name]) for name in secret_fields(provider) & body.keys()}


def check_title(name: str) -> None:
    """InvalidValue for a title that the server refuses, or takes without the blanks at its ends."""
    if not TITLE.fullmatch(name):
        hint = "A title has two or more ASCII letters, digits, blanks, dots, dashes and underscores."
        raise InvalidValue(
            f"Invalid backend title {name!r} for this server.", f"{hint} It begins and ends with a letter or a digit."
        )


# ---- the bodies of requests


def payload(spec: BackendSpec) -> dict[str, Any]:
    """The body of POST /api/v1/clouds."""
    driver = canonical_provider(spec["provider"])
    check_title(spec.get("title", ""))
    body = {**_defaults(driver), **_given(spec)}
    if PROVIDERS[driver].hosts:
        body = _made_of_hosts(driver, body)
    _check_complete(driver, PROVIDERS[driver].fields, body)
    _check_not_ignored(driver, body)
    if driver == "gce" and "email" not in body:
        raise InvalidValue(
            "To add a backend of gce, api_key must be given as well: the email of the service account.",
            "Or give the whole JSON key file as api_secret.",
        )
    return {"name": spec["title"], "provider": driver, **body, **_untried(spec)}


def credentials_payload(spec: BackendSpec) -> dict[str, Any]:
    """The body of PATCH /api/v1/clouds/{id}: those of the provider's fields that are given, be it some of them."""
    driver = canonical_provider(spec["provider"])
    if PROVIDERS[driver].hosts:
        # V for other (recordings/4.7, cloud-edit-other), R for libvirt; more hosts can be added, see hosts_of
        raise NotSupported(f"A server of the clouds generation cannot change the hosts of a backend of {driver}.")
    # the server ignores what is empty or false (CONTRACT-2.md 0)
    body = {name: value for name, value in {**_defaults(driver), **_given(spec)}.items() if value}
    if not body:
        raise InvalidValue("Nothing is given that the backend could be updated with.", _takes(driver))
    return {**body, **_untried(spec)}


def _defaults(driver: str) -> dict[str, Any]:
    return {field.name: field.default for field in PROVIDERS[driver].fields if field.default is not None}


def _check_not_ignored(driver: str, body: Mapping[str, Any]) -> None:
    """The server ignores what is empty or false (CONTRACT-2.md 0), so what is true from the start stays true."""
    for field in PROVIDERS[driver].fields:
        if field.initial and not body.get(field.name, field.initial):
            raise InvalidValue(
                f"The server ignores {field.name}={body[field.name]!r} of a backend of {driver}: it keeps its default,"
                f" {field.initial}.",
                f"Leave {field.name} out.",
            )


def _untried(spec: BackendSpec) -> dict[str, Any]:
    """What makes the server store an update without trying it (R). At an add, 4.7 drops it (CONTRACT-2.md 1)."""
    return {} if spec.get("validate", True) else {"fail_on_error": False}


def public_fields(spec: BackendSpec) -> dict[str, Any]:
    """What GET /api/v1/clouds will list of the fields of a new backend; it leaves out what is empty or false."""
    driver = canonical_provider(spec["provider"])
    initial = {field.name: field.initial for field in PROVIDERS[driver].fields if field.initial is not None}
    return _listed(driver, {**initial, **_defaults(driver), **_given(spec)})


def is_without_default(backend: BackendRecord, spec: BackendSpec) -> bool:
    """Whether ``backend`` lacks a value that this client gives to a new one, and ``spec`` says nothing of it."""
    driver = BY_NAME.get(backend["provider"], "")
    defaults = _defaults(driver) if driver else {}
    given = _given(spec)
    return any(value and not backend["settings"].get(name) for name, value in defaults.items() if name not in given)


def listed_fields(cloud: Mapping[str, Any]) -> dict[str, Any]:
    """``settings`` of a cloud of GET /api/v1/clouds; none for a provider that is not in the table."""
    return _listed(cloud["provider"], cloud)


def mismatch(backend: BackendRecord, spec: BackendSpec) -> str:
    """What the server shows of ``backend`` otherwise than ``spec`` says it; "" when it shows nothing of the kind."""
    if backend["provider"] not in BY_NAME and spec["provider"] == backend["provider"]:
        return ""  # of another server's table
    driver = canonical_provider(spec["provider"])
    if BY_NAME.get(backend["provider"], backend["provider"]) != driver:
        return f"its provider is {backend['provider']}, not {driver}"
    given, there = _given(spec), backend["settings"]
    # what is empty or false is not shown
    differing = [name for name in _shown(driver) if name in given and (given[name] or None) != there.get(name)]
    told = (f"its {name} is {there.get(name) or 'not set'}, not {given[name]}" for name in differing)
    return join_words(told, "and") if differing else ""


def unshown_options(spec: BackendSpec) -> list[str]:
    """The given options whose fields are no secrets, and are not in the listing all the same."""
    given = _given(spec)
    fields = PROVIDERS[canonical_provider(spec["provider"])].fields
    return [_word(field) for field in fields if field.hidden and not field.secret and field.name in given]


def updated(backend: BackendRecord, spec: BackendSpec) -> BackendRecord:
    """What the listing will show of ``backend`` once ``credentials_payload`` has been sent."""
    driver = canonical_provider(spec["provider"])
    if BY_NAME.get(backend["provider"]) != driver:
        raise InvalidValue(f"A backend of {backend['provider']} cannot become one of {driver}.")
    body = credentials_payload(spec)
    kept = [name for name, value in _given(spec).items() if not value and backend["settings"].get(name)]
    if kept:
        raise InvalidValue(f"The server cannot take back {join_words(kept, 'and')} of a backend.", REMOVE_FIRST)
    settings = {**backend["settings"], **_listed(driver, body)}
    return {**backend, "settings": settings, "region": settings.get("region")}


def describe_unlisted(backend: BackendRecord) -> str:
    """What the server leaves out when it lists the machines of a backend (CONTRACT-2.md 1); "" if nothing."""
    if backend["provider"] != "docker" or backend["settings"].get("show_all"):
        return ""
    return (
        f"The server lists only the running containers of the backend {backend['title']!r} ({backend['id']}), because"
        " its show_all is off."
    )


def region_of(cloud: Mapping[str, Any]) -> str | None:
    """The region of a cloud of GET /api/v1/clouds."""
    return cloud.get("region") or None


def hosts_of(spec: BackendSpec) -> list[dict[str, Any]]:
    """The hosts that ``spec`` gives of a backend that more hosts can be added to, each by the server's names."""
    driver = canonical_provider(spec["provider"])
    if driver != "other":
        return []
    body = _made_of_hosts(driver, _given(spec))
    return list(body["machines"]) if "machines" in body else [body]


def place_of(host: Mapping[str, Any]) -> tuple[str, int]:
    """The address and port of a host: two hosts with the same are one."""
    # R: the server takes the host out of a URL (helpers.py:sanitize_host)
    address = re.sub(r"^https?://", "", host.get("machine_hostname") or host["host"]).partition("/")[0]
    address = address if address.count(":") > 1 else address.partition(":")[0]
    return address, int(host.get("machine_port") or host.get("port") or 22)


# ---- from the user's words to the server's


class _Form:
    """The fields of a backend, or of one host, as they are filled in; ``values`` is by the server's names."""

    def __init__(self, driver: str, fields: tuple[Field, ...]) -> None:
        self.driver = driver
        self.fields = fields
        self.values: dict[str, Any] = {}
        self._words: dict[str, str] = {}

    def option(self, option: str, value: Any) -> None:
        """Fill in what a general option says."""
        field = next((field for field in self.fields if field.option == option), None)
        if field is None and option == "api_key" and any(field.option == "api_secret" for field in self.fields):
            raise secret_in_public("api_key", self.driver, value)
        if field is None:
            raise InvalidValue(f"A backend of {self.driver} has no use for {option}.", _takes(self.driver))
        self.fill(field, option, value)

    def named(self, name: str, value: Any, within: str) -> None:
        """Fill in a field by its name, which stands in ``within``."""
        field = next((field for field in self.fields if name in (field.name, *field.spellings)), None)
        if field is None:
            close = nearest(name, (known for field in self.fields for known in (field.name, *field.spellings)))
            raise InvalidValue(
                f"{within} holds {name!r}, which a backend of {self.driver} does not take.{did_you_mean(close)}",
                _takes(self.driver),
            )
        if needs_option(field):
            raise secret_in_public(f"{within}.{name}", self.driver, value)
        self.fill(field, f"{within}.{name}", value)

    def fill(self, field: Field, word: str, value: Any) -> None:
        """``word`` is the user's for this field; InvalidValue when another word has said something else."""
        if field.kind == ADDRESS:
            value = self._without_port(word, _text(word, value))
        checked = _checked(self.driver, field, word, value)
        if field.kind == URL:
            check_url(word, checked)
        before = self._words.setdefault(field.name, word)
        if self.values.setdefault(field.name, checked) != checked:
            raise InvalidValue(
                f"{before} and {word} differ, and both say the {field.name} of the backend.", "Give one."
            )

    def _without_port(self, word: str, address: str) -> str:
        """The host of ``host``, ``host:port`` or a URL; the port is filled in on its own."""
        try:
            parts = urlsplit(address if "//" in address else f"//{address}")
            host, port = parts.hostname, parts.port
            if parts.path.strip("/") or parts.query or parts.username:
                host = None  # there is no field for these
        except ValueError:
            host, port = None, None
        if not host:
            raise InvalidValue(f"{word} is no address of a host.", "Give it as host, host:port or http://host:port.")
        if port:
            field = next((field for field in self.fields if field.name == "port"), None)
            if field is None:
                raise InvalidValue(
                    f"{word} has a port, and a backend of {self.driver} takes none.", "Give the host alone."
                )
            self.fill(field, word, port)
        return host


def _given(spec: BackendSpec) -> dict[str, Any]:
    """What is given, by the server's names; where the cloud is a list of hosts, also the fields of a single one."""
    driver, region = driver_and_region(spec["provider"])
    form = _Form(driver, PROVIDERS[driver].all_fields)
    if region:
        form.fill(REGION, f"provider={spec['provider']}", region)
    for option, value in _filled(spec):
        if option in GENERAL:
            form.option(option, value)
    for name, value in _filled(spec.get("credentials", {})):
        form.named(name, value, "credentials")
    if driver == "gce":
        _read_key_file(form)
    if "url" in form.values:
        # it is how OpenStack's is stored (R); else the listing would never show what was given
        form.values["url"] = re.sub(r"(/v2\.0)?/*$", "", form.values["url"])
    return form.values


def _read_key_file(form: _Form) -> None:
    """Google's JSON tells the key and the email: the server reads it only where it knows no email yet (R)."""
    text = form.values.get("private_key", "")
    try:
        # templating may have made a dict of JSON, and then a text in Python's notation
        key_file = ast.literal_eval(text) if text.startswith("{'") else json.loads(text)
        key, email = key_file["private_key"], key_file["client_email"]
    except (KeyError, SyntaxError, TypeError, ValueError):
        return
    form.values["private_key"] = key
    form.fill(next(field for field in form.fields if field.name == "email"), "the client_email of the key file", email)


def _filled(given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """All but what is empty: the server takes such for not given (R), and AWX fills in such."""
    return [(name, value) for name, value in given.items() if value is not None and value != ""]


def _made_of_hosts(driver: str, given: dict[str, Any]) -> dict[str, Any]:
    """The list of hosts, or the single one."""
    (many,) = PROVIDERS[driver].fields
    one = {name: value for name, value in given.items() if name != many.name}
    if one and many.name in given:
        raise InvalidValue(f"credentials.{many.name} is given, and a host beside it.", "Give all hosts in the list.")
    if one:
        _check_complete(driver, PROVIDERS[driver].hosts, one)
    if one and driver == "other" and "machine_name" not in one:
        # so its failure is one of the request, and not an addition to a success: recordings/4.7/CONTRACT.md 4
        return one
    hosts = [one] if one else given.get(many.name, [])
    _check_no_doubles(hosts)
    # with no list at all, the answer is 500 and the cloud is there: recordings/4.7, cloud-add-other-nothing-else
    return {many.name: hosts} if hosts or not many.required else {}


def _check_no_doubles(hosts: Iterable[Mapping[str, Any]]) -> None:
    """The server makes a machine of each, also of the same host (CONTRACT-2.md 1)."""
    places = [place_of(host) for host in hosts]
    doubles = sorted({f"{address}, port {port}" for address, port in places if places.count((address, port)) > 1})
    if doubles:
        raise InvalidValue(
            f"The list of hosts holds {join_words(doubles, 'and')} more than once.",
            "Mist would make two machines of it.",
        )


def _checked(driver: str, field: Field, word: str, value: Any) -> Any:
    """The value as the server is to get it."""
    if field.kind == NUMBER:
        return _number(word, value)
    if field.kind == SWITCH:
        return _switch(word, value)
    if field.kind == HOSTS:
        return _hosts(driver, word, value)
    if field.kind == KEY_FILE and isinstance(value, dict):
        return json.dumps(value)  # templating makes a dict of a text of JSON
    return _text(word, value)


def _text(word: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InvalidValue(f"{word} must be a text.", "Put it in quotes.")
    return str(value)


def _number(word: str, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]+", str(value)):
        raise InvalidValue(f"{word} must be a number, not {value!r}.")
    return int(value)


def _switch(word: str, value: Any) -> bool:
    known = SWITCHES.get(str(value).lower())
    if known is None:
        raise InvalidValue(f"{word} must be true or false, not {value!r}.")
    return known


def _hosts(driver: str, word: str, hosts: Any) -> list[dict[str, Any]]:
    if not isinstance(hosts, list) or not all(isinstance(host, dict) for host in hosts):
        raise InvalidValue(f"{word} must be a list of hosts, each a dict.", _takes(driver))
    return [_host(driver, f"{word}[{number}]", host) for number, host in enumerate(hosts)]


def _host(driver: str, word: str, host: Mapping[str, Any]) -> dict[str, Any]:
    form = _Form(driver, PROVIDERS[driver].hosts)
    for name, value in _filled(host):
        form.named(name, value, word)
    lacking = [field.name for field in form.fields if field.required and field.name not in form.values]
    if lacking:
        raise InvalidValue(f"{word} lacks {join_words(lacking, 'and')}.")
    return form.values


def _check_complete(driver: str, fields: Iterable[Field], body: Mapping[str, Any]) -> None:
    missing = [_word(field) for field in fields if field.required and field.name not in body]
    if missing:
        raise InvalidValue(
            f"To add a backend of {driver}, {join_words(missing, 'and')} must be given as well.", _takes(driver)
        )


# ---- words


def _record(driver: str, provider: Provider) -> ProviderRecord:
    required = [field for field in provider.fields if field.required and field.kind != HOSTS]
    if any(field.required and field.kind == HOSTS for field in provider.fields):
        required += [field for field in provider.hosts if field.required]
    return {
        "provider": driver,
        "title": provider.title,
        "required": [_word(field) for field in required],
        "optional": [_word(field) for field in provider.all_fields if field not in required],
    }


def _listed(provider: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _shown(provider) if values.get(name)}


def _shown(provider: str) -> list[str]:
    """The fields that the listing shows; none of a provider that is not in the table."""
    driver = BY_NAME.get(provider, "")
    fields = PROVIDERS[driver].fields if driver else ()
    return [field.name for field in fields if not (field.secret or field.hidden or field.kind == HOSTS)]


def _word(field: Field) -> str:
    return field.option or f"credentials.{field.name}"


def _takes(driver: str) -> str:
    """The sentence about what a provider takes."""
    fields = PROVIDERS[driver].all_fields
    options = [field.option for field in fields if field.option]
    names = [field.name for field in fields if not needs_option(field)]
    in_credentials = f", or in credentials: {join_words(names, 'and')}" if names else ""
    return f"A backend of {driver} takes {join_words(options, 'and')}{in_credentials}."
