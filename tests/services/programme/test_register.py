"""The register at work: who keeps, who says, who verifies, who sees; each act leaves its entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from personas import DE, FR, NL, VE, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.programme.carrying import Step
from alidade.programme.register import Entry, Instrument, Measure, Verification
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import (
    add_entry,
    carry_over,
    change_paper,
    keep_paper,
    papers,
    read_paper,
    take_back,
    verify,
)


def officer(office: Office, who: str = NL) -> Actor:
    return office.officer(who, "policy_officer")


def paper(number: str = "10270/24", keys: str = "12") -> Instrument:
    measures = tuple(Measure(key=key, title={"en": f"Measure {key}"}) for key in keys)
    return Instrument(number=number, kind="progress_report", title={"en": "Progress"}, measures=measures)


def entry(reference: str, **more: Any) -> Entry:
    fields = {"measure": "1", "kind": "status", "status": "done", "day": dt.date(2026, 5, 1)} | more
    return Entry(instrument=reference, **fields)


def test_a_paper_is_read_by_its_audience_and_changed_by_its_authority_alone(office: Office) -> None:
    shown = keep_paper(office.node, officer(office), paper())
    own = default_handling(office.node, NL, communities=())
    hidden = keep_paper(office.node, officer(office), paper("16293/24"), own)
    assert {line.kept.reference for line in papers(office.node, officer(office))} == {shown, hidden}
    assert [line.kept.reference for line in papers(office.node, officer(office, DE))] == [shown]
    for reference in (hidden, "0" * 32):
        with pytest.raises(NotFound) as refused:
            read_paper(office.node, officer(office, DE), reference)
        assert str(refused.value) == "There is nothing with this reference that you may see."
    assert change_paper(office.node, officer(office), shown, paper(keys="123"), 1) == 2
    with pytest.raises(NotFound):
        change_paper(office.node, officer(office, DE), shown, paper(), 2)
    with pytest.raises(Conflict):
        change_paper(office.node, officer(office), shown, paper(), 1)
    read = read_paper(office.node, officer(office, DE), shown)
    assert (list(read.standings), read.kept.version, read.own) == (["1", "2", "3"], 2, False)


def test_one_authority_keeps_a_paper_once_and_two_may_keep_it_each(office: Office) -> None:
    keep_paper(office.node, officer(office), paper())
    with pytest.raises(Conflict) as refused:
        keep_paper(office.node, officer(office), paper())
    assert refused.value.code == "paper_kept_already"
    keep_paper(office.node, officer(office, DE), paper())
    assert len(papers(office.node, officer(office, FR))) == 2


def test_what_somebody_said_something_of_does_not_go_from_the_paper(office: Office) -> None:
    reference = keep_paper(office.node, officer(office), paper())
    add_entry(office.node, officer(office, DE), entry(reference))
    with pytest.raises(Invalid, match="measure 1"):
        change_paper(office.node, officer(office), reference, paper(keys="2"), 1)
    assert change_paper(office.node, officer(office), reference, paper(keys="1"), 1) == 2


def test_each_viewer_counts_what_he_may_see(office: Office) -> None:
    reference = keep_paper(office.node, officer(office), paper())
    closed = default_handling(office.node, DE, communities=())
    add_entry(office.node, officer(office, DE), entry(reference), closed)
    for who, statuses, unknown in ((DE, {"done": 1}, 1), (NL, {}, 2), (FR, {}, 2)):
        (line,) = papers(office.node, officer(office, who))
        assert (line.statuses, line.not_known, line.measures) == (statuses, unknown, 2)
    assert papers(office.node, officer(office, VE)) == []  # no agreement opens it to this State


def test_another_authority_verifies_and_both_can_take_back(office: Office) -> None:
    reference = keep_paper(office.node, officer(office), paper())
    said = add_entry(office.node, officer(office), entry(reference))
    with pytest.raises(Conflict) as refused:
        verify(office.node, officer(office), Verification(entry=said, ruling="confirmed"))
    assert refused.value.code == "own_entry"
    ruling = verify(office.node, officer(office, FR), Verification(entry=said, ruling="confirmed"))
    assert read_paper(office.node, officer(office, DE), reference).standings["1"].verified
    for wrong in (said, reference, "0" * 32):
        with pytest.raises(NotFound):
            take_back(office.node, officer(office, FR), wrong)
    with pytest.raises(NotFound):  # a paper is not taken back as if it were an entry
        take_back(office.node, officer(office), reference)
    take_back(office.node, officer(office, FR), ruling)
    assert not read_paper(office.node, officer(office, DE), reference).standings["1"].verified
    take_back(office.node, officer(office), said)
    assert read_paper(office.node, officer(office, DE), reference).standings["1"].status is None


def test_measures_are_carried_over_to_a_successor(office: Office) -> None:
    old = keep_paper(office.node, officer(office, DE), paper())
    new = keep_paper(office.node, officer(office), paper("16293/24", "A"))
    assert carry_over(office.node, officer(office), old, new, [Step(measure="1", how="continued", into="A")], 1) == 2
    earlier = read_paper(office.node, officer(office, FR), old)
    assert earlier.uncarried == ["2"]
    assert [(number, measure.key) for _, number, measure, _ in earlier.later["1"]] == [("16293/24", "A")]
    later = read_paper(office.node, officer(office, FR), new)
    assert [(number, measure.key, step.how) for _, number, measure, step in later.earlier["A"]] == [
        ("10270/24", "1", "continued")
    ]


def test_without_the_right_nothing_is_kept_and_every_act_leaves_its_entry(office: Office) -> None:
    with pytest.raises(NotAllowed):
        keep_paper(office.node, office.officer(NL, "analyst"), paper())
    reference = keep_paper(office.node, officer(office), paper())
    assert office.newest_entry(NL)[0] == "programme_write"
    read_paper(office.node, office.officer(NL, "analyst"), reference)
    assert office.newest_entry(NL)[0] == "programme_read"
    assert b"Measure 1" not in office.files()
