"""Reports, progress and calendar: what is late or silent, reports that are frozen, and everything with a day."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.agenda import Meeting, Preparation
from alidade.programme.lists import term
from alidade.programme.register import said_in
from alidade.programme.report.html import body_html
from alidade.services.programme.pieces import Kept
from alidade.services.programme.register import papers, read_paper
from alidade.services.programme.reports import (
    FORMS,
    Frozen,
    ReportOrder,
    agenda,
    calendar_feed,
    drafted,
    freeze,
    keep_meeting,
    reports,
    take_back_meeting,
    written,
)
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.rooms.programme import FINDINGS
from alidade.web.table import Column, Table

TEMPLATES = {
    "progress_report": gettext_lazy("Progress report"),
    "state_report": gettext_lazy("State report"),
    "synthesis_note": gettext_lazy("Synthesis note"),
    "briefing": gettext_lazy("Briefing for a meeting"),
}
LANGUAGES = {
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
    "pt": gettext_lazy("Portuguese"),
}
KINDS = {
    "meeting": gettext_lazy("meeting"),
    "presidency": gettext_lazy("presidency"),
    "cycle": gettext_lazy("cycle"),
    "visit": gettext_lazy("visit"),
    "deadline": gettext_lazy("deadline"),
    "round_opens": gettext_lazy("round opens"),
    "cut_off": gettext_lazy("answers until"),
    "follow_up": gettext_lazy("follow-up due"),
}


class ReportForm(Form):
    """Which report is wanted."""

    template = forms.ChoiceField(label=gettext_lazy("Kind of report"), choices=list(TEMPLATES.items()))
    instrument = forms.ChoiceField(label=gettext_lazy("Paper"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the report"), choices=list(LANGUAGES.items()))
    state = forms.ChoiceField(label=gettext_lazy("State (of a State report)"), required=False)
    meeting = forms.CharField(label=gettext_lazy("Meeting (of a briefing)"), max_length=200, required=False)
    until = forms.DateField(
        label=gettext_lazy("What is due until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    untranslated = forms.BooleanField(
        label=gettext_lazy("Freeze it even where a text exists in another language only"), required=False
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["instrument"]).choices = [
            (line.kept.reference, f"{line.kept.body.number}: {said_in(line.kept.body.title, desk.language)[0]}")
            for line in papers(desk.node, desk.administrator)
        ]
        states = sorted(
            (each.label.in_(desk.language), each.alpha3) for each in desk.node.vocabulary.countries.values()
        )
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _("none")), *((c, n) for n, c in states)]

    def order(self) -> ReportOrder:
        """The order as stated."""
        found = self.cleaned_data
        return ReportOrder(
            template=found["template"],
            instrument=found["instrument"],
            language=found["language"],
            state=found["state"],
            meeting=found["meeting"].strip(),
            until=found["until"],
        )


class MeetingForm(Form):
    """A meeting, a presidency or a cycle, with what must be ready for it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[(code, KINDS[code]) for code in ("meeting", "presidency", "cycle", "visit")],
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    forum = forms.CharField(label=gettext_lazy("Forum"), max_length=80, required=False)
    starts = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    ready = forms.CharField(
        label=gettext_lazy("What must be ready"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("One in a line; days before the meeting in front: 14 Progress report."),
    )

    def meeting(self, language: str) -> Meeting:
        """The meeting as stated."""
        found = self.cleaned_data
        return Meeting(
            kind=found["kind"],
            title={language: found["title"].strip()},
            forum=found["forum"].strip(),
            starts=found["starts"],
            ends=found["ends"],
            place=found["place"].strip(),
            preparations=tuple(_preparation(line, language) for line in found["ready"].splitlines() if line.strip()),
        )


def _preparation(line: str, language: str) -> Preparation:
    head, _space, rest = line.strip().partition(" ")
    if head.isdigit() and rest.strip():
        return Preparation(text={language: rest.strip()}, days_before=min(int(head), 400))
    return Preparation(text={language: line.strip()})


@page("programme_read", personal=False)
def progress(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Over all papers: how measures stand, and what somebody should look at."""
    found = []
    for line in papers(desk.node, desk.administrator):
        paper = read_paper(desk.node, desk.administrator, line.kept.reference)
        found.append(
            {
                "reference": line.kept.reference,
                "number": line.kept.body.number,
                "title": said_in(line.kept.body.title, desk.language)[0],
                "measures": [
                    {
                        "key": key,
                        "title": said_in(standing.measure.title, desk.language)[0],
                        "status": standing.status or "",
                        "words": term("measure_statuses", standing.status, desk.language)
                        if standing.status
                        else _("not known"),
                        "findings": [str(FINDINGS[finding.code]) for finding in standing.findings],
                        "late": any(finding.code == "late" for finding in standing.findings),
                    }
                    for key, standing in paper.standings.items()
                ],
            }
        )
    return render(request, "web/programme/progress.html", {"papers": found})


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The frozen reports, and the form for a new one."""
    table = Table(
        name="reports",
        caption=gettext_lazy("Reports"),
        columns=_columns(),
        rows=reports(desk.node, desk.administrator),
        request=request,
        link=lambda kept: reverse("report.file", args=[kept.reference, "html"]),
        empty=gettext_lazy("No report has been frozen that you may see."),
    )
    shown: dict[str, Any] = {"table": table, "forms": list(FORMS)}
    if desk.may("report_write"):
        shown["form"] = ReportForm(desk=desk, initial={"language": desk.language.partition("_")[0]})
    return render(request, "web/programme/reports.html", shown)


def _columns() -> list[Column[Kept[Frozen]]]:
    return [
        Column(key="title", title=gettext_lazy("Title"), value=lambda kept: kept.body.content.title),
        Column(key="paper", title=gettext_lazy("Paper"), value=lambda kept: kept.body.content.subtitle),
        Column(
            key="language", title=gettext_lazy("Language"), value=lambda kept: LANGUAGES[kept.body.content.language]
        ),
        Column(key="made", title=gettext_lazy("Frozen"), value=lambda kept: kept.made_at, kind="moment"),
        Column(key="authority", title=gettext_lazy("Written by"), value=lambda kept: kept.authority),
    ]


@page("report_write", personal=False, methods=("POST",))
def write(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the report as it would be, or freeze it."""
    form = ReportForm(request.POST, desk=desk)
    content = None
    if form.is_valid():
        try:
            if "freeze" in request.POST:
                untranslated = form.cleaned_data["untranslated"]
                freeze(desk.node, desk.administrator, form.order(), untranslated=untranslated)
                messages.success(request, _("Frozen. Your own authority sees it; it never changes again."))
                return redirect("programme.reports")
            content = drafted(desk.node, desk.administrator, form.order())
        except (Invalid, NotFound) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
    shown = {
        "form": form,
        "content": content,
        "body": mark_safe(body_html(content, 2)) if content is not None else "",  # noqa: S308  # every text is escaped there
    }
    return render(request, "web/programme/report.html", shown, status=422 if form.errors else 200)


@page("programme_read", personal=False, methods=("GET",))
def file(request: HttpRequest, desk: Desk, reference: str, form: str) -> HttpResponse:
    """A frozen report as a file."""
    if form not in FORMS:
        raise NotFound("There is nothing with this reference that you may see.")
    media, content = written(desk.node, desk.administrator, reference, form)
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="report.{form}"'
    return response


@page("programme_read", personal=False)
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything with a day, and what must be ready before; put a meeting in."""
    form = MeetingForm(request.POST or None) if desk.may("programme_write") else None
    if request.method == "POST":
        if form is None:
            raise NotFound("There is nothing here that you may see.")
        if form.is_valid():
            try:
                keep_meeting(desk.node, desk.administrator, form.meeting(desk.language.partition("_")[0]))
            except Invalid as error:
                form.add_error(None, " ".join(part for part in told(error) if part))
            else:
                messages.success(request, _("Put into the calendar. All authorities of the federation see it."))
                return redirect("programme.calendar")
    found, meetings = agenda(desk.node, desk.administrator, desk.language)
    today = desk.node.store.clock.now().date()
    lines = [
        {
            "each": each,
            "kind": KINDS[each.kind],
            "past": each.ends < today,
            "late": each.kind in ("deadline", "follow_up") and each.ends < today and not each.over,
            "due": [(due.day, said_in(due.preparation.text, desk.language)[0], due.preparation) for due in each.due],
            "own": each.reference in meetings and meetings[each.reference].authority == desk.authority.id,
            "address": reverse("evaluation", args=[each.reference])
            if each.evaluation
            else _address(each.kind, each.reference, each.measure),
        }
        for each in found
    ]
    shown = {"coming": [x for x in lines if not x["past"]], "past": [x for x in lines if x["past"]][::-1], "form": form}
    return render(request, "web/programme/calendar.html", shown, status=422 if form and form.errors else 200)


def _address(kind: str, reference: str, measure: str) -> str:
    if kind == "deadline":
        return reverse("measure", args=[reference, measure])
    return reverse("round", args=[reference]) if kind in ("round_opens", "cut_off") else ""


@page("programme_read", personal=False, methods=("GET",))
def feed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The calendar as an iCalendar file."""
    words = {code: str(label) for code, label in KINDS.items()}
    content = calendar_feed(desk.node, desk.administrator, desk.language, words)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="follow-up.ics"'
    return response


@page("programme_write", personal=False, methods=("POST",))
def take_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a meeting of one's own out of the calendar."""
    try:
        take_back_meeting(desk.node, desk.administrator, reference)
    except Conflict as error:
        messages.error(request, told(error)[0])
    else:
        messages.success(request, _("Taken out of the calendar."))
    return redirect("programme.calendar")


urlpatterns = [
    path("progress/", progress, name="programme.matrix"),
    path("reports/", overview, name="programme.reports"),
    path("reports/write/", write, name="report.write"),
    path("reports/<str:reference>/<str:form>/", file, name="report.file"),
    path("calendar/", calendar, name="programme.calendar"),
    path("calendar/feed.ics", feed, name="programme.feed"),
    path("calendar/<str:reference>/back/", take_back, name="programme.meeting.withdraw"),
]
