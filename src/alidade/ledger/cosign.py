"""Watch another authority's log: sign its seal only while the log grows and never changes its past.

One authority alone can rewrite its own log. It cannot once another one has countersigned a seal and asks
for proof at every next one. The rule is that of the C2SP tlog-witness specification: keep the last seal
per log, take a newer one only with a consistency proof (RFC 6962 section 2.1.2), never go back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from alidade.ledger.head import (
    Head,
    HeadError,
    Signer,
    bytes_under,
    framed,
    is_vouched,
    microseconds,
    require_signable,
    verify_signature,
)
from alidade.model.merkle import EMPTY_ROOT, verify_consistency

_TAG: Final = b"alidade/cosignature/v1"
_NO_OFFSET: Final = timedelta(0)

Ruling: TypeAlias = Literal["accepted", "stale", "rollback", "fork", "unproven", "unsigned", "foreign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a witness says to a seal, and what it remembers from now on.

    `accepted`: the log only grew, or stands still. `stale`: an older seal than the one remembered, as late
    mail brings. `unproven`: the consistency proof is missing or wrong. `unsigned`: unknown key or wrong
    signature. `foreign`: the seal of another log. `fork` and `rollback` are alarms: `evidence` then holds
    two signed seals that cannot both be honest (two roots for one size; or more lines at an earlier time
    than at a later one), which anybody can check.
    """

    ruling: Ruling
    witness: Witness
    evidence: tuple[Head, Head] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What one authority remembers of another one's log: the last seal that it accepted."""

    origin: str
    last: Head | None = None

    def consider(self, head: Head, proof: Sequence[bytes], public_keys: Mapping[str, bytes]) -> Verdict:
        """Rule on a new seal.

        `proof` leads from the size remembered (0 before the first seal, then empty) to that of `head`;
        `public_keys`: key_id to 32 bytes, of the watched log. Never raises; the new state is
        `Verdict.witness`, this object stays as it is.
        """
        if head.origin != self.origin:
            return Verdict(ruling="foreign", witness=self)
        if not is_vouched(head, public_keys):
            return Verdict(ruling="unsigned", witness=self)
        last = self.last
        if last is not None:
            if head.size == last.size and head.root != last.root:
                return Verdict(ruling="fork", witness=self, evidence=(last, head))
            if _contradict(last, head):
                return Verdict(ruling="rollback", witness=self, evidence=(last, head))
            if head.size < last.size or head.at < last.at:
                return Verdict(ruling="stale", witness=self)
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        if not verify_consistency(size, root, head.size, head.root, proof):
            return Verdict(ruling="unproven", witness=self)
        return Verdict(ruling="accepted", witness=replace(self, last=head))


def _contradict(one: Head, other: Head) -> bool:
    """More lines at an earlier time: a log that only grows cannot have signed both."""
    return (one.size - other.size) * _sign(one.at, other.at) < 0


def _sign(one: datetime, other: datetime) -> int:
    return (one > other) - (one < other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """The countersignature of a witness under another authority's seal: who, when (UTC), signature, key.

    HeadError on an empty name or key name and on a time that is not in UTC. The signature is not checked
    here: see `verify_cosignature`.
    """

    witness: str
    at: datetime
    signature: bytes
    key_id: str

    def __post_init__(self) -> None:
        if not (self.witness and self.key_id):
            raise HeadError("witness and key_id must be given")
        if self.at.utcoffset() != _NO_OFFSET:
            raise HeadError("at must be in UTC")
        require_signable(self.witness, self.key_id)


def cosign(head: Head, *, witness: str, at: datetime, signer: Signer) -> Cosignature:
    """Countersign a seal that `Witness.consider` accepted, with one's own name and time.

    HeadError on a field out of range; errors of the signer pass through.
    """
    unsigned = Cosignature(witness=witness, at=at, signature=b"", key_id=signer.key_id)
    return replace(unsigned, signature=signer.sign(_message(unsigned, head)))


def verify_cosignature(cosignature: Cosignature, head: Head, public_key: bytes) -> bool:
    """Say whether the holder of this key (32 bytes) countersigned exactly this seal."""
    return verify_signature(cosignature.signature, _message(cosignature, head), public_key)


def _message(cosignature: Cosignature, head: Head) -> bytes:
    return framed(
        _TAG,
        cosignature.witness.encode(),
        microseconds(cosignature.at),
        cosignature.key_id.encode(),
        bytes_under(head),
    )
