"""Workpieces: opened by whoever sees their handling, kept in versions, and reached by every erasure."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, NL, VE, Office, draft, opened, template

from alidade.model.errors import Conflict, NotFound
from alidade.services.acting import log
from alidade.services.contribute import intern_all
from alidade.services.correcting import erase_record
from alidade.store import directory, models, workpieces
from alidade.store.reading import SeenPiece, reading


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "workpieces") as found:
        yield found


def keep(office: Office, body: object, *, mentions: tuple[str, ...] = (), **handling: object) -> str:
    actor = office.officer(NL)
    with office.store.transaction() as tx:
        interned = intern_all(office.node, tx, actor.viewer.authority, {"piece": office.handling(**handling)})["piece"]
        piece = workpieces.keep_piece(
            tx, kind="chart", authority=NL, officer=str(actor.officer), title="Boats of Vermeulen",
            body=msgspec.json.encode(body), handling_number=interned.number, mentions=mentions,
        )  # fmt: skip
        log(tx, actor, "record_read")
    return piece


def seen(office: Office, who: str, piece: str | None = None) -> list[SeenPiece]:
    actor = office.officer(who)
    with office.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            one = None if piece is None else view.piece(piece)
            found = view.pieces("chart") if piece is None else [one] if one else []
        log(tx, actor, "record_read")
    return found


def change(office: Office, piece: str, body: object, version: int, who: str = NL) -> int:
    with office.store.transaction() as tx:
        return workpieces.change_piece(
            tx, who, piece, officer=f"{who}/a", title="Boats", body=msgspec.json.encode(body), version=version
        )


def test_a_piece_is_opened_by_whoever_sees_its_handling(office: Office) -> None:
    shared, own = keep(office, {"x": 1}), keep(office, {"x": 2}, communities=())
    assert [each.piece for each in seen(office, NL)] == [own, shared]
    assert [each.piece for each in seen(office, DE)] == [shared]
    assert seen(office, VE) == seen(office, DE, own) == seen(office, DE, "0" * 32) == []
    (found,) = seen(office, DE, shared)
    assert (found.title, found.body, found.version, found.authority) == ("Boats of Vermeulen", b'{"x":1}', 1, NL)


def test_what_it_says_lies_sealed(office: Office) -> None:
    keep(office, {"note": "seen at the quay"})
    assert b"seen at the quay" not in office.files()
    assert b"Boats of Vermeulen" not in office.files()


def test_versions_stay_and_a_stale_change_is_refused(office: Office) -> None:
    piece = keep(office, {"x": 1})
    assert change(office, piece, {"x": 2}, 1) == 2
    with pytest.raises(Conflict) as refused:
        change(office, piece, {"x": 3}, 1)
    assert refused.value.code == "changed_meanwhile"
    with pytest.raises(NotFound):
        change(office, piece, {"x": 3}, 2, who=DE)
    with office.store.transaction() as tx:
        kept = workpieces.versions_of(tx, NL, piece)
    assert [(each.version, each.body) for each in kept] == [(2, b'{"x":2}'), (1, b'{"x":1}')]


def test_a_withdrawn_piece_is_gone_for_everybody_until_it_is_brought_back(office: Office) -> None:
    piece = keep(office, {"x": 1})
    with office.store.transaction() as tx:
        workpieces.withdraw_piece(tx, NL, piece)
    assert seen(office, NL) == seen(office, DE, piece) == []
    with office.store.transaction() as tx:
        with pytest.raises(NotFound):
            workpieces.restore_piece(tx, DE, piece)
        workpieces.restore_piece(tx, NL, piece)
    assert [each.piece for each in seen(office, DE)] == [piece]


def test_a_piece_under_another_handling_is_opened_by_others(office: Office) -> None:
    piece = keep(office, {"x": 1})
    with office.store.transaction() as tx:
        closed = intern_all(
            office.node, tx, office.officer(NL).viewer.authority, {"p": office.handling(communities=())}
        )
        workpieces.reclassify_piece(tx, NL, piece, closed["p"].number)
    assert seen(office, DE, piece) == []
    assert len(seen(office, NL, piece)) == 1


def test_an_erasure_reaches_every_version(office: Office) -> None:
    given = office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Piet Hein"))
    gone, stays = given.records["1"], given.records["2"]
    body = {
        "things": [{"record": gone, "note": "he drives"}, {"record": stays, "note": "knows Jan Vermeulen"}],
        "places": {gone: [1, 2], stays: [3, 4]},
        "chosen": [gone, stays],
        "note": "about the harbour",
    }
    piece = keep(office, body, mentions=(gone, stays))
    change(office, piece, body, 1)
    with office.store.transaction() as tx:
        old = models.WorkpieceVersion.objects.using(tx.alias).earliest("id").field_key
    erase_record(office.node, office.officer(NL), gone, "inaccurate")
    (found,) = seen(office, NL, piece)
    assert msgspec.json.decode(found.body) == {
        "things": [],  # the second object held the erased name
        "places": {stays: [3, 4]},
        "chosen": [stays],
        "note": "about the harbour",
    }
    with office.store.transaction() as tx:
        assert {each.body for each in workpieces.versions_of(tx, NL, piece)} == {found.body}
    assert office.store.keys.field_key(old) is None
