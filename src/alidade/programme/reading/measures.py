"""Measures and recommendations: labelled ("Measure No 3"), numbered headings, sections of a report, rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from alidade.programme.reading.addressees import begins_invitation
from alidade.programme.reading.answers import Recommendation
from alidade.programme.reading.blocks import Block
from alidade.programme.reading.fields import column_of
from alidade.programme.reading.sections import STATE_OF_PLAY, is_closing, title_of
from alidade.programme.reading.sentences import sentences
from alidade.programme.reading.words import all_of, fold, numbers_of

_ROMAN: Final = re.compile(r"^[IVX]{1,5}$")
_NUMBER: Final = r"(?:(?:n\s?o?\.?\s?o?|no\.?|num\.?|numero|number|nr\.?|#)\s*)?"
_ORDINAL: Final = "|".join(sorted(numbers_of("ordinals"), key=lambda word: -len(word)))
_LABEL: Final = re.compile(
    rf"^(?:{'|'.join(re.escape(word) for kind in ('measure', 'recommendation') for word in all_of(kind))}|"
    rf"priority|priorite|prioridad|prioridade|objective|objectif|objetivo|commitment|"
    rf"compromiso|compromisso|engagement)"
    rf"\s+{_NUMBER}(\d{{1,3}}(?:\.\d{{1,2}})*[a-z]?|[ivx]{{1,5}})(?:\b|(?<=[a-z]))(?:\s?\(?([a-z])\))?\s*[.:)\-|]*\s*"
)
_ORDINAL_LABEL: Final = re.compile(
    rf"^({_ORDINAL})\s+(?:{'|'.join(re.escape(word) for word in all_of('measure'))})\b\s*[.:)\-]*\s*"
)
_ROMANS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
                  "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}  # fmt: skip
_WORD: Final = re.compile(r"([a-z' -]*?)(?:\s+n\w{0,6}\W{0,2})?\s*(?=\d|[ivx]{1,5}\b)|([^\d]*)")
_LONGEST_TITLE: Final = 320
_PACKAGES: Final = (
    "operational_package", "action_plan", "roadmap", "conclusions", "recommendations", "evaluation_report",
)  # fmt: skip
_REPORTS: Final = ("progress_report", "synthesis_report")


@dataclass(slots=True, kw_only=True)
class Outline:
    """A measure before its dates and actors are read: number, title, where it stands, the blocks that are its own."""

    number: str
    title: str
    kind: Literal["measure", "recommendation", "section"]
    section: str
    head: Block
    blocks: list[Block] = field(default_factory=list)
    bullets: list[Block] = field(default_factory=list)
    columns: Mapping[str, int] = field(default_factory=dict)
    lead: Block | None = None  # "INVITES THE COMMISSION TO:", above the items that it governs
    rule: str
    confidence: float


def outline(
    blocks: Sequence[Block], first: int, kind: str, recommendations: Sequence[Recommendation]
) -> tuple[Outline, ...]:
    """The measures of a paper by the first way that fits: `first` is the place where the text begins."""
    if recommendations and kind == "follow_up_note":
        return tuple(_of_notes(recommendations))
    body = blocks[first:]
    if found := _labelled(body):
        return tuple(found)
    if found := _table(body):
        return tuple(found)
    if kind in _REPORTS:
        return tuple(_sections(body))
    if kind == "declaration":
        return ()
    if found := _headed(body, bulleted=kind not in _PACKAGES):
        return tuple(found)
    if kind in _PACKAGES:
        return tuple(_listed(body))
    return ()


def _of_notes(recommendations: Sequence[Recommendation]) -> Iterator[Outline]:
    for each in recommendations:
        head = each.text_block or each.heading
        text = each.text or each.heading.text
        yield Outline(
            number=each.number, title=_first_sentence(text), kind="recommendation", section=each.theme, head=head,
            blocks=[head], rule="recommendation-heading", confidence=0.95,
        )  # fmt: skip


def _first_sentence(text: str) -> str:
    start, end = sentences(text)[0]
    return text[start:end].strip()


def _label(block: Block) -> tuple[str, str] | None:
    """Number and title of a block that begins like "Measure No 3: ..."."""
    folded = fold(block.text)
    match = _LABEL.match(folded)
    if match is None:
        ordinal = _ORDINAL_LABEL.match(folded)
        if ordinal is None:
            return None
        return str(numbers_of("ordinals")[ordinal[1]]), block.text[ordinal.end() :].strip()
    number = f"{_ROMANS.get(match[1], match[1])}{match[2] or ''}"
    return number, title_of(_replaced(block, block.text[match.end() :].strip()))


def _replaced(block: Block, text: str) -> Block:
    return Block(ordinal=block.ordinal, kind=block.kind, text=text)


def _labelled(body: Sequence[Block]) -> list[Outline]:
    heads: list[tuple[int, str, str]] = []
    for place, block in enumerate(body):
        label = _label(block) if block.kind in ("heading", "paragraph", "item") and not block.numbered else None
        if label and (block.kind == "heading" or _stands_out(block, label[1])):
            heads.append((place, *label))
    heads = _of_one_word(heads, body)
    if len({number for _, number, _ in heads}) < 2:
        return []
    found: dict[str, Outline] = {}
    section = ""
    starts = {place for place, _, _ in heads}
    for place, number, title in heads:
        section = _section_before(body, place) or section
        own = list(_until_heading(body, place, starts))
        if not title and own and own[0].kind in ("heading", "paragraph"):
            title = _first_sentence(own[0].text)
        known = found.get(number)
        if known is None or len(own) > len(known.blocks):
            word = fold(body[place].text)
            is_recommendation = any(word.startswith(each) for each in all_of("recommendation"))
            found[number] = Outline(
                number=number, title=_titled(title), kind="recommendation" if is_recommendation else "measure",
                section=known.section if known and known.section else section, head=body[place],
                blocks=[body[place], *own], bullets=[b for b in own if b.kind == "item"], rule="label-and-number",
                confidence=0.97,
            )  # fmt: skip
    return list(found.values())


def _of_one_word(heads: list[tuple[int, str, str]], body: Sequence[Block]) -> list[tuple[int, str, str]]:
    """Where goals and the actions below them are both labelled and numbered, the actions: the more numerous."""
    words = {place: (_WORD.match(fold(body[place].text))[1] or "").strip() for place, _, _ in heads}  # type: ignore[index]
    numbers: dict[str, set[str]] = {}
    for place, number, _ in heads:
        numbers.setdefault(words[place], set()).add(number)
    often = max(numbers, key=lambda word: len(numbers[word]), default="")
    others = [word for word in numbers if numbers[word] & numbers[often] or len(numbers[word]) == 1]
    return [head for head in heads if words[head[0]] == often or words[head[0]] not in others]


def _titled(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else _first_sentence(title)


def _stands_out(block: Block, title: str) -> bool:
    return block.bold or (re.match(r"^[^.]{0,60}[:.–-]", block.text) is not None and not block.text[:1].islower())


def _until_heading(body: Sequence[Block], place: int, starts: set[int]) -> Iterator[Block]:
    head = body[place]
    for later in range(place + 1, len(body)):
        block = body[later]
        if later in starts:
            return
        if block.kind == "heading":
            deeper = block.level > head.level > 0 and not _ROMAN.match(block.number)
            if (
                is_closing(block)
                or _ROMAN.match(block.number)
                or (not deeper and head.kind == "heading" and later > place + 1)
            ):
                return
        if block.kind != "note":
            yield block


def _section_before(body: Sequence[Block], place: int) -> str:
    for block in reversed(body[:place]):
        if block.kind == "heading" and _ROMAN.match(block.number) and not _label(block):
            return block.number
    return ""


@dataclass(slots=True, kw_only=True)
class _Occurrence:
    """One place where a numbered heading stands, with what stands below it."""

    number: int
    head: Block
    section: str
    blocks: list[Block] = field(default_factory=list)


def _headed(body: Sequence[Block], *, bulleted: bool) -> list[Outline]:
    """Headings numbered 1 to N, each perhaps more than once (contents, list, annex), with what stands below them."""
    occurrences = _occurrences(body)
    numbers = list(dict.fromkeys(each.number for each in occurrences))
    _empty_contents(occurrences, len(numbers))
    found: list[Outline] = []
    for number in numbers:
        own = [each for each in occurrences if each.number == number]
        filled = [each for each in own if each.blocks]
        bullets = next((b for each in filled if (b := [x for x in each.blocks if x.kind == "item"])), [])
        found.append(
            Outline(
                number=str(number), title=title_of(own[0].head).rstrip(":"), kind="measure", section=own[0].section,
                head=(filled or own)[0].head, blocks=[b for each in filled for b in (each.head, *each.blocks)],
                bullets=bullets, rule="numbered-heading", confidence=0.9,
            )
        )  # fmt: skip
    measures = [each for each in found if each.blocks]
    if len(measures) < 2 or len(measures) < 0.7 * len(found):
        return []
    if bulleted and sum(1 for each in measures if each.bullets) < 0.5 * len(measures):
        return []
    return found


def _occurrences(body: Sequence[Block]) -> list[_Occurrence]:
    found: list[_Occurrence] = []
    section, expected, current = "", 1, None
    for block in body:
        number = _heading_number(block)
        known = number is not None and any(each.number == number for each in found)
        if number is not None and (known or number == expected) and not is_closing(block):
            current = _Occurrence(number=number, head=block, section=section)
            found.append(current)
            expected = max(expected, number + 1)
        elif block.kind == "heading" and _ROMAN.match(block.number):
            section = block.number
            # A heading set between a measure without text and its text does not part them.
            current = current if current is not None and not current.blocks else None
        elif block.kind == "heading":
            current = None
        elif current is not None and block.kind != "note":
            current.blocks.append(block)
    return found


def _empty_contents(occurrences: Sequence[_Occurrence], count: int) -> None:
    """Take from the last line of a table of contents what stands below it: it is the beginning of the text."""
    first = occurrences[:count]
    if len(occurrences) > count > 1 and not any(each.blocks for each in first[:-1]):
        first[-1].blocks = []


def _heading_number(block: Block) -> int | None:
    if not block.number.isdigit() or block.kind not in ("heading", "item") or block.numbered:
        return None
    if block.kind == "item" and not block.text.rstrip().endswith(":") and not block.bold:
        return None
    return int(block.number)


def _sections(body: Sequence[Block]) -> Iterator[Outline]:
    """The headings below "State of play", or all but introduction and conclusion: what a report tells by topic."""
    headings = [place for place, block in enumerate(body) if block.kind == "heading"]
    begin = next((p for p in headings if STATE_OF_PLAY.match(fold(body[p].text))), None)
    chosen = [p for p in headings if (begin is None or p > begin) and not is_closing(body[p])]
    levels = [body[p].level for p in chosen]
    top = min(levels) if levels else 0
    chosen = [p for p in chosen if body[p].level == top] if len([x for x in levels if x == top]) > 1 else chosen
    for index, place in enumerate(chosen, 1):
        block = body[place]
        own = list(_below(body, place, {*chosen, *(p for p in headings if is_closing(body[p]))}))
        if own:
            yield Outline(
                number=block.number or str(index), title=title_of(block), kind="section", section="", head=block,
                blocks=[block, *own], bullets=[b for b in own if b.kind == "item"], rule="section-of-report",
                confidence=0.7,
            )  # fmt: skip


def _below(body: Sequence[Block], place: int, stops: set[int]) -> Iterator[Block]:
    for later in range(place + 1, len(body)):
        if later in stops:
            return
        if body[later].kind != "note":
            yield body[later]


def _listed(body: Sequence[Block]) -> Iterator[Outline]:
    """A package without headings: every paragraph of its numbered series, with the items below it."""
    section = ""
    current: Outline | None = None
    lead: Block | None = None
    expected = 1
    for block in body:
        leads = _leads(block)
        if block.kind == "heading" or leads:
            section = block.number or section
            lead = block if leads else None
            if current is not None:
                yield current
            current = None
            continue
        if block.number.isdigit() and int(block.number) == expected and block.kind in ("paragraph", "item"):
            if current is not None:
                yield current
            expected += 1
            current = Outline(
                number=block.number, title=_first_sentence(block.text).rstrip(":"), kind="measure", section=section,
                head=block, blocks=[block], lead=lead, rule="numbered-paragraph", confidence=0.75,
            )  # fmt: skip
        elif current is not None and block.kind != "note":
            current.blocks.append(block)
            if block.kind == "item":
                current.bullets.append(block)
    if current is not None:
        yield current


def _leads(block: Block) -> bool:
    """Whether a block only says who is to do what follows: "CALLS ON THE MEMBER STATES TO:"."""
    if block.number or block.kind not in ("paragraph", "heading") or len(block.text) > 200:
        return False
    return _TO_ACT.search(fold(block.text)) is not None and begins_invitation(block.text)


_TO_ACT: Final = re.compile(r"(?:\b(?:to|a|de|para|que|that|d'|au|aux)|:|\))\s*[,:]*\s*$")
_HEAD_OF_ROW: Final = re.compile(r"^\w+\s+(?:no\.?\s*)?\d")  # "Action 3 - ..." names a row, not a column
_COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "number": re.compile(r"^(?:n\s?o?\.?|no\.?|nr\.?|num\.?|numero|number|#|ref\.?)$"),
    "title": re.compile(
        r"^(?:measures?|actions?|mesures?|medidas?|acc?iones|accion|acao|acoes|recommendations?|"
        r"recommandations?|recomendac\w+|description|objectifs?|objetivos?)\b"
    ),
}


def _table(body: Sequence[Block]) -> list[Outline]:
    """Rows of a table with a column of numbers and one of measures."""
    found: list[Outline] = []
    columns: dict[str, int] = {}
    for block in body:
        if block.kind != "row":
            columns = columns if block.kind == "note" else {}
            continue
        cells = [fold(cell).strip(" .:") for cell in block.cells]
        header = {
            name: place
            for name, pattern in _COLUMNS.items()
            for place, cell in enumerate(cells)
            if pattern.match(cell) and not _HEAD_OF_ROW.match(cell)
        }
        if "title" in header and len(cells) >= 2 and len(cells[header["title"]]) < 40:
            columns = {name: place for place, cell in enumerate(block.cells) if (name := column_of(cell))} | header
            continue
        if not columns or columns["title"] >= len(cells):
            continue
        number = cells[columns["number"]] if "number" in columns and columns["number"] < len(cells) else ""
        title = block.cells[columns["title"]].strip()
        label = _label(_replaced(block, title))
        if label and label[1]:
            number, title = number or label[0], label[1]
        if title and (number or "number" not in columns):
            found.append(
                Outline(
                    number=number.strip("() ") or str(len(found) + 1), title=_first_sentence(title), kind="measure",
                    section="", head=block, blocks=[block], columns=columns, rule="row-of-table", confidence=0.85,
                )
            )  # fmt: skip
    return found if len(found) >= 2 else []
