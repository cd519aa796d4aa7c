"""The rehearsal of the follow-up: no page of the room is empty, and all of it says that it is invented."""

from __future__ import annotations

import pytest

from alidade.model.ids import OfficerId
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.programme.evaluations import evaluations, read_evaluation
from alidade.services.programme.register import papers, read_paper
from alidade.services.programme.reports import agenda, reports
from alidade.services.programme.rounds import read_round
from alidade.services.rehearsal import enter_everybody
from alidade.services.rehearsal_programme import RehearsedProgramme, rehearse_programme
from alidade.simulation import cocaine_route


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Node, RehearsedProgramme]:
    scenario = cocaine_route()
    node = Node.open(tmp_path_factory.mktemp("programme"))
    enter_everybody(node, scenario.authorities, scenario.agreements)
    return node, rehearse_programme(node)


def test_the_plan_shows_every_state_of_things(played: tuple[Node, RehearsedProgramme]) -> None:
    node, made = played
    reader = act_as(node, OfficerId("pt-judicial/policy"), purpose="18.2.a")
    paper = read_paper(node, reader, made.plan)
    assert {key: standing.status for key, standing in paper.standings.items()} == {
        "1": "done", "2": "under_way", "3": "partly_done", "4": None, "5": None,
    }  # fmt: skip
    assert paper.standings["1"].verified
    found = {finding.code for standing in paper.standings.values() for finding in standing.findings}
    assert found >= {"late", "contested", "no_deadline", "silent"}
    assert paper.uncarried == ["3", "5"]
    assert all("invented" in line.kept.body.title["en"] for line in papers(node, reader))


def test_the_round_has_joint_silent_and_unfinished_answers(played: tuple[Node, RehearsedProgramme]) -> None:
    node, made = played
    held = read_round(node, act_as(node, OfficerId("be-customs/policy"), purpose="18.2.a"), made.round)
    assert held.cells["PRT", "2"].spoken_by == "ESP"
    assert held.silent == ["NLD"]
    assert sum(count.done for count in held.counts.values()) == 1


def test_one_evaluation_is_late_in_its_follow_up_and_one_before_its_visit(
    played: tuple[Node, RehearsedProgramme],
) -> None:
    node, made = played
    reader = act_as(node, OfficerId("es-gendarmerie/policy"), purpose="18.2.a")
    lines = evaluations(node, reader)
    assert [(line.kept.reference, line.kept.body.stage, line.due and line.due.late) for line in lines] == [
        (made.evaluations.followed_up, "follow_up", True),
        (made.evaluations.before_visit, "visit", False),
    ]
    seen = read_evaluation(node, reader, made.evaluations.followed_up)
    assert (seen.lacking, sorted(seen.facts.replied)) == (["follow_up_answered"], ["1", "2"])
    assert seen.standings["1"].verified


def test_calendar_and_reports_are_not_empty(played: tuple[Node, RehearsedProgramme]) -> None:
    node, made = played
    reader = act_as(node, OfficerId("nl-police/policy"), purpose="18.2.a")
    happenings, _ = agenda(node, reader, "en")
    assert {each.kind for each in happenings} >= {"meeting", "presidency", "deadline", "cut_off", "visit", "follow_up"}
    (report,) = reports(node, reader)
    assert report.reference == made.report
