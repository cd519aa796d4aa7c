"""Damaged and hostile JSON: no error but our own, no hanging, and lines that were not touched come out the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from alidade.formats.ftm import read_ftm
from alidade.formats.ftm_writer import FtmExport, write_ftm
from alidade.formats.markings import load_markings
from alidade.formats.misp import read_misp
from alidade.formats.stix import read_stix
from alidade.model.draft import Draft, Problem
from alidade.model.errors import AlidadeError
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"
SPECIAL = b'"\\{}[]:,\n\x00\xff\xed0eu'
Reader = Callable[[Path, Vocabulary], Iterator[Draft | Problem]]
READERS: list[tuple[str, Reader]] = [
    ("ftm/entities.jsonl", read_ftm),
    ("ftm/nested.jsonl", read_ftm),
    ("stix/bundle.json", read_stix),
    ("misp/event.json", read_misp),
]
ODD: tuple[object, ...] = (
    None, True, 0, -1, 1e300, 10**30, "", " ", "x" * 300, "\x00", "\u202e", [], {}, [[]], [None], {"": None},
    [{"id": "a"}], {"id": "a", "schema": "Person"}, {"uuid": "a"}, ["x"] * 5, "unresolved: ", "MISP:4:", "tlp:red",
    " & ", "FollowTheMoney schema: Page", {"name": {"name": []}}, "5", "4", [7, "name", {}],
)  # fmt: skip


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def compact(name: str) -> bytes:
    text = (FIXTURES / name).read_text()
    return text.encode() if name.endswith("l") else json.dumps(json.loads(text)).encode()


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Up to three bytes changed, put in, taken out or doubled, sometimes cut off."""
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
                found[place:place] = found[place : place + chance.randint(1, 60)]
    return bytes(found[: chance.randrange(len(found))] if chance.random() < 0.1 else found)


def twisted(value: object, chance: random.Random) -> object:
    """The same with one value, somewhere, exchanged for an odd one, left out, or put under another name."""
    if isinstance(value, dict) and value and chance.random() < 0.93:
        name = chance.choice(list(value))
        if chance.random() < 0.08:
            return {key: each for key, each in value.items() if key != name}
        if chance.random() < 0.08:
            return {**value, chance.choice(list(value)): value[name]}
        return {**value, name: twisted(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.97:
        number = chance.randrange(len(value))
        return [*value[:number], twisted(value[number], chance), *value[number + 1 :]]
    return chance.choice(ODD)


def check(reader: Reader, path: Path) -> None:
    """Whatever comes out can be taken by what follows: keys, texts, handlings that can be proposed or refused."""
    markings = load_markings()
    try:
        items = list(reader(path, vocabulary()))
    except AlidadeError:
        return
    for item in items:
        if isinstance(item, Problem):
            assert item.code
            assert not item.fatal or item.raw or item.place.row == 0
            continue
        assert 0 < len(item.key) <= 200
        properties = vocabulary().properties_of(item.thing)
        for claim in item.claims:
            assert claim.property in properties
            assert claim.value.strip()
            for text in (claim.value, claim.original or ""):
                assert len(text) <= 65_536
                assert "\x00" not in text
            markings.propose(claim.handling or item.handling or "")
            if claim.evaluation is not None:
                vocabulary().convert_evaluation("admiralty", claim.evaluation)
    if reader is read_ftm:
        write_ftm(FtmExport(drafts=[each for each in items if isinstance(each, Draft)]), vocabulary())


def byte_mutations(folder: Path, name: str, reader: Reader, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    content, path = compact(name), folder / "file"
    for _ in range(cases):
        path.write_bytes(spoiled(content, chance))
        check(reader, path)


def shape_mutations(folder: Path, name: str, reader: Reader, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    path = folder / "file"
    content = compact(name).decode()
    documents = [json.loads(line) for line in content.splitlines()] if name.endswith("l") else [json.loads(content)]
    for _ in range(cases):
        number = chance.randrange(len(documents))
        odd = documents[number]
        for _ in range(chance.randint(1, 2)):
            odd = twisted(odd, chance)
        path.write_text("\n".join(json.dumps(each) for each in [*documents[:number], odd, *documents[number + 1 :]]))
        check(reader, path)


FORMS: list[tuple[Callable[[Path, str, Reader, int, int], None], int]] = [(byte_mutations, 250), (shape_mutations, 250)]


@pytest.mark.parametrize(("name", "reader"), READERS)
@pytest.mark.parametrize(("form", "cases"), FORMS)
def test_mutations(
    tmp_path: Path, form: Callable[[Path, str, Reader, int, int], None], cases: int, name: str, reader: Reader
) -> None:
    form(tmp_path, name, reader, cases, 20261122)


@pytest.mark.full
@pytest.mark.parametrize(("name", "reader"), READERS)
@pytest.mark.parametrize(("form", "cases"), FORMS)
def test_many_mutations(
    tmp_path: Path, form: Callable[[Path, str, Reader, int, int], None], cases: int, name: str, reader: Reader
) -> None:
    form(tmp_path, name, reader, cases * 20, 77)


def test_lines_that_were_not_touched_come_out_the_same(tmp_path: Path) -> None:
    chance = random.Random(5)
    path = tmp_path / "entities.jsonl"
    lines = (FIXTURES / "ftm" / "entities.jsonl").read_bytes().splitlines()
    path.write_bytes(b"\n".join(lines))
    whole = {item.key: item for item in read_ftm(path, vocabulary()) if isinstance(item, Draft)}
    keys = list(whole)
    for _ in range(200):
        victim = chance.randrange(len(lines))
        broken = spoiled(lines[victim], chance).replace(b"\n", b" ")
        path.write_bytes(b"\n".join([*lines[:victim], broken, *lines[victim + 1 :]]))
        found = [item for item in read_ftm(path, vocabulary()) if isinstance(item, Draft)]
        for number, key in enumerate(keys):
            if number != victim:
                assert whole[key] in found


@pytest.mark.parametrize(("name", "reader"), READERS)
def test_every_cut_is_named(tmp_path: Path, name: str, reader: Reader) -> None:
    content, path = compact(name), tmp_path / "file"
    for end in range(1, len(content) - 2, max(1, len(content) // 60)):
        path.write_bytes(content[:end])
        if name.endswith("l"):
            items = list(reader(path, vocabulary()))
            complete = content[end : end + 1] == b"\n" or content[end - 1 : end] == b"\n"
            assert complete or [each.code for each in items if isinstance(each, Problem)][-1] == "truncated"
        else:
            with pytest.raises(AlidadeError) as error:
                list(reader(path, vocabulary()))
            assert error.value.code == "truncated"
