"""Frozen reports read again and compared: what changed is told fact by fact, and only to those who see both."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office

from alidade.model.errors import NotFound
from alidade.programme.register import Entry, Instrument, Measure
from alidade.services.programme.frozen import FactChange, read_report, report_differences
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper
from alidade.services.programme.reports import ReportOrder, freeze

PAPER = Instrument(
    number="10270/24", kind="action_plan", title={"en": "Plan"}, measures=(Measure(key="1", title={"en": "Ports"}),)
)


def test_two_reports_are_compared_by_whoever_sees_both(office: Office) -> None:
    own, other = (office.officer(who, "policy_officer") for who in (NL, DE))
    paper = keep_paper(office.node, own, PAPER)
    order = ReportOrder(template="progress_report", instrument=paper, language="en")
    open_to_all = default_handling(office.node, own.viewer.authority)
    first = freeze(office.node, own, order, open_to_all)
    assert read_report(office.node, other, first).body.content.authority
    add_entry(office.node, own, Entry(instrument=paper, measure="1", kind="status", status="done"))
    closed = freeze(office.node, own, order)

    changes = report_differences(office.node, own, closed, first)
    assert FactChange(key="count/done", before="", now="Done: 1") in changes
    back = report_differences(office.node, own, first, closed)
    assert {(each.key, each.now, each.before) for each in back} == {(e.key, e.before, e.now) for e in changes}
    assert report_differences(office.node, own, first, first) == []

    for later, earlier in ((closed, first), (first, closed), (first, "0" * 32)):
        with pytest.raises(NotFound, match="nothing with this reference"):
            report_differences(office.node, other, later, earlier)
    with pytest.raises(NotFound, match="nothing with this reference"):
        read_report(office.node, other, closed)
