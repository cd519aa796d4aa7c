"""Figures that are taken: counted by the platform as the officer sees it, kept with what was counted, counted again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from personas import DE, FR, NL, Office, draft
from thread_cases import request

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.programme.register import Counting, Entry, Figure, Instrument, Measure, Source
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.picture.question_keeping import keep_question
from alidade.services.picture.question_terms import PictureQuestion
from alidade.services.programme.register import add_entry, keep_paper, read_paper
from alidade.services.programme.reports import ReportOrder, drafted
from alidade.services.programme.rounds import answer_round, hold_round
from alidade.services.programme.taking import recounted, take_figure, what_can_be_counted

TITLE = {"en": "Ports", "fr": "Ports", "es": "Puertos", "pt": "Portos"}
YEAR = {"since": dt.date(2026, 1, 1), "until": dt.date(2026, 12, 31)}


def officer(office: Office, who: str = NL, role: str = "policy_officer") -> Actor:
    return office.officer(who, role)


def paper(office: Office) -> str:
    measures = (Measure(key="1", title=TITLE),)
    body = Instrument(number="1/26", kind="action_plan", title=TITLE, measures=measures)
    return keep_paper(office.node, officer(office), body)


def draft_of(reference: str) -> Entry:
    return Entry(instrument=reference, measure="1", kind="result")


def figure_of(office: Office, reference: str, by: Actor) -> list[Figure]:
    standing = read_paper(office.node, by, reference).standings["1"]
    return [kept.entry.figure for kept in standing.history if kept.entry.figure is not None]


def asked(office: Office, instrument: str) -> str:
    round_ = Round(
        title=TITLE,
        instrument=instrument,
        questions=(Question(key="1", measure="1", text=TITLE),),
        asked=(DE, FR),
        opens=dt.date(2026, 6, 1),
        cut_off=dt.date(2026, 7, 1),
    )
    return hold_round(office.node, officer(office), round_)


def reply(office: Office, round_: str, who: str, state: str, *, publish: bool) -> None:
    answer = Answer(
        round=round_, state=state, parts=(Part(question="1", kind="done"),), submitted=True, publish=publish
    )
    answer_round(office.node, officer(office, who), answer)


def test_exchanges_are_counted_and_counted_again(office: Office) -> None:
    reference = paper(office)
    for _ in range(3):
        request(office, by=NL, to=FR)
    offers = {
        each.counting.what: each.counting for each in offered(office, "exchange") if each.counting.of == PROCEDURE
    }
    counting = msgspec.structs.replace(next(iter(offers.values())), **YEAR)
    by = officer(office)
    entry = take_figure(office.node, by, draft_of(reference), counting)
    (figure,) = figure_of(office, reference, by)
    assert figure.value == 3
    assert figure.source.counting == counting
    assert (figure.source.taken_by, figure.source.taken_at) == (str(by.officer), office.clock.now())
    assert set(figure.source.taken_texts) == {"en", "fr", "es", "pt"}
    assert recounted(office.node, by, [(entry, counting)])[entry].value == 3
    request(office, by=NL, to=FR)
    assert recounted(office.node, by, [(entry, counting)])[entry].value == 4
    (unchanged,) = figure_of(office, reference, by)
    assert unchanged.value == 3
    assert recounted(office.node, officer(office, DE), [(entry, counting)]) == {}


PROCEDURE = "information_request"


def offered(office: Office, kind: str, role: str = "policy_officer") -> list[Any]:
    found = what_can_be_counted(office.node, officer(office, NL, role), "fr")
    return [each for each in found if each.counting.kind == kind]


def test_small_numbers_are_not_taken(office: Office) -> None:
    reference = paper(office)
    request(office, by=NL, to=FR)
    counting = next(each.counting for each in offered(office, "exchange") if each.counting.of == PROCEDURE)
    with pytest.raises(Invalid) as refused:
        take_figure(office.node, officer(office), draft_of(reference), msgspec.structs.replace(counting, **YEAR))
    assert refused.value.code == "small_figure"
    with pytest.raises(Invalid) as without:
        take_figure(office.node, officer(office), draft_of(reference), counting)
    assert without.value.code == "period"
    assert figure_of(office, reference, officer(office)) == []


def test_two_viewers_take_two_numbers_of_one_round(office: Office) -> None:
    reference = paper(office)
    round_ = asked(office, reference)
    reply(office, round_, DE, "DEU", publish=False)
    reply(office, round_, FR, "FRA", publish=True)
    counting = Counting(kind="round", of=round_, what="done")
    for who in (NL, FR):
        take_figure(office.node, officer(office, who), draft_of(reference), counting)
    assert sorted(figure.value for figure in figure_of(office, reference, officer(office))) == [1, 2]
    said = drafted(
        office.node,
        officer(office),
        ReportOrder(template="progress_report", instrument=reference, language="fr"),
    )
    notes = [note.text for block in said.blocks for note in getattr(block, "notes", ())]
    assert any("Ports : réponses « réalisé »" in note for note in notes)


def test_a_kept_question_is_counted_with_the_rights_of_the_one_who_takes(office: Office) -> None:
    reference = paper(office)
    closed = office.handling(DE, communities=(), hit="silent")
    for place in range(3):
        office.give(draft(f"v{place}", "Vessel", name=f"Vessel {place}"), by=NL)
    office.give(draft("v9", "Vessel", name="Vessel of one"), by=DE, handling=closed)
    numbers = {}
    for who in (NL, DE):
        by = officer(office, who, "analyst")
        piece = keep_question(office.node, by, PictureQuestion(things=("Vessel",)), "Ships of Jan").piece
        counting = Counting(kind="question", of=piece)
        take_figure(office.node, by, draft_of(reference), counting)
        numbers[who] = [figure.value for figure in figure_of(office, reference, by)]
        assert "Jan" not in str(figure_of(office, reference, by))
        with pytest.raises(NotAllowed):
            take_figure(office.node, officer(office, who), draft_of(reference), counting)
    assert numbers == {NL: [3], DE: [4]}  # each for his own authority alone


def test_few_persons_are_not_counted_for_a_measure(office: Office) -> None:
    reference = paper(office)
    office.give(draft("p", name="Jan Vermeulen"), by=NL)
    by = officer(office, NL, "analyst")
    piece = keep_question(office.node, by, PictureQuestion(things=("Person",)), "Persons").piece
    with pytest.raises(Invalid) as refused:
        take_figure(office.node, by, draft_of(reference), Counting(kind="question", of=piece))
    assert refused.value.code == "small_figure"


def test_a_figure_that_says_it_was_counted_cannot_be_typed(office: Office) -> None:
    reference = paper(office)
    source = Source(taken="counted", counting=Counting(kind="round", of="0" * 32, what="done"))
    typed = Entry(
        instrument=reference, measure="1", kind="result", figure=Figure(value=9, unit="replies", source=source)
    )
    with pytest.raises(Invalid) as refused:
        add_entry(office.node, officer(office), typed)
    assert refused.value.code == "figure_not_taken"


def test_what_is_not_there_is_not_counted(office: Office) -> None:
    reference = paper(office)
    for counting in (
        Counting(kind="round", of="0" * 32, what="done"),
        Counting(kind="exchange", of="no_such", what="x", **YEAR),
        Counting(kind="exchange", of=PROCEDURE, what="no_such", **YEAR),
        Counting(kind="deadline", of="no_such", what="met", **YEAR),
    ):
        with pytest.raises(NotFound):
            take_figure(office.node, officer(office), draft_of(reference), counting)
    with pytest.raises(NotFound):
        take_figure(office.node, officer(office), draft_of("0" * 32), Counting(kind="round", of="0" * 32, what="done"))


def test_offers_are_what_the_role_may_count(office: Office) -> None:
    asked(office, paper(office))
    kinds = {
        role: {each.counting.kind for each in what_can_be_counted(office.node, officer(office, NL, role), "en")}
        for role in ("policy_officer", "analyst")
    }
    assert kinds == {"policy_officer": {"exchange", "deadline", "round"}, "analyst": {"round"}}
    with pytest.raises(NotAllowed):
        what_can_be_counted(office.node, office.officer(NL, "administrator"), "en")
