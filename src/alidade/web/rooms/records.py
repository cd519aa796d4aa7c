"""Records: one thing as this viewer may see it, who says what, who else may see it, and what may be done with it."""

from __future__ import annotations

from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.policy.actions import Action
from alidade.services.directory_entries import directory_entries
from alidade.services.explaining import who_may, why_not
from alidade.services.exporting import export_ftm
from alidade.services.mending import Addition, OwnRecord, correct_record, own
from alidade.services.records import SeenEntity, SeenStatement, export, overview, show_record
from alidade.services.releasing import release as give_release
from alidade.web.forms import choices
from alidade.web.giving_fields import GRADES
from alidade.web.hits import classification_line
from alidade.web.place import Desk, page
from alidade.web.record_view import called, missing, shown_properties
from alidade.web.rooms.contributions import STATES
from alidade.web.stepping_up import fresh
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import property_of
from alidade.web.templatetags.alidade import thing as thing_word
from alidade.web.told import told, translated

NEWEST: Final = 500
ACTIONS: Final = {
    "read": gettext_lazy("read it"),
    "hit_notify": gettext_lazy("learn that there is a hit"),
    "merge": gettext_lazy("join it with other records"),
    "forward": gettext_lazy("be passed it"),
    "court": gettext_lazy("use it in court"),
    "third_country": gettext_lazy("be passed it as a third country"),
    "export": gettext_lazy("take it out"),
}
_TO_SOMEBODY: Final = ("forward", "third_country")


@page("record_read")
def records(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What there is for this viewer, and what came last; by type of thing."""
    found = overview(desk.node, desk.actor, newest=NEWEST)
    wanted = request.GET.get("thing", "")
    rows = [each for each in found.newest if not wanted or each.thing == wanted]
    columns: list[Column[SeenStatement]] = [
        Column(key="value", title=gettext_lazy("Value"), value=lambda each: _value(desk, each)),
        Column(key="property", title=gettext_lazy("What is said"), value=lambda e: property_of(e.property, e.thing)),
        Column(key="thing", title=gettext_lazy("What it is"), value=lambda each: thing_word(each.thing)),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda each: each.evaluation,
               sort=lambda each: each.evaluation.code, kind="evaluation"),
        Column(key="owner", title=gettext_lazy("Given by"), value=lambda each: each.owner),
        Column(key="handling", title=gettext_lazy("Handling"), value=lambda each: each.handling, kind="handling",
               sortable=False),
        Column(key="at", title=gettext_lazy("Given"), value=lambda each: each.given_at, kind="moment"),
    ]  # fmt: skip
    table = Table(
        name="newest",
        caption=gettext_lazy("What came last"),
        columns=columns,
        rows=rows,
        request=request,
        link=lambda each: reverse("record", args=[each.record]),
        default="-at",
        empty=gettext_lazy("Nothing that you may read."),
    )
    shown = {
        "table": table,
        "things": [(name, thing_word(name), count) for name, count in found.things],
        "wanted": wanted,
        "statements": found.statements,
    }
    return render(request, "web/records/list.html", shown)


def _value(desk: Desk, statement: SeenStatement) -> str:
    known = desk.node.vocabulary.properties_of(statement.thing).get(statement.property)
    if known is not None and known.kind == "entity":
        return _("another record (%(start)s)") % {"start": statement.value[:8]}
    return statement.value


@page("export", methods=("POST",))
@fresh
def take_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything that may be taken out, in a form that carries its handling, or not at all."""
    if request.POST.get("form") == "ftm":
        made, _losses = export_ftm(desk.node, desk.actor)
        answer = HttpResponse(made.content, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="alidade-export.ftm.json"'
        return answer
    made = export(desk.node, desk.actor)
    answer = HttpResponse(made.content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="alidade-export.csv"'
    return answer


@page("record_read")
def record(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One record with what is joined with it; of one's own, also what is not in force."""
    try:
        found = show_record(desk.node, desk.actor, reference)
    except NotFound:
        return _own_record(request, desk, reference)
    words, language = desk.node.vocabulary, desk.language
    thing = next(each.thing for each in found.statements if each.record in found.records)
    properties = shown_properties(found.statements, language, words)
    owners = {each.owner for each in found.statements if each.record == reference}
    shown = {
        "reference": reference,
        "thing": thing,
        "called": called(properties),
        "properties": properties,
        "missing": missing(found.statements, thing, language, words),
        "judgements": found.judgements,
        "joined": [each for each in found.records if each != reference],
        "ours": desk.authority.id in owners,
        "names": _names(desk),
        "sources": _sources(found),
        "classification": classification_line(found.statements, language, words),
        "many": len({each.owner for each in found.statements}) > 1,
    }
    return render(request, "web/records/record.html", shown)


def _names(desk: Desk) -> dict[str, str]:
    return {str(each.id): each.name for each in directory_entries(desk.node, desk.actor)}


def _others(desk: Desk) -> list[tuple[str, str]]:
    return [(key, name) for key, name in _names(desk).items() if key != desk.authority.id]


def _sources(found: SeenEntity) -> list[tuple[str, str, str, str]]:
    """Owner, list, contribution and day of everything that is shown, newest first."""
    every = {(each.owner, each.source_list, each.contribution, each.given_at) for each in found.statements}
    return sorted(every, key=lambda source: source[3], reverse=True)


def _own_record(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A record of one's own that is not in force, with the reason why nobody finds it."""
    try:
        found = own(desk.node, desk.actor, reference)
    except NotFound as absent:
        raise NotFound("There is no record with this reference that you may see.") from absent
    properties = desk.node.vocabulary.properties_of(found.thing)
    shown = {
        "reference": reference,
        "thing": found.thing,
        "state": STATES.get(found.state, found.state),
        "waits": found.state == "quarantined",
        "rows": [
            (properties[s.property].label.in_(desk.language) if s.property in properties else s.property, s)
            for s in found.statements
        ],
    }
    return render(request, "web/records/own.html", shown)


@page("record_read")
def who(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Of a record of one's own: who may do what with it, and why the others may not."""
    action = request.GET.get("action", "read")
    action = action if action in ACTIONS else "read"
    purpose = request.GET.get("purpose", desk.grounds.purpose if desk.grounds else "")
    purpose = purpose if purpose in desk.node.vocabulary.purposes else next(iter(desk.node.vocabulary.purposes))
    answers = who_may(desk.node, desk.actor, reference, cast(Action, action), purpose=purpose, language=desk.language)
    shown = {
        "reference": reference,
        "answers": answers,
        "action": action,
        "actions": ACTIONS,
        "purpose": purpose,
        "purposes": choices(desk.node.vocabulary, "purposes", desk.language),
        "ours": desk.authority.id,
    }
    return render(request, "web/records/who.html", shown)


@page("record_read")
def why(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Of any record that one can read: may I do this with it, and if not, whose rule forbids it."""
    action = request.GET.get("action", "forward")
    action = action if action in ACTIONS else "forward"
    others = _others(desk)
    wanted = request.GET.get("recipient", "")
    recipient = AuthorityId(wanted) if action in _TO_SOMEBODY and wanted in dict(others) else None
    needs = action in _TO_SOMEBODY and recipient is None
    answer = None
    if not needs:
        answer = why_not(
            desk.node, desk.actor, reference, cast(Action, action), recipient=recipient, language=desk.language
        )
    else:
        show_record(desk.node, desk.actor, reference)  # absent and forbidden are answered before anything else
    shown = {
        "reference": reference,
        "answer": answer,
        "action": action,
        "actions": {name: label for name, label in ACTIONS.items() if name not in ("read", "hit_notify")},
        "others": others,
        "recipient": recipient or "",
        "needs": needs,
    }
    return render(request, "web/records/why.html", shown)


@page("release")
@fresh
def release(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Release a record of one's own to one authority for one action and purpose; says what it does, and asks once."""
    found = own(desk.node, desk.actor, reference)
    words, language = desk.node.vocabulary, desk.language
    others = _others(desk)
    asked = {name: request.POST.get(name, "") for name in ("grantee", "action", "purpose", "until")}
    complete = asked["grantee"] in dict(others) and asked["action"] in ACTIONS and asked["purpose"] in words.purposes
    said = ""
    if request.method == "POST" and complete and request.POST.get("sure") == "yes":
        try:
            given = give_release(
                desk.node,
                desk.actor,
                reference,
                AuthorityId(asked["grantee"]),
                cast(Action, asked["action"]),
                (asked["purpose"],),
                until=asked["until"] or None,
            )
        except Invalid as error:
            said = " ".join(told(error)).strip()
        else:
            return _released(request, dict(others)[asked["grantee"]], asked["action"], len(given), reference)
    elif request.method == "POST" and not complete:
        said = _("Say to whom, for what, and for which purpose.")
    shown: dict[str, Any] = {
        "reference": reference,
        "thing": found.thing,
        "handlings": len({str(statement.handling) for statement in found.statements}),
        "others": others,
        "actions": {name: label for name, label in ACTIONS.items() if name != "hit_notify"},
        "purposes": choices(words, "purposes", language),
        "asked": asked,
        "grantee": dict(others).get(asked["grantee"], ""),
        "action_label": ACTIONS.get(asked["action"], ""),
        "confirm": request.method == "POST" and complete and not said,
        "said": said,
    }
    return render(request, "web/records/release.html", shown, status=422 if said else 200)


def _released(request: HttpRequest, name: str, action: str, count: int, reference: str) -> HttpResponse:
    said = _("Released: %(name)s may from now on %(action)s, for the purpose stated. See below who may see it now.")
    messages.success(request, said % {"name": name, "action": ACTIONS[action]})
    return redirect(f"{reverse('records.who', args=[reference])}?action={action}")


@page("contribute")
def correct(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say one's own record anew, value by value; what was said before stays as evidence."""
    found = own(desk.node, desk.actor, reference)
    said = ""
    if request.method == "POST":
        changes = {
            str(s.id): request.POST[f"s-{s.id}"]
            for s in found.statements
            if f"s-{s.id}" in request.POST and request.POST[f"s-{s.id}"] != s.value
        }
        added = Addition(
            property=request.POST.get("new", ""),
            value=request.POST.get("new-value", ""),
            evaluation=request.POST.get("new-evaluation", ""),
        )
        additions = [added] if added.property and added.value.strip() else []
        try:
            if not changes and not additions:
                raise Invalid(_("Nothing was changed."))
            outcome = correct_record(desk.node, desk.actor, reference, changes, additions)
        except (Invalid, Conflict) as error:
            said = " ".join(told(error)).strip()
        else:
            remarks = " ".join(dict.fromkeys(translated(problem.reason) for problem in outcome.problems))
            messages.success(
                request,
                (_("Corrected. What stood before is kept as evidence and found no more.") + " " + remarks).strip(),
            )
            return redirect("record", reference)
    return render(
        request, "web/records/correct.html", _correcting(request, desk, found, said), status=422 if said else 200
    )


def _correcting(request: HttpRequest, desk: Desk, found: OwnRecord, said: str) -> dict[str, Any]:
    properties = desk.node.vocabulary.properties_of(found.thing)
    more = sorted(
        ((name, each.label.in_(desk.language)) for name, each in properties.items() if each.kind != "entity"),
        key=lambda pair: pair[1],
    )
    rows = [
        (s, properties[s.property].label.in_(desk.language), request.POST.get(f"s-{s.id}", s.value))
        for s in found.statements
        if s.property in properties and properties[s.property].kind != "entity"
    ]
    return {
        "reference": found.reference,
        "thing": found.thing,
        "in_force": found.state == "active",
        "state": STATES.get(found.state, found.state),
        "rows": rows,
        "more": more,
        "grades": GRADES,
        "said": said,
        "new": {name: request.POST.get(name, "") for name in ("new", "new-value", "new-evaluation")},
    }


urlpatterns = [
    path("records/", records, name="records"),
    path("records/take-out/", take_out, name="records.take-out"),
    path("records/<str:reference>/", record, name="records.one"),
    path("records/<str:reference>/", record, name="record"),  # the same page under the name that others link to
    path("records/<str:reference>/who/", who, name="records.who"),
    path("records/<str:reference>/why/", why, name="records.why"),
    path("records/<str:reference>/release/", release, name="records.release"),
    path("records/<str:reference>/correct/", correct, name="records.correct"),
]
