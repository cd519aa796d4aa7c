"""Checks the words of a procedure: everything that a person reads is there in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from alidade.procedures.definition import Definition, Text
from alidade.procedures.findings import Findings
from alidade.vocabulary import LANGUAGES

__all__ = ["check_texts", "texts_of"]


def texts_of(part: object, path: str = "$") -> Iterator[tuple[str, Text]]:
    """Every text of a definition with its place."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, msgspec.Struct):
        for field in msgspec.structs.fields(part):
            yield from texts_of(getattr(part, field.name), f"{path}.{field.encode_name}")
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from texts_of(value, f"{path}.{key}")
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from texts_of(value, f"{path}[{number}]")


def check_texts(definition: Definition, found: Findings) -> None:
    """Notes every text that is missing in a language, and a definition that names no source."""
    for path, text in texts_of(definition):
        missing = [language for language in LANGUAGES if not getattr(text, language).strip()]
        if len(missing) == len(LANGUAGES):
            found.error("no_text", path, "There is no text at all.", "Write it.")
        elif missing:
            found.warning(
                "missing_translation", path, f"The text is missing in {', '.join(missing)}.", "Add the translation."
            )
    if not definition.source.strip():
        found.error("no_source", "$.source", "The procedure names no source.", "Name the act, or who decided it.")
