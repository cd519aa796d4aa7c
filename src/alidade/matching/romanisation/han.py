"""Han characters in pinyin, a character a word; surnames with a reading of their own are read so at the beginning."""

from __future__ import annotations

from typing import Final

from anyascii import anyascii

_SURNAMES: Final = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "查": "zha", "覃": "qin", "区": "ou",
    "區": "ou", "盖": "ge", "蓋": "ge", "翟": "zhai", "缪": "miao", "繆": "miao", "朴": "piao", "乐": "yue",
    "樂": "yue",
}  # fmt: skip


def from_han(word: str) -> str:
    """The characters of a run of Han, parted by blanks."""
    readings = [anyascii(character).lower() for character in word]
    readings[0] = _SURNAMES.get(word[0], readings[0])
    return f" {' '.join(readings)} "
