"""Proposals in the store: kept as they were made, decided once, and who addressed something to a community."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, FR, NL, Office, opened, template

from alidade.model.errors import Conflict
from alidade.store import consent, models
from alidade.store.rights import intern_handling

CONTENT = {"authority": NL, "community": "otf-lime"}


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "consent") as found:
        yield found


def test_a_proposal_is_kept_with_every_word_said_to_it(office: Office) -> None:
    nl, de = office.officer(NL, "administrator"), office.officer(DE, "administrator")
    with office.store.transaction() as tx:
        consent.hold_rights(tx)
        reference = consent.add_proposal(tx, nl, "membership", CONTENT)
        consent.keep_word(tx, de, reference, given=True)
        consent.keep_word(tx, de, reference, given=False, reason="no")
    with office.store.transaction() as tx:
        (found,) = consent.proposals(tx, open_only=True)
        assert consent.proposal(tx, reference) == found
        assert (found.kind, dict(found.content), found.authority, found.state) == ("membership", CONTENT, NL, "open")
        assert [(said.authority, said.given, said.reason) for said in found.said] == [(DE, False, "no"), (NL, True, "")]
        assert consent.proposal(tx, "0" * 32) is None


def test_the_same_is_open_once_and_decided_once(office: Office) -> None:
    nl = office.officer(NL, "administrator")
    with office.store.transaction() as tx:
        reference = consent.add_proposal(tx, nl, "membership", CONTENT)
        with pytest.raises(Conflict):
            consent.add_proposal(tx, nl, "membership", dict(CONTENT))
        consent.add_proposal(tx, nl, "membership", CONTENT | {"community": "other"})
        consent.close_proposal(tx, reference, "refused")
        consent.close_proposal(tx, reference, "in_force")
        found = consent.proposal(tx, reference)
        assert found is not None
        assert (found.state, found.decided_at) == ("refused", tx.now)
        assert len(consent.proposals(tx)) == 2
        assert [each.content["community"] for each in consent.proposals(tx, open_only=True)] == ["other"]
        consent.add_proposal(tx, nl, "membership", CONTENT)


def test_who_addressed_something_to_a_community(office: Office) -> None:
    with office.store.transaction() as tx:
        for owner, communities in ((DE, ("otf-lime", "b")), (FR, ("b",)), (DE, ())):
            key = office.store.keys.signing_key(owner)
            assert key is not None
            intern_handling(tx, office.handling(owner, communities=communities), key, key.public)
        models.Handling.objects.using(tx.alias).create(
            digest="d", owner=NL, content=b"not a handling", key_id="k", signature=b"", verified=False
        )
        assert consent.owners_addressing(tx, {"otf-lime", "b", "c"}) == {
            "otf-lime": {DE},
            "b": {DE, FR},
            "c": frozenset(),
        }
        assert consent.owners_addressing(tx, ()) == {}
