"""Sheets: the analysis as tables, in one language, the same on a page and in a file that is taken out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.programme.analysed import Analysis
from alidade.programme.analysis import Cell, Tally, stages
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.contradictions import Side
from alidade.programme.figure_tables import FigureTable
from alidade.programme.lists import codes, term
from alidade.programme.regions import region_of, regions
from alidade.programme.register import Figure, said_in
from alidade.programme.remarks import Remark
from alidade.programme.suppression import counts_people, small_cells

__all__ = ["ENGLISH", "SHEETS", "Names", "Sheet", "SheetCell", "SheetRow", "sheet", "unit_of"]

ENGLISH: Final[Mapping[str, str]] = {
    "state": "State", "measure": "Measure", "title": "Title", "region": "Region", "asked": "Asked",
    "answered": "Answered", "done": "Done", "late": "Late", "share": "Share done", "unevidenced": "Without evidence",
    "total": "Total", "stage": "How far", "deadline": "Deadline", "said": "Said", 
    "what": "What does not agree", "sides": "What was said", "obstacle": "Obstacle", "times": "Times",
    "states": "States", "texts": "In words", "text": "In words", "day": "Day", "year": "Year", "unit": "Unit",
    "whole": "As a whole", "not_known": "not known", "not_said": "not said", "not_asked": "not asked",
    "no_region": "In no region", "entry": "entry", "answer": "reply", "verification": "verification",
    "status_differs": "stages differ", "figures_differ": "figures differ",
    "contested": "said to be done, and contested",
    "of": "{done} of {asked}", "authority": "Authority",
}  # fmt: skip
"""The words of the tables beside those of the code lists; a face gives them in other languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How things are called: States by alpha-3, authorities by id, groups of States, and the words of `ENGLISH`."""

    language: str
    states: Mapping[str, str]
    authorities: Mapping[str, str]
    groups: Mapping[str, tuple[str, frozenset[str]]]
    words: Mapping[str, str]

    def state(self, code: str) -> str:
        """A State by its name; nothing where a thing names none."""
        return self.states.get(code, code) if code else self.words["whole"]

    def authority(self, code: str) -> str:
        """An authority by its name."""
        return self.authorities.get(code, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """A cell: its text; its number or day where it is one; its tone (a stage, or `heat-0` to `heat-4`), never alone."""

    text: str
    number: float | None = None
    tone: str = ""
    sign: str = ""
    hint: str = ""
    day: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row: what it is of, its cells; the keys of its State and measure where it has them."""

    name: str
    cells: tuple[SheetCell, ...]
    total: bool = False
    key: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: the names of its columns (the first is that of the rows), its rows, and notes beneath."""

    code: str
    head: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _text(text: object, *, tone: str = "", hint: str = "") -> SheetCell:
    return SheetCell(text=str(text), tone=tone, hint=hint)


def _day(day: dt.date | None) -> SheetCell:
    return SheetCell(text="" if day is None else day.isoformat(), day=day)


def _number(number: float | None, nothing: str = "") -> SheetCell:
    return SheetCell(text=nothing if number is None else f"{number:,.10g}".replace(",", "\u202f"), number=number)


def _matrix(found: Analysis, names: Names) -> Sheet:
    subjects, language = found.board.subjects, names.language
    rows = []
    if any(standing.status for standing in found.standings.values()):
        rows.append(SheetRow(name=names.words["whole"], cells=tuple(_whole(found, s.key, names) for s in subjects)))
    for state in sorted(found.board.states, key=names.state):
        cells = tuple(_cell(found.board.cells[state, subject.key], names) for subject in subjects)
        rows.append(SheetRow(name=names.state(state), cells=cells, state=state))
    return Sheet(
        code="matrix",
        head=(names.words["state"], *(subject.key for subject in subjects)),
        hints=("", *(said_in(subject.title, language)[0] for subject in subjects)),
        rows=tuple(rows),
    )


def _whole(found: Analysis, key: str, names: Names) -> SheetCell:
    standing = found.standings.get(key)
    if standing is None or standing.status is None:
        return _text(names.words["not_known"], tone="unknown")
    return _stage(next(c for c, s in stages().items() if standing.status in s.statuses), names)


def _stage(code: str, names: Names, *, hint: str = "") -> SheetCell:
    stage = stages()[code]
    return SheetCell(text=stage.label.in_(names.language), tone=code.replace("_", "-"), sign=stage.sign, hint=hint)


def _cell(cell: Cell, names: Names) -> SheetCell:
    if not cell.stage:
        return _text("", tone="not-asked", hint=names.words["not_asked"])
    said = "; ".join(f"{_word(each.where, each.code, names)} ({names.authority(each.authority)})" for each in cell.said)
    shown = _stage(cell.stage, names, hint=said)
    if not cell.differs:
        return shown
    both = " / ".join(stages()[code].label.in_(names.language) for code in cell.stages)
    return SheetCell(text=both, tone="differs", sign="≠", hint=said)


def _word(where: str, code: str, names: Names) -> str:
    if where == "answer":
        return answer_kinds()[code].label.in_(names.language)
    return term("measure_statuses" if where == "entry" else "verification_rulings", code, names.language)


def _heat(found: Analysis, names: Names) -> Sheet:
    subjects = found.board.subjects
    groups = _regions_of(found, names)
    rows = [
        SheetRow(
            name=label,
            cells=tuple(_degree(found.board.of_group(states, subject.key), names) for subject in subjects),
        )
        for label, states in groups
    ]
    total = tuple(_degree(found.board.of_measure(subject.key), names) for subject in subjects)
    rows.append(SheetRow(name=names.words["total"], cells=total, total=True))
    return Sheet(
        code="heat",
        head=(names.words["region"], *(subject.key for subject in subjects)),
        hints=("", *(said_in(subject.title, names.language)[0] for subject in subjects)),
        rows=tuple(rows),
    )


def _degree(counted: Tally, names: Names) -> SheetCell:
    """How many of those asked have done it, as text; the tone in five steps of the share."""
    if not counted.asked:
        return _text("", tone="not-asked", hint=names.words["not_asked"])
    part = 3 if counted.done == counted.asked else 3 * counted.done // counted.asked
    step = 1 + part if counted.done else 0
    return _text(names.words["of"].format(done=counted.done, asked=counted.asked), tone=f"heat-{step}")


def _regions_of(found: Analysis, names: Names) -> list[tuple[str, list[str]]]:
    """The regions that have a State in it, by their names, and those States; then those in no region."""
    of_region: dict[str, list[str]] = {}
    for state in found.board.states:
        of_region.setdefault(region_of(state), []).append(state)
    named = [(regions()[code].label.in_(names.language), states) for code, states in of_region.items() if code]
    return sorted(named) + [(names.words["no_region"], states) for code, states in of_region.items() if not code]


def _tally_sheet(
    code: str, first: str, rows: Iterable[tuple[str, str, str, Tally]], whole: Tally | None, names: Names
) -> Sheet:
    shown = list(stages())
    words = names.words
    head = (
        words[first],
        words["asked"],
        words["answered"],
        *(stages()[each].label.in_(names.language) for each in shown),
    )

    def cells(counted: Tally) -> tuple[SheetCell, ...]:
        counts = (counted.asked, counted.answered, *(counted.stages.get(each, 0) for each in shown))
        share = _text(f"{round(100 * counted.done / counted.asked)} %" if counted.asked else "–", tone="number")
        return (*(_number(count) for count in counts), _number(counted.late), _number(counted.unevidenced), share)

    drawn = [SheetRow(name=name, key=key, state=state, cells=cells(counted)) for name, key, state, counted in rows]
    if whole is not None:
        drawn.append(SheetRow(name=words["total"], cells=cells(whole), total=True))
    return Sheet(code=code, head=(*head, words["late"], words["unevidenced"], words["share"]), rows=tuple(drawn))


def _states(found: Analysis, names: Names) -> Sheet:
    rows = [
        (names.state(state), "", state, found.board.of_state(state))
        for state in sorted(found.board.states, key=names.state)
    ]
    return _tally_sheet("states", "state", rows, found.whole, names)


def _measures(found: Analysis, names: Names) -> Sheet:
    rows = [
        (f"{each.key}: {said_in(each.title, names.language)[0]}", each.key, "", found.board.of_measure(each.key))
        for each in found.board.subjects
    ]
    return _tally_sheet("measures", "measure", rows, found.whole, names)


def _regions(found: Analysis, names: Names) -> Sheet:
    rows = [(label, "", "", found.board.of_group(states)) for label, states in _regions_of(found, names)]
    return _tally_sheet("regions", "region", rows, found.whole, names)


def _groups(found: Analysis, names: Names) -> Sheet:
    """By groups to which a State may belong together with others; they overlap, so that there is no total."""
    rows = [
        (label, "", "", found.board.of_group(members))
        for label, members in sorted(names.groups.values(), key=lambda each: each[0])
        if members & set(found.board.states)
    ]
    return _tally_sheet("groups", "region", rows, None, names)


def _found(finding: str) -> Callable[[Analysis, Names], Sheet]:
    def made(found: Analysis, names: Names) -> Sheet:
        titles = {subject.key: subject for subject in found.board.subjects}
        rows = [
            SheetRow(
                name=names.state(cell.state),
                state=cell.state,
                key=cell.key,
                cells=(
                    _text(cell.key),
                    _text(said_in(titles[cell.key].title, names.language)[0]),
                    _cell(cell, names),
                    _day(titles[cell.key].deadline),
                ),
            )
            for cell in found.cells(finding)
        ]
        words = names.words
        head = (words["state"], words["measure"], words["title"], words["stage"], words["deadline"])
        return Sheet(code=finding, head=head, rows=tuple(rows))

    return made


def _contradictions(found: Analysis, names: Names) -> Sheet:
    rows = tuple(
        SheetRow(
            name=names.state(each.state),
            state=each.state,
            key=each.key,
            cells=(
                _text(each.key),
                _text(names.words[each.code]),
                _text("; ".join(_side(side, names) for side in each.sides)),
            ),
        )
        for each in found.contradictions
    )
    words = names.words
    head = (words["state"], words["measure"], words["what"], words["sides"])
    return Sheet(code="contradictions", head=head, rows=rows)


def _side(side: Side, names: Names) -> str:
    said = _word(side.where, side.code, names) if side.code else ""
    if side.figure is not None:
        small = counts_people(side.figure) and 0 < side.figure.value < small_cells().least
        said = names.words["not_said"] if small else _number(side.figure.value).text
        said = f"{said} {unit_of(side.figure, names.language)}"
    who = f"{names.words[side.where]}, {names.authority(side.authority)}, {side.day.isoformat()}"
    return f"{said} ({who})" + (f": {side.reason}" if side.reason else "")


def unit_of(figure: Figure, language: str) -> str:
    """The unit of a figure in words, as it was stated where the language has none, with what it counts."""
    tag = language.replace("-", "_")
    given = figure.unit_texts.get(tag) or figure.unit_texts.get(tag.partition("_")[0])
    known = figure.unit in codes("figure_units")
    unit = term("figure_units", figure.unit, language) if known else given or figure.unit
    return f"{unit} ({figure.of})" if figure.of else unit


def _obstacles(found: Analysis, names: Names) -> Sheet:
    rows = [
        SheetRow(
            name=term("obstacle_kinds", group.code, names.language),
            cells=(
                _number(group.times),
                _text(", ".join(sorted(names.state(state) for state in group.states))),
                _text("; ".join(_quoted(each, names) for each in group.remarks if any(each.text.values()))),
            ),
        )
        for group in found.obstacles
    ]
    words = names.words
    if rows:
        total = (_number(sum(group.times for group in found.obstacles)), _text(""), _text(""))
        rows.append(SheetRow(name=words["total"], cells=total, total=True))
    head = (words["obstacle"], words["times"], words["states"], words["texts"])
    return Sheet(code="obstacles", head=head, rows=tuple(rows))


def _quoted(remark: Remark, names: Names) -> str:
    who = names.state(remark.state) if remark.state else names.authority(remark.authority)
    return f"“{said_in(remark.text, names.language)[0]}” ({who}, {remark.key})"


def _named(kind: str, code: str) -> Callable[[Analysis, Names], Sheet]:
    def made(found: Analysis, names: Names) -> Sheet:
        rows = tuple(
            SheetRow(
                name=names.state(each.state),
                state=each.state,
                key=each.key,
                cells=(
                    _text(each.key),
                    _text(said_in(each.text, names.language)[0]),
                    _text(names.authority(each.authority)),
                    _day(each.day),
                ),
            )
            for each in found.named(kind)
        )
        words = names.words
        head = (words["state"], words["measure"], words["text"], words["authority"], words["day"])
        return Sheet(code=code, head=head, rows=rows)

    return made


def _figures(found: Analysis, names: Names) -> Sheet:
    rows: list[SheetRow] = []
    order = {subject.key: place for place, subject in enumerate(found.board.subjects)}
    for table in sorted(found.figures, key=lambda table: order.get(table.key, len(order))):
        rows += _figure_rows(table, names)
    words = names.words
    head = (words["measure"], words["unit"], words["state"], words["year"], words["said"])
    return Sheet(code="figures", head=head, rows=tuple(rows))


def _figure_rows(table: FigureTable, names: Names) -> Sequence[SheetRow]:
    unit, not_said = unit_of(table.unit, names.language), names.words["not_said"]

    def row(state: str, year: str, value: float | None, *, total: bool = False) -> SheetRow:
        cells = (_text(unit), _text(state), _text(year), _number(value, not_said))
        return SheetRow(name=table.key, key=table.key, cells=cells, total=total)

    rows = [
        row(names.state(state), year, table.cells[state, year])
        for year in table.columns
        for state in table.rows
        if (state, year) in table.cells
    ]
    several = len(table.rows) > 1
    added = [(year, total) for year, total in table.totals.items() if several and table.unit.unit != "%"]
    return rows + [row(names.words["total"], year, total, total=True) for year, total in added]


_MAKERS: Final[Mapping[str, Callable[[Analysis, Names], Sheet]]] = {
    "matrix": _matrix,
    "heat": _heat,
    "states": _states,
    "measures": _measures,
    "regions": _regions,
    "groups": _groups,
    "late": _found("late"),
    "silent": _found("silent"),
    "unevidenced": _found("unevidenced"),
    "contradictions": _contradictions,
    "obstacles": _obstacles,
    "good_practices": _named("good_practice", "good_practices"),
    "training_needs": _named("training_need", "training_needs"),
    "figures": _figures,
}
SHEETS: Final = tuple(_MAKERS)


def sheet(code: str, found: Analysis, names: Names) -> Sheet:
    """One of the tables (a name in `SHEETS`). Raises KeyError for another."""
    return _MAKERS[code](found, names)
