"""STIX 2.1: a bundle of objects as drafts, with their markings as names of handlings that a person must state.

Source: OASIS STIX Version 2.1 (10 June 2021); TLP 2.0 extension of cti-stix-common-objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from alidade.formats.stix_markings import FieldMarkings, StixMarkings
from alidade.formats.stix_objects import FALLBACK, ObjectRule, StixRules, load_stix_rules
from alidade.formats.stix_pattern import Comparison, simple_pattern
from alidade.formats.values import ValueReader
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary

_SILENT = frozenset({"id", "type", "object_marking_refs", "granular_markings", "lang"})
_ENDS = ("source_ref", "target_ref")


@dataclass(frozen=True, slots=True)
class _Object:
    """One object of the bundle as it stands."""

    content: JsonObject
    place: Place
    text: str

    @property
    def key(self) -> str:
        return str(self.content["id"])

    @property
    def kind(self) -> str:
        return str(self.content["type"])


def read_stix(
    path: Path,
    vocabulary: Vocabulary,
    *,
    limits: JsonLimits = DEFAULT_JSON_LIMITS,
    markings: Markings | None = None,
) -> Iterator[Draft | Problem]:
    """The objects of a bundle, or a list of objects, as drafts: first those that refer to nothing, links last.

    The key of a draft is the id of the object; rows count the objects from 1. Fields without a property stand in the
    notes under their names ("STIX confidence: 80"). Types that the vocabulary lacks become a Note, with a remark. Of
    several versions of an object the newest is read. `Draft.handling` and `Claim.handling` name the markings that lie
    on the object and on its fields: see `markings`. Raises Unreadable where the file is no bundle.
    """
    objects: list[_Object] = []
    for item in _objects(path, limits):
        if isinstance(item, Problem):
            yield item
        else:
            objects.append(item)
    newest = _newest(objects)
    for each in objects:
        if newest[each.key] is not each:
            yield _older(each, newest[each.key])
    yield from _Bundle(list(newest.values()), vocabulary, markings or load_markings()).drafts()


def _objects(path: Path, limits: JsonLimits) -> Iterator[_Object | Problem]:
    text = read_json_document(path, limits)
    place = Place(file=path.name, row=0)
    try:
        if text.startswith(b"["):
            listed = items(text)
        else:
            bundle = members(text)
            if decode_json(bundle.get("type", b"null")) != "bundle":
                raise BadJson("no_bundle", "It is no STIX bundle.")
            listed = items(bundle.pop("objects", b"[]"))
            for name in sorted(bundle.keys() - {"type", "id", "spec_version"}):
                reason = "The bundle has a member beside its objects; it is not read."
                yield Problem(place=place, field=name[:80], code="bundle_member", reason=reason, fatal=False)
    except BadJson as error:
        raise Unreadable(
            f"{path.name}: {error.reason}", remedy="Give a STIX 2.1 bundle in JSON.", code=error.code
        ) from error
    for number, raw in enumerate(listed, start=1):
        yield _object(bytes(raw), Place(file=path.name, row=number), limits)


def _object(raw: bytes, place: Place, limits: JsonLimits) -> _Object | Problem:
    try:
        content = decode_json(raw, limits)
        if not isinstance(content, dict) or not is_key(content.get("id")) or not isinstance(content.get("type"), str):
            raise BadJson("no_object", "It is no STIX object: it has no id or no type.")
    except BadJson as error:
        return Problem(place=place, field="", code=error.code, reason=error.reason, raw=json_raw(raw))
    return _Object(content, place, raw.decode())


def _newest(objects: Sequence[_Object]) -> dict[str, _Object]:
    found: dict[str, _Object] = {}
    for each in objects:
        held = found.get(each.key)
        if held is None or _version(each) > _version(held):
            found[each.key] = each
    return found


def _version(each: _Object) -> str:
    # 10:00:00Z is before 10:00:00.5Z, which the letters alone would turn round.
    whole, _, fraction = str(each.content.get("modified", "")).removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<9}"


def _older(each: _Object, kept: _Object) -> Problem:
    same = each.content == kept.content
    if same or _version(each) != _version(kept):
        reason = "The object stands here twice." if same else "An older version of an object; the newest is read."
        return Problem(place=each.place, field="id", code="older_version", reason=reason, fatal=False)
    reason = "Two objects with one id and one date of change differ; the first is kept."
    return Problem(place=each.place, field="id", code="key_twice", reason=reason, raw=json_raw(each.text))


class _Bundle:
    def __init__(self, objects: Sequence[_Object], vocabulary: Vocabulary, markings: Markings) -> None:
        self._objects = objects
        self._vocabulary = vocabulary
        self._values = ValueReader(vocabulary, CountryNames(vocabulary))
        self._rules: StixRules = load_stix_rules()
        self._keys = {each.key for each in objects}
        definitions = [each.content for each in objects if each.kind == "marking-definition"]
        self._known_marks = markings
        self._markings = StixMarkings(markings, definitions)
        self._whole = {each.key: self._markings.of(each.content).whole for each in objects}
        self._things = {each.key: self._plan(each)[1] for each in objects if each.kind != "relationship"}
        self._told: set[str] = set()

    def drafts(self) -> Iterator[Draft | Problem]:
        """Everything, so that what is referred to comes before what refers to it as far as possible."""
        later: list[Draft] = []
        links: list[_Object] = []
        for each in self._objects:
            if each.kind == "relationship":
                links.append(each)
                continue
            if each.kind == "marking-definition":
                yield from self._definition(each)
                continue
            for item in self._thing(each):
                if isinstance(item, Draft) and any(claim.refers for claim in item.claims):
                    later.append(item)
                else:
                    yield item
        yield from later
        for each in links:
            yield from self._relationship(each)

    def _definition(self, each: _Object) -> Iterator[Problem]:
        if UNRESOLVED in (self._markings.of({"object_marking_refs": [each.key]}).whole or ""):
            reason = "A marking that is not known here; what lies under it needs a handling that you state."
            raw = json_raw(each.text)
            yield Problem(place=each.place, field="id", code="marking_unknown", reason=reason, fatal=False, raw=raw)

    def _plan(self, each: _Object) -> tuple[ObjectRule, str, Comparison | None]:
        """The rule, the type, and for an indicator what its pattern says."""
        comparison: Comparison | None = None
        if each.kind == "indicator" and each.content.get("pattern_type", "stix") == "stix":
            comparison = simple_pattern(str(each.content.get("pattern", "")))
            rule = self._rules.rule(comparison.type) if comparison is not None else None
            if rule is not None and comparison is not None and comparison.field in rule.properties:
                return rule, rule.thing, comparison
            comparison = None
        rule = self._rules.rule(each.kind) or FALLBACK
        return rule, rule.thing_of(each.content), comparison

    def _thing(self, each: _Object) -> Iterator[Draft | Problem]:
        rule, thing, comparison = self._plan(each)
        marks = self._markings.of(each.content)
        claims = self._claims(each, thing, marks)
        claims.note("STIX type", each.kind)
        if each.kind == "indicator":
            self._indicator(claims, marks, rule, comparison)
        elif rule is FALLBACK:
            claims.problem("type", "thing_nearest", f"There is no type for {each.kind[:80]} here; kept as a Note.")
        self._fields(claims, each, rule, marks, skip=(), pattern=comparison is not None)
        yield from claims.results(each.key, marks.whole)
        yield from self._participations(each, rule, marks)

    def _indicator(
        self, claims: ForeignClaims, marks: FieldMarkings, rule: ObjectRule, comparison: Comparison | None
    ) -> None:
        self._mark(claims, marks, ("pattern",))
        if comparison is None:
            claims.problem("pattern", "pattern", "The pattern is more than one equality; it is kept as text.")
            return
        claims.add(rule.properties[comparison.field], comparison.value, label="STIX pattern value")

    def _claims(self, each: _Object, thing: str, marks: FieldMarkings) -> ForeignClaims:
        claims = ForeignClaims(
            thing=thing, vocabulary=self._vocabulary, values=self._values, place=each.place, text=each.text
        )
        self._mark(claims, marks, ())
        for name in marks.names():
            claims.note("STIX marking", name)
            if name.startswith(UNRESOLVED) and name not in self._told:
                self._told.add(name)
                reason = "The marking is not known here or contradicts another; a handling must be stated for it."
                claims.problem("object_marking_refs", "marking_unresolved", reason)
        if each.content.get("revoked") is True:
            claims.problem("revoked", "revoked", "The sender has revoked this object.")
        return claims

    @staticmethod
    def _mark(claims: ForeignClaims, marks: FieldMarkings, path: tuple[str | int, ...]) -> None:
        claims.handling = marks.at(path) if path else marks.whole
        claims.language = marks.language(path) if path else None

    def _fields(
        self,
        claims: ForeignClaims,
        each: _Object,
        rule: ObjectRule,
        marks: FieldMarkings,
        *,
        skip: Sequence[str],
        pattern: bool = False,
    ) -> None:
        for field, value in each.content.items():
            if field in _SILENT or field in skip or (field == "spec_version" and value == "2.1"):
                continue
            if field in rule.events:
                continue
            # What names an indicator does not name the thing that it looks for.
            names = () if pattern and field == "name" else self._rules.names(rule, field)
            for path, item in _leaves(field, value):
                self._mark(claims, marks, path)
                self._field(claims, rule, names, path, item)

    def _field(
        self, claims: ForeignClaims, rule: ObjectRule, names: Sequence[str], path: tuple[str | int, ...], value: object
    ) -> None:
        field = str(path[0])
        label = "STIX " + ".".join(str(step) for step in path if isinstance(step, str))
        text = scalar_text(value)
        if field in rule.refers:
            self._refer(claims, rule.refers[field], value, label)
        elif field == "external_references" and isinstance(value, dict):
            claims.add(("sourceUrl",), str(value.get("url", "")), label=label, silent=True)
            claims.note(label, value)
        elif names and text is not None:
            claims.add(names, text, label=label)
        else:
            claims.note(label, value)

    def _refer(self, claims: ForeignClaims, name: str, key: object, label: str) -> None:
        # Who may not see an object may not learn what hangs on it.
        claims.handling = self._known_marks.strictest(claims.handling, self._whole.get(str(key)))
        if claims.refer((name,), key, label=label) and key not in self._keys:
            # The import leaves out references to what it does not have; the note remains.
            claims.note(label, key)

    def _participations(self, each: _Object, rule: ObjectRule, marks: FieldMarkings) -> Iterator[Draft | Problem]:
        for field in rule.events:
            value = each.content.get(field)
            for number, key in enumerate(value if isinstance(value, list) else [value]):
                if key is None:
                    continue
                claims = ForeignClaims(
                    thing="Participation",
                    vocabulary=self._vocabulary,
                    values=self._values,
                    place=each.place,
                    text=json_text({"id": each.key, "type": each.kind, field: key}),
                )
                path = (field, number) if isinstance(value, list) else (field,)
                self._mark(claims, marks, path)
                self._refer(claims, "participant", key, f"STIX {field}")
                self._mark(claims, marks, path)
                claims.refer(("event",), each.key, label="STIX id")
                claims.add(("role",), field.removesuffix("s").removesuffix("_ref").replace("_", " "), label="STIX role")
                yield from claims.results(f"{each.key}#{field}-{number}"[:200], marks.at(path))

    def _relationship(self, each: _Object) -> Iterator[Draft | Problem]:
        kind = scalar_text(each.content.get("relationship_type")) or "related-to"
        thing = self._link(kind, [self._things.get(str(each.content.get(end))) for end in _ENDS])
        ends = self._vocabulary.things[thing].link
        if ends is None:
            raise AssertionError
        marks = self._markings.of(each.content)
        claims = self._claims(each, thing, marks)
        for field, name in zip(_ENDS, (ends.source, ends.target), strict=True):
            self._mark(claims, marks, (field,))
            if scalar_text(each.content.get(field)) is None:
                claims.problem(field, "end_missing", "The relationship does not say both of its ends.")
            self._refer(claims, name, each.content.get(field), f"STIX {field}")
        self._mark(claims, marks, ("relationship_type",))
        claims.add(("role", "relationship", "channel"), kind, label="STIX relationship_type")
        rule = ObjectRule(thing=thing, properties={"start_time": ("startDate",), "stop_time": ("endDate",)})
        self._fields(claims, each, rule, marks, skip=(*_ENDS, "relationship_type"))
        yield from claims.results(each.key, marks.whole)

    def _link(self, kind: str, ends: Sequence[str | None]) -> str:
        thing = self._rules.relations.get(kind, "UnknownLink")
        link = self._vocabulary.things[thing].link
        if link is None:
            return "UnknownLink"
        properties = self._vocabulary.properties_of(thing)
        for name, end in zip((link.source, link.target), ends, strict=True):
            wanted = properties[name].range
            if end is None or wanted is None or not self._vocabulary.is_a(end, wanted):
                return "UnknownLink"
        return thing


def _leaves(field: str, value: object) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """The values of a field one by one, each with its path; what lies deeper stays together."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield (field, number), each
    elif isinstance(value, dict) and field == "hashes":
        for name, each in value.items():
            yield (field, name), each
    else:
        yield (field,), value


def is_stix(head: bytes) -> bool:
    """Whether the first bytes of a JSON document look like a STIX bundle."""
    return b'"bundle' in head[:4096] and (b'"objects"' in head or b'"spec_version"' in head or b"bundle--" in head)


__all__ = ["is_stix", "read_stix"]
