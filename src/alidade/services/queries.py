"""Queries: what the data-protection officer sees of the checks of his own authority: counts and facts, not verdicts.

Source: Directive (EU) 2016/680 Art. 25(2): logs serve to verify lawfulness, for self-monitoring, for integrity and
security, and for criminal proceedings. What was asked is opened one question at a time, for a stated reason, and the
opening is itself in the ledger. Nobody can see here whether an officer asked about a colleague or about himself: the
platform does not know who an officer is as a person.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from alidade.matching.folding import fold
from alidade.model.errors import Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.store import queries as kept
from alidade.store.database import Transaction
from alidade.store.queries import Counted, Dimension, Kind, ListedCheck, SealedCheck, Wanted

__all__ = [
    "COMPARED", "Counted", "Dimension", "Kind", "ListedCheck", "Opened", "Pattern", "QueryPage", "QueryTable", "Wanted",
    "count_queries", "list_queries", "open_question", "query_patterns",
]  # fmt: skip

LARGEST_PAGE = 200
COMPARED = 20_000
"""So many questions of a period, the newest, are compared by the machine with each other."""
_SALT = 32  # hex digits before the sealed question
_MANY = 10  # fewer checks of one officer than this tell nothing about his share of answers
_MOSTLY = 0.9
_REPEATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTable:
    """Counts along one dimension, a page of them, and the sum of everything that was wanted."""

    by: Dimension
    lines: tuple[Counted, ...]
    total_lines: int
    whole: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPage:
    """A page of checks without their questions."""

    checks: tuple[ListedCheck, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A fact that stands out. It is no reproach: each may have a good reason, which only people know.

    fact      outside_hours, mostly_no_hit, same_question
    counted   how many checks of this officer show it
    of        how many checks this officer made in the period
    checks    references, where they are few enough to name: for same_question
    """

    fact: Literal["outside_hours", "mostly_no_hit", "same_question"]
    officer: str
    counted: int
    of: int
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One check with what was asked and why; `question` and grounds are None where they were erased.

    `answers` has, for each hit, its kind and the ruling on it. Whose records they are is not shown.
    """

    check: ListedCheck
    question: Question | None
    case: str | None
    justification: str | None
    legal_ground: str | None
    answers: tuple[tuple[str, str | None], ...]


def count_queries(
    node: Node, actor: Actor, wanted: Wanted, by: Dimension, *, start: int = 0, size: int = 50
) -> QueryTable:
    """How many checks one's own authority made, along one dimension. Raises Invalid for a period that is none."""
    require_sensible(wanted, start, size)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        authority = actor.viewer.authority
        lines, total = kept.count_by(tx, authority, wanted, by, start, size)
        whole = _sum(lines) if len(lines) == total else kept.count_all(tx, authority, wanted)
        _log(tx, actor, "query_counts", len(lines), wanted, {"by": by})
    return QueryTable(by=by, lines=tuple(lines), total_lines=total, whole=whole)


def list_queries(node: Node, actor: Actor, wanted: Wanted, *, start: int = 0, size: int = 50) -> QueryPage:
    """The checks behind a count, newest first: reference, officer, purpose, ground, answer; not what was asked."""
    require_sensible(wanted, start, size)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        checks, total = kept.list_checks(tx, actor.viewer.authority, wanted, start, size)
        _log(tx, actor, "query_list", len(checks), wanted, {}, [check.reference for check in checks])
    return QueryPage(checks=tuple(checks), total=total)


def query_patterns(node: Node, actor: Actor, wanted: Wanted) -> tuple[Pattern, ...]:
    """What stands out in a period, as facts: outside hours, nearly always no hit, the same question again.

    The machine compares the newest COMPARED questions of the period; no person sees them by this.
    """
    require_sensible(wanted, 0, 1)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        found = _counted_patterns(tx, actor, wanted) + _repeated(tx, actor, wanted)
        _log(tx, actor, "query_patterns", len(found), wanted, {})
    return tuple(found)


def open_question(node: Node, actor: Actor, check: str, reason: str) -> Opened:
    """Read what was asked in one check of one's own authority, for a reason of the list `log_use_reasons`.

    Raises NotFound for a check of another authority or none, Invalid for a reason that is not listed.
    """
    if reason not in node.vocabulary.codes("log_use_reasons"):
        raise Invalid(
            "The reason is not in the list.", remedy="See: alidade words log_use_reasons.", code="reason_unknown"
        )
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        opened = opened_check(tx, own_check(tx, actor, check))
        log(tx, actor, "ledger_read", objects=[check], results=1, details={"view": "question", "reason": reason})
    return opened


def own_check(tx: Transaction, actor: Actor, check: str) -> SealedCheck:
    """A check of one's own authority. Raises NotFound."""
    found = kept.sealed_check(tx, actor.viewer.authority, check)
    if found is None:
        raise NotFound("Your authority has made no check with this reference.")
    return found


def opened_check(tx: Transaction, check: SealedCheck) -> Opened:
    """The check with its question and its grounds, unsealed; the caller logs."""
    asked = kept.question_of(tx, check)
    entry = kept.entry_of(tx, check.listed.reference)
    return Opened(
        check=check.listed,
        question=None if asked is None else decoded(asked),
        case=None if entry is None else entry.case,
        justification=None if entry is None else entry.justification,
        legal_ground=None if entry is None else entry.legal_ground,
        answers=check.answers,
    )


def decoded(asked: bytes) -> Question:
    """The question behind its salt."""
    return msgspec.json.decode(asked[_SALT:], type=Question)


def _sum(lines: Sequence[Counted]) -> Counted:
    return Counted(
        key="",
        checks=sum(line.checks for line in lines),
        hits=sum(line.hits for line in lines),
        without_content=sum(line.without_content for line in lines),
        no_hit=sum(line.no_hit for line in lines),
        outside=sum(line.outside for line in lines),
    )


def _counted_patterns(tx: Transaction, actor: Actor, wanted: Wanted) -> list[Pattern]:
    found: list[Pattern] = []
    start, authority = 0, actor.viewer.authority
    while True:
        lines, total = kept.count_by(tx, authority, replace(wanted, outside=False), "officer", start, LARGEST_PAGE)
        for line in lines:
            if line.outside:
                found.append(_fact("outside_hours", line, line.outside))
            if line.checks >= _MANY and line.no_hit >= _MOSTLY * line.checks:
                found.append(_fact("mostly_no_hit", line, line.no_hit))
        start += LARGEST_PAGE
        if start >= total:
            return sorted(found, key=lambda one: (one.fact, -one.counted, one.officer))


def _fact(fact: Literal["outside_hours", "mostly_no_hit"], line: Counted, counted: int) -> Pattern:
    return Pattern(fact=fact, officer=line.key, counted=counted, of=line.checks)


def _repeated(tx: Transaction, actor: Actor, wanted: Wanted) -> list[Pattern]:
    same: dict[tuple[str, bytes], list[str]] = defaultdict(list)
    made: dict[str, int] = defaultdict(int)
    # Not the text but its digest is held, and not beyond this request: enough to tell whether two are the same.
    for check, asked in kept.questions(tx, actor.viewer.authority, replace(wanted, outside=False), COMPARED):
        question = decoded(asked)
        plain = "\x00".join((fold(question.text), question.birth_date or ""))
        same[check.officer, hashlib.sha256(plain.encode()).digest()].append(check.reference)
        made[check.officer] += 1
    found = [
        Pattern(fact="same_question", officer=officer, counted=len(checks), of=made[officer], checks=tuple(checks))
        for (officer, _), checks in same.items()
        if len(checks) >= _REPEATED
    ]
    return sorted(found, key=lambda one: (-one.counted, one.officer, one.checks))


def _log(
    tx: Transaction,
    actor: Actor,
    view: str,
    results: int,
    wanted: Wanted,
    more: dict[str, str],
    objects: list[str] | None = None,
) -> None:
    filters = {
        name: str(value)
        for name in ("since", "until", "officer", "purpose", "legal_ground", "kind")
        if (value := getattr(wanted, name)) is not None
    }
    log(tx, actor, "ledger_read", objects=objects or (), results=results, details={"view": view, **filters, **more})


def require_sensible(wanted: Wanted, start: int, size: int) -> None:
    """Refuse a period, a time zone, working hours or a page that cannot be. Raises Invalid."""
    since, until = _day(wanted.since, date.min), _day(wanted.until, date.max)
    if since > until:
        raise Invalid("The period ends before it begins.", remedy="Exchange the two days.")
    try:
        ZoneInfo(wanted.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("There is no such time zone.", remedy="For example: Europe/Amsterdam or UTC.") from error
    if not (0 <= wanted.opens <= 24 and 0 <= wanted.closes <= 24):
        raise Invalid("Working hours are whole hours from 0 to 24.")
    if start < 0 or not 1 <= size <= LARGEST_PAGE:
        raise Invalid(f"A page has between 1 and {LARGEST_PAGE} lines.")


def _day(text: str | None, otherwise: date) -> date:
    if text is None:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not 1900 <= day.year < 9999:
        raise Invalid("A day is written as YYYY-MM-DD.", remedy="For example: 2026-11-22.")
    return day
