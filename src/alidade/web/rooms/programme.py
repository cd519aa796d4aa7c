"""Measures: papers and what has been said of each measure; say something, verify it, carry it over."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.carrying import Step
from alidade.programme.lists import term
from alidade.programme.register import (
    Verification,
    said_in,
)
from alidade.programme.sheets import unit_of
from alidade.programme.standing import KeptEntry, Standing, entry_day
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import (
    Paper,
    PaperLine,
    add_entry,
    carry_over,
    change_paper,
    keep_paper,
    papers,
    read_paper,
    take_back,
    verify,
)
from alidade.web.errors import status_of, told
from alidade.web.figures_taken import figures_again, taken_shown
from alidade.web.forms_of_programme import EntryForm, MeasureForm, PaperForm, listed
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

FINDINGS = {
    "no_deadline": gettext_lazy("no deadline set"),
    "late": gettext_lazy("late"),
    "silent": gettext_lazy("nobody has said anything"),
    "unevidenced": gettext_lazy("no evidence"),
    "unverified": gettext_lazy("not verified by another"),
    "contested": gettext_lazy("contested"),
    "conflict": gettext_lazy("authorities differ"),
    "figures_differ": gettext_lazy("figures differ"),
}


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The papers, and how their measures stand for this viewer."""
    table = Table(
        name="papers",
        caption=gettext_lazy("Papers"),
        columns=_paper_columns(desk),
        rows=papers(desk.node, desk.administrator),
        request=request,
        link=lambda line: reverse("programme.paper", args=[line.kept.reference]),
        empty=gettext_lazy("No paper is kept yet. Read one from its file, or enter it by hand."),
    )
    return render(request, "web/programme/papers.html", {"table": table, "writes": desk.may("programme_write")})


def _paper_columns(desk: Desk) -> list[Column[PaperLine]]:
    def counted(*statuses: str) -> Any:
        return lambda line: sum(line.statuses.get(code, 0) for code in statuses)

    return [
        Column(key="number", title=gettext_lazy("Number"), value=lambda line: line.kept.body.number),
        Column(
            key="title", title=gettext_lazy("Title"), value=lambda line: said_in(line.kept.body.title, desk.language)[0]
        ),
        Column(key="date", title=gettext_lazy("Date"), value=lambda line: line.kept.body.date or "", kind="day"),
        Column(key="measures", title=gettext_lazy("Measures"), value=lambda line: line.measures, kind="number"),
        Column(key="done", title=gettext_lazy("Done"), value=counted("done"), kind="number"),
        Column(
            key="way",
            title=gettext_lazy("Under way"),
            value=counted("under_way", "partly_done", "continuing"),
            kind="number",
        ),
        Column(key="unknown", title=gettext_lazy("Not known"), value=lambda line: line.not_known, kind="number"),
        Column(key="findings", title=gettext_lazy("Findings"), value=lambda line: line.findings, kind="number"),
        Column(key="authority", title=gettext_lazy("Kept by"), value=lambda line: line.kept.authority),
    ]


@page("programme_write", personal=False)
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enter a paper by hand."""
    form = PaperForm(request.POST or None, initial={"language": desk.language.partition("_")[0]})
    if request.method == "POST" and form.is_valid():
        try:
            reference = keep_paper(desk.node, desk.administrator, form.paper())
        except (Invalid, Conflict) as error:
            form.add_error(None, told(error)[0])
        else:
            messages.success(request, _("Kept. All authorities of the federation can see it. Now add its measures."))
            return redirect("programme.paper", reference)
    return render(request, "web/programme/begin.html", {"form": form}, status=422 if form.errors else 200)


@page("programme_read", personal=False)
def paper(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One paper with its measures."""
    found = read_paper(desk.node, desk.administrator, reference)
    table = Table(
        name="measures",
        caption=gettext_lazy("Measures"),
        columns=_measure_columns(desk),
        rows=list(found.standings.values()),
        request=request,
        link=lambda one: reverse("measure", args=[reference, one.measure.key]),
        empty=gettext_lazy("This paper has no measure yet."),
        per_page=200,
    )
    shown = {
        "paper": found,
        "table": table,
        "title": said_in(found.kept.body.title, desk.language)[0],
        "kind": term("instrument_kinds", found.kept.body.kind, desk.language),
        "writes": desk.may("programme_write"),
        "others": [
            (line.kept.reference, line.kept.body.number)
            for line in papers(desk.node, desk.administrator)
            if line.kept.reference != reference
        ],
    }
    return render(request, "web/programme/paper.html", shown)


def _measure_columns(desk: Desk) -> list[Column[Standing]]:
    return [
        Column(key="key", title=gettext_lazy("Number"), value=lambda one: one.measure.key, sort=_place_of),
        Column(
            key="title", title=gettext_lazy("Title"), value=lambda one: said_in(one.measure.title, desk.language)[0]
        ),
        Column(
            key="status",
            title=gettext_lazy("Status"),
            value=lambda one: term("measure_statuses", one.status, desk.language) if one.status else _("not known"),
            kind="tag",
        ),
        Column(key="since", title=gettext_lazy("Since"), value=lambda one: one.since or "", kind="day"),
        Column(
            key="deadline",
            title=gettext_lazy("Deadline"),
            value=lambda one: one.measure.deadline or "",
            sort=lambda one: str(one.measure.deadline or "9999"),
            kind="day",
        ),
        Column(
            key="findings",
            title=gettext_lazy("Findings"),
            value=lambda one: ", ".join(str(FINDINGS[finding.code]) for finding in one.findings),
        ),
        Column(
            key="addressees",
            title=gettext_lazy("Addressed to"),
            value=lambda one: ", ".join(one.measure.addressees),
            hidden=True,
        ),
    ]


def _place_of(one: Standing) -> tuple[int, str]:
    digits = "".join(letter for letter in one.measure.key if letter.isdigit())
    return int(digits or 0), one.measure.key


@page("programme_read", personal=False)
def measure(request: HttpRequest, desk: Desk, reference: str, key: str) -> HttpResponse:
    """One measure: what the paper says, how it stands, who said what; say something of it."""
    found = read_paper(desk.node, desk.administrator, reference)
    standing = found.standings.get(key)
    if standing is None:
        raise NotFound("There is nothing with this reference that you may see.")
    form = EntryForm(request.POST or None, desk=desk)
    if request.method == "POST":
        if not desk.may("programme_write"):
            raise NotFound("There is nothing here that you may see.")
        if form.is_valid():
            try:
                entry = form.entry(reference, key, desk.language.partition("_")[0])
                own = default_handling(desk.node, desk.authority.id, communities=())
                add_entry(desk.node, desk.administrator, entry, own if form.cleaned_data["only_own"] else None)
            except Invalid as error:
                form.add_error(None, " ".join(part for part in told(error) if part))
            else:
                messages.success(request, _("Said. Whoever may see the paper sees it; take it back below."))
                return redirect("measure", reference, key)
    shown = _measure_shown(desk, found, standing) | {
        "form": form,
        "writes": desk.may("programme_write"),
        "takes": desk.may("figure_take"),
    }
    return render(request, "web/programme/measure.html", shown, status=422 if form.errors else 200)


def _measure_shown(desk: Desk, found: Paper, standing: Standing) -> dict[str, Any]:
    measure, language = standing.measure, desk.language
    again = figures_again(desk, standing.history)
    return {
        "paper": found,
        "standing": standing,
        "measure": measure,
        "title": said_in(measure.title, language)[0],
        "text": said_in(measure.text, language)[0],
        "aim": said_in(measure.aim, language)[0],
        "status": term("measure_statuses", standing.status, language) if standing.status else "",
        "findings": [(finding.code, FINDINGS[finding.code]) for finding in standing.findings],
        "history": [
            _entry_shown(desk, kept, standing) | {"taken": taken_shown(desk, kept, again)}
            for kept in reversed(standing.history)
        ],
        "earlier": [
            (ref, number, each.key, said_in(each.title, language)[0], term("carrying_ways", step.how, language))
            for ref, number, each, step in found.earlier.get(measure.key, ())
        ],
        "later": [
            (ref, number, each.key, said_in(each.title, language)[0], term("carrying_ways", step.how, language))
            for ref, number, each, step in found.later.get(measure.key, ())
        ],
        "verifies": desk.may("programme_verify"),
        "rulings": listed("verification_rulings"),
    }


def _entry_shown(desk: Desk, kept: KeptEntry, standing: Standing) -> dict[str, Any]:
    entry, language, figure = kept.entry, desk.language, kept.entry.figure
    return {
        "kept": kept,
        "entry": entry,
        "kind": term("entry_kinds", entry.kind, language),
        "status": term("measure_statuses", entry.status, language) if entry.status else "",
        "obstacle": term("obstacle_kinds", entry.obstacle, language) if entry.obstacle else "",
        "text": said_in(entry.text, language)[0],
        "figure": "" if figure is None else f"{figure.value:,.10g}".replace(",", "\u202f"),
        "unit": "" if figure is None else unit_of(figure, language),
        "parts": "" if figure is None else " + ".join(f"{part:g}" for part in figure.parts),
        "sources": [each for each in (entry.source, *([figure.source] if figure else [])) if each.document],
        "day": entry_day(kept),
        "own": kept.authority == desk.authority.id,
        "verifications": [
            (
                each,
                term("verification_rulings", each.verification.ruling, language),
                each.authority == desk.authority.id,
            )
            for each in standing.verifications.get(kept.reference, ())
        ],
    }


@page("programme_write", personal=False)
def edit_measure(request: HttpRequest, desk: Desk, reference: str, key: str = "") -> HttpResponse:
    """Change a measure of one's own paper, or add one."""
    found = read_paper(desk.node, desk.administrator, reference)
    before = found.kept.body.measure(key) if key else None
    if not found.own or (key and before is None):
        raise NotFound("There is nothing with this reference that you may see.")
    language = found.kept.body.language
    initial = MeasureForm.initial_of(before, language) if before else {}
    form = MeasureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = form.measure(language, before)
        kept = found.kept.body.measures
        measures = tuple(changed if each is before else each for each in kept) if before else (*kept, changed)
        version = _version(request, found.kept.version)
        try:
            paper_now = msgspec.structs.replace(found.kept.body, measures=measures)
            change_paper(desk.node, desk.administrator, reference, paper_now, version)
        except (Invalid, Conflict) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
        else:
            messages.success(request, _("Kept. The former version stays in the history."))
            return redirect("measure", reference, changed.key)
    shown = {"form": form, "paper": found, "key": key, "version": found.kept.version}
    return render(request, "web/programme/edit_measure.html", shown, status=422 if form.errors else 200)


def _version(request: HttpRequest, newest: int) -> int:
    stated = request.POST.get("version", "")
    return int(stated) if stated.isdigit() else newest


@page("programme_verify", personal=False, methods=("POST",))
def rule(request: HttpRequest, desk: Desk, reference: str, key: str, entry: str) -> HttpResponse:
    """Confirm or contest what another authority said."""
    said = Verification(
        entry=entry, ruling=request.POST.get("ruling", ""), reason=request.POST.get("reason", "").strip()[:4000]
    )
    return _done(request, reference, key, lambda: verify(desk.node, desk.administrator, said), _("Ruled."))


@page("programme_write", personal=False, methods=("POST",))
def withdraw(request: HttpRequest, desk: Desk, reference: str, key: str, entry: str) -> HttpResponse:
    """Take back what one's own authority said."""
    done = _("Taken back. Nobody sees it any more.")
    return _done(request, reference, key, lambda: take_back(desk.node, desk.administrator, entry), done)


def _done(request: HttpRequest, reference: str, key: str, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except (Invalid, Conflict) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
    else:
        messages.success(request, said)
    return redirect("measure", reference, key)


@page("programme_write", personal=False)
def carry(request: HttpRequest, desk: Desk, reference: str, later: str) -> HttpResponse:
    """Carry the measures of a paper over to its successor, one by one."""
    old = read_paper(desk.node, desk.administrator, reference)
    new = read_paper(desk.node, desk.administrator, later)
    if not new.own:
        raise NotFound("There is nothing with this reference that you may see.")
    refusal, status = "", 200
    if request.method == "POST":
        steps = [
            Step(measure=each.key, how=request.POST.get(f"how-{each.key}", "continued"), into=into)
            for each in old.kept.body.measures
            for into in request.POST.getlist(f"into-{each.key}")
            if into
        ]
        try:
            version = _version(request, new.kept.version)
            carry_over(desk.node, desk.administrator, reference, later, steps, version)
        except (Invalid, Conflict) as error:
            refusal, status = " ".join(part for part in told(error) if part), status_of(error)
        else:
            messages.success(request, _("Carried over. Each measure now shows where it has come from and gone to."))
            return redirect("programme.paper", later)
    language = desk.language
    shown = {
        "old": old,
        "new": new,
        "refusal": refusal,
        "ways": [each for each in listed("carrying_ways") if each[0] != "dropped"],
        "targets": [(each.key, said_in(each.title, language)[0]) for each in new.kept.body.measures],
        "lines": [
            {
                "key": each.key,
                "title": said_in(each.title, language)[0],
                "into": {m.key for m in new.kept.body.measures for s in m.carries if _is(s, reference, each.key)},
            }
            for each in old.kept.body.measures
        ],
    }
    return render(request, "web/programme/carry.html", shown, status=status)


def _is(step: Any, instrument: str, key: str) -> bool:
    return bool((step.instrument, step.measure) == (instrument, key))


urlpatterns = [
    path("programme/", overview, name="programme"),
    path("programme/new/", begin, name="programme.begin"),
    path("programme/<str:reference>/", paper, name="programme.paper"),
    path("programme/<str:reference>/measures/new/", edit_measure, name="measure.new"),
    path("programme/<str:reference>/measures/<str:key>/", measure, name="measure"),
    path("programme/<str:reference>/measures/<str:key>/change/", edit_measure, name="measure.change"),
    path("programme/<str:reference>/measures/<str:key>/<str:entry>/rule/", rule, name="measure.rule"),
    path("programme/<str:reference>/measures/<str:key>/<str:entry>/back/", withdraw, name="measure.withdraw"),
    path("programme/<str:reference>/carry/<str:later>/", carry, name="programme.carry"),
]
