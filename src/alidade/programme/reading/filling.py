"""Filling: a measure gets its dates, references, figures, addressees, deadline, deliverables, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from alidade.programme.reading.addressees import named, owner, told
from alidade.programme.reading.blocks import Block
from alidade.programme.reading.dates import find_dates, is_fine, month_of
from alidade.programme.reading.fields import due, fields_of, responsible
from alidade.programme.reading.figures import find_figures
from alidade.programme.reading.measures import Outline
from alidade.programme.reading.proposals import Found, FoundActor, FoundDate, Measure
from alidade.programme.reading.references import find_references
from alidade.programme.reading.sections import cited
from alidade.programme.reading.sentences import sentences
from alidade.programme.reading.words import fold, reading_words

F = TypeVar("F", bound=Found)
NONE_SET = "none set"
_WITHIN = 28


def fill(
    outline: Outline, notes: Mapping[str, Block], language: str, *, report: bool, date: str, of_the_union: bool
) -> Measure:
    """A measure with everything that its blocks, and the footnotes they cite, say. `date` is that of the paper."""
    blocks = _once(cited(outline.blocks, notes))
    dates = [each for block in blocks for each in find_dates(block)]
    references = [each for block in blocks for each in find_references(block)]
    figures = [each for block in blocks for each in find_figures(block, language, [*dates, *references])]
    stated = list(fields_of(blocks, outline.columns))
    told_to = [*responsible(stated, language, of_the_union=of_the_union)]
    if outline.lead is not None:
        told_to += named([outline.lead], language, of_the_union=of_the_union, rule="invited-above")
    in_fields = bool(told_to)
    told_to += [] if in_fields else told(blocks, language, of_the_union=of_the_union)
    if (
        report
        or (outline.rule == "row-of-table" and not in_fields)
        or (outline.kind == "recommendation" and not told_to)
    ):
        told_to += named(blocks, language, of_the_union=of_the_union)
    is_due, deadline = due(stated)
    if not is_due:
        deadline = _deadline([each for each in dates if not each.note], blocks, date, report=report)
    forum = [each for each in named(blocks, language, of_the_union=of_the_union) if each.kind == "council-body"]
    text = [block.text for block in outline.blocks if block.kind not in ("heading", "note")]
    return Measure(
        number=outline.number, title=outline.title, kind=outline.kind, section=outline.section, text="\n".join(text),
        paragraph=outline.head.paragraph, block=outline.head.ordinal, blocks=tuple(b.ordinal for b in outline.blocks),
        addressees=tuple(_best(told_to)), owner=owner(blocks, language, of_the_union=of_the_union),
        forum=tuple(forum), deliverables=tuple(_deliverables(blocks)),
        bullets=tuple(_whole(block) for block in outline.bullets), dates=tuple(dates), deadline=deadline,
        deadline_finding="" if deadline else NONE_SET, references=tuple(references), figures=tuple(figures),
        rule=outline.rule, confidence=outline.confidence,
    )  # fmt: skip


def _once(blocks: Iterable[Block]) -> list[Block]:
    return list({block.ordinal: block for block in blocks}.values())


def _best(actors: Iterable[FoundActor]) -> Iterator[FoundActor]:
    """Each actor once, by its strongest sign."""
    best: dict[str, FoundActor] = {}
    for actor in actors:
        known = best.get(actor.value)
        if known is None or actor.confidence > known.confidence:
            best[actor.value] = actor
    yield from sorted(best.values(), key=lambda actor: (actor.block, actor.start))


def _whole(block: Block) -> Found:
    return Found(
        value=block.number, text=block.text, paragraph=block.paragraph, block=block.ordinal, start=0,
        end=len(block.text), rule="item-of-list", confidence=0.95,
    )  # fmt: skip


@cache
def _cue() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(reading_words().deadline, key=lambda word: -len(word)))
    return re.compile(
        rf"(?<![\w'])(?:{words})[\s,]*(?:\b(?:the|le|la|les|el|o|os|end|of|de|del|do|da|"
        rf"du|fin|final|fim|mois|mes|year|ano|a|au|en|em|no|na|on|ao|aos|al|l'annee)\b\s*)*$"
    )


_FOR = re.compile(r"\b(?:pour|for|para)\s+(?:la |le |the |el |o |a )?$")
_IN = re.compile(
    r"(?:\b(?:in|during|en|au|au cours du|lors du|em|no|na|durante)|\bdans)\s+(?:(?:the|le|la|l'|el|o|a)\s*)?$"
)
_AFTER = re.compile(r"^[\s,]*(?:au plus tard|at the latest|a mas tardar|o mais tardar|como maximo)")
_RANGE = re.compile(r"\b(?:jusqu'a|until|hasta)\s*(?:\w+ ){0,2}$")


def _deadline(dates: Sequence[FoundDate], blocks: Sequence[Block], paper: str, *, report: bool) -> FoundDate | None:
    """The date by which it is to be done: one with words of a deadline, else the first that is still to come."""
    texts = {block.ordinal: fold(block.text) for block in blocks}
    for date in dates:
        if date.precision == "period" or (report and paper and month_of(date.value) < paper[:7]):
            continue
        text = texts[date.block]
        before = text[max(0, date.start - _WITHIN) : date.start]
        if _AFTER.match(text[date.end : date.end + 30]):
            return date
        if _cue().search(before) and not _RANGE.search(before):
            return date
        if date.precision != "day" and _FOR.search(before):
            return date
    if not paper:
        return None
    ahead = [date for date in dates if is_fine(date) and month_of(date.value) > paper[:7]]
    if report:
        return ahead[0] if ahead else None
    return next((date for date in ahead if _IN.search(texts[date.block][max(0, date.start - 16) : date.start])), None)


@cache
def _deliverable() -> re.Pattern[str]:
    nouns = "|".join(re.escape(word) for word in sorted(set(reading_words().deliverables), key=lambda word: -len(word)))
    return re.compile(
        rf"\b(?:present|publi|elabor|etabli|adopt|prepar|draft|issu|deliver|submit|produc|"
        rf"develop|approuv|approv|apres|aprov|redig|redact|finalis|creat|cre)\w*\b[^.;]{{0,80}}?\b(?:{nouns})\b"
        rf"|\b(?:{nouns})\b[^.;]{{0,90}}?\b(?:present|publi|elabor|etabli|adopt|deliver|"
        rf"submit|approuv|approv|aprov|apres|endors|finalis)\w*\b"
    )


def _deliverables(blocks: Sequence[Block]) -> Iterator[Found]:
    """Sentences in which something that can be handed over is made."""
    for block in blocks:
        if block.kind in ("note", "heading"):
            continue
        folded = fold(block.text)
        for start, end in sentences(block.text):
            match = _deliverable().search(folded, start, end)
            if match is not None:
                yield Found(
                    value=block.text[match.start() : match.end()], text=block.text[start:end],
                    paragraph=block.paragraph, block=block.ordinal, start=start, end=end, rule="made-and-handed-over",
                    confidence=0.6,
                )  # fmt: skip
