"""Question form: a question as fields of a page, built by clicking; read back from them, and changed by its buttons.

Every condition has a path (`q`, `q.0`, `q.0.n.1` ...) by which its fields and buttons are named. So the page works
without script: each button sends the whole, and the page comes back changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from alidade.model.errors import Invalid
from alidade.services.picture.question_terms import (
    HOWS,
    Condition,
    Group,
    PictureQuestion,
    Said,
    Seen,
    Tied,
)
from alidade.services.picture.seeing import SeenThing
from alidade.vocabulary import Vocabulary

ROOT: Final = "q"
_MOST: Final = 40
_ABSTRACT: Final = frozenset({"Interval", "Value", "Interest"})
Option = tuple[str, str, bool]  # code, label, chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedField:
    """A thing or place that a condition names, ticked or offered after a search."""

    record: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One condition as the template draws it."""

    path: str
    kind: str
    title: str
    said: Said | None = None
    properties: Sequence[Option] = ()
    hows: Sequence[Option] = ()
    values: Sequence[Option] = ()
    tied: Tied | None = None
    ties: Sequence[Option] = ()
    things: Sequence[Option] = ()
    named: Sequence[NamedField] = ()
    searched: bool = False
    seen: Seen | None = None
    events: Sequence[Option] = ()
    sides: Sequence[Option] = ()
    ats: Sequence[Option] = ()
    inner: Branch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A group of conditions as the template draws it."""

    path: str
    match: str
    rows: Sequence[Row] = ()
    deeper: bool = True


@dataclass(slots=True, kw_only=True)
class Drawing:
    """What the template needs beside the question: words, names of what is named, what a search has found."""

    words: Vocabulary
    language: str
    names: Mapping[str, str]
    found: Mapping[str, Sequence[SeenThing]] = field(default_factory=dict)

    def types(self, chosen: Sequence[str], empty: str) -> list[Option]:
        """Every type of thing, those first that are asked for most."""
        known = [(name, each.label.in_(self.language)) for name, each in self.words.things.items()
                 if each.link is None and name not in _ABSTRACT]  # fmt: skip
        ordered = sorted(known, key=lambda each: each[1].casefold())
        return [("", empty, not chosen), *((code, label, code in chosen) for code, label in ordered)]

    def ties(self, chosen: Sequence[str]) -> list[Option]:
        """Every kind of tie: types of links, and properties that point to things."""
        labels = {name: each.label.in_(self.language) for name, each in self.words.things.items() if each.link}
        for thing in self.words.things:
            for name, each in self.words.properties_of(thing).items():
                if each.kind == "entity" and self.words.things[thing].link is None:
                    labels.setdefault(name, each.label.in_(self.language))
        ordered = sorted(labels.items(), key=lambda each: (each[1].casefold(), each[0]))
        return [("", _("any kind of tie"), not chosen), *((code, label, code in chosen) for code, label in ordered)]

    def properties(self, things: Sequence[str], chosen: str) -> list[Option]:
        """What can be said of things of these types."""
        labels: dict[str, str] = {}
        for thing in things or ("Thing", "LegalEntity", "Person", "Vessel"):
            if thing in self.words.things:
                for name, each in self.words.properties_of(thing).items():
                    if each.kind != "entity":
                        labels.setdefault(name, each.label.in_(self.language))
        if chosen:
            labels.setdefault(chosen, chosen)
        ordered = sorted(labels.items(), key=lambda each: (each[0] != "name", each[1].casefold()))
        return [(code, label, code == chosen) for code, label in ordered]

    def values(self, things: Sequence[str], said: Said) -> list[Option]:
        """The codes of a property that takes codes; none where it takes any text."""
        for thing in (*things, *self.words.things):
            known = self.words.properties_of(thing).get(said.property) if thing in self.words.things else None
            if known is not None:
                name = "countries" if known.kind == "country" else known.code_list
                if name is None or said.how not in ("is", "is_not"):
                    return []
                codes = self.words.codes(name)
                listed = [(code, codes[code].label.in_(self.language)) for code in codes]
                return [("", "", not said.value), *(
                    (code, label, code.casefold() == said.value.casefold())
                    for code, label in sorted(listed, key=lambda each: each[1].casefold())
                )]  # fmt: skip
        return []


def drawn(question: PictureQuestion, drawing: Drawing) -> Branch:
    """The conditions of a question as the template draws them."""
    return _branch(question.where, ROOT, question.things, drawing, 1)


def _branch(group: Group, path: str, things: Sequence[str], drawing: Drawing, depth: int) -> Branch:
    rows = [_row(each, f"{path}.{place}", things, drawing, depth) for place, each in enumerate(group.conditions)]
    return Branch(path=path, match=group.match, rows=rows, deeper=depth < 4)


def _row(condition: Condition, path: str, things: Sequence[str], drawing: Drawing, depth: int) -> Row:
    if isinstance(condition, Said):
        hows = {
            "is": _("is"), "is_not": _("is known, and not"), "contains": _("contains"), "begins": _("begins with"),
            "before": _("is before or below"), "after": _("is after or above"), "between": _("is between"),
            "known": _("is known"), "not_known": _("is not known"),
        }  # fmt: skip
        return Row(
            path=path, kind="said", title=_("What is said of it"), said=condition,
            properties=drawing.properties(things, condition.property),
            hows=[(code, hows[code], code == condition.how) for code in HOWS], values=drawing.values(things, condition),
        )  # fmt: skip
    if isinstance(condition, Group):
        return Row(path=path, kind="group", title=_("A group of conditions"),
                   inner=_branch(condition, f"{path}.g", things, drawing, depth + 1))  # fmt: skip
    if isinstance(condition, Tied):
        return Row(
            path=path, kind="tied", title=_("What it is tied to"), tied=condition, ties=drawing.ties(condition.ties),
            things=drawing.types(condition.things, _("anything")),
            named=_named(path, [each.record for each in condition.named], drawing), searched=path in drawing.found,
            inner=_branch(condition.where, f"{path}.w", condition.things, drawing, depth + 1),
        )  # fmt: skip
    near = condition.near
    sides = {"either": _("before or after"), "before": _("before"), "after": _("after")}
    ats = {"anywhere": _("wherever it was"), "these": _("in one of these places"), "there": _("at the very same place")}
    return Row(
        path=path, kind="seen", title=_("Where it was seen"), seen=condition,
        named=_named(path, [each.record for each in condition.places], drawing), searched=path in drawing.found,
        events=drawing.types(near.things if near else ("Seizure",), _("anything")),
        sides=[(code, label, near is not None and near.side == code) for code, label in sides.items()],
        ats=[(code, label, near is not None and near.at == code) for code, label in ats.items()],
        inner=None if near is None else _branch(near.where, f"{path}.n", near.things, drawing, depth + 1),
    )  # fmt: skip


def _named(path: str, records: Sequence[str], drawing: Drawing) -> list[NamedField]:
    named = [
        NamedField(record=each, label=drawing.names.get(each) or _("not known to you"), chosen=True) for each in records
    ]
    offered = [each for each in drawing.found.get(path, ()) if not set(each.records) & set(records)]
    return named + [
        NamedField(
            record=each.id, chosen=False,
            label=f"{each.caption or _('not known')} ({drawing.words.label('things', each.thing, drawing.language)})",
        )
        for each in offered
    ]  # fmt: skip


# -- reading the form -------------------------------------------------------------------------------------------------


def question_in(sent: QueryDict) -> PictureQuestion:
    """The question that the fields say, after the change that the pressed button asks for. Raises Invalid."""
    tree = _group_in(sent, ROOT, 0)
    do = sent.get("do", "").split()
    if len(do) == 3 and do[0] == "add":
        _change(tree, do[1], add=do[2])
    elif len(do) == 2 and do[0] == "remove":
        _change(tree, do[1], add="")
    whole = {
        "things": [each for each in sent.getlist("things") if each],
        "where": {"kind": "group", **tree},
        "least": sent.get("least", ""),
        "providers": [each for each in sent.getlist("providers") if each],
        "since": sent.get("since", "").strip(),
        "until": sent.get("until", "").strip(),
    }
    try:
        return msgspec.convert(whole, PictureQuestion)
    except msgspec.ValidationError:
        raise Invalid(
            "A date is not written as a day, a month or a year.", remedy="Write 2026-03-21, 2026-03 or 2026.",
            code="date_wrong",
        ) from None  # fmt: skip


def _group_in(sent: QueryDict, path: str, depth: int) -> dict[str, Any]:
    conditions = []
    for place in range(_MOST if depth < 6 else 0):
        at = f"{path}.{place}"
        kind = sent.get(f"{at}.kind", "")
        if not kind:
            break
        conditions.append(_condition_in(sent, at, kind, depth))
    return {"match": "any" if sent.get(f"{path}.match") == "any" else "all", "conditions": conditions}


def _condition_in(sent: QueryDict, at: str, kind: str, depth: int) -> dict[str, Any]:
    def text(name: str) -> str:
        return sent.get(f"{at}.{name}", "").strip()

    def many(name: str) -> list[str]:
        return [each for each in sent.getlist(f"{at}.{name}") if each]

    named = [{"record": each} for each in dict.fromkeys(many("named")) if re.fullmatch("[0-9a-f]{32}", each)]
    time = {"since": text("since"), "until": text("until"), "at_least": _number(text("at_least"), 1)}
    if kind == "said":
        how = text("how") if text("how") in HOWS else "is"
        return {"kind": kind, "property": text("property") or "name", "how": how, "value": text("value")[:200],
                "to": text("to")[:200]}  # fmt: skip
    if kind == "tied":
        where = {"kind": "group", **_group_in(sent, f"{at}.w", depth + 1)}
        return {"kind": kind, "ties": many("ties"), "things": many("things"), "named": named, "where": where, **time}
    if kind == "seen":
        near = None
        if text("near"):
            near = {
                "things": many("events") or ["Seizure"], "days": _number(text("days"), 30, 0),
                "side": text("side") or "either", "at": text("at") or "anywhere",
                "where": {"kind": "group", **_group_in(sent, f"{at}.n", depth + 1)},
            }  # fmt: skip
        return {"kind": kind, "places": named, "near": near, **time}
    return {"kind": "group", **_group_in(sent, f"{at}.g", depth + 1)}


def _number(text: str, default: int, least: int = 1) -> int:
    return min(max(int(text), least), 1_000) if text.isascii() and text.isdigit() else default


_NEW: Final[Mapping[str, Mapping[str, Any]]] = {
    "said": {"kind": "said", "property": "name", "how": "contains"},
    "tied": {"kind": "tied"},
    "seen": {"kind": "seen"},
    "seen-near": {"kind": "seen", "at_least": 2, "near": {"things": ["Seizure"], "days": 30}},
    "group": {"kind": "group", "match": "any"},
}


def _change(tree: dict[str, Any], path: str, *, add: str) -> None:
    """Add a condition to the group at a path, or take the condition at it away; what is not there is left."""
    node: Any = tree
    parts = path.split(".")[1:]
    last = None if add else parts.pop() if parts else None
    inner = {"w": ("where",), "n": ("near", "where"), "g": ()}
    for part in parts:
        if part.isdigit():
            conditions = node.get("conditions", [])
            if int(part) >= len(conditions):
                return
            node = conditions[int(part)]
        else:
            for name in inner.get(part, ()):
                node = node.get(name) or {}
    if add in _NEW and len(node.get("conditions", [])) < _MOST:
        node.setdefault("conditions", []).append(dict(_NEW[add]))
    elif last is not None and last.isdigit() and int(last) < len(node.get("conditions", [])):
        del node["conditions"][int(last)]
