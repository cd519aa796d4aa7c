"""Procedure texts: the file and the script that the guide for writing procedures shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "procedures.md"
EXAMPLE, _SCRIPT = re.findall(r"^```json\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
MOVES: list[dict[str, Any]] = json.loads(_SCRIPT)
