"""Programme reports: what is told of a paper, made, frozen, read again, compared, and taken as a file."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from alidade.api.checks import RequestKey
from alidade.api.programme_shapes import AudienceGiven, handling_of
from alidade.api.shapes import Day, Given, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.model.errors import Invalid
from alidade.programme.report.content import Content
from alidade.services.programme.frozen import read_report, report_differences
from alidade.services.programme.once import keep_once
from alidade.services.programme.pieces import Kept
from alidade.services.programme.reports import Frozen, ReportOrder, drafted, freeze, reports, written
from alidade.services.tokens import spend

router = Router(tags=["Programme"])

OptionalReference = Annotated[str, Field(pattern="^([0-9a-f]{32})?$")]


class ReportGiven(Given):
    """What report is wanted."""

    template: Literal["progress_report", "state_report", "synthesis_note", "briefing"] = Field(
        description="What kind of report."
    )
    instrument: Reference = Field(description="Reference of the paper.")
    language: Literal["en", "fr", "es", "pt"] = Field(default="en", description="Language of the report.")
    state: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = Field(
        default="", description="Of a State report: which State (ISO 3166-1 alpha-3)."
    )
    meeting: str = Field(default="", max_length=200, description="Of a briefing: the meeting.")
    until: Day | None = Field(default=None, description="Of a briefing: what is due until this day.")
    previous: OptionalReference = Field(
        default="", description="Frozen report to compare with; empty: the newest of the same kind, paper and language."
    )

    def order(self) -> ReportOrder:
        """The order as it was sent. Raises Invalid for a day that there is not."""
        try:
            until = dt.date.fromisoformat(self.until) if self.until else None
        except ValueError as error:
            raise Invalid("That is no day.", remedy="Write it as YYYY-MM-DD.") from error
        return ReportOrder(
            template=self.template, instrument=self.instrument, language=self.language, state=self.state,
            meeting=self.meeting, until=until, previous=self.previous,
        )  # fmt: skip


class ReportFrozenGiven(ReportGiven):
    """A report that is to be frozen."""

    untranslated: bool = Field(default=False, description="Freeze it though a text exists in another language only.")
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: your own authority.")


class ReportKept(Told):
    """Where a report was frozen."""

    reference: str


class ReportFactShape(Told):
    """One thing that a report tells."""

    key: str = Field(description="Stays the same from report to report.")
    text: str


class ReportContentShape(Told):
    """Everything that a report tells."""

    title: str
    subtitle: str
    language: str
    day: str
    authority: str
    classification: str
    conditions: str
    blocks: list[dict[str, Any]] = Field(
        description="In order; `type` is heading, paragraph, table or bars, and says which other fields there are."
    )
    facts: list[ReportFactShape]
    untranslated: list[str] = Field(description="Texts that exist in another language only.")


class ReportLineShape(Told):
    """A frozen report that you may see."""

    reference: str
    template: str
    instrument: str = Field(description="Reference of the paper.")
    title: str
    subtitle: str
    language: str
    authority: str = Field(description="Authority that froze it.")
    made_at: str


class ReportLinesShape(Told):
    """The frozen reports, the newest first."""

    reports: list[ReportLineShape]


class ReportShape(Told):
    """A frozen report; it never changes."""

    report: ReportLineShape
    content: ReportContentShape


class ReportDifferenceShape(Told):
    """A fact that two reports tell otherwise; empty where one does not tell it."""

    key: str
    before: str
    now: str


class ReportDifferencesShape(Told):
    """What a report tells otherwise than an earlier one."""

    differences: list[ReportDifferenceShape]


ReportFileForm = Annotated[Literal["html", "docx", "pdf"], Query(description="In which form.")]


@router.get("/programme/reports", response=answers(ReportLinesShape, 403), operation_id="programme_reports")
def list_(request: HttpRequest) -> ReportLinesShape:
    """The frozen reports that you may see. Needs the act `programme_read`."""
    node, actor = at_work(request)
    return ReportLinesShape(reports=[_line(each) for each in reports(node, actor)])


@router.post(
    "/programme/reports/draft",
    response=answers(ReportContentShape, 403, 404, body=True),
    operation_id="programme_report_draft",
)
def draft(request: HttpRequest, given: ReportGiven) -> ReportContentShape:
    """A report as it would be now, from what you may see; nothing is kept. Needs the act `report_write`."""
    node, actor = at_work(request)
    return _content(drafted(node, actor, given.order()))


@router.post(
    "/programme/reports", response=answers(ReportKept, 403, 404, 409, body=True), operation_id="programme_report_make"
)
def make(request: HttpRequest, given: ReportFrozenGiven, key: RequestKey = None) -> ReportKept:
    """Freeze a report with what it tells; it never changes again. Needs the act `report_write`."""
    node, actor = at_work(request)
    order = given.order()
    how = handling_of(node, actor.viewer.authority, given.audience)
    asked = f"report {given.model_dump_json()}".encode()
    kept = keep_once(node, actor, key, asked, lambda: freeze(node, actor, order, how, untranslated=given.untranslated))
    return ReportKept(reference=kept)


@router.get("/programme/reports/{reference}", response=answers(ReportShape, 403, 404), operation_id="programme_report")
def one(request: HttpRequest, reference: Reference) -> ReportShape:
    """One frozen report with all that it tells. Needs the act `programme_read`."""
    node, actor = at_work(request)
    kept = read_report(node, actor, reference)
    return ReportShape(report=_line(kept), content=_content(kept.body.content))


@router.get(
    "/programme/reports/{reference}/file", response=answers(str, 403, 404), operation_id="programme_report_file"
)
def file(request: HttpRequest, reference: Reference, form: ReportFileForm = "pdf") -> HttpResponse:
    """A frozen report as a file. The header Repr-Digest (RFC 9530) has its SHA-256.

    Needs the act `programme_read`; counts towards the allowance of checks.
    """
    node, actor = at_work(request)
    spend(node, actor, "checks")
    media, content = written(node, actor, reference, form)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="report.{form}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=media, headers=headers)


@router.get(
    "/programme/reports/{reference}/differences",
    response=answers(ReportDifferencesShape, 403, 404),
    operation_id="programme_report_differences",
)
def differences(request: HttpRequest, reference: Reference, earlier: Reference) -> ReportDifferencesShape:
    """What a frozen report tells otherwise than an earlier one, fact by fact. Needs the act `programme_read`."""
    node, actor = at_work(request)
    found = report_differences(node, actor, reference, earlier)
    return ReportDifferencesShape(differences=[ReportDifferenceShape.model_validate(each) for each in found])


def _line(kept: Kept[Frozen]) -> ReportLineShape:
    said = kept.body
    return ReportLineShape(
        reference=kept.reference, template=said.template, instrument=said.instrument, title=said.content.title,
        subtitle=said.content.subtitle, language=said.content.language, authority=kept.authority,
        made_at=kept.made_at.isoformat(),
    )  # fmt: skip


def _content(said: Content) -> ReportContentShape:
    return ReportContentShape(
        title=said.title, subtitle=said.subtitle, language=said.language, day=said.day, authority=said.authority,
        classification=said.classification, conditions=said.conditions, blocks=msgspec.to_builtins(said.blocks),
        facts=[ReportFactShape.model_validate(each) for each in said.facts], untranslated=list(said.untranslated),
    )  # fmt: skip
