"""Regions: groups of States, each State in one of them, so that a table by region adds up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from alidade.programme.lists import FOLDER
from alidade.vocabulary.codes import Code
from alidade.vocabulary.reading import read

__all__ = ["Region", "region_of", "regions"]


class Region(Code, frozen=True, kw_only=True):
    """A region with its States (ISO 3166 alpha-3)."""

    members: tuple[Annotated[str, Meta(pattern=r"^[A-Z]{3}$")], ...]


@lru_cache(maxsize=1)
def regions() -> Mapping[str, Region]:
    """The regions by code (UN M49). Raises DamagedVocabulary."""
    return MappingProxyType(read(FOLDER, "regions", Region)[1])


@lru_cache(maxsize=1)
def _by_state() -> Mapping[str, str]:
    return MappingProxyType({state: code for code, region in regions().items() for state in region.members})


def region_of(state: str) -> str:
    """The code of the region of a State; empty where it stands in none."""
    return _by_state().get(state, "")
