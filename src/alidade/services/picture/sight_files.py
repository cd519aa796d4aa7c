"""Sight files: a map, a timeline or a matrix made ready for drawing and writing, in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from alidade.formats.sight import Group, Item, MapFile, MapLine, MapPoint, MatrixFile, SightHead, TimeFile
from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling, handling_id
from alidade.services.picture.mapping import Leg, Map
from alidade.services.picture.matrix import Matrix
from alidade.services.picture.places import Spot
from alidade.services.picture.timeline import LANES, Lane, Timeline
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Vocabulary

ENGLISH_LANES: Final[Mapping[Lane, str]] = {
    "seizure": "Seizures", "movement": "Movements", "event": "Events", "contact": "Contacts", "payment": "Payments",
    "span": "What held",
}  # fmt: skip
_NOT_KNOWN: Final = "not known"


def _no_address(thing: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is needed to say things: the vocabulary, the language, and where things have their pages.

    `lanes` and `not_known` are words of the face, in English unless it gives others.
    """

    vocabulary: Vocabulary
    language: str
    lanes: Mapping[Lane, str]
    address: Callable[[str], str] = _no_address
    not_known: str = _NOT_KNOWN

    def thing(self, name: str) -> str:
        """The word for a type of thing."""
        known = self.vocabulary.things.get(name)
        return name if known is None else known.label.in_(self.language)

    def country(self, code: str) -> str:
        """The name of a country."""
        known = code in self.vocabulary.countries
        return self.vocabulary.label("countries", code, self.language) if known else code

    def spot(self, spot: Spot, name: str) -> str:
        """What a place is called; the country, where no more is known."""
        return name or (self.country(spot.country) if spot.country else self.not_known)


def map_file(found: Map, words: Words, head: SightHead, *, outlines: str = "") -> MapFile:
    """The map for drawing and writing."""
    points = tuple(
        MapPoint(
            item=_item(
                each.thing, each.type, words.thing(each.type), each.caption, (each.begin, each.end), each.evaluation,
                each.statements, words.address(each.thing),
            ),
            group=cast(Group, each.group),
            latitude=each.spot.latitude,
            longitude=each.spot.longitude,
            exactness=each.spot.exactness,
        )
        for each in found.marks
    )  # fmt: skip
    return MapFile(
        head=head, points=points, lines=tuple(_line(leg, words) for leg in found.legs), outlines_address=outlines
    )


def _line(leg: Leg, words: Words) -> MapLine:
    source, target = words.spot(leg.source, leg.source_name), words.spot(leg.target, leg.target_name)
    said = [each for move in leg.moves for each in move.statements]
    one = leg.moves[0].thing if len(leg.moves) == 1 else ""
    return MapLine(
        item=_item(
            leg.key, "Movement", words.thing("Movement"), f"{source} → {target}", (leg.first, leg.last), leg.evaluation,
            said, words.address(one) if one else "",
        ),
        source=source,
        target=target,
        start=(leg.source.latitude, leg.source.longitude),
        stop=(leg.target.latitude, leg.target.longitude),
        count=len(leg.moves),
    )  # fmt: skip


def time_file(found: Timeline, words: Words, head: SightHead) -> TimeFile:
    """The timeline for drawing and writing."""
    bars = tuple(
        (
            each.lane,
            _item(
                each.key, each.kind, each.label.in_(words.language) if each.label else each.kind, each.caption,
                (each.begin, each.end), each.evaluation, each.statements, words.address(each.thing),
            ),
        )
        for each in found.entries
    )  # fmt: skip
    return TimeFile(head=head, lanes={lane: words.lanes[lane] for lane in LANES}, bars=bars)


def matrix_file(found: Matrix, words: Words, head: SightHead) -> MatrixFile:
    """The matrix for drawing and writing."""
    crossings = tuple(
        (
            source, target, each.source_caption, each.target_caption,
            _item(
                each.key, each.kind, each.label.in_(words.language), each.label.in_(words.language),
                (each.begin, each.end), each.evaluation, each.statements, "",
            ),
        )
        for each in found.crossings
        for source, target in each.pairs
    )  # fmt: skip
    return MatrixFile(
        head=head, countries={code: words.country(code) for code in found.countries}, cells=found.cells,
        crossings=crossings,
    )  # fmt: skip


def _item(
    key: str, kind: str, word: str, label: str, dates: tuple[str, str], evaluation: Evaluation,
    statements: Iterable[SeenStatement], address: str,
) -> Item:  # fmt: skip
    every = list(statements)
    return Item(
        key=key, kind=kind, word=word, label=label, begin=dates[0], end=dates[1], evaluation=evaluation,
        owners=tuple(sorted({each.owner for each in every})), handlings=_handlings(every), address=address,
    )  # fmt: skip


def _handlings(statements: Iterable[SeenStatement]) -> tuple[Handling, ...]:
    found = {str(handling_id(each)): each for each in {id(s.handling): s.handling for s in statements}.values()}
    return tuple(found[key] for key in sorted(found))
