"""Replies in words, their translations, and what waits for approval; a machine's words are marked as such."""

from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from alidade.model.errors import Conflict, Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.register import said_in
from alidade.programme.reply_fields import said as field_said
from alidade.programme.translation import digest
from alidade.services.programme.replies_file import replies_workbook
from alidade.services.programme.rounds import read_round
from alidade.services.programme.translating import (
    Said,
    Translated,
    replies,
    rule_on_translation,
    translate,
    translations_waiting,
)
from alidade.web.errors import told
from alidade.web.place import Desk, page

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGES = ("en", "fr", "es", "pt", "pt_BR", "ru")


def _languages() -> dict[str, str]:
    return {
        "en": _("English"),
        "fr": _("French"),
        "es": _("Spanish"),
        "pt": _("Portuguese"),
        "pt_BR": _("Portuguese (Brazil)"),
        "ru": _("Russian"),
    }


@page("programme_read", personal=False)
def words(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What the States said in words, question by question, in the original and in other languages."""
    return _draw(request, desk, reference)


def _draw(request: HttpRequest, desk: Desk, reference: str, refusal: str = "") -> HttpResponse:
    found = replies(desk.node, desk.administrator, reference)
    body, language = found.held.body, desk.language
    names = {each.alpha3: each.label.in_(language) for each in desk.node.vocabulary.countries.values()}
    may = desk.may("round_answer")
    by_question = []
    for question in body.questions:
        lines = [_said_shown(each, names, language, may=may) for each in found.said if each.question == question.key]
        by_question.append({"key": question.key, "text": said_in(question.text, language)[0], "lines": lines})
    shown = {
        "held": found.held,
        "title": said_in(body.title, language)[0],
        "questions": by_question,
        "waiting": sum(one.standing == "waiting" and one.rules for each in found.said for one in each.translations),
        "any": bool(found.said),
        "refusal": refusal,
        "sent": request.POST if refusal else {},
    }
    return render(request, "web/programme/round_replies.html", shown, status=422 if refusal else 200)


def _said_shown(each: Said, names: dict[str, str], language: str, *, may: bool) -> dict[str, Any]:
    tongues, kinds = _languages(), answer_kinds()
    left = [(tag, name) for tag, name in tongues.items() if tag not in each.texts]
    return {
        "answer": each.answer,
        "question": each.question,
        "field": each.field,
        "state": names.get(each.state, each.state),
        "kind": kinds[each.kind].label.in_(language) if each.kind in kinds else each.kind,
        "what": "" if each.field == "text" else field_said(each.field, language),
        "texts": [(tag.replace("_", "-"), tongues.get(tag, tag), text) for tag, text in each.texts.items()],
        "translations": [translated_shown(one, may=may) for one in each.translations],
        "languages": left if each.translates and may else [],
        "id": f"{each.state}-{each.question}-{each.field}",
    }


def translated_shown(one: Translated, *, may: bool) -> dict[str, Any]:
    """A translation as a page draws it."""
    standings = {
        "waiting": _("not approved"),
        "approved": _("approved"),
        "refused": _("refused"),
        "outdated": _("the original has changed since"),
    }
    said = one.kept.translation
    return {
        "reference": one.kept.reference,
        "tag": said.language.replace("_", "-"),
        "language": _languages().get(said.language, said.language),
        "text": said.text,
        "machine": said.made == "machine",
        "by": one.kept.authority,
        "standing": one.standing,
        "words": standings[one.standing],
        "ruled_by": one.ruling.authority if one.ruling is not None else "",
        "reason": one.ruling.approval.reason if one.ruling is not None else "",
        "of": digest(said.text),
        "rules": one.rules and may and one.standing != "approved",
    }


@page("round_answer", personal=False, methods=("POST",))
def enter(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Enter a translation of what a State said."""
    sent = request.POST
    made: Literal["person", "machine"] = "machine" if "machine" in sent else "person"
    read_round(desk.node, desk.administrator, reference)
    try:
        translate(
            desk.node, desk.administrator, sent.get("answer", ""), question=sent.get("question", ""),
            field=sent.get("field", ""), language=sent.get("language", ""), text=sent.get("text", ""), made=made,
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _draw(request, desk, reference, " ".join(part for part in told(error) if part))
    messages.success(request, _("Kept beside the original. It is published when somebody has approved it."))
    return redirect("round.replies", reference)


@page("round_answer", personal=False, methods=("POST",))
def rule(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Approve or refuse a translation."""
    sent = request.POST
    approve = sent.get("what", "") == "approve"
    try:
        rule_on_translation(
            desk.node, desk.administrator, reference, approve=approve, of=sent.get("of", ""),
            reason=sent.get("reason", ""),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
    else:
        messages.success(request, _("Approved.") if approve else _("Refused. It is not published."))
    return redirect("round.translations")


@page("round_answer", personal=False)
def waiting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every translation that waits for our approval."""
    language = desk.language
    names = {each.alpha3: each.label.in_(language) for each in desk.node.vocabulary.countries.values()}
    lines = [
        {
            "round": held.reference,
            "title": said_in(held.body.title, language)[0],
            "said": _said_shown(said, names, language, may=False),
            "one": translated_shown(one, may=True),
        }
        for held, said, one in translations_waiting(desk.node, desk.administrator)
    ]
    return render(request, "web/programme/round_translations.html", {"lines": lines})


@page("programme_read", personal=False, methods=("GET",))
def take_out(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The replies in words as a workbook, each text with its language and how far it is approved."""
    found = replies(desk.node, desk.administrator, reference)
    response = HttpResponse(replies_workbook(found, desk.language), content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="replies.xlsx"'
    return response


urlpatterns = [
    path("translations/", waiting, name="round.translations"),
    path("translations/<str:reference>/", rule, name="round.rule"),
    path("rounds/<str:reference>/replies/", words, name="round.replies"),
    path("rounds/<str:reference>/replies/file/", take_out, name="round.replies-file"),
    path("rounds/<str:reference>/translate/", enter, name="round.translate"),
]
