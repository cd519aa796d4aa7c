"""Damaged files: no error but our own, no hanging, and rows that were not touched come out the same."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alidade.formats.csv_drafts import read_drafts
from alidade.formats.guess import guess_mapping
from alidade.formats.mapping import Column, Mapping, read_mapping
from alidade.formats.ofac import read_ofac
from alidade.formats.recognise import recognise
from alidade.formats.rejects import RejectWriter, erase_rows
from alidade.formats.table import Row, open_table
from alidade.model.draft import Claim, Draft, Problem
from alidade.model.errors import AlidadeError
from alidade.vocabulary import Vocabulary, load_vocabulary

MAPPING = Mapping(
    thing="Person",
    keys=("ref",),
    columns=(
        Column(column="name", property="name"),
        Column(column="né", property="birthDate"),
        Column(column="tel", property="phone"),
        Column(column="notes", property="notes"),
    ),
)
ROWS = [
    f'{n}{n}{n}{n};"Person ""{n}"" Éxample";{1950 + n}-0{n}-1{n};"+3161234567{n}";"note {n}\r\nmore"\r\n'
    if n % 2
    else f"{n}{n}{n}{n};Ñame {n};;+3161234567{n};=cmd\r\n"
    for n in range(1, 10)
]
HEADER = "ref;name;né;tel;notes\r\n"
SPECIAL = b"\";,\t\r\n\x00\x1a\xff\xc3'=\\|-0"


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to three bytes changed, put in, taken out or doubled."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(found) + 1)
        byte = chance.choice(SPECIAL) if chance.random() < 0.7 else chance.randrange(256)
        match chance.randrange(4):
            case 0:
                found[place : place + 1] = bytes([byte])
            case 1:
                found[place:place] = bytes([byte])
            case 2:
                del found[place : place + chance.randint(1, 4)]
            case _:
                found[place:place] = found[place : place + chance.randint(1, 20)]
    return bytes(found)


def claims_by_key(items: Iterator[Draft | Problem]) -> dict[str, list[tuple[Claim, ...]]]:
    found: dict[str, list[tuple[Claim, ...]]] = {}
    for item in items:
        if isinstance(item, Draft):
            found.setdefault(item.key, []).append(item.claims)
    return found


def one_row_mutations(folder: Path, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    path = folder / "list.csv"
    path.write_bytes((HEADER + "".join(ROWS)).encode())
    whole = claims_by_key(read_drafts(path, MAPPING, vocabulary()))
    assert len(whole) == len(ROWS)
    for _ in range(cases):
        victim = chance.randrange(len(ROWS))
        row = ROWS[victim].encode()
        parts = [each.encode() for each in ROWS]
        parts[victim] = mutated(row[:-2], chance) + b"\r\n"
        path.write_bytes(HEADER.encode() + b"".join(parts))
        found = claims_by_key(read_drafts(path, MAPPING, vocabulary()))
        for number in range(1, 10):
            if number - 1 != victim:
                assert whole[str(number) * 4][0] in found.get(str(number) * 4, []), parts[victim]


def anywhere_mutations(folder: Path, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    path = folder / "list.csv"
    content = (HEADER + "".join(ROWS)).encode()
    for case in range(cases):
        spoiled = mutated(content, chance)
        if case % 5 == 0:
            spoiled = spoiled[: chance.randrange(len(spoiled))]
        if case % 7 == 0:
            spoiled = content.decode().encode("utf-16")[: chance.randrange(2, 900)]
        path.write_bytes(spoiled)
        everything_with(path)


def everything_with(path: Path) -> None:
    """Every reader may refuse the file, in our own words only."""
    recognise(path)
    rejects = path.with_name("rejects.csv")
    try:
        table = open_table(path)
        rows = [item.cells for item in table.rows() if isinstance(item, Row)]
        guess = guess_mapping(table.header, rows[:5], vocabulary())
        for mapping in (MAPPING, guess.mapping):
            with RejectWriter(rejects, table.header, delimiter=table.dialect.delimiter) as writer:
                for item in read_drafts(path, mapping, vocabulary()):
                    if isinstance(item, Problem):
                        writer.write(item)
            if writer.count:
                again = open_table(rejects, header=True)
                assert again.header == table.header
                assert erase_rows(rejects, lambda row: False) == 0
    except AlidadeError:
        return
    finally:
        rejects.unlink(missing_ok=True)


def entry(number: str) -> str:
    return (
        f'{number},"DOE, Jane {number}","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
        f"\"DOB 0{number[0]} Jan 1960; Passport {number} (Iran); a.k.a. 'X {number}'; odd.\"\r\n"
    )


def ofac_mutations(folder: Path, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    numbers = [str(n) * 4 for n in range(1, 8)]
    files = {
        "sdn": [entry(number) for number in numbers],
        "alt": [f'{number},{number}9,"aka","ROE, {number}",-0- \r\n' for number in numbers],
        "add": [f'{number},{number}8,"Street {number}","Town","Peru",-0- \r\n' for number in numbers],
    }
    for kind, rows in files.items():
        (folder / f"{kind}.csv").write_text("".join(rows), newline="")
    whole = claims_by_key(read_ofac(folder, vocabulary()))
    assert len(whole) == 7
    for _ in range(cases):
        kind = chance.choice(list(files))
        victim = chance.randrange(len(numbers))
        parts = [row.encode() for row in files[kind]]
        parts[victim] = mutated(parts[victim][:-2], chance) + b"\r\n"
        (folder / f"{kind}.csv").write_bytes(b"".join(parts))
        found = claims_by_key(read_ofac(folder, vocabulary()))
        for place, number in enumerate(numbers):
            if place != victim:
                assert whole[number][0] in found.get(number, []), (kind, parts[victim])
        (folder / f"{kind}.csv").write_text("".join(files[kind]), newline="")


FORMS: list[tuple[Callable[[Path, int, int], None], int]] = [
    (one_row_mutations, 1500),
    (anywhere_mutations, 150),
    (ofac_mutations, 200),
]


@pytest.mark.parametrize(("form", "cases"), FORMS)
def test_mutations(tmp_path: Path, form: Callable[[Path, int, int], None], cases: int) -> None:
    form(tmp_path, cases, 20211122)


@pytest.mark.full
@pytest.mark.parametrize(("form", "cases"), FORMS)
def test_many_mutations(tmp_path: Path, form: Callable[[Path, int, int], None], cases: int) -> None:
    form(tmp_path, cases * 40, 77)


pieces = st.sampled_from(
    [
        '"',
        '""',
        ";",
        ",",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "a",
        "é",
        "=1",
        "-0- ",
        "1990-01-01",
        "\x00",
        "\ufeff",
        " ",
    ]
)


@given(st.lists(pieces, max_size=60).map("".join).map(str.encode) | st.binary(max_size=120))
@settings(derandomize=True, max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "list.csv"
        path.write_bytes(content)
        everything_with(path)
        (Path(name) / "sdn.csv").write_bytes(content)
        path.unlink()
        try:
            list(read_ofac(Path(name), vocabulary()))
        except AlidadeError:
            return


@given(st.text(alphabet='{}[]":,columnspropertything1\\', max_size=60))
@settings(derandomize=True, max_examples=150)
def test_any_mapping_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "mapping.json"
        path.write_text(text)
        try:
            read_mapping(path)
        except AlidadeError:
            return
