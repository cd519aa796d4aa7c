"""Hits to judge, and notices: who asked about what one's own authority gave."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.model.errors import Invalid
from alidade.services.answers import check_of_hit
from alidade.services.day import OpenHit, my_day
from alidade.services.notices import OpenNotice
from alidade.services.notices import notices as read_notices
from alidade.services.verdicts import rule_on_hit
from alidade.web import hits
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import thing, word

WHOSE = {
    "mine": gettext_lazy("I asked"),
    "deputy": gettext_lazy("For whom I stand in"),
    "unit": gettext_lazy("My unit"),
    "authority": gettext_lazy("My authority"),
}
_ORDER = tuple(WHOSE)


@page("verdict")
def hits_to_judge(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The hits on which nobody of one's own authority has ruled yet; each leads to its answer."""
    waiting = my_day(desk.node, desk.actor).hits or ()
    columns: list[Column[OpenHit]] = [
        Column(key="hit", title=gettext_lazy("Hit"), value=lambda hit: hit.reference[:8], kind="code"),
        Column(
            key="whose",
            title=gettext_lazy("Whose"),
            value=lambda hit: WHOSE[hit.whose],
            sort=lambda hit: _ORDER.index(hit.whose),
        ),
        Column(key="asked", title=gettext_lazy("Asked"), value=lambda hit: hit.asked_at, kind="moment"),
        Column(key="owner", title=gettext_lazy("Owner"), value=lambda hit: hit.owner),
        Column(key="by", title=gettext_lazy("By"), value=lambda hit: hit.officer),
        Column(
            key="check",
            title=pgettext_lazy("one check", "Check"),
            value=lambda hit: hit.check,
            kind="code",
            hidden=True,
        ),
    ]
    table = Table(
        name="hits",
        caption=gettext_lazy("Hits that wait for a ruling"),
        columns=columns,
        rows=sorted(waiting, key=lambda hit: _ORDER.index(hit.whose)),
        request=request,
        link=lambda hit: f"{reverse('check.answer', args=[hit.check])}#hit-{hit.reference}",
        empty=gettext_lazy("No hit waits for a ruling. A hit of a check comes here until somebody has ruled on it."),
    )
    return render(request, "web/hits/list.html", {"table": table})


@page("verdict", methods=("POST",))
def rule(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Rule on one hit; the ruling is the one to which the reason belongs. A later ruling takes its place."""
    reason = request.POST.get("reason", "")
    ruling = hits.ruling_of(desk.node.vocabulary, reason)
    if not ruling:
        raise Invalid(
            "The reason is not one of those listed for this ruling.", remedy="Choose one of the list.",
            code="reason_unknown",
        )  # fmt: skip
    note = request.POST.get("note", "").strip()[:500]
    made = rule_on_hit(desk.node, desk.actor, reference, ruling, reason, note=note)  # type: ignore[arg-type]
    messages.success(
        request,
        _("Ruled: %(ruling)s. The owner sees the ruling, not your note. To undo it, rule again.")
        % {"ruling": hits.RULINGS[ruling]},
    )
    return redirect(f"{reverse('check.answer', args=[made.check_reference])}#hit-{reference}")


@page("verdict")
def hit(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """From the reference of a hit to the answer in which it stands."""
    check = check_of_hit(desk.node, desk.actor, reference)
    return redirect(f"{reverse('check.answer', args=[check])}#hit-{reference}")


@page("notices_read")
def notices(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who asked about what one's own authority gave, silent matches included."""
    columns: list[Column[OpenNotice]] = [
        Column(
            key="record",
            title=gettext_lazy("Our record"),
            value=lambda notice: f"{thing(notice.thing)} {notice.record[:8]}",
        ),
        Column(key="asked", title=gettext_lazy("Asked"), value=lambda notice: notice.asked_at, kind="moment"),
        Column(key="asker", title=gettext_lazy("Authority"), value=lambda notice: notice.asker),
        Column(key="contact", title=gettext_lazy("Contact"), value=lambda notice: notice.asker_contact),
        Column(key="purpose", title=gettext_lazy("Purpose"), value=lambda notice: word(notice.purpose, "purposes")),
        Column(
            key="silent",
            title=gettext_lazy("Knows of it"),
            value=lambda notice: _("no: met in silence") if notice.silent else _("yes"),
        ),
        Column(key="ruled", title=gettext_lazy("Ruled"), value=_ruled),
        Column(
            key="check", title=gettext_lazy("Their check"), value=lambda notice: notice.check, kind="code", hidden=True
        ),
        Column(key="list", title=gettext_lazy("List"), value=lambda notice: notice.source_list, hidden=True),
    ]
    table = Table(
        name="notices",
        caption=gettext_lazy("Who asked about what we gave"),
        columns=columns,
        rows=read_notices(desk.node, desk.actor),
        request=request,
        link=(lambda notice: hits.record_address(notice.record)) if desk.may("record_read") else None,
        empty=gettext_lazy("Nobody has asked about what we gave. Contribute, and you see here who meets it."),
    )
    return render(request, "web/hits/notices.html", {"table": table})


def _ruled(notice: OpenNotice) -> str:
    if notice.verdict is None:
        return _("not yet")
    return f"{hits.RULINGS[notice.verdict]} ({word(notice.verdict_reason, 'verdict_reasons')})"


urlpatterns = [
    path("hits/", hits_to_judge, name="hits"),
    path("hits/<str:reference>/", hit, name="hits.hit"),
    path("hits/<str:reference>/rule/", rule, name="hits.rule"),
    path("notices/", notices, name="notices"),
]
