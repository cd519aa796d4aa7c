"""XML text: what a document may hold of a text; XML 1.0 has no place for control letters and halves of pairs."""

from __future__ import annotations

import re
from typing import Final

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with a replacement sign for each letter that XML cannot say (XML 1.0, production 2)."""
    return _FORBIDDEN.sub("\ufffd", text)
