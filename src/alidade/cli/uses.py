"""What an answer is for: the switch of the commands that ask, with what was measured at each setting."""

from __future__ import annotations

from typing import Final

import click

from alidade.matching.thresholds import USES, Use, threshold_for

USES_SHOWN: Final[dict[Use, str]] = {
    "usual": "what is likely.",
    "must_not_miss": "must not miss anybody.",
    "must_be_sure": "must be sure.",
}

use = click.option(
    "--use",
    type=click.Choice(USES),
    default="usual",
    show_default=True,
    help="From which score on a name counts as met: must_not_miss shows more, must_be_sure less.",
)


def measured(of: Use) -> str:
    """The threshold of a use and what was measured there, in one sentence."""
    found = threshold_for(of)
    shown = f"Names are shown from a score of {found.threshold:.2f}"
    if not found.measured:
        return f"{shown}; recall and false hits are not yet measured."
    return (
        f"{shown}; of 1,000 misspelt names {found.recall * 1000:.0f} were found, of 1,000 unknown ones"
        f" {found.false_hits_per_1000} met somebody ({found.register_size:,} names, {found.measured_on})."
    )
