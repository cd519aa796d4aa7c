"""Standing checks: kept until a day, asked again with the rights of that moment, told once for each record met."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from personas import DE, FR, NL, Office, OfficeFactory, draft

from alidade.matching.thresholds import threshold_for
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services import finding
from alidade.services.correcting import erase_question
from alidade.services.finding import Question
from alidade.services.notices import notices
from alidade.services.releasing import release
from alidade.services.standing import (
    Look,
    end_standing_check,
    keep_check_standing,
    keep_standing_check,
    look_at_standing,
    run_due,
    standing_checks,
)
from alidade.services.verdicts import hits_to_rule_on, rule_on_hit
from alidade.store import directory
from alidade.store.name_index.names import Names

UNTIL = "2026-12-31"
JAN = Question(text="Jan Vermeulen")


def _begin(office: Office, who: str = DE, question: Question = JAN, until: str = UNTIL) -> str:
    return keep_standing_check(office.node, office.officer(who), question, until).standing.reference


def _look(office: Office, who: str = DE, role: str = "case_officer") -> Look:
    return look_at_standing(office.node, office.officer(who, role))


def _change(office: Office, officer: str, **changes: Any) -> None:
    with office.store.transaction() as tx:
        directory.set_officer(tx, replace(directory.officer(tx, OfficerId(officer)), **changes))


def test_what_is_met_at_once_is_the_answer_and_no_news(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    begun = keep_standing_check(office.node, office.officer(DE), JAN, UNTIL)
    assert begun.answer.kind == "hit"
    assert begun.standing.reference == begun.answer.check
    assert _look(office).told == ()


def test_each_record_is_told_once_as_a_hit_like_any_other(office: Office) -> None:
    reference = _begin(office)
    assert _look(office).told == ()
    office.clock.move(days=1)
    record = office.give(draft("k", name="Jan Vermeulen", phone="+31612345678")).records["k"]
    (news,) = _look(office).told
    assert (news.standing, news.record, news.content, news.owner) == (reference, record, True, NL)
    assert {s.value for s in news.statements} >= {"Jan Vermeulen"}
    assert _look(office).told == ()
    assert [hit.reference for hit in hits_to_rule_on(office.node, office.officer(DE))] == [news.hit]
    rule_on_hit(office.node, office.officer(DE), news.hit, "same", "same_context")
    (told,) = notices(office.node, office.officer(NL))
    assert (told.check, told.verdict, told.silent) == (news.check, "same", False)


def test_the_node_and_the_officer_come_to_the_same(offices: OfficeFactory) -> None:
    found = []
    for by_node in (True, False):
        with offices() as office:
            _begin(office)
            office.give(draft("a", name="Jan Vermeulen"), draft("b", name="Piet Hein"))
            office.give(draft("c", name="Jan Vermeulen"), by=FR, handling=office.handling(FR, communities=()))
            office.give(draft("d", name="Jan Vermeulen"), handling=office.handling(communities=(), hit="silent"))
            office.clock.move(days=1)
            if by_node:
                assert run_due(office.node).met == 2
                assert run_due(office.node).asked == 0, "asked a moment ago"
            told = _look(office).told
            found.append(sorted((n.owner, n.content, tuple(s.value for s in n.statements)) for n in told))
    assert found[0] == found[1]
    assert found[0] == [(FR, False, ()), (NL, True, ("Jan Vermeulen",))]


def test_a_hit_without_content_is_news_again_once_it_has_content(office: Office) -> None:
    _begin(office)
    record = office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(communities=())).records["k"]
    (closed,) = _look(office).told
    assert (closed.content, closed.record, closed.statements) == (False, "", ())
    release(office.node, office.officer(NL), record, AuthorityId(DE), "read", ("18.2.a",))
    (opened,) = _look(office).told
    assert (opened.content, opened.record) == (True, record)
    assert _look(office).told == ()


def test_it_is_asked_with_the_rights_of_this_moment(office: Office) -> None:
    _change(office, f"{DE}/case_officer", cases=())
    _begin(office)
    office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(case="case-1"))
    assert _look(office).told[0].content is False
    _change(office, f"{DE}/case_officer", cases=("case-1",))
    assert _look(office).told[0].content is True


def test_who_has_left_asks_nothing(office: Office) -> None:
    _begin(office)
    notices(office.node, office.officer(NL))
    office.give(draft("k", name="Jan Vermeulen"))
    office.give(draft("s", name="Jan Vermeulen"), handling=office.handling(communities=(), hit="silent"))
    _change(office, f"{DE}/case_officer", active=False)
    before = office.ledger_size()
    office.clock.move(days=1)
    run = run_due(office.node)
    assert (run.asked, run.not_asked, run.met) == (0, 1, 0)
    assert office.ledger_size() == before
    assert notices(office.node, office.officer(NL)) == []


def test_ended_and_expired_ones_are_not_asked(office: Office) -> None:
    ended, expired = _begin(office), _begin(office, until="2026-06-20")
    end_standing_check(office.node, office.officer(DE), ended)
    with pytest.raises(Conflict):
        end_standing_check(office.node, office.officer(DE), ended)
    office.clock.move(days=5)
    office.give(draft("k", name="Jan Vermeulen"))
    assert _look(office) == Look(asked=0, told=())
    assert run_due(office.node, every=timedelta(0)).asked == 0
    states = {one.reference: one.state for one in standing_checks(office.node, office.officer(DE))}
    assert states == {ended: "ended", expired: "expired"}


def test_the_last_day_counts_and_the_term_binds(office: Office) -> None:
    _begin(office, until="2026-06-16")
    office.give(draft("k", name="Jan Vermeulen"))
    assert len(_look(office).told) == 1
    for until, code in (("2026-06-15", "invalid"), ("2027-06-17", "too_long"), ("soon", "invalid")):
        with pytest.raises(Invalid) as refused:
            _begin(office, until=until)
        assert refused.value.code == code
    _begin(office, until="2027-06-16")
    with pytest.raises(Invalid):
        keep_standing_check(office.node, office.officer(DE, justification=" "), JAN, UNTIL)


def test_the_owner_of_what_is_silent_is_told_once_and_the_asker_never(office: Office) -> None:
    _begin(office)
    notices(office.node, office.officer(NL))
    office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(communities=(), hit="silent"))
    office.clock.move(days=1)
    assert _look(office).told == ()
    run_due(office.node, every=timedelta(0))
    for _ in range(2):
        (told,) = notices(office.node, office.officer(NL))
        assert (told.silent, told.asker) == (True, DE)
    assert notices(office.node, office.officer(NL), unseen_only=True) == []


def test_another_officer_and_another_authority_have_no_part_in_it(office: Office) -> None:
    reference = _begin(office)
    office.give(draft("k", name="Jan Vermeulen"))
    for who, role in ((DE, "analyst"), (FR, "case_officer")):
        assert standing_checks(office.node, office.officer(who, role)) == []
        assert _look(office, who, role).told == ()
        errors = set()
        for wanted in (reference, "0" * 32, ""):
            with pytest.raises(NotFound) as refused:
                end_standing_check(office.node, office.officer(who, role), wanted)
            errors.add(str(refused.value))
        assert len(errors) == 1
    assert len(_look(office).told) == 1


def test_a_check_just_made_can_be_kept(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    answer = office.ask(DE, "Jan Vermeulen")
    kept = keep_check_standing(office.node, office.officer(DE), answer.check, UNTIL)
    assert (kept.reference, kept.question) == (answer.check, answer.question)
    with pytest.raises(Conflict):
        keep_check_standing(office.node, office.officer(DE), answer.check, UNTIL)
    for who, role in ((DE, "analyst"), (FR, "case_officer")):
        with pytest.raises(NotFound):
            keep_check_standing(office.node, office.officer(who, role), answer.check, UNTIL)
    office.give(draft("l", name="Jan Vermeulen"), by=FR)
    (news,) = _look(office).told
    assert news.owner == FR


def test_question_and_justification_lie_sealed_and_erasure_reaches_them(office: Office) -> None:
    why = "Xylophonist seen at the harbour"
    actor = office.officer(DE, justification=why)
    reference = keep_standing_check(office.node, actor, Question(text="Jan Vermeulen"), UNTIL).standing.reference
    look_at_standing(office.node, actor)
    office.give(draft("k", name="Jan Vermeulen"))
    (news,) = look_at_standing(office.node, actor).told
    assert b"Xylophonist" not in office.files()
    # Erasing the check that it made takes the question from wherever it stands.
    erased = erase_question(office.node, office.officer(DE, justification="erased on request"), news.check, "unlawful")
    assert erased.questions == 2
    (kept,) = standing_checks(office.node, office.officer(DE, justification="a later look"))
    assert (kept.reference, kept.question, kept.justification, kept.state) == (reference, None, "", "erased")
    with office.store.transaction() as tx:
        assert tx.rows("select count(*) from check_made where question is not null", []) == [(0,)]
        assert tx.rows("select count(*) from standing_check where question is not null", []) == [(0,)]
    assert [entry for entry in office.entries(DE) if entry.justification == why and entry.act == "check"] == []
    assert not [
        entry
        for entry in office.entries(DE)
        if entry.justification == why and ("standing", reference) in entry.details and entry.act == "standing_check"
    ]
    office.give(draft("l", name="Jan Vermeulen"), by=FR)
    assert look_at_standing(office.node, office.officer(DE)).told == ()


def test_every_asking_leaves_an_entry(office: Office) -> None:
    reference = _begin(office)
    for by in ("node", "officer"):
        office.clock.move(days=1)
        before = len(office.entries(DE))
        if by == "node":
            run_due(office.node)
        else:
            _look(office)
        entries = office.entries(DE)
        new = entries[: len(entries) - before]
        assert [e for e in new if ("standing", reference) in e.details and ("asked_by", by) in e.details]


def test_another_version_of_the_index_has_every_question_asked_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(office)
    office.give(draft("k", name="Jan Vermeulen"))
    assert run_due(office.node).asked == 0, "asked a moment ago, by this version"
    monkeypatch.setattr(Names, "version", "another")
    run = run_due(office.node)
    assert (run.asked, run.met) == (1, 1)
    assert run_due(office.node).asked == 0
    assert [news.statements[0].value for news in _look(office).told] == ["Jan Vermeulen"]


def test_a_standing_check_keeps_what_it_is_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    every = threshold_for("must_be_sure")
    monkeypatch.setattr(
        finding,
        "threshold_for",
        lambda use: msgspec.structs.replace(every, threshold=0.9999 if use == "must_be_sure" else 0.01),
    )
    sure = Question(text="Jan Vermeulen", use="must_be_sure")
    _begin(office, question=sure)
    _begin(office)
    office.give(draft("k", name="Jan Vermeulem"))
    assert [news.question for news in _look(office).told] == [JAN]
    assert sure in [one.question for one in standing_checks(office.node, office.officer(DE))]
