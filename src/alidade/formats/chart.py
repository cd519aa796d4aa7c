"""Chart: things and ties with all that is said of them, as the writers of charts take them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling, handling_id

NOT_KNOWN: Final = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement on a thing or a tie, under its own handling; `thing` and `record` say where it was given."""

    record: str
    thing: str
    property: str
    value: str
    owner: str
    evaluation: Evaluation
    handling: Handling
    valid_from: str | None = None
    valid_to: str | None = None
    original: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartThing:
    """One thing of a chart with its place in pixels; `label` is empty where no name is known."""

    key: str
    thing: str
    label: str
    kind: str
    x: float
    y: float
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartTie:
    """One tie between two things of the chart; `label` names its kind in words."""

    key: str
    kind: str
    label: str
    source: str
    target: str
    directed: bool
    evaluation: Evaluation
    said: tuple[Said, ...]
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFile:
    """What is written: `heading` stands above and below every picture (classification), `terms` beneath it.

    `terms` are sentences on the handling of the whole and on what was left out; `title` may be empty.
    """

    title: str
    heading: str
    terms: tuple[str, ...]
    things: tuple[ChartThing, ...]
    ties: tuple[ChartTie, ...]
    made_at: str

    def said(self) -> Iterator[Said]:
        """Every statement that goes out."""
        for thing in self.things:
            yield from thing.said
        for tie in self.ties:
            yield from tie.said

    def handlings(self) -> dict[str, Handling]:
        """The handlings under which it was given, by their ids."""
        return {
            str(key): value for key, value in sorted({handling_id(s.handling): s.handling for s in self.said()}.items())
        }


def said_text(said: tuple[Said, ...]) -> str:
    """The statements of one thing or tie as JSON, each naming its handling by its id."""
    return msgspec.json.encode(
        [
            {
                "record": each.record, "property": each.property, "value": each.value, "owner": each.owner,
                "evaluation": each.evaluation.code if each.evaluation.given else NOT_KNOWN,
                "valid_from": each.valid_from, "valid_to": each.valid_to, "handling": handling_id(each.handling),
            }
            for each in said
        ]
    ).decode()  # fmt: skip


def handlings_text(chart: ChartFile) -> str:
    """The handlings as JSON by their ids, so that a reader finds the whole condition of each statement."""
    return msgspec.json.encode(chart.handlings()).decode()
