"""Staging: nodes with invented authorities, handlings in the proportions wanted, and tables filled quickly."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Literal

from alidade.model.directory import Authority, Officer
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor, Party
from alidade.services.acting import act_as
from alidade.services.authorities import found_node
from alidade.services.contribute import signing_key
from alidade.services.node import Node
from alidade.services.officers import add_officer
from alidade.store import directory, rights

VIEWER = AuthorityId("nl-politie")
_STATES = ("NL", "BE", "FR", "ES", "PT", "DE", "IT", "IE", "PL", "SE")
_FUNCTIONS = ("police", "customs", "fiu", "coast_guard")
Sight = Literal["read", "hit", "silent"]


def owners() -> list[AuthorityId]:
    """Forty authorities of ten Member States; the viewer's is not among them."""
    return [AuthorityId(f"{state.lower()}-{function}") for state in _STATES for function in _FUNCTIONS]


def begin(node: Node) -> None:
    """Enter the viewer's authority with a case officer, and the forty owners."""
    viewer = Party(id=VIEWER, function="police", state="NL", areas=("EU", "SCHENGEN"))
    admin = OfficerId(f"{VIEWER}/admin")
    found_node(node, _authority(viewer), Officer(id=admin, authority=VIEWER, role="administrator"))
    with node.store.transaction() as tx:
        for owner in owners():
            state, function = owner.split("-")
            party = Party(id=owner, function=function, state=state.upper(), areas=("EU", "SCHENGEN"))
            directory.add_authority(tx, _authority(party))
    officer = Officer(
        id=OfficerId(f"{VIEWER}/case"), authority=VIEWER, role="case_officer", clearance="RESTRICTED", cases=("c1",)
    )
    add_officer(node, act_as(node, admin, purpose="18.2.a"), officer)


def _authority(party: Party) -> Authority:
    return Authority(party=party, name=party.id, contact="desk", invented=True)


def actor(node: Node) -> Actor:
    """The officer who asks and reads."""
    return act_as(
        node,
        OfficerId(f"{VIEWER}/case"),
        purpose="18.2.a",
        case="c1",
        legal_ground="criminal_investigation",
        justification="benchmark",
    )


def handling(number: int, owner: AuthorityId, sight: Sight) -> Handling:
    """One of many handlings, all different, which the viewer may read, learn a hit of, or not notice."""
    return Handling(
        owner=owner,
        hit="silent" if sight == "silent" else "visible",
        classification=("BPL", "RESTRICTED")[number % 2],
        purposes=("18.2.a", "18.2.b"),
        released_to=(VIEWER,) if sight == "read" else (),
        communities=(f"group-{number}",),
        subject_category="suspect_or_convicted",
        crime_areas=("drug_trafficking",),
        expires_on=f"{2090 + number % 9}-12-31",
    )


def intern(node: Node, handlings: Iterable[Handling]) -> list[int]:
    """The numbers of the handlings, each signed by its owner and verified."""
    numbers = []
    keys = {owner: signing_key(node, owner) for owner in owners()}
    with node.store.transaction() as tx:
        for each in handlings:
            signer = keys[each.owner]
            numbers.append(rights.intern_handling(tx, each, signer, signer.public)[0])
    return numbers


class Filling:
    """The tables of a closed node, open to rows by the million: nothing durable, no checks, no indexes meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
        """Insert rows under the columns named."""
        places = ", ".join("?" * len(columns.split(",")))
        self._connection.executemany(f"insert into {table} ({columns}) values ({places})", rows)


@contextmanager
def filling(folder: Path, tables: Sequence[str]) -> Iterator[Filling]:
    """Fill `tables` of the store in `folder`; their indexes are made again at the end, from their own definitions."""
    with closing(sqlite3.connect(folder / "alidade.db", isolation_level=None)) as connection:
        for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -1000000"):
            connection.execute(f"pragma {pragma}")
        places = ", ".join("?" * len(tables))
        indexes = connection.execute(
            f"select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ({places})",
            tables,
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'drop index "{name}"')
        connection.execute("begin")
        yield Filling(connection)
        connection.execute("commit")
        for _, definition in indexes:
            connection.execute(definition)


def insert_contributions(fill: Filling, givers: Sequence[AuthorityId], size: int) -> None:
    """Contributions 1, 2, 3 ... of these givers, with signatures that are none: nothing here verifies them."""
    fill.insert(
        "contribution",
        "id, public_id, owner, officer, given_at, title, size, root, key_id, signature, state, state_reason",
        (
            (number, f"{number:032x}", giver, f"{giver}/case", "2026-01-01T00:00:00+00:00", "benchmark", size, "", "",
             b"", "active", "")
            for number, giver in enumerate(givers, start=1)
        ),
    )  # fmt: skip


def random_ids(count: int, seed: int) -> list[str]:
    """Random public ids of records in ascending order, in which SQLite takes them fastest."""
    bits = Random(seed).randbytes(16 * count)
    return sorted(bits[start : start + 16].hex() for start in range(0, 16 * count, 16))


RECORD_COLUMNS = "id, public_id, owner, thing, source_list, source_key, state, fingerprint"
STATEMENT_COLUMNS = (
    "id, public_id, record_id, contribution_id, position, property, value, grade, grade_given, grade_scheme,"
    " grade_original, handling_id, leaf, salt, current"
)
