"""European Union: the consolidated list of financial sanctions in XML (export 1.1) as drafts, one per entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alidade.formats.eu_entry import EuEntryReader, load_eu_list
from alidade.formats.xml_source import DEFAULT_XML_LIMITS, Element, XmlLimits, read_elements
from alidade.model.draft import Draft, Place, Problem
from alidade.vocabulary import Vocabulary

ROOT: Final = "export"


def read_eu_xml(
    path: Path, vocabulary: Vocabulary, *, limits: XmlLimits = DEFAULT_XML_LIMITS
) -> Iterator[Draft | Problem]:
    """Every sanctioned person and body of the list, in its order. The key is the list's logicalId.

    The first strong name is the name, further ones aliases, the others weak aliases. An enterprise is an
    Organization: company or body is not told apart there. What is not known here is kept in `notes`. Problems of an
    entry come before its draft; where the file breaks off a fatal problem comes last and the list is not whole.
    Raises Unreadable for a file that is not this list.
    """
    elements = read_elements(path, frozenset({(ROOT,)}), limits=limits)
    return _read(elements, path.name, vocabulary)


def _read(elements: Iterator[Element | Problem], file: str, vocabulary: Vocabulary) -> Iterator[Draft | Problem]:
    reader = EuEntryReader(vocabulary, file, load_eu_list())
    for item in elements:
        if isinstance(item, Problem):
            yield item
        elif item.name == "sanctionEntity":
            yield from reader.entry(item)
        else:
            place = Place(file=file, row=item.line)
            reason = "The list has an element that is not known here; it was passed over."
            yield Problem(place=place, field=item.name[:100], code="element_unknown", reason=reason, fatal=False)
