"""Positions: in which line of a JSON text something stands, so that an error can say where to look."""

from __future__ import annotations

import json
import re
from typing import Final

__all__ = ["Positions", "positions_of"]

_TOKEN: Final = re.compile(r'[\s:,]*(?:([{\[])|([}\]])|("(?:[^"\\]|\\.)*")|([^\s,:\[\]{}"]+))')


class Positions:
    """The line of every place in a JSON text; places are written as `$.states[2].label.fr`."""

    def __init__(self, lines: dict[str, int], twice: tuple[tuple[str, int], ...]) -> None:
        self._lines = lines
        self.twice = twice
        """Fields written twice in the same object, with the line of the second."""

    def line(self, path: str) -> int:
        """The line (from 1) of this place, or of the nearest place around it that exists."""
        while path and path not in self._lines:
            path = path[: max(path.rfind("."), path.rfind("["))] if len(path) > 1 else ""
        return self._lines.get(path, 1)


def positions_of(text: str) -> Positions:
    """Where everything stands in a text that is JSON. Raises json.JSONDecodeError where it is none."""
    json.loads(text)
    lines: dict[str, int] = {}
    twice: list[tuple[str, int]] = []
    open_places: list[tuple[str, int | None]] = []  # path, and the number of the next element of a list
    name: str | None = None
    at = line_from = 0
    line = 1
    while (found := _TOKEN.match(text, at)) is not None:
        begin = found.start(found.lastindex or 0)
        line += text.count("\n", line_from, begin)
        line_from, at = begin, found.end()
        opens, closes, word, _ = found.groups()
        if closes:
            open_places.pop()
            continue
        path = "$"
        if open_places:
            around, index = open_places[-1]
            if index is not None:
                path = f"{around}[{index}]"
                open_places[-1] = (around, index + 1)
            elif name is None:
                name = json.loads(word)
                path = f"{around}.{name}"
                if path in lines:
                    twice.append((path, line))
                lines[path] = line
                continue
            else:
                path, name = f"{around}.{name}", None
        lines.setdefault(path, line)
        if opens:
            open_places.append((path, 0 if opens == "[" else None))
    return Positions(lines, tuple(twice))
