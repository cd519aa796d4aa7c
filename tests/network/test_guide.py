"""The guide to the library does what it says."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "networks.md"


def test_the_programs_of_the_guide_run() -> None:
    programs = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(programs) >= 3
    named: dict[str, object] = {}
    for program in programs:
        exec(compile(program, str(GUIDE), "exec"), named)  # our own paper
