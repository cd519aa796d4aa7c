"""Explaining: who may, why not, and what would lift it, in four languages; of nothing that the asker may not know."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.policy.actions import ACTIONS
from alidade.services.correcting import categorise
from alidade.services.explaining import who_may, why_not

LANGUAGES = ("en", "fr", "es", "pt")


@pytest.fixture
def record(office: Office) -> str:
    handling = office.handling(released_to=(DE,), communities=(), codes=("H1", "H2"))
    return office.give(draft("k", name="Jan Vermeulen"), handling=handling).records["k"]


def test_who_may_says_the_same_as_what_happens(office: Office, record: str) -> None:
    told = {e.authority: e for e in who_may(office.node, office.officer(NL), record, "read", purpose="18.2.a")}
    assert {who: e.allowed for who, e in told.items()} == {NL: True, DE: True, FR: False, VE: False}
    answers = office.answers("Jan Vermeulen")
    assert {who: e.allowed for who, e in told.items()} == {who: kind == "hit" for who, kind in answers.items()}
    assert all(e.reasons for e in told.values())
    assert told[FR].name == f"Authority {FR}"


@pytest.mark.parametrize("action", ACTIONS)
def test_reasons_stand_in_four_languages_and_tell_no_value(office: Office, record: str, action: str) -> None:
    said = []
    for language in LANGUAGES:
        told = who_may(office.node, office.officer(NL), record, action, purpose="18.2.c", language=language)  # type: ignore[arg-type]
        reasons = [reason for explained in told for reason in explained.reasons]
        assert reasons
        assert all(len(reason) > 15 and "{" not in reason and "Vermeulen" not in reason for reason in reasons)
        said.append(tuple(reasons))
    assert len(set(said)) == len(LANGUAGES)


def test_why_not_of_what_one_reads(office: Office, record: str) -> None:
    assert why_not(office.node, office.officer(DE), record, "read").allowed
    for action, recipient in (("court", None), ("forward", FR), ("third_country", VE), ("correct", None)):
        said = {
            language: why_not(
                office.node,
                office.officer(DE),
                record,
                action,  # type: ignore[arg-type]
                recipient=recipient,
                language=language,
            )
            for language in LANGUAGES
        }
        assert {e.allowed for e in said.values()} == {False}, action
        assert len({e.reasons for e in said.values()}) == len(LANGUAGES)
        assert said["en"].authority == DE
        assert f"Authority {NL}" in said["en"].reasons[0]
    assert office.entries(DE)[0].objects == (record,)


def test_of_what_one_may_not_see_nothing_is_explained(office: Office, record: str) -> None:
    errors = []
    for who, one in ((FR, record), (VE, record), (FR, "0" * 32), (FR, "nonsense")):
        with pytest.raises(NotFound) as refused:
            why_not(office.node, office.officer(who), one, "read")
        errors.append(str(refused.value))
    for who, one in ((DE, record), (DE, "0" * 32)):
        with pytest.raises(NotFound) as refused:
            who_may(office.node, office.officer(who), one, "read", purpose="18.2.a")
        errors.append(str(refused.value))
    assert len(set(errors[:4])) == len(set(errors[4:])) == 1


def test_questions_without_meaning_are_refused(office: Office, record: str) -> None:
    with pytest.raises(Invalid):
        why_not(office.node, office.officer(DE), record, "gossip")  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        who_may(office.node, office.officer(NL), record, "gossip", purpose="18.2.a")  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="xx-none"):
        why_not(office.node, office.officer(DE), record, "forward", recipient=AuthorityId("xx-none"))


def test_a_version_that_is_no_longer_in_force_does_not_count(office: Office) -> None:
    closed, wide = office.handling(communities=()), office.handling()
    office.give(draft("k", name="Jan Vermeulen"), handling=closed, source_list="watch")
    given = office.give(draft("k", name="Jan Vermeulen"), handling=wide, source_list="watch")
    told = who_may(office.node, office.officer(NL), given.records["k"], "read", purpose="18.2.a")
    assert {e.authority: e.allowed for e in told} == {NL: True, DE: True, FR: True, VE: False}


def test_of_a_record_in_quarantine_the_missing_category_is_named_until_it_is_stated(office: Office) -> None:
    given = office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(subject_category=None))
    told = who_may(office.node, office.officer(NL), given.records["k"], "read", purpose="18.2.a")
    assert not next(e for e in told if e.authority == DE).allowed
    categorise(office.node, office.officer(NL), given.records["k"], "suspect_or_convicted")
    told = who_may(office.node, office.officer(NL), given.records["k"], "read", purpose="18.2.a")
    assert next(e for e in told if e.authority == DE).allowed
