"""Standing checks, feedback and the day at the command line."""

from __future__ import annotations

from desk import ADMIN, ANALYST, CASE, FOREIGN, GROUNDS, PORTUGUESE, Desk

UNTIL = "2100-01-01"
NEW = FOREIGN.replace("Figueiroa", "Nieuwkomer").replace("Sebastiana", "Ysolde")


def _soon(desk: Desk) -> str:
    """A day within the term, whatever day it is today."""
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def test_keep_look_and_end(desk: Desk) -> None:
    too_long = desk.run("standing", "keep", "Ysolde Nieuwkomer", "--until", UNTIL, *GROUNDS, "--as", ANALYST)
    assert (too_long.code, "Nieuwkomer" in too_long.err) == (2, False)
    kept = desk.ask("standing", "keep", "Ysolde Nieuwkomer", "--until", _soon(desk), *GROUNDS, officer=ANALYST)
    assert (kept["answer"], kept["hits"]) == ("no_hit", 0)
    assert "Nothing new that you may learn of." in desk.run("standing", "look", "--as", ANALYST).out
    desk.give("new.csv", NEW, PORTUGUESE, "--category", "suspect_or_convicted", "--community", "all")
    run = desk.ask("standing", "run")
    assert (run["asked"], run["not_asked"], run["met"]) == (0, 0, 0), "asked a moment ago"
    told = desk.ask("standing", "look", officer=ANALYST)
    assert [(news["owner"], news["content"], news["new"]) for news in told["told"]] == [("pt-pj", True, True)]
    assert desk.ask("standing", "look", officer=ANALYST)["told"] == []
    assert len(desk.ask("standing", "look", "--all", officer=ANALYST)["told"]) == 1
    assert "Ysolde Nieuwkomer" in desk.run("standing", "list", "--as", ANALYST).out
    other, absent = (desk.run("standing", "end", r, "--as", CASE) for r in (kept["standing"], "0" * 32))
    assert (other.code, other.err) == (4, absent.err)
    assert desk.run("standing", "end", kept["standing"], "--as", ANALYST).code == 0
    assert desk.run("standing", "end", kept["standing"], "--as", ANALYST).code == 5
    feedback = desk.run("feedback", "--as", PORTUGUESE)
    assert "not matched yet" in feedback.out
    (met,) = [fate for fate in desk.ask("feedback", officer=PORTUGUESE) if fate["matched"]]
    assert desk.ask("feedback", met["contribution"], officer=PORTUGUESE)["met"][0]["asker"] == "nl-politie"
    assert "nl-politie" in desk.run("feedback", met["contribution"], "--as", PORTUGUESE).out


def test_the_day_holds_counts(desk: Desk) -> None:
    day = desk.ask("day", officer=ANALYST)
    assert day["records_waiting_for_a_category"] == 1
    assert desk.names["nl hit"] in day["hits"]
    shown = desk.run("day", "--as", ADMIN)
    assert "hits to judge" not in shown.out
    assert "proposals waiting" in shown.out
