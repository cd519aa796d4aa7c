"""Scoring: how many of the points of a key a reading has right, and what it says beyond the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alidade.programme.reading import Measure, Reading
from alidade.programme.reading.dates import is_fine


@dataclass
class Score:
    """Right, of how many, and the first misses in words."""

    right: int = 0
    total: int = 0
    misses: list[str] = field(default_factory=list)

    def point(self, right: bool, miss: str) -> None:
        self.total += 1
        self.right += right
        if not right:
            self.misses.append(miss)

    def sets(self, name: str, wanted: Iterable[object], got: Iterable[object]) -> None:
        """Every value wanted is a point, and every value beyond them is one lost."""
        want, have = set(wanted), set(got)
        for value in sorted(want, key=str):
            self.point(value in have, f"{name}: {value} is missing")
        for value in sorted(have - want, key=str):
            self.point(False, f"{name}: {value} is too much")

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.right}/{self.total}: {'; '.join(self.misses[:12])}"


def fine_dates(measure: Measure) -> set[str]:
    """Dates to the month or finer."""
    return {date.value for date in measure.dates if is_fine(date)}


def measures_score(reading: Reading, wanted: list[dict[str, Any]]) -> dict[str, Score]:
    """Scores by point: number and title, section, bullets, deadline, addressees, dates, references, figures."""
    names = ("titles", "structure", "deadlines", "addressees", "dates", "references", "figures")
    scores = {name: Score() for name in names}
    found = {measure.number: measure for measure in reading.measures}
    scores["titles"].sets("numbers", [each["number"] for each in wanted], found)
    for want in wanted:
        measure = found.get(want["number"])
        if measure is None:
            continue
        at = f"measure {want['number']}"
        scores["titles"].point(measure.title == want["title"], f"{at}: title {measure.title!r}")
        for name, got in (("section", measure.section), ("bullets", len(measure.bullets))):
            if name in want:
                scores["structure"].point(want[name] == got, f"{at}: {name} {got}")
        if "deadline" in want:
            got_deadline = measure.deadline.value if measure.deadline else None
            scores["deadlines"].point(want["deadline"] == got_deadline, f"{at}: deadline {got_deadline}")
        scores["addressees"].sets(f"{at}, addressees", want["addressees"], {a.value for a in measure.addressees})
        if "dates" in want:
            scores["dates"].sets(f"{at}, dates", want["dates"], fine_dates(measure))
        if "references" in want:
            scores["references"].sets(f"{at}, references", want["references"], {r.value for r in measure.references})
        if "figures" in want:
            have = {(figure.amount, figure.unit) for figure in measure.figures}
            for amount, unit in want["figures"]:
                scores["figures"].point((amount, unit) in have, f"{at}: {amount} {unit}")
    return scores


def answers_score(reading: Reading, wanted: Mapping[str, Mapping[str, Any]]) -> tuple[Score, Score]:
    """Who answered what at all, and with which kind."""
    answered, kinds = Score(), Score()
    got = {(answer.recommendation, answer.state): answer for answer in reading.answers}
    want = {(number, state): entry for number, row in wanted.items() for state, entry in row.items()}
    answered.sets("answers", want, got)
    for place, entry in want.items():
        kind = entry[1] if isinstance(entry, list) else entry
        found = got[place].kind if place in got else "no answer"
        kinds.point(found == kind, f"{place}: {kind}, read as {found}")
    return answered, kinds
