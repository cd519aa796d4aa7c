"""Exporting a chart: as a picture or for other programs, under the joined handling of all that goes out.

What its owner does not let this viewer take out is left out, and the file says how much. A form that cannot carry a
handling is refused, and says which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from alidade.formats.chart import ChartFile, ChartThing, ChartTie, Said
from alidade.formats.chart_csv import write_chart_csv
from alidade.formats.chart_svg import write_chart_svg
from alidade.formats.chart_symbols import symbols_of
from alidade.formats.ftm_writer import FtmExport, write_ftm
from alidade.formats.gexf import write_gexf
from alidade.formats.graphml import write_graphml
from alidade.formats.stix_writer import write_stix
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Invalid
from alidade.model.handling import handling_id
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.captions import caption_of
from alidade.services.picture.chart import Drawn, filtered, seen_chart
from alidade.services.picture.chart_groups import PREFIX
from alidade.services.picture.chart_state import ChartState
from alidade.services.picture.chart_terms import classification_of, terms_of
from alidade.services.picture.seeing import SeenThing, SeenTie
from alidade.services.picture.ties import RawTie
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement, reading
from alidade.vocabulary import Vocabulary

Form = Literal["svg", "png", "graphml", "gexf", "csv", "ftm", "stix"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
MOST_IN_A_PICTURE: Final = 1_500
_TYPES: Final = {
    "svg": ("svg", "image/svg+xml"), "graphml": ("graphml", "application/xml"), "gexf": ("gexf", "application/xml"),
    "csv": ("csv", "text/csv; charset=utf-8"), "ftm": ("ftm.json", "application/json"),
    "stix": ("stix.json", "application/json"),
}  # fmt: skip
_DATASET: Final = "alidade-chart"

#: How many things and ties were left out, as a sentence in the language of the officer.
LeftOut = Callable[[int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartExport:
    """A file to be taken out, and what it left out because its owners do not let this viewer take it."""

    content: bytes
    name: str
    content_type: str
    sha256: str
    things_left_out: int
    ties_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTerms:
    """What a picture drawn in the browser may show, the things with their captions, and what must be printed on it."""

    things: tuple[tuple[str, str], ...]
    ties: tuple[str, ...]
    heading: str
    terms: tuple[str, ...]


def english_left_out(things: int, ties: int) -> str:
    """The sentence on what was left out, where no other is given."""
    return f"Left out, because their owners do not let you take them out: {things} things, {ties} ties."


def export_chart(
    node: Node,
    actor: Actor,
    state: ChartState,
    form: Form,
    *,
    title: str = "",
    language: str = "en",
    left_out: LeftOut = english_left_out,
) -> ChartExport:
    """The chart as a file of this form, with what its filters leave in sight. Each export is an act in the ledger.

    Raises Invalid for an unknown form, for a picture of more than 1,500 things, and, with code `handling_not_carried`,
    where the form cannot carry a handling.
    """
    if form not in _TYPES:
        raise Invalid("There is no such form of export.", remedy=f"Forms: {', '.join(_TYPES)}.", code="form_unknown")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        chart, gone = _chart_file(node, tx, actor, state, title=title, language=language, left_out=left_out)
        content = _written(chart, form, node.vocabulary)
        digest = hashlib.sha256(content).hexdigest()
        log(tx, actor, "export", objects=_records(chart), results=len(chart.things),
            details={"sha256": digest, "form": form, "what": "chart"})  # fmt: skip
    ending, content_type = _TYPES[form]
    return ChartExport(
        content=content, name=f"alidade-chart.{ending}", content_type=content_type, sha256=digest,
        things_left_out=gone[0], ties_left_out=gone[1],
    )  # fmt: skip


def export_picture(
    node: Node, actor: Actor, state: ChartState, *, language: str = "en", left_out: LeftOut = english_left_out
) -> PictureTerms:
    """What a PNG of this chart may show and must say; asked before it is drawn, and an act in the ledger already."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        chart, _ = _chart_file(node, tx, actor, state, title="", language=language, left_out=left_out)
        log(tx, actor, "export", objects=_records(chart), results=len(chart.things),
            details={"form": "png", "what": "chart"})  # fmt: skip
    return PictureTerms(
        things=tuple((each.key, each.label) for each in chart.things), ties=tuple(each.key for each in chart.ties),
        heading=chart.heading, terms=chart.terms,
    )  # fmt: skip


def _chart_file(
    node: Node, tx: Transaction, actor: Actor, state: ChartState, *, title: str, language: str, left_out: LeftOut
) -> tuple[ChartFile, tuple[int, int]]:
    world = directory.world(tx)
    with reading(tx, actor.viewer, world, ("read", "merge")) as view:
        drawn = seen_chart(view, node.vocabulary, actor.viewer, state)
    things, ties = filtered(drawn.things, drawn.ties, state, frozenset(drawn.starts))
    may = _Exportable(tx, actor)
    out = {key: said for key, thing in things.items() if (said := may.of(thing.statements)) or not thing.statements}
    lines = [
        (tie, said) for tie in ties if tie.source in out and tie.target in out and (said := may.of(tie.statements))
    ]
    gone = (len(things) - len(out), len(ties) - len(lines))
    every = [each for said in out.values() for each in said] + [each for _, said in lines for each in said]
    chart = ChartFile(
        title=title,
        heading=classification_of(every, node.vocabulary, language),
        terms=(*terms_of(every, node.vocabulary, language), *([left_out(*gone)] if any(gone) else [])),
        things=tuple(_thing(drawn, things[key], said, node.vocabulary, language) for key, said in out.items()),
        ties=tuple(_tie(tie, said, language) for tie, said in lines),
        made_at=tx.now.isoformat(),
    )
    return chart, gone


class _Exportable:
    """Which statements this viewer may take out; asked once for each handling."""

    def __init__(self, tx: Transaction, actor: Actor) -> None:
        self._tx, self._viewer = tx, actor.viewer
        self._world = directory.world(tx)
        self._releases = rights.releases_for(tx, actor.viewer.authority)
        self._known: dict[str, bool] = {}

    def of(self, statements: Iterable[SeenStatement]) -> tuple[SeenStatement, ...]:
        return tuple(each for each in statements if self._may(str(handling_id(each.handling))))

    def _may(self, digest: str) -> bool:
        if digest not in self._known:
            found = rights.handling_by_digest(self._tx, digest)
            self._known[digest] = found is not None and permitted(
                "export", self._viewer, found[1], self._tx.now, self._world, releases=self._releases
            )
        return self._known[digest]


def _thing(
    drawn: Drawn, thing: SeenThing, said: tuple[SeenStatement, ...], vocabulary: Vocabulary, language: str
) -> ChartThing:
    x, y = drawn.places.get(thing.id) or drawn.places.get(PREFIX + drawn.member_of.get(thing.id, "")) or (0.0, 0.0)
    return ChartThing(
        key=thing.id, thing=thing.thing, label=caption_of(thing.thing, said, vocabulary),
        kind=vocabulary.things[thing.thing].label.in_(language) if thing.thing in vocabulary.things else thing.thing,
        x=x, y=y, said=tuple(_said(each) for each in said),
    )  # fmt: skip


def _tie(tie: SeenTie, said: tuple[SeenStatement, ...], language: str) -> ChartTie:
    """The tie as what goes out of it says: its evaluation and dates come from nothing that stays."""
    raw = RawTie(
        id=tie.id, kind=tie.kind, label=tie.label, source=tie.source, target=tie.target, directed=tie.directed,
        statements=said,
    )  # fmt: skip
    out = raw.between(tie.source, tie.target)
    return ChartTie(
        key=out.id, kind=out.kind, label=out.label.in_(language), source=out.source, target=out.target,
        directed=out.directed, evaluation=out.evaluation, valid_from=out.valid_from, valid_to=out.valid_to,
        said=tuple(_said(each) for each in said),
    )  # fmt: skip


def _said(each: SeenStatement) -> Said:
    return Said(
        record=each.record, thing=each.thing, property=each.property, value=each.value, owner=each.owner,
        evaluation=each.evaluation, handling=each.handling, valid_from=each.valid_from, valid_to=each.valid_to,
        original=each.original, language=each.language,
    )  # fmt: skip


def _written(chart: ChartFile, form: Form, vocabulary: Vocabulary) -> bytes:
    if form == "svg":
        if len(chart.things) > MOST_IN_A_PICTURE:
            raise Invalid(
                "A picture holds at most 1,500 things.",
                remedy="Filter the chart, or export it for another program.",
                code="picture_too_large",
            )
        return write_chart_svg(chart, symbols_of((each.thing for each in chart.things), vocabulary))
    if form == "ftm":
        return _ftm(chart, vocabulary)
    writers = {"graphml": write_graphml, "gexf": write_gexf, "csv": write_chart_csv, "stix": write_stix}
    return writers[form](chart)


def _ftm(chart: ChartFile, vocabulary: Vocabulary) -> bytes:
    handlings = chart.handlings()
    if len(handlings) > 1:
        raise Invalid(
            f"These values stand under {len(handlings)} different handlings; FollowTheMoney can carry one for a"
            " whole file and none for single values, so nothing was exported.",
            remedy="Export as CSV, in which every row carries its handling.",
            code="handling_not_carried",
        )
    records: dict[str, tuple[str, list[Claim]]] = {}
    seen: set[tuple[str, str, str]] = set()
    for each in chart.said():
        if (each.record, each.property, each.value) in seen:
            continue
        seen.add((each.record, each.property, each.value))
        known = vocabulary.properties_of(each.thing).get(each.property)
        claim = Claim(
            property=each.property, value=each.value, original=each.original, language=each.language,
            evaluation=each.evaluation.code if each.evaluation.given else None, valid_from=each.valid_from,
            valid_to=each.valid_to, refers=known is not None and known.kind == "entity",
        )  # fmt: skip
        records.setdefault(each.record, (each.thing, []))[1].append(claim)
    drafts = [Draft(key=key, thing=thing, claims=tuple(claims)) for key, (thing, claims) in records.items()]
    joined = next(iter(handlings.values()), None)
    written = write_ftm(FtmExport(drafts=drafts, joined=joined, dataset=_DATASET), vocabulary)
    return "".join(f"{line}\n" for line in (*filter(None, [written.dataset]), *written.lines)).encode()


def _records(chart: ChartFile) -> list[str]:
    return sorted({each.record for each in chart.said()})
