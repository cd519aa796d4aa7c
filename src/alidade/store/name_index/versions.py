"""The version of everything that an answer by name rests on: the index, the known names, the words that say little."""

from __future__ import annotations

from functools import cache
from typing import Final

_INDEX: Final = 1  # of what is put into an index, and how it is kept


@cache
def index_version() -> str:
    """One text that changes whenever one of them does."""
    from alidade.matching.index.keeping import FORMAT
    from alidade.matching.index.name_index import tables_version
    from alidade.matching.weights import WEIGHTS

    return f"{_INDEX}.{FORMAT}/{tables_version()}/{WEIGHTS.version}"
