"""European Union: the same list as delimited text (CSV 1.1), of which one entry takes several rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from alidade.formats.eu_entry import EuEntryReader, EuList, load_eu_list
from alidade.formats.table import DEFAULT_LIMITS, Limits, Row, Table, open_table
from alidade.formats.xml_source import Element
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary

KEY: Final = "Entity_LogicalId"
_NEEDED: Final = (KEY, "NameAlias_WholeName", "Entity_SubjectType")
_SUBJECT: Final = {"entity_subjecttype": "classificationCode", "entity_subjecttype_classificationcode": "code"}
_ACT: Final = "regulationSummary"
_DATE_OF_FILE: Final = "filegenerationdate"


def is_eu_header(header: Sequence[str]) -> bool:
    """Whether these are the columns of the list (CSV 1.1)."""
    found = {name.casefold() for name in header}
    return all(name.casefold() in found for name in _NEEDED)


def read_eu_csv(path: Path, vocabulary: Vocabulary, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Draft | Problem]:
    """Every sanctioned person and body of the list. The key is the list's logicalId, as in the XML form.

    The rows of an entry are put together whether or not they stand one after the other; an entry comes where its
    last row stands. The columns do not say which name is strong, so that all but the first are aliases. A row that
    cannot be read gives a fatal problem and its entry is taken without it. Raises Unreadable for a file that is no
    table or not this list.
    """
    table = open_table(path, header=True, delimiter=";", limits=limits, flag_formulas=False)
    if not is_eu_header(table.header):
        raise Unreadable(
            f"{path.name} does not have the columns of the list of the European Union in version 1.1.",
            remedy="Choose the full list, CSV 1.1.",
            code="wrong_list",
        )
    return _read(table, vocabulary)


def _read(table: Table, vocabulary: Vocabulary) -> Iterator[Draft | Problem]:
    codes = load_eu_list()
    reader = EuEntryReader(vocabulary, table.path.name, codes)
    columns = [_place(name, codes) for name in table.header]
    names = [name.casefold() for name in table.header]
    at = names.index(KEY.casefold())
    last = {row.cells[at].strip(): row.number for row in table.rows() if isinstance(row, Row)}
    yield from table.remarks
    waiting: dict[str, _Entry] = {}
    for item in table.rows():
        if isinstance(item, Problem):
            yield item
            continue
        key = item.cells[at].strip()
        # Rows without a number belong to no entry, nor to one another.
        entry = waiting.setdefault(key, _Entry(item.number)) if key else _Entry(item.number)
        entry.add(columns, item)
        if not key or item.number >= last.get(key, 0):
            waiting.pop(key, None)
            yield from reader.entry(entry.element())


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the cells of a column belong: path of the element, and its attribute or (with child) its child."""

    element: str
    name: str
    child: bool


def _place(column: str, codes: EuList) -> _Column | None:
    lowered = column.casefold()
    if lowered == _DATE_OF_FILE:
        return None
    if lowered in _SUBJECT:
        return _Column("subjectType", _SUBJECT[lowered], False)
    for prefix, known in codes.columns.items():
        if not lowered.startswith(f"{prefix.casefold()}_"):
            continue
        part = column[len(prefix) + 1 :]
        name = next((to for what, to in known.parts.items() if what.casefold() == part.casefold()), None)
        if name is None:
            name = part[:1].lower() + part[1:]
        return _Column(known.element, name.removeprefix("+"), name.startswith("+"))
    return _Column("", column, True)


@dataclass(slots=True)
class _Block:
    """What one row gives for one element: its attributes, its children, and the act it rests on."""

    attributes: dict[str, str] = field(default_factory=dict)
    children: list[tuple[str, str]] = field(default_factory=list)
    act: dict[str, str] = field(default_factory=dict)

    def element(self, name: str, line: int) -> Element:
        """The element of that name."""
        children = [Element(name=child, line=line, text=text) for child, text in self.children]
        if self.act:
            children.append(Element(name=_ACT, line=line, attributes=self.act))
        return Element(name=name, line=line, attributes=self.attributes, children=tuple(children))


class _Entry:
    """The rows of one entry as the element they would be in the XML form; what is said twice stands once."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._attributes: dict[str, str] = {}
        self._texts: dict[tuple[str, str], int] = {}
        self._elements: dict[tuple[object, ...], Element] = {}

    def add(self, columns: Sequence[_Column | None], row: Row) -> None:
        """Put one row to the entry."""
        blocks: dict[str, _Block] = {}
        for column, cell in zip(columns, row.cells, strict=True):
            text = cell.strip()
            if column is None or not text:
                continue
            name, _, inner = column.element.partition("/")
            if not name:
                if column.child or self._attributes.setdefault(column.name, text) != text:
                    self._texts.setdefault((column.name, text), row.number)
                continue
            block = blocks.setdefault(name, _Block())
            if inner:
                block.act[column.name] = text
            elif column.child:
                block.children.append((column.name, text))
            else:
                block.attributes[column.name] = text
        for name, block in blocks.items():
            same = (name, *block.attributes.items(), *block.children, *block.act.items())
            if same not in self._elements:
                self._elements[same] = block.element(name, row.number)

    def element(self) -> Element:
        """The entry."""
        texts = [Element(name=name, line=line, text=text) for (name, text), line in self._texts.items()]
        return Element(
            name="sanctionEntity",
            line=self._line,
            attributes=self._attributes,
            children=(*texts, *self._elements.values()),
        )
