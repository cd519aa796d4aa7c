"""Why something that came from a peer is not taken: one closed list, so that the log can count them."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from alidade.model.errors import Invalid

Reason: TypeAlias = Literal[
    # form of the bytes
    "truncated", "trailing", "bad_length", "oversize", "not_ours", "unknown_version", "unknown_suite", "not_canonical",
    "bad_field", "bad_padding",
    # who and with which key
    "unknown_peer", "wrong_recipient", "own_message", "unknown_key", "stale_key", "distrusted_key", "bad_signature",
    "key_gone", "not_for_us", "wrong_suite_of_key",
    # envelope and content do not belong together
    "wrong_authority", "wrong_body", "wrong_kind_place",
    # order and amount
    "sequence_taken", "late", "window", "quota", "held_full",
    # what is inside
    "unknown_kind", "owner_unknown", "owner_forged", "owner_distrusted", "not_owner", "bad_order", "bad_chunk",
    # receipts, seals and manifests
    "receipt_forged", "receipt_wrong_digest", "cosignature_forged", "head_foreign", "head_unsigned",
    "head_unproven", "number_back", "number_gap", "manifest_conflict", "wrong_root", "root_unsigned",
    "previous_unsigned", "key_rebound", "wrong_fingerprint", "expired",
]  # fmt: skip

REASONS: Final = frozenset(get_args(Reason))


class Refused(Invalid):
    """What came from a peer is not taken; `reason` says why, and nothing of its content is quoted.

    The only exception that parsers of this package raise, whatever the bytes.
    """

    code = "exchange_refused"

    def __init__(self, reason: Reason, where: str = "", *, evidence: tuple[bytes, ...] = ()) -> None:
        super().__init__(f"Not taken: {reason.replace('_', ' ')}{' (' + where + ')' if where else ''}.")
        self.reason: Reason = reason
        self.where = where
        self.evidence = evidence
