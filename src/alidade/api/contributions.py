"""Contributions: give what your authority knows, under its own conditions; withdraw what was wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from alidade.api.checks import RequestKey
from alidade.api.shapes import Code, Given, HandlingGiven, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.model.draft import Claim, Draft, Place
from alidade.services import correcting, requests
from alidade.services.contribute import Giving, Outcome

router = Router(tags=["Contributions"])

HandlingName = Annotated[str, Field(pattern="^[a-z0-9_-]{1,40}$")]
PartialDate = Annotated[str, Field(max_length=10, description="1964-07-31, 1964-07 or 1964.")]
_DEFAULT = ""
_FILE = "(request)"


class ClaimGiven(Given):
    """One value of one property."""

    property: Annotated[str, Field(pattern="^[A-Za-z0-9]{1,80}$")] = Field(
        description="A property of the type of thing (list `things`).", examples=["name"]
    )
    value: str = Field(min_length=1, max_length=65_536, description="The value.", examples=["Jan Vermeulen"])
    original: str | None = Field(default=None, max_length=65_536, description="As it was written, where it differs.")
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] | None = Field(default=None, description="ISO 639.")
    evaluation: Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="Grade in the scheme of the contribution, such as B2.", examples=["B2"]
    )
    handling: HandlingName | None = Field(default=None, description="Name of one of `other_handlings`.")
    valid_from: PartialDate | None = Field(default=None, description="From when it is true.")
    valid_to: PartialDate | None = Field(default=None, description="Until when it is true.")
    refers: bool = Field(default=False, description="The value is the `key` of another record of this request.")


class RecordGiven(Given):
    """One thing, as you know it."""

    key: str = Field(min_length=1, max_length=200, description="Your own stable number for it.", examples=["p-118"])
    thing: Annotated[str, Field(pattern="^[A-Za-z0-9]{1,80}$")] = Field(
        description="Type of thing (list `things`).", examples=["Person"]
    )
    claims: list[ClaimGiven] = Field(min_length=1, max_length=500, description="What you know of it.")
    handling: HandlingName | None = Field(default=None, description="Name of one of `other_handlings`.")


class ContributionGiven(Given):
    """What an authority gives at once, under its own conditions."""

    title: str = Field(min_length=1, max_length=200, description="What it is; names nobody.", examples=["Control A4"])
    handling: HandlingGiven = Field(description="The conditions for all that names no other.")
    other_handlings: dict[HandlingName, HandlingGiven] = Field(
        default={}, max_length=100, description="Other conditions, by names of your own, for single records and claims."
    )
    scheme: Code = Field(default="4x4", description="Scheme of the evaluations (list `evaluation_schemes`).")
    source_list: str = Field(
        default="",
        max_length=80,
        description="Name of the list. Under the same name, records keep their reference and only changes are given.",
    )
    records: list[RecordGiven] = Field(min_length=1, max_length=1000, description="The records.")


class ProblemOfRecord(Told):
    """Why something was not taken, or not wholly."""

    record: int = Field(description="Which record of the request, counted from 1; 0: none in particular.")
    field: str = Field(description="The property.")
    code: str = Field(description="Stable code.")
    reason: str = Field(description="What is wrong, without the value.")
    fatal: bool = Field(description="Whether the record was not taken.")


class OutcomeShape(Told):
    """What became of a contribution."""

    contribution: str | None = Field(description="Its reference; null where nothing was new.")
    new: int = Field(description="Records that are new.")
    altered: int = Field(description="Records of the list that say something else than before.")
    unchanged: int = Field(description="Records that were there already.")
    quarantined: int = Field(description="Records that nobody finds until somebody states a category.")
    rejected: int = Field(description="Records that were not taken.")
    statements: int = Field(description="Statements that were given.")
    problems: list[ProblemOfRecord]
    records: dict[str, str] = Field(description="Your key to the reference of the record.")


class WithdrawalGiven(Given):
    """Why a contribution is withdrawn."""

    reason: Code = Field(description="Code of the list `withdrawal_reasons`.", examples=["wrong"])


class Withdrawn(Told):
    """What was withdrawn."""

    contribution: str = Field(description="Reference of the contribution.")
    statements: int = Field(description="How many statements it had.")
    state: Literal["withdrawn"] = "withdrawn"


@router.post("/contributions", response=answers(OutcomeShape, 403, 409, body=True), operation_id="contribute")
def contribute(request: HttpRequest, given: ContributionGiven, key: RequestKey = None) -> OutcomeShape:
    """Give records, signed by your authority. Good records are taken, bad ones are named with their reason.

    A request whose answer was lost is sent again under the same Idempotency-Key, or with the same `source_list`:
    either way nothing is given twice. Needs the act `contribute`.
    """
    node, actor = at_work(request)
    owner = actor.viewer.authority
    giving = Giving(
        title=given.title,
        drafts=[_draft(record, row) for row, record in enumerate(given.records, start=1)],
        handlings={_DEFAULT: given.handling.of(owner)}
        | {name: handling.of(owner) for name, handling in given.other_handlings.items()},
        scheme=given.scheme,
        source_list=given.source_list,
    )
    return _outcome(requests.contribute_once(node, actor, giving, key=key))


def _draft(record: RecordGiven, row: int) -> Draft:
    claims = tuple(
        Claim(
            property=claim.property,
            value=claim.value,
            original=claim.original,
            language=claim.language,
            evaluation=claim.evaluation,
            handling=claim.handling,
            valid_from=claim.valid_from,
            valid_to=claim.valid_to,
            refers=claim.refers,
        )
        for claim in record.claims
    )
    place = Place(file=_FILE, row=row)
    return Draft(key=record.key, thing=record.thing, claims=claims, handling=record.handling, place=place)


def _outcome(outcome: Outcome) -> OutcomeShape:
    return OutcomeShape(
        contribution=outcome.contribution,
        new=outcome.new,
        altered=outcome.altered,
        unchanged=outcome.unchanged,
        quarantined=outcome.quarantined,
        rejected=outcome.rejected,
        statements=outcome.statements,
        problems=[
            ProblemOfRecord(record=p.place.row, field=p.field, code=p.code, reason=p.reason, fatal=p.fatal)
            for p in outcome.problems
        ],
        records={key: str(record) for key, record in outcome.records.items()},
    )


@router.post(
    "/contributions/{reference}/withdraw",
    response=answers(Withdrawn, 403, 404, 409, body=True),
    operation_id="withdraw",
)
def withdraw(request: HttpRequest, reference: Reference, given: WithdrawalGiven) -> Withdrawn:
    """Withdraw a contribution of your authority: nothing of it is found or shown from here on.

    It stays as evidence of what was said, until it is erased. Needs the act `withdraw`.
    """
    node, actor = at_work(request)
    statements = correcting.withdraw(node, actor, reference, given.reason)
    return Withdrawn(contribution=reference, statements=statements)
