"""Questions: to the picture, asked at once or as long work; kept, shared, and asked again until a day."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from alidade.api.shapes import Given, HandlingGiven, HandlingShape, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.picture.question_keeping import keep_question, list_questions, open_question
from alidade.services.picture.question_terms import PictureQuestion, read_question
from alidade.services.picture.questions import QuestionAnswer, ask_question, question_run, stop_question, word_question
from alidade.services.picture.standing_questions import (
    end_standing_question,
    look_at_standing_question,
    make_question_standing,
    standing_questions,
)

router = Router(tags=["Questions"])
Terms = Annotated[
    dict[str, Any],
    Field(description="`things`, `where` (a group of conditions of kind said, tied, seen, group), `least`, `providers`,"
                      " `since`, `until`; see the documentation of questions."),
]  # fmt: skip


class WhyShape(Told):
    """A record that shows why something is in the answer."""

    record: str
    thing: str = Field(description="Type of thing (list `things`).")
    caption: str = Field(description="What it is called; empty where not known.")
    day: str = Field(description="Its day, as far as anybody says.")


class QuestionFoundShape(Told):
    """A thing that fulfils the question."""

    id: str = Field(description="Smallest of the references of its records, as you may join them.")
    thing: str = Field(description="Type of thing (list `things`).")
    caption: str = Field(description="What it is called; empty where not known.")
    owners: list[str] = Field(description="Authorities that say something of it.")
    because: list[WhyShape] = Field(description="What shows it.")


class QuestionAnswerShape(Told):
    """What a question found among what you may see."""

    found: list[QuestionFoundShape]
    total: int = Field(description="How many there are; the first are in `found`.")


class QuestionOutcomeShape(Told):
    """The answer; or, where there is much to look through, the reference of the long work that seeks it."""

    answer: QuestionAnswerShape | None
    run: str = Field(description="Reference of the long work; empty where the answer is here.")


class QuestionRunShape(Told):
    """How far a question is that is asked as long work."""

    reference: str
    state: str = Field(description="waiting, running, done, failed, cancelled.")
    done: int
    total: int | None
    answer: QuestionAnswerShape | None


class PictureQuestionGiven(Given):
    """A question."""

    question: Terms


class QuestionWordsGiven(PictureQuestionGiven):
    """A question, to be read as a sentence."""

    language: Language = "en"


class QuestionWordsShape(Told):
    """A question as a sentence."""

    text: str


class QuestionKeptGiven(PictureQuestionGiven):
    """A question to be kept."""

    title: str = Field(min_length=1, max_length=120, description="Read by everybody who may open it.")
    handling: HandlingGiven = Field(description="Who may open it; each gets his own answer.")


class KeptQuestionShape(Told):
    """A kept question that you may open."""

    piece: str = Field(description="Its reference.")
    title: str
    authority: str = Field(description="Authority that made it.")
    version: int
    changed_at: str
    handling: HandlingShape = Field(description="Who may open it.")
    ours: bool = Field(description="Your authority made it, and may change it.")


class KeptQuestionsShape(Told):
    """The kept questions, the one changed last first."""

    questions: list[KeptQuestionShape]


class OpenQuestionShape(Told):
    """A kept question and what it asks."""

    kept: KeptQuestionShape
    question: Terms


class StandingGiven(Given):
    """Until when a kept question is asked again."""

    until: str = Field(pattern=r"^\d{4}-\d\d-\d\d$", description="Last day, YYYY-MM-DD.")


class StandingQuestionShape(Told):
    """A standing question of your own."""

    reference: str
    piece: str = Field(description="The kept question that it asks.")
    until: str
    state: str = Field(description="in_force, ended, expired, gone.")
    told: int
    new: int


class StandingQuestionsShape(Told):
    """Your standing questions, newest first."""

    standing: list[StandingQuestionShape]


class StandingBegunShape(Told):
    """A question that is asked again from now on."""

    reference: str


class StandingNewsShape(Told):
    """What a standing question has told of, and which of it is told for the first time."""

    answer: QuestionAnswerShape
    new: list[str]


@router.post("/questions/ask", response=answers(QuestionOutcomeShape, 403, body=True), operation_id="question_ask")
def ask(request: HttpRequest, given: PictureQuestionGiven) -> QuestionOutcomeShape:
    """Ask a question of what you may see. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = ask_question(node, actor, _terms(given))
    if isinstance(found, str):
        return QuestionOutcomeShape(answer=None, run=found)
    return QuestionOutcomeShape(answer=_shape(found), run="")


@router.post("/questions/words", response=answers(QuestionWordsShape, 403, body=True), operation_id="question_words")
def words(request: HttpRequest, given: QuestionWordsGiven) -> QuestionWordsShape:
    """A question as a sentence, by which it can be checked. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return QuestionWordsShape(text=word_question(node, actor, _terms(given), given.language).text)


@router.get("/questions/runs/{reference}", response=answers(QuestionRunShape, 403, 404), operation_id="question_run")
def run(request: HttpRequest, reference: Reference) -> QuestionRunShape:
    """How far a question of yours is, or its answer as you may see it now. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = question_run(node, actor, reference)
    return QuestionRunShape(
        reference=found.reference, state=found.state, done=found.done, total=found.total,
        answer=None if found.answer is None else _shape(found.answer),
    )  # fmt: skip


@router.post(
    "/questions/runs/{reference}/stop", response=answers(QuestionRunShape, 403, 404), operation_id="question_stop"
)
def stop(request: HttpRequest, reference: Reference) -> QuestionRunShape:
    """Ask for the end of a question of yours. Needs the act `picture_read`."""
    node, actor = at_work(request)
    stop_question(node, actor, reference)
    return run(request, reference)


@router.get("/questions", response=answers(KeptQuestionsShape, 403), operation_id="questions")
def questions(request: HttpRequest) -> KeptQuestionsShape:
    """The kept questions that you may open. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return KeptQuestionsShape(questions=[KeptQuestionShape.model_validate(e) for e in list_questions(node, actor)])


@router.post("/questions", response=answers(KeptQuestionShape, 403, 404, body=True), operation_id="question_keep")
def keep(request: HttpRequest, given: QuestionKeptGiven) -> KeptQuestionShape:
    """Keep a question under a handling of your authority. Needs the act `piece_keep`."""
    node, actor = at_work(request)
    kept = keep_question(
        node, actor, _terms(given), given.title, handling=given.handling.of(actor.viewer.authority)
    )  # fmt: skip
    return KeptQuestionShape.model_validate(kept)


@router.get("/questions/{reference}", response=answers(OpenQuestionShape, 403, 404, 409), operation_id="question")
def question(request: HttpRequest, reference: Reference) -> OpenQuestionShape:
    """A kept question. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = open_question(node, actor, reference)
    return OpenQuestionShape(
        kept=KeptQuestionShape.model_validate(found.kept), question=msgspec.to_builtins(found.question)
    )  # fmt: skip


@router.post("/questions/{reference}/standing", response=answers(StandingBegunShape, 403, 404, 409, body=True),
             operation_id="question_stand")  # fmt: skip
def stand(request: HttpRequest, reference: Reference, given: StandingGiven) -> StandingBegunShape:
    """Let a kept question be asked again until a day. Needs the act `piece_keep`."""
    node, actor = at_work(request)
    return StandingBegunShape(reference=make_question_standing(node, actor, reference, given.until))


@router.get("/standing-questions", response=answers(StandingQuestionsShape, 403), operation_id="standing_questions")
def standing(request: HttpRequest) -> StandingQuestionsShape:
    """Your standing questions. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = standing_questions(node, actor)
    return StandingQuestionsShape(standing=[StandingQuestionShape.model_validate(each) for each in found])


@router.get("/standing-questions/{reference}", response=answers(StandingNewsShape, 403, 404),
            operation_id="standing_question")  # fmt: skip
def standing_news(request: HttpRequest, reference: Reference) -> StandingNewsShape:
    """What a standing question of yours has told of; it is asked again first. Needs the act `picture_read`."""
    node, actor = at_work(request)
    look = look_at_standing_question(node, actor, reference)
    return StandingNewsShape(answer=_shape(look.answer), new=sorted(look.new))


@router.post("/standing-questions/{reference}/end", response=answers(StandingQuestionsShape, 403, 404, 409),
             operation_id="standing_question_end")  # fmt: skip
def standing_end(request: HttpRequest, reference: Reference) -> StandingQuestionsShape:
    """End a standing question of yours. Needs the act `piece_keep`."""
    node, actor = at_work(request)
    end_standing_question(node, actor, reference)
    return standing(request)


def _terms(given: PictureQuestionGiven) -> PictureQuestion:
    return read_question(msgspec.json.encode(given.question))


def _shape(answer: QuestionAnswer) -> QuestionAnswerShape:
    return QuestionAnswerShape(
        found=[
            QuestionFoundShape(
                id=each.thing.id, thing=each.thing.thing, caption=each.thing.caption, owners=list(each.thing.owners),
                because=[WhyShape.model_validate(why) for why in each.because],
            )
            for each in answer.found
        ],
        total=answer.total,
    )  # fmt: skip
