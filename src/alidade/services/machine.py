"""The real clock and the real chance of this machine; everything else takes them as parameters."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


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
