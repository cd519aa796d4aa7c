"""Sight export: a map, a timeline or a matrix as a file, under the joined handling of all that goes out.

What its owner does not let this viewer take out is left out before anything is drawn or counted, as if it were not
there, and the file says how much. Where nothing may go out, nothing does, and the reason is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from alidade.formats.geojson import write_geojson
from alidade.formats.map_svg import write_map_svg
from alidade.formats.matrix_svg import write_matrix_svg
from alidade.formats.sight import SightHead
from alidade.formats.sight_csv import write_map_csv, write_matrix_csv, write_time_csv
from alidade.formats.time_svg import write_time_svg
from alidade.model.errors import Invalid, NotAllowed
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.chart_terms import classification_of, terms_of
from alidade.services.picture.entity_terms import exportable, out_of_here, terms_by_id
from alidade.services.picture.mapping import map_picture, mapped
from alidade.services.picture.matrix import crossed
from alidade.services.picture.seeing import Picture
from alidade.services.picture.sight_files import ENGLISH_LANES, Words, map_file, matrix_file, time_file
from alidade.services.picture.sights import Ask, checked, less, picture_for
from alidade.services.picture.timeline import Lane, timed
from alidade.store import directory
from alidade.store.reading import ReaderView, SeenStatement, reading
from alidade.vocabulary import Vocabulary

Sight = Literal["map", "timeline", "matrix"]
SightForm = Literal["svg", "csv", "geojson"]
SIGHTS: Final[tuple[Sight, ...]] = get_args(Sight)
FORMS_OF: Final[Mapping[Sight, tuple[SightForm, ...]]] = {
    "map": ("svg", "csv", "geojson"), "timeline": ("svg", "csv"), "matrix": ("svg", "csv"),
}  # fmt: skip
INDICATIVE: Final = "Boundaries are indicative and state no position on any claim."
_TYPES: Final[Mapping[str, str]] = {
    "svg": "image/svg+xml", "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json",
}  # fmt: skip
#: How many things and ties were left out, as a sentence in the language of the officer.
LeftOut = Callable[[int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SightFile:
    """A file to be taken out, and what it left out because its owners do not let this viewer take it."""

    content: bytes
    name: str
    content_type: str
    sha256: str
    things_left_out: int
    ties_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The words of a face for what is printed on the file; English where it gives none."""

    title: str = ""
    lanes: Mapping[Lane, str] | None = None
    indicative: str = INDICATIVE
    left_out: LeftOut | None = None


def export_sight(
    node: Node,
    actor: Actor,
    sight: Sight,
    ask: Ask,
    form: SightForm,
    *,
    language: str = "en",
    printed: Printed | None = None,
) -> SightFile:
    """The map, timeline or matrix as a file of this form, as far as it may go out; an act in the ledger.

    Raises Invalid for a form that it does not have, and NotAllowed, code `strictest_wins`, with the rules, where
    something is in sight and none of it may be taken out.
    """
    if form not in FORMS_OF.get(sight, ()):
        forms = ", ".join(FORMS_OF.get(sight, ()))
        raise Invalid("There is no such form of export.", remedy=f"Forms: {forms}.", code="form_unknown")
    checked(ask)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            whole = _picture(view, node.vocabulary, sight, ask)
        every = _statements(whole, sight, ask, node.vocabulary)
        free = exportable(tx, actor, every, terms_by_id(tx, every))
        # What carries only what it says itself needs nothing else: a place seen beside an event may stay behind.
        around = _all(whole)
        open_to_take = exportable(tx, actor, around, terms_by_id(tx, around))
        picture = less(whole, frozenset(each.number for each in open_to_take), node.vocabulary)
        refused = bool(every) and not free
        reasons = out_of_here(node, tx, actor, every, language).reasons if refused else ()
        gone = (len(whole.things) - len(picture.things), len(whole.ties) - len(picture.ties))
        out = [] if refused else _statements(picture, sight, ask, node.vocabulary)
        head = _head(node, sight, out, gone, language, printed or Printed(), tx.now.isoformat())
        content = b"" if refused else _written(picture, sight, ask, form, node, language, printed or Printed(), head)
        digest = hashlib.sha256(content).hexdigest()
        details = {"form": form, "what": sight} | ({"refused": "strictest_wins"} if refused else {"sha256": digest})
        log(tx, actor, "export", objects=sorted({each.record for each in out}), results=len(out), details=details)
    if refused:
        raise NotAllowed(" ".join(reasons), code="strictest_wins")
    return SightFile(
        content=content, name=f"alidade-{sight}.{form}", content_type=_TYPES[form], sha256=digest,
        things_left_out=gone[0], ties_left_out=gone[1],
    )  # fmt: skip


def _picture(view: ReaderView, vocabulary: Vocabulary, sight: Sight, ask: Ask) -> Picture:
    return map_picture(view, vocabulary, ask) if sight == "map" else picture_for(view, vocabulary, ask)


def _all(picture: Picture) -> list[SeenStatement]:
    said = {each.number: each for thing in picture.things.values() for each in thing.statements}
    said |= {each.number: each for tie in picture.ties for each in tie.statements}
    return list(said.values())


def _statements(picture: Picture, sight: Sight, ask: Ask, vocabulary: Vocabulary) -> list[SeenStatement]:
    """What is said in the map, timeline or matrix of this picture."""
    if sight == "map":
        found = mapped(picture, ask, vocabulary)
        parts = [mark.statements for mark in found.marks]
        parts += [move.statements for leg in found.legs for move in leg.moves]
    elif sight == "timeline":
        parts = [entry.statements for entry in timed(picture, ask, vocabulary).entries]
    else:
        parts = [each.statements for each in crossed(picture, ask, vocabulary).crossings]
    return list({each.number: each for part in parts for each in part}.values())


def _head(
    node: Node,
    sight: Sight,
    statements: Sequence[SeenStatement],
    gone: tuple[int, int],
    language: str,
    printed: Printed,
    made_at: str,
) -> SightHead:
    say = printed.left_out or english_left_out
    terms = (
        *terms_of(statements, node.vocabulary, language),
        *([say(*gone)] if any(gone) else []),
        *([printed.indicative] if sight == "map" else []),
    )
    return SightHead(
        title=printed.title, heading=classification_of(statements, node.vocabulary, language), terms=terms,
        made_at=made_at,
    )  # fmt: skip


def english_left_out(things: int, ties: int) -> str:
    """The sentence on what was left out, where no other is given."""
    return f"Left out, because their owners do not let you take them out: {things} things, {ties} ties."


def _written(
    picture: Picture,
    sight: Sight,
    ask: Ask,
    form: SightForm,
    node: Node,
    language: str,
    printed: Printed,
    head: SightHead,
) -> bytes:
    words = Words(vocabulary=node.vocabulary, language=language, lanes=printed.lanes or ENGLISH_LANES)
    if sight == "map":
        found = map_file(mapped(picture, ask, node.vocabulary), words, head)
        return {"svg": write_map_svg, "csv": write_map_csv, "geojson": write_geojson}[form](found)
    if sight == "timeline":
        entries = time_file(timed(picture, ask, node.vocabulary), words, head)
        return write_time_svg(entries) if form == "svg" else write_time_csv(entries)
    cells = matrix_file(crossed(picture, ask, node.vocabulary), words, head)
    return write_matrix_svg(cells) if form == "svg" else write_matrix_csv(cells)
