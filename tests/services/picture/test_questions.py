"""Questions to the picture: each condition answered right, from what the viewer may see; at once and as long work."""

from __future__ import annotations

import pytest
from linked_cases import refers
from personas import DE, FR, NL, VE, Office, draft
from question_cases import give_ports, ports_question

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services import jobs
from alidade.services.correcting import erase_record
from alidade.services.picture import questions
from alidade.services.picture.chart_state import Named
from alidade.services.picture.judging import judge
from alidade.services.picture.question_terms import (
    Group,
    Near,
    PictureQuestion,
    Said,
    Seen,
    Tied,
    checked,
    decode_question,
    encode_question,
    read_question,
)
from alidade.services.picture.questions import (
    QuestionAnswer,
    ask_question,
    question_run,
    question_runs,
    stop_question,
    word_question,
)


def names(office: Office, question: PictureQuestion, who: str = NL) -> set[str]:
    """What the things in the answer are called."""
    answer = ask_question(office.node, office.officer(who), question)
    assert isinstance(answer, QuestionAnswer)
    return {each.thing.caption for each in answer.found}


def vessels(*conditions: object, **more: object) -> PictureQuestion:
    """A question for vessels."""
    return PictureQuestion(things=("Vessel",), where=Group(conditions=conditions), **more)  # type: ignore[arg-type]


def test_vessels_seen_in_two_of_these_ports_within_thirty_days_of_a_seizure(office: Office) -> None:
    ids = give_ports(office)
    # Alba at a terminal of Rotterdam 13 days before and in Antwerp 15 days after; Cora two days around that of hashish.
    assert names(office, ports_question(ids)) == {"Alba", "Cora", "Bora"}
    assert names(office, ports_question(ids, substance="cocaine")) == {"Alba", "Bora"}
    assert names(office, ports_question(ids, substance="cocaine", days=14)) == {"Bora"}
    assert names(office, ports_question(ids, substance="cannabis resin")) == {"Cora"}
    assert names(office, ports_question(ids, substance="heroin")) == set()
    assert names(office, ports_question(ids, at="these")) == {"Alba", "Bora", "Cora"}
    assert names(office, ports_question(ids, at="there")) == set()  # no seizure in Rotterdam
    answer = ask_question(office.node, office.officer(NL), ports_question(ids, substance="cocaine"))
    assert isinstance(answer, QuestionAnswer)
    alba = next(each for each in answer.found if each.thing.caption == "Alba")
    assert {why.record for why in alba.because} == {ids[each] for each in ("rotterdam", "antwerp", "p1", "p2", "raid")}
    assert (answer.total, answer.cut) == (2, False)


def test_each_gets_his_own_answer(office: Office) -> None:
    ids = give_ports(office)
    for mine, theirs in (("rotterdam", "rotterdam2"), ("antwerp", "antwerp2")):
        judge(office.node, office.officer(DE), ids[mine], ids[theirs], "same", "one port",
              office.handling(DE, communities=(), hit="silent"))  # fmt: skip
    question = ports_question(ids, substance="cocaine")
    assert names(office, question, DE) == {"Alba", "Bora", "Dora"}
    assert names(office, question, FR) == {"Alba", "Bora"}
    assert names(office, question, VE) == set()
    # A place that is not for this viewer stands nowhere, even where something visible refers to it.
    hidden = vessels(Seen(places=(Named(record=ids["rotterdam2"]),)))
    assert names(office, hidden, FR) == set()
    assert names(office, vessels(Seen(places=(Named(record="0" * 32),))), FR) == set()


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Said(property="flag", how="is", value="pa"), {"Alba", "Cora"}),
        (Said(property="flag", how="is_not", value="PA"), {"Bora"}),
        (Said(property="name", how="contains", value="OR"), {"Bora", "Cora"}),
        (Said(property="name", how="begins", value="al"), {"Alba"}),
        (Said(property="tonnage", how="after", value="1000"), {"Alba"}),
        (Said(property="tonnage", how="before", value="1000"), {"Bora"}),
        (Said(property="tonnage", how="between", value="800", to="4000"), {"Alba", "Bora"}),
        (Said(property="tonnage", how="known"), {"Alba", "Bora"}),
        (Said(property="tonnage", how="not_known"), {"Cora"}),
        (Tied(ties=("Ownership",)), {"Alba"}),
        (Tied(ties=("Ownership",), things=("Vessel",)), set()),
        (Tied(ties=("Ownership",), until="2024-12-31"), set()),
        (Tied(ties=("Ownership",), since="2026-01-01"), {"Alba"}),
        (Tied(ties=("Presence",), at_least=2), {"Alba", "Bora", "Cora"}),
        (Tied(ties=("Presence",), at_least=2, until="2025-12-31"), {"Cora"}),
        (Tied(ties=("Presence",), where=Group(conditions=(Said(property="name", value="Lisbon"),))), {"Bora"}),
        (Seen(at_least=2, since="2026-03-01", until="2026-03-31"), {"Bora"}),
        (
            Group(match="any", conditions=(Said(property="name", value="Cora"), Tied(ties=("Ownership",)))),
            {"Alba", "Cora"},
        ),
    ],
)
def test_each_condition(office: Office, condition: object, found: set[str]) -> None:
    give_ports(office)
    assert names(office, vessels(condition)) == found


def test_ties_of_ties_providers_evaluation_and_time(office: Office) -> None:
    ids = give_ports(office)
    firm = Tied(ties=("Ownership",), where=Group(conditions=(Said(property="name", how="contains", value="fruit"),)))
    assert names(office, vessels(firm)) == {"Alba"}
    owner = PictureQuestion(
        things=("LegalEntity",),
        where=Group(conditions=(Tied(ties=("Ownership",), where=ports_question(ids, substance="cocaine").where),)),
    )
    assert names(office, owner) == {"Noordzee Fruit BV"}
    assert names(office, vessels(Tied(named=(Named(record=ids["firm"]),)))) == {"Alba"}
    assert names(office, vessels(Tied(named=(Named(record="0" * 32),)))) == set()
    assert names(office, vessels(providers=(str(DE),)), DE) == {"Dora"}
    assert names(office, vessels(Said(property="flag", how="known"), least="A1")) == set()
    assert names(office, vessels(Seen(at_least=2), until="2025-12-31")) == {"Cora"}
    office.give(draft("ela", "Vessel", name="Ela", flag="PA"), scheme="4x4",
                handling=office.handling(content="non_personal"))  # fmt: skip
    assert "Ela" in names(office, vessels(Said(property="flag", value="PA")))


def test_joined_records_answer_as_one_thing(office: Office) -> None:
    ids = give_ports(office)
    other = office.give(
        draft("alba2", "Vessel", name="Alba II", mmsi="244123456"),
        draft(
            "p", "Presence", present=refers("present", "alba2"), place=refers("place", "lis"), startDate="2026-03-04"
        ),
        draft("lis", "Port", name="Lisboa"),
        by=DE,
        handling=office.handling(DE, content="non_personal"),
    ).records  # fmt: skip
    both = vessels(Said(property="flag", how="known"), Said(property="mmsi", how="known"))
    assert names(office, both) == set()
    judge(office.node, office.officer(DE), ids["alba"], other["alba2"], "same", "one hull", office.handling(DE))
    assert len(names(office, both)) == 1


def test_a_question_that_cannot_be_asked_says_why(office: Office) -> None:
    for wrong in (
        PictureQuestion(),
        vessels(Said(property="flag")),
        vessels(Seen(places=(Named(record="0" * 32),), at_least=2)),
        PictureQuestion(things=("Spaceship",)),
        vessels(Tied(things=("Spaceship",))),
        vessels(Seen(near=Near(things=("Spaceship",)))),
    ):
        with pytest.raises(Invalid):
            ask_question(office.node, office.officer(NL), wrong)
    with pytest.raises(Invalid) as told:
        read_question(b'{"things": ["Vessel"], "where": {"kind": "group", "match": "Jan Vermeulen"}}')
    assert "Jan" not in told.value.message
    assert "match" in told.value.message
    deep = Group(conditions=(Said(property="name", value="x"),))
    for _ in range(6):
        deep = Group(conditions=(deep,))
    with pytest.raises(Invalid):
        checked(PictureQuestion(where=deep), office.node.vocabulary)


def test_a_large_desk_is_looked_through_as_long_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = give_ports(office)
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 1)
    analyst = office.officer(NL, "analyst")
    reference = ask_question(office.node, analyst, ports_question(ids, substance="cocaine"))
    assert isinstance(reference, str)
    assert question_run(office.node, analyst, reference).state == "waiting"
    assert jobs.run_next(office.node)
    run = question_run(office.node, analyst, reference)
    assert (run.state, run.done, run.ended) == ("done", run.total, True)
    assert run.answer is not None
    assert {each.thing.caption for each in run.answer.found} == {"Alba", "Bora"}
    assert run.question == ports_question(ids, substance="cocaine")
    assert [each.reference for each in question_runs(office.node, analyst)] == [reference]
    for other in (office.officer(NL), office.officer(FR)):
        with pytest.raises(NotFound):
            question_run(office.node, other, reference)
    with pytest.raises(NotFound):  # for another purpose other rights may hold
        question_run(office.node, office.officer(NL, "analyst", purpose="18.2.b"), reference)
    second = ask_question(office.node, analyst, ports_question(ids))
    assert isinstance(second, str)
    stop_question(office.node, analyst, second)
    assert question_run(office.node, analyst, second).state == "cancelled"
    # An erasure of a record that it names takes the work and its result away.
    erase_record(office.node, office.officer(NL), ids["lisbon"], "inaccurate")
    with pytest.raises(NotFound):
        question_run(office.node, analyst, reference)


def test_an_erased_part_does_not_widen_a_question(office: Office) -> None:
    ids = give_ports(office)
    kept = encode_question(ports_question(ids))
    assert decode_question(kept) == ports_question(ids)
    less = kept.replace(b'{"record":"' + ids["lisbon"].encode() + b'"}', b"").replace(b",]", b"]")
    with pytest.raises(Conflict):
        decode_question(less)


def test_a_question_is_a_sentence_in_four_languages(office: Office) -> None:
    ids = give_ports(office)
    question = ports_question(ids, substance="cocaine")
    said = word_question(office.node, office.officer(NL), question, "en")
    assert said.text == (
        "Vessel of which this holds: it was seen in at least 2 of these places: Rotterdam, Antwerp, Lisbon, each time"
        " at"
        " most 30 days before or after one and the same event, wherever it was: Seizure [of which this holds: it is"
        " tied (Seized) to: Substance [of which this holds: Name is “cocaine”]]."
    ), said.text
    assert "unknown" not in said.text
    for language in ("fr", "es", "pt"):
        text = word_question(office.node, office.officer(NL), question, language).text
        assert "{" not in text
        assert "cocaine" in text
    assert "Rotterdam" not in word_question(office.node, office.officer(VE), question, "en").text
