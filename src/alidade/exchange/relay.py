"""What a relay sees: who sends how much to whom. It holds no key and can read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alidade.exchange.envelope import parse
from alidade.exchange.suites import SUITES, Suite
from alidade.model.ids import AuthorityId


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayView:
    """Everything that can be known of an envelope on its way. `size`: bytes of the whole; `bucket`: of its body."""

    version: int
    suite: int
    sender: AuthorityId
    recipient: AuthorityId
    message_id: str
    signing_key: str
    sealing_key: str
    bucket: int
    size: int
    digest: str


def view(raw: bytes, suites: Mapping[int, Suite] = SUITES) -> RelayView:
    """Look at an envelope as a relay does; Refused when it is none. No signature is checked."""
    envelope = parse(raw, suites)
    header = envelope.header
    return RelayView(
        version=header.version,
        suite=header.suite,
        sender=AuthorityId(header.sender),
        recipient=AuthorityId(header.recipient),
        message_id=header.message_id,
        signing_key=header.signing_key,
        sealing_key=header.sealing_key,
        bucket=header.bucket,
        size=len(raw),
        digest=envelope.digest,
    )
