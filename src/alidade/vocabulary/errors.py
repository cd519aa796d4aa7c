"""What can go wrong with words and code lists: a damaged file, or a code that no list holds."""

from __future__ import annotations

__all__ = ["DamagedVocabulary", "UnknownCode", "VocabularyError"]


class VocabularyError(Exception):
    """Anything wrong with the words and code lists."""


class DamagedVocabulary(VocabularyError):
    """A vocabulary file cannot be used; says which file, which entry and why."""

    def __init__(self, file: str, entry: str | None, reason: str) -> None:
        self.file = file
        self.entry = entry
        self.reason = reason
        where = f"{file}, {entry}" if entry else file
        super().__init__(f"{where}: {reason}")


class UnknownCode(VocabularyError, LookupError):
    """A list, code, type or language was asked for that the vocabulary does not hold."""

    def __init__(self, list_name: str, code: str) -> None:
        self.list_name = list_name
        self.code = code
        super().__init__(f"{list_name} holds no entry {code!r}")
