"""Check: every kind of question, every kind of viewer, the grounds, and what the owner is told."""

from __future__ import annotations

from typing import Any

import pytest
from personas import CASE, DE, FR, NL, VE, Office, changed, draft

from alidade.matching.thresholds import threshold_for
from alidade.model.draft import Draft
from alidade.model.errors import Invalid, NotAllowed
from alidade.services.check import check
from alidade.services.finding import Question
from alidade.services.notices import notices
from alidade.services.records import show_record

# kind: (what is contributed, how it is asked, something near it that is not it)
KINDS: dict[str, tuple[Draft, dict[str, Any], dict[str, Any]]] = {
    "name": (
        draft("k", name="Wilhelmina Oosterhuis"),
        {"text": "OOSTERHUIS, Wilhelmina"},
        {"text": "Diederik Zandstra"},
    ),
    "birth date": (
        draft("k", name="Jan Vermeulen", birthDate="1964-07-31"),
        {"text": "Jan Vermeulen", "birth_date": "1964-07-31"},
        {"text": "Jan Vermeulen", "birth_date": "1991-02-03"},
    ),
    "nationality": (
        draft("k", name="Jan Vermeulen", birthDate="1964", nationality="br"),
        {"text": "Jan Vermeulen", "birth_date": "1964", "nationality": "br"},
        {"text": "Jan Verhagen", "birth_date": "1991", "nationality": "co"},
    ),
    "document": (
        draft("k", name="Jan Vermeulen", passportNumber="NX1234567"),
        {"text": "nx 123 4567", "kind": "document"},
        {"text": "NX1234568", "kind": "document"},
    ),
    "phone": (
        draft("k", name="Jan Vermeulen", phone="+31612345678"),
        {"text": "06-12345678", "kind": "phone", "country": "NL"},
        {"text": "+31612345679", "kind": "phone"},
    ),
    "email": (
        draft("k", name="Jan Vermeulen", email="jan@vermeulen.example"),
        {"text": "JAN@vermeulen.example"},
        {"text": "jan@vermeulen.test", "kind": "email"},
    ),
    "plate": (
        draft("k", "Vehicle", registrationNumber="12-ABC-3"),
        {"text": "12 abc 3", "kind": "plate"},
        {"text": "12-ABC-4", "kind": "plate"},
    ),
    "vin": (
        draft("k", "Vehicle", vin="1M8GDM9AXKP042788"),
        {"text": "1m8gdm9axkp042788", "kind": "vin"},
        {"text": "1M8GDM9AXKP042789", "kind": "vin"},
    ),
    "imo": (
        draft("k", "Vessel", name="Ever Given", imoNumber="IMO9811000"),
        {"text": "9811000", "kind": "imo"},
        {"text": "9074729", "kind": "imo"},
    ),
    "mmsi": (
        draft("k", "Vessel", name="Ever Given", mmsi="353136000"),
        {"text": "353 136 000", "kind": "mmsi"},
        {"text": "353136001", "kind": "mmsi"},
    ),
    "container": (
        draft("k", "Container", containerNumber="CSQU3054383"),
        {"text": "csqu 305438-3", "kind": "container"},
        {"text": "MSKU6011672", "kind": "container"},
    ),
    "iban": (
        draft("k", "BankAccount", iban="NL91ABNA0417164300"),
        {"text": "NL91 ABNA 0417 1643 00"},
        {"text": "DE89370400440532013000"},
    ),
    "crypto": (
        draft("k", "CryptoWallet", publicKey="1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        {"text": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "kind": "crypto"},
        {"text": "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX", "kind": "crypto"},
    ),
    "web": (
        draft("k", "WebAddress", url="https://Shop.example/a?b=1"),
        {"text": "http://shop.example/a?b=1", "kind": "web"},
        {"text": "https://shop.example/c", "kind": "web"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_hit_hit_without_content_no_hit(office: Office, kind: str) -> None:
    given, asked, near = KINDS[kind]
    personal = given.thing == "Person"
    handling = office.handling(communities=("otf-lime",), content="personal" if personal else "non_personal")
    office.join(DE, "otf-lime")
    record = office.give(given, handling=handling).records["k"]

    assert set(office.answers(**near).values()) == {"no_hit"}
    answers = {who: office.ask(who, **asked) for who in (NL, DE, FR, VE)}
    expected = {NL: "hit", DE: "hit", FR: "hit_without_content", VE: "no_hit"}
    assert {who: answer.kind for who, answer in answers.items()} == expected

    (hit,) = answers[DE].hits
    assert (hit.record, hit.owner, hit.thing, hit.verdict) == (record, NL, given.thing, None)
    assert {(s.property, s.value) for s in hit.statements} == {(c.property, c.value) for c in given.claims}
    assert all(s.handling.owner == NL for s in hit.statements)
    assert hit.parts
    assert threshold_for("usual").threshold <= hit.score <= 1
    assert answers[DE].without_content == ()

    (closed,) = answers[FR].without_content
    assert (closed.owner, closed.contact) == (NL, f"desk@{NL}.example")
    shown = repr(answers[FR].without_content)
    assert record not in shown
    assert given.thing not in shown
    assert not any(claim.value in shown for claim in given.claims)
    assert (answers[VE].hits, answers[VE].without_content) == ((), ())


def test_a_birth_date_and_a_nationality_raise_or_lower_the_score(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen", birthDate="1964-07-31", nationality="nl"))
    plain = office.ask(DE, "Jan Vermeulen").hits[0]
    better = office.ask(DE, "Jan Vermeulen", birth_date="1964-07-31", nationality="nl").hits[0]
    assert {part.evidence: part.rule for part in better.parts} | {"limit": "limit"} == {
        "name": "equal",
        "birthDate": "equal",
        "country": "equal",
        "limit": "limit",
    }
    assert sum(part.contribution for part in better.parts) == pytest.approx(better.score)
    assert better.score >= plain.score
    assert office.ask(DE, "Jan Vermeulen", birth_date="1991-02-03").kind == "no_hit"


def test_grounds_are_required_and_their_wording_is_kept(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    for name in ("case", "legal_ground", "justification"):
        with pytest.raises(Invalid, match=name.replace("_", " ")) as refused:
            office.ask(office.officer(DE, "case_officer", **{name: None}), "Jan Vermeulen")
        assert refused.value.code == "grounds_missing"
    with pytest.raises(Invalid, match="justification"):
        office.ask(office.officer(DE, justification="  "), "Jan Vermeulen")

    for language in ("en", "fr", "es", "pt"):
        answer = check(office.node, office.officer(DE), Question(text="Jan Vermeulen"), language=language)
        entry = office.entries(DE)[0]
        details = dict(entry.details)
        assert (entry.act, entry.purpose, entry.case) == ("check", "18.2.a", CASE)
        assert (entry.justification, entry.results) == ("seen on the spot", 1)
        assert entry.objects == (answer.hits[0].record,)
        assert details["check"] == answer.check
        assert details["purpose_shown"] == office.vocabulary.label("purposes", "18.2.a", language)
        shown = office.vocabulary.label("legal_grounds", "criminal_investigation", language)
        assert details["legal_ground_shown"] == shown
        assert "Vermeulen" not in repr(entry)


def test_a_purpose_for_which_it_was_not_given_gets_less(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(purposes=("18.2.c",)))
    office.give(draft("k", name="Piet Hein"), handling=office.handling(purposes=("18.2.d",)))
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"
    assert office.ask(DE, "Piet Hein").kind == "no_hit"
    assert office.ask(office.officer(DE, purpose="18.2.c"), "Jan Vermeulen").kind == "hit"


def test_the_owner_is_told_who_asked_but_not_of_his_own_questions(office: Office) -> None:
    record = office.give(draft("k", name="Jan Vermeulen")).records["k"]
    asked = {who: office.ask(who, "Jan Vermeulen").check for who in (NL, DE, FR, VE)}
    told = notices(office.node, office.officer(NL))
    assert {(n.asker, n.check, n.record, n.silent, n.source_key) for n in told} == {
        (who, asked[who], record, False, "k") for who in (DE, FR)
    }
    assert {n.asker_contact for n in told} == {f"desk@{who}.example" for who in (DE, FR)}
    assert notices(office.node, office.officer(NL), unseen_only=True) == []
    assert len(notices(office.node, office.officer(NL))) == 2
    for who in (DE, FR, VE):
        assert notices(office.node, office.officer(who)) == []


def test_in_silence_the_asker_hears_nothing_and_the_owner_later(office: Office) -> None:
    silent = office.handling(communities=(), hit="silent")
    record = office.give(draft("k", name="Jan Vermeulen"), handling=silent).records["k"]
    assert office.answers("Jan Vermeulen") == {NL: "hit", DE: "no_hit", FR: "no_hit", VE: "no_hit"}
    told = notices(office.node, office.officer(NL))
    assert {(n.asker, n.record, n.silent) for n in told} == {(DE, record, True), (FR, record, True)}
    assert len(notices(office.node, office.officer(NL))) == 2  # told once
    assert notices(office.node, office.officer(NL), unseen_only=True) == []
    office.ask(DE, "Jan Vermeulen")
    assert [n.asker for n in notices(office.node, office.officer(NL), unseen_only=True)] == [DE]


def test_the_work_of_an_absent_and_of_a_silent_answer_leaves_equal_traces(office: Office) -> None:
    silent = office.handling(communities=(), hit="silent")
    office.give(draft("k", name="Jan Vermeulen"), handling=silent)
    there = office.ask(DE, "Jan Vermeulen")
    absent = office.ask(DE, "Diederik Zandstra")
    assert (there.hits, there.without_content) == (absent.hits, absent.without_content) == ((), ())
    newest = office.entries(DE)[:2]
    assert {(entry.objects, entry.results) for entry in newest} == {((), 0)}


def test_the_excluded_learn_nothing_and_nobody_is_told(office: Office) -> None:
    for hit in ("visible", "silent"):
        handling = office.handling(excluded=(DE,), hit=hit, communities=("all",) if hit == "visible" else ())
        office.give(draft(hit, name="Jan Vermeulen"), handling=handling)
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"
    assert notices(office.node, office.officer(NL)) == []
    assert office.ask(FR, "Jan Vermeulen").kind == "hit"
    assert {n.silent for n in notices(office.node, office.officer(NL))} == {True, False}


def test_no_automated_match_is_read_but_not_found(office: Office) -> None:
    plain = office.handling()
    with_match = office.give(draft("k", name="Piet Hein"), handling=plain).records["k"]
    without = office.give(
        draft("k", name="Jan Vermeulen"), handling=changed(plain, conditions=("no_automated_match",), communities=())
    ).records["k"]
    assert office.answers("Piet Hein", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "no_hit"}
    assert show_record(office.node, office.officer(NL), without).statements
    assert show_record(office.node, office.officer(DE), with_match).statements


def test_a_front_line_officer_may_check_and_an_administrator_not(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    assert office.ask(office.officer(DE, "front_line_officer"), "Jan Vermeulen").kind == "hit"
    for role in ("administrator", "data_protection_officer"):
        with pytest.raises(NotAllowed):
            office.ask(office.officer(DE, role), "Jan Vermeulen")


def test_clearance_below_the_classification_learns_nothing(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen"), handling=office.handling(classification="SECRET"))
    assert set(office.answers("Jan Vermeulen").values()) == {"no_hit"}
    office.give(draft("k", name="Piet Hein"), handling=office.handling(classification="PUBLIC"))
    assert office.answers("Piet Hein", of=(NL, DE)) == {NL: "hit", DE: "hit"}
