"""Feedback: an owner sees what became of each contribution, as far as he is cleared and as the law lets him know."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.services.correcting import withdraw
from alidade.services.feedback import Fate, FateInDetail, feedback, feedback_on
from alidade.services.finding import Question
from alidade.services.picture.judging import judge
from alidade.services.records import export
from alidade.services.releasing import release
from alidade.services.standing import keep_standing_check
from alidade.services.verdicts import rule_on_hit


def _fate(office: Office, who: str = NL, role: str = "case_officer") -> Fate:
    (fate,) = feedback(office.node, office.officer(who, role))
    return fate


def _detail(office: Office, contribution: str | None) -> FateInDetail:
    return feedback_on(office.node, office.officer(NL), str(contribution))


def test_nothing_met_it_yet(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"), draft("b", name="Piet Hein"))
    fate = _fate(office)
    assert (fate.records, fate.matched, fate.checks, fate.released, fate.taken_out) == (2, 0, 0, 0, 0)
    assert (fate.title, fate.last_met, fate.state) == ("given", None, "active")


def test_who_met_it_and_how_they_ruled(office: Office) -> None:
    given = office.give(draft("a", name="Jan Vermeulen"), draft("b", name="Piet Hein"))
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    office.ask(FR, "Jan Vermeulen")
    office.ask(NL, "Jan Vermeulen")
    rule_on_hit(office.node, office.officer(DE), hit.reference, "unsure", "unsure_too_little", note="seen by X")
    rule_on_hit(office.node, office.officer(DE), hit.reference, "same", "same_context", note="seen by X")
    fate = _fate(office)
    assert (fate.matched, fate.checks, fate.askers) == (1, 2, (DE, FR))
    assert (fate.same, fate.not_the_same, fate.unsure, fate.not_ruled) == (1, 0, 0, 1)
    detail = _detail(office, given.contribution)
    assert [(m.asker, m.ruling, m.reason, m.purpose) for m in detail.met if m.ruling] == [
        (DE, "same", "same_context", "18.2.a")
    ]
    shown = repr(detail)
    assert not [word for word in ("seen by X", "seen on the spot", "case-1", "Vermeulen", "case_officer'") if
                word in shown.replace("nl-politie/case_officer", "")]  # fmt: skip


def test_silent_matches_are_found_when_the_owner_looks(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulen"), handling=office.handling(communities=(), hit="silent"))
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"
    keep_standing_check(office.node, office.officer(FR), Question(text="Jan Vermeulen"), "2026-12-31")
    fate = _fate(office)
    assert (fate.matched, fate.checks, fate.askers, fate.not_ruled) == (1, 2, (DE, FR), 2)


def test_used_released_and_withdrawn(office: Office) -> None:
    given = office.give(draft("a", name="Jan Vermeulen"))
    office.clock.move(hours=1)
    export(office.node, office.officer(DE))
    export(office.node, office.officer(NL))
    export(office.node, office.officer(VE))
    release(office.node, office.officer(NL), given.records["a"], AuthorityId(FR), "court", ("18.2.a",))
    withdraw(office.node, office.officer(NL), str(given.contribution), "wrong")
    fate = _fate(office)
    assert (fate.taken_out, fate.released, fate.state, fate.state_reason) == (1, 1, "withdrawn", "wrong")
    detail = _detail(office, given.contribution)
    assert [(use.authority, use.records) for use in detail.uses] == [(DE, 1)]
    assert [(r.grantee, r.action) for r in detail.releases] == [(FR, "court")]


def test_a_judgement_is_shown_where_its_own_handling_allows(office: Office) -> None:
    given = office.give(draft("a", name="Jan Vermeulen"))
    other = office.give(draft("b", name="Johannes Vermeulen"), by=DE).records["b"]
    record = given.records["a"]
    judge(office.node, office.officer(FR), record, other, "same", "a secret", office.handling(FR, communities=()))
    assert _detail(office, given.contribution).judgements == ()
    judge(office.node, office.officer(FR), record, other, "same", "phone", office.handling(FR))
    assert [j.reason for j in _detail(office, given.contribution).judgements] == ["phone"]


def test_only_one_s_own_and_only_within_one_s_clearance(office: Office) -> None:
    secret = (
        office.give(draft("s", name="Jan Vermeulen"), handling=office.handling(classification="CONFIDENTIAL"))
        if "CONFIDENTIAL" in office.vocabulary.classifications
        else None
    )
    given = office.give(draft("a", name="Jan Vermeulen"))
    theirs = office.give(draft("b", name="Piet Hein"), by=DE)
    assert [fate.contribution for fate in feedback(office.node, office.officer(NL))] == [given.contribution]
    errors = set()
    wanted = [theirs.contribution, "0" * 32, "", *([secret.contribution] if secret else [])]
    for reference in wanted:
        with pytest.raises(NotFound) as refused:
            _detail(office, reference)
        errors.add(str(refused.value))
    assert len(errors) == 1
