"""The words that are known as names: the shape of the arrays, and what they say of well-known names."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import alidade.matching
from alidade.matching import lexicon as module
from alidade.matching.folding import fold
from alidade.matching.lexicon import STRENGTHS, lexicon, read_lexicon, word_hash

FILE = Path(alidade.matching.__file__).parent / "data" / "name_words.txt.gz"
SMALL = b"# version 2000-01-01\nbill3!\njose9+\njosef4 0+\njosefa1 0\njoseph8 1\npepe2\nwill5 2\n"


def test_hashes_are_those_of_the_published_function() -> None:
    assert word_hash("") == 0xCBF29CE484222325
    assert word_hash("a") == 0xAF63DC4C8601EC8C
    assert word_hash("foobar") == 0x85944171F73967E8


def test_a_small_text_becomes_arrays() -> None:
    small = read_lexicon(SMALL)
    assert small.version == "2000-01-01"
    assert [small.commonness(word) for word in ("bill", "jose", "pepe", "nobody")] == [3, 9, 2, -1]
    assert small.groups_of("josef") == {1, 2}
    assert small.groups_of("josefa") == {2}
    assert small.groups_of("joseph") == {1}
    assert small.groups_of("pepe") == frozenset()
    assert small.relation("will", "bill") == 85
    assert small.relation("jose", "joseph") == 100
    assert small.relation("jose", "josefa") == 0
    assert small.group_strength.tolist() == [85, 100, 100]


def test_the_arrays_have_the_promised_shape() -> None:
    known = lexicon()
    assert known.hashes.dtype == np.uint64
    assert known.common.dtype == np.uint8
    assert known.group_start.dtype == known.groups.dtype == np.int32
    assert known.group_strength.dtype == np.uint8
    assert len(known.hashes) > 400_000
    assert (known.hashes[1:] > known.hashes[:-1]).all()
    assert known.common.max() == 9
    assert len(known.common) == len(known.hashes) == len(known.group_start) - 1
    assert known.group_start[0] == 0
    assert known.group_start[-1] == len(known.groups)
    assert np.bincount(known.groups, minlength=len(known.group_strength)).min() >= 2
    assert set(known.group_strength.tolist()) <= set(STRENGTHS.values())
    assert not known.hashes.flags.writeable
    inside = np.ones(len(known.groups), dtype=bool)
    inside[known.group_start[:-1][known.group_start[:-1] < len(known.groups)]] = False
    assert (np.diff(known.groups)[inside[1:]] > 0).all()


@pytest.mark.parametrize(
    ("left", "right", "lowest"),
    [
        ("Mohammed", "Muhammad", 100), ("Мухаммад", "Mohammed", 100), ("محمد", "Mohamed", 100),
        ("Abdulrahman", "Abdurrahman", 100), ("Pepe", "José", 85), ("Paco", "Francisco", 85), ("Bill", "William", 85),
        ("Саша", "Aleksandr", 85), ("Beto", "Alberto", 85), ("Beto", "Roberto", 85), ("Hans", "Johannes", 85),
        ("Gosia", "Małgorzata", 85), ("Kim", "Gim", 95), ("Park", "Bak", 95), ("Wong", "Wang", 80),
        ("Yusuf", "Yousef", 100),
    ],
)  # fmt: skip
def test_spellings_and_short_forms_are_known_as_one_name(left: str, right: str, lowest: int) -> None:
    assert lexicon().relation(fold(left), fold(right)) >= lowest


def test_other_names_are_not() -> None:
    for left, right in (("john", "james"), ("muhammad", "ahmad"), ("maria", "marta"), ("wang", "zhang")):
        assert lexicon().relation(left, right) == 0


def test_common_names_are_common_and_rare_ones_rare() -> None:
    known = lexicon()
    assert known.commonness("mohammed") == known.commonness("maria") == 9
    assert known.commonness("smith") >= 8
    assert known.commonness("trading") >= 7
    assert 0 <= known.commonness("schimmelpfennig") <= 3
    assert known.commonness("qqqqq") == -1


def test_the_reference_is_read_at_first_use_only() -> None:
    code = (
        "from alidade.matching import lexicon as m; assert m.lexicon.cache_info().currsize == 0; "
        "assert m.LEXICON is m.lexicon(); assert m.lexicon.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        _ = module.NOTHING


def test_every_word_is_in_plain_form_and_the_file_says_where_it_comes_from() -> None:
    text = gzip.decompress(FILE.read_bytes()).decode("ascii")
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    words = [line.rstrip("0123456789 +=!~") for line in lines[len(head) :]]
    assert words == sorted(set(words))
    assert all(fold(word) == word for word in words[::97])
    assert len({word_hash(word) for word in words[::7]}) == len(words[::7])
    for field in ("version 2026-11-22", "verified no", "source rigour 1.2.0 (MIT)", "licence"):
        assert any(line.startswith(f"# {field}") for line in head), field
    assert len(FILE.read_bytes()) < 3_500_000
