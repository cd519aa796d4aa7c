"""Figures that are taken: what the platform counts becomes the figure of a measure, with what was counted and when."""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.programme.register import Counting, Entry, said_in
from alidade.services.programme.countings import Offer
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import read_paper
from alidade.services.programme.taking import take_figure, what_can_be_counted
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.place import Desk, page

GROUPS: Final = {
    "exchange": gettext_lazy("Exchanges"),
    "deadline": gettext_lazy("Deadlines kept by our authority"),
    "round": gettext_lazy("Replies to a round"),
    "question": gettext_lazy("Kept questions"),
}
_DAY: Final = {"type": "date"}


class TakeForm(Form):
    """What is counted, for which time, and what is said with it."""

    counting = forms.ChoiceField(label=gettext_lazy("What is counted"))
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("For exchanges and deadlines."),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    state = forms.ChoiceField(label=gettext_lazy("About the State"), required=False)
    text = forms.CharField(
        label=gettext_lazy("In words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    only_own = forms.BooleanField(label=gettext_lazy("For our own authority only"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for offer in what_can_be_counted(desk.node, desk.administrator, desk.language):
            groups.setdefault(offer.counting.kind, []).append((_coded(offer), offer.label))
        cast(forms.ChoiceField, self.fields["counting"]).choices = [
            (str(GROUPS[kind]), sorted(offers, key=lambda each: each[1])) for kind, offers in groups.items()
        ]
        states = sorted(
            (each.label.in_(desk.language), each.alpha3) for each in desk.node.vocabulary.countries.values()
        )
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _("all")), *((c, n) for n, c in states)]

    def stated(self) -> Counting:
        """What is to be counted; the time only where it limits anything."""
        counting = msgspec.json.decode(self.cleaned_data["counting"], type=Counting)
        if counting.kind in ("round", "question"):
            return counting
        found = self.cleaned_data
        return msgspec.structs.replace(counting, since=found["since"], until=found["until"])


def _coded(offer: Offer) -> str:
    return msgspec.json.encode(offer.counting).decode()


@page("figure_take", personal=False)
def take(request: HttpRequest, desk: Desk, reference: str, key: str) -> HttpResponse:
    """Take a figure for a measure."""
    paper = read_paper(desk.node, desk.administrator, reference)
    standing = paper.standings.get(key)
    if standing is None:
        raise NotFound("There is nothing with this reference that you may see.")
    today = desk.node.store.clock.now().date()
    form = TakeForm(request.POST or None, desk=desk, initial={"since": today.replace(month=1, day=1), "until": today})
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        text = found["text"].strip()
        language = desk.language.partition("_")[0]
        draft = Entry(
            instrument=reference,
            measure=key,
            kind="result",
            state=found["state"],
            text={language: text} if text else {},
        )
        own = default_handling(desk.node, desk.authority.id, communities=()) if found["only_own"] else None
        try:
            take_figure(desk.node, desk.administrator, draft, form.stated(), own)
        except (Invalid, NotAllowed, NotFound) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
        else:
            messages.success(request, _("Taken. The page says what was counted, when, and what it would be now."))
            return redirect("measure", reference, key)
    shown = {
        "form": form,
        "paper": paper,
        "key": key,
        "title": said_in(standing.measure.title, desk.language)[0],
    }
    return render(request, "web/programme/take_figure.html", shown, status=422 if form.errors else 200)


urlpatterns = [path("programme/<str:reference>/measures/<str:key>/figure/", take, name="measure.take")]
