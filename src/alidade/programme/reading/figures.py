"""Figures with their unit: amounts of money, quantities, counts of persons, States, operations; never bare numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.proposals import Found, FoundFigure
from alidade.programme.reading.words import fold, numbers_of, reading_words

_DIGITS: Final = r"\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_CURRENCY: Final = {"eur": "EUR", "€": "EUR", "usd": "USD", "us$": "USD", "$": "USD", "gbp": "GBP", "£": "GBP"}


@cache
def _number() -> re.Pattern[str]:
    words = "|".join(sorted((w for w, v in numbers_of("numbers").items() if v > 1), key=lambda word: -len(word)))
    return re.compile(rf"(?<![\w/.,°-])({_DIGITS}|\b(?:{words})\b){_big()}")


@cache
def _big() -> str:
    multipliers = "|".join(sorted(map(re.escape, reading_words().multipliers), key=lambda word: -len(word)))
    return rf"(?:\s*({multipliers})\b)?"


@cache
def _money() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(eur|€|usd|us\$|\$|gbp|£)\s?({_DIGITS}){_big()}")


@cache
def _units() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What stands behind a number, by unit."""
    found = []
    for unit, pattern in reading_words().units:
        between = r"\s*" if unit == "%" else _BETWEEN
        found.append((unit, re.compile(rf"{between}{pattern}")))
    return tuple(found)


_BETWEEN: Final = (
    r"\s+(?:of the |autres |other |otros |otras |outros |outras |new |nouveaux |nouvelles |nuevos |nuevas |novos |"
    r"novas |third |non-eu |terceros |terceiros |different |differents |distintos |diferentes |joint |common |further |"
    r"additional )?(?:d'|de )?"
)


def _amounts(folded: str) -> Iterator[tuple[str, str, str, str, int, int]]:
    """Symbol, digits, multiplier, unit and place of everything that may be a figure; money first, then by unit."""
    for match in _money().finditer(folded):
        yield match[1], match[2], match[3] or "", "currency", match.start(), match.end()
    numbers = list(_number().finditer(folded))
    for unit, pattern in _units() if numbers else ():
        for number in numbers:
            behind = pattern.match(folded, number.end())
            if behind is None and number[2]:  # "10 m" before a unit may be no million
                behind = pattern.match(folded, number.end(1))
                if behind is not None:
                    yield "", number[1], "", unit, number.start(), behind.end()
            elif behind is not None:
                yield "", number[1], number[2] or "", unit, number.start(), behind.end()


def find_figures(block: Block, language: str, others: Sequence[Found]) -> Iterator[FoundFigure]:
    """Every figure with a unit in a block; `others` are dates and references, whose digits are no figures."""
    taken = [(other.start, other.end) for other in others if other.block == block.ordinal]
    found: list[FoundFigure] = []
    for symbol, digits, big, unit, start, end in _amounts(fold(block.text)):
        if any(start < last and first < end for first, last in taken):
            continue
        amount = _amount(digits, language) * (reading_words().multipliers[big] if big else 1)
        taken.append((start, end))
        code = _CURRENCY[symbol] if symbol else unit
        found.append(
            FoundFigure(
                value=f"{amount:g} {code}" if amount < 1e6 else f"{amount:.0f} {code}", amount=amount, unit=code,
                text=block.text[start:end], paragraph=block.paragraph, block=block.ordinal, start=start, end=end,
                rule="currency" if symbol else "number-unit", confidence=0.9 if digits[:1].isdigit() else 0.8,
                note=block.number if block.kind == "note" else "",
            )
        )  # fmt: skip
    yield from sorted(found, key=lambda figure: figure.start)


def _amount(digits: str, language: str) -> float:
    if not digits[:1].isdigit():
        return float(numbers_of("numbers")[digits])
    digits = digits.replace(" ", "")
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
    else:
        sign = "." if point >= 0 else ","
        grouped = re.fullmatch(rf"\d{{1,3}}(?:\{sign}\d{{3}})+", digits) is not None
        own = "," if language == "en" else "."
        thousands = sign if grouped and (sign == own or digits.count(sign) > 1) else ("," if sign == "." else ".")
    return float(digits.replace(thousands, "").replace(",", "."))
