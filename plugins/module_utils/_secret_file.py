# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private key in a file: read with care, written so that nobody else can ever read it."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from .mist_client.errors import InvalidValue

PRIVATE = 0o600
LARGEST = 64 * 1024


def read_key_file(path: str) -> str:
    """The text of a key file; InvalidValue when there is none, or none that can be a key."""
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidValue(f"The key file {path} cannot be read: {reason}.") from error
    if len(text) > LARGEST:
        raise InvalidValue(f"The key file {path} is too large for a key.")
    return text


class SecretFile:
    """Where a private key is to be saved; a look at it on the way in tells whether it can be."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        if self.path.is_symlink():
            raise InvalidValue(f"dest {path} is a symbolic link, and a key is not written through one.")
        if self.path.is_dir():
            raise InvalidValue(f"dest {path} is a directory.", "Name the file in it.")
        if not self.path.parent.is_dir():
            raise InvalidValue(f"dest {path} is in a directory that is not there.", "Make it first.")
        self.text: str | None = read_key_file(path) if self.path.exists() else None
        self.is_private = self.text is None or stat.S_IMODE(self.path.stat().st_mode) == PRIVATE

    def write(self, text: str) -> None:
        """Put the text there at one stroke: a reader sees the old file or the new one, never half of it."""
        descriptor, temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=str(self.path.parent))
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:  # mkstemp made it with mode 0600
                stream.write(text)
            os.replace(temporary, self.path)
        except BaseException:
            os.unlink(temporary)
            raise

    def make_private(self) -> None:
        self.path.chmod(PRIVATE)
