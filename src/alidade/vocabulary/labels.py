"""A word in the languages of the users: English, French, Spanish, Portuguese."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from alidade.vocabulary.errors import UnknownCode

__all__ = ["LANGUAGES", "Label", "Word"]

LANGUAGES: Final = ("en", "fr", "es", "pt")
"""Languages in which every entry is complete; `pt_BR` is given where Brazil really says it otherwise."""

Word = Annotated[str, Meta(min_length=1)]
"""A text that is not empty."""


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One term in four languages."""

    en: Word
    fr: Word
    es: Word
    pt: Word
    pt_BR: Word | None = None

    def in_(self, language: str) -> str:
        """The term in the language asked for.

        Takes `en`, `fr`, `es`, `pt`, `pt_BR`, in either case, with `-` or `_`, and regional forms of these
        (`en-GB`, `fr_BE`, `es-CO`). Raises UnknownCode for another language.
        """
        tag = language.replace("-", "_").casefold()
        if tag == "pt_br" and self.pt_BR is not None:
            return self.pt_BR
        match tag.partition("_")[0]:
            case "en":
                return self.en
            case "fr":
                return self.fr
            case "es":
                return self.es
            case "pt":
                return self.pt
        raise UnknownCode("languages of labels", language)
