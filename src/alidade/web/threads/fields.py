"""Fields: the form of a step as it is drawn and as it is read back, by the type that its procedure gives each field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from alidade.services.threads.view import Form, FormField, Problem, StepOrder
from alidade.web.place import Desk
from alidade.web.templatetags.alidade import thing as thing_word
from alidade.web.threads.names import authority_names
from alidade.web.told import translated

_REFERENCES: Final = ("record", "check_hit", "contribution")
_MANY_BOXES: Final = 30  # a longer list is a list to choose from
_LOCAL_MOMENT: Final = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a field."""

    code: str
    label: str
    help: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnField:
    """One field as it is drawn. `widget`: text, long, lines, select, several, boxes, yes_no, date, moment, number."""

    field: FormField
    name: str
    widget: str
    value: str
    options: tuple[Option, ...]
    problems: tuple[str, ...]
    shown_if: str
    required_if: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSection:
    """A block of a form with its title."""

    title: str
    help: str
    fields: tuple[DrawnField, ...]


def drawn_sections(
    desk: Desk, form: Form, values: Mapping[str, Any], problems: Sequence[Problem] = ()
) -> list[DrawnSection]:
    """The fields of a form in their sections, with what was written and what is wrong with it."""
    names = authority_names(desk) if any(each.kind == "authority" for each in form.fields) else {}
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.field, []).append(sentence_of(problem))
    drawn = [(each.section, _drawn(desk, each, values.get(each.code), names, wrong)) for each in form.fields]
    titles = [("", "", ""), *((each.code, each.label, each.help) for each in form.sections)]
    known = {code for code, _title, _help in titles}
    sections = [
        DrawnSection(
            title=title,
            help=explained,
            fields=tuple(each for place, each in drawn if place == code or (not code and place not in known)),
        )
        for code, title, explained in titles
    ]
    return [each for each in sections if each.fields]


def sentence_of(problem: Problem) -> str:
    """What is wrong and what to do, in the language in force."""
    return " ".join(part for part in (translated(problem.sentence), translated(problem.remedy)) if part)


def _drawn(
    desk: Desk, field: FormField, value: Any, names: Mapping[str, str], wrong: Mapping[str, Sequence[str]]
) -> DrawnField:
    several = [str(each) for each in value] if isinstance(value, (tuple, list)) else []
    one = "" if value is None or several else str(value)
    if isinstance(value, bool):
        one = "yes" if value else "no"
    if field.kind == "moment":
        one = one.removesuffix("Z").removesuffix(":00") if one.count(":") > 1 else one
    chosen = {*several, one}
    options = tuple(
        Option(code=code, label=label, help=explained, chosen=code in chosen)
        for code, label, explained in _options(desk, field, names)
    )
    return DrawnField(
        field=field,
        name=f"v-{field.code}",
        widget=_widget(field, len(options)),
        value="\n".join(several) if several else one,
        options=options,
        problems=tuple(wrong.get(field.code, ())),
        shown_if=_condition(field.shown_if),
        required_if=_condition(field.required_if),
    )


def _options(desk: Desk, field: FormField, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    if field.kind == "authority":
        return [(code, name, "") for code, name in names.items()]
    if field.kind == "thing":
        return [(code, thing_word(code), "") for code in field.things or desk.node.vocabulary.things]
    if field.kind == "boolean":
        return [("yes", _("yes"), ""), ("no", _("no"), "")]
    return [(each.code, each.label, each.help) for each in field.choices]


def _widget(field: FormField, options: int) -> str:
    if field.kind == "boolean":
        return "yes_no"
    if options:
        return "select" if not field.many else "boxes" if options <= _MANY_BOXES else "several"
    if field.kind in ("date", "moment", "number"):
        return field.kind
    if field.many:
        return "lines"
    return "long" if field.kind == "long_text" else "text"


def _condition(condition: Any) -> str:
    return "" if condition is None else msgspec.json.encode(condition).decode()


def values_of(sent: QueryDict, form: Form) -> dict[str, Any]:
    """What was written, by field; what is empty is left out. Whether it is right is for the procedure to say."""
    found: dict[str, Any] = {}
    for field in form.fields:
        name = f"v-{field.code}"
        one = sent.get(name, "").strip()
        if field.kind == "boolean":
            if one in ("yes", "no"):
                found[field.code] = one == "yes"
        elif field.many:
            if several := _several(sent, name, field):
                found[field.code] = several
        elif field.kind == "moment" and _LOCAL_MOMENT.match(one):
            found[field.code] = f"{one}:00Z"
        elif one:
            found[field.code] = one
    return found


def _several(sent: QueryDict, name: str, field: FormField) -> tuple[str, ...]:
    if field.choices or field.kind in ("authority", "thing", "country", "code_list"):
        return tuple(each for each in sent.getlist(name) if each)
    text = sent.get(name, "")
    parts = text.split() if field.kind in _REFERENCES else text.splitlines()
    return tuple(part.strip() for part in parts if part.strip())


def order_of(sent: QueryDict, form: Form) -> StepOrder:
    """The step that a form states."""
    return StepOrder(
        code=form.code,
        values=values_of(sent, form),
        reason=sent.get("reason", ""),
        note=sent.get("note", "").replace("\r\n", "\n"),
        language=sent.get("language", "en"),
        attachments=tuple(dict.fromkeys(each for each in sent.getlist("attachment") if each)),
        records=tuple(dict.fromkeys(sent.get("records", "").split())),
        quotes=tuple(dict.fromkeys(sent.get("quotes", "").split())),
        translates=sent.get("translates", ""),
    )
