"""Checks: ask whether something is known, one question or many; rule on hits; learn who asked about yours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Header, Router
from pydantic import Field

from alidade.api.shapes import (
    AuthorityCode,
    Code,
    Given,
    Language,
    Reference,
    Ruling,
    StatementShape,
    Text,
    Told,
    answers,
)
from alidade.api.sign_in import at_work
from alidade.matching.thresholds import Use
from alidade.model.errors import Invalid
from alidade.services import notices, requests, verdicts
from alidade.services.check import Answer
from alidade.services.finding import Question
from alidade.services.requests import MOST_QUESTIONS
from alidade.services.tokens import spend

router = Router(tags=["Checks"])

RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9_-]{16,64}$",
        description="A key of your making (a random one), new for each request. Sent again under the same key within"
        " a day, after a lost answer, the request is not carried out a second time.",
        examples=["7b0f2c1e-5d3a-4f6b-9a8c-0d1e2f3a4b5c"],
    ),
]


class QuestionGiven(Given):
    """One question."""

    text: Text = Field(description="A name, number, plate, document, account or address.", examples=["Jan Vermeulen"])
    kind: Code | None = Field(
        default=None, description="`name` or a kind of identifier (list `identifier_kinds`); found out where missing."
    )
    birth_date: Annotated[str, Field(max_length=10)] | None = Field(
        default=None, description="1964-07-31, 1964-07 or 1964.", examples=["1964-07"]
    )
    nationality: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="ISO 3166-1 alpha-2."
    )
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="State in which a national number was noted (ISO 3166-1 alpha-2)."
    )
    use: Use = Field(
        default="usual",
        description="What the answer is for, and so from which score on a name counts as met: `usual`,"
        " `must_not_miss` (more hits, more false ones) or `must_be_sure` (few hits, few false ones).",
    )

    ask_again: bool = Field(
        default=True,
        description="Whether a question that meets nothing is kept under seal for a while and asked again when"
        " something is given or released, so that the officer of the token is told once. Needs the act"
        " `standing_check`; without it nothing is kept.",
    )

    def of(self) -> Question:
        """The question as the use cases know it."""
        return Question(
            text=self.text,
            kind=self.kind,
            birth_date=self.birth_date,
            nationality=self.nationality,
            country=self.country,
            use=self.use,
        )


class QuestionsGiven(Given):
    """Many questions at once."""

    questions: list[QuestionGiven] = Field(
        min_length=1,
        max_length=MOST_QUESTIONS,
        description="The questions; each counts as one check.",
        examples=[[{"text": "Jan Vermeulen"}, {"text": "NL91ABNA0417164300", "kind": "iban"}]],
    )


class Part(Told):
    """One piece of evidence and its share of the score."""

    evidence: str = Field(description="What was compared.")
    rule: str = Field(description="How it agreed.")
    left: str = Field(description="What was asked.")
    right: str = Field(description="What stands in the record.")
    contribution: float = Field(description="Its signed share of the score.")


class WordPart(Told):
    """Which word of the question met which word of the name, and what that weighs."""

    left: str = Field(description="Word of the question, in plain form; empty where the name has one more.")
    right: str = Field(description="Word of the name; empty where the question has one more.")
    rule: str = Field(
        description="`equal`, `variant` (another spelling of one name), `sound`, `similar`, `initial`, `joined`"
        " or `missing`."
    )
    credit: float = Field(description="How well they agree, from 0 to 1.")
    weight: float = Field(description="How much this pair counts among all pairs.")


class Reading(Told):
    """One way in which a question was read."""

    kind: str = Field(description="`name` or a kind of identifier.")
    shown: str = Field(description="The question in normal form.")
    remark: str = Field(description="Such as: the check digit does not fit.")


class HitShape(Told):
    """A record whose content you may read. Nothing follows from it until a person has ruled on it."""

    reference: str = Field(description="Reference of the hit, to rule on.")
    record: str = Field(description="Reference of the record.")
    thing: str = Field(description="Type of thing.")
    owner: str = Field(description="Authority that gave it.")
    owner_name: str = Field(description="Its name.")
    understood: Reading
    score: float = Field(description="How well it meets, from 0 to 1: the sum of the parts.")
    parts: list[Part]
    words: list[WordPart] = Field(description="The two names word by word; empty where a number met.")
    statements: list[StatementShape]
    verdict: str | None = Field(description="What your authority ruled on this record before.")


class ClosedHit(Told):
    """Somebody knows something: whom to ask, under which reference."""

    reference: str = Field(description="Reference of the hit.")
    owner: str = Field(description="Authority that knows something.")
    owner_name: str = Field(description="Its name.")
    contact: str = Field(description="Whom to ask.")


class AnswerShape(Told):
    """The answer to one question. `no_hit` means: nothing that you may learn of."""

    check: str = Field(description="Reference of the check.")
    kind: Literal["hit", "hit_without_content", "no_hit"] = Field(description="The best that came out.")
    asked_at: str = Field(description="When it was asked (ISO 8601, UTC).")
    use: Use = Field(description="What the answer was for (see the question).")
    understood: list[Reading] = Field(description="How the question was read, likeliest first.")
    hits: list[HitShape] = Field(description="Hits with content, best first.")
    without_content: list[ClosedHit] = Field(description="Hits without content, in no order that tells anything.")
    again_until: str | None = Field(
        description="The last day on which a question without a hit is asked again by itself; null where it is not."
    )


class NotAsked(Told):
    """A question of a list that could not be asked."""

    code: str = Field(description="Code of the error.")
    detail: str = Field(description="What is wrong with it.")
    remedy: str = Field(description="What to do next.")


class OneOfMany(Told):
    """What became of one question of a list: an answer, or what is wrong with it."""

    answer: AnswerShape | None = None
    problem: NotAsked | None = None


class AnswersShape(Told):
    """The answers to many questions, in their order."""

    answers: list[OneOfMany]


class WaitingHit(Told):
    """A hit that waits for a ruling."""

    reference: str = Field(description="Reference of the hit.")
    check_reference: str = Field(description="Reference of the check.")
    record: str = Field(description="Reference of the record; empty where its content may not be read.")
    owner: str = Field(description="Authority that gave it.")
    content: bool = Field(description="Whether its content could be read when it was asked.")


class WaitingHits(Told):
    """Hits of your authority on which nobody has ruled yet."""

    hits: list[WaitingHit]


class VerdictGiven(Given):
    """What a person rules on one hit."""

    ruling: Ruling = Field(description="Whether what was hit is what was asked about.")
    reason: Code = Field(description="Code of the list `verdict_reasons`.", examples=["same_name_and_birth"])
    note: str = Field(default="", max_length=2000, description="In words, for your own authority.")


class RuledHit(Told):
    """The hit on which was ruled."""

    reference: str = Field(description="Reference of the hit.")
    ruling: Ruling


class NoticeShape(Told):
    """Who asked about what your authority gave."""

    reference: str = Field(description="Reference of the notice.")
    record: str = Field(description="Your record that was met.")
    source_list: str = Field(description="List that it came with.")
    source_key: str = Field(description="Your own number for it.")
    thing: str = Field(description="Type of thing.")
    asker: AuthorityCode = Field(description="Authority that asked.")
    asker_contact: str = Field(description="Whom to speak to.")
    check: str = Field(description="Reference of the check, by which the asker knows it.")
    purpose: str = Field(description="Purpose of the check (list `purposes`).")
    asked_at: datetime = Field(description="When it was asked.")
    silent: bool = Field(description="Whether the asker learned nothing.")
    verdict: str | None = Field(description="What the asker ruled on it last.")


class NoticesShape(Told):
    """Who asked about what your authority gave, newest first."""

    notices: list[NoticeShape]


@router.post("/checks", response=answers(AnswerShape, 403, 409, body=True), operation_id="check")
def check(request: HttpRequest, question: QuestionGiven, key: RequestKey = None, language: Language = "en") -> Answer:
    """Ask whether something is known to anybody.

    The answer exists only once it is in the ledger, with purpose, legal ground, case and justification of the token.
    Needs the act `check`; counts towards the allowance of checks.
    """
    node, actor = at_work(request)
    spend(node, actor, "checks")
    return requests.check_once(node, actor, question.of(), key=key, language=language, again=question.ask_again)


@router.post("/checks/batch", response=answers(AnswersShape, 403, 409, body=True), operation_id="check_many")
def check_many(
    request: HttpRequest, given: QuestionsGiven, key: RequestKey = None, language: Language = "en"
) -> AnswersShape:
    """Ask many questions at once, each with its own entry in the ledger.

    A question that cannot be read is answered with what is wrong with it. Needs the act `check_batch`; each question
    counts as one check.
    """
    node, actor = at_work(request)
    spend(node, actor, "checks", len(given.questions))
    questions = [question.of() for question in given.questions]
    again = [question.ask_again for question in given.questions]
    found = requests.check_many(node, actor, questions, key=key, language=language, again=again)
    return AnswersShape(answers=[_one_of_many(each) for each in found])


def _one_of_many(found: Answer | Invalid) -> OneOfMany:
    if isinstance(found, Invalid):
        return OneOfMany(problem=NotAsked(code=found.code, detail=found.message, remedy=found.remedy))
    return OneOfMany(answer=AnswerShape.model_validate(found))


@router.get("/checks/{reference}", response=answers(AnswerShape, 403, 404, 409), operation_id="answer_again")
def answer_again(request: HttpRequest, reference: Reference, language: Language = "en") -> Answer:
    """The answer to a check of your authority, read again with the rights of now; nobody is told a second time.

    What was given since is not looked for: that is a new check. Needs the act `check`.
    """
    node, actor = at_work(request)
    return requests.answer_to_check(node, actor, reference, language=language)


@router.get("/hits", response=answers(WaitingHits, 403), operation_id="hits")
def hits(request: HttpRequest) -> WaitingHits:
    """The hits of your authority on which nobody has ruled yet. Needs the act `verdict`."""
    node, actor = at_work(request)
    found = verdicts.hits_to_rule_on(node, actor)
    return WaitingHits(hits=[WaitingHit.model_validate(hit) for hit in found])


@router.post("/hits/{reference}/verdict", response=answers(RuledHit, 403, 404, body=True), operation_id="rule")
def rule(request: HttpRequest, reference: Reference, given: VerdictGiven) -> RuledHit:
    """Say what a person ruled on a hit. A program that rules by itself breaks Directive (EU) 2016/680, Art. 11.

    Needs the act `verdict`.
    """
    node, actor = at_work(request)
    hit = verdicts.rule_on_hit(node, actor, reference, given.ruling, given.reason, note=given.note)
    return RuledHit(reference=hit.reference, ruling=given.ruling)


@router.get("/notices", response=answers(NoticesShape, 403), operation_id="notices")
def read_notices(request: HttpRequest, unseen: bool = False) -> NoticesShape:
    """Who asked about what your authority gave, newest first; all of them, or those not read before (`unseen`).

    Needs the act `notices_read`.
    """
    node, actor = at_work(request)
    found = notices.notices(node, actor, unseen_only=unseen)
    return NoticesShape(notices=[NoticeShape.model_validate(notice) for notice in found])
