"""Rounds: hold one, answer it for one's State, see who is silent, compare it with the one before."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import msgspec
from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.register import DocumentRef, said_in
from alidade.programme.rounds import LONGEST_TEXT, Answer, Part, Question, Round
from alidade.services.directory_entries import directory_entries
from alidade.services.programme.forms import form_workbook, read_workbook
from alidade.services.programme.register import papers, read_paper
from alidade.services.programme.rounds import (
    Held,
    RoundLine,
    answer_round,
    answer_to_fill,
    close_round,
    hold_round,
    questions_of,
    read_round,
    rounds,
)
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.forms_of_programme import listed, split
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

SIGNS = {
    "done": "●",
    "partly": "◐",
    "reported": "○",
    "planned": "◌",
    "none": "–",
    "not-competent": "∅",
    "cross-reference": "→",
    "no-information": "?",
    "other": "·",
}
LARGEST_FORM = 5 * 1024 * 1024


class RoundForm(Form):
    """A round of questions: on which paper, to whom, until when."""

    instrument = forms.ChoiceField(label=gettext_lazy("Paper"))
    title = forms.CharField(label=gettext_lazy("Title of the round"), max_length=300)
    asked = forms.MultipleChoiceField(label=gettext_lazy("Authorities asked"), widget=forms.CheckboxSelectMultiple)
    cut_off = forms.DateField(
        label=gettext_lazy("Answers until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    previous = forms.ChoiceField(label=gettext_lazy("The round before"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = papers(desk.node, desk.administrator)
        cast(forms.ChoiceField, self.fields["instrument"]).choices = [
            (line.kept.reference, f"{line.kept.body.number}: {said_in(line.kept.body.title, desk.language)[0]}")
            for line in known
            if line.measures
        ]
        cast(forms.MultipleChoiceField, self.fields["asked"]).choices = [
            (str(each.id), f"{each.name} ({each.state})") for each in directory_entries(desk.node, desk.administrator)
        ]
        before = [
            (line.kept.reference, said_in(line.kept.body.title, desk.language)[0])
            for line in rounds(desk.node, desk.administrator)
        ]
        cast(forms.ChoiceField, self.fields["previous"]).choices = [("", _("none")), *before]


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rounds, the one that closes first first."""
    table = Table(
        name="rounds",
        caption=gettext_lazy("Rounds"),
        columns=_columns(desk),
        rows=rounds(desk.node, desk.administrator),
        request=request,
        link=lambda line: reverse("round", args=[line.kept.reference]),
        empty=gettext_lazy("No round has been held yet."),
    )
    return render(request, "web/programme/rounds.html", {"table": table, "holds": desk.may("round_manage")})


def _columns(desk: Desk) -> list[Column[RoundLine]]:
    states = {"": _("not begun"), "draft": _("begun"), "submitted": _("submitted")}
    return [
        Column(
            key="title", title=gettext_lazy("Title"), value=lambda line: said_in(line.kept.body.title, desk.language)[0]
        ),
        Column(
            key="cut_off", title=gettext_lazy("Answers until"), value=lambda line: line.kept.body.cut_off, kind="day"
        ),
        Column(
            key="state",
            title=gettext_lazy("State"),
            value=lambda line: _("closed") if line.kept.body.closed_on else _("open"),
            kind="tag",
        ),
        Column(key="asked", title=gettext_lazy("States asked"), value=lambda line: line.asked, kind="number"),
        Column(key="answering", title=gettext_lazy("Have answered"), value=lambda line: line.answering, kind="number"),
        Column(key="own", title=gettext_lazy("Our answer"), value=lambda line: states[line.own_answer], kind="tag"),
        Column(key="authority", title=gettext_lazy("Held by"), value=lambda line: line.kept.authority),
    ]


@page("round_manage", personal=False)
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Hold a round on a paper: one question for each of its measures."""
    today = desk.node.store.clock.now().date()
    form = RoundForm(request.POST or None, desk=desk, initial={"cut_off": today + dt.timedelta(days=84)})
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        language = desk.language.partition("_")[0]
        try:
            paper = read_paper(desk.node, desk.administrator, found["instrument"]).kept.body
            asked = Round(
                title={language: found["title"].strip()},
                instrument=found["instrument"],
                questions=questions_of(paper),
                asked=tuple(found["asked"]),
                opens=today,
                cut_off=found["cut_off"],
                languages=(language,),
                previous=found["previous"],
            )
            reference = hold_round(desk.node, desk.administrator, asked)
        except (Invalid, NotFound) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
        else:
            messages.success(request, _("Opened. Those who are asked find it among their rounds."))
            return redirect("round", reference)
    return render(request, "web/programme/round_begin.html", {"form": form}, status=422 if form.errors else 200)


@page("programme_read", personal=False)
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A round: State by question, how the replies fall, who is silent, and what changed since the round before."""
    held = read_round(desk.node, desk.administrator, reference)
    shown = _shown(desk, held) | {
        "answers": desk.may("round_answer") and held.kept.body.closed_on is None,
        "holds": desk.may("round_manage") and held.own and held.kept.body.closed_on is None,
    }
    return render(request, "web/programme/round.html", shown)


def _shown(desk: Desk, held: Held) -> dict[str, Any]:
    language, kinds = desk.language, answer_kinds()
    countries = {each.alpha3: each.label.in_(language) for each in desk.node.vocabulary.countries.values()}
    questions = held.kept.body.questions
    states = sorted({state for state, _question in held.cells}, key=lambda code: countries.get(code, code))

    def cell(state: str, question: Question) -> dict[str, str]:
        found = held.cells[state, question.key]
        if found.kind is None:
            return {"sign": "", "words": _("no reply"), "code": "silent"}
        words = kinds[found.kind].label.in_(language)
        joint = f" ({found.spoken_by})" if found.spoken_by != state else ""
        return {"sign": SIGNS[found.kind], "words": words + joint, "code": found.kind}

    return {
        "held": held,
        "title": said_in(held.kept.body.title, language)[0],
        "questions": [(each.key, said_in(each.text, language)[0]) for each in questions],
        "rows": [(countries.get(state, state), [cell(state, each) for each in questions]) for state in states],
        "counts": list(held.counts.values()),
        "total": {
            "asked": sum(each.asked for each in held.counts.values()),
            "answered": sum(each.answered for each in held.counts.values()),
            "done": sum(each.done for each in held.counts.values()),
            "silent": sum(each.silent for each in held.counts.values()),
        },
        "legend": [(SIGNS[code], each.label.in_(language)) for code, each in kinds.items()],
        "silent": sorted(countries.get(state, state) for state in held.silent),
        "changes": [
            {
                "state": countries.get(each.state, each.state),
                "question": each.question,
                "before": kinds[each.before].label.in_(language) if each.before else _("no reply"),
                "now": kinds[each.now].label.in_(language) if each.now else _("no reply"),
            }
            for each in held.changes
        ],
    }


@page("round_answer", personal=False)
def answer(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Answer a round for one's own State: question by question, with what was said last time beside."""
    held, before = answer_to_fill(desk.node, desk.administrator, reference)
    refusal, filled = "", before
    if request.method == "POST":
        language = desk.language.partition("_")[0]
        submitted = "submit" in request.POST or before.submitted
        try:
            file = request.FILES.get("form")
            if isinstance(file, UploadedFile):
                if (file.size or 0) > LARGEST_FORM:
                    raise Invalid("The form is too large.", remedy="Give the workbook that was made here.")
                filled = read_workbook(held.kept.body, before, file.read(), language)
            else:
                filled = _filled(held.kept.body, before, request.POST, language, submitted=submitted)
            version = held.own_answer.version if held.own_answer is not None else 0
            stated = request.POST.get("version", "")
            answer_round(desk.node, desk.administrator, filled, version=int(stated) if stated.isdigit() else version)
        except (Invalid, Conflict) as error:
            refusal = " ".join(part for part in told(error) if part)
        else:
            said = _("Submitted.") if filled.submitted else _("Kept as a draft; only your own authority sees it.")
            messages.success(request, said)
            return redirect("round" if filled.submitted else "round.answer", reference)
    shown = _answer_shown(desk, held, filled) | {"refusal": refusal}
    return render(request, "web/programme/answer.html", shown, status=422 if refusal else 200)


def _filled(round_: Round, before: Answer, sent: QueryDict, language: str, *, submitted: bool) -> Answer:
    parts = []
    for question in round_.questions:
        key, kind = question.key, sent.get(f"kind-{question.key}", "")
        earlier = before.part(key)
        if not kind:
            continue
        text = sent.get(f"text-{key}", "").strip()
        obstacle_text = sent.get(f"obstacle-text-{key}", "").strip()
        fields: dict[str, Any] = {
            "question": key,
            "kind": kind,
            "text": _said(earlier.text if earlier else {}, language, text),
            "competent": sent.get(f"competent-{key}", "").strip()[:200],
            "see": sent.get(f"see-{key}", "") if kind == "cross-reference" else "",
            "obstacle": sent.get(f"obstacle-{key}", ""),
            "obstacle_text": _said(earlier.obstacle_text if earlier else {}, language, obstacle_text),
            "evidence": tuple(DocumentRef(number=each[:80]) for each in split(sent.get(f"evidence-{key}", ""))),
            "joint_with": tuple(each.upper() for each in split(sent.get(f"joint-{key}", ""))),
        }
        try:
            parts.append(msgspec.convert(fields, Part, from_attributes=True))
        except msgspec.ValidationError as error:
            wrong = f"Question {key} cannot be read as it is."
            raise Invalid(wrong, remedy="Write States by three letters.") from error
    return msgspec.structs.replace(
        before,
        parts=tuple(parts),
        publish="publish" in sent,
        submitted=submitted,
        contact=sent.get("contact", "").strip()[:200],
        amended_because=sent.get("because", "").strip()[:500],
    )


def _said(before: dict[str, str], language: str, text: str) -> dict[str, str]:
    kept = {tag: words for tag, words in before.items() if tag != language}
    return {**kept, language: text} if text else kept


def _answer_shown(desk: Desk, held: Held, filled: Answer) -> dict[str, Any]:
    language, kinds = desk.language, answer_kinds()
    today = desk.node.store.clock.now().date()

    def question_shown(each: Question) -> dict[str, Any]:
        part = filled.part(each.key) or Part(question=each.key, kind="")
        last = held.previous.get((filled.state, each.key))
        return {
            "key": each.key,
            "text": said_in(each.text, language)[0],
            "part": part,
            "said": said_in(part.text, language)[0],
            "obstacle_said": said_in(part.obstacle_text, language)[0],
            "evidence": ", ".join(document.number for document in part.evidence),
            "joint": ", ".join(part.joint_with),
            "last": kinds[last.kind].label.in_(language) if last is not None and last.kind else "",
            "last_said": said_in(last.part.text, language)[0] if last is not None and last.part else "",
        }

    return {
        "held": held,
        "title": said_in(held.kept.body.title, language)[0],
        "filled": filled,
        "questions": [question_shown(each) for each in held.kept.body.questions],
        "keys": [each.key for each in held.kept.body.questions],
        "kinds": [(code, each.label.in_(language)) for code, each in kinds.items()],
        "obstacles": listed("obstacle_kinds", empty=_("none")),
        "version": held.own_answer.version if held.own_answer is not None else 0,
        "late": today > held.kept.body.cut_off and filled.submitted,
        "most": LONGEST_TEXT,
    }


@page("round_answer", personal=False, methods=("GET",))
def offline(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The form of a round as a workbook, to be filled in elsewhere and brought back."""
    held, filled = answer_to_fill(desk.node, desk.administrator, reference)
    content = form_workbook(held.kept.body, filled, desk.language)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response


@page("round_manage", personal=False, methods=("POST",))
def close(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take no more answers."""
    version = request.POST.get("version", "")
    try:
        close_round(desk.node, desk.administrator, reference, int(version) if version.isdigit() else 0)
    except (Invalid, Conflict) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
    else:
        messages.success(request, _("Closed. No answer is taken any more."))
    return redirect("round", reference)


urlpatterns = [
    path("rounds/", overview, name="rounds"),
    path("rounds/new/", begin, name="round.begin"),
    path("rounds/<str:reference>/", one, name="round"),
    path("rounds/<str:reference>/answer/", answer, name="round.answer"),
    path("rounds/<str:reference>/form/", offline, name="round.form"),
    path("rounds/<str:reference>/close/", close, name="round.close"),
]
