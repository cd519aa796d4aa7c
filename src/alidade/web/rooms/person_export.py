"""About a person: find our records of whoever asks, choose them, and put together what is handed over; or the letter.

The person's name and birth date go from page to page inside the form and are kept nowhere.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.services.access_letter import OUTCOMES, write_letter
from alidade.services.person_export import Choice, authorities_to_consult, export_person
from alidade.services.person_search import Asked, search_person
from alidade.web.errors import told
from alidade.web.forms import Form, choices
from alidade.web.place import Desk, page
from alidade.web.stepping_up import fresh

_LONGEST = 4_000
STATES = {
    "active": gettext_lazy("in force"),
    "quarantined": gettext_lazy("waits for a category"),
    "delisted": gettext_lazy("no longer on its list"),
    "withdrawn": gettext_lazy("withdrawn"),
    "erased": gettext_lazy("erased"),
}
HOW = {
    "check": gettext_lazy("answer to a check"),
    "hit_without_content": gettext_lazy("told that there is something"),
    "read": gettext_lazy("read"),
    "export": gettext_lazy("taken out"),
    "person_export": gettext_lazy("export about a person"),
    "release": gettext_lazy("released"),
}
WITHHELD = {
    "another_person": gettext_lazy("withheld: it may name another person"),
    "text_not_read": gettext_lazy("withheld until somebody has read it"),
    "limit": gettext_lazy("withheld (Art. 15)"),
}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class PersonForm(Form):
    """Who asks about himself."""

    names = forms.CharField(
        label=gettext_lazy("Names, one on each line"),
        required=False,
        max_length=_LONGEST,
        help_text=gettext_lazy("Every name in use now or before, aliases too, in any script."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    identifiers = forms.CharField(
        label=gettext_lazy("Numbers, one on each line"),
        required=False,
        max_length=_LONGEST,
        help_text=gettext_lazy("Passport, identity and telephone numbers, e-mail addresses, accounts."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    birth_date = forms.CharField(
        label=gettext_lazy("Birth date"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("As 1964-07-31, 1964-07 or 1964."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("State of a national number"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = choices(desk.node.vocabulary, "countries", desk.language, empty=_("not known"))
        self.fields["country"].choices = countries  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """The person as the use case knows him."""
        stated = self.cleaned_data
        return Asked(
            names=_lines(stated["names"]),
            identifiers=_lines(stated["identifiers"]),
            birth_date=stated["birth_date"] or None,
            country=stated["country"] or None,
        )


class LetterForm(Form):
    """The letter that neither confirms nor denies."""

    request = forms.CharField(label=gettext_lazy("Number of the request"), max_length=80)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What is behind it"),
        choices=[("absent", gettext_lazy("We have nothing")), ("refused", gettext_lazy("Access is refused"))],
        help_text=gettext_lazy("It goes into the ledger and not into the letter, which is the same for both."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of a refusal, for the supervisory authority"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES)


@page("person_export")
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Find our records of a person; the machine offers, a person chooses."""
    form = PersonForm(request.POST or None, desk=desk)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            found = search_person(desk.node, desk.actor, form.asked())
        except Invalid as error:
            form.add_error(None, " ".join(told(error)).strip())
        else:
            shown |= {"found": [(one, STATES.get(one.state, one.state)) for one in found], "searched": True}
    return render(request, "web/protect/person.html", shown, status=422 if form.errors else 200)


@page("person_export")
@fresh
def made(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What will be handed over, to be read by a person first; and the file."""
    if request.method != "POST":
        return redirect("person-export")
    form = PersonForm(request.POST, desk=desk)
    if not form.is_valid():
        return render(request, "web/protect/person.html", {"form": form}, status=422)
    asked = form.asked()
    choice = Choice(
        records=tuple(request.POST.getlist("record")),
        texts=frozenset(request.POST.getlist("text")),
        kept_back=frozenset(request.POST.getlist("kept_back")),
        checks=frozenset(request.POST.getlist("check")),
        officers=request.POST.get("officers") or None,
        recipients_named=bool(request.POST.get("recipients_named")),
    )
    try:
        done = export_person(desk.node, desk.actor, choice, asked)
    except Invalid as error:
        form.add_error(None, " ".join(told(error)).strip())
        return render(request, "web/protect/person.html", {"form": form}, status=422)
    if "file" in request.POST:
        answer = HttpResponse(done.content, content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="person-export.json"'
        return answer
    owners = authorities_to_consult(desk.node, desk.actor, choice.records, asked)
    shown = {
        "form": form,
        "done": done,
        "choice": choice,
        "owners": owners,
        "records": [_record(one) for one in done.records],
        "consultations": [(one, HOW.get(one.kind, one.kind)) for one in done.file.consultations],
        "recipients": [(one, HOW.get(one.how, one.how)) for one in done.file.recipients],
        "named": [(one, HOW.get(one.how, one.how)) for one in done.recipients],
        "reasons": choices(desk.node.vocabulary, "log_use_reasons", desk.language, empty=_("Nobody is named")),
    }
    return render(request, "web/protect/person_export.html", shown)


def _record(one: Any) -> dict[str, Any]:
    return {
        "record": one,
        "state": STATES.get(one.state, one.state),
        "statements": [(each, WITHHELD.get(each.withheld, "")) for each in one.statements],
    }


@page("person_export")
def letter(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The letter that neither confirms nor denies, to be printed or saved."""
    form = LetterForm(request.POST or None, initial={"language": desk.language.replace("_", "-").lower()})
    shown: dict[str, Any] = {"form": form}
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        try:
            written = write_letter(
                desk.node,
                desk.actor,
                outcome=next(one for one in OUTCOMES if one == stated["outcome"]),
                request=stated["request"],
                reason=stated["reason"],
                language=stated["language"],
            )
        except Invalid as error:
            form.add_error(None, " ".join(told(error)).strip())
        else:
            if "file" in request.POST:
                answer = HttpResponse(written.content, content_type="text/plain; charset=utf-8")
                answer["Content-Disposition"] = 'attachment; filename="answer.txt"'
                return answer
            shown |= {"letter": written, "text": written.content.decode()}
    return render(request, "web/protect/letter.html", shown, status=422 if form.errors else 200)


urlpatterns = [
    path("person-export/", search, name="person-export"),
    path("person-export/made/", made, name="person-export.made"),
    path("person-export/letter/", letter, name="person-export.letter"),
]
