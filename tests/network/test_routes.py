"""Routes: legs, corridors, transit countries, betweenness, time, and what the records do not say."""

from __future__ import annotations

import math
from datetime import date, datetime

import networkx as nx
import pytest

from alidade.model.errors import Invalid
from alidade.network import Graph, Movement, routes
from alidade.network.movements import country_of
from alidade.network.route_lines import leg_betweenness


def leg(source: str, target: str, day: int, subject: str | None = "v1", **more: object) -> Movement:
    return Movement(
        source=source, target=target, departed=date(2026, 1, day), arrived=date(2026, 1, day + 1), subject=subject,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_legs_are_counted_and_weighted_by_their_probability() -> None:
    found = routes([leg("ECGYE", "NLRTM", 1), leg("ECGYE", "NLRTM", 9, "v2", probability=0.5, means="vessel")])
    only = found.legs[0]
    assert (only.source, only.target, only.count, only.expected, only.share) == ("ECGYE", "NLRTM", 2, 1.5, 1.0)
    assert dict(only.means) == {"vessel": 1}
    assert (only.first, only.last) == (date(2026, 1, 1), date(2026, 1, 9))
    assert (found.entropy, found.evenness) == (0.0, 0.0)


def test_journeys_make_corridors_and_transit_countries() -> None:
    records = []
    for subject, start in (("v1", 1), ("v2", 10)):
        records += [leg("ECGYE", "PAONX", start, subject), leg("PAONX", "NLRTM", start + 4, subject)]
    records += [leg("ECGYE", "NLRTM", 20, "v3")]
    found = routes(records)
    assert [(each.places, each.count, each.subjects) for each in found.corridors] == [
        (("ECGYE", "PAONX", "NLRTM"), 2, 2)
    ]
    assert [(each.country, each.journeys, each.share) for each in found.transits] == [("PA", 2, 1.0)]
    panama = next(each for each in found.places if each.place == "PAONX")
    assert (panama.arrivals, panama.departures, panama.transits, panama.country) == (2, 2, 2, "PA")
    assert found.entropy == pytest.approx(-sum(p * math.log2(p) for p in (0.4, 0.4, 0.2)))
    assert found.evenness == pytest.approx(found.entropy / math.log2(3))


def test_port_calls_of_one_subject_make_legs_unless_too_long_between() -> None:
    calls = [
        Movement(target=place, arrived=datetime(2026, 1, day, 8), subject="v1", kind="port_call")  # noqa: DTZ001
        for place, day in (("ECGYE", 1), ("PAONX", 6), ("PAONX", 7), ("NLRTM", 25))
    ]
    found = routes(calls, least=1)
    assert {(each.source, each.target) for each in found.legs} == {("ECGYE", "PAONX"), ("PAONX", "NLRTM")}
    assert {(each.source, each.target) for each in routes(calls, stay_days=10).legs} == {("ECGYE", "PAONX")}


def test_a_break_in_a_journey_is_a_gap_and_no_corridor() -> None:
    found = routes([leg("ECGYE", "PAONX", 1), leg("BRSSZ", "NLRTM", 5)], least=1)
    assert found.corridors == ()
    assert ("journeys that begin elsewhere than the last one ended", 1) in [(e.reason, e.count) for e in found.gaps]


def test_seizures_are_counted_where_they_were_made_and_make_no_journey() -> None:
    seized = Movement(target="NLRTM", kind="seizure", quantity=300.0, arrived=date(2026, 2, 1), subject="v1")
    traced = Movement(target="NLRTM", source="ECGYE", kind="seizure", quantity=200.0, arrived=date(2026, 2, 2))
    found = routes([seized, traced, leg("ECGYE", "NLRTM", 1)])
    rotterdam = next(each for each in found.places if each.place == "NLRTM")
    assert (rotterdam.seizures, rotterdam.quantity) == (2, 500.0)
    assert (found.legs[0].count, found.legs[0].seizures) == (2, 1)
    assert ("seizures without a route to them", 1) in [(each.reason, each.count) for each in found.gaps]


def test_shares_in_time_sum_to_one_in_each_period() -> None:
    records = [leg("ECGYE", "NLRTM", 1), leg("ECGYE", "BEANR", 2, "v2"), leg("BRSSZ", "BEANR", 3, "v3")]
    records.append(Movement(source="BRSSZ", target="BEANR", departed=date(2026, 4, 1)))
    found = routes(records, period="quarter")
    assert list(found.shares) == ["2026-Q1", "2026-Q2"]
    assert dict(found.seen) == {"2026-Q1": 3, "2026-Q2": 1}
    assert all(sum(each.values()) == pytest.approx(1.0) for each in found.shares.values())
    assert list(routes(records, period="year").shares) == ["2026"]


def test_betweenness_of_places_and_legs_agrees_with_an_independent_library() -> None:
    oracle = nx.gnp_random_graph(25, 0.12, seed=3, directed=True)
    names = {number: f"P{number:04d}" for number in oracle}
    records = [Movement(source=names[one], target=names[two]) for one, two in oracle.edges]
    found = routes(records)
    places = nx.betweenness_centrality(oracle)
    n = len(found.places)
    for each in found.places:
        size = oracle.number_of_nodes()
        scaled = places[int(each.place[1:])] * (size - 1) * (size - 2) / ((n - 1) * (n - 2))
        assert each.betweenness == pytest.approx(scaled)
    graph = Graph.from_edges([one for one, _ in oracle.edges], [two for _, two in oracle.edges], directed=True)
    legs = nx.edge_betweenness_centrality(oracle.subgraph(graph.ids))
    assert leg_betweenness(graph) == pytest.approx(legs)


def test_countries_come_from_the_code_or_the_record() -> None:
    assert country_of("NLRTM") == "NL"
    assert country_of("NL RTM") == "NL"
    assert country_of("NL") == "NL"
    assert country_of("Rotterdam") is None
    found = routes([Movement(source="Gate 4", target="NLRTM", source_country="MA")])
    assert {each.place: each.country for each in found.places} == {"Gate 4": "MA", "NLRTM": "NL"}


def test_what_the_records_lack_is_counted() -> None:
    found = routes([Movement(source="somewhere", target="NLRTM"), Movement(target="BEANR", arrived=date(2026, 1, 1))])
    gaps = {each.reason: each.count for each in found.gaps}
    assert gaps["records without a time"] == 1
    assert gaps["movements without a place of departure"] == 1
    assert gaps["movements without a subject, which make no journey"] == 2
    assert gaps["places without a known country"] == 1
    assert (found.records, found.seed, found.parameters["period"]) == (2, 0, "month")


def test_what_cannot_be_taken_is_refused() -> None:
    with pytest.raises(Invalid, match="no routes"):
        routes([])
    with pytest.raises(Invalid, match="between 0 and 1"):
        routes([Movement(target="NLRTM", probability=1.2)])
    with pytest.raises(Invalid, match="no place"):
        routes([Movement(target="")])
    with pytest.raises(Invalid, match="three places"):
        routes([Movement(target="NLRTM")], longest=2)
