"""Dossier terms: the code lists that dossiers use, with their words, sources and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

import alidade
from alidade.model.errors import Invalid
from alidade.services.picture.dossier_state import Dossier
from alidade.vocabulary import Code, Vocabulary
from alidade.vocabulary.labels import Label
from alidade.vocabulary.reading import read

FOLDER: Final = Path(__file__).parent / "data" / "lists"
LISTS: Final = ("life_events", "structures", "traits")
#: Events after which the network named by a dossier is no longer there.
ENDS: Final = frozenset({"merged", "succeeded", "dissolved"})


@lru_cache(maxsize=8)
def codes(name: str) -> Mapping[str, Code]:
    """The entries of a list by code, in the order of the file. Raises DamagedVocabulary."""
    return MappingProxyType(read(FOLDER, name, Code)[1])


def term(name: str, code: str, language: str) -> str:
    """The words of a code of life_events, structures, traits or roles; the code itself where nobody lists it."""
    if name == "roles":
        label = _roles().get(code)
        return code if label is None else label.in_(language)
    entry = codes(name).get(code)
    return code if entry is None else entry.label.in_(language)


def role_codes() -> tuple[str, ...]:
    """The roles that a member may have, in the order of their list (source and date: network/data/roles.json)."""
    return tuple(_roles())


class _Role(msgspec.Struct, frozen=True):
    code: str
    label: Label


class _RoleFile(msgspec.Struct, frozen=True):
    entries: tuple[_Role, ...]


@cache
def _roles() -> Mapping[str, Label]:
    # Read here, not by the package: that would load everything which measures, only to name a role.
    path = Path(alidade.__file__).parent / "network" / "data" / "roles.json"
    found = msgspec.json.decode(path.read_bytes(), type=_RoleFile).entries
    return MappingProxyType({each.code: each.label for each in found})


def check_dossier(dossier: Dossier, vocabulary: Vocabulary) -> None:
    """Raises Invalid naming the part whose code is in no list, or where a record is named twice."""
    countries = set(vocabulary.countries)
    _listed("structures", dossier.structures, codes("structures"))
    _listed("crime_areas", dossier.crime_areas, vocabulary.codes("crime_areas"))
    _listed("countries", dossier.countries, countries)
    _listed("traits", [each.trait for each in dossier.traits], codes("traits"))
    _listed("life", [each.kind for each in dossier.life], codes("life_events"))
    _listed("role", [each.role for each in dossier.members if each.role], role_codes())
    if not dossier.name.strip():
        raise Invalid("A dossier needs the name of its network.", code="name_missing")
    if len(dossier.records()) != len(dossier.members):
        raise Invalid("A record is named twice among the members.", code="member_twice")


def _listed(part: str, found: Iterable[str], known: Iterable[str]) -> None:
    if not set(found) <= set(known):
        raise Invalid(
            f"A code in the part {part} is in no list.", remedy="Choose one of the list.", code="code_unknown"
        )
