"""The course of a mutual evaluation as data: its stages in order, who acts, and what must be there before the next.

Source of the order: the rounds under Joint Action 97/827/JHA; the file says what of it is not verified.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec import Struct

from alidade.programme.lists import FOLDER
from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Label, Word

__all__ = ["Allowed", "DueCode", "Need", "Stage", "StageCode", "due_label", "need_label", "stage_label", "stages"]

StageCode = Literal["questionnaire", "answered", "visit", "draft", "adopted", "follow_up", "closed"]
Need = Literal[
    "questionnaire_answered", "visit_days", "experts", "visit_over", "findings", "recommendations", "state_heard",
    "follow_up_opened", "follow_up_answered",
]  # fmt: skip
DueCode = Literal["answers", "visit_set", "visit", "draft", "comments", "adoption", "follow_up"]
Allowed = Literal["withdraw", "plan", "draft", "comment", "follow_up"]


class Stage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage. `needs`: what must be there before the next; `allows`: what can be done while it lasts.

    `acts_now` tells whose turn it is; the stage itself is moved by the holder alone. `back`: whether the stage before
    may be gone back to.
    """

    code: StageCode
    label: Label
    acts_now: Literal["state", "holder", "nobody"]
    needs: tuple[Need, ...]
    allows: tuple[Allowed, ...]
    back: bool


class _Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Word
    label: Label


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Literal["evaluation_stages"]
    version: Word
    source: Word
    date: dt.date
    licence: Word
    verified: bool
    note: str
    stages: tuple[Stage, ...]
    needs: tuple[_Named, ...]
    dues: tuple[_Named, ...]


@lru_cache(maxsize=1)
def _file() -> _File:
    name = "evaluation_stages.json"
    try:
        return msgspec.json.decode((FOLDER / name).read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError) as broken:
        raise DamagedVocabulary(name, None, str(broken)) from broken


def stages() -> Mapping[StageCode, Stage]:
    """The stages by code, in their order. Raises DamagedVocabulary."""
    return MappingProxyType({stage.code: stage for stage in _file().stages})


def stage_label(code: StageCode, language: str) -> str:
    """What a stage is called."""
    return stages()[code].label.in_(language)


def need_label(code: Need, language: str) -> str:
    """What must be there before a stage, as a statement that is true once it is there."""
    return next(each for each in _file().needs if each.code == code).label.in_(language)


def due_label(code: DueCode, language: str) -> str:
    """What is due, in words."""
    return next(each for each in _file().dues if each.code == code).label.in_(language)
