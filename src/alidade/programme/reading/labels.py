"""Labels: whether a text begins like "Measure No 3:" or "Recommandation b)", in any language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from alidade.programme.reading.words import all_of, fold, reading_words

_WORDS: Final = "|".join(re.escape(word) for kind in ("measure", "recommendation", "theme") for word in all_of(kind))
_LABEL: Final = re.compile(
    rf"^(?:{_WORDS})\s+(?:(?:n[o.]{{0,3}}|no\.?|numero|number|nr\.?)\s*)?(?:\d{{1,3}}"
    rf"(?:\.\d{{1,2}}){{0,2}}(?:\s?\(?[a-z]\))?|[ivx]{{1,5}}|\(?[a-z]\))\s*(?:[).:\-]|$)"
)

CLOSING: Final = re.compile(
    r"^(?:conclusions?|conclusiones|conclusao|conclusoes|annex|annexe|anexo|next steps|"
    r"prochaines etapes|proximos pasos|proximos passos|way forward|voie a suivre"
    r"|list of (?:acronyms|abbreviations)|liste des (?:sigles|acronymes)|lista de (?:siglas|"
    r"acronimos)|glossar|glossaire|glosario|introduction|introduccion|introducao"
    r"|background|contexte|antecedentes|contexto|state of play|etat d'avancement|etat des travaux|"
    r"situacion actual|estado de la situacion|estado de avance|ponto da situacao|situacao atual|"
    r"estado de adiantamento|summary|resume|resumen|resumo|methodology)\b"
)


def labelled(text: str) -> bool:
    """Whether a text begins with the label of a measure, recommendation or theme and its number or letter."""
    return text[:1].isupper() and _LABEL.match(fold(text[:60])) is not None


@cache
def field_label() -> re.Pattern[str]:
    """The label of a field of a measure, such as "Deadline:", with a group named after what it says."""
    groups = "|".join(
        f"(?P<{name}>{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"
        for name, words in reading_words().fields.items()
    )
    return re.compile(rf"(?:^|(?<=[.;|\n(\t-])|(?<=[.;|(\t-] )|(?<=- ))(?:{groups})(?:\(?e?s\)?)?\s*(?::|\t|\s-\s)\s*")


def is_field(text: str) -> bool:
    """Whether a line begins with a label such as "Deadline:"."""
    return field_label().match(fold(text[:60])) is not None
