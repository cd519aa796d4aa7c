"""Correcting: an owner withdraws a wrong contribution, says what kind of person somebody is, or erases for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from alidade.model.draft import Claim, Draft
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.exchange.posting import send_corrections, send_erasure
from alidade.services.node import Node, finish_erasures
from alidade.services.own import cleared_for, own_record
from alidade.services.picture.questions import forget_asked
from alidade.services.rejects import forget_in_rejects
from alidade.services.threads.erasing import reach_threads
from alidade.services.tidying import forget_unsent
from alidade.services.uploads import discard_file, quarantined_file
from alidade.store import erasing, rights, standing, writing
from alidade.store.judgements import forget_judgements
from alidade.store.workpieces import forget_in_pieces
from alidade.store.writing import KeptStatement, RecordState


def withdraw(node: Node, actor: Actor, contribution: str, reason: str) -> int:
    """Withdraw one's own contribution: nothing of it is found or shown from here on. How many statements it had.

    It stays as evidence of what was said, until it is erased. Raises NotFound for a contribution of another or none,
    Conflict where it is withdrawn already, Invalid for a reason that is not listed.
    """
    _listed(node, "withdrawal_reasons", reason)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "withdraw")
        row = writing.contribution_of(tx, actor.viewer.authority, contribution)
        statements = [] if row is None else writing.statements_of_contribution(tx, row.id)
        digests = {str(one.statement.handling) for one in statements}
        if row is None or cleared_for(tx, actor, digests) != digests:
            raise NotFound("Your authority has given no contribution with this reference.")
        if row.state == "withdrawn":
            raise Conflict("This contribution is withdrawn already.", code="withdrawn")
        writing.withdraw_contribution(tx, row.id, reason)
        records = sorted({str(one.statement.record) for one in statements})
        send_corrections(node, tx, actor.viewer.authority, records)
        log(tx, actor, "withdraw", objects=[contribution], results=len(statements), details={"reason": reason})
    return len(statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A record that nobody finds until somebody says what kind of person it is about."""

    record: str
    thing: str
    source_key: str


def waiting_for_category(node: Node, actor: Actor) -> list[Waiting]:
    """One's own records in quarantine."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "categorise")
        found = [
            state
            for state in writing.quarantined(tx, actor.viewer.authority)
            if cleared_for(tx, actor, writing.handlings_of(tx, state.number, current_only=False))
        ]
        log(tx, actor, "categorise", results=len(found), details={"list": "waiting"})
    return [Waiting(record=state.id, thing=state.thing, source_key=state.key) for state in found]


def categorise(node: Node, actor: Actor, record: str, category: str) -> Outcome:
    """Say which kind of person a quarantined record is about; it is given anew under that category and is found.

    Facts that the law does not let be kept about such a person are left out and named (Annex II of Regulation (EU)
    2016/794). Raises NotFound for a record of another, Conflict for one that is not in quarantine.
    """
    if category not in node.vocabulary.subject_categories:
        raise Invalid("There is no such data-subject category.", remedy="See: alidade words subject_categories.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "categorise")
        state, every = own_record(tx, actor, record)
        if state.state != "quarantined":
            raise Conflict("This record does not wait for a category.", code="not_quarantined")
        kept = _newest_version(every)
        handlings: dict[str, Handling] = {}
        for digest in {one.statement.handling for one in kept}:
            found = rights.handling_by_digest(tx, digest)
            if found is not None and found[1].handling is not None:
                handling = found[1].handling
                missing = handling.content == "personal" and handling.subject_category is None
                handlings[digest] = (
                    msgspec.structs.replace(handling, subject_category=category) if missing else handling
                )
        giving = Giving(
            title=f"Category stated: {category}",
            drafts=[said_again(state, kept)],
            handlings=handlings,
            scheme=scheme_of(kept),
            source_list=writing.list_of(tx, state.number),
        )
        outcome = give(node, tx, actor, giving)
        log(tx, actor, "categorise", objects=[record], details={"category": category})
    return outcome


def _newest_version(kept: Sequence[KeptStatement]) -> list[KeptStatement]:
    """What was said last: every version that waits in quarantine was given whole, in one contribution."""
    newest = max(one.contribution for one in kept)
    return [one for one in kept if one.contribution == newest and one.statement.value]


def scheme_of(kept: Sequence[KeptStatement]) -> str:
    """The scheme in which the evaluations were given; a contribution has one."""
    return next((e.scheme for one in kept if (e := one.statement.evaluation).given), "4x4")


def said_again(state: RecordState, kept: Sequence[KeptStatement]) -> Draft:
    """The record as a draft, each claim with its evaluation as it was given and the handling it had."""
    claims = tuple(
        Claim(
            property=s.property,
            value=s.value,
            original=s.original,
            language=s.language,
            evaluation=s.evaluation.original or s.evaluation.code if s.evaluation.given else None,
            handling=s.handling,
            valid_from=s.valid_from,
            valid_to=s.valid_to,
        )
        for s in (one.statement for one in kept)
    )
    return Draft(key=state.key, thing=state.thing, claims=claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is gone: how many statements, questions and rows of reject files."""

    erasure: str
    statements: int
    questions: int
    reject_rows: int


def erase_record(node: Node, actor: Actor, record: str, reason: str, *, only_property: str | None = None) -> Erased:
    """Erase one's own record, or the values of one of its properties, for good.

    Gone from rows, keys and reject files at once, from backups with the field key of the record. Ids, salted hashes
    and this act remain. It cannot be undone. Raises NotFound for a record of another or none.
    """
    _listed(node, "erasure_reasons", reason)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        state, kept = own_record(tx, actor, record)
        gone = [one for one in kept if only_property in (None, one.statement.property) and one.statement.value]
        values = _identifying(node, state.thing, gone)
        statements = erasing.erase_statements(tx, [one.number for one in gone])
        if only_property is None and not writing.has_values(tx, state.number):
            writing.retire_records(tx, [state.number], "erased")
        writing.forget_source(tx, state, key=only_property is None)
        reject_paths = writing.reject_files_of(tx, actor.viewer.authority)
        unsent_keys, uploads = forget_unsent(tx, actor.viewer.authority, values)
        unsent_keys += send_erasure(
            node, tx, actor.viewer.authority, record, statements, reason, whole=only_property is None
        )
        named = record if only_property is None else None
        unsent_keys += forget_in_pieces(tx, named, actor.viewer.authority, values)
        unsent_keys += forget_asked(tx, named, actor.viewer.authority, values)
        unsent_keys += forget_judgements(tx, named, actor.viewer.authority, values)
        unsent_keys += reach_threads(tx, actor.viewer.authority, values).field_keys
        erasure = erasing.note_erasure(
            tx,
            authority=actor.viewer.authority,
            officer=actor.officer,
            reason=reason,
            statements=statements,
            records=[record],
            field_keys=unsent_keys,
        )
        log(
            tx,
            actor,
            "erase",
            objects=[record, *statements],
            results=len(statements),
            details={"reason": reason, "erasure": erasure},
        )
    finish_erasures(node.store)  # before the reject files, which somebody may have spoilt or moved
    for upload in uploads:
        discard_file(quarantined_file(node, upload))
    rows = forget_in_rejects(reject_paths, key=state.key if only_property is None else None, values=values)
    return Erased(erasure=erasure, statements=len(statements), questions=0, reject_rows=rows)


def erase_question(node: Node, actor: Actor, check: str, reason: str) -> Erased:
    """Erase the question of a check of one's own authority and the body of its ledger entry; both leave their hash.

    Where the check belongs to a standing check, the question goes from that and from all that it asked.
    """
    _listed(node, "erasure_reasons", reason)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        references, keys = standing.erase_question(tx, actor.viewer.authority, check)
        erasure = erasing.note_erasure(
            tx,
            authority=actor.viewer.authority,
            officer=actor.officer,
            reason=reason,
            checks=references,
            field_keys=keys,
        )
        log(tx, actor, "erase", objects=references, details={"reason": reason, "erasure": erasure})
    finish_erasures(node.store)
    return Erased(erasure=erasure, statements=0, questions=len(references), reject_rows=0)


_IDENTIFYING = frozenset({"name", "identifier", "phone", "email", "url", "address"})


def _identifying(node: Node, thing: str, gone: Sequence[KeptStatement]) -> set[str]:
    """The values by which a row of a reject file is this person's and no other's."""
    properties = node.vocabulary.properties_of(thing)
    values: set[str] = set()
    for one in gone:
        definition = properties.get(one.statement.property)
        if definition is not None and definition.kind in _IDENTIFYING:
            values.update(text for text in (one.statement.value, one.statement.original) if text)
    return values


def _listed(node: Node, list_name: str, reason: str) -> None:
    if reason not in node.vocabulary.codes(list_name):
        raise Invalid(
            "The reason is not in the list.", remedy=f"See: alidade words {list_name}.", code="reason_unknown"
        )
