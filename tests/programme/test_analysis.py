"""Analysis: every State by every measure; silence and "not competent" never count; what differs is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from alidade.programme.analysis import HeldRound, board, stages, subjects_of, together
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.approved import approved
from alidade.programme.contradictions import contradictions
from alidade.programme.figure_tables import figure_tables
from alidade.programme.lists import codes
from alidade.programme.regions import region_of, regions
from alidade.programme.register import DocumentRef, Entry, Figure, Instrument, Measure, Source, Verification
from alidade.programme.remarks import obstacle_groups, remarks
from alidade.programme.rounds import Answer, KeptAnswer, Part, Question, Round
from alidade.programme.standing import KeptEntry, KeptVerification, stand
from alidade.programme.suppression import counts_people, hidden_cells, small_cells

PAPER, TODAY = "a" * 32, dt.date(2026, 11, 22)
KNOWN = frozenset({"BEL", "NLD", "FRA", "ESP", "PRT"})
TITLE = {"en": "Ports"}


def paper(*measures: Measure) -> Instrument:
    return Instrument(number="1/26", kind="action_plan", title=TITLE, measures=measures)


def kept(place: int, by: str = "nl", **more: Any) -> KeptEntry:
    fields: dict[str, Any] = {"instrument": PAPER, "measure": "1"} | more
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=place)
    return KeptEntry(reference=f"{place:032d}", authority=by, said_at=moment, entry=Entry(**fields))


def reply(state: str, *parts: Part, place: int = 50, **more: Any) -> KeptAnswer:
    answer = Answer(round="r" * 32, state=state, parts=parts, **({"submitted": True} | more))
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=place)
    return KeptAnswer(reference=state, authority=state.lower(), version=1, said_at=moment, answer=answer)


def held(*answers: KeptAnswer, states: tuple[str, ...] = ("BEL", "NLD", "FRA"), **questions: str) -> HeldRound:
    asked = tuple(Question(key=key, measure=measure, text=TITLE) for key, measure in (questions or {"1": "1"}).items())
    round_ = Round(title=TITLE, questions=asked, states=states, opens=dt.date(2026, 1, 1), cut_off=TODAY)
    return HeldRound(reference="r" * 32, round=round_, answers=answers)


def seen(measures: tuple[Measure, ...], entries: list[KeptEntry], rounds: list[HeldRound]) -> Any:
    return board(subjects_of(paper(*measures), rounds), entries, rounds, TODAY, known=KNOWN)


ONE = Measure(key="1", title=TITLE)


def test_every_status_and_every_kind_of_answer_has_one_stage() -> None:
    statuses = [status for stage in stages().values() for status in stage.statuses]
    kinds = [kind for stage in stages().values() for kind in stage.kinds]
    assert sorted(statuses) == sorted(codes("measure_statuses"))
    assert sorted(kinds) == sorted(answer_kinds())
    assert {kind for stage in stages().values() if stage.done for kind in stage.kinds} == {
        code for code, kind in answer_kinds().items() if kind.done
    }


def test_silence_and_not_competent_are_asked_and_never_done() -> None:
    answers = [reply("BEL", Part(question="1", kind="done")), reply("NLD", Part(question="1", kind="not-competent"))]
    found = seen((ONE,), [], [held(*answers)])
    tally = found.of_measure("1")
    assert (tally.asked, tally.done, tally.answered, tally.silent) == (3, 1, 2, 1)
    assert tally.stages == {"done": 1, "not_counted": 1, "silent": 1}
    assert sum(tally.stages.values()) == tally.asked
    assert (found.of_state("NLD").done, found.of_state("FRA").done) == (0, 0)


@pytest.mark.parametrize("kind", ["not-competent", "cross-reference", "no-information", "other"])
def test_what_is_no_progress_does_not_make_the_share_larger(kind: str) -> None:
    done = reply("BEL", Part(question="1", kind="done"))
    without = seen((ONE,), [], [held(done)]).of_measure("1")
    with_it = seen((ONE,), [], [held(done, reply("NLD", Part(question="1", kind=kind)))]).of_measure("1")
    assert (with_it.done, with_it.asked) == (without.done, without.asked)


def test_addressees_that_are_states_have_a_row_and_are_late_after_the_deadline() -> None:
    measure = Measure(key="1", title=TITLE, addressees=("BEL", "EUROPOL", "ESP"), deadline=dt.date(2026, 5, 1))
    found = seen((measure,), [kept(1, kind="status", status="under_way", state="BEL")], [])
    assert found.states == ("BEL", "ESP")
    assert [(cell.stage, cell.late) for cell in found.cells.values()] == [("under_way", True), ("silent", True)]
    done = seen((measure,), [kept(1, kind="status", status="done", state="BEL")], [])
    assert [cell.late for cell in done.cells.values()] == [False, True]


def test_who_is_not_asked_is_not_silent() -> None:
    two = Measure(key="2", title=TITLE, addressees=("BEL",))
    found = seen((ONE, two), [kept(1, kind="status", status="done", state="NLD")], [])
    assert found.cells["NLD", "2"].stage == ""
    assert found.of_state("NLD").asked == 1
    assert found.of_measure("1").asked == 1


def test_the_newest_counts_and_what_differs_is_named() -> None:
    entry = kept(60, kind="status", status="planned", state="BEL")
    rounds = [held(reply("BEL", Part(question="1", kind="done")))]
    found = seen((ONE,), [entry], rounds)
    cell = found.cells["BEL", "1"]
    assert (cell.stage, cell.stages) == ("planned", ("planned", "done"))
    assert found.of_measure("1").done == 0
    (differs,) = contradictions(found, [entry], rounds, {})
    assert [(differs.code, differs.state, [side.code for side in differs.sides])] == [
        ("status_differs", "BEL", ["done", "planned"])
    ]


def test_an_older_word_of_the_same_authority_is_no_contradiction() -> None:
    entries = [
        kept(1, kind="status", status="planned", state="BEL"),
        kept(2, kind="status", status="done", state="BEL"),
    ]
    cell = seen((ONE,), entries, []).cells["BEL", "1"]
    assert (cell.stage, cell.differs) == ("done", False)


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        (["done", "done"], "done"),
        (["done", "planned"], "partly"),
        (["done", "not_counted"], "done"),
        (["planned", "none"], "planned"),
        (["not_counted", "not_counted"], "not_counted"),
    ],
)
def test_two_questions_on_one_measure_are_done_only_where_both_are(said: list[str], stage: str) -> None:
    assert together(said) == stage


def test_the_questions_of_one_measure_meet_in_its_cell() -> None:
    answer = reply("BEL", Part(question="1a", kind="done"), Part(question="1b", kind="none"))
    found = seen((ONE,), [], [held(answer, **{"1a": "1", "1b": "1"})])
    assert (found.cells["BEL", "1"].stage, found.cells["BEL", "1"].differs) == ("partly", False)


def test_a_round_without_a_paper_is_followed_by_its_questions() -> None:
    rounds = [held(reply("BEL", Part(question="x", kind="done")), x="")]
    subjects = subjects_of(None, rounds)
    found = board(subjects, [], rounds, TODAY, known=KNOWN)
    assert ([each.key for each in subjects], found.cells["BEL", "x"].stage) == (["x"], "done")


def test_a_joint_reply_counts_for_each_state() -> None:
    rounds = [held(reply("BEL", Part(question="1", kind="done", joint_with=("PRT",))))]
    found = seen((ONE,), [], rounds)
    assert found.cells["PRT", "1"].stage == "done"
    assert found.of_measure("1").done == 2


def test_claims_without_evidence_are_found_and_evidence_ends_that() -> None:
    part = Part(question="1", kind="done")
    backed = Part(question="1", kind="done", evidence=(DocumentRef(number="2/26"),))
    rounds = [held(reply("BEL", part), reply("NLD", backed))]
    found = seen((ONE,), [], rounds)
    assert [cell.state for cell in found.asked() if cell.unevidenced] == ["BEL"]
    proof = kept(3, kind="document", document=DocumentRef(number="3/26"), state="BEL")
    assert not seen((ONE,), [proof], rounds).cells["BEL", "1"].unevidenced


def figure(value: float, unit: str = "seizures", of: str = "") -> Figure:
    return Figure(value=value, unit=unit, of=of, source=Source(document="9/26"))


def test_a_figure_that_differs_between_a_reply_and_an_entry_is_a_contradiction() -> None:
    entry = kept(1, kind="result", state="BEL", figure=figure(12))
    rounds = [held(reply("BEL", Part(question="1", kind="done", figures=(figure(15),))))]
    (found,) = contradictions(seen((ONE,), [entry], rounds), [entry], rounds, {})
    assert (found.code, [side.where for side in found.sides]) == ("figures_differ", ["entry", "answer"])
    same = [held(reply("BEL", Part(question="1", kind="done", figures=(figure(12),))))]
    assert contradictions(seen((ONE,), [entry], same), [entry], same, {}) == []


def test_entries_differ_only_where_they_speak_of_one_day() -> None:
    day = dt.date(2026, 3, 1)
    monthly = [kept(1, kind="result", figure=figure(1), day=day), kept(2, kind="result", figure=figure(2))]
    assert contradictions(seen((ONE,), monthly, []), monthly, [], {}) == []
    same = [kept(1, kind="result", figure=figure(1), day=day), kept(2, kind="result", figure=figure(2), day=day)]
    assert [each.code for each in contradictions(seen((ONE,), same, []), same, [], {})] == ["figures_differ"]


def test_done_and_contested_is_a_contradiction() -> None:
    entry = kept(1, kind="status", status="done", state="BEL")
    ruled = KeptVerification(
        reference="v",
        authority="es",
        said_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
        verification=Verification(entry=entry.reference, ruling="contested", reason="No ship was seen."),
    )
    standings = stand(paper(ONE), [entry], [ruled], TODAY)
    (found,) = contradictions(seen((ONE,), [entry], []), [entry], [], standings)
    assert (found.code, found.sides[1].authority, found.sides[1].reason) == ("contested", "es", "No ship was seen.")
    own = KeptVerification(reference="v", authority="nl", said_at=ruled.said_at, verification=ruled.verification)
    assert contradictions(seen((ONE,), [entry], []), [entry], [], stand(paper(ONE), [entry], [own], TODAY)) == []


def test_obstacles_stand_by_the_closed_list_with_their_texts() -> None:
    entries = [kept(1, kind="obstacle", obstacle="law", text={"en": "No law"}, state="BEL")]
    parts = (Part(question="1", kind="planned", obstacle="law", obstacle_text={"fr": "Pas de loi"}),)
    rounds = [held(reply("NLD", *parts), reply("FRA", Part(question="1", kind="none", obstacle="resources")))]
    groups = obstacle_groups(remarks(entries, rounds))
    assert [(group.code, group.times, group.states) for group in groups] == [
        ("law", 2, ("BEL", "NLD")),
        ("resources", 1, ("FRA",)),
    ]
    draft = [held(reply("NLD", *parts, submitted=False))]
    assert remarks([], draft) == []


def test_translations_that_nobody_approved_are_not_used() -> None:
    part = Part(question="1", kind="done", text={"en": "Gone", "fr": "Parti"}, good_practice={"fr": "Bien"})
    kept_answer = approved(reply("BEL", part, translated=("fr",)))
    assert kept_answer.answer.parts[0].text == {"en": "Gone"}
    assert kept_answer.answer.parts[0].good_practice == {}
    original = reply("BEL", part)
    assert approved(original) is original


def test_small_counts_of_people_are_not_said_and_cannot_be_worked_out() -> None:
    entries = [
        kept(place, by, kind="result", state=state, figure=figure(value, "arrests"))
        for place, (by, state, value) in enumerate([("be", "BEL", 2), ("nl", "NLD", 40), ("fr", "FRA", 7)])
    ]
    (table,) = figure_tables(entries, [])
    assert table.people
    assert table.cells == {("BEL", "2026"): None, ("NLD", "2026"): 40, ("FRA", "2026"): None}
    assert (table.totals, table.hidden) == ({"2026": 49}, 2)
    alone = figure_tables(entries[:1], [])[0]
    assert (alone.cells, alone.totals) == ({("BEL", "2026"): None}, {"2026": None})
    of_ships = figure_tables([kept(1, kind="result", state="BEL", figure=figure(2))], [])[0]
    assert (of_ships.cells, of_ships.people) == ({("BEL", "2026"): 2}, False)


def test_the_newest_figure_of_a_year_counts_and_shares_are_not_added() -> None:
    entries = [
        kept(1, kind="result", state="BEL", figure=figure(1), day=dt.date(2026, 2, 1)),
        kept(2, kind="result", state="BEL", figure=figure(5), day=dt.date(2026, 1, 1)),
        kept(3, kind="result", state="BEL", figure=figure(50, "%")),
    ]
    tables = figure_tables(entries, [])
    assert [table.cells for table in tables] == [{("BEL", "2026"): 1}, {("BEL", "2026"): 50}]
    assert [table.totals["2026"] for table in tables] == [1, None]


@pytest.mark.parametrize("seed", range(40))
def test_no_line_of_a_table_holds_one_hidden_cell_alone(seed: int) -> None:
    rows, columns = tuple("abcd"[: 1 + seed % 4]), tuple("xyz"[: 1 + seed % 3])
    cells = {(r, c): (seed * 7 + place * 5) % 6 for place, (r, c) in enumerate((r, c) for r in rows for c in columns)}
    hidden = hidden_cells(cells, rows, columns, 3)
    assert {place for place, count in cells.items() if 0 < count < 3} <= hidden
    lines = [[(r, c) for c in columns] for r in rows] + [[(r, c) for r in rows] for c in columns]
    for line in lines:
        inside = [place for place in line if place in hidden]
        assert len(inside) != 1 or len(line) == 1
        assert not inside or len(inside) == len(line) or sum(cells[place] for place in inside) >= 3
    if not any(0 < count < 3 for count in cells.values()):
        assert not hidden


def test_the_rule_on_small_cells_names_its_source() -> None:
    assert (small_cells().least, small_cells().verified, "223/2009" in small_cells().source) == (3, False, True)
    assert counts_people(Figure(value=1, unit="détenus", of="Personnes interpellées"))
    assert not counts_people(Figure(value=1, unit="containers"))


def test_every_state_stands_in_one_region_at_most() -> None:
    members = [state for region in regions().values() for state in region.members]
    assert len(members) == len(set(members))
    assert (region_of("PRT"), region_of("NLD"), region_of("COL"), region_of("???")) == ("039", "155", "005", "")
