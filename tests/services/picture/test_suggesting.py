"""Suggesting: what might be the same, by doubt or certainty, within rights and conditions, until it is ruled on."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import Conflict, NotFound
from alidade.services import jobs
from alidade.services.picture import suggesting
from alidade.services.picture.judging import judge, rule
from alidade.services.picture.pairs import compare_records, suggestions_for
from alidade.services.picture.suggesting import Order, looks, order_suggestions, stop_look, suggestions

SAID = {"name": "Wouter Dijkgraaf", "birthDate": "1970-02-13", "nationality": "NL"}


@pytest.fixture
def desk(office: Office) -> dict[str, str]:
    """Three records of one man, one of another, and two of one telephone; records by a short name."""
    nl = office.give(draft("1", **SAID, passportNumber="NXR4821P7"), draft("2", name="Agnes Zoutman"))
    de = office.give(draft("1", **SAID, passportNumber="NXR4821P7"), draft("7", "Phone", number="+31612345678"), by=DE)
    fr = office.give(
        draft("1", name="Wouter DIJKGRAF", birthDate="1970-02-13"), draft("7", "Phone", number="+31612345678"), by=FR
    )
    return {
        "nl": nl.records["1"], "agnes": nl.records["2"], "de": de.records["1"], "fr": fr.records["1"],
        "phone de": de.records["7"], "phone fr": fr.records["7"],
    }  # fmt: skip


def _pairs(office: Office, who: str = NL, order: Order = "certainty") -> list[frozenset[str]]:
    page = suggestions(office.node, office.officer(who), order=order)
    assert page.total == len(page.suggestions)
    return [frozenset((each.left, each.right)) for each in page.suggestions]


def test_what_is_alike_is_suggested_with_its_reasons(office: Office, desk: dict[str, str]) -> None:
    page = suggestions(office.node, office.officer(NL), order="certainty")
    first = page.suggestions[0]
    assert {first.left, first.right} == {desk["nl"], desk["de"]}
    said = dict(first.explanation)
    assert said["document"] > 10
    assert said["birth_date"] > 0
    assert first.score == pytest.approx(1 / (1 + 2 ** -sum(said.values())), abs=0.01)
    found = _pairs(office)
    assert {frozenset((desk["nl"], desk["fr"])), frozenset((desk["phone de"], desk["phone fr"]))} <= set(found)
    assert not any(desk["agnes"] in pair for pair in found)


def test_by_doubt_the_nearest_to_an_even_chance_comes_first(office: Office, desk: dict[str, str]) -> None:
    page = suggestions(office.node, office.officer(NL), order="doubt")
    doubt = [abs(sum(bits for _, bits in each.explanation)) for each in page.suggestions]
    assert doubt == sorted(doubt)
    assert len(doubt) == 4


def test_a_ruling_of_ours_or_a_join_takes_a_pair_from_the_list(office: Office, desk: dict[str, str]) -> None:
    judge(office.node, office.officer(NL), desk["nl"], desk["fr"], "not_the_same", "twins", office.handling())
    assert frozenset((desk["nl"], desk["fr"])) not in _pairs(office)
    assert frozenset((desk["nl"], desk["fr"])) in _pairs(office, DE)  # theirs is not ours
    judge(office.node, office.officer(DE), desk["nl"], desk["de"], "same", "r", office.handling(DE))
    assert frozenset((desk["nl"], desk["de"])) not in _pairs(office)  # joined already
    rule(
        office.node, office.officer(NL), desk["phone de"], desk["phone fr"], "same", "r", office.handling(),
        second_officer=True,
    )  # fmt: skip
    assert frozenset((desk["phone de"], desk["phone fr"])) not in _pairs(office)  # waits for a second officer


def test_pages_are_parts_of_one_list(office: Office, desk: dict[str, str]) -> None:
    actor = office.officer(NL)
    for order in ("doubt", "certainty"):
        whole = suggestions(office.node, actor, order=order).suggestions
        seen, after = [], ""
        for _ in range(5):
            page = suggestions(office.node, actor, order=order, after=after, size=1)
            seen += page.suggestions
            after = page.following
            if not after:
                break
        assert tuple(seen) == whole
    assert suggestions(office.node, actor, order="certainty", after="nonsense").suggestions == whole


def test_what_may_not_be_compared_by_machines_is_not_suggested(office: Office, desk: dict[str, str]) -> None:
    before = _pairs(office)
    barred = office.handling(DE, conditions=("no_automated_match",))
    office.give(draft("9", **SAID, passportNumber="NXR4821P7"), by=DE, handling=barred)
    assert set(_pairs(office)) == set(before)
    assert len(_pairs(office, DE)) > len(before)  # to its owner it is his own


def test_what_is_hidden_changes_neither_count_nor_order(office: Office, desk: dict[str, str]) -> None:
    before = suggestions(office.node, office.officer(NL))
    alone = suggestions_for(office.node, office.officer(NL), desk["nl"])
    office.give(draft("9", **SAID, passportNumber="NXR4821P7"), by=FR, handling=office.handling(FR, communities=()))
    assert suggestions(office.node, office.officer(NL)) == before
    assert suggestions_for(office.node, office.officer(NL), desk["nl"]) == alone
    assert _pairs(office, VE) == []


def test_what_might_be_the_same_as_one_record(office: Office, desk: dict[str, str]) -> None:
    found = suggestions_for(office.node, office.officer(NL), desk["nl"])
    assert [each.side.record for each in found] == [desk["de"], desk["fr"]]
    assert found[0].side.caption == "Wouter Dijkgraaf"
    assert sum(part.contribution for part in found[1].parts) == pytest.approx(found[1].score)
    numbers = suggestions_for(office.node, office.officer(NL), desk["phone de"])
    assert [each.side.record for each in numbers] == [desk["phone fr"]]
    judge(office.node, office.officer(NL), desk["nl"], desk["de"], "unsure", "r", office.handling())
    assert [each.side.record for each in suggestions_for(office.node, office.officer(NL), desk["nl"])] == [desk["fr"]]
    with pytest.raises(NotFound):
        suggestions_for(office.node, office.officer(VE), desk["nl"])


def test_two_records_side_by_side(office: Office, desk: dict[str, str]) -> None:
    found = compare_records(office.node, office.officer(NL), desk["nl"], desk["fr"])
    assert {line.property: line.agreement for line in found.lines} == {
        "name": "alike", "birthDate": "same", "nationality": "left", "passportNumber": "left",
    }  # fmt: skip
    assert found.score is not None
    assert sum(part.contribution for part in found.parts) == pytest.approx(found.score)
    assert not found.joined
    hidden = office.give(draft("9", name="X"), by=FR, handling=office.handling(FR, communities=())).records["9"]
    for other in (hidden, "0" * 32, desk["nl"]):
        with pytest.raises(NotFound):
            compare_records(office.node, office.officer(NL), desk["nl"], other)


def test_a_large_desk_is_looked_through_as_long_work(
    office: Office, desk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = suggestions(office.node, office.officer(NL))
    monkeypatch.setattr(suggesting, "MOST_AT_ONCE", 3)
    with pytest.raises(Conflict):
        suggestions(office.node, office.officer(NL))
    reference = order_suggestions(office.node, office.officer(NL))
    assert [each.ended for each in looks(office.node, office.officer(NL))] == [False]
    assert jobs.run_next(office.node)
    (look,) = looks(office.node, office.officer(NL))
    assert (look.ended, look.found, look.done) == (True, 4, look.total)
    page = suggestions(office.node, office.officer(NL), look=reference)
    assert page.suggestions == whole.suggestions
    judge(office.node, office.officer(NL), desk["nl"], desk["fr"], "unsure", "r", office.handling())
    assert suggestions(office.node, office.officer(NL), look=reference).total == 3
    for stranger in (office.officer(DE), office.officer(NL, "analyst"), office.officer(NL, purpose="18.2.c")):
        with pytest.raises(NotFound):
            suggestions(office.node, stranger, look=reference)


def test_a_look_can_be_stopped_and_ends_with_the_rights_it_was_made_under(office: Office, desk: dict[str, str]) -> None:
    first = order_suggestions(office.node, office.officer(NL))
    stop_look(office.node, office.officer(NL), first)
    jobs.run_next(office.node)
    second = order_suggestions(office.node, office.officer(NL))
    jobs.run_next(office.node)
    assert suggestions(office.node, office.officer(NL), look=second).total == 4
    office.join(NL, "otf-lime")
    with pytest.raises(NotFound):
        suggestions(office.node, office.officer(NL), look=second)
