"""Programme rounds: the same questions to many authorities: held, changed, read with all answers, compared, closed."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from ninja import Router

from alidade.api.checks import RequestKey
from alidade.api.programme_answers import answer_shape
from alidade.api.programme_round_shapes import (
    ComparisonShape,
    RoundCellShape,
    RoundChangeGiven,
    RoundChangeShape,
    RoundCountShape,
    RoundGiven,
    RoundHeldShape,
    RoundKept,
    RoundLineShape,
    RoundLinesShape,
    RoundQuestionShape,
    RoundVersionGiven,
)
from alidade.api.programme_shapes import (
    as_struct,
    handling_of,
)
from alidade.api.shapes import HandlingShape, Reference, answers
from alidade.api.sign_in import at_work
from alidade.programme.rounds import Change, Round
from alidade.services.programme.once import keep_once
from alidade.services.programme.register import read_paper
from alidade.services.programme.rounds import (
    Held,
    RoundLine,
    change_round,
    close_round,
    hold_round,
    questions_of,
    read_round,
    rounds,
)

router = Router(tags=["Programme"])


@router.get("/programme/rounds", response=answers(RoundLinesShape, 403), operation_id="programme_rounds")
def list_(request: HttpRequest) -> RoundLinesShape:
    """The rounds that you may see. Needs the act `programme_read`."""
    node, actor = at_work(request)
    return RoundLinesShape(rounds=[_line(each) for each in rounds(node, actor)])


@router.post(
    "/programme/rounds", response=answers(RoundKept, 403, 404, 409, body=True), operation_id="programme_round_hold"
)
def hold(request: HttpRequest, given: RoundGiven, key: RequestKey = None) -> RoundKept:
    """Open a round of questions; those who are asked find it among theirs. Needs the act `round_manage`.

    Where the questions are taken from the paper, needs `programme_read` too.
    """
    node, actor = at_work(request)
    body = as_struct(given.round, Round)
    if not body.questions and body.instrument:
        paper = read_paper(node, actor, body.instrument).kept.body
        body = msgspec.structs.replace(body, questions=questions_of(paper))
    how = handling_of(node, actor.viewer.authority, given.audience)
    asked = f"round {given.model_dump_json()}".encode()
    kept = keep_once(node, actor, key, asked, lambda: hold_round(node, actor, body, how))
    return RoundKept(reference=kept, version=1)


@router.get("/programme/rounds/{reference}", response=answers(RoundHeldShape, 403, 404), operation_id="programme_round")
def one(request: HttpRequest, reference: Reference) -> RoundHeldShape:
    """One round: its questions, who said what, how the replies fall, who is silent. Needs `programme_read`."""
    node, actor = at_work(request)
    return _held(read_round(node, actor, reference))


@router.put(
    "/programme/rounds/{reference}",
    response=answers(RoundKept, 403, 404, 409, body=True),
    operation_id="programme_round_change",
)
def change(request: HttpRequest, reference: Reference, given: RoundChangeGiven) -> RoundKept:
    """Leave a round of your authority in a new version; a question that was answered cannot go.

    Needs the acts `round_manage` and `programme_read`.
    """
    node, actor = at_work(request)
    before = read_round(node, actor, reference).kept.body
    new = as_struct(given.round, Round)
    changed = msgspec.structs.replace(
        new, kind=before.kind, evaluation=before.evaluation, closed_on=before.closed_on,
        questions=new.questions or before.questions,
    )  # fmt: skip
    number = change_round(node, actor, reference, changed, given.version, given.reason)
    return RoundKept(reference=reference, version=number)


@router.post(
    "/programme/rounds/{reference}/close",
    response=answers(RoundKept, 403, 404, 409, body=True),
    operation_id="programme_round_close",
)
def close(request: HttpRequest, reference: Reference, given: RoundVersionGiven) -> RoundKept:
    """Take no more answers to a round of your authority. Needs the act `round_manage`."""
    node, actor = at_work(request)
    return RoundKept(reference=reference, version=close_round(node, actor, reference, given.version))


@router.get(
    "/programme/rounds/{reference}/comparison",
    response=answers(ComparisonShape, 403, 404),
    operation_id="programme_comparison",
)
def comparison(request: HttpRequest, reference: Reference) -> ComparisonShape:
    """What States say otherwise than in the round before, as far as you may see both. Needs `programme_read`."""
    node, actor = at_work(request)
    held = read_round(node, actor, reference)
    return ComparisonShape(previous=held.kept.body.previous, changes=[_change(each) for each in held.changes])


def _line(each: RoundLine) -> RoundLineShape:
    body = each.kept.body
    return RoundLineShape(
        reference=each.kept.reference, title=dict(body.title), kind=body.kind, instrument=body.instrument,
        authority=each.kept.authority, opens=str(body.opens), cut_off=str(body.cut_off),
        closed_on=str(body.closed_on) if body.closed_on else None, days_left=each.days_left, asked=each.asked,
        answering=each.answering, ours=each.own, own_answer=each.own_answer,
    )  # fmt: skip


def _held(held: Held) -> RoundHeldShape:
    kept, body = held.kept, held.kept.body
    return RoundHeldShape(
        reference=kept.reference, authority=kept.authority, version=kept.version, ours=held.own,
        handling=HandlingShape.model_validate(kept.handling), title=dict(body.title), kind=body.kind,
        instrument=body.instrument, opens=str(body.opens), cut_off=str(body.cut_off),
        closed_on=str(body.closed_on) if body.closed_on else None, previous=body.previous, asked=list(body.asked),
        states=list(body.states), questions=[RoundQuestionShape.model_validate(each) for each in body.questions],
        matrix=[RoundCellShape.model_validate(each) for each in held.cells.values()],
        counts=[RoundCountShape.model_validate(each) for each in held.counts.values()], silent=list(held.silent),
        answers=[answer_shape(each) for each in held.answers],
    )  # fmt: skip


def _change(each: Change) -> RoundChangeShape:
    return RoundChangeShape.model_validate(each)
