"""Greek as it is spoken today: beta is v, eta is i, mp at the beginning is b (after ELOT 743)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
#: Where mp, nt and gk are spoken as b, d and g: at the beginning and after a consonant.
_AFTER = "(?:^|(?<=[βγδζθκλμνξπρσςτφχψb]))"
_PAIRS: Final = (
    (re.compile("ου"), "ou"), (re.compile("αυ(?=[αεηιουωβγδζλμνρ])"), "av"), (re.compile("αυ"), "af"),
    (re.compile("ευ(?=[αεηιουωβγδζλμνρ])"), "ev"), (re.compile("ευ"), "ef"), (re.compile("γ(?=[γξχ])"), "n"),
    (re.compile(f"{_AFTER}μπ"), "b"), (re.compile(f"{_AFTER}ντ"), "d"), (re.compile(f"{_AFTER}γκ"), "g"),
)  # fmt: skip


def from_greek(word: str) -> str:
    """One case-folded Greek word; accents are left out."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    for pair, latin in _PAIRS:
        plain = pair.sub(latin, plain)
    return plain.translate(_LETTERS)
