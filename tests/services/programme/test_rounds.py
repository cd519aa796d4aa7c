"""Rounds at work: drafts are one's own, replies go to whom they may, and each viewer counts what he sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.programme.register import Carried, Instrument, Measure
from alidade.programme.rounds import Answer, Part, Round
from alidade.services.programme.register import keep_paper
from alidade.services.programme.rounds import (
    answer_round,
    answer_to_fill,
    change_round,
    close_round,
    hold_round,
    questions_of,
    read_round,
    rounds,
)


def officer(office: Office, who: str = NL) -> Actor:
    return office.officer(who, "policy_officer")


def paper() -> Instrument:
    measures = tuple(Measure(key=key, title={"en": f"Recommendation {key}"}) for key in ("1a", "1b"))
    return Instrument(number="UNODC/HONEURO/13", kind="recommendations", title={"en": "Lisbon"}, measures=measures)


def asked(**more: Any) -> Round:
    fields: dict[str, Any] = {
        "title": {"en": "Follow-up"},
        "questions": questions_of(paper()),
        "asked": (DE, FR),
        "opens": dt.date(2026, 6, 1),
        "cut_off": dt.date(2026, 7, 1),
    }
    return Round(**(fields | more))


def reply(reference: str, state: str = "DEU", kind: str = "done", **more: Any) -> Answer:
    parts = (Part(question="1a", kind=kind),)
    return Answer(round=reference, state=state, parts=parts, **({"submitted": True, "publish": True} | more))


def test_questions_come_from_the_paper_and_states_from_those_asked(office: Office) -> None:
    instrument = keep_paper(office.node, officer(office), paper())
    reference = hold_round(office.node, officer(office), asked(instrument=instrument))
    held = read_round(office.node, officer(office, FR), reference)
    assert [(q.key, q.text) for q in held.kept.body.questions] == [
        ("1a", {"en": "Recommendation 1a"}),
        ("1b", {"en": "Recommendation 1b"}),
    ]
    assert held.kept.body.states == ("DEU", "FRA")
    assert held.silent == ["DEU", "FRA"]
    with pytest.raises(NotFound):
        hold_round(office.node, officer(office), asked(instrument="0" * 32))
    with pytest.raises(NotFound):
        hold_round(office.node, officer(office), asked(asked=("xx-nobody",)))


def test_a_draft_is_seen_by_its_own_authority_alone(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(reference, submitted=False))
    assert read_round(office.node, officer(office), reference).answers == []
    own = read_round(office.node, officer(office, DE), reference)
    assert own.own_answer is not None
    assert own.counts["1a"].answered == 0
    held, going_on = answer_to_fill(office.node, officer(office, DE), reference)
    assert (going_on.parts[0].kind, held.own_answer is not None) == ("done", True)
    _, empty = answer_to_fill(office.node, officer(office, FR), reference)
    assert (empty.state, empty.parts) == ("FRA", ())


def test_a_reply_that_is_not_to_be_published_is_for_the_holder_alone(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(reference, publish=False))
    seen = {who: read_round(office.node, officer(office, who), reference).counts["1a"].answered for who in (NL, DE, FR)}
    assert seen == {NL: 1, DE: 1, FR: 0}
    _, version = answer_round(office.node, officer(office, DE), reply(reference), version=1)
    assert version == 2
    assert read_round(office.node, officer(office, FR), reference).counts["1a"].answered == 1


def test_an_answer_speaks_for_ones_own_state_and_changes_only_from_its_newest_version(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    with pytest.raises(Invalid, match="own State"):
        answer_round(office.node, officer(office, DE), reply(reference, "FRA"))
    answer_round(office.node, officer(office, DE), reply(reference))
    with pytest.raises(Conflict):
        answer_round(office.node, officer(office, DE), reply(reference, kind="planned"), version=7)
    joint = msgspec.structs.replace(reply(reference), parts=(Part(question="1a", kind="done", joint_with=("FRA",)),))
    answer_round(office.node, officer(office, DE), joint, version=1)
    held = read_round(office.node, officer(office), reference)
    assert (held.cells["FRA", "1a"].spoken_by, held.silent) == ("DEU", [])


def test_amendments_after_the_cut_off_give_their_reason_until_the_round_is_closed(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(reference, kind="planned"))
    office.clock.move(days=30)
    with pytest.raises(Invalid) as refused:
        answer_round(office.node, officer(office, DE), reply(reference), version=1)
    assert refused.value.code == "amendment_without_reason"
    because = reply(reference, amended_because="the law was passed")
    answer_round(office.node, officer(office, DE), because, version=1)
    with pytest.raises(NotFound):
        close_round(office.node, officer(office, DE), reference, 1)
    assert close_round(office.node, officer(office), reference, 1) == 2
    with pytest.raises(Conflict):
        close_round(office.node, officer(office), reference, 2)
    with pytest.raises(Invalid, match="closed"):
        answer_round(office.node, officer(office, DE), because, version=2)


def test_a_question_that_was_answered_stays(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(reference))
    with pytest.raises(Invalid, match="Question 1a has been answered"):
        change_round(office.node, officer(office), reference, asked(questions=questions_of(paper())[1:]), 1)
    assert change_round(office.node, officer(office), reference, asked(questions=questions_of(paper())[:1]), 1) == 2


def test_a_round_is_compared_with_the_one_before_by_measure(office: Office) -> None:
    first = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(first, kind="planned"))
    later = tuple(
        msgspec.structs.replace(question, key=key) for key, question in zip("AB", questions_of(paper()), strict=True)
    )
    second = hold_round(office.node, officer(office), asked(questions=later, previous=first))
    said = Answer(round=second, state="DEU", parts=(Part(question="A", kind="done"),), submitted=True, publish=True)
    answer_round(office.node, officer(office, DE), said)
    changes = read_round(office.node, officer(office, FR), second).changes
    assert [(each.state, each.question, each.before, each.now) for each in changes] == [("DEU", "A", "planned", "done")]


def test_numbers_of_another_paper_are_no_question_of_before_unless_it_was_carried_on(office: Office) -> None:
    old = keep_paper(office.node, officer(office), paper())
    first = hold_round(office.node, officer(office), asked(instrument=old))
    answer_round(office.node, officer(office, DE), reply(first, kind="planned"))
    measures = (
        Measure(key="1a", title={"en": "Something else"}),
        Measure(key="2", title={"en": "Goes on"}, carries=(Carried(instrument=old, measure="1a", how="continued"),)),
    )
    later = msgspec.structs.replace(paper(), number="UNODC/HONEURO/14", measures=measures)
    new = keep_paper(office.node, officer(office), later)
    second = hold_round(
        office.node, officer(office), asked(questions=questions_of(later), previous=first, instrument=new)
    )
    held = read_round(office.node, officer(office, DE), second)
    before = {question: cell.kind for (state, question), cell in held.previous_asked.items() if state == "DEU"}
    assert before == {"2": "planned"}


def test_the_list_says_what_is_open_and_who_has_answered(office: Office) -> None:
    reference = hold_round(office.node, officer(office), asked())
    answer_round(office.node, officer(office, DE), reply(reference))
    (line,) = rounds(office.node, officer(office, DE))
    assert (line.asked, line.answering, line.own, line.own_answer, line.days_left) == (2, 1, False, "submitted", 15)
    (line,) = rounds(office.node, officer(office))
    assert (line.own, line.own_answer) == (True, "")
    with pytest.raises(NotAllowed):
        hold_round(office.node, office.officer(NL, "analyst"), asked())
