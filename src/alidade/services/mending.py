"""Mending: an owner corrects single values of his own record; what was said before stays, superseded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alidade.formats.countries import CountryNames
from alidade.formats.values import BadValue, ValueReader
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Conflict, Invalid
from alidade.model.handling import Handling
from alidade.model.statement import Statement
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.store import rights, writing
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """A record of one's own authority whatever its state, with what is in force of it (or waits in quarantine)."""

    reference: str
    thing: str
    state: str
    source_list: str
    source_key: str
    statements: tuple[Statement, ...]


def own(node: Node, actor: Actor, record: str) -> OwnRecord:
    """A record of one's own authority. Raises NotFound for another's, for none, and above the clearance."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        state, kept = own_record(tx, actor, record)
        shown = [one for one in kept if one.current]
        if state.state == "quarantined":
            newest = max(one.contribution for one in kept)
            shown = [one for one in kept if one.contribution == newest and one.statement.value]
        found = OwnRecord(
            reference=record,
            thing=state.thing,
            state=state.state,
            source_list=writing.list_of(tx, state.number),
            source_key=state.key,
            statements=tuple(one.statement for one in shown),
        )
        log(tx, actor, "record_read", objects=[record], results=len(shown), details={"view": "own"})
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A value to be said beside what stands: property, text, and the evaluation (empty: not given)."""

    property: str
    value: str
    evaluation: str = ""


def correct_record(
    node: Node,
    actor: Actor,
    record: str,
    changes: Mapping[str, str],
    additions: Sequence[Addition] = (),
) -> Outcome:
    """Say one's own record anew: `changes` are statement ids with their new text, empty to take the value back.

    Every value keeps its handling and evaluation; what is replaced stays as evidence. Raises Invalid for a value that
    cannot be read, Conflict for a record that is not in force or of which nothing would be left, NotFound for none.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        state, kept = own_record(tx, actor, record)
        if state.state != "active":
            raise Conflict("This record is not in force, so there is nothing to correct.", code="not_in_force")
        seen = [one.statement for one in kept if one.current]
        # The record is said anew as a whole, with what is above the officer's clearance as it stands.
        current = [one.statement for one in writing.statements_of(tx, state.number)]
        if not seen or not set(changes) <= {str(statement.id) for statement in seen}:
            raise Conflict("The record has changed since you opened it.", remedy="Open it again.", code="changed")
        claims = _Claims(node, state.thing, changes).of(current, additions)
        if not claims:
            raise Conflict("Nothing would be left of the record.", remedy="Withdraw or erase it.", code="nothing_left")
        outcome = give(
            node,
            tx,
            actor,
            Giving(
                title="Correction",
                drafts=[Draft(key=state.key, thing=state.thing, claims=tuple(claims))],
                handlings=_handlings(tx, seen, current),
                scheme=next((s.evaluation.scheme for s in current if s.evaluation.given), "4x4"),
                source_list=writing.list_of(tx, state.number),
            ),
        )
        if outcome.rejected:
            raise Invalid(next(p.reason for p in outcome.problems if p.fatal), remedy="Nothing was changed.")
        log(tx, actor, "contribute", objects=[record], results=outcome.statements, details={"step": "corrected"})
    return outcome


class _Claims:
    """The statements of a record as claims, with what is changed and added."""

    def __init__(self, node: Node, thing: str, changes: Mapping[str, str]) -> None:
        self._reader = ValueReader(node.vocabulary, CountryNames(node.vocabulary))
        self._properties = node.vocabulary.properties_of(thing)
        self._changes = changes

    def of(self, current: Sequence[Statement], additions: Sequence[Addition]) -> list[Claim]:
        """All claims of the new version."""
        claims = [claim for statement in current if (claim := self._kept(statement)) is not None]
        for addition in additions:
            value, original = self._read(addition.property, addition.value)
            claims.append(
                Claim(
                    property=addition.property, value=value, original=original, evaluation=addition.evaluation or None
                )
            )
        return claims

    def _kept(self, statement: Statement) -> Claim | None:
        value, original = statement.value, statement.original
        if str(statement.id) in self._changes:
            text = self._changes[str(statement.id)]
            if not text.strip():
                return None
            if text != statement.value:
                value, original = self._read(statement.property, text)
        given = statement.evaluation
        return Claim(
            property=statement.property,
            value=value,
            original=original,
            language=statement.language,
            evaluation=(given.original or given.code) if given.given else None,
            handling=str(statement.handling),
            valid_from=statement.valid_from,
            valid_to=statement.valid_to,
        )

    def _read(self, name: str, text: str) -> tuple[str, str | None]:
        definition = self._properties.get(name)
        if definition is None or definition.kind == "entity":
            raise Invalid("This type of thing has no such property that could be typed in.", code="property_unknown")
        try:
            read = self._reader.read(definition, text)
        except BadValue as error:
            raise Invalid(error.reason, remedy="Correct it and send it again.", code=error.code) from error
        return read.text, read.original


def _handlings(tx: Transaction, seen: Sequence[Statement], current: Sequence[Statement]) -> dict[str, Handling]:
    """The handlings of a record by their digest; the most frequent that is seen first: additions stand under it."""
    digests = [str(statement.handling) for statement in seen]
    ordered = sorted(set(digests), key=lambda digest: (-digests.count(digest), digest))
    ordered += sorted({str(statement.handling) for statement in current} - set(digests))
    found = {digest: rights.handling_by_digest(tx, digest) for digest in ordered}
    return {digest: known[1].handling for digest, known in found.items() if known and known[1].handling is not None}
