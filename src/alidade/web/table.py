"""Table: a list as people work with it: sorted by a link, in pages, with columns to choose, and each row with its page.

Sorting and the page of the list stand in the address, since neither is personal; the text filter works in the
browser on what is shown and never leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.paginator import Page as RowsPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import Promise

Row = TypeVar("Row")
PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column. `value` gives what the cell shows, `sort` what it sorts by (the value, unless stated).

    `kind` is the name of a cell template web/cells/<kind>.html: text, day, moment, number, code, tag, address,
    evaluation, handling.
    """

    key: str
    title: str | Promise
    value: Callable[[Row], Any]
    sort: Callable[[Row], Any] | None = None
    kind: str = "text"
    sortable: bool = True
    hidden: bool = False  # not shown until the person chooses it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """A list with its columns, sorted and cut as the address says; draw it with {% include "web/table.html" %}."""

    name: str
    caption: str | Promise
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    request: HttpRequest
    link: Callable[[Row], str] | None = None
    default: str = ""
    per_page: int = PER_PAGE
    empty: str | Promise = ""
    selects: Callable[[Row], str] | None = None  # the value of the box with which a row is chosen
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def chooses(self) -> bool:
        """Whether rows can be chosen; a template would call `selects` instead of looking at it."""
        return self.selects is not None

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The key of the column that sorts, and whether downwards."""
        wanted = self.request.GET.get(f"{self.name}-sort", self.default)
        key, down = wanted.removeprefix("-"), wanted.startswith("-")
        return (key, down) if any(c.key == key and c.sortable for c in self.columns) else ("", False)

    def heads(self) -> list[dict[str, Any]]:
        """The head cells: title, whether it sorts now, and the address that sorts by it."""
        key, down = self.sorted_by
        return [
            {
                "key": column.key,
                "title": column.title,
                "hidden": column.hidden,
                "sortable": column.sortable,
                "sorted": ("descending" if down else "ascending") if column.key == key else "",
                "address": self._address(sort=f"-{column.key}" if column.key == key and not down else column.key),
            }
            for column in self.columns
        ]

    def page(self) -> RowsPage[Row]:
        """The rows of the page in the address; the nearest page where that one is not there."""
        return Paginator(self._ordered(), self.per_page).get_page(self.request.GET.get(f"{self.name}-page"))

    def body(self) -> list[dict[str, Any]]:
        """The rows as cells."""
        return [
            {
                "address": self.link(row) if self.link else "",
                "select": self.selects(row) if self.selects else "",
                "cells": [
                    {
                        "key": column.key,
                        "title": column.title,
                        "template": f"web/cells/{column.kind}.html",
                        "plain": column.kind
                        == "text",  # most are: without a template of its own a list is drawn in half
                        "value": column.value(row),
                        "hidden": column.hidden,
                        "first": number == 0,
                    }
                    for number, column in enumerate(self.columns)
                ],
            }
            for row in self.page()
        ]

    def pages(self) -> dict[str, Any]:
        """Where we are in the list, and the addresses before and after."""
        here = self.page()
        return {
            "count": here.paginator.count,
            "number": here.number,
            "of": here.paginator.num_pages,
            "before": self._address(page=here.previous_page_number()) if here.has_previous() else "",
            "after": self._address(page=here.next_page_number()) if here.has_next() else "",
        }

    def _ordered(self) -> Sequence[Row]:
        key, down = self.sorted_by
        column = next((c for c in self.columns if c.key == key), None)
        if column is None:
            return self.rows
        by = column.sort or column.value
        return sorted(self.rows, key=lambda row: _comparable(by(row)), reverse=down)

    def _address(self, **changes: object) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query[f"{self.name}-{name}"] = str(value)
        return "?" + query.urlencode()


def _comparable(value: Any) -> tuple[int, Any]:
    """Unlike values side by side: nothing first, then numbers, then texts."""
    if value is None or value == "":
        return (0, "")
    if isinstance(value, (int, float)):
        return (1, value)
    return (2, str(value).casefold())
