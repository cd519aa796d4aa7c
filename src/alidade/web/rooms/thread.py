"""One thread: where it stands, what everybody wrote, what one may do now; notes, desks, paper and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.ids import OfficerId
from alidade.services.records import SeenStatement
from alidade.services.threads.assigning import assign_thread, colleagues_for, take_thread
from alidade.services.threads.attachments import read_attachment
from alidade.services.threads.erasing import erase_step
from alidade.services.threads.noting import add_note
from alidade.services.threads.printing import export_thread, print_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.view import RecordView, StepView, ThreadView
from alidade.web import hits
from alidade.web.errors import told
from alidade.web.forms import choices
from alidade.web.place import Desk, page
from alidade.web.threads.composing import EFFECTS

SLIGHT = ("received", "read")  # receipts: one line each
HOW = {
    "opened": gettext_lazy("opened it"),
    "taken": gettext_lazy("took it"),
    "assigned": gettext_lazy("was given it"),
    "let_go": gettext_lazy("back to the duty desk"),
    "duty_desk": gettext_lazy("came to the duty desk"),
    "handed_over": gettext_lazy("took over"),
}
OUTCOMES = {
    "done": gettext_lazy("done"),
    "nothing": gettext_lazy("nothing to be done"),
    "not_here": gettext_lazy("not for this node"),
    "refused": gettext_lazy("refused by the rules"),
}
_WRITTEN_BY_NODE = "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRecord:
    """An attached record as far as it may be read."""

    view: RecordView
    thing: str
    lines: tuple[hits.Line, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStep:
    """One step as it is drawn, with the translations of it that were written later."""

    step: StepView
    slight: bool
    records: tuple[DrawnRecord, ...]
    quotes: tuple[dict[str, str], ...]
    effects: tuple[dict[str, Any], ...]
    translations: tuple[StepView, ...]
    by_node: bool


@page("thread_read")
def thread(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One thread with everything that one's own authority may see of it."""
    found = read_thread(desk.node, desk.actor, reference, language=desk.language)
    return _draw(request, desk, found)


def _draw(
    request: HttpRequest, desk: Desk, found: ThreadView, *, wrong: str = "", note: str = "", status: int = 200
) -> HttpResponse:
    shown = _shown(desk, found) | {
        "colleagues": colleagues_for(desk.node, desk.actor) if desk.may("thread_assign") else (),
        "assignments": [{"one": each, "how": HOW.get(each.how, each.how)} for each in found.assignments],
        "mine": found.officer == desk.officer.id,
        "erasure_reasons": choices(desk.node.vocabulary, "erasure_reasons", desk.language),
        "refusal": wrong,
        "not_now": "not-now" in request.GET,
        "typed": note,
    }
    return render(request, "web/threads/thread.html", shown, status=status)


def _shown(desk: Desk, found: ThreadView) -> dict[str, Any]:
    statements = [s for step in found.steps for record in step.records for s in record.statements]
    level = found.handling.classification if found.handling is not None else ""
    return {
        "thread": found,
        "steps": drawn_steps(desk, found),
        "turn": [each.name for each in found.parties if each.turn],
        "classification": hits.classification_line(statements, desk.language, desk.node.vocabulary)
        or _line(desk, level),
        "own_role": next((each.role_label for each in found.parties if each.authority == desk.authority.id), ""),
    }


def _line(desk: Desk, level: str) -> str:
    known = desk.node.vocabulary.codes("classifications")
    return desk.node.vocabulary.label("classifications", level, desk.language) if level in known else ""


def drawn_steps(desk: Desk, found: ThreadView) -> list[DrawnStep]:
    """The steps in order; a translation stands beside what it translates, not again by itself."""
    by_id = {each.id: each for each in found.steps}
    alone = [each for each in found.steps if not (each.translates and each.translates in by_id)]
    return [
        DrawnStep(
            step=each,
            slight=each.code in SLIGHT,
            records=tuple(_record(desk, record) for record in each.records),
            quotes=tuple(_quotes(each, own=each.author == desk.authority.id)),
            effects=tuple(
                {"words": EFFECTS.get(e.effect, e.effect), "outcome": OUTCOMES.get(e.outcome, e.outcome), "one": e}
                for e in each.effects
                if e.effect != "none"
            ),
            translations=tuple(by_id[name] for name in each.translations if name in by_id),
            by_node=each.officer == _WRITTEN_BY_NODE,
        )
        for each in alone
    ]


def _record(desk: Desk, record: RecordView) -> DrawnRecord:
    statements: tuple[SeenStatement, ...] = record.statements
    return DrawnRecord(
        view=record,
        thing=statements[0].thing if statements else "",
        lines=tuple(hits.lines(statements, desk.language, desk.node.vocabulary)),
        address=hits.record_address(record.record) if statements and desk.may("record_read") else "",
    )


def _quotes(step: StepView, *, own: bool) -> Iterable[dict[str, str]]:
    for each in step.quotes:
        kind, _slash, reference = each.partition("/")
        if kind in ("check", "hit"):
            target = {"check": "check.answer", "hit": "hits.hit"}[kind]
            yield {"kind": kind, "reference": reference, "address": reverse(target, args=[reference]) if own else ""}


@page("thread_step", methods=("POST",))
def note(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Write a note that no other party ever sees."""
    text = request.POST.get("text", "")
    try:
        add_note(desk.node, desk.actor, reference, text)
    except Invalid as error:
        found = read_thread(desk.node, desk.actor, reference, language=desk.language)
        return _draw(request, desk, found, wrong=told(error)[0], note=text, status=422)
    messages.success(request, _("Noted, for your authority alone."))
    return redirect(f"{reverse('thread', args=[reference])}#internal")


@page("thread_step", methods=("POST",))
def take(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Put a thread on one's own desk."""
    take_thread(desk.node, desk.actor, reference)
    messages.success(request, _("It lies on your desk now. Whoever may assign can give it to somebody else."))
    return redirect("thread", reference)


@page("thread_assign", methods=("POST",))
def assign(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Put a thread on the desk of a colleague, or back to the duty desk."""
    officer = request.POST.get("officer", "")
    try:
        assign_thread(desk.node, desk.actor, reference, OfficerId(officer) if officer else None)
    except NotAllowed as error:
        messages.error(request, " ".join(part for part in told(error) if part))
        return redirect("thread", reference)
    messages.success(request, _("Assigned. The colleague is told that something waits."))
    return redirect("thread", reference)


@page("erase", methods=("POST",))
def erase(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Erase the words and files of a step of one's own authority for good."""
    try:
        erased = erase_step(
            desk.node, desk.actor, reference, request.POST.get("step", ""), request.POST.get("reason", "")
        )
    except (Invalid, Conflict) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
        return redirect("thread", reference)
    messages.success(
        request,
        _("Erased for good here; that it was written remains. %(count)d other parties must erase it themselves.")
        % {"count": erased.told},
    )
    return redirect("thread", reference)


@page("thread_read")
def paper(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The thread as paper for the file: with its handling on every part, and the hash of what was printed."""
    printed = print_thread(desk.node, desk.actor, reference, language=desk.language)
    shown = _shown(desk, printed.view) | {"printed": printed, "paper": True}
    return render(request, "web/threads/paper.html", shown)


@page("export", methods=("POST",))
def export(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The thread for another program, as JSON."""
    printed = export_thread(desk.node, desk.actor, reference, language=desk.language)
    answer = HttpResponse(printed.content, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="exchange-{printed.view.reference[:8]}.json"'
    return answer


@page("thread_read")
def file(request: HttpRequest, desk: Desk, reference: str, attachment: str) -> HttpResponse:
    """A file of the thread, to be saved; it is never shown in the browser."""
    found = read_attachment(desk.node, desk.actor, reference, attachment)
    answer = HttpResponse(b"".join(found.pieces), content_type="application/octet-stream")
    # In a header of its own form (RFC 6266), since the name is whatever somebody elsewhere gave it.
    answer["Content-Disposition"] = f"attachment; filename=\"file\"; filename*=UTF-8''{quote(found.name, safe='')}"
    return answer


@page("thread_step")
def key(request: HttpRequest, desk: Desk, reference: str, letter: str) -> HttpResponse:
    """The form of the step that a letter key stands for; without such a step, the thread."""
    found = read_thread(desk.node, desk.actor, reference, language=desk.language)
    code = next((each.code for each in found.allowed if each.key and each.key == letter), None)
    if code is None:
        return redirect(f"{reverse('thread', args=[reference])}?not-now")
    return redirect("thread.step", reference, code)


urlpatterns = [
    path("threads/<str:reference>/", thread, name="thread"),
    path("threads/<str:reference>/note/", note, name="thread.note"),
    path("threads/<str:reference>/take/", take, name="thread.take"),
    path("threads/<str:reference>/assign/", assign, name="thread.assign"),
    path("threads/<str:reference>/erase/", erase, name="thread.erase"),
    path("threads/<str:reference>/print/", paper, name="thread.print"),
    path("threads/<str:reference>/export/", export, name="thread.export"),
    path("threads/<str:reference>/file/<str:attachment>/", file, name="thread.file"),
    path("threads/<str:reference>/key/<str:letter>/", key, name="thread.key"),
]
