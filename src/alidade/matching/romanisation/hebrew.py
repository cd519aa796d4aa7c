"""Hebrew without its vowels: vav and yod are read by their place, and an a stands where no vowel is written."""

from __future__ import annotations

import re
from typing import Final

from alidade.matching.romanisation.semitic import voiced

_POINTS: Final = re.compile("[^\u05d0-\u05ea\u05f3'\u05f4]")
_LETTERS: Final = {
    "א": "a", "ב": "v", "ג": "g", "ד": "d", "ה": "h", "ו": "v", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
    "ך": "kh", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p", "ף": "f", "צ": "tz",
    "ץ": "tz", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_KNOWN: Final = {
    "משה": "moshe", "כהן": "cohen", "לוי": "levi", "בן": "ben", "בר": "bar", "דוד": "david", "יעקב": "yaakov",
    "יצחק": "yitzhak", "אברהם": "avraham", "שרה": "sara", "שלמה": "shlomo", "יוסף": "yosef", "מרים": "miriam",
    "אהרן": "aharon", "אהרון": "aharon", "יהודה": "yehuda", "נתן": "natan", "חיים": "haim", "אליהו": "eliyahu",
    "בת": "bat", "אבו": "abu", "אל": "al", "מחמד": "muhammad", "מוחמד": "muhammad", "עלי": "ali", "חנה": "hana",
    "רחל": "rachel", "לאה": "lea", "אסתר": "ester", "יונתן": "yonatan", "דניאל": "daniel", "מיכאל": "michael",
    "גבריאל": "gabriel", "רפאל": "rafael", "שמואל": "shmuel", "ישראל": "israel", "יחזקאל": "yehezkel",
}  # fmt: skip


def from_hebrew(word: str) -> str:
    """One Hebrew word; points and accents are left out."""
    plain = _POINTS.sub("", word).replace("\u05f3", "").replace("'", "")
    return _KNOWN.get(plain) or voiced(_sounds(plain))


def _sounds(word: str) -> list[str]:
    word = word.replace("וו", "W")
    last = len(word) - 1
    sounds: list[str] = []
    for place, letter in enumerate(word):
        before, after = word[place - 1 : place] if place else "", word[place + 1 : place + 2]
        sounds.append(_sound(letter, before, after, place, last))
    return [sound for sound in sounds if sound]


def _sound(letter: str, before: str, after: str, place: int, last: int) -> str:
    first = place == 0
    if letter == "W":
        return "v"
    if letter == "ו":
        return "v" if first or after == "ה" or (after == "י" and place + 1 < last) else "o"
    if letter == "י":
        return "y" if first or (after in ("ה", "א", "י") and before != "י") else "i"
    if letter in "אע":
        return "" if after in ("ו", "י") and after else "a"
    if first and letter in "בכ":
        return {"ב": "b", "כ": "k"}[letter]
    if letter == "ה" and place == last:
        return "a"
    return _LETTERS.get(letter, "")
