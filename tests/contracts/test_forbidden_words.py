"""No file tells where it was written or where packages come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together from halves, so that this file does not hold what it looks for.
WORDS = [
    "/" + "work/",
    "/" + "root/",
    "/" + "opt/wheels",
    "/" + "opt/pypi",
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "sub" + "agent",
    "lang" + "uage model wrote",
]
FORBIDDEN = re.compile("|".join(rf"(?<![\w.-]){re.escape(word)}" for word in WORDS), re.IGNORECASE)


def _ignored() -> set[str]:
    """The names of the folders that the repository ignores, and its own."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {".git"} | {line.strip("/") for line in lines if line.endswith("/")}


def _files(folder: Path, ignored: set[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in ignored or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, ignored)
        elif path.suffix not in {".pyc", ".pyo"} and not path.name.startswith(".coverage"):
            yield path


def _found(text: str) -> list[str]:
    return sorted({match.group().lower() for match in FORBIDDEN.finditer(text)})


def test_no_file_names_a_machine_or_an_index() -> None:
    files = list(_files(ROOT, _ignored()))

    assert Path(__file__).resolve() in files
    assert ROOT / "requirements.lock" in files
    found = {
        path.relative_to(ROOT).as_posix(): words
        for path in files
        if (words := _found(path.read_bytes().decode("utf-8", errors="replace")))
    }
    assert found == {}


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_found(word: str) -> None:
    assert _found(f"see ({word}x) or `{word}`") == [word]


@pytest.mark.parametrize("text", ["/home/wo" + "rk/", "the team's work/life", "/working/", "a.root/b"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert _found(text) == []
