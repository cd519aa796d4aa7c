"""Programme: the register of measures: papers, what authorities say of each measure, and how each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from alidade.api.checks import RequestKey
from alidade.api.programme_shapes import (
    AudienceGiven,
    CodeListsShape,
    CodeShape,
    ListedCode,
    MeasureFindingShape,
    MeasureKey,
    MeasureStandingShape,
    PaperBodyShape,
    PaperToldShape,
    Reason,
    Version,
    as_shape,
    as_struct,
    handling_of,
)
from alidade.api.shapes import Given, HandlingShape, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.carrying import Step
from alidade.programme.lists import LISTS, codes
from alidade.programme.register import Carried, Instrument, Measure
from alidade.programme.standing import Standing
from alidade.services.programme.once import keep_once
from alidade.services.programme.register import (
    Paper,
    PaperLine,
    carry_over,
    change_paper,
    keep_paper,
    papers,
    read_paper,
)

router = Router(tags=["Programme"])


class PaperLineShape(Told):
    """A paper that you may see."""

    reference: str
    number: str
    kind: str
    title: dict[str, str]
    date: str | None
    authority: str = Field(description="Authority that keeps it.")
    version: int
    measures: int = Field(description="How many measures it has.")
    statuses: dict[str, int] = Field(description="How many of them stand how, from what you may see.")
    not_known: int = Field(description="Of how many nobody has said how they stand.")
    findings: int = Field(description="How many things somebody should look at.")


class PapersShape(Told):
    """The papers, the one changed last first."""

    papers: list[PaperLineShape]


class WayCarriedShape(Told):
    """Where a measure has come from, or gone to."""

    measure: str = Field(description="Number of the measure in this paper.")
    paper: str = Field(description="Reference of the other paper.")
    number: str = Field(description="Number of the other paper.")
    other: str = Field(description="Number of the measure there.")
    how: str = Field(description="Code of the list `carrying_ways`.")


class PaperShape(Told):
    """A paper as you may see it."""

    reference: str
    authority: str = Field(description="Authority that keeps it.")
    version: int
    changed_at: str
    ours: bool = Field(description="Your authority keeps it, and may change it.")
    handling: HandlingShape = Field(description="Who may see it.")
    paper: PaperToldShape
    standings: list[MeasureStandingShape] = Field(description="How each measure stands, in the order of the paper.")
    earlier: list[WayCarriedShape] = Field(description="What its measures carry on.")
    later: list[WayCarriedShape] = Field(description="What later papers carry on of it.")
    uncarried: list[str] = Field(description="Measures that no later paper carries on, where there is one.")
    accepted: int = Field(description="Of a paper that was read: proposals taken as they were read.")
    changed: int = Field(description="Proposals taken with another title.")
    refused: int = Field(description="Proposals that were not taken.")


class PaperGiven(Given):
    """A paper to be kept."""

    paper: PaperBodyShape
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: everybody.")


class PaperKept(Told):
    """Where a paper was kept, and its version."""

    reference: str
    version: int


class PaperChangeGiven(Given):
    """A paper as it is from now on."""

    paper: PaperBodyShape
    version: Version
    reason: Reason = ""


class CarryingStepGiven(Given):
    """What becomes of one measure of the earlier paper."""

    measure: MeasureKey
    how: ListedCode = Field(description="Code of the list `carrying_ways`.")
    into: Annotated[str, Field(max_length=20)] = Field(
        default="", description="Number of the measure of this paper; empty where it was dropped."
    )


class CarryingGiven(Given):
    """A mapping from an earlier paper to this one."""

    earlier: Reference = Field(description="Reference of the earlier paper.")
    steps: list[CarryingStepGiven] = Field(max_length=1000, description="What becomes of each measure.")
    version: Version


class PaperProgressShape(Told):
    """How the measures of one paper stand."""

    reference: str
    number: str
    standings: list[MeasureStandingShape]


class ProgressShape(Told):
    """How the measures of all papers stand, from what you may see."""

    papers: list[PaperProgressShape]


@router.get("/programme/words", response=answers(CodeListsShape), operation_id="programme_words")
def words(request: HttpRequest, language: Language = "en") -> CodeListsShape:
    """The code lists of the follow-up: kinds of papers, entries and answers, statuses, obstacles, rulings."""
    at_work(request)
    lists = {
        name: [CodeShape(code=code, label=entry.label.in_(language)) for code, entry in codes(name).items()]
        for name in LISTS
    }
    lists["answer_kinds"] = [
        CodeShape(code=code, label=entry.label.in_(language)) for code, entry in answer_kinds().items()
    ]
    return CodeListsShape(lists=lists)


@router.get("/programme/papers", response=answers(PapersShape, 403), operation_id="programme_papers")
def list_(request: HttpRequest) -> PapersShape:
    """The papers that you may see, and how many of their measures stand how. Needs the act `programme_read`."""
    node, actor = at_work(request)
    return PapersShape(papers=[_line(each) for each in papers(node, actor)])


@router.get("/programme/progress", response=answers(ProgressShape, 403), operation_id="programme_progress")
def progress(request: HttpRequest, late: Annotated[bool, Query()] = False) -> ProgressShape:
    """How each measure of each paper stands, and what somebody should look at; with `late` what is late only.

    Needs the act `programme_read`.
    """
    node, actor = at_work(request)
    found = []
    for line in papers(node, actor):
        stood = read_paper(node, actor, line.kept.reference).standings
        told = [standing_shape(key, each) for key, each in stood.items()]
        shown = [each for each in told if not late or any(finding.code == "late" for finding in each.findings)]
        found.append(PaperProgressShape(reference=line.kept.reference, number=line.kept.body.number, standings=shown))
    return ProgressShape(papers=found)


@router.post("/programme/papers", response=answers(PaperKept, 403, 409, body=True), operation_id="programme_paper_keep")
def keep(request: HttpRequest, given: PaperGiven, key: RequestKey = None) -> PaperKept:
    """Keep a paper with its measures. 409 where your authority keeps one of this number already.

    Needs the act `programme_write`.
    """
    node, actor = at_work(request)
    how = handling_of(node, actor.viewer.authority, given.audience)
    body = as_struct(given.paper, Instrument)
    asked = given.model_dump_json().encode()
    reference = keep_once(node, actor, key, b"paper" + asked, lambda: keep_paper(node, actor, body, how))
    return PaperKept(reference=reference, version=1)


@router.get("/programme/papers/{reference}", response=answers(PaperShape, 403, 404), operation_id="programme_paper")
def paper(request: HttpRequest, reference: Reference) -> PaperShape:
    """One paper: its measures, how each stands, where each has come from and gone to. Needs `programme_read`."""
    node, actor = at_work(request)
    return _paper(read_paper(node, actor, reference))


@router.put(
    "/programme/papers/{reference}",
    response=answers(PaperKept, 403, 404, 409, body=True),
    operation_id="programme_paper_change",
)
def change(request: HttpRequest, reference: Reference, given: PaperChangeGiven) -> PaperKept:
    """Leave a paper of your authority in a new version. A measure of which something was said cannot go.

    Needs the act `programme_write`, and `programme_read`.
    """
    node, actor = at_work(request)
    before = read_paper(node, actor, reference).kept.body
    read = {name: getattr(before, name) for name in ("accepted_from", "accepted", "changed", "refused")}
    body = msgspec.structs.replace(as_struct(given.paper, Instrument), **read)
    return PaperKept(
        reference=reference, version=change_paper(node, actor, reference, body, given.version, given.reason)
    )


@router.post(
    "/programme/papers/{reference}/carry-over",
    response=answers(PaperKept, 403, 404, 409, body=True),
    operation_id="programme_carry_over",
)
def carry(request: HttpRequest, reference: Reference, given: CarryingGiven) -> PaperKept:
    """Carry the measures of an earlier paper over to this one, which your authority keeps; `version` is this one's.

    What was mapped from the earlier paper before is replaced. Needs the act `programme_write`.
    """
    node, actor = at_work(request)
    steps = [Step(measure=each.measure, how=each.how, into=each.into) for each in given.steps]
    return PaperKept(
        reference=reference, version=carry_over(node, actor, given.earlier, reference, steps, given.version)
    )


def standing_shape(key: str, found: Standing) -> MeasureStandingShape:
    """How a measure stands, as programs are told it."""
    return MeasureStandingShape(
        key=key, status=found.status, since=str(found.since) if found.since else None, said_by=found.said_by,
        conflict=found.conflict, verified=found.verified, over=found.over,
        findings=[MeasureFindingShape(code=each.code, about=list(each.about)) for each in found.findings],
    )  # fmt: skip


def _line(each: PaperLine) -> PaperLineShape:
    kept, body = each.kept, each.kept.body
    return PaperLineShape(
        reference=kept.reference, number=body.number, kind=body.kind, title=body.title,
        date=str(body.date) if body.date else None, authority=kept.authority, version=kept.version,
        measures=each.measures, statuses=dict(each.statuses), not_known=each.not_known, findings=each.findings,
    )  # fmt: skip


def _paper(found: Paper) -> PaperShape:
    kept, body = found.kept, found.kept.body
    plain = msgspec.structs.replace(body, accepted_from="", accepted=0, changed=0, refused=0)
    return PaperShape(
        reference=kept.reference, authority=kept.authority, version=kept.version,
        changed_at=kept.changed_at.isoformat(), ours=found.own, handling=HandlingShape.model_validate(kept.handling),
        paper=as_shape(plain, PaperToldShape),
        standings=[standing_shape(key, each) for key, each in found.standings.items()],
        earlier=_ways(found.earlier), later=_ways(found.later), uncarried=list(found.uncarried),
        accepted=body.accepted, changed=body.changed, refused=body.refused,
    )  # fmt: skip


def _ways(found: Mapping[str, Sequence[tuple[str, str, Measure, Carried]]]) -> list[WayCarriedShape]:
    return [
        WayCarriedShape(measure=key, paper=reference, number=number, other=measure.key, how=carried.how)
        for key, ways in found.items()
        for reference, number, measure, carried in ways
    ]
