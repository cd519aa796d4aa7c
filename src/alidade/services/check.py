"""Check: is this name or number known to anybody? Hit, hit without content, or no hit; with a reason, and logged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import msgspec

from alidade.matching.comparison_evidence import ComparisonPart
from alidade.matching.thresholds import Use
from alidade.model.directory import Authority
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId, CheckId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Found, Question, Understood, find, understand
from alidade.services.kept_questions import SALT, keep_without_hit, last_day_again
from alidade.services.node import Node
from alidade.store import checks, directory
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement, reading

if TYPE_CHECKING:
    from alidade.matching.name_comparison import Part

Kind = Literal["hit", "hit_without_content", "no_hit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record whose content may be read. Nothing follows from it until a person has ruled."""

    reference: str
    record: str
    thing: str
    owner: AuthorityId
    owner_name: str
    understood: Understood
    score: float
    parts: tuple[ComparisonPart, ...]
    statements: tuple[SeenStatement, ...]
    verdict: str | None
    words: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitWithoutContent:
    """Somebody knows something: whom to ask, under which reference. No value, no type, no score."""

    reference: str
    owner: AuthorityId
    owner_name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question. A "no hit" means: nothing that you may learn of.

    `again_until` is the last day on which a question without a hit is asked again; None where it is not.
    """

    check: CheckId
    question: Question
    asked_at: str
    understood: tuple[Understood, ...]
    hits: tuple[Hit, ...]
    without_content: tuple[HitWithoutContent, ...]
    again_until: str | None = None

    @property
    def use(self) -> Use:
        """What the answer was for: from which score on a name counted as met."""
        return self.question.use

    @property
    def kind(self) -> Kind:
        """The best that came out."""
        if self.hits:
            return "hit"
        return "hit_without_content" if self.without_content else "no_hit"


def check(node: Node, actor: Actor, question: Question, *, language: str = "en", again: bool = False) -> Answer:
    """Ask one question. The answer exists only once it is in the ledger.

    With `again`, a question that meets nothing is kept for a while and asked again (`services.earlier_checks`).

    Purpose, legal ground, case and justification must be stated before; the wording shown for them is kept.
    Raises NotAllowed for a role that may not check, Invalid for a question that cannot be read or lacks its grounds.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        return ask(node, tx, actor, question, language=language, again=again)


def ask(node: Node, tx: Transaction, actor: Actor, question: Question, *, language: str, again: bool = False) -> Answer:
    """The same inside a transaction, for lists of questions."""
    shown = grounds_as_shown(node, actor, language)
    met = meet(node, tx, actor, question)
    until = last_day_again(node, tx, actor) if again and not met.count else None
    return keep_answer(node, tx, actor, question, met, shown, again_until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a question met for one viewer, before anything of it is kept or told."""

    understood: tuple[Understood, ...]
    open_records: tuple[tuple[Found, tuple[SeenStatement, ...]], ...]
    closed: tuple[Found, ...]

    def without(self, told: AbstractSet[tuple[int, bool]]) -> Met:
        """The same less what was told before, as (record number, with content).

        Whoever was told with content is not told of the same record without.
        """
        return replace(
            self,
            open_records=tuple(
                each for each in self.open_records if (each[0].candidate.record_number, True) not in told
            ),
            closed=tuple(
                found
                for found in self.closed
                if not {(found.candidate.record_number, True), (found.candidate.record_number, False)} & told
            ),
        )

    @property
    def count(self) -> int:
        """How many records were met."""
        return len(self.open_records) + len(self.closed)


def meet(node: Node, tx: Transaction, actor: Actor, question: Question) -> Met:
    """What the question meets among what this viewer may read or learn of. The caller leaves the ledger entry."""
    readings = understand(question)
    with reading(tx, actor.viewer, directory.world(tx), ("read", "hit_only"), names=True) as view:
        open_records = find(view, "read", question, readings, node.vocabulary)
        seen = {found.candidate.record_number for found in open_records}
        told = find(view, "hit_only", question, readings, node.vocabulary)
        contents = [tuple(view.record_by_number(f.candidate.record_number, f.candidate.owner)) for f in open_records]
    return Met(
        understood=readings,
        open_records=tuple(zip(open_records, contents, strict=True)),
        closed=tuple(found for found in told if found.candidate.record_number not in seen),
    )


def seal_question(node: Node, question: Question) -> tuple[bytes, str]:
    """The question with its salt, as it is sealed, and the commitment to both that the ledger holds."""
    salt = node.store.randomness.token_bytes(SALT // 2)
    asked = msgspec.json.encode(question, order="sorted")
    return salt.hex().encode() + asked, hashlib.sha256(salt + asked).hexdigest()


def question_of(salted: bytes) -> Question:
    """The question that was sealed with its salt."""
    return msgspec.json.decode(salted[SALT:], type=Question)


def keep_answer(
    node: Node,
    tx: Transaction,
    actor: Actor,
    question: Question,
    met: Met,
    shown: Mapping[str, str],
    *,
    again_until: str | None = None,
) -> Answer:
    """Keep what was met under references, tell the owners, and leave the ledger entry; what is shown for it.

    With `again_until`, the question itself is kept to be asked again until that day.
    """
    names = directory.authorities(tx)
    reference = CheckId(tx.new_id())
    salted, commitment = seal_question(node, question)
    opened = [found for found, _ in met.open_records]
    references = {found.candidate.record_number: tx.new_id() for found in (*opened, *met.closed)}
    # Neither shown nor kept in the order of the scores, which would tell how well each met.
    closed = sorted(met.closed, key=lambda found: (found.candidate.owner, references[found.candidate.record_number]))
    made = checks.keep_check(tx, actor, reference, salted, commitment)
    if again_until is not None:
        again_until = keep_without_hit(
            tx, actor, reference, question, met.understood, (salted, commitment), again_until
        )
    kept = ((opened, True), (closed, False))
    checks.keep_hits(
        tx,
        made,
        actor.viewer.authority,
        [each for found, content in kept for each in _kept(found, references, content)],
    )
    hits = tuple(
        _hit(tx, actor, found, statements, references[found.candidate.record_number], names)
        for found, statements in met.open_records
    )
    without = _without_content(closed, references, names)
    log(
        tx,
        actor,
        "check",
        objects=[hit.record for hit in hits] + [hit.reference for hit in without],
        results=len(hits) + len(without),
        commitment=commitment,
        details={"check": reference, "use": question.use, **_again(again_until), **shown},
    )
    return Answer(
        check=reference,
        question=question,
        asked_at=tx.now.isoformat(),
        understood=met.understood,
        hits=hits,
        without_content=without,
        again_until=again_until,
    )


def _again(until: str | None) -> dict[str, str]:
    return {} if until is None else {"asked_again_until": until}


def _kept(found: Sequence[Found], references: Mapping[int, str], content: bool) -> Iterator[tuple[str, int, str, bool]]:
    for each in found:
        number = each.candidate.record_number
        yield references[number], number, each.candidate.owner, content


def _hit(
    tx: Transaction,
    actor: Actor,
    found: Found,
    statements: tuple[SeenStatement, ...],
    reference: str,
    names: Mapping[AuthorityId, Authority],
) -> Hit:
    owner = names[AuthorityId(found.candidate.owner)]
    return Hit(
        reference=reference,
        record=found.record,
        thing=found.thing,
        owner=owner.id,
        owner_name=owner.name,
        understood=found.understood,
        score=found.score,
        parts=found.parts,
        statements=statements,
        verdict=last_verdict(tx, actor, found.record),
        words=found.words,
    )


def _without_content(
    closed: Sequence[Found], references: Mapping[int, str], names: Mapping[AuthorityId, Authority]
) -> tuple[HitWithoutContent, ...]:
    hits = []
    for found in closed:
        owner = names[AuthorityId(found.candidate.owner)]
        hits.append(
            HitWithoutContent(
                reference=references[found.candidate.record_number],
                owner=owner.id,
                owner_name=owner.name,
                contact=owner.contact,
            )
        )
    return tuple(hits)


def last_verdict(tx: Transaction, actor: Actor, record: str) -> str | None:
    """What the asker's own authority ruled last on this record, whatever the question was then."""
    rulings = checks.verdicts_on(tx, actor.viewer.authority, record)
    return rulings[-1][0] if rulings else None


def grounds_as_shown(node: Node, asker: Actor, language: str) -> dict[str, str]:
    """The wording of the grounds as it was shown. Raises Invalid where one of the four is missing."""
    missing = [
        name
        for name, value in (
            ("legal ground", asker.legal_ground),
            ("case", asker.case),
            ("justification", asker.justification),
        )
        if not (value and value.strip())
    ]
    if missing:
        raise Invalid(
            f"Before a check, state: {', '.join(missing)}.",
            remedy="They go into the ledger with the answer (Directive (EU) 2016/680, Art. 25).",
            code="grounds_missing",
        )
    return {
        "purpose_shown": node.vocabulary.label("purposes", asker.viewer.purpose, language),
        "legal_ground_shown": node.vocabulary.label("legal_grounds", str(asker.legal_ground), language),
        "language": language,
    }
