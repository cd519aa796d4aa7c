"""Rounds: every reply counts as answered, only "done" as done, and silence as nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from alidade.model.errors import Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.register import Texts
from alidade.programme.rounds import (
    LONGEST_TEXT,
    Answer,
    Change,
    Evaluation,
    KeptAnswer,
    Part,
    Question,
    Round,
    amended,
    check_answer,
    check_round,
    compare,
    counts,
    matrix,
)

ROUND = "r" * 32


def held(*keys: str, **more: Any) -> Round:
    fields: dict[str, Any] = {
        "title": {"en": "Follow-up"},
        "questions": tuple(
            Question(key=key, text={"en": f"What was done about {key}?"}) for key in keys or ("1a", "1b")
        ),
        "opens": dt.date(2022, 4, 8),
        "cut_off": dt.date(2022, 7, 1),
        "states": ("BEL", "CZE", "ROU"),
    }
    return Round(**(fields | more))


def part(key: str = "1a", kind: str = "done", **more: Any) -> Part:
    return Part(question=key, kind=kind, **more)


def answer(state: str = "BEL", *parts: Part, **more: Any) -> Answer:
    return Answer(round=ROUND, state=state, parts=parts, **({"submitted": True} | more))


def kept(said: Answer, at: int = 1) -> KeptAnswer:
    moment = dt.datetime(2022, 6, at, tzinfo=dt.UTC)
    return KeptAnswer(reference=f"{at:032d}", authority=said.state.lower(), version=1, said_at=moment, answer=said)


def test_only_done_is_done_and_every_kind_is_an_answer() -> None:
    assert {code for code, kind in answer_kinds().items() if kind.done} == {"done"}
    assert all(kind.answered for kind in answer_kinds().values())
    assert len(answer_kinds()) == 9


@pytest.mark.parametrize("kind", sorted(answer_kinds()))
def test_each_kind_counts_as_what_it_is(kind: str) -> None:
    reply = part(kind=kind, see="1b" if kind == "cross-reference" else "")
    found = counts(held(), [kept(answer("BEL", reply))])["1a"]
    assert (found.asked, found.answered, found.silent) == (3, 1, 2)
    assert found.done == (kind == "done")
    assert found.kinds == {kind: 1}


def test_silence_counts_as_nothing() -> None:
    found = counts(held(), [])
    assert [(c.asked, c.answered, c.done, c.silent) for c in found.values()] == [(3, 0, 0, 3)] * 2
    draft = kept(answer("BEL", part(), submitted=False))
    assert counts(held(), [draft])["1a"].answered == 0


def test_a_joint_answer_counts_for_each_state_unless_it_speaks_for_itself() -> None:
    joint = kept(answer("CZE", part(joint_with=("ROU",)), part("1b", joint_with=("ROU",))))
    own = kept(answer("ROU", part("1b", "planned")), at=2)
    cells = matrix(held(), [joint, own])
    assert (cells["ROU", "1a"].kind, cells["ROU", "1a"].spoken_by) == ("done", "CZE")
    assert (cells["ROU", "1b"].kind, cells["ROU", "1b"].spoken_by) == ("planned", "ROU")
    assert cells["BEL", "1a"].kind is None
    assert counts(held(), [joint, own])["1a"].answered == 2


def test_what_a_state_said_last_counts_and_one_that_was_not_asked_is_heard() -> None:
    said = [
        kept(answer("BEL", part(kind="planned")), at=1),
        kept(answer("BEL", part()), at=2),
        kept(answer("TUR", part())),
    ]
    cells = matrix(held(), said)
    assert cells["BEL", "1a"].kind == "done"
    assert cells["TUR", "1a"].kind == "done"
    assert counts(held(), said)["1a"].asked == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (held(title={}), "no title"),
        (held(questions=()), "no question"),
        (held(cut_off=dt.date(2022, 1, 1)), "closes before it opens"),
        (held("1a", "1a"), "1a stands there twice"),
        (held(questions=(Question(key="1a", text={}),)), "1a has no words"),
        (held(kind="mutual_evaluation"), "names the State"),
        (held(evaluation=Evaluation(state="DNK")), "names the State"),
    ],
)
def test_a_round_that_cannot_be_is_refused(wrong: Round, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_round(wrong)


LONG: Texts = {"en": "word " * (LONGEST_TEXT + 1)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (answer("BEL", part("9z")), "no question 9z"),
        (answer("BEL", part(), part()), "1a is answered twice"),
        (answer("BEL", part(kind="maybe")), "no kind of answer"),
        (answer("BEL", part(kind="cross-reference")), "which answer is meant"),
        (answer("BEL", part(kind="cross-reference", see="1a")), "which answer is meant"),
        (answer("BEL", part(obstacle="weather")), "obstacle_kinds"),
        (answer("BEL", part(text=LONG)), "201 words; 200 are the most"),
        (answer("BEL", part(joint_with=("BEL",))), "names the other States"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_question(wrong: Answer, said: str) -> None:
    check_round(held())
    with pytest.raises(Invalid, match=said):
        check_answer(wrong, held())


def test_an_answer_as_it_should_be_is_taken() -> None:
    full = answer("BEL", part(text={"en": "word " * LONGEST_TEXT}), part("1b", "cross-reference", see="1a"))
    check_answer(full, held())
    assert msgspec.json.decode(msgspec.json.encode(full), type=Answer) == full
    evaluation = held(kind="mutual_evaluation", evaluation=Evaluation(state="DNK", experts=("SWE", "FIN", "EST")))
    check_round(evaluation)
    assert msgspec.json.decode(msgspec.json.encode(evaluation), type=Round) == evaluation


def test_after_the_cut_off_a_change_needs_its_reason_and_after_the_end_nothing_is_taken() -> None:
    before, now = answer("BEL", part(kind="planned")), answer("BEL", part())
    assert amended(before, now, held(), dt.date(2022, 7, 1)) == ["1a"]
    with pytest.raises(Invalid) as refused:
        amended(before, now, held(), dt.date(2022, 7, 2))
    assert refused.value.code == "amendment_without_reason"
    reasoned = msgspec.structs.replace(now, amended_because="the law was passed in June")
    assert amended(before, reasoned, held(), dt.date(2022, 7, 2)) == ["1a"]
    assert amended(before, before, held(), dt.date(2022, 7, 2)) == []
    with pytest.raises(Invalid, match="closed"):
        amended(before, reasoned, held(closed_on=dt.date(2022, 7, 8)), dt.date(2022, 7, 8))
    with pytest.raises(Invalid, match="not taken back"):
        amended(before, answer("BEL", submitted=False), held(), dt.date(2022, 6, 1))


def test_two_rounds_are_compared_state_by_state() -> None:
    earlier = matrix(held(), [kept(answer("BEL", part(kind="planned"), part("1b")))])
    later = matrix(held("A", "B"), [kept(answer("BEL", part("A")))])
    assert compare(earlier, later, {"A": "1a", "B": "1b"}) == [
        Change(state="BEL", question="A", before="planned", now="done"),
        Change(state="BEL", question="B", before="done", now=None),
    ]
    assert compare(earlier, earlier) == []
