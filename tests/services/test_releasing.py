"""Releasing: the owner, and nobody else, widens exactly what he says, for as long as he says."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import AlidadeError, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.services.explaining import why_not
from alidade.services.records import show_record
from alidade.services.releasing import release


@pytest.fixture
def record(office: Office) -> str:
    closed = office.handling(communities=(), codes=("H1", "H2"))
    return office.give(draft("k", name="Jan Vermeulen"), handling=closed).records["k"]


def test_a_release_widens_exactly_what_it_says(office: Office, record: str) -> None:
    before = {NL: "hit", DE: "hit_without_content", FR: "hit_without_content", VE: "no_hit"}
    assert office.answers("Jan Vermeulen") == before
    (made,) = release(office.node, office.officer(NL), record, DE, "read", ("18.2.a",))
    assert len(made) == 32
    assert office.answers("Jan Vermeulen") == before | {DE: "hit"}
    assert show_record(office.node, office.officer(DE), record).statements
    # Not for another purpose, and not another thing to do with it.
    assert office.ask(office.officer(DE, purpose="18.2.b"), "Jan Vermeulen").kind == "hit_without_content"
    assert not why_not(office.node, office.officer(DE), record, "court").allowed
    assert not why_not(office.node, office.officer(DE), record, "forward", recipient=FR).allowed
    for action in ("court", "merge", "export"):
        release(office.node, office.officer(NL), record, DE, action, ("18.2.a",))
        assert why_not(office.node, office.officer(DE), record, action).allowed
    entry = office.entries(NL)[0]
    assert dict(entry.details) == {"grantee": DE, "action": "export", "purposes": "18.2.a", "until": ""}


def test_what_is_not_the_owners_to_lift_stays(office: Office, record: str) -> None:
    excluded = office.give(
        draft("x", name="Piet Hein"), handling=office.handling(excluded=(DE,), classification="BPL")
    ).records["x"]
    secret = office.give(draft("s", name="Anna Visser"), handling=office.handling(classification="SECRET")).records["s"]
    with pytest.raises(NotFound):  # above the clearance of the officer who asks
        release(office.node, office.officer(NL), secret, DE, "read", ("18.2.a",))
    for one, grantee in ((record, VE), (excluded, DE)):
        release(office.node, office.officer(NL), one, grantee, "read", ("18.2.a",))
    assert office.answers("Jan Vermeulen", of=(VE,)) == {VE: "no_hit"}
    assert office.answers("Piet Hein", of=(DE,)) == {DE: "no_hit"}
    assert office.answers("Anna Visser", of=(DE,)) == {DE: "no_hit"}


def test_a_release_ends_with_its_last_day(office: Office, record: str) -> None:
    release(office.node, office.officer(NL), record, DE, "read", ("18.2.a",), until="2026-06-18")
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    office.clock.move(days=2, hours=14)
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    office.clock.move(hours=1)
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"


def test_of_what_was_given_in_silence_a_release_can_tell(office: Office) -> None:
    silent = office.handling(communities=(), hit="silent")
    record = office.give(draft("k", name="Jan Vermeulen"), handling=silent).records["k"]
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"
    release(office.node, office.officer(NL), record, DE, "hit_notify", ("18.2.a",))
    assert office.answers("Jan Vermeulen") == {NL: "hit", DE: "hit_without_content", FR: "no_hit", VE: "no_hit"}


def test_nobody_releases_what_is_not_his(office: Office, record: str) -> None:
    errors: list[AlidadeError] = []
    for who, one in ((DE, record), (NL, "0" * 32), (NL, "nonsense")):
        with pytest.raises(NotFound) as refused:
            release(office.node, office.officer(who), one, DE, "read", ("18.2.a",))
        errors.append(refused.value)
    assert len({str(error) for error in errors}) == 1
    with pytest.raises(NotFound, match="xx-none"):
        release(office.node, office.officer(NL), record, AuthorityId("xx-none"), "read", ("18.2.a",))
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"


@pytest.mark.parametrize(
    "wrong", [{"action": "gossip"}, {"purposes": ()}, {"purposes": ("18.2.z",)}, {"until": "soon"}]
)
def test_what_cannot_be_computed_is_refused(office: Office, record: str, wrong: dict[str, object]) -> None:
    fields = {"grantee": DE, "action": "read", "purposes": ("18.2.a",)} | wrong
    with pytest.raises(Invalid):
        release(office.node, office.officer(NL), record, **fields)  # type: ignore[arg-type]
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"
