"""Programme round shapes: questions, the matrix of their answers, and counts, as programs send and are told them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from alidade.api.programme_answers import RoundAnswerShape
from alidade.api.programme_shapes import AudienceGiven, Reason, Texts, Tongue, Version
from alidade.api.shapes import AuthorityCode, Day, Given, HandlingShape, Told

QuestionField = Literal[
    "kind", "competent", "obstacle", "evidence", "figures", "text", "good_practice", "training_need"
]
QuestionKey = Annotated[str, Field(min_length=1, max_length=20, description="Number of the question.")]
Words = Annotated[str, Field(max_length=80)]


class RoundQuestionGiven(Given):
    """One question."""

    key: QuestionKey
    measure: Annotated[str, Field(max_length=20)] = Field(default="", description="Measure of the paper, or empty.")
    text: Texts
    fields: list[QuestionField] = Field(
        default=["kind", "competent", "obstacle", "evidence", "figures", "text"],
        max_length=8,
        description="What is asked for.",
    )
    figures: list[tuple[Words, Words]] = Field(
        default=[], max_length=20, description="What is to be counted, and in which unit."
    )


class RoundBodyGiven(Given):
    """A round of questions."""

    title: Texts
    instrument: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = Field(
        default="", description="Reference of the paper that it is about, or empty."
    )
    questions: list[RoundQuestionGiven] = Field(
        default=[], max_length=1_000, description="The questions; none: one for each measure of the paper."
    )
    asked: list[AuthorityCode] = Field(default=[], max_length=500, description="Authorities that are asked.")
    opens: Day
    cut_off: Day = Field(description="Last day for answers; what changes later gives its reason.")
    reminders: list[Annotated[int, Field(ge=0, le=365)]] = Field(
        default=[14, 3, 0], max_length=20, description="Days before the end on which those asked are reminded."
    )
    languages: list[Tongue] = Field(default=["en"], max_length=6, description="Languages of the questions.")
    previous: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = Field(
        default="", description="Reference of the round before, or empty."
    )


class RoundGiven(Given):
    """A round to be held."""

    round: RoundBodyGiven
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: everybody.")


class RoundChangeGiven(Given):
    """A round as it is from now on."""

    round: RoundBodyGiven
    version: Version
    reason: Reason = ""


class RoundVersionGiven(Given):
    """Which version of a round is meant."""

    version: Version


class RoundKept(Told):
    """Where a round was kept, and its version."""

    reference: str
    version: int


class RoundLineShape(Told):
    """A round that you may see."""

    reference: str
    title: dict[str, str]
    kind: str = Field(description="`questionnaire` or `mutual_evaluation`.")
    instrument: str = Field(description="Reference of the paper, or empty.")
    authority: str = Field(description="Authority that holds it.")
    opens: str
    cut_off: str
    closed_on: str | None
    days_left: int = Field(description="Until the cut-off; negative after it.")
    asked: int = Field(description="States that are asked.")
    answering: int = Field(description="Of how many you may see an answer.")
    ours: bool = Field(description="Your authority holds it.")
    own_answer: str = Field(description="`draft`, `submitted`, or empty: not begun.")


class RoundLinesShape(Told):
    """The rounds, the one that closes first first."""

    rounds: list[RoundLineShape]


class RoundQuestionShape(Told):
    """One question."""

    key: QuestionKey
    measure: str = Field(description="Measure of the paper, or empty.")
    text: dict[str, str]
    fields: list[str]
    figures: list[tuple[str, str]]


class RoundCellShape(Told):
    """One cell of the matrix of States by questions."""

    state: str
    question: str
    kind: str | None = Field(description="Code of `answer_kinds`; null: silence, which is never an answer.")
    spoken_by: str = Field(description="State that said it; another one where the answer is joint.")


class RoundCountShape(Told):
    """How the replies to one question fall. Every reply is answered; only `done` is done; silence is apart."""

    question: str
    asked: int
    answered: int
    done: int
    silent: int
    kinds: dict[str, int]


class RoundChangeShape(Told):
    """What a State said of a question in the round before and says now; null: no reply, or no such question."""

    state: str
    question: str
    before: str | None
    now: str | None


class RoundHeldShape(Told):
    """A round as you may see it: counts are of the answers that you may see."""

    reference: str
    authority: str = Field(description="Authority that holds it.")
    version: int
    ours: bool = Field(description="Your authority holds it, and may change and close it.")
    handling: HandlingShape = Field(description="Who may see it.")
    title: dict[str, str]
    kind: str
    instrument: str
    opens: str
    cut_off: str
    closed_on: str | None
    previous: str
    asked: list[str] = Field(description="Authorities that are asked.")
    states: list[str] = Field(description="States whose answer is awaited.")
    questions: list[RoundQuestionShape]
    matrix: list[RoundCellShape]
    counts: list[RoundCountShape]
    silent: list[str] = Field(description="States of which you may see no answer.")
    answers: list[RoundAnswerShape] = Field(description="The answers that you may see, drafts of your own among them.")


class ComparisonShape(Told):
    """Where a round differs from the one before, State by State."""

    previous: str = Field(description="Reference of the round before; empty: there is none.")
    changes: list[RoundChangeShape]
