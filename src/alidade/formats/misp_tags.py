"""MISP tags and distribution: what they say of sharing and of evaluation, at one place and through several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alidade.formats.json_source import JsonObject
from alidade.formats.markings import Markings
from alidade.vocabulary import UnknownCode, Vocabulary

SCHEME: Final = "admiralty"
INHERIT: Final = "5"
_SHARING: Final = re.compile(r"(?:tlp|pap):", re.IGNORECASE)
_ADMIRALTY: Final = re.compile(
    r'admiralty-scale:(source-reliability|information-credibility)="([a-z0-9])"', re.IGNORECASE
)
_NOT_JUDGED: Final = {"source-reliability": "F", "information-credibility": "6"}


@dataclass(frozen=True, slots=True)
class Grades:
    """A grade of each axis of the Admiralty code; None where it is not given."""

    source: str | None = None
    information: str | None = None

    def beside(self, outer: Grades) -> Grades:
        """These grades, and for what they leave open those of what lies around."""
        return Grades(self.source or outer.source, self.information or outer.information)

    def text(self, vocabulary: Vocabulary) -> str | None:
        """The evaluation in the scheme `admiralty`, "F" or "6" where an axis is not judged; None for none."""
        if self.source is None and self.information is None:
            return None
        written = (self.source or _NOT_JUDGED["source-reliability"]) + (
            self.information or _NOT_JUDGED["information-credibility"]
        )
        try:
            vocabulary.convert_evaluation(SCHEME, written)
        except UnknownCode:
            return None
        return written


@dataclass(frozen=True, slots=True)
class Place:
    """What the tags and the distribution at one place say; `unread` are tags of evaluation that cannot be used."""

    marking: str | None
    grades: Grades
    unread: tuple[str, ...]


def tag_names(item: Mapping[str, object]) -> list[str]:
    """The names of the tags of an event, object or attribute; one that cannot be read counts as an unknown mark."""
    given = item.get("Tag")
    if given is None:
        return []
    tags = given if isinstance(given, list) else [given]
    return [str(tag["name"]) if isinstance(tag, dict) and "name" in tag else "tlp:unreadable" for tag in tags]


def read_place(item: JsonObject, markings: Markings, vocabulary: Vocabulary) -> Place:
    """What one event, object or attribute says of its sharing and evaluation."""
    names = tag_names(item)
    marks = [name for name in names if _SHARING.match(name)]
    distribution = _distribution(item)
    if distribution is not None:
        marks.append(distribution)
    source, first = _grade(names, "source-reliability", vocabulary)
    information, second = _grade(names, "information-credibility", vocabulary)
    return Place(markings.at_one_place(marks), Grades(source, information), (*first, *second))


def _distribution(item: JsonObject) -> str | None:
    given = item.get("distribution")
    if given is None:
        return None
    level = str(given).strip()
    if level == INHERIT:
        return None
    if level == "4":
        group = item.get("SharingGroup")
        uuid = group.get("uuid") if isinstance(group, dict) else None
        known = uuid if isinstance(uuid, str) and uuid else item.get("sharing_group_id")
        return f"MISP:4:{''.join(re.findall(r'[0-9A-Za-z-]', str(known)))[:80]}"
    return f"MISP:{level}"


def _grade(names: Iterable[str], axis: str, vocabulary: Vocabulary) -> tuple[str | None, list[str]]:
    """The grade, and the tags that cannot be used; those make it "not judged": no better one from outside counts.

    Grade G of the taxonomy, deliberately deceptive, is not in the Admiralty code.
    """
    found = {match[2].upper(): name for name in names if (match := _ADMIRALTY.fullmatch(name)) and match[1] == axis}
    usable = [grade for grade in found if _known(axis, grade, vocabulary)]
    if len(found) == 1 and usable:
        return usable[0], []
    return (_NOT_JUDGED[axis] if found else None), list(found.values())


def _known(axis: str, grade: str, vocabulary: Vocabulary) -> bool:
    scheme = vocabulary.evaluation_schemes[SCHEME]
    return grade in scheme.grades_of("source" if axis == "source-reliability" else "information")
