"""Questions: built by clicking, shown as a sentence, asked, kept, shared and made standing. All of it without script,
too: each button sends the whole form, and the page comes back changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.services.picture.chart import draw, named
from alidade.services.picture.chart_state import ChartState, decode_state, encode_state
from alidade.services.picture.chart_walks import find_things
from alidade.services.picture.question_keeping import (
    KeptQuestionLine,
    bring_back_question,
    keep_question,
    list_questions,
    open_question,
    share_question,
    withdraw_question,
)
from alidade.services.picture.question_terms import PictureQuestion, read_question
from alidade.services.picture.questions import (
    Found,
    QuestionAnswer,
    Why,
    ask_question,
    question_run,
    question_runs,
    stop_question,
    word_question,
)
from alidade.services.picture.seeing import SeenThing
from alidade.services.picture.standing_questions import (
    StandingLine,
    end_standing_question,
    look_at_standing_question,
    make_question_standing,
    standing_questions,
)
from alidade.web.chart_view import Glossary, codes_of, thing_address
from alidade.web.errors import status_of
from alidade.web.handling_form import handling_form
from alidade.web.place import Desk, page
from alidade.web.question_form import ROOT, Drawing, drawn, question_in
from alidade.web.rooms import chart as chart_room
from alidade.web.table import Column, Table
from alidade.web.told import told

_GRADES: Final = ("A1", "A2", "B1", "B2", "B3", "C3")
_STATES: Final[Mapping[str, object]] = {
    "in_force": gettext_lazy("in force"), "ended": gettext_lazy("ended"), "expired": gettext_lazy("its day has passed"),
    "gone": gettext_lazy("the question was withdrawn"), "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("running"), "done": gettext_lazy("done"), "failed": gettext_lazy("broken off"),
    "cancelled": gettext_lazy("stopped"),
}  # fmt: skip


@page("picture_read")
def question(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Build a question, change it by its buttons, ask it; below, the kept, standing and running ones."""
    if request.method == "POST":
        return _built(request, desk, None)
    return _shown(request, desk, PictureQuestion(things=("Vessel",)), None)


@page("picture_read")
def kept(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A kept question in the form; whoever asks it gets his own answer."""
    found = open_question(desk.node, desk.actor, reference)
    if request.method == "POST":
        return _built(request, desk, found.kept)
    return _shown(request, desk, found.question, found.kept)


def _built(request: HttpRequest, desk: Desk, piece: KeptQuestionLine | None) -> HttpResponse:
    do = request.POST.get("do", "")
    asked = question_in(request.POST) if f"{ROOT}.match" in request.POST else _from_text(request)
    problem: AlidadeError | None = None
    answer = None
    found: dict[str, Sequence[SeenThing]] = {}
    try:
        if do == "ask":
            outcome = ask_question(desk.node, desk.actor, asked)
            if isinstance(outcome, str):
                return redirect("question.run", outcome)
            answer = outcome
        elif do.startswith("find ") and request.POST.get(f"{do[5:]}.find", "").strip():
            found[do[5:]] = find_things(desk.node, desk.actor, request.POST[f"{do[5:]}.find"].strip()[:200])
        elif do in ("keep", "copy") and desk.may("piece_keep"):
            return _keep(request, desk, asked, piece if do == "keep" else None)
    except (Invalid, Conflict) as error:
        problem = error
    return _shown(request, desk, asked, piece, answer=answer, found=found, problem=problem)


def _from_text(request: HttpRequest) -> PictureQuestion:
    return read_question(request.POST.get("question", "").encode())


def _keep(
    request: HttpRequest, desk: Desk, asked: PictureQuestion, piece: KeptQuestionLine | None
) -> HttpResponse:  # fmt: skip
    version = request.POST.get("version", "")
    saved = keep_question(
        desk.node, desk.actor, asked, request.POST.get("title", ""), piece=piece.piece if piece else None,
        version=int(version) if version.isdigit() else 0,
    )  # fmt: skip
    said = _("Kept. Your authority may open it; share it, and others get their own answers. It can be withdrawn.")
    messages.success(request, said)
    return redirect("question.kept", saved.piece)


def _shown(
    request: HttpRequest,
    desk: Desk,
    asked: PictureQuestion,
    piece: KeptQuestionLine | None,
    *,
    answer: QuestionAnswer | None = None,
    found: Mapping[str, Sequence[SeenThing]] | None = None,
    problem: AlidadeError | None = None,
) -> HttpResponse:
    worded = word_question(desk.node, desk.actor, asked, desk.language)
    names = chart_room.glossary(desk)
    drawing = Drawing(words=desk.node.vocabulary, language=desk.language, names=worded.names, found=found or {})
    title = request.POST.get("title", "") or (piece.title if piece else "")
    shown = {
        "asked": asked,
        "branch": drawn(asked, drawing),
        "types": drawing.types(asked.things, _("anything")),
        "grades": [(each, each == asked.least) for each in _GRADES],
        "providers": [(code, name, code in asked.providers) for code, name in sorted(names.authorities.items())],
        "text": worded.text,
        "piece": piece,
        "title": title,
        "keeps": desk.may("piece_keep"),
        "problem": told(problem) if problem else None,
        "begun": bool(asked.where.conditions),
        **_answer_shown(request, desk, answer, names, sortable=False),
    }
    if "fragment" in request.POST:
        return render(request, "web/question/builder.html", shown)
    shown |= {
        "kept": _kept_table(request, list_questions(desk.node, desk.actor), names),
        "standing": _standing_table(request, standing_questions(desk.node, desk.actor)),
        "runs": [(each, _STATES[each.state]) for each in question_runs(desk.node, desk.actor)[:5]],
        "withdrawn": request.session.get("withdrawn-question", ""),
    }
    return render(request, "web/question/question.html", shown, status=status_of(problem) if problem else 200)


def _answer_shown(
    request: HttpRequest, desk: Desk, answer: QuestionAnswer | None, names: Glossary, *, sortable: bool
) -> dict[str, object]:
    if answer is None:
        return {"answer": None}
    columns: list[Column[Found]] = [
        Column(key="name", title=gettext_lazy("Name"), value=lambda row: row.thing.caption or _("not known"),
               sortable=sortable),
        Column(key="what", title=gettext_lazy("What it is"), value=lambda row: names.thing(row.thing.thing),
               sortable=sortable),
        Column(key="why", title=gettext_lazy("Shown by"), value=lambda row: _why(row.because, names), sortable=False),
        Column(key="by", title=gettext_lazy("Given by"), sortable=sortable,
               value=lambda row: ", ".join(names.owner(each) for each in row.thing.owners)),
        Column(key="codes", title=gettext_lazy("Handling"), sortable=sortable,
               value=lambda row: codes_of(row.thing.statements) or "H0"),
    ]  # fmt: skip
    table = Table(
        name="answer", caption=gettext_lazy("What was found"), columns=columns, rows=answer.found, request=request,
        link=lambda row: thing_address(row.thing.id), per_page=100 if sortable else 1_500,
        empty=gettext_lazy("Nothing that you may see fulfils the question. Whether others know more, a check says."),
    )  # fmt: skip
    state = encode_state(ChartState(depth=0, added=named(answer.records()))).decode() if answer.found else ""
    return {"answer": answer, "answers": table, "state": state, "exports": desk.may("export")}


def _why(because: Sequence[Why], names: Glossary) -> str:
    parts = [f"{each.caption or names.thing(each.thing)} {each.day}".strip() for each in because]
    return "; ".join(dict.fromkeys(parts))


def _kept_table(
    request: HttpRequest, rows: Sequence[KeptQuestionLine], names: Glossary
) -> Table[KeptQuestionLine]:  # fmt: skip
    columns: list[Column[KeptQuestionLine]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda each: each.title or _("without a title")),
        Column(key="by", title=gettext_lazy("Made by"), value=lambda each: names.owner(each.authority)),
        Column(key="changed", title=gettext_lazy("Changed"), value=lambda each: each.changed_at, kind="moment"),
        Column(key="handling", title=gettext_lazy("Handling"), value=lambda each: each.handling, kind="handling",
               sortable=False),
    ]  # fmt: skip
    return Table(
        name="kept", caption=gettext_lazy("Kept questions"), columns=columns, rows=rows, request=request,
        link=lambda each: reverse("question.kept", args=[each.piece]), default="-changed",
        empty=gettext_lazy("No question has been kept that you may open. Build one above, and keep it."),
    )  # fmt: skip


def _standing_table(request: HttpRequest, rows: Sequence[StandingLine]) -> Table[StandingLine]:
    columns: list[Column[StandingLine]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda each: each.title or _("not known")),
        Column(key="new", title=gettext_lazy("New"), value=lambda each: each.new, kind="number"),
        Column(key="told", title=gettext_lazy("Found so far"), value=lambda each: each.told, kind="number"),
        Column(key="until", title=gettext_lazy("Until"), value=lambda each: each.until, kind="day"),
        Column(key="state", title=gettext_lazy("State"), value=lambda each: _STATES[each.state]),
    ]
    return Table(
        name="standing", caption=gettext_lazy("Standing questions"), columns=columns, rows=rows, request=request,
        link=lambda each: reverse("question.standing", args=[each.reference]), default="-new",
        empty=gettext_lazy("No question of yours is asked again by itself. Keep one, and make it standing."),
    )  # fmt: skip


@page("picture_read")
def run(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """How far a question is that is asked as long work; then its answer."""
    if request.method == "POST":
        stop_question(desk.node, desk.actor, reference)
        messages.success(request, _("It stops after what is being read now. Nothing of it is kept."))
        return redirect("question.run", reference)
    found = question_run(desk.node, desk.actor, reference)
    names = chart_room.glossary(desk)
    shown = {
        "run": found,
        "state_word": _STATES[found.state],
        "text": word_question(desk.node, desk.actor, found.question, desk.language).text if found.question else "",
        "question": "" if found.question is None else _as_text(found.question),
        "failure": found.failure,
        **_answer_shown(request, desk, found.answer, names, sortable=True),
    }
    return render(request, "web/question/run.html", shown)


def _as_text(asked: PictureQuestion) -> str:
    return msgspec.json.encode(asked).decode()


@page("picture_read", methods=("POST",))
def chart(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The answer as a link chart: what was found and what shows why."""
    state = decode_state(request.POST.get("state", "").encode())
    return chart_room.canvas(request, desk, draw(desk.node, desk.actor, state), None)


@page("piece_keep")
def share(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say who may open a question of one's own authority; each of them gets his own answer."""
    found = open_question(desk.node, desk.actor, reference).kept
    sent = request.POST if request.method == "POST" else None
    form = handling_form(desk, "h", sent=sent, handling=found.handling)
    if sent is not None and form.is_valid():
        try:
            share_question(desk.node, desk.actor, reference, form.handling(desk.authority.id))
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
        else:
            messages.success(request, _("Shared. Whoever may open the question gets his own answer to it."))
            return redirect("question.kept", reference)
    shown = {"form": form, "kept": found, "reference": reference}
    return render(request, "web/question/share.html", shown, status=422 if sent is not None else 200)


@page("piece_keep", methods=("POST",))
def withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a question away from everybody, or bring it back."""
    if request.POST.get("do") == "back":
        bring_back_question(desk.node, desk.actor, reference)
        request.session.pop("withdrawn-question", None)
        messages.success(request, _("The question is back. Those may open it who could before."))
        return redirect("question.kept", reference)
    withdraw_question(desk.node, desk.actor, reference)
    request.session["withdrawn-question"] = reference
    messages.success(request, _("The question is withdrawn: nobody opens it any more. It can be brought back."))
    return redirect("question")


@page("piece_keep", methods=("POST",))
def begin_standing(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Let a kept question be asked again until a day."""
    try:
        made = make_question_standing(desk.node, desk.actor, reference, request.POST.get("until", ""))
    except Invalid as error:
        messages.error(request, " ".join(told(error)))
        return redirect("question.kept", reference)
    said = _("It is asked again until that day, and you are told here once of each new answer. You can end it.")
    messages.success(request, said)
    return redirect("question.standing", made)


@page("picture_read")
def standing(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What a standing question has told of, the new first."""
    if request.method == "POST":
        end_standing_question(desk.node, desk.actor, reference)
        messages.success(request, _("It is not asked again. What it told of stays here."))
        return redirect("question.standing", reference)
    look = look_at_standing_question(desk.node, desk.actor, reference)
    names = chart_room.glossary(desk)
    rows = sorted(look.answer.found, key=lambda each: each.thing.id not in look.new)
    columns: list[Column[Found]] = [
        Column(key="new", title=gettext_lazy("New"), value=lambda row: _("new") if row.thing.id in look.new else "",
               kind="tag"),
        Column(key="name", title=gettext_lazy("Name"), value=lambda row: row.thing.caption or _("not known")),
        Column(key="what", title=gettext_lazy("What it is"), value=lambda row: names.thing(row.thing.thing)),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: codes_of(row.thing.statements) or "H0"),
    ]  # fmt: skip
    table = Table(
        name="told", caption=gettext_lazy("What it told of"), columns=columns, rows=rows, request=request,
        link=lambda row: thing_address(row.thing.id),
        empty=gettext_lazy("Nothing so far that you may see. You are told here as soon as there is."),
    )  # fmt: skip
    shown = {"look": look, "table": table, "state_word": _STATES[look.line.state], "reference": reference}
    return render(request, "web/question/standing.html", shown)


urlpatterns = [
    path("question/", question, name="question"),
    path("question/chart/", chart, name="question.chart"),
    path("question/run/<str:reference>/", run, name="question.run"),
    path("question/standing/<str:reference>/", standing, name="question.standing"),
    path("question/kept/<str:reference>/", kept, name="question.kept"),
    path("question/kept/<str:reference>/share/", share, name="question.share"),
    path("question/kept/<str:reference>/withdraw/", withdraw, name="question.withdraw"),
    path("question/kept/<str:reference>/standing/", begin_standing, name="question.begin-standing"),
]
