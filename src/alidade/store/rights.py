"""Rights in the store: handlings interned and verified, and the compiled set of each viewer class kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db import connections

from alidade.ledger.head import verify_signature
from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Invalid
from alidade.model.handling import Handling, decode_handling, handling_bytes
from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.ports import Signer
from alidade.model.viewer import Viewer
from alidade.policy.actions import Action
from alidade.policy.compiled import compile_set
from alidade.policy.release import RELEASE_VERSION, Release
from alidade.policy.terms import Terms
from alidade.policy.world import World
from alidade.store import models
from alidade.store.database import Transaction

# A layer is what an action permits, less what other layers of the same viewer already answer for: what may be read is
# not looked through a second time for hits without content, nor what may be told for silent matches.
Layer = Literal["read", "merge", "export", "suggest", "hit_only", "silent"]
_LAYERS: Final[Mapping[Layer, tuple[Action, tuple[Action, ...]]]] = {
    "read": ("read", ()),
    "merge": ("merge", ()),
    "export": ("export", ()),
    "suggest": ("merge", ()),
    "hit_only": ("hit_notify", ("read",)),
    "silent": ("match", ("hit_notify", "read")),
}

# What must be permitted besides: a machine proposes to join only what it may compare at all.
_BESIDES: Final[Mapping[Layer, tuple[Action, ...]]] = {"suggest": ("match",)}

# Asked twice for every check, so without the ORM: the class, if nothing has made it old.
_CURRENT_CLASS = """
select c.id from viewer_class c
where c.digest = %s and c.epoch = coalesce((select epoch from policy_epoch where id = 1), 0)
and (c.valid_until is null or c.valid_until > %s) and c.evaluated_to >= coalesce((select max(id) from handling), 0)
"""
_TAG = b"alidade handling v1\x00"
_RELEASE_TAG = b"alidade release v1\x00"


def epoch(tx: Transaction) -> int:
    """The version of the rights on this node; looked up once in a transaction, unless that changes it."""
    key = "policy epoch"
    if tx.rights_changed or key not in tx.memo:
        rows = tx.rows("select epoch from policy_epoch where id = 1", [])
        tx.memo[key] = int(rows[0][0]) if rows else 0
    return int(tx.memo[key])


def raise_epoch(tx: Transaction) -> None:
    """Void every compiled set, in the transaction that changes a right."""
    tx.rights_changed = True
    models.PolicyEpoch.objects.using(tx.alias).update_or_create(id=1, defaults={"epoch": epoch(tx) + 1})


def intern_handling(tx: Transaction, handling: Handling, signer: Signer, public_key: bytes) -> tuple[int, str]:
    """The number and digest of the handling, stored and signed by its owner on first use."""
    content = handling_bytes(handling)
    digest = sha256_hex(content)
    rows = models.Handling.objects.using(tx.alias)
    found = rows.filter(digest=digest).values_list("id", flat=True).first()
    if found is not None:
        return found, digest
    signature = signer.sign(_TAG + content)
    row = rows.create(
        digest=digest,
        owner=handling.owner,
        content=content,
        key_id=signer.key_id,
        signature=signature,
        verified=verify_signature(signature, _TAG + content, public_key),
    )
    return row.id, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Canonical bytes with the signature of their owner: a handling as it travels."""

    content: bytes
    key_id: str
    signature: bytes


def signed_handling(tx: Transaction, digest: str) -> Signed | None:
    """An interned handling as its owner signed it."""
    row = models.Handling.objects.using(tx.alias).filter(digest=digest).first()
    if row is None:
        return None
    return Signed(content=bytes(row.content), key_id=row.key_id, signature=bytes(row.signature))


def keep_handling(tx: Transaction, owner: str, signed: Signed, public_key: bytes) -> int:
    """Keep a handling that another node's authority has signed; its number. Raises Invalid where that does not hold."""
    handling = decode_handling(signed.content)
    digest = sha256_hex(signed.content)
    known = tx.memo.get(("handling", digest, owner, signed.key_id, signed.signature, public_key))
    if known is not None:
        return int(known)
    held = verify_signature(signed.signature, _TAG + signed.content, public_key)
    if not held or handling.owner != owner or handling_bytes(handling) != signed.content:
        raise Invalid("A handling is not signed by its owner.", code="handling_forged")
    row, _ = models.Handling.objects.using(tx.alias).get_or_create(
        digest=digest,
        defaults={
            "owner": handling.owner,
            "content": signed.content,
            "key_id": signed.key_id,
            "signature": signed.signature,
            "verified": True,
        },
    )
    tx.memo["handling", digest, owner, signed.key_id, signed.signature, public_key] = row.id
    return row.id


def signed_release(tx: Transaction, release: str) -> tuple[Release, Signed]:
    """A release with its bytes as its owner signed them."""
    row = models.Release.objects.using(tx.alias).select_related("handling").get(id=release)
    found = _release(row)
    signed = Signed(content=_release_bytes(row.id, found), key_id=row.key_id, signature=bytes(row.signature))
    return found, signed


def keep_release(tx: Transaction, release_id: str, release: Release, signed: Signed, public_key: bytes) -> None:
    """Keep a release that another node's authority has signed. Raises Invalid where that does not hold."""
    message = _release_bytes(release_id, release)
    handling = models.Handling.objects.using(tx.alias).filter(digest=release.handling).first()
    held = verify_signature(signed.signature, message, public_key)
    if handling is None or handling.owner != release.owner or not held:
        raise Invalid("A release is not signed by the owner of the handling.", code="release_forged")
    models.Release.objects.using(tx.alias).get_or_create(
        id=release_id,
        defaults={
            "handling": handling,
            "owner": release.owner,
            "grantee": release.grantee,
            "action": release.action,
            "purposes": list(release.purposes),
            "until": release.until,
            "given_at": tx.now,
            "key_id": signed.key_id,
            "signature": signed.signature,
            "verified": True,
        },
    )
    raise_epoch(tx)


def terms_of(row: models.Handling) -> Terms:
    """The handling of a row as the rules read it; bytes that cannot be decoded permit nothing."""
    return _terms(row.digest, bytes(row.content), row.verified)


def _terms(digest: str, content: bytes, verified: bool) -> Terms:
    try:
        handling = decode_handling(content)
    except Invalid:
        handling = None
    return Terms(id=HandlingId(digest), handling=handling, verified=verified and sha256_hex(content) == digest)


def handling_by_digest(tx: Transaction, digest: str) -> tuple[int, Terms] | None:
    """The number and terms of an interned handling."""
    row = models.Handling.objects.using(tx.alias).filter(digest=digest).first()
    return None if row is None else (row.id, terms_of(row))


def category_of(tx: Transaction, digests: Iterable[str]) -> str | None:
    """The one data-subject category that these handlings state; None where they state none or several."""
    found = [handling_by_digest(tx, digest) for digest in digests]
    handlings = [one[1].handling for one in found if one is not None]
    categories = {handling.subject_category for handling in handlings if handling is not None} - {None}
    return categories.pop() if len(categories) == 1 else None


def handling_by_number(tx: Transaction, number: int) -> Terms:
    """The terms of the handling with this number."""
    return terms_of(models.Handling.objects.using(tx.alias).get(id=number))


def add_release(tx: Transaction, release: Release, signer: Signer, public_key: bytes) -> str:
    """Keep an owner's release, signed; it widens from the next request on."""
    release_id = tx.new_id()
    message = _release_bytes(release_id, release)
    signature = signer.sign(message)
    models.Release.objects.using(tx.alias).create(
        id=release_id,
        handling=models.Handling.objects.using(tx.alias).get(digest=release.handling),
        owner=release.owner,
        grantee=release.grantee,
        action=release.action,
        purposes=list(release.purposes),
        until=release.until,
        given_at=tx.now,
        key_id=signer.key_id,
        signature=signature,
        verified=verify_signature(signature, message, public_key),
    )
    raise_epoch(tx)
    return release_id


def _release_bytes(release_id: str, release: Release) -> bytes:
    return _RELEASE_TAG + canonical_bytes(
        {
            "version": RELEASE_VERSION,
            "id": release_id,
            "handling": release.handling,
            "owner": release.owner,
            "grantee": release.grantee,
            "action": release.action,
            "purposes": sorted(release.purposes),
            "until": release.until,
        }
    )


def releases_for(tx: Transaction, grantee: AuthorityId) -> list[Release]:
    """The releases given to an authority that are not withdrawn."""
    rows = models.Release.objects.using(tx.alias).filter(grantee=grantee, revoked=False).select_related("handling")
    return [_release(row) for row in rows]


def _release(row: models.Release) -> Release:
    return Release(
        handling=HandlingId(row.handling.digest),
        owner=AuthorityId(row.owner),
        grantee=AuthorityId(row.grantee),
        action=row.action,  # type: ignore[arg-type]  # an unknown action matches no rule
        purposes=tuple(row.purposes),
        until=row.until,
        verified=row.verified,
    )


def viewer_class(tx: Transaction, viewer: Viewer, layer: Layer, world: World) -> int:
    """The number of the viewer's class for a layer, its set of handlings brought up to date first.

    The set is built anew when a right has changed or one of its dates has passed; handlings added since are
    judged alone.
    """
    digest = _class_digest(viewer, layer)
    current = tx.rows(_CURRENT_CLASS, [digest, connections[tx.alias].ops.adapt_datetimefield_value(tx.now)])
    if current:
        return int(current[0][0])
    now_epoch = epoch(tx)
    rows = models.ViewerClass.objects.using(tx.alias)
    row = rows.filter(digest=digest).first()
    if row is None:
        row = rows.create(digest=digest, epoch=now_epoch)
    elif row.epoch != now_epoch or (row.valid_until is not None and tx.now >= row.valid_until):
        models.Visible.objects.using(tx.alias).filter(viewer_class_id=row.id).delete()
        row.epoch, row.evaluated_to, row.valid_until = now_epoch, 0, None
        row.save(using=tx.alias)
    newest = models.Handling.objects.using(tx.alias).order_by("-id").values_list("id", flat=True).first() or 0
    if row.evaluated_to < newest:
        owners: dict[int, str] = {}
        terms = list(_handlings_after(tx, row.evaluated_to, owners))
        releases = releases_for(tx, viewer.authority)
        action, less = _LAYERS[layer]
        compiled = compile_set(action, viewer, terms, tx.now, world, releases)
        others = [compile_set(other, viewer, terms, tx.now, world, releases) for other in less]
        besides = [compile_set(each, viewer, terms, tx.now, world, releases) for each in _BESIDES.get(layer, ())]
        visible = compiled.ids.difference(*(other.ids for other in others))
        visible = visible.intersection(*(each.ids for each in besides))
        models.Visible.objects.using(tx.alias).bulk_create(
            [
                models.Visible(viewer_class_id=row.id, handling_id=number, owner=owners[number])
                for number in sorted(visible)
            ],
            batch_size=300,
        )
        moments = (row.valid_until, compiled.valid_until, *(other.valid_until for other in (*others, *besides)))
        ends = [moment for moment in moments if moment is not None]
        row.valid_until = min(ends, default=None)
        row.evaluated_to = newest
        row.save(using=tx.alias)
    return row.id


def _handlings_after(tx: Transaction, number: int, owners: dict[int, str]) -> Iterator[tuple[int, Terms]]:
    rows = models.Handling.objects.using(tx.alias).filter(id__gt=number).order_by("id")
    for found, digest, owner, content, verified in rows.values_list(
        "id", "digest", "owner", "content", "verified"
    ).iterator(chunk_size=2000):
        owners[found] = owner
        yield found, _terms(digest, bytes(content), verified)


def _class_digest(viewer: Viewer, layer: Layer) -> str:
    party = viewer.party
    return sha256_hex(
        canonical_bytes(
            {
                "layer": layer,
                "authority": party.id,
                "function": party.function,
                "state": party.state,
                "areas": sorted(party.areas),
                "clearance": viewer.clearance,
                "purpose": viewer.purpose,
                "communities": sorted(viewer.communities),
                "cases": sorted(viewer.cases),
            }
        )
    )
