"""Matching: what makes two records speak of the same person, company, vessel or number.

`NameIndex` finds names among millions; `compare_names` says how well two agree and `compare` weighs all evidence on two
things and shows each share; `link` and `deduplicate` match whole tables. `identifiers` reads numbers and addresses.
Nothing here needs a store or a page: pure functions and classes of their arguments and of the dated tables in `data/`.

The names are brought in when they are first used, so that who only reads numbers does not wait for the compiled parts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alidade.matching.comparison import Comparison, ComparisonPart, compare
    from alidade.matching.index.keeping import IndexFileError
    from alidade.matching.index.name_index import Hit, NameIndex
    from alidade.matching.linking import deduplicate, link
    from alidade.matching.name_comparison import NameScore, Part, compare_names, explain_names

_HOMES: Final = {
    "Comparison": "comparison",
    "ComparisonPart": "comparison",
    "Hit": "index.name_index",
    "IndexFileError": "index.keeping",
    "NameIndex": "index.name_index",
    "NameScore": "name_comparison",
    "Part": "name_comparison",
    "compare": "comparison",
    "compare_names": "name_comparison",
    "deduplicate": "linking",
    "explain_names": "name_comparison",
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
    "compare_names",
    "deduplicate",
    "explain_names",
    "link",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
