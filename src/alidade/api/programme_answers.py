"""Programme answers: what one's own State replies to a round: kept as a draft, submitted, amended; on forms as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from alidade.api.guard import BYTES
from alidade.api.programme_shapes import (
    FigureToldShape,
    ListedCode,
    PaperDocumentShape,
    PaperFigureShape,
    Texts,
    Version,
    as_shape,
    as_struct,
)
from alidade.api.shapes import Given, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.programme.rounds import KeptAnswer, Part
from alidade.services.programme.forms import form_document, form_workbook, read_form
from alidade.services.programme.rounds import answer_round, answer_to_fill

router = Router(tags=["Programme"])

FORM_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FormKind = Annotated[Literal["xlsx", "docx"], Query(description="A workbook, or a document.")]
LARGEST_FORM: Final = 5 * 1024 * 1024
QuestionNumber = Annotated[str, Field(min_length=1, max_length=20, description="Number of the question.")]
_FORM: Final[dict[str, Any]] = {
    "x-longest-body": LARGEST_FORM,
    "requestBody": {
        "required": True,
        "description": "The bytes of the form.",
        "content": {BYTES: {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the form"}},
    },
}


class PartGiven(Given):
    """The answer to one question."""

    question: QuestionNumber
    kind: ListedCode = Field(description="Code of the list `answer_kinds`.", examples=["partly"])
    text: Texts = Field(default={})
    competent: str = Field(default="", max_length=200, description="The body that is competent, where yours is not.")
    see: str = Field(default="", max_length=20, description="Of a cross-reference: the question that is meant.")
    obstacle: ListedCode = Field(default="", description="Code of the list `obstacle_kinds`, or empty.")
    obstacle_text: Texts = Field(default={})
    evidence: list[PaperDocumentShape] = Field(default=[], description="Papers that show it.")
    figures: Sequence[PaperFigureShape] = Field(default=[], description="What was counted.")
    good_practice: Texts = Field(default={})
    training_need: Texts = Field(default={})
    joint_with: list[Annotated[str, Field(pattern="^[A-Z]{3}$")]] = Field(
        default=[], description="Other States (ISO 3166-1 alpha-3) for which it speaks as well."
    )


class AnswerGiven(Given):
    """The whole answer of your State as it is from now on; what is left out is not answered."""

    parts: list[PartGiven] = Field(max_length=1_000, description="The answer to each question.")
    contact: str = Field(default="", max_length=200, description="Office that knows more; names nobody.")
    publish: bool = Field(default=False, description="Those who see the round may see it; else its holder alone.")
    submitted: bool = Field(default=False, description="False: a draft, which your own authority alone sees.")
    amended_because: str = Field(default="", max_length=500, description="Why it changes after the cut-off.")
    version: Version


class AnswerKept(Told):
    """Where the answer was kept, and its version."""

    reference: str
    version: int
    submitted: bool


class FormTaken(AnswerKept):
    """What was taken of a form."""

    taken: list[str] = Field(description="Questions whose answer was taken.")
    problems: list[str] = Field(description="What could not be taken; those questions stay as they were.")


class PartToldShape(PartGiven):
    """The answer to one question."""

    model_config = ConfigDict(extra="ignore", strict=True)

    figures: Sequence[FigureToldShape] = []


class RoundAnswerShape(Told):
    """The answer of one State."""

    reference: str = Field(description="Empty: nothing was kept yet.")
    authority: str
    version: int = Field(description="0: nothing was kept yet.")
    said_at: str | None
    state: str
    submitted: bool
    publish: bool
    contact: str
    amended_because: str
    parts: list[PartToldShape]


@router.get(
    "/programme/rounds/{reference}/answer",
    response=answers(RoundAnswerShape, 403, 404),
    operation_id="programme_answer",
)
def own(request: HttpRequest, reference: Reference) -> RoundAnswerShape:
    """Your authority's answer so far, a draft or submitted; an empty one where none was begun.

    Needs the act `programme_read`.
    """
    node, actor = at_work(request)
    held, answer = answer_to_fill(node, actor, reference)
    if held.own_answer is not None:
        return answer_shape(held.own_answer)
    return RoundAnswerShape(
        reference="", authority=str(actor.viewer.authority), version=0, said_at=None, state=answer.state,
        submitted=False, publish=answer.publish, contact="", amended_because="", parts=[],
    )  # fmt: skip


@router.put(
    "/programme/rounds/{reference}/answer",
    response=answers(AnswerKept, 403, 404, 409, body=True),
    operation_id="programme_answer_put",
)
def put(request: HttpRequest, reference: Reference, given: AnswerGiven) -> AnswerKept:
    """Answer a round for your State: keep a draft, submit it, or amend it. `version` is 0 for the first.

    What was submitted is not taken back, only amended; after the cut-off that needs its reason. Needs the acts
    `round_answer` and `programme_read`.
    """
    node, actor = at_work(request)
    _, before = answer_to_fill(node, actor, reference)
    answer = msgspec.structs.replace(
        before, parts=tuple(as_struct(part, Part) for part in given.parts), contact=given.contact,
        publish=given.publish, submitted=given.submitted, amended_because=given.amended_because,
    )  # fmt: skip
    kept, version = answer_round(node, actor, answer, version=given.version)
    return AnswerKept(reference=kept, version=version, submitted=answer.submitted)


@router.get("/programme/rounds/{reference}/form", response=answers(str, 403, 404), operation_id="programme_form")
def form(
    request: HttpRequest, reference: Reference, form: FormKind = "xlsx", language: Language = "en"
) -> HttpResponse:
    """The round to be filled in elsewhere, as a workbook or a document, with your answer so far and the last one.

    Needs the act `programme_read`.
    """
    node, actor = at_work(request)
    held, before = answer_to_fill(node, actor, reference)
    last = {key: cell.part for (state, key), cell in held.previous.items() if state == before.state and cell.part}
    write = form_workbook if form == "xlsx" else form_document
    headers = {"Content-Disposition": f'attachment; filename="questions.{form}"', "X-Content-Type-Options": "nosniff"}
    content = write(held.kept.body, before, language, last)
    return HttpResponse(content, content_type=FORM_TYPES[form], headers=headers)


@router.put(
    "/programme/rounds/{reference}/form",
    response=answers(FormTaken, 403, 404, 409, body=True),
    operation_id="programme_form_put",
    openapi_extra=_FORM,
)
def take_form(
    request: HttpRequest,
    reference: Reference,
    version: Annotated[int, Query(ge=0, le=1_000_000)],
    submit: Annotated[bool, Query()] = False,
    language: Language = "en",
) -> FormTaken:
    """Take a filled form (application/octet-stream, at most 5 MiB) as your answer: a draft, unless `submit`.

    Of a draft the good answers are kept and the others named; a form with a wrong answer is not submitted (422). An
    answer that was submitted stays so. Needs the acts `round_answer` and `programme_read`.
    """
    node, actor = at_work(request)
    held, before = answer_to_fill(node, actor, reference)
    filled = read_form(held.kept.body, before, request.read(LARGEST_FORM), language.partition("_")[0])
    if filled.problems and (submit or before.submitted):
        raise filled.problems[0]
    answer = msgspec.structs.replace(filled.answer, submitted=submit or before.submitted)
    kept, number = answer_round(node, actor, answer, version=version)
    return FormTaken(
        reference=kept, version=number, submitted=answer.submitted, taken=list(filled.taken),
        problems=[str(each) for each in filled.problems],
    )  # fmt: skip


def answer_shape(kept: KeptAnswer) -> RoundAnswerShape:
    """An answer as programs are told it."""
    said = kept.answer
    return RoundAnswerShape(
        reference=kept.reference, authority=kept.authority, version=kept.version, said_at=kept.said_at.isoformat(),
        state=said.state, submitted=said.submitted, publish=said.publish, contact=said.contact,
        amended_because=said.amended_because, parts=[as_shape(part, PartToldShape) for part in said.parts],
    )  # fmt: skip
