"""The machine-readable zone of passports and identity cards (ICAO Doc 9303), found in a text and checked.

Two lines of 44 characters (passports, TD3), two of 36 (TD2) or three of 30 (cards, TD1). A zone counts only where the
check digit of its number fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LINES: Final = re.compile(
    r"(?<![A-Z0-9<])(?:"
    r"(?P<td3>P[A-Z<][A-Z<]{42}\r?\n[ ]{0,4}(?P<td3b>[A-Z0-9<]{44}))"
    r"|(?P<td2>[ACI][A-Z<][A-Z<]{34}\r?\n[ ]{0,4}(?P<td2b>[A-Z0-9<]{36}))"
    r"|(?P<td1>[ACI][A-Z0-9<][A-Z0-9<]{28})\r?\n[ ]{0,4}[A-Z0-9<]{30}\r?\n[ ]{0,4}[A-Z<]{30}"
    r")(?![A-Z0-9<])"
)
_WEIGHTS: Final = (7, 3, 1)
_THREE_LETTERS: Final = {"ESP": "ES", "FRA": "FR", "PRT": "PT", "BRA": "BR", "NLD": "NL", "BEL": "BE", "ITA": "IT",
                         "GBR": "GB", "USA": "US", "D<<": "DE", "COL": "CO", "MEX": "MX", "ECU": "EC", "PER": "PE",
                         "ARG": "AR", "VEN": "VE", "MAR": "MA", "POL": "PL", "ROU": "RO", "ALB": "AL"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone at characters `start` to `end`: number of the paper, and the State of issue where it is known here."""

    start: int
    end: int
    number: str
    state: str | None


def find_zones(text: str) -> Iterator[Zone]:
    """Every zone of a text whose number has a check digit that fits."""
    for match in _LINES.finditer(text):
        second = match["td3b"] or match["td2b"]
        field, digit = (second[:9], second[9]) if second else (match["td1"][5:14], match["td1"][14])
        if check_digit(field) == digit and field.strip("<"):
            state = _THREE_LETTERS.get(match[0][2:5])
            yield Zone(start=match.start(), end=match.end(), number=field.rstrip("<"), state=state)


def check_digit(field: str) -> str:
    """The check digit of a field (ICAO Doc 9303 part 3, 4.9): weights 7, 3, 1; A is 10, the filler 0."""
    total = 0
    for place, letter in enumerate(field):
        value = 0 if letter == "<" else int(letter) if letter.isdigit() else ord(letter) - 55
        total += value * _WEIGHTS[place % 3]
    return str(total % 10)
