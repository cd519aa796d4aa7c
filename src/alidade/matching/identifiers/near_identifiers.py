"""Numbers that are one error apart: read wrongly, typed wrongly, or short of one sign.

Only numbers without a check digit are looked at in this way. Where a check digit fits, a number that differs is
another number; where it does not fit, the error is already known.
"""

from __future__ import annotations

from typing import Final, Literal

from rapidfuzz.distance import OSA

from alidade.matching.identifiers.kinds import Identifier, IdentifierKind

NearAgreement = Literal["equal", "one_error", "different"]

#: Signs that reading machines and tired eyes take for one another.
_LOOK_ALIKES: Final = str.maketrans("OQILSBZ", "0011582")
#: Below this, one error leaves too little of the number.
SHORTEST: Final = 6
#: No longer number has near keys: their number grows with the letters.
LONGEST_NEAR: Final = 34
#: Kinds that are addresses or carry a check digit in every complete form; one error is then another address.
_EXACT: Final[frozenset[IdentifierKind]] = frozenset({"email", "web", "crypto", "iban", "container", "imo", "callsign"})


def tolerates(identifier: Identifier) -> bool:
    """Whether one error in this number is possible and would not have been found by its check digit."""
    return (
        identifier.kind not in _EXACT and identifier.valid is None and SHORTEST <= len(identifier.key) <= LONGEST_NEAR
    )


def near_keys(identifier: Identifier) -> frozenset[str]:
    """Keys of which two numbers share at least one when they are equal, one error apart, or read alike.

    The key itself, the key with look-alikes made one (after `=`), and each form of that with one sign left out (after
    `-`). A number that tolerates no error has its own key only.
    """
    if not tolerates(identifier):
        return frozenset({identifier.key})
    plain = identifier.key.translate(_LOOK_ALIKES)
    shorter = {f"-{plain[:place]}{plain[place + 1 :]}" for place in range(len(plain))}
    return frozenset({identifier.key, f"={plain}", f"-{plain}", *shorter})


def agreement(left: Identifier, right: Identifier) -> NearAgreement:
    """Whether two numbers are equal, one error apart, or different; symmetric.

    One error is one sign exchanged, left out, put in, or two neighbours turned round, or any number of look-alikes
    (0 and O, 1 and I, 5 and S, 8 and B, 2 and Z). Numbers of different kinds are different.
    """
    if left.kind != right.kind:
        return "different"
    if left.key == right.key:
        return "equal"
    if not (tolerates(left) and tolerates(right)):
        return "different"
    one, other = left.key.translate(_LOOK_ALIKES), right.key.translate(_LOOK_ALIKES)
    return "one_error" if OSA.distance(one, other, score_cutoff=1) <= 1 else "different"
