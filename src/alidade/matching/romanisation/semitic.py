"""Words whose short vowels are not written: an a is put where consonants could not be spoken without a vowel."""

from __future__ import annotations

from collections.abc import Sequence

_VOWELS = frozenset("aeiou")


def voiced(sounds: Sequence[str]) -> str:
    """A word from its sounds, each one or several Latin letters: CC at the beginning or end, and CCC, get an a."""
    word = ""
    run = 2
    for place, sound in enumerate(sounds):
        if sound[0] in _VOWELS:
            run = 0
        else:
            run += 1
            at_end = place == len(sounds) - 1
            # The beginning counts as two consonants, so that the second sound opens a syllable.
            if (run > 3 or (run > 2 and place and word[-1:] not in _VOWELS)) or (at_end and run == 2 and place > 1):
                word += "a"
                run = 1
        word += sound
    return word
