"""Dates in four languages: days, ranges of days, months, quarters, half-years, seasons, ends of years, periods."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.proposals import FoundDate
from alidade.programme.reading.words import LANGUAGES, fold, numbers_of, reading_words

_YEAR: Final = r"(?:19|20)\d\d"
_OF: Final = r"(?:\s+(?:de\s+l'annee|del\s+ano|do\s+ano|de|del|do|da|of|the|this)){0,2}\s*,?\s+"
_DAY: Final = r"\d{1,2}(?:\s?(?:er|st|nd|rd|th)|\.?o)?"
_AND: Final = (
    r"\s*(?:,|\band\b|\bet\b|\by\b|\be\b|\bor\b|\bou\b|\bo\b|&)\s*(?:,\s*)?(?:(?:the|"
    r"le|les|el|los|o|os|on|du|au|em|en|in|de|a)\s+)?"
)
_TO: Final = r"\s*(?:-|\bto\b|\bau\b|\bal\b|\ba\b|\bate\b|\buntil\b|\baté\b|\bthrough\b|\bao\b)\s*(?:(?:le|el|o)\s+)?"

Reader = Callable[[re.Match[str]], list[tuple[str, str]]]


@cache
def _months() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for code in LANGUAGES:
        words = reading_words().languages[code]
        for names in (words.months, words.month_short):
            for place, name in enumerate(names, 1):
                found.setdefault(name, place)
    return found


@cache
def _month() -> str:
    names = sorted(_months(), key=lambda name: -len(name))
    return r"\b(?:" + "|".join(names) + r")\b\.?"


def _number_of_month(word: str) -> int:
    return _months()[word.strip(". ")]


def _day(year: str, month: int, day: str) -> str | None:
    number = int(re.match(r"\d+", day)[0])  # type: ignore[index]
    if 1 <= month <= 12 and 1 <= number <= calendar.monthrange(int(year), month)[1]:
        return f"{year}-{month:02d}-{number:02d}"
    return None


def _days(year: str, month: str, *days: str) -> list[tuple[str, str]]:
    return [(value, "day") for day in days if (value := _day(year, _number_of_month(month), day))]


def _span(first: str | None, last: str | None) -> list[tuple[str, str]]:
    if first is None or last is None or first > last:
        return [(value, "day") for value in (first, last) if value]
    return [(f"{first}/{last}", "days")]


@cache
def _ordinal() -> str:
    words = sorted(numbers_of("ordinals"), key=lambda word: -len(word))
    return r"(?:" + "|".join(words) + r"|\d(?:er|re|e|eme|st|nd|rd|th|\.?[oa])?)"


def _ordinal_value(word: str) -> int:
    return numbers_of("ordinals").get(word) or int(re.match(r"\d", word)[0])  # type: ignore[index]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Reader], ...]:
    month, ordinal, times = _month(), _ordinal(), reading_words().times
    season = r"\b(?:" + "|".join(times.seasons) + r")\b"
    part = {"end": times.end, "start": times.start, "mid": times.middle}
    year_of = r"(?:\s*(?:of|de|del|do|the|l'|annee|ano|year|la|du)\b\s*){0,4}\s*-?\s*"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern)

    rows: list[tuple[str, str, Reader]] = [
        (
            "days-across-months",
            rf"\b({_DAY})(?:{_OF})({month}){_TO}({_DAY})(?:{_OF})({month})(?:{_OF})({_YEAR})\b",
            _across,
        ),
        (
            "range-and-day",
            rf"\b({_DAY}){_TO}({_DAY})(?:{_OF})({month}){_AND}({_DAY})(?:{_OF})({month})(?:{_OF})({_YEAR})\b",
            _range_and_day,
        ),
        (
            "two-days-of-months",
            rf"\b({_DAY})(?:{_OF})({month}){_AND}({_DAY})(?:{_OF})({month})(?:{_OF})({_YEAR})\b",
            _two,
        ),
        ("range-of-days", rf"\b({_DAY}){_TO}({_DAY})(?:{_OF})({month})(?:{_OF})({_YEAR})\b", _range),
        ("list-of-days", rf"\b({_DAY}(?:{_AND}{_DAY}){{1,6}})(?:{_OF})({month})(?:{_OF})({_YEAR})\b", _list),
        ("day", rf"\b({_DAY})(?:{_OF})({month})(?:{_OF})({_YEAR})\b", lambda f: _days(f[3], f[2], f[1])),
        ("range-of-days", rf"({month})\s+({_DAY})\s*-\s*({_DAY}),?\s+({_YEAR})\b", _american_range),
        ("day", rf"({month})\s+({_DAY}),?\s+({_YEAR})\b", lambda f: _days(f[3], f[1], f[2])),
        ("iso-day", rf"\b({_YEAR})-(\d\d)-(\d\d)\b", lambda f: _numeric(f[1], f[2], f[3])),
        ("numeric-day", rf"\b(\d{{1,2}})[./](\d{{1,2}})[./]({_YEAR})\b", lambda f: _numeric(f[3], f[2], f[1])),
        ("range-of-months", rf"({month})\s*(?:-|\bto\b|\ba\b)\s*({month})(?:{_OF})({_YEAR})\b", _month_range),
        ("months", rf"({month}(?:{_AND}{month}){{0,6}})(?:{_OF})({_YEAR})\b", _month_list),
        ("quarter", rf"\b({ordinal})\s+(?:{'|'.join(times.quarter)}){year_of}({_YEAR})\b", _quarter),
        ("quarter", rf"\b[qt]([1-4])[\s/-]*({_YEAR})\b", lambda f: [(f"{f[2]}-Q{f[1]}", "quarter")]),
        ("half-year", rf"\b({ordinal})\s+(?:{'|'.join(times.half)}){year_of}({_YEAR})\b", _half),
        ("half-year", rf"\b[hs]([12])[\s/-]+({_YEAR})\b", lambda f: [(f"{f[2]}-H{f[1]}", "half-year")]),
        ("season", rf"({season}){year_of}({_YEAR})(?:{_AND}({_YEAR}))?\b", _season),
        ("period", rf"\b({_YEAR})\s?-\s?({_YEAR})\b", _period),
        ("period", rf"\b(?:between|entre|from|de)\s+({_YEAR})\s+(?:and|et|y|e|to|a)\s+({_YEAR})\b", _period),
        ("period", rf"\b({_YEAR})-(\d\d)\b(?![-/\d])", _short_period),
    ]
    rows += [
        (f"{name}-of-year", rf"\b(?:{'|'.join(words)}){year_of}({_YEAR})\b",
         lambda f, name=name: [(f"{f[1]}-{name}", "part-of-year")])  # type: ignore[misc]
        for name, words in part.items()
    ]  # fmt: skip
    rows.append(
        (
            "year",
            rf"\b(?:in|en|em|since|depuis|desde|by|d'ici|until|para|ate|of|de|for|pour)\s+({_YEAR})\b(?![-/])",
            _year,
        )
    )
    return tuple((rule, compiled(pattern), reader) for rule, pattern, reader in rows)


def _across(f: re.Match[str]) -> list[tuple[str, str]]:
    return _span(_day(f[5], _number_of_month(f[2]), f[1]), _day(f[5], _number_of_month(f[4]), f[3]))


def _two(f: re.Match[str]) -> list[tuple[str, str]]:
    return [*_days(f[5], f[2], f[1]), *_days(f[5], f[4], f[3])]


def _range_and_day(f: re.Match[str]) -> list[tuple[str, str]]:
    month = _number_of_month(f[3])
    return [*_span(_day(f[6], month, f[1]), _day(f[6], month, f[2])), *_days(f[6], f[5], f[4])]


def _range(f: re.Match[str]) -> list[tuple[str, str]]:
    month = _number_of_month(f[3])
    return _span(_day(f[4], month, f[1]), _day(f[4], month, f[2]))


def _american_range(f: re.Match[str]) -> list[tuple[str, str]]:
    month = _number_of_month(f[1])
    return _span(_day(f[4], month, f[2]), _day(f[4], month, f[3]))


def _list(f: re.Match[str]) -> list[tuple[str, str]]:
    return _days(f[3], f[2], *re.findall(r"\d{1,2}", f[1]))


def _numeric(year: str, month: str, day: str) -> list[tuple[str, str]]:
    value = _day(year, int(month), day)
    return [(value, "day")] if value else []


def _month_range(f: re.Match[str]) -> list[tuple[str, str]]:
    first, last = _number_of_month(f[1]), _number_of_month(f[2])
    return [(f"{f[3]}-{first:02d}/{f[3]}-{last:02d}", "months")] if first < last else []


def _month_list(f: re.Match[str]) -> list[tuple[str, str]]:
    return [(f"{f[2]}-{_number_of_month(word):02d}", "month") for word in re.findall(_month(), f[1])]


def _quarter(f: re.Match[str]) -> list[tuple[str, str]]:
    value = _ordinal_value(f[1])
    return [(f"{f[2]}-Q{value}", "quarter")] if value <= 4 else []


def _half(f: re.Match[str]) -> list[tuple[str, str]]:
    value = _ordinal_value(f[1])
    return [(f"{f[2]}-H{value}", "half-year")] if value <= 2 else []


def _season(f: re.Match[str]) -> list[tuple[str, str]]:
    name = reading_words().times.seasons[f[1]]
    return [(f"{year}-{name}", "season") for year in (f[2], f[3]) if year]


def _period(f: re.Match[str]) -> list[tuple[str, str]]:
    return [(f"{f[1]}/{f[2]}", "period")] if f[1] < f[2] else []


def _short_period(f: re.Match[str]) -> list[tuple[str, str]]:
    last = f[1][:2] + f[2]
    return [(f"{f[1]}/{last}", "period")] if f[1] < last and int(f[2]) > 12 else []


def _year(f: re.Match[str]) -> list[tuple[str, str]]:
    return [(f[1], "year")]


_ANY_YEAR: Final = re.compile(_YEAR)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_CONFIDENCE: Final = {"year": 0.6, "period": 0.8, "numeric-day": 0.9}


def find_dates(block: Block) -> Iterator[FoundDate]:
    """Every date of a block, in the order of the text; a stretch of text is read once, by the first rule that fits."""
    yield from _dates_of(block)


@lru_cache(maxsize=8192)
def _dates_of(block: Block) -> tuple[FoundDate, ...]:
    folded = fold(block.text)
    if not _ANY_YEAR.search(folded):
        return ()
    taken = [address.span() for address in _ADDRESS.finditer(folded)]
    found: list[FoundDate] = []
    for rule, pattern, reader in _patterns():
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            values = reader(match)
            if not values:
                continue
            taken.append((start, end))
            found += [
                FoundDate(
                    value=value, precision=precision, text=block.text[start:end], paragraph=block.paragraph,
                    block=block.ordinal, start=start, end=end, rule=rule, confidence=_CONFIDENCE.get(rule, 0.97),
                    note=block.number if block.kind == "note" else "",
                )
                for value, precision in values
            ]  # fmt: skip
    return tuple(sorted(found, key=lambda date: (date.start, date.value)))


forget_dates: Final = _dates_of.cache_clear
_LAST_MONTHS: Final = {
    **{"Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12", "H1": "06", "H2": "12", "start": "03", "mid": "07", "end": "12"},
    **{"spring": "06", "summer": "09", "autumn": "11", "winter": "12"},
}


def month_of(value: str) -> str:
    """The month with which a date ends, YYYY-MM, so that dates of different kinds can be put in order."""
    last = value.rpartition("/")[2]
    year, _, rest = last.partition("-")
    return f"{year}-{_LAST_MONTHS.get(rest, rest[:2] or '12')}"


def is_fine(date: FoundDate) -> bool:
    """Whether a date says more than a year."""
    return date.precision not in ("year", "period")
