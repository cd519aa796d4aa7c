"""Delegation inside a State: parts from other authorities, seen by the two alone, and one answer for the State."""

from __future__ import annotations

import msgspec
import pytest
from neighbours import CUSTOMS, asked, reply, with_customs
from neighbours import policy as officer
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.programme.rounds import Part
from alidade.services.programme.delegating import (
    delegate,
    delegated,
    end_delegation,
    fill_share,
    return_share,
    share_to_fill,
    take_share,
)
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.rounds import answer_round, answer_to_fill, hold_round, read_round

DONE = (Part(question="1a", kind="done", text={"en": "All terminals."}),)


@pytest.fixture
def round_(office: Office) -> str:
    """A round of the German authority that asks the Dutch police, whose State has customs, too."""
    with_customs(office)
    return hold_round(office.node, officer(office, DE), asked(asked=(NL, FR)))


def given(office: Office, round_: str, *questions: str) -> str:
    return delegate(office.node, officer(office), round_, CUSTOMS, questions or ("1a",), note="Please.", due=None)


def stages(office: Office, round_: str, who: str = NL) -> list[str]:
    found = delegated(office.node, officer(office, who), round_)
    return [each.stage for each in (*found.given, *found.tasks)]


def test_a_part_goes_there_and_back_and_the_state_answers_once(office: Office, round_: str) -> None:
    node = office.node
    reference = given(office, round_)
    held, task, state = share_to_fill(node, officer(office, CUSTOMS), reference)
    assert (held.reference, task.kept.body.questions, task.kept.body.note, state) == (round_, ("1a",), "Please.", "NLD")
    assert stages(office, round_) == ["asked"]
    fill_share(node, officer(office, CUSTOMS), reference, DONE, handed_in=False, version=0)
    assert stages(office, round_) == ["begun"]
    fill_share(node, officer(office, CUSTOMS), reference, DONE, handed_in=True, version=1)
    assert stages(office, round_) == ["handed_in"] == stages(office, round_, CUSTOMS)
    return_share(node, officer(office), reference, "How many?", version=2)
    assert stages(office, round_, CUSTOMS) == ["returned"]
    office.clock.move(hours=1)
    better = (msgspec.structs.replace(DONE[0], text={"en": "All 14 terminals."}),)
    fill_share(node, officer(office, CUSTOMS), reference, better, handed_in=True, version=2)
    with pytest.raises(Conflict):
        take_share(node, officer(office), reference, version=2)
    take_share(node, officer(office), reference, version=3)
    _, draft = answer_to_fill(node, officer(office), round_)
    assert (draft.parts, draft.delegated_to, draft.submitted) == (better, (CUSTOMS,), False)
    answer_round(node, officer(office), msgspec.structs.replace(draft, submitted=True, publish=True), version=1)
    assert read_round(node, officer(office, DE), round_).counts["1a"].done == 1
    (line,) = delegated(node, officer(office), round_).given
    assert [(step.what, step.reason) for step in line.history] == [
        ("asked", "Please."), ("handed_in", ""), ("returned", "How many?"), ("handed_in", ""), ("taken", ""),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        fill_share(node, officer(office, CUSTOMS), reference, DONE, handed_in=False, version=3)


def test_only_the_two_see_what_is_begun(office: Office, round_: str) -> None:
    reference = given(office, round_)
    fill_share(office.node, officer(office, CUSTOMS), reference, DONE, handed_in=False, version=0)
    for other in (DE, FR):
        assert stages(office, round_, other) == []
        with pytest.raises(NotFound):
            share_to_fill(office.node, officer(office, other), reference)
        assert read_round(office.node, officer(office, other), round_).counts["1a"].answered == 0
    for act in (
        lambda who: fill_share(office.node, who, reference, DONE, handed_in=True, version=1),
        lambda who: take_share(office.node, who, reference, version=1),
        lambda who: return_share(office.node, who, reference, "no", version=1),
        lambda who: end_delegation(office.node, who, reference),
    ):
        with pytest.raises(NotFound):
            act(officer(office, DE))
    with pytest.raises(NotFound):
        take_share(office.node, officer(office, CUSTOMS), reference, version=1)
    with pytest.raises(NotFound):
        fill_share(office.node, officer(office), reference, DONE, handed_in=True, version=1)


def test_questions_stay_inside_the_state_and_with_those_who_see_the_round(office: Office, round_: str) -> None:
    node = office.node
    for other in (DE, NL, "xx-nobody"):
        with pytest.raises(Invalid, match="own State"):
            delegate(node, officer(office), round_, other, ("1a",), due=None)
    with pytest.raises(Invalid, match="was asked"):
        delegate(node, officer(office, CUSTOMS), round_, NL, ("1a",), due=None)
    closed = default_handling(node, DE, communities=())
    for_police = msgspec.structs.replace(closed, released_to=(NL,))
    hidden = hold_round(node, officer(office, DE), asked(asked=(NL,)), for_police)
    assert delegated(node, officer(office), hidden).others == []
    assert [key for key, _ in delegated(node, officer(office), round_).others] == [CUSTOMS]
    with pytest.raises(Invalid, match="may not see the round"):
        delegate(node, officer(office), hidden, CUSTOMS, ("1a",), due=None)


def test_a_round_of_ones_own_is_shown_to_whom_questions_are_given(office: Office, round_: str) -> None:
    node = office.node
    own = hold_round(node, officer(office), asked(asked=(NL, FR)), default_handling(node, NL, communities=()))
    with pytest.raises(NotFound):
        read_round(node, officer(office, CUSTOMS), own)
    reference = delegate(node, officer(office), own, CUSTOMS, ("1a",), due=None)
    assert share_to_fill(node, officer(office, CUSTOMS), reference)[0].reference == own
    assert [each.what for each in delegated(node, officer(office, CUSTOMS), own).tasks[0].history] == ["asked"]
    with pytest.raises(NotFound):
        read_round(node, officer(office, FR), own)


def test_a_question_lies_with_one_authority_at_a_time(office: Office, round_: str) -> None:
    reference = given(office, round_)
    with pytest.raises(Conflict):
        given(office, round_, "1b", "1a")
    with pytest.raises(Invalid, match="no question 9"):
        given(office, round_, "9")
    with pytest.raises(Invalid, match="No question is chosen"):
        delegate(office.node, officer(office), round_, CUSTOMS, (), due=None)
    end_delegation(office.node, officer(office), reference, "done ourselves")
    with pytest.raises(Conflict):
        end_delegation(office.node, officer(office), reference)
    with pytest.raises(Conflict):
        fill_share(office.node, officer(office, CUSTOMS), reference, DONE, handed_in=True, version=0)
    given(office, round_)
    assert sorted(stages(office, round_)) == ["asked", "ended"]


def test_what_is_handed_in_is_whole_and_of_the_questions_given(office: Office, round_: str) -> None:
    reference = given(office, round_, "1a")
    customs = officer(office, CUSTOMS)
    with pytest.raises(Invalid, match="1a is not answered yet"):
        fill_share(office.node, customs, reference, (), handed_in=True, version=0)
    with pytest.raises(Invalid, match="1b was not given"):
        fill_share(office.node, customs, reference, (Part(question="1b", kind="done"),), handed_in=False, version=0)
    with pytest.raises(Invalid, match="no kind"):
        fill_share(office.node, customs, reference, (Part(question="1a", kind="x"),), handed_in=False, version=0)
    with pytest.raises(Conflict):
        take_share(office.node, officer(office), reference, version=1)
    with pytest.raises(Invalid, match="needs a reason"):
        return_share(office.node, officer(office), reference, " ", version=1)


def test_another_authority_of_a_state_that_was_asked_does_not_answer_for_it(office: Office, round_: str) -> None:
    with pytest.raises(Invalid) as refused:
        answer_round(office.node, officer(office, CUSTOMS), reply(round_, "NLD"))
    assert refused.value.code == "not_asked"
    assert not read_round(office.node, officer(office, CUSTOMS), round_).speaks
    assert read_round(office.node, officer(office), round_).speaks
    with pytest.raises(NotAllowed):
        delegate(office.node, office.officer(NL, "analyst"), round_, CUSTOMS, ("1a",), due=None)


def test_after_the_cut_off_what_is_taken_into_a_submitted_answer_gives_its_reason(office: Office, round_: str) -> None:
    reference = given(office, round_, "1b")
    answer_round(office.node, officer(office), reply(round_, "NLD"))
    late = (Part(question="1b", kind="planned"),)
    fill_share(office.node, officer(office, CUSTOMS), reference, late, handed_in=True, version=0)
    office.clock.move(days=30)
    with pytest.raises(Invalid) as refused:
        take_share(office.node, officer(office), reference, version=1)
    assert refused.value.code == "amendment_without_reason"
    _, number = take_share(office.node, officer(office), reference, version=1, because="came late")
    assert number == 2
    assert read_round(office.node, officer(office, DE), round_).counts["1b"].answered == 1
