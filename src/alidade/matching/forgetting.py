"""Forgetting: what comparisons have remembered of names, dates and numbers is dropped, so that an erased one is gone.

Folding a name or looking up a word is remembered by the process, because the next question often has the same. That
memory is of no use to a process that never asks again, and would keep a name that nobody may have any more.
"""

from __future__ import annotations

import sys
from typing import Final

#: By module: what remembers anything of what was asked or compared. Only what comes from the tables is not here.
_REMEMBERED: Final = {
    "folding": ("fold_word",),
    "words": ("word_facts", "_record", "kind_told_by"),
    "name_comparison": ("_read_name",),
    "comparison_qualifiers": ("_date_of", "_text_words"),
    "comparison_identifiers": ("_read",),
}


def forget_names() -> None:
    """Drop every name, word, date and number that comparisons in this process have remembered; scores stay the same.

    To be called in each process after an erasure. Indexes forget with `NameIndex.forget_removed`, or when they are
    dropped. A comparison that another thread is in the midst of may still remember what it compares.
    """
    for module, names in _REMEMBERED.items():
        loaded = sys.modules.get(f"{__package__}.{module}")  # what is not loaded has remembered nothing
        for name in names if loaded is not None else ():
            getattr(loaded, name).cache_clear()
