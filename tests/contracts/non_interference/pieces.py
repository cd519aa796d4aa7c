"""Pieces of work in the two runs: laid into a world, and read by whoever may open them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import msgspec
from worlds import Family, Part, Piece, public_id

from alidade.model.viewer import Actor
from alidade.programme.agenda import Meeting
from alidade.programme.lists import codes
from alidade.programme.register import Entry, Instrument, Measure
from alidade.programme.rounds import Question, Round
from alidade.services.node import Node
from alidade.services.picture.chart_state import ChartState, Named, encode_state
from alidade.services.picture.charts import list_charts, open_chart
from alidade.services.picture.dossier_state import Dossier, Member, encode_dossier
from alidade.services.picture.dossiers import list_dossiers, open_dossier
from alidade.services.picture.question_keeping import list_questions, open_question
from alidade.services.picture.question_terms import Group, PictureQuestion, Tied, encode_question
from alidade.services.programme.analysis import analyse, analyse_all
from alidade.services.programme.evaluations import evaluations
from alidade.services.programme.register import papers, read_paper
from alidade.services.programme.reports import agenda, reports
from alidade.services.programme.rounds import read_round, rounds
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.workpieces import Written, bound_to

Read = tuple[str, Callable[[Node, Actor], object]]
_DAY = dt.date(2026, 7, 1)


def lay_pieces(tx: Transaction, family: Family, side: Part, numbers: Mapping[int, int]) -> None:
    """Write the pieces of a world, as the library keeps them; those of the hidden part came first."""
    pieces = (*side.pieces, *family.visible.pieces)
    keys = tx.store.keys.new_field_keys(len(pieces)) if pieces else []
    for piece, (key_id, key) in zip(pieces, keys, strict=True):
        reference = public_id(piece.label)
        plain = msgspec.json.encode(Written(title=piece.label, body=msgspec.Raw(_body(piece, family.seed))))
        models.Workpiece.objects.using(tx.alias).create(
            public_id=reference, kind=piece.kind, authority=piece.owner, officer="o", version=1,
            handling_id=numbers[piece.handling], content=tx.store.keys.seal(plain, key, bound_to(reference, 1)),
            field_key=key_id, mentions=[public_id(piece.about)], made_at=tx.now, changed_at=tx.now,
            withdrawn=piece.withdrawn,
        )  # fmt: skip


def lay_background(tx: Transaction, owner: str, ends: Iterable[tuple[int, str]]) -> None:
    """What lies before and behind every other piece, and concerns nobody."""
    for number, reference in ends:
        models.Workpiece.objects.using(tx.alias).create(
            public_id=reference, kind="", authority=owner, officer="o", version=1, handling_id=number, content=b"",
            field_key="", made_at=tx.now, changed_at=tx.now,
        )  # fmt: skip


def _body(piece: Piece, seed: int) -> bytes:
    """What it says: of the programme, something of the paper that the viewer sees."""
    title, paper, about = {"en": piece.label}, public_id(f"{seed}-instrument"), public_id(piece.about)
    if piece.kind == "chart":
        return encode_state(ChartState(starts=(Named(record=about),)))
    if piece.kind == "question":
        return encode_question(PictureQuestion(where=Group(conditions=(Tied(named=(Named(record=about),)),))))
    if piece.kind == "dossier":
        return encode_dossier(Dossier(names=(piece.label,), members=(Member(record=about),)))
    said: Instrument | Entry | Round | Meeting
    if piece.kind == "instrument":
        kind = next(iter(codes("instrument_kinds")))
        measure = Measure(key="1", title=title, deadline=_DAY)
        said = Instrument(number=piece.label, kind=kind, title=title, measures=(measure,))
    elif piece.kind == "entry":
        status = next(iter(codes("measure_statuses")))
        said = Entry(instrument=paper, measure="1", kind="status", status=status, text=title, day=_DAY)
    elif piece.kind == "round":
        questions = (Question(key="1", measure="1", text=title),)
        said = Round(
            title=title, instrument=paper, questions=questions, asked=("nl-politie",), opens=_DAY, cut_off=_DAY
        )
    else:
        said = Meeting(title=title, starts=_DAY)
    return msgspec.json.encode(said)


def piece_reads(family: Family) -> list[Read]:
    """Every read of a piece: of what is visible, hidden in one of the databases, and absent."""
    reads: list[Read] = [
        ("papers", papers),
        ("analysis", analyse_all),
        ("rounds", rounds),
        ("evaluations", evaluations),
        ("reports", reports),
        ("calendar", lambda node, actor: agenda(node, actor, "en")),
        ("kept charts", list_charts),
        ("kept questions", list_questions),
        ("dossiers", list_dossiers),
    ]
    for piece in pieces_to_try(family):
        one = public_id(piece.label)
        reads.append(
            (
                f"{piece.kind} {piece.label}",
                lambda node, actor, one=one, read=_READS[piece.kind]: read(node, actor, one),
            )
        )
    return [*reads, *(_absent(kind) for kind in sorted(_READS))]


def pieces_to_try(family: Family) -> list[Piece]:
    """Every visible piece that has a page, and a hidden one of each kind."""
    hidden = {piece.kind: piece for side in family.sides for piece in side.pieces}
    return [piece for piece in (*family.visible.pieces, *hidden.values()) if piece.kind in _READS]


def _absent(kind: str) -> Read:
    return f"{kind} absent", lambda node, actor: _READS[kind](node, actor, public_id("absent"))


def _chart(node: Node, actor: Actor, piece: str) -> object:
    drawn = open_chart(node, actor, piece).drawn
    return [list(drawn.things), [each.id for each in drawn.ties], encode_state(drawn.state).decode()]


def _paper(node: Node, actor: Actor, reference: str) -> object:
    """The paper, and its analysis: both under the same rights."""
    return read_paper(node, actor, reference), analyse(node, actor, paper=reference)


_READS: dict[str, Callable[[Node, Actor, str], object]] = {
    "instrument": _paper,
    "round": read_round,
    "chart": _chart,
    "question": open_question,
    "dossier": open_dossier,
}
