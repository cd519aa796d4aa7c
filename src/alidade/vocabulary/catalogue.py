"""The vocabulary as one object: types of things, code lists, conversions, each read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from alidade.vocabulary import evaluation, reading, things
from alidade.vocabulary.codes import (
    Act,
    Agreement,
    Area,
    Classification,
    Code,
    Condition,
    Country,
    CrimeArea,
    DirectoryRule,
    Grade,
    HandlingCode,
    LegalGround,
    PolicyRule,
    Purpose,
    Role,
    SubjectCategory,
    VerdictReason,
)
from alidade.vocabulary.errors import DamagedVocabulary, UnknownCode
from alidade.vocabulary.evaluation import ConvertedEvaluation, EvaluationScheme
from alidade.vocabulary.reading import Head
from alidade.vocabulary.things import Property, Thing

__all__ = ["LISTS", "Vocabulary", "load_vocabulary"]

C = TypeVar("C", bound=Code)

LISTS: Final[Mapping[str, type[Code]]] = MappingProxyType(
    {
        "access_letters": Code,
        "acts": Act,
        "agreements": Agreement,
        "alert_categories": Code,
        "areas": Area,
        "authority_functions": Code,
        "bodies": Code,
        "classifications": Classification,
        "conditions": Condition,
        "countries": Country,
        "crime_areas": CrimeArea,
        "directory_rules": DirectoryRule,
        "erasure_reasons": Code,
        "evaluation_information": Grade,
        "evaluation_schemes": EvaluationScheme,
        "evaluation_source": Grade,
        "field_groups": Code,
        "genders": Code,
        "handling": HandlingCode,
        "identifier_kinds": Code,
        "keeping_reasons": Code,
        "languages": Code,
        "legal_grounds": LegalGround,
        "log_use_reasons": Code,
        "policy_rules": PolicyRule,
        "port_modi_operandi": Code,
        "purposes": Purpose,
        "roles": Role,
        "subject_categories": SubjectCategory,
        "topics": Code,
        "verdict_reasons": VerdictReason,
        "warning_flags": Code,
        "withdrawal_reasons": Code,
    }
)
"""Every code list and the type of its entries; a list is the file `<name>.json`."""


class Vocabulary:
    """All words and code lists of one folder.

    Immutable to the caller. Each file is read once, when first asked for, and raises DamagedVocabulary if it
    cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        # Cached per object, not per process: two nodes in one process may hold different vocabularies.
        self._read = lru_cache(maxsize=None)(self._read_list)

    def _read_list(self, name: str) -> tuple[Head, Mapping[str, Code]]:
        if name not in LISTS:
            raise UnknownCode("vocabulary", name)
        head, entries = reading.read(self.folder, name, LISTS[name])
        return head, MappingProxyType(entries)

    def _typed(self, name: str, kind: type[C]) -> Mapping[str, C]:
        return MappingProxyType({k: v for k, v in self.codes(name).items() if isinstance(v, kind)})

    def lists(self) -> tuple[str, ...]:
        """The names of all code lists."""
        return tuple(LISTS)

    def head(self, list_name: str) -> Head:
        """Version, source, date and licence of a list (or of `things`)."""
        return self._things[0] if list_name == "things" else self._read(list_name)[0]

    def codes(self, list_name: str) -> Mapping[str, Code]:
        """The entries of a list by code; UnknownCode for a list that is not in lists()."""
        return self._read(list_name)[1]

    def label(self, list_name: str, code: str, language: str) -> str:
        """The term for a code in a language; `things` is taken as a list too. Raises UnknownCode."""
        entries: Mapping[str, Code | Thing] = self.things if list_name == "things" else self.codes(list_name)
        if code not in entries:
            raise UnknownCode(list_name, code)
        return entries[code].label.in_(language)

    # Things and links

    @cached_property
    def _things(self) -> tuple[Head, Mapping[str, Thing]]:
        head, entries = reading.read(self.folder, "things", Thing)
        return head, MappingProxyType(entries)

    @property
    def things(self) -> Mapping[str, Thing]:
        """Every type of thing and link by name."""
        return self._things[1]

    @cached_property
    def _properties(self) -> Mapping[str, Mapping[str, Property]]:
        return things.inherit(self.things)

    @cached_property
    def _lines(self) -> Mapping[str, frozenset[str]]:
        # Asked first so that a circle or an unknown type is refused before anybody walks the line.
        return {name: frozenset(things.line_of(self.things, name)) for name in self._properties}

    def properties_of(self, thing: str) -> Mapping[str, Property]:
        """The properties of a type, own and inherited, by name; UnknownCode for an unknown type."""
        try:
            return self._properties[thing]
        except KeyError:
            raise UnknownCode("things", thing) from None

    def is_a(self, thing: str, ancestor: str) -> bool:
        """Whether a type is the other type or descends from it; UnknownCode when either is unknown."""
        for name in (thing, ancestor):
            if name not in self._lines:
                raise UnknownCode("things", name)
        return ancestor in self._lines[thing]

    # Evaluation

    @cached_property
    def evaluation_schemes(self) -> Mapping[str, EvaluationScheme]:
        """The evaluation schemes that can be read, by code."""
        return self._typed("evaluation_schemes", EvaluationScheme)

    def convert_evaluation(self, scheme: str, value: str) -> ConvertedEvaluation:
        """A grade of another scheme in 4x4, and whether that is exact; UnknownCode when it cannot be read."""
        if scheme not in self.evaluation_schemes:
            raise UnknownCode("evaluation_schemes", scheme)
        return evaluation.convert(self.evaluation_schemes[scheme], value)

    # Lists whose entries say more than a term

    def allowed_fields(self, category: str) -> frozenset[str]:
        """The groups of facts that may be kept about persons of a category (Annex II B, Reg. (EU) 2016/794).

        UnknownCode for an unknown category: who does not know what a person is may keep nothing.
        """
        found = self.subject_categories.get(category)
        if found is None:
            raise UnknownCode("subject_categories", category)
        return frozenset(found.fields)

    @cached_property
    def handling(self) -> Mapping[str, HandlingCode]:
        """H0 to H3."""
        return self._typed("handling", HandlingCode)

    @cached_property
    def classifications(self) -> Mapping[str, Classification]:
        """Protective markings, lowest rank first."""
        found = self._typed("classifications", Classification)
        return MappingProxyType(dict(sorted(found.items(), key=lambda item: item[1].rank)))

    @cached_property
    def purposes(self) -> Mapping[str, Purpose]:
        """Purposes of processing, with the search each opens."""
        return self._typed("purposes", Purpose)

    @cached_property
    def subject_categories(self) -> Mapping[str, SubjectCategory]:
        """Categories of data subjects."""
        return self._typed("subject_categories", SubjectCategory)

    @cached_property
    def countries(self) -> Mapping[str, Country]:
        """Countries and territories by alpha-2 code."""
        return self._typed("countries", Country)

    @cached_property
    def agreements(self) -> Mapping[str, Agreement]:
        """Agreements between States, areas and bodies."""
        return self._typed("agreements", Agreement)

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """Roles and the acts they permit."""
        return self._typed("roles", Role)

    @cached_property
    def policy_rules(self) -> Mapping[str, PolicyRule]:
        """Reasons of the decision function."""
        return self._typed("policy_rules", PolicyRule)

    def load_all(self) -> None:
        """Read every file now, so that a damaged one shows at start and not in the middle of the night."""
        for name in LISTS:
            self._read(name)
        if not self._lines:
            raise DamagedVocabulary(things.FILE, None, "holds no type at all")


def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """The vocabulary of a folder, or the one that comes with Alidade.

    Reads nothing yet: each file is read when first asked for, or all with `load_all()`.
    """
    return Vocabulary(folder or Path(__file__).parent / "data")
