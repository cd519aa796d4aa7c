"""Thresholds per use: from which score of `compare_hit` on a name counts as met, and what was measured there.

`data/thresholds.json` holds, for each use, the threshold with the recall and the false hits that a benchmark measured
there, on how large a register, on which day and by which command. What was not measured says so.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from alidade.matching.reference import table

Use = Literal["usual", "must_not_miss", "must_be_sure"]
"""What an answer is for: a look at what is likely; missing nobody; acting on few and sure hits."""

USES: Final[tuple[Use, ...]] = get_args(Use)


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One threshold with its measurement.

    threshold           from this score of `compare_hit` on (0..1) a record is shown
    recall              share (0..1) of corrupted names whose entry is found at this threshold
    false_hits_per_1000 of so many names that nobody entered, how many meet something all the same
    register_size       names in the register of the measurement
    measured_on, command  day (YYYY-MM-DD) and command of the measurement
    measured            whether the figures come from that command; without it they are expectations
    """

    threshold: float
    recall: float
    false_hits_per_1000: int
    register_size: int
    measured_on: str
    command: str
    measured: bool


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """All uses, with the version of the file."""

    version: str
    source: str
    uses: dict[Use, Threshold]


THRESHOLDS: Final = table("thresholds", Thresholds)


def threshold_for(use: Use) -> Threshold:
    """The threshold of a use, with its measurement."""
    return THRESHOLDS.uses[use]
