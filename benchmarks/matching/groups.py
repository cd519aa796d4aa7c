"""Groups: spellings of one name in many scripts, as Wikidata knows them, from the wheel of rigour 1.2.0.

Only the register and its queries are drawn from them; each set of the benchmark holds other groups back, whose names
stand nowhere in its register.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from functools import cache as remembered
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii

from benchmarks.places import cache

_WHEEL = "rigour-1.2.0-py3-none-any.whl"
_MEMBER = "rigour/data/names/persons.txt"
_FORM = re.compile(r"[^\W\d_]+(?:[ '’\-·・=]?[^\W\d_]+){0,3}")
_OTHER = re.compile(r"[^0-9a-z]+")
_APOSTROPHES = re.compile("['`]")
_LONGEST = 24
_SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr", "CJK": "Hani",
    "HANGUL": "Hang", "KATAKANA": "Kana", "HIRAGANA": "Hira", "GEORGIAN": "Geor", "ARMENIAN": "Armn",
    "DEVANAGARI": "Deva", "BENGALI": "Beng", "THAI": "Thai",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The spellings of one name, those in Latin letters apart from those of each other script (ISO 15924)."""

    latin: tuple[str, ...]
    native: dict[str, tuple[str, ...]]


def plain(text: str) -> str:
    """The folded text that every engine is given: case folded, in plain Latin letters, words parted by one blank."""
    if text.isascii():
        return _OTHER.sub(" ", text.replace("'", "").replace("`", "").lower()).strip()
    return _OTHER.sub(" ", _APOSTROPHES.sub("", anyascii(text.casefold())).lower()).strip()


def script_of(text: str) -> str:
    """The script of the first letter (ISO 15924), "Zyyy" for any that the benchmark does not use."""
    for letter in text:
        script = _letter_script(letter)
        if script:
            return script
    return "Zyyy"


@lru_cache(maxsize=100_000)
def _letter_script(letter: str) -> str:
    """The script of a letter; empty for what is none."""
    if not letter.isalpha():
        return ""
    return _SCRIPTS.get(unicodedata.name(letter, "?").split()[0], "Zyyy")


@remembered
def read_groups() -> tuple[Group, ...]:
    """All groups with at least one usable Latin spelling, in the order of the file."""
    found = []
    with zipfile.ZipFile(_wheel()) as wheel, wheel.open(_MEMBER) as lines:
        for line in lines:
            text = line.decode("utf-8")
            if "=>" in text:
                group = _group(text.split("=>")[0])
                if group is not None:
                    found.append(group)
    return tuple(found)


def _group(text: str) -> Group | None:
    latin: dict[str, str] = {}
    native: dict[str, list[str]] = {}
    for form in (unicodedata.normalize("NFC", part.strip()) for part in text.split(",")):
        if (not 2 <= len(form) <= _LONGEST and script_of(form) != "Hani") or not _usable(form):
            continue
        script = script_of(form)
        if any(_letter_script(letter) not in ("", script) for letter in form):
            continue
        if script == "Latn":
            latin.setdefault(plain(form), form)
        elif script != "Zyyy" and not (len(form) > 1 and form[-1] in "姓氏"):
            native.setdefault(script, []).append(form)
    latin.pop("", None)
    if not latin:
        return None
    return Group(latin=tuple(latin.values()), native={script: tuple(forms) for script, forms in native.items()})


def _usable(form: str) -> bool:
    """Letters in up to four words; no digits of tones, no notes."""
    return bool(_FORM.fullmatch(form)) and not any(letter.isnumeric() and not letter.isalpha() for letter in form)


def _wheel() -> Path:
    path = cache() / "wheels" / _WHEEL
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(path.parent)]
        subprocess.run([*command, "--only-binary=:all:", "rigour==1.2.0"], check=True, stderr=subprocess.DEVNULL)
    return path
