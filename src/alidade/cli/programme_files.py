"""Files of the follow-up at the command line: written once, for their owner alone, and never written over."""

from __future__ import annotations

import os
from pathlib import Path

import click

from alidade.model.errors import Conflict

__all__ = ["OUT", "absent", "write_new"]

OUT = click.option("--out", "--output", "path", type=click.Path(path_type=Path), required=True,
                    help="The file to write.")  # fmt: skip


def absent(path: Path) -> None:
    """Raises Conflict where the file is there: nothing is written over."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner alone."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
