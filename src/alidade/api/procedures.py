"""Procedures: what can be opened, with which forms; an authority's own procedures; the figures that a law asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from alidade.api.form_schema import schema_of
from alidade.api.shapes import Day, Given, Language, Told, answers
from alidade.api.sign_in import at_work
from alidade.api.thread_shapes import Answer, ChoiceShape, ProcedureCode, StepCode
from alidade.procedures import definition_schema
from alidade.procedures.dry_run import Move, Rehearsal
from alidade.procedures.findings import with_lines
from alidade.services.threads import figures, managing, offered, publishing
from alidade.services.threads.managing import CheckedProcedure
from alidade.services.threads.view import Statistics
from alidade.services.tokens import spend

router = Router(tags=["Procedures"])

Version = Annotated[int, Query(ge=0, le=1_000_000, description="Version of the procedure; 0: the newest.")]


class OfferedShape(Told):
    """A procedure of which a thread can be opened."""

    code: str
    version: int
    title: str
    purpose: str = Field(description="What it is for.")
    source: str = Field(description="Act and article.")
    verified: bool = Field(description="Whether somebody has read it in the source.")
    from_catalogue: bool = Field(description="Whether it came with Alidade.")


class OfferedList(Told):
    """The procedures offered here, by title."""

    procedures: list[OfferedShape]


class FormShape(Told):
    """What a step asks to be filled in."""

    procedure: str
    version: int
    code: str = Field(description="The step.")
    label: str
    values: dict[str, Any] = Field(description="JSON Schema (2020-12) of `values` of the step.")
    reasons: list[ChoiceShape] = Field(description="The closed list of reasons; empty: none is asked.")
    reason_required: bool
    note_required: bool
    four_eyes: bool = Field(description="A second officer must approve.")
    roles: list[ChoiceShape] = Field(description="Of an opening: the roles that parties may have.")
    own_roles: list[ChoiceShape] = Field(description="Of an opening: the roles in which it can be opened.")


class SchemaShape(Told):
    """How the file of a procedure is written."""

    file: dict[str, Any] = Field(description="JSON Schema (2020-12) of the file.")


class ProcedureGiven(Given):
    """The file of a procedure."""

    file: str = Field(min_length=1, max_length=1024 * 1024, description="The text of the file (JSON).")


class MoveGiven(Given):
    """One line of a script: who does what."""

    role: Annotated[str, Field(max_length=60)] = Field(description="A role of the procedure.")
    code: StepCode = Field(description="The step; the first is `open`.")
    values: dict[str, Answer] = Field(default={}, max_length=200, description="Answers by field of its form.")
    reason: str | None = Field(default=None, max_length=80, description="Code of a reason.")
    note: str = Field(default="", max_length=2000, description="Words.")
    approved: bool = Field(default=False, description="Whether a second officer has approved.")
    after_hours: Annotated[int, Field(ge=0, le=100_000)] = Field(
        default=1, description="How many hours after the line before it."
    )


class DryRunGiven(Given):
    """The file of a procedure, and a script to play with invented parties."""

    file: str = Field(min_length=1, max_length=1024 * 1024, description="The text of the file (JSON).")
    moves: list[MoveGiven] = Field(min_length=1, max_length=200, description="The script.")


class FindingShape(Told):
    """One thing wrong with a procedure's file."""

    code: str
    severity: str = Field(description="`error`: it cannot be used so; `warning`: it works, but not for everybody.")
    path: str = Field(description="Place in the file.")
    message: str
    remedy: str
    line: int | None


class CheckedShape(Told):
    """A procedure's file that was read."""

    code: str
    version: int
    usable: bool
    findings: list[FindingShape]


class ProposedShape(Told):
    """A procedure that waits for a second administrator."""

    code: str
    version: int
    title: str
    digest: str = Field(description="SHA-256 of the text, in hex: names what is published.")
    text: str = Field(description="The text of the file (JSON), to be read before it is published.")
    proposed_by: str
    own: bool = Field(description="Whether you have proposed it: then somebody else must publish it.")


class ProposedList(Told):
    """What waits for a second administrator."""

    procedures: list[ProposedShape]


class PublishGiven(Given):
    """Which text is published."""

    digest: str = Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the text that you have read, in hex.")


class PublishedShape(Told):
    """A version of a procedure."""

    code: str
    version: int


class MoveProblem(Told):
    """What the form of a move lacks."""

    field: str
    code: str
    message: str
    remedy: str


class RehearsedShape(Told):
    """What came of one move."""

    role: str
    code: str
    why: str = Field(description="Why it had no effect; empty: it had.")
    sentence: str
    state: str | None = Field(description="The state after it.")
    problems: list[MoveProblem]
    allowed: dict[str, list[str]] = Field(description="What each role may do next.")


class RehearsalShape(Told):
    """A whole script played."""

    clean: bool = Field(description="Whether every move took effect with a form that could have been sent.")
    moves: list[RehearsedShape]


class FigureShape(Told):
    """One figure of statistics."""

    measure: str
    label: str
    split: list[tuple[str, str]] = Field(description="Field and value of each part of the split; empty: the sum.")
    count: int | None = Field(description="Null where it is so small that it could point to a person.")
    hours: float | None


class StatisticsShape(Told):
    """The figures of a procedure that its file asks for."""

    procedure: str
    title: str
    source: str = Field(description="Act and article that ask for them.")
    since: str
    until: str
    figures: list[FigureShape]
    threads: int | None = Field(description="Threads opened in the period; null where there are very few.")


@router.get("/procedures", response=answers(OfferedList, 403), operation_id="procedures")
def procedures(request: HttpRequest, language: Language = "en") -> OfferedList:
    """The procedures of which a thread can be opened. Needs the act `thread_read`."""
    node, actor = at_work(request)
    found = offered.procedures_offered(node, actor, language=language)
    return OfferedList(procedures=[OfferedShape.model_validate(each) for each in found])


@router.get("/procedures/{procedure}/forms/{step}", response=answers(FormShape, 403, 404), operation_id="form")
def form(
    request: HttpRequest, procedure: ProcedureCode, step: StepCode, version: Version = 0, language: Language = "en"
) -> FormShape:
    """The form of one step, as JSON Schema, with its reasons and roles. Needs the act `thread_read`."""
    node, actor = at_work(request)
    found = offered.form_for(node, actor, procedure, step, version=version, language=language)
    return FormShape(
        procedure=found.procedure,
        version=found.version,
        code=found.code,
        label=found.label,
        values=schema_of(found),
        reasons=[ChoiceShape.model_validate(each) for each in found.reasons],
        reason_required=found.reason_required,
        note_required=found.note_required,
        four_eyes=found.four_eyes,
        roles=[ChoiceShape.model_validate(each) for each in found.roles],
        own_roles=[ChoiceShape.model_validate(each) for each in found.own_roles],
    )


@router.get("/procedures/{procedure}/statistics", response=answers(StatisticsShape, 403, 404), operation_id="figures")
def statistics(
    request: HttpRequest, procedure: ProcedureCode, since: Day, until: Day, language: Language = "en"
) -> Statistics:
    """The figures that the procedure's file asks for, of your authority and a period of days, both included.

    Needs the act `thread_statistics`.
    """
    node, actor = at_work(request)
    return figures.thread_statistics(node, actor, procedure, since, until, language=language)


@router.get("/procedure-schema", response=answers(SchemaShape), operation_id="procedure_schema")
def procedure_schema(request: HttpRequest) -> SchemaShape:
    """How the file of a procedure is written, for editors."""
    at_work(request)
    return SchemaShape(file=definition_schema())


@router.post("/procedures/check", response=answers(CheckedShape, 403, body=True), operation_id="check_procedure")
def check_procedure(request: HttpRequest, given: ProcedureGiven) -> CheckedShape:
    """Read the file of a procedure and say everything that is wrong with it; nothing is kept.

    Needs the act `procedure_manage`.
    """
    node, actor = at_work(request)
    return _checked(managing.check_procedure(node, actor, given.file.encode()), given.file)


@router.post("/procedures/dry-run", response=answers(RehearsalShape, 403, body=True), operation_id="dry_run")
def dry_run(request: HttpRequest, given: DryRunGiven) -> RehearsalShape:
    """Play a procedure with invented parties; nothing is kept. Needs the act `procedure_manage`."""
    node, actor = at_work(request)
    spend(node, actor, "checks")
    moves = [
        Move(
            role=move.role,
            code=move.code,
            values={name: tuple(value) if isinstance(value, list) else value for name, value in move.values.items()},
            reason=move.reason,
            note=move.note,
            approved=move.approved,
            after=timedelta(hours=move.after_hours),
        )
        for move in given.moves
    ]
    return _played(managing.rehearse_procedure(node, actor, given.file.encode(), moves))


@router.post("/procedures", response=answers(CheckedShape, 403, 409, body=True), operation_id="propose_procedure")
def propose_procedure(request: HttpRequest, given: ProcedureGiven) -> CheckedShape:
    """Hand in a procedure: it can be used once another administrator has published it. A version never changes.

    Needs the act `procedure_manage`.
    """
    node, actor = at_work(request)
    return _checked(publishing.propose_procedure(node, actor, given.file.encode()), given.file)


@router.get("/procedures/proposed", response=answers(ProposedList, 403), operation_id="proposed_procedures")
def proposed_procedures(request: HttpRequest, language: Language = "en") -> ProposedList:
    """What waits for a second administrator, with its text. Needs the act `procedure_manage`."""
    node, actor = at_work(request)
    found = publishing.proposed_procedures(node, actor, language=language)
    return ProposedList(procedures=[ProposedShape.model_validate(each) for each in found])


@router.post(
    "/procedures/{code}/{version}/publish",
    response=answers(PublishedShape, 403, 404, 409, body=True),
    operation_id="publish_procedure",
)
def publish_procedure(request: HttpRequest, code: ProcedureCode, version: int, given: PublishGiven) -> PublishedShape:
    """Publish what another administrator proposed: threads of it can be opened here from now on.

    409 for one's own proposal, or where another text than `digest` was proposed. Needs the act `procedure_manage`.
    """
    node, actor = at_work(request)
    publishing.publish_procedure(node, actor, code, version, given.digest)
    return PublishedShape(code=code, version=version)


@router.delete(
    "/procedures/{code}/{version}",
    response=answers(PublishedShape, 403, 404),
    operation_id="withdraw_procedure",
)
def withdraw_procedure(request: HttpRequest, code: ProcedureCode, version: int) -> PublishedShape:
    """Take a proposal back, or turn it down. Needs the act `procedure_manage`."""
    node, actor = at_work(request)
    publishing.withdraw_procedure(node, actor, code, version)
    return PublishedShape(code=code, version=version)


def _checked(found: CheckedProcedure, text: str) -> CheckedShape:
    return CheckedShape(
        code=found.definition.code,
        version=found.definition.version,
        usable=found.usable,
        findings=[FindingShape.model_validate(each) for each in with_lines(list(found.findings), text)],
    )


def _played(found: Rehearsal) -> RehearsalShape:
    return RehearsalShape(
        clean=found.clean,
        moves=[
            RehearsedShape(
                role=each.move.role,
                code=each.move.code,
                why=each.why,
                sentence=each.sentence,
                state=each.state,
                problems=[MoveProblem.model_validate(problem) for problem in each.problems],
                allowed={role: list(codes) for role, codes in each.allowed.items()},
            )
            for each in found.moves
        ],
    )
