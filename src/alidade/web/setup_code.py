"""Set-up code: whoever begins a node in the browser must have read it in the terminal where the node was started.

It lies in the folder of the node, for the account of the machine alone, until the node has begun.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

FILE: Final = "setup.code"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for one another


def make(home: Path) -> str:
    """The code of this folder, made where there is none yet: twelve letters in three groups."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    try:
        handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return (home / FILE).read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(code)
    return code


def is_right(home: Path, typed: str) -> bool:
    """Whether this is the code; hyphens, spaces and capitals do not matter. Never right where there is no code."""
    try:
        code = (home / FILE).read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return secrets.compare_digest(_bare(typed).encode(), _bare(code).encode())


def void(home: Path) -> None:
    """Remove the code: the node has begun."""
    (home / FILE).unlink(missing_ok=True)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
