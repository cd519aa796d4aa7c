"""The fixed tables that matching reads, each a dated file with its source.

`table(name, kind)` decodes `data/<name>.json` strictly into `kind`. A table that is missing or malformed is a
fault of the installation and raises at import time (`msgspec.ValidationError`, `FileNotFoundError`).
"""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def table(name: str, kind: type[T]) -> T:
    """Read one of the dated reference tables that come with the programme."""
    raw = files("alidade.matching").joinpath("data", f"{name}.json").read_bytes()
    return msgspec.json.decode(raw, type=kind)
