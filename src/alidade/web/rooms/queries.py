"""Queries: who of our officers asked how often, for what and with which answer; facts that stand out; one question."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.services.queries import (
    COMPARED,
    Dimension,
    ListedCheck,
    Wanted,
    count_queries,
    list_queries,
    open_question,
    query_patterns,
)
from alidade.web.errors import told
from alidade.web.forms import Form, choices
from alidade.web.kept_filter import keep_filter, kept_filter, whole_number
from alidade.web.place import Desk, page
from alidade.web.rooms.ledger_pages import day_field
from alidade.web.table import Column, Table

_KEPT = "queries"
_PER_PAGE = 100
_DIMENSIONS = {
    "officer": gettext_lazy("Officer"),
    "purpose": gettext_lazy("Purpose"),
    "legal_ground": gettext_lazy("Legal ground"),
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week from"),
    "kind": gettext_lazy("Answer"),
}
KIND_WORDS = {
    "hit": gettext_lazy("hit"),
    "hit_without_content": gettext_lazy("hit without content"),
    "no_hit": gettext_lazy("no hit"),
}
_LISTS = {"purpose": "purposes", "legal_ground": "legal_grounds"}


class QueryForm(Form):
    """Which checks are meant."""

    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("Until"))
    officer = forms.CharField(label=gettext_lazy("Officer"), required=False, max_length=128)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)
    legal_ground = forms.ChoiceField(label=gettext_lazy("Legal ground"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Answer"), required=False)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("By its IANA name, such as Europe/Amsterdam; UTC where none is named."),
    )
    opens = forms.IntegerField(label=gettext_lazy("Working hours from"), required=False, min_value=0, max_value=24)
    closes = forms.IntegerField(label=gettext_lazy("Working hours until"), required=False, min_value=0, max_value=24)
    outside = forms.BooleanField(label=gettext_lazy("Only outside working hours"), required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, language, every = desk.node.vocabulary, desk.language, _("all")
        for name, list_name in _LISTS.items():
            self.fields[name].choices = choices(words, list_name, language, empty=every)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", every), *KIND_WORDS.items()]  # type: ignore[attr-defined]


def _stated(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """What was asked for last; at first the last four weeks, so that nobody begins with everything."""
    kept = kept_filter(request, _KEPT)
    if kept:
        return kept
    return {"since": (desk.node.store.clock.now() - timedelta(days=28)).date().isoformat()}


@page("ledger_read")
def queries(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Counts along one dimension."""
    if request.method == "POST":
        form = QueryForm(request.POST, desk=desk)
        if form.is_valid():
            keep_filter(request, _KEPT, form.cleaned_data)
            return redirect(f"{reverse('queries')}?by={_dimension(request)}")
        return _draw(request, form, {}, status=422)
    kept = _stated(request, desk)
    by = _dimension(request)
    start = whole_number(request, "from")
    try:
        table = count_queries(desk.node, desk.actor, Wanted(**kept), by, start=start, size=_PER_PAGE)
    except Invalid as error:
        form = QueryForm(kept, desk=desk)
        form.add_error(None, told(error)[0])
        return _draw(request, form, {}, status=422)
    lines = [{"line": line, "shown": _shown(desk, by, line.key)} for line in table.lines]
    shown = {
        "table": table,
        "lines": lines,
        "title": _DIMENSIONS[by],
        "after": start + _PER_PAGE if start + _PER_PAGE < table.total_lines else None,
        "before": max(0, start - _PER_PAGE) if start else None,
    }
    return _draw(request, QueryForm(initial=kept, desk=desk), shown)


@page("ledger_read", methods=("POST",))
def narrow(request: HttpRequest, desk: Desk) -> HttpResponse:
    """From a line of a table or a fact to the checks behind it."""
    kept = _stated(request, desk)
    by, key = request.POST.get("by", ""), request.POST.get("key", "")
    if by in ("officer", "purpose", "legal_ground", "kind"):
        kept[by] = key
    elif by == "day":
        kept |= {"since": key, "until": key}
    if request.POST.get("outside"):
        kept["outside"] = True
    keep_filter(request, _KEPT, kept)
    return redirect("queries.list")


@page("ledger_read", methods=("GET",))
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The checks behind a count, without what was asked."""
    kept = _stated(request, desk)
    start = whole_number(request, "from")
    found = list_queries(desk.node, desk.actor, Wanted(**kept), start=start, size=_PER_PAGE)
    words, language = desk.node.vocabulary, desk.language
    columns: list[Column[ListedCheck]] = [
        Column(key="reference", title=_("Reference"), value=lambda row: row.reference[:8], kind="code", sortable=False),
        Column(key="asked", title=_("Asked"), value=lambda row: row.asked_at, kind="moment", sortable=False),
        Column(key="officer", title=_("Officer"), value=lambda row: row.officer, sortable=False),
        Column(
            key="purpose",
            title=_("Purpose"),
            value=lambda row: words.label("purposes", row.purpose, language),
            sortable=False,
        ),
        Column(
            key="ground",
            title=_("Legal ground"),
            value=lambda row: (
                words.label("legal_grounds", row.legal_ground, language) if row.legal_ground else _("not known")
            ),
            sortable=False,
        ),
        Column(key="kind", title=_("Answer"), value=lambda row: KIND_WORDS[row.kind], sortable=False),
        Column(
            key="erased", title=_("Question"), value=lambda row: _("erased") if row.erased else _("sealed"),
            sortable=False,
        ),
    ]  # fmt: skip
    table = Table(
        name="queries",
        caption=_("Checks of our authority, newest first"),
        columns=columns,
        rows=found.checks,
        request=request,
        link=lambda row: reverse("queries.question", args=[row.reference]),
        per_page=_PER_PAGE,
        empty=_("No check fits. Widen the period or leave out a filter."),
    )
    shown = {
        "table": table,
        "total": found.total,
        "after": start + _PER_PAGE if start + _PER_PAGE < found.total else None,
        "before": max(0, start - _PER_PAGE) if start else None,
    }
    return render(request, "web/protect/query_list.html", shown)


@page("ledger_read", methods=("GET",))
def facts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What stands out in the period."""
    found = query_patterns(desk.node, desk.actor, Wanted(**_stated(request, desk)))
    return render(request, "web/protect/facts.html", {"facts": found, "compared": COMPARED})


@page("ledger_read")
def question(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One check; what was asked is read only for a stated reason, by an act of its own."""
    shown: dict[str, Any] = {
        "reference": reference,
        "reasons": choices(desk.node.vocabulary, "log_use_reasons", desk.language),
    }
    status = 200
    if request.method == "POST":
        try:
            shown["opened"] = open_question(desk.node, desk.actor, reference, request.POST.get("reason", ""))
            shown["answers"] = [(KIND_WORDS.get(kind, kind), ruling) for kind, ruling in shown["opened"].answers]
        except Invalid as error:
            shown["wrong"] = told(error)[0]
            status = 422
    return render(request, "web/protect/question.html", shown, status=status)


def _dimension(request: HttpRequest) -> Dimension:
    wanted = request.GET.get("by", "officer")
    return next((one for one in get_args(Dimension) if one == wanted), "officer")


def _shown(desk: Desk, by: str, key: str) -> str:
    if by == "kind":
        return str(KIND_WORDS.get(key, key))
    if by in _LISTS and key in desk.node.vocabulary.codes(_LISTS[by]):
        return desk.node.vocabulary.label(_LISTS[by], key, desk.language)
    return key or _("not known")


def _draw(request: HttpRequest, form: QueryForm, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    by = _dimension(request)
    dimensions = [(key, title, key == by) for key, title in _DIMENSIONS.items()]
    return render(
        request, "web/protect/queries.html", {"form": form, "by": by, "dimensions": dimensions, **shown}, status=status
    )


urlpatterns = [
    path("queries/", queries, name="queries"),
    path("queries/narrow/", narrow, name="queries.narrow"),
    path("queries/list/", listed, name="queries.list"),
    path("queries/facts/", facts, name="queries.facts"),
    path("queries/<str:reference>/", question, name="queries.question"),
]
