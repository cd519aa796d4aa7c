"""The same once more with every part of the library as it is: directory, rights, ledger and transactions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from laboratory import PAIRS, Laboratory, agree, fewer

FAMILIES = 6


# In a module of its own: what the other laboratory keeps at hand is kept for the whole of its module.
@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    made = Laboratory(tmp_path_factory.mktemp("node"), monkeypatch, plain=True)
    yield made
    made.close()


def test_agreeing_databases_cannot_be_told_apart_by_the_whole_library(plain: Laboratory) -> None:
    families = fewer(FAMILIES)
    assert agree(plain, range(900_000, 900_000 + families)) == families * PAIRS


@pytest.mark.full
def test_nor_in_many_pairs(plain: Laboratory) -> None:
    assert agree(plain, range(910_000, 910_300)) == 300 * PAIRS
