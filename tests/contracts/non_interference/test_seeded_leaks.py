"""The test of the test: leaks put in on purpose, each of which the very same comparison must find."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from laboratory import SIDES, Laboratory

from alidade.model.errors import NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services import check as checking
from alidade.services import records
from alidade.services.finding import Found, find
from alidade.services.node import Node
from alidade.store import guard, reading
from alidade.store.database import Transaction
from alidade.store.name_index.names import NamedRecord, Names
from alidade.store.reading import Candidate, Compared, ReaderView, SeenJudgement, SeenStatement

# On a server row-level security would stop most of these; tests/store/engines looks at that.
pytestmark = pytest.mark.sqlite_only("leaks past the authorizer, and work counted in steps of SQLite")

MOST_PAIRS = 600

Leak = Callable[[pytest.MonkeyPatch, Laboratory], None]


@pytest.fixture
def laboratory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    made = Laboratory(tmp_path_factory.mktemp("node"), monkeypatch)
    yield made
    made.close()


def count_over_all_rows(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    monkeypatch.setattr(ReaderView, "count", lambda view: _all(view, "select count(*) from statement")[0][0])


def facets_over_all_rows(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = "select thing, count(*) from record group by thing order by 2 desc, 1"
    monkeypatch.setattr(ReaderView, "facets", lambda view: [(thing, count) for thing, count in _all(view, sql)])


def suggestions_from_all_rows(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = "select distinct key from lookup where kind = 'name' and key >= %s and key < %s order by 1 limit %s"

    def suggest(view: ReaderView, prefix: str, limit: int) -> list[str]:
        return [key[2:] for (key,) in _all(view, sql, "t:" + prefix, "t:" + prefix + "\U0010ffff", limit)]

    monkeypatch.setattr(ReaderView, "suggest", suggest)


def order_by_a_global_statistic(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = "select count(*) from statement where record_id = %s"

    def ranked(view: ReaderView, *rest: Any, **named: Any) -> list[Found]:
        def rank(found: Found) -> tuple[float, int, str]:
            return (-found.score, -_all(view, sql, found.candidate.record_number)[0][0], found.record)

        return sorted(find(view, *rest, **named), key=rank)

    monkeypatch.setattr(checking, "find", ranked)


def scores_weighted_by_all_rows(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = "select count(*) from statement where value = %s"

    def weighted(view: ReaderView, *rest: Any, **named: Any) -> list[Found]:
        found = find(view, *rest, **named)
        rarity = [min(_all(view, sql, part.right)[0][0] for part in f.parts) for f in found]
        return [replace(f, score=f.score / (1 + rare)) for f, rare in zip(found, rarity, strict=True)]

    monkeypatch.setattr(checking, "find", weighted)


def ids_in_sequence(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    given: dict[int, int] = {}

    def new_id(tx: Transaction) -> str:
        last = tx.rows("select coalesce(max(id), 0) from check_made", [])[0][0]
        given[id(tx)] = given.get(id(tx), 0) + 1
        return f"A{last:06}-{given[id(tx)]:06}"

    monkeypatch.setattr(Transaction, "new_id", new_id)


def ids_from_a_hash_of_a_sequence(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    given: list[int] = []

    def new_id(tx: Transaction) -> str:
        last = tx.rows("select coalesce(max(id), 0) from check_made", [])[0][0]
        given[:] = [last, (given[1] if given and given[0] == last else 0) + 1]
        return hashlib.sha256(str(given).encode()).hexdigest()[:32]

    monkeypatch.setattr(Transaction, "new_id", new_id)


def newest_cut_before_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = "select id from statement where current order by id desc limit %s"

    def newest(view: ReaderView, limit: int) -> list[SeenStatement]:
        last = {number for (number,) in _all(view, sql, limit)}
        return [seen for seen in reversed(list(view.everything("read"))) if seen.number in last]

    monkeypatch.setattr(ReaderView, "newest", newest)


def candidates_cut_before_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    candidates = ReaderView.candidates
    sql = "select record_id from lookup where kind = %s and key = %s order by id limit 2"

    def few(
        view: ReaderView, kind: str, keys: Sequence[str], layer: Any, *rest: Any, **named: Any
    ) -> list[tuple[str, Candidate]]:
        first = {key: {number for (number,) in _all(view, sql, kind, key)} for key in keys}
        found = candidates(view, kind, keys, layer, *rest, **named)
        return [(key, candidate) for key, candidate in found if candidate.record_number in first[key]]

    monkeypatch.setattr(ReaderView, "candidates", few)


def index_cut_before_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    """The nearest names of everybody, of which those that the viewer may not see are dropped."""
    search = Names.search

    def few(names: Names, text: str, limit: int, allowed: frozenset[int]) -> list[NamedRecord]:
        nearest = search(names, text, 2, frozenset(range(1 << 10)))
        return [each for each in nearest if each.handling in allowed]

    monkeypatch.setattr(Names, "search", few)


def index_searched_with_another_s_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    """Records met by a hidden name; what is visible of them is compared and shown, so only few are given away."""
    search = Names.search

    def every(names: Names, text: str, limit: int, allowed: frozenset[int]) -> list[NamedRecord]:
        found = search(names, text, limit, frozenset(range(1 << 10))) if allowed else []
        return [replace(each, handling=each.handling if each.handling in allowed else min(allowed)) for each in found]

    monkeypatch.setattr(Names, "search", every)


def merge_by_hidden_judgements(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    sql = (
        "select j.id, l.public_id, r.public_id, j.ruling, j.reason, j.authority, j.ruled_at from judgement j"
        " join record l on l.id = j.left_id join record r on r.id = j.right_id where not j.revoked order by j.id"
    )

    def judgements(view: ReaderView, *, said: bool = True) -> list[SeenJudgement]:
        names = ("judgement", "left", "right", "ruling", "reason", "authority", "ruled_at")
        return [SeenJudgement(**dict(zip(names, map(str, row), strict=True))) for row in _all(view, sql)]

    def about(view: ReaderView, wanted: Sequence[str], *, said: bool = True) -> list[SeenJudgement]:
        return [each for each in judgements(view) if {each.left, each.right} & set(wanted)]

    monkeypatch.setattr(ReaderView, "judgements", judgements)
    monkeypatch.setattr(ReaderView, "judgements_about", about)


def forbidden_is_not_absent(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    show = records.show_record

    def told(node: Node, actor: Actor, record: str) -> records.SeenEntity:
        try:
            return show(node, actor, record)
        except NotFound:
            with node.store.transaction() as tx:
                if tx.rows("select 1 from record where public_id = %s", [record]):
                    raise NotAllowed("You may not see this record.") from None
            raise

    monkeypatch.setattr(records, "show_record", told)


def export_sealed_over_all_rows(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    export = records.export

    def sealed(node: Node, actor: Actor) -> records.Export:
        with node.store.transaction() as tx:
            rows = tx.rows("select public_id, value from statement where current order by id", [])
        return replace(export(node, actor), sha256=hashlib.sha256(repr(rows).encode()).hexdigest())

    monkeypatch.setattr(records, "export", sealed)


def keys_looked_up_before_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    """The same answers to the last byte; only the work tells."""
    wrong = """
select v.owner as owner, v.handling_id as handling_id, l.kind as kind, l.key as key, l.record_id as record_id,
       l.statement_id as number
from lookup l
cross join visible v on v.handling_id = l.handling_id and v.viewer_class_id = {viewer_class}
"""
    definitions = tuple(wrong if each is guard.LOOKUPS else each for each in guard.DEFINITIONS)
    assert wrong in definitions
    monkeypatch.setattr(guard, "DEFINITIONS", definitions)
    laboratory.use_guard(guard.Guard(laboratory.alias, laboratory.dice))


def absent_answered_early(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    """The same answers to the last byte; only the work tells."""
    record_of = ReaderView.record

    def early(view: ReaderView, record: str) -> list[SeenStatement]:
        return record_of(view, record) if _all(view, "select 1 from record where public_id = %s", record) else []

    monkeypatch.setattr(ReaderView, "record", early)


def hidden_values_compared(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    to_compare = ReaderView.to_compare
    sql = "select property, value from statement where current and record_id = %s order by id"

    def compared(view: ReaderView, candidates: Sequence[Candidate], layer: Any) -> list[Compared]:
        found = []
        for each in to_compare(view, candidates, layer):
            values: dict[str, list[str]] = {}
            for name, value in _all(view, sql, each.candidate.record_number):
                values.setdefault(name, []).append(value)
            found.append(replace(each, values=values))
        return found

    monkeypatch.setattr(ReaderView, "to_compare", compared)


# Each with the kind of difference by which it must be found, whatever else it gives away.
LEAKS: tuple[tuple[Leak, str], ...] = (
    (order_by_a_global_statistic, "text"),
    (scores_weighted_by_all_rows, "text"),
    (count_over_all_rows, "text"),
    (facets_over_all_rows, "text"),
    (suggestions_from_all_rows, "text"),
    (ids_in_sequence, "text"),
    (ids_from_a_hash_of_a_sequence, "ids"),
    (newest_cut_before_rights, "text"),
    (candidates_cut_before_rights, "text"),
    (index_cut_before_rights, "text"),
    (index_searched_with_another_s_rights, "work"),
    (merge_by_hidden_judgements, "text"),
    (forbidden_is_not_absent, "text"),
    (export_sealed_over_all_rows, "text"),
    (hidden_values_compared, "text"),
    (keys_looked_up_before_rights, "work"),
    (absent_answered_early, "work"),
)


@pytest.mark.parametrize(("leak", "kind"), LEAKS, ids=[leak.__name__ for leak, _ in LEAKS])
def test_a_seeded_leak_is_found(
    leak: Leak,
    kind: str,
    laboratory: Laboratory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(guard, "_authorizer", lambda views: lambda *action: 0)  # the guard would refuse most of them
    leak(monkeypatch, laboratory)
    looked = 0
    for seed in range(MOST_PAIRS):
        for _, difference in laboratory.pairs(laboratory.family(seed, SIDES), frozenset({kind})):
            looked += 1
            if difference is not None:
                with capsys.disabled():
                    print(f"\n{leak.__name__}: pair {looked}, {difference.kind} of {difference.read!r}", end="")
                return
            if looked == MOST_PAIRS:
                pytest.fail(f"{leak.__name__} was not found in {MOST_PAIRS} pairs")


def _all(view: ReaderView, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What a programmer gets who goes around the guard."""
    return view._tx.rows(sql, list(parameters))


def test_the_guard_refuses_what_goes_around_it(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.ReaderView is ReaderView
    count_over_all_rows(monkeypatch, laboratory)
    family = laboratory.family(1, 1)
    with (
        laboratory.world(family, family.sides[0], "0"),
        pytest.raises(Exception, match=r"not authorized|prohibited"),
    ):
        records.overview(laboratory.node, family.profile.actor)
