"""Fields of a reply as texts: shown and read back they are the same reply, in every language of the forms."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from alidade.model.errors import Invalid
from alidade.programme.register import DocumentRef, Figure, Source
from alidade.programme.reply_fields import FIELDS, fields_of, last_said, part_of, said, shown
from alidade.programme.rounds import Field, Part, Question

ASKED = Question(key="2c", text={"en": "What was done?"}, figures=(("ports", "visits"),))
FULL = Part(
    question="2c",
    kind="partly",
    text={"fr": "Deux ports sur quatre.\nLes autres suivent."},
    competent="Ministry of Justice",
    obstacle="law",
    obstacle_text={"en": "A law is lacking."},
    evidence=(DocumentRef(number="15571/25", title="Report"),),
    figures=(
        Figure(value=17, unit="visits", of="ports", parts=(9, 8), source=Source(document="INV 1/26", paragraph="12")),
        Figure(value=1.234, unit="t"),
    ),
    good_practice={"en": "One contact point."},
    training_need={"en": "Reading of container codes."},
    joint_with=("FRA", "NLD"),
)


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "pt_BR"])
def test_what_is_shown_is_read_back_as_the_same_reply(language: str) -> None:
    assert part_of(ASKED, shown(FULL, language), FULL, language) == FULL


def test_every_field_that_a_question_may_ask_has_its_place_and_its_name() -> None:
    assert set(get_args(Field)) <= set(FIELDS) == set(fields_of(ASKED))
    assert fields_of(Question(key="1", text={"en": "?"}, fields=("kind",))) == ("kind", "see", "joint_with")
    assert len({said(name, "fr") for name in FIELDS}) == len(FIELDS)


def test_a_text_is_kept_in_the_language_in_which_it_was_written() -> None:
    changed = part_of(ASKED, {"text": "Two of four ports."}, FULL, "en")
    assert changed.text == {"fr": FULL.text["fr"], "en": "Two of four ports."}
    assert part_of(ASKED, {"text": ""}, FULL, "en").text == {}
    assert part_of(ASKED, {"text": FULL.text["fr"].replace("\n", "\r\n")}, FULL, "en").text == FULL.text


def test_codes_are_taken_in_every_language() -> None:
    found = part_of(ASKED, {"kind": "NON  compétent", "obstacle": "Proteção de dados"}, None, "pt")
    assert (found.kind, found.obstacle) == ("not-competent", "data_protection")
    assert part_of(ASKED, {"kind": "done", "see": "1a"}, None, "en").see == ""


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("12 seizures", 12, "seizures"),
        ("340,5 kg", 340.5, "kg"),
        ("1 234 567 EUR", 1_234_567, "EUR"),
        ("1.234.567 EUR", 1_234_567, "EUR"),
        ("1.234,5 kg", 1234.5, "kg"),
        ("ports: 17", 17, "visits"),
        ("-3 %", -3, "%"),
    ],
)
def test_numbers_are_read_as_they_are_written(written: str, value: float, unit: str) -> None:
    (figure,) = part_of(ASKED, {"figures": written}, None, "en").figures
    assert (figure.value, figure.unit) == (value, unit)


def test_a_number_keeps_its_source() -> None:
    (figure,) = part_of(ASKED, {"figures": "12 seizures [15571/25, 7]"}, None, "en").figures
    assert figure.source == Source(document="15571/25", paragraph="7")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "perhaps"}, "Question 2c, What was done: this is no kind"),
        ({"obstacle": "laziness"}, "Question 2c, Obstacle: this is not in the list"),
        ({"text": "word " * 201}, "Question 2c, In words, 200 at most: 201 words"),
        ({"good_practice": "word " * 201}, "Question 2c, Good practice: 201 words"),
        ({"joint_with": "France"}, "Question 2c, Also for these States"),
        ({"figures": "many"}, "a number with its unit is expected"),
        ({"figures": "12"}, "a number with its unit is expected"),
        ({"figures": "1.234 kg"}, "can be read in two ways"),
        ({"evidence": "x" * 81}, "Papers that show it: the number of a paper is longer"),
        ({"competent": "x" * 201}, "Competent body: longer than 200"),
    ],
)
def test_what_cannot_be_taken_names_question_and_field_and_not_the_words(given: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        part_of(ASKED, given, None, "en")
    assert message in refused.value.message
    assert not any(value in refused.value.message for value in ("perhaps", "laziness", "France", "many"))


def test_the_last_answer_is_told_in_a_line() -> None:
    assert last_said(FULL, "en") == "Partly · Deux ports sur quatre.\nLes autres suivent. · Law lacking or unclear"
    assert last_said(None, "en") == ""
