"""The caps, delays and quotas of the exchange: dated figures in a file, so that changing one needs no code."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from typing import Literal

import msgspec


class ProtocolLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that every implementation must share; another figure is another protocol. Bytes and counts."""

    header_bytes: int
    body_bytes: int
    slip_bytes: int
    manifest_bytes: int
    buckets: tuple[int, ...]
    chunk_bytes: int
    attachment_bytes: int
    items_per_content: int
    receipts_per_content: int
    proofs_per_head: int
    erasure_targets: int


class OperationLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that each node sets for itself; the unit stands in the name."""

    stale_after_days: int
    no_change_every_hours: int
    head_every_minutes: int
    head_silent_after_days: int
    promise_due_days: int
    overlap_days: int
    sealing_key_days: int
    manifest_valid_days: int
    retransmission_days: int
    control_expiry_days: int
    back_off_first_seconds: int
    back_off_most_seconds: int
    window: int
    held_per_peer: int
    batch: int
    batch_bytes: int
    gap_after_seconds: int
    gap_span: int
    quota_per_minute: int
    quota_burst: int
    erasure_answer_days: int
    clock_skew_hours: int

    @property
    def overlap(self) -> timedelta:
        """How long a superseded signing key may still sign envelopes, from when we saw its successor."""
        return timedelta(days=self.overlap_days)

    @property
    def stale_after(self) -> timedelta:
        """How old the last word about a peer's keys may be before sending stops."""
        return timedelta(days=self.stale_after_days)


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All limits, with their date and source."""

    format: Literal["alidade-exchange-limits/1"]
    dated: str
    source: str
    protocol: ProtocolLimits
    operation: OperationLimits


def load_limits() -> Limits:
    """Read the limits that come with the software; msgspec.ValidationError when the file is not what it should be."""
    text = files("alidade.exchange").joinpath("data/limits.json").read_bytes()
    return msgspec.json.decode(text, type=Limits)


#: The shared figures, read once: parsers of envelopes and manifests have no other.
PROTOCOL = load_limits().protocol
