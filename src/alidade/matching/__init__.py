"""Matching: what makes two records speak of the same person, company, vessel or number.

`NameIndex` finds names among millions; `compare_names` says how well two agree. `compare` weighs all evidence on two
things and shows each share; `compare_hit` does so where one of them is a question asked of very many. `link` and
`deduplicate` match whole tables. `identifiers` reads numbers and addresses.
Nothing here needs a store or a page: pure functions and classes of their arguments and of the dated tables in `data/`.

The names are brought in when they are first used, so that who only reads numbers does not wait for the compiled parts.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alidade.matching.compiled import throw_away_outdated

if TYPE_CHECKING:
    from alidade.matching.comparison import Comparison, ComparisonPart, compare, compare_hit
    from alidade.matching.forgetting import forget_names
    from alidade.matching.index.keeping import IndexFileError
    from alidade.matching.index.name_index import Hit, NameIndex
    from alidade.matching.linking import deduplicate, link
    from alidade.matching.name_comparison import NameScore, Part, compare_names, explain_names

throw_away_outdated(Path(__file__).parent)

_HOMES: Final = {
    "Comparison": "comparison",
    "ComparisonPart": "comparison",
    "Hit": "index.name_index",
    "IndexFileError": "index.keeping",
    "NameIndex": "index.name_index",
    "NameScore": "name_comparison",
    "Part": "name_comparison",
    "compare": "comparison",
    "compare_hit": "comparison",
    "compare_names": "name_comparison",
    "deduplicate": "linking",
    "explain_names": "name_comparison",
    "forget_names": "forgetting",
    "link": "linking",
}

__all__ = [
    "Comparison",
    "ComparisonPart",
    "Hit",
    "IndexFileError",
    "NameIndex",
    "NameScore",
    "Part",
    "compare",
    "compare_hit",
    "compare_names",
    "deduplicate",
    "explain_names",
    "forget_names",
    "link",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
