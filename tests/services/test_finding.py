"""Finding: what a question is taken to be, and what is refused without being repeated."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office, draft

from alidade.model.errors import Invalid
from alidade.services.finding import MOST_COMPARED, Question, understand


@pytest.mark.parametrize(
    ("text", "kind", "kinds"),
    [
        ("jan@vermeulen.example", None, {"email"}),
        ("NL91 ABNA 0417 1643 00", None, {"iban"}),
        ("Jan Vermeulen", None, {"name"}),
        ("Jan Vermeulen", "name", {"name"}),
        ("9811000", "imo", {"imo"}),
    ],
)
def test_readings(text: str, kind: str | None, kinds: set[str]) -> None:
    readings = understand(Question(text=text, kind=kind))
    assert kinds <= {reading.kind for reading in readings}
    assert all(reading.keys for reading in readings)
    assert readings == understand(Question(text=f"  {text} ", kind=kind))


def test_a_check_digit_that_does_not_fit_is_remarked_and_asked_all_the_same(office: Office) -> None:
    office.give(draft("k", "Vessel", imoNumber="9811001"), handling=office.handling(content="non_personal"))
    answer = office.ask(DE, "9811001", kind="imo")
    assert answer.kind == "hit"
    assert answer.understood[0].remark == "the check digit does not fit"
    assert understand(Question(text="9811000", kind="imo"))[0].remark == ""


@pytest.mark.parametrize(
    "question",
    [
        Question(text=""),
        Question(text="   "),
        Question(text="Secretive\x07"),
        Question(text="Secretive\ud800"),
        Question(text="Secretive " * 60),
        Question(text="Secretive", birth_date="Secretive"),
        Question(text="Secretive", kind="Secretive"),
        Question(text="Secretive", kind="iban"),
        Question(text="Secretive!", kind="phone"),
        Question(text="?!", kind="name"),
        Question(text="?!"),
    ],
    ids=lambda question: ascii(question.text[:12]) + str(question.kind),
)
def test_what_cannot_be_asked_is_refused_without_being_repeated(office: Office, question: Question) -> None:
    with pytest.raises(Invalid) as refused:
        understand(question)
    assert "Secretive" not in f"{refused.value}"
    assert refused.value.message


def test_the_cut_keeps_those_who_meet_most_words_of_the_question(office: Office) -> None:
    crowd = [draft(f"c{number}", name=f"Jan Bakker{number}") for number in range(MOST_COMPARED + 20)]
    office.give(*crowd, draft("k", name="Jan Vermeulen"))
    hits = office.ask(NL, "Jan Vermeulen").hits
    assert hits[0].statements[0].value == "Jan Vermeulen"


def test_best_hits_come_first(office: Office) -> None:
    office.give(draft("a", name="Jan Vermeulem"), draft("b", name="Jan Vermeulen"))
    hits = office.ask(DE, "Jan Vermeulen").hits
    assert [hit.statements[0].value for hit in hits] == ["Jan Vermeulen", "Jan Vermeulem"]
    assert hits[0].score > hits[1].score


def test_a_record_that_answers_in_two_ways_is_one_hit(office: Office) -> None:
    office.give(draft("k", name="Jan Vermeulen", alias="Jan Vermeulen", passportNumber="JANVERMEULEN1"))
    assert len(office.ask(DE, "Jan Vermeulen").hits) == 1


def test_a_very_long_key_is_found_by_its_digest(office: Office) -> None:
    url = "https://shop.example/" + "a" * 180
    office.give(draft("k", "WebAddress", url=url), handling=office.handling(content="non_personal"))
    assert office.ask(DE, url, kind="web").kind == "hit"
    assert office.ask(DE, url[:-1] + "b", kind="web").kind == "no_hit"
