"""FollowTheMoney: entities as JSON lines, as OpenSanctions and OpenAleph give them, as drafts.

Both the plain form, where a property refers to another entity by its id, and the nested one, where the other entity
stands in the property. Source: FollowTheMoney 4 (types), OpenSanctions entities.ftm.json and targets.nested.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from alidade.formats.countries import CountryNames
from alidade.formats.foreign_claims import ForeignClaims, is_key, scalar_text
from alidade.formats.ftm_schemata import KEPT_FIELDS, Schema, kept_note, load_schemata, note_label
from alidade.formats.json_source import (
    DEFAULT_JSON_LIMITS,
    JsonLimits,
    JsonLine,
    JsonObject,
    json_raw,
    json_text,
    read_json_lines,
)
from alidade.formats.values import ValueReader
from alidade.model.draft import Draft, Place, Problem
from alidade.vocabulary import Vocabulary


def read_ftm(
    path: Path, vocabulary: Vocabulary, *, limits: JsonLimits = DEFAULT_JSON_LIMITS
) -> Iterator[Draft | Problem]:
    """Every entity of the file as a draft, in order; what is wrong with one comes before it.

    The key of a draft is the id of the entity. A schema that is not in the vocabulary becomes the nearest type that
    is, with a remark. What has no property here, such as datasets, referents and first_seen, stands in the notes
    under its name, so that `write_ftm` gives it back. An entity nested in a property becomes a draft of its own
    before the outer one. An id that comes again with the same content is passed over, with other content it is a
    fatal problem. Nothing says how an entity is to be handled: `handling` stays None. Raises Unreadable.
    """
    reader = _EntityReader(vocabulary)
    for item in read_json_lines(path, limits):
        if isinstance(item, Problem):
            yield item
        else:
            yield from reader.line(item, Place(file=path.name, row=item.number))


class _EntityReader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._values = ValueReader(vocabulary, CountryNames(vocabulary))
        self._schemata = load_schemata()
        self._seen: dict[bytes, bytes] = {}

    def line(self, line: JsonLine, place: Place) -> Iterator[Draft | Problem]:
        yield from self._entity(line.value, place, line.text, nested=False)

    def _entity(self, entity: JsonObject, place: Place, text: str, *, nested: bool) -> Iterator[Draft | Problem]:
        key, name, properties = entity.get("id"), entity.get("schema"), entity.get("properties")
        schema = self._schemata.schema(name, self._vocabulary) if isinstance(name, str) else None
        if not isinstance(key, str) or not is_key(key):
            yield _fatal(place, text, "id", "key", "The entity has no id, or one that cannot be a key.")
            return
        if schema is None or not isinstance(name, str):
            yield _fatal(place, text, "schema", "thing_unknown", "The schema of the entity is not known.")
            return
        if not isinstance(properties, dict | None):
            yield _fatal(place, text, "properties", "properties", "The properties of the entity are no object.")
            return
        claims = ForeignClaims(
            thing=schema.thing, vocabulary=self._vocabulary, values=self._values, place=place, text=text
        )
        if schema.thing != name:
            claims.note(note_label("schema"), name)
            claims.problem("schema", "thing_nearest", f"There is no type {name[:80]} here; read as {schema.thing}.")
        inner: list[JsonObject] = []
        for prop, given in (properties or {}).items():
            for value in given if isinstance(given, list) else [given]:
                self._value(claims, schema, prop, value, inner, key)
        for field, value in entity.items():
            if field not in KEPT_FIELDS and value is not None:
                claims.note(note_label("field", field), json_text(value))
        self._check_ends(claims)
        for other in inner:
            yield from self._entity(other, place, json_text(other), nested=True)
        yield from self._once(claims, key, text, nested=nested)

    def _once(self, claims: ForeignClaims, key: str, text: str, *, nested: bool) -> Iterator[Draft | Problem]:
        found = list(claims.results(key))
        draft = found[-1]
        if not isinstance(draft, Draft):
            raise AssertionError
        mark = _digest(key)
        content = _digest(repr((draft.thing, sorted(draft.claims, key=repr))))
        earlier = self._seen.get(mark)
        if earlier is None:
            self._seen[mark] = content
            yield from found
        elif earlier != content:
            reason = "The id stands in this file before, with another content; the first is kept."
            yield _fatal(claims.place, text, "id", "key_twice", reason)
        elif not nested:
            reason = "The id stands in this file before, with the same content; it is kept once."
            yield Problem(place=claims.place, field="id", code="key_twice", reason=reason, fatal=False)

    def _value(
        self,
        claims: ForeignClaims,
        schema: Schema,
        name: str,
        value: object,
        inner: list[JsonObject],
        outer: str,
    ) -> None:
        if isinstance(value, dict) and is_key(value.get("id")) and isinstance(value.get("schema"), str):
            inner.append(value)
            if not _points_to(value, outer) or claims.has(schema.renamed.get(name, name)):
                self._text(claims, schema, name, str(value["id"]))
            return
        text = scalar_text(value)
        if text is not None:
            self._text(claims, schema, name, text)
        elif value not in (None, [], {}):
            claims.note(note_label("value", name), json_text(value))

    def _text(self, claims: ForeignClaims, schema: Schema, name: str, text: str) -> None:
        label = note_label("property", name)
        target = schema.renamed.get(name, name)
        # A name that a renamed property has taken here is not free for the schema's own one of that name.
        taken = target == name and name in schema.renamed.values()
        prop = None if taken else claims.first_of((target,))
        if prop is None or (prop.kind == "text" and kept_note(text) is not None):
            claims.note(label, text)
        elif prop.kind == "entity":
            claims.refer((target,), text, label=label)
        elif prop.kind == "language" and text.lower() in self._schemata.languages:
            claims.add((target,), self._schemata.languages[text.lower()], label=label, original=text)
        else:
            claims.add((target,), text, label=label)

    def _check_ends(self, claims: ForeignClaims) -> None:
        link = self._vocabulary.things[claims.thing].link
        for end in (link.source, link.target) if link is not None else ():
            if not claims.values_of(end):
                claims.problem(end, "end_missing", "The link does not say both of its ends.")


def is_ftm(head: bytes) -> bool:
    """Whether the first bytes of a file look like entities, one in each line."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    return first.startswith(b"{") and b'"id"' in first and b'"schema"' in first and b'"properties"' in first


def _points_to(entity: JsonObject, key: str) -> bool:
    properties = entity.get("properties")
    if not isinstance(properties, dict):
        return False
    return any(key in values for values in properties.values() if isinstance(values, list))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()


def _fatal(place: Place, text: str, field: str, code: str, reason: str) -> Problem:
    return Problem(place=place, field=field, code=code, reason=reason, raw=json_raw(text))
