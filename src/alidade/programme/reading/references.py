"""References to documents: Council, Commission, Official Journal, acts, CELEX, United Nations, in one usual form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.lines import unmarked
from alidade.programme.reading.proposals import FoundReference

_SUFFIX: Final = r"(?:\s*\+?\s*\b(?:REV|ADD|COR|DCL|EXT|INIT|AMD)\b\s*\.?\s*\d{0,2}|\s*\+?\s*(?:REV|ADD|COR)\d{1,2})"
_COUNCIL: Final = re.compile(
    (
        rf"(?<![\w/.])(?:(ST|WK|DS|CM|PE-CONS|SN)\s*)?(\d{{4,5}})(?:/(\d{{1,2}}))?/(\d{{2}}|"
        rf"20\d\d)(?![\d/]|[.,]\d)((?:{_SUFFIX})*)"
    ),
)
_COM: Final = re.compile(r"\b(COM|SWD|JOIN|SEC|C)\s?[(/](\d{4})[)/]\s*(\d{1,5})(?:\s*(final|def\.?))?(?:/(\d))?", re.I)
_ACT_NUMBERED: Final = re.compile(
    r"\((UE|EU|CE|EC|CEE|EEC|Euratom|JAI|JHA|PESC|CFSP|PESC)\)\s*(?:(?:n\s?[°ºo.]{1,2}|"
    r"No\.?|nº|n\.º)\s*)?(\d{1,4}/\d{2,5})\b"
)
_ACT: Final = re.compile(r"(?<![\w/])(\d{2,4}/\d{1,4}/(?:JAI|JHA|UE|EU|CE|EC|CEE|EEC|PESC|CFSP|PCSD))\b")
_JOURNAL: Final = re.compile(
    r"\b(?:OJ|JO|DO|JOUE|DOUE)\s+(?:série\s+|series\s+)?([LC])\b(?:\s?(\d{1,4}\s?[A-Z]?)\b(?!/\d))?"
    r"(?:,?\s*(?:C/|L/)?((?:19|20)\d\d/\d{1,5}))?"
    r"(?:,?\s*(?:of|du|de|del|do)?\s*(\d{1,2}\.\d{1,2}\.\d{4}))?(?:,?\s*p(?:p|ág|\.)?\.?\s*(\d{1,4}))?"
)
_JOURNAL_TIGHT: Final = re.compile(
    r"\b(?:OJ|JO|DO)\s+([LC])(\d{1,4}[A-Z]?)\b()(?:,?\s*(?:of|du|de|del|do)?\s*(\d{1,2}\.\d{1,2}\.\d{4}))?(?:,?\s*p\.?\s*(\d{1,4}))?"
)
_CELEX: Final = re.compile(r"\b([1-9](?:19|20)\d\d[A-Z]{1,2}\d{4})\b")
_UN: Final = re.compile(
    r"(?<![\w/])((?:A|E|S|ST|CTOC|CAC|UNODC|CCPCJ|CND|UNEP|IDB)/(?:[A-Z0-9][A-Za-z0-9.\-]*)(?:/[A-Za-z0-9][A-Za-z0-9.\-]*)+)"
)
# "resolution 2024/12", "resolutions 62/4 and 63/2", "resolution 2482 (2019)" of the Security Council.
_RESOLVED: Final = r"\d{1,4}/\d{1,4}\b(?!/)|\d{3,4}\s?\((?:19|20)\d\d\)"
_RESOLUTION: Final = re.compile(
    rf"\b(?:r[eé]solutions?|decisions?|resoluci[oó]n(?:es)?|resolu[cç](?:[aã]o|[oõ]es))\s+(?:(?:n\.?\s?[ºo°]|nos?\.?)\s*)?"
    rf"((?:{_RESOLVED})(?:\s*(?:,|\band\b|\bet\b|\by\b|\be\b)\s*(?:{_RESOLVED}))*)",
    re.I,
)


def find_references(block: Block) -> Iterator[FoundReference]:
    """Every document number of a block, in the order of the text."""
    yield from _references_of(block)


@lru_cache(maxsize=8192)
def _references_of(block: Block) -> tuple[FoundReference, ...]:
    taken: list[tuple[int, int]] = []
    found: list[FoundReference] = []
    text = unmarked(block.text)
    for system, rule, pattern, form in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            numbers = form(match)
            if not numbers:
                continue
            taken.append((start, end))
            found += [
                FoundReference(
                    value=number, system=system, text=block.text[start:end].strip(), paragraph=block.paragraph,
                    block=block.ordinal, start=start, end=end, rule=rule, confidence=0.97,
                    note=block.number if block.kind == "note" else "",
                )
                for number in numbers
            ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.start, each.value)))


forget_references: Final = _references_of.cache_clear


def council_numbers(text: str) -> list[str]:
    """The Council document numbers of a text, in their usual form and order."""
    return [number for match in _COUNCIL.finditer(text) for number in _council(match)]


def _council(match: re.Match[str]) -> list[str]:
    series, number, revision, year, suffixes = match[1], match[2], match[3], match[4], match[5]
    if len(year) == 4 and series not in ("WK", "DS", "CM", "SN"):
        return []
    bare = len(number) == 4 and number[:2] in ("19", "20") and not (series or revision or suffixes)
    if bare and int(year) in (int(number) % 100 + 1, int(number) % 100 + 2):  # a span of years such as 2021/22
        return []
    base = f"{number}/{revision}/{year}" if revision else f"{number}/{year}"
    if series and series != "ST":
        base = f"{series} {base}"
    with_base: list[str] = [base]
    apart: list[str] = []
    for suffix in re.finditer(_SUFFIX, suffixes):
        if "INIT" in suffix[0]:  # the first edition, which has the number without more
            continue
        kind = re.sub(r"\s*\+?\s*([A-Z]+)\s*\.?\s*(\d*)\s*", r"\1 \2", suffix[0]).strip()
        (apart if "+" in suffix[0] else with_base).append(kind)
    whole = " ".join(with_base)
    return [whole, *(f"{base} {kind}" for kind in apart)]


def _com(match: re.Match[str]) -> list[str]:
    if match[1].upper() == "C" and not match[4]:
        return []
    final = " final" if match[4] else ""
    return [f"{match[1].upper()}({match[2]}) {int(match[3])}{final}{'/' + match[5] if match[5] else ''}"]


def _journal(match: re.Match[str]) -> list[str]:
    number, newer = (match[2] or "").replace(" ", ""), match[3] or ""
    if not number and not newer:
        return []
    return [f"OJ {match[1]} {newer or number}"]


def _resolutions(match: re.Match[str]) -> list[str]:
    return [re.sub(r"\s?\(", " (", number) for number in re.findall(_RESOLVED, match[1])]


_RULES: Final = (
    ("official-journal", "official-journal", _JOURNAL, _journal),
    ("official-journal", "official-journal", _JOURNAL_TIGHT, _journal),
    ("commission", "commission-number", _COM, _com),
    ("act", "act-number", _ACT_NUMBERED, lambda match: [f"({match[1]}) {match[2]}"]),
    ("act", "act-number", _ACT, lambda match: [match[1]]),
    ("un", "united-nations-symbol", _UN, lambda match: [match[1].rstrip(".-")] if re.search(r"\d", match[1]) else []),
    ("council", "council-number", _COUNCIL, _council),
    ("celex", "celex-number", _CELEX, lambda match: [match[1]]),
    ("resolution", "resolution-number", _RESOLUTION, _resolutions),
)
