"""Dialect: delimiter, quote and line ending of a delimited text, found from its first lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from alidade.formats.encoding import sniff_encoding

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 60
_SEPARATOR_LINE = re.compile(r"sep=(.)\Z", re.IGNORECASE)
_DATA_CELL = re.compile(r"[\d\s.,:/+()-]*\d[\d\s.,:/+()-]*|[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}-\d\d.*|.{200,}", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the file is written. `skip` rows stand before the header (the "sep=;" line of spreadsheets)."""

    encoding: str
    delimiter: str
    quote: str = '"'
    line_end: bytes = b"\n"
    skip: int = 0


def sniff_dialect(path: Path, head: bytes, delimiter: str | None = None) -> Dialect:
    """Find the dialect from the first 64 KiB; the encoding from the whole file."""
    encoding = sniff_encoding(path, head)
    text = head.decode(encoding if encoding != "utf-8-sig" else "utf-8-sig", "replace")
    line_end = b"\r" if "\r" in text and "\n" not in text else b"\n"
    lines = [line for line in re.split(r"\r\n|\n|\r", text)[:_SAMPLE_LINES] if line.strip()]
    skip = 0
    declared = _SEPARATOR_LINE.match(lines[0]) if lines else None
    if declared:
        skip = 1
        lines = lines[1:]
        if declared.group(1) in DELIMITERS:
            delimiter = delimiter or declared.group(1)
    found = delimiter or _best_delimiter(lines)
    return Dialect(encoding=encoding, delimiter=found, quote=_quote(lines, found), line_end=line_end, skip=skip)


def _best_delimiter(lines: list[str]) -> str:
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        counts = [_outside_quotes(line).count(candidate) for line in lines]
        if not counts or counts[0] == 0:
            continue
        agreeing = Counter(counts)[counts[0]] / len(counts)
        score = agreeing + min(counts[0], 50) / 1000
        if score > best_score:
            best, best_score = candidate, score
    return best


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _quote(lines: list[str], delimiter: str) -> str:
    single = sum(1 for line in lines if line.startswith("'") and f"'{delimiter}'" in line)
    return "'" if lines and single * 2 > len(lines) and '"' not in "".join(lines) else '"'


def looks_like_header(cells: list[str]) -> bool:
    """Whether a first row names columns: no cell is a number, a date, an e-mail address or a long text."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and not any(_DATA_CELL.fullmatch(cell) for cell in filled)
