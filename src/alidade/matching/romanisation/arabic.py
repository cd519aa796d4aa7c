"""Arabic script (Arabic, Persian, Urdu, Pashto, Kurdish): long vowels as written, short ones filled in with an a."""

from __future__ import annotations

import re
from typing import Final

from alidade.matching.romanisation.semitic import voiced

_MARKS: Final = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_SAME: Final = str.maketrans({"ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ے": "ې", "ں": "ن", "ۍ": "ي", "ۇ": "و"})
_LETTERS: Final = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ة": "a", "ؤ": "u", "ئ": "i", "ء": "", "ب": "b", "ت": "t",
    "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n",
    "ه": "h", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ښ": "sh", "ږ": "zh", "ځ": "dz",
    "څ": "ts", "ړ": "r", "ډ": "d", "ټ": "t", "ڼ": "n", "ګ": "g", "ې": "e", "ێ": "e", "ۆ": "o", "ە": "e", "ڕ": "r",
    "ڵ": "l", "ڤ": "v", "ۈ": "u", "ۋ": "v", "ڭ": "ng", "ٱ": "a",
}  # fmt: skip
_KNOWN: Final = {
    "محمد": "muhammad", "احمد": "ahmad", "عبد": "abd", "بن": "bin", "ابن": "ibn", "بنت": "bint", "ابو": "abu",
    "ام": "um", "عمر": "umar", "علي": "ali", "حسن": "hasan", "حسين": "hussein", "خالد": "khalid", "مصطفى": "mustafa",
    "يوسف": "yusuf", "عثمان": "uthman", "سليمان": "sulaiman", "محمود": "mahmud", "الله": "allah", "عبدالله": "abdullah",
    "عبدالرحمن": "abdulrahman", "صالح": "salih", "سالم": "salim", "طارق": "tariq", "ناصر": "nasir", "هاشم": "hashim",
    "قاسم": "qasim", "كاظم": "kazim", "عباس": "abbas", "موسى": "musa", "عيسى": "isa", "يحيى": "yahya",
    "فاطمه": "fatima", "فاطمة": "fatima", "عايشه": "aisha", "عائشة": "aisha", "مريم": "maryam",
    "خديجة": "khadija", "زينب": "zaynab",
    "حمزة": "hamza", "طلحة": "talha", "اسامة": "usama", "معاوية": "muawiya", "عزيز": "aziz", "شيخ": "shaikh",
    "سعد": "saad", "عادل": "adil", "ماجد": "majid", "راشد": "rashid", "حامد": "hamid", "كامل": "kamil", "فهد": "fahd",
    "سعود": "saud", "داود": "dawud", "محسن": "muhsin", "منصور": "mansur", "مرتضى": "murtada", "رضا": "reza",
    "مهدي": "mahdi", "اكبر": "akbar", "اصغر": "asghar", "رسول": "rasul", "غلام": "ghulam", "خان": "khan", "شاه": "shah",
    "گل": "gul", "جان": "jan", "ملا": "mullah", "دين": "din", "لدين": "ldin", "طه": "taha", "هند": "hind",
}  # fmt: skip
#: Words that begin with the letters of the article and have none.
_NO_ARTICLE: Final = re.compile(
    "ال(?:له|كسن|كساند|برت|فريد|فونس|ياس|ينا|يكس|يزا|يسا|فارو|يوت|يسون|(?:ن|ان|دو|ما|يف|ين|يز|يس|بان)$)"
)
#: Two letters for one sound of another language.
_PAIRS: Final = {"تش": "ch", "تس": "ts", "تز": "tz"}
_ARTICLE, _LEAST = "ال", 4
_HAMZA: Final = str.maketrans({"أ": "ا", "إ": "ا", "ٱ": "ا"})


def from_arabic(word: str) -> str:
    """One word in Arabic script; the article becomes a word of its own."""
    word = _MARKS.sub("", word).translate(_SAME)
    bare = word.translate(_HAMZA)
    if bare in _KNOWN:
        return _KNOWN[bare]
    if word.startswith(_ARTICLE) and len(word) > _LEAST and (word[2:] in _KNOWN or not _NO_ARTICLE.match(word)):
        return f"al {_KNOWN.get(word[2:].translate(_HAMZA)) or voiced(_sounds(word[2:]))}"
    stem, faith, rest = word.partition("الدين")
    if len(stem) > 1 and faith and not rest:
        return f"{from_arabic(stem)}uddin"
    return voiced(_sounds(word))


def _sounds(word: str) -> list[str]:
    sounds: list[str] = []
    place = 0
    while place < len(word):
        letter, after = word[place], word[place + 1 : place + 2]
        pair = letter + after
        if pair in _PAIRS:
            sounds.append(_PAIRS[pair])
            place += 2
            continue
        if not place and letter in "اأإ" and after and after in "وي":
            sounds.append("o" if after == "و" else ("ay" if letter == "أ" else "i"))
            place += 2
            continue
        sounds.append(_sound(letter, after, place, word))
        place += 1
    return [sound for sound in sounds if sound]


def _sound(letter: str, after: str, place: int, word: str) -> str:
    if letter == "و":
        before = word[place - 1] if place else ""
        more = place + 2 < len(word)
        between = before == "ا" and (after in ("ا", "ي", "و", "ى", "ة") or (after == "ه" and not more))
        open_a = after in ("ا", "ى") and before not in "يو" and more
        return "w" if not place or between or open_a else "u"
    if letter == "ي":
        opens = place == 0 or (after in ("ا", "ى", "ة", "آ", "و") and word[place - 1] != "ي")
        return "y" if opens else "i"
    if letter == "ع":
        return "" if place and after in ("ا", "و", "ى") else ("" if not place and after in ("ا", "ي", "و") else "a")
    if letter == "ه" and place == len(word) - 1 and place > 1:
        return "a" if word[place - 1] not in "اوي" else "h"
    return _LETTERS.get(letter, "")
