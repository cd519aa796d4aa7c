"""Mistakes that the federation simulator found, each as small as it could be made."""

from __future__ import annotations

from exchange_cast import DAY, MINUTE, Scene, envelope_of

from alidade.exchange.content import HeadWord, ManifestWord
from alidade.exchange.manifest import Distrust, fingerprint


def test_two_changes_of_keys_while_a_peer_is_away_do_not_lock_it_out(scene: Scene) -> None:
    """Each manifest alone came in an envelope signed with the newest key, and could not be believed."""
    nl, de = scene["nl"], scene["de"]
    nl.rotate()
    nl.rotate(distrust=(Distrust(key_id="nl-sign-2", from_size=0),))
    scene.settle()
    peer = de.store.peer(nl.id)
    assert peer is not None
    assert peer.number == 3
    assert de.take(nl.send(de, nl.step("s1"))).ruling == "accepted"


def test_manifests_from_before_an_introduction_are_passed_over(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    nl.rotate(tell=False)
    first, second = nl.manifests
    fr.store.restore(fr.store.copy() | {"_peers": {}, "_manifests": {}})
    fr.memory.forget(nl.id)
    fr.exchange.introduce([fr.manifests[0].raw], fingerprint(fr.root.public_key))
    fr.exchange.introduce([second.raw], fingerprint(nl.root.public_key))
    nl.rotate()
    word = ManifestWord(manifests=(first.raw, second.raw, nl.manifests[2].raw))
    assert fr.take(envelope_of(nl, fr, word, sequence=0)).ruling == "accepted"
    peer = fr.store.peer(nl.id)
    assert peer is not None
    assert peer.number == 3
    assert de.take(envelope_of(nl, de, word, sequence=0)).ruling == "accepted"


def test_a_receipt_signed_with_a_revoked_key_is_signed_anew(scene: Scene) -> None:
    """The sender refuses the old one; the same bytes again would be refused for ever."""
    nl, de = scene["nl"], scene["de"]
    message_id = nl.exchange.post([de.id], nl.step("s1"), thread="t1")[de.id]
    de.take(nl.envelope(de, message_id))
    de.exchange.acknowledge()  # and the letter with the receipt is lost
    for dispatch in de.exchange.due():
        de.exchange.handed_over(dispatch.recipient, [dispatch.message_id])
    de.rotate(distrust=(Distrust(key_id="de-sign-1", from_size=0),))
    scene.wait(MINUTE)
    scene.settle()
    row = nl.store.outbox(de.id, message_id)
    assert row is not None
    assert row.state == "settled"


def test_proof_is_asked_for_once_in_a_while(scene: Scene) -> None:
    """A log whose past was changed has no proof: asking and answering went on as fast as the line allowed."""
    nl, de = scene["nl"], scene["de"]
    for n in range(4):
        nl.log.write(f"line {n}")
    nl.log.seal()
    nl.exchange.post([de.id], HeadWord())
    scene.settle()
    other = type(nl.log)(nl.log.origin, nl.log.signer, nl.clock)
    for n in range(6):
        other.write(f"other line {n}")
    scene.wait(DAY)
    other.seal()
    nl.log = other
    nl.exchange.post([de.id], HeadWord())
    carried = scene.settle(rounds=20)
    asked = [dispatch for dispatch, _ in carried if dispatch.kind == "head_request" and dispatch.recipient == nl.id]
    assert len(asked) == 1


def test_giving_up_one_message_may_set_the_next_one_aside(scene: Scene) -> None:
    """Nonsense behind nonsense: the first could not be given up, since the second failed in the same transaction."""
    nl, de = scene["nl"], scene["de"]
    first = envelope_of(nl, de, nl.step("s1"), header={"message_id": "1" * 32})
    assert de.take(first, **{"1" * 32: "unreadable"}).ruling == "parked"
    de.take(envelope_of(nl, de, nl.step("s2"), sequence=2, header={"message_id": "2" * 32}))
    verdict = de.exchange.skip(nl.id, "1" * 32, poisoned={"2" * 32: "unreadable"})
    assert verdict.parked == {"2" * 32: "unreadable"}
    assert [(row.message_id, row.state) for row in de.store.parked()] == [("2" * 32, "parked")]


def test_a_seal_that_comes_late_does_not_hide_what_a_thief_sent_before_it(scene: Scene) -> None:
    """The seal was seen after the forgery: what counts is when it was made, and clocks may differ by a day."""
    nl, de = scene["nl"], scene["de"]
    nl.log.write("line")
    nl.log.seal()
    late = nl.send(de, HeadWord(), thread="")
    scene.wait(MINUTE)
    forged = de.take(envelope_of(nl, de, nl.step("s1"))).message_id
    de.take(late)
    nl.rotate(distrust=(Distrust(key_id="nl-sign-1", from_size=1),))
    changes = [event for _, verdict in scene.settle() for event in verdict.events if hasattr(event, "quarantine")]
    assert any(forged in change.quarantine for change in changes)


def test_of_seals_alike_the_oldest_is_kept(scene: Scene) -> None:
    """A log that stands still is sealed again: the later time says nothing about what came before."""
    nl, de = scene["nl"], scene["de"]
    nl.log.write("line")
    first = nl.log.seal()
    nl.exchange.post([de.id], HeadWord())
    scene.settle()
    scene.wait(3 * DAY)
    nl.log.seal()
    nl.exchange.post([de.id], HeadWord())
    scene.settle()
    head = de.store.peer_head(f"nl/{nl.log.origin}")
    assert head is not None
    assert head.at == first.at
    assert head.seen_at > first.at + 2 * DAY
