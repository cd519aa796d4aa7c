"""Ledger pages: the entries of one's own authority, filtered and paged, and the file of them for a reviewer."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.ledger.head import HeadError, from_json
from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.services.ledger import EntryFilter, EntryPage, LoggedEntry, entries_page, export_entries
from alidade.web.errors import told
from alidade.web.forms import Form, choices
from alidade.web.kept_filter import keep_filter, kept_filter, whole_number
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

_KEPT = "entries"
_PER_PAGE = 100


def day_field(label: Any) -> forms.CharField:
    """A field for a day."""
    return forms.CharField(label=label, required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))


class EntryForm(Form):
    """Which entries are wanted."""

    act = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    officer = forms.CharField(label=gettext_lazy("Officer"), required=False, max_length=128)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("Until"))

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, language, every = desk.node.vocabulary, desk.language, _("all")
        self.fields["act"].choices = choices(words, "acts", language, empty=every)  # type: ignore[attr-defined]
        self.fields["purpose"].choices = choices(words, "purposes", language, empty=every)  # type: ignore[attr-defined]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            ("", every),
            ("allowed", _("allowed")),
            ("refused", _("refused")),
        ]


class BundleForm(Form):
    """What the file for a reviewer is to hold."""

    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("Until"))
    head = forms.CharField(
        label=gettext_lazy("A head that the reviewer has already"),
        required=False,
        max_length=4_000,
        help_text=gettext_lazy("With it, the file proves that the ledger has only grown since."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )


@page("ledger_read")
def entries(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The entries of one's own authority, newest first; what they are filtered by comes by POST and is kept."""
    if request.method == "POST":
        form = EntryForm(request.POST, desk=desk)
        if form.is_valid():
            keep_filter(request, _KEPT, form.cleaned_data)
            return redirect("protect.entries")
        return _draw(request, desk, form, None, status=422)
    kept = kept_filter(request, _KEPT)
    form = EntryForm(initial=kept, desk=desk)
    before = whole_number(request, "before") if "before" in request.GET else None
    try:
        found = entries_page(desk.node, desk.actor, EntryFilter(**kept), before=before, size=_PER_PAGE)
    except Invalid as error:
        form = EntryForm(kept, desk=desk)
        form.add_error(None, told(error)[0])
        return _draw(request, desk, form, None, status=422)
    return _draw(request, desk, form, found)


@page("ledger_read", methods=("POST",))
def bundle(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The file of entries with their proofs."""
    form = BundleForm(request.POST)
    out = io.BytesIO()
    try:
        if not form.is_valid():
            raise Invalid(_("This is no head of a ledger. Paste the whole text, unchanged."))
        text = form.cleaned_data["head"].strip()
        carried = from_json(text.encode(errors="replace")) if text else None
        stated = {name: form.cleaned_data[name] or None for name in ("since", "until")}
        export_entries(desk.node, desk.actor, out, carried=carried, **stated)
    except HeadError:
        form.add_error("head", _("This is no head of a ledger. Paste the whole text, unchanged."))
    except (Invalid, Conflict) as error:
        _refuse(form, error)
    if form.errors:
        return render(request, "web/protect/bundle.html", {"form": form}, status=422)
    answer = HttpResponse(out.getvalue(), content_type="application/jsonl")
    answer["Content-Disposition"] = 'attachment; filename="ledger-entries.jsonl"'
    return answer


def _refuse(form: forms.Form, error: AlidadeError) -> None:
    if not form.errors:
        form.add_error(None, " ".join(told(error)).strip())


def _draw(
    request: HttpRequest, desk: Desk, form: EntryForm, found: EntryPage | None, *, status: int = 200
) -> HttpResponse:
    table = Table(
        name="entries",
        caption=_("Entries of our authority, newest first"),
        columns=_columns(desk),
        rows=() if found is None else found.entries,
        request=request,
        per_page=_PER_PAGE,
        empty=_("No entry fits. Widen the period or leave out a filter."),
    )
    shown = {"form": form, "table": table, "found": found, "filtered": bool(kept_filter(request, _KEPT))}
    return render(request, "web/protect/entries.html", shown | {"bundle": BundleForm()}, status=status)


def _columns(desk: Desk) -> list[Column[LoggedEntry]]:
    words, language = desk.node.vocabulary, desk.language

    def label(name: str, code: str | None) -> str:
        return words.label(name, code, language) if code and code in words.codes(name) else code or ""

    def of_entry(name: str) -> Any:
        return lambda row: "" if row.entry is None else getattr(row.entry, name) or ""

    return [
        Column(key="at", title=_("When"), value=lambda row: row.at, kind="moment", sortable=False),
        Column(key="act", title=_("Act"), value=lambda row: label("acts", row.act), sortable=False),
        Column(
            key="officer",
            title=_("Officer"),
            value=lambda row: _("(erased)") if row.entry is None else row.entry.officer,
            sortable=False,
        ),
        Column(
            key="purpose",
            title=_("Purpose"),
            value=lambda row: "" if row.entry is None else label("purposes", row.entry.purpose),
            sortable=False,
        ),
        Column(key="case", title=_("Case or control"), value=of_entry("case"), sortable=False),
        Column(key="why", title=_("Justification"), value=of_entry("justification"), sortable=False),
        Column(
            key="decision",
            title=_("Decision"),
            value=lambda row: (
                "" if row.entry is None else _("allowed") if row.entry.decision == "allowed" else _("refused")
            ),
            sortable=False,
        ),
        Column(
            key="objects",
            title=_("References"),
            value=lambda row: "" if row.entry is None else ", ".join(one[:8] for one in row.entry.objects[:6]),
            hidden=True,
            sortable=False,
        ),
        Column(
            key="details",
            title=_("Details"),
            value=lambda row: "" if row.entry is None else "; ".join(f"{a}: {b}" for a, b in row.entry.details),
            hidden=True,
            sortable=False,
        ),
        Column(
            key="results",
            title=_("Results"),
            value=lambda row: "" if row.entry is None or row.entry.results is None else str(row.entry.results),
            sortable=False,
        ),
    ]


urlpatterns = [
    path("protect/entries/", entries, name="protect.entries"),
    path("protect/entries/file/", bundle, name="protect.file"),
]
