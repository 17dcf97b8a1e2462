# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP session to one Mist server: authentication, time limits, retries, TLS, redirects, the read-only wall.

Knows addresses and statuses, and nothing of backends or machines. Threads may share a ``Transport``: after ``log_in``
nothing in it changes, and no cookie is kept. After a fork each process opens a session of its own.
"""

from __future__ import annotations

import os
import re
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Iterable, Mapping
from urllib.parse import quote, unquote, urljoin, urlsplit

from .deadline import Deadline, WatchedAdapter
from .errors import (
    Conflict,
    InvalidValue,
    MissingLibrary,
    NoSuchAddress,
    NotFound,
    NotMist,
    RequestFailed,
    WriteRefused,
)
from .failures import describe_failure, describe_overdue
from .reading import MEGABYTE, json_of, read_body, text_of
from .retrying import Gate, PoliteRetry
from .wording import looks_like_html, snippet, without

try:
    import requests
    from urllib3.exceptions import HTTPError
except ImportError as error:
    IMPORT_ERROR: ImportError | None = error
else:
    IMPORT_ERROR = None

CONNECT_TIMEOUT = 10.0
MAX_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRONG_SERVER = "Is mist_uri the address of a Mist server, and does no login page or proxy stand in front of it?"


class TokenAuth:
    """Writes the ``Authorization`` header of each request.

    It is an auth hook and no header of the session, for requests lets an entry of ~/.netrc replace a header
    (psf/requests#3929), and also asks ~/.netrc when there is no auth at all.
    """

    def __init__(self) -> None:
        self.header = ""

    def __call__(self, request: Any) -> Any:
        if self.header:
            request.headers["Authorization"] = self.header
        return request


class Transport:
    """The one way to a server.

    ``mist_uri`` is the server's address, with the path prefix of a proxy if there is one. ``timeout`` is how many
    seconds one attempt of a request may take, from connecting to the last byte; ``retries`` is how often a read is
    tried again; ``max_response_mb`` is the size of the largest answer. ``reading_posts`` lists the paths
    whose POST changes nothing, as tuples of segments with ``*`` for any one: they alone pass a ``read_only`` transport.
    """

    def __init__(
        self,
        mist_uri: str,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        timeout: float = 60,
        retries: int = 3,
        max_response_mb: int = 256,
        workers: int = 10,
        read_only: bool = False,
        user_agent: str = "mist_client",
    ) -> None:
        if IMPORT_ERROR is not None:
            raise MissingLibrary("requests", str(IMPORT_ERROR))
        if timeout <= 0:
            raise InvalidValue(f"timeout is {timeout} and must be more than 0.")
        if retries < 0:
            raise InvalidValue(f"retries is {retries} and must be 0 or more.")
        if validate_certs and ca_path and not os.path.exists(ca_path):
            raise InvalidValue(f"There is no file {ca_path!r}, which ca_path names.")
        self.uri = checked_uri(mist_uri)
        self.read_only = read_only
        self.reading_posts: Iterable[tuple[str, ...]] = ()
        self._verify = (ca_path or True) if validate_certs else False
        self._timeout = (min(CONNECT_TIMEOUT, timeout), timeout)
        self._retries = retries
        self._max_response = max_response_mb * MEGABYTE
        self._workers = workers
        self._user_agent = f"{user_agent} python-requests/{requests.__version__}"
        self._auth = TokenAuth()
        self._gate = Gate()
        self._open_session()

    def log_in(self, header: str) -> None:
        """Send ``header`` as ``Authorization`` from now on."""
        if not header.isascii() or not header.isprintable():
            raise InvalidValue("The API token holds characters that no token has.", "Was it read from the right file?")
        self._auth.header = header

    def json(self, method: str, *segments: str, **request: Any) -> Any:
        """The JSON that the request answers; NotMist when the answer is something else."""
        url = self.address(*segments)
        response = self.exchange(method, url, **request)
        if "json" not in response.headers.get("Content-Type", ""):
            came = f"{method} {url} answered {response.status_code} with {snippet(text_of(response))!r}"
            kind = NoSuchAddress if method in READING_METHODS and looks_like_html(text_of(response)) else NotMist
            raise kind(f"{came} where JSON is due.", WRONG_SERVER)
        try:
            return json_of(response)
        except ValueError as error:
            raise NotMist(f"{method} {url} answered JSON that is broken off or none.", WRONG_SERVER) from error

    def done(self, method: str, *segments: str, **request: Any) -> None:
        """Make a request whose answer says no more than that it was done."""
        url = self.address(*segments)
        response = self.exchange(method, url, **request)
        if looks_like_html(text_of(response)):
            raise NotMist(f"{method} {url} answered {response.status_code} with a web page.", WRONG_SERVER)

    def address(self, *segments: str) -> str:
        """The address of a path; each segment is an id or a word, and is quoted."""
        for segment in segments:
            # "..", though quoted, would be folded into the path, and the servers decode %2F before they route
            # (recordings/2014/CONTRACT.md 4.5)
            if segment in ("", ".", "..") or "/" in segment:
                raise InvalidValue(f"{segment!r} cannot be the name or id of anything that a Mist server can address.")
        return "/".join([self.uri, *(quote(segment, safe="") for segment in segments)])

    def exchange(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        despite_wall: bool = False,
        secrets: Iterable[str] = (),
    ) -> requests.Response:
        """Send one request to an address of this server; the response if it is no error.

        ``despite_wall`` is for a client's own login alone, which a reader needs too. ``secrets`` are values in the body
        that no error may tell when the server echoes them.

        A read follows redirects that stay on this host; nothing else does, for 302 makes a GET of a POST, and 307
        sends its body to wherever it is told.
        """
        self._check_address(url)
        if not despite_wall:
            self._check_read_only(method, url)
        asked = f"{method} {url}"
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._send(method, url, body, query, self._timeout if timeout is None else (timeout, timeout))
            if not response.is_redirect:
                return _checked(asked, response, secrets)
            url, query = self._redirected(method, url, response), None
        raise NotMist(f"{asked} is redirected more than {MAX_REDIRECTS} times.", WRONG_SERVER)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _open_session(self) -> None:
        retry = PoliteRetry.of_reads(self._retries, self._gate)
        adapter = WatchedAdapter(pool_maxsize=self._workers, max_retries=retry)
        session = requests.Session()
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.headers["User-Agent"] = self._user_agent
        session.auth = self._auth
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session, self._pid = session, os.getpid()

    def _send(
        self, method: str, url: str, body: Any, query: Mapping[str, Any] | None, timeout: tuple[float, float]
    ) -> requests.Response:
        if self._pid != os.getpid():
            self._open_session()  # two processes on one connection would read each other's answers
        self._gate.wait()
        asked = f"{method} {url}"
        with Deadline(timeout[1]) as deadline:
            try:
                response = self._session.request(
                    method,
                    url,
                    params=query,
                    json=body,
                    timeout=timeout,
                    verify=self._verify,  # here, for the session's own is overruled by REQUESTS_CA_BUNDLE
                    allow_redirects=False,
                    stream=True,
                )
                read_body(response, asked, self._max_response)
            except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
                if deadline.expired:
                    raise describe_overdue(asked, timeout[1]) from error
                raise describe_failure(asked, error, timeout) from error
        return response

    def _check_address(self, url: str) -> None:
        if url != self.uri and not url.startswith(self.uri + "/"):
            raise InvalidValue(f"{url} is no address of the server {self.uri}, and the token is for that one alone.")

    def _check_read_only(self, method: str, url: str) -> None:
        if not self.read_only or method in READING_METHODS:
            return
        # what the server will route by: without query and fragment, and decoded before it is split
        path = url[len(self.uri) + 1 :].partition("?")[0].partition("#")[0]
        segments = tuple(unquote(path).split("/"))
        if method != "POST" or not any(_matches(segments, reading) for reading in self.reading_posts):
            raise WriteRefused(f"{method} {url} would change something, and this client is read-only.")

    def _redirected(self, method: str, url: str, response: requests.Response) -> str:
        try:
            target = urljoin(url, response.headers["Location"])
            same_server = _same_server(url, target)
        except ValueError as error:
            raise NotMist(f"{method} {url} is redirected to no address: {error}.", WRONG_SERVER) from error
        if method in READING_METHODS and same_server:
            return target
        shown, path = target.partition("?")[0], url[len(self.uri) :] if url.startswith(self.uri) else ""
        server = shown[: -len(path)] if path and shown.endswith(path) else "the address it leads to"
        why = "a change may not be sent twice" if same_server else "it leads to another server"
        raise RequestFailed(
            f"{method} {url}",
            response.status_code,
            f"a redirect to {shown}",
            f"It was not followed, for {why}. Is that your server? Then set mist_uri to {server}.",
        )


def checked_uri(mist_uri: str) -> str:
    """The server's address without a slash at its end; InvalidValue says what is wrong with it."""
    hint = "It looks like https://mist.example.test, with the path of a proxy behind it if there is one."
    if "@" in mist_uri:  # nothing of it may be shown, for wherever the @ stands, a password may stand before it
        why = "it holds a user name; give that as mist_email and mist_password"
        raise InvalidValue(f"mist_uri is no address of a server: {why}.", hint)
    shown = f"mist_uri {mist_uri!r} is no address of a server"
    try:
        parts = urlsplit(mist_uri)
        port = parts.port
    except ValueError as error:
        raise InvalidValue(f"{shown}: {error}.", hint) from error
    for wrong, why in (
        (parts.scheme not in ("http", "https"), "it does not begin with http:// or https://"),
        (mist_uri.split() != [mist_uri], "it holds a blank"),
        (not _is_host(parts.hostname), "it names no host"),
        (port == 0, "its port is 0"),
        ("?" in mist_uri or "#" in mist_uri, "it has a query or a fragment behind the path"),
    ):
        if wrong:
            raise InvalidValue(f"{shown}: {why}.", hint)
    api = re.search("/api(/v[0-9]+)?$", mist_uri.rstrip("/"))
    if api:
        raise InvalidValue(f"{shown}: it ends in {api.group()}.", f"Leave {api.group()} out.")
    return mist_uri.rstrip("/")


def _is_host(name: str | None) -> bool:
    """Whether this can be the name or the address of a host; requests and the system take it from here."""
    if not name or set(name) & set("\\*%"):
        return False
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def _checked(asked: str, response: requests.Response, secrets: Iterable[str]) -> requests.Response:
    if response.status_code < 400:
        return response
    if response.status_code == 404 and looks_like_html(text_of(response)):
        raise NoSuchAddress(f"{asked} answered 404 with a web page: this server has no such address.", WRONG_SERVER)
    kind = {404: NotFound, 409: Conflict}.get(response.status_code, RequestFailed)
    raise kind(asked, response.status_code, without(text_of(response), secrets))


def _matches(segments: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if "." in segments or ".." in segments:  # would be folded into another path on its way
        return False
    return len(segments) == len(pattern) and all(p in ("*", s) for s, p in zip(segments, pattern))


def _same_server(url: str, target: str) -> bool:
    old, new = urlsplit(url), urlsplit(target)
    if old.hostname != new.hostname:
        return False
    same_port = (old.port or PORTS.get(old.scheme)) == (new.port or PORTS.get(new.scheme))
    return (old.scheme == new.scheme and same_port) or (old.scheme, new.scheme) == ("http", "https")
