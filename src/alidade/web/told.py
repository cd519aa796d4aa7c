"""Told: the sentence of an error in the language in force, also where something is filled into it.

The use cases speak English. A sentence that is always the same is looked up as it is; one with something filled in is
recognised by its shape, of which script/translate keeps the list.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alidade.model.errors import AlidadeError

_LISTING = Path(__file__).parent / "locale" / "filled_sentences.json"
_GAP = re.compile(r"\{\d+\}")
# Words of our own that use cases fill into a sentence; names, codes and numbers that are filled in stay as they are.
_WORDS = {
    gettext_noop("a deputy"),
    gettext_noop("a standing check"),
    gettext_noop("case"),
    gettext_noop("justification"),
    gettext_noop("legal ground"),
    gettext_noop("name"),
    gettext_noop("no sheet of that name"),
    gettext_noop("no sheet that is not hidden"),
}


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each filled sentence as a pattern; those with more words of their own first."""
    listed: list[str] = json.loads(_LISTING.read_text(encoding="utf-8"))
    ordered = sorted(listed, key=lambda text: -len(_GAP.sub("", text)))
    return tuple((re.compile("(.*)".join(map(re.escape, _GAP.split(text))), re.DOTALL), text) for text in ordered)


def translated(sentence: str) -> str:
    """The sentence in the language in force; as it is where nobody has translated it."""
    if not sentence:
        return ""
    known = _(sentence)
    if known != sentence:
        return known
    for shape, text in _shapes():
        if met := shape.fullmatch(sentence):
            return _(text).format(*map(_in_words, met.groups()))
    return sentence


def _in_words(filled: str) -> str:
    return ", ".join(_(part) if part in _WORDS else part for part in filled.split(", "))


def told(error: AlidadeError) -> tuple[str, str]:
    """What is wrong and what to do."""
    return translated(error.message), translated(error.remedy)
