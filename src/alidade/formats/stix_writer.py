"""STIX 2.1, written: a chart as a bundle, marked, where every handling can be carried; refused with the reason if not.

Source: OASIS STIX Version 2.1 (10 June 2021), 4.5 Identity, 5.1 Relationship, 7.2 Data Markings, 11.2 Custom Objects.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from typing import Final

import msgspec

from alidade.formats.chart import ChartFile, ChartThing, ChartTie, Said
from alidade.model.errors import Invalid
from alidade.model.handling import EVERYBODY, Handling, handling_bytes, handling_id

_GREEN: Final = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
_AMBER: Final = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
_TLP_2: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_SINCE: Final = "2022-10-01T00:00:00.000Z"
_LEVELS: Final = frozenset({"PUBLIC", "BPL"})
_CODES: Final = frozenset({"H0", "H2"})
_CONDITIONS: Final = frozenset({"no_onward"})
_CLASSES: Final = {
    "Person": "individual", "Company": "organization", "Organization": "organization", "PublicBody": "organization",
    "LegalEntity": "unspecified",
}  # fmt: skip


def not_carried(handling: Handling) -> tuple[str, ...]:
    """What of a handling STIX has no mark for that another system would obey; none where it can be carried."""
    found = [f"handling code {code}" for code in handling.codes if code not in _CODES]
    found += [f"condition {condition}" for condition in handling.conditions if condition not in _CONDITIONS]
    if handling.classification not in _LEVELS:
        found.append(f"classification {handling.classification}")
    if handling.excluded:
        found.append("authorities that must learn nothing")
    if handling.case is not None:
        found.append("a case that must be open")
    if handling.hit == "silent":
        found.append("silent hits")
    return tuple(found)


def write_stix(chart: ChartFile) -> bytes:
    """The chart as a bundle; TLP says the audience, a statement marking the whole handling in words.

    Raises Invalid, code `handling_not_carried`, that names every condition for which STIX has no place.
    """
    handlings = chart.handlings()
    lost = sorted({each for handling in handlings.values() for each in not_carried(handling)})
    if lost:
        raise Invalid(
            f"STIX cannot carry: {', '.join(lost)}. Nothing was exported.",
            remedy="Export as GraphML, GEXF or CSV, in which every statement carries its handling.",
            code="handling_not_carried",
        )
    objects = [_tlp(mark) for mark in sorted({_audience(each) for each in handlings.values()})]
    objects += [_statement(key, handling, chart.made_at) for key, handling in handlings.items()]
    names = {each.key: _thing_id(each) for each in chart.things}
    objects += [_thing(each, names[each.key], chart.made_at) for each in chart.things]
    objects += [_tie(each, names, chart.made_at) for each in chart.ties]
    bundle = {"type": "bundle", "id": f"bundle--{_made_id(*names.values())}", "objects": objects}
    return msgspec.json.format(msgspec.json.encode(bundle), indent=1)


def _audience(handling: Handling) -> str:
    closed = "H2" in handling.codes or handling.conditions or EVERYBODY not in handling.communities
    return _AMBER if closed else _GREEN


def _tlp(mark: str) -> dict[str, object]:
    level = "green" if mark == _GREEN else "amber"
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": mark, "created": _TLP_SINCE,
        "name": f"TLP:{level.upper()}",
        "extensions": {_TLP_2: {"extension_type": "property-extension", "tlp_2_0": level}},
    }  # fmt: skip


def _statement(key: str, handling: Handling, made_at: str) -> dict[str, object]:
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": _statement_id(key), "created": _moment(made_at),
        "definition_type": "statement",
        "definition": {"statement": f"Handling of {handling.owner}: {handling_bytes(handling).decode()}"},
    }  # fmt: skip


def _statement_id(key: str) -> str:
    return f"marking-definition--{_made_id('handling', key)}"


def _marks(said: tuple[Said, ...]) -> list[str]:
    handlings = {str(handling_id(each.handling)): each.handling for each in said}
    audiences = {_audience(each) for each in handlings.values()}
    strictest = _AMBER if _AMBER in audiences else _GREEN
    return [strictest, *(_statement_id(key) for key in sorted(handlings))]


def _thing_id(thing: ChartThing) -> str:
    kind = "identity" if thing.thing in _CLASSES else "x-alidade-thing"
    return f"{kind}--{uuid.UUID(hex=thing.key) if len(thing.key) == 32 else _made_id(thing.key)}"


def _thing(thing: ChartThing, name: str, made_at: str) -> dict[str, object]:
    common = _common(name, made_at, thing.said) | {"name": thing.label or thing.kind}
    if thing.thing in _CLASSES:
        return common | {"identity_class": _CLASSES[thing.thing]}
    return common | {"x_thing": thing.thing}


def _tie(tie: ChartTie, names: dict[str, str], made_at: str) -> dict[str, object]:
    kind = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", tie.kind).lower()).strip("-")
    found = _common(f"relationship--{_made_id(tie.key)}", made_at, tie.said) | {
        "relationship_type": kind or "related-to",
        "source_ref": names[tie.source],
        "target_ref": names[tie.target],
        "description": tie.label,
    }
    found |= dict(_times(tie))
    if tie.evaluation.given:
        found["x_evaluation"] = tie.evaluation.code
    return found


def _times(tie: ChartTie) -> Iterator[tuple[str, str]]:
    for name, day in (("start_time", tie.valid_from), ("stop_time", tie.valid_to)):
        if day is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            yield name, f"{day}T00:00:00.000Z"


def _common(name: str, made_at: str, said: tuple[Said, ...]) -> dict[str, object]:
    return {
        "type": name.partition("--")[0], "spec_version": "2.1", "id": name, "created": _moment(made_at),
        "modified": _moment(made_at), "object_marking_refs": _marks(said),
    }  # fmt: skip


def _made_id(*parts: str) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256("\x00".join(parts).encode()).digest()[:16], version=5)


def _moment(made_at: str) -> str:
    return f"{made_at[:19].replace(' ', 'T')}.000Z"
