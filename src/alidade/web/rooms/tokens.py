"""Access for programs: an officer's own tokens, made for the purpose and case in force, listed, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.services.tokens import end_token, limits, list_tokens, make_token
from alidade.web.errors import told
from alidade.web.forms import Form, choices
from alidade.web.place import Desk, once, page
from alidade.web.stepping_up import fresh

_ONCE = "token"
_NEVER = frozenset({"token_manage", "grounds_set", "deputy_set"})


class TokenForm(Form):
    """What a program may do in the officer's place, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("Name of the program"), max_length=100, help_text=gettext_lazy("It names nobody.")
    )
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = limits().longest_days
        listed = choices(desk.node.vocabulary, "acts", desk.language, only=desk.acts - _NEVER)
        self.fields["acts"].choices = listed  # type: ignore[attr-defined]
        self.fields["days"].max_value = longest  # type: ignore[attr-defined]
        self.fields["days"].widget.attrs["max"] = longest
        self.fields["days"].initial = min(30, longest)


@page("token_manage")
@fresh
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own tokens; a new one is made for the purpose and case in force, and its secret shown once."""
    form = TokenForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        return _make(request, desk, form)
    return _shown(request, desk, form)


@fresh
def _make(request: HttpRequest, desk: Desk, form: TokenForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        made = make_token(desk.node, desk.actor, name=given["name"], acts=given["acts"], days=given["days"])
    except Invalid as error:
        form.add_error(None, " ".join(told(error)))
        return _shown(request, desk, form)
    request.session[f"once-{_ONCE}"] = made.secret
    messages.success(request, _("Made. Copy the token now: it is shown this once. End it here whenever you like."))
    return redirect("tokens")


def _shown(request: HttpRequest, desk: Desk, form: TokenForm) -> HttpResponse:
    shown = {"form": form, "tokens": list_tokens(desk.node, desk.actor), "secret": once(request, _ONCE)}
    return render(request, "web/tokens/list.html", shown, status=422 if form.errors else 200)


@page("token_manage", methods=("POST",))
@fresh
def end(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """End a token for good."""
    end_token(desk.node, desk.actor, reference)
    messages.success(request, _("Ended; the program can do nothing from its next request on."))
    return redirect("tokens")


urlpatterns = [
    path("tokens/", tokens, name="tokens"),
    path("tokens/<str:reference>/end/", end, name="tokens.end"),
]
