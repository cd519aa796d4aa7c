"""The scribe: numbers paragraphs, resolves notes, and remembers what was told, cited and not translated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from alidade.programme.lists import codes, term
from alidade.programme.reading.actors import actor_table, label_of
from alidade.programme.register import Counting, Figure, Measure, Source, said_in
from alidade.programme.report.content import Block, Fact, Heading, Note, Paragraph
from alidade.programme.report.facts import LEAST_SHOWN, Facts, RoundFacts
from alidade.programme.report.wording import Wording
from alidade.programme.standing import KeptEntry
from alidade.programme.suppression import counts_people, small_cells

__all__ = ["Scribe"]


class Scribe:
    """One report while it is being written."""

    def __init__(self, facts: Facts, language: str) -> None:
        """`language`: en, fr, es, pt or a regional form."""
        self.facts = facts
        self.words = Wording(language)
        self.tag = language
        self.blocks: list[Block] = []
        self.told: list[Fact] = []
        self.untranslated: dict[str, None] = {}
        self.papers: dict[str, str] = {}
        self.paragraphs = 0

    def heading(self, text: str, language: str = "", level: int = 1) -> None:
        """A heading; `language` where it could not be had in that of the report."""
        self.blocks.append(Heading(text=text, level=level, language=language))

    def paragraph(self, text: str, notes: Sequence[Note] = (), *, of: str = "", language: str = "") -> None:
        """The next numbered paragraph; `of` is the key of the fact that it tells."""
        self.paragraphs += 1
        self.blocks.append(Paragraph(number=self.paragraphs, text=text, notes=tuple(notes), of=of, language=language))
        if of:
            self.fact(of, text)

    def fact(self, key: str, text: str) -> None:
        """Remember a fact that is told, for the comparison with the next report."""
        self.told.append(Fact(key=key, text=text))

    def text(self, texts: Mapping[str, str], what: str) -> tuple[str, str]:
        """A text in the language of the report, else the one there is with its mark; and that other language."""
        text, language = said_in(texts, self.tag)
        if not text or language.partition("_")[0] == self.words.language:
            return text, ""
        self.untranslated[what] = None
        return f"{text} {self.words.say('original_in', language=self.words.say(language))}", language

    def figure(self, figure: Figure, state: str = "") -> str:
        """A figure with its unit, as printed; a small count of people of one State is not given."""
        if figure.unit in codes("figure_units"):
            unit = term("figure_units", figure.unit, self.tag)
        else:
            unit, _ = self.text({self.facts.paper.language: figure.unit, **figure.unit_texts}, f"unit “{figure.unit}”")
        small = state and counts_people(figure) and 0 < figure.value < small_cells().least
        value = self.words.say("suppressed", least=small_cells().least) if small else self.words.number(figure.value)
        said = self.words.say("figure", value=value, unit=unit)
        return f"{said} ({figure.of})" if figure.of else said

    def sources(self, kept: KeptEntry) -> list[Note]:
        """The notes of an entry: its sources, those of its figure, and its document."""
        entry = kept.entry
        sources = [entry.source, *([entry.figure.source] if entry.figure is not None else [])]
        notes = [note for source in sources if (note := self.source(source, kept.authority)) is not None]
        if entry.document is not None:
            notes.append(self.document(entry.document.number, entry.document.title, entry.document.date))
        return list(dict.fromkeys(notes))

    def source(self, source: Source, authority: str = "") -> Note | None:
        """The note of one source; None where there is none. `authority` is the one that said it."""
        say = self.words.say
        if source.document:
            self.papers.setdefault(source.document, self.title_of(source.document))
            if source.paragraph:
                text = say("note_document_paragraph", number=source.document, paragraph=source.paragraph)
            else:
                text = say("note_document", number=source.document)
            return Note(text=text, document=source.document)
        if source.taken:
            moment = "" if source.taken_at is None else self.words.day(source.taken_at.date())
            if source.counting is not None:
                return self._counted(source, source.counting, authority, moment)
            return Note(text=say("note_taken", taken=source.taken, moment=moment))
        return None

    def _counted(self, source: Source, counting: Counting, authority: str, moment: str) -> Note:
        """The note of a figure that the platform counted itself: what, when, for whom and for which time."""
        taken, _ = self.text(source.taken_texts or {"en": source.taken}, f"what was counted for {authority}")
        who = self.authority(authority)
        if counting.since is None or counting.until is None:
            return Note(text=self.words.say("note_counted", taken=taken, authority=who, moment=moment))
        since, until = self.words.day(counting.since), self.words.day(counting.until)
        said = self.words.say(
            "note_counted_period", taken=taken, authority=who, moment=moment, since=since, until=until
        )
        return Note(text=said)

    def document(self, number: str, title: str = "", day: dt.date | None = None) -> Note:
        """The note of a paper, which is listed among the papers referred to."""
        known = title or self.title_of(number)
        if known or number not in self.papers:
            self.papers[number] = known
        day = day or next((each.date for each in self.facts.paper.documents if each.number == number), None)
        say = self.words.say
        dated = say("note_document_dated", number=number, day=self.words.day(day)) if day else ""
        return Note(text=dated or say("note_document", number=number), document=number)

    def cited(self, measure: Measure) -> list[Note]:
        """The notes of the papers that a measure refers to."""
        return [self.document(each.number, each.title, each.date) for each in measure.references]

    def paper_note(self) -> Note:
        """The note of the paper itself."""
        paper = self.facts.paper
        title, _ = said_in(paper.title, self.tag)
        return self.document(paper.number, title, paper.date)

    def title_of(self, number: str) -> str:
        """The title of a paper as far as the register knows it."""
        paper = self.facts.paper
        if number == paper.number:
            return said_in(paper.title, self.tag)[0]
        found = (each.title for each in paper.documents if each.number == number and each.title)
        return next(found, "")

    def status(self, code: str) -> str:
        """A status in words; not known where there is none."""
        return term("measure_statuses", code, self.tag) if code else self.words.say("not_known")

    def authority(self, code: str) -> str:
        """An authority by its name."""
        return self.facts.authorities.get(code, code)

    def state(self, code: str) -> str:
        """A State by its name; a body by its short name in the language of the report."""
        return self.facts.states.get(code) or (label_of(code, self.words.language) if code in actor_table() else code)

    def cell(self, count: int, *, published: bool) -> str:
        """A count of replies; a small one is not given where they are not published."""
        if not published and 0 < count < LEAST_SHOWN:
            return self.words.say("suppressed", least=LEAST_SHOWN)
        return self.words.number(count)

    def round_title(self, round_: RoundFacts) -> str:
        """The title of a round."""
        return self.text(round_.round.title, "title of a round")[0]
