"""Judgements: what might be the same, what was ruled, confirmed, contradicted and revoked; and whose rulings count."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from alidade.api.shapes import AuthorityCode, Given, HandlingGiven, Reference, Ruling, StatementShape, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.picture import judgements as desk
from alidade.services.picture import judging, pairs, suggesting

router = Router(tags=["Judgements"])


class SideShape(Told):
    """One record of a pair, as you see it. `caption` is empty where nothing is known to call it by."""

    record: str
    thing: str
    caption: str
    owner: str


class WeighedShape(Told):
    """One kind of evidence, in bits: for (more than nought) or against."""

    evidence: str
    bits: float


class SuggestionShape(Told):
    """Two records that may be one thing. The bits add up to the logarithm of the odds."""

    left: SideShape
    right: SideShape
    score: float = Field(description="Chance that both are one thing, 0 to 1.")
    explanation: list[WeighedShape]


class SuggestionsShape(Told):
    """A part of the list."""

    suggestions: list[SuggestionShape]
    total: int = Field(description="How many there are in all.")
    following: str = Field(description="Give it as `after` for the next part; empty at the end.")


class PartShape(Told):
    """One part of a comparison; all parts add up to the score."""

    evidence: str
    rule: str
    left: str
    right: str
    contribution: float


class AlikeShape(Told):
    """A record that may be of the same thing."""

    side: SideShape
    score: float
    parts: list[PartShape]


class AlikeList(Told):
    """What might be the same as one record, best first."""

    suggestions: list[AlikeShape]


class RuledPairShape(Told):
    """A judgement. `officer`, `confirmed_by` and what is said of revoking are told of your own authority's alone."""

    judgement: str
    left: SideShape
    right: SideShape
    ruling: str
    reason: str
    evidence: list[str] = Field(description="References of records and statements, as far as you see them yourself.")
    authority: str
    ruled_at: str
    own: bool
    accepted: bool = Field(description="Whether it joins records for your authority.")
    new: list[StatementShape] = Field(description="What was said about one of the records after it.")
    officer: str
    confirmed_by: str
    revoked_by: str
    revoked_at: str
    revoked_because: str
    replaced_by: str


class DisagreementShape(Told):
    """A "not the same", and the chain of "same" that leads round it."""

    apart: RuledPairShape
    chain: list[RuledPairShape]
    joined: bool


class DeskShape(Told):
    """All judgements that you may see, by what is to be done; each list the newest 200."""

    to_confirm: list[RuledPairShape]
    look_again: list[RuledPairShape]
    contradictions: list[DisagreementShape]
    in_force: list[RuledPairShape]
    revoked: list[RuledPairShape]


class JudgementGiven(Given):
    """Whether two records speak of the same thing."""

    left: Reference
    right: Reference
    ruling: Ruling
    reason: str = Field(min_length=1, max_length=500, description="What makes you sure, in words.")
    handling: HandlingGiven = Field(description="Who may see this ruling; all others see the records apart.")
    evidence: list[Reference] = Field(
        default=[], max_length=50, description="References of records and statements that you may see."
    )
    second_officer: bool = Field(default=False, description="It has no effect until a second officer confirms it.")


class MadeJudgement(Told):
    """A new judgement."""

    judgement: str = Field(description="Its reference, by which it can be taken back.")
    waits: bool = Field(description="It waits for a second officer of your authority, without effect until then.")


class Revoking(Given):
    """Why a judgement is taken back."""

    reason: str = Field(default="", max_length=4000)


class RulesGiven(Given):
    """How your authority judges."""

    four_eyes: bool = Field(description="A second officer confirms every judgement before it counts.")
    accepts: list[AuthorityCode] | None = Field(
        default=None,
        max_length=500,
        description="Whose judgements join records for you besides your own; without it all that you may see.",
    )


class RulesShape(Told):
    """How your authority judges."""

    four_eyes: bool
    accepts: list[str] | None


class LookShape(Told):
    """A look through the whole desk that was ordered."""

    look: str


@router.get("/suggestions", response=answers(SuggestionsShape, 403, 404, 409), operation_id="suggestions")
def suggestions(
    request: HttpRequest,
    order: Literal["doubt", "certainty"] = "doubt",
    after: Annotated[str, Query(max_length=120)] = "",
    size: Annotated[int, Query(ge=1, le=200)] = 20,
    look: Annotated[str, Query(max_length=32)] = "",
) -> SuggestionsShape:
    """Which records might be the same, nearest to an even chance first or surest first. Needs the act `judge`.

    A desk that is too large for that is looked through first (`POST /suggestions/looks`); give the `look` then.
    """
    node, actor = at_work(request)
    found = suggesting.suggestions(node, actor, order=order, after=after, size=size, look=look)
    sides = {side.record: SideShape.model_validate(side) for side in found.sides}
    shown = [
        SuggestionShape(
            left=sides[each.left],
            right=sides[each.right],
            score=each.score,
            explanation=[WeighedShape(evidence=name, bits=bits) for name, bits in each.explanation],
        )
        for each in found.suggestions
        if each.left in sides and each.right in sides
    ]
    return SuggestionsShape(suggestions=shown, total=found.total, following=found.following)


@router.post("/suggestions/looks", response=answers(LookShape, 403), operation_id="order_suggestions")
def look(request: HttpRequest) -> LookShape:
    """Have your whole desk looked through as long work. Needs the act `judge`."""
    node, actor = at_work(request)
    return LookShape(look=suggesting.order_suggestions(node, actor))


@router.get("/records/{reference}/suggestions", response=answers(AlikeList, 403, 404), operation_id="suggestions_for")
def suggestions_for(request: HttpRequest, reference: Reference) -> AlikeList:
    """What might be the same as one record, best first. Needs the act `judge`."""
    node, actor = at_work(request)
    found = pairs.suggestions_for(node, actor, reference)
    return AlikeList(suggestions=[AlikeShape.model_validate(each) for each in found])


@router.get("/judgements", response=answers(DeskShape, 403), operation_id="judgements")
def judgements(request: HttpRequest) -> DeskShape:
    """The judgements that you may see: to confirm, to look at again, contradictions, in force, revoked.

    Needs the act `judge`.
    """
    node, actor = at_work(request)
    return DeskShape.model_validate(desk.judgement_desk(node, actor))


@router.post("/judgements", response=answers(MadeJudgement, 403, 404, body=True), operation_id="judge")
def judge(request: HttpRequest, given: JudgementGiven) -> MadeJudgement:
    """Say that a person ruled two records the same, not the same, or unsure. Needs the act `judge`."""
    node, actor = at_work(request)
    handling = given.handling.of(actor.viewer.authority)
    made = judging.rule(
        node,
        actor,
        given.left,
        given.right,
        given.ruling,
        given.reason,
        handling,
        evidence=given.evidence,
        second_officer=given.second_officer,
    )
    return MadeJudgement(judgement=made.judgement, waits=made.waits)


@router.delete("/judgements/{reference}", response=answers(None, 403, 404, status=204), operation_id="take_back")
def take_back(request: HttpRequest, reference: Reference) -> Status[None]:
    """Take back a judgement of your authority; the records are apart again at once. Needs the act `judge`."""
    node, actor = at_work(request)
    judging.take_back_judgement(node, actor, reference)
    return Status(204, None)


@router.post(
    "/judgements/{reference}/confirm",
    response=answers(None, 403, 404, 409, status=204),
    operation_id="confirm_judgement",
)
def confirm(request: HttpRequest, reference: Reference) -> Status[None]:
    """Confirm a judgement of your authority that another officer proposed. Needs the act `judge`."""
    node, actor = at_work(request)
    judging.confirm(node, actor, reference)
    return Status(204, None)


@router.post(
    "/judgements/{reference}/revoke",
    response=answers(None, 403, 404, body=True, status=204),
    operation_id="revoke_judgement",
)
def revoke(request: HttpRequest, reference: Reference, given: Revoking) -> Status[None]:
    """Take back a judgement of your authority and say why; the records are apart at once. Needs the act `judge`."""
    node, actor = at_work(request)
    judging.revoke(node, actor, reference, given.reason)
    return Status(204, None)


@router.get("/judging-rules", response=answers(RulesShape, 403), operation_id="judging_rules")
def rules(request: HttpRequest) -> judging.JudgingRules:
    """How your authority judges, and whose judgements count for it. Needs the act `judge`."""
    node, actor = at_work(request)
    return judging.judging_rules(node, actor)


@router.put("/judging-rules", response=answers(None, 403, body=True, status=204), operation_id="set_judging_rules")
def set_rules(request: HttpRequest, given: RulesGiven) -> Status[None]:
    """Set how your authority judges; what is joined follows at once. Needs the act `judgement_rules`."""
    node, actor = at_work(request)
    judging.set_judging_rules(node, actor, four_eyes=given.four_eyes, accepts=given.accepts)
    return Status(204, None)
