"""The checks of a procedure: a deliberately broken file for every kind of finding."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from procedure_play import SMALL, small, text

import alidade.procedures
from alidade.clocks import ClockDefinition
from alidade.procedures import Finding, check_definition, load_catalogue, read_definition, with_lines
from alidade.vocabulary import Vocabulary

Change = tuple[str, Any]

OWN_CLOCK = {
    "code": "own", "label": text("Own"), "length": {"unit": "hours", "count": 1}, "starts": "receipt",
    "if_missed": {"kind": "breach", "label": text("Late")}, "source": {"act": "House"}, "verified": False,
    "counting": "exact",
}  # fmt: skip
STEP = {"code": "extra", "key": "e", "verb": text("Extra"), "by": ["asker"], "from_states": ["asked"]}
FIELD = {"code": "extra", "type": "text", "label": text("Extra")}

BROKEN: list[tuple[str, list[Change]]] = [
    ("duplicate_code", [("states.1.code", "asked")]),
    ("duplicate_code", [("forms.0.fields.+", {**FIELD, "code": "what"})]),
    ("duplicate_code", [("lists.refusal.+", {"code": "busy", "label": text("Busy")})]),
    ("empty_list", [("lists.nothing", [])]),
    ("reserved_code", [("roles.+", {"code": "copy", "label": text("Copy")})]),
    ("reserved_code", [("transitions.0.code", "message")]),
    ("unknown_role", [("opening.by", ["king"])]),
    ("unknown_role", [("transitions.0.by", ["king"])]),
    ("unknown_role", [("states.0.turn", "king")]),
    ("unknown_role", [("clocks.0.owed_by", "king")]),
    ("unknown_role", [("clocks.0.events.0.by", "king")]),
    ("unknown_role", [("statistics.0.as_role", "king")]),
    ("unknown_role", [("statistics.1.by", ["state_of:king"])]),
    ("unknown_state", [("opening.to_state", "limbo")]),
    ("unknown_state", [("transitions.0.to_state", "limbo")]),
    ("unknown_state", [("transitions.0.from_states", ["limbo"])]),
    ("unknown_form", [("opening.form", "blank")]),
    ("unknown_form", [("transitions.0.form", "blank")]),
    ("unknown_list", [("transitions.1.reasons", "moods")]),
    ("unknown_list", [("forms.0.fields.+", {**FIELD, "type": "code_list", "list": "moods"})]),
    ("unknown_list", [("forms.0.fields.+", {**FIELD, "type": "code_list"})]),
    ("reason_without_list", [("transitions.0.reason_required", True)]),
    ("role_never_acts", [("roles.+", {"code": "onlooker", "label": text("Onlooker")})]),
    ("unknown_effect", [("transitions.0.effects", [{"code": "arrest"}])]),
    ("missing_argument", [("transitions.0.effects", [{"code": "copy_to"}])]),
    ("unknown_field", [("transitions.0.effects", [{"code": "copy_to", "arguments": {"authority": "nobody"}}])]),
    ("unknown_field", [("forms.0.fields.0.required_if", {"field": "nothing"})]),
    ("unknown_field", [("statistics.0.by", ["nothing"])]),
    ("copy_to_nobody", [("opening.copies", [{"field": "what"}])]),
    ("unknown_step", [("clocks.0.events.1.on", "dance")]),
    ("unknown_step", [("products.0.steps", ["dance"])]),
    ("unknown_step", [("statistics.1.of", ["dance"])]),
    ("nothing_counted", [("statistics.1.of", [])]),
    ("malformed_condition", [("forms.0.fields.0.shown_if", {"field": "urgent", "all": []})]),
    ("malformed_condition", [("clocks.0.choices.0.when", {"is": [True], "any": []})]),
    ("form_never_used", [("forms.+", {"code": "spare", "title": text("Spare"), "fields": [FIELD]})]),
    ("unknown_section", [("forms.0.fields.0.section", "top")]),
    ("required_twice", [("forms.0.fields.0.required_if", {"field": "urgent"})]),
    ("choices_and_type", [("forms.0.fields.0.type", "code")]),
    ("choices_and_type", [("forms.0.fields.0.choices", [{"code": "a", "label": text("A")}])]),
    ("list_and_type", [("forms.0.fields.0.list", "purposes")]),
    ("unknown_thing", [("forms.0.fields.0.things", ["Ghost"])]),
    ("unknown_body", [("forms.0.fields.2.body", "UNCLE")]),
    ("empty_range", [("forms.0.fields.+", {**FIELD, "type": "number", "min": 3, "max": 2})]),
    (
        "unknown_choice",
        [
            ("forms.0.fields.+", {**FIELD, "type": "code", "choices": [{"code": "a", "label": text("A")}]}),
            ("forms.0.fields.0.shown_if", {"any": [{"no": {"field": "extra", "is": ["b"]}}]}),
        ],
    ),
    ("own_clock_of_law", [("own_clocks", [{**OWN_CLOCK, "code": "police_request_other"}])]),
    ("unknown_clock", [("clocks.0.choices.1.clock", "sundial")]),
    ("clock_forbids", [("clocks.0.choices", [{"clock": "own"}]), ("own_clocks", [OWN_CLOCK])]),
    ("clock_without_length", [("clocks.0.events.1.until", "reply")]),
    ("clock_never_starts", [("clocks.0.events.0.does", "resume")]),
    ("clock_never_stops", [("clocks.0.events", [{"on": "received", "does": "start"}])]),
    ("clock_runs_on", [("clocks.0.events.4", {"on": "delay", "does": "resume"})]),
    ("clock_never_resumes", [("clocks.0.events.+", {"on": "delay", "does": "suspend"})]),
    ("no_end", [("states.2.final", False)]),
    ("dead_end", [("states.2.final", False)]),
    ("unreachable_state", [("states.+", {"code": "island", "label": text("Island"), "final": True})]),
    ("unreachable_step", [("states.+", {"code": "isle", "label": text("Isle")}), ("transitions.+", {
        **STEP, "from_states": ["isle"], "to_state": "closed"})]),
    ("final_left", [("transitions.+", {**STEP, "from_states": ["closed"], "to_state": "asked"})]),
    ("final_turn", [("states.2.turn", "asker")]),
    ("no_way_out", [
        ("states.+", {"code": "left", "label": text("Left"), "turn": "asker"}),
        ("states.+", {"code": "right", "label": text("Right"), "turn": "asker"}),
        ("transitions.+", {**STEP, "to_state": "left"}),
        ("transitions.+", {**STEP, "code": "go", "key": "g", "from_states": ["left"], "to_state": "right"}),
        ("transitions.+", {**STEP, "code": "back", "key": "b", "from_states": ["right"], "to_state": "left"}),
    ]),
    ("nobodys_turn", [("states.0.turn", None)]),
    ("turn_cannot_act", [("states.1.turn", "answerer")]),
    ("duplicate_key", [("transitions.1.key", "a")]),
    ("missing_translation", [("states.0.label", {"en": "Asked", "fr": "Posée"})]),
    ("missing_translation", [("lists.refusal.0.label.pt", " ")]),
    ("no_text", [("transitions.0.verb", {})]),
    ("no_source", [("source", " ")]),
]  # fmt: skip


def changed(changes: list[Change]) -> str:
    whole: Any = small()
    for path, value in changes:
        *way, last = path.split(".")
        place = whole
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if last == "+":
            place.append(value)
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return json.dumps(whole, indent=1, ensure_ascii=False)


def findings(content: str, vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]) -> list[Finding]:
    return with_lines(check_definition(read_definition(content.encode()), vocabulary, clocks), content)


def test_a_sound_file_has_no_finding(vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]) -> None:
    assert findings(SMALL, vocabulary, clocks) == []


@pytest.mark.parametrize(("code", "changes"), BROKEN, ids=[f"{code}-{c[0][0]}" for code, c in BROKEN])
def test_every_kind_of_mistake_is_found(
    code: str, changes: list[Change], vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]
) -> None:
    found = findings(changed(changes), vocabulary, clocks)
    assert code in {each.code for each in found}
    for each in found:
        assert each.message
        assert each.remedy
        assert each.path.startswith("$.")
        assert each.line is not None
        assert each.line > 1
    assert [each.severity for each in found] == sorted(each.severity for each in found)


def test_every_kind_of_finding_has_a_broken_file_here() -> None:
    folder = Path(alidade.procedures.__file__).parent
    sources = "\n".join(path.read_text() for path in folder.glob("*.py"))
    kinds = set(re.findall(r'found\.(?:error|warning)\(\s*"([a-z_]+)"', sources))
    kinds |= {f"unknown_{kind}" for kind in re.findall(r'check_known\(\s*"([a-z]+)"', sources)} | {"unknown_role"}
    assert {code for code, _ in BROKEN} == kinds


def test_a_finding_names_the_line(vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]) -> None:
    content = changed([("transitions.1.key", "a")])
    (found,) = findings(content, vocabulary, clocks)
    assert (found.path, found.severity) == ("$.transitions[1].key", "error")
    lines = content.splitlines()
    assert lines[(found.line or 0) - 1].strip() == '"key": "a",'
    assert lines[(found.line or 0) - 2].strip() == '"code": "refuse",'


def test_the_catalogue_has_no_finding(vocabulary: Vocabulary, clocks: Mapping[str, ClockDefinition]) -> None:
    for definition in load_catalogue().all_versions():
        assert check_definition(definition, vocabulary, clocks) == []
