"""Contribute: an authority gives what it knows, under its own rules, signed, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from alidade.model.contribution import sign_contribution
from alidade.model.draft import Claim, Draft, Problem
from alidade.model.errors import NotAllowed
from alidade.model.handling import Handling, make_handling
from alidade.model.ids import AuthorityId, ContributionId, HandlingId, RecordId, StatementId
from alidade.model.statement import Statement, statement_leaf
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.preparing import (
    NOWHERE,
    InternedHandling,
    PreparedClaim,
    PreparedRecord,
    Preparer,
    content_key,
    fingerprint,
)
from alidade.services.signing import signing_key
from alidade.store import rights, writing
from alidade.store.database import Transaction
from alidade.store.keystore import SigningKey
from alidade.store.references import REFERS
from alidade.store.writing import NewRecord, NewStatement, RecordState


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """What is given at once. The first of `handlings` is the default; drafts and claims may name others.

    With a `source_list`, records keep their id from one version of the list to the next, and only what changed is
    given. Without one, every draft is a new record.
    """

    title: str
    drafts: Sequence[Draft]
    handlings: Mapping[str, Handling]
    scheme: str = "4x4"
    source_list: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it: the contribution (None where nothing was new), rows by fate, problems, record ids by key."""

    contribution: ContributionId | None
    new: int = 0
    altered: int = 0
    unchanged: int = 0
    quarantined: int = 0
    rejected: int = 0
    statements: int = 0
    problems: tuple[Problem, ...] = ()
    records: Mapping[str, RecordId] = field(default_factory=dict)


def contribute(node: Node, actor: Actor, giving: Giving, *, act: str = "contribute") -> Outcome:
    """Keep what an authority gives, all good rows of it, durably, or raise and keep nothing.

    Raises NotAllowed where the role does not permit it, the handling names another owner, or this node does not hold
    the authority's key; Invalid where the handling is missing or cannot be computed.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, act)
        outcome = give(node, tx, actor, giving)
        log(
            tx,
            actor,
            act,
            objects=[outcome.contribution] if outcome.contribution else [],
            results=outcome.statements,
            details={"title": giving.title, "rejected": str(outcome.rejected)},
        )
    return outcome


def give(
    node: Node,
    tx: Transaction,
    actor: Actor,
    giving: Giving,
    *,
    run: str | None = None,
) -> Outcome:
    """The same inside a transaction that the caller has opened and logs; `run` is the import that it belongs to."""
    owner = actor.viewer.authority
    signer = signing_key(node, owner)
    preparer = Preparer(node.vocabulary, intern_all(node, tx, owner, giving.handlings), giving.scheme)
    problems: list[Problem] = []
    prepared: list[PreparedRecord] = []
    seen: set[str] = set()
    for draft in giving.drafts:
        if draft.key in seen:
            problems.append(_twice(draft))
            continue
        record, remarks = preparer.prepare(draft)
        problems.extend(remarks)
        if record is not None:
            seen.add(draft.key)
            prepared.append(record)
    contribution = ContributionId(tx.new_id())
    list_name = giving.source_list or str(contribution)
    earlier = writing.records_of_list(tx, owner, list_name, list(seen)) if giving.source_list else {}
    prepared = _keep_categories(node, tx, owner, giving, prepared, earlier, problems)
    work = _Writer(tx, owner, list_name, earlier)
    prepared = work.resolve_references(prepared, problems)
    for record in prepared:
        work.take(record)
    work.write(contribution, giving.title, signer, actor, run)
    if work.changed:
        from alidade.services.exchange.posting import send_corrections  # which needs the keys of this module

        send_corrections(node, tx, owner, work.changed)
    rejected = len({(p.place.file, p.place.row, p.field if p.place.row == 0 else "") for p in problems if p.fatal})
    return Outcome(
        contribution=contribution if work.statements else None,
        new=work.new,
        altered=work.altered,
        unchanged=work.unchanged,
        quarantined=work.quarantined,
        rejected=rejected,
        statements=len(work.statements),
        problems=tuple(problems),
        records=work.ids,
    )


def _keep_categories(
    node: Node,
    tx: Transaction,
    owner: AuthorityId,
    giving: Giving,
    prepared: Sequence[PreparedRecord],
    earlier: Mapping[str, RecordState],
    problems: list[Problem],
) -> list[PreparedRecord]:
    """Prepare anew, under the category that somebody stated since, what would fall back into quarantine."""
    preparers: dict[str, Preparer] = {}
    kept: list[PreparedRecord] = []
    for record in prepared:
        state = earlier.get(record.draft.key)
        category = None
        if record.quarantined and state is not None and state.state == "active":
            category = rights.category_of(tx, writing.handlings_of(tx, state.number))
        if category is None:
            kept.append(record)
            continue
        if category not in preparers:
            stated = {name: _with_category(handling, category) for name, handling in giving.handlings.items()}
            preparers[category] = Preparer(node.vocabulary, intern_all(node, tx, owner, stated), giving.scheme)
        again, remarks = preparers[category].prepare(record.draft)
        problems.extend(remarks)
        kept.append(again or record)
    return kept


def _with_category(handling: Handling, category: str) -> Handling:
    missing = handling.content == "personal" and handling.subject_category is None
    return msgspec.structs.replace(handling, subject_category=category) if missing else handling


def intern_all(
    node: Node, tx: Transaction, owner: AuthorityId, handlings: Mapping[str, Handling]
) -> dict[str, InternedHandling]:
    """The handlings in normal form, signed and numbered. Raises NotAllowed for a handling of another owner."""
    signer = signing_key(node, owner)
    interned: dict[str, InternedHandling] = {}
    for name, handling in handlings.items():
        normal = make_handling(handling, node.vocabulary)
        require_owner(owner, normal)
        number, digest = rights.intern_handling(tx, normal, signer, signer.public)
        interned[name] = InternedHandling(number=number, digest=digest, handling=normal)
    return interned


def require_owner(owner: AuthorityId, handling: Handling) -> None:
    """Raises NotAllowed for a handling of another owner."""
    if handling.owner != owner:
        raise NotAllowed("A handling must name the giver as its owner.", code="not_owner")


class _Writer:
    """Compares each record with its last version and gathers what is new."""

    def __init__(self, tx: Transaction, owner: AuthorityId, list_name: str, earlier: Mapping[str, RecordState]) -> None:
        self._tx = tx
        self._owner = owner
        self._list = list_name
        self._earlier = earlier
        self._records: list[NewRecord] = []
        self._retired: list[int] = []
        self._of_other_type: list[int] = []
        self._states: list[tuple[int, str, str, str]] = []
        self.statements: list[NewStatement] = []
        self.changed: list[RecordId] = []
        self.ids: dict[str, RecordId] = {}
        self.new = self.altered = self.unchanged = self.quarantined = 0

    def resolve_references(self, prepared: Sequence[PreparedRecord], problems: list[Problem]) -> list[PreparedRecord]:
        """Give every record its id, and turn references to other drafts into those ids."""
        for record in prepared:
            state = self._earlier.get(record.draft.key)
            self.ids[record.draft.key] = state.id if state else RecordId(self._tx.new_id())
        missing = {
            claim.claim.value
            for record in prepared
            for claim in record.claims
            if claim.claim.refers and claim.claim.value not in self.ids
        }
        known = writing.records_of_list(self._tx, self._owner, self._list, sorted(missing)) if missing else {}
        found = {**{key: state.id for key, state in known.items()}, **self.ids}
        resolved: list[PreparedRecord] = []
        for record in prepared:
            claims: list[PreparedClaim] = []
            for claim in record.claims:
                if not claim.claim.refers:
                    claims.append(claim)
                elif claim.claim.value in found:
                    to = found[claim.claim.value]
                    claims.append(replace(claim, claim=replace(claim.claim, value=to), lookups=((REFERS, to),)))
                else:
                    problems.append(_dangling(record.draft, claim.claim.property))
            resolved.append(replace(record, claims=tuple(claims)))
        return resolved

    def take(self, record: PreparedRecord) -> None:
        """Keep what this record says that its last version did not."""
        key = record.draft.key
        mark = fingerprint(record.claims)
        state = "quarantined" if record.quarantined else "active"
        earlier = self._earlier.get(key)
        self.quarantined += record.quarantined
        if earlier is None:
            self.new += 1
            self._records.append(
                NewRecord(
                    id=self.ids[key],
                    owner=self._owner,
                    thing=record.draft.thing,
                    source_list=self._list,
                    source_key=key,
                    state=state,
                    fingerprint=mark,
                )
            )
            for claim in record.claims:
                self._add(record, claim, None)
            return
        if earlier.state == state and earlier.fingerprint == mark and earlier.thing == record.draft.thing:
            self.unchanged += 1
            return
        self.altered += 1
        self.changed.append(earlier.id)
        if earlier.thing != record.draft.thing:
            self._of_other_type.append(earlier.number)
        self._states.append((earlier.number, record.draft.thing, state, mark))
        self._supersede(record, earlier)

    def _supersede(self, record: PreparedRecord, earlier: RecordState) -> None:
        kept = writing.statements_of(self._tx, earlier.number)
        wanted = {claim.content_key: claim for claim in record.claims}
        gone: dict[str, list[StatementId]] = {}
        for old in kept:
            # What waits in quarantine is said anew as a whole: nothing of it stays in force beside.
            if record.quarantined or wanted.pop(_content_key_of(old.statement), None) is None:
                self._retired.append(old.number)
                gone.setdefault(old.statement.property, []).append(old.statement.id)
        for claim in wanted.values():
            replaced = gone.get(claim.claim.property, [])
            self._add(record, claim, replaced.pop(0) if replaced else None)

    def _add(self, record: PreparedRecord, claim: PreparedClaim, supersedes: StatementId | None) -> None:
        c = claim.claim
        statement = Statement(
            id=StatementId(self._tx.new_id()),
            record=self.ids[record.draft.key],
            thing=record.draft.thing,
            property=c.property,
            value=c.value,
            evaluation=claim.evaluation,
            handling=HandlingId(claim.handling.digest),
            salt=self._tx.store.randomness.token_bytes(16),
            original=c.original,
            language=c.language,
            valid_from=c.valid_from,
            valid_to=c.valid_to,
            supersedes=supersedes,
        )
        self.statements.append(
            NewStatement(
                statement=statement,
                leaf=statement_leaf(statement),
                handling=claim.handling.number,
                current=not record.quarantined,
                lookups=claim.lookups,
            )
        )

    def write(
        self, contribution: ContributionId, title: str, signer: SigningKey, actor: Actor, run: str | None
    ) -> None:
        """Put everything into the store, the signed head first."""
        writing.retire_statements(self._tx, self._retired)
        for number, thing, state, mark in self._states:
            writing.set_record(self._tx, number, thing=thing, state=state, fingerprint=mark)
        writing.note_other_type(self._tx, self._of_other_type)
        if not self.statements:
            return
        head = sign_contribution(
            contribution=contribution,
            owner=self._owner,
            given_at=self._tx.now.isoformat(),
            title=title,
            leaves=[new.leaf for new in self.statements],
            signer=signer,
        )
        kept = writing.insert_contribution(self._tx, head, actor.officer, run)
        writing.insert_records(self._tx, self._records)
        writing.insert_statements(self._tx, kept, self.statements)


def _content_key_of(statement: Statement) -> str:
    claim = Claim(
        property=statement.property,
        value=statement.value,
        original=statement.original,
        language=statement.language,
        valid_from=statement.valid_from,
        valid_to=statement.valid_to,
    )
    return content_key(claim, statement.evaluation, statement.handling)


def _twice(draft: Draft) -> Problem:
    return Problem(
        place=draft.place or NOWHERE,
        field="key",
        code="key_twice",
        reason="The key stands in this contribution twice; the first row is kept.",
    )


def _dangling(draft: Draft, name: str) -> Problem:
    return Problem(
        place=draft.place or NOWHERE,
        field=name,
        code="reference_unknown",
        reason="It refers to a row that was not kept; the reference is left out.",
        fatal=False,
    )
