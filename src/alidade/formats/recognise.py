"""What a file or folder that somebody gives is, said in one sentence, so that nobody must know the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from alidade.formats.eu_csv import is_eu_header
from alidade.formats.filetype import foreign_type, read_head
from alidade.formats.ftm import is_ftm
from alidade.formats.misp import is_misp
from alidade.formats.ofac_files import COLUMNS, REASONS, find_file
from alidade.formats.stix import is_stix
from alidade.formats.table import open_table
from alidade.formats.workbook import open_workbook
from alidade.formats.workbook_package import PACKAGE_MARKS
from alidade.formats.xml_head import root_name
from alidade.model.errors import Unreadable

Format = Literal[
    "ofac-sdn",
    "ofac-sdn-rejects",
    "ofac-xml",
    "un-xml",
    "eu-xml",
    "eu-csv",
    "ftm",
    "stix",
    "misp",
    "workbook",
    "table",
    "table-rejects",
    "unknown",
]

_XML: Final[Mapping[str, tuple[Format, str]]] = {
    "sdnList": ("ofac-xml", "The OFAC sanctions list (SDN) in XML."),
    "CONSOLIDATED_LIST": ("un-xml", "The consolidated list of the United Nations Security Council."),
    "export": ("eu-xml", "The consolidated list of financial sanctions of the European Union."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The format, and a sentence that says what was found and, where it cannot be read, what to do."""

    format: Format
    sentence: str


def recognise(path: Path) -> Recognised:
    """Say what a file or folder is; never raises for what it finds.

    A folder with sdn.csv, or that file itself, is the OFAC list; delimited text is a table; anything else is
    unknown, with the reason in the sentence.
    """
    try:
        if path.is_dir():
            return _folder(path)
        return _file(path)
    except Unreadable as error:
        return Recognised(format="unknown", sentence=str(error))


def _folder(path: Path) -> Recognised:
    kinds = [kind for kind in COLUMNS if find_file(path, kind)]
    if (path / REASONS).exists() and kinds:
        return Recognised(format="ofac-sdn-rejects", sentence=f"Rejects of an OFAC list ({_files(kinds)}).")
    if "sdn" in kinds:
        return Recognised(format="ofac-sdn", sentence=f"The OFAC sanctions list (SDN), with {_files(kinds)}.")
    return Recognised(format="unknown", sentence=f"{path.name} is a folder without sdn.csv; name one file.")


def _files(kinds: list[str]) -> str:
    return ", ".join(f"{kind}.csv" for kind in kinds)


def _file(path: Path) -> Recognised:
    head = read_head(path)
    known = _known(path, head)
    if known is not None:
        return known
    foreign = foreign_type(head)
    if foreign is not None:
        return Recognised(format="unknown", sentence=f"{path.name} is {foreign[0]}. {foreign[1]}")
    first = head.split(b"\n", 1)[0]
    if path.name.lower() == "sdn.csv" and (b"-0-" in first or first[:1].isdigit()):
        return Recognised(format="ofac-sdn", sentence="The OFAC sanctions list (SDN); give its whole folder.")
    table = open_table(path)
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    mark = names.get(table.dialect.delimiter, "an unusual mark")
    width = len(table.header)
    if table.is_reject:
        return Recognised(format="table-rejects", sentence=f"A reject file of Alidade with {width} columns.")
    if is_eu_header(table.header):
        return Recognised(format="eu-csv", sentence=_XML["export"][1])
    columns = "one column" if width == 1 else f"{width} columns divided by {mark}"
    return Recognised(format="table", sentence=f"A table of {columns}, in {table.dialect.encoding}.")


def _known(path: Path, head: bytes) -> Recognised | None:
    """A list or format that is told by what stands in it; None where it may be a table."""
    if head.startswith(PACKAGE_MARKS):
        sheet = open_workbook(path)
        return Recognised(format="workbook", sentence=f"A workbook; its first sheet has {len(sheet.header)} columns.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        if is_stix(head):
            return Recognised(format="stix", sentence="A STIX 2.1 bundle.")
        if is_misp(head):
            return Recognised(format="misp", sentence="Events of MISP.")
        if is_ftm(head):
            return Recognised(format="ftm", sentence="FollowTheMoney entities, one in each line.")
    if text.startswith(b"<?xml") or text.startswith(tuple(b"<" + name.encode() for name in _XML)):
        found = _XML.get(root_name(path) or "")
        if found is not None:
            return Recognised(format=found[0], sentence=found[1])
    return None
