"""Tables of the analysis in a report: every State by every measure, and what regions have answered and done."""

from __future__ import annotations

from typing import Final

from alidade.programme.analysis import Cell, Tally, stages
from alidade.programme.regions import region_of, regions
from alidade.programme.report.content import Row, TableBlock
from alidade.programme.report.scribe import Scribe

__all__ = ["matrix_tables", "region_table"]

_MOST_COLUMNS: Final = 17  # beside the names of States on a page; further measures follow in a table of their own
_SIGNS: Final = {"none": "N", "silent": "–", "": ""}  # two stages that a stroke and a blank would not tell apart


def matrix_tables(scribe: Scribe) -> list[TableBlock]:
    """Every State by every measure as signs, with what they mean beneath; nothing where no State is asked.

    Told only where every reply may be published as received, because each State stands there by name.
    """
    found, say = scribe.facts.analysis, scribe.words.say
    if found is None or not found.board.states or not _published(scribe):
        return []
    subjects = found.board.subjects
    used = {cell.stage for cell in found.board.cells.values()}
    legend = [f"{_sign(code)} {stage.label.in_(scribe.tag)}" for code, stage in stages().items() if code in used]
    if any(cell.differs for cell in found.board.cells.values()):
        legend.append(f"≠ {say('differs')}")
    source = f"{say('from_both', day=scribe.words.day(scribe.facts.day))} {'; '.join(legend)}."
    tables = []
    for first in range(0, len(subjects), _MOST_COLUMNS):
        columns = subjects[first : first + _MOST_COLUMNS]
        rows = tuple(
            _row(scribe.state(state), [found.board.cells[state, subject.key] for subject in columns])
            for state in sorted(found.board.states, key=scribe.state)
        )
        head = (say("state"), *(subject.key for subject in columns))
        tables.append(TableBlock(title=say("matrix_table"), head=head, rows=rows, source=source))
    return tables


def _row(name: str, cells: list[Cell]) -> Row:
    return Row(
        name=name,
        cells=tuple("≠" if cell.differs else _sign(cell.stage) for cell in cells),
        tones=tuple(cell.stage or "not_asked" for cell in cells),
    )


def _sign(stage: str) -> str:
    return _SIGNS[stage] if stage in _SIGNS else stages()[stage].sign


def region_table(scribe: Scribe) -> TableBlock | None:
    """How many replies each region was asked for, gave, and of how many it is said that they are done."""
    found, say, number = scribe.facts.analysis, scribe.words.say, scribe.words.number
    if found is None or not found.board.states or not _published(scribe):
        return None
    of_region: dict[str, list[str]] = {}
    for state in found.board.states:
        of_region.setdefault(region_of(state), []).append(state)

    def cells(counted: Tally) -> tuple[str, ...]:
        counts = (counted.asked, counted.answered, counted.done, counted.silent)
        return (*(number(count) for count in counts), scribe.words.share(counted.done, counted.asked))

    named = sorted((regions()[code].label.in_(scribe.tag), states) for code, states in of_region.items() if code)
    named += [(say("no_region"), states) for code, states in of_region.items() if not code]
    rows = [Row(name=name, cells=cells(found.board.of_group(states))) for name, states in named]
    rows.append(Row(name=say("total"), cells=cells(found.whole), total=True))
    for row in rows:
        scribe.fact(f"region/{row.name}", f"{row.name}: {row.cells[2]} / {row.cells[0]}")
    head = (say("region"), say("asked"), say("answered"), say("done"), say("silent"), say("share_done"))
    source = say("from_regions", day=scribe.words.day(scribe.facts.day))
    return TableBlock(title=say("regions_table"), head=head, rows=tuple(rows), source=source)


def _published(scribe: Scribe) -> bool:
    return all(round_.published for round_ in scribe.facts.rounds)
