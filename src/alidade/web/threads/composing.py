"""Composing: what the form of a step or of an opening shows: fields, files, parties, conditions, and the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.services.threads.view import Form, Opening, Preview, StepOrder, ThreadView
from alidade.web.forms import choices
from alidade.web.handling_form import HandlingForm, handling_form
from alidade.web.place import Desk
from alidade.web.threads.fields import drawn_sections, order_of, sentence_of
from alidade.web.threads.files import attached_files, take_files
from alidade.web.threads.names import other_authorities

MOST_PARTIES: Final = 20
COPY: Final = "copy"
EFFECTS: Final[Mapping[str, Any]] = {
    "attach_contribution": gettext_lazy("what is attached is kept as a contribution"),
    "release_records": gettext_lazy("the records named are released to the other authority"),
    "lift_condition": gettext_lazy("a condition on the records named is lifted for the other authority"),
    "refuse_release": gettext_lazy("the release is refused, or what had been released ends"),
    "erase_or_correct": gettext_lazy("the holders must correct or erase the records named"),
    "acknowledge": gettext_lazy("the demand of the owner counts as answered"),
    "copy_to": gettext_lazy("a further authority gets a copy"),
}
_STANDING_BY_THEMSELVES: Final = ("reason", "note", "attachments", "records", "quotes", "translates", "parties")


def default_handling(desk: Desk) -> Handling:
    """As a new exchange begins: for the purpose in force, nobody reads but who is written to."""
    purpose = desk.grounds.purpose if desk.grounds else ""
    return Handling(
        owner=desk.authority.id, purposes=(purpose,) if purpose else (), classification="BPL", content="personal"
    )


def empty_order(desk: Desk, form: Form, asked: QueryDict) -> StepOrder:
    """What a form begins with: the language in force, and references that the address brings along."""
    language = desk.language.partition("_")[0]
    known = desk.node.vocabulary.codes("languages")
    return StepOrder(
        code=form.code,
        language=language if language in known else "en",
        records=tuple(asked.getlist("record")),
        quotes=tuple(asked.getlist("quote")),
        translates=asked.get("translates", ""),
    )


def sent_order(request: HttpRequest, desk: Desk, form: Form) -> tuple[StepOrder, list[str], list[str]]:
    """What was sent, with files that came along taken in; the names of its files, and why some were not taken."""
    order = order_of(request.POST, form)
    dropped = set(request.POST.getlist("drop"))
    taken, refused = take_files(desk, request.FILES.getlist("file"))
    kept = tuple(each for each in order.attachments if each not in dropped)
    names = [*request.POST.getlist("attachment-name"), *(f"{each.reference} {each.name}" for each in taken)]
    return replace(order, attachments=(*kept, *(each.reference for each in taken))), names, refused


def sent_opening(desk: Desk, sent: QueryDict, form: Form, order: StepOrder) -> tuple[Opening, HandlingForm]:
    """The opening that a form states, and the fields of its handling."""
    fields = handling_form(desk, "handling", sent=sent, handling=default_handling(desk))
    handling = fields.handling(desk.authority.id) if fields.is_valid() else default_handling(desk)
    roles = [each.code for each in form.roles]
    own = sent.get("own_role", "") or (form.own_roles[0].code if form.own_roles else "")
    usual = next((role for role in roles if role != own), "")
    parties: dict[AuthorityId, str] = {}
    for number in range(MOST_PARTIES):
        if party := sent.get(f"party-{number}", ""):
            parties[AuthorityId(party)] = sent.get(f"role-{number}", "") or usual
    opening = Opening(
        procedure=form.procedure,
        version=form.version,
        parties=parties,
        title=sent.get("title", "").strip(),
        case=sent.get("case", "").strip(),
        order=order,
        handling=handling,
        own_role=own,
    )
    return opening, fields


def drawn_writing(
    desk: Desk,
    form: Form,
    order: StepOrder,
    *,
    preview: Preview | None = None,
    names: Sequence[str] = (),
    refused: Sequence[str] = (),
    draft: str = "",
    roles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What every form of a step shows; `roles` are the labels of the roles of a thread that runs already."""
    problems = () if preview is None else preview.problems
    by_place: dict[str, list[str]] = {}
    fields = {each.code for each in form.fields}
    for each in problems:
        place = each.field if each.field in (*_STANDING_BY_THEMSELVES, *fields) else "whole"
        by_place.setdefault(place, []).append(sentence_of(each))
    if refused:
        by_place.setdefault("attachments", []).extend(refused)
    return {
        "form": form,
        "order": order,
        "sections": drawn_sections(desk, form, order.values, problems),
        "languages": choices(desk.node.vocabulary, "languages", desk.language),
        "files": attached_files(desk, order.attachments, names),
        "reason": next((each.label for each in form.reasons if each.code == order.reason), order.reason),
        "wrong": by_place,
        "preview": None if preview is None else drawn_preview(preview, form, roles),
        "draft": draft,
    }


def drawn_preview(preview: Preview, form: Form, roles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The preview in words: who gets what, what must be mended, what happens then."""
    labels = {**{each.code: each.label for each in form.roles}, COPY: _("Copy: reads only"), **(roles or {})}
    return {
        "ready": preview.ready,
        "problems": len(preview.problems),
        "approval": preview.approval,
        "effects": [EFFECTS.get(each, each) for each in preview.effects],
        "recipients": [
            {
                "name": each.name,
                "role": labels.get(each.role, each.role),
                "hosted": each.hosted,
                "withheld": each.withheld,
                "records": each.records,
                "barred": bool(each.withheld) or any(record.blocked for record in each.records),
            }
            for each in preview.recipients
        ],
    }


def drawn_parties(desk: Desk, form: Form, opening: Opening | None, *, more: bool = False) -> dict[str, Any]:
    """The rows in which the other parties are chosen, one free at the end."""
    chosen = list(opening.parties.items()) if opening is not None else []
    free = 1 if not chosen or more or not any(form.roles) else 0
    own = (opening.own_role if opening is not None else "") or (form.own_roles[0].code if form.own_roles else "")
    roles = [(each.code, each.label) for each in form.roles if each.code != own]
    rows = [*chosen, *([("", "")] * free)][:MOST_PARTIES]
    return {
        "rows": [{"number": number, "party": party, "role": role} for number, (party, role) in enumerate(rows)],
        "authorities": other_authorities(desk),
        "roles": [*roles, (COPY, _("Copy: reads only"))],
        "own_role": own,
    }


def facts_of(thread: ThreadView) -> dict[str, Any]:
    """The latest value of each field of a thread, by which the script of the page shows and hides fields."""
    return {
        value.field: list(value.value) if isinstance(value.value, tuple) else value.value
        for step in thread.steps
        if step.standing == "effective"
        for value in step.values
        if value.kind in ("boolean", "code", "code_list")
    }
