"""Check: one box for whatever is asked; the answer with its parts, to be judged, kept and printed right there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.model.errors import Invalid
from alidade.services.answers import AnswerNow, CheckMade, answer_again, checks_made
from alidade.services.check import check as ask
from alidade.services.desk_terms import DeskTerm, desk_terms
from alidade.services.finding import Question
from alidade.services.kept_questions import offered_term
from alidade.services.standing import keep_check_standing
from alidade.web import hits
from alidade.web.errors import told
from alidade.web.forms import Form, choices
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import word

AGAIN = gettext_lazy("If nothing is met: ask again and tell me")


def offer_again(form: forms.Form, desk: Desk) -> DeskTerm | None:
    """For how long a question without a hit would be asked again; where it would not, the form does not offer it."""
    term = offered_term(desk.node, desk.actor)
    if term is None:
        del form.fields["again"]
    return term


class CheckForm(Form):
    """What is asked: one text of any kind, and what else is known."""

    text = forms.CharField(
        label=gettext_lazy("Name, number, plate, document, vessel, account or address"),
        max_length=512,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), required=False)
    birth_date = forms.CharField(
        label=gettext_lazy("Birth date"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("As 1964-07-31, 1964-07 or 1964."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), required=False)
    country = forms.ChoiceField(
        label=gettext_lazy("State of a national number"),
        required=False,
        help_text=gettext_lazy("Where a telephone, plate or document number was noted."),
    )
    use = forms.ChoiceField(
        label=gettext_lazy("What the answer is for"), required=False, choices=list(hits.USES.items()), initial="usual"
    )

    again = forms.BooleanField(label=AGAIN, required=False, initial=True)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = offer_again(self, desk)
        words, language = desk.node.vocabulary, desk.language
        countries = choices(words, "countries", language, empty=_("not known"))
        self.fields["kind"].choices = hits.kinds(words, language)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["nationality"].choices = countries  # type: ignore[attr-defined]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]

    @property
    def opened(self) -> bool:
        """Whether one of the further fields is in use, so that they are shown."""
        return any(self[name].value() or self[name].errors for name in ("kind", "birth_date", "nationality", "country"))

    def question(self) -> Question:
        """What the form asks."""
        stated = {
            name: value or None for name, value in self.cleaned_data.items() if name not in ("text", "use", "again")
        }
        return Question(text=self.cleaned_data["text"], use=self.cleaned_data["use"] or "usual", **stated)

    @property
    def uses(self) -> list[dict[str, Any]]:
        """The settings of the switch, with what was measured at each."""
        return hits.use_lines(str(self["use"].value() or "usual"))


@page("check")
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask one question; the answer has an address of its own, under a random reference."""
    form = CheckForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            again = bool(form.cleaned_data.get("again"))
            answer = ask(desk.node, desk.actor, form.question(), language=desk.language, again=again)
            return redirect("check.answer", answer.check)
        except Invalid as error:
            refuse(form, error)
    return draw_form(request, form, status=422 if form.errors else 200)


def draw_form(request: HttpRequest, form: CheckForm, *, status: int = 200, said: str = "") -> HttpResponse:
    """The page with the box; `said` tells what was understood of something typed elsewhere."""
    return render(request, "web/check/ask.html", {"form": form, "said": said}, status=status)


def refuse(form: forms.Form, error: Invalid) -> None:
    """Show at the form what is wrong and what to do, so that nothing typed is lost."""
    message, remedy = told(error)
    form.add_error(None, f"{message} {remedy}".strip())


@page("check")
def answer(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The answer to a check of one's own authority, read again with one's rights of this moment."""
    found = answer_again(desk.node, desk.actor, reference, language=desk.language)
    return render(request, "web/check/answer.html", shown_answer(desk, found))


def shown_answer(desk: Desk, found: AnswerNow) -> dict[str, Any]:
    """Everything that the page of an answer needs."""
    words, language = desk.node.vocabulary, desk.language
    open_hits = [each.hit for each in found.hits if each.hit is not None]
    return {
        "answer": found,
        "entries": [
            {
                "now": each,
                "content": hits.shown_hit(each.hit, language, words) if each.hit is not None else None,
                "rulings": [(hits.RULINGS.get(one.ruling, one.ruling), one) for one in each.rulings],
            }
            for each in found.hits
        ],
        "understood": [(hits.kind_word(one.kind, language, words), one) for one in found.understood],
        "counts": {
            "content": len(open_hits),
            "closed": sum(1 for each in found.hits if each.closed is not None),
            "gone": sum(1 for each in found.hits if each.hit is None and each.closed is None),
        },
        "classification": hits.classification_line(
            [statement for hit in open_hits for statement in hit.statements], language, words
        ),
        "reasons": hits.reasons(words, language),
        "set_to": None if found.question is None else hits.use_measured(found.question.use),
        "longest": desk_terms().standing_check_days,
    }


@page("check")
def mine(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own checks, to be read again."""
    columns: list[Column[CheckMade]] = [
        Column(
            key="question",
            title=gettext_lazy("Question"),
            value=lambda one: one.question.text if one.question is not None else _("erased"),
        ),
        Column(key="asked", title=gettext_lazy("Asked"), value=lambda one: one.asked_at, kind="moment"),
        Column(key="hits", title=gettext_lazy("Hits"), value=lambda one: one.hits, kind="number"),
        Column(key="waiting", title=gettext_lazy("Not ruled"), value=lambda one: one.waiting, kind="number"),
        Column(key="purpose", title=gettext_lazy("Purpose"), value=lambda one: word(one.purpose, "purposes")),
        Column(
            key="check",
            title=pgettext_lazy("one check", "Check"),
            value=lambda one: one.check,
            kind="code",
            hidden=True,
        ),
    ]
    table = Table(
        name="mine",
        caption=gettext_lazy("My checks"),
        columns=columns,
        rows=checks_made(desk.node, desk.actor),
        request=request,
        link=lambda one: reverse("check.answer", args=[one.check]),
        empty=gettext_lazy("You have asked nothing yet."),
    )
    return render(request, "web/check/mine.html", {"table": table})


@page("standing_check", methods=("POST",))
def keep(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Keep the question of a check until a day."""
    kept = keep_check_standing(desk.node, desk.actor, reference, request.POST.get("until", ""), language=desk.language)
    messages.success(
        request,
        _("Kept until %(day)s. You are told once of each record newly met. End it under Standing checks.")
        % {"day": kept.until},
    )
    return redirect("check.answer", reference)


urlpatterns = [
    path("check/", check, name="check"),
    path("check/mine/", mine, name="check.mine"),
    path("check/<str:reference>/", answer, name="check.answer"),
    path("check/<str:reference>/keep/", keep, name="check.keep"),
]
