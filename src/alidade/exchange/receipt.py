"""The receipt: the recipient's signed word that a message is safe in its store."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from alidade.exchange.content import Receipt
from alidade.exchange.layout import moment_text, read_canonical, read_moment
from alidade.exchange.rows import InboxRow
from alidade.ledger.head import framed, verify_signature
from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId
from alidade.model.ports import Signer

_TAG: Final = b"alidade/receipt/v1"
_DECODER: Final = msgspec.json.Decoder(Receipt)


def sign_receipt(row: InboxRow, *, own: AuthorityId, at: datetime, origin: str, signer: Signer) -> Receipt:
    """The receipt for a message that is committed; `origin`: name of the log of which it promises a line."""
    unsigned = Receipt(
        sender=row.sender,
        recipient=own,
        message_id=row.message_id,
        digest=row.digest,
        disposition="parked" if row.state == "parked" else "accepted",
        reason=row.reason[:40],
        at=moment_text(at),
        origin=origin if row.entry_index >= 0 else "",
        entry_index=row.entry_index,
        entry_leaf=row.entry_leaf.hex(),
        key_id=signer.key_id,
        signature=bytes(64),
    )
    return msgspec.structs.replace(unsigned, signature=signer.sign(_signed(unsigned)))


def verify_receipt(receipt: Receipt, public_key: bytes) -> bool:
    """Whether the holder of this key (32 bytes) signed exactly this receipt."""
    return verify_signature(receipt.signature, _signed(receipt), public_key)


def read_receipt(text: bytes) -> Receipt:
    """Read a receipt as kept; Refused when it is none."""
    receipt = read_canonical(_DECODER, text, "receipt")
    read_moment(receipt.at, "receipt")
    return receipt


def _signed(receipt: Receipt) -> bytes:
    """Tag, then the canonical JSON of the receipt with its signature set to 64 zero bytes."""
    return framed(_TAG, canonical_bytes(msgspec.structs.replace(receipt, signature=bytes(64))))
