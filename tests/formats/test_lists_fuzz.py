"""Lists in XML and the CSV of the European Union, cut and damaged: our own errors only, nothing invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from alidade.formats.eu_csv import read_eu_csv
from alidade.formats.eu_xml import read_eu_xml
from alidade.formats.ofac_xml import read_ofac_xml
from alidade.formats.un_xml import read_un
from alidade.model.draft import Draft, Problem
from alidade.model.errors import AlidadeError
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"
Reader = Callable[[Path, Vocabulary], Iterator[Draft | Problem]]
READERS: dict[str, Reader] = {
    "ofac_sdn.xml": read_ofac_xml,
    "un_consolidated.xml": read_un,
    "eu_fsf.xml": read_eu_xml,
    "eu_fsf.csv": read_eu_csv,
}
SPECIAL = [
    b"<", b">", b"&", b'"', b"'", b"/", b"\x00", b"\xff", b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"&#x10FFFF;", b"&x;",
    b"<!DOCTYPE x>", b"<?xml?>", b"</", b"<a", b"=", b"xmlns=''", b"x:y", b"\n", b"-0-", b";", b"\xef\xbb\xbf",
    b"99999999999999999999", b"<!ENTITY", b"%p;",
]  # fmt: skip


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def attempt(read: Reader, path: Path) -> list[Draft | Problem] | None:
    """What comes out, None where the file is refused; any error but our own fails the test."""
    try:
        return list(read(path, vocabulary()))
    except AlidadeError:
        return None


def entries(content: bytes) -> bytes:
    """The list with a few entries only, so that many damages can be tried."""
    marks = (b"</sdnEntry>", b"</INDIVIDUAL>", b"</sanctionEntity>")
    for mark in marks:
        parts = content.split(mark)
        if len(parts) > 4:
            return mark.join([parts[0], parts[1], parts[-1]])
    return b"\r\n".join(content.split(b"\r\n")[:8]) + b"\r\n"


@pytest.mark.parametrize("name", READERS)
def test_a_list_cut_anywhere_gives_its_whole_entries_and_says_so(name: str, tmp_path: Path) -> None:
    content = (FIXTURES / name).read_bytes()
    whole = {item.key: item for item in attempt(READERS[name], FIXTURES / name) or [] if isinstance(item, Draft)}
    path = tmp_path / name
    end = len(content.rstrip())
    for cut in range(0, end, 97):
        path.write_bytes(content[:cut])
        items = attempt(READERS[name], path)
        if items is None:
            continue
        if name.endswith(".csv"):
            continue
        drafts = [item for item in items if isinstance(item, Draft)]
        assert all(whole[draft.key].claims == draft.claims for draft in drafts), cut
        (last,) = [item for item in items if isinstance(item, Problem) and item.fatal]
        assert (last.code, last.place.row) == ("xml_cut_off", content[:cut].count(b"\n") + 1), cut


def damaged(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0:
                found[place : place + 1] = chance.choice(SPECIAL)
            case 1:
                found[place:place] = chance.choice(SPECIAL)
            case 2:
                del found[place : place + chance.randint(1, 40)]
            case 3:
                found[place:place] = found[place : place + chance.randint(1, 200)]
            case _:
                found[place : place + 1] = bytes([chance.randrange(256)])
    return bytes(found)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("cases", [500, pytest.param(10_000, marks=pytest.mark.full)])
def test_a_damaged_list_gives_our_own_errors_only(name: str, cases: int, tmp_path: Path) -> None:
    content = entries((FIXTURES / name).read_bytes())
    chance = random.Random(f"{name} {cases}")
    path = tmp_path / name
    for _ in range(cases):
        path.write_bytes(damaged(content, chance))
        for item in attempt(READERS[name], path) or ():
            assert item.place is not None
            assert item.place.file == name
            if isinstance(item, Problem):
                assert item.reason
                assert item.code
