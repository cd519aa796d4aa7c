"""The real clock and the real chance of this machine; everything else takes them as parameters."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class SystemRandomness:
    """The operating system's source of unpredictable bytes."""

    def token_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        return secrets.token_bytes(count)


def secret_file(path: Path) -> str:
    """The secret kept in a file that only its owner may read; made on first use, 64 hexadecimal digits."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text(encoding="ascii").strip()
