"""States by name or by their adjective in four languages, and the list of States that a reply is in the name of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from alidade.programme.reading.words import FOLDER, LANGUAGES, fold
from alidade.vocabulary import load_vocabulary

_LEAD: Final = (
    r"(?:(?:for|in|on|pour|de|en|para|por|a|da|na|no|em|dans)\s+(?:its|their|sa|son|leur|leurs|su|sus|sua|suas)\s+"
    r"(?:part|reply|replies|response|responses|cote|reponse|reponses|part|respuesta|"
    r"respuestas|resposta|respostas|parte)\s*,?\s*"
    r"|(?:similarly|likewise|also|both|moreover|furthermore|in addition|additionally|"
    r"finally|de meme|egalement|en outre|enfin"
    r"|de son cote|pour sa part|por su parte|por sua vez|por seu lado|asimismo|igualmente|"
    r"ademas|tambien|do mesmo modo|tambem|alem disso|por ultimo|a la fois|tanto)\s*,?\s*)"
)
_AUTHORITY: Final = (
    r"(?:(?:le|la|les|the|el|los|las|o|os|as|a|l')\s*)?(?:(?:competent|national|central|"
    r"autorites|authorities|autoridades)\s+)?"
    r"(?:government|governments|authorities|authority|delegation|representative|representatives|"
    r"police|customs(?: authorities| administration)?|ministry of [a-z]+"
    r"|gouvernements?|autorites(?: competentes| nationales)?|delegation|representant|"
    r"representante|services competents|police|douanes"
    r"|gobiernos?|autoridades(?: competentes| nacionales)?|delegacion|representante|policia|aduanas"
    r"|governos?|autoridades(?: competentes| nacionais)?|delegacao|policia|alfandegas)\s+"
)
_OF: Final = (
    r"(?:of\s+(?:the\s+)?|de\s+l'|de\s+la\s+|de\s+los\s+|de\s+las\s+|des\s+|du\s+|"
    r"del\s+|de\s+|d'|do\s+|da\s+|dos\s+|das\s+)"
)
_ARTICLE: Final = r"(?:the\s+|l'|les\s+|le\s+|la\s+|el\s+|los\s+|las\s+|os\s+|as\s+|o\s+|a\s+)?"
_JOIN: Final = (
    r"\s*(?:,\s*(?:and|et|y|e|as well as|ainsi que|asi como|bem como|assim como|together with|along with|junto con|"
    r"conjointement avec|juntamente com)\s+|"
    r",\s*|;\s*|\s(?:and|et|y|e|&|as well as|ainsi que|asi como|bem como|assim como|"
    r"or|ou|together with|along with|conjointement avec|junto con|juntamente com)\s+)"
)


class _Table(msgspec.Struct, frozen=True):
    names: dict[str, tuple[str, ...]]
    adjectives: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The States in whose name something is said, and where the names begin and end in the text."""

    states: tuple[str, ...]
    start: int
    end: int
    rule: str


@cache
def _table() -> _Table:
    return msgspec.json.decode((FOLDER / "state_names.json").read_bytes(), type=_Table)


@cache
def state_names() -> Mapping[str, str]:
    """The alpha-3 code by name in small letters without accents, in four languages."""
    found: dict[str, str] = {}
    for country in load_vocabulary().countries.values():
        labels = [country.label.in_(code) for code in LANGUAGES]
        for name in (*labels, *(alias for alias in country.aliases if len(alias) > 4 and "," not in alias)):
            found.setdefault(fold(name), country.alpha3)
    for code, names in _table().names.items():
        for name in names:
            found[fold(name)] = code
    return found


@cache
def _name() -> str:
    names = sorted(state_names(), key=lambda name: -len(name))
    return r"(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names) + r")(?![\w])"


@cache
def _adjectives(language: str) -> tuple[str, Mapping[str, str]]:
    found: dict[str, str] = {}
    for code, forms in _table().adjectives.items():
        for stem in forms.get(language, ()):
            found.setdefault(stem, code)
    stems = sorted(found, key=lambda stem: -len(stem))
    return r"(" + "|".join(map(re.escape, stems)) + r")[a-z]{0,3}(?!\w)", found


@cache
def _list_pattern() -> re.Pattern[str]:
    article, name = _ARTICLE, _name()
    one = rf"(?:{_AUTHORITY}{_OF})?{article}{name}(?:\s*\([^()]{{0,60}}\))?"
    return re.compile(rf"{one}(?:{_JOIN}{one})*")


@cache
def _adjective_pattern(language: str) -> re.Pattern[str]:
    stems, _ = _adjectives(language)
    if language == "en":
        return re.compile(
            rf"(?:the\s+)?{stems}\s+(?:(?:competent|national|customs|police|law enforcement)\s+)?(?:government|"
            rf"authorities|authority|delegation|police|customs|ministry|side)"
        )
    return re.compile(rf"{_AUTHORITY}(?:competentes?\s+|nationales?\s+|douanieres?\s+|aduaneras\s+)?{stems}")


def subject_at(text: str, place: int, language: str) -> Subject | None:
    """The States named at a place of a text as those who speak: "Albania, Belgium and the Czech Republic ..."."""
    folded = fold(text)
    start = place
    lead = re.compile(_LEAD).match(folded, start)
    if lead:
        start = lead.end()
    listed = _list_pattern().match(folded, start)
    if listed:
        states = states_in(text[listed.start() : listed.end()])
        rule = "state-subject" if len(states) == 1 else "joint-subject"
        return Subject(states=states, start=listed.start(), end=listed.end(), rule=rule)
    adjective = _adjective_pattern(language).match(folded, start)
    if adjective:
        code = _adjectives(language)[1][adjective[1]]
        return Subject(states=(code,), start=adjective.start(), end=adjective.end(), rule="authorities-of-state")
    return None


def states_in(text: str) -> tuple[str, ...]:
    """Every State named in a text, each once, in the order of the text."""
    found: dict[str, None] = {}
    for match in _any_name().finditer(fold(text)):
        found.setdefault(state_names()[re.sub(r"\s+", " ", match[0])])
    return tuple(found)


@cache
def _any_name() -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])" + _name())


def only_state(text: str) -> str | None:
    """The State whose name is the whole text, as in a heading or the cell of a table."""
    plain = re.sub(r"^(?:the|la|le|les|l'|el|los|las|o|os|as)\s*", "", fold(text).strip(" .:*"))
    return state_names().get(plain) or state_names().get(str(fold(text)).strip(" .:*"))
