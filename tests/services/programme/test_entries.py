"""Entries set right: a new version of one's own words, on which nothing counts that was ruled on the earlier ones."""

from __future__ import annotations

import msgspec
import pytest
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.programme.register import Entry, Instrument, Measure, Verification
from alidade.services.programme.entries import correct_entry
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper, read_paper, verify

MEASURES = tuple(Measure(key=key, title={"en": f"Measure {key}"}) for key in "12")
PAPER = Instrument(number="10270/24", kind="action_plan", title={"en": "Plan"}, measures=MEASURES)


def _said(office: Office) -> tuple[str, str, Entry]:
    own = office.officer(NL, "policy_officer")
    paper = keep_paper(office.node, own, PAPER)
    entry = Entry(instrument=paper, measure="1", kind="status", status="done")
    return paper, add_entry(office.node, own, entry), entry


def test_a_correction_stays_with_its_measure_and_waits_for_a_new_ruling(office: Office) -> None:
    paper, reference, entry = _said(office)
    own, other = (office.officer(who, "policy_officer") for who in (NL, DE))
    office.clock.move(hours=1)
    verify(office.node, other, Verification(entry=reference, ruling="confirmed"))
    assert read_paper(office.node, own, paper).standings["1"].verified

    office.clock.move(hours=1)
    elsewhere = msgspec.structs.replace(entry, instrument="f" * 32, measure="2", status="partly_done")
    assert correct_entry(office.node, own, reference, elsewhere, 1, "not all ports yet") == 2
    found = read_paper(office.node, other, paper).standings
    assert (found["1"].status, found["1"].verified, found["2"].history) == ("partly_done", False, ())
    assert [(kept.reference, kept.version) for kept in found["1"].history] == [(reference, 2)]

    office.clock.move(hours=1)
    verify(office.node, other, Verification(entry=reference, ruling="confirmed"))
    assert read_paper(office.node, own, paper).standings["1"].verified


def test_what_is_wrong_old_or_anothers_is_not_corrected(office: Office) -> None:
    _, reference, entry = _said(office)
    own, other = (office.officer(who, "policy_officer") for who in (NL, DE))
    with pytest.raises(Invalid, match="no_such"):
        correct_entry(office.node, own, reference, msgspec.structs.replace(entry, status="no_such"), 1)
    with pytest.raises(NotFound):
        correct_entry(office.node, other, reference, entry, 1)
    assert correct_entry(office.node, own, reference, entry, 1) == 2
    with pytest.raises(Conflict):
        correct_entry(office.node, own, reference, entry, 1)


def test_an_entry_that_is_not_for_him_is_absent_to_an_officer(office: Office) -> None:
    paper, _, entry = _said(office)
    closed = default_handling(office.node, AuthorityId(NL), communities=())
    hidden = add_entry(office.node, office.officer(NL, "policy_officer"), entry, closed)
    told = []
    for reference in (hidden, "0" * 32):
        with pytest.raises(NotFound) as absent:
            correct_entry(office.node, office.officer(FR, "policy_officer"), reference, entry, 1)
        told.append(str(absent.value))
    assert told[0] == told[1]
    seen = read_paper(office.node, office.officer(FR, "policy_officer"), paper).standings["1"].history
    assert hidden not in {kept.reference for kept in seen}
