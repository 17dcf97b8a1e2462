# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP session to one Mist server: authentication, timeouts, retries, TLS, redirects and the read-only mode.

It knows URLs and statuses, and nothing about backends or machines. Threads can share a ``Transport``: after ``log_in``
it does not change, and it stores no cookies. After a fork each process opens its own session.
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
from .failures import describe_failure, describe_timeout
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
WRONG_SERVER = (
    "Check that mist_uri is the address of a Mist server, and that no login page or proxy answers in its place."
)


class TokenAuth:
    """Writes the ``Authorization`` header of each request.

    It is an auth hook, not a session header, because requests replaces a header with an entry of ~/.netrc
    (psf/requests#3929). Without any auth hook, requests also reads ~/.netrc.
    """

    def __init__(self) -> None:
        self.header = ""

    def __call__(self, request: Any) -> Any:
        if self.header:
            request.headers["Authorization"] = self.header
        return request


class Transport:
    """Sends all requests to a server.

    ``mist_uri`` is the server's address, with the path prefix of a reverse proxy if there is one. ``timeout`` is the
    maximum duration of one attempt in seconds, from connecting to the last byte. ``retries`` is the maximum number of
    retries of a read. ``max_response_mb`` is the maximum size of an answer. ``reading_posts`` lists the paths whose
    POST changes nothing, as tuples of segments in which ``*`` matches any segment. A ``read_only`` transport sends only
    reads and these POST requests.
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
            raise InvalidValue(f"Invalid timeout {timeout}: it must be greater than 0.")
        if retries < 0:
            raise InvalidValue(f"Invalid retries {retries}: it must be 0 or greater.")
        if validate_certs and ca_path and not os.path.exists(ca_path):
            raise InvalidValue(f"Invalid ca_path {ca_path!r}: file not found.")
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
            raise InvalidValue(
                "Invalid API token: it contains characters that are not printable ASCII.",
                "Check that it was read from the right file.",
            )
        self._auth.header = header

    def json(self, method: str, *segments: str, **request: Any) -> Any:
        """The JSON of the answer. NotMist if the answer is not JSON."""
        url = self.address(*segments)
        response = self.exchange(method, url, **request)
        if "json" not in response.headers.get("Content-Type", ""):
            answer = f"{response.status_code} with {snippet(text_of(response))!r}"
            kind = NoSuchAddress if method in READING_METHODS and looks_like_html(text_of(response)) else NotMist
            raise kind(f"{method} {url} answered {answer} instead of JSON.", WRONG_SERVER)
        try:
            return json_of(response)
        except ValueError as error:
            raise NotMist(f"{method} {url} answered with invalid JSON.", WRONG_SERVER) from error

    def done(self, method: str, *segments: str, **request: Any) -> None:
        """Send a request whose answer has no content of interest. NotMist if the answer is a web page."""
        url = self.address(*segments)
        response = self.exchange(method, url, **request)
        if looks_like_html(text_of(response)):
            raise NotMist(f"{method} {url} answered {response.status_code} with a web page.", WRONG_SERVER)

    def address(self, *segments: str) -> str:
        """The URL of a path. Each segment is quoted. InvalidValue if a segment cannot be part of a path."""
        for segment in segments:
            # HTTP clients resolve "." and ".." even when quoted, and the servers decode %2F before they route
            # (recordings/2014/CONTRACT.md 4.5)
            if segment in ("", ".", "..") or "/" in segment:
                raise InvalidValue(
                    f"Invalid name or id {segment!r}: it must not be empty, '.' or '..', and must not contain '/'."
                )
        return "/".join([self.uri, *(quote(segment, safe="") for segment in segments)])

    def exchange(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        even_if_read_only: bool = False,
        secrets: Iterable[str] = (),
    ) -> requests.Response:
        """Send one request to a URL of this server. Raises RequestFailed if the status is 400 or higher.

        ``even_if_read_only`` is only for the client's own login, which read-only clients need too. ``secrets`` are
        values of the body that are masked in errors, because the server can echo them.

        Only a read follows redirects, and only on the same host. A write does not: 302 would turn a POST into a GET,
        and 307 would send the body to another server.
        """
        self._check_address(url)
        if not even_if_read_only:
            self._check_read_only(method, url)
        request_line = f"{method} {url}"
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._send(method, url, body, query, self._timeout if timeout is None else (timeout, timeout))
            if not response.is_redirect:
                return _checked(request_line, response, secrets)
            url, query = self._redirected(method, url, response), None
        raise NotMist(f"{request_line} failed: more than {MAX_REDIRECTS} redirects.", WRONG_SERVER)

    def close(self) -> None:
        """Close the connections."""
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
            self._open_session()  # two processes on one connection would receive each other's answers
        self._gate.wait()
        request_line = f"{method} {url}"
        with Deadline(timeout[1]) as deadline:
            try:
                response = self._session.request(
                    method,
                    url,
                    params=query,
                    json=body,
                    timeout=timeout,
                    verify=self._verify,  # not on the session: REQUESTS_CA_BUNDLE would override it
                    allow_redirects=False,
                    stream=True,
                )
                read_body(response, request_line, self._max_response)
            except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
                if deadline.expired:
                    raise describe_timeout(request_line, timeout[1]) from error
                raise describe_failure(request_line, error, timeout) from error
        return response

    def _check_address(self, url: str) -> None:
        if url != self.uri and not url.startswith(self.uri + "/"):
            raise InvalidValue(f"{url} is not a URL of the server {self.uri}. Requests only go to that server.")

    def _check_read_only(self, method: str, url: str) -> None:
        if not self.read_only or method in READING_METHODS:
            return
        # the path by which the server routes: without query and fragment, decoded before it is split
        path = url[len(self.uri) + 1 :].partition("?")[0].partition("#")[0]
        segments = tuple(unquote(path).split("/"))
        if method != "POST" or not any(_matches(segments, reading) for reading in self.reading_posts):
            raise WriteRefused(f"{method} {url} was not sent: it is a write request, and this client is read-only.")

    def _redirected(self, method: str, url: str, response: requests.Response) -> str:
        try:
            target = urljoin(url, response.headers["Location"])
            same_server = _same_server(url, target)
        except ValueError as error:
            raise NotMist(f"{method} {url} was redirected to an invalid URL: {error}.", WRONG_SERVER) from error
        if method in READING_METHODS and same_server:
            return target
        shown, path = target.partition("?")[0], url[len(self.uri) :] if url.startswith(self.uri) else ""
        server = shown[: -len(path)] if path and shown.endswith(path) else "the target of the redirect"
        why = "a write request must not be sent twice" if same_server else "it leads to another server"
        raise RequestFailed(
            f"{method} {url}",
            response.status_code,
            f"a redirect to {shown}",
            f"The redirect was not followed, because {why}. If that is your server, set mist_uri to {server}.",
        )


def checked_uri(mist_uri: str) -> str:
    """The server's address without a trailing slash. InvalidValue if it is invalid."""
    hint = "Use an address such as https://mist.example.test, with the path prefix of a reverse proxy if there is one."
    if "@" in mist_uri:  # the address is not shown: the text before an @ can contain a password
        raise InvalidValue(
            "Invalid mist_uri: it must not contain a user name.", f"Set mist_email and mist_password instead. {hint}"
        )
    invalid = f"Invalid mist_uri {mist_uri!r}"
    try:
        parts = urlsplit(mist_uri)
        port = parts.port
    except ValueError as error:
        raise InvalidValue(f"{invalid}: {error}.", hint) from error
    for wrong, why in (
        (parts.scheme not in ("http", "https"), "it must begin with http:// or https://"),
        (mist_uri.split() != [mist_uri], "it must not contain spaces"),
        (not _is_host(parts.hostname), "the host name is missing or invalid"),
        (port == 0, "the port must not be 0"),
        ("?" in mist_uri or "#" in mist_uri, "it must not contain a query or a fragment"),
    ):
        if wrong:
            raise InvalidValue(f"{invalid}: {why}.", hint)
    api = re.search("/api(/v[0-9]+)?$", mist_uri.rstrip("/"))
    if api:
        raise InvalidValue(f"{invalid}: it must not end in {api.group()}.", f"Remove {api.group()}.")
    return mist_uri.rstrip("/")


def _is_host(name: str | None) -> bool:
    """Whether this can be a host name or an IP address. requests and the operating system check the rest."""
    if not name or set(name) & set("\\*%"):
        return False
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def _checked(request_line: str, response: requests.Response, secrets: Iterable[str]) -> requests.Response:
    if response.status_code < 400:
        return response
    if response.status_code == 404 and looks_like_html(text_of(response)):
        raise NoSuchAddress(
            f"{request_line} answered 404 with a web page: the server does not have this path.", WRONG_SERVER
        )
    kind = {404: NotFound, 409: Conflict}.get(response.status_code, RequestFailed)
    raise kind(request_line, response.status_code, without(text_of(response), secrets))


def _matches(segments: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if "." in segments or ".." in segments:  # clients and proxies resolve these to another path
        return False
    return len(segments) == len(pattern) and all(p in ("*", s) for s, p in zip(segments, pattern))


def _same_server(url: str, target: str) -> bool:
    old, new = urlsplit(url), urlsplit(target)
    if old.hostname != new.hostname:
        return False
    same_port = (old.port or PORTS.get(old.scheme)) == (new.port or PORTS.get(new.scheme))
    return (old.scheme == new.scheme and same_port) or (old.scheme, new.scheme) == ("http", "https")
