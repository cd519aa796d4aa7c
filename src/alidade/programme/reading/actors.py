"""Actors by acronym or name in the right language, and the acronyms that a paper explains itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

import msgspec

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.lines import unmarked
from alidade.programme.reading.proposals import FoundActor, Term
from alidade.programme.reading.words import FOLDER, LANGUAGES, all_of, fold

# Words that name a body of the Union only in the Union's own papers.
_OF_THE_UNION: Final = frozenset({"COUNCIL", "COMMISSION", "PRESIDENCY"})
_INLINE: Final = re.compile(r"((?:[A-ZÀ-Ý][\w’'&-]+)(?:[ \u00a0][\w’'«»\"&-]+){1,12}?)\s\(([A-Z][A-Za-z\-]{1,11})\)")
_BEFORE_BARE: Final = frozenset({"the", "le", "la", "du", "au", "el", "o", "a"})
ADDRESSED: Final = frozenset({"institution", "agency", "council-body", "network", "international", "group"})


class Forms(msgspec.Struct, frozen=True):
    """The short and the full names of an actor in one language."""

    acronyms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Actor(msgspec.Struct, frozen=True):
    """An entry of the table of actors."""

    code: str
    kind: str
    forms: dict[str, Forms]


class _Table(msgspec.Struct, frozen=True):
    entries: tuple[Actor, ...]


@cache
def actor_table() -> Mapping[str, Actor]:
    """The table of actors by code."""
    table = msgspec.json.decode((FOLDER / "actors.json").read_bytes(), type=_Table)
    return {actor.code: actor for actor in table.entries}


def label_of(code: str, language: str) -> str:
    """The short name of an actor in a language, else its full name."""
    forms = actor_table()[code].forms.get(language, Forms())
    english = actor_table()[code].forms.get("en", Forms())
    return next(iter((*forms.acronyms, *forms.names, *english.acronyms, *english.names)), code)


@cache
def _acronyms(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    found: dict[str, str] = {}
    for code in (language, *(other for other in LANGUAGES if other != language)):
        for actor in actor_table().values():
            for acronym in actor.forms.get(code, Forms()).acronyms:
                if code == language or len(acronym) >= 4:
                    found.setdefault(acronym, actor.code)
    words = sorted(found, key=lambda word: -len(word))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w]|-[A-Z])"), found


@cache
def _names(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    found: dict[str, str] = {}
    before: dict[str, list[str]] = {}
    for actor in actor_table().values():
        for name in actor.forms.get(language, Forms()).names:
            article, _, bare = fold(name).partition(" ")
            if actor.code in _OF_THE_UNION and article in _BEFORE_BARE:
                before.setdefault(bare, []).append(article)
                found.setdefault(bare, actor.code)
            else:
                found.setdefault(fold(name), actor.code)
    words = sorted(found, key=lambda word: -len(word))
    # "the Council" is the Council, "council" is not; the article is looked back at, so that longer names begin alike.
    patterns = [
        "(?:" + "|".join(f"(?<=\\b{article} )" for article in before[word]) + ")" + re.escape(word)
        if word in before
        else re.escape(word)
        for word in words
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)"), found


_OTHER_COUNCIL: Final = re.compile(
    r"\s+(?:jai\b|de l'europe|of europe|de europa|da europa|de coordination|de securite|"
    r"of ministers|des ministres|europeen|national|gouvernemental|nacional|economi|"
    r"de segur|superieur)"
)


def find_actors(block: Block, language: str, *, of_the_union: bool = True) -> Iterator[FoundActor]:
    """Every actor of the table that a block names, in the order of the text; the longest name wins."""
    yield from _actors_of(block, language, of_the_union)


@lru_cache(maxsize=8192)
def _actors_of(block: Block, language: str, of_the_union: bool) -> tuple[FoundActor, ...]:
    folded = fold(block.text)
    taken: list[tuple[int, int]] = []
    found: list[FoundActor] = []
    for rule, (pattern, codes), text, confidence in (
        ("actor-name", _names(language), str(folded), 0.9),
        ("acronym", _acronyms(language), unmarked(block.text), 0.95),
    ):
        for match in pattern.finditer(text):
            start, end = match.span()
            code = codes[match[0]]
            if any(start < last and first < end for first, last in taken):
                continue
            bare = rule == "actor-name" and code in _OF_THE_UNION and len(match[0]) < 16
            if bare and (
                not of_the_union or _OTHER_COUNCIL.match(folded, end) or not _capital(block.text[start:end], code)
            ):
                continue
            taken.append((start, end))
            found.append(
                FoundActor(
                    value=code, label=label_of(code, language), kind=actor_table()[code].kind,
                    text=block.text[start:end], paragraph=block.paragraph, block=block.ordinal, start=start, end=end,
                    rule=rule, confidence=confidence, note=block.number if block.kind == "note" else "",
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda actor: actor.start))


forget_actors: Final = _actors_of.cache_clear
_SHORT: Final = {"MS": "member-states", "MSs": "member-states", "EM": "member-states", "EEMM": "member-states",
                 "EE.MM.": "member-states", "EE. MM.": "member-states", "COM": "COMMISSION", "CION": "COMMISSION",
                 "PRES": "PRESIDENCY", "PCY": "PRESIDENCY"}  # fmt: skip
_BARE: Final = {"commission": "COMMISSION", "comision": "COMMISSION", "comissao": "COMMISSION",
                "council": "COUNCIL", "conseil": "COUNCIL", "consejo": "COUNCIL", "conselho": "COUNCIL",
                "presidency": "PRESIDENCY", "presidence": "PRESIDENCY", "presidencia": "PRESIDENCY",
                "customs": "customs", "douanes": "customs", "aduanas": "customs", "alfandegas": "customs",
                "governments": "governments", "gouvernements": "governments", "gobiernos": "governments",
                "governos": "governments"}  # fmt: skip


def bare_actors(block: Block, start: int, end: int, language: str) -> Iterator[FoundActor]:
    """Actors by a bare or shortened name ("Commission", "MS"), as they stand in a field that holds only names."""
    folded = fold(block.text)
    for text, names in ((block.text, _SHORT), (str(folded), _BARE)):
        for name, code in names.items():
            for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w)", text[start:end]):
                begin, last = start + match.start(), start + match.end()
                if name in _BARE and _OTHER_COUNCIL.match(folded, last):
                    continue
                yield FoundActor(
                    value=code, label=label_of(code, language), kind=actor_table()[code].kind,
                    text=block.text[begin:last], paragraph=block.paragraph, block=block.ordinal, start=begin, end=last,
                    rule="bare-name", confidence=0.9,
                )  # fmt: skip


def _capital(text: str, code: str) -> bool:
    return code == "PRESIDENCY" or text.split()[-1][:1].isupper()


def find_terms(blocks: Sequence[Block]) -> Iterator[Term]:
    """Acronyms that the paper explains: in a list at its end, or in brackets behind the full name."""
    headings, inside, seen = set(all_of("glossary")), False, set()
    for block in blocks:
        if block.kind == "heading" and "\t" not in block.text:
            inside = fold(block.text).strip(" :.") in headings
            continue
        row = re.match(r"^([A-Z][\w.()/-]{1,14}|[a-z]{1,3}-[A-Z]\w+)\s*(?:\t|\s[|–—:-]\s|:\s)\s*(\S.*)$", block.text)
        if inside and row and row[1] not in seen:
            seen.add(row[1])
            yield Term(acronym=row[1], meaning=row[2].strip(), paragraph=block.paragraph, block=block.ordinal)
            continue
        for match in _INLINE.finditer(block.text):
            if match[2] not in seen and sum(letter.isupper() for letter in match[2]) >= 2:
                seen.add(match[2])
                yield Term(acronym=match[2], meaning=match[1], paragraph=block.paragraph, block=block.ordinal)
