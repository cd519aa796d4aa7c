"""Weights and plan of keys of the bulk linking, read once from their dated table."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from alidade.matching.reference import table

Base = Literal["document", "sound", "two_sounds", "sound_letter", "sound_end", "bag", "nothing"]
Refinement = Literal["date", "year", "day_month", "country"]


class KeyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two rows that share a key of this rule are compared.

    base        document (number as such), sound (of one word), two_sounds (of two words), sound_letter (of one word
                and the first letter of another), sound_end (of one word and the last two classes of another), bag
                (all classes of the name, in no order), nothing (only what is asked besides)
    refinement  what must be the same besides; a row in which it is unknown has no key of this rule
    undated     only pairs of which at least one has no date
    cap         a key under which more pairs than this would meet is passed over
    """

    name: str
    base: Base
    refinement: list[Refinement] = msgspec.field(name="with")
    cap: int
    undated: bool = False


class LinkingWeights(msgspec.Struct, frozen=True):
    """Bits for and against, by field and kind of agreement, and the plan of keys.

    partner_share  share of the smaller register that is expected to have a partner, before anything is compared
    certain        bits from which a pair stands whatever rivals it has
    lean           how many rows the knowledge of the world counts for beside the registers, and what it says
    rival          bits beyond which a rival is not believed more
    """

    version: str
    source: str
    partner_share: float
    threshold: float
    certain: float
    rival: float
    name: dict[str, float]
    date: dict[str, float]
    document: dict[str, float]
    country: dict[str, float]
    kind: dict[str, float]
    lean: dict[str, float]
    rules: list[KeyRule]


LINKING: Final = table("linking_weights", LinkingWeights)
