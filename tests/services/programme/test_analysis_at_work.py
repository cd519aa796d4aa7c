"""Analysis at work: two viewers of unlike rights count unlike things, each rightly; what may not go out stays."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from personas import DE, FR, NL, Office

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.programme.register import DocumentRef, Entry, Figure, Instrument, Measure, Source
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.programme.sheets import SHEETS, sheet
from alidade.services.programme.analysis import analyse, analyse_all, names_for, take_table_out
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper
from alidade.services.programme.rounds import answer_round, hold_round

TITLE = {"en": "=Ports", "fr": "Ports"}


def officer(office: Office, who: str = NL, role: str = "policy_officer") -> Actor:
    return office.officer(who, role)


def kept_paper(office: Office) -> str:
    measures = (
        Measure(key="1", title=TITLE, addressees=("DEU", "FRA", "NLD"), deadline=dt.date(2026, 6, 1)),
        Measure(key="2", title=TITLE),
    )
    return keep_paper(
        office.node, officer(office), Instrument(number="1/26", kind="action_plan", title=TITLE, measures=measures)
    )


def said(office: Office, paper: str, who: str, *, closed: bool = False, **more: Any) -> str:
    own = default_handling(office.node, office.officer(who).viewer.authority, communities=()) if closed else None
    fields: dict[str, Any] = {"measure": "1", "kind": "status", "status": "done"} | more
    return add_entry(office.node, officer(office, who), Entry(instrument=paper, **fields), own)


def asked(office: Office, paper: str, opens: dt.date = dt.date(2026, 6, 1)) -> str:
    round_ = Round(
        title=TITLE,
        instrument=paper,
        questions=(Question(key="1", measure="1", text=TITLE), Question(key="2", measure="2", text=TITLE)),
        asked=(NL, DE, FR),
        opens=opens,
        cut_off=dt.date(2026, 7, 1),
    )
    return hold_round(office.node, officer(office), round_)


def replied(office: Office, round_: str, who: str, state: str, *, publish: bool = True, **kinds: str) -> None:
    parts = tuple(Part(question=key.lstrip("q"), kind=kind) for key, kind in kinds.items())
    answer = Answer(round=round_, state=state, parts=parts, submitted=True, publish=publish)
    answer_round(office.node, officer(office, who), answer)


def test_each_viewer_counts_what_he_may_see(office: Office) -> None:
    paper = kept_paper(office)
    said(office, paper, DE, state="DEU")
    said(office, paper, DE, state="FRA", closed=True)
    of_nl = analyse(office.node, officer(office), paper=paper).analysis
    of_de = analyse(office.node, officer(office, DE), paper=paper).analysis
    assert [(each.whole.done, each.whole.silent, each.whole.asked) for each in (of_nl, of_de)] == [(1, 2, 3), (2, 1, 3)]
    assert (len(of_nl.cells("late")), len(of_de.cells("late"))) == (2, 1)
    assert [cell.state for cell in of_de.cells("unevidenced")] == ["DEU", "FRA"]
    (line,) = analyse_all(office.node, officer(office, DE))
    assert (line.paper.reference, line.analysis.whole) == (paper, of_de.whole)


def test_replies_for_the_holder_alone_are_counted_by_him_alone(office: Office) -> None:
    paper = kept_paper(office)
    round_ = asked(office, paper)
    replied(office, round_, DE, "DEU", publish=False, q1="done", q2="not-competent")
    replied(office, round_, FR, "FRA", q1="planned")
    totals = {who: analyse(office.node, officer(office, who), paper=paper).analysis.whole for who in (NL, FR, DE)}
    assert {who: (each.done, each.answered, each.asked) for who, each in totals.items()} == {
        NL: (1, 3, 6),
        FR: (0, 1, 6),
        DE: (1, 3, 6),
    }


def test_silence_in_the_newest_round_is_not_covered_by_an_older_reply(office: Office) -> None:
    paper = kept_paper(office)
    old = asked(office, paper, dt.date(2025, 6, 1))
    replied(office, old, DE, "DEU", q1="done")
    new = asked(office, paper)
    found = analyse(office.node, officer(office), paper=paper)
    assert ([each for each, _ in found.rounds], found.chosen) == ([new, old], new)
    assert found.analysis.whole.done == 0
    assert analyse(office.node, officer(office), paper=paper, round_=old).analysis.whole.done == 1


def test_a_paper_or_round_that_one_may_not_see_is_absent(office: Office) -> None:
    own = default_handling(office.node, DE, communities=())
    paper = keep_paper(office.node, officer(office, DE), Instrument(number="9", kind="action_plan", title=TITLE), own)
    for each in (paper, "0" * 32):
        for named in ({"paper": each}, {"round_": each}):
            with pytest.raises(NotFound) as refused:
                analyse(office.node, officer(office), **named)
            assert str(refused.value) == "There is nothing with this reference that you may see."
    assert analyse_all(office.node, officer(office)) == []
    with pytest.raises(Invalid):
        analyse(office.node, officer(office))


def test_every_table_is_written_and_adds_up(office: Office) -> None:
    paper = kept_paper(office)
    round_ = asked(office, paper)
    replied(office, round_, DE, "DEU", q1="done", q2="not-competent")
    said(office, paper, DE, kind="obstacle", status="", obstacle="law", text={"en": "No law"}, state="DEU")
    arrests = Figure(value=2, unit="arrests", source=Source(document="2/26"))
    said(office, paper, DE, kind="result", status="", figure=arrests, state="DEU")
    found = analyse(office.node, officer(office), paper=paper)
    for language in ("en", "fr", "es", "pt"):
        names = names_for(office.node.vocabulary, found.authorities, language)
        made = {code: sheet(code, found.analysis, names) for code in SHEETS}
        for code in ("states", "measures", "regions"):
            *rows, total = made[code].rows
            for place, cell in enumerate(total.cells):
                if cell.number is not None:
                    assert cell.number == sum(row.cells[place].number or 0 for row in rows), (code, place)
        assert all(len(row.cells) + 1 == len(each.head) for each in made.values() for row in each.rows)
        assert "2" not in [cell.text for row in made["figures"].rows for cell in row.cells]
    drawn = {row.name: [cell.text for cell in row.cells] for row in made["matrix"].rows}
    assert drawn["Alemanha"] == ["Feito", "Não conta"]


def test_a_table_goes_out_under_its_handling_and_leaves_out_what_may_not(office: Office) -> None:
    paper = kept_paper(office)
    said(office, paper, DE, state="DEU")
    held = msgspec.structs.replace(default_handling(office.node, DE), codes=("H0", "H1"))
    add_entry(
        office.node,
        officer(office, DE),
        Entry(instrument=paper, measure="1", kind="status", status="done", state="FRA"),
        held,
    )
    made = take_table_out(office.node, officer(office), "measures", "csv", paper=paper)
    rows = list(csv.reader(io.StringIO(made.content.decode())))
    assert rows[0][:4] == ["Measure", "Asked", "Answered", "Done"]
    assert rows[1][0] == "1: =Ports"
    assert any(row and row[0].startswith("H0: ") for row in rows)
    workbook = take_table_out(office.node, officer(office), "states", "xlsx", paper=paper).content
    book = load_workbook(io.BytesIO(workbook))
    assert book.active.cell(row=1, column=1).value == "State"
    assert office.newest_entry() == ("programme_read", "allowed")
    with pytest.raises(Invalid):
        take_table_out(office.node, officer(office), "measures", "odt", paper=paper)
    with pytest.raises(NotAllowed):
        take_table_out(office.node, office.officer(NL, "administrator"), "measures", "csv", paper=paper)


def test_what_its_owner_does_not_let_out_is_not_in_the_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    import alidade.services.programme.analysis as service

    paper = kept_paper(office)
    said(office, paper, DE, state="DEU")
    said(office, paper, NL, state="NLD")
    real = service.permitted

    def strict(act: str, viewer: Any, terms: Any, *more: Any, **named: Any) -> bool:
        return real(act, viewer, terms, *more, **named) and terms.handling.owner == NL

    monkeypatch.setattr(service, "permitted", strict)
    made = take_table_out(office.node, officer(office), "states", "csv", paper=paper)
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(made.content.decode())) if row}
    assert (made.left_out, rows["Netherlands"][2], rows["Germany"][2]) == (1, "1", "0")
    assert any("1 entries and replies" in name for name in rows)
    closed = kept_and_closed(office, monkeypatch, service)
    with pytest.raises(NotAllowed) as refused:
        take_table_out(office.node, officer(office, DE), "states", "csv", paper=closed)
    assert refused.value.code == "strictest_wins"


def kept_and_closed(office: Office, monkeypatch: pytest.MonkeyPatch, service: Any) -> str:
    monkeypatch.setattr(service, "permitted", lambda *_more, **_named: False)
    return keep_paper(office.node, officer(office, DE), Instrument(number="7", kind="action_plan", title=TITLE))


def test_evidence_of_another_paper_proves_nothing(office: Office) -> None:
    paper = kept_paper(office)
    other = keep_paper(
        office.node,
        officer(office),
        Instrument(number="2/26", kind="action_plan", title=TITLE, measures=(Measure(key="1", title=TITLE),)),
    )
    said(office, paper, DE, state="DEU")
    said(office, other, DE, kind="document", status="", document=DocumentRef(number="5/26"), state="DEU")
    assert len(analyse(office.node, officer(office, FR), paper=paper).analysis.cells("unevidenced")) == 1
