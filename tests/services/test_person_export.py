"""Person export: everything one's own authority has of a person, and nothing of anybody else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
import pytest
from personas import DE, FR, NL, VE, Office, changed, draft

from alidade.model.draft import Claim
from alidade.model.errors import AlidadeError, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services.access_letter import write_letter
from alidade.services.correcting import erase_record, withdraw
from alidade.services.person_export import Choice, authorities_to_consult, export_person
from alidade.services.person_search import Asked, search_person
from alidade.services.records import export, show_record
from alidade.services.releasing import release

JAN = Asked(names=("Jan Vermeulen",), birth_date="1964-07-31")
THIRD = ("Hein", "Oosterhuis", "Catharina")


def _dpo(office: Office, authority: str = NL) -> Actor:
    return office.officer(authority, "data_protection_officer", legal_ground="data_subject_request")


def _family(office: Office) -> dict[str, str]:
    """Jan with a brother Piet, words about both, and another authority's record of the same man."""
    given = office.give(
        draft(
            "jan",
            name="Jan Vermeulen",
            alias="De Kapitein",
            birthDate="1964-07-31",
            idNumber="NL-778812",
            motherName="Catharina de Wit",
            notes="seen with Piet Hein in the harbour",
            firstName="Jan",
        ),
        draft("piet", name="Piet Hein"),
        draft(
            "tie",
            "Family",
            person=Claim(property="person", value="jan", refers=True),
            relative=Claim(property="relative", value="piet", refers=True),
            namesMentioned="Wilhelmina Oosterhuis",
            relationship="brother of Piet Hein",
        ),
    )
    office.give(draft("x", name="Jan Vermeulen", notes="BKA-SECRET"), by=DE, handling=office.handling(DE))
    return dict(given.records)


def test_a_person_is_found_in_ones_own_records_whatever_their_state(office: Office) -> None:
    ids = _family(office)
    waiting = office.give(draft("w", name="Jan Vermeulen"), handling=office.handling(subject_category=None))
    gone = office.give(draft("g", alias="Vermeulen, Jan", birthDate="1964-07-31"))
    assert gone.contribution is not None
    withdraw(office.node, office.officer(NL), gone.contribution, "wrong")
    found = search_person(office.node, _dpo(office), JAN)
    assert {one.record for one in found} == {ids["jan"], waiting.records["w"], gone.records["g"]}
    assert {one.record: one.state for one in found}[gone.records["g"]] == "withdrawn"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert office.newest_entry() == ("person_export", "allowed")
    (other,) = search_person(office.node, _dpo(office, DE), JAN)
    assert other.record not in ids.values()
    assert search_person(office.node, _dpo(office, FR), JAN) == ()


def test_a_person_is_found_by_a_number_and_by_an_alias(office: Office) -> None:
    ids = _family(office)
    for asked in (Asked(identifiers=("NL 778812",)), Asked(names=("Kapitein, De",))):
        assert [one.record for one in search_person(office.node, _dpo(office), asked)] == [ids["jan"]]
    with pytest.raises(Invalid):
        search_person(office.node, _dpo(office), Asked(birth_date="1964-07-31"))


def test_a_record_above_the_clearance_is_absent(office: Office) -> None:
    given = office.give(draft("1", name="Jan Vermeulen"), handling=office.handling(classification="TOP-SECRET"))
    assert search_person(office.node, _dpo(office), JAN) == ()
    with pytest.raises(NotFound):
        export_person(office.node, _dpo(office), Choice(records=(given.records["1"],)))


def test_the_file_holds_everything_of_the_person_and_no_other_name(office: Office) -> None:
    ids = _family(office)
    made = export_person(office.node, _dpo(office), Choice(records=(ids["jan"],)), JAN)
    text = made.content.decode()
    for word in (*THIRD, "BKA-SECRET", "de Wit"):
        assert word not in text
    for word in ("Jan Vermeulen", "De Kapitein", "1964-07-31", "NL-778812", ids["piet"], "suspect_or_convicted"):
        assert word in text
    about, link = made.file.records
    assert (about.role, link.role, link.thing) == ("about", "link", "Family")
    why = {(one.property, one.withheld) for record in made.file.records for one in record.statements if one.withheld}
    assert why == {
        ("motherName", "text_not_read"),
        ("notes", "text_not_read"),
        ("relationship", "text_not_read"),
        ("namesMentioned", "another_person"),
    }
    assert {one[2] for one in made.to_read} == {"motherName", "notes", "relationship"}
    assert hashlib.sha256(made.content).hexdigest() == made.sha256
    assert msgspec.json.decode(made.content)["format"] == "alidade-person-export/1"
    entry = office.entries(NL)[0]
    assert (entry.act, entry.objects) == ("person_export", (ids["jan"],))
    assert dict(entry.details)["sha256"] == made.sha256


def test_what_a_person_read_goes_in_and_what_a_limit_keeps_back_does_not(office: Office) -> None:
    ids = _family(office)
    first = export_person(office.node, _dpo(office), Choice(records=(ids["jan"],)))
    notes = next(one[1] for one in first.to_read if one[2] == "notes")
    alias = next(one.statement for one in first.file.records[0].statements if one.property == "alias")
    choice = Choice(records=(ids["jan"],), texts=frozenset({notes}), kept_back=frozenset({alias}))
    text = export_person(office.node, _dpo(office), choice).content.decode()
    assert "in the harbour" in text
    assert "Kapitein" not in text


def test_a_name_in_the_place_of_a_reference_is_kept_back(office: Office) -> None:
    given = office.give(draft("jan", name="Jan Vermeulen", parent="Catharina Oosterhuis"))
    made = export_person(office.node, _dpo(office), Choice(records=(given.records["jan"],)))
    assert b"Oosterhuis" not in made.content


def test_recipients_are_those_who_were_shown_something(office: Office) -> None:
    ids = _family(office)
    secret = office.give(draft("s", name="Jan Vermeulen"), handling=office.handling(communities=()))
    office.ask(DE, "Jan Vermeulen")
    office.ask(DE, "Jan Vermeulen")
    office.ask(NL, "Jan Vermeulen")
    show_record(office.node, office.officer(FR), ids["jan"])
    export(office.node, office.officer(FR))
    with pytest.raises(NotFound):
        show_record(office.node, office.officer(VE), ids["jan"])
    release(office.node, office.officer(NL), secret.records["s"], FR, "read", ("18.2.a",))
    choice = Choice(records=(ids["jan"], secret.records["s"]))
    made = export_person(office.node, _dpo(office), choice)
    assert {(one.authority, one.how, one.times) for one in made.recipients} == {
        (DE, "check", 2), (DE, "hit_without_content", 2), (FR, "read", 1), (FR, "export", 1), (FR, "release", 1),
    }  # fmt: skip
    assert {(one.authority, one.function) for one in made.file.recipients} == {("", "police"), ("", "customs")}
    assert DE.encode() not in made.content
    named = export_person(office.node, _dpo(office), Choice(records=choice.records, recipients_named=True))
    assert DE.encode() in named.content


def test_consultations_have_day_purpose_and_authority_and_no_officer(office: Office) -> None:
    ids = _family(office)
    met = office.ask(NL, "Jan Vermeulen")
    asked = office.ask(office.officer(NL, "analyst"), "VERMEULEN Jan", birth_date="1964-07-31", kind="name")
    office.ask(NL, "Wilhelmina Smit")
    office.ask(NL, "Jan Vermeulen", birth_date="1999-01-01")
    office.ask(DE, "Jan Vermeulen")
    show_record(office.node, office.officer(NL), ids["jan"])
    jan = Choice(records=(ids["jan"],))
    made = export_person(office.node, _dpo(office), jan, JAN)
    sure = {one.check for one in made.file.consultations if one.kind == "check"}
    assert met.check in sure
    assert {one.authority for one in made.file.consultations} == {NL}
    assert {one.officer for one in (*made.file.consultations, *made.unsure)} == {""}
    assert f"{NL}/".encode() not in made.content
    assert [one.kind for one in made.file.consultations].count("read") == 1
    assert asked.check in sure | {one.check for one in made.unsure}
    assert all(one.purpose == "18.2.a" for one in made.file.consultations)
    named = export_person(office.node, _dpo(office), Choice(records=jan.records, officers="supervisor_request"))
    assert f"{NL}/case_officer" in {one.officer for one in named.file.consultations}
    assert dict(office.entries(NL)[0].details)["officers_named"] == "supervisor_request"
    with pytest.raises(Invalid):
        export_person(office.node, _dpo(office), Choice(records=jan.records, officers="curiosity"))


def test_a_check_that_met_nothing_is_listed_until_somebody_rules_it_in(office: Office) -> None:
    asked = office.ask(NL, "Jan Vermeulen")
    number = office.ask(NL, "Jan  VERMEULEN")
    ids = _family(office)
    made = export_person(office.node, _dpo(office), Choice(records=(ids["jan"],)), JAN)
    assert {one.check for one in made.unsure} == {asked.check, number.check}
    assert asked.check.encode() not in made.content
    choice = Choice(records=(ids["jan"],), checks=frozenset({asked.check}))
    again = export_person(office.node, _dpo(office), choice, JAN)
    assert {one.check for one in again.unsure} == {number.check}
    assert asked.check.encode() in again.content


def test_owners_are_to_be_asked_and_what_they_know_is_not_shown(office: Office) -> None:
    ids = _family(office)
    office.give(draft("y", name="Jan Vermeulen", notes="BKA-SECRET"), by=DE,
                handling=changed(office.handling(DE), communities=()))  # fmt: skip
    answer = office.ask(NL, "Jan Vermeulen")
    office.ask(FR, "Jan Vermeulen")
    found = authorities_to_consult(office.node, _dpo(office), [ids["jan"]], JAN)
    expected = {hit.reference for hit in answer.hits if hit.owner == DE}
    expected |= {hit.reference for hit in answer.without_content}
    assert {one.hit for one in found} == expected
    assert {one.owner_name for one in found} == {f"Authority {DE}"}
    assert "BKA-SECRET" not in repr(found)
    made = export_person(office.node, _dpo(office), Choice(records=(ids["jan"],)), JAN)
    assert not any(hit.encode() in made.content for hit in expected)


def test_another_authoritys_record_is_absent(office: Office) -> None:
    _family(office)
    theirs = search_person(office.node, _dpo(office, DE), JAN)[0].record
    errors = []
    uses: list[Callable[[str], object]] = [
        lambda record: export_person(office.node, _dpo(office), Choice(records=(record,))),
        lambda record: authorities_to_consult(office.node, _dpo(office), [record]),
    ]
    for use in uses:
        for record in (theirs, "f" * 32, "x"):
            with pytest.raises(AlidadeError) as refused:
                use(record)
            errors.append((type(refused.value), str(refused.value)))
    assert len(set(errors)) == 1
    assert errors[0][0] is NotFound


def test_what_was_erased_is_not_in_the_file(office: Office) -> None:
    ids = _family(office)
    erase_record(office.node, _dpo(office), ids["jan"], "data_subject_request", only_property="alias")
    made = export_person(office.node, _dpo(office), Choice(records=(ids["jan"],)))
    assert b"Kapitein" not in made.content
    assert "alias" not in {one.property for one in made.file.records[0].statements}


def test_letters_for_refused_and_absent_are_the_same_bytes(office: Office) -> None:
    dpo = _dpo(office)
    for language in ("en", "fr", "es", "pt", "pt-BR"):
        absent = write_letter(office.node, dpo, outcome="absent", request="2026/17", language=language)
        refused = write_letter(
            office.node, dpo, outcome="refused", request="2026/17", reason="live investigation", language=language
        )
        assert absent == refused
    assert b"live investigation" not in refused.content
    entry = office.entries(NL)[0]
    assert dict(entry.details)["outcome"] == "refused"
    for wrong in ({"outcome": "refused"}, {"outcome": "both"}, {"outcome": "absent", "request": " "}):
        with pytest.raises(Invalid):
            write_letter(office.node, dpo, **({"request": "1"} | wrong))  # type: ignore[arg-type]


def test_others_may_not(office: Office) -> None:
    for role in ("administrator", "case_officer"):
        with pytest.raises(NotAllowed):
            search_person(office.node, office.officer(NL, role), JAN)
