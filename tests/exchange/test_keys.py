"""Keys come, change and go: rotation, overlap, compromise, staleness."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from exchange_cast import DAY, MINUTE, Party, Scene, envelope_of

from alidade.exchange.content import Contribution, HeadWord, ManifestRequest, ManifestWord, NoChange
from alidade.exchange.envelope import parse as parse_envelope
from alidade.exchange.manifest import Distrust, SigningEntry, check_root, fingerprint, parse
from alidade.exchange.manifest import Manifest as Paper
from alidade.exchange.manifest import sign as sign_manifest
from alidade.exchange.reasons import Refused
from alidade.exchange.verdict import KeysChanged
from alidade.model.errors import NotFound


def refused(reason: str) -> object:
    return pytest.raises(Refused, match=reason.replace("_", " "))


def test_a_new_key_announces_itself_and_the_old_one_overlaps(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    old = nl.signing
    late = envelope_of(nl, de, nl.step("s1", b"old key"))
    nl.rotate()
    carried = scene.settle()
    changes = [e for d, v in carried if d.recipient == "de" for e in v.events if isinstance(e, KeysChanged)]
    assert [(e.authority, e.number) for e in changes] == [("nl", 2)]
    scene.wait(34 * DAY)
    assert de.take(late).ruling == "accepted"
    assert de.take(envelope_of(nl, de, nl.step("s2"), sequence=2)).ruling == "accepted"
    scene.wait(2 * DAY)
    assert de.take(envelope_of(nl, de, nl.step("s3"), sequence=3, signer=old)).reason == "stale_key"
    assert de.take(envelope_of(nl, de, nl.step("s3"), sequence=3)).ruling == "accepted"


def test_what_waited_through_a_rotation_is_signed_and_sealed_anew(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1", b"1"), thread="t1")
    assert len(nl.exchange.due()) == 1
    nl.rotate()
    de.rotate()
    scene.wait(MINUTE)
    scene.settle(20)
    assert de.bodies() == [b"1"]
    row = nl.store.outbox_at(de.id, "t1", 1)
    assert row is not None
    assert len(row.digests) >= 2
    assert row.state == "settled"


def test_a_waiting_message_sealed_anew_replaces_the_one_kept(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1", b"1"), thread="t1")
    nl.exchange.post([de.id], nl.step("s2", b"2"), thread="t1")
    first, second = nl.exchange.due()
    assert de.take(second.envelope).ruling == "waiting"
    nl.rotate()
    again = {d.message_id: d.envelope for d in nl.exchange.due(de.id, pull=True)}
    announcement = next(message for message in again if message not in {second.message_id, first.message_id})
    for message in (announcement, second.message_id):
        de.take(again[message])
    for raw in again.values():
        de.take(raw)
    assert de.bodies() == [b"1", b"2"]
    row = de.store.inbox(nl.id, second.message_id)
    assert row is not None
    assert row.digest == parse_digest(again[second.message_id])


def test_a_message_anew_at_another_place_does_not_replace(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    header = {"message_id": "b" * 32}
    first = envelope_of(nl, de, nl.step("s2"), sequence=2, header=header)
    de.take(first)
    assert de.take(envelope_of(nl, de, nl.step("s3"), sequence=3, header=header)).ruling == "duplicate"
    row = de.store.inbox(nl.id, "b" * 32)
    assert row is not None
    assert row.raw == first


def parse_digest(raw: bytes) -> str:
    return parse_envelope(raw).digest


def test_two_changes_of_keys_missed_are_made_good(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.rotate(tell=False)
    nl.rotate(tell=False)
    assert de.take(envelope_of(nl, de, nl.step("s1"))).reason == "unknown_key"
    kept = tuple(each.raw for each in nl.manifests)
    raw = envelope_of(nl, de, ManifestWord(manifests=kept), sequence=0)
    assert de.take(raw).ruling == "accepted"
    assert de.take(envelope_of(nl, de, nl.step("s1"))).ruling == "accepted"
    assert de.take(envelope_of(nl, de, ManifestWord(manifests=kept), sequence=0)).ruling == "accepted"


def test_a_peer_that_missed_a_manifest_asks_for_it(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    old = nl.signing
    signed = nl.rotate(tell=False)
    word = NoChange(number=2, digest=signed.digest)
    assert de.take(envelope_of(nl, de, word, sequence=0, signer=old)).ruling == "accepted"
    scene.settle()
    peer = de.store.peer(nl.id)
    assert peer is not None
    assert peer.number == 2
    assert nl.take(envelope_of(de, nl, ManifestRequest(known=2), sequence=0)).ruling == "accepted"
    assert [row.kind for row in nl.store._outbox.values() if row.state == "queued"] == []


def test_sending_stops_when_nothing_was_heard_for_days_and_goes_on_after(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    scene.wait(8 * DAY)
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    nl.exchange.tend()
    assert {d.kind for d in nl.exchange.due(de.id)} <= {"head", "no_change"}
    de.exchange.tend()
    scene.settle()
    assert de.bodies() == [b"words"]


def test_an_old_word_played_back_does_not_make_a_peer_fresh(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    word = envelope_of(de, nl, NoChange(number=1, digest=de.manifests[0].digest), sequence=0)
    scene.wait(9 * DAY)
    assert nl.take(word).ruling == "accepted"
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    assert nl.exchange.due(de.id) == ()


def test_a_paused_peer_gets_nothing_and_an_ended_pause_all(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.pause(de.id, "under review")
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    nl.exchange.tend()
    assert nl.exchange.due(de.id) == ()
    nl.rotate()
    assert nl.exchange.due(de.id) == ()
    nl.exchange.pause(de.id, "")
    assert {d.kind for d in nl.exchange.due(de.id)} == {"step", "manifest"}
    with pytest.raises(NotFound):
        nl.exchange.pause("zz", "x")  # type: ignore[arg-type]


def test_nothing_is_sent_to_keys_that_ran_out_or_to_the_unknown(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.exchange.post([de.id], nl.step("s1"), thread="t1")
    nl.exchange.post(["zz"], nl.step("s1"), thread="t1")  # type: ignore[list-item]
    scene.wait(367 * DAY)
    assert nl.exchange.due() == ()
    scene.wait(40 * DAY)
    assert nl.exchange.due() == ()


def test_the_stronger_suite_is_chosen_and_unknown_ones_are_passed_over() -> None:
    scene = Scene("nl", "de", suites=(1, 2))
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1"))
    assert parse_envelope(raw).header.suite == 2
    assert de.take(raw).ruling == "accepted"
    later = msgspec.structs.replace(de.manifests[0].manifest.sealing[0], id="de-seal-later", suite=77)
    signed = de.manifest(sealing=(later, *de.manifests[0].manifest.sealing))
    nl.exchange.admit_manifest(signed.raw)
    assert nl.exchange._desk.book(de.id).seal_to(nl.clock.now())[0].suite == 2  # type: ignore[index]


def test_compromise_names_what_to_set_aside(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    for n in range(3):
        nl.log.write(f"line {n}")
    nl.log.seal()
    before = de.take(envelope_of(nl, de, nl.step("s1"))).message_id
    scene.wait(2 * DAY)
    between = de.take(envelope_of(nl, de, nl.step("s2"), sequence=2)).message_id
    nl.log.seal()
    late = nl.send(de, HeadWord(), thread="")
    scene.wait(MINUTE)
    after = de.take(envelope_of(nl, de, nl.step("s3"), sequence=3)).message_id
    de.take(late)
    assert de.store.peer_head("nl/nl.example/log") is not None
    nl.rotate(distrust=(Distrust(key_id="nl-sign-1", from_size=3),))
    changes = [e for _, v in scene.settle() for e in v.events if isinstance(e, KeysChanged) and e.distrusted]
    mine = changes[0]
    assert mine.distrusted == ("nl-sign-1",)
    assert {between, after} <= set(mine.quarantine)  # clocks may differ by a day, and the seal came late
    assert before not in mine.quarantine


def test_compromise_without_a_seal_before_sets_all_aside(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    message = de.take(envelope_of(nl, de, nl.step("s1"))).message_id
    nl.rotate(distrust=(Distrust(key_id="nl-sign-1", from_size=0),))
    changes = [e for d, v in scene.settle() if d.recipient == "de" for e in v.events if isinstance(e, KeysChanged)]
    assert message in changes[0].quarantine


def test_words_from_before_a_change_of_keys_stay_provable(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    old = nl.item("c1", kind="contribution")
    nl.rotate()
    scene.settle()
    scene.wait(100 * DAY)
    assert de.take(envelope_of(nl, de, Contribution(items=(old,)))).ruling == "accepted"


def test_introduction_needs_the_fingerprint_and_a_whole_chain(scene: Scene) -> None:
    de, xx = scene["de"], Party("xx", scene.clock)
    xx.rotate()
    raws = [each.raw for each in xx.manifests]
    right = fingerprint(xx.root.public_key)
    with refused("wrong_fingerprint"):
        de.exchange.introduce(raws, fingerprint(bytes(32)))
    with refused("truncated"):
        de.exchange.introduce([], right)
    with refused("number_back"):
        de.exchange.introduce([raws[1], raws[0]], right)
    de.exchange.introduce(raws, right)
    with refused("number_back"):
        de.exchange.introduce(raws, right)


def test_a_lost_key_is_replaced_by_a_person_who_compares_the_fingerprint(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.signing = Party.signer("nl-sign-new")
    lost = nl.manifest(previous_by=Party.signer("nobody"))
    with refused("previous_unsigned"):
        de.exchange.admit_manifest(lost.raw)
    de.exchange.introduce([lost.raw], fingerprint(nl.root.public_key))
    nl.exchange.introduce([lost.raw], fingerprint(nl.root.public_key))
    nl.keys.signer = nl.signing
    assert de.take(nl.send(de, nl.step("s1"))).ruling == "accepted"


def test_a_recovery_may_not_reuse_a_name(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    bad = nl.manifest(signing=SigningEntry(id="nl-log", key=nl.log.signer.public_key))
    assert bad.manifest.number == 2
    worse = nl.manifest(signing=SigningEntry(id="nl-sign-1", key=nl.log.signer.public_key))
    with refused("key_rebound"):
        de.exchange.introduce([worse.raw], fingerprint(nl.root.public_key))


def test_only_ones_own_manifest_is_published(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    with refused("wrong_authority"):
        nl.exchange.publish(de.manifest().raw)
    alone = Party("xx", scene.clock)
    alone.rotate()
    assert alone.exchange.due() == ()


def test_a_manifest_comes_by_another_way_and_twice(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    signed = nl.manifest()
    assert [type(e) for e in de.exchange.admit_manifest(signed.raw)] == [KeysChanged]
    assert de.exchange.admit_manifest(signed.raw) == ()
    with refused("unknown_peer"):
        de.exchange.admit_manifest(Party("xx", scene.clock).manifests[0].raw)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "unknown_version"),
        ({"dated": "2026-02-30T00:00:00.000000Z"}, "bad_field"),
        ({"previous": "0" * 64}, "bad_field"),
        ({"signed_by": "x"}, "bad_field"),
        ({"signing": SigningEntry(id="nl-log", key=bytes(32))}, "key_rebound"),
        ({"number": 0}, "bad_field"),
        ({"addresses": ("a b",)}, "bad_field"),
        ({"sealing": ()}, "bad_field"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_not_signed(scene: Scene, changes: dict[str, object], reason: str) -> None:
    paper: Paper = scene["nl"].manifests[0].manifest
    with refused(reason):
        sign_manifest(msgspec.structs.replace(paper, **changes), root=scene["nl"].root)


def test_a_public_key_that_is_none_is_refused(scene: Scene) -> None:
    paper = scene["nl"].manifests[0].manifest
    short = msgspec.structs.replace(paper.sealing[0], key=bytes(33))
    with refused("bad_field"):
        sign_manifest(msgspec.structs.replace(paper, sealing=(short,)), root=scene["nl"].root)
    hybrid = msgspec.structs.replace(paper.sealing[0], suite=2, key=b"\xff" * 1216)
    with refused("bad_field"):
        sign_manifest(msgspec.structs.replace(paper, sealing=(hybrid,)), root=scene["nl"].root)


def test_a_first_manifest_has_no_second_signature(scene: Scene) -> None:
    paper = scene["nl"].manifests[0].manifest
    with refused("bad_length"):
        sign_manifest(paper, root=scene["nl"].root, previous=scene["nl"].signing)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda raw: b"X" + raw[1:], "not_ours"),
        (lambda raw: raw[:7] + b"\2" + raw[8:], "unknown_version"),
        (lambda raw: raw[:-1], "truncated"),
        (lambda raw: raw + b"\0", "trailing"),
        (lambda raw: raw + bytes(70000), "oversize"),
        (lambda raw: raw[:8] + b"\xff\xff\xff\xff" + raw[12:], "oversize"),
    ],
)
def test_a_manifest_file_is_read_strictly(scene: Scene, spoil: object, reason: str) -> None:
    with refused(reason):
        parse(spoil(scene["nl"].manifests[0].raw))  # type: ignore[operator]


def test_a_manifest_may_not_name_another_root_in_the_middle(scene: Scene) -> None:
    signed = scene["nl"].manifests[0]
    other = replace(signed, manifest=msgspec.structs.replace(signed.manifest, root=bytes(32)))
    with refused("wrong_root"):
        check_root(other, scene["nl"].root.public_key)


def test_a_key_out_of_use_for_sealing_is_passed_over(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    short = de.sealing(7, 1, days=1)
    signed = de.manifest(sealing=(short, de.sealing(8, 1, days=30)))
    nl.exchange.admit_manifest(signed.raw)
    book = nl.exchange._desk.book(de.id)
    assert book.seal_to(nl.clock.now())[0].id == "de-seal-8-1"  # type: ignore[index]
    scene.wait(31 * DAY)
    assert book.seal_to(nl.clock.now()) is None


def test_a_peer_without_manifests_is_unknown(scene: Scene) -> None:
    nl = scene["nl"]
    nl.store._manifests.clear()
    nl.memory.forget(scene["de"].id)
    assert nl.take(envelope_of(scene["de"], nl, scene["de"].step("s1"))).reason == "unknown_peer"


def test_a_second_manifest_word_with_an_older_end_confirms_nothing(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    nl.rotate()
    scene.settle()
    old = ManifestWord(manifests=(nl.manifests[0].raw,))
    assert de.take(envelope_of(nl, de, old, sequence=0)).ruling == "accepted"
