"""Rounds: the same questions to many authorities, their answers kept apart, compared, and never counted from silence.

Source of the form: UNODC questionnaire on the recommendations of meetings of heads of drug agencies (edition of 2017),
with the fields whose lack made its answers incomparable; Joint Action 97/827/JHA for mutual evaluations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alidade.model.errors import Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes
from alidade.programme.register import DocumentRef, Figure, Record, Texts

__all__ = ["LONGEST_TEXT", "Answer", "Cell", "Count", "Evaluation", "KeptAnswer", "Part", "Question", "Recommendation"]
__all__ += ["Round", "amended", "check_answer", "check_part", "check_round", "compare", "counts", "matrix", "words_in"]

LONGEST_TEXT: Final = 200
"""Words that a free text may have (UNODC questionnaire, edition of 2017)."""

Field = Literal["kind", "competent", "obstacle", "evidence", "figures", "text", "good_practice", "training_need"]
_Reference = Annotated[str, Meta(min_length=32, max_length=32)]
_State = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
_Key = Annotated[str, Meta(min_length=1, max_length=20)]


class Question(Record, frozen=True, kw_only=True):
    """One question: on which measure, in which words, and with which fields it is answered.

    `figures` names what is to be counted and in which unit, so that answers can be added up.
    """

    key: _Key
    measure: str = ""
    text: Texts
    fields: tuple[Field, ...] = (
        "kind", "text", "competent", "obstacle", "evidence", "figures", "good_practice", "training_need",
    )  # fmt: skip
    figures: tuple[tuple[str, str], ...] = ()


class Recommendation(Record, frozen=True, kw_only=True):
    """A recommendation of an evaluation: to the State visited, to other States, or to the Union."""

    number: _Key
    addressee: Annotated[str, Meta(max_length=80)]
    text: Texts


class Evaluation(Record, frozen=True, kw_only=True):
    """What a mutual evaluation has beside its questions: the visit, who came, what they found.

    `stage`: questionnaire, answered, visit, draft, adopted, follow_up, closed. The follow-up is due after a clock of
    the law (`mutual_evaluation_follow_up`), counted from `adopted_on`.
    """

    state: _State
    stage: Literal["questionnaire", "answered", "visit", "draft", "adopted", "follow_up", "closed"] = "questionnaire"
    experts: tuple[_State, ...] = ()
    observers: tuple[str, ...] = ()
    visit_from: dt.date | None = None
    visit_to: dt.date | None = None
    adopted_on: dt.date | None = None
    report: DocumentRef | None = None
    findings: tuple[Texts, ...] = ()
    good_practices: tuple[Texts, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()


class Round(Record, frozen=True, kw_only=True):
    """A round of questions on an instrument. `asked` are authorities; `states` are those whose answer is awaited.

    `previous` is the round before, whose answers are shown beside. `closed_on` is set when answers are no longer
    taken; until then an answer after `cut_off` is an amendment with its reason.
    """

    title: Texts
    kind: Literal["questionnaire", "mutual_evaluation"] = "questionnaire"
    instrument: str = ""
    questions: tuple[Question, ...]
    asked: tuple[str, ...] = ()
    states: tuple[_State, ...] = ()
    opens: dt.date
    cut_off: dt.date
    closed_on: dt.date | None = None
    reminders: tuple[int, ...] = (14, 3, 0)
    languages: tuple[str, ...] = ("en",)
    previous: str = ""
    evaluation: Evaluation | None = None

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return next((question for question in self.questions if question.key == key), None)


class Part(Record, frozen=True, kw_only=True):
    """The answer to one question.

    `kind` is a code of answer_kinds; `see` the question that a cross-reference points to; `competent` the body that
    is, where the one asked is not; `joint_with` the States for which it speaks as well.
    """

    question: _Key
    kind: str
    text: Texts = msgspec.field(default_factory=dict)
    competent: Annotated[str, Meta(max_length=200)] = ""
    see: Annotated[str, Meta(max_length=20)] = ""
    obstacle: str = ""
    obstacle_text: Texts = msgspec.field(default_factory=dict)
    evidence: tuple[DocumentRef, ...] = ()
    figures: tuple[Figure, ...] = ()
    good_practice: Texts = msgspec.field(default_factory=dict)
    training_need: Texts = msgspec.field(default_factory=dict)
    joint_with: tuple[_State, ...] = ()


class Answer(Record, frozen=True, kw_only=True):
    """The answers of one State to a round.

    `publish`: whether it may be published as received. `translated`: languages of the texts that a machine or a person
    translated and that nobody has approved yet. `amended_because` is set for what changed after the cut-off.
    """

    round: _Reference
    state: _State
    parts: tuple[Part, ...]
    contact: Annotated[str, Meta(max_length=200)] = ""
    publish: bool = False
    submitted: bool = False
    delegated_to: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    amended_because: Annotated[str, Meta(max_length=500)] = ""

    def part(self, question: str) -> Part | None:
        """The answer to one question."""
        return next((part for part in self.parts if part.question == question), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer as it is kept."""

    reference: str
    authority: str
    version: int
    said_at: dt.datetime
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of State by question: the kind of the reply, None for silence, and the State that spoke."""

    state: str
    question: str
    kind: str | None
    part: Part | None = None
    spoken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How the replies to one question fall: every reply is answered; only the kind "done" is done; silence is apart."""

    question: str
    asked: int
    answered: int
    done: int
    silent: int
    kinds: Mapping[str, int]


def words_in(text: str) -> int:
    """How many words a text has, by the spaces between them."""
    return len(text.split())


def check_round(round_: Round) -> None:
    """Raises Invalid for a round without questions or title, a key twice, or a cut-off before it opens."""
    if not any(text.strip() for text in round_.title.values()):
        raise Invalid("The round has no title.", remedy="Give its title in one language at least.")
    if not round_.questions:
        raise Invalid("The round has no question.", remedy="Take the questions from a paper, or write one.")
    if round_.cut_off < round_.opens:
        raise Invalid("The round closes before it opens.", remedy="Correct one of the two days.")
    seen: set[str] = set()
    for question in round_.questions:
        if question.key in seen:
            raise Invalid(f"Question {question.key} stands there twice.", remedy="Give each a number of its own.")
        seen.add(question.key)
        if not any(text.strip() for text in question.text.values()):
            raise Invalid(f"Question {question.key} has no words.", remedy="Write it in one language at least.")
    if (round_.kind == "mutual_evaluation") != (round_.evaluation is not None):
        raise Invalid("A mutual evaluation names the State that is visited, and no other round does.")


def check_answer(answer: Answer, round_: Round) -> None:
    """Raises Invalid that names the question where a reply cannot be as it is. A draft may lack replies.

    A reply "partly" or "planned", or one with an obstacle, may say so in words; "not-competent" names who is, or says
    that nobody is known; a cross-reference names a question of the round; texts keep to 200 words.
    """
    seen: set[str] = set()
    for part in answer.parts:
        if part.question in seen:
            raise Invalid(f"Question {part.question} is answered twice.", remedy="Keep one of the two answers.")
        seen.add(part.question)
        check_part(part, round_, answer.state)


def check_part(part: Part, round_: Round, state: str) -> None:
    """Raises Invalid that names the question where this reply of a State cannot be as it is."""
    where = f"Question {part.question}"
    if round_.question(part.question) is None:
        raise Invalid(f"The round has no question {part.question}.", remedy="Answer one of its questions.")
    if part.kind not in answer_kinds():
        known = ", ".join(answer_kinds())
        raise Invalid(f"{where}: {part.kind!r} is no kind of answer.", remedy=f"Choose one of: {known}.")
    if part.kind == "cross-reference" and (part.see == part.question or round_.question(part.see) is None):
        raise Invalid(f"{where}: it is not said which answer is meant.", remedy="Name a question of this round.")
    if part.obstacle and part.obstacle not in codes("obstacle_kinds"):
        raise Invalid(f"{where}: {part.obstacle!r} is not in the list obstacle_kinds.")
    for texts in (part.text, part.obstacle_text, part.good_practice, part.training_need):
        longest = max((words_in(text) for text in texts.values()), default=0)
        if longest > LONGEST_TEXT:
            raise Invalid(f"{where}: {longest} words; {LONGEST_TEXT} are the most.", remedy="Shorten the text.")
    if state in part.joint_with:
        raise Invalid(f"{where}: a joint answer names the other States.", remedy=f"Leave out {state}.")


def matrix(round_: Round, answers: Iterable[KeptAnswer]) -> dict[tuple[str, str], Cell]:
    """Every State that is asked or has spoken, by every question: (state, question) to its cell.

    Only what is submitted counts. A joint answer counts for each State that it names and that has not spoken for
    itself; where a State has spoken twice, what was said last counts.
    """
    submitted = sorted(
        (kept for kept in answers if kept.answer.submitted), key=lambda kept: (kept.said_at, kept.reference)
    )
    own: dict[tuple[str, str], Cell] = {}
    joint: dict[tuple[str, str], Cell] = {}
    states = dict.fromkeys(round_.states)
    for kept in submitted:
        states.setdefault(kept.answer.state)
        for part in kept.answer.parts:
            cell = Cell(
                state=kept.answer.state, question=part.question, kind=part.kind, part=part, spoken_by=kept.answer.state
            )
            own[cell.state, part.question] = cell
            for other in part.joint_with:
                states.setdefault(other)
                joint[other, part.question] = Cell(
                    state=other, question=part.question, kind=part.kind, part=part, spoken_by=kept.answer.state
                )
    silent = {
        (state, question.key): Cell(state=state, question=question.key, kind=None)
        for state in states
        for question in round_.questions
    }
    return {key: own.get(key) or joint.get(key) or cell for key, cell in silent.items()}


def counts(round_: Round, answers: Iterable[KeptAnswer]) -> dict[str, Count]:
    """How the replies to each question fall, by question, in the order of the round."""
    cells = matrix(round_, answers).values()
    kinds = answer_kinds()
    found: dict[str, Count] = {}
    for question in round_.questions:
        replies = [cell.kind for cell in cells if cell.question == question.key]
        said = [kind for kind in replies if kind is not None]
        found[question.key] = Count(
            question=question.key,
            asked=len(replies),
            answered=sum(kinds[kind].answered for kind in said),
            done=sum(kinds[kind].done for kind in said),
            silent=len(replies) - len(said),
            kinds={code: said.count(code) for code in kinds if code in said},
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a State said of a question in the round before, and says now; None is silence or no such question."""

    state: str
    question: str
    before: str | None
    now: str | None


def compare(
    earlier: Mapping[tuple[str, str], Cell],
    later: Mapping[tuple[str, str], Cell],
    same: Mapping[str, str] | None = None,
) -> list[Change]:
    """Where two rounds differ, State by State. `same`: question of the later round to the one of the earlier."""
    changes: list[Change] = []
    for (state, question), cell in sorted(later.items()):
        before = earlier.get((state, question if same is None else same.get(question, "")))
        said_before = None if before is None else before.kind
        if said_before != cell.kind:
            changes.append(Change(state=state, question=question, before=said_before, now=cell.kind))
    return changes


def amended(before: Answer, now: Answer, round_: Round, day: dt.date) -> Sequence[str]:
    """The questions whose answers changed. Raises Invalid where a change after the cut-off gives no reason.

    Raises Invalid also where the round is closed, or an answer that was submitted is to be a draft again.
    """
    if round_.closed_on is not None and day >= round_.closed_on:
        raise Invalid("The round is closed; nothing is taken any more.", remedy="Write to the authority that holds it.")
    keys = dict.fromkeys([part.question for part in (*before.parts, *now.parts)])
    changed = [key for key in keys if before.part(key) != now.part(key)]
    if before.submitted and not now.submitted:
        raise Invalid("What was submitted is not taken back.", remedy="Amend it and say why.")
    if before.submitted and changed and day > round_.cut_off and not now.amended_because.strip():
        raise Invalid(
            "The cut-off is over: an amendment needs its reason.",
            remedy="Say why the answer changes.",
            code="amendment_without_reason",
        )
    return changed
