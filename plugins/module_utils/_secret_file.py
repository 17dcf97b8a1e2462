# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private key in a file: checked before it is read, and written so that other users can never read it."""

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
    """The text of a key file. Raises InvalidValue if it cannot be read or cannot be a key."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise InvalidValue(f"The key file {path} is not a regular file.")  # a read from a pipe can block forever
        with open(path, encoding="utf-8") as stream:
            text = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise InvalidValue(f"The key file {path} cannot be read: {reason}.") from error
    if len(text) > LARGEST:
        raise InvalidValue(f"The key file {path} is too large for a key.")
    return text


class SecretFile:
    """The file in which a private key is saved. The constructor checks that it can be written.

    ``text`` is the current content, None if the file does not exist or is not text.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.text: str | None = None
        with self._explaining():
            with suppress(FileNotFoundError):
                os.lstat(path)  # pathlib reports an invalid path as a file that does not exist
            if self.path.is_symlink():
                raise InvalidValue(f"dest {path} is a symbolic link; a key is never written through a link.")
            self.is_there = self.path.exists()
            if self.is_there and not self.path.is_file():
                raise InvalidValue(f"dest {path} is not a regular file.", "Set dest to the path of a file.")
            if not self.path.parent.is_dir():
                raise InvalidValue(f"The directory of dest {path} does not exist.", "Create it first.")
            if not os.access(self.path.parent, os.W_OK):
                raise InvalidValue(f"The directory of dest {path} is not writable.")
            others = stat.S_IMODE(self.path.stat().st_mode) & OTHERS if self.is_there else 0
        self.is_private = not others
        if self.is_there:
            with suppress(InvalidValue):
                self.text = read_key_file(path)

    def write(self, text: str) -> None:
        """Replace the file atomically: a reader sees the old file or the new one, never part of it."""
        with self._explaining():
            descriptor, temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=str(self.path.parent))
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:  # mkstemp creates it with mode 0600
                    stream.write(text)
                os.replace(temporary, self.path)
            except BaseException:
                os.unlink(temporary)
                raise

    def make_private(self) -> None:
        with self._explaining():
            self.path.chmod(self.path.stat().st_mode & ~OTHERS)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InvalidValue(f"dest {str(self.path)!r} cannot be used: {reason}.") from error
