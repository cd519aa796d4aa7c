"""One piece of evidence on two things, and how values of properties are read from a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: A thing by its FollowTheMoney properties; a value is a text or several.
Properties = Mapping[str, str | Sequence[str]]

#: Shares are whole multiples of this, so that their sum is exact in binary arithmetic.
_GRAIN = 2.0**-20


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPart:
    """One piece of evidence and its signed share of the score.

    evidence      what was compared: name, birthDate, country, gender, address, an identifier's kind, schema, or limit
                  (kept within 0..1)
    rule          how it agreed: equal, similar, one error, swapped, month, year, near, slip, next year, few years,
                  different, contradicts
    left, right   the values compared, as given
    contribution  signed share of the score
    """

    evidence: str
    rule: str
    left: str
    right: str
    contribution: float


def part(evidence: str, rule: str, left: str, right: str, contribution: float) -> ComparisonPart:
    """A piece of evidence whose share adds up without rounding."""
    return ComparisonPart(
        evidence=evidence, rule=rule, left=left, right=right, contribution=round(contribution / _GRAIN) * _GRAIN
    )


def values(properties: Properties, name: str) -> Sequence[str]:
    """The texts of a property, without empty ones; a property that is absent or null has none."""
    found = properties.get(name)
    if not found:
        return ()
    return (found,) if isinstance(found, str) else [text for text in found if text]


def first_known(properties: Properties, names: Sequence[str]) -> Iterator[str]:
    """The texts of all of these properties."""
    for name in names:
        yield from values(properties, name)
