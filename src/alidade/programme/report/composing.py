"""Composing: the register becomes numbered paragraphs with notes, tables that add up, and charts, in one language.

Nothing is told that is not in the facts; every figure has its note; what exists in another language only is given in
that language and named as such.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from alidade.model.errors import Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import FOLDER, codes, term
from alidade.programme.register import Measure
from alidade.programme.remarks import Remark, obstacle_groups
from alidade.programme.report.analysis_tables import matrix_tables, region_table
from alidade.programme.report.content import Bars, Content, Note, Row, TableBlock
from alidade.programme.report.facts import LEAST_SHOWN, Facts
from alidade.programme.report.scribe import Scribe
from alidade.programme.standing import KeptEntry, Standing
from alidade.programme.suppression import hidden_cells

__all__ = ["TEMPLATES", "compose", "templates"]

TEMPLATES: Final = ("progress_report", "state_report", "synthesis_note", "briefing")
_NAMED_FINDINGS: Final = ("late", "unevidenced", "contested", "figures_differ")


class _Templates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    version: str
    date: dt.date
    source: str
    licence: str
    templates: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def templates() -> Mapping[str, tuple[str, ...]]:
    """The kinds of reports, each with its sections in order."""
    content = (FOLDER / "report_templates.json").read_bytes()
    return msgspec.json.decode(content, type=_Templates).templates


def compose(template: str, facts: Facts, language: str) -> Content:
    """The report of this kind on these facts, in this language (en, fr, es, pt or a regional form).

    Raises Invalid for an unknown kind, a State report without its State, or a briefing without its meeting.
    """
    if template not in templates():
        raise Invalid(f"There is no report {template!r}.", remedy=f"Choose one of: {', '.join(templates())}.")
    if template == "state_report" and not facts.state:
        raise Invalid("A State report needs its State.", remedy="Choose the State.")
    if template == "briefing" and not facts.meeting:
        raise Invalid("A briefing needs its meeting.", remedy="Name the meeting.")
    writer = _Writer(facts, language)
    for section in templates()[template]:
        writer.sections[section]()
    return writer.finish(template)


class _Writer(Scribe):
    """Writes the sections of one report."""

    def __init__(self, facts: Facts, language: str) -> None:
        super().__init__(facts, language)
        self.sections: Mapping[str, Callable[[], None]] = {
            "introduction": self._introduction,
            "overview": self._overview,
            "measures": self._measures,
            "state_measures": self._state_measures,
            "state_replies": self._state_replies,
            "rounds": self._rounds,
            "matrix": self._matrix,
            "regions": self._by_region,
            "state_said": self._state_said,
            "obstacles": self._obstacles,
            "good_practices": lambda: self._said_of("good_practice", "good_practices"),
            "training_needs": lambda: self._said_of("training_need", "training_needs"),
            "what_next": self._what_next,
            "changes": self._changes,
            "documents": self._documents,
        }

    def finish(self, template: str) -> Content:
        """The whole, with its title."""
        facts, say = self.facts, self.words.say
        title = {
            "state_report": lambda: say("state_report", state=self.state(facts.state)),
            "briefing": lambda: say("briefing", meeting=facts.meeting),
        }.get(template, lambda: say(template))()
        name, _ = self.text(facts.paper.title, f"title of {facts.paper.number}")
        return Content(
            title=title,
            subtitle=say("on_paper", number=facts.paper.number, title=name),
            language=self.words.language,
            day=facts.day.isoformat(),
            authority=facts.authority,
            classification=facts.classification,
            conditions=facts.conditions,
            blocks=tuple(self.blocks),
            documents=tuple(self.papers.items()),
            facts=tuple(self.told),
            untranslated=tuple(self.untranslated),
        )

    # -- sections ---------------------------------------------------------------------------------------------------

    def _introduction(self) -> None:
        facts, say = self.facts, self.words.say
        self.heading(say("introduction"))
        self.paragraph(say("covers", len(facts.standings), paper=facts.paper.number), [self.paper_note()])
        self.paragraph(say("basis", authority=facts.authority, day=self.words.day(facts.day)))
        if facts.paper.predecessors:
            papers = self.words.listed(list(facts.paper.predecessors))
            notes = [self.document(number) for number in facts.paper.predecessors]
            self.paragraph(say("predecessors", papers=papers), notes)

    def _overview(self) -> None:
        facts, say = self.facts, self.words.say
        self.heading(say("overview"))
        counted: dict[str, int] = {}
        for standing in facts.standings.values():
            counted[standing.status or ""] = counted.get(standing.status or "", 0) + 1
        order = [code for code in (*_statuses(), "") if code in counted]
        whole = len(facts.standings)
        named = [(self.status(code), counted[code]) for code in order]
        rows = [Row(name=name, cells=(self.words.number(n), self.words.share(n, whole))) for name, n in named]
        shares = self.words.share(whole, whole)
        rows.append(Row(name=say("total"), cells=(self.words.number(whole), shares), total=True))
        source = say("from_register", day=self.words.day(facts.day))
        head = (say("status"), say("measures"), say("share"))
        self.blocks.append(TableBlock(title=say("statuses_table"), head=head, rows=tuple(rows), source=source))
        self.blocks.append(Bars(title=say("statuses_table"), bars=tuple(named), source=source))
        for code, count in counted.items():
            self.fact(f"count/{code or 'not_known'}", f"{self.status(code)}: {self.words.number(count)}")
        for finding in ("late", "no_deadline", "unevidenced"):
            found = sum(any(f.code == finding for f in s.findings) for s in facts.standings.values())
            if found:
                self.paragraph(say(f"{finding}_count", found), of=f"finding/{finding}")

    def _measures(self) -> None:
        self.heading(self.words.say("measures"))
        for standing in self.facts.standings.values():
            self._measure(standing)

    def _measure(self, standing: Standing) -> None:
        say, measure = self.words.say, standing.measure
        title, other = self.text(measure.title, f"title of measure {measure.key}")
        self.heading(say("measure_heading", key=measure.key, title=title), other, 2)
        if measure.aim:
            text, language = self.text(measure.aim, f"aim of measure {measure.key}")
            self.paragraph(say("aim", text=text), self.cited(measure), language=language)
        if measure.addressees:
            names = self.words.listed([self.state(code) for code in measure.addressees])
            self.paragraph(say("addressed", addressees=names))
        self._carried(measure)
        self._status_of(standing)
        for kept in standing.history:
            if kept.entry.kind != "status" or kept.entry.text:
                self._entry(kept)
        for finding in standing.findings:
            if finding.code in _NAMED_FINDINGS:
                self.paragraph(say(finding.code), of=f"{measure.key}/finding/{finding.code}")

    def _carried(self, measure: Measure) -> None:
        origins = self.facts.earlier.get(measure.key, ())
        if origins:
            say = self.words.say
            names = [say("measure_of", key=before.key, number=number) for _, number, before, _ in origins]
            notes = [self.document(number) for number in dict.fromkeys(number for _, number, _, _ in origins)]
            self.paragraph(say("carried_from", measures=self.words.listed(names)), notes)

    def _status_of(self, standing: Standing) -> None:
        say, measure = self.words.say, standing.measure
        key = f"{measure.key}/status"
        if standing.status is None or standing.since is None:
            self.paragraph(say("status_unknown"), of=key)
        else:
            self.paragraph(
                say(
                    "status_verified" if standing.verified else "status_said",
                    status=self.status(standing.status),
                    authority=self.authority(standing.said_by),
                    day=self.words.day(standing.since),
                ),
                self.sources(standing.statuses[-1]),
                of=key,
            )
        if standing.conflict:
            said = [
                say("said_by", status=self.status(kept.entry.status), authority=self.authority(kept.authority))
                for kept in standing.statuses
            ]
            self.paragraph(say("differ", statuses=self.words.listed(said)), of=f"{measure.key}/differ")
        if measure.deadline is not None:
            self.paragraph(say("deadline", day=self.words.day(measure.deadline)), of=f"{measure.key}/deadline")
        elif measure.deadline_said:
            texts = {self.facts.paper.language: measure.deadline_said}
            words, language = self.text(texts, f"deadline of measure {measure.key}")
            self.paragraph(say("deadline_said", text=words), of=f"{measure.key}/deadline", language=language)
        else:
            self.paragraph(say("no_deadline"), of=f"{measure.key}/deadline")

    def _entry(self, kept: KeptEntry) -> None:
        say, entry = self.words.say, kept.entry
        text, language = self.text(entry.text, f"entry {kept.reference[:8]} on measure {entry.measure}")
        parts = [text] if text else []
        if entry.figure is not None:
            parts.append(self.figure(entry.figure, entry.state))
        if entry.document is not None:
            parts.append(entry.document.number)
        what = term("entry_kinds", entry.kind, self.tag)
        said = (
            say("entry_undated", kind=what, text="; ".join(parts))
            if entry.day is None
            else say("entry", kind=what, day=self.words.day(entry.day), text="; ".join(parts))
        )
        key = f"{entry.measure}/{kept.reference}"
        self.paragraph(said, self.sources(kept), of=key, language=language)

    def _state_measures(self) -> None:
        facts, say = self.facts, self.words.say
        self.heading(say("measures"))
        for standing in facts.standings.values():
            own = [kept for kept in standing.history if kept.entry.state == facts.state]
            addressed = facts.state in standing.measure.addressees
            if own or addressed:
                title, other = self.text(standing.measure.title, f"title of measure {standing.measure.key}")
                self.heading(say("measure_heading", key=standing.measure.key, title=title), other, 2)
                for kept in own:
                    self._entry(kept)
                if not own:
                    self.paragraph(say("status_unknown"), of=f"{standing.measure.key}/status")

    def _state_replies(self) -> None:
        facts, say = self.facts, self.words.say
        for round_ in facts.rounds:
            self.heading(say("replies", title=self.round_title(round_)))
            for question in round_.round.questions:
                cell = round_.cells.get((facts.state, question.key))
                if cell is None or cell.kind is None:
                    silent = say("state_silent", state=self.state(facts.state), question=question.key)
                    self.paragraph(silent, of=f"reply/{question.key}")
                    continue
                kind = _kind(cell.kind, self.tag)
                said = say("state_said", state=self.state(facts.state), question=question.key, kind=kind)
                text, language = self.text(cell.part.text if cell.part else {}, f"reply to {question.key}")
                notes = [self.document(each.number) for each in (cell.part.evidence if cell.part else ())]
                self.paragraph(f"{said} {text}".strip(), notes, of=f"reply/{question.key}", language=language)

    def _rounds(self) -> None:
        facts, say = self.facts, self.words.say
        for round_ in facts.rounds:
            title = self.round_title(round_)
            self.heading(say("replies", title=title))
            counts = list(round_.counts.values())
            asked, answered, done = (
                sum(each.asked for each in counts),
                sum(each.answered for each in counts),
                sum(each.done for each in counts),
            )
            source = say("from_round", title=title, day=self.words.day(facts.day))
            said = say(
                "replies_said",
                asked=self.words.number(asked),
                answered=self.words.number(answered),
                done=self.cell(done, published=round_.published),
            )
            self.paragraph(said, [Note(text=source)], of="replies/whole")
            small = {} if round_.published else {(each.question, "done"): float(each.done) for each in counts}
            hidden = hidden_cells(small, [each.question for each in counts], ["done"], LEAST_SHOWN, row_totals=False)
            rows = [
                Row(
                    name=each.question,
                    cells=(
                        self.words.number(each.asked),
                        self.words.number(each.answered),
                        say("not_given") if (each.question, "done") in hidden else self.words.number(each.done),
                        self.words.number(each.silent),
                    ),
                )
                for each in counts
            ]
            totals = (
                self.words.number(asked),
                self.words.number(answered),
                self.cell(done, published=round_.published),
                self.words.number(asked - answered),
            )
            rows.append(Row(name=say("total"), cells=totals, total=True))
            head = (say("recommendation"), say("asked"), say("answered"), say("done"), say("silent"))
            self.blocks.append(TableBlock(title=say("replies_table"), head=head, rows=tuple(rows), source=source))

    def _matrix(self) -> None:
        tables = matrix_tables(self)
        if tables:
            self.heading(self.words.say("matrix"))
            self.blocks += tables

    def _by_region(self) -> None:
        table = region_table(self)
        if table is not None:
            self.heading(self.words.say("by_region"))
            self.blocks.append(table)

    def _obstacles(self) -> None:
        """The obstacles by the closed list, counted, then those of replies in words; entries stand at their measure."""
        said = self._remarks("obstacle")
        if not said:
            return
        say = self.words.say
        self.heading(say("obstacles"))
        rows = [
            Row(name=term("obstacle_kinds", group.code, self.tag), cells=(self.words.number(group.times),))
            for group in obstacle_groups(said)
        ]
        rows.append(Row(name=say("total"), cells=(self.words.number(len(said)),), total=True))
        source = say("from_register", day=self.words.day(self.facts.day))
        head = (say("obstacles"), say("times"))
        self.blocks.append(TableBlock(title=say("obstacles_table"), head=head, rows=tuple(rows), source=source))
        self._in_words([each for each in said if each.round])

    def _said_of(self, kind: str, title: str) -> None:
        said = self._remarks(kind)
        if said:
            self.heading(self.words.say(title))
            self._in_words(said)

    def _state_said(self) -> None:
        """What the State of a State report names, under a heading for each kind."""
        titles = {"obstacle": "obstacles", "good_practice": "good_practices", "training_need": "training_needs"}
        for kind, title in titles.items():
            said = [each for each in self._remarks(kind) if each.state == self.facts.state]
            if said:
                self.heading(self.words.say(title))
                self._in_words(said)

    def _in_words(self, said: Sequence[Remark]) -> None:
        for each in said:
            text, language = self.text(each.text, f"{each.kind} on {each.key}")
            kind = term("obstacle_kinds", each.obstacle, self.tag) if each.obstacle else ""
            what = ". ".join(part for part in (kind, text) if part)
            who = self.state(each.state) if each.state else self.authority(each.authority)
            sentence = self.words.say("said_on", who=who, key=each.key, text=what)
            note = None if each.source is None else self.source(each.source, each.authority)
            key = f"{each.kind}/{each.key}/{each.state or each.authority}/{each.day.isoformat()}"
            self.paragraph(sentence, [note] if note else [], of=key, language=language)

    def _remarks(self, kind: str) -> list[Remark]:
        """What may be told: entries, and replies to rounds of which every reply may be published as received."""
        found = self.facts.analysis
        open_rounds = all(round_.published for round_ in self.facts.rounds)
        named = [] if found is None else [each for each in found.remarks if each.kind == kind]
        return [each for each in reversed(named) if open_rounds or not each.round]

    def _what_next(self) -> None:
        facts, say = self.facts, self.words.say
        self.heading(say("what_next"))
        due = sorted(
            (standing.measure.deadline, key, standing)
            for key, standing in facts.standings.items()
            if standing.measure.deadline is not None
            and not standing.over
            and (facts.until is None or standing.measure.deadline <= facts.until)
        )
        for deadline, key, standing in due:
            title, language = self.text(standing.measure.title, f"title of measure {key}")
            said = say("due", day=self.words.day(deadline), key=key, title=title)
            self.paragraph(said, of=f"{key}/due", language=language)
        steps = [k for s in facts.standings.values() for k in s.history if k.entry.kind == "next_step"]
        for kept in steps:
            self._entry(kept)
        if not due and not steps:
            self.paragraph(say("nothing_due"))

    def _changes(self) -> None:
        previous, say = self.facts.previous, self.words.say
        if previous is None:
            return
        self.heading(say("changes", day=self.words.day(dt.date.fromisoformat(previous.day))))
        before = {fact.key: fact.text for fact in previous.facts}
        now = {fact.key: fact.text for fact in self.told}
        said = [say("change_new", text=text) for key, text in now.items() if key not in before]
        said += [
            say("change_changed", before=before[key], now=text)
            for key, text in now.items()
            if key in before and before[key] != text
        ]
        said += [say("change_gone", text=text) for key, text in before.items() if key not in now]
        for sentence in said or [say("no_changes")]:
            self.paragraph(sentence)

    def _documents(self) -> None:
        if not self.papers:
            return
        say = self.words.say
        self.heading(say("documents"))
        rows = tuple(Row(name=number, cells=(title or say("not_known"),)) for number, title in self.papers.items())
        self.blocks.append(
            TableBlock(
                title=say("documents"),
                head=(say("paper"), say("title")),
                rows=rows,
                source=say("from_register", day=self.words.day(self.facts.day)),
            )
        )


def _statuses() -> Sequence[str]:
    return tuple(codes("measure_statuses"))


def _kind(code: str, language: str) -> str:
    return answer_kinds()[code].label.in_(language)
