"""Second look: a fair draw that can be repeated, of one's own authority's checks alone; findings and explanations."""

from __future__ import annotations

import pytest
from personas import DE, NL, ROLES, Office, draft

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services.correcting import erase_question
from alidade.services.sampling import choose, digest_of, size_of_share
from alidade.services.second_look import (
    draw_checks,
    explain_check,
    explanations_asked,
    look_again,
    record_finding,
    second_looks,
)

PERIOD = {"since": "2026-06-16", "until": "2026-06-16"}
ASKERS = [role for role in ROLES[:4] if role]


def _dpo(office: Office, authority: str = NL) -> Actor:
    return office.officer(authority, "data_protection_officer")


def _busy(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    for _ in range(20):
        office.ask(NL, "Jan Vermeulen")
    for role in ("analyst", "liaison_officer"):
        office.ask(office.officer(NL, role), "Piet Hein")
    for _ in range(5):
        office.ask(DE, "Jan Vermeulen")


def test_everybody_can_be_drawn_and_nobody_else(office: Office) -> None:
    _busy(office)
    draw = draw_checks(office.node, _dpo(office), **PERIOD, size=3)
    assert (draw.checks, draw.officers, draw.population) == (3, 3, 22)
    listed = second_looks(office.node, _dpo(office))
    assert {one.officer for one in listed.drawn} == {
        f"{NL}/case_officer", f"{NL}/analyst", f"{NL}/liaison_officer"
    }  # fmt: skip
    assert second_looks(office.node, _dpo(office, DE)).total == 0


def test_a_draw_can_be_repeated_from_what_its_entry_says(office: Office) -> None:
    _busy(office)
    draw = draw_checks(office.node, _dpo(office), **PERIOD, size=7)
    entry = office.entries(NL)[0]
    said = dict(entry.details)
    assert (said["seed"], said["population"], said["wished"]) == (draw.seed, "22", "7")
    with office.store.transaction() as tx:
        population = tx.rows("select reference, officer from check_made where authority = %s", [NL])
    assert said["population_digest"] == digest_of(population)
    assert choose(bytes.fromhex(said["seed"]), population[::-1], 7) == list(entry.objects)


def test_each_check_is_drawn_once_and_then_there_is_none_left(office: Office) -> None:
    _busy(office)
    first = draw_checks(office.node, _dpo(office), **PERIOD, share=0.5)
    second = draw_checks(office.node, _dpo(office), **PERIOD, size=1000)
    assert (first.checks, second.checks, second.population) == (11, 11, 11)
    checks = [one.check for one in second_looks(office.node, _dpo(office), size=100).drawn]
    assert len(set(checks)) == len(checks) == 22
    with pytest.raises(Conflict):
        draw_checks(office.node, _dpo(office), **PERIOD, size=1)


def test_shares_round_up_and_reach_every_officer() -> None:
    population = [(f"r{n}", "a") for n in range(99)] + [("s", "b"), ("t", "c")]
    assert size_of_share(0.001, population) == 3
    assert size_of_share(0.1, population) == 11
    assert {"s", "t"} <= set(choose(b"seed", population, 3))
    assert choose(b"seed", population, 0) == []
    assert len({choose(bytes([n]), population, 1)[0] for n in range(40)} & {"s", "t"}) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 0}, {"size": 1001}, {"share": 0.0}, {"share": 1.1}, {}, {"size": 1, "share": 0.1},
        {"size": 1, "since": "2026-06-17"}, {"size": 1, "zone": "Nowhere"},
    ],
)  # fmt: skip
def test_a_wrong_draw_is_refused(office: Office, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        draw_checks(office.node, _dpo(office), **(PERIOD | wrong))  # type: ignore[arg-type]


def test_a_finding_an_explanation_and_a_last_finding(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    answer = office.ask(NL, "Jan Vermeulen")
    draw_checks(office.node, _dpo(office), **PERIOD, size=1)
    (drawn,) = second_looks(office.node, _dpo(office), finding="open").drawn
    assert (drawn.check, drawn.finding, drawn.looked_at) == (answer.check, "open", None)
    looked = look_again(office.node, _dpo(office), drawn.reference)
    assert looked.opened.question is not None
    assert looked.opened.question.text == "Jan Vermeulen"
    assert (looked.opened.justification, looked.opened.answers) == ("seen on the spot", (("hit", None),))
    assert office.newest_entry() == ("second_look", "allowed")
    with pytest.raises(Invalid):
        record_finding(office.node, _dpo(office), drawn.reference, "to_explain")
    record_finding(office.node, _dpo(office), drawn.reference, "to_explain", "which case was this?")
    assert explanations_asked(office.node, office.officer(NL, "analyst")) == ()
    (asked,) = explanations_asked(office.node, office.officer(NL))
    assert [remark.text for remark in asked.remarks] == ["which case was this?"]
    for stranger in (office.officer(NL, "analyst"), office.officer(DE)):
        with pytest.raises(NotFound):
            explain_check(office.node, stranger, drawn.reference, "I know")
    explain_check(office.node, office.officer(NL), drawn.reference, "the Oosterhuis case")
    with pytest.raises(NotFound):
        explain_check(office.node, office.officer(NL), drawn.reference, "again")
    record_finding(office.node, _dpo(office), drawn.reference, "in_order")
    after = look_again(office.node, _dpo(office), drawn.reference)
    assert after.drawn.finding == "in_order"
    assert [remark.text for remark in after.remarks] == ["which case was this?", "the Oosterhuis case", ""]
    assert b"Oosterhuis" not in office.files()


def test_another_authority_finds_nothing(office: Office) -> None:
    _busy(office)
    draw_checks(office.node, _dpo(office), **PERIOD, size=1)
    (drawn,) = second_looks(office.node, _dpo(office)).drawn
    with pytest.raises(NotFound):
        look_again(office.node, _dpo(office, DE), drawn.reference)
    with pytest.raises(NotFound):
        record_finding(office.node, _dpo(office, DE), drawn.reference, "in_order")


def test_an_erased_question_takes_along_what_was_written_about_it(office: Office) -> None:
    office.ask(NL, "Jan Vermeulen")
    draw_checks(office.node, _dpo(office), **PERIOD, size=1)
    (drawn,) = second_looks(office.node, _dpo(office)).drawn
    record_finding(office.node, _dpo(office), drawn.reference, "not_in_order", "she is a neighbour")
    erase_question(office.node, _dpo(office), drawn.check, "unlawful")
    looked = look_again(office.node, _dpo(office), drawn.reference)
    assert (looked.opened.question, looked.opened.justification, looked.remarks) == (None, None, ())
    assert looked.drawn.erased
    record_finding(office.node, _dpo(office), drawn.reference, "in_order", "done")
    assert look_again(office.node, _dpo(office), drawn.reference).remarks == ()


def test_others_may_not(office: Office) -> None:
    for role in ("administrator", "case_officer"):
        with pytest.raises(NotAllowed):
            draw_checks(office.node, office.officer(NL, role), **PERIOD, size=1)
