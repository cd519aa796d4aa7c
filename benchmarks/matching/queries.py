"""Queries: a thousand questions in fifteen classes of error, and a thousand names that stand in no register.

All truths stand in the first hundred thousand rows, so that the same questions serve every size.
"""

from __future__ import annotations

import random as chance
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache as remembered

import polars

from benchmarks.matching import corruption
from benchmarks.matching.composing import COLUMNS, KINDS, Rows, compose
from benchmarks.matching.groups import Group, plain, read_groups, script_of
from benchmarks.matching.material import SEPARATORS, Material, make_material, table, titled
from benchmarks.matching.register import SETS

CLASSES = (
    "exact_fold", "typo1", "typo2", "transpose", "translit", "otherscript", "nomiddle", "reorder", "initial",
    "nickname", "splitmerge", "ocr", "legalform", "typo_reorder", "translit_typo",
)  # fmt: skip
COUNT = 1_000
_ABSENT_BLOCK = 1_000_000
_HELD_OUT = 500
_SAME_NAME = 4
_NAMING = ("given", "surname", "middle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked, which row is meant, and in what way the two differ."""

    text: str
    truth: int
    name: str
    sort: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One written part of a row: its text, the separator before it, what it is, and the name it is a spelling of."""

    text: str
    before: str
    role: str
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What questions are made from."""

    made: Material
    rows: Rows
    names: polars.Series
    nicknames: dict[str, list[str]]
    groups: dict[str, list[Group]]
    asked: dict[str, int] = field(default_factory=dict)


def make_queries(name: str, count: int = COUNT) -> list[Query]:
    """The questions of a set, the classes in turn."""
    seed = SETS[name]
    source = make_source(name, make_material(seed), compose(make_material(seed), 0))
    rows = source.rows
    random = chance.Random(f"{seed} queries")
    order = list(range(len(rows.kinds)))
    random.shuffle(order)
    wanted = [CLASSES[place % len(CLASSES)] for place in range(count)]
    found: list[Query] = []
    place = {sort: number * 5_000 for number, sort in enumerate(CLASSES)}
    for sort in sorted(wanted, key=CLASSES.index):
        while True:
            row = order[place[sort] % len(order)]
            place[sort] += 1
            text = _MAKERS[sort](random, source, slots(source, row))
            if text is not None and (sort == "exact_fold" or plain(text) != plain(source.names[row])) and plain(text):
                break
        found.append(Query(text=text, truth=row, name=source.names[row], sort=sort, kind=KINDS[rows.kinds[row]]))
    return found


def make_source(name: str, made: Material, rows: Rows) -> Source:
    """What the questions about a block of rows are made from."""
    return Source(made=made, rows=rows, names=rows.texts(made), nicknames=_nicknames(name), groups=_groups_by_word())


def corrupted(random: chance.Random, source: Source, row: int, sort: str) -> str | None:
    """The name of a row in one way of error; None where it cannot be made to err in that way."""
    return _MAKERS[sort](random, source, slots(source, row))


def make_absent(name: str) -> list[str]:
    """Names that stand in no register: half with a word held out of it, half known words in a new combination."""
    seed = SETS[name]
    made = make_material(seed)
    rows = compose(made, _ABSENT_BLOCK, 20_000)
    texts = rows.texts(made)
    source = Source(made=made, rows=rows, names=texts, nicknames={}, groups={})
    random = chance.Random(f"{seed} absent")
    held = random.sample(made.held_out, _HELD_OUT)
    found = []
    place = 0
    for number in range(2 * _HELD_OUT):
        while True:
            parts = slots(source, place)
            place += 1
            text = (
                _with_held_out(random, parts, held[number])
                if number < _HELD_OUT
                else _combined(made, parts, texts[place - 1])
            )
            if text is not None:
                break
        found.append(text)
    return found


def slots(source: Source, row: int) -> list[Slot]:
    """The written parts of a row, in their order."""
    roles = COLUMNS[int(source.rows.kinds[row])]
    parts: list[Slot] = []
    for column, piece in enumerate(source.rows.pieces[row].tolist()):
        if piece >= 0:
            before = SEPARATORS[int(source.rows.separators[row, column])] if parts else ""
            entry = source.made.owner[piece]
            parts.append(Slot(text=source.made.pieces[piece], before=before, role=roles[column], entry=entry))
    return parts


def joined(parts: list[Slot]) -> str:
    """The parts as one name."""
    return "".join((part.before if place else "") + part.text for place, part in enumerate(parts))


def _naming(parts: list[Slot]) -> list[int]:
    return [place for place, part in enumerate(parts) if part.role in _NAMING and part.entry >= 0]


def _with(parts: list[Slot], place: int, text: str) -> list[Slot]:
    old = parts[place]
    new = Slot(text=text, before=old.before, role=old.role, entry=old.entry)
    return [*parts[:place], new, *parts[place + 1 :]]


def _is_person(parts: list[Slot]) -> bool:
    return any(part.role == "given" for part in parts)


def _is_latin(parts: list[Slot]) -> bool:
    return script_of(joined(parts)) == "Latn"


def _exact(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.other_dress(random, joined(parts))


def _typo1(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.typo(random, joined(parts))


def _typo2(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.typo(random, joined(parts), 2)


def _transpose(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.transpose(random, joined(parts))


def _other_latin(random: chance.Random, source: Source, parts: list[Slot]) -> list[Slot] | None:
    """Some names of a person in other Latin spellings of the same name."""
    if not _is_person(parts) or not _is_latin(parts):
        return None
    changed, new = 0, parts
    for place in _naming(parts):
        entry = source.made.entries[parts[place].entry]
        others = [source.made.pieces[piece] for piece in entry.latin]
        others = [text for text in others if plain(text) != plain(parts[place].text)]
        if others and (random.random() < 0.8 or not changed):
            new = _with(new, place, random.choice(others))
            changed += 1
    return new if changed else None


def _translit(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    new = _other_latin(random, source, parts)
    return None if new is None else joined(new)


def _translit_typo(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    new = _other_latin(random, source, parts)
    return None if new is None else corruption.typo(random, joined(new))


def _other_script(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    """A native name in Latin letters, or a Latin name in a script in which all its names are known."""
    places = _naming(parts)
    if not _is_person(parts) or len(places) < 2 or len(places) != len(parts):
        return None
    entries = [source.made.entries[parts[place].entry] for place in places]
    if not _is_latin(parts):
        firsts = [source.made.pieces[entry.latin[0]] for entry in entries]
        return " ".join(firsts)
    if random.random() < 0.75:  # native rows are few: so that both directions come about as often
        return None
    found = [source.groups.get(plain(part.text), [])[:1] for part in parts]
    known = [group[0].native if group else {} for group in found]
    scripts = sorted(set.intersection(*(set(native) for native in known)) - {"Hira"})
    if not scripts:
        return None
    script = random.choice(scripts)
    words = [titled(random.choice(native[script][:2])) for native in known]
    return ("・" if script == "Kana" else "·" if script == "Hani" else " ").join(words)


def _no_middle(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    places = [place for place, part in enumerate(parts) if part.role == "middle"]
    if not _is_person(parts) or not places:
        return None
    dropped = random.choice(places)
    return joined([part for place, part in enumerate(parts) if place != dropped])


def _reorder(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    if not _is_person(parts):
        return None
    words = joined(parts).replace(",", "").split()
    return corruption.reordered(random, words)


def _typo_reorder(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    text = _reorder(random, source, parts)
    return None if text is None else corruption.typo(random, text)


def _initial(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    places = [place for place, part in enumerate(parts) if part.role == "given"]
    if not places or not _is_latin(parts) or len(parts) < 2 or len(parts[places[0]].text) < 3:
        return None
    return joined(_with(parts, places[0], parts[places[0]].text[0] + random.choice(("", "."))))


def _nickname(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    if not _is_person(parts):
        return None
    for place in (place for place, part in enumerate(parts) if part.role == "given"):
        others = source.nicknames.get(plain(parts[place].text))
        if others and len(parts) > 1 and source.asked.get(others[0], 0) < _SAME_NAME:
            source.asked[others[0]] = source.asked.get(others[0], 0) + 1
            return joined(_with(parts, place, titled(random.choice(others))))
    return None


def _split_merge(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.split_or_merge(random, joined(parts)) if _is_latin(parts) else None


def _seen(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    return corruption.seen_wrong(random, joined(parts)) if _is_latin(parts) else None


def _legal_form(random: chance.Random, source: Source, parts: list[Slot]) -> str | None:
    """The legal form written another way, or left out."""
    places = [place for place, part in enumerate(parts) if part.role == "form"]
    if not places:
        return None
    place = places[0]
    if random.random() < 0.25:
        return joined([part for part in parts if part.role != "form"])
    entry = source.made.entries[parts[place].entry]
    others = [source.made.pieces[piece] for piece in entry.latin]
    others = [text for text in others if plain(text).replace(" ", "") != plain(parts[place].text).replace(" ", "")]
    if others:
        return joined(_with(parts, place, random.choice(others)))
    text = parts[place].text
    changed = text.replace(".", "") if "." in text else ".".join(text) + "." if text.isupper() else text.upper()
    return joined(_with(parts, place, changed))


_MAKERS: dict[str, Callable[[chance.Random, Source, list[Slot]], str | None]] = {
    "exact_fold": _exact,
    "typo1": _typo1,
    "typo2": _typo2,
    "transpose": _transpose,
    "translit": _translit,
    "otherscript": _other_script,
    "nomiddle": _no_middle,
    "reorder": _reorder,
    "initial": _initial,
    "nickname": _nickname,
    "splitmerge": _split_merge,
    "ocr": _seen,
    "legalform": _legal_form,
    "typo_reorder": _typo_reorder,
    "translit_typo": _translit_typo,
}


def _with_held_out(random: chance.Random, parts: list[Slot], held: Group) -> str | None:
    """A row with its telling word replaced by one that stands in no row."""
    roles = ("surname", "root") if parts[0].role != "prefix" and parts[0].role != "word" else ("word",)
    places = [place for place, part in enumerate(parts) if part.role in roles]
    if not places or not _is_latin(parts):
        return None
    return joined(_with(parts, places[-1], titled(random.choice(held.latin))))


def _combined(made: Material, parts: list[Slot], text: str) -> str | None:
    """A row nobody wrote yet: its telling word is not among the most frequent, where nearly all pairs exist."""
    entries = [made.entries[part.entry].role for part in parts if part.entry >= 0 and part.role in ("surname", "root")]
    return text if len(parts) > 1 and ("tail" in entries or parts[0].role in ("prefix", "word")) else None


def _nicknames(name: str) -> dict[str, list[str]]:
    """Each set asks its own half of the nicknames."""
    half = sorted(SETS).index(name)
    rows = [row for place, row in enumerate(table("nicknames")["names"]) if place % 2 == half]
    return {row[0]: row[1:] for row in rows}


@remembered
def _groups_by_word() -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in read_groups():
        for form in group.latin:
            found.setdefault(plain(form), []).append(group)
    for groups in found.values():
        groups.sort(key=lambda group: -len(group.native))
    return found
