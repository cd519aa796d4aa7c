"""Reading a paper: give the file, look at what the reader proposes beside the sentence it stands in, accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Conflict, Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.reading import Measure, Reading
from alidade.services.programme.accepting import LARGEST, accept, proposal, propose
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.forms_of_programme import listed
from alidade.web.place import Desk, page

_LONGEST = 1_200  # signs of a paragraph that are shown beside a proposal


class PaperFileForm(Form):
    """The file of a paper."""

    file = forms.FileField(
        label=gettext_lazy("Paper (text, DOCX, PDF or HTML)"),
        help_text=gettext_lazy(
            "It is read here, by rules, and not kept. Nothing enters the register before you say so."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the paper"),
        required=False,
        choices=[
            ("", gettext_lazy("find out")),
            ("en", gettext_lazy("English")),
            ("fr", gettext_lazy("French")),
            ("es", gettext_lazy("Spanish")),
            ("pt", gettext_lazy("Portuguese")),
        ],
    )


@page("programme_write", personal=False)
def read(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give the file."""
    form = PaperFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > LARGEST:
            form.add_error("file", _("The file is too large."))
        else:
            try:
                draft = propose(
                    desk.node, desk.administrator, file.read(), str(file.name), form.cleaned_data["language"] or None
                )
            except Invalid as error:
                form.add_error("file", " ".join(part for part in told(error) if part))
            else:
                return redirect("paper.proposal", draft)
    return render(request, "web/programme/read.html", {"form": form}, status=422 if form.errors else 200)


@page("programme_write", personal=False)
def look(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What was proposed, each with its sentence; what is marked is kept."""
    found = proposal(desk.node, desk.administrator, reference)
    refusal = ""
    chosen = request.POST.getlist("measure") if request.method == "POST" else [each.number for each in found.measures]
    if request.method == "POST":
        titles = {each.number: request.POST.get(f"title-{each.number}", "").strip() for each in found.measures}
        head = {name: request.POST.get(name, "").strip()[:500] for name in ("number", "kind", "title", "date")}
        try:
            kept = accept(
                desk.node,
                desk.administrator,
                reference,
                chosen,
                {number: title for number, title in titles.items() if title},
                head,
                answers="answers" in request.POST,
            )
        except (Invalid, Conflict) as error:
            refusal = " ".join(part for part in told(error) if part)
        else:
            said = ngettext("Kept with one measure.", "Kept with %(count)d measures.", len(chosen)) % {
                "count": len(chosen)
            }
            messages.success(request, f"{said} {_('All authorities of the federation can see it.')}")
            return redirect("programme.paper", kept)
    shown = _shown(found, set(chosen), desk.language) | {"refusal": refusal, "sent": request.POST}
    return render(request, "web/programme/proposal.html", shown, status=422 if refusal else 200)


def _shown(found: Reading, chosen: set[str], language: str) -> dict[str, Any]:
    texts = {each.block: each.text for each in found.paragraphs}
    kinds = answer_kinds()
    counted: dict[str, int] = {}
    for answer in found.answers:
        counted[answer.kind] = counted.get(answer.kind, 0) + 1
    return {
        "head": found.instrument,
        "kinds": listed("instrument_kinds"),
        "measures": [_measure_shown(each, texts, each.number in chosen) for each in found.measures],
        "answers": [(kinds[kind].label.in_(language), count) for kind, count in counted.items() if kind in kinds],
        "answered": len(found.answers),
        "states": len(found.states),
        "commitments": found.commitments[:200],
        "warnings": found.warnings,
        "chain": found.chain,
    }


def _measure_shown(proposed: Measure, texts: dict[int, str], chosen: bool) -> dict[str, Any]:
    return {
        "proposed": proposed,
        "chosen": chosen,
        "sentence": texts.get(proposed.block, "")[:_LONGEST],
        "addressees": [actor.label for actor in proposed.addressees],
        "deadline": "" if proposed.deadline is None else proposed.deadline.text,
        "references": list(dict.fromkeys(each.value for each in proposed.references)),
        "figures": [each.text for each in proposed.figures],
    }


urlpatterns = [
    path("paper/", read, name="paper.read"),
    path("paper/<str:reference>/", look, name="paper.proposal"),
]
