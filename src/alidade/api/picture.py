"""Picture: a thing as you may know it, what is tied to it, and everything about it as a file."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from alidade.api.records import JudgementShape
from alidade.api.shapes import Day, EvaluationShape, Given, Language, Reference, StatementShape, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.picture.entity import Connection, EntityPage, entity
from alidade.services.picture.entity_asked import quoting_threads
from alidade.services.picture.entity_export import export_entity
from alidade.services.tokens import spend

router = Router(tags=["Picture"])
EntityId = Annotated[str, Field(description="Smallest of the references of its records, as you may join them.")]


class FactShape(Told):
    """All that is said of one property."""

    property: str = Field(description="Property of the type of thing (list `things`).")
    conflict: bool = Field(description="There can be one value at a time, and several are said.")
    statements: list[StatementShape] = Field(description="Firmest evaluation first.")


class TieShape(Told):
    """One tie of the thing, and what is at its other end."""

    tie: str = Field(description="Reference of the link record, or record:property:target.")
    kind: str = Field(description="Type of the link (list `things`), or name of the property.")
    directed: bool = Field(description="Whether its direction means something.")
    outward: bool = Field(description="Whether it leads from the thing to the other end.")
    other: EntityId
    other_thing: str = Field(description="Type of what is at the other end.")
    other_caption: str = Field(description="What it is called, in its original script first; empty where not known.")
    evaluation: EvaluationShape = Field(description="The firmest of its statements.")
    valid_from: str | None = Field(description="Since when, as far as anybody says.")
    valid_to: str | None = Field(description="Until when, as far as anybody says.")
    statements: list[StatementShape]


class ChangeShape(Told):
    """One line of the history."""

    kind: Literal["name", "flag", "owner"]
    value: str = Field(description="The name or flag; of an owner what he is called.")
    other: str = Field(description="Reference of the owner, or empty.")
    valid_from: str | None
    valid_to: str | None
    owner: str = Field(description="Authority that says so.")


class AskedShape(Told):
    """A check that met the thing, as far as your authority may know of it."""

    kind: Literal["ours", "theirs"] = Field(
        description="A check of yours, or one of others that met a record of yours."
    )
    who: str = Field(description="Authority that asked.")
    reference: str = Field(description="Of the check (ours) or of the notice (theirs).")
    at: str = Field(description="When, or empty.")
    purpose: str = Field(description="For which purpose (theirs).")


class OutShape(Told):
    """Whether all of it may be taken out together."""

    allowed: bool
    reasons: list[str] = Field(description="The rules that forbid it, whose they are, and what would lift them.")
    free: int = Field(description="Statements that may go out.")
    held_back: int = Field(description="Statements that may not.")


class EntityFileShape(Told):
    """A thing as you see it."""

    entity: EntityId
    records: list[str] = Field(description="References of its records, joined for you.")
    thing: str = Field(description="Type of thing (list `things`).")
    caption: str = Field(description="What it is called; empty where not known.")
    owners: list[str] = Field(description="Authorities that say something of it.")
    at: str | None = Field(description="The day of which this is the state; null for today.")
    facts: list[FactShape]
    history: list[ChangeShape] = Field(description="Names, flags and owners.")
    documents: list[TieShape]
    ties: list[TieShape] = Field(description="All other ties.")
    cut: bool = Field(description="More is tied to it than is listed.")
    judgements: list[JudgementShape] = Field(description="The rulings that join its records.")
    asked: list[AskedShape]
    out: OutShape


class EntityGiven(Given):
    """Which state of a thing."""

    at: Day | None = Field(default=None, description="A past day; without it, today.")
    language: Language = "en"


class EntityExportGiven(Given):
    """In which form everything is taken out."""

    form: Literal["csv", "ftm"] = Field(default="csv", description="CSV, or FollowTheMoney in lines of JSON.")
    part: bool = Field(default=False, description="Leave out what may not be taken out, instead of refusing.")
    language: Language = "en"


class ExchangeShape(Told):
    """An exchange of your authority that quotes a record of the thing."""

    reference: str
    procedure: str = Field(description="Code of the procedure.")
    opened_at: str
    parties: list[str]


class ExchangesShape(Told):
    """The exchanges found, among the newest 400."""

    exchanges: list[ExchangeShape]


@router.post("/entities/{reference}", response=answers(EntityFileShape, 403, 404, body=True), operation_id="entity")
def show(request: HttpRequest, reference: Reference, given: EntityGiven) -> EntityFileShape:
    """A thing with everything you may know of it, today or as it stood on a day. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return _shape(entity(node, actor, reference, at=given.at, language=given.language))


@router.get(
    "/entities/{reference}/exchanges", response=answers(ExchangesShape, 403, 404), operation_id="entity_exchanges"
)
def exchanges(request: HttpRequest, reference: Reference) -> ExchangesShape:
    """The exchanges of your authority that quote a record of the thing. Needs the act `thread_read`."""
    node, actor = at_work(request)
    found = quoting_threads(node, actor, reference)
    return ExchangesShape(
        exchanges=[
            ExchangeShape(
                reference=each.reference, procedure=each.procedure, opened_at=each.opened_at.isoformat(),
                parties=list(each.parties),
            )
            for each in found
        ]
    )  # fmt: skip


@router.post("/entities/{reference}/export", response=answers(str, 403, 404, body=True), operation_id="entity_export")
def export(request: HttpRequest, reference: Reference, given: EntityExportGiven) -> HttpResponse:
    """Everything about a thing under its joined handling; refused, with the rule, where one value may not go out.

    The header Repr-Digest (RFC 9530) has its SHA-256. Needs the act `export`; counts towards the allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    made = export_entity(node, actor, reference, given.form, part=given.part, language=given.language)
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _shape(page: EntityPage) -> EntityFileShape:
    thing = page.thing
    return EntityFileShape(
        entity=thing.id,
        records=list(thing.records),
        thing=thing.thing,
        caption=thing.caption,
        owners=list(thing.owners),
        at=page.at,
        facts=[
            FactShape(
                property=fact.property,
                conflict=fact.conflict,
                statements=[StatementShape.model_validate(each) for each in fact.statements],
            )
            for fact in page.facts
        ],
        history=[
            ChangeShape(
                kind=each.kind,
                value=each.value if each.other is None else each.other.caption,
                other="" if each.other is None else each.other.id,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                owner=each.said.owner,
            )
            for each in page.history
        ],
        documents=[_tie(each) for each in page.documents],
        ties=[_tie(each) for group in page.groups for each in group.connections],
        cut=page.cut,
        judgements=[JudgementShape.model_validate(each) for each in page.rulings.followed],
        asked=[
            AskedShape(
                kind="ours" if each.kind == "ours" else "theirs",
                who=each.who,
                reference=each.reference,
                at="" if each.at is None else each.at.isoformat(),
                purpose=each.purpose,
            )
            for each in page.asked
        ],
        out=OutShape.model_validate(page.out),
    )


def _tie(each: Connection) -> TieShape:
    tie = each.tie
    return TieShape(
        tie=tie.id,
        kind=tie.kind,
        directed=tie.directed,
        outward=each.outward,
        other=each.other.id,
        other_thing=each.other.thing,
        other_caption=each.other.caption,
        evaluation=EvaluationShape.model_validate(tie.evaluation),
        valid_from=tie.valid_from,
        valid_to=tie.valid_to,
        statements=[StatementShape.model_validate(one) for one in tie.statements],
    )
