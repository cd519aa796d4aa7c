"""One case on both engines: every byte that anybody reads is the same, to the last signed head of the ledger."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # what all folders of tests share

from alidade.ledger.head import to_json
from alidade.model.errors import AlidadeError
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services import correcting, explaining, ledger, notices, records, releasing, verdicts
from alidade.services.acting import act_as
from alidade.services.keeping import make_backup, move, restore_backup
from alidade.services.node import Node
from alidade.services.picture import judging
from alidade.services.rehearsal import RehearsalClock, ask_everything, load
from alidade.simulation import Scenario, cocaine_route
from alidade.vocabulary import load_vocabulary
from databases import address_of, on_files

pytestmark = pytest.mark.postgresql_only

WORDS = load_vocabulary()
CASE = "case-1"


class Streams:
    """Chance that comes out the same for what both engines draw, whatever else one of them draws beside it."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._streams: dict[int, random.Random] = {}

    def token_bytes(self, count: int) -> bytes:
        """The next bytes of the stream for this length; only the names of views in a file have eight."""
        return self._streams.setdefault(count, random.Random(1000 * self._seed + count)).randbytes(count)


@dataclass(slots=True, kw_only=True)
class Case:
    """A node on which the case is lived through, and what its readers read."""

    node: Node
    clock: RehearsalClock
    scenario: Scenario
    openings: int = 0

    def officers(self) -> Iterator[Actor]:
        """One officer of each authority, and of the first one of each role."""
        for number, seed in enumerate(self.scenario.authorities):
            seen = set()
            for officer in seed.officers:
                if officer.role not in seen and (number == 0 or not seen):
                    seen.add(officer.role)
                    yield self.officer(officer.id)

    def officer(self, name: Any) -> Actor:
        """An officer at work with all grounds stated."""
        grounds = {"case": CASE, "legal_ground": "criminal_investigation", "justification": "both engines"}
        return act_as(self.node, name, purpose="18.2.a", **grounds)

    def live(self) -> list[str]:
        """Contribute, ask, rule, release, withdraw and erase; everything that was answered."""
        load(self.node, self.clock, self.scenario, lambda done, of: None)
        said = [render(told) for told in ask_everything(self.node, self.scenario)]
        for actor in list(self.officers()):
            said += self._act(actor)
        return said

    def _act(self, actor: Actor) -> Iterator[str]:
        node = self.node
        hits = attempt(lambda: verdicts.hits_to_rule_on(node, actor))
        for hit in [] if isinstance(hits, Refused) else hits[:2]:
            yield render(
                attempt(lambda one=hit: verdicts.rule_on_hit(node, actor, one.reference, "same", "same_context"))
            )
        seen = attempt(lambda: records.overview(node, actor, newest=400))
        newest = getattr(seen, "newest", [])
        own = list(dict.fromkeys(s.record for s in newest if s.owner == actor.viewer.authority))
        others = list(dict.fromkeys(s.record for s in newest if s.owner != actor.viewer.authority))
        handling = Handling(owner=actor.viewer.authority, communities=("all",), content="non_personal")
        if own and others:
            yield render(attempt(lambda: judging.judge(node, actor, own[0], others[0], "same", "looks so", handling)))
        if len(own) > 3:
            grantee = AuthorityId(str(self.scenario.authorities[0].authority.id))
            yield render(attempt(lambda: releasing.release(node, actor, own[1], grantee, "read", ("18.2.a",))))
            yield render(attempt(lambda: correcting.erase_record(node, actor, own[2], "unlawful")))
            yield render(attempt(lambda: correcting.withdraw(node, actor, newest[0].contribution, "wrong")))

    def read(self) -> dict[str, str]:
        """Everything that everybody may read."""
        found: dict[str, str] = {}
        node = self.node
        for actor in self.officers():
            exported = attempt(lambda one=actor: records.export(node, one))
            shown = {s.record for s in getattr(attempt(lambda one=actor: records.overview(node, one)), "newest", [])}
            reads: dict[str, Callable[[], object]] = {
                "overview": lambda one=actor: records.overview(node, one, newest=200),
                "hits": lambda one=actor: verdicts.hits_to_rule_on(node, one),
                "notices": lambda one=actor: notices.notices(node, one),
                "quarantine": lambda one=actor: correcting.waiting_for_category(node, one),
                "entries": lambda one=actor: ledger.entries_of_authority(node, one, newest=300),
            }
            for prefix in ("a", "ma", "s", "z", "ö", "٠", "中"):
                reads[f"suggest {prefix}"] = lambda one=actor, p=prefix: records.suggest_words(node, one, p)
            for record in sorted(shown)[:12]:
                reads[f"show {record}"] = lambda one=actor, r=record: records.show_record(node, one, r)
                reads[f"why {record}"] = lambda one=actor, r=record: explaining.why_not(node, one, r, "read")
            found[f"{actor.officer} export"] = render(exported)
            found |= {f"{actor.officer} {name}": render(attempt(read)) for name, read in reads.items()}
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An act that was refused, and in which words."""

    kind: str
    code: str
    words: str


def attempt(act: Callable[[], Any]) -> Any:
    """What an act gives, or its refusal."""
    try:
        return act()
    except AlidadeError as error:
        return Refused(kind=type(error).__name__, code=error.code, words=str(error))


def render(value: object) -> str:
    """Everything of a result, as text."""
    return msgspec.json.encode(value, enc_hook=lambda other: sorted(map(str, other))).decode()


def _begin(folder: Path) -> Case:
    whole = cocaine_route()
    # A part of it, so that nobody waits: every third contribution and question, all the people.
    scenario = replace(whole, contributions=whole.contributions[::3], questions=whole.questions[::3])
    clock = RehearsalClock("2020-01-01")
    node = Node.open(folder, clock=clock, randomness=Streams(), vocabulary=WORDS)
    return Case(node=node, clock=clock, scenario=scenario)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Case, list[str], list[str]]]:
    folder = tmp_path_factory.mktemp("engines")
    with on_files():
        one = _begin(folder / "file")
        first = one.live()
    other = _begin(folder / "server")
    second = other.live()
    yield one, other, first, second
    one.node.close()
    other.node.close()


Lived = tuple[Case, Case, list[str], list[str]]


def test_the_engines_are_two(lived: Lived) -> None:
    assert [case.node.store.engine.vendor for case in lived[:2]] == ["sqlite", "postgresql"]


def test_every_act_is_answered_alike(lived: Lived) -> None:
    assert lived[2] == lived[3]
    assert len(lived[2]) > 40


def test_every_reader_reads_the_same_bytes_and_the_ledgers_are_one(lived: Lived) -> None:
    one, other = lived[0].read(), lived[1].read()
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert sum(len(text) for text in one.values()) > 100_000
    heads = [ledger.newest_head(case.node) for case in lived[:2]]
    assert heads[0] is not None
    assert heads[1] is not None
    assert to_json(heads[0]) == to_json(heads[1])
    assert all(ledger.verify_ledger(case.node).problems == () for case in lived[:2])


def test_a_move_there_and_back_and_a_backup_of_either_change_nothing_that_is_read(tmp_path: Path) -> None:
    with on_files():
        case = _begin(tmp_path / "node")
        case.live()
        make_backup(case.node, tmp_path / "file.backup")
        before = case.read()
        case.node.close()
    address = _address(tmp_path / "node")
    with on_files():
        moved = move(tmp_path / "node", source=None, target=address, clock=case.clock)
    assert moved.moved.rows > 1_000
    there = _opened(case, tmp_path / "node", address)
    make_backup(there.node, tmp_path / "server.backup")
    _same(before, there.read())
    there.node.close()
    (tmp_path / "node" / "alidade.db").rename(tmp_path / "before.db")
    with on_files():
        move(tmp_path / "node", source=address, target=None, clock=case.clock)
        back = _opened(case, tmp_path / "node", None)
        _same(before, back.read())
        back.node.close()
        restore_backup(tmp_path / "server.backup", tmp_path / "node", tmp_path / "to file", clock=case.clock)
        restored = _opened(case, tmp_path / "to file", None)
        _same(before, restored.read())
        restored.node.close()
    address = _address(tmp_path / "to server")
    restore_backup(
        tmp_path / "file.backup", tmp_path / "node", tmp_path / "to server", database=address, clock=case.clock
    )
    restored = _opened(case, tmp_path / "to server", address)
    _same(before, restored.read())
    restored.node.close()


def _address(folder: Path) -> str:
    address = address_of(folder)
    assert address is not None
    return address


def _opened(case: Case, folder: Path, address: str | None) -> Case:
    case.openings += 1
    chance = Streams(case.openings)
    node = Node.open(folder, clock=case.clock, randomness=chance, vocabulary=WORDS, database=address)
    return Case(node=node, clock=case.clock, scenario=case.scenario)


def _same(before: dict[str, str], after: dict[str, str]) -> None:
    """All but the ledger, which has gone on."""
    assert [name for name in before if not name.endswith(" entries") and before[name] != after.get(name)] == []
