"""Actions: everything that can be done with what somebody else gave."""

from __future__ import annotations

from typing import Final, Literal, get_args

Action = Literal["read", "match", "hit_notify", "merge", "forward", "court", "third_country", "export", "correct"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
