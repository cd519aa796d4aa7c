"""My day: counts and references; the deputy's view; hand-over; reviews due; what the one box decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from personas import DE, FR, NL, Office, draft

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.answers import answer_again, check_of_hit
from alidade.services.correcting import erase_question
from alidade.services.day import my_day
from alidade.services.deputies import deputies, end_deputy, hand_over, name_deputy
from alidade.services.feedback import feedback
from alidade.services.finding import Question
from alidade.services.jump import jump
from alidade.services.notices import notices
from alidade.services.reviews import reviews_due, state_again
from alidade.services.standing import keep_standing_check, look_at_standing, run_due, standing_checks
from alidade.services.verdicts import rule_on_hit
from alidade.store import directory

UNTIL = "2026-12-31"
JAN = Question(text="Jan Vermeulen")
ANALYST = OfficerId(f"{DE}/analyst")


def test_what_waits(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"), by=NL)
    office.give(draft("q", name="Piet Hein"), handling=office.handling(subject_category=None))
    mine = office.ask(DE, "Jan Vermeulen").hits[0]
    office.ask(office.officer(DE, "analyst"), "Jan Vermeulen")
    keep_standing_check(office.node, office.officer(DE), Question(text="Klaas Bakker"), UNTIL)
    office.give(draft("k", name="Klaas Bakker"))
    office.clock.move(hours=2)
    run_due(office.node)
    day = my_day(office.node, office.officer(DE))
    assert day.hits is not None
    assert sorted(hit.whose for hit in day.hits) == ["authority", "mine", "mine"]
    assert (day.standing_news, day.standing_in_force, day.notices, day.drafts) == (1, 1, 0, 0)
    rule_on_hit(office.node, office.officer(DE), mine.reference, "same", "same_context")
    owner = my_day(office.node, office.officer(NL))
    assert (owner.notices, owner.feedback, owner.quarantined) == (3, 4, 1)
    office.clock.move(hours=1)
    notices(office.node, office.officer(NL))
    feedback(office.node, office.officer(NL))
    again = my_day(office.node, office.officer(NL))
    assert (again.notices, again.feedback) == (0, 0)


def test_before_a_case_is_stated_only_counts_and_references(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"))
    office.ask(DE, "Jan Vermeulen")
    bare = act_as(office.node, OfficerId(f"{DE}/case_officer"), purpose="18.2.a")
    day = my_day(office.node, bare)
    assert not day.opened
    assert day.hits is not None
    assert [(hit.owner, hit.asked_at) for hit in day.hits] == [("", None)]
    assert my_day(office.node, office.officer(DE)).opened


def test_an_administrator_is_told_of_administration_alone(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"))
    office.ask(DE, "Jan Vermeulen")
    day = my_day(office.node, office.officer(DE, "administrator"))
    assert (day.hits, day.notices, day.standing_news, day.feedback, day.reviews, day.quarantined) == (None,) * 6
    assert day.proposals == 0


def test_a_deputy_sees_what_is_open_with_his_own_rights(office: Office) -> None:
    reference = keep_standing_check(office.node, office.officer(DE), JAN, UNTIL).standing.reference
    office.give(draft("a", name="Jan Vermeulen"), handling=office.handling(case="case-1"))
    office.clock.move(hours=2)
    run_due(office.node)
    analyst = office.officer(DE, "analyst")
    assert my_day(office.node, analyst).stands_in_for == ()
    name_deputy(office.node, office.officer(DE), ANALYST, "2026-06-20")
    (kept,) = standing_checks(office.node, analyst)
    assert (kept.reference, kept.officer) == (reference, f"{DE}/case_officer")
    for _ in range(2):  # what he sees stays new for whom he stands in for
        assert len(look_at_standing(office.node, analyst).told) == 1
    assert my_day(office.node, analyst).standing_news == 1
    assert len(look_at_standing(office.node, office.officer(DE)).told) == 1
    assert look_at_standing(office.node, analyst).told == ()
    end_deputy(office.node, office.officer(DE), ANALYST)
    assert standing_checks(office.node, analyst) == []
    with pytest.raises(NotFound):
        end_deputy(office.node, office.officer(DE), ANALYST)
    assert [(d.deputy, d.ended) for d in deputies(office.node, office.officer(DE))] == [(ANALYST, True)]


def test_a_deputy_is_a_colleague_for_a_time(office: Office) -> None:
    for who in (f"{FR}/analyst", f"{DE}/nobody", f"{DE}/case_officer"):
        with pytest.raises(NotFound):
            name_deputy(office.node, office.officer(DE), OfficerId(who), "2026-06-20")
    for since, until in ((None, "2026-06-15"), (None, "2027-06-15"), ("2026-06-21", "2026-06-20"), ("x", "2026-06-20")):
        with pytest.raises(Invalid):
            name_deputy(office.node, office.officer(DE), ANALYST, until, since=since)
    keep_standing_check(office.node, office.officer(DE), JAN, UNTIL)
    name_deputy(office.node, office.officer(DE), ANALYST, "2026-06-20", since="2026-06-18")
    seen = []
    for _ in range(7):
        seen.append(bool(standing_checks(office.node, office.officer(DE, "analyst"))))
        office.clock.move(days=1)
    assert seen == [False, False, True, True, True, False, False]


def test_what_is_handed_over_is_asked_with_the_colleague_s_rights(office: Office) -> None:
    keep_standing_check(office.node, office.officer(DE), JAN, UNTIL)
    with pytest.raises(NotAllowed):
        hand_over(office.node, office.officer(DE), OfficerId(f"{DE}/data_protection_officer"))
    with pytest.raises(NotAllowed):
        hand_over(office.node, office.officer(DE, "analyst"), OfficerId(f"{DE}/liaison_officer"),
                  officer=OfficerId(f"{DE}/case_officer"))  # fmt: skip
    given = hand_over(office.node, office.officer(DE), ANALYST)
    assert (given.standing_checks, given.drafts) == (1, 0)
    office.give(draft("a", name="Jan Vermeulen"))
    assert look_at_standing(office.node, office.officer(DE)).asked == 0
    assert len(look_at_standing(office.node, office.officer(DE, "analyst")).told) == 1
    admin = office.officer(DE, "administrator")
    back = hand_over(office.node, admin, OfficerId(f"{DE}/case_officer"), officer=ANALYST)
    assert back.standing_checks == 1


def test_reviews_due_and_stated_again(office: Office) -> None:
    soon = office.handling(review_on="2026-06-16", expires_on="2026-06-15")
    record = office.give(draft("a", name="Jan Vermeulen"), handling=soon, source_list="list").records["a"]
    office.give(draft("b", name="Piet Hein"), handling=office.handling(review_on="2027-07-01"))
    due = reviews_due(office.node, office.officer(NL))
    assert [(each.record, each.kind, each.passed) for each in due] == [
        (record, "expiry", True), (record, "review", True)
    ]  # fmt: skip
    assert reviews_due(office.node, office.officer(DE)) == []
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit", "it has expired"
    day = my_day(office.node, office.officer(NL))
    assert (day.reviews, day.reviews_passed) == (1, 1)
    for wrong in ({"review_on": "2026-06-16"}, {"expires_on": "soon"}, {}):
        with pytest.raises(Invalid):
            state_again(office.node, office.officer(NL), record, **wrong)
    with pytest.raises(NotFound):
        state_again(office.node, office.officer(DE), record, review_on="2027-06-01")
    state_again(office.node, office.officer(NL), record, review_on="2027-06-01", expires_on="2027-06-01")
    assert reviews_due(office.node, office.officer(NL)) == []
    (hit,) = office.ask(DE, "Jan Vermeulen").hits
    assert (hit.record, hit.statements[0].handling.review_on) == (record, "2027-06-01")


def test_an_answer_is_read_again_as_it_may_be_seen_now(office: Office) -> None:
    given = office.give(draft("a", name="Jan Vermeulen", phone="+31612345678"))
    office.give(draft("b", name="Jan Vermeulen"), by=FR, handling=office.handling(FR, communities=()))
    answer = office.ask(DE, "Jan Vermeulen")
    office.give(draft("c", name="Jan Vermeulen"))
    again = answer_again(office.node, office.officer(DE), answer.check)
    assert (again.question, again.kind, again.waiting, again.standing) == (JAN, "hit", 2, None)
    assert [bool(each.hit) for each in again.hits] == [True, False], "what came later is not in this answer"
    assert again.hits[0].hit is not None
    assert again.hits[0].hit.parts == answer.hits[0].parts
    assert again.hits[1].closed is not None
    assert check_of_hit(office.node, office.officer(DE), answer.hits[0].reference) == answer.check
    rule_on_hit(office.node, office.officer(DE), answer.hits[0].reference, "same", "same_context", note="seen")
    from alidade.services.correcting import erase_record

    erase_record(office.node, office.officer(NL), given.records["a"], "unlawful")
    after = answer_again(office.node, office.officer(DE, "analyst"), answer.check)
    assert sorted((bool(each.hit), bool(each.closed), len(each.rulings)) for each in after.hits) == [
        (False, False, 1), (False, True, 0)
    ]  # fmt: skip
    assert not after.mine
    erase_question(office.node, office.officer(DE), answer.check, "unlawful")
    gone = answer_again(office.node, office.officer(DE), answer.check)
    assert (gone.question, gone.understood, len(gone.hits)) == (None, (), 2)


def test_the_answer_of_another_authority_and_an_absent_one_are_alike(office: Office) -> None:
    answer = office.ask(DE, "Jan Vermeulen")
    errors = set()
    for who, reference in ((FR, answer.check), (FR, "0" * 32), (DE, "nonsense")):
        with pytest.raises(NotFound) as refused:
            answer_again(office.node, office.officer(who), reference)
        errors.add(str(refused.value))
    assert len(errors) == 1
    with pytest.raises(Invalid):
        answer_again(office.node, office.officer(DE, justification=""), answer.check)


def test_the_one_box_says_what_was_typed(office: Office) -> None:
    given = office.give(draft("a", name="Jan Vermeulen"))
    hidden = office.give(draft("h", name="Jan Vermeulen"), handling=office.handling(communities=()))
    answer = office.ask(DE, "Jan Vermeulen")
    kept = keep_standing_check(office.node, office.officer(DE), JAN, UNTIL).standing.reference
    typed = {
        "  Notices ": ("command", "notices"),
        "/notices": ("command", "notices"),
        answer.check: ("check", answer.check),
        answer.check.upper(): ("check", answer.check),
        kept: ("standing", kept),
        answer.hits[0].reference: ("hit", answer.hits[0].reference),
        given.records["a"]: ("record", given.records["a"]),
        hidden.records["h"]: ("reference", ""),
        str(given.contribution): ("reference", ""),
        "0" * 32: ("reference", ""),
        "Jan Vermeulen": ("name", ""),
        "+31 6 12345678": ("identifier", ""),
        "!!!": ("text", ""),
        "": ("text", ""),
    }
    for text, (what, target) in typed.items():
        found = jump(office.node, office.officer(DE), text, {"notices": "notices"})
        assert (found.what, found.target) == (what, target), text
    own = jump(office.node, office.officer(NL), str(given.contribution), {})
    assert own.what == "contribution"
    assert jump(office.node, office.officer(DE, "administrator"), answer.check, {}).what == "reference"


def test_stating_again_what_does_not_stand_is_refused(office: Office) -> None:
    waiting = office.give(draft("q", name="Piet Hein"), handling=office.handling(subject_category=None)).records["q"]
    with pytest.raises(Conflict):
        state_again(office.node, office.officer(NL), waiting, review_on="2027-06-01")


def test_what_was_asked_above_one_s_clearance_is_absent(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"))
    with office.store.transaction() as tx:
        officer = directory.officer(tx, OfficerId(f"{DE}/case_officer"))
        directory.set_officer(tx, replace(officer, clearance="RESTRICTED"))
    answer = office.ask(DE, "Jan Vermeulen")
    keep_standing_check(office.node, office.officer(DE), JAN, UNTIL)
    name_deputy(office.node, office.officer(DE), ANALYST, "2026-06-20")
    analyst = office.officer(DE, "analyst")
    assert my_day(office.node, analyst).hits == ()
    assert standing_checks(office.node, analyst) == []
    with pytest.raises(NotFound):
        answer_again(office.node, analyst, answer.check)
    with pytest.raises(NotAllowed):
        hand_over(office.node, office.officer(DE), ANALYST)
    assert len(my_day(office.node, office.officer(DE)).hits or ()) == 2
