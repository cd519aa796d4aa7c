"""Names: their plain form, the keys under which they are indexed, and how well two of them agree.

The simple sound method. `name_keys` and `compare_names` are the two calls that a faster engine later answers
in the same shapes. Nothing here looks at any other record: keys and scores depend only on the names given and
on fixed, dated tables.
"""

from __future__ import annotations

from itertools import pairwise

from alidade.matching.folding import fold, tokens
from alidade.matching.generic_words import Thing, canonical_words, telling
from alidade.matching.name_comparison import NameScore, Part, Rule, compare_names, explain_names
from alidade.matching.sounds import skeleton

__all__ = ["NameScore", "Part", "Rule", "Thing", "compare_names", "explain_names", "fold", "name_keys", "tokens"]

_MOST_WORDS = 64
_MOST_CLASSES = 12
_MOST_WHOLE = 160
_SOUND_LETTERS = 4
_SOUND_CLASSES = 2
_SLIP_CLASSES = 4
_SHORT_LETTERS = 4


def name_keys(name: str, thing: Thing) -> frozenset[str]:
    """Keys under which a name is indexed and looked up; two names are candidates when they share one.

    t:word    a telling word, or two neighbours written as one
    s:classes the consonant skeleton of a word of four letters or more, and of each form of it with one class
    left out
              (from four classes on), so that one slip or another romanisation still meets
    w:words   the whole name, where it consists only of generic words
    Empty for a name without letters or digits. Only the first 64 words, and of each the first 64 letters,
    are used.
    """
    words = canonical_words(fold(name), thing)[:_MOST_WORDS]
    if not words:
        return frozenset()
    told = telling(words, thing)
    if not told:
        return frozenset({"w:" + " ".join(sorted(words))[:_MOST_WHOLE]})
    keys = {"t:" + word for word in told}
    for word in told:
        _add_sounds(keys, word)
    few = len(told) == 2
    for first, second in pairwise(told):
        if few or len(first) <= _SHORT_LETTERS or len(second) <= _SHORT_LETTERS:
            keys.add("t:" + first + second)
    if few or (len(told) > 1 and max(map(len, told)) <= _SHORT_LETTERS + 1):
        # Names run together, and syllable names (Kim Jong Un, 김정은) whose parts have no sound of their own.
        keys.add("s:" + skeleton("".join(told))[:_MOST_CLASSES])
    return frozenset(keys)


def _add_sounds(keys: set[str], word: str) -> None:
    if not word.isalpha() or len(word) < _SOUND_LETTERS:
        return
    classes = skeleton(word)[:_MOST_CLASSES]
    if len(classes) < _SOUND_CLASSES:
        return
    keys.add("s:" + classes)
    if len(classes) >= _SLIP_CLASSES:
        for place in range(len(classes)):
            keys.add("s:" + classes[:place] + classes[place + 1 :])
