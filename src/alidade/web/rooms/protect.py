"""Protect: the ledger: is it whole, and the signed head that is carried elsewhere. An administrator sees no content."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.ledger.head import Head, HeadError, from_json, to_json
from alidade.model.errors import NotFound
from alidade.services.ledger import head_as, verify_as
from alidade.web.errors import NO_PAGE
from alidade.web.forms import Form
from alidade.web.place import Desk, page

_SHOWN_PROBLEMS = 100
_LONGEST_HEAD = 4_000


class VerifyForm(Form):
    """The head against which to verify, if one was carried elsewhere."""

    head = forms.CharField(
        label=gettext_lazy("A head that was kept elsewhere"),
        required=False,
        max_length=_LONGEST_HEAD,
        help_text=gettext_lazy(
            "Paste its text. Without one, the ledger is compared with the head kept apart on this machine."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean_head(self) -> Head | None:
        """The head that the text says."""
        text = self.cleaned_data["head"].strip()
        if not text:
            return None
        try:
            return from_json(text.encode(errors="replace"))
        except HeadError as error:
            raise forms.ValidationError(_("This is no head of a ledger. Paste the whole text, unchanged.")) from error


@page(personal=False, methods=("GET",))
def protect(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the ledger is verified and its head is taken."""
    if not (desk.may("ledger_verify") or desk.may("ledger_read")):
        raise NotFound(NO_PAGE)
    return render(request, "web/protect/ledger.html", {"form": VerifyForm()})


@page("ledger_verify", personal=False, methods=("POST",))
def verify(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Recompute everything and say what was found."""
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return render(request, "web/protect/ledger.html", {"form": form}, status=422)
    report, head = verify_as(desk.node, desk.administrator, form.cleaned_data["head"])
    shown = {
        "form": VerifyForm(),
        "report": report,
        "head": head,
        "problems": report.problems[:_SHOWN_PROBLEMS],
        "more": max(0, len(report.problems) - _SHOWN_PROBLEMS),
    }
    return render(request, "web/protect/ledger.html", shown)


@page("ledger_verify", personal=False, methods=("POST",))
def head(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest signed head, to be shown and copied, or as a file."""
    newest = head_as(desk.node, desk.administrator)
    text = to_json(newest).decode()
    if "file" in request.POST:
        answer = HttpResponse(text + "\n", content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="ledger-head.json"'
        return answer
    return render(request, "web/protect/ledger.html", {"form": VerifyForm(), "newest": newest, "text": text})


urlpatterns = [
    path("protect/", protect, name="protect"),
    path("protect/verify/", verify, name="protect.verify"),
    path("protect/head/", head, name="protect.head"),
]
