"""Readers: which reader belongs to which format, and one way to have the drafts of any file that can be read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from alidade.formats.csv_drafts import read_drafts
from alidade.formats.eu_csv import read_eu_csv
from alidade.formats.eu_xml import read_eu_xml
from alidade.formats.ftm import read_ftm
from alidade.formats.mapping import Mapping as TableMapping
from alidade.formats.mapping import check_mapping
from alidade.formats.misp import read_misp
from alidade.formats.ofac import read_ofac
from alidade.formats.ofac_xml import read_ofac_xml
from alidade.formats.recognise import Format
from alidade.formats.stix import read_stix
from alidade.formats.un_xml import read_un
from alidade.formats.workbook import open_list
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Invalid
from alidade.vocabulary import Vocabulary

Reader = Callable[[Path, Vocabulary], Iterator[Draft | Problem]]
# Every format that needs no mapping. OFAC's list brings wallets and links between entries as well.
READERS: Final[Mapping[Format, Reader]] = {
    "ofac-sdn": partial(read_ofac, related=True),
    "ofac-sdn-rejects": partial(read_ofac, related=True),
    "ofac-xml": partial(read_ofac_xml, related=True),
    "un-xml": read_un,
    "eu-xml": read_eu_xml,
    "eu-csv": read_eu_csv,
    "ftm": read_ftm,
    "stix": read_stix,
    "misp": read_misp,
}


def read_items(
    path: Path, form: Format, mapping: TableMapping | None, vocabulary: Vocabulary, *, unmarked: bool
) -> Iterable[Draft | Problem]:
    """The drafts and problems of a file in its order; tables need a mapping.

    With `unmarked`, foreign markings are set aside, because one handling was stated that does justice to all of them.
    Raises Unreadable or Invalid before the first item where file or mapping cannot be used.
    """
    reader = READERS.get(form)
    if reader is not None:
        items = reader(path, vocabulary)
        return map(_unmarked, items) if unmarked else items
    if mapping is None:
        raise Invalid("A table needs a mapping.", remedy="Look at the one that is guessed, and confirm it.")
    check_mapping(mapping, open_list(path).header, vocabulary)
    return read_drafts(path, mapping, vocabulary)


def _unmarked(item: Draft | Problem) -> Draft | Problem:
    """The draft under the one handling that was stated for all of it."""
    if isinstance(item, Problem):
        return item
    claims = tuple(dataclasses.replace(claim, handling=None) for claim in item.claims)
    return dataclasses.replace(item, handling=None, claims=claims)
