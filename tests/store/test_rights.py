"""Rights in the store: handlings interned once, signed and checked, and sets that never outlive a right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, FR, NL, Office, changed, draft, opened, template

from alidade.ledger.head import verify_signature
from alidade.model.handling import handling_bytes, handling_id, make_handling
from alidade.policy.release import Release
from alidade.store import directory, models, rights
from alidade.store.rights import Layer
from databases import alter


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "rights") as found:
        yield found


def _visible(office: Office, who: str, layer: Layer = "read") -> set[int]:
    viewer = office.officer(who).viewer
    with office.store.transaction() as tx:
        number = rights.viewer_class(tx, viewer, layer, directory.world(tx))
        rows = tx.rows("select handling_id from visible where viewer_class_id = %s", [number])
    return {row[0] for row in rows}


def _intern(office: Office, owner: str = NL, **changes: object) -> int:
    key = office.store.keys.signing_key(owner)
    assert key is not None
    handling = make_handling(office.handling(owner, **changes), office.vocabulary)
    with office.store.transaction() as tx:
        return rights.intern_handling(tx, handling, key, key.public)[0]


def test_equal_handlings_are_one_row_signed_by_their_owner(office: Office) -> None:
    first, again, other = _intern(office), _intern(office), _intern(office, case="case-2")
    assert first == again != other
    with office.store.transaction() as tx:
        row = models.Handling.objects.using(tx.alias).get(id=first)
        terms = rights.handling_by_number(tx, first)
        assert rights.handling_by_digest(tx, row.digest) == (first, terms)
        assert rights.handling_by_digest(tx, "0" * 64) is None
        keys = directory.public_keys(tx, NL)
    assert terms.verified
    assert terms.handling is not None
    assert (row.digest, bytes(row.content)) == (handling_id(terms.handling), handling_bytes(terms.handling))
    assert verify_signature(bytes(row.signature), b"alidade handling v1\x00" + bytes(row.content), keys[row.key_id])


@pytest.mark.parametrize(
    "change",
    [
        "update handling set content = cast(replace(content, 'BPL', 'PUBLIC') as blob)",
        "update handling set content = X'00'",
        "update handling set digest = digest || '0'",
        "update handling set verified = 0",
    ],
)
def test_a_handling_that_was_changed_in_its_row_permits_nothing(office: Office, change: str) -> None:
    number = _intern(office)
    assert _visible(office, DE) == {number}
    alter(office.store.folder, change, "update policy_epoch set epoch = epoch + 1")
    assert _visible(office, DE) == _visible(office, NL) == set()


def test_layers_divide_what_a_viewer_learns(office: Office) -> None:
    open_, told, silent, hidden = (
        _intern(office),
        _intern(office, communities=()),
        _intern(office, communities=(), hit="silent"),
        _intern(office, excluded=(DE,)),
    )
    for layer, expected in (
        ("read", {open_}),
        ("merge", {open_}),
        ("export", {open_}),
        ("hit_only", {told}),
        ("silent", {silent}),
    ):
        assert _visible(office, DE, layer) == expected  # type: ignore[arg-type]
    assert _visible(office, NL) == {open_, told, silent, hidden}
    assert _visible(office, NL, "hit_only") == _visible(office, NL, "silent") == set()


def test_a_set_is_kept_while_nothing_changes_and_extended_by_what_is_new(office: Office) -> None:
    first = _intern(office)
    assert _visible(office, DE) == {first}
    with office.store.transaction() as tx:
        ((judged,),) = tx.rows("select evaluated_to from viewer_class", [])
    assert judged == first
    assert _visible(office, DE) == {first}
    second = _intern(office, case="case-1")
    third = _intern(office, case="case-2")
    assert _visible(office, DE) == {first, second}
    with office.store.transaction() as tx:
        assert tx.rows("select evaluated_to from viewer_class", []) == [(third,)]


def test_a_set_is_built_anew_when_a_right_changes_or_a_date_passes(office: Office) -> None:
    lasting, ending = _intern(office), _intern(office, expires_on="2026-06-16")
    assert _visible(office, DE) == {lasting, ending}
    office.clock.move(hours=15)
    assert _visible(office, DE) == {lasting}
    closed = _intern(office, communities=("otf-lime",))
    assert _visible(office, DE) == {lasting}
    with office.store.transaction() as tx:
        before = rights.epoch(tx)
        directory.set_communities(tx, DE, ("all", "otf-lime"))
        assert rights.epoch(tx) == before + 1
    assert _visible(office, DE) == {lasting, closed}


def test_a_release_counts_for_whom_and_what_it_names_until_it_is_revoked(office: Office) -> None:
    number = _intern(office, communities=())
    key = office.store.keys.signing_key(NL)
    assert key is not None
    with office.store.transaction() as tx:
        digest = rights.handling_by_number(tx, number).id
        given = Release(
            handling=digest, owner=NL, grantee=DE, action="read", purposes=("18.2.a",), until=None, verified=True
        )
        reference = rights.add_release(tx, given, key, key.public)
        assert rights.releases_for(tx, DE) == [given]
        assert rights.releases_for(tx, FR) == []
    assert _visible(office, DE) == {number}
    assert _visible(office, FR) == _visible(office, DE, "hit_only") == set()
    with office.store.transaction() as tx:
        models.Release.objects.using(tx.alias).filter(id=reference).update(revoked=True)
        rights.raise_epoch(tx)
        assert rights.releases_for(tx, DE) == []
    assert _visible(office, DE) == set()


def test_a_release_signed_by_another_widens_nothing(office: Office) -> None:
    number = _intern(office, communities=())
    own, other = office.store.keys.signing_key(NL), office.store.keys.signing_key(DE)
    assert own is not None
    assert other is not None
    with office.store.transaction() as tx:
        digest = rights.handling_by_number(tx, number).id
        given = Release(
            handling=digest, owner=NL, grantee=DE, action="read", purposes=("18.2.a",), until=None, verified=True
        )
        rights.add_release(tx, given, other, own.public)
        assert [release.verified for release in rights.releases_for(tx, DE)] == [False]
    assert _visible(office, DE) == set()


def test_viewers_with_equal_rights_share_a_class(office: Office) -> None:
    _intern(office)
    for role in ("analyst", "case_officer", "liaison_officer"):
        viewer = office.officer(DE, role).viewer
        with office.store.transaction() as tx:
            rights.viewer_class(tx, viewer, "read", directory.world(tx))
    with office.store.transaction() as tx:
        assert tx.rows("select count(*) from viewer_class", []) == [(1,)]


def test_a_handling_of_many_statements_stands_once(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Piet Hein"))
    office.give(draft("1", name="Anna Visser"), handling=changed(office.handling(), codes=("H0",)))
    with office.store.transaction() as tx:
        assert tx.rows("select count(*) from handling", []) == [(1,)]
