"""Dry runs: a procedure is tried before it is used, and says what would go wrong."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from procedure_play import SMALL

from alidade.model.errors import Invalid
from alidade.procedures import Definition, Move, covering_walks, dry_run, read_definition, sample_values
from alidade.procedures.dry_run import BEGIN, party
from alidade.vocabulary import Vocabulary


def test_a_script_is_played_move_by_move(small: Definition, vocabulary: Vocabulary) -> None:
    script = [
        Move(role="asker", code="open", values={"what": "Who?"}),
        Move(role="answerer", code="received", after=timedelta(minutes=5)),
        Move(role="answerer", code="refuse", reason="busy"),
        Move(role="answerer", code="refuse", reason="busy", approved=True),
        Move(role="answerer", code="answer", values={"reply": "x"}),
    ]
    rehearsal = dry_run(small, script, vocabulary)
    assert not rehearsal.clean
    assert [each.why for each in rehearsal.moves] == ["", "", "approval", "", "state"]
    assert [each.state for each in rehearsal.moves] == ["asked", "asked", "asked", "closed", "closed"]
    assert [each.field for each in rehearsal.moves[0].problems] == ["urgent"]
    assert rehearsal.moves[0].allowed == {"asker": ("close",), "answerer": ("answer", "refuse", "delay")}
    assert rehearsal.moves[2].sentence == "The approval of a second officer is missing."
    assert rehearsal.course.parties == {party("asker"): "asker", party("answerer"): "answerer"}
    assert rehearsal.ends_at == BEGIN + timedelta(minutes=5, hours=3)
    assert [event.kind for event in rehearsal.course.clocks[0].events] == ["start", "stop"]


def test_a_procedure_whose_states_do_not_exist_is_not_played(vocabulary: Vocabulary) -> None:
    broken = read_definition(SMALL.replace('"to_state": "answered"', '"to_state": "limbo"').encode())
    with pytest.raises(Invalid, match="no state limbo"):
        dry_run(broken, [], vocabulary)


def test_walks_take_every_step_and_none_that_cannot_be_reached(vocabulary: Vocabulary) -> None:
    content = SMALL.replace('"from_states": [\n    "asked",\n    "answered"\n   ]', '"from_states": ["limbo"]').replace(
        '"states": [', '"states": [{"code": "limbo", "label": {"en": "Limbo"}},', 1
    )
    definition = read_definition(content.encode())
    taken = {move.code for walk in covering_walks(definition, vocabulary) for move in walk}
    assert taken == {"open", "received", "answer", "refuse", "delay"}


def test_invented_answers_fit_every_kind_of_field(vocabulary: Vocabulary) -> None:
    text = {"en": "x", "fr": "x", "es": "x", "pt": "x"}
    kinds = (
        "text", "long_text", "code_list", "thing", "date", "moment", "boolean", "number", "country", "authority",
        "record", "check_hit", "contribution",
    )  # fmt: skip
    fields: list[dict[str, object]] = [{"code": kind, "type": kind, "label": text, "required": True} for kind in kinds]
    next(each for each in fields if each["code"] == "code_list")["list"] = "purposes"
    fields.append({"code": "least", "type": "number", "label": text, "required": True, "min": 5, "max": 9})
    fields.append({"code": "most", "type": "number", "label": text, "required": True, "max": 0})
    fields.append({"code": "ship", "type": "thing", "label": text, "required": True, "things": ["Vessel"]})
    fields.append({"code": "sure", "type": "boolean", "label": text, "required": True, "must_be": [False]})
    fields.append({"code": "optional", "type": "text", "label": text})
    whole = json.loads(SMALL)
    whole["forms"][1]["fields"] += fields
    definition = read_definition(json.dumps(whole).encode())
    form = definition.form_of_step("answer")
    assert form is not None
    values = sample_values(form, vocabulary)
    assert values["least"] == 5
    assert values["most"] == 0
    assert values["ship"] == "Vessel"
    assert values["sure"] is False
    assert "optional" not in values
    opening = sample_values(definition.forms[0], vocabulary)
    script = [
        Move(role="asker", code="open", values=opening), Move(role="answerer", code="answer", values=values),
    ]  # fmt: skip
    assert dry_run(definition, script, vocabulary).clean
