"""Records: everything is counted, suggested and exported for one viewer, from what he may see and nothing else."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.draft import Claim
from alidade.model.errors import NotFound
from alidade.services.records import export, overview, show_record, suggest_words


@pytest.fixture
def filled(office: Office) -> Office:
    office.give(draft("1", name="Jan Vermeulen", phone="+31612345678"), draft("2", "Company", name="Vermeer Holding"))
    office.give(draft("1", name="Piet Verhagen"), handling=office.handling(communities=()))
    office.give(draft("1", name="Vera Schmidt"), by=DE, handling=office.handling(DE, communities=(), released_to=(FR,)))
    return office


def test_counts_and_the_newest_are_the_viewers_own(filled: Office) -> None:
    seen = {who: overview(filled.node, filled.officer(who)) for who in (NL, DE, FR, VE)}
    assert {who: view.statements for who, view in seen.items()} == {NL: 4, DE: 4, FR: 4, VE: 0}
    assert seen[NL].things == (("Person", 2), ("Company", 1))
    assert seen[FR].things == (("Person", 2), ("Company", 1))
    assert (seen[VE].things, seen[VE].newest) == ((), ())
    values = [s.value for s in seen[FR].newest]
    assert values == ["Vera Schmidt", "Vermeer Holding", "+31612345678", "Jan Vermeulen"]
    assert [s.value for s in overview(filled.node, filled.officer(NL), newest=2).newest] == [
        "Piet Verhagen",
        "Vermeer Holding",
    ]


def test_words_are_suggested_from_what_the_viewer_may_read(filled: Office) -> None:
    def said(who: str, prefix: str, limit: int = 10) -> list[str]:
        return suggest_words(filled.node, filled.officer(who), prefix, limit=limit)

    words = {"vera", "verhagen", "vermeer", "vermeulen"}
    visible = {NL: words - {"vera"}, DE: words - {"verhagen"}, FR: words - {"verhagen"}, VE: set()}
    for who, expected in visible.items():
        assert words & set(said(who, "VER")) == expected
    assert said(FR, "Vérmeu") == ["vermeulen"]
    assert said(FR, "ver", 1) == ["vera"]
    assert said(NL, "") == said(NL, "?") == said(VE, "vermeulen") == []


def test_nothing_is_suggested_that_is_no_word_of_a_name(filled: Office) -> None:
    assert suggest_words(filled.node, filled.officer(DE), "vera") == ["vera"]


def test_what_is_absent_and_what_is_forbidden_answer_alike(filled: Office) -> None:
    (hidden,) = {s.record for s in overview(filled.node, filled.officer(NL)).newest if s.value == "Piet Verhagen"}
    errors = []
    for reference in (hidden, "0" * 32, "f" * 32, "nonsense", "", hidden.upper(), hidden[:31]):
        with pytest.raises(NotFound) as refused:
            show_record(filled.node, filled.officer(DE), reference)
        errors.append((refused.value.code, str(refused.value)))
    assert len(set(errors)) == 1
    assert filled.entries(DE)[0].act == "record_read"  # the attempt is in the ledger
    assert show_record(filled.node, filled.officer(NL), hidden).records == (hidden,)


def test_an_export_has_the_viewers_statements_each_with_its_handling(office: Office) -> None:
    strict = office.handling(
        codes=("H1", "H3"),
        restriction="Ask first; Zuid only",
        conditions=("no_court",),
        expires_on="2027-01-01",
        purposes=("18.2.a", "18.2.c"),
    )
    office.give(
        draft("1", name=Claim(property="name", value="Jan Vermeulen", original="JAN V", evaluation="B2")),
        handling=strict,
    )
    office.give(draft("2", name="Piet Hein"), handling=office.handling(communities=()))
    for who, names in ((NL, {"Jan Vermeulen", "Piet Hein"}), (DE, {"Jan Vermeulen"}), (VE, set())):
        found = export(office.node, office.officer(who))
        rows = list(csv.DictReader(io.StringIO(found.content.decode())))
        assert {row["value"] for row in rows} == names
        assert found.rows == len(rows)
        assert found.sha256 == hashlib.sha256(found.content).hexdigest()
        entry = office.entries(who)[0]
        assert (entry.act, dict(entry.details)["sha256"]) == ("export", found.sha256)
        assert entry.objects == tuple(sorted({row["record"] for row in rows}))
        assert all(row["handling_codes"] and row["classification"] and row["purposes"] for row in rows)
    (row,) = list(csv.DictReader(io.StringIO(export(office.node, office.officer(DE)).content.decode())))
    assert (row["handling_codes"], row["restriction"], row["conditions"]) == (
        "H0 H1 H3",
        strict.restriction,
        "no_court",
    )
    assert (row["purposes"], row["expires_on"], row["classification"]) == ("18.2.a 18.2.c", "2027-01-01", "BPL")
    assert (row["evaluation"], row["evaluation_given"], row["original"]) == ("B2", "yes", "JAN V")
    assert (row["owner"], row["subject_category"]) == (NL, "suspect_or_convicted")


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "\n=1"])
def test_no_cell_of_an_export_runs_in_a_spreadsheet(office: Office, value: str) -> None:
    office.give(draft("1", name="Jan Vermeulen", notes=value))
    found = export(office.node, office.officer(NL))
    (cell,) = [
        row["value"]
        for row in csv.DictReader(io.StringIO(found.content.decode(), newline=""))
        if row["property"] == "notes"
    ]
    assert cell == "'" + value


def test_a_record_of_nothing_but_statements_of_others_is_theirs(filled: Office) -> None:
    for view in (overview(filled.node, filled.officer(FR)),):
        for statement in view.newest:
            assert statement.owner == statement.handling.owner
            assert statement.owner != FR
