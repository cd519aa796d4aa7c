"""What a reader sees: statements, records, rulings and pieces of work as the read path gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling
from alidade.store.rights import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStatement:
    """One statement as it is shown: value, who says so, how reliable, under what handling, since when."""

    number: int
    statement: str
    record: str
    thing: str
    owner: str
    source_list: str
    source_key: str
    contribution: str
    given_at: str
    property: str
    value: str
    original: str | None
    language: str | None
    evaluation: Evaluation
    handling: Handling
    valid_from: str | None
    valid_to: str | None


class SeenRecord(NamedTuple):
    """A record by its public id, its type, and whose it is."""

    record: str
    thing: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that a key led to, and the layer of rows in which it was found."""

    record_number: int
    owner: str
    layer: Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A candidate with its type, its public id and the values it is compared by."""

    candidate: Candidate
    thing: str
    record: str
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJudgement:
    """A ruling between two records, both of which the viewer sees.

    `accepted`: the viewer's authority lets it join records. `evidence`: references of records and statements, which
    the viewer need not see. `statements_to` is the number of the newest statement when it was ruled.
    """

    judgement: str
    left: str
    right: str
    ruling: str
    reason: str
    authority: str
    ruled_at: str
    accepted: bool = True
    evidence: tuple[str, ...] = ()
    statements_to: int = 0
    handling: Handling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPiece:
    """A chart, a question or a dossier that the viewer may open: its JSON body, and under what it was made."""

    piece: str
    kind: str
    authority: str
    officer: str
    version: int
    title: str
    body: bytes
    made_at: str
    changed_at: str
    handling: Handling


def moment_said(value: object) -> str:
    """A moment as the file keeps it: in UTC, which is not said."""
    return str(value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value)
