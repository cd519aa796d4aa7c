"""Compiled: what was compiled of an earlier version of these files is thrown away before it can answer.

The compiler keeps its work beside the source and looks only at the file in which a function stands, not at those from
which it calls others. A changed function would so go on in its earlier form inside its unchanged callers.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_KEPT = (".nbi", ".nbc")


def throw_away_outdated(folder: Path) -> int:
    """Remove what was compiled before the newest source file under `folder` was written; how many files.

    Where the folder may not be written, the compiler keeps its work elsewhere, and what is here is left as it is.
    """
    newest, compiled = 0, []
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                newest = max(newest, os.stat(os.path.join(place, name)).st_mtime_ns)
            elif name.endswith(_KEPT):
                compiled.append(os.path.join(place, name))
    gone = 0
    for path in compiled:
        with suppress(OSError):  # gone already, by another process
            if os.stat(path).st_mtime_ns < newest:
                os.unlink(path)
                gone += 1
    return gone
