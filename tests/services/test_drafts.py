"""Drafts, pasted text and what a contribution would show: from a form that saves itself to what was given."""

from __future__ import annotations

import msgspec
import pytest
from personas import DE, FR, NL, VE, Office

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import OfficerId
from alidade.services.correcting import erase_record
from alidade.services.drafts import draft, drafts, drop_draft, save_draft, send
from alidade.services.foreseeing import foresee
from alidade.services.giving_form import FormThing, FormValue, GivingForm, giving_of
from alidade.services.officers import end_access
from alidade.services.pasting import Ticked, find_in_text, with_findings
from alidade.services.records import show_record
from alidade.services.tidying import tidy

TEXT = "Jan drove a van, plate no. AB-123-CD, to the MV Aurora Pearl (IMO 9074729) and phoned +31 6 12345678."


def _form(office: Office, *values: FormValue, handling: Handling | None = None, **more: Handling) -> GivingForm:
    lines = values or (
        FormValue(property="name", value="Jan Vermeulen"),
        FormValue(property="birthDate", value="31 Jul 1964", evaluation="A1"),
    )
    return GivingForm(
        title="Control on the A16",
        evaluation="B2",
        handlings={"default": handling or office.handling(), **more},
        things=(FormThing(key="p", thing="Person", values=lines),),
        country="NL",
    )


def test_a_draft_saves_itself_sealed_and_is_gone_once_given(office: Office) -> None:
    actor, form = office.officer(NL), _form(office)
    reference = save_draft(office.node, actor, form)
    size = office.ledger_size()
    changed = msgspec.structs.replace(form, title="Control on the A27")
    assert save_draft(office.node, actor, changed, reference) == reference
    assert office.ledger_size() == size  # saving again leaves no entry
    assert draft(office.node, actor, reference) == changed
    assert [(line.title, line.things) for line in drafts(office.node, actor)] == [("Control on the A27", {"Person": 1})]
    assert b"Vermeulen" not in office.files()
    outcome = send(office.node, actor, changed, reference)
    assert outcome.new == 1
    assert drafts(office.node, actor) == []
    seen = {s.property: s for s in office.ask(DE, "Jan Vermeulen").hits[0].statements}
    assert (seen["birthDate"].value, seen["birthDate"].original) == ("1964-07-31", "31 Jul 1964")
    assert (seen["name"].evaluation.code, seen["birthDate"].evaluation.code) == ("B2", "A1")


def test_a_draft_is_its_officers_alone(office: Office) -> None:
    reference = save_draft(office.node, office.officer(NL), _form(office))
    for other in (office.officer(NL, "analyst"), office.officer(DE)):
        assert drafts(office.node, other) == []
        for use in (draft, drop_draft):
            with pytest.raises(NotFound):
                use(office.node, other, reference)
        with pytest.raises(NotFound):
            save_draft(office.node, other, _form(office), reference)
        with pytest.raises(NotFound):
            send(office.node, other, _form(office, handling=office.handling(other.viewer.authority)), reference)
    drop_draft(office.node, office.officer(NL), reference)
    assert drafts(office.node, office.officer(NL)) == []


def test_a_form_with_faults_names_each_line_and_gives_nothing(office: Office) -> None:
    form = _form(
        office,
        FormValue(property="name", value="Jan Vermeulen", evaluation="Q9"),
        FormValue(property="birthDate", value="never"),
        FormValue(property="wings", value="2"),
        FormValue(property="addressEntity", value="nobody"),
        FormValue(property="phone", value="06 12345678", valid_from="soon"),
    )
    giving, faults = giving_of(form, office.vocabulary)
    assert giving is None
    assert {(fault.thing, fault.line) for fault in faults} == {(0, 0), (0, 1), (0, 2), (0, 3), (0, 4)}
    assert all("never" not in fault.sentence and "nobody" not in fault.sentence for fault in faults)
    reference = save_draft(office.node, office.officer(NL), form)
    with pytest.raises(Invalid):
        send(office.node, office.officer(NL), form, reference)
    assert [line.reference for line in drafts(office.node, office.officer(NL))] == [reference]


def test_each_line_may_have_its_own_handling(office: Office) -> None:
    form = _form(
        office,
        FormValue(property="name", value="Jan Vermeulen"),
        FormValue(property="notes", value="source protected", handling="own"),
        own=office.handling(communities=(), released_to=(DE,)),
    )
    send(office.node, office.officer(NL), form)
    assert {s.property for s in office.ask(DE, "Jan Vermeulen").hits[0].statements} == {"name", "notes"}
    assert {s.property for s in office.ask(FR, "Jan Vermeulen").hits[0].statements} == {"name"}


def test_things_of_a_form_may_be_linked(office: Office) -> None:
    form = GivingForm(
        title="Two and a link",
        handlings={"default": office.handling()},
        things=(
            FormThing(key="a", thing="Person", values=(FormValue(property="name", value="Jan Vermeulen"),)),
            FormThing(key="b", thing="Company", values=(FormValue(property="name", value="Bakker BV"),)),
            FormThing(
                key="c",
                thing="Directorship",
                values=(FormValue(property="director", value="a"), FormValue(property="organization", value="b")),
            ),
        ),
    )
    outcome = send(office.node, office.officer(NL), form)
    link = show_record(office.node, office.officer(DE), outcome.records["c"])
    assert {s.value for s in link.statements} == {outcome.records["a"], outcome.records["b"]}


def test_pasted_text_says_nothing_until_it_is_ticked(office: Office) -> None:
    actor = office.officer(NL)
    found = find_in_text(office.node, actor, TEXT)
    assert [each.kind for each in found] == ["plate", "imo", "phone"]
    empty = GivingForm(title="From a text", handlings={"default": office.handling()})
    assert with_findings(empty, found, [], office.vocabulary) == empty
    form = with_findings(empty, found, [Ticked(number=0), Ticked(number=99)], office.vocabulary)
    assert [(thing.key, thing.thing) for thing in form.things] == [("plate-1", "Vehicle"), ("text-1", "Document")]
    assert all(value.machine for thing in form.things for value in thing.values)
    outcome = send(office.node, actor, form)
    van = show_record(office.node, office.officer(DE), outcome.records["plate-1"])
    values = {s.property: s.value for s in van.statements}
    assert values == {"registrationNumber": "AB123CD", "proof": outcome.records["text-1"]}
    source = show_record(office.node, office.officer(DE), outcome.records["text-1"])
    assert "AB-123-CD" in source.statements[0].value
    assert office.ask(DE, "IMO 9074729").kind == "no_hit"  # found, but never ticked


def test_a_finding_may_be_said_of_a_thing_of_the_form(office: Office) -> None:
    found = find_in_text(office.node, office.officer(NL), TEXT)
    form = with_findings(_form(office), found, [Ticked(number=2, about="p")], office.vocabulary)
    assert [value.property for value in form.things[0].values] == ["name", "birthDate", "phone", "proof"]


def test_what_each_authority_would_learn_is_foreseen(office: Office) -> None:
    form = _form(
        office,
        FormValue(property="name", value="Jan Vermeulen"),
        FormValue(property="notes", value="x", handling="own"),
        FormValue(property="summary", value="y", handling="silent"),
        own=office.handling(communities=(), released_to=(DE,)),
        silent=office.handling(communities=(), hit="silent"),
    )
    giving, _ = giving_of(form, office.vocabulary)
    assert giving is not None
    foresight = foresee(office.node, office.officer(NL), giving)
    table = {each.authority: (each.read, each.hit_only, each.silent) for each in foresight.authorities}
    assert table[NL] == (3, 0, 0)
    assert table[DE] == (2, 0, 1)
    assert table[FR] == (1, 1, 1)
    assert table[VE][0] == 0
    by_name = {each.authority: each for each in foresight.authorities}
    assert by_name[NL].own
    assert (by_name[NL].learns, by_name[DE].learns) == ("read", "part")
    assert by_name[VE].reasons
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"  # nothing was kept
    # What was foreseen is what comes.
    send(office.node, office.officer(NL), form)
    for who in (DE, FR, VE):
        answer = office.ask(who, "Jan Vermeulen")
        shown = sum(len(hit.statements) for hit in answer.hits)
        assert shown == table[who][0], who


def test_without_a_category_nobody_learns_anything(office: Office) -> None:
    giving, _ = giving_of(_form(office, handling=office.handling(subject_category=None)), office.vocabulary)
    assert giving is not None
    foresight = foresee(office.node, office.officer(NL), giving)
    assert (foresight.values, foresight.quarantined) == (0, 1)


def test_nobody_foresees_in_the_name_of_another(office: Office) -> None:
    giving, _ = giving_of(_form(office), office.vocabulary)
    assert giving is not None
    with pytest.raises(NotAllowed):
        foresee(office.node, office.officer(DE), giving)


def test_an_erasure_reaches_drafts_that_name_the_person(office: Office) -> None:
    actor = office.officer(NL)
    given = send(office.node, actor, _form(office))
    named = save_draft(office.node, actor, _form(office, FormValue(property="notes", value="with JAN VERMEULEN")))
    other = save_draft(office.node, actor, _form(office, FormValue(property="name", value="Piet Hein")))
    foreign = save_draft(office.node, office.officer(DE), _form(office, handling=office.handling(DE)))
    erase_record(office.node, actor, given.records["p"], "unlawful")
    assert [line.reference for line in drafts(office.node, actor)] == [other]
    assert named != other
    assert [line.reference for line in drafts(office.node, office.officer(DE))] == [foreign]


def test_drafts_end_with_their_officer_and_after_thirty_days(office: Office) -> None:
    save_draft(office.node, office.officer(NL, "analyst"), _form(office))
    kept = save_draft(office.node, office.officer(NL), _form(office))
    end_access(office.node, office.officer(NL, "administrator"), OfficerId(f"{NL}/analyst"))
    assert tidy(office.node) == 1
    assert [line.reference for line in drafts(office.node, office.officer(NL))] == [kept]
    office.clock.move(days=31)
    assert tidy(office.node) == 1
    assert drafts(office.node, office.officer(NL)) == []
