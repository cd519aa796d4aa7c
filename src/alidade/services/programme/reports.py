"""Reports and calendar at work: composed from what the writer may see, frozen with what they tell, and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from msgspec import Meta

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.programme.agenda import Happening, Meeting, check_meeting, happenings, icalendar_feed
from alidade.programme.analysed import analysed, newest_rounds
from alidade.programme.analysis import HeldRound
from alidade.programme.approved import approved
from alidade.programme.evaluation_pieces import Course
from alidade.programme.register import Entry, Instrument, Record
from alidade.programme.report.composing import compose
from alidade.programme.report.content import Content
from alidade.programme.report.docx import docx_bytes
from alidade.programme.report.facts import Facts, RoundFacts
from alidade.programme.report.html import html
from alidade.programme.report.pdf import pdf
from alidade.programme.rounds import Answer, Round, counts, matrix
from alidade.programme.standing import stand
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.evaluation_seen import EVALUATION
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.register import ENTRY, INSTRUMENT, entries_of, origins_of, verifications_of
from alidade.services.programme.rounds import ANSWER, ROUND, answers_of
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.store.workpieces import withdraw_piece

__all__ = ["FORMS", "Frozen", "ReportOrder", "agenda", "calendar_feed", "drafted", "freeze", "keep_meeting"]
__all__ += ["change_meeting", "reports", "take_back_meeting", "written"]

REPORT: Final = "report"
MEETING: Final = "meeting"
FORMS: Final[Mapping[str, tuple[str, Callable[[Content], bytes]]]] = {
    "html": ("text/html; charset=utf-8", html),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx_bytes),
    "pdf": ("application/pdf", pdf),
}


class Frozen(Record, frozen=True, kw_only=True):
    """A report as it was frozen: of which kind, on which paper, and its whole content."""

    template: str
    instrument: Annotated[str, Meta(min_length=32, max_length=32)]
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """What report is wanted: kind, paper, language; the State of a State report; the meeting of a briefing.

    `previous` is the reference of a frozen report to compare with; without it the newest of the same kind, paper and
    language is taken, if there is one.
    """

    template: str
    instrument: str
    language: str
    state: str = ""
    meeting: str = ""
    until: dt.date | None = None
    previous: str = ""


def drafted(node: Node, actor: Actor, order: ReportOrder) -> Content:
    """The report as it would be now; nothing is kept. Raises NotFound, and Invalid for an order that cannot be."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "report_write")
        names = {str(code): each.name for code, each in directory.authorities(tx).items()}
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            facts = _facts(node, actor, view, order, names, tx.now.date())
        content = compose(order.template, facts, order.language)
        log(tx, actor, "report_write", objects=[order.instrument], details={"what": "draft", "kind": order.template})
    return content


def freeze(
    node: Node, actor: Actor, order: ReportOrder, handling: Handling | None = None, *, untranslated: bool = False
) -> str:
    """Keep the report with what it tells; its reference. It never changes again.

    Raises Invalid where a text exists in another language only, unless `untranslated` says that it may.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "report_write")
        names = {str(code): each.name for code, each in directory.authorities(tx).items()}
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            facts = _facts(node, actor, view, order, names, tx.now.date())
        content = compose(order.template, facts, order.language)
        if content.untranslated and not untranslated:
            raise Invalid(
                f"Not in the language of the report: {'; '.join(content.untranslated[:5])}"
                f"{' …' if len(content.untranslated) > 5 else ''} ({len(content.untranslated)}).",
                remedy="Add the translations in the register, or freeze it with the originals marked as such.",
                code="untranslated",
            )
        body = Frozen(template=order.template, instrument=order.instrument, content=content)
        how = handling or default_handling(node, actor.viewer.authority, communities=())
        reference = pieces.keep(node, tx, actor, REPORT, f"{content.title} {content.subtitle}"[:200], body, how)
        details = {"what": "frozen", "kind": order.template}
        log(tx, actor, "report_write", objects=[order.instrument, reference], details=details)
    return reference


def reports(node: Node, actor: Actor) -> list[Kept[Frozen]]:
    """The frozen reports that the viewer may read, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = pieces.every(view, REPORT, Frozen)
        log(tx, actor, "programme_read", objects=[kept.reference for kept in found], results=len(found))
    return found


def written(node: Node, actor: Actor, reference: str, form: str) -> tuple[str, bytes]:
    """A frozen report as a file: its media type and bytes. Raises NotFound, and Invalid for an unknown form."""
    if form not in FORMS:
        raise Invalid(f"Reports are not written as {form!r}.", remedy=f"Choose one of: {', '.join(FORMS)}.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, REPORT, reference, Frozen)
        log(tx, actor, "programme_read", objects=[reference], results=1, details={"form": form})
    media, write = FORMS[form]
    return media, write(kept.body.content)


def keep_meeting(node: Node, actor: Actor, meeting: Meeting, handling: Handling | None = None) -> str:
    """Put a meeting, a presidency or a cycle into the calendar; its reference. Raises Invalid."""
    check_meeting(meeting)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        how = handling or default_handling(node, actor.viewer.authority)
        title = next(iter(meeting.title.values()))
        reference = pieces.keep(node, tx, actor, MEETING, title[:200], meeting, how)
        log(tx, actor, "programme_write", objects=[reference], details={"what": "meeting"})
    return reference


def change_meeting(node: Node, actor: Actor, reference: str, meeting: Meeting, version: int) -> int:
    """Leave a meeting of one's own authority in a new version. Raises Invalid, Conflict, NotFound."""
    check_meeting(meeting)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            pieces.one(view, MEETING, reference, Meeting)
        number = pieces.change(tx, actor, reference, next(iter(meeting.title.values()))[:200], meeting, version, "")
        log(tx, actor, "programme_write", objects=[reference], details={"what": "meeting", "version": str(number)})
    return number


def take_back_meeting(node: Node, actor: Actor, reference: str) -> None:
    """Take a meeting of one's own authority out of the calendar. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, MEETING, reference, Meeting)
        withdraw_piece(tx, actor.viewer.authority, kept.reference)
        log(tx, actor, "programme_write", objects=[reference], details={"what": "meeting taken back"})


def agenda(node: Node, actor: Actor, language: str) -> tuple[list[Happening], dict[str, Kept[Meeting]]]:
    """Everything with a day that the viewer may see, in order; and the meetings by reference."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            meetings = {kept.reference: kept for kept in pieces.every(view, MEETING, Meeting)}
            papers = {kept.reference: kept.body for kept in pieces.every(view, INSTRUMENT, Instrument)}
            rounds = {kept.reference: kept.body for kept in pieces.every(view, ROUND, Round)}
            over = _over(view, papers, tx.now.date())
            courses = {kept.reference: kept.body for kept in pieces.every(view, EVALUATION, Course)}
        found = happenings({ref: kept.body for ref, kept in meetings.items()}, papers, rounds, over, language, courses)
        log(tx, actor, "programme_read", objects=[*meetings, *papers, *rounds, *courses], results=len(found))
    return found, meetings


def calendar_feed(node: Node, actor: Actor, language: str, words: Mapping[str, str]) -> bytes:
    """The calendar as iCalendar text, as the viewer may see it."""
    found, _ = agenda(node, actor, language)
    return icalendar_feed(found, "Alidade", node.store.clock.now(), words)


def _over(view: ReaderView, papers: Mapping[str, Instrument], today: dt.date) -> list[tuple[str, str]]:
    entries, rulings = entries_of(view), verifications_of(view)
    return [
        (reference, key)
        for reference, paper in papers.items()
        for key, standing in stand(
            paper, [each for each in entries if each.entry.instrument == reference], rulings, today
        ).items()
        if standing.over
    ]


def _facts(
    node: Node, actor: Actor, view: ReaderView, order: ReportOrder, names: Mapping[str, str], today: dt.date
) -> Facts:
    kept = pieces.one(view, INSTRUMENT, order.instrument, Instrument)
    papers = {each.reference: each.body for each in pieces.every(view, INSTRUMENT, Instrument)}
    entries, rulings = entries_of(view, order.instrument), verifications_of(view)
    standings = stand(kept.body, entries, rulings, today)
    held = [each for each in pieces.every(view, ROUND, Round) if each.body.instrument == order.instrument]
    return Facts(
        paper=kept.body,
        standings=standings,
        earlier={measure.key: origins_of(measure, papers) for measure in kept.body.measures},
        rounds=[_round_facts(view, each) for each in held],
        day=today,
        authority=names.get(str(actor.viewer.authority), str(actor.viewer.authority)),
        classification=_classification(node, _under(view, kept, held), order.language),
        conditions="",
        authorities=names,
        states={each.alpha3: each.label.in_(order.language) for each in node.vocabulary.countries.values()},
        state=order.state,
        meeting=order.meeting,
        until=order.until,
        previous=_previous(view, order),
        analysis=analysed(
            kept.body,
            entries,
            rulings,
            newest_rounds([_held(view, each) for each in held]),
            today,
            known=frozenset(each.alpha3 for each in node.vocabulary.countries.values()),
        ),
    )


def _held(view: ReaderView, round_: Kept[Round]) -> HeldRound:
    answers = answers_of(view, round_.reference)
    return HeldRound(reference=round_.reference, round=round_.body, answers=answers)


def _round_facts(view: ReaderView, held: Kept[Round]) -> RoundFacts:
    answers = [approved(each) for each in answers_of(view, held.reference)]
    submitted = [each for each in answers if each.answer.submitted]
    return RoundFacts(
        round=held.body,
        cells=matrix(held.body, answers),
        counts=counts(held.body, answers),
        published=all(each.answer.publish for each in submitted),
    )


def _previous(view: ReaderView, order: ReportOrder) -> Content | None:
    frozen = pieces.every(view, REPORT, Frozen)
    if order.previous:
        found = next((each for each in frozen if each.reference == order.previous), None)
        if found is None:
            raise NotFound("There is no frozen report with this reference that you may see.")
        return found.body.content
    alike: Sequence[Kept[Frozen]] = [
        each
        for each in frozen
        if (each.body.template, each.body.instrument, each.body.content.language)
        == (order.template, order.instrument, order.language.partition("_")[0])
    ]
    newest = max(alike, key=lambda each: each.made_at, default=None)
    return None if newest is None else newest.body.content


def _under(view: ReaderView, paper: Kept[Instrument], held: Sequence[Kept[Round]]) -> list[Handling]:
    """Under what everything stands that a report on a paper may tell."""
    rounds = {each.reference for each in held}
    said: list[Kept[Any]] = [paper, *held]
    said += [each for each in pieces.every(view, ENTRY, Entry) if each.body.instrument == paper.reference]
    said += [each for each in pieces.every(view, ANSWER, Answer) if each.body.round in rounds]
    return [each.handling for each in said]


def _classification(node: Node, handlings: Sequence[Handling], language: str) -> str:
    """The highest level of them, in words."""
    ranks = node.vocabulary.classifications
    known = {each.classification for each in handlings} & set(ranks)
    return ranks[max(known, key=lambda level: ranks[level].rank)].label.in_(language) if known else ""
