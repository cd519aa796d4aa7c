"""Questions to the picture: asked at once where little is to be looked at, as long work where much is.

What is found is found among what this viewer may see, under his rights of the moment at which he looks: whoever else
asks the same gets his own answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.job_orders import Failure, QuestionResult, order_job
from alidade.services.node import Node
from alidade.services.picture.question_answer import answers
from alidade.services.picture.question_sight import begin_gathering, confirmed, gather, needs_of, sight_of, types_of
from alidade.services.picture.question_terms import PictureQuestion, checked, decode_question, encode_question
from alidade.services.picture.question_text import in_words
from alidade.services.picture.seeing import SeenThing, around
from alidade.store import directory, jobs
from alidade.store.database import Transaction
from alidade.store.jobs import OPEN, KeptJob
from alidade.store.reading import ReaderView, reading
from alidade.store.rights import Layer, epoch, viewer_class
from alidade.vocabulary import Vocabulary

KIND: Final = "question"
MOST_AT_ONCE: Final = 150_000  # statements; a larger desk is looked through as long work
MOST_FOUND: Final = 1_500  # as many as a chart draws
_LAYERS: Final[tuple[Layer, ...]] = ("read", "merge")
_DAYS: Final = ("date", "startDate", "endDate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A record that shows why something is in the answer: its reference, type, what it is called, and its day."""

    record: str
    thing: str
    caption: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing that fulfils the question, and the records that show it."""

    thing: SeenThing
    because: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """What a question found: how many things there are, the first of them, and among how many it was looked."""

    found: tuple[Found, ...]
    total: int
    looked: int

    @property
    def cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self.found)

    def records(self) -> tuple[str, ...]:
        """The things and what shows why, for a chart; each once."""
        things = [each.thing.id for each in self.found]
        return tuple(dict.fromkeys([*things, *(why.record for each in self.found for why in each.because)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRun:
    """A question that is asked as long work. `answer` is there once it is done; `failure` where it broke off."""

    reference: str
    state: str
    stopping: bool
    done: int
    total: int | None
    made_at: datetime
    question: PictureQuestion | None
    answer: QuestionAnswer | None
    failure: Failure | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A question as a sentence, and what the things that it names are called for this viewer ("" where not known)."""

    text: str
    names: Mapping[str, str]


def word_question(node: Node, actor: Actor, question: PictureQuestion, language: str) -> Worded:
    """The question as a sentence in a language, by which a reader can check it. It need not be complete yet."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        names = dict.fromkeys(question.named(), "")
        if names:
            with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
                names |= called(view, node.vocabulary, question.named())
            log(tx, actor, "picture_read", objects=list(names), details={"view": "question"})
    return Worded(text=in_words(question, node.vocabulary, language, names), names=names)


def called(view: ReaderView, vocabulary: Vocabulary, records: Sequence[str]) -> dict[str, str]:
    """What the things of these records are called; those that the viewer may not see are left out."""
    things = around(view, vocabulary, list(records), depth=0, most=MOST_FOUND).things.values()
    place = {record: thing.caption for thing in things for record in thing.records}
    return {record: place[record] for record in records if record in place}


def ask_question(node: Node, actor: Actor, question: PictureQuestion) -> QuestionAnswer | str:
    """The answer; or the reference of the long work by which it is sought, where there is much to look through.

    Raises Invalid for a question that cannot be asked.
    """
    checked(question, node.vocabulary)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            small = view.count() <= MOST_AT_ONCE
            answer = answered(view, node.vocabulary, question) if small else None
            owners = len(view.owners())
        if answer is not None:
            log_question(node, tx, actor, question, answer)
            return answer
        reference = order_job(tx, actor, KIND, encode_question(question), total=owners + 1)
        log(tx, actor, "picture_read", objects=[reference], details={"view": "question", "step": "ordered"})
    return reference


def answered(view: ReaderView, vocabulary: Vocabulary, question: PictureQuestion) -> QuestionAnswer:
    """The answer within a view that is open already (layers "read" and "merge")."""
    needs = needs_of(question, vocabulary)
    gathered = begin_gathering(view, needs)
    for owner in view.owners():
        gather(view, question, needs, owner, gathered, vocabulary)
    sight = sight_of(view, question, gathered, vocabulary, needs)
    visible = frozenset(view.statements_of([(each, None) for each in question.named()]))
    found = list(answers(question, sight, vocabulary, visible))
    unsure = sight.unsure([thing for thing, _ in found], types_of(question.things, vocabulary))
    if unsure:
        sure = confirmed(view, question, unsure, vocabulary)
        found = [each for each in found if each[0] not in unsure or each[0] in sure]
    return shown(view, vocabulary, found[:MOST_FOUND], len(found), len(sight.types))


def shown(
    view: ReaderView, vocabulary: Vocabulary, found: Sequence[tuple[str, tuple[str, ...]]], total: int, looked: int
) -> QuestionAnswer:
    """What was found, as this viewer sees it now; what he no longer sees is not there."""
    wanted = list(dict.fromkeys([*(thing for thing, _ in found), *(one for _, proof in found for one in proof)]))
    things = around(view, vocabulary, wanted, depth=0, most=len(wanted) + 1).things.values()
    of_record = {record: thing for thing in things for record in thing.records}
    seen = [
        Found(
            thing=of_record[each],
            because=tuple(_why(one, of_record[one]) for one in proof if one in of_record),
        )
        for each, proof in found
        if each in of_record
    ]
    return QuestionAnswer(found=tuple(seen), total=total - (len(found) - len(seen)), looked=looked)


def _why(record: str, thing: SeenThing) -> Why:
    days = (each.value for name in _DAYS for each in thing.statements if each.property == name and each.value)
    return Why(record=record, thing=thing.thing, caption=thing.caption, day=next(days, ""))


def log_question(node: Node, tx: Transaction, actor: Actor, question: PictureQuestion, answer: QuestionAnswer) -> None:
    """The entry of an asking: a commitment to the question and its salt, and what was shown."""
    salt = node.store.randomness.token_bytes(16)
    commitment = hashlib.sha256(salt + encode_question(question)).hexdigest()
    objects = [record for each in answer.found for record in each.thing.records]
    log(tx, actor, "picture_read", objects=objects, results=answer.total, commitment=commitment,
        details={"view": "question", "salt": salt.hex()})  # fmt: skip


# -- as long work -----------------------------------------------------------------------------------------------------


def question_runs(node: Node, actor: Actor) -> list[QuestionRun]:
    """One's own questions that were asked as long work, newest first, without their answers."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        mine = [each for each in jobs.jobs_of(tx, actor.viewer.authority, actor.officer) if each.kind == KIND]
        found = [_run(each, None, None) for each in mine]
        log(tx, actor, "picture_read", results=len(found), details={"view": "question runs"})
    return found


def question_run(node: Node, actor: Actor, reference: str) -> QuestionRun:
    """How far a question is, or its answer as one may see it now. Raises NotFound for another's and for none.

    Only an answer leaves an entry in the ledger: the numbers of running work are asked for often.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        job = _own(tx, actor, reference)
        result = _result(job)
        if not isinstance(result, QuestionResult) or result.stopped:
            return _run(job, None, result)
        if result.rights != _rights(tx, actor):
            raise NotFound(
                "You have no answer under this reference that was found under your rights of today.",
                remedy="Ask the question again.",
            )
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            answer = shown(view, node.vocabulary, result.found, result.total, result.looked)
        log_question(node, tx, actor, decode_question(result.question), answer)
    return _run(job, answer, result)


def stop_question(node: Node, actor: Actor, reference: str) -> None:
    """Ask for the end of a question; what it has found so far is not kept. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        if _own(tx, actor, reference).state in OPEN:
            jobs.ask_to_stop(tx, reference)
        log(tx, actor, "picture_read", objects=[reference], details={"view": "question", "step": "stop asked for"})


def run_question(
    node: Node, actor: Actor, job: str, content: bytes, progress: Callable[[int], None], stop: Callable[[], bool]
) -> QuestionResult:
    """Ask it, owner by owner, with the rights that the actor has now; weigh it outside of any transaction."""
    question = decode_question(content)
    needs = needs_of(question, node.vocabulary)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        rights = _rights(tx, actor)
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            owners = view.owners()
            gathered = begin_gathering(view, needs)
        log(tx, actor, "picture_read", objects=[job], details={"view": "question", "step": "begun"})
    for done, owner in enumerate(owners, start=1):
        with node.store.transaction() as tx:
            require_right(node, tx, actor, "picture_read")
            with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
                gather(view, question, needs, owner, gathered, node.vocabulary)
            log(tx, actor, "picture_read", objects=[job], details={"view": "question", "step": "read"})
        progress(done)
        if stop():
            return QuestionResult(question=b"", rights=rights, found=(), total=0, looked=0, stopped=True)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            sight = sight_of(view, question, gathered, node.vocabulary, needs)
            visible = frozenset(view.statements_of([(each, None) for each in question.named()]))
        log(tx, actor, "picture_read", objects=[job], details={"view": "question", "step": "joined"})
    found = list(answers(question, sight, node.vocabulary, visible, stop))
    unsure = sight.unsure([thing for thing, _ in found], types_of(question.things, node.vocabulary))
    if unsure:
        with node.store.transaction() as tx:
            require_right(node, tx, actor, "picture_read")
            with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
                sure = confirmed(view, question, unsure, node.vocabulary)
            log(tx, actor, "picture_read", objects=[job], details={"view": "question", "step": "confirmed"})
        found = [each for each in found if each[0] not in unsure or each[0] in sure]
    progress(len(owners) + 1)
    if stop():
        return QuestionResult(question=b"", rights=rights, found=(), total=0, looked=0, stopped=True)
    return QuestionResult(
        question=content, rights=rights, found=tuple(found[:MOST_FOUND]), total=len(found), looked=len(sight.types),
        stopped=False,
    )  # fmt: skip


def forget_asked(tx: Transaction, record: str | None, authority: str, values: Iterable[str]) -> list[str]:
    """Let an erasure reach questions that wait or were answered: those that name the record, and in one's own
    authority those that hold an erased value; the ids of the field keys to destroy."""
    wanted = [each.casefold() for each in values if len(each) >= 3]
    gone: list[str] = []
    for job in jobs.jobs_of_kind(tx, KIND):
        text = ((job.order or b"") + (job.result or b"")).decode("utf-8", "replace").casefold()
        own = job.authority == authority and any(each in text for each in wanted)
        if own or (record is not None and record in text):
            jobs.ask_to_stop(tx, job.id)
            gone.append(job.id)
    return jobs.drop_jobs(tx, gone)


def _own(tx: Transaction, actor: Actor, reference: str) -> KeptJob:
    found = jobs.job_of(tx, actor.viewer.authority, actor.officer, reference)
    if found is None or found.kind != KIND:
        raise NotFound("You have asked no question under this reference.")
    return found


def _result(job: KeptJob) -> QuestionResult | Failure | None:
    return None if job.result is None else msgspec.msgpack.decode(job.result, type=QuestionResult | Failure)


def _run(job: KeptJob, answer: QuestionAnswer | None, result: QuestionResult | Failure | None) -> QuestionRun:
    known = result if result is not None else _result(job)
    asked = decode_question(known.question) if isinstance(known, QuestionResult) and not known.stopped else None
    return QuestionRun(
        reference=job.id, state=job.state, stopping=job.cancel and job.state == "running", done=job.done,
        total=job.total, made_at=job.made_at, question=asked, answer=answer,
        failure=known if isinstance(known, Failure) else None,
    )  # fmt: skip


def _rights(tx: Transaction, actor: Actor) -> str:
    """What may be seen now, in short: it changes with every right, and is another for every purpose."""
    number = viewer_class(tx, actor.viewer, "read", directory.world(tx))
    return f"{number}/{epoch(tx)}"
