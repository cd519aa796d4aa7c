"""Countings: what of this node can be counted for a figure, and its number as one viewer sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from alidade.clocks import load_clocks
from alidade.model.errors import Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.procedures import in_language
from alidade.programme.lists import term
from alidade.programme.register import Counting, Texts, said_in
from alidade.programme.suppression import small_cells
from alidade.services.acting import require_right
from alidade.services.node import Node
from alidade.services.picture.question_keeping import list_questions
from alidade.services.picture.question_terms import decode_question
from alidade.services.picture.questions import MOST_AT_ONCE, answered, log_question
from alidade.services.programme.rounds import read_round, rounds
from alidade.services.threads.figures import deadlines_kept, thread_statistics
from alidade.services.threads.running import catalogue
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import reading

__all__ = ["Counted", "Offer", "count_now", "offers_of"]

LANGUAGES: Final = ("en", "fr", "es", "pt")
_QUESTION: Final = "question"
_OUTCOMES: Final = ("met", "late", "missed", "started")
_REPLIES: Final = ("answered", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that can be counted, as it is called."""

    counting: Counting
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A number with what was counted, in every language in which that can be said."""

    value: int
    unit: str
    unit_texts: Texts
    texts: Texts


def offers_of(node: Node, by: Actor, acts: frozenset[str], language: str) -> list[Offer]:
    """What this officer may count: exchanges and deadlines, rounds, kept questions, as far as his acts let him."""
    found: list[Offer] = []
    if "thread_statistics" in acts:
        with node.store.transaction() as tx:
            found += _exchanges(tx, language)
    for line in rounds(node, by):
        title, _ = said_in(line.kept.body.title, language)
        found += [
            Offer(
                counting=Counting(kind="round", of=line.kept.reference, what=what, question=question),
                label=_words(f"round/{what}", f"{title}, {question}" if question else title, language),
            )
            for question in ("", *(each.key for each in line.kept.body.questions))
            for what in _REPLIES
        ]
    if "picture_read" in acts:
        found += [
            Offer(
                counting=Counting(kind="question", of=each.piece),
                label=_words("question/found", each.title, language),
            )
            for each in list_questions(node, by)
        ]
    return found


def _exchanges(tx: Transaction, language: str) -> list[Offer]:
    found: list[Offer] = []
    known = catalogue(tx)
    for code in known.codes():
        definition = known.newest(code)
        title = in_language(definition.title, language)
        found += [
            Offer(
                counting=Counting(kind="exchange", of=code, what=each.code),
                label=f"{title}: {in_language(each.label, language)}",
            )
            for each in definition.statistics
        ]
    for clock, label in _clocks(tx, language).items():
        found += [
            Offer(
                counting=Counting(kind="deadline", of=clock, what=what),
                label=_words(f"deadline/{what}", label, language),
            )
            for what in _OUTCOMES
        ]
    return found


def _clocks(tx: Transaction, language: str) -> Mapping[str, str]:
    """The deadlines that any procedure uses, with their terms."""
    known, law = catalogue(tx), dict(load_clocks())
    found: dict[str, str] = {}
    for code in known.codes():
        definition = known.newest(code)
        clocks = definition.all_clocks(law)
        used = [choice.clock for use in definition.clocks for choice in use.choices]
        found |= {clock: clocks[clock].label.in_(language) for clock in used if clock in clocks}
    return found


def count_now(node: Node, by: Actor, counting: Counting) -> Counted:
    """The number as this officer sees it now, by the use case that counts it, with its own right and entry.

    Raises NotFound, NotAllowed where his role does not list that act, and Invalid for a period that cannot be, for
    what takes too long, and where the number is so small that it is not said.
    """
    counters: Mapping[str, Callable[[Node, Actor, Counting], Counted]] = {
        "exchange": _exchange,
        "deadline": _deadline,
        "round": _round,
        "question": _question,
    }
    return counters[counting.kind](node, by, counting)


def _exchange(node: Node, by: Actor, counting: Counting) -> Counted:
    since, until = _period(counting)
    texts, value, found = {}, None, False
    for language in LANGUAGES:
        counted = thread_statistics(node, by, counting.of, since, until, language=language)
        for each in counted.figures:
            if each.measure == counting.what and not each.split:
                texts[language], value, found = f"{counted.title}: {each.label}", each.count, True
    if not found:
        raise NotFound("The procedure has no such statistic.")
    if value is None:
        raise _small()
    return _counted(value, texts, "threads")


def _deadline(node: Node, by: Actor, counting: Counting) -> Counted:
    since, until = _period(counting)
    if counting.what not in _OUTCOMES:
        raise Invalid("This is not counted of a deadline.", remedy=f"Choose one of: {', '.join(_OUTCOMES)}.")
    kept = {each.clock: each for each in deadlines_kept(node, by, since, until)}
    with node.store.transaction() as tx:
        labels = {language: _clocks(tx, language) for language in LANGUAGES}
    if counting.of not in labels["en"]:
        raise NotFound("No procedure has such a deadline.")
    counts = {
        "met": lambda: kept[counting.of].met + kept[counting.of].overrun,
        "late": lambda: kept[counting.of].late,
        "missed": lambda: kept[counting.of].missed,
        "started": lambda: kept[counting.of].started,
    }
    value = counts[counting.what]() if counting.of in kept else 0
    if 0 < value < small_cells().least:
        raise _small()
    texts = {tag: _words(f"deadline/{counting.what}", labels[tag][counting.of], tag) for tag in LANGUAGES}
    return _counted(value, texts, "threads")


def _round(node: Node, by: Actor, counting: Counting) -> Counted:
    held = read_round(node, by, counting.of)
    if counting.what not in _REPLIES or (counting.question and counting.question not in held.counts):
        raise Invalid("This is not counted of a round.", remedy=f"Choose one of: {', '.join(_REPLIES)}.")
    counts = [each for key, each in held.counts.items() if counting.question in ("", key)]
    value = sum(each.answered if counting.what == "answered" else each.done for each in counts)
    texts: Texts = {}
    for tag in LANGUAGES:
        title, language = said_in(held.kept.body.title, tag)
        if language.partition("_")[0] == tag or tag == "en":
            what = f"{title}, {counting.question}" if counting.question else title
            texts[tag] = _words(f"round/{counting.what}", what, tag)
    return _counted(value, texts, "replies")


def _question(node: Node, by: Actor, counting: Counting) -> Counted:
    """What a kept question finds. Its title is not told: whoever sees the figure need not see the question."""
    vocabulary = node.vocabulary
    with node.store.transaction() as tx:
        require_right(node, tx, by, "picture_read")
        with reading(tx, by.viewer, directory.world(tx), ("read", "merge")) as view:
            piece = view.piece(counting.of)
            if piece is None or piece.kind != _QUESTION:
                raise NotFound("There is no kept question with this reference that you may see.")
            if view.count() > MOST_AT_ONCE:
                raise Invalid(
                    "There is too much to look through at once.",
                    remedy="Ask the question in the picture.",
                    code="large",
                )
            question = decode_question(piece.body)
            answer = answered(view, vocabulary, question)
        log_question(node, tx, by, question, answer)
    people = any(vocabulary.is_a(each, "LegalEntity") for each in question.things if each in vocabulary.things)
    if people and 0 < answer.total < small_cells().least:
        raise _small()
    things = {tag: ", ".join(vocabulary.label("things", each, tag) for each in question.things) for tag in LANGUAGES}
    texts = {tag: _words("question/found", things[tag], tag) for tag in LANGUAGES}
    return Counted(value=answer.total, unit=things["en"][:80], unit_texts=things, texts=texts)


def _counted(value: int, texts: Texts, unit: str) -> Counted:
    words = {tag: term("figure_units", unit, tag) for tag in LANGUAGES}
    return Counted(value=value, unit=unit, unit_texts=words, texts=texts)


def _words(code: str, what: str, language: str) -> str:
    return term("countings", code, language).format(what=what)


def _period(counting: Counting) -> tuple[str, str]:
    first, last = counting.since, counting.until
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        raise Invalid("A period has a first and a last day.", remedy="State both days.", code="period")
    return first.isoformat(), last.isoformat()


def _small() -> Invalid:
    return Invalid(
        "The number is so small that it could point to a person; it is not said.",
        remedy="Take a longer period.",
        code="small_figure",
    )
