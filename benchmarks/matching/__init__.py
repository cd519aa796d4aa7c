"""Matching of names: look-up among 100k, 1M and 10M names, pairs of names, real aliases, linking of two registers.

Why: a check is only as good as the names it finds: other scripts, spellings, orders, nicknames, slips, missing parts.
The tables, with peers on the same registers and questions, stand in `benchmarks/matching/RESULTS.md`; here only the
figures that something was to reach. Skipped without the public lists (ALIDADE_SHARED_DATA).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Options, Result


def measure(options: Options) -> Result:
    """Measure what the options ask for, write the page, and give the figures that have targets."""
    from benchmarks.matching.measuring import measure_all

    return measure_all(options)
