"""Statement: one claim about one thing, with who says it, how reliable it is, and under which conditions."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.canonical import canonical_bytes
from alidade.model.evaluation import Evaluation
from alidade.model.ids import HandlingId, RecordId, StatementId
from alidade.model.merkle import leaf_hash

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One claim: the record it speaks of, a property, a value.

    `value` is normalised, `original` as it was given where that differs. Another source with the same value makes
    another statement: two facts with two owners. `salt` (16 bytes) keeps the leaf from being guessed back once the
    value is erased.
    """

    id: StatementId
    record: RecordId
    thing: str
    property: str
    value: str
    evaluation: Evaluation
    handling: HandlingId
    salt: bytes
    original: str | None = None
    language: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    supersedes: StatementId | None = None


def statement_bytes(statement: Statement) -> bytes:
    """The canonical bytes of a statement, without its salt."""
    evaluation = statement.evaluation
    return canonical_bytes(
        {
            "version": VERSION,
            "id": statement.id,
            "record": statement.record,
            "thing": statement.thing,
            "property": statement.property,
            "value": statement.value,
            "original": statement.original,
            "language": statement.language,
            "evaluation": [
                evaluation.source,
                evaluation.information,
                evaluation.given,
                evaluation.scheme,
                evaluation.original,
            ],
            "handling": statement.handling,
            "valid_from": statement.valid_from,
            "valid_to": statement.valid_to,
            "supersedes": statement.supersedes,
        }
    )


def statement_leaf(statement: Statement) -> bytes:
    """The salted leaf (32 bytes) under which the statement stands in the tree of its contribution."""
    return leaf_hash(statement.salt, statement_bytes(statement))
