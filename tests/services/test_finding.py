"""Finding: what a question is taken to be, and what is refused without being repeated."""

from __future__ import annotations

import msgspec
import pytest
from personas import DE, NL, Office, draft

from alidade.matching.thresholds import USES, Threshold, Use, threshold_for
from alidade.model.errors import Invalid
from alidade.services import finding
from alidade.services.finding import MOST_COMPARED, ONLY_GENERIC, Question, understand


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
    assert all(reading.keys for reading in readings if reading.kind != "name")
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


@pytest.mark.parametrize("text", ["CORP", "Ltd", "SHIPPING COMPANY", "Trading LLC"])
def test_words_of_very_many_names_meet_only_names_that_are_made_of_them(office: Office, text: str) -> None:
    plain = office.handling(content="non_personal")
    crowd = [draft(f"c{number}", "Company", name=f"Zuiderzee {number} {text}") for number in range(5)]
    office.give(*crowd, draft("own", "Vessel", name=text), handling=plain)
    for use in USES:
        answer = office.ask(DE, text, kind="name", use=use)
        assert [reading.remark for reading in answer.understood] == [ONLY_GENERIC]
        assert [hit.statements[0].value for hit in answer.hits] == [text]
    assert understand(Question(text=f"Zuiderzee {text}", kind="name"))[0].remark == ""


def test_what_the_answer_is_for_decides_from_which_score_on_a_record_is_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("Jan Pieter Vermeulen", "J. Vermeulen", "Jan Vermeer", "Pieter Fermeule", "Jan Pieters", "Piet Vermeulem")
    office.give(*(draft(name, name=name) for name in given))
    _set(monkeypatch, must_not_miss=0.01)
    scores = {hit.record: hit.score for hit in office.ask(DE, "Jan Pieter Vermeulen", use="must_not_miss").hits}
    assert len(set(scores.values())) > 2
    middle, highest = sorted(scores.values())[len(scores) // 2], max(scores.values())
    _set(monkeypatch, must_not_miss=0.01, usual=middle, must_be_sure=highest)
    for use, least in (("must_not_miss", 0.01), ("usual", middle), ("must_be_sure", highest)):
        answer = office.ask(DE, "Jan Pieter Vermeulen", use=use)
        assert {hit.record for hit in answer.hits} == {record for record, score in scores.items() if score >= least}
        assert answer.use == use
        (entry,) = [entry for entry in office.entries(DE) if ("check", answer.check) in entry.details]
        assert ("use", use) in entry.details


def _set(monkeypatch: pytest.MonkeyPatch, **thresholds: float) -> None:
    def threshold(use: Use) -> Threshold:
        return msgspec.structs.replace(threshold_for(use), threshold=thresholds[use])

    monkeypatch.setattr(finding, "threshold_for", threshold)


def test_a_hit_says_which_word_met_which(office: Office) -> None:
    office.give(draft("k", name="Vermeulen, Jan"))
    (hit,) = office.ask(DE, "Jan Vermeuten").hits
    met = {(part.left, part.right, part.rule) for part in hit.words}
    assert met == {("jan", "jan", "equal"), ("vermeuten", "vermeulen", "similar")}
    (alike,) = office.ask(DE, "Jan Fermoylan").hits
    assert ("fermoylan", "vermeulen", "sound") in {(part.left, part.right, part.rule) for part in alike.words}
    assert hit.score == pytest.approx(sum(part.contribution for part in hit.parts))
    office.give(draft("n", passportNumber="NX1234567"))
    (number,) = office.ask(DE, "NX1234567", kind="document").hits
    assert number.words == ()
