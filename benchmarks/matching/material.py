"""Material: every piece of text that a register is composed of, with the name it is a spelling of.

Pieces lie in one long list; a register row is a few numbers of pieces and of separators. So ten million rows are
composed by looking up arrays, and their folded text comes from the same numbers.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache as remembered
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching.groups import Group, plain, read_groups, script_of
from benchmarks.places import shared_data

TABLES = Path(__file__).parent / "tables"
SEPARATORS = ("", " ", "-", ", ", " & ")
JOINED, BLANK, HYPHEN, COMMA, AMPERSAND = range(5)
Shares = np.ndarray[Any, np.dtype[np.float64]]
_HELD_OUT = 0.10
_SHORT_HAN = 2
_SKEW = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name or legal form: the numbers of its spellings in Latin letters, and in the native script of where it is
    used."""

    latin: tuple[int, ...]
    native: tuple[int, ...]
    group: int
    role: str


@dataclass(slots=True)
class Draw:
    """Entries to draw from, with how often each comes (cumulated shares)."""

    entries: np.ndarray[Any, np.dtype[np.int64]]
    cumulated: Shares

    def take(self, random: np.random.Generator, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """So many entries, drawn with replacement."""
        if not len(self.entries):
            return np.full(count, -1, dtype=np.int64)
        return self.entries[np.searchsorted(self.cumulated, random.random(count), side="right")]


def zipf(entries: list[int], skew: float = 1.0, shift: float = 0.0) -> Draw:
    """Draws where the first is the most frequent: share falls with (rank + shift) to the power of `skew`."""
    weights = (np.arange(1, len(entries) + 1) + shift) ** -skew
    cumulated = np.asarray(np.cumsum(weights) / max(float(weights.sum()), 1e-9), dtype=np.float64)
    if len(entries):
        cumulated[-1] = 1.0
    return Draw(np.asarray(entries, dtype=np.int64), cumulated)


@dataclass(slots=True)
class Material:
    """All pieces, entries and draws of one set; `held_out` are groups that stand in no row."""

    seed: int
    pieces: list[str] = field(default_factory=list)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    owner: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    given: dict[str, Draw] = field(default_factory=dict)
    surnames: dict[str, Draw] = field(default_factory=dict)
    patronymics: dict[str, Draw] = field(default_factory=dict)
    tails: dict[str, Draw] = field(default_factory=dict)
    forms: dict[str, Draw] = field(default_factory=dict)
    held_out: list[Group] = field(default_factory=list)
    countries: tuple[str, ...] = ()

    def piece(self, text: str, owner: int = -1) -> int:
        """The number of a piece of text that belongs to an entry (or to none)."""
        key = (text, owner)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.pieces)
            self.pieces.append(text)
            self.owner.append(owner)
        return number

    def entry(self, latin: list[str], native: list[str], role: str, group: int = -1) -> int:
        """Add an entry and give its number."""
        number = len(self.entries)
        self.entries.append(
            Entry(
                latin=tuple(self.piece(text, number) for text in dict.fromkeys(latin)),
                native=tuple(self.piece(text, number) for text in dict.fromkeys(native)),
                group=group,
                role=role,
            )
        )
        return number


@remembered
def make_material(seed: int) -> Material:
    """The material of one set: head names by country, tail names from nine tenths of the groups."""
    made = Material(seed=seed)
    random = np.random.default_rng([seed, 1])
    groups = read_groups()
    order = random.permutation(len(groups))
    kept = order[int(len(groups) * _HELD_OUT) :]
    where: dict[str, list[int]] = defaultdict(list)
    for number in kept:
        for form in groups[number].latin:
            where[plain(form)].append(int(number))
    _heads(made, groups, where)
    _tails(made, groups, kept)
    _legal_forms(made)
    known = {word for piece in made.pieces for word in plain(piece).split()}
    for number in order[: int(len(groups) * _HELD_OUT)]:
        if all(word not in known for form in groups[number].latin for word in plain(form).split()):
            made.held_out.append(groups[number])
    return made


def table(name: str) -> dict[str, Any]:
    """A table of words of this benchmark."""
    read: dict[str, Any] = json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))
    return read


def titled(text: str) -> str:
    """Each word with a capital, as names are written."""
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in text.split(" "))


SCRIPT_OF_COUNTRY = {country: script for script, of in table("countries")["scripts"].items() for country in of.split()}
_EASTERN = frozenset({"CN", "TW", "JP", "KR"})
_COMMON_FORMS = frozenset(table("countries")["common_forms"].split())


def _heads(made: Material, groups: tuple[Group, ...], where: dict[str, list[int]]) -> None:
    folder = shared_folder() / "names_by_country"
    for target, file in (
        (made.given, "common-forenames-by-country.csv"),
        (made.surnames, "common-surnames-by-country.csv"),
    ):
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        by_country: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            by_country[row["Country"]][row["Name Group"]].append((row["Localized Name"], row["Romanized Name"]))
        for country, named in by_country.items():
            role = "given" if target is made.given else "surname"
            entries = [_head(made, groups, where, country, spelt, role) for spelt in named.values()]
            target[country] = zipf([each for each in entries if each is not None], 0.8)
    made.countries = tuple(sorted(set(made.given) | set(made.surnames)))
    for country in ("RU", "UA", "BY", "KZ"):
        fathers = [_father(made, entry) for entry in made.given[country].entries] if country in made.given else []
        made.patronymics[country] = zipf([each for each in fathers if each is not None], 0.8)


def _head(
    made: Material,
    groups: tuple[Group, ...],
    where: dict[str, list[int]],
    country: str,
    spelt: list[tuple[str, str]],
    role: str,
) -> int | None:
    script = SCRIPT_OF_COUNTRY.get(country)
    latin = [titled(text.split("/")[0].strip()) for _, text in spelt if script_of(text) == "Latn"]
    latin += [titled(text.strip()) for text, _ in spelt if script_of(text) == "Latn"]
    native = [text.strip() for text, _ in spelt if script is not None and script_of(text) == script]
    candidates = [number for text in latin[:1] for number in where.get(plain(text), ())]
    best = max(candidates, key=lambda number: _fitness(groups[number], country, number), default=-1)
    if best >= 0:
        latin += [titled(text) for text in groups[best].latin]
        native += [titled(text) for text in groups[best].native.get(script or "", ())]
    if not latin:
        return None
    parts = len(plain(latin[0]).split())
    return made.entry([text for text in latin if len(plain(text).split()) == parts], native, role, best)


def _fitness(group: Group, country: str, number: int) -> tuple[bool, int, int, int]:
    """Which of several groups with the same Latin spelling a name of a country belongs to."""
    return _is_eastern(group) == (country in _EASTERN), len(group.native), len(group.latin), -number


def _is_eastern(group: Group) -> bool:
    return "Hira" in group.native or any(len(text) <= _SHORT_HAN for text in group.native.get("Hani", ()))


def _father(made: Material, number: np.int64) -> int | None:
    entry = made.entries[int(number)]
    first = made.pieces[entry.latin[0]]
    if first.endswith(("a", "ya")):
        return None
    latin = re.sub("(ey|ei|iy|y|i)$", "", first)
    ending = "evich" if latin != first else "ovich"
    native = [made.pieces[piece] for piece in entry.native[:1] if script_of(made.pieces[piece]) == "Cyrl"]
    written = [re.sub("(ий|ей|й|ь|и)$", "", text) + ("евич" if ending == "evich" else "ович") for text in native]
    return made.entry([latin + ending, latin + ending.replace("ch", "c")], written, "patronymic")


def _tails(made: Material, groups: tuple[Group, ...], kept: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    by_script: dict[str, list[int]] = defaultdict(list)
    wanted = {"Latn", *SCRIPT_OF_COUNTRY.values()} - {"Hani"}
    for number in kept:
        group = groups[number]
        latin = [titled(text) for text in group.latin]
        han = [text for text in group.native.get("Hani", ()) if len(text) <= _SHORT_HAN]
        scripts = [script for script in wanted if script in group.native] + ([] if _is_eastern(group) else ["Latn"])
        parts = len(plain(latin[0]).split())
        latin = [text for text in latin if len(plain(text).split()) == parts]
        scripts += ["Hani"] if han else []
        for script in sorted(scripts):
            native = han if script == "Hani" else [titled(text) for text in group.native.get(script, ())]
            if script == "Hang" and not han:
                continue
            by_script[script].append(made.entry(latin, native, "tail", int(number)))
    for script, entries in by_script.items():
        made.tails[script] = zipf(entries, _SKEW, 2_500)


def _legal_forms(made: Material) -> None:
    by_country: dict[str, list[tuple[bool, list[str]]]] = defaultdict(list)
    with (shared_folder() / "organisation_types" / "elf-codes-1.4.1.csv").open(
        encoding="utf-8-sig", newline=""
    ) as lines:
        for row in csv.DictReader(lines):
            name = row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"].strip()
            short = ";".join((row["Abbreviations transliterated"], row["Abbreviations Local language"])).split(";")
            texts = [text.strip() for text in short if text.strip() and script_of(text) == "Latn"]
            texts = texts[:4] + ([name] if name and script_of(name) == "Latn" and len(name) <= 45 else [])
            if texts and row["ELF Status ACTV/INAC"] == "ACTV":
                common = any(plain(text).replace(" ", "") in _COMMON_FORMS for text in texts)
                by_country[row["Country Code (ISO 3166-1)"]].append((common, texts))
    everywhere = [["Ltd", "Ltd.", "Limited"], ["LLC", "L.L.C.", "Limited Liability Company"], ["Co., Ltd.", "Co Ltd"]]
    common_entries = [made.entry(texts, [], "form") for texts in everywhere]
    for country in (*made.countries, ""):
        forms = [each for _, each in sorted(by_country.get(country, []), key=lambda pair: not pair[0])]
        unique = {tuple(each): each for each in forms[:30]}
        entries = [made.entry(each, [], "form") for each in unique.values()]
        made.forms[country] = zipf(entries or common_entries, 1.2)


def shared_folder() -> Path:
    folder = shared_data()
    if folder is None:
        raise FileNotFoundError("The public lists were not found (ALIDADE_SHARED_DATA).")
    return folder
