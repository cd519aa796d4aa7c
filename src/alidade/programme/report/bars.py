"""A chart of bars as SVG: plain shapes and words, the same bytes for the same numbers."""

from __future__ import annotations

from html import escape
from typing import Final

from alidade.programme.report.content import Bars

__all__ = ["bars_svg"]

_ROW: Final = 26
_NAMES: Final = 190
_WIDTH: Final = 560


def bars_svg(chart: Bars) -> str:
    """The chart as one SVG element with its title and a description that says every number."""
    most = max((count for _, count in chart.bars), default=0) or 1
    said = "; ".join(f"{name}: {count}" for name, count in chart.bars)
    height = _ROW * len(chart.bars) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(chart.title)}. {escape(said)}" font-family="sans-serif" font-size="13">',
        f"<title>{escape(chart.title)}</title>",
    ]
    for place, (name, count) in enumerate(chart.bars):
        top = 4 + _ROW * place
        length = round((_WIDTH - _NAMES - 50) * count / most, 1)
        parts.append(
            f'<text x="{_NAMES - 8}" y="{top + 16}" text-anchor="end" fill="currentColor">{escape(name)}</text>'
        )
        parts.append(f'<rect x="{_NAMES}" y="{top + 4}" width="{length}" height="{_ROW - 10}" fill="#1f7a6d"/>')
        parts.append(f'<text x="{_NAMES + length + 6}" y="{top + 16}" fill="currentColor">{count}</text>')
    return "".join([*parts, "</svg>"])
