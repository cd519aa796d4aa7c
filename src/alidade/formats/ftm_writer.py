"""FollowTheMoney, written: drafts as entities in JSON lines, with a report of all that the format cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from alidade.formats.ftm_schemata import KeptNote, Schemata, kept_note, load_schemata
from alidade.formats.json_source import json_text
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Invalid
from alidade.model.handling import Handling
from alidade.model.statement import Statement
from alidade.vocabulary import Property, Vocabulary
from alidade.vocabulary.things import line_of

HANDLING_FIELD = "alidade:handling"  # of the metadata of a dataset

LossCode = Literal[
    "thing", "thing_nearest", "property", "reference", "date", "evaluation", "language", "validity", "handling"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FtmExport:
    """What is to be written.

    `handlings` are the ids of the handlings under which the drafts were given, where the drafts do not name them.
    `joined` is the strictest of all of them together, which the caller has computed (policy: join); it travels as
    metadata of the `dataset`, whose name each entity then carries. `texts`: "original" gives values as the source
    wrote them, which is lossless for what `read_ftm` has read; "normal" gives ours in FollowTheMoney's spelling.
    """

    drafts: Sequence[Draft]
    handlings: frozenset[str] = frozenset()
    joined: Handling | None = None
    dataset: str = ""
    texts: Literal["original", "normal"] = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that was left out or said less exactly: of which draft, which property, and why. No values."""

    key: str
    property: str
    code: LossCode
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FtmWritten:
    """The lines without their ends, the metadata of the dataset (JSON, None without one), and what was lost."""

    lines: tuple[str, ...]
    dataset: str | None
    losses: tuple[Loss, ...]


def write_ftm(export: FtmExport, vocabulary: Vocabulary) -> FtmWritten:
    """The entities as lines of JSON, only with types and properties that FollowTheMoney has.

    Raises Invalid, code `handling_not_carried`, where anything was given under a handling and `joined` is missing:
    the format has no place for conditions on a value. Raises Invalid for `joined` without a name of the dataset.
    """
    _check_handling(export)
    writer = _Writer(export, vocabulary)
    lines = tuple(json_text(entity) for entity in writer.entities())
    metadata: dict[str, object] = {"name": export.dataset, "title": export.dataset}
    if export.joined is not None:
        metadata[HANDLING_FIELD] = msgspec.to_builtins(export.joined)
    return FtmWritten(lines=lines, dataset=json_text(metadata) if export.dataset else None, losses=tuple(writer.losses))


def statements_as_drafts(statements: Iterable[Statement], vocabulary: Vocabulary) -> tuple[Draft, ...]:
    """Statements gathered by their record, in their order, each claim under its own handling."""
    records: dict[str, tuple[str, list[Claim]]] = {}
    for each in statements:
        prop = vocabulary.properties_of(each.thing).get(each.property)
        claim = Claim(
            property=each.property,
            value=each.value,
            original=each.original,
            language=each.language,
            evaluation=(each.evaluation.original or each.evaluation.code) if each.evaluation.given else None,
            handling=str(each.handling),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            refers=prop is not None and prop.kind == "entity",
        )
        records.setdefault(str(each.record), (each.thing, []))[1].append(claim)
    return tuple(Draft(key=key, thing=thing, claims=tuple(claims)) for key, (thing, claims) in records.items())


def _check_handling(export: FtmExport) -> None:
    handled = bool(export.handlings) or any(
        draft.handling or any(claim.handling for claim in draft.claims) for draft in export.drafts
    )
    if handled and export.joined is None:
        raise Invalid(
            "FollowTheMoney cannot carry conditions of handling on single values.",
            remedy="Give the strictest of all handlings, to be carried as metadata of the dataset.",
            code="handling_not_carried",
        )
    if export.joined is not None and not export.dataset:
        raise Invalid("The handling needs a dataset to go with.", remedy="Name the dataset.", code="dataset_missing")


@dataclass(slots=True)
class _Entity:
    schema: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    properties: dict[str, list[object]] = field(default_factory=dict)
    fields: dict[str, object] = field(default_factory=dict)

    def add(self, name: str, value: object) -> None:
        values = self.properties.setdefault(name, [])
        if value not in values:
            values.append(value)


def _kept(claim: Claim) -> KeptNote | None:
    """What a note keeps that `read_ftm` made; those have no other text in the source."""
    if claim.property not in ("notes", "description") or claim.original is not None:
        return None
    return kept_note(claim.value)


class _Writer:
    def __init__(self, export: FtmExport, vocabulary: Vocabulary) -> None:
        self._export = export
        self._vocabulary = vocabulary
        self._schemata: Schemata = load_schemata()
        self._three_letters = {code: long for long, code in self._schemata.languages.items()}
        self.losses: list[Loss] = []

    def entities(self) -> Iterator[dict[str, object]]:
        schemas = {draft.key: self._schema(draft.thing) for draft in self._export.drafts}
        gone = {key for key, schema in schemas.items() if schema is None}
        for draft in self._export.drafts:
            schema = schemas[draft.key]
            if schema is None:
                self._lose(draft, "", "thing", f"FollowTheMoney has no type for a {draft.thing}.")
                continue
            if schema != draft.thing:
                self._lose(draft, "", "thing_nearest", f"A {draft.thing} is written as {schema}.")
            yield self._entity(draft, schema, gone)

    def _schema(self, thing: str) -> str | None:
        things = self._vocabulary.things
        line = line_of(things, thing) if thing in things else ()
        return next(
            (name for name in line if things[name].origin == "FollowTheMoney" and not things[name].abstract), None
        )

    def _entity(self, draft: Draft, schema: str, gone: set[str]) -> dict[str, object]:
        entity = _Entity(schema)
        for claim in draft.claims:
            kept = _kept(claim)
            known = self._schemata.schemata.get(kept.text) if kept is not None and kept.kind == "schema" else None
            if kept is not None and known is not None and known.thing == draft.thing:
                entity.schema = kept.text
                entity.renamed = {ours: theirs for theirs, ours in known.renamed.items()}
        if draft.handling is not None:
            self._lose(draft, "", "handling", "Its handling is carried by the dataset only.")
        for claim in draft.claims:
            if not self._kept(entity, claim):
                self._claim(draft, entity, schema, claim, gone)
        found: dict[str, object] = {"id": draft.key, "schema": entity.schema, "properties": entity.properties}
        found.update(entity.fields)
        if self._export.dataset:
            datasets = found.get("datasets")
            earlier: list[object] = list(datasets) if isinstance(datasets, list) else []
            found["datasets"] = [*earlier, *([] if self._export.dataset in earlier else [self._export.dataset])]
        return found

    def _kept(self, entity: _Entity, claim: Claim) -> bool:
        kept = _kept(claim)
        if kept is None:
            return False
        if kept.kind == "schema":
            return kept.text == entity.schema
        if kept.kind == "property":
            entity.add(kept.name, kept.text)
            return True
        try:
            value: object = msgspec.json.decode(kept.text)
        except msgspec.MsgspecError:
            return False
        if kept.kind == "value":
            entity.add(kept.name, value)
        elif kept.name in ("id", "schema", "properties"):
            return False
        else:
            entity.fields[kept.name] = value
        return True

    def _claim(self, draft: Draft, entity: _Entity, schema: str, claim: Claim, gone: set[str]) -> None:
        prop = self._vocabulary.properties_of(schema).get(claim.property)
        if prop is None or prop.origin != "FollowTheMoney":
            self._lose(draft, claim.property, "property", "FollowTheMoney has no such property.")
            return
        if prop.kind == "entity" and claim.value in gone:
            self._lose(draft, claim.property, "reference", "It refers to something that could not be written.")
            return
        text = self._text(prop, claim)
        if text is None:
            self._lose(draft, claim.property, "date", "A span of years, or an uncertain date, cannot be said.")
            return
        entity.add(entity.renamed.get(claim.property, claim.property), text)
        if claim.evaluation is not None:
            self._lose(draft, claim.property, "evaluation", "The evaluation is left out.")
        if claim.language is not None:
            self._lose(draft, claim.property, "language", "The language of the value is left out.")
        if claim.valid_from is not None or claim.valid_to is not None:
            self._lose(draft, claim.property, "validity", "The dates between which it holds are left out.")
        if claim.handling is not None:
            self._lose(draft, claim.property, "handling", "Its handling is carried by the dataset only.")

    def _text(self, prop: Property, claim: Claim) -> str | None:
        if self._export.texts == "original":
            return claim.original if claim.original is not None else claim.value
        if prop.kind == "country":
            return claim.value.lower()
        if prop.kind == "language":
            return self._three_letters.get(claim.value, claim.value)
        if prop.kind == "url" and (claim.original or "").lower().startswith(("http://", "https://")):
            return claim.original  # ours has no scheme, theirs needs one
        if prop.kind == "date" and ("~" in claim.value or "/" in claim.value):
            return None
        return claim.value

    def _lose(self, draft: Draft, name: str, code: LossCode, reason: str) -> None:
        self.losses.append(Loss(key=draft.key, property=name, code=code, reason=reason))
