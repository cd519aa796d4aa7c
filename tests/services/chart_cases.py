"""A small picture for the tests of charts: a ring of persons, a firm, a vessel, and a tie that only its giver sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from personas import DE, FR, NL, Office, draft, opened, template

from alidade.model.draft import Claim
from alidade.services.picture.chart_state import ChartState, Named
from alidade.services.picture.judging import judge
from alidade.services.records import overview

SECRET = {"communities": (), "hit": "silent"}


def refers(name: str, key: str, evaluation: str | None = "B2") -> Claim:
    """The same under the name of its property."""
    return Claim(property=name, value=key, refers=True, evaluation=evaluation)


@dataclass(frozen=True, slots=True)
class Scene:
    """The records of the small picture by short names."""

    office: Office
    records: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.records[name]

    def state(self, *names: str, **more: object) -> ChartState:
        """A chart that begins with these."""
        return ChartState(starts=tuple(Named(record=self[name]) for name in names), **more)  # type: ignore[arg-type]


class Scenes:
    """The small picture, made once and copied for each test."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._folder = factory.mktemp("charts")
        with opened(template(factory), self._folder / "node", "charts") as office:
            self._records = scene(office).records

    @contextmanager
    def __call__(self, folder: Path) -> Iterator[Scene]:
        """A copy of it, open."""
        with opened(self._folder / "node", folder, "chart") as office:
            yield Scene(office, self._records)


def scene(office: Office) -> Scene:
    """NL knows Ada, who directs Firm, which owns Vessel; Ada met Bo. DE knows, for itself alone, that Bo owns Villa."""
    office.give(
        draft("ada", name="Ada Lindqvist"),
        draft("bo", name="Bo Verhoeven"),
        draft("firm", "Company", name="Noordzee Fruit BV"),
        draft("vessel", "Vessel", name="Meltemi", imoNumber="IMO 9074729"),
        draft("alone", name="Nobody Else"),
        draft("directs", "Directorship", director=refers("director", "ada", "A1"),
              organization=refers("organization", "firm", "A1"), startDate="2025-03-01", endDate="2025-09-01"),
        draft("owns", "Ownership", owner=refers("owner", "firm", "C3"), asset=refers("asset", "vessel", "C3")),
        draft("met", "Associate", person=refers("person", "ada", "B2"), associate=refers("associate", "bo", "B2"),
              startDate="2026-02-01"),
        by=NL,
    )  # fmt: skip
    office.give(
        draft("bo", name="Bo Verhoeven Geheim"),
        draft("villa", "RealEstate", name="Villa Serena"),
        draft("owns", "Ownership", owner=refers("owner", "bo"), asset=refers("asset", "villa")),
        by=DE,
        handling=office.handling(DE, **SECRET),
    )
    named: dict[str, str] = {}
    for who in (NL, DE, FR):
        for each in overview(office.node, office.officer(who), newest=500).newest:
            if each.property == "name":
                named[each.value] = each.record
    short = {
        "ada": "Ada Lindqvist", "bo": "Bo Verhoeven", "firm": "Noordzee Fruit BV", "vessel": "Meltemi",
        "alone": "Nobody Else", "secret": "Bo Verhoeven Geheim", "villa": "Villa Serena",
    }  # fmt: skip
    found = Scene(office=office, records={key: named[value] for key, value in short.items()})
    judge(
        office.node,
        office.officer(DE),
        found["bo"],
        found["secret"],
        "same",
        "one passport",
        office.handling(DE, **SECRET),
    )
    return found
