"""Verdicts and judgements: people rule, with a listed reason, on what is theirs to rule on; and can take it back."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import AlidadeError, Invalid, NotAllowed, NotFound
from alidade.services.notices import notices
from alidade.services.picture.judging import judge, take_back_judgement
from alidade.services.records import show_record
from alidade.services.verdicts import hits_to_rule_on, rule_on_hit


def _same_error(first: AlidadeError, second: AlidadeError) -> bool:
    return (type(first), first.code, str(first)) == (type(second), second.code, str(second))


def test_a_hit_waits_for_a_verdict_and_keeps_it(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    assert [made.reference for made in hits_to_rule_on(office.node, office.officer(DE))] == [hit.reference]
    assert hits_to_rule_on(office.node, office.officer(NL)) == []
    rule_on_hit(office.node, office.officer(DE), hit.reference, "unsure", "unsure_too_little")
    rule_on_hit(office.node, office.officer(DE), hit.reference, "same", "same_identifier", note="passport seen")
    assert hits_to_rule_on(office.node, office.officer(DE)) == []
    assert office.ask(DE, "Jan Vermeulen").hits[0].verdict == "same"
    assert office.ask(FR, "Jan Vermeulen").hits[0].verdict is None
    told = {(n.asker, n.verdict) for n in notices(office.node, office.officer(NL))}
    assert told == {(DE, "same"), (DE, None), (FR, None)}
    with office.store.transaction() as tx:
        kept = tx.rows("select ruling, reason, note from verdict order by id", [])
    assert kept == [("unsure", "unsure_too_little", ""), ("same", "same_identifier", "passport seen")]


def test_a_hit_without_content_can_be_ruled_on_without_naming_the_record(office: Office) -> None:
    record = office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(communities=())).records["k"]
    closed = office.ask(DE, "Jan Vermeulen").without_content[0]
    (made,) = hits_to_rule_on(office.node, office.officer(DE))
    assert (made.content, made.record) == (False, "")
    ruled = rule_on_hit(office.node, office.officer(DE), closed.reference, "unsure", "unsure_owner_asked")
    assert record not in repr(ruled)


@pytest.mark.parametrize(
    ("ruling", "reason"),
    [("same", "different_birth"), ("not_the_same", "same_context"), ("unsure", "gossip"), ("maybe", "same_context")],
)
def test_a_reason_that_does_not_belong_to_the_ruling_is_refused(office: Office, ruling: str, reason: str) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    with pytest.raises(Invalid) as refused:
        rule_on_hit(office.node, office.officer(DE), hit.reference, ruling, reason)  # type: ignore[arg-type]
    assert refused.value.code == "reason_unknown"
    assert office.ask(DE, "Jan Vermeulen").hits[0].verdict is None


def test_the_hit_of_another_authority_and_one_that_is_absent_answer_alike(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    errors = []
    for who, reference in ((FR, hit.reference), (NL, hit.reference), (FR, "0" * 32), (DE, "")):
        with pytest.raises(NotFound) as refused:
            rule_on_hit(office.node, office.officer(who), reference, "same", "same_context")
        errors.append(refused.value)
    assert all(_same_error(errors[0], other) for other in errors)
    rule_on_hit(office.node, office.officer(DE), hit.reference, "same", "same_context")


@pytest.fixture
def pair(office: Office) -> tuple[str, str]:
    first = office.give(draft("k", name="Jan Vermeulen", phone="+31612345678")).records["k"]
    second = office.give(draft("k", name="Johannes Vermeulen"), by=DE).records["k"]
    return first, second


def test_a_judgement_joins_and_taking_it_back_parts(office: Office, pair: tuple[str, str]) -> None:
    first, second = pair
    judgement = judge(office.node, office.officer(FR), first, second, "same", "same phone", office.handling(FR))
    for who in (NL, DE, FR):
        for record in pair:
            entity = show_record(office.node, office.officer(who), record)
            assert set(entity.records) == set(pair)
            assert [ruling.judgement for ruling in entity.judgements] == [judgement]
            assert {s.value for s in entity.statements} >= {"Jan Vermeulen", "Johannes Vermeulen"}
    for who in (NL, DE):
        with pytest.raises(NotFound):
            take_back_judgement(office.node, office.officer(who), judgement)
    take_back_judgement(office.node, office.officer(FR), judgement)
    assert show_record(office.node, office.officer(FR), first).records == (first,)
    with pytest.raises(NotFound):
        take_back_judgement(office.node, office.officer(FR), judgement)


def test_only_who_sees_the_ruling_and_both_records_sees_them_joined(office: Office) -> None:
    first = office.give(draft("k", name="Jan Vermeulen")).records["k"]
    closed = office.handling(DE, communities=(), released_to=(FR,))
    second = office.give(draft("k", name="Johannes Vermeulen"), by=DE, handling=closed).records["k"]
    third = office.give(draft("k", name="J. Vermeulen"), by=FR).records["k"]
    judge(office.node, office.officer(FR), first, second, "same", "same phone", office.handling(FR))
    judge(office.node, office.officer(FR), first, third, "same", "same car", office.handling(FR, communities=()))
    seen = {who: set(show_record(office.node, office.officer(who), first).records) for who in (NL, DE, FR)}
    assert seen == {NL: {first}, DE: {first, second}, FR: {first, second, third}}
    assert set(show_record(office.node, office.officer(FR), third).records) == {first, second, third}
    assert show_record(office.node, office.officer(NL), first).judgements == ()


@pytest.mark.parametrize("ruling", ["not_the_same", "unsure"])
def test_other_rulings_join_nothing(office: Office, pair: tuple[str, str], ruling: str) -> None:
    first, second = pair
    judge(office.node, office.officer(FR), first, second, ruling, "looked", office.handling(FR))  # type: ignore[arg-type]
    assert show_record(office.node, office.officer(FR), first).records == (first,)


def test_who_may_not_join_cannot_judge_and_learns_nothing(office: Office, pair: tuple[str, str]) -> None:
    first, second = pair
    hidden = office.give(draft("h", name="Piet Hein"), handling=office.handling(communities=())).records["h"]
    errors = []
    for who, left, right in ((FR, first, hidden), (FR, first, "0" * 32), (FR, "nonsense", first), (VE, first, second)):
        with pytest.raises(NotFound) as refused:
            judge(office.node, office.officer(who), left, right, "same", "why", office.handling(who))
        errors.append(refused.value)
    assert all(_same_error(errors[0], other) for other in errors)
    for left, right, reason in ((first, first, "why"), (first, second, "  ")):
        with pytest.raises(Invalid):
            judge(office.node, office.officer(FR), left, right, "same", reason, office.handling(FR))
    with pytest.raises(NotAllowed):
        judge(office.node, office.officer(FR), first, second, "same", "why", office.handling(NL))
    judge(office.node, office.officer(FR), first, second, "same", "why", office.handling(FR))
