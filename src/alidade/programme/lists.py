"""The code lists of the programme, with their terms in four languages, sources and dates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from alidade.vocabulary.codes import Code
from alidade.vocabulary.reading import read

__all__ = ["FOLDER", "LISTS", "codes", "term"]

FOLDER: Final = Path(__file__).parent / "data"

LISTS: Final = (
    "carrying_ways", "countings", "entry_kinds", "figure_units", "instrument_kinds", "measure_statuses",
    "obstacle_kinds", "reply_fields", "verification_rulings",
)  # fmt: skip
"""The lists that this module reads; the kinds of answers are `answer_kinds`."""


@lru_cache(maxsize=32)
def codes(name: str) -> Mapping[str, Code]:
    """The entries of a list by code, in the order of the file. Raises DamagedVocabulary."""
    return MappingProxyType(read(FOLDER, name, Code)[1])


def term(name: str, code: str, language: str) -> str:
    """The term of a code in a language; the code itself where the list does not have it."""
    entry = codes(name).get(code)
    return code if entry is None else entry.label.in_(language)
