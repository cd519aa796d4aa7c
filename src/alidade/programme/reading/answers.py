"""Answers: which State replied what to which recommendation, joint and listed replies resolved to each State."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.proposals import Answer, AnswerKind
from alidade.programme.reading.reply_kinds import Kind, is_silence, kind_of, kind_of_cell, signs
from alidade.programme.reading.sentences import sentences
from alidade.programme.reading.states import Subject, only_state, states_in, subject_at
from alidade.programme.reading.words import all_of, fold

_NUMBER: Final = r"(?:(?:n\s?o?\.?|no\.?|num\.?|numero|number|nr\.?)\s*)?"
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_MANY: Final = 3
_ASIDE: Final = r"(?:\s*,[^,.;]{2,60},)?"  # "Austria, on the other hand, ..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommendation of the note: its number such as "2c", its text, and the blocks that answer it."""

    number: str
    theme: str
    heading: Block
    text_block: Block | None
    text: str
    blocks: tuple[Block, ...]


@dataclass(slots=True, kw_only=True)
class _Head:
    place: int
    theme: str
    letters: tuple[str, ...]
    number: str
    rest: str
    title: str = ""


def _words(kind: str) -> str:
    return "|".join(re.escape(word) for word in all_of(kind))


_THEME: Final = re.compile(rf"^(?:{_words('theme')})\s+{_NUMBER}(\d{{1,2}}|[ivx]{{1,4}})\b\s*[.:)\-]?\s*")
_RECOMMENDATION: Final = re.compile(
    rf"^(?:{_words('recommendation')})(?:s|es)?\s+{_NUMBER}(?:(\d{{1,2}})\s*[.\-]?\s*)?(?:\(?([a-z])\)|"
    rf"([a-z])\b(?=\s*[.:\-]|$)|(?=[.:\s\-]|$))"
    rf"((?:\s*(?:,|and|et|y|e)\s*\(?[a-z]\))*)\s*[.:\-]?\s*"
)


def find_recommendations(blocks: Sequence[Block]) -> tuple[Recommendation, ...]:
    """The recommendations to which States answer, with the paragraphs below each."""
    heads = list(_heads(blocks))
    if not heads:
        return ()
    _number_themes(heads, blocks)
    found: list[Recommendation] = []
    for place, head in enumerate(heads):
        end = heads[place + 1].place if place + 1 < len(heads) else len(blocks)
        inner = _inner(blocks[head.place + 1 : end], blocks[head.place])
        text_block, answers = _split(inner, head.rest)
        text = head.rest or (text_block.text if text_block else "")
        for letter in head.letters or ("",):
            number = f"{head.number or head.theme}{letter}" if letter else head.number
            found.append(
                Recommendation(number=number, theme=head.theme, heading=blocks[head.place], text_block=text_block,
                               text=text, blocks=tuple(answers))
            )  # fmt: skip
    return tuple(found)


def _heads(blocks: Sequence[Block]) -> Iterator[_Head]:
    theme = ""
    for place, block in enumerate(blocks):
        if block.kind in ("note", "row"):
            continue
        folded = fold(block.text)
        found = _THEME.match(folded)
        if found and (block.kind == "heading" or len(block.text) < 300):
            theme = str(_ROMAN.get(found[1], found[1]))
            continue
        match = _RECOMMENDATION.match(folded)
        if match is None or not (match[1] or match[2] or match[3]):
            continue
        rest = block.text[match.end() :].strip()
        if block.kind != "heading" and not (
            rest == "" or block.bold or folded[match.end() - 2 : match.end()].strip()[-1:] in (":", ".", "-", ")")
        ):
            continue
        if block.numbered and rest:
            continue
        letter = match[2] or match[3] or ""
        more = tuple(re.findall(r"([a-z])\)", match[4] or ""))
        letters = (letter, *more) if letter else ()
        yield _Head(place=place, theme=theme, letters=letters, number=match[1] or "", rest=rest)


def _number_themes(heads: Sequence[_Head], blocks: Sequence[Block]) -> None:
    """Where themes have no number, one begins whenever the letters begin again; without themes a letter is alone."""
    if any(head.theme for head in heads) or not any(head.letters for head in heads):
        return
    last, theme, begun = "", 1, False
    for head in heads:
        letter = head.letters[0] if head.letters else ""
        if letter and last and letter <= last:
            theme, begun = theme + 1, True
        last = letter or last
        head.theme = str(theme)
    if not begun:
        for head in heads:
            head.theme = ""


def _inner(blocks: Sequence[Block], head: Block) -> list[Block]:
    """What stands below a heading, up to a heading that closes it."""
    found: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            if only_state(block.text):
                found.append(block)
                continue
            if _THEME.match(fold(block.text)) or not _is_inside(block, head):
                break
            continue
        if block.kind != "note":
            found.append(block)
    return found


def _is_inside(block: Block, head: Block) -> bool:
    if head.kind == "heading" and head.level and block.level:
        return block.level > head.level and not re.fullmatch(r"[IVX]+", block.number)
    return False


def _split(inner: Sequence[Block], rest: str) -> tuple[Block | None, list[Block]]:
    """The paragraph that gives the text of the recommendation, and those that answer."""
    if not inner or rest:
        return None, list(inner)
    first = inner[0]
    if first.kind == "row" or only_state(first.text) or subject_at(first.text, 0, "en"):
        return None, list(inner)
    return first, list(inner[1:])


@dataclass(slots=True, kw_only=True)
class _Collected:
    """Answers to one recommendation as they are met; one per State."""

    answers: dict[str, Answer] = field(default_factory=dict)
    all_rests: list[tuple[Block, tuple[str, ...]]] = field(default_factory=list)


def find_answers(recommendations: Sequence[Recommendation], roster: Sequence[str], language: str) -> tuple[Answer, ...]:
    """One answer for each State and recommendation; `roster` are the States that replied at all."""
    found: list[Answer] = []
    rounds: list[tuple[Recommendation, _Collected]] = []
    for recommendation in recommendations:
        collected = _Collected()
        last: tuple[str, ...] = ()
        for block in recommendation.blocks:
            last = _read(block, recommendation, language, collected, last)
        rounds.append((recommendation, collected))
    replied = {state for _, collected in rounds for state in collected.answers}
    for recommendation, collected in rounds:
        _resolve_all(collected, recommendation, roster or sorted(replied), language)
        found += sorted(collected.answers.values(), key=lambda answer: (answer.block, answer.start, answer.state))
    return tuple(found)


def _read(
    block: Block, recommendation: Recommendation, language: str, collected: _Collected, last: tuple[str, ...]
) -> tuple[str, ...]:
    """Read one paragraph; the States of whom it speaks at its end, so that what follows is theirs."""
    alone = only_state(block.text)
    if alone:
        return (alone,)
    every = re.match(signs(language).every, fold(block.text))
    if every:
        excepted = re.search(signs(language).except_, fold(block.text))
        collected.all_rests.append((block, states_in(block.text[excepted.end() :]) if excepted else ()))
        return ()
    speaking = list(_speakers(block, language))
    if not speaking:
        if last and not collected.answers.keys() >= set(last):
            _add(
                collected,
                recommendation,
                language,
                block,
                Subject(states=last, start=0, end=0, rule="under-state-heading"),
                (0, len(block.text)),
            )
        elif last:
            _extend(collected, last, block)
        return last
    for place, (subject, start) in enumerate(speaking):
        end = speaking[place + 1][1] if place + 1 < len(speaking) else len(block.text)
        _add(collected, recommendation, language, block, subject, (start, end))
    return speaking[-1][0].states


def _speakers(block: Block, language: str) -> Iterator[tuple[Subject, int]]:
    """Who speaks in a paragraph, and from where: at its beginning, or at that of a later sentence."""
    text, sign = block.text, signs(language)
    folded = fold(text)
    seen: set[str] = set()
    for start, end in sentences(text):
        subject = _subject(text, folded, start, end, language)
        if subject is None:
            continue
        reports = re.compile(rf"{_ASIDE}{sign.verbs}").match(folded, subject.end)
        if (seen and not reports) or seen >= set(subject.states):
            continue
        seen.update(subject.states)
        yield subject, start


def _subject(text: str, folded: str, start: int, end: int, language: str) -> Subject | None:
    sign = signs(language)
    lead = re.compile(
        r"(?:(?:with regard to|in relation to|in response to|regarding|concerning|en ce qui concerne|"
        r"s'agissant de|concernant|con respecto a|en relacion con|en cuanto a|no que respeita a|"
        r"relativamente a|quanto a)\s[^,]{0,80},\s*)"
    ).match(folded, start)
    if lead and (found := subject_at(text, lead.end(), language)):
        return found
    found = subject_at(text, start, language)
    if found is not None:
        return found
    according = re.compile(sign.according.lstrip("^")).match(folded, start)
    if according:
        found = subject_at(text, according.end(), language)
        if found is not None:
            return Subject(states=found.states, start=found.start, end=found.end, rule="according-to-state")
    # "The following States reported ...: A, B and C"; "updated by A, B and C"; "Fifteen States (A, B, C) ..."
    for opening in re.finditer(rf"(?::\s+|\(|{sign.by})", folded[start:end]):
        found = subject_at(text, start + opening.end(), language)
        needed = 2 if opening[0].strip() in (":", "(") else 1
        if found is not None and len(found.states) >= needed and found.end <= end:
            return Subject(states=found.states, start=found.start, end=found.end, rule="list-of-states")
    return None


def _add(
    collected: _Collected,
    recommendation: Recommendation,
    language: str,
    block: Block,
    subject: Subject,
    span: tuple[int, int],
) -> None:
    start, end = span
    text = block.text[start:end].strip()
    if is_silence(text, language):
        return
    # Only what is said counts, not the names of those who say it.
    said = (block.text[subject.end : end] if subject.rule != "list-of-states" else text).strip() or text
    short = kind_of_cell(said.strip(" :.–-")) if len(said) < 40 else None
    kind = kind_of(said, recommendation.text, recommendation.number, language)
    if short:
        kind = Kind(kind=cast(AnswerKind, short), rule="short-reply", confidence=0.85)
    share = 0.97 if subject.rule in ("state-subject", "joint-subject") else 0.85
    for state in subject.states:
        if state in collected.answers:
            _extend(collected, (state,), block)
            continue
        collected.answers[state] = Answer(
            recommendation=recommendation.number, state=state, kind=kind.kind, paragraph=block.paragraph,
            block=block.ordinal, start=start, end=end, text=text, points_to=kind.points_to,
            joint=tuple(other for other in subject.states if other != state), rule=f"{subject.rule}, {kind.rule}",
            confidence=round(share * kind.confidence, 2),
        )  # fmt: skip


def _extend(collected: _Collected, states: Sequence[str], block: Block) -> None:
    for state in states:
        answer = collected.answers.get(state)
        if answer is not None and answer.block != block.ordinal:
            collected.answers[state] = replace(answer, text=f"{answer.text} {block.text}")


def _resolve_all(collected: _Collected, recommendation: Recommendation, roster: Sequence[str], language: str) -> None:
    """ "All other States ...": everybody on the list who was not named and is not excepted."""
    for block, excepted in collected.all_rests:
        states = tuple(s for s in roster if s not in excepted and s not in collected.answers)
        if states:
            subject = Subject(states=states, start=0, end=0, rule="all-who-replied")
            _add(collected, recommendation, language, block, subject, (0, len(block.text)))


def roster_of(blocks: Sequence[Block], before: int) -> tuple[str, ...]:
    """The States from which replies were received, where an introduction lists them."""
    best: tuple[str, ...] = ()
    for block in blocks[:before]:
        if block.kind in ("paragraph", "item"):
            states = states_in(block.text)
            if len(states) > max(len(best), _MANY):
                best = states
    return best
