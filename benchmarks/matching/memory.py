"""Memory of this process, in MB. Needs nothing but the machine's own account of it."""

from __future__ import annotations

import re
from pathlib import Path


def peak() -> float:
    """The most memory held so far by this program (not by the one that started it, as `getrusage` may say)."""
    return _of("VmHWM")


def resident() -> float:
    """The memory held now."""
    return _of("VmRSS")


def _of(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"), re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0
