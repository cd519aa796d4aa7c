"""The kinds of answers to a recommendation: one code list, whoever asks and whoever reads (`answer_kinds.json`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import msgspec
from msgspec import Struct

from alidade.programme.lists import FOLDER
from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Label, Word

__all__ = ["AnswerKind", "answer_kinds"]


class AnswerKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind: whether it counts as answered, and whether as done. Silence has no kind."""

    code: Word
    label: Label
    meaning: Word
    answered: bool
    done: bool


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Word
    version: Word
    date: dt.date
    source: Word
    entries: tuple[AnswerKind, ...]
    note: str = ""
    licence: str = "EUPL-1.2"


@lru_cache(maxsize=1)
def answer_kinds() -> Mapping[str, AnswerKind]:
    """The kinds by code. Raises DamagedVocabulary."""
    try:
        read = msgspec.json.decode((FOLDER / "answer_kinds.json").read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError) as broken:
        raise DamagedVocabulary("answer_kinds.json", None, str(broken)) from broken
    return MappingProxyType({kind.code: kind for kind in read.entries})
