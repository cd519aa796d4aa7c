"""Earlier checks without a hit: kept for a while, asked again where the answer could be another, told once, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from personas import DE, FR, NL, Office, OfficeFactory, draft

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services import earlier_checks
from alidade.services.check import Answer, check
from alidade.services.correcting import erase_question
from alidade.services.earlier_checks import EarlierRun, ask_earlier_again
from alidade.services.finding import Question
from alidade.services.kept_questions import earlier_term, earlier_terms
from alidade.services.notices import notices
from alidade.services.releasing import release
from alidade.services.standing import (
    end_standing_check,
    forget_earlier_checks,
    keep_check_standing,
    keep_standing_check,
    look_at_standing,
    run_due,
    standing_checks,
)
from alidade.store import directory
from alidade.store.name_index.names import Names

JAN = Question(text="Jan Vermeulen")
PHONE = Question(text="+31 6 1234 5678", kind="phone")


def _ask(office: Office, question: Question = JAN, who: str = DE, role: str = "case_officer", **more: Any) -> Answer:
    return check(office.node, office.officer(who, role, **more), question, again=True)


def _kept(office: Office) -> int:
    with office.store.transaction() as tx:
        return int(tx.rows("select count(*) from standing_check where question is not null", [])[0][0])


def _rows(office: Office) -> int:
    with office.store.transaction() as tx:
        return int(tx.rows("select count(*) from standing_check", [])[0][0])


def _change(office: Office, officer: str, **changes: Any) -> None:
    with office.store.transaction() as tx:
        directory.set_officer(tx, replace(directory.officer(tx, OfficerId(officer)), **changes))


def _told(office: Office, who: str = DE) -> list[tuple[str, bool]]:
    found = look_at_standing(office.node, office.officer(who)).told
    return [(each.question.text if each.question else "", each.content) for each in found]


def test_a_check_without_a_hit_is_kept_for_the_term_and_one_with_a_hit_is_not(office: Office) -> None:
    office.give(draft("k", name="Piet Hein"))
    answer = _ask(office)
    assert (answer.kind, answer.again_until) == ("no_hit", "2026-09-14"), "90 days"
    met = _ask(office, Question(text="Piet Hein"))
    assert (met.kind, met.again_until) == ("hit", None)
    (kept,) = standing_checks(office.node, office.officer(DE))
    assert (kept.kind, kept.reference, kept.question, kept.until) == ("earlier", answer.check, JAN, "2026-09-14")
    (entry,) = [e for e in office.entries(DE) if e.act == "check" and ("check", answer.check) in e.details]
    assert ("asked_again_until", "2026-09-14") in entry.details


def test_nothing_is_kept_where_it_is_not_wanted_or_has_no_term(office: Office) -> None:
    assert check(office.node, office.officer(DE), JAN).again_until is None
    assert _ask(office, legal_ground="passenger_records").again_until is None
    assert _ask(office, purpose="18.2.b").again_until is None
    token = replace(office.officer(DE), acts=frozenset({"check"}), token="t")
    assert check(office.node, token, JAN, again=True).again_until is None
    assert _rows(office) == 0
    assert _ask(office, legal_ground="border_check").again_until == "2026-06-23", "a week after a control"


def test_the_terms_are_data_and_no_more_than_most_are_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = earlier_terms()
    listed = office.vocabulary.codes("legal_grounds")
    assert set(terms.legal_grounds) <= set(listed)
    assert set(terms.purposes) <= set(office.vocabulary.purposes)
    assert all(one.source and one.reason and not one.verified for one in [terms.usual, *terms.legal_grounds.values()])
    assert earlier_term("18.2.b", "border_check").days == 0, "the shorter one counts"
    import msgspec

    from alidade.services import kept_questions

    monkeypatch.setattr(kept_questions, "earlier_terms", lambda: msgspec.structs.replace(terms, most=1))
    assert _ask(office).again_until is not None
    assert _ask(office, Question(text="Piet Hein")).again_until is None


def test_the_same_question_is_kept_once_under_its_newest_check(office: Office) -> None:
    first = _ask(office)
    office.clock.move(days=3)
    second = _ask(office)
    assert _rows(office) == 1
    (kept,) = standing_checks(office.node, office.officer(DE))
    assert (kept.reference, kept.until) == (second.check, "2026-09-17")
    assert first.check != second.check
    _ask(office, case="case-2")
    _ask(office, role="analyst")
    _ask(office, Question(text="Jan Vermeulen", use="must_be_sure"))
    assert _rows(office) == 4


@pytest.mark.parametrize("question", [JAN, PHONE], ids=["name", "number"])
def test_it_is_asked_again_when_something_is_given_and_told_once(office: Office, question: Question) -> None:
    began = _ask(office, question)
    office.give(draft("x", name="Piet Hein", phone="+31699999999"))
    assert run_due(office.node).earlier.met == 0
    office.give(draft("k", name="Jan Vermeulen", phone="+31612345678"))
    run = run_due(office.node).earlier
    assert (run.asked, run.in_full, run.met) == (1, 1, 1)
    assert (_kept(office), run_due(office.node).earlier.asked) == (0, 0)
    look = look_at_standing(office.node, office.officer(DE))
    (news,) = look.told
    assert (news.standing, news.question, news.content, news.owner, news.new) == (
        began.check,
        question,
        True,
        NL,
        True,
    )
    (told,) = notices(office.node, office.officer(NL))
    assert told.check == news.check
    (shown,) = standing_checks(office.node, office.officer(DE))
    assert (shown.state, shown.question, shown.told, shown.unseen) == ("told", None, 1, 0)
    assert look_at_standing(office.node, office.officer(DE)).told == ()


def test_the_officers_own_look_asks_them_as_well(office: Office) -> None:
    _ask(office)
    _ask(office, who=FR)
    office.give(draft("k", name="Jan Vermeulen"))
    look = look_at_standing(office.node, office.officer(DE))
    assert (look.asked, look.earlier, len(look.told)) == (0, 1, 1)
    assert run_due(office.node).earlier.met == 1, "the other's"


def test_nothing_is_asked_in_full_where_nothing_could_be_otherwise(office: Office) -> None:
    _ask(office)
    assert run_due(office.node).earlier == EarlierRun(asked=1)
    office.give(draft("k", name="Xochitl Quetzalcoatl"))
    assert run_due(office.node).earlier == EarlierRun(asked=1)
    before = office.ledger_size()
    assert run_due(office.node).earlier == EarlierRun(asked=1)
    assert office.ledger_size() == before, "nothing was read"


def test_a_release_and_new_rights_have_it_asked_again(office: Office) -> None:
    closed = office.handling(communities=(), hit="silent")
    record = office.give(draft("k", name="Jan Vermeulen"), handling=closed).records["k"]
    office.give(draft("c", name="Piet Hein"), handling=office.handling(case="case-9", hit="silent"))
    _ask(office)
    _ask(office, Question(text="Piet Hein"))
    assert run_due(office.node).earlier == EarlierRun(asked=2)
    release(office.node, office.officer(NL), record, AuthorityId(DE), "read", ("18.2.a",))
    assert run_due(office.node).earlier.met == 1
    assert _told(office) == [("Jan Vermeulen", True)]
    _change(office, f"{DE}/case_officer", cases=("case-1", "case-9"))
    assert run_due(office.node).earlier.met == 1
    assert _told(office) == [("Piet Hein", True)]


def test_what_is_silent_or_hidden_changes_nothing_that_the_asker_sees(offices: OfficeFactory) -> None:
    seen = []
    for hidden in (True, False):
        with offices() as office:
            _ask(office)
            office.clock.move(hours=2)
            if hidden:
                silent = office.handling(communities=(), hit="silent")
                office.give(draft("s", name="Jan Vermeulen", phone="+31612345678"), handling=silent)
            run = run_due(office.node).earlier
            shown = standing_checks(office.node, office.officer(DE))
            seen.append(
                (run, [(one.state, one.asked_at, one.told) for one in shown], len(office.entries(DE)), _told(office))
            )
    assert seen[0] == seen[1]
    assert seen[0][0] == EarlierRun(asked=1)


def test_another_version_of_the_index_has_it_asked_in_full(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask(office)
    _ask(office, PHONE)
    monkeypatch.setattr(Names, "version", "another")
    assert run_due(office.node).earlier == EarlierRun(asked=2, in_full=2)
    assert run_due(office.node).earlier == EarlierRun(asked=2)


def test_a_new_word_about_an_old_record_counts_as_given(office: Office) -> None:
    office.give(draft("k", name="Piet Hein", birthDate="1964-07-31"), source_list="list")
    _ask(office, PHONE)
    assert run_due(office.node).earlier.met == 0
    office.give(draft("k", name="Piet Hein", birthDate="1964-07-31", phone="+31612345678"), source_list="list")
    assert run_due(office.node).earlier.met == 1


def test_more_records_than_are_indexed_at_once_are_asked_in_full(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alidade.store import given_since

    monkeypatch.setattr(given_since, "MOST_RECORDS", 1)
    _ask(office)
    office.give(draft("a", name="Aa Bee"), draft("b", name="Cee Dee"), draft("k", name="Jan Vermeulen"))
    assert run_due(office.node).earlier == EarlierRun(asked=1, in_full=1, met=1)


def test_portions_come_to_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_checks, "PORTION", 2)
    for number in range(5):
        _ask(office, Question(text=f"+3161234567{number}", kind="phone"))
    office.give(*(draft(str(number), name="Jan Vermeulen", phone=f"+3161234567{number}") for number in (0, 3, 4)))
    run = ask_earlier_again(office.node)
    assert (run.asked, run.met, _kept(office)) == (5, 3, 2)


def test_it_is_forgotten_after_its_last_day_with_its_key(office: Office) -> None:
    answer = _ask(office)
    with office.store.transaction() as tx:
        ((key,),) = tx.rows("select field_key from standing_check", [])
    office.clock.move(days=90)
    assert run_due(office.node).earlier == EarlierRun(asked=1), "the last day counts"
    office.clock.move(days=1)
    office.give(draft("k", name="Jan Vermeulen"))
    assert run_due(office.node).earlier == EarlierRun(forgotten=1)
    assert _rows(office) == 0
    assert office.store.keys.field_key(key) is None
    assert standing_checks(office.node, office.officer(DE)) == []
    with pytest.raises(NotFound):
        end_standing_check(office.node, office.officer(DE), answer.check)


def test_its_officer_ends_one_or_all_and_nobody_else_does(office: Office) -> None:
    answer = _ask(office)
    for text in ("Piet Hein", "Maarten Tromp"):
        _ask(office, Question(text=text))
    for who, role in ((DE, "analyst"), (FR, "case_officer")):
        with pytest.raises(NotFound):
            end_standing_check(office.node, office.officer(who, role), answer.check)
        assert forget_earlier_checks(office.node, office.officer(who, role)) == 0
        assert standing_checks(office.node, office.officer(who, role)) == []
    end_standing_check(office.node, office.officer(DE), answer.check)
    assert _rows(office) == 2
    assert forget_earlier_checks(office.node, office.officer(DE)) == 2
    assert _rows(office) == 0


def test_it_can_go_on_as_a_standing_check(office: Office) -> None:
    answer = _ask(office)
    kept = keep_check_standing(office.node, office.officer(DE), answer.check, "2026-12-31")
    assert (kept.kind, kept.until) == ("standing", "2026-12-31")
    assert _ask(office).again_until == "2026-12-31", "the standing check asks it already"
    assert [one.kind for one in standing_checks(office.node, office.officer(DE))] == ["standing"]
    _ask(office, Question(text="Piet Hein"))
    keep_standing_check(office.node, office.officer(DE), Question(text="Piet Hein"), "2026-12-31")
    assert [one.kind for one in standing_checks(office.node, office.officer(DE))] == ["standing", "standing"]


def test_who_has_left_asks_nothing(office: Office) -> None:
    _ask(office)
    office.give(draft("k", name="Jan Vermeulen"))
    _change(office, f"{DE}/case_officer", active=False)
    assert run_due(office.node).earlier == EarlierRun(not_asked=1)


def test_the_question_lies_sealed_and_erasure_reaches_it(office: Office) -> None:
    why = "Xylophonist seen at the harbour"
    first = _ask(office, Question(text="Quetzalcoatl Vermeulen"), justification=why)
    assert b"Quetzalcoatl" not in office.files()
    assert b"Xylophonist" not in office.files()
    actor = office.officer(DE, justification="erased on request")
    assert erase_question(office.node, actor, first.check, "unlawful").questions == 1
    assert _kept(office) == 0
    second = _ask(office, Question(text="Quetzalcoatl Vermeulen"), justification=why)
    office.give(draft("k", name="Quetzalcoatl Vermeulen"))
    assert run_due(office.node).earlier.met == 1
    (news,) = look_at_standing(office.node, office.officer(DE)).told
    assert erase_question(office.node, actor, second.check, "unlawful").questions == 2, "and the check that told"
    assert news.check != second.check
    with office.store.transaction() as tx:
        assert tx.rows("select count(*) from check_made where question is not null", []) == [(0,)]
    assert not [e for e in office.entries(DE) if e.justification == why and e.act in ("check", "standing_check")]


@pytest.fixture(autouse=True)
def _no_state_left() -> Iterator[None]:
    yield
    earlier_terms.cache_clear()
