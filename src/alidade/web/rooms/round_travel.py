"""Rounds and other nodes: send one, see how far it has come, take what came, send our answer, take an answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.programme.register import said_in
from alidade.services.programme.travel_answers import take_answer
from alidade.services.programme.travel_telling import remind_asked, tell_closed
from alidade.services.programme.travel_view import Arrived, arrived, thread_of, travel
from alidade.services.programme.travelling import send_answer, send_round, take_round
from alidade.web.errors import told
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

STAGES = {
    "to_send": gettext_lazy("not sent yet"),
    "to_approve": gettext_lazy("waits for a second officer"),
    "sent": gettext_lazy("sent, not received yet"),
    "received": gettext_lazy("received, no answer yet"),
    "answered": gettext_lazy("an answer has come"),
    "taken": gettext_lazy("answer taken into the round"),
    "ended": gettext_lazy("ended without an answer"),
}
ANSWERS = {
    "none": gettext_lazy("not submitted here yet"),
    "unsent": gettext_lazy("submitted, not sent yet"),
    "sent": gettext_lazy("sent to the authority that asked"),
    "unfit": gettext_lazy("submitted, but cannot be sent as it is"),
}


@page("programme_read", personal=False, methods=("GET",))
def coming(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The questions that came from other nodes, those that are not taken first."""
    table = Table(
        name="arrived",
        caption=gettext_lazy("Questions from other nodes"),
        columns=_columns(),
        rows=arrived(desk.node, desk.administrator, language=desk.language),
        request=request,
        link=lambda line: reverse("round.thread", args=[line.thread]),
        empty=gettext_lazy("No authority of another node has asked you anything yet."),
    )
    return render(request, "web/programme/round_arrived.html", {"table": table})


def _columns() -> list[Column[Arrived]]:
    return [
        Column(key="title", title=gettext_lazy("Title"), value=lambda line: line.title),
        Column(key="from", title=gettext_lazy("Asked by"), value=lambda line: line.asked_by),
        Column(key="due", title=gettext_lazy("Answers until"), value=lambda line: line.due_on, kind="day"),
        Column(key="questions", title=gettext_lazy("Questions"), value=lambda line: line.questions, kind="number"),
        Column(key="state", title=gettext_lazy("State"), value=lambda line: line.state, kind="tag"),
        Column(
            key="taken",
            title=gettext_lazy("Taken here"),
            value=lambda line: _("among our rounds") if line.round else _("not taken yet"),
            kind="tag",
        ),
    ]


@page("programme_read", personal=False, methods=("GET",))
def thread(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What came by a thread, before it is taken; else the round to which the thread belongs."""
    came, ours = thread_of(desk.node, desk.administrator, reference, language=desk.language)
    if came is None or came.round:
        return redirect("round.travel", ours if came is None else came.round)
    shown = {"came": came, "takes": desk.may("round_answer") and came.open, "reads": desk.may("thread_read")}
    return render(request, "web/programme/round_thread.html", shown)


@page("round_answer", personal=False, methods=("POST",))
def take(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Make of the questions that came the round that is answered here."""
    try:
        kept = take_round(desk.node, desk.administrator, reference)
    except (Invalid, Conflict) as error:
        _refused(request, error)
        return redirect("round.thread", reference)
    messages.success(request, _("Taken. Only your own authority sees it; the one that asked is told that you answer."))
    return redirect("round.answer", kept)


@page("programme_read", personal=False, methods=("GET",))
def travelled(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """How far a round has come at those asked on other nodes; or, for one that came, what is done with our answer."""
    found = travel(desk.node, desk.administrator, reference, language=desk.language)
    shown = {
        "travel": found,
        "title": said_in(found.kept.body.title, desk.language)[0],
        "journeys": [{"one": each, "stage": STAGES[each.stage]} for each in found.journeys],
        "answer": ANSWERS[found.ours.answer] if found.ours is not None else "",
        "why": " ".join(part for part in told(Invalid(found.ours.why, remedy=found.ours.remedy)) if part)
        if found.ours is not None and found.ours.why
        else "",
        "manages": desk.may("round_manage"),
        "answers": desk.may("round_answer"),
        "reads": desk.may("thread_read"),
    }
    return render(request, "web/programme/round_travel.html", shown)


@page("round_manage", personal=False, methods=("POST",))
def send(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Send a round to everybody asked who works on another node and has not got it."""
    try:
        sent = send_round(desk.node, desk.administrator, reference)
    except (Invalid, Conflict) as error:
        _refused(request, error)
    else:
        if any(each.state == "waiting_for_approval" for each in sent):
            messages.success(request, _("A second officer must approve it first; it waits for approval."))
        else:
            messages.success(request, _("Sent, to each by itself: none learns who else was asked."))
    return redirect("round.travel", reference)


@page("round_answer", personal=False, methods=("POST",))
def answer(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Send the answer of one's authority to the one that asked."""
    try:
        sent = send_answer(desk.node, desk.administrator, reference)
    except (Invalid, Conflict) as error:
        _refused(request, error)
    else:
        if sent.state == "waiting_for_approval":
            messages.success(request, _("A second officer must approve it first; it waits for approval."))
        else:
            messages.success(request, _("Sent to the authority that asked. What you change later is sent again."))
    return redirect("round.travel", reference)


@page("round_manage", personal=False, methods=("POST",))
def take_in(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Put the answer that a thread brought into its round."""
    _none, ours = thread_of(desk.node, desk.administrator, reference, language=desk.language)
    try:
        take_answer(desk.node, desk.administrator, reference)
    except (Invalid, Conflict) as error:
        _refused(request, error)
    else:
        messages.success(request, _("Taken into the round, as the answer of the authority that signed it."))
    return redirect("round.travel", ours) if ours else redirect("round.thread", reference)


@page("round_manage", personal=False, methods=("POST",))
def tell(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Remind those on other nodes who have not answered; where the round is closed, tell all of them that it is."""
    try:
        if "closed" in request.POST:
            tell_closed(desk.node, desk.administrator, reference)
            said = _("Told. These exchanges are ended.")
        else:
            remind_asked(desk.node, desk.administrator, reference)
            said = _("Reminded, each by itself.")
    except (Invalid, Conflict) as error:
        _refused(request, error)
    else:
        messages.success(request, said)
    return redirect("round.travel", reference)


def _refused(request: HttpRequest, error: AlidadeError) -> None:
    messages.error(request, " ".join(part for part in told(error) if part))


urlpatterns = [
    path("round-exchange/", coming, name="round.arrived"),
    path("round-exchange/<str:reference>/", thread, name="round.thread"),
    path("round-exchange/<str:reference>/take/", take, name="round.take"),
    path("round-exchange/<str:reference>/answer/", take_in, name="round.take-answer"),
    path("rounds/<str:reference>/exchange/", travelled, name="round.travel"),
    path("rounds/<str:reference>/exchange/send/", send, name="round.send"),
    path("rounds/<str:reference>/exchange/tell/", tell, name="round.tell"),
    path("rounds/<str:reference>/exchange/answer/", answer, name="round.send-answer"),
]
