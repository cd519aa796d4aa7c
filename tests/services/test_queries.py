"""Queries: counts and facts of one's own authority's checks; what was asked is opened one by one and logged."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office, draft

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.services.queries import (
    Pattern,
    Wanted,
    count_queries,
    list_queries,
    open_question,
    query_patterns,
)


def _busy(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    office.give(draft("2", name="Piet Hein"), handling=office.handling(communities=()))
    office.ask(NL, "Jan Vermeulen")
    office.ask(office.officer(NL, "analyst", legal_ground="prevention"), "Wilhelmina Oosterhuis")
    office.clock.move(hours=14)  # 23:00 UTC
    office.ask(NL, "Wilhelmina Oosterhuis")
    office.clock.move(days=7)
    office.ask(DE, "Jan Vermeulen")
    office.ask(DE, "Piet Hein")


def _dpo(office: Office, authority: str = NL):  # type: ignore[no-untyped-def]
    return office.officer(authority, "data_protection_officer")


def test_counts_by_every_dimension_are_of_ones_own_checks_alone(office: Office) -> None:
    _busy(office)
    for by, expected in {
        "officer": {f"{NL}/case_officer": (2, 1, 0, 1, 1), f"{NL}/analyst": (1, 0, 0, 1, 0)},
        "purpose": {"18.2.a": (3, 1, 0, 2, 1)},
        "legal_ground": {"criminal_investigation": (2, 1, 0, 1, 1), "prevention": (1, 0, 0, 1, 0)},
        "day": {"2026-06-16": (3, 1, 0, 2, 1)},
        "week": {"2026-06-15": (3, 1, 0, 2, 1)},
        "kind": {"hit": (1, 1, 0, 0, 0), "no_hit": (2, 0, 0, 2, 1)},
    }.items():
        table = count_queries(office.node, _dpo(office), Wanted(), by)  # type: ignore[arg-type]
        found = {
            line.key: (line.checks, line.hits, line.without_content, line.no_hit, line.outside) for line in table.lines
        }
        assert found == expected, by
        assert (table.whole.checks, table.total_lines) == (3, len(expected))
    other = count_queries(office.node, _dpo(office, DE), Wanted(), "kind")
    assert {line.key: line.checks for line in other.lines} == {"hit": 1, "hit_without_content": 1}


def test_days_are_those_of_the_time_zone(office: Office) -> None:
    _busy(office)
    there = Wanted(zone="Asia/Tokyo")
    table = count_queries(office.node, _dpo(office), there, "day")
    assert [(line.key, line.checks) for line in table.lines] == [("2026-06-16", 2), ("2026-06-17", 1)]
    late = Wanted(zone="Asia/Tokyo", since="2026-06-17", until="2026-06-17")
    assert count_queries(office.node, _dpo(office), late, "day").whole.checks == 1


def test_the_list_behind_a_count_is_filtered_and_paged(office: Office) -> None:
    _busy(office)
    page = list_queries(office.node, _dpo(office), Wanted(), size=2)
    assert (len(page.checks), page.total) == (2, 3)
    assert page.checks[0].asked_at > page.checks[1].asked_at
    rest = list_queries(office.node, _dpo(office), Wanted(), start=2, size=2)
    assert len(rest.checks) == 1
    assert not {check.reference for check in rest.checks} & {check.reference for check in page.checks}
    late = list_queries(office.node, _dpo(office), Wanted(outside=True))
    assert [check.kind for check in late.checks] == ["no_hit"]
    assert list_queries(office.node, _dpo(office), Wanted(kind="hit")).total == 1
    assert list_queries(office.node, _dpo(office), Wanted(officer=f"{DE}/case_officer")).total == 0
    assert "Vermeulen" not in repr(page)


def test_what_stands_out_is_a_fact(office: Office) -> None:
    _busy(office)
    assert query_patterns(office.node, _dpo(office), Wanted(until="2026-06-15")) == ()
    for _ in range(10):
        office.ask(office.officer(NL, "analyst"), "  wilhelmina OOSTERHUIS")
    found = query_patterns(office.node, _dpo(office), Wanted(officer=f"{NL}/analyst"))
    assert [(one.fact, one.counted, one.of) for one in found] == [
        ("mostly_no_hit", 11, 11),
        ("outside_hours", 10, 11),
        ("same_question", 11, 11),
    ]
    assert all(isinstance(one, Pattern) and "osterhuis" not in repr(one).casefold() for one in found)
    assert query_patterns(office.node, _dpo(office, DE), Wanted()) == (
        Pattern(fact="outside_hours", officer=f"{DE}/case_officer", counted=2, of=2),
    )


def test_a_question_is_opened_for_a_reason_and_the_opening_is_logged(office: Office) -> None:
    _busy(office)
    answer = office.ask(NL, "Jan Vermeulen", birth_date="1964")
    opened = open_question(office.node, _dpo(office), answer.check, "lawfulness")
    assert opened.question is not None
    assert (opened.question.text, opened.question.birth_date) == ("Jan Vermeulen", "1964")
    assert (opened.case, opened.justification, opened.answers) == ("case-1", "seen on the spot", (("hit", None),))
    entry = office.entries(NL)[0]
    assert (entry.act, entry.objects) == ("ledger_read", (answer.check,))
    assert dict(entry.details) == {"view": "question", "reason": "lawfulness"}
    for check, reason, error in (
        (answer.check, "curiosity", Invalid),
        ("f" * 32, "lawfulness", NotFound),
        (office.ask(DE, "Jan Vermeulen").check, "lawfulness", NotFound),
    ):
        with pytest.raises(error):
            open_question(office.node, _dpo(office), check, reason)


def test_every_look_leaves_its_entry(office: Office) -> None:
    _busy(office)
    dpo = _dpo(office)
    for look in (
        lambda: count_queries(office.node, dpo, Wanted(officer=f"{NL}/analyst"), "day"),
        lambda: list_queries(office.node, dpo, Wanted()),
        lambda: query_patterns(office.node, dpo, Wanted()),
    ):
        before = office.ledger_size()
        look()
        assert office.ledger_size() == before + 1
        assert office.newest_entry() == ("ledger_read", "allowed")


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(since="2026-13-01"),
        Wanted(since="yesterday"),
        Wanted(until="9999-12-31"),
        Wanted(since="2026-06-17", until="2026-06-16"),
        Wanted(zone="Mars/Olympus"),
        Wanted(zone="../../etc/passwd"),
        Wanted(opens=25),
    ],
)
def test_a_wrong_period_is_refused(office: Office, wanted: Wanted) -> None:
    with pytest.raises(Invalid):
        count_queries(office.node, _dpo(office), wanted, "day")


def test_others_may_not(office: Office) -> None:
    for role in ("administrator", "case_officer"):
        with pytest.raises(NotAllowed):
            count_queries(office.node, office.officer(NL, role), Wanted(), "day")
