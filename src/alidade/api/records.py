"""Records: read them as you may see them, join them, widen who may read yours, and take out what you may."""

from __future__ import annotations

import base64
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from alidade.api.shapes import (
    Action,
    AuthorityCode,
    Code,
    Day,
    Given,
    Language,
    Reference,
    Ruling,
    StatementShape,
    Told,
    answers,
)
from alidade.api.sign_in import at_work
from alidade.model.ids import AuthorityId
from alidade.services import explaining, records, releasing
from alidade.services.records import SeenEntity
from alidade.services.tokens import spend

router = Router(tags=["Records"])
CSV = "text/csv; charset=utf-8"


class JudgementShape(Told):
    """A ruling between two records."""

    judgement: str = Field(description="Reference of the judgement.")
    left: str = Field(description="Reference of a record.")
    right: str = Field(description="Reference of the other.")
    ruling: Ruling
    reason: str = Field(description="Why, in words.")
    authority: str = Field(description="Authority that ruled.")
    ruled_at: str = Field(description="When.")


class EntityShape(Told):
    """A thing as you see it: its records, their statements, and the rulings that join them."""

    records: list[str] = Field(description="References of the records that are joined for you.")
    statements: list[StatementShape]
    judgements: list[JudgementShape]


class Count(Told):
    """How much there is of one type."""

    thing: str = Field(description="Type of thing (list `things`).")
    records: int = Field(description="Records of this type that you may read.")


class OverviewShape(Told):
    """How much there is for you, and what came last."""

    statements: int = Field(description="Statements that you may read.")
    things: list[Count]
    newest: list[StatementShape]


class ExplainedShape(Told):
    """Whether an authority may do something with a record, and why not."""

    authority: str = Field(description="Code of the authority.")
    name: str = Field(description="Its name.")
    allowed: bool
    reasons: list[str] = Field(description="The rules that decide, in words.")


class WhoMay(Told):
    """Who may do something with a record of yours."""

    authorities: list[ExplainedShape]


class ReleaseGiven(Given):
    """What one authority may do with a record of yours from now on."""

    record: Reference
    grantee: AuthorityCode = Field(description="The authority that may do it.")
    action: Action
    purposes: list[Code] = Field(min_length=1, max_length=20, description="For which purposes (list `purposes`).")
    until: Day | None = Field(default=None, description="The last day.")


class Released(Told):
    """The releases that were signed, one for each handling under which the record stands."""

    releases: list[str]


@router.get("/records", response=answers(OverviewShape, 403), operation_id="records")
def overview(request: HttpRequest, newest: Annotated[int, Query(ge=1, le=1000)] = 50) -> OverviewShape:
    """How much there is for you, and the newest statements. Needs the act `record_read`."""
    node, actor = at_work(request)
    found = records.overview(node, actor, newest=newest)
    return OverviewShape(
        statements=found.statements,
        things=[Count(thing=thing, records=count) for thing, count in found.things],
        newest=[StatementShape.model_validate(statement) for statement in found.newest],
    )


@router.get("/records/{reference}", response=answers(EntityShape, 403, 404), operation_id="record")
def record(request: HttpRequest, reference: Reference) -> SeenEntity:
    """A record and what is joined with it, as you may see it. Needs the act `record_read`."""
    node, actor = at_work(request)
    return records.show_record(node, actor, reference)


@router.get("/records/{reference}/why-not", response=answers(ExplainedShape, 403, 404), operation_id="why_not")
def why_not(
    request: HttpRequest,
    reference: Reference,
    action: Action,
    recipient: AuthorityCode | None = None,
    language: Language = "en",
) -> explaining.Explained:
    """Whether you may do something with a record that you can read, and if not, why. Needs the act `record_read`."""
    node, actor = at_work(request)
    other = None if recipient is None else AuthorityId(recipient)
    return explaining.why_not(node, actor, reference, action, recipient=other, language=language)


@router.get("/records/{reference}/who-may", response=answers(WhoMay, 403, 404), operation_id="who_may")
def who_may(request: HttpRequest, reference: Reference, action: Action = "read", language: Language = "en") -> WhoMay:
    """Who may do something with a record of your authority, for the purpose of the token, and why others may not.

    Needs the act `record_read`.
    """
    node, actor = at_work(request)
    found = explaining.who_may(node, actor, reference, action, purpose=actor.viewer.purpose, language=language)
    return WhoMay(authorities=[ExplainedShape.model_validate(each) for each in found])


@router.post("/releases", response=answers(Released, 403, 404, body=True), operation_id="release")
def release(request: HttpRequest, given: ReleaseGiven) -> Released:
    """Let one authority do one thing with a record of yours, signed and dated. Needs the act `release`."""
    node, actor = at_work(request)
    made = releasing.release(
        node,
        actor,
        given.record,
        AuthorityId(given.grantee),
        given.action,
        tuple(given.purposes),
        until=given.until,
    )
    return Released(releases=list(made))


@router.get("/export", response=answers(str, 403), operation_id="export")
def export(request: HttpRequest) -> HttpResponse:
    """Everything that you may take out, as CSV in which every row carries its whole handling.

    The header Repr-Digest (RFC 9530) has its SHA-256. Needs the act `export`; counts towards the allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    made = records.export(node, actor)
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers = {
        "Content-Disposition": 'attachment; filename="alidade-export.csv"',
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    return HttpResponse(made.content, content_type=CSV, headers=headers)
