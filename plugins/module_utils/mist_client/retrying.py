# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which requests are retried, and when."""

from __future__ import annotations

import random
import time
from typing import Any

from .deadline import Deadline
from .errors import BUSY

try:
    from urllib3.exceptions import InvalidHeader, MaxRetryError, ReadTimeoutError, ResponseError, SSLError
    from urllib3.util.retry import Retry
except ImportError:
    # urllib3 comes with requests. The transport raises MissingLibrary before any of this is used
    Retry = object  # type: ignore[assignment,misc]

LONGEST_WAIT = 60.0
BACKOFF = 0.5


class Gate:
    """Delays requests: all threads of a transport wait at the same gate until it opens."""

    def __init__(self) -> None:
        self._opens_at = 0.0

    def shut(self, seconds: float) -> None:
        self._opens_at = max(self._opens_at, time.monotonic() + seconds)

    def wait(self) -> None:
        while (left := self._opens_at - time.monotonic()) > 0:
            time.sleep(left)


class PoliteRetry(Retry):
    """Retries a read on 423, 429, 502, 503, 504 and a broken connection, and a write only if it was never sent.

    Every request is retried after 429, because the server then did nothing. A Retry-After of at most LONGEST_WAIT
    seconds is obeyed; with a longer one, the answer is returned without a retry. A read that timed out is not retried,
    because that would multiply the time limit. A TLS error is not retried either: a certificate does not change, and a
    write may have been sent.
    """

    def __init__(self, *args: Any, gate: Gate | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gate = gate or Gate()

    @classmethod
    def of_reads(cls, retries: int, gate: Gate) -> PoliteRetry:
        return cls(
            total=retries,
            redirect=False,
            backoff_factor=BACKOFF,
            status_forcelist=(BUSY, 429, 502, 503, 504),
            allowed_methods=("GET", "HEAD", "OPTIONS"),
            raise_on_status=False,
            gate=gate,
        )

    def new(self, **options: Any) -> PoliteRetry:
        return super().new(gate=self.gate, **options)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code == 429 or super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: Any = None,
        url: Any = None,
        response: Any = None,
        error: Any = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> PoliteRetry:
        deadline = Deadline.current()
        if deadline:
            deadline.pause()
        if isinstance(error, (ReadTimeoutError, SSLError)) or (error is not None and deadline and deadline.expired):
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT:
            raise MaxRetryError(_pool, url, ResponseError("Retry-After is too long"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def get_retry_after(self, response: Any) -> float | None:
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def get_backoff_time(self) -> float:
        return super().get_backoff_time() * random.uniform(1, 1.5)

    def sleep_for_retry(self, response: Any) -> bool:
        wait = self.get_retry_after(response)
        self.gate.shut(wait or 0)
        self.gate.wait()
        return wait is not None
