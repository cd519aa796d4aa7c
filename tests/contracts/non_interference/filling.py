"""Filling: writes a world into the tables, as the library's own contributions would leave them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

from django.db import connections
from palette import Palette
from pieces import lay_background, lay_pieces
from worlds import Family, Line, Part, handlings_of, public_id

from alidade.matching.identifiers import IDENTIFIER_KINDS
from alidade.model.draft import Claim
from alidade.model.evaluation import Evaluation
from alidade.model.ids import HandlingId, RecordId, StatementId
from alidade.model.statement import Statement
from alidade.services.preparing import lookup_keys
from alidade.store import writing
from alidade.store.database import Transaction
from alidade.store.writing import NewRecord, NewStatement
from alidade.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
_FIRST_DAY = date(2026, 1, 10)
_EVALUATION = Evaluation(source="B", information="2", given=True, scheme="4x4", original="B2")
_EDGES = (("", ""), *((kind, "\U0010ffff") for kind in ("name", *IDENTIFIER_KINDS)), ("\U0010ffff", ""))


def fill(tx: Transaction, palette: Palette, family: Family, side: Part) -> None:
    """Write a world by the library's own inserts; signatures of contributions, which no read shows, are left out."""
    numbers = _insert_handlings(tx, palette, family.visible, side)
    _lay_background(tx, palette)
    lay_pieces(tx, family, side, numbers)
    lines = sorted((*family.visible.lines, *side.lines), key=lambda line: (line.gift_at, line.gift, line.at))
    records = {line.record: line for line in lines}
    writing.insert_records(tx, [_record(line) for line in records.values()])
    gifts: dict[str, list[Line]] = {}
    for line in lines:
        gifts.setdefault(line.gift, []).append(line)
    with connections[tx.alias].cursor() as cursor:
        for number, (gift, given) in enumerate(gifts.items(), start=2):
            cursor.execute(
                "insert into contribution (id, public_id, owner, officer, given_at, title, size, root, key_id,"
                " signature, state, state_reason) values (%s, %s, %s, 'o', %s, 't', %s, '', '', %s, 'active', '')",
                [
                    number,
                    public_id(gift),
                    given[0].owner,
                    str(_FIRST_DAY + timedelta(days=int(given[0].gift_at))),
                    len(given),
                    b"",
                ],
            )
            writing.insert_statements(tx, number, [_statement(line, palette, numbers) for line in given])
        cursor.executemany(
            "insert into judgement (id, left_id, right_id, ruling, reason, authority, officer, handling_id, ruled_at,"
            " revoked) values (%s, %s, %s, %s, 'r', %s, 'o', %s, '2026-02-01 00:00:00', %s)",
            [
                (
                    public_id(r.label),
                    writing.record_number(public_id(r.left)),
                    writing.record_number(public_id(r.right)),
                    r.ruling,
                    r.owner,
                    numbers[r.handling],
                    r.revoked,
                )
                for r in (*family.visible.rulings, *side.rulings)
                if r.left in records and r.right in records
            ],
        )


def _insert_handlings(tx: Transaction, palette: Palette, visible: Part, side: Part) -> dict[int, int]:
    order: list[int] = handlings_of(visible)
    chance = Random(side.order)
    for handling in handlings_of(side):
        if handling not in order:
            order.insert(chance.randint(0, len(order)), handling)
    rows = [palette.background[0], *(palette.rows[handling] for handling in order), palette.background[1]]
    with connections[tx.alias].cursor() as cursor:
        cursor.executemany(
            "insert into handling (id, digest, owner, content, key_id, signature, verified)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            [
                (number, row.digest, row.owner, row.content, row.key_id, row.signature, True)
                for number, row in enumerate(rows, start=1)
            ],
        )
    return {handling: number for number, handling in enumerate(order, start=2)}


def _lay_background(tx: Transaction, palette: Palette) -> None:
    """What lies before and behind everything else in every index, in every database alike, and concerns nobody.

    A search that runs into the end of an index takes one step less than one that stops at the next entry. On a node
    with data of several authorities there is always a next entry; the small worlds here need one laid down.
    """
    owner, last = "ve-cicpc", _last_number(tx)
    ends = ((1, "0" * 31 + "1"), (last, "f" * 32))
    writing.insert_records(
        tx,
        [
            NewRecord(
                id=RecordId(record), owner=owner, thing="Person", source_list="", source_key=record, state="active",
                fingerprint="",
            )
            for _, record in ends
        ],
    )  # fmt: skip
    with connections[tx.alias].cursor() as cursor:
        cursor.execute(
            "insert into contribution (id, public_id, owner, officer, given_at, title, size, root, key_id,"
            " signature, state, state_reason) values (1, %s, %s, 'o', '2026-01-01', 't', 2, '', '', %s, 'active', '')",
            [public_id("background"), owner, b""],
        )
        cursor.executemany(
            "insert into visible (viewer_class_id, handling_id, owner) values (%s, %s, %s)",
            [(number, number, owner) for number, _ in ((0, ""), (1 << 30, ""))],
        )
        cursor.executemany(
            "insert into lookup (kind, key, handling_id, record_id, statement_id) values (%s, %s, %s, %s, 0)",
            [(kind, key, number, writing.record_number(record)) for number, record in ends for kind, key in _EDGES],
        )
        cursor.executemany(
            "insert into judgement (id, left_id, right_id, ruling, reason, authority, officer, handling_id, ruled_at,"
            " revoked) values (%s, %s, %s, 'same', 'r', %s, 'o', %s, '2026-02-01 00:00:00', %s)",
            [
                (record, *(writing.record_number(each) for _, each in ends), owner, number, False)
                for number, record in ends
            ],
        )
        cursor.executemany(
            "insert into seen_ruling (viewer_class_id, judgement_id, left_id, right_id) values (%s, %s, %s, %s)",
            [
                (viewer_class, record, *(writing.record_number(each) for _, each in ends))
                for viewer_class, (_, record) in zip((0, 1 << 30), ends, strict=True)
            ],
        )
    lay_background(tx, owner, ends)
    line = Line(
        label="background", at=0, gift="background", gift_at=0, record="", owner=owner, thing="Person", property="name",
        value="Background", handling=0,
    )  # fmt: skip
    writing.insert_statements(
        tx,
        1,
        [
            replace(
                new,
                handling=number,
                lookups=(),
                statement=replace(new.statement, record=RecordId(record), id=StatementId(record)),
            )
            for new in [_statement(line, palette, {0: 1})]
            for number, record in ends
        ],
    )


def _last_number(tx: Transaction) -> int:
    return int(tx.rows("select max(id) from handling", [])[0][0])


def _record(line: Line) -> NewRecord:
    return NewRecord(
        id=RecordId(public_id(line.record)),
        owner=line.owner,
        thing=line.thing,
        source_list="list of " + line.owner,
        source_key=line.record,
        state="active",
        fingerprint="",
    )


def _statement(line: Line, palette: Palette, numbers: dict[int, int]) -> NewStatement:
    statement = Statement(
        id=StatementId(public_id(line.label)),
        record=RecordId(public_id(line.record)),
        thing=line.thing,
        property=line.property,
        value=line.value,
        evaluation=_EVALUATION,
        handling=HandlingId(palette.rows[line.handling].digest),
        salt=b"",
    )
    return NewStatement(
        statement=statement,
        leaf=hashlib.sha256(line.label.encode()).digest(),
        handling=numbers[line.handling],
        current=line.current,
        lookups=_lookups(line.thing, line.property, line.value),
    )


@cache
def _lookups(thing: str, name: str, value: str) -> tuple[tuple[str, str], ...]:
    definition = VOCABULARY.properties_of(thing)[name]
    return tuple(lookup_keys(definition, thing, Claim(property=name, value=value), VOCABULARY))
