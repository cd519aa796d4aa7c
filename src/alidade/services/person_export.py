"""Person export: everything that one's own authority processes about a person, for the person who asks.

Source: Directive (EU) 2016/680 Art. 14 (access), 15 (limits), 14(g) (origin); Art. 16(5) and Regulation (EU) 2016/794
Art. 36-37 (the owner is asked first). People choose the records, the texts and what a limit keeps back; what belongs
to others is never taken up: of what other authorities gave there is only whom to ask, and not for the person's eyes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.statement import Statement
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.person_consultations import (
    Consultation,
    Recipient,
    consultations,
    recipients,
    recipients_for_person,
)
from alidade.services.person_search import Asked
from alidade.store import directory, person, rights
from alidade.store.database import Transaction
from alidade.store.writing import KeptStatement, RecordState
from alidade.vocabulary import Vocabulary

FORMAT: Final = "alidade-person-export/1"
_MOST_RECORDS = 500
_REFERENCE: Final = re.compile(r"[0-9a-f]{32}")
_OWN_WORDS: Final = frozenset(
    {"title", "firstName", "secondName", "middleName", "lastName", "nameSuffix", "birthPlace", "eyeColor", "hairColor"}
)
_OWN_NAMES: Final = frozenset({"name", "alias", "previousName", "weakAlias", "abbreviation"})
# Kinds of value that speak of the record's own thing and hold no sentences.
_OF_NOBODY: Final = frozenset({"date", "country", "number", "code", "topic", "language"})
_PLAIN_KINDS: Final = _OF_NOBODY | {"identifier", "phone", "email", "address", "ip"}


class ExportedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement about the person. `withheld` says why there is no value: another_person, text_not_read, limit."""

    statement: str
    property: str
    value: str | None
    original: str | None
    withheld: str | None
    given_at: str
    origin: str
    evaluation: str
    evaluation_given: bool
    valid_from: str | None
    valid_to: str | None
    in_force: bool
    handling_codes: tuple[str, ...]
    conditions: tuple[str, ...]
    classification: str
    purposes: tuple[str, ...]
    subject_category: str | None
    review_on: str | None
    expires_on: str | None


class ExportedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record about the person, or one that links him to something: the others in it are references alone."""

    record: str
    thing: str
    state: str
    role: str
    statements: tuple[ExportedStatement, ...]


class PersonFile(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed to the person. It names no officer unless that was decided, and no other person."""

    format: str
    reference: str
    made_at: str
    authority: str
    authority_name: str
    authority_contact: str
    records: tuple[ExportedRecord, ...]
    recipients: tuple[Recipient, ...]
    consultations: tuple[Consultation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person has decided for an export.

    records   the records that are this person's
    texts     statements in free text that somebody has read and that name nobody else: their value goes in
    kept_back statements that Art. 15 lets be withheld; that they are is not told
    checks    checks found by name or number only that were about this person
    officers  a reason of the list log_use_reasons for naming the officers who looked; None names nobody
    recipients_named  whether recipients go in by name; else by their function alone (Art. 14(c) lets both)
    """

    records: tuple[str, ...]
    texts: frozenset[str] = frozenset()
    kept_back: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    officers: str | None = None
    recipients_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExport:
    """The file for the person, its JSON with SHA-256, and what stays with the authority.

    `records` has what is kept back under Art. 15 too, `recipients` their names whatever was chosen. `to_read` has the
    texts that are not in the file yet, for a person to read: (record, statement, property, value). `unsure` are checks
    that may have been about somebody else.
    """

    file: PersonFile
    content: bytes
    sha256: str
    records: tuple[ExportedRecord, ...]
    recipients: tuple[Recipient, ...]
    to_read: tuple[tuple[str, str, str, str], ...]
    unsure: tuple[Consultation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConsult:
    """Another authority to be asked before an answer is given: it knows something, under this hit; not what."""

    owner: str
    owner_name: str
    contact: str
    hit: str
    content: bool
    asked_at: str


def export_person(node: Node, actor: Actor, choice: Choice, asked: Asked | None = None) -> PersonExport:
    """Put together everything about a person from the records chosen; with `asked`, checks by name are listed too.

    Raises NotFound where one of the records is not one's own, Invalid without records.
    """
    _sensible(node, choice)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "person_export")
        chosen = [own_record(tx, actor, record) for record in dict.fromkeys(choice.records)]
        authority = directory.authority(tx, actor.viewer.authority)
        writer = _Writer(node.vocabulary, tx, choice)
        records = [writer.record(state, kept, "about") for state, kept in chosen]
        numbers = [state.id for state, _ in chosen]
        records += [writer.record(*link, "link") for link in _links(tx, actor, numbers)]
        looks = consultations(tx, actor, numbers, asked, officers=choice.officers is not None)
        sure = tuple(one for one in looks if one.certain or one.check in choice.checks)
        shown = recipients(tx, actor, numbers, sorted(writer.handlings))
        file = PersonFile(
            format=FORMAT,
            reference=tx.new_id(),
            made_at=tx.now.isoformat(),
            authority=authority.id,
            authority_name=authority.name,
            authority_contact=authority.contact,
            records=tuple(_handed_over(record) for record in records),
            recipients=recipients_for_person(shown, named=choice.recipients_named),
            consultations=sure,
        )
        content = msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1)
        digest = hashlib.sha256(content).hexdigest()
        details = {"view": "export", "sha256": digest, "reference": file.reference}
        if choice.officers is not None:
            details["officers_named"] = choice.officers
        log(tx, actor, "person_export", objects=numbers, results=writer.written, details=details)
    return PersonExport(
        file=file,
        content=content,
        sha256=digest,
        records=tuple(records),
        recipients=tuple(shown),
        to_read=tuple(writer.to_read),
        unsure=tuple(one for one in looks if not one.certain and one.check not in choice.checks),
    )


def authorities_to_consult(
    node: Node, actor: Actor, records: Sequence[str], asked: Asked | None = None
) -> tuple[ToConsult, ...]:
    """Whom to ask before answering: owners of what one's own checks about this person met elsewhere.

    From the answers that one's own officers were given; nothing is asked anew, and nothing of the content is shown.
    For the authority's file only: that another authority knows something is not the person's to read here.
    """
    if not records or len(records) > _MOST_RECORDS:
        raise Invalid(f"Choose between 1 and {_MOST_RECORDS} records.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "person_export")
        own = [own_record(tx, actor, record)[0].id for record in dict.fromkeys(records)]
        looks = consultations(tx, actor, own, asked, officers=False)
        names = directory.authorities(tx)
        found = [
            ToConsult(
                owner=hit.owner,
                owner_name=owner.name,
                contact=owner.contact,
                hit=hit.hit,
                content=hit.content,
                asked_at=hit.asked_at.isoformat(),
            )
            for hit in person.hits_elsewhere(tx, actor.viewer.authority, [one.check for one in looks if one.check])
            for owner in (names[AuthorityId(hit.owner)],)
        ]
        log(
            tx,
            actor,
            "person_export",
            objects=[*own, *(one.hit for one in found)],
            results=len(found),
            details={"view": "consult"},
        )
    return tuple(found)


class _Writer:
    """Writes records for the person's eyes and remembers what a person has to read first."""

    def __init__(self, vocabulary: Vocabulary, tx: Transaction, choice: Choice) -> None:
        self._vocabulary = vocabulary
        self._tx = tx
        self._choice = choice
        self.handlings: set[str] = set()
        self.to_read: list[tuple[str, str, str, str]] = []
        self.written = 0

    def record(self, state: RecordState, kept: Sequence[KeptStatement], role: str) -> ExportedRecord:
        """The record with every statement of it that was not erased."""
        source = person.source_of(self._tx, state.number)
        statements = []
        for one in kept:
            if one.statement.value:
                given_at, imported = source.given[one.contribution]
                origin = f"list {source.source_list}" if imported else "officer"
                statements.append(self._statement(state, one, role, given_at, origin))
        self.written += len(statements)
        return ExportedRecord(
            record=state.id, thing=state.thing, state=state.state, role=role, statements=tuple(statements)
        )

    def _statement(
        self, state: RecordState, kept: KeptStatement, role: str, given_at: str, origin: str
    ) -> ExportedStatement:
        one = kept.statement
        self.handlings.add(one.handling)
        handling = self._handling(one.handling)
        withheld = self._withheld(state.thing, one, role)
        if withheld == "text_not_read":
            self.to_read.append((state.id, one.id, one.property, one.value))
        refers = self._kind(state.thing, one.property) == "entity"
        named = one.property in _OWN_NAMES or one.property in _OWN_WORDS
        return ExportedStatement(
            statement=one.id,
            property=one.property,
            value=one.value if withheld is None else None,
            original=one.original if withheld is None and named and not refers else None,
            withheld=withheld,
            given_at=given_at,
            origin=origin,
            evaluation=one.evaluation.code,
            evaluation_given=one.evaluation.given,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            in_force=kept.current,
            handling_codes=handling.codes,
            conditions=handling.conditions,
            classification=handling.classification,
            purposes=handling.purposes,
            subject_category=handling.subject_category,
            review_on=handling.review_on,
            expires_on=handling.expires_on,
        )

    def _withheld(self, thing: str, one: Statement, role: str) -> str | None:
        """Why a value is kept back; None for one that goes in. What is not known to be the person's own does not."""
        if one.id in self._choice.kept_back:
            return "limit"
        kind = self._kind(thing, one.property)
        if kind == "entity":
            # A random reference tells nobody who it is; a text in its place might.
            return None if _REFERENCE.fullmatch(one.value) else "another_person"
        if role == "link" and kind not in ("text", "url"):
            return None if kind in _OF_NOBODY else "another_person"
        if kind in _PLAIN_KINDS or one.property in _OWN_NAMES:
            return None
        if kind == "name":
            return "another_person"
        if role == "about" and one.property in _OWN_WORDS:
            return None
        return None if one.id in self._choice.texts else "text_not_read"

    def _kind(self, thing: str, name: str) -> str:
        definition = self._vocabulary.properties_of(thing).get(name)
        return "text" if definition is None else definition.kind

    def _handling(self, digest: str) -> Handling:
        found = rights.handling_by_digest(self._tx, digest)
        if found is None or found[1].handling is None:
            raise Invalid("A handling of this record cannot be read.", remedy="Run: alidade ledger verify.")
        return found[1].handling


def _handed_over(record: ExportedRecord) -> ExportedRecord:
    """The record without what Art. 15 keeps back: that something is kept back is not told either."""
    told = tuple(one for one in record.statements if one.withheld != "limit")
    return msgspec.structs.replace(record, statements=told)


def _links(tx: Transaction, actor: Actor, records: Sequence[str]) -> list[tuple[RecordState, list[KeptStatement]]]:
    """One's own records that refer to the chosen ones, as far as the officer's clearance goes."""
    found = []
    for record in sorted(person.linking(tx, actor.viewer.authority, records)):
        try:
            found.append(own_record(tx, actor, record))
        except NotFound:
            continue
    return found


def _sensible(node: Node, choice: Choice) -> None:
    if not choice.records or len(choice.records) > _MOST_RECORDS:
        raise Invalid(f"Choose between 1 and {_MOST_RECORDS} records.", remedy="A person decides which are his.")
    if choice.officers is not None and choice.officers not in node.vocabulary.codes("log_use_reasons"):
        raise Invalid(
            "The reason is not in the list.", remedy="See: alidade words log_use_reasons.", code="reason_unknown"
        )
