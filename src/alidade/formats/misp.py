"""MISP: events with their attributes and objects as drafts, tags and distribution as names of handlings.

Source: MISP core format (draft-dulaunoy-misp-core-format), misp-objects, misp-taxonomies (tlp, PAP, admiralty-scale).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from alidade.formats.countries import CountryNames
from alidade.formats.foreign_claims import ForeignClaims, is_key, scalar_text
from alidade.formats.json_source import (
    DEFAULT_JSON_LIMITS,
    BadJson,
    JsonLimits,
    JsonObject,
    decode_json,
    items,
    json_raw,
    json_text,
    members,
    read_json_document,
)
from alidade.formats.markings import UNRESOLVED, Markings, load_markings
from alidade.formats.misp_tags import Grades, read_place, tag_names
from alidade.formats.misp_types import FALLBACK_ATTRIBUTE, FALLBACK_TEMPLATE, TemplateRule, load_misp_rules
from alidade.formats.values import ValueReader
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary

_RawEvent: TypeAlias = "dict[str, msgspec.Raw]"
_PARTS: Final = ("Attribute", "Object", "EventReport")
_ATTRIBUTE_SILENT: Final = frozenset(
    {"uuid", "type", "value", "value1", "value2", "Tag", "distribution", "object_relation", "deleted", "data"}
)
_TOLD_APART: Final = ("comment", "category", "to_ids", "first_seen", "last_seen")
_OBJECT_SILENT: Final = frozenset({"uuid", "name", "Attribute", "ObjectReference", "Tag", "distribution", "deleted"})
_EVENT_SILENT: Final = frozenset({"uuid", "info", "date", "Tag", "distribution"})
_NAME_PARTS: Final = ("firstName", "middleName", "lastName")


def read_misp(
    path: Path,
    vocabulary: Vocabulary,
    *,
    limits: JsonLimits = DEFAULT_JSON_LIMITS,
    markings: Markings | None = None,
) -> Iterator[Draft | Problem]:
    """The events of a file: attributes and objects as drafts, then links between them, then each event as a Report.

    Takes {"Event": ...}, {"response": [...]} and a list of either. The key of a draft is the uuid; rows count the
    attributes, objects and reports of the file from 1, an event having the row before its parts. `Draft.handling` and
    `Claim.handling` name the marks: tlp and PAP tags and the distribution, the strictest of event, object and
    attribute. Admiralty tags become `Claim.evaluation` in the scheme "admiralty"; the inner one counts. What is
    deleted there becomes no draft but a remark that carries it. Raises Unreadable where the file holds no event.
    """
    reader = _Reader(path.name, vocabulary, limits, markings or load_markings())
    for raw in _events(path, limits):
        yield from reader.event(raw)


def _events(path: Path, limits: JsonLimits) -> Iterator[msgspec.Raw]:
    try:
        found = _listed(read_json_document(path, limits))
        if not found:
            raise BadJson("no_event", "It holds no MISP event.")
    except BadJson as error:
        raise Unreadable(
            f"{path.name}: {error.reason}", remedy="Give an event as MISP exports it in JSON.", code=error.code
        ) from error
    yield from found


def _listed(text: bytes | msgspec.Raw, inner: int = 3) -> list[msgspec.Raw]:
    if bytes(memoryview(text)[:1]) == b"[" and inner:
        return [event for each in items(text) for event in _listed(each, inner - 1)]
    top = members(text)
    if "Event" in top:
        return [top["Event"]]
    if "response" in top and inner:
        return _listed(top["response"], inner - 1)
    raise BadJson("no_event", "It holds no MISP event.")


class _Frame:
    """What lies around an attribute: the marking and the grades so far, and whether anything stands in it."""

    def __init__(self, marking: str | None = None, grades: Grades | None = None) -> None:
        self.marking = marking
        self.grades = grades or Grades()


class _Reader:
    def __init__(self, file: str, vocabulary: Vocabulary, limits: JsonLimits, markings: Markings) -> None:
        self._file = file
        self._vocabulary = vocabulary
        self._limits = limits
        self._markings = markings
        self._values = ValueReader(vocabulary, CountryNames(vocabulary))
        self._rules = load_misp_rules()
        self._row = 0
        self._told: set[str] = set()
        self._inside: dict[str, str] = {}  # of an attribute in an object, the object
        self._whole: dict[str, str | None] = {}  # the marking of each part of the event

    def _next(self) -> Place:
        self._row += 1
        return Place(file=self._file, row=self._row)

    def event(self, raw: msgspec.Raw) -> Iterator[Draft | Problem]:
        place = self._next()
        try:
            parts = members(raw)
            own = {name: decode_json(value, self._limits) for name, value in parts.items() if name not in _PARTS}
            listed = {name: _items_of(parts.get(name)) for name in _PARTS}
            if not is_key(own.get("uuid")):
                raise BadJson("key", "The event has no uuid.")
        except BadJson as error:
            yield Problem(place=place, field="", code=error.code, reason=error.reason, raw=json_raw(bytes(raw)))
            return
        text = _without_parts(parts)
        claims = self._claims("Report", place, text)
        frame = self._frame(claims, own, _Frame())
        self._event_fields(claims, own)
        drafts: dict[str, str] = {}
        self._inside.clear()
        self._whole.clear()
        links: list[tuple[JsonObject, str, _Frame, Place]] = []
        for name in _PARTS:
            for each in listed[name]:
                yield from self._part(name, each, frame, drafts, links)
        for link, source, around, where in links:
            yield from self._reference(link, source, around, where, drafts)
        self._restore(claims, frame)
        for key in drafts:
            self._refer(claims, "concerns", key, "MISP part", frame)
        yield from claims.results(str(own["uuid"]), frame.marking)

    def _event_fields(self, claims: ForeignClaims, own: Mapping[str, object]) -> None:
        subject = scalar_text(own.get("info")) or ""
        claims.add(("title",), subject, label="MISP info")
        claims.add(("date",), scalar_text(own.get("date")) or "", label="MISP date")
        for field in ("Orgc", "Org"):
            maker = own.get(field)
            if isinstance(maker, dict):
                claims.add(("author",), scalar_text(maker.get("name")) or "", label=f"MISP {field}")
        self._rest(claims, own, _EVENT_SILENT)

    def _part(
        self,
        kind: str,
        raw: msgspec.Raw,
        frame: _Frame,
        drafts: dict[str, str],
        links: list[tuple[JsonObject, str, _Frame, Place]],
    ) -> Iterator[Draft | Problem]:
        place = self._next()
        try:
            content = decode_json(raw, self._limits)
            if not isinstance(content, dict) or not is_key(content.get("uuid")):
                raise BadJson("key", f"A part of an event ({kind}) has no uuid.")
        except BadJson as error:
            yield Problem(place=place, field=kind, code=error.code, reason=error.reason, raw=json_raw(bytes(raw)))
            return
        key, text = str(content["uuid"]), bytes(raw).decode()
        if key in drafts:
            reason = "The uuid stands in this event before; the first is kept."
            yield Problem(place=place, field="uuid", code="key_twice", reason=reason, raw=json_raw(text))
            return
        if _is_set(content.get("deleted")):
            reason = "The sender has deleted this; it is not taken in."
            yield Problem(place=place, field="deleted", code="deleted", reason=reason, fatal=False, raw=json_raw(text))
            return
        if kind == "Attribute":
            claims, inner = self._attribute(content, place, text, frame)
        elif kind == "Object":
            claims, inner = self._object(content, place, text, frame)
            self._inside.update(dict.fromkeys(_member_keys(content), key))
            references = content.get("ObjectReference")
            for each in references if isinstance(references, list) else []:
                if isinstance(each, dict):
                    links.append((each, key, inner, place))
        else:
            claims, inner = self._report(content, place, text, frame)
        drafts[key] = claims.thing
        self._whole[key] = inner.marking
        yield from claims.results(key, inner.marking)

    def _claims(self, thing: str, place: Place, text: str) -> ForeignClaims:
        return ForeignClaims(thing=thing, vocabulary=self._vocabulary, values=self._values, place=place, text=text)

    def _frame(self, claims: ForeignClaims, item: JsonObject, outer: _Frame) -> _Frame:
        """What holds here; the claims from now on stand under it, and the tags in its notes."""
        found = read_place(item, self._markings, self._vocabulary)
        frame = _Frame(self._markings.strictest(outer.marking, found.marking), found.grades.beside(outer.grades))
        self._restore(claims, frame)
        for name in tag_names(item):
            claims.note("MISP tag", name)
        claims.note("MISP distribution", item.get("distribution"))
        for _ in found.unread:
            claims.problem("Tag", "evaluation_unknown", "A grade of the Admiralty code cannot be used; see the notes.")
        marking = frame.marking
        if marking is not None and marking.startswith(UNRESOLVED) and marking not in self._told:
            self._told.add(marking)
            reason = "The marking is not known here or contradicts another; a handling must be stated for it."
            claims.problem("Tag", "marking_unresolved", reason)
        return frame

    def _restore(self, claims: ForeignClaims, frame: _Frame) -> None:
        claims.handling = frame.marking
        claims.evaluation = frame.grades.text(self._vocabulary)

    def _rest(self, claims: ForeignClaims, item: Mapping[str, object], silent: frozenset[str]) -> None:
        for field, value in item.items():
            if field in silent:
                continue
            for each in value if isinstance(value, list) else [value]:
                claims.note(f"MISP {field}", each)

    def _attribute(self, item: JsonObject, place: Place, text: str, frame: _Frame) -> tuple[ForeignClaims, _Frame]:
        kind = scalar_text(item.get("type")) or ""
        rule = self._rules.attributes.get(kind, FALLBACK_ATTRIBUTE)
        claims = self._claims(rule.thing, place, text)
        inner = self._frame(claims, item, frame)
        claims.note("MISP type", kind)
        if rule is FALLBACK_ATTRIBUTE:
            claims.problem("type", "thing_nearest", f"There is no type for {kind[:80]} here; kept as a Note.")
        value = scalar_text(item.get("value")) or ""
        parts = value.split("|", len(rule.parts) - 1) if len(rule.parts) > 1 else [value]
        for names, part in zip(rule.parts, parts, strict=False):
            claims.add(names, part, label="MISP value")
        if kind in self._rules.services:
            claims.add(("service",), self._rules.services[kind], label="MISP type")
        self._compose(claims)
        for field in _TOLD_APART:
            claims.note(f"MISP {field}", item.get(field))
        rest = {name: each for name, each in item.items() if name not in _ATTRIBUTE_SILENT | {*_TOLD_APART}}
        claims.note("MISP attribute", rest)
        self._data(claims, item)
        return claims, inner

    def _object(self, item: JsonObject, place: Place, text: str, frame: _Frame) -> tuple[ForeignClaims, _Frame]:
        name = scalar_text(item.get("name")) or ""
        rule = self._rules.objects.get(name, FALLBACK_TEMPLATE)
        claims = self._claims(rule.thing, place, text)
        inner = self._frame(claims, item, frame)
        claims.note("MISP object", name)
        if rule is FALLBACK_TEMPLATE:
            claims.problem("name", "thing_nearest", f"There is no type for {name[:80]} here; kept as a Note.")
        self._rest(claims, item, _OBJECT_SILENT)
        attributes = item.get("Attribute")
        for each in attributes if isinstance(attributes, list) else []:
            if not isinstance(each, dict):
                claims.problem("Attribute", "no_object", "An attribute of the object is no object.", lost=True)
            elif _is_set(each.get("deleted")):
                claims.problem("Attribute", "deleted", "An attribute that the sender deleted is left out.", lost=True)
            else:
                self._member(claims, rule, each, inner)
        self._restore(claims, inner)
        self._compose(claims)
        return claims, inner

    def _member(self, claims: ForeignClaims, rule: TemplateRule, item: JsonObject, frame: _Frame) -> None:
        relation = scalar_text(item.get("object_relation")) or scalar_text(item.get("type")) or "value"
        self._frame(claims, item, frame)
        value = scalar_text(item.get("value")) or ""
        label = f"MISP {relation}"
        names = rule.relations.get(relation)
        if names is None:
            claims.note(label, value)
        else:
            claims.add(names, value, label=label)
        silent = _ATTRIBUTE_SILENT - {"uuid", "type"}
        claims.note(f"{label}, attribute", {field: each for field, each in item.items() if field not in silent})
        self._data(claims, item)

    def _report(self, item: JsonObject, place: Place, text: str, frame: _Frame) -> tuple[ForeignClaims, _Frame]:
        claims = self._claims("Report", place, text)
        inner = self._frame(claims, item, frame)
        claims.add(("title",), scalar_text(item.get("name")) or "", label="MISP name")
        claims.add(("description",), scalar_text(item.get("content")) or "", label="MISP content")
        self._rest(claims, item, frozenset({"uuid", "name", "content", "distribution", "Tag", "deleted"}))
        return claims, inner

    def _data(self, claims: ForeignClaims, item: JsonObject) -> None:
        if item.get("data"):
            claims.problem("data", "attachment", "An attached file is not taken in; give it by itself.", lost=True)

    def _compose(self, claims: ForeignClaims) -> None:
        """The full name of a person where only its parts are given."""
        if claims.thing != "Person" or claims.values_of("name"):
            return
        words = [word for part in _NAME_PARTS for word in claims.values_of(part)[:1]]
        if words:
            claims.handling = self._markings.strictest(claims.handling, *claims.handlings_of(_NAME_PARTS))
            claims.add(("name",), " ".join(words), label="MISP name")

    def _reference(
        self, item: JsonObject, source: str, frame: _Frame, place: Place, drafts: Mapping[str, str]
    ) -> Iterator[Draft | Problem]:
        key, kind = item.get("uuid"), scalar_text(item.get("relationship_type")) or "related-to"
        named = scalar_text(item.get("referenced_uuid"))
        target = self._inside.get(named, named) if named is not None else None
        raw = json_text({"uuid": source, "ObjectReference": [item]})
        if _is_set(item.get("deleted")):
            reason = "The sender has deleted this reference; it is not taken in."
            yield Problem(
                place=place, field="ObjectReference", code="deleted", reason=reason, fatal=False, raw=json_raw(raw)
            )
            return
        thing = self._link(kind, drafts.get(source), drafts.get(str(target)))
        link = self._vocabulary.things[thing].link
        if link is None:
            raise AssertionError
        claims = self._claims(thing, place, raw)
        self._restore(claims, frame)
        self._refer(claims, link.source, source, "MISP object_uuid", frame)
        if not self._refer(claims, link.target, target, "MISP referenced_uuid", frame):
            claims.problem("referenced_uuid", "end_missing", "The reference does not say what it refers to.")
        if target != named or target not in drafts:
            claims.note("MISP referenced_uuid", named)
        claims.add(("role", "relationship", "channel"), kind, label="MISP relationship_type")
        self._rest(claims, item, frozenset({"uuid", "object_uuid", "referenced_uuid", "relationship_type", "deleted"}))
        yield from claims.results(str(key) if is_key(key) else f"{source}#{kind}#{target}"[:200], frame.marking)

    def _refer(self, claims: ForeignClaims, name: str, key: str | None, label: str, frame: _Frame) -> bool:
        """Refer to a part under the strictest of both: who may not see it may not learn what is said to hang on it."""
        claims.handling = self._markings.strictest(frame.marking, self._whole.get(key or ""))
        taken = claims.refer((name,), key, label=label)
        self._restore(claims, frame)
        return taken

    def _link(self, kind: str, source: str | None, target: str | None) -> str:
        thing = self._rules.relationships.get(kind, "UnknownLink")
        link = self._vocabulary.things[thing].link
        properties = self._vocabulary.properties_of(thing)
        if link is None or source is None or target is None:
            return "UnknownLink"
        for name, end in ((link.source, source), (link.target, target)):
            wanted = properties[name].range
            if wanted is None or not self._vocabulary.is_a(end, wanted):
                return "UnknownLink"
        return thing


def _items_of(raw: msgspec.Raw | None) -> list[msgspec.Raw]:
    return items(raw) if raw is not None and bytes(raw) != b"null" else []


def _member_keys(item: JsonObject) -> list[str]:
    found = item.get("Attribute")
    keys = [each.get("uuid") for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [key for key in keys if isinstance(key, str)]


def _without_parts(parts: _RawEvent) -> str:
    kept = {name: value for name, value in parts.items() if name not in _PARTS}
    return msgspec.json.encode({"Event": kept}).decode()


def _is_set(value: object) -> bool:
    return value is True or str(value).strip().lower() in ("1", "true")


def is_misp(head: bytes) -> bool:
    """Whether the first bytes of a JSON document look like events of MISP."""
    start = head[:256]
    return b'"Event"' in start or b'"response"' in start
