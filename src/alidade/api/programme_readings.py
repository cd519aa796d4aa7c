"""Programme readings: a paper is read from its file into proposals, looked at, and accepted as far as a person says."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from alidade.api.guard import BYTES
from alidade.api.shapes import Day, Given, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.programme.reading import Reading as Proposals
from alidade.services.programme.accepting import LARGEST, accept, proposal, propose
from alidade.services.tokens import spend

router = Router(tags=["Programme"])

PaperForm = Annotated[
    Literal["txt", "md", "docx", "pdf", "html"], Query(description="What the file is; it is not told by a name.")
]
PaperLanguage = Annotated[
    Literal["", "en", "fr", "es", "pt"], Query(description="Language of the paper; empty: found out.")
]
_FILE: Final[dict[str, Any]] = {
    "x-longest-body": LARGEST,
    "requestBody": {
        "required": True,
        "description": "The bytes of the file.",
        "content": {BYTES: {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the file"}},
    },
}


class ProposedAnswersShape(Told):
    """Replies of one kind that the paper tells."""

    kind: str = Field(description="Code of the list `answer_kinds`.")
    count: int


class ProposedMeasureShape(Told):
    """A measure as it was read."""

    number: str
    title: str
    text: str
    paragraph: str = Field(description="Where it stands.")
    addressees: list[str]
    deadline: str | None = Field(description="As it was understood: a day, a month, a quarter, a year.")
    references: list[str] = Field(description="Numbers of papers that it names.")
    rule: str = Field(description="By which rule it was found.")
    confidence: float = Field(description="How far that rule is to be trusted, 0 to 1.")


class PaperReadShape(Told):
    """What was read; nothing of it is in the register before it is accepted."""

    reference: str = Field(description="Under which it waits for you; nobody else sees it.")
    number: str
    kind: str
    title: str
    date: str
    language: str
    markings: list[str]
    measures: list[ProposedMeasureShape]
    answers: list[ProposedAnswersShape] = Field(description="Replies of States that the paper tells, by kind.")
    states: list[str] = Field(description="States that have replied, or are named as silent.")
    warnings: list[str] = Field(description="What a person should look at.")


class PaperHeadGiven(Given):
    """What of the head of the paper was read wrongly."""

    number: str = Field(default="", max_length=80, description="Number of the paper; empty: as it was read.")
    kind: str = Field(default="", max_length=40, description="Code of `instrument_kinds`; empty: as it was read.")
    title: str = Field(default="", max_length=500, description="Title; empty: as it was read.")
    date: Day | None = Field(default=None, description="Day, YYYY-MM-DD; null: as it was read.")


class AcceptanceGiven(Given):
    """What a person takes of the proposals."""

    measures: list[Annotated[str, Field(max_length=80)]] = Field(
        max_length=1_000, description="Numbers of the measures that are taken."
    )
    titles: dict[str, Annotated[str, Field(max_length=500)]] = Field(
        default={}, max_length=1_000, description="Titles that were changed, by number of the measure."
    )
    head: PaperHeadGiven = Field(default=PaperHeadGiven(), description="What was read wrongly of the head.")
    answers: bool = Field(default=True, description="Whether replies that the paper tells are kept as a closed round.")


class PaperAccepted(Told):
    """The paper in the register."""

    reference: str
    version: int


@router.post(
    "/programme/readings",
    response=answers(PaperReadShape, 403, body=True),
    operation_id="programme_read",
    openapi_extra=_FILE,
)
def read(request: HttpRequest, form: PaperForm, language: PaperLanguage = "") -> PaperReadShape:
    """Read a paper (application/octet-stream, at most 25 MiB) into proposals; the file is not kept.

    Needs the act `programme_write`; counts towards the allowance of checks.
    """
    node, actor = at_work(request)
    spend(node, actor, "checks")
    content = request.read(LARGEST + 1)
    reference = propose(node, actor, content, f"paper.{form}", language or None)
    return _shape(reference, proposal(node, actor, reference))


@router.get(
    "/programme/readings/{reference}", response=answers(PaperReadShape, 403, 404), operation_id="programme_reading"
)
def reading(request: HttpRequest, reference: Reference) -> PaperReadShape:
    """The proposals that wait for you. Needs the act `programme_write`."""
    node, actor = at_work(request)
    return _shape(reference, proposal(node, actor, reference))


@router.post(
    "/programme/readings/{reference}/accept",
    response=answers(PaperAccepted, 403, 404, 409, body=True),
    operation_id="programme_accept",
)
def accept_(request: HttpRequest, reference: Reference, given: AcceptanceGiven) -> PaperAccepted:
    """Keep the paper with the measures taken, for all authorities; the proposals go.

    409 where your authority keeps a paper of this number. Needs the act `programme_write`.
    """
    node, actor = at_work(request)
    head = {name: value for name, value in given.head.model_dump().items() if value}
    kept = accept(node, actor, reference, set(given.measures), given.titles, head, answers=given.answers)
    return PaperAccepted(reference=kept, version=1)


def _shape(reference: str, found: Proposals) -> PaperReadShape:
    kinds = [each.kind for each in found.answers]
    head = found.instrument
    return PaperReadShape(
        reference=reference, number=head.number, kind=head.kind, title=head.title, date=head.date,
        language=head.language, markings=list(head.markings),
        measures=[
            ProposedMeasureShape(
                number=each.number, title=each.title, text=each.text, paragraph=str(each.paragraph),
                addressees=[actor.value for actor in each.addressees],
                deadline=None if each.deadline is None else each.deadline.value,
                references=[one.value for one in each.references], rule=each.rule, confidence=each.confidence,
            )
            for each in found.measures
        ],
        answers=[ProposedAnswersShape(kind=kind, count=kinds.count(kind)) for kind in dict.fromkeys(kinds)],
        states=list(found.states), warnings=[str(each) for each in found.warnings],
    )  # fmt: skip
