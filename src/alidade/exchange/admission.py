"""Taking keys from a peer: the first ones after two people compared a fingerprint, the next ones by signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from alidade.exchange.context import Desk
from alidade.exchange.layout import read_moment
from alidade.exchange.manifest import SignedManifest, bindings, check_next, check_root, fingerprint, parse
from alidade.exchange.peers import KeyBook
from alidade.exchange.reasons import Refused
from alidade.exchange.rows import KeptManifest, Peer
from alidade.exchange.verdict import Event, KeysChanged
from alidade.exchange.witness import place
from alidade.model.ids import AuthorityId


class Admission:
    """Decides which manifests of an authority are believed."""

    __slots__ = ("_desk",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def introduce(self, manifests: Sequence[bytes], confirmed: str) -> tuple[Event, ...]:
        """Take an authority's manifests, in order of number, on the word of a person who compared `confirmed`.

        Also the way back after a signing key was lost: then the first one need not be signed by the key before.
        Refused when fingerprint, signatures or order are wrong; "number_back" when nothing is new.
        """
        read = [parse(raw, self._desk.memory.suites) for raw in manifests]
        if not read:
            raise Refused("truncated", "manifests")
        first = read[0]
        if fingerprint(first.manifest.root) != confirmed:
            raise Refused("wrong_fingerprint")
        check_root(first, first.manifest.root)
        authority = AuthorityId(first.manifest.authority)
        known = self._desk.store.peer(authority)
        if known is not None and first.manifest.number <= known.number:
            raise Refused("number_back")
        for before, signed in pairwise(read):
            check_next(signed, before)
        self._check_names(authority if known else None, read)
        return self._keep(authority, read, known, self._desk.now())

    def follow(self, chain: Sequence[SignedManifest], book: KeyBook) -> tuple[SignedManifest, ...]:
        """Those of a peer's manifests that are new, each checked against the one before; Refused otherwise."""
        before, new = book.newest, list[SignedManifest]()
        earliest = min(each.number for each in self._desk.store.manifests(book.authority))
        for signed in chain:
            if signed.raw == before.raw or signed.manifest.number < earliest:  # from before we were introduced
                continue
            if signed.manifest.number < book.newest.manifest.number and self._is_kept(signed, book.authority):
                continue
            try:
                check_next(signed, before)
            except Refused as refused:
                raise Refused(refused.reason, evidence=(before.raw, signed.raw)) from None
            new.append(signed)
            before = signed
        self._check_names(book.authority, new)
        return tuple(new)

    def admit(self, new: Sequence[SignedManifest], authority: AuthorityId) -> tuple[Event, ...]:
        """Keep manifests that `follow` gave."""
        if not new:
            return ()
        known = self._known(authority)
        word = min(self._desk.now(), read_moment(new[-1].manifest.dated, "dated"))
        return self._keep(authority, new, known, max(known.last_word_at, word))

    def _is_kept(self, signed: SignedManifest, authority: AuthorityId) -> bool:
        return any(each.raw == signed.raw for each in self._desk.store.manifests(authority))

    def _check_names(self, known: AuthorityId | None, new: Sequence[SignedManifest]) -> None:
        """A key's name is never given to another key."""
        names = {} if known is None else dict(self._desk.book(known).names)
        for signed in new:
            for name, key in bindings(signed.manifest).items():
                if names.setdefault(name, key) != key:
                    raise Refused("key_rebound")

    def _keep(
        self, authority: AuthorityId, new: Sequence[SignedManifest], known: Peer | None, word: datetime
    ) -> tuple[Event, ...]:
        desk, now, newest = self._desk, self._desk.now(), new[-1].manifest
        for signed in new:
            desk.store.put_manifest(
                KeptManifest(authority=authority, number=signed.manifest.number, raw=signed.raw, seen_at=now)
            )
        paused = "" if known is None else known.paused
        desk.store.put_peer(
            Peer(authority=authority, root=newest.root, number=newest.number, last_word_at=word, paused=paused)
        )
        desk.forget(authority)
        return tuple(self._changed(signed, authority) for signed in new)

    def _changed(self, signed: SignedManifest, authority: AuthorityId) -> KeysChanged:
        manifest = signed.manifest
        quarantine: tuple[str, ...] = ()
        if manifest.distrust and authority != self._desk.own:
            size = min(entry.from_size for entry in manifest.distrust)
            last = self._desk.store.head_up_to(place(authority, manifest.ledger.origin), size)
            since = datetime.min.replace(tzinfo=UTC)
            if last is not None:
                # A seal may come late, or again while the log stands still: what counts is when it was made.
                since = min(last.seen_at, last.at - timedelta(hours=self._desk.limits.clock_skew_hours))
            quarantine = tuple(row.message_id for row in self._desk.store.received_since(authority, since))
        return KeysChanged(
            authority=authority,
            number=manifest.number,
            distrusted=tuple(entry.key_id for entry in manifest.distrust),
            quarantine=quarantine,
        )

    def confirm(self, authority: AuthorityId, number: int, digest: str, at: datetime, book: KeyBook) -> bool:
        """A peer says that its newest manifest still is this one; False when it has a newer one than we know.

        Refused "number_back" or "manifest_conflict" when it contradicts what it published before.
        """
        newest = book.newest
        if number > newest.manifest.number:
            return False
        if number < newest.manifest.number:
            raise Refused("number_back")
        if digest != newest.digest:
            raise Refused("manifest_conflict")
        peer = self._known(authority)
        word = min(self._desk.now(), at)
        if word > peer.last_word_at:
            self._desk.store.put_peer(replace(peer, last_word_at=word))
        return True

    def _known(self, authority: AuthorityId) -> Peer:
        peer = self._desk.store.peer(authority)
        if peer is None:
            raise AssertionError("its keys were read just now")
        return peer
