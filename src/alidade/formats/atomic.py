"""Files that appear whole or not at all, for the account that runs Alidade only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from alidade.model.errors import Invalid

MODE = 0o600  # personal data


class AtomicText:
    """A UTF-8 text file that appears under its name whole or not at all, and on the disk before it appears.

    It grows beside its name as `.name.part`. A part left by a cut of the power is overwritten the next time.
    """

    def __init__(self, path: Path, *, bom: bool = False) -> None:
        self.path = path
        self._encoding = "utf-8-sig" if bom else "utf-8"
        self._part = path.with_name(f".{path.name}.part")
        self._stream: IO[str] | None = None

    def open(self) -> IO[str]:
        """Start writing. Raises Invalid where the folder cannot be written to."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(self._part, flags, MODE)
        except OSError as error:
            raise Invalid(
                f"The file {self.path.name} cannot be written: {type(error).__name__}.",
                remedy="Check that its folder exists and may be written to.",
                code="no_access",
            ) from error
        os.chmod(self._part, MODE)  # an old part may have had another mode
        self._stream = os.fdopen(handle, "w", encoding=self._encoding, errors="replace", newline="")
        return self._stream

    def finish(self) -> None:
        """Bring it to the disk, then give it its name. Raises Invalid where the disk refuses."""
        if self._stream is None:
            raise AssertionError
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            os.replace(self._part, self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            self.discard()
            raise Invalid(
                f"The file {self.path.name} could not be written to the end: {type(error).__name__}.",
                remedy="Check that the disk has room, then give the list again.",
                code="no_access",
            ) from error

    def discard(self) -> None:
        """Give it up; nothing stays behind."""
        if self._stream is not None:
            self._stream.close()
            self._part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
