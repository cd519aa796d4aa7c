"""Forgetting: after an erasure nothing that was compared or searched is left in the memory of the process."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator

import pytest

import alidade.matching
from alidade.matching import NameIndex, compare, compare_hit, compare_names, forget_names
from alidade.matching.forgetting import _REMEMBERED
from alidade.matching.index.segment import Segment

#: What rests on the tables of the program alone and may stay.
_OF_TABLES = {"lexicon.lexicon", "words.group_strength", "words._of_organisations"}


def _caches() -> Iterator[tuple[str, Callable[..., object]]]:
    package = alidade.matching
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if hasattr(value, "cache_clear") and value.__module__ == module.name:
                yield f"{module.name.removeprefix(package.__name__ + '.')}.{name}", value


def test_whatever_remembers_names_is_told_to_forget_them() -> None:
    compare_names("Zebedeus Vermeulen", "Zebbo Vermeulen")
    thing = {"name": "Zebedeus Vermeulen", "birthDate": "1970-02-01", "passportNumber": "ZB1234567", "address": "A 1"}
    compare(thing, thing)
    index = NameIndex.build(["Zebedeus Vermeulen"])
    index.search("Zebedeus")
    caches = {name: cache for name, cache in _caches() if name not in _OF_TABLES}
    assert set(caches) == {f"{module}.{name}" for module, names in _REMEMBERED.items() for name in names}
    assert any(cache.cache_info().currsize for cache in caches.values())  # type: ignore[attr-defined]
    before = compare_hit(thing, thing).score
    forget_names()
    assert not any(cache.cache_info().currsize for cache in caches.values())  # type: ignore[attr-defined]
    assert compare_hit(thing, thing).score == before


def test_what_is_not_loaded_has_remembered_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.modules", {})
    forget_names()


def test_an_index_holds_no_removed_name_in_any_thread() -> None:
    index = NameIndex.build(["Piet Hein", "Zebedeus Vermeulen"])
    row = index.add("Zebedeus Maria")
    searched, forgotten, ended = threading.Event(), threading.Event(), threading.Event()
    answers: list[list[int]] = []

    def ask() -> None:
        answers.append([hit.row for hit in index.search("Zebedeus Maria")])
        searched.set()
        forgotten.wait(60)
        answers.append([hit.row for hit in index.search("Piet Hein")])
        ended.set()

    thread = threading.Thread(target=ask)
    thread.start()
    searched.wait(60)
    index.remove(1)
    index.remove(row)
    assert index.search("Zebedeus") == []
    assert _segments_with(b"zebedeus")
    index.forget_removed()
    assert not _segments_with(b"zebedeus")
    forgotten.set()
    ended.wait(60)
    thread.join()
    assert answers[0][0] == row
    assert answers[1] == [0]
    assert len(index) == 1
    assert index.add("Klaas Vaak") == row + 1
    assert [hit.row for hit in index.search("Klaas Vaak")] == [row + 1]


def _segments_with(letters: bytes) -> int:
    gc.collect()
    return sum(isinstance(each, Segment) and letters in each.record.tobytes() for each in gc.get_objects())
