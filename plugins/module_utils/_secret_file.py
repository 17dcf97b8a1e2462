# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private key in a file: read with care, written so that nobody else can ever read it."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator

from .mist_client.errors import InvalidValue

OTHERS = 0o077
LARGEST = 64 * 1024


def read_key_file(path: str) -> str:
    """The text of a key file; InvalidValue when there is none, or none that can be a key."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise InvalidValue(f"The key file {path} is no regular file.")  # to read from a pipe may take for ever
        with open(path, encoding="utf-8") as stream:
            text = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidValue(f"The key file {path} cannot be read: {reason}.") from error
    if len(text) > LARGEST:
        raise InvalidValue(f"The key file {path} is too large for a key.")
    return text


class SecretFile:
    """Where a private key is to be saved; a look at it on the way in tells whether it can be.

    ``text`` is what it holds, None when it is not there or holds no text.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.text: str | None = None
        with self._speaking():
            with suppress(FileNotFoundError):
                os.lstat(path)  # pathlib would take a path that no file can have for one that is not there
            if self.path.is_symlink():
                raise InvalidValue(f"dest {path} is a symbolic link, and a key is not written through one.")
            self.is_there = self.path.exists()
            if self.is_there and not self.path.is_file():
                raise InvalidValue(f"dest {path} is no regular file.", "Name a file, in a directory that is there.")
            if not self.path.parent.is_dir():
                raise InvalidValue(f"dest {path} is in a directory that is not there.", "Make it first.")
            if not os.access(self.path.parent, os.W_OK):
                raise InvalidValue(f"dest {path} is in a directory that cannot be written to.")
            others = stat.S_IMODE(self.path.stat().st_mode) & OTHERS if self.is_there else 0
        self.is_private = not others
        if self.is_there:
            with suppress(InvalidValue):
                self.text = read_key_file(path)

    def write(self, text: str) -> None:
        """Put the text there at one stroke: a reader sees the old file or the new one, never half of it."""
        with self._speaking():
            descriptor, temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=str(self.path.parent))
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:  # mkstemp made it with mode 0600
                    stream.write(text)
                os.replace(temporary, self.path)
            except BaseException:
                os.unlink(temporary)
                raise

    def make_private(self) -> None:
        with self._speaking():
            self.path.chmod(self.path.stat().st_mode & ~OTHERS)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InvalidValue(f"dest {str(self.path)!r} cannot be used: {reason}.") from error
