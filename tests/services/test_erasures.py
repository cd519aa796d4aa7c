"""Erasures: what was erased, by ids; and what one would do, before it is done."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office, draft

from alidade.model.errors import NotAllowed, NotFound
from alidade.services.correcting import erase_question, erase_record
from alidade.services.erasures import erasures, plan_of_question, plan_of_record


def test_a_plan_says_what_will_be_gone_and_nothing_is_changed(office: Office) -> None:
    given = office.give(draft("1", name="Jan Vermeulen", alias=["De Kapitein", "Jantje"]))
    record = given.records["1"]
    office.ask(DE, "Jan Vermeulen")
    office.ask(NL, "Jan Vermeulen")
    whole = plan_of_record(office.node, office.officer(NL), record)
    assert (whole.properties, whole.statements, whole.whole, whole.told) == ((("alias", 2), ("name", 1)), 3, True, 1)
    part = plan_of_record(office.node, office.officer(NL), record, only_property="alias")
    assert (part.statements, part.whole) == (2, False)
    assert "Kapitein" not in repr((whole, part))
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"
    for who, what, prop in ((DE, record, None), (NL, "f" * 32, None), (NL, record, "birthDate")):
        with pytest.raises(NotFound):
            plan_of_record(office.node, office.officer(who), what, only_property=prop)


def test_the_list_has_ids_reason_and_whether_the_keys_are_gone(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    answer = office.ask(NL, "Jan Vermeulen")
    assert plan_of_question(office.node, office.officer(NL), answer.check).there
    erase_record(office.node, office.officer(NL), record, "unlawful")
    office.clock.move(hours=1)
    erase_question(office.node, office.officer(NL), answer.check, "court_order")
    assert not plan_of_question(office.node, office.officer(NL), answer.check).there
    page = erasures(office.node, office.officer(NL, "data_protection_officer"))
    assert [(one.reason, one.records, one.checks, one.complete) for one in page.erasures] == [
        ("court_order", (), (answer.check,), True),
        ("unlawful", (record,), (), True),
    ]
    assert page.total == 2
    assert erasures(office.node, office.officer(NL), start=1, size=1).erasures == page.erasures[1:]
    assert erasures(office.node, office.officer(DE)).total == 0
    assert office.newest_entry(DE) == ("erase", "allowed")
    with pytest.raises(NotFound):
        plan_of_question(office.node, office.officer(DE), answer.check)
    with pytest.raises(NotAllowed):
        erasures(office.node, office.officer(NL, "analyst"))
