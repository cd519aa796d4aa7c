"""Chart symbols: the sign drawn for each type of thing, as strokes in a box of 24 x 24."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from alidade.vocabulary import Vocabulary
from alidade.vocabulary.things import line_of

_UNKNOWN = "Thing"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    version: str
    source: str
    date: str
    licence: str
    symbols: dict[str, str]


@cache
def _drawn() -> Mapping[str, str]:
    raw = files("alidade.formats").joinpath("data", "chart_symbols.json").read_bytes()
    return msgspec.json.decode(raw, type=_File).symbols


def symbols_of(things: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The strokes for each of these types; a type without a sign of its own has that of the nearest it extends."""
    drawn = _drawn()
    found: dict[str, str] = {}
    for thing in sorted(set(things)):
        line = line_of(vocabulary.things, thing) if thing in vocabulary.things else ()
        found[thing] = next((drawn[each] for each in (thing, *line) if each in drawn), drawn[_UNKNOWN])
    return found
