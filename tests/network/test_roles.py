"""Roles: only ever candidates, only from acts; position never makes one."""

from __future__ import annotations

import json
from importlib.resources import files

import networkx as nx
import pytest

from alidade.model.errors import Invalid
from alidade.network import POSITION_ONLY, Graph, acts_of, role_table, roles


def star() -> Graph:
    return Graph.from_edges(["hub"] * 6, ["a", "b", "c", "d", "e", "f"])


def test_the_most_central_person_has_no_role_without_content() -> None:
    result = roles(star())
    hub = result.people["hub"]
    assert hub.position["betweenness"] == 1.0
    assert hub.candidates == ()
    assert hub.remark == POSITION_ONLY == "Position only: not a role."
    assert all(each.remark == POSITION_ONLY for each in result.people.values())


def test_acts_make_a_candidate_with_its_evidence_wherever_he_stands() -> None:
    result = roles(star(), {"a": {"transports": 3}, "b": {"is called": 1}})
    candidate = result.people["a"].candidates[0]
    assert candidate.role == "transporter"
    assert [(each.act, each.times) for each in candidate.evidence] == [("transports", 3.0)]
    assert candidate.by_position == 0.0
    assert "checked" in result.people["a"].remark
    assert result.people["b"].candidates == ()
    assert "no role" in result.people["b"].remark


def test_position_adds_a_little_to_evidence_and_only_where_the_table_says_so() -> None:
    acts = {"instructs": 2.0}
    result = roles(star(), {"hub": acts, "a": acts})
    central, outer = (result.people[each].candidates[0] for each in ("hub", "a"))
    assert central.role == outer.role == "coordinator"
    assert outer.support == pytest.approx(0.6)
    assert 0 < central.by_position <= role_table().position_most
    assert central.support == pytest.approx(0.6 + central.by_position)
    moved = roles(star(), {"hub": {"transports": 2}}).people["hub"].candidates[0]
    assert moved.by_position == 0.0


def test_no_position_lets_somebody_pass_who_does_too_little() -> None:
    below = roles(star(), {"hub": {"calls": 10, "is called": 0}})
    assert below.people["hub"].candidates == ()
    assert roles(star(), {"hub": {"calls": 10}}, least=0.1).people["hub"].candidates


def test_acts_are_counted_from_the_links_of_a_picture() -> None:
    ties = [
        ("Payment", "a", "b"), ("Payment", "a", "c"), ("Directorship", "d", "firm"), ("Control", "a", "d"),
        ("Use", "a", "phone"),
    ]  # fmt: skip
    found = acts_of(ties)
    assert found["a"] == {"pays": 2.0, "controls": 1.0}
    assert found["d"] == {"directs company": 1.0, "is controlled": 1.0}
    assert found["b"] == {"is paid": 1.0}
    assert "phone" not in found


def test_the_table_has_source_and_date_and_is_shown_as_unverified() -> None:
    table = role_table()
    assert table.source
    assert table.date
    assert not table.verified
    known = {each.act for each in table.acts}
    for role in table.entries:
        assert {"en", "fr", "es", "pt"} <= role.label.keys()
        assert all(rule.act in known and rule.least > 0 and rule.weight > 0 for rule in role.rules)
        assert sum(rule.weight for rule in role.rules) >= 0.9
    result = roles(star())
    assert (result.source, result.date, result.verified) == (table.source, table.date, False)
    things = json.loads(files("alidade.vocabulary").joinpath("data", "things.json").read_text(encoding="utf-8"))
    names = {each["name"] for each in things["entries"]}
    kinds = {kind for each in table.acts for kind, _ in each.origin}
    assert {each for each in kinds if each[0].isupper()} <= names


def test_what_cannot_be_taken_is_refused() -> None:
    with pytest.raises(Invalid, match="acts is unknown"):
        roles(star(), {"a": {"looks shady": 1}})
    with pytest.raises(Invalid, match="least support"):
        roles(star(), least=0.0)


def test_positions_are_shares_of_those_below() -> None:
    path = nx.path_graph(5)
    result = roles(Graph.from_edges([one for one, _ in path.edges], [two for _, two in path.edges]))
    assert [result.people[each].position["betweenness"] for each in range(5)] == [0.0, 0.5, 1.0, 0.5, 0.0]
    assert [result.people[each].position["degree"] for each in range(5)] == [0.0, 0.5, 0.5, 0.5, 0.0]
