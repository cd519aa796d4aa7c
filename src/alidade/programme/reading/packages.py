"""The package of a DOCX (a ZIP archive) in memory: its parts, inflated under limits, none of them trusted."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from lxml import etree

from alidade.model.errors import Unreadable

MOST_MEMBERS: Final = 2_000
LARGEST_PART: Final = 40 * 1024 * 1024
HIGHEST_RATIO: Final = 250
_FREE: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
_BROKEN: Final = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError)


class Package:
    """A ZIP archive that was found to be of bearable size."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            members = self._archive.infolist()
        except _BROKEN as error:
            raise self._damaged() from error
        if len(members) > MOST_MEMBERS:
            raise Unreadable(f"{name} has more than {MOST_MEMBERS} parts.", code="too_large")
        self.members: Final = frozenset(member.filename for member in members)

    def part(self, member: str) -> bytes | None:
        """The bytes of a part; None where there is none. Raises Unreadable beyond the limits."""
        if member not in self.members:
            return None
        packed = max(1, self._archive.getinfo(member).compress_size)
        pieces, size = [], 0
        try:
            with self._archive.open(member) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > LARGEST_PART or (size > _FREE and size > packed * HIGHEST_RATIO):
                        raise Unreadable(f"{self._name} unpacks to more than it may.", code="too_large")
                    pieces.append(piece)
        except _BROKEN as error:
            raise self._damaged() from error
        return b"".join(pieces)

    def tree(self, member: str) -> etree._Element | None:
        """A part as XML, without entities, DTD or network; None where there is none."""
        content = self.part(member)
        if content is None:
            return None
        if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
            raise Unreadable(f"{self._name} has declarations that a paper has no need of.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise self._damaged() from error

    def _damaged(self) -> Unreadable:
        return Unreadable(f"{self._name} is damaged.", remedy="Open it in its own program and save it again.")
