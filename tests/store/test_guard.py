"""The guard: inside `reading`, nothing is answered but through the viewer's own views; outside, all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from django.db import DatabaseError, connections

from alidade.model.directory import Authority, Officer
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Damaged, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services import acting, authorities, records
from alidade.services.contribute import Giving, contribute
from alidade.services.node import Node
from alidade.store import directory, models
from alidade.store.reading import reading
from alidade.vocabulary import load_vocabulary

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)
OPEN = "nl-politie"
TABLES = {model._meta.db_table for model in vars(models).values() if hasattr(model, "_meta")}
GUARDED = tuple(sorted(TABLES - {"authority"}))


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Dice:
    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def token_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    node = Node.open(tmp_path, clock=FixedClock(), randomness=Dice(str(tmp_path)), vocabulary=load_vocabulary())
    with node.store.transaction() as tx:
        for code, state in ((OPEN, "NL"), ("de-bka", "DE")):
            party = authorities.party(node, code, "police", state)
            directory.add_authority(tx, Authority(party=party, name=code, contact="desk"))
            directory.add_officer(
                tx, Officer(id=OfficerId(f"{code}/o"), authority=AuthorityId(code), role="case_officer")
            )
    for code in (OPEN, "de-bka"):
        contribute(node, act(node, code), giving(code))
    yield node
    node.close()


def act(node: Node, code: str) -> Actor:
    return acting.act_as(node, OfficerId(f"{code}/o"), purpose="18.2.a", case="OP-1")


def giving(owner: str) -> Giving:
    """Something that only its owner may read."""
    return Giving(
        title="t",
        drafts=[Draft(key="1", thing="Person", claims=(Claim(property="name", value=f"Person of {owner}"),))],
        handlings={"h": Handling(owner=AuthorityId(owner), hit="silent", subject_category="suspect_or_convicted")},
    )


def attempt(node: Node, sql: str) -> list[tuple[object, ...]]:
    """Execute something while an officer reads, and be logged for it."""
    actor = act(node, OPEN)
    with node.store.transaction() as tx:
        acting.log(tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            assert view.count() == 1
            return tx.rows(sql.format(statements=view._layers["read"].statements), [])


ATTEMPTS = {
    "join": "select s.value from {statements} v join statement s on s.record_id <> v.record_id",
    "scalar subquery": "select (select max(value) from statement) from {statements}",
    "subquery in a condition": "select 1 from {statements} where exists (select 1 from statement where value > '')",
    "union": "select value from {statements} union all select value from statement",
    "highest row": "select max(rowid) from statement",
    "count without a column": "select count(*) from statement",
    "common table expression": "with seen as (select value from statement) select * from seen",
    "common table expression named as a view would be": (
        "with v_0123456789abcdef as (select value from statement) select * from v_0123456789abcdef"
    ),
    "recursive common table expression": (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9)"
        " select value from n join statement on id = i"
    ),
    "index by name": "select value from statement indexed by statement_visible where handling_id = 2 and current",
    "new view": "create temp view mine as select value from statement",
    "new view in the file": "create view mine as select value from statement",
    "temporary table": "create temp table mine as select value from statement",
    "trigger": "create temp trigger mine after insert on record begin select 1; end",
    "index": "create index mine on statement (value)",
    "widen the set": "insert into visible (viewer_class_id, handling_id, owner) values (1, 2, 'de-bka')",
    "update": "update statement set handling_id = 1",
    "update the set": "update visible set viewer_class_id = 1",
    "delete": "delete from lookup",
    "drop": "drop table lookup",
    "drop a view": "drop view {statements}",
    "list of tables": "select sql from sqlite_master",
    "list of temporary views": "select sql from sqlite_temp_master",
    "pragma": "pragma table_info(statement)",
    "pragma that writes": "pragma writable_schema = on",
    "pragma as a table": "select name from pragma_table_info('statement')",
    "attach": "attach database ':memory:' as other",
    "load a function": "select load_extension('x')",
    "a function that is not in the list": "select hex(value) from {statements}",
    "vacuum into": "vacuum into '/nowhere'",
    "analyse": "analyze",
    "end the transaction": "commit",
    "savepoint": "savepoint mine",
}


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
@pytest.mark.parametrize("sql", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_what_goes_around_the_views_is_refused(node: Node, sql: str) -> None:
    before = _contents(node)
    with pytest.raises(DatabaseError, match=r"not authorized|prohibited|no such table|cannot VACUUM"):
        attempt(node, sql)
    assert _contents(node) == before


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
@pytest.mark.parametrize("table", GUARDED)
def test_no_table_is_read_directly(node: Node, table: str) -> None:
    with pytest.raises(DatabaseError, match=r"prohibited|not authorized"):
        attempt(node, f"select * from {table}")


def test_through_the_views_the_viewer_sees_his_own(node: Node) -> None:
    assert attempt(
        node,
        "select value, owner, length(record), length(contribution), length(handling) > 9 from {statements}",
    ) == [(f"Person of {OPEN}", OPEN, 32, 32, 1)]


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
def test_the_views_of_another_class_are_refused(node: Node) -> None:
    first, second = act(node, OPEN), act(node, "de-bka")
    with node.store.transaction() as tx:
        world = directory.world(tx)
        with reading(tx, first.viewer, world) as view:
            name = view._layers["read"].statements
        with (
            reading(tx, second.viewer, world),
            pytest.raises(DatabaseError, match=r"prohibited|not authorized"),
        ):
            tx.rows(f"select value from {name}", [])
        acting.log(tx, first, "record_read")


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
def test_a_statement_prepared_before_is_judged_again(node: Node) -> None:
    actor = act(node, OPEN)
    with node.store.transaction() as tx:
        world = directory.world(tx)
        assert len(tx.rows("select value from statement", [])) == 2
        with (
            reading(tx, actor.viewer, world),
            pytest.raises(DatabaseError, match=r"prohibited|not authorized"),
        ):
            tx.rows("select value from statement", [])
        acting.log(tx, actor, "record_read")


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
def test_the_names_of_views_cannot_be_foreseen(node: Node) -> None:
    names = {name for number in (1, 2, 3) for name in node.store.guard.views(number).all()}
    assert len(names) == 3 * len(node.store.guard.views(1).all())
    assert all(len(name) == len("v_") + 16 for name in names)


def test_outside_the_block_writing_works_again(node: Node) -> None:
    actor = act(node, OPEN)
    with node.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx)):
            pass
        assert models.Officer.objects.using(tx.alias).filter(id=f"{OPEN}/o").update(cases=["OP-9"]) == 1
        acting.log(tx, actor, "record_read")
    with node.store.transaction() as tx:
        assert directory.officer(tx, OfficerId(f"{OPEN}/o")).cases == ("OP-9",)


@pytest.mark.sqlite_only("the authorizer; the server has tests of its own")
def test_after_a_refused_attempt_writing_works_again(node: Node) -> None:
    with pytest.raises(DatabaseError):
        attempt(node, "select value from statement")
    assert contribute(node, act(node, OPEN), giving(OPEN)).new == 1
    assert records.overview(node, act(node, OPEN)).statements == 2


def test_a_read_without_an_entry_leaves_nothing(node: Node) -> None:
    actor = act(node, OPEN)
    before = _contents(node)

    def read_and_write() -> None:
        with node.store.transaction() as tx:
            models.Officer.objects.using(tx.alias).filter(id=f"{OPEN}/o").update(cases=["OP-9"])
            with reading(tx, actor.viewer, directory.world(tx)) as view:
                view.count()

    with pytest.raises(Damaged) as caught:
        read_and_write()
    assert caught.value.code == "unlogged_read"
    assert _contents(node) == before


def test_views_made_in_an_act_that_failed_are_made_again(node: Node) -> None:
    """SQLite takes temporary views back with the transaction in which they were made."""
    actor = act(node, OPEN)

    def fail() -> None:
        with node.store.transaction() as tx:
            with reading(tx, actor.viewer, directory.world(tx)) as view:
                assert view.count() == 1
            raise NotFound("Something that was looked for after the read.")

    with pytest.raises(NotFound):
        fail()
    assert records.overview(node, actor).statements == 1


def _contents(node: Node) -> dict[str, list[tuple[object, ...]]]:
    with connections[node.store.alias].cursor() as cursor:
        found = {}
        schema = ("sqlite_master",) if connections[node.store.alias].vendor == "sqlite" else ()
        for table in (*GUARDED, "authority", *schema):
            cursor.execute(f"select * from {table}")
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found
