"""Analysis at work: computed from what the viewer may see, and taken out as far as its owners let him."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alidade.model.errors import Invalid, NotAllowed
from alidade.model.handling import Handling, handling_id
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.programme.analysed import Analysis, analysed, newest_rounds
from alidade.programme.analysis import HeldRound
from alidade.programme.register import Entry, Instrument, Texts, Verification
from alidade.programme.rounds import Answer, KeptAnswer, Round
from alidade.programme.sheets import ENGLISH, SHEETS, Names, sheet
from alidade.programme.standing import KeptEntry, KeptVerification
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept
from alidade.services.programme.register import ENTRY, INSTRUMENT, VERIFICATION
from alidade.services.programme.rounds import ANSWER, ROUND
from alidade.services.programme.sheet_files import sheet_csv, sheet_workbook
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from alidade.vocabulary import Vocabulary

__all__ = ["FORMS", "Analysed", "PaperTotals", "TableFile", "analyse", "analyse_all", "names_for", "take_table_out"]

FORMS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """An analysis with what it is of. `rounds` are those on the paper that the viewer may see, newest first, each
    with its title; `chosen` is the one whose replies are in it, "" where there is none."""

    paper: Kept[Instrument] | None
    rounds: Sequence[tuple[str, Texts]]
    chosen: str
    analysis: Analysis
    authorities: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTotals:
    """A paper in the overview, with what its analysis comes to."""

    paper: Kept[Instrument]
    analysis: Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A table to be taken out, and how many entries and replies it leaves out because they may not go."""

    content: bytes
    name: str
    content_type: str
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """The pieces that an analysis rests on, as their viewer reads them."""

    paper: Kept[Instrument] | None
    entries: Sequence[Kept[Entry]]
    rulings: Sequence[Kept[Verification]]
    rounds: Sequence[Kept[Round]]
    answers: Sequence[Kept[Answer]]

    def about(self) -> list[Kept[Any]]:
        """What it is of: without it there is nothing to be computed."""
        return [*([self.paper] if self.paper else []), *self.rounds]

    def said(self) -> list[Kept[Any]]:
        """What was said."""
        return [*self.entries, *self.rulings, *self.answers]


def analyse(node: Node, actor: Actor, *, paper: str = "", round_: str = "") -> Analysed:
    """The analysis of a paper with its newest round, or with the round named; or of a round that stands on no paper.

    Raises NotFound for a paper or round that the officer may not see, and Invalid where neither is named.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        names = _authorities(tx)
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            every = _gathered(view, paper, round_)
        kept = _chosen(every, round_)
        shown = [each.reference for each in (*kept.about(), *kept.said())]
        log(tx, actor, "programme_read", objects=shown, results=len(kept.said()), details={"what": "analysis"})
        today = tx.now.date()
    return Analysed(
        paper=every.paper,
        rounds=[(each.reference, each.body.title) for each in _by_opening(every.rounds)],
        chosen=kept.rounds[0].reference if kept.rounds else "",
        analysis=_analysed(node.vocabulary, kept, today),
        authorities=names,
    )


def analyse_all(node: Node, actor: Actor) -> list[PaperTotals]:
    """Every paper that the viewer may see, each with its newest round: the one changed last first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            papers = pieces.every(view, INSTRUMENT, Instrument)
            entries = pieces.every(view, ENTRY, Entry)
            rulings = pieces.every(view, VERIFICATION, Verification)
            rounds = pieces.every(view, ROUND, Round)
            answers = pieces.every(view, ANSWER, Answer)
        log(tx, actor, "programme_read", objects=[kept.reference for kept in papers], results=len(papers))
        today = tx.now.date()
    found = []
    for paper in papers:
        of_paper = _Pieces(
            paper=paper,
            entries=[each for each in entries if each.body.instrument == paper.reference],
            rulings=rulings,
            rounds=[each for each in rounds if each.body.instrument == paper.reference],
            answers=answers,
        )
        analysis = _analysed(node.vocabulary, _chosen(of_paper, ""), today)
        found.append(PaperTotals(paper=paper, analysis=analysis))
    return found


def take_table_out(
    node: Node,
    actor: Actor,
    table: str,
    form: str,
    *,
    paper: str = "",
    round_: str = "",
    language: str = "en",
    words: Mapping[str, str] = ENGLISH,
    left_out: Callable[[int], str] | None = None,
) -> TableFile:
    """One table of the analysis as a file, computed anew from what its owners let this viewer take out.

    `words` are those of the tables in the language; `left_out` says how much is missing. Raises Invalid for an unknown
    table or form, NotFound, and NotAllowed (`strictest_wins`) where the paper or the round itself may not go out.
    """
    if table not in SHEETS or form not in FORMS:
        raise Invalid("There is no such table or form.", remedy=f"Tables: {', '.join(SHEETS)}; forms: csv, xlsx.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        authorities = _authorities(tx)
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = _chosen(_gathered(view, paper, round_), round_)
        may_go = _exportable(tx, actor)
        refused = not all(may_go(each.handling) for each in kept.about())
        free = _only(kept, may_go)
        gone = len(kept.said()) - len(free.said())
        out = [] if refused else [*free.about(), *free.said()]
        details = {"what": table, "form": form, **({"refused": "strictest_wins"} if refused else {})}
        log(tx, actor, "programme_read", objects=[each.reference for each in out], results=len(out), details=details)
        today = tx.now.date()
    if refused:
        raise NotAllowed(
            "The owner of this paper or round does not let you take it out.",
            remedy="Ask its owner to release it.",
            code="strictest_wins",
        )
    names = names_for(node.vocabulary, authorities, language, words)
    made = sheet(table, _analysed(node.vocabulary, free, today), names)
    say = left_out or _english_left_out
    notes = (*_terms(out, node.vocabulary, language), today.isoformat(), *([say(gone)] if gone else []))
    title = free.paper.body.number if free.paper else ""
    content = sheet_csv(made, title, notes) if form == "csv" else sheet_workbook(made, title, notes, today)
    return TableFile(content=content, name=f"alidade-{table}.{form}", content_type=FORMS[form], left_out=gone)


def names_for(
    vocabulary: Vocabulary, authorities: Mapping[str, str], language: str, words: Mapping[str, str] = ENGLISH
) -> Names:
    """How things are called in a language, for the tables."""
    areas = vocabulary.codes("areas")
    return Names(
        language=language,
        states={each.alpha3: each.label.in_(language) for each in vocabulary.countries.values()},
        authorities=authorities,
        groups={
            code: (
                area.label.in_(language),
                frozenset(each.alpha3 for each in vocabulary.countries.values() if code in each.areas),
            )
            for code, area in areas.items()
        },
        words={**ENGLISH, **words},
    )


def _authorities(tx: Transaction) -> dict[str, str]:
    return {str(code): each.name for code, each in directory.authorities(tx).items()}


def _gathered(view: ReaderView, paper: str, round_: str) -> _Pieces:
    """The paper and every round on it, or the round alone, with all that was said. Raises NotFound, Invalid."""
    if not paper and not round_:
        raise Invalid("It is not said what is to be analysed.", remedy="Name a paper or a round.")
    kept = pieces.one(view, INSTRUMENT, paper, Instrument) if paper else None
    named = pieces.one(view, ROUND, round_, Round) if round_ else None
    rounds = pieces.every(view, ROUND, Round)
    return _Pieces(
        paper=kept,
        entries=[each for each in pieces.every(view, ENTRY, Entry) if paper and each.body.instrument == paper],
        rulings=pieces.every(view, VERIFICATION, Verification),
        rounds=[each for each in rounds if each.body.instrument == paper] if paper else [named] if named else [],
        answers=pieces.every(view, ANSWER, Answer),
    )


def _by_opening(rounds: Sequence[Kept[Round]]) -> list[Kept[Round]]:
    """The one that opened last first; of several the one that was changed last, as they came."""
    return sorted(rounds, key=lambda each: each.body.opens, reverse=True)


def _chosen(every: _Pieces, round_: str) -> _Pieces:
    """With the replies of one round alone: the one named where it stands on the paper, else the newest."""
    rounds = _by_opening(every.rounds)
    chosen = [each for each in rounds if each.reference == round_] or rounds[:1]
    entries = {each.reference for each in every.entries}
    return _Pieces(
        paper=every.paper,
        entries=every.entries,
        rulings=[each for each in every.rulings if each.body.entry in entries],
        rounds=chosen,
        answers=[each for each in every.answers if each.body.round in {round_.reference for round_ in chosen}],
    )


def _only(kept: _Pieces, may_go: Callable[[Handling], bool]) -> _Pieces:
    return _Pieces(
        paper=kept.paper,
        entries=[each for each in kept.entries if may_go(each.handling)],
        rulings=[each for each in kept.rulings if may_go(each.handling)],
        rounds=kept.rounds,
        answers=[each for each in kept.answers if may_go(each.handling)],
    )


def _analysed(vocabulary: Vocabulary, kept: _Pieces, today: dt.date) -> Analysis:
    held = [
        HeldRound(
            reference=each.reference,
            round=each.body,
            answers=[_answer(answer) for answer in kept.answers if answer.body.round == each.reference],
        )
        for each in kept.rounds
    ]
    return analysed(
        None if kept.paper is None else kept.paper.body,
        [
            KeptEntry(reference=each.reference, authority=each.authority, said_at=each.changed_at, entry=each.body)
            for each in kept.entries
        ],
        [
            KeptVerification(
                reference=each.reference, authority=each.authority, said_at=each.changed_at, verification=each.body
            )
            for each in kept.rulings
        ],
        newest_rounds(held),
        today,
        known=frozenset(each.alpha3 for each in vocabulary.countries.values()),
    )


def _answer(kept: Kept[Answer]) -> KeptAnswer:
    return KeptAnswer(
        reference=kept.reference,
        authority=kept.authority,
        version=kept.version,
        said_at=kept.changed_at,
        answer=kept.body,
    )


def _exportable(tx: Transaction, actor: Actor) -> Callable[[Handling], bool]:
    """Whether this viewer may take out what stands under a handling; each handling is weighed once."""
    world, releases = directory.world(tx), rights.releases_for(tx, actor.viewer.authority)
    known: dict[str, bool] = {}

    def may_go(handling: Handling) -> bool:
        digest = str(handling_id(handling))
        if digest not in known:
            found = rights.handling_by_digest(tx, digest)
            known[digest] = found is not None and permitted(
                "export", actor.viewer, found[1], tx.now, world, releases=releases
            )
        return known[digest]

    return may_go


def _terms(out: Sequence[Kept[Any]], vocabulary: Vocabulary, language: str) -> list[str]:
    """The highest classification of what goes out, then every handling code with its owners."""
    ranks = vocabulary.classifications
    levels = {each.handling.classification for each in out} & set(ranks)
    highest = max(levels, key=lambda level: ranks[level].rank, default="")
    lines = [vocabulary.label("classifications", highest, language)] if highest else []
    for code in sorted({code for each in out for code in each.handling.codes}):
        owners = sorted({str(each.handling.owner) for each in out if code in each.handling.codes})
        lines.append(f"{code}: {vocabulary.label('handling', code, language)} ({', '.join(owners)})")
    restrictions = {(str(each.handling.owner), each.handling.restriction) for each in out if each.handling.restriction}
    return lines + [f"H3, {owner}: {text}" for owner, text in sorted(restrictions)]


def _english_left_out(count: int) -> str:
    return f"Left out, because their owners do not let you take them out: {count} entries and replies."
