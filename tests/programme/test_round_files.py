"""Files of a round: what is written is read the same, what is not as the format asks is refused by its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from alidade.model.errors import Invalid, Unreadable
from alidade.programme.register import DocumentRef, Figure
from alidade.programme.round_files import LARGEST_FILE, answer_file, read_answer_file, read_round_file, round_file
from alidade.programme.rounds import Answer, Part, Question, Round

REFERENCE = "a" * 32
ROUND = Round(
    title={"en": "Follow-up", "pt": "Acompanhamento"},
    questions=(
        Question(key="1a", measure="1a", text={"en": "What was done?", "fr": "Qu’a-t-on fait ?"}),
        Question(key="2(b)", text={"en": "How many?"}, figures=(("containers", "number"),)),
    ),
    asked=("nl-politie", "de-bka"),
    states=("NLD", "DEU"),
    opens=dt.date(2026, 6, 1),
    cut_off=dt.date(2026, 7, 1),
    previous="b" * 32,
)
PARTS = (
    Part(question="1a", kind="partly", text={"en": "A law of May."}, obstacle="law", joint_with=("FRA",)),
    Part(question="2(b)", kind="done", figures=(Figure(value=12.5, unit="t"),), evidence=(DocumentRef(number="1/26"),)),
)
ANSWER = Answer(round="c" * 32, state="DEU", parts=PARTS, contact="desk", publish=True, submitted=True)


def changed(content: bytes, **more: Any) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(content) | more)


def test_the_questions_travel_as_they_were_asked_and_nothing_else() -> None:
    content = round_file(REFERENCE, ROUND, "13/2019")
    asked = read_round_file(content)
    assert (asked.reference, asked.title, asked.questions) == (REFERENCE, ROUND.title, ROUND.questions)
    assert (asked.opens, asked.cut_off, asked.paper) == (ROUND.opens, ROUND.cut_off, "13/2019")
    for kept_back in (b"de-bka", b"nl-politie", b"NLD", b"bbbb"):
        assert kept_back not in content


def test_an_answer_travels_without_saying_whose_it_is() -> None:
    asked = read_round_file(round_file(REFERENCE, ROUND))
    content = answer_file(asked, ANSWER)
    given = read_answer_file(content, REFERENCE, ROUND, state="DEU")
    assert (given.reference, given.parts, given.contact) == (REFERENCE, PARTS, "desk")
    for kept_back in (b"DEU", b"publish", b"submitted"):
        assert kept_back not in content
    with pytest.raises(Unreadable) as refused:
        read_answer_file(content, "d" * 32, ROUND, state="DEU")
    assert refused.value.code == "other_round"


def test_what_this_node_would_not_take_is_not_written() -> None:
    with pytest.raises(Invalid):
        round_file(REFERENCE, msgspec.structs.replace(ROUND, questions=()))
    asked = read_round_file(round_file(REFERENCE, ROUND))
    long = Part(question="1a", kind="done", text={"en": "word " * 201})
    with pytest.raises(Invalid, match="201 words"):
        answer_file(asked, msgspec.structs.replace(ANSWER, parts=(long,)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parts": [{"question": "1a", "kind": "done"}] * 501}, "field parts"),
        ({"parts": [{"question": "1a"}]}, "Row 1 of the list parts"),
        ({"parts": [{"question": "1a", "kind": "done"}, {"question": "7", "kind": "done"}]}, "Row 2 of the list parts"),
        ({"parts": [{"question": "1a", "kind": "sécret"}]}, "Row 1 of the list parts, field kind"),
        (
            {"parts": [{"question": "1a", "kind": "done", "obstacle": "sécret"}]},
            "Row 1 of the list parts, field obstacle",
        ),
        ({"parts": [{"question": "1a", "kind": "done", "joint_with": ["FRA"] * 61}]}, "Row 1 of the list parts"),
        (
            {"parts": [{"question": "1a", "kind": "done", "text": {"sécret": "x"}}]},
            "Row 1 of the list parts, field text",
        ),
        (
            {"parts": [{"question": "1a", "kind": "done", "competent": "x\u0000y"}]},
            "Row 1 of the list parts, field competent",
        ),
        ({"parts": [{"question": "1a", "kind": "cross-reference", "see": "9"}]}, "which answer is meant"),
        ({"state": "FRA"}, "lacks fields"),
        ({"contact": "x" * 201}, "field contact"),
        ({"version": "1"}, "field version"),
        ({"format": "alidade-round"}, "field format"),
        ({"reference": "../../etc"}, "field reference"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_place_never_by_its_value(change: dict[str, Any], said: str) -> None:
    good = answer_file(read_round_file(round_file(REFERENCE, ROUND)), ANSWER)
    with pytest.raises(Unreadable) as refused:
        read_answer_file(changed(good, **change), REFERENCE, ROUND, state="DEU")
    assert said in refused.value.message
    assert "sécret" not in refused.value.message
    assert "etc" not in refused.value.message


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"alidade-round"', b"[" * 100_000, b'{"format":"alidade-round"}'],
)
def test_what_is_no_such_file_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_round_file(content)
    with pytest.raises(Unreadable):
        read_answer_file(content, REFERENCE, ROUND, state="DEU")


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(Unreadable) as refused:
        read_round_file(b" " * (LARGEST_FILE + 1))
    assert refused.value.code == "too_large"


def test_a_number_that_is_none_and_a_figure_without_end_are_refused() -> None:
    good = answer_file(read_round_file(round_file(REFERENCE, ROUND)), ANSWER)
    for value in (b"1e999", b"-1e999"):
        with pytest.raises(Unreadable):
            read_answer_file(good.replace(b"12.5", value), REFERENCE, ROUND, state="DEU")
