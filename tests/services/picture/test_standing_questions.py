"""Kept and standing questions: each who opens one gets his own answer; its officer is told once of what is new."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, VE, Office, draft
from question_cases import give_ports, ports_question, presence

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.correcting import erase_record
from alidade.services.day import my_day
from alidade.services.picture.question_keeping import (
    bring_back_question,
    keep_question,
    list_questions,
    open_question,
    share_question,
    withdraw_question,
)
from alidade.services.picture.questions import QuestionAnswer, ask_question
from alidade.services.picture.standing_questions import (
    end_standing_question,
    look_at_standing_question,
    make_question_standing,
    run_due_questions,
    standing_questions,
)


def test_a_question_is_kept_shared_and_answered_for_each(office: Office) -> None:
    ids = give_ports(office)
    question = ports_question(ids, substance="cocaine")
    nl, fr = office.officer(NL, "analyst"), office.officer(FR)
    kept = keep_question(office.node, nl, question, "Two ports")
    assert [each.title for each in list_questions(office.node, nl)] == ["Two ports"]
    with pytest.raises(NotFound):
        open_question(office.node, fr, kept.piece)
    share_question(office.node, nl, kept.piece, office.handling())
    opened = open_question(office.node, fr, kept.piece)
    assert (opened.question, opened.kept.ours) == (question, False)
    answer = ask_question(office.node, fr, opened.question)
    assert isinstance(answer, QuestionAnswer)
    assert answer.total == 2
    with pytest.raises(NotFound):
        keep_question(office.node, fr, question, "Mine now", piece=kept.piece, version=1)
    changed = keep_question(office.node, nl, ports_question(ids), "Any seizure", piece=kept.piece, version=1)
    assert changed.version == 2
    with pytest.raises(Conflict):
        keep_question(office.node, nl, question, "Late", piece=kept.piece, version=1)
    withdraw_question(office.node, nl, kept.piece)
    assert list_questions(office.node, fr) == ()
    bring_back_question(office.node, nl, kept.piece)
    assert len(list_questions(office.node, fr)) == 1
    with pytest.raises(Invalid):
        keep_question(office.node, nl, question, " ")


def test_an_erasure_of_a_named_place_leaves_a_question_that_cannot_be_asked(office: Office) -> None:
    ids = give_ports(office)
    nl = office.officer(NL, "analyst")
    kept = keep_question(office.node, nl, ports_question(ids), "Two ports")
    erase_record(office.node, office.officer(NL), ids["lisbon"], "inaccurate")
    with pytest.raises(Conflict) as told:
        open_question(office.node, nl, kept.piece)
    assert told.value.code == "question_erased"


def test_its_officer_is_told_once_of_what_is_new(office: Office) -> None:
    ids = give_ports(office)
    nl = office.officer(NL, "analyst")
    kept = keep_question(office.node, nl, ports_question(ids, substance="cocaine"), "Two ports")
    reference = make_question_standing(office.node, nl, kept.piece, "2026-12-31")
    (line,) = standing_questions(office.node, nl)
    assert (line.state, line.told, line.new, line.title) == ("in_force", 2, 0, "Two ports")
    assert run_due_questions(office.node) == 0
    office.clock.move(hours=2)
    assert run_due_questions(office.node) == 0  # nothing has changed
    office.give(
        draft("rotterdam", "Port", name="Rotterdam", unLocode="NLRTM"),
        draft("antwerp", "Port", name="Antwerp", unLocode="BEANR"),
        draft("eva", "Vessel", name="Eva"),
        presence("q1", "eva", "rotterdam", "2026-03-01"),
        presence("q2", "eva", "antwerp", "2026-03-02"),
        handling=office.handling(content="non_personal"),
        source_list="ports",
    )
    office.clock.move(hours=2)
    assert run_due_questions(office.node) == 1
    assert standing_questions(office.node, nl)[0].new == 1
    assert my_day(office.node, nl).question_news == 1
    look = look_at_standing_question(office.node, nl, reference)
    assert {each.thing.caption for each in look.answer.found} >= {"Eva"}
    assert my_day(office.node, nl).question_news == 0
    assert [each.thing.caption for each in look.answer.found if each.thing.id in look.new] == ["Eva"]
    assert look_at_standing_question(office.node, nl, reference).new == frozenset()
    for other in (office.officer(NL), office.officer(DE), office.officer(VE)):
        with pytest.raises(NotFound):
            look_at_standing_question(office.node, other, reference)
    end_standing_question(office.node, nl, reference)
    assert standing_questions(office.node, nl)[0].state == "ended"
    with pytest.raises(Conflict):
        end_standing_question(office.node, nl, reference)
    with pytest.raises(Invalid):
        make_question_standing(office.node, nl, kept.piece, "2029-01-01")
