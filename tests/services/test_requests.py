"""Requests of programs: a lost answer costs nobody anything; nothing is asked, told or given a second time."""

from __future__ import annotations

import pytest
from personas import CASE, DE, FR, NL, Office, draft

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.contribute import Giving
from alidade.services.correcting import erase_question, erase_record, withdraw
from alidade.services.finding import Question
from alidade.services.notices import notices
from alidade.services.releasing import release
from alidade.services.requests import answer_to_check, check_many, check_once, contribute_once
from alidade.services.verdicts import hits_to_rule_on, rule_on_hit

KEY = "7b0f2c1e-5d3a-4f6b-9a8c-0d1e2f3a4b5c"
JAN = Question(text="Jan Vermeulen")


def _giving(office: Office, *names: str, source_list: str = "") -> Giving:
    drafts = [draft(f"p-{number}", name=name) for number, name in enumerate(names, start=1)]
    return Giving(title="given", drafts=drafts, handlings={"": office.handling()}, source_list=source_list)


def test_a_check_sent_again_under_its_key_is_the_same_check(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    asker = office.officer(DE)
    first = check_once(office.node, asker, JAN, key=KEY)
    second = check_once(office.node, asker, JAN, key=KEY)

    assert second == first
    assert len(hits_to_rule_on(office.node, asker)) == 1
    assert len(notices(office.node, office.officer(NL))) == 1
    made = [entry for entry in office.entries(DE) if entry.query_commitment is not None]
    assert [entry.act for entry in made] == ["record_read", "check"]
    assert len({entry.query_commitment for entry in made}) == 1


def test_without_a_key_every_check_is_its_own(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    checks = {check_once(office.node, office.officer(DE), JAN).check for _ in range(2)}

    assert len(checks) == 2
    assert len(notices(office.node, office.officer(NL))) == 2


def test_something_else_under_the_same_key_is_refused(office: Office) -> None:
    check_once(office.node, office.officer(DE), JAN, key=KEY)
    with pytest.raises(Conflict) as refused:
        check_once(office.node, office.officer(DE), Question(text="Piet Hein"), key=KEY)
    assert refused.value.code == "key_used"


def test_keys_of_different_officers_do_not_meet(office: Office) -> None:
    first = check_once(office.node, office.officer(DE), JAN, key=KEY)
    for other in (office.officer(FR), office.officer(DE, "analyst")):
        assert check_once(office.node, other, Question(text="Piet Hein"), key=KEY).check != first.check


def test_a_key_is_forgotten_after_a_day(office: Office) -> None:
    first = check_once(office.node, office.officer(DE), JAN, key=KEY)
    office.clock.move(hours=23.9)
    assert check_once(office.node, office.officer(DE), JAN, key=KEY).check == first.check
    office.clock.move(hours=0.1)
    assert check_once(office.node, office.officer(DE), Question(text="Piet Hein"), key=KEY).check != first.check


def test_neither_key_nor_question_stands_in_the_files(office: Office) -> None:
    check_once(office.node, office.officer(DE), JAN, key=KEY)

    assert KEY.encode() not in office.files()
    assert b"Vermeulen" not in office.files()


def test_many_questions_leave_an_entry_each_and_wrong_ones_do_not_stop_the_others(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    asked = [JAN, Question(text="..."), Question(text="Piet Hein")]
    answers = check_many(office.node, office.officer(DE), asked, key=KEY)

    assert [one.code if isinstance(one, Invalid) else one.kind for one in answers] == [
        "hit",
        "question_wrong",
        "no_hit",
    ]
    entries = office.entries(DE)[:3]
    assert sorted(entry.act for entry in entries) == ["check", "check", "check_batch"]
    again = check_many(office.node, office.officer(DE), asked, key=KEY)
    assert (again[0], again[2]) == (answers[0], answers[2])
    assert len(notices(office.node, office.officer(NL))) == 1


@pytest.mark.parametrize("count", [0, 51])
def test_none_and_too_many_questions_are_refused(office: Office, count: int) -> None:
    with pytest.raises(Invalid):
        check_many(office.node, office.officer(DE), [JAN] * count)
    with pytest.raises(Invalid) as refused:
        check_many(office.node, office.officer(DE, justification=" "), [JAN])
    assert refused.value.code == "grounds_missing"


# -- the answer again ----------------------------------------------------------------------------------------


def test_the_answer_again_follows_the_rights_of_today(office: Office) -> None:
    closed = office.handling(communities=())
    record = office.give(draft("1", name="Jan Vermeulen"), handling=closed).records["1"]
    given = office.give(draft("2", name="Jan Vermeulen"))
    first = office.ask(DE, "Jan Vermeulen")
    assert (len(first.hits), len(first.without_content)) == (1, 1)

    release(office.node, office.officer(NL), record, DE, "read", ("18.2.a",))
    opened = answer_to_check(office.node, office.officer(DE), first.check)
    assert (len(opened.hits), len(opened.without_content)) == (2, 0)
    assert {hit.reference for hit in opened.hits} == {first.hits[0].reference, first.without_content[0].reference}

    withdraw(office.node, office.officer(NL), str(given.contribution), "wrong")
    assert [hit.record for hit in answer_to_check(office.node, office.officer(DE), first.check).hits] == [record]


def test_the_answer_again_tells_of_nothing_that_was_given_since(office: Office) -> None:
    first = office.ask(DE, "Jan Vermeulen")
    office.give(draft("1", name="Jan Vermeulen"))
    office.give(draft("2", name="Jan Vermeulen"), handling=office.handling(communities=()))

    assert answer_to_check(office.node, office.officer(DE), first.check) == first
    assert notices(office.node, office.officer(NL)) == []


def test_the_answer_again_has_the_ruling_made_since(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    first = office.ask(DE, "Jan Vermeulen")
    rule_on_hit(office.node, office.officer(DE), first.hits[0].reference, "same", "same_context")

    assert answer_to_check(office.node, office.officer(DE), first.check).hits[0].verdict == "same"


def test_no_other_authoritys_check_is_answered_again(office: Office) -> None:
    check = office.ask(DE, "Jan Vermeulen").check
    messages = set()
    for actor, reference in ((office.officer(NL), check), (office.officer(NL), "0" * 32), (office.officer(DE), "0")):
        with pytest.raises(NotFound) as refused:
            answer_to_check(office.node, actor, reference)
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_an_erased_question_is_not_answered_again(office: Office) -> None:
    check = office.ask(DE, "Jan Vermeulen").check
    erase_question(office.node, office.officer(DE), check, "unlawful")
    with pytest.raises(Conflict) as refused:
        answer_to_check(office.node, office.officer(DE), check)
    assert refused.value.code == "erased"


# -- contributions -------------------------------------------------------------------------------------------


def test_a_contribution_sent_again_under_its_key_gives_nothing_twice(office: Office) -> None:
    officer, giving = office.officer(NL), _giving(office, "Jan Vermeulen", "Piet Hein")
    first = contribute_once(office.node, officer, giving, key=KEY)
    again = contribute_once(office.node, officer, giving, key=KEY)

    assert (first.new, again.new, again.unchanged) == (2, 0, 2)
    assert again.contribution == first.contribution
    assert again.records == first.records
    assert len(office.ask(DE, "Jan Vermeulen").hits) == 1


def test_after_the_key_is_forgotten_what_was_given_is_still_recognised(office: Office) -> None:
    officer, giving = office.officer(NL), _giving(office, "Jan Vermeulen")
    first = contribute_once(office.node, officer, giving, key=KEY)
    office.clock.move(days=2)
    again = contribute_once(office.node, officer, giving, key=KEY)

    assert (again.new, again.unchanged, again.records) == (0, 1, first.records)


def test_what_was_erased_does_not_come_back_with_a_repeated_request(office: Office) -> None:
    officer, giving = office.officer(NL), _giving(office, "Jan Vermeulen")
    first = contribute_once(office.node, officer, giving, key=KEY)
    erase_record(office.node, officer, first.records["p-1"], "unlawful")
    contribute_once(office.node, officer, giving, key=KEY)

    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"
    if office.store.engine.vendor == "sqlite":  # a busy server reclaims the room of removed rows later (decision 0010)
        assert b"Vermeulen" not in office.files()


def test_without_a_key_a_contribution_is_given_as_ever(office: Office) -> None:
    giving = _giving(office, "Jan Vermeulen")
    outcomes = [contribute_once(office.node, office.officer(NL), giving) for _ in range(2)]

    assert [one.new for one in outcomes] == [1, 1]
    listed = _giving(office, "Jan Vermeulen", source_list="controls")
    assert [contribute_once(office.node, office.officer(NL), listed).new for _ in range(2)] == [1, 0]
    assert office.entries(NL)[0].case == CASE


def test_something_else_given_under_the_same_key_is_refused(office: Office) -> None:
    contribute_once(office.node, office.officer(NL), _giving(office, "Jan Vermeulen"), key=KEY)
    with pytest.raises(Conflict) as refused:
        contribute_once(office.node, office.officer(NL), _giving(office, "Piet Hein"), key=KEY)
    assert refused.value.code == "key_used"
    assert office.ask(DE, "Piet Hein").kind == "no_hit"
