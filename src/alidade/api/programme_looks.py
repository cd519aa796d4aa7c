"""Programme looks: the analysis of a paper and its rounds, its tables as files, mutual evaluations as they stand."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from alidade.api.shapes import Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.programme.evaluation_pieces import Course
from alidade.programme.evaluations import NextDue
from alidade.services.programme.analysis import analyse, take_table_out
from alidade.services.programme.evaluations import evaluations, read_evaluation
from alidade.services.programme.pieces import Kept
from alidade.services.tokens import spend

router = Router(tags=["Programme"])

OfPaper = Annotated[
    str, Query(alias="paper", pattern="^([0-9a-f]{32})?$", description="Reference of the paper; empty: of the round.")
]
OfRound = Annotated[
    str,
    Query(alias="round", pattern="^([0-9a-f]{32})?$", description="Reference of the round; empty: the newest on it."),
]
TableName = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="Which table; 422 names them.")]


class AnalysisCellShape(Told):
    """One State and one measure or question."""

    state: str
    key: str
    stage: str = Field(description="How far it is, or `silent`; empty: not asked, and nothing was said.")
    stages: list[str] = Field(description="All that were said, where entry and reply differ.")
    late: bool
    unevidenced: bool = Field(description="Said to be done, or partly, and nothing stands behind it.")


class AnalysisTotalShape(Told):
    """All States and measures together; silence is never done."""

    asked: int
    done: int
    answered: int
    silent: int
    late: int
    unevidenced: int
    stages: dict[str, int]


class AnalysisShape(Told):
    """What you may know of a paper with a round, computed from what you may see."""

    paper: str = Field(description="Reference of the paper; empty: the round stands on none.")
    round: str = Field(description="Reference of the round whose replies are in it, or empty.")
    rounds: list[str] = Field(description="References of all rounds on the paper, the newest first.")
    states: list[str]
    keys: list[str] = Field(description="Measures or questions, in their order.")
    cells: list[AnalysisCellShape]
    total: AnalysisTotalShape


class EvaluationDueShape(Told):
    """What is due next in an evaluation."""

    what: str
    by: str = Field(description="`state`: the State visited; `holder`: who holds it.")
    day: str | None = Field(description="Null: none set.")
    late: bool


class EvaluationLineShape(Told):
    """A mutual evaluation that you may see."""

    reference: str
    title: dict[str, str]
    state: str = Field(description="The State visited (ISO 3166-1 alpha-3).")
    round: str = Field(description="Reference of its questionnaire.")
    stage: str
    authority: str = Field(description="Authority that holds it.")
    version: int
    ours: bool
    due: EvaluationDueShape | None


class EvaluationLinesShape(Told):
    """The evaluations: what is late first, then by the day on which something is due."""

    evaluations: list[EvaluationLineShape]


class EvaluatedShape(Told):
    """A mutual evaluation as you may see it."""

    evaluation: EvaluationLineShape
    course: dict[str, Any] = Field(description="Visit, experts, days set, findings, recommendations, moves.")
    draft: str = Field(description="Reference of the draft report, for those who may see it; or empty.")
    comments: list[str] = Field(description="References of the comments that you may see.")
    standings: dict[str, str | None] = Field(description="How each recommendation stands; null: not known.")


@router.get("/programme/analysis", response=answers(AnalysisShape, 403, 404), operation_id="programme_analysis")
def analysis(request: HttpRequest, paper: OfPaper = "", round_: OfRound = "") -> AnalysisShape:
    """How far each State is with each measure, from entries and replies that you may see. Needs `programme_read`."""
    node, actor = at_work(request)
    found = analyse(node, actor, paper=paper, round_=round_)
    board, whole = found.analysis.board, found.analysis.whole
    return AnalysisShape(
        paper="" if found.paper is None else found.paper.reference, round=found.chosen,
        rounds=[reference for reference, _ in found.rounds], states=list(board.states),
        keys=[each.key for each in board.subjects],
        cells=[AnalysisCellShape.model_validate(each) for each in board.cells.values()],
        total=AnalysisTotalShape.model_validate(whole),
    )  # fmt: skip


@router.get(
    "/programme/analysis/tables/{table}", response=answers(str, 403, 404), operation_id="programme_table_export"
)
def table_(
    request: HttpRequest,
    table: TableName,
    paper: OfPaper = "",
    round_: OfRound = "",
    form: Annotated[Literal["csv", "xlsx"], Query()] = "csv",
    language: Language = "en",
) -> HttpResponse:
    """A table of the analysis as a file, of what its owners let you take out. The header Repr-Digest has its SHA-256.

    Needs the act `programme_read`; counts towards the allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    made = take_table_out(node, actor, table, form, paper=paper, round_=round_, language=language)
    digest = base64.b64encode(hashlib.sha256(made.content).digest()).decode()
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Repr-Digest": f"sha-256=:{digest}:",
               "X-Content-Type-Options": "nosniff"}  # fmt: skip
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


@router.get("/programme/evaluations", response=answers(EvaluationLinesShape, 403), operation_id="programme_evaluations")
def list_(request: HttpRequest) -> EvaluationLinesShape:
    """The mutual evaluations that you may see, and what is due next. Needs the act `programme_read`."""
    node, actor = at_work(request)
    return EvaluationLinesShape(evaluations=[_line(each.kept, each.due, each.own) for each in evaluations(node, actor)])


@router.get(
    "/programme/evaluations/{reference}",
    response=answers(EvaluatedShape, 403, 404),
    operation_id="programme_evaluation",
)
def one(request: HttpRequest, reference: Reference) -> EvaluatedShape:
    """One mutual evaluation as far as you may see it. Needs the act `programme_read`."""
    node, actor = at_work(request)
    found = read_evaluation(node, actor, reference)
    return EvaluatedShape(
        evaluation=_line(found.kept, found.due, found.own), course=msgspec.to_builtins(found.kept.body),
        draft="" if found.draft is None else found.draft.reference,
        comments=[each.reference for each in found.comments],
        standings={number: each.status for number, each in found.standings.items()},
    )  # fmt: skip


def _line(kept: Kept[Course], due: NextDue | None, own: bool) -> EvaluationLineShape:
    body = kept.body
    next_ = None
    if due is not None:
        next_ = EvaluationDueShape(what=due.what, by=due.by, day=str(due.day) if due.day else None, late=due.late)
    return EvaluationLineShape(
        reference=kept.reference, title=dict(body.title), state=body.state, round=body.round, stage=body.stage,
        authority=kept.authority, version=kept.version, ours=own, due=next_,
    )  # fmt: skip
