"""The protocol document names every kind, reason, limit, alarm, tag and vector that the code knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from alidade.exchange.content import KINDS, ErasureOrder, HeadNote, Item, Receipt
from alidade.exchange.envelope import Header, Slip
from alidade.exchange.limits import PROTOCOL, load_limits
from alidade.exchange.manifest import Manifest, SealingEntry
from alidade.exchange.reasons import REASONS
from alidade.exchange.verdict import AlarmKind

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/reference/exchange-protocol.md").read_text()
PACKAGE = ROOT / "src/alidade/exchange"


def section(number: int) -> str:
    return TEXT.split(f"\n## {number}. ")[1].split("\n## ")[0]


def test_kinds_with_their_order_and_receipt() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+ \| \w+) \|", section(4), re.MULTILINE))
    word = {True: "yes", False: "no"}
    assert rows == {kind: f"{word[each.ordered]} | {word[each.acknowledged]}" for kind, each in KINDS.items()}


def test_reasons_and_alarms() -> None:
    table, alarms = section(13).split("Alarms")
    assert set(re.findall(r"`(\w+)`", table)) == REASONS
    assert set(re.findall(r"`(\w+)`", alarms)) == set(get_args(AlarmKind))


def test_limits() -> None:
    table = section(12)
    for value in msgspec.structs.astuple(PROTOCOL):
        for figure in value if isinstance(value, tuple) else (value,):
            assert re.search(rf"\b{figure}\b", table)
    most = 8 + PROTOCOL.header_bytes + PROTOCOL.body_bytes + 65536
    assert f"{most:,}" in TEXT


def test_figures_of_operation() -> None:
    limits = load_limits().operation
    assert f"more than {limits.stale_after_days} days old" in TEXT
    assert f"for {limits.overlap_days} days more" in TEXT
    assert f"within {limits.erasure_answer_days} days" in TEXT
    assert f"*e* + {limits.window} on" in TEXT


@pytest.mark.parametrize(
    ("part", "struct"),
    [
        (3, Header),
        (3, Slip),
        (4, Item),
        (6, Receipt),
        (7, Manifest),
        (7, SealingEntry),
        (8, ErasureOrder),
        (9, HeadNote),
    ],
)
def test_every_field_is_named(part: int, struct: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`(\w+)`", section(part)))
    assert set(struct.__struct_fields__) <= named


def test_tags() -> None:
    code = "".join(path.read_text() for path in PACKAGE.glob("*.py"))
    for tag in re.findall(r'b"(alidade/[a-z/-]+/v1)"', code):
        assert tag in TEXT


def test_vectors_are_named() -> None:
    for path in (ROOT / "tests/exchange/vectors").glob("*.json"):
        assert f"`{path.name}`" in section(14)
